"""What each command takes that explains an answer, or puts it on paper."""

import argparse
from collections.abc import Callable

from iscg_rules.cli import explain
from iscg_rules.cli.file_arguments import add_files
from iscg_rules.model.closed_words import GOALS, LANGUAGES

__all__ = [
    "add_explain_for_person",
    "add_note",
    "add_questions",
    "add_sheet",
    "add_try",
    "add_what_if",
    "add_why",
    "add_why_not",
]


def _explains(command: argparse.ArgumentParser, run: Callable[..., bool], *about: str) -> None:
    command.set_defaults(run=run)
    command.add_argument("file", metavar="FICHIER", help="situation en YAML ou JSON, `-` : entrée")
    for name in about:
        command.add_argument(name, metavar="AIDE", help="comme emergency_shelter")
    command.add_argument("--format", choices=("text", "json"), default="text")
    command.add_argument("--at", metavar="MOMENT", help="comme 2026-11-27T22:30")
    command.add_argument("--language", choices=LANGUAGES, default="fr")
    add_files(command)


def add_why(command: argparse.ArgumentParser) -> None:
    """Add the arguments of `why`."""
    _explains(command, explain.why, "kind")


def add_why_not(command: argparse.ArgumentParser) -> None:
    """Add the arguments of `why-not`."""
    _explains(command, explain.why_not, "kind")


def add_what_if(command: argparse.ArgumentParser) -> None:
    """Add the arguments of `what-if`."""
    _explains(command, explain.what_if, "kind")
    command.add_argument("--goal", choices=GOALS, default="certain")


def add_questions(command: argparse.ArgumentParser) -> None:
    """Add the arguments of `questions`."""
    _explains(command, explain.questions)


def add_explain_for_person(command: argparse.ArgumentParser) -> None:
    """Add the arguments of `explain-for-person`."""
    _explains(command, explain.explain_for_person)


def add_try(command: argparse.ArgumentParser) -> None:
    """Add the arguments of `try`."""
    command.set_defaults(run=explain.try_rule)
    command.add_argument("rule", metavar="RÈGLE")
    command.add_argument("case", metavar="CAS")
    add_files(command)


def add_note(command: argparse.ArgumentParser) -> None:
    """Add the arguments of `note`."""
    command.set_defaults(run=explain.note)
    command.add_argument("file", metavar="FICHIER", help="situation en YAML ou JSON")
    command.add_argument("kind", metavar="AIDE", help="comme crip")
    command.add_argument("--reason", default="", metavar="TEXTE", help="motif du contact")
    command.add_argument("--need", action="append", default=[], metavar="TEXTE", help="un besoin")
    command.add_argument("--done", action="append", default=[], metavar="TEXTE", help="déjà fait")
    command.add_argument(
        "--shares", action="append", default=[], metavar="TEXTE", help="ce qui est partagé"
    )
    command.add_argument("--call-back", default="", metavar="TEXTE", help="quand rappeler")
    _add_paper(command)


def add_sheet(command: argparse.ArgumentParser) -> None:
    """Add the arguments of `sheet`."""
    command.set_defaults(run=explain.sheet)
    command.add_argument("file", metavar="FICHIER", help="situation en YAML ou JSON")
    command.add_argument("--named", action="store_true", help="dit à qui est chaque numéro")
    command.add_argument("--paper", choices=("A6", "A4"), default="A6", help="pour --html")
    _add_paper(command)


def _add_paper(command: argparse.ArgumentParser) -> None:
    command.add_argument("--html", action="store_true", help="une page à imprimer")
    command.add_argument("--at", metavar="MOMENT", help="comme 2026-11-27T22:30")
    add_files(command)
