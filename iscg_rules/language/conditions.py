"""The condition tree and its three-valued meaning.

Truth is True, False or None for unknown. `false and unknown` is false, `true or unknown` is true,
`not unknown` is unknown; a threshold is true when enough are true, false when enough can't be
any more.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar

from iscg_rules.language.vocabulary import Area

__all__ = [
    "All",
    "AnyOf",
    "AtLeast",
    "Condition",
    "FactIs",
    "InArea",
    "InRange",
    "Not",
    "Test",
    "Truth",
    "Truths",
    "Values",
]

Truth = bool | None
Values = Mapping[str, str | float]
Truths = Mapping[str, Truth]


@dataclass(frozen=True, slots=True)
class Test:
    """The known answer of a variable is one of these."""

    __test__: ClassVar[bool] = False  # pytest would take the class for a test

    attribute: str
    variable: str
    allowed: frozenset[str]

    def truth(self, values: Values, facts: Truths) -> Truth:
        """Tell whether the answer is allowed; unknown without an answer."""
        answer = values.get(self.variable)
        return None if answer is None else answer in self.allowed


@dataclass(frozen=True, slots=True)
class InRange:
    """The known number lies between two bounds, both included; None is no bound."""

    attribute: str
    low: float | None
    high: float | None

    @property
    def variable(self) -> str:
        """Name the variable: the attribute itself."""
        return self.attribute

    def truth(self, values: Values, facts: Truths) -> Truth:
        """Tell whether the number lies between the bounds; unknown without an answer."""
        answer = values.get(self.attribute)
        return None if answer is None else self.holds(float(answer))

    def holds(self, number: float) -> bool:
        """Tell whether a number lies between the bounds."""
        return (self.low is None or self.low <= number) and (
            self.high is None or number <= self.high
        )


@dataclass(frozen=True, slots=True)
class InArea:
    """The known commune lies in one of these areas."""

    attribute: str
    areas: tuple[Area, ...]

    @property
    def variable(self) -> str:
        """Name the variable: the attribute itself."""
        return self.attribute

    def truth(self, values: Values, facts: Truths) -> Truth:
        """Tell whether the commune lies in an area; unknown without an answer."""
        commune = values.get(self.attribute)
        return None if commune is None else self.holds(str(commune))

    def holds(self, commune: str) -> bool:
        """Tell whether an INSEE code lies in one of the areas."""
        return any(area.covers(commune) for area in self.areas)


@dataclass(frozen=True, slots=True)
class FactIs:
    """A named fact holds, or does not."""

    fact: str
    holds: bool

    def truth(self, values: Values, facts: Truths) -> Truth:
        """Compare with the fact's truth, which must have been worked out before."""
        known = facts[self.fact]
        return None if known is None else known is self.holds


@dataclass(frozen=True, slots=True)
class All:
    """Every part is true; true when there is no part."""

    of: tuple["Condition", ...]

    def truth(self, values: Values, facts: Truths) -> Truth:
        """Combine the parts: one false decides."""
        result: Truth = True
        for part in self.of:
            truth = part.truth(values, facts)
            if truth is False:
                return False
            if truth is None:
                result = None
        return result


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one part is true; false when there is no part."""

    of: tuple["Condition", ...]

    def truth(self, values: Values, facts: Truths) -> Truth:
        """Combine the parts: one true decides."""
        result: Truth = False
        for part in self.of:
            truth = part.truth(values, facts)
            if truth is True:
                return True
            if truth is None:
                result = None
        return result


@dataclass(frozen=True, slots=True)
class Not:
    """The part is false."""

    part: "Condition"

    def truth(self, values: Values, facts: Truths) -> Truth:
        """Turn the part round; unknown stays unknown."""
        truth = self.part.truth(values, facts)
        return None if truth is None else not truth


@dataclass(frozen=True, slots=True)
class AtLeast:
    """At least `count` of the parts are true."""

    count: int
    of: tuple["Condition", ...]

    def truth(self, values: Values, facts: Truths) -> Truth:
        """Count: enough true decides, and so does too few that could be."""
        truths = [part.truth(values, facts) for part in self.of]
        held = truths.count(True)
        if held >= self.count:
            return True
        return None if held + truths.count(None) >= self.count else False


Atom = Test | InRange | InArea
Condition = Test | InRange | InArea | FactIs | All | AnyOf | Not | AtLeast


def parts_of(condition: Condition) -> tuple[Condition, ...]:
    """Give the conditions directly inside this one."""
    match condition:
        case All(of) | AnyOf(of) | AtLeast(_, of):
            return of
        case Not(part):
            return (part,)
        case _:
            return ()


def leaves(condition: Condition) -> Iterator[Atom | FactIs]:
    """Give every test and every fact in the tree, left to right, with repetitions."""
    parts = parts_of(condition)
    if isinstance(condition, Test | InRange | InArea | FactIs):
        yield condition
    for part in parts:
        yield from leaves(part)


def grounds(
    condition: Condition, values: Values, facts: Truths, *, wanted: bool
) -> Iterator[Atom | FactIs]:
    """Give the leaves that make a condition what it is.

    Args:
        condition: true or false of these values, as `wanted` says; never unknown.
    """
    match condition:
        case Not(part):
            yield from grounds(part, values, facts, wanted=not wanted)
        case All(of) | AnyOf(of) | AtLeast(_, of):
            for part in of:
                if part.truth(values, facts) is wanted:
                    yield from grounds(part, values, facts, wanted=wanted)
        case _:
            yield condition


def unsettled(condition: Condition, values: Values, facts: Truths) -> list[Atom | FactIs]:
    """Give the unknown leaves that could still settle an unknown condition; none of a known one."""
    found: list[Atom | FactIs] = []
    _note_unsettled(condition, values, facts, found)
    return found


def _note_unsettled(
    condition: Condition, values: Values, facts: Truths, found: list[Atom | FactIs]
) -> Truth:
    """Give the truth, and note unknown leaves; what is decided takes its own notes back."""
    start = len(found)
    match condition:
        case All(of):
            truth = _truth_of_parts(of, values, facts, found, deciding=False)
        case AnyOf(of):
            truth = _truth_of_parts(of, values, facts, found, deciding=True)
        case Not(part):
            inner = _note_unsettled(part, values, facts, found)
            truth = None if inner is None else not inner
        case AtLeast(count, of):
            truths = [_note_unsettled(part, values, facts, found) for part in of]
            held, unknown = truths.count(True), truths.count(None)
            truth = True if held >= count else None if held + unknown >= count else False
        case _:
            truth = condition.truth(values, facts)
            if truth is None:
                found.append(condition)
    if truth is not None:
        del found[start:]
    return truth


def _truth_of_parts(
    of: tuple[Condition, ...],
    values: Values,
    facts: Truths,
    found: list[Atom | FactIs],
    *,
    deciding: bool,
) -> Truth:
    result: Truth = not deciding
    for part in of:
        truth = _note_unsettled(part, values, facts, found)
        if truth is deciding:
            return deciding
        if truth is None:
            result = None
    return result
