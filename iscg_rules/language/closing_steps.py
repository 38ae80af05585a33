"""What `impossible` entries let us conclude, as steps in an order: each told from each side.

"No violence and blows" cannot be: where there is no violence there are no blows; where there are
blows, the violence is not none. An entry is spread out into alternatives, sets of tests that cannot
all hold; where all but one hold, what passes the last one is ruled out.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import combinations, product
from typing import NamedTuple
from weakref import proxy

from iscg_rules.language.conditions import (
    Atom,
    Condition,
    FactIs,
    Not,
    Test,
    Threshold,
    facts_in,
    fold,
)
from iscg_rules.language.on_demand import OnDemand
from iscg_rules.language.vocabulary import Vocabulary

__all__ = [
    "MOST_ALTERNATIVES",
    "AnswerChoices",
    "ClosingStep",
    "PlainTest",
    "TooWideError",
    "choices_of",
    "closing_order",
    "make_steps",
    "variable_of",
]

# So many ways in which one entry can be true; written by hand, an entry has a dozen.
MOST_ALTERNATIVES = 1_024
_MOST_TRIED = 64 * MOST_ALTERNATIVES

PlainTest = Atom | Not
# A nogood, tests that cannot all hold: one a variable with few answers, by its name; those of
# numbers and communes as they are, by themselves.
_Nogood = Mapping[str | PlainTest, PlainTest]
_Nogoods = tuple[_Nogood, ...]
AnswerChoices = Mapping[str, tuple[str, ...]]


class TooWideError(Exception):
    """An entry can be true in more ways than can be looked at."""

    def __init__(self, entry: str) -> None:
        super().__init__(entry)
        self.entry = entry


class ClosingStep(NamedTuple):
    """Where all of `when` hold, a variable has none of these answers, because of an entry.

    Without a variable, the situation cannot be at all: the entry speaks of numbers and communes
    alone, and is true.
    """

    entry: str
    when: tuple[PlainTest, ...]
    variable: str | None
    ruled_out: frozenset[str]


def choices_of(vocabulary: Vocabulary) -> dict[str, tuple[str, ...]]:
    """Return the answers of each variable that closing may rule out: they are few, and asked for.

    Numbers and communes are too many; what is drawn from the moment plays no part.
    """
    return {
        variable: attribute.answers
        for attribute in vocabulary.attributes.values()
        if attribute.derived is None and attribute.choices
        for variable in attribute.variables
    }


def make_steps(
    vocabulary: Vocabulary, facts: Mapping[str, Condition], entries: Mapping[str, Condition]
) -> tuple[ClosingStep, ...]:
    """Return every step that the entries allow, in an order in which most are needed once.

    Args:
        vocabulary: the words of the conditions.
        facts: the condition of each fact.
        entries: the condition of each `impossible` entry.

    Raises:
        TooWideError: an entry has too many alternatives.
    """
    choices = choices_of(vocabulary)
    derived = {a.id for a in vocabulary.attributes.values() if a.derived is not None}
    spreading = _EntrySpreading(choices, facts)
    steps: dict[ClosingStep, None] = {}
    for entry, condition in entries.items():
        try:
            alternatives = spreading.of(condition)
        except _TooManyError:
            raise TooWideError(entry) from None
        for alternative in alternatives:
            if derived.isdisjoint(map(variable_of, alternative.values())):
                steps.update(dict.fromkeys(_told_from_each_side(entry, alternative)))
    return tuple(steps)


def _told_from_each_side(entry: str, alternative: _Nogood) -> Iterator[ClosingStep]:
    sides = [test for test in alternative.values() if isinstance(test, Test)]
    for side in sides:
        when = tuple(test for test in alternative.values() if test is not side)
        yield ClosingStep(entry, when, side.variable, side.allowed)
    if not sides:
        yield ClosingStep(entry, tuple(alternative.values()), None, frozenset())


def closing_order(steps: Sequence[ClosingStep], choices: AnswerChoices) -> tuple[ClosingStep, ...]:
    """Return the steps so that taking each once, from the first to the last, closes any answers.

    A step comes after those that can set it off. Steps that can set each other off come in rounds,
    as many as there are of them: each rules something out at most once, and a round in which none
    does is the last that is needed.
    """
    reached = _reached(_set_off(steps, choices))
    rings: dict[tuple[int, int], list[int]] = {}
    for place, after in enumerate(reached):
        # Those that it reaches and that reach it; it alone where it is in no ring.
        ring = [other for other in _places(after) if reached[other] >> place & 1] or [place]
        # What sets off others reaches more than they do, itself counted.
        rings[-(after | 1 << place).bit_count(), ring[0]] = ring
    ordered = []
    for _, ring in sorted(rings.items()):
        ordered += [steps[place] for place in ring] * len(ring)
    return tuple(ordered)


def _set_off(steps: Sequence[ClosingStep], choices: AnswerChoices) -> list[int]:
    """Return, for each step, the steps that it can set off, as bits."""
    removable: dict[str, set[str]] = {}
    for step in steps:
        if step.variable is not None:
            removable.setdefault(step.variable, set()).update(step.ruled_out)
    # For each variable, the steps that read it where ruling out alone can make their test hold.
    readers: dict[str, list[tuple[int, frozenset[str]]]] = {}
    for place, step in enumerate(steps):
        for test in step.when:
            if isinstance(test, Test) and test.variable in removable:
                refused = frozenset(choices[test.variable]) - test.allowed
                if refused <= removable[test.variable]:
                    readers.setdefault(test.variable, []).append((place, refused))
    return [
        sum(
            1 << place
            for place, refused in readers.get(step.variable or "", ())
            # A test that refuses nothing holds as soon as anything is ruled out.
            if refused & step.ruled_out or not refused
        )
        for step in steps
    ]


def _reached(following: Sequence[int]) -> list[int]:
    """Return all that can follow each step, one after the other, as bits."""
    reached = list(following)
    for place, _ in enumerate(reached):
        through = reached[place]
        if through:
            for before, after in enumerate(reached):
                if after >> place & 1:
                    reached[before] = after | through
    return reached


def _places(bits: int) -> list[int]:
    """Return the places of the bits: 0b101 → 0 and 2."""
    return [place for place, digit in enumerate(f"{bits:b}"[::-1]) if digit == "1"]


def variable_of(test: PlainTest) -> str:
    """Name the variable of a test, or of the opposite of a test."""
    inner = test.part if isinstance(test, Not) else test
    assert not isinstance(inner, FactIs)
    assert not isinstance(inner, Not | Threshold)
    return inner.variable


class _TooManyError(Exception):
    """More alternatives than can be looked at."""


class _Spread(NamedTuple):
    """What makes a condition true, and what makes it false; worked out when it is asked for."""

    held: Callable[[], _Nogoods]
    failed: Callable[[], _Nogoods]


class _EntrySpreading:
    """Spreads conditions out into alternatives; the algebra of what makes them true or false."""

    def __init__(self, choices: AnswerChoices, facts: Mapping[str, Condition]) -> None:
        self._choices = choices
        own = proxy(self)  # not `self`: it would hold what holds it
        self._facts = OnDemand[str, "_Spread"](
            lambda name: facts_in(facts[name]), lambda name: _worked_out(fold(facts[name], own))
        )

    def of(self, condition: Condition) -> _Nogoods:
        return fold(condition, self).held()

    def test(self, test: Atom) -> _Spread:
        if not isinstance(test, Test) or test.variable not in self._choices:
            failed = Not(test)
            return _Spread(lambda: ({test: test},), lambda: ({failed: failed},))
        every = frozenset(self._choices[test.variable])
        both = (test.allowed & every, every - test.allowed)
        sides = (Test(test.attribute, test.variable, allowed) for allowed in both)
        return _Spread(*(partial(_unless_empty, side) for side in sides))

    def fact(self, fact: str) -> _Spread:
        return self._facts[fact]

    def negation(self, part: _Spread) -> _Spread:
        return _Spread(part.failed, part.held)

    def threshold(self, count: int, size: int, parts: Iterable[_Spread]) -> _Spread:
        known = tuple(parts)
        # Two of three fail to hold where two of them are false.
        return _Spread(
            lambda: _so_many(count, [part.held for part in known]),
            lambda: _so_many(size - count + 1, [part.failed for part in known]),
        )


def _worked_out(spread: _Spread) -> _Spread:
    """Work out both sides once; what is too wide is only refused where it is asked for."""
    return _Spread(_kept(spread.held), _kept(spread.failed))


def _kept(side: Callable[[], _Nogoods]) -> Callable[[], _Nogoods]:
    try:
        found = side()
    except _TooManyError:
        return side
    return lambda: found


def _unless_empty(test: Test) -> _Nogoods:
    return ({test.variable: test},) if test.allowed else ()


def _so_many(count: int, parts: Sequence[Callable[[], _Nogoods]]) -> _Nogoods:
    spread = [part() for part in parts] if count > 0 else []
    found: dict[frozenset[tuple[str | PlainTest, PlainTest]], _Nogood] = {}
    ways = (way for chosen in combinations(spread, max(count, 0)) for way in product(*chosen))
    for number, alternatives in enumerate(ways):
        merged = _merged(alternatives)
        if merged is not None:
            found[frozenset(merged.items())] = merged
        if len(found) > MOST_ALTERNATIVES or number > _MOST_TRIED:
            raise _TooManyError
    return _shortest(found.values())


def _merged(alternatives: Iterable[_Nogood]) -> _Nogood | None:
    """Put tests together; None where no answer passes two of them."""
    merged: dict[str | PlainTest, PlainTest] = {}
    for alternative in alternatives:
        for key, test in alternative.items():
            other = merged.setdefault(key, test)
            if other != test and isinstance(other, Test) and isinstance(test, Test):
                both = other.allowed & test.allowed
                if not both:
                    return None
                merged[key] = Test(test.attribute, test.variable, both)
    return merged


def _shortest(alternatives: Iterable[_Nogood]) -> _Nogoods:
    """Leave out what says more than another: "a and b" beside "a"."""
    kept: list[_Nogood] = []
    for one in sorted(alternatives, key=len):
        if not any(_says_all(one, less) for less in kept):
            kept.append(one)
    return tuple(kept)


def _says_all(one: _Nogood, less: _Nogood) -> bool:
    for key, test in less.items():
        own = one.get(key)
        if own is None:
            return False
        if isinstance(own, Test) and isinstance(test, Test) and not own.allowed <= test.allowed:
            return False
    return True
