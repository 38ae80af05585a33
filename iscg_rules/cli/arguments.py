"""What each command for authors and for many situations takes; imported when it is chosen.

So `recommend` waits for nothing that only `check` needs.
"""

import argparse

from iscg_rules.cli.file_arguments import add_files, add_territory


def fill_batch(command: argparse.ArgumentParser) -> None:
    """Add the arguments of `batch`."""
    from iscg_rules.cli import batch  # noqa: PLC0415 # when chosen

    command.set_defaults(run=batch.batch)
    batch.add_arguments(command)
    add_files(command)


def fill_report(command: argparse.ArgumentParser) -> None:
    """Add the arguments of `report`."""
    from iscg_rules.cli import report  # noqa: PLC0415 # when chosen

    command.set_defaults(run=report.report)
    report.add_report(command)
    add_files(command)


def fill_replay(command: argparse.ArgumentParser) -> None:
    """Add the arguments of `replay`."""
    from iscg_rules.cli import report  # noqa: PLC0415 # when chosen

    command.set_defaults(run=report.replay)
    report.add_replay(command)
    add_territory(command)
    command.add_argument("--partners", metavar="FICHIER", help="partenaires (livrés sinon)")


def fill_sample(command: argparse.ArgumentParser) -> None:
    """Add the arguments of `sample`."""
    from iscg_rules.cli import report  # noqa: PLC0415 # when chosen

    command.set_defaults(run=report.sample)
    report.add_sample(command)
    add_files(command)


def _add_folders(command: argparse.ArgumentParser, *formats: str) -> None:
    command.add_argument("rules", nargs="?", metavar="DOSSIER", help="dossier des règles")
    command.add_argument("partners", nargs="?", metavar="PARTENAIRES", help="fichier partners.yaml")
    command.add_argument("--format", choices=formats, default="text")
    add_territory(command)


def fill_check(command: argparse.ArgumentParser) -> None:
    """Add the arguments of `check`."""
    from iscg_rules.cli import check  # noqa: PLC0415 # when chosen

    command.set_defaults(run=check.check)
    _add_folders(command, "text", "json", "github", "accepted")
    command.add_argument("--strict", action="store_true", help="sort avec 1 pour une remarque")
    without = "ne prouve rien, et ne sort pas avec 3 pour autant"
    command.add_argument("--without-proof", action="store_true", help=without)
    text = "montre aussi ce que les auteurs acceptent, avec leur raison"
    command.add_argument("--accepted", action="store_true", help=text)
    text = "montre chaque constat, même s'il y en a beaucoup sur les partenaires"
    command.add_argument("--all", action="store_true", help=text)
    command.add_argument("--at", metavar="JOUR", help="jour de l'âge des sources (ou aujourd'hui)")


def fill_test(command: argparse.ArgumentParser) -> None:
    """Add the arguments of `test`."""
    from iscg_rules.cli import check  # noqa: PLC0415 # when chosen

    command.set_defaults(run=check.test)
    _add_folders(command, "text", "json")


def fill_safety(command: argparse.ArgumentParser) -> None:
    """Add the arguments of `safety`."""
    from iscg_rules.cli import safety  # noqa: PLC0415 # when chosen

    command.set_defaults(run=safety.safety)
    safety.add_arguments(command)
    add_files(command)


def fill_notice(command: argparse.ArgumentParser) -> None:
    """Add the arguments of `notice`."""
    from iscg_rules.cli import transparency  # noqa: PLC0415 # when chosen

    command.set_defaults(run=transparency.notice)
    transparency.add_notice(command)
    add_files(command)


def fill_inventory(command: argparse.ArgumentParser) -> None:
    """Add the arguments of `inventory`."""
    from iscg_rules.cli import transparency  # noqa: PLC0415 # when chosen

    command.set_defaults(run=transparency.inventory)
    transparency.add_inventory(command)
    add_files(command)


def fill_rating_kit(command: argparse.ArgumentParser) -> None:
    """Add the arguments of `rating-kit`."""
    from iscg_rules.cli import rating  # noqa: PLC0415 # when chosen

    command.set_defaults(run=rating.rating_kit)
    rating.add_kit(command)
    add_files(command)


def fill_rating_score(command: argparse.ArgumentParser) -> None:
    """Add the arguments of `rating-score`."""
    from iscg_rules.cli import rating  # noqa: PLC0415 # when chosen

    command.set_defaults(run=rating.rating_score)
    rating.add_score(command)
    add_files(command)


def fill_evaluate(command: argparse.ArgumentParser) -> None:
    """Add the arguments of `evaluate`."""
    from iscg_rules.cli import evaluate  # noqa: PLC0415 # when chosen

    command.set_defaults(run=evaluate.evaluate)
    evaluate.add_arguments(command)
    add_files(command)


def fill_diff(command: argparse.ArgumentParser) -> None:
    """Add the arguments of `diff`."""
    from iscg_rules.cli import diff  # noqa: PLC0415 # when chosen

    command.set_defaults(run=diff.diff)
    diff.add_arguments(command)


