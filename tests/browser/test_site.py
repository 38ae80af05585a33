"""The documentation as `make docs` leaves it, in a real Chromium: from a disk, no network."""

from pathlib import Path
from urllib.parse import urlsplit

import pytest

SITE = Path(__file__).parents[2] / "dist/docs"
# From zero to a first rule, and from zero to a first application: what is clicked, in order.
WAYS = {
    "author": ("Vous écrivez les règles", "Le tutoriel", "iscg-rules check"),
    "developer": ("You build an application", "The tutorial", "engine.recommend("),
}


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


def test_a_word_is_found_without_a_network(site):
    site.page.goto((SITE / "search.html").as_uri() + "?q=closures")
    site.page.locator("ul.search li").first.wait_for()
    assert {urlsplit(address).scheme for address in site.requests} <= {"file", "data"}
