"""Conditions on a situation: a small tree, true, false or unknown (Kleene's strong logic).

Three sorts of nodes: a leaf (a test of one variable, or a named fact), `Not`, and `Threshold`, of
which `all`, `any` and `at_least` are three spellings. Whatever is worked out over a condition is
one `fold`; an `Algebra` says what a leaf, a negation and a threshold are in it.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar, Literal, Protocol, TypeVar

from iscg_rules.language.vocabulary import Area

__all__ = [
    "Algebra",
    "Atom",
    "Condition",
    "FactIs",
    "InArea",
    "InRange",
    "Leaf",
    "Left",
    "Not",
    "Test",
    "Threshold",
    "Truth",
    "Truths",
    "Values",
    "ValuesLeft",
    "all_of",
    "allows_all",
    "any_of",
    "at_least",
    "facts_in",
    "fold",
    "grounds",
    "leaves",
    "parts_of",
]

# True, false, or None for unknown.
Truth = bool | None


class Left(frozenset[str]):
    """The answers left of a variable that is not known yet, where closing ruled others out."""


Values = Mapping[str, str | float]
# The known answers, and what is left of some others.
ValuesLeft = Mapping[str, str | float | Left]
Truths = Mapping[str, Truth]
Carrier = TypeVar("Carrier")


class _HasTruth:
    """What every node of a condition can do."""

    __slots__ = ()

    def truth(self, values: ValuesLeft, facts: Truths) -> Truth:
        """Tell whether the condition holds.

        Args:
            values: the known answer of each variable; what is absent is unknown.
            facts: the truth of every fact that the condition names.
        """
        return fold(self, _Kleene(values, facts))  # type: ignore[arg-type]  # a node is a `Condition`


@dataclass(frozen=True, slots=True)
class Test(_HasTruth):
    """The known answer of a variable is one of these."""

    __test__: ClassVar[bool] = False  # pytest would take the class for a test

    attribute: str
    variable: str
    allowed: frozenset[str]

    def allows(self, answer: str | float) -> bool:
        """Tell whether an answer passes."""
        return answer in self.allowed


@dataclass(frozen=True, slots=True)
class InRange(_HasTruth):
    """The known number lies between two bounds, both included; None is no bound."""

    attribute: str
    low: float | None
    high: float | None

    @property
    def variable(self) -> str:
        """Name the variable: the attribute itself."""
        return self.attribute

    def allows(self, answer: str | float) -> bool:
        """Tell whether a number lies between the bounds."""
        number = float(answer)
        return (self.low is None or self.low <= number) and (
            self.high is None or number <= self.high
        )


@dataclass(frozen=True, slots=True)
class InArea(_HasTruth):
    """The known commune lies in one of these areas."""

    attribute: str
    areas: tuple[Area, ...]

    @property
    def variable(self) -> str:
        """Name the variable: the attribute itself."""
        return self.attribute

    def allows(self, answer: str | float) -> bool:
        """Tell whether an INSEE code lies in one of the areas."""
        return any(area.covers(str(answer)) for area in self.areas)


@dataclass(frozen=True, slots=True)
class FactIs(_HasTruth):
    """A named fact holds, or does not."""

    fact: str
    holds: bool


@dataclass(frozen=True, slots=True)
class Not(_HasTruth):
    """The part is false."""

    part: "Condition"


@dataclass(frozen=True, slots=True)
class Threshold(_HasTruth):
    """At least `count` of the parts are true; `spelling` is the word that the author wrote.

    `all` of three parts is 3 of 3, `any` is 1 of 3. All of none is true, any of none is false.
    """

    count: int
    of: tuple["Condition", ...]
    spelling: Literal["all", "any", "at_least"] = "at_least"


Atom = Test | InRange | InArea
Leaf = Atom | FactIs
Condition = Leaf | Not | Threshold


def all_of(parts: Iterable[Condition]) -> Threshold:
    """Return the condition that every part is true."""
    of = tuple(parts)
    return Threshold(len(of), of, "all")


def any_of(parts: Iterable[Condition]) -> Threshold:
    """Return the condition that one part or more is true."""
    return Threshold(1, tuple(parts), "any")


def at_least(count: int, parts: Iterable[Condition]) -> Threshold:
    """Return the condition that so many parts or more are true."""
    return Threshold(count, tuple(parts))


class Algebra(Protocol[Carrier]):
    """What a test, a fact, a negation and a threshold are, in one way of working them out."""

    def test(self, test: Atom) -> Carrier:
        """Return what a test of one variable is."""

    def fact(self, fact: str) -> Carrier:
        """Return what a named fact is: that it holds."""

    def negation(self, part: Carrier) -> Carrier:
        """Return the opposite of a part."""

    def threshold(self, count: int, size: int, parts: Iterable[Carrier]) -> Carrier:
        """Return what `count` or more of the `size` parts are; they come one at a time."""


def fold(condition: Condition, algebra: Algebra[Carrier]) -> Carrier:
    """Work out a condition, its leaves first.

    `{all: [a, {not: b}]}` → `threshold(2, 2, (test(a), negation(test(b))))`. Parts are worked out
    when they are asked for, so an algebra that has seen enough can stop.
    """
    # Not by `match`: every case that is judged comes through here, and patterns take twice as long.
    if isinstance(condition, Threshold):
        of = condition.of
        return algebra.threshold(condition.count, len(of), (fold(part, algebra) for part in of))
    if isinstance(condition, FactIs):
        truth = algebra.fact(condition.fact)
        return truth if condition.holds else algebra.negation(truth)
    if isinstance(condition, Not):
        return algebra.negation(fold(condition.part, algebra))
    return algebra.test(condition)


class _Kleene:
    """True, false or unknown in one situation.

    A test without an answer is unknown, and so is its opposite; where only some answers are left,
    it is what all of them make it. A threshold is true once enough parts are true, false once too
    many are false, else unknown: 2 of (true, unknown, false) is unknown, 1 of them is true, 3 of
    them is false.
    """

    __slots__ = ("_facts", "_values")

    def __init__(self, values: ValuesLeft, facts: Truths) -> None:
        self._values = values
        self._facts = facts

    def test(self, test: Atom) -> Truth:
        answer = self._values.get(test.variable)
        if answer is None:
            return None
        return allows_all(test, answer) if isinstance(answer, Left) else test.allows(answer)

    def fact(self, fact: str) -> Truth:
        return self._facts[fact]

    def negation(self, part: Truth) -> Truth:
        return None if part is None else not part

    def threshold(self, count: int, size: int, parts: Iterable[Truth]) -> Truth:
        missing, spare = count, size - count
        if missing <= 0:
            return True
        for part in parts:
            if part is True:
                missing -= 1
                if missing == 0:
                    return True
            elif part is False:
                spare -= 1
                if spare < 0:
                    return False
        # Neither enough are true nor too many false: those that are unknown decide.
        return None if spare >= 0 else False


def allows_all(test: Atom, left: Left) -> Truth:
    """Tell whether a test allows all answers that are left: of some only, it is unknown."""
    truths = set(map(test.allows, left))
    return truths.pop() if len(truths) == 1 else None


def parts_of(condition: Condition) -> tuple[Condition, ...]:
    """Return the conditions directly inside this one."""
    match condition:
        case Threshold(_, of):
            return of
        case Not(part):
            return (part,)
        case Test() | InRange() | InArea() | FactIs():
            return ()


def leaves(condition: Condition) -> Iterator[Leaf]:
    """Yield every test and every fact in the tree, left to right, with repetitions."""
    if isinstance(condition, Test | InRange | InArea | FactIs):
        yield condition
    for part in parts_of(condition):
        yield from leaves(part)


def facts_in(condition: Condition) -> tuple[str, ...]:
    """Name the facts that a condition speaks of itself, each once, left to right."""
    named = (leaf.fact for leaf in leaves(condition) if isinstance(leaf, FactIs))
    return tuple(dict.fromkeys(named))


def grounds(
    condition: Condition, values: ValuesLeft, facts: Truths, *, wanted: bool
) -> Iterator[Leaf]:
    """Yield the leaves that make a condition what it is.

    Args:
        condition: true or false of these values, as `wanted` says; never unknown.
        values: the known answers.
        facts: the truth of every fact.
        wanted: whether the condition is true.
    """
    match condition:
        case Not(part):
            yield from grounds(part, values, facts, wanted=not wanted)
        case Threshold(_, of):
            for part in of:
                if part.truth(values, facts) is wanted:
                    yield from grounds(part, values, facts, wanted=wanted)
        case Test() | InRange() | InArea() | FactIs():
            yield condition