def fill_review(command: argparse.ArgumentParser) -> None:
    """Add the arguments of `review`."""
    from iscg_rules.cli import review  # noqa: PLC0415 # when chosen

    command.set_defaults(run=review.review)
    review.add_arguments(command)


def fill_coverage(command: argparse.ArgumentParser) -> None:
    """Add the arguments of `coverage`."""
    from iscg_rules.cli import try_cases  # noqa: PLC0415 # when chosen

    command.set_defaults(run=try_cases.coverage)
    try_cases.add_coverage(command)
    add_files(command)


def fill_mutate(command: argparse.ArgumentParser) -> None:
    """Add the arguments of `mutate`."""
    from iscg_rules.cli import try_cases  # noqa: PLC0415 # when chosen

    command.set_defaults(run=try_cases.mutations)
    try_cases.add_mutate(command)
    add_files(command)


def fill_show(command: argparse.ArgumentParser) -> None:
    """Add the arguments of `show`."""
    from iscg_rules.cli import show  # noqa: PLC0415 # when chosen

    command.set_defaults(run=show.show)
    command.add_argument("what", choices=tuple(show.VIEWS), metavar="QUOI")
    command.add_argument("id", nargs="?", metavar="ID", help="sans ID : la liste")
    command.epilog = f"QUOI : {', '.join(show.VIEWS)}"
    add_files(command)


def fill_new(command: argparse.ArgumentParser) -> None:
    """Add the arguments of `new`."""
    from iscg_rules.cli import new, new_words  # noqa: PLC0415 # when chosen

    command.set_defaults(run=new.new)
    skeletons = ("rule", "case", "attribute", "kind", "partner", "territory")
    command.add_argument("what", choices=skeletons, metavar="QUOI", help=", ".join(skeletons))
    text = "son nom ; pour un cas : la règle à montrer ; pour un partenaire : l'aide qu'il propose"
    command.add_argument("id", nargs="?", metavar="ID", help=text)
    text = "pour un territoire : où est le poste (nom, code postal ou code INSEE)"
    command.add_argument("--commune", metavar="COMMUNE", help=text)
    new_words.add_arguments(command)
    add_files(command)


def fill_rulebook(command: argparse.ArgumentParser) -> None:
    """Add the arguments of `rulebook`."""
    from iscg_rules.cli import rulebook  # noqa: PLC0415 # when chosen

    command.set_defaults(run=rulebook.rulebook)
    rulebook.add_arguments(command)
    add_files(command)


def fill_reference(command: argparse.ArgumentParser) -> None:
    """Add the arguments of `reference`."""
    from iscg_rules.cli import reference  # noqa: PLC0415 # when chosen

    command.set_defaults(run=reference.reference)
    reference.add_arguments(command)


def fill_sources(command: argparse.ArgumentParser) -> None:
    """Add the arguments of `sources`."""
    from iscg_rules.cli import sources  # noqa: PLC0415 # when chosen

    command.set_defaults(run=sources.sources)
    command.add_argument("--stale", action="store_true", help="seulement celles qui sont à relire")
    command.add_argument("--at", metavar="JOUR", help="jour où l'on compte leur âge")
    add_files(command)


def fill_partners(command: argparse.ArgumentParser) -> None:
    """Add the arguments of `partners`."""
    from iscg_rules.cli import partners  # noqa: PLC0415 # when chosen

    partners.add_arguments(command)


def fill_lsp(command: argparse.ArgumentParser) -> None:
    """Add the arguments of `lsp`."""
    from iscg_rules.cli import lsp  # noqa: PLC0415 # when chosen

    command.set_defaults(run=lsp.lsp)
    add_territory(command)
    command.add_argument("--stdio", action="store_true", help="comme les éditeurs l'écrivent")


def fill_schema(command: argparse.ArgumentParser) -> None:
    """Add the arguments of `schema`."""
    from iscg_rules.cli import new  # noqa: PLC0415 # when chosen
    from iscg_rules.schemas import SCHEMAS  # noqa: PLC0415 # when chosen

    command.set_defaults(run=new.schemas)
    command.add_argument("name", nargs="?", choices=tuple(SCHEMAS), metavar="NOM")
    command.add_argument("--output", metavar="DOSSIER", help="y écrit tous les schémas")
    text = "les types d'aide comme noms, pour un programme en Python"
    command.add_argument("--python", action="store_true", help=text)
    command.epilog = f"NOM : {', '.join(SCHEMAS)}"
    add_files(command)


def fill_export(command: argparse.ArgumentParser) -> None:
    """Add the arguments of `export`."""
    from iscg_rules.cli import export  # noqa: PLC0415 # when chosen

    command.set_defaults(run=export.export_rules)
    export.add_arguments(command)
    add_files(command)


def fill_page(command: argparse.ArgumentParser) -> None:
    """Add the arguments of `page`."""
    from iscg_rules.cli import page  # noqa: PLC0415 # when chosen

    command.set_defaults(run=page.page)
    page.add_arguments(command)
    add_files(command)


def fill_serve(command: argparse.ArgumentParser) -> None:
    """Add the arguments of `serve`."""
    from iscg_rules.cli import serve  # noqa: PLC0415 # when chosen

    command.set_defaults(run=serve.serve)
    serve.add_arguments(command)
