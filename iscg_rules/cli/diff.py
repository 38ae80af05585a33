"""`iscg-rules diff`: what a change of the rules changes for people."""

import argparse
import sys
from types import MappingProxyType

from iscg_rules.cli.days import chosen_day
from iscg_rules.cli.two_sides import NOW, read_sides
from iscg_rules.diff.revision import RevisionScope, revise
from iscg_rules.diff.text import render_changelog, render_markdown, render_text
from iscg_rules.diff.united_rules import unite
from iscg_rules.errors import IscgError, Problem

__all__ = ["add_arguments", "diff"]

_FORMATS = MappingProxyType(
    {
        "text": render_text,
        "json": lambda revision: revision.to_json(indent=2) + "\n",
        "markdown": render_markdown,
    }
)


def add_arguments(command: argparse.ArgumentParser) -> None:
    """Say what `diff` takes."""
    command.set_defaults(run=diff)
    where = "dossier, ou révision git"
    command.add_argument("old", nargs="?", default="HEAD", metavar="AVANT", help=f"{where} (HEAD)")
    command.add_argument("new", nargs="?", metavar="APRÈS", help=f"{where} ({NOW} sinon)")
    command.add_argument(
        "--territory", metavar="TERRITOIRE", help="un nom livré, ou un dossier de territoire"
    )
    command.add_argument("--format", choices=tuple(_FORMATS), default="text")
    command.add_argument(
        "--changelog", action="store_true", help="écrit les lignes de rules/CHANGELOG.md"
    )
    command.add_argument("--classes", type=int, default=3, metavar="N", help="au plus N par effet")
    command.add_argument("--at", metavar="JOUR", help="jour dont on part (aujourd'hui sinon)")


def diff(chosen: argparse.Namespace) -> bool:
    """Print what changes, and tell whether anything does.

    Raises:
        IscgError: A012 without the package that proves; D001 to D003; every problem of the files.
    """
    day = chosen_day(chosen)
    if chosen.classes < 1:
        aid = "`--classes` : un nombre à partir de 1"
        raise IscgError([Problem("A011", "option hors limites", help=aid)])
    # What is wrong with cases and promises is for `check` to say.
    old, new = read_sides(chosen)
    union = unite(old.rule_set, old.directory, new.rule_set, new.directory)
    asked = RevisionScope(day, new.guarantees.report_by, chosen.classes)
    revision = revise(union, (old.cases, new.cases), asked)
    render = render_changelog if chosen.changelog else _FORMATS[chosen.format]
    sys.stdout.write(render(revision))
    return revision.is_changed
