"""`iscg-rules coverage` and `mutate`: what the authors' cases show, and what they miss."""

import argparse
import sys
from collections.abc import Iterator

from iscg_rules.cli.days import chosen_day
from iscg_rules.cli.file_arguments import add_files
from iscg_rules.cli.printing import print_lines
from iscg_rules.cli.written_files import load_sound
from iscg_rules.errors import IscgError, Problem
from iscg_rules.language.conditions import Condition, Not, Threshold
from iscg_rules.language.wording import joint
from iscg_rules.model.partners import Directory
from iscg_rules.model.rules import RuleSet
from iscg_rules.proof.cases.coverage import cover
from iscg_rules.proof.cases.mutation import mutate
from iscg_rules.proof.results import Coverage, Covered, Effect, Mutations, Reach
from iscg_rules.suggestions import did_you_mean

__all__ = ["add_coverage", "add_mutate", "coverage", "mutations"]

_NBSP = "\u00a0"
_NOT_SHOWN = {
    (True, False): "aucun cas ne la montre vraie à elle seule",
    (False, True): "aucun cas ne la montre fausse à elle seule",
    (True, True): "aucun cas ne la montre à elle seule",
}


def add_coverage(command: argparse.ArgumentParser) -> None:
    """Say what `coverage` takes."""
    command.set_defaults(run=coverage)
    command.add_argument("--missing", action="store_true", help="écrit un cas pour ce qui manque")
    command.add_argument(
        "--rule", metavar="ID", help="seulement cette règle, ce fait, ce partenaire"
    )
    _add_common(command)
    add_files(command)


def add_mutate(command: argparse.ArgumentParser) -> None:
    """Say what `mutate` takes."""
    command.set_defaults(run=mutations)
    command.add_argument("--rule", metavar="ID", help="seulement cette règle ou ce fait")
    _add_common(command)
    add_files(command)


def _add_common(command: argparse.ArgumentParser) -> None:
    command.add_argument("--format", choices=("text", "json"), default="text")
    command.add_argument("--at", metavar="JOUR", help="premier jour examiné (aujourd'hui sinon)")


def _check_id(chosen: argparse.Namespace, *known: dict[str, object]) -> None:
    ids = [name for some in known for name in some]
    if chosen.rule is not None and chosen.rule not in ids:
        raise IscgError(
            [Problem("V006", "rien ne porte cet identifiant", help=did_you_mean(chosen.rule, ids))]
        )


def coverage(chosen: argparse.Namespace) -> bool:
    """Print what the cases show, and what is missing.

    Raises:
        IscgError: the files cannot be read; V006 for an unknown id; A012 without the solver.
    """
    files = load_sound(chosen)
    rule_set, directory = files.rule_set, files.directory
    accepting = {p.id: p for p in directory.partners.values() if p.condition is not None}
    _check_id(chosen, dict(rule_set.rules), dict(rule_set.facts), dict(accepting))
    day = chosen_day(chosen)
    got = cover(
        rule_set, directory, files.cases, day=day, only=chosen.rule, with_drafts=chosen.missing
    )
    if chosen.format == "json":
        sys.stdout.write(got.to_json())
    else:
        is_full = chosen.rule is not None
        print_lines(_coverage_lines(rule_set, directory, got, is_full=is_full))
    return not got.is_complete


def mutations(chosen: argparse.Namespace) -> bool:
    """Print which changes no case notices, each with a case that would.

    Raises:
        IscgError: the files cannot be read; V006 for an unknown id; A012 without the solver.
    """
    files = load_sound(chosen)
    rule_set, directory = files.rule_set, files.directory
    _check_id(chosen, dict(rule_set.rules), dict(rule_set.facts))
    day = chosen_day(chosen)
    got = mutate(rule_set, directory, files.cases, day=day, only=chosen.rule)
    if chosen.format == "json":
        sys.stdout.write(got.to_json())
    else:
        print_lines(_mutation_lines(got))
    return got.count("unnoticed") > 0


