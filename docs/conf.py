# ruff: noqa: INP001 # Sphinx reads this file, nobody imports it
"""The documentation as a site: `make docs` builds `dist/docs`, which opens without a network."""

import posixpath
import re
import tomllib
from pathlib import Path

from sphinx.application import Sphinx

ROOT = Path(__file__).parents[1]
META = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
# Pages of the site whose text stands at the root of the checkout.
ROOT_PAGES = {
    "architecture": "ARCHITECTURE.md",
    "changelog": "CHANGELOG.md",
    "contributing": "CONTRIBUTING.md",
    "rules-changelog": "rules/CHANGELOG.md",
    "security": "SECURITY.md",
}
# The rulebook of a territory, which `make docs` writes beside the pages.
BOOK = re.compile(r"territories/([\w-]+)")
PAGES = {place: f"{name}.md" for name, place in ROOT_PAGES.items()}
LINK = re.compile(r"(?<=\]\()(?![a-z]+:|#)([^)#]+)")
ANCHOR = re.compile(r'^<a id="([^"]+)"></a>$', re.MULTILINE)

project = META["name"]
author = META["authors"][0]["name"]
copyright = "code : Apache 2.0 ; règles : Licence Ouverte 2.0"  # noqa: A001 # its name in Sphinx
version = release = META["version"]
language = "fr"
extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
exclude_patterns = ["**/README.md"]
myst_heading_anchors = 4
# `site:` is what no page of the documentation is, and lies in its folder all the same.
myst_url_schemes = {"http": None, "https": None, "mailto": None, "site": "{{path}}"}
autodoc_member_order = "bysource"
autodoc_typehints = "signature"
html_theme = "furo"
html_title = "iscg-rules"
html_show_sphinx = html_show_sourcelink = html_copy_source = False


def read_page(_: Sphinx, name: str, source: list[str]) -> None:
    """Give a page its text, with links and anchors as the site needs them.

    `[x](rules/CHANGELOG.md)` of the root becomes `[x](rules-changelog.md)`; a link to what is no
    page, like a file of tests, becomes one to the repository; one to a territory, to its rulebook.
    """
    place = ROOT_PAGES.get(name, f"docs/{name}.md")
    if name in ROOT_PAGES:
        source[0] = (ROOT / place).read_text("utf-8")
    folder = posixpath.dirname(place)

    def lead(match: re.Match[str]) -> str:
        target = posixpath.normpath(posixpath.join(folder, match[1]))
        if target.startswith("docs/"):
            return posixpath.relpath(target, posixpath.dirname(f"docs/{name}"))
        if book := BOOK.fullmatch(target):
            return f"site:{'../' * name.count('/')}livre/{book[1]}/index.html"
        return PAGES.get(target, f"{META['urls']['Repository']}/blob/main/{target}")

    source[0] = ANCHOR.sub(r"(\1)=", LINK.sub(lead, source[0]))


def setup(app: Sphinx) -> None:
    """Sphinx calls it."""
    app.connect("source-read", read_page)
