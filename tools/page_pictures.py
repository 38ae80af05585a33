"""Pictures of the page, in a real browser: `make pictures`, then look at them.

The day and the hour are always the same: where the page is, so are its pictures.
"""

import re
import shutil
import sys
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, Page, sync_playwright

from iscg_rules import Engine
from iscg_rules.page.assembly import load_page
from iscg_rules.reading.territories import Transparency

FOLDER = Path(__file__).parents[1] / "docs" / "pictures"
FIRST_DAY, FRIDAY_NIGHT = date(2026, 11, 1), "2026-11-27T22:30:00+01:00"
# Wide, as a phone, and as a window of 1280 at 400 %.
SIZES = {1366: 768, 390: 844, 320: 640}
A6 = {"width": 397, "height": 559}


def main() -> None:
    """Take every picture that docs/page.md shows."""
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))))
    with TemporaryDirectory() as stick, sync_playwright() as playwright:
        file = Path(stick) / "orientation.html"
        file.write_text(load_page(Engine.load(), FIRST_DAY, Transparency()), encoding="utf-8")
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        for width, height in SIZES.items():
            page = opened(browser, file, {"width": width, "height": height})
            taken(page, f"page-{width}")
            page.locator("#read").click()
            page.get_by_role("button", name="Suivant").click()
            taken(page, f"page-read-{width}")
        taken(opened(browser, file, {"width": 640, "height": 640}, "active"), "page-forced-colors")
        page = opened(browser, file, A6)
        page.locator("#sheet").click()
        page.get_by_label("A6", exact=True).check()
        page.emulate_media(media="print")
        taken(page, "page-sheet-a6")
        browser.close()


def opened(browser: Browser, file: Path, size: dict[str, int], colours: str = "none") -> Page:
    """Return the page with the nine answers of docs/page.md."""
    page = browser.new_page(
        viewport=size, locale="fr-FR", timezone_id="Europe/Paris", forced_colors=colours
    )
    page.clock.set_fixed_time(FRIDAY_NIGHT)
    page.goto(file.as_uri())
    text = (Path(__file__).parents[1] / "docs" / "page.md").read_text(encoding="utf-8")
    # The taps as they are written down: « **Logement** : doit partir ce soir ».
    for row, chip in re.findall(r"^\d\. \*\*(.+)\*\*\u00a0: (.+)$", text, re.MULTILINE):
        group = page.get_by_role("group", name=row, exact=True)
        group.get_by_role("button", name=chip, exact=True).click()
    page.mouse.move(0, 0)
    page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")
    return page


def taken(page: Page, name: str) -> None:
    """Take one picture and say so."""
    # What just came into sight is painted a frame later.
    page.evaluate("() => new Promise((done) => setTimeout(() => requestAnimationFrame(done), 200))")
    page.screenshot(path=FOLDER / f"{name}.png")
    sys.stdout.write(f"docs/pictures/{name}.png\n")


if __name__ == "__main__":
    main()
