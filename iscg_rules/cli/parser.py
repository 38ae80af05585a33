"""The arguments of every command, in French, down to what the standard library says."""

import argparse
import re
import sys
from collections.abc import Callable
from functools import partial
from typing import NoReturn

from iscg_rules import __version__
from iscg_rules.cli import (
    batch,
    check,
    diff,
    explain,
    interview,
    new,
    recommend,
    report,
    show,
    sources,
    try_cases,
)
from iscg_rules.engine import EVALUATORS, LANGUAGES
from iscg_rules.explain.smallest_change import GOALS
from iscg_rules.schemas import SCHEMAS

__all__ = ["build_parser"]

Run = Callable[[argparse.Namespace], bool]

# What argparse says in English, and what we say.
_MESSAGES = (
    (r"the following arguments are required: (.*)", r"il manque : \1"),
    (r"argument (.*): invalid choice: '(.*)' \(choose from (.*)\)", r"\1 : possible : \3"),
    (r"unrecognized arguments: (.*)", r"argument inconnu : \1"),
    (r"argument (.*): expected one argument", r"\1 : une valeur est attendue"),
    (r"argument (.*): invalid int value: .*", r"\1 : un nombre entier est attendu"),
    (r"argument (.*): ignored explicit argument .*", r"\1 : aucune valeur n'est attendue"),
    (r"ambiguous option: (\S+) could match (.*)", r"\1 peut vouloir dire : \2"),
)


class _Formatter(argparse.RawDescriptionHelpFormatter):
    def add_usage(self, usage, actions, groups, prefix=None) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001  # as in the standard library
        super().add_usage(usage, actions, groups, "emploi : " if prefix is None else prefix)


class _Parser(argparse.ArgumentParser):
    def __init__(self, **options: object) -> None:
        options |= {"add_help": False, "allow_abbrev": False, "formatter_class": _Formatter}
        super().__init__(**options)  # type: ignore[arg-type]  # passed on as they are
        self._positionals.title = "arguments"
        self._optionals.title = "options"
        self.add_argument("-h", "--help", action="help", help="montre cette aide")

    def error(self, message: str) -> NoReturn:
        for pattern, french in _MESSAGES:
            message = re.sub(pattern, french, message)
        self.print_usage(sys.stderr)
        self.exit(2, f"{self.prog} : {message}\n")


def build_parser() -> argparse.ArgumentParser:
    """Return the parser; the chosen command stands in `run`, which tells whether it found any."""
    parser = _Parser(
        prog="iscg-rules",
        description="Une situation entre, des orientations classées et justifiées sortent.",
    )
    version = f"iscg-rules {__version__}"
    parser.add_argument("--version", action="version", version=version, help="montre la version")
    commands = parser.add_subparsers(metavar="COMMANDE", required=True, title="commandes")
    _add_recommend(commands)
    _add_explaining(commands)
    _add_papers(commands)
    _add_batch(commands)
    _add_check(commands, "check", check.check, "lit tout et montre chaque problème")
    _add_check(commands, "test", check.test, "rejoue les cas des auteurs")
    diff.add_arguments(commands)
    try_cases.add_commands(partial(_add, commands), _add_files)
    _add_show(commands)
    _add_new(commands)
    _add_files(_add(commands, "rulebook", new.rulebook, "écrit les règles en français"))
    _add_sources(commands)
    _add_schema(commands)
    return parser


def _add(
    commands: "argparse._SubParsersAction[_Parser]", name: str, run: Run, text: str
) -> argparse.ArgumentParser:
    command = commands.add_parser(name, help=text, description=f"{text[0].upper()}{text[1:]}.")
    command.set_defaults(run=run)
    return command


def _add_files(command: argparse.ArgumentParser) -> None:
    _add_territory(command)
    command.add_argument("--rules", metavar="DOSSIER", help="dossier des règles (livré sinon)")
    command.add_argument("--partners", metavar="FICHIER", help="partenaires (livrés sinon)")


def _add_territory(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--territory", metavar="TERRITOIRE", help="un nom livré, ou un dossier de territoire"
    )


def _add_recommend(commands: "argparse._SubParsersAction[_Parser]") -> None:
    command = _add(
        commands, "recommend", recommend.recommend, "donne les orientations d'une situation"
    )
    command.add_argument("file", metavar="FICHIER", help="situation en YAML ou JSON, `-` : entrée")
    command.add_argument("--format", choices=tuple(recommend.FORMATS), default="text")
    command.add_argument(
        "--at", metavar="MOMENT", help="comme 2026-11-27T22:30 (celui du fichier, ou maintenant)"
    )
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


