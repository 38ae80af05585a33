"""`iscg-rules evaluate`: how well the rules do on cases from elsewhere."""

import argparse
from collections.abc import Iterator
from pathlib import Path

from iscg_rules.authoring.scores import Missed, Scored, Scores, ScoreSheet, score
from iscg_rules.cli.file_arguments import add_files
from iscg_rules.cli.printing import print_json, print_lines
from iscg_rules.engine import Engine
from iscg_rules.errors import IscgError, Noted, Problem
from iscg_rules.model.cases import read_case_files
from iscg_rules.model.rules import RuleSet

__all__ = ["add_arguments", "evaluate"]

_NBSP = "\u00a0"
_COLON = f"{_NBSP}: "
_FEW = 3
_HEAD = ("cas", "attendues", "venues", "rappel", "en tête", "précision", "interdites")
_ALL = "tous les cas"


def add_arguments(command: argparse.ArgumentParser) -> None:
    """Add what only this command takes."""
    command.set_defaults(run=evaluate)
    command.add_argument("file", metavar="CAS", help="fichier de cas, ou dossier de fichiers")
    command.add_argument("--format", choices=("text", "json"), default="text")
    command.add_argument(
        "--misses", action="store_true", help="dit ce qui était attendu et n'est pas certain"
    )
    command.add_argument(
        "--at-least", type=_part, metavar="PART", help="sort avec 1 sous ce rappel, comme 0.85"
    )
    add_files(command)


def _part(text: str) -> float:
    try:
        part = float(text)
    except ValueError:
        part = -1
    if not 0 <= part <= 1:
        raise argparse.ArgumentTypeError("un nombre de 0 à 1 est attendu, comme 0.85")
    return part


def evaluate(chosen: argparse.Namespace) -> bool:
    """Print how well the rules do; tell whether something forbidden came or too little did.

    Raises:
        IscgError: rules or cases cannot be read, or a situation cannot be: all in one go.
    """
    engine = Engine.load(chosen.rules, chosen.partners, territory=chosen.territory)
    problems = Noted()
    rules = frozenset(engine.rule_set.rules)
    files = _files(Path(chosen.file))
    cases = read_case_files(files, engine.rule_set.vocabulary, rules, problems)
    if not cases and not problems:
        problems.append(Problem("S005", "aucun cas à cet endroit", help="une liste `cases:`"))
    if problems:
        raise IscgError(problems)
    scores = score(engine, cases)
    if chosen.format == "json":
        print_json(scores.as_dict(), indent=1)
    else:
        print_lines(_lines(scores, engine.rule_set, with_misses=chosen.misses))
    recall = scores.all.recall
    is_low = chosen.at_least is not None and recall is not None and recall < chosen.at_least
    return scores.all.forbidden > 0 or is_low


def _files(path: Path) -> list[tuple[Path, str]]:
    paths = sorted(path.rglob("*.yaml")) if path.is_dir() else [path]
    return [(one, one.as_posix()) for one in paths]


def _lines(scores: Scores, rule_set: RuleSet, *, with_misses: bool) -> Iterator[str]:
    """Say each case that wants a look, then the counts."""
    for one in scores.cases:
        told = [*_forbidden(one, rule_set)]
        told += _misses(one, rule_set) if with_misses else ()
        if told:
            yield f"{one.file}:{one.line} {one.case}{_COLON}{one.title}"
            yield from (f"  {line}" for line in told)
    rows = {_ALL: scores.all, **scores.tags}
    table = [("", *_HEAD), *((name, *_cells(tally)) for name, tally in rows.items())]
    widths = [max(len(row[column]) for row in table) for column in range(len(table[0]))]
    for name, *cells in table:
        columns = (cell.rjust(width) for cell, width in zip(cells, widths[1:], strict=True))
        yield "  ".join((name.ljust(widths[0]), *columns)).rstrip()
    yield f"orientations certaines par cas, médiane{_COLON}{scores.all.median_certain:g}"


def _cells(tally: ScoreSheet) -> tuple[str, ...]:
    near = f"{tally.first_near} sur {tally.with_first}" if tally.with_first else "–"
    return (
        str(tally.cases),
        str(tally.expected),
        str(tally.found),
        _percent(tally.recall),
        near,
        _percent(tally.precision),
        str(tally.forbidden),
    )


def _percent(share: float | None) -> str:
    # Rounded down: what is shown as 85 % is not below it.
    return "–" if share is None else f"{int(share * 100 + 1e-9)}{_NBSP}%"


def _forbidden(one: Scored, rule_set: RuleSet) -> Iterator[str]:
    for kind in one.forbidden:
        yield f"interdite, et certaine{_COLON}{_named(kind, rule_set)}"


def _misses(one: Scored, rule_set: RuleSet) -> Iterator[str]:
    for missed in one.missed:
        label = _named(missed.kind, rule_set)
        yield f"attendue{_COLON}{label}{_COLON}{_why(missed, rule_set)}"


def _why(missed: Missed, rule_set: RuleSet) -> str:
    if missed.status == "possible":
        attributes = rule_set.vocabulary.attributes
        asked = ", ".join(attributes[name].label.fr for name in missed.questions)
        return f"possible, il manque {_answers(missed.distance or 1)} parmi{_COLON}{asked}"
    if missed.status == "excluded":
        return f"exclue par {_listed(missed.rules)}"
    if missed.status == "elsewhere":
        return f"des règles y mènent, pas ici{_COLON}{_listed(missed.rules)}"
    return "aucune règle n’y mène, en écrire une"


def _answers(count: int) -> str:
    return "une réponse" if count == 1 else f"au moins {count} réponses"


def _named(kind: str, rule_set: RuleSet) -> str:
    return f"{rule_set.vocabulary.kinds[kind].label.fr} (`{kind}`)"


def _listed(rules: tuple[str, ...]) -> str:
    more = len(rules) - _FEW
    shown = ", ".join(f"`{rule}`" for rule in rules[:_FEW])
    return f"{shown} et {more} autre{'s' if more > 1 else ''}" if more > 0 else shown
