"""The arguments of every command, in French, down to what the standard library says."""

import argparse
import re
import sys
from collections.abc import Callable
from importlib import import_module
from types import MappingProxyType
from typing import NoReturn

from iscg_rules import __version__

__all__ = ["build_parser"]

# Gives a parser the arguments of one command, and what runs it.
Fill = Callable[[argparse.ArgumentParser], None]

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
    def __init__(self, *, fill: Fill | None = None, **options: object) -> None:
        self._fill = fill
        options |= {"add_help": False, "allow_abbrev": False, "formatter_class": _Formatter}
        super().__init__(**options)  # type: ignore[arg-type]  # passed on as they are
        self._positionals.title = "arguments"
        self._optionals.title = "options"
        self.add_argument("-h", "--help", action="help", help="montre cette aide")

    # Every way to parse leads through here.
    def parse_known_args(self, args=None, namespace=None):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202  # as in the standard library
        if self._fill is not None:
            fill, self._fill = self._fill, None
            fill(self)
        return super().parse_known_args(args, namespace)

    def error(self, message: str) -> NoReturn:
        for pattern, french in _MESSAGES:
            message = re.sub(pattern, french, message)
        self.print_usage(sys.stderr)
        self.exit(2, f"{self.prog} : {message}\n")


# What a description says beyond the line in the list of commands.
_MORE = MappingProxyType({"diff": ", dans toutes les situations"})
# What adds the arguments of a command is imported when it is chosen: `recommend` waits for nothing
# that only `check` needs.
_COMMANDS = (
    ("recommend", "donne les orientations d'une situation", "recommend.add_arguments"),
    ("why", "dit pourquoi une aide est là", "explain_arguments.add_why"),
    ("why-not", "dit pourquoi une aide n'est pas là", "explain_arguments.add_why_not"),
    ("what-if", "dit ce qui changerait cela, au plus court", "explain_arguments.add_what_if"),
    (
        "explain-for-person",
        "dit à la personne comment la réponse a été faite",
        "explain_arguments.add_explain_for_person",
    ),
    ("questions", "dit quoi demander ensuite", "explain_arguments.add_questions"),
    ("ask", "pose les questions une à une, sans rien écrire", "interview.add_arguments"),
    ("try", "essaie une règle sur un cas", "explain_arguments.add_try"),
    ("note", "écrit la fiche de liaison vers une aide", "explain_arguments.add_note"),
    ("sheet", "écrit les numéros que la personne emporte", "explain_arguments.add_sheet"),
    ("page", "écrit la page d'un poste sans réseau, en un fichier", "page.add_arguments"),
    ("serve", "sert les orientations à d'autres programmes, par HTTP", "serve.add_arguments"),
    ("batch", "donne les orientations de tout un fichier", "batch.add_arguments"),
    ("report", "compte ce que les règles proposent", "report.add_report"),
    ("replay", "compte ce que d'autres règles changent", "report.add_replay"),
    ("sample", "invente des situations, pour essayer", "report.add_sample"),
    ("check", "lit tout et montre chaque problème", "check.add_check"),
    ("test", "rejoue les cas des auteurs", "check.add_test"),
    ("safety", "dit ce qui pourrait mal tourner, et ce qui le tient", "safety.add_arguments"),
    ("notice", "écrit ce que la personne doit savoir de l'outil", "transparency.add_notice"),
    (
        "inventory",
        "écrit la fiche du traitement, ou un canevas d'AIPD",
        "transparency.add_inventory",
    ),
    ("rating-kit", "écrit un livret à faire juger par des praticiens", "rating.add_kit"),
    ("rating-score", "mesure leur accord, entre eux et avec l'outil", "rating.add_score"),
    ("evaluate", "mesure les règles sur des cas venus d'ailleurs", "evaluate.add_arguments"),
    ("diff", "dit ce qu'un changement des règles change aux orientations", "diff.add_arguments"),
    ("review", "dit si un changement des règles peut être fusionné", "review.add_arguments"),
    ("coverage", "dit ce que les cas montrent des règles", "try_cases.add_coverage"),
    ("mutate", "change chaque règle et dit quels cas s'en aperçoivent", "try_cases.add_mutate"),
    ("show", "montre une règle, un partenaire, un mot", "show.add_arguments"),
    (
        "new",
        "écrit un modèle de règle, de cas, de question, d'aide, de partenaire ; un territoire",
        "new.add_arguments",
    ),
    ("rulebook", "écrit les règles en français", "rulebook.add_arguments"),
    ("reference", "dit ce que chaque clé des fichiers veut dire", "reference.add_arguments"),
    ("sources", "liste les sources et leurs emplois", "sources.add_arguments"),
    ("partners", "importe, relit et mesure des partenaires", "partners.add_arguments"),
    ("export", "écrit les règles pour d'autres programmes", "export.add_arguments"),
    ("lsp", "sert un éditeur de texte", "lsp.add_arguments"),
    ("schema", "donne le JSON Schema d'un fichier", "new.add_schema"),
)


def build_parser() -> argparse.ArgumentParser:
    """Return the parser; the chosen command stands in `run`, which tells whether it found any."""
    parser = _Parser(
        prog="iscg-rules",
        description="Une situation entre, des orientations classées et justifiées sortent.",
    )
    version = f"iscg-rules {__version__}"
    parser.add_argument("--version", action="version", version=version, help="montre la version")
    commands = parser.add_subparsers(metavar="COMMANDE", required=True, title="commandes")
    for name, text, adder in _COMMANDS:
        description = f"{text[0].upper()}{text[1:]}{_MORE.get(name, '')}."
        commands.add_parser(name, help=text, description=description, fill=_filled_by(adder))
    return parser


def _filled_by(adder: str) -> Fill:
    module, _, name = adder.partition(".")

    def fill(command: argparse.ArgumentParser) -> None:
        add: Fill = getattr(import_module(f"iscg_rules.cli.{module}"), name)
        add(command)

    return fill