def _coverage_lines(
    rule_set: RuleSet, directory: Directory, got: Coverage, *, is_full: bool
) -> Iterator[str]:
    for one in got.conditions:
        if is_full or not one.is_complete:
            yield f"{_place(one.file, one.line)}{one.id}"
            effects = iter(one.effects)
            yield from _tree(rule_set, _condition(rule_set, directory, one), effects, 1)
            yield from _drafts(one)
            yield ""
    yield from _unreached(got.rules, "règle que rien ne déclenche dans les cas", "règles")
    yield from _unreached(got.kinds, "aide qui ne vient dans aucun cas", "aides")
    yield from _unreached(got.exclusions, "exclusion qui ne joue dans aucun cas", "exclusions")
    statuses = [shown.status for shown in got.shown]
    proven = statuses.count("unreachable")
    yield (
        f"{got.cases} cas{_NBSP}: {statuses.count('shown')} effets montrés sur "
        f"{len(statuses) - proven} ({_percent(got.percent)}), "
        f"{proven} qu’aucune situation ne montre (prouvé)"
    )


def _condition(rule_set: RuleSet, directory: Directory, one: Covered) -> Condition:
    if one.owner == "partner":
        accepts = directory.partners[one.id].condition
        assert accepts is not None
        return accepts
    owners = rule_set.rules if one.owner == "rule" else rule_set.facts
    return owners[one.id].condition


def _tree(
    rule_set: RuleSet, condition: Condition, effects: Iterator[Effect], depth: int
) -> Iterator[str]:
    indent = "  " * depth
    match condition:
        case Threshold(_, of):
            yield f"{indent}- {joint(condition)}"
            for part in of:
                yield from _tree(rule_set, part, effects, depth + 1)
        case Not(part):
            yield f"{indent}- le contraire de"
            yield from _tree(rule_set, part, effects, depth + 1)
        case _:
            effect = next(effects)
            yield f"{indent}{_mark(effect)} {effect.words}{_said(effect)}"


def _missing(effect: Effect) -> tuple[bool, bool]:
    return effect.when_true.status == "missing", effect.when_false.status == "missing"


def _mark(effect: Effect) -> str:
    return "✗" if any(_missing(effect)) else "✓"


def _said(effect: Effect) -> str:
    text = _NOT_SHOWN.get(_missing(effect))
    return f"{_NBSP}: {text}" if text else ""


def _drafts(one: Covered) -> Iterator[str]:
    for shown in one.shown:
        if shown.draft:
            yield shown.draft.rstrip("\n")


def _unreached(reached: tuple[Reach, ...], words: str, several: str) -> Iterator[str]:
    for one in reached:
        if one.shown.status == "missing":
            yield f"{words}{_NBSP}: {one.id}" + (
                f" ({one.kind})" if one.kind not in (None, one.id) else ""
            )
            if one.shown.draft:
                yield one.shown.draft.rstrip("\n")
    held = sum(one.shown.status == "shown" for one in reached)
    if reached:
        yield f"{several} vues dans les cas{_NBSP}: {held} sur {len(reached)}"


def _mutation_lines(got: Mutations) -> Iterator[str]:
    for one in got.changes:
        if one.fate == "unnoticed":
            yield f"{_place(one.file, one.line)}{one.id}{_NBSP}: {one.words}"
            yield "  aucun cas ne s’en aperçoit ; celui-ci le verrait"
            yield (one.draft or "").rstrip("\n")
            yield ""
    noticed = got.count("noticed")
    yield (
        f"{got.cases} cas{_NBSP}: {noticed} changements vus sur "
        f"{noticed + got.count('unnoticed')} ({_percent(got.percent)}), "
        f"{got.count('equivalent')} sans aucun effet (prouvé), "
        f"{got.count('unexpectable')} dont aucun cas ne peut rien attendre (prouvé)"
    )


def _place(file: str | None, line: int | None) -> str:
    return f"{file}:{line}: " if file else ""


def _percent(number: float) -> str:
    return f"{number:.1f}".replace(".", ",") + f"{_NBSP}%"
