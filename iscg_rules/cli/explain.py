"""`iscg-rules why`, `why-not`, `what-if`, `questions` and `try`: answers about answers."""

import argparse
import dataclasses
import json
import sys
from collections.abc import Iterator
from datetime import date, datetime

from iscg_rules.cli.recommend import read_situation
from iscg_rules.engine import Engine
from iscg_rules.errors import IscgError, Noted, Problem
from iscg_rules.language.conditions import (
    Condition,
    FactIs,
    Not,
    Threshold,
    Values,
    parts_of,
)
from iscg_rules.language.moments import PARIS, Slots
from iscg_rules.language.wording import joint
from iscg_rules.model.cases import Case, read_cases
from iscg_rules.model.files import find_files
from iscg_rules.model.rules import RuleSet
from iscg_rules.model.situation_files import SituationFile
from iscg_rules.recommend.results import Recommendation
from iscg_rules.rendering.explanations import (
    render_questions,
    render_what_if,
    render_why,
    render_why_not,
)
from iscg_rules.rendering.person_account import render_person_account
from iscg_rules.rendering.person_sheet import render_sheet, sheet_page
from iscg_rules.rendering.referral import render_referral_note, to_html
from iscg_rules.suggestions import did_you_mean

__all__ = [
    "explain_for_person",
    "note",
    "questions",
    "sheet",
    "try_rule",
    "what_if",
    "why",
    "why_not",
]

VERSION = 1
_BEFORE_HANDING_OVER = (
    "à relire avant de remettre\u00a0: cette explication nomme une autorité (CRIP, "
    "procureur, juge…) "
    "vers laquelle une règle mène\n"
)
_MARKS = {True: "✓", False: "✗", None: "?"}


def _engine_and_situation(
    chosen: argparse.Namespace,
) -> tuple[Engine, SituationFile, date | str]:
    engine = Engine.load(chosen.rules, chosen.partners, territory=chosen.territory)
    given = read_situation(chosen.file, engine)
    return engine, given, chosen.at or given.at or datetime.now(PARIS)


def why(chosen: argparse.Namespace) -> bool:
    """Print the smallest sets of answers that are enough for a kind."""
    engine, given, at = _engine_and_situation(chosen)
    got = engine.why(given.situation, chosen.kind, at=at, language=chosen.language)
    _write(chosen, got, render_why(got, chosen.language))
    return False


def why_not(chosen: argparse.Namespace) -> bool:
    """Print what stands between a kind and the orientations."""
    engine, given, at = _engine_and_situation(chosen)
    got = engine.why_not(given.situation, chosen.kind, at=at, language=chosen.language)
    _write(chosen, got, render_why_not(got, chosen.language))
    return False


def what_if(chosen: argparse.Namespace) -> bool:
    """Print the fewest answers to change or to give so that a kind reaches a goal."""
    engine, given, at = _engine_and_situation(chosen)
    got = engine.what_if(
        given.situation, chosen.kind, at=at, goal=chosen.goal, language=chosen.language
    )
    _write(chosen, got, render_what_if(got, chosen.language))
    return False


def questions(chosen: argparse.Namespace) -> bool:
    """Print what to ask next."""
    engine, given, at = _engine_and_situation(chosen)
    got = engine.next_questions(given.situation, at=at, language=chosen.language)
    kinds = engine.rule_set.vocabulary.kinds.values()
    labels = {kind.id: kind.label.in_(chosen.language) for kind in kinds}
    _write(chosen, got, render_questions(got, labels, chosen.language))
    return False


def explain_for_person(chosen: argparse.Namespace) -> bool:
    """Print how the answer was made, for the person whom it is about."""
    engine, given, at = _engine_and_situation(chosen)
    got = engine.explain_for_person(given.situation, at=at, language=chosen.language)
    if chosen.format == "json":
        sys.stdout.write(got.to_json(indent=2) + "\n")
    else:
        sys.stdout.write(render_person_account(got))
    kinds = engine.rule_set.vocabulary.kinds
    named = {one.to for rule in got.rules for one in engine.rule_set.rules[rule.rule].orient}
    if any(kinds[kind].nature == "authority" for kind in named):
        # Apart: the person reads the rest.
        sys.stderr.write(_BEFORE_HANDING_OVER)
    return False


