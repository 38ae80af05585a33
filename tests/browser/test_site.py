"""The documentation as `make docs` leaves it, in a real Chromium: from a disk, no network."""

from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

SITE = Path(__file__).parents[2] / "dist/docs"
# From zero to a first rule, and from zero to a first application: what is clicked, in order.
WAYS = {
    "author": ("Vous écrivez les règles", "Le tutoriel", "iscg-rules check"),
    "developer": ("You build an application", "The tutorial", "engine.recommend("),
}
# What a browser fetches by itself; a link to follow is `a`.
FETCHED = {"link": "href", "script": "src", "img": "src", "source": "src", "iframe": "src"}


class Ends(HTMLParser):
    """Where a page of the site leads, what it fetches, and where one may arrive in it."""

    def __init__(self, text):
        super().__init__()
        self.ids, self.links, self.fetched = set(), set(), set()
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.ids |= {given[name] for name in ("id", "name") if given.get(name)}
        if tag == "a" and given.get("href"):
            self.links.add(given["href"])
        if address := given.get(FETCHED.get(tag, "")):
            self.fetched.add(address)


def test_every_link_leads_somewhere_and_nothing_is_fetched_from_elsewhere():
    pages = {file: Ends(file.read_text("utf-8")) for file in SITE.rglob("*.html")}
    assert len(pages) > 60
    lost = set()
    for file, page in pages.items():
        for address in page.links | page.fetched:
            parts = urlsplit(address)
            if parts.scheme or parts.netloc:
                lost |= {(file.name, address)} & {(file.name, one) for one in page.fetched}
                continue
            end = (file.parent / unquote(parts.path)).resolve() if parts.path else file
            found = end.is_file() and (
                not parts.fragment or end not in pages or unquote(parts.fragment) in pages[end].ids
            )
            lost |= set() if found else {(file.name, address)}
    assert {one for one in lost if not one[1].startswith("data:")} == set()


@pytest.fixture(params=[1366, 390])
def site(request, new_session):
    session = new_session(width=request.param, address=(SITE / "index.html").as_uri())
    session.page.goto(session.address)
    return session


def is_wider_than_the_screen(page):
    return page.evaluate("document.documentElement.scrollWidth > innerWidth")


@pytest.mark.parametrize("reader", WAYS)
def test_two_clicks_lead_to_a_first_result_and_nothing_is_asked_of_a_network(site, reader):
    *clicks, found = WAYS[reader]
    for text in clicks:
        site.page.get_by_role("main").get_by_role("link", name=text, exact=True).first.click()
    assert found in site.page.locator("article").inner_text()
    assert not is_wider_than_the_screen(site.page)
    assert {urlsplit(address).scheme for address in site.requests} <= {"file", "data"}
    assert site.errors == []


@pytest.mark.parametrize("territory", ["Pays de Saint-Malo", "Rennes", "Brest"])
def test_the_entrance_for_authors_leads_to_the_rulebook_of_each_territory(site, territory):
    site.page.goto((SITE / "authors.html").as_uri())
    site.page.get_by_role("main").get_by_role("link", name=territory, exact=True).click()
    assert territory in site.page.title()
    site.page.get_by_role("searchbox").fill("MISE A L’ABRI")
    found = site.page.locator("main li a:visible")
    found.first.wait_for()
    found.first.click()
    assert site.page.locator(":target").is_visible()
    assert not is_wider_than_the_screen(site.page)
    assert {urlsplit(address).scheme for address in site.requests} <= {"file", "data"}
    assert site.errors == []


def test_a_word_is_found_without_a_network(site):
    site.page.goto((SITE / "search.html").as_uri() + "?q=closures")
    site.page.locator("ul.search li").first.wait_for()
    assert {urlsplit(address).scheme for address in site.requests} <= {"file", "data"}
