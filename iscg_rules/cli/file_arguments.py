"""Where a command finds rules and partners."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from iscg_rules.reading.territories import Layout

__all__ = ["add_files", "add_territory", "read_places"]


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


def _from_here(path: Path) -> Path:
    here = Path.cwd()
    whole = path.absolute()
    return whole.relative_to(here) if whole.is_relative_to(here) else path
