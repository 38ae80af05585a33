"""What must be true of which answers, so that a condition becomes what is wanted of it.

A cube gives, for some variables, the set of answers that will do, as bits of one integer: the
lowest bit is "no answer", then one bit a class of answers. A condition is what is wanted when
everything in one of its cubes holds. What has an answer is never made unknown again, and what is
fixed keeps its answer.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from math import comb
from typing import Final, Literal, TypeVar
from weakref import proxy

from iscg_rules.language.closing_steps import ClosingStep, PlainTest
from iscg_rules.language.conditions import (
    Atom,
    Condition,
    FactIs,
    InArea,
    InRange,
    Not,
    Test,
    Threshold,
)
from iscg_rules.language.on_demand import OnDemand
from iscg_rules.language.situations import AnswerValue
from iscg_rules.model.answer_space import Space

__all__ = ["Cube", "Edits", "Wanted", "first_answers"]

Cube = Mapping[str, int]
Wanted = Literal["true", "false", "not_true", "not_false"]
UNKNOWN = 1
_Kept = TypeVar("_Kept")
_OPPOSITE: Mapping[Wanted, Wanted] = {
    "true": "false",
    "false": "true",
    "not_true": "not_false",
    "not_false": "not_true",
}
# More cubes than this are not looked at: what is found is then not said to be exact.
MOST_CUBES = 4_000
# The same of ways in which one answer follows from others, or does not: they multiply.
MOST_FOLLOWING = 100


class Edits:
    """The cubes of conditions in one situation, and what each would cost."""

    def __init__(
        self, space: Space, values: Mapping[str, AnswerValue], *, keeps_fixed: bool = True
    ) -> None:
        self._space = space
        self._keeps_fixed = keeps_fixed
        self.is_exact: bool = True
        facts = space.rule_set.facts
        # Not `self`, which would hold what holds it: a situation is let go of at once.
        own = proxy(self)
        self._facts: OnDemand[tuple[str, Wanted], list[Cube]] = OnDemand(
            lambda asked: _facts_asked(facts[asked[0]].condition, asked[1]),
            lambda asked: own.cubes(facts[asked[0]].condition, asked[1]),
        )
        # What is wanted of a leaf is asked by many conditions, and again at each step of a search.
        self._leaves: dict[tuple[Atom, Wanted, frozenset[str]], list[Cube]] = {}
        self._wholes: dict[tuple[int, Wanted], list[Cube]] = {}
        closing = space.rule_set.closing
        self._choices = closing.choices
        self._steps: dict[str, list[ClosingStep]] = {}
        for step in closing.steps:
            if step.variable is not None:
                self._steps.setdefault(step.variable, []).append(step)
        self.now: Final = {name: self._bit(name, values.get(name)) for name in space.domains}

    def _bit(self, variable: str, answer: AnswerValue | None) -> int:
        if answer is None:
            return UNKNOWN
        return 2 << self._space.domains[variable].class_of(answer)

    def _open(self, variable: str) -> int:
        """Give the answers that the variable may still take."""
        now, space = self.now[variable], self._space
        is_given = now != UNKNOWN
        is_kept = is_given and self._keeps_fixed and space.is_fixed[variable]
        if is_kept or space.is_derived[variable]:
            return now
        every = (2 << len(space.domains[variable].examples)) - 2
        return every if is_given else every | UNKNOWN

    def cost(self, cube: Cube) -> int:
        """Count the answers to change or to give."""
        return sum(not mask & self.now[name] for name, mask in cube.items())

    def changes(self, cube: Cube) -> dict[str, AnswerValue]:
        """Give an answer for each variable that a cube changes, the first that will do."""
        found = {}
        for name in sorted(cube, key=self._space.rank.__getitem__):
            mask = cube[name]
            if not mask & self.now[name]:
                classes = mask >> 1
                place = (classes & -classes).bit_length() - 1
                found[name] = self._space.domains[name].examples[place]
        return found

    def cubes(self, condition: Condition, wanted: Wanted) -> list[Cube]:
        """Give the cubes in which a condition is what is wanted, the cheapest first."""
        match condition:
            case Test() | InRange() | InArea():
                return self._leaf(condition, wanted)
            case FactIs(fact, holds):
                return self._facts[fact, wanted if holds else _OPPOSITE[wanted]]
            case Not(part):
                return self.cubes(part, _OPPOSITE[wanted])
            case Threshold(count, of):
                # By identity: the rules live longer than what is worked out of them.
                key = id(condition), wanted
                if key not in self._wholes:
                    # Not 2 of 3: the opposite of 2 of them.
                    is_enough = wanted in ("true", "not_false")
                    count = count if is_enough else len(of) - count + 1
                    self._wholes[key] = self._several(of, wanted, count)
                return self._wholes[key]

    def both(
        self, one: Sequence[Cube], other: Sequence[Cube], most: int | None = None
    ) -> list[Cube]:
        """Give the cubes in which both hold, the cheapest first: so many at most, or MOST_CUBES."""
        found: dict[tuple[tuple[str, int], ...], Cube] = {}
        for first in one:
            for second in other:
                merged = _merge(first, second)
                if merged is not None:
                    found.setdefault(tuple(sorted(merged.items())), merged)
        return self._cheapest(found.values(), most)

    def _leaf(self, leaf: Atom, wanted: Wanted, path: frozenset[str] = frozenset()) -> list[Cube]:
        key = leaf, wanted, path
        if key not in self._leaves:
            self._leaves[key] = self._tested(leaf, wanted, path)
        return self._leaves[key]

    def _tested(self, leaf: Atom, wanted: Wanted, path: frozenset[str]) -> list[Cube]:
        """Give the cubes of a test: by an answer of its own, or by what follows from others.

        Args:
            leaf: the test.
            wanted: what is wanted of it.
            path: the variables that it is looked at for; what follows from itself does not count.
        """
        name = leaf.variable
        is_wanted = wanted in ("true", "not_false")
        mask = 0
        for place, example in enumerate(self._space.domains[name].examples):
            if leaf.allows(example) is is_wanted:
                mask |= 2 << place
        may_follow = name in self._steps and name not in path
        if wanted.startswith("not_") and not may_follow:
            mask |= UNKNOWN
        mask &= self._open(name)
        cubes: list[Cube] = [{name: mask}] if mask else []
        if may_follow and self._open(name) & UNKNOWN:
            cubes += self._following(leaf, wanted, path | {name})
        return cubes

    def _following(self, leaf: Atom, wanted: Wanted, path: frozenset[str]) -> list[Cube]:
        """Give the cubes in which a test without an answer is what is wanted of it."""
        passing = {v: leaf.allows(v) for v in self._choices[leaf.variable]}
        sides = [[v for v, passed in passing.items() if passed is side] for side in (True, False)]
        found: list[Cube] = [{leaf.variable: UNKNOWN}]
        if wanted.startswith("not_"):
            # Some answer that would make it so is still left.
            kept = sides[0] if wanted == "not_false" else sides[1]
            ways = [self._ruled_out(leaf.variable, v, path, wanted="not_true") for v in kept]
            return self._both_follow(found, self._cheapest(cube for way in ways for cube in way))
        refused = sides[1] if wanted == "true" else sides[0]
        ways = [self._ruled_out(leaf.variable, v, path, wanted="true") for v in refused or passing]
        if not refused:
            # A test that refuses nothing holds as soon as anything is ruled out.
            ways = [self._cheapest(cube for way in ways for cube in way)]
        for way in ways:
            found = self._both_follow(found, way)
        return found

    def _both_follow(self, one: Sequence[Cube], other: Sequence[Cube]) -> list[Cube]:
        return self.both(one, self._cut(other, MOST_FOLLOWING), MOST_FOLLOWING)

    def _ruled_out(
        self,
        variable: str,
        value: str,
        path: frozenset[str],
        *,
        wanted: Literal["true", "not_true"],
    ) -> list[Cube]:
        """Give the cubes in which an answer is ruled out, or in which it is not."""
        steps = [step for step in self._steps[variable] if value in step.ruled_out]
        if wanted == "true":
            return self._cheapest(
                cube
                for step in steps
                for cube in self._conjunction([self._plain(t, "true", path) for t in step.when])
            )
        found: list[Cube] = [{}]
        for step in steps:
            ways = [self._plain(test, "not_true", path) for test in step.when]
            found = self._both_follow(found, self._cheapest(c for way in ways for c in way))
        return found

    def _plain(self, test: PlainTest, wanted: Wanted, path: frozenset[str]) -> list[Cube]:
        if isinstance(test, Not):
            assert not isinstance(test.part, FactIs | Not | Threshold)
            return self._leaf(test.part, _OPPOSITE[wanted], path)
        return self._leaf(test, wanted, path)

    def _several(self, of: Sequence[Condition], wanted: Wanted, count: int) -> list[Cube]:
        """Give the cubes in which at least so many parts are what is wanted."""
        if count <= 0:
            return [{}]
        parts = [cubes for part in of if (cubes := self.cubes(part, wanted))]
        if len(parts) < count:
            return []
        if count == 1:
            return self._cheapest(cube for cubes in parts for cube in cubes)
        if comb(len(parts), count) > MOST_CUBES:
            # The cheapest parts only: enough to find an answer, not to say that none is shorter.
            self.is_exact = False
            parts = sorted(parts, key=lambda cubes: self.cost(cubes[0]))[:count]
        return self._cheapest(
            cube for chosen in combinations(parts, count) for cube in self._conjunction(chosen)
        )

    def _conjunction(self, parts: Sequence[list[Cube]]) -> list[Cube]:
        found: list[Cube] = [{}]
        for cubes in sorted(parts, key=len):
            found = self.both(found, cubes)
        return found

    def _cheapest(self, cubes: Iterable[Cube], most: int | None = None) -> list[Cube]:
        unique = {tuple(sorted(cube.items())): cube for cube in cubes}
        ordered = sorted(unique.items(), key=self._price)
        return [cube for _, cube in self._cut(ordered, most or MOST_CUBES)]

    def _cut(self, ordered: Sequence[_Kept], most: int) -> Sequence[_Kept]:
        if len(ordered) > most:
            self.is_exact = False
        return ordered[:most]

    def _price(
        self, item: tuple[tuple[tuple[str, int], ...], Cube]
    ) -> tuple[int, int, tuple[tuple[str, int], ...]]:
        """Order cubes: the fewest answers, then the fewest that follow from others."""
        masks, cube = item
        return self.cost(cube), sum(mask == UNKNOWN for _, mask in masks), masks


def first_answers(space: Space, cube: Cube) -> dict[str, AnswerValue] | None:
    """Return the first answer of each variable that a cube and the bounds of its attribute allow.

    None where a variable has no such answer. `{age: 0b1100}`, of the classes 0, 1, 2 (the lowest
    bit is "no answer") → the example of class 1; `{age: 0b1}` → nothing, it follows from others.
    """
    answers: dict[str, AnswerValue] = {}
    for name in sorted(cube, key=space.rank.__getitem__):
        if cube[name] == UNKNOWN:
            continue
        allowed = space.allowed[name]
        place = next((place for place in allowed if cube[name] >> (place + 1) & 1), None)
        if place is None:
            return None
        answers[name] = space.domains[name].examples[place]
    return answers


def _facts_asked(condition: Condition, wanted: Wanted) -> Iterator[tuple[str, Wanted]]:
    """Name the facts in a condition, with what is wanted of each.

    `{all: [a: yes, {not: {b: yes}}]}`, wanted true → (a, true), (b, false).
    """
    match condition:
        case FactIs(fact, holds):
            yield fact, wanted if holds else _OPPOSITE[wanted]
        case Not(part):
            yield from _facts_asked(part, _OPPOSITE[wanted])
        case Threshold(_, of):
            for part in of:
                yield from _facts_asked(part, wanted)


def _merge(one: Cube, other: Cube) -> Cube | None:
    if not one:
        return other
    merged = dict(one)
    for name, mask in other.items():
        both = merged.get(name, mask) & mask
        if not both:
            return None
        merged[name] = both
    return merged
