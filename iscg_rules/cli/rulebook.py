"""`iscg-rules rulebook`: the rules in French, as Markdown, as a grid, or as a site."""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from iscg_rules.cli.file_arguments import add_files
from iscg_rules.cli.output_files import refuse_other, refuse_other_folder, write_text
from iscg_rules.engine import Engine
from iscg_rules.errors import Noted
from iscg_rules.model.files import find_files, known_territories
from iscg_rules.rendering.grid import render_grid
from iscg_rules.rendering.rulebook import render_rulebook
from iscg_rules.rendering.rulebook_site import GENERATOR, load_entrance, load_site

__all__ = ["add_arguments", "rulebook"]

_OURS = f'<meta name="generator" content="{GENERATOR}">'.encode()


def add_arguments(command: argparse.ArgumentParser) -> None:
    """Add the arguments of `rulebook`."""
    command.set_defaults(run=rulebook)
    command.add_argument("--grid", action="store_true", help="la grille : sujets et types d'aide")
    text = "écrit un site qui s'ouvre sans réseau ; sans --territory, chaque territoire a le sien"
    command.add_argument("--site", metavar="DOSSIER", help=text)
    add_files(command)


def rulebook(chosen: argparse.Namespace) -> bool:
    """Print every rule in French, or the grid of themes and kinds of help; or write the site.

    Raises:
        IscgError: B018 where a file or a link that is not ours stands in the place of a page.
    """
    if chosen.site is not None:
        return _write_site(chosen)
    engine = Engine.load(chosen.rules, chosen.partners, territory=chosen.territory)
    sys.stdout.write(render_grid(engine.rule_set) if chosen.grid else render_rulebook(engine))
    return False


def _write_site(chosen: argparse.Namespace) -> bool:
    folder = Path(chosen.site)
    titles: dict[str, str] = {}
    files: dict[Path, str] = {}
    for name, title in _posts(chosen):
        place = Path(name).name
        engine = Engine.load(chosen.rules, chosen.partners, territory=name)
        for page, text in load_site(engine, title).items():
            files[folder / place / page] = text
        titles[place] = title
    files[folder / "index.html"] = load_entrance(titles)
    for inside in (folder, *(folder / name for name in titles)):
        refuse_other_folder(inside)
    # All are looked at before the first is written.
    for file in files:
        refuse_other(file, lambda beginning: _OURS in beginning)
    for file, text in files.items():
        file.parent.mkdir(parents=True, exist_ok=True)
        write_text(file, text)
    size = sum(len(text.encode()) for text in files.values()) // 1000
    sys.stdout.write(f"{len(files)} pages, {size} ko\u00a0: {folder.name}/index.html\n")
    return False


def _posts(chosen: argparse.Namespace) -> Iterator[tuple[str, str]]:
    """Yield each territory that has a post, or the one that was chosen, with its label."""
    names = [chosen.territory] if chosen.territory else known_territories(chosen.rules)
    for name in names:
        problems = Noted()
        territories = find_files(chosen.rules, chosen.partners, name, problems).territories
        if territories and (chosen.territory or territories[-1].station or territories[-1].home):
            yield name, territories[-1].label.fr