def _add_explaining(commands: "argparse._SubParsersAction[_Parser]") -> None:
    for name, run, text in (
        ("why", explain.why, "dit pourquoi une aide est là"),
        ("why-not", explain.why_not, "dit pourquoi une aide n'est pas là"),
        ("what-if", explain.what_if, "dit ce qui changerait cela, au plus court"),
        ("questions", explain.questions, "dit quoi demander ensuite"),
    ):
        command = _add(commands, name, run, text)
        command.add_argument(
            "file", metavar="FICHIER", help="situation en YAML ou JSON, `-` : entrée"
        )
        if name != "questions":
            command.add_argument("kind", metavar="AIDE", help="comme emergency_shelter")
        if name == "what-if":
            command.add_argument("--goal", choices=GOALS, default="certain")
        command.add_argument("--format", choices=("text", "json"), default="text")
        command.add_argument("--at", metavar="MOMENT", help="comme 2026-11-27T22:30")
        command.add_argument("--language", choices=LANGUAGES, default="fr")
        _add_files(command)
    command = _add(commands, "ask", interview.ask, "pose les questions une à une, sans rien écrire")
    command.add_argument("--at", metavar="MOMENT", help="comme 2026-11-27T22:30")
    _add_files(command)
    command = _add(commands, "try", explain.try_rule, "essaie une règle sur un cas")
    command.add_argument("rule", metavar="RÈGLE")
    command.add_argument("case", metavar="CAS")
    _add_files(command)


def _add_papers(commands: "argparse._SubParsersAction[_Parser]") -> None:
    note = _add(commands, "note", explain.note, "écrit la fiche de liaison vers une aide")
    sheet = _add(commands, "sheet", explain.sheet, "écrit les numéros que la personne emporte")
    for command in (note, sheet):
        command.add_argument("file", metavar="FICHIER", help="situation en YAML ou JSON")
    note.add_argument("kind", metavar="AIDE", help="comme crip")
    note.add_argument("--reason", default="", metavar="TEXTE", help="motif du contact")
    note.add_argument("--need", action="append", default=[], metavar="TEXTE", help="un besoin")
    note.add_argument("--done", action="append", default=[], metavar="TEXTE", help="déjà fait")
    note.add_argument(
        "--shares", action="append", default=[], metavar="TEXTE", help="ce qui est partagé"
    )
    note.add_argument("--call-back", default="", metavar="TEXTE", help="quand rappeler")
    sheet.add_argument("--discreet", action="store_true", help="sans un mot qui trahisse")
    for command in (note, sheet):
        command.add_argument("--html", action="store_true", help="une page à imprimer")
        command.add_argument("--at", metavar="MOMENT", help="comme 2026-11-27T22:30")
        _add_files(command)


def _add_batch(commands: "argparse._SubParsersAction[_Parser]") -> None:
    command = _add(commands, "batch", batch.batch, "donne les orientations de tout un fichier")
    batch.add_arguments(command)
    _add_files(command)
    for name, run, add_arguments, text in (
        ("report", report.report, report.add_report, "compte ce que les règles proposent"),
        (
            "replay",
            report.replay,
            report.add_replay,
            "compte ce que d'autres règles changent",
        ),
        ("sample", report.sample, report.add_sample, "invente des situations, pour essayer"),
    ):
        command = _add(commands, name, run, text)
        add_arguments(command)
        if name == "replay":
            _add_territory(command)
            command.add_argument("--partners", metavar="FICHIER", help="partenaires (livrés sinon)")
        else:
            _add_files(command)


def _add_check(
    commands: "argparse._SubParsersAction[_Parser]", name: str, run: Run, text: str
) -> None:
    command = _add(commands, name, run, text)
    command.add_argument("rules", nargs="?", metavar="DOSSIER", help="dossier des règles")
    command.add_argument("partners", nargs="?", metavar="PARTENAIRES", help="fichier partners.yaml")
    formats = ("text", "json", *(("github",) if name == "check" else ()))
    command.add_argument("--format", choices=formats, default="text")
    _add_territory(command)
    if name == "check":
        command.add_argument(
            "--strict", action="store_true", help="sortir avec 1 s'il y a des remarques"
        )
        command.add_argument(
            "--at", metavar="JOUR", help="jour où l'on compte l'âge des sources (aujourd'hui sinon)"
        )


def _add_show(commands: "argparse._SubParsersAction[_Parser]") -> None:
    command = _add(commands, "show", show.show, "montre une règle, un partenaire, un mot")
    command.add_argument("what", choices=tuple(show.VIEWS), metavar="QUOI")
    command.add_argument("id", nargs="?", metavar="ID", help="sans ID : la liste")
    command.epilog = f"QUOI : {', '.join(show.VIEWS)}"
    _add_files(command)


def _add_new(commands: "argparse._SubParsersAction[_Parser]") -> None:
    command = _add(commands, "new", new.new, "écrit un modèle de règle ou de cas à remplir")
    command.add_argument("what", choices=("rule", "case"), metavar="QUOI", help="rule ou case")
    command.add_argument("id", nargs="?", metavar="ID", help="pour un cas : la règle à montrer")
    _add_files(command)


def _add_sources(commands: "argparse._SubParsersAction[_Parser]") -> None:
    command = _add(commands, "sources", sources.sources, "liste les sources et leurs emplois")
    command.add_argument("--stale", action="store_true", help="seulement celles qui sont à relire")
    command.add_argument("--at", metavar="JOUR", help="jour où l'on compte leur âge")
    _add_files(command)


def _add_schema(commands: "argparse._SubParsersAction[_Parser]") -> None:
    command = _add(commands, "schema", new.schemas, "donne le JSON Schema d'un fichier")
    command.add_argument("name", nargs="?", choices=tuple(SCHEMAS), metavar="NOM")
    command.add_argument("--output", metavar="DOSSIER", help="y écrit tous les schémas")
    command.epilog = f"NOM : {', '.join(SCHEMAS)}"
    _add_files(command)
