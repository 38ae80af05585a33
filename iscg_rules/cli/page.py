"""`iscg-rules page`: one file for a station without network; what is not ours is never replaced."""

import argparse
import os
import sys
from pathlib import Path

from iscg_rules.cli.export import first_day
from iscg_rules.cli.report_files import write_file
from iscg_rules.engine import Engine
from iscg_rules.model.closed_words import LANGUAGES
from iscg_rules.page.assembly import GENERATOR, load_page
from iscg_rules.reading.regular_files import load_regular, refuse_foreign

__all__ = ["add_arguments", "page"]

# A page of ours says so at its beginning.
_BEGINNING = 4_096


def add_arguments(command: argparse.ArgumentParser) -> None:
    """Add where to, in which language, and from when on opening hours are told."""
    text = "le fichier à écrire, comme orientation.html"
    command.add_argument("-o", "--output", required=True, metavar="FICHIER", help=text)
    command.add_argument("--language", choices=LANGUAGES, default="fr")
    command.add_argument("--from", dest="first", metavar="JOUR", help="premier jour des horaires")


def page(chosen: argparse.Namespace) -> bool:
    """Write the page; finds nothing, so the exit code is 0.

    Raises:
        IscgError: B018 where something that is not a page of ours, or a link, has this name.
    """
    target = Path(chosen.output)
    if os.path.lexists(target) and not _is_ours(target):
        raise refuse_foreign(target)
    engine = Engine.load(chosen.rules, chosen.partners, territory=chosen.territory)
    text = load_page(engine, first_day(chosen), language=chosen.language)
    write_file(target, lambda file: file.write(text.encode()))
    sys.stdout.write(f"{target.name}\u00a0: {len(text.encode()) // 1000} ko\n")
    return False


def _is_ours(target: Path) -> bool:
    if target.is_symlink() or not target.is_file():
        return False
    with load_regular(target) as file:
        return f'content="{GENERATOR} '.encode() in file.read(_BEGINNING)
