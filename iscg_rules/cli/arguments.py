"""What each command takes; a command is imported when its arguments are asked for.

So `recommend` waits for nothing that only `check` needs.
"""

import argparse


def _add_files(command: argparse.ArgumentParser) -> None:
    _add_territory(command)
    command.add_argument("--rules", metavar="DOSSIER", help="dossier des règles (livré sinon)")
    command.add_argument("--partners", metavar="FICHIER", help="partenaires (livrés sinon)")


def _add_territory(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--territory", metavar="TERRITOIRE", help="un nom livré, ou un dossier de territoire"
    )


def fill_recommend(command: argparse.ArgumentParser) -> None:
    """Add the arguments of `recommend`."""
    from iscg_rules.cli import recommend  # noqa: PLC0415 # when chosen
    from iscg_rules.engine import EVALUATORS, LANGUAGES  # noqa: PLC0415 # when chosen

    command.set_defaults(run=recommend.recommend)
    command.add_argument("file", metavar="FICHIER", help="situation en YAML ou JSON, `-` : entrée")
    command.add_argument("--format", choices=recommend.FORMATS, default="text")
    command.add_argument(
        "--at", metavar="MOMENT", help="comme 2026-11-27T22:30 (celui du fichier, ou maintenant)"
    )
    command.add_argument("--all", action="store_true", help="nomme aussi ce qui est possible")
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
    _add_files(command)


def _add_situation(command: argparse.ArgumentParser) -> None:
    command.add_argument("file", metavar="FICHIER", help="situation en YAML ou JSON, `-` : entrée")


def _add_kind(command: argparse.ArgumentParser) -> None:
    command.add_argument("kind", metavar="AIDE", help="comme emergency_shelter")


def _add_explaining(command: argparse.ArgumentParser) -> None:
    from iscg_rules.engine import LANGUAGES  # noqa: PLC0415 # when chosen

    command.add_argument("--format", choices=("text", "json"), default="text")
    command.add_argument("--at", metavar="MOMENT", help="comme 2026-11-27T22:30")
    command.add_argument("--language", choices=LANGUAGES, default="fr")
    _add_files(command)


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
    from iscg_rules.explain.smallest_change import GOALS  # noqa: PLC0415 # when chosen

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


def fill_ask(command: argparse.ArgumentParser) -> None:
    """Add the arguments of `ask`."""
    from iscg_rules.cli import interview  # noqa: PLC0415 # when chosen

    command.set_defaults(run=interview.ask)
    command.add_argument("--all", action="store_true", help="jusqu'à la dernière question utile")
    command.add_argument("--at", metavar="MOMENT", help="comme 2026-11-27T22:30")
    _add_files(command)


def fill_try(command: argparse.ArgumentParser) -> None:
    """Add the arguments of `try`."""
    from iscg_rules.cli import explain  # noqa: PLC0415 # when chosen

    command.set_defaults(run=explain.try_rule)
    command.add_argument("rule", metavar="RÈGLE")
    command.add_argument("case", metavar="CAS")
    _add_files(command)


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
    _add_files(command)


def fill_batch(command: argparse.ArgumentParser) -> None:
    """Add the arguments of `batch`."""
    from iscg_rules.cli import batch  # noqa: PLC0415 # when chosen

    command.set_defaults(run=batch.batch)
    batch.add_arguments(command)
    _add_files(command)


def fill_report(command: argparse.ArgumentParser) -> None:
    """Add the arguments of `report`."""
    from iscg_rules.cli import report  # noqa: PLC0415 # when chosen

    command.set_defaults(run=report.report)
    report.add_report(command)
    _add_files(command)


def fill_replay(command: argparse.ArgumentParser) -> None:
    """Add the arguments of `replay`."""
    from iscg_rules.cli import report  # noqa: PLC0415 # when chosen

    command.set_defaults(run=report.replay)
    report.add_replay(command)
    _add_territory(command)
    command.add_argument("--partners", metavar="FICHIER", help="partenaires (livrés sinon)")


def fill_sample(command: argparse.ArgumentParser) -> None:
    """Add the arguments of `sample`."""
    from iscg_rules.cli import report  # noqa: PLC0415 # when chosen

    command.set_defaults(run=report.sample)
    report.add_sample(command)
    _add_files(command)


