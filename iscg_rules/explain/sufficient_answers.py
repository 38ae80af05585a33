"""The smallest sets of known answers that are enough for a condition to be true, or false.

Enough means: with these answers and no other, the evaluation already says so; and it stays so
whatever the other answers are. None of them can be left out.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations
from math import comb
from weakref import proxy

from iscg_rules.language.closing_steps import ClosingStep, PlainTest, variable_of
from iscg_rules.language.conditions import (
    Condition,
    FactIs,
    Not,
    Threshold,
    Truths,
    grounds,
)
from iscg_rules.language.on_demand import OnDemand
from iscg_rules.language.situations import Situation
from iscg_rules.model.rules import RuleSet

__all__ = ["Sufficiency"]

AnswerSet = frozenset[str]
# One answer of a variable.
_RuledOut = tuple[str, str]
MOST_SETS = 500


class Sufficiency:
    """The smallest sufficient sets of one situation; `is_exact` until some had to be left out."""

    def __init__(self, rule_set: RuleSet, situation: Situation, truths: Truths) -> None:
        """Start from a closed situation; `truths` are those of its facts."""
        facts = rule_set.facts
        self._facts = facts
        self._choices = rule_set.closing.choices
        self._given = situation.given
        self._values = situation.view
        # The steps that hold here, by what they rule something out of.
        self._steps: dict[str, list[ClosingStep]] = {}
        for step in rule_set.closing.steps:
            if step.variable and all(test.truth(self._values, truths) for test in step.when):
                self._steps.setdefault(step.variable, []).append(step)
        self._truths = truths
        # Not `self`, which would hold what holds it: a situation is let go of at once.
        own = proxy(self)
        self._known: OnDemand[tuple[str, bool], list[AnswerSet]] = OnDemand(
            lambda asked: own._facts_asked(asked[0], wanted=asked[1]),  # noqa: SLF001 # our own
            lambda asked: own.sets(facts[asked[0]].condition, wanted=asked[1]),
        )
        self.is_exact: bool = True

    def sets(self, condition: Condition, *, wanted: bool) -> list[AnswerSet]:
        """Give every smallest set that makes a condition true (or false), the smallest first."""
        if condition.truth(self._values, self._truths) is not wanted:
            return []
        match condition:
            case FactIs(fact, holds):
                found = self._known[fact, holds is wanted]
            case Not(part):
                found = self.sets(part, wanted=not wanted)
            case Threshold(count, of):
                needed = count if wanted else len(of) - count + 1
                found = self._several(of, needed, wanted=wanted)
            case _:
                found = self._behind(condition, wanted=wanted)
        return found

    def _behind(
        self, test: PlainTest, *, wanted: bool = True, path: frozenset[_RuledOut] = frozenset()
    ) -> list[AnswerSet]:
        """Give the smallest sets of given answers that a test follows from: its own, or others.

        Others rule out every answer that the test refuses; what is on the `path` is being looked
        at, and cannot follow from itself.
        """
        name, found = variable_of(test), list[AnswerSet]()
        if name in self._given:
            found.append(frozenset({name}))
        if name in self._choices:
            refused = [v for v in self._choices[name] if test.truth({name: v}, {}) is not wanted]
            ways = [self._ruled_out(name, value, path) for value in refused or self._choices[name]]
            # A test that refuses nothing holds as soon as anything is ruled out.
            found += self.all_of(ways) if refused else [one for way in ways for one in way]
        return self.smallest(found)

    def _ruled_out(self, name: str, value: str, path: frozenset[_RuledOut]) -> list[AnswerSet]:
        """Give the smallest sets of given answers that rule out one answer of a variable."""
        if (name, value) in path:
            return []
        longer = path | {(name, value)}
        return self.smallest(
            answers
            for step in self._steps.get(name, ())
            if value in step.ruled_out
            for answers in self.all_of(self._behind(test, path=longer) for test in step.when)
        )

    def all_of(self, parts: Iterable[list[AnswerSet]]) -> list[AnswerSet]:
        """Give the smallest sets that are enough for every part."""
        found: list[AnswerSet] = [frozenset()]
        for sets in parts:
            found = self.smallest(one | other for one in found for other in sets)
        return found

    def smallest(self, sets: Iterable[AnswerSet]) -> list[AnswerSet]:
        """Drop what holds a smaller set; order by size, then by name."""
        kept: list[AnswerSet] = []
        for one in sorted(set(sets), key=lambda one: (len(one), sorted(one))):
            if not any(smaller <= one for smaller in kept):
                kept.append(one)
        if len(kept) > MOST_SETS:
            self.is_exact = False
        return kept[:MOST_SETS]

    def _facts_asked(self, fact: str, *, wanted: bool) -> Iterator[tuple[str, bool]]:
        """Name the facts that make a fact true (or false), with what each must be."""
        condition = self._facts[fact].condition
        if condition.truth(self._values, self._truths) is not wanted:
            return
        for leaf in grounds(condition, self._values, self._truths, wanted=wanted):
            if isinstance(leaf, FactIs):
                yield leaf.fact, self._truths[leaf.fact] is True

    def _several(self, of: Sequence[Condition], count: int, *, wanted: bool) -> list[AnswerSet]:
        """Give the smallest sets that are enough for so many of these parts."""
        if count <= 0:
            return [frozenset()]
        parts = [sets for part in of if (sets := self.sets(part, wanted=wanted))]
        if count == 1:
            return self.smallest(one for sets in parts for one in sets)
        if comb(len(parts), count) > MOST_SETS:
            self.is_exact = False
            parts = sorted(parts, key=lambda sets: len(sets[0]))[:count]
        return self.smallest(
            one for chosen in combinations(parts, count) for one in self.all_of(chosen)
        )
