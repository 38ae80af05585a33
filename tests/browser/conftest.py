"""A real Chromium, Debian's, over the page as it is handed out: a file, opened from a disk."""

import shutil
from datetime import date

import pytest
from playwright.sync_api import sync_playwright

from iscg_rules import Engine
from iscg_rules.page.assembly import load_page
from iscg_rules.reading.territories import Transparency

FIRST_DAY = date(2026, 11, 1)
FRIDAY_NIGHT = "2026-11-27T22:30"
# Of five things, one that nobody has said yet.
TOLD = Transparency(
    administration="Association Exemple",
    contact="le secrétariat <accueil@exemple.example>",
    rules="https://exemple.example/regles",
    officer="dpd@exemple.example",
)
# Nothing of its own may ask for anything either: what is counted is what the page does.
QUIET = (
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
)


@pytest.fixture(scope="session")
def engine():
    return Engine.load()


@pytest.fixture(scope="session")
def page_file(engine, tmp_path_factory):
    file = tmp_path_factory.mktemp("stick") / "orientation.html"
    file.write_text(load_page(engine, FIRST_DAY, TOLD), encoding="utf-8")
    return file


@pytest.fixture(scope="session")
def chromium():
    with sync_playwright() as playwright:
        found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))))
        browser = playwright.chromium.launch(executable_path=found, args=[*QUIET])
        yield browser
        browser.close()


class Session:
    """One worker before one page, and all that the page asks of the world."""

    def __init__(self, page, address):
        self.page, self.address = page, address
        self.requests: list[str] = []
        self.errors: list[str] = []
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", lambda message: self.errors.append(message.text))

    def open(self, at=FRIDAY_NIGHT):
        self.page.clock.install(time=f"{at}:00+01:00")
        self.page.goto(self.address)
        return self

    def chip(self, row, text):
        group = self.page.get_by_role("group", name=row, exact=True)
        return group.get_by_role("button", name=text, exact=True)

    def tap(self, *taps):
        for row, text in taps:
            self.chip(row, text).click()

    def texts(self, selector):
        return self.page.locator(selector).all_inner_texts()

    def html(self):
        """What stands in the document, without where the keyboard is."""
        return self.page.evaluate("document.documentElement.outerHTML")


@pytest.fixture
def new_session(chromium, page_file):
    contexts = []

    def session(*, width=1366, height=768, **options):
        options = {"locale": "fr-FR", "timezone_id": "Europe/Paris", **options}
        address = options.pop("address", page_file.as_uri())
        context = chromium.new_context(viewport={"width": width, "height": height}, **options)
        contexts.append(context)
        return Session(context.new_page(), address)

    yield session
    for context in contexts:
        context.close()


@pytest.fixture
def session(new_session):
    return new_session().open()
