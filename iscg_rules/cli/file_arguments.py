"""Where a command finds rules and partners."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from iscg_rules.errors import Problem
from iscg_rules.reading.regular_files import shortened

if TYPE_CHECKING:
    from iscg_rules.reading.territories import Layout

__all__ = ["add_files", "add_territory", "read_places", "unread_files"]

# As an editor for notes saves it, or as other programs want it; an editor's copy ends in `~`.
_NEARLY = frozenset({".yml", ".txt", ".yalm"})


def add_files(command: argparse.ArgumentParser) -> None:
    """Add where rules and partners are found."""
    add_territory(command)
    command.add_argument("--rules", metavar="DOSSIER", help="dossier des règles (livré sinon)")
    command.add_argument("--partners", metavar="FICHIER", help="partenaires (livrés sinon)")


def add_territory(command: argparse.ArgumentParser) -> None:
    """Add the choice of a territory."""
    command.add_argument(
        "--territory", metavar="TERRITOIRE", help="un nom livré, ou un dossier de territoire"
    )


def read_places(layout: "Layout") -> tuple[str, ...]:
    """Name what is read: folders, then the files of partners that lie in none of them."""
    folders = [folder for folder, _ in layout.folders()]
    files = [path for path, _ in layout.partner_files() if path.parent not in folders]
    return tuple(str(_from_here(path)) for path in (*folders, *files))


def unread_files(layout: "Layout") -> tuple[Problem, ...]:
    """Return W007 for each file that an author meant to be read, and whose name forbids it."""
    looked_at = [place for folder, _ in layout.folders() for place in (folder, folder / "cases")]
    names = sorted(
        path
        for folder in looked_at
        for path in folder.glob("*")
        if ".yaml." in path.name.lower() or path.suffix.lower() in _NEARLY
    )
    aid = "renommez-le : son nom doit finir par `.yaml`, sans rien derrière"
    return tuple(
        Problem("W007", f"`{shortened(_from_here(path))}` n'est pas lu", help=aid) for path in names
    )


def _from_here(path: Path) -> Path:
    here = Path.cwd()
    whole = path.absolute()
    return whole.relative_to(here) if whole.is_relative_to(here) else path
