"""Situations evaluated once: what each fact and each rule in force is worth in them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from iscg_rules.language.conditions import Truth, Values, ValuesLeft
from iscg_rules.language.moments import Slots, day_of
from iscg_rules.language.situations import Situation
from iscg_rules.model.cases import Case
from iscg_rules.model.rules import RuleSet
from iscg_rules.recommend import closed_reference, reference

__all__ = ["Evaluated", "EvaluatedCase", "evaluated", "see"]


@dataclass(frozen=True, slots=True, repr=False)
class Evaluated:
    """Answers, closed, those of the moment included, with the truth of every fact and rule."""

    values: ValuesLeft
    day: date | None
    facts: Mapping[str, Truth]
    rules: Mapping[str, Truth]

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {len(self.values)} answers>"

    def evaluation(self, changed: Mapping[str, Truth] | None = None) -> reference.Evaluation:
        """Return the rules that hold and that are open, some of them with another truth."""
        rules = {**self.rules, **(changed or {})}
        return reference.Evaluation(
            tuple(name for name, truth in rules.items() if truth is True),
            tuple(name for name, truth in rules.items() if truth is None),
        )


@dataclass(frozen=True, slots=True, repr=False)
class EvaluatedCase(Evaluated):
    """The same of an authors' case."""

    case: Case


def evaluated(rule_set: RuleSet, values: Values, day: date | None) -> Evaluated:
    """Evaluate by the reference."""
    situation = rule_set.closing.closed(Situation(values))
    evaluation = reference.evaluate(rule_set, situation, day)
    in_force = (rule.id for rule in rule_set.rules.values() if rule.is_in_force(day))
    rules: dict[str, Truth] = dict.fromkeys(in_force, False)
    rules |= dict.fromkeys(evaluation.fired, True)
    rules |= dict.fromkeys(evaluation.open)
    view = situation.view
    return Evaluated(view, day, closed_reference.fact_truths(rule_set, view), rules)


def see(rule_set: RuleSet, cases: Iterable[Case]) -> tuple[EvaluatedCase, ...]:
    """Return the cases that are not refused as impossible, in their order."""
    slots = Slots(rule_set.vocabulary)
    seen = []
    for case in cases:
        # As in `recommend`: what cannot be is looked at before the moment is known.
        if not rule_set.closing.is_refused(case.situation):
            values = case.situation.adding(slots.at(case.at)).values
            outcome = evaluated(rule_set, values, day_of(case.at))
            seen.append(
                EvaluatedCase(outcome.values, outcome.day, outcome.facts, outcome.rules, case)
            )
    return tuple(seen)
