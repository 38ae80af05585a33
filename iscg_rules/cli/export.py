"""`iscg-rules export`: everything that a recommendation is made of, for other programs."""

import argparse
import sys
from datetime import date, datetime
from pathlib import Path

from iscg_rules.cli.file_arguments import add_files
from iscg_rules.cli.output_files import refuse_other, write_text
from iscg_rules.engine import Engine
from iscg_rules.errors import IscgError, Problem
from iscg_rules.language.moments import PARIS
from iscg_rules.model.closed_words import LANGUAGES
from iscg_rules.page.portable import MONTHS, export, portable_json

__all__ = ["add_arguments", "export_rules", "first_day"]

_MOST_MONTHS = 36
# `Portable` begins with its version.
_OURS = b'{"portable":'


def add_arguments(command: argparse.ArgumentParser) -> None:
    """Add from when on opening hours are told, in which language, and where to."""
    command.set_defaults(run=export_rules)
    command.add_argument("--from", dest="first", metavar="JOUR", help="premier jour des horaires")
    command.add_argument("--months", type=int, default=MONTHS, metavar="N", help="mois d'horaires")
    command.add_argument("--language", choices=LANGUAGES, default="fr")
    command.add_argument("-o", "--output", metavar="FICHIER", help="où écrire (sortie sinon)")
    add_files(command)


def export_rules(chosen: argparse.Namespace) -> bool:
    """Write the rules and partners as JSON, with the opening hours of the next months.

    Raises:
        IscgError: A009, A011; B018 where something that we did not write, or a link, has this name.
    """
    first = first_day(chosen)
    if not 1 <= chosen.months <= _MOST_MONTHS:
        aid = f"`--months` : de 1 à {_MOST_MONTHS}"
        raise IscgError([Problem("A011", "option hors limites", help=aid)])
    if chosen.output:
        refuse_other(Path(chosen.output), lambda beginning: beginning.startswith(_OURS))
    engine = Engine.load(chosen.rules, chosen.partners, territory=chosen.territory)
    portable = export(engine, first, months=chosen.months, language=chosen.language)
    text = portable_json(portable) + "\n"
    if chosen.output:
        write_text(Path(chosen.output), text)
    else:
        sys.stdout.write(text)
    return False


def first_day(chosen: argparse.Namespace) -> date:
    """Return the day of `--from`, or today.

    Raises:
        IscgError: A009.
    """
    if chosen.first is None:
        return datetime.now(PARIS).date()
    try:
        return date.fromisoformat(chosen.first)
    except ValueError:
        aid = "écrivez par exemple 2026-11-27"
        raise IscgError([Problem("A009", "jour illisible", help=aid)]) from None
