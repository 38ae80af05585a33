"""What closing answers means, in the fewest words: slow, short, and right by definition.

Some answers cannot be given together; `impossible` entries say which. An answer that would make an
entry true is ruled out. A question with one answer left has it. This goes on until nothing changes.
Where nothing is left of some question, the situation cannot be.
"""

from typing import NamedTuple

from iscg_rules.language.closing_steps import choices_of
from iscg_rules.language.conditions import FactIs, Left, Truth, Truths, ValuesLeft, leaves
from iscg_rules.language.situations import Situation
from iscg_rules.model.rules import RuleSet

__all__ = ["ClosedAnswers", "closed", "fact_truths", "true_entries"]


class ClosedAnswers(NamedTuple):
    """The answers left of every question; `refused_by` names entries where none is left of one."""

    values: ValuesLeft
    refused_by: tuple[str, ...] = ()


def fact_truths(rule_set: RuleSet, values: ValuesLeft) -> Truths:
    """Work out every fact, each after those that it needs."""
    truths: dict[str, Truth] = {}
    for fact in rule_set.facts.values():
        truths[fact.id] = fact.condition.truth(values, truths)
    return truths


def true_entries(rule_set: RuleSet, values: ValuesLeft) -> tuple[str, ...]:
    """Name the `impossible` entries that are true of some answers; unknown is not true."""
    facts = rule_set.truths(values)
    return tuple(e.id for e in rule_set.impossible if e.condition.truth(values, facts) is True)


def closed(rule_set: RuleSet, situation: Situation) -> ClosedAnswers:
    """Return what follows from the answers given; the moment plays no part."""
    attributes = rule_set.vocabulary.attributes
    derived = {name for name, attribute in attributes.items() if attribute.derived}
    values: ValuesLeft = {name: a for name, a in situation.given.items() if name not in derived}
    spoken_of = _spoken_of(rule_set)
    choices = {name: a for name, a in choices_of(rule_set.vocabulary).items() if name in spoken_of}
    while True:
        before, values = values, dict(values)
        for variable, every in choices.items():
            held = before.get(variable, Left(every))
            wanted = sorted(held) if isinstance(held, Left) else [str(held)]
            refused = [true_entries(rule_set, {**before, variable: one}) for one in wanted]
            left = [one for one, entries in zip(wanted, refused, strict=True) if not entries]
            if not left:
                return ClosedAnswers(situation.given, refused[0])
            if len(left) < len(every):
                values[variable] = left[0] if len(left) == 1 else Left(left)
        if values == before:
            return ClosedAnswers(values, true_entries(rule_set, values))


def _spoken_of(rule_set: RuleSet) -> set[str]:
    """Name the variables that `impossible` entries speak of, through facts too."""
    waiting = [entry.condition for entry in rule_set.impossible]
    found: set[str] = set()
    for condition in waiting:
        for leaf in leaves(condition):
            if isinstance(leaf, FactIs):
                waiting.append(rule_set.facts[leaf.fact].condition)
            else:
                found.add(leaf.variable)
    return found
