"""What an evaluation means, in the fewest words: slow, short, and right by definition.

Every evaluator must give the same `Evaluation`, and `ranking` the same order, for every rule set,
situation and day. Source: section "Ce que veut dire une évaluation" of `docs/evaluation.md`.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from iscg_rules.language.conditions import ValuesLeft
from iscg_rules.language.moments import Slots
from iscg_rules.language.situations import Situation
from iscg_rules.model.rules import Orient, Rule, RuleSet
from iscg_rules.model.scales import Strength, Urgency
from iscg_rules.recommend.closed_reference import closed, fact_truths, true_entries
from iscg_rules.recommend.kind_class import best_class


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The rules in force that hold, and those that still could; ids in alphabetical order."""

    fired: tuple[str, ...]
    open: tuple[str, ...]


def answers_of(rule_set: RuleSet, situation: Situation) -> ValuesLeft:
    """Return the answers that are evaluated: closed, with what is drawn from the moment.

    A situation that cannot be is not closed.
    """
    if situation.closed_by is rule_set.closing:
        return situation.view
    answers = closed(rule_set, situation)
    return situation.values if answers.refused_by else {**situation.values, **answers.values}


def evaluate(rule_set: RuleSet, situation: Situation, day: date | None) -> Evaluation:
    """Tell which rules hold and which are open."""
    values = answers_of(rule_set, situation)
    facts = fact_truths(rule_set, values)
    truths = {
        rule.id: rule.condition.truth(values, facts)
        for rule in rule_set.rules.values()
        if rule.is_in_force(day)
    }
    return Evaluation(
        fired=tuple(rule for rule, truth in truths.items() if truth is True),
        open=tuple(rule for rule, truth in truths.items() if truth is None),
    )


def evaluate_at(rule_set: RuleSet, situation: Situation, moment: date | None) -> Evaluation:
    """Tell which rules hold at a moment.

    Its day says which rules are in force, its hour what is drawn from it. A date without an hour is
    a day: what is drawn from the hour is unknown, and so is who is open.
    """
    hour = moment if isinstance(moment, datetime) else None
    day = hour.date() if hour else moment
    drawn = Slots(rule_set.vocabulary).at(hour)
    return evaluate(rule_set, situation.adding(drawn), day)


def impossible_entries(rule_set: RuleSet, situation: Situation) -> tuple[str, ...]:
    """Name `impossible` entries by which a situation cannot be; none where it can."""
    found = true_entries(rule_set, situation.values)
    return found or closed(rule_set, situation).refused_by


def _rules(rule_set: RuleSet, ids: Iterable[str]) -> Iterator[Rule]:
    return (rule_set.rules[rule] for rule in ids)


def oriented(rule_set: RuleSet, ids: Iterable[str]) -> dict[str, list[Orient]]:
    """Return what these rules say of each kind that they orient to."""
    found: dict[str, list[Orient]] = {}
    for rule in _rules(rule_set, ids):
        for orient in rule.orient:
            found.setdefault(orient.to, []).append(orient)
    return found


def excluded_kinds(rule_set: RuleSet, evaluation: Evaluation) -> set[str]:
    """Give the kinds that a fired rule excludes."""
    return {e.to for rule in _rules(rule_set, evaluation.fired) for e in rule.exclude}


def certain_kinds(rule_set: RuleSet, evaluation: Evaluation) -> set[str]:
    """Give the kinds oriented to by a fired rule and excluded by none, fired or open."""
    threatened = {e.to for rule in _rules(rule_set, evaluation.open) for e in rule.exclude}
    reached = set(oriented(rule_set, evaluation.fired))
    return reached - threatened - excluded_kinds(rule_set, evaluation)


def possible_kinds(rule_set: RuleSet, evaluation: Evaluation) -> set[str]:
    """Give the kinds that are not certain and still could be."""
    reachable = set(oriented(rule_set, (*evaluation.fired, *evaluation.open)))
    settled = certain_kinds(rule_set, evaluation) | excluded_kinds(rule_set, evaluation)
    return reachable - settled


def ranked_kinds(rule_set: RuleSet, evaluation: Evaluation) -> list[str]:
    """Order the certain kinds: earliest urgency, then strongest, then the vocabulary's order."""
    found = oriented(rule_set, evaluation.fired)

    def rank(kind: str) -> tuple[Urgency, Strength, int]:
        best = best_class(found[kind])
        return (best.urgency, best.strength, rule_set.vocabulary.kind_rank[kind])

    return sorted(certain_kinds(rule_set, evaluation), key=rank)