def _add_folders(command: argparse.ArgumentParser, *formats: str) -> None:
    command.add_argument("rules", nargs="?", metavar="DOSSIER", help="dossier des règles")
    command.add_argument("partners", nargs="?", metavar="PARTENAIRES", help="fichier partners.yaml")
    command.add_argument("--format", choices=formats, default="text")
    _add_territory(command)


def fill_check(command: argparse.ArgumentParser) -> None:
    """Add the arguments of `check`."""
    from iscg_rules.cli import check  # noqa: PLC0415 # when chosen

    command.set_defaults(run=check.check)
    _add_folders(command, "text", "json", "github")
    command.add_argument("--strict", action="store_true", help="sort avec 1 pour une remarque")
    command.add_argument("--at", metavar="JOUR", help="jour de l'âge des sources (ou aujourd'hui)")


def fill_test(command: argparse.ArgumentParser) -> None:
    """Add the arguments of `test`."""
    from iscg_rules.cli import check  # noqa: PLC0415 # when chosen

    command.set_defaults(run=check.test)
    _add_folders(command, "text", "json")


def fill_evaluate(command: argparse.ArgumentParser) -> None:
    """Add the arguments of `evaluate`."""
    from iscg_rules.cli import evaluate  # noqa: PLC0415 # when chosen

    command.set_defaults(run=evaluate.evaluate)
    evaluate.add_arguments(command)
    _add_files(command)


def fill_diff(command: argparse.ArgumentParser) -> None:
    """Add the arguments of `diff`."""
    from iscg_rules.cli import diff  # noqa: PLC0415 # when chosen

    command.set_defaults(run=diff.diff)
    diff.add_arguments(command)


def fill_coverage(command: argparse.ArgumentParser) -> None:
    """Add the arguments of `coverage`."""
    from iscg_rules.cli import try_cases  # noqa: PLC0415 # when chosen

    command.set_defaults(run=try_cases.coverage)
    try_cases.add_coverage(command)
    _add_files(command)


def fill_mutate(command: argparse.ArgumentParser) -> None:
    """Add the arguments of `mutate`."""
    from iscg_rules.cli import try_cases  # noqa: PLC0415 # when chosen

    command.set_defaults(run=try_cases.mutations)
    try_cases.add_mutate(command)
    _add_files(command)


def fill_show(command: argparse.ArgumentParser) -> None:
    """Add the arguments of `show`."""
    from iscg_rules.cli import show  # noqa: PLC0415 # when chosen

    command.set_defaults(run=show.show)
    command.add_argument("what", choices=tuple(show.VIEWS), metavar="QUOI")
    command.add_argument("id", nargs="?", metavar="ID", help="sans ID : la liste")
    command.epilog = f"QUOI : {', '.join(show.VIEWS)}"
    _add_files(command)


def fill_new(command: argparse.ArgumentParser) -> None:
    """Add the arguments of `new`."""
    from iscg_rules.cli import new  # noqa: PLC0415 # when chosen

    command.set_defaults(run=new.new)
    command.add_argument("what", choices=("rule", "case"), metavar="QUOI", help="rule ou case")
    command.add_argument("id", nargs="?", metavar="ID", help="pour un cas : la règle à montrer")
    _add_files(command)


def fill_rulebook(command: argparse.ArgumentParser) -> None:
    """Add the arguments of `rulebook`."""
    from iscg_rules.cli import new  # noqa: PLC0415 # when chosen

    command.set_defaults(run=new.rulebook)
    command.add_argument("--grid", action="store_true", help="la grille : sujets et types d'aide")
    _add_files(command)


def fill_sources(command: argparse.ArgumentParser) -> None:
    """Add the arguments of `sources`."""
    from iscg_rules.cli import sources  # noqa: PLC0415 # when chosen

    command.set_defaults(run=sources.sources)
    command.add_argument("--stale", action="store_true", help="seulement celles qui sont à relire")
    command.add_argument("--at", metavar="JOUR", help="jour où l'on compte leur âge")
    _add_files(command)


def fill_schema(command: argparse.ArgumentParser) -> None:
    """Add the arguments of `schema`."""
    from iscg_rules.cli import new  # noqa: PLC0415 # when chosen
    from iscg_rules.schemas import SCHEMAS  # noqa: PLC0415 # when chosen

    command.set_defaults(run=new.schemas)
    command.add_argument("name", nargs="?", choices=tuple(SCHEMAS), metavar="NOM")
    command.add_argument("--output", metavar="DOSSIER", help="y écrit tous les schémas")
    command.epilog = f"NOM : {', '.join(SCHEMAS)}"
    _add_files(command)
