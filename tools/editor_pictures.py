"""Pictures of VS Code over the real rules and the real server: `make editor-pictures`, then look.

Debian has no editor that shows code lenses, so code-server is VS Code in a browser. What is typed
is typed into a copy of the rules, committed, so that the server knows what changed.
"""

import json
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "docs" / "pictures"
FILE = "housing.yaml"
SIZE, TALL = {"width": 860, "height": 420}, {"width": 860, "height": 560}
SETTINGS = {
    "iscg-rules.server": str(ROOT / ".venv" / "bin" / "iscg-rules"),
    "iscg-rules.territory": "pays-de-saint-malo",
    "chat.disableAIFeatures": True,
    "editor.cursorBlinking": "solid",
    "editor.minimap.enabled": False,
    "security.workspace.trust.enabled": False,
    "window.menuBarVisibility": "hidden",
    "workbench.activityBar.location": "hidden",
    "workbench.colorTheme": "Default Light Modern",
    "workbench.secondarySideBar.defaultVisibility": "hidden",
    "workbench.startupEditor": "none",
}
# The first answer comes when all is read, a lens when something is proven.
PATIENCE = 60_000


def main(node: str, entry: str) -> None:
    """Take every picture that docs/editors.md shows.

    Args:
        node, entry: the program that runs code-server, and its first file.
    """
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))))
    with (
        TemporaryDirectory() as scratch,
        served([node, entry], Path(scratch)) as address,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        page = browser.new_page(viewport=SIZE, locale="fr-FR")
        page.goto(address)
        # Keys that are pressed before the files are there are nobody's.
        page.get_by_role("treeitem", name="partners.yaml").wait_for(timeout=PATIENCE)
        page.wait_for_timeout(2_000)
        page.keyboard.press("Control+p")
        page.keyboard.type(f"rules/{FILE}")
        page.locator(".quick-input-list .monaco-list-row").first.wait_for(timeout=PATIENCE)
        page.keyboard.press("Enter")
        page.keyboard.press("Control+b")
        page.get_by_text("cas | ").first.wait_for(timeout=PATIENCE)
        show_lens(page)
        show_hover(page)
        show_completion(page)
        show_problem(page)
        browser.close()


@contextmanager
def served(command: list[str], scratch: Path) -> Iterator[str]:
    """Lay a project and serve VS Code over it; gives the address."""
    project, user, extensions = scratch / "regles", scratch / "user", scratch / "extensions"
    for name in ("rules", "territories"):
        shutil.copytree(ROOT / name, project / name)
    shutil.copy(ROOT / "partners.yaml", project)
    git = ["git", "-C", str(project), "-c", "user.name=_", "-c", "user.email=_"]
    for words in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "_"]):
        subprocess.run([*git, *words], check=True)
    (user / "User").mkdir(parents=True)
    (user / "User" / "settings.json").write_text(json.dumps(SETTINGS), "utf-8")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        place = f"127.0.0.1:{free.getsockname()[1]}"
    folders = [f"--user-data-dir={user}", f"--extensions-dir={extensions}", f"--config={user}/c"]
    vsix = ROOT / "dist" / "iscg-rules.vsix"
    subprocess.run([*command, *folders, f"--install-extension={vsix}"], check=True)
    quiet = ["--auth=none", "--disable-telemetry", "--disable-update-check"]
    with subprocess.Popen([*command, *folders, *quiet, f"--bind-addr={place}"]) as server:
        try:
            wait_for(place)
            yield f"http://{place}/?folder={project}"
        finally:
            server.terminate()


def wait_for(place: str) -> None:
    """Wait until somebody listens."""
    host, port = place.split(":")
    for _ in range(100):
        try:
            socket.create_connection((host, int(port)), timeout=1).close()
        except OSError:
            subprocess.run(["sleep", "0.3"], check=True)
        else:
            return
    raise TimeoutError(place)


def go(page: Page, line: int, column: int) -> None:
    """Put the cursor there."""
    page.keyboard.press("Control+g")
    page.locator(".quick-input-widget input").fill(f":{line}:{column}")
    page.keyboard.press("Enter")


def write(page: Page, line: int, old: str, new: str) -> None:
    """Replace what stands in a line, once, by typing."""
    text = (ROOT / "rules" / FILE).read_text("utf-8").splitlines()[line - 1]
    go(page, line, text.index(old) + 1)
    for _ in old:
        page.keyboard.press("Shift+ArrowRight")
    page.keyboard.type(new)
    # What is proposed comes a moment later.
    page.wait_for_timeout(2_000)
    page.keyboard.press("Escape")


def show_lens(page: Page) -> None:
    """A rule is changed: its cases, and how many situations that touches."""
    write(page, 9, "week", "today")
    page.get_by_text("ce changement touche").first.wait_for(timeout=PATIENCE)
    taken(page, "editor-lens")
    page.keyboard.press("Control+z")


def show_hover(page: Page) -> None:
    """A rule is pointed at: its sentence."""
    go(page, 4, 12)
    page.keyboard.press("Control+k")
    page.keyboard.press("Control+i")
    page.locator(".monaco-hover-content").first.wait_for(timeout=PATIENCE)
    page.set_viewport_size(TALL)
    taken(page, "editor-hover")
    page.set_viewport_size(SIZE)
    page.keyboard.press("Escape")


def show_completion(page: Page) -> None:
    """A French word is typed: the identifier is proposed."""
    go(page, 6, 99)
    page.keyboard.press("Enter")
    page.keyboard.type("foy", delay=200)
    page.locator(".suggest-widget .monaco-list-row").first.wait_for(timeout=PATIENCE)
    page.wait_for_timeout(1000)
    taken(page, "editor-completion")
    page.keyboard.press("Escape")
    for _ in range(3):
        page.keyboard.press("Control+z")


def show_problem(page: Page) -> None:
    """A French word stands where an identifier should: the problem, and what mends it."""
    write(page, 6, "rent_arrears", "loyers impayés")
    page.locator(".squiggly-error").first.wait_for(timeout=PATIENCE)
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Control+k")
    page.keyboard.press("Control+i")
    page.locator(".monaco-hover-content").first.wait_for(timeout=PATIENCE)
    taken(page, "editor-problem")


def taken(page: Page, name: str) -> None:
    """Take one picture and say so."""
    page.wait_for_timeout(1500)
    page.screenshot(path=FOLDER / f"{name}.png")
    sys.stdout.write(f"docs/pictures/{name}.png\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
