"""What each command about one situation takes; it is imported when it is chosen."""

import argparse

from iscg_rules.cli.file_arguments import add_files


def fill_recommend(command: argparse.ArgumentParser) -> None:
    """Add the arguments of `recommend`."""
    from iscg_rules.cli import recommend  # noqa: PLC0415 # when chosen
    from iscg_rules.model.closed_words import EVALUATORS, LANGUAGES  # noqa: PLC0415 # when chosen

    command.set_defaults(run=recommend.recommend)
    command.add_argument("file", metavar="FICHIER", help="situation en YAML ou JSON, `-` : entrée")
    command.add_argument("--format", choices=recommend.FORMATS, default="text")
    command.add_argument(
        "--at", metavar="MOMENT", help="comme 2026-11-27T22:30 (celui du fichier, ou maintenant)"
    )
    command.add_argument("--all", action="store_true", help="nomme aussi ce qui est possible")
    command.add_argument(
        "--detail", choices=("full", "short"), default="full", help="pour --format json"
    )
    command.add_argument("--full", action="store_true", help="le pourquoi, les sources, le partage")
    command.add_argument("--limit", type=int, metavar="N", help="au plus N orientations")
    command.add_argument("--evaluator", choices=EVALUATORS, default="bitset")
    command.add_argument(
        "--cross-check", action="store_true", help="évalue deux fois, et s'arrête à une différence"
    )
    command.add_argument(
        "--compare", metavar="AUTRE", help="dit ce que cette autre situation change"
    )
    command.add_argument("--language", choices=LANGUAGES, default="fr")
    add_files(command)


def _add_situation(command: argparse.ArgumentParser) -> None:
    command.add_argument("file", metavar="FICHIER", help="situation en YAML ou JSON, `-` : entrée")


def _add_kind(command: argparse.ArgumentParser) -> None:
    command.add_argument("kind", metavar="AIDE", help="comme emergency_shelter")


def _add_explaining(command: argparse.ArgumentParser) -> None:
    from iscg_rules.model.closed_words import LANGUAGES  # noqa: PLC0415 # when chosen

    command.add_argument("--format", choices=("text", "json"), default="text")
    command.add_argument("--at", metavar="MOMENT", help="comme 2026-11-27T22:30")
    command.add_argument("--language", choices=LANGUAGES, default="fr")
    add_files(command)


def fill_why(command: argparse.ArgumentParser) -> None:
    """Add the arguments of `why`."""
    from iscg_rules.cli import explain  # noqa: PLC0415 # when chosen

    command.set_defaults(run=explain.why)
    _add_situation(command)
    _add_kind(command)
    _add_explaining(command)


def fill_why_not(command: argparse.ArgumentParser) -> None:
    """Add the arguments of `why-not`."""
    from iscg_rules.cli import explain  # noqa: PLC0415 # when chosen

    command.set_defaults(run=explain.why_not)
    _add_situation(command)
    _add_kind(command)
    _add_explaining(command)


def fill_what_if(command: argparse.ArgumentParser) -> None:
    """Add the arguments of `what-if`."""
    from iscg_rules.cli import explain  # noqa: PLC0415 # when chosen
    from iscg_rules.model.closed_words import GOALS  # noqa: PLC0415 # when chosen

    command.set_defaults(run=explain.what_if)
    _add_situation(command)
    _add_kind(command)
    command.add_argument("--goal", choices=GOALS, default="certain")
    _add_explaining(command)


def fill_questions(command: argparse.ArgumentParser) -> None:
    """Add the arguments of `questions`."""
    from iscg_rules.cli import explain  # noqa: PLC0415 # when chosen

    command.set_defaults(run=explain.questions)
    _add_situation(command)
    _add_explaining(command)


def fill_explain_for_person(command: argparse.ArgumentParser) -> None:
    """Add the arguments of `explain-for-person`."""
    from iscg_rules.cli import explain  # noqa: PLC0415 # when chosen

    command.set_defaults(run=explain.explain_for_person)
    _add_situation(command)
    _add_explaining(command)


def fill_ask(command: argparse.ArgumentParser) -> None:
    """Add the arguments of `ask`."""
    from iscg_rules.cli import interview  # noqa: PLC0415 # when chosen

    command.set_defaults(run=interview.ask)
    command.add_argument("--all", action="store_true", help="jusqu'à la dernière question utile")
    command.add_argument("--at", metavar="MOMENT", help="comme 2026-11-27T22:30")
    add_files(command)


def fill_try(command: argparse.ArgumentParser) -> None:
    """Add the arguments of `try`."""
    from iscg_rules.cli import explain  # noqa: PLC0415 # when chosen

    command.set_defaults(run=explain.try_rule)
    command.add_argument("rule", metavar="RÈGLE")
    command.add_argument("case", metavar="CAS")
    add_files(command)


def fill_note(command: argparse.ArgumentParser) -> None:
    """Add the arguments of `note`."""
    from iscg_rules.cli import explain  # noqa: PLC0415 # when chosen

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


def fill_sheet(command: argparse.ArgumentParser) -> None:
    """Add the arguments of `sheet`."""
    from iscg_rules.cli import explain  # noqa: PLC0415 # when chosen

    command.set_defaults(run=explain.sheet)
    command.add_argument("file", metavar="FICHIER", help="situation en YAML ou JSON")
    command.add_argument("--named", action="store_true", help="dit à qui est chaque numéro")
    command.add_argument("--paper", choices=("A6", "A4"), default="A6", help="pour --html")
    _add_paper(command)


def _add_paper(command: argparse.ArgumentParser) -> None:
    command.add_argument("--html", action="store_true", help="une page à imprimer")
    command.add_argument("--at", metavar="MOMENT", help="comme 2026-11-27T22:30")
    add_files(command)
