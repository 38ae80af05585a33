"""The smallest sets of known answers that are enough for a condition to be true, or false.

Enough means: with these answers and no other, the evaluation already says so; and it stays so
whatever the other answers are. None of them can be left out.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from math import comb

from iscg_rules.language.conditions import (
    Condition,
    FactIs,
    Not,
    Threshold,
    Truths,
    Values,
    grounds,
)
from iscg_rules.language.on_demand import OnDemand
from iscg_rules.model.rules import Fact

__all__ = ["Sufficiency"]

AnswerSet = frozenset[str]
MOST_SETS = 500


class Sufficiency:
    """The smallest sufficient sets of one situation; `is_exact` until some had to be left out."""

    def __init__(self, facts: Mapping[str, Fact], values: Values, truths: Truths) -> None:
        self._facts = facts
        self._values = values
        self._truths = truths
        self._known: OnDemand[tuple[str, bool], list[AnswerSet]] = OnDemand(
            lambda asked: self._facts_asked(asked[0], wanted=asked[1]),
            lambda asked: self.sets(facts[asked[0]].condition, wanted=asked[1]),
        )
        self.is_exact = True

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
                found = [frozenset({condition.variable})]
        return found

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