def note(chosen: argparse.Namespace) -> bool:
    """Print the fiche de liaison for one orientation.

    Raises:
        IscgError: the kind is not among the orientations.
    """
    note = _recommendation(chosen).referral_note(
        chosen.kind,
        reason=chosen.reason,
        needs=chosen.need,
        done=chosen.done,
        shares=chosen.shares,
        call_back=chosen.call_back,
    )
    text = render_referral_note(note)
    sys.stdout.write(to_html(text) if chosen.html else text)
    return False


def sheet(chosen: argparse.Namespace) -> bool:
    """Print the numbers that the person takes along."""
    engine, given, at = _engine_and_situation(chosen)
    got = engine.recommend(given.situation, at=at, already=given.already)
    vocabulary, directory = engine.rule_set.vocabulary, engine.directory
    if chosen.html:
        paper = chosen.paper
        text = sheet_page(got, vocabulary, directory, is_named=chosen.named, paper=paper)
    else:
        text = render_sheet(got, vocabulary, directory, is_named=chosen.named)
    sys.stdout.write(text)
    return False


def _recommendation(chosen: argparse.Namespace) -> Recommendation:
    engine, given, at = _engine_and_situation(chosen)
    return engine.recommend(given.situation, at=at, already=given.already)


def _write(chosen: argparse.Namespace, got: object, text: str) -> None:
    if chosen.format == "json":
        content = {"version": VERSION, **dataclasses.asdict(got)}  # type: ignore[call-overload]  # all are dataclasses
        text = json.dumps(content, ensure_ascii=False, indent=2, default=_plain) + "\n"
    sys.stdout.write(text)


def _plain(value: object) -> object:
    return (
        value.model_dump(mode="json", exclude_none=True)
        if hasattr(value, "model_dump")
        else str(value)
    )


def try_rule(chosen: argparse.Namespace) -> bool:
    """Print what one rule does on one case, condition by condition.

    Raises:
        IscgError: no such rule, or no such case.
    """
    engine = Engine.load(chosen.rules, chosen.partners, territory=chosen.territory)
    rule_set = engine.rule_set
    if chosen.rule not in rule_set.rules:
        aid = did_you_mean(chosen.rule, rule_set.rules)
        raise IscgError([Problem("V006", "cette règle n'existe pas", help=aid)])
    case = _case(chosen, rule_set)
    values = case.situation.adding(Slots(rule_set.vocabulary).at(case.at)).values
    condition = rule_set.rules[chosen.rule].condition
    lines = _told_step_by_step(rule_set, condition, values)
    truth = condition.truth(values, rule_set.truths(values))
    said = {True: "vaut", False: "ne vaut pas", None: "dépend de réponses qui manquent"}[truth]
    head = f"{chosen.rule} {said} dans le cas {case.id} ({case.title.fr})"
    sys.stdout.write("\n".join([head, *lines]) + "\n")
    return False


def _case(chosen: argparse.Namespace, rule_set: RuleSet) -> Case:
    problems = Noted()
    layout = find_files(chosen.rules, chosen.partners, chosen.territory, problems)
    known = frozenset(rule_set.rules)
    cases = {c.id: c for c in read_cases(layout.folders(), rule_set.vocabulary, known, problems)}
    if chosen.case not in cases:
        aid = did_you_mean(chosen.case, cases)
        raise IscgError([Problem("V006", "ce cas n'existe pas", help=aid)])
    return cases[chosen.case]


def _told_step_by_step(rule_set: RuleSet, condition: Condition, values: Values) -> Iterator[str]:
    """Say a condition and all that it rests on, a line each, further in by two what is inside.

    A fact is told once: where it is named again, the reader is sent up.
    """
    truths, wording = rule_set.truths(values), rule_set.wording()
    told: set[str] = set()
    waiting: list[tuple[Condition, int]] = [(condition, 1)]
    while waiting:
        part, depth = waiting.pop()
        inside: tuple[Condition, ...] = parts_of(part)
        match part:
            case Threshold():
                said = joint(part)
            case Not():
                said = "le contraire de"
            case FactIs(fact, _) if fact in told:
                said = f"{wording.condition(part)} (voir plus haut)"
            case FactIs(fact, _):
                told.add(fact)
                said = f"{wording.condition(part)}, c'est-à-dire"
                inside = (rule_set.facts[fact].condition,)
            case _:
                answer = values.get(part.variable)
                given = (
                    "pas de réponse" if answer is None else wording.answer(part.variable, answer)
                )
                said = f"{wording.condition(part)} (réponse\u00a0: {given})"
        yield f"{'  ' * depth}{_MARKS[part.truth(values, truths)]} {said}"
        # The last one in is the next one out.
        waiting += [(below, depth + 1) for below in reversed(inside)]
