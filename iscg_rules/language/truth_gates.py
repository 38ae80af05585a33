"""Conditions as Boolean gates: over literals of a solver, decision diagrams, or columns of bits.

A three-valued truth is a pair of gates: the condition must be true; it may be (it is not false).
Kleene's logic works on the two apart, and only a negation exchanges them: what must be false is
what may not be true.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Final, Generic, NamedTuple, Protocol, TypeVar

from iscg_rules.language.conditions import Atom

__all__ = ["BooleanGates", "GateAlgebra", "MustMay", "ThreeValued", "at_least", "counts"]

Gate = TypeVar("Gate")


class BooleanGates(Protocol[Gate]):
    """What can be said of gates, whatever they are made of."""

    @property
    def true(self) -> Gate:
        """What is always true."""

    @property
    def false(self) -> Gate:
        """What is never true."""

    def all_of(self, gates: Iterable[Gate], /) -> Gate:
        """Return the gate of all being true; `true` when there are none."""

    def any_of(self, gates: Iterable[Gate], /) -> Gate:
        """Return the gate of one being true; `false` when there are none."""

    def opposite(self, gate: Gate, /) -> Gate:
        """Return the gate of one being false."""


class MustMay(NamedTuple, Generic[Gate]):
    """A three-valued truth: it is true; it is true or unknown. The same where all is known."""

    must: Gate
    may: Gate


def counts(gates: BooleanGates[Gate], parts: Iterable[Gate], most: int) -> tuple[Gate, ...]:
    """Return, at each place from 0 to `most`, the gate of at least so many parts being true."""
    reached = [gates.true, *[gates.false] * most]
    for part in parts:
        # From the top down: each place still says what held before this part.
        for held in range(most, 0, -1):
            reached[held] = gates.any_of((reached[held], gates.all_of((reached[held - 1], part))))
    return tuple(reached)


def at_least(gates: BooleanGates[Gate], count: int, parts: Iterable[Gate]) -> Gate:
    """Return the gate of at least so many parts being true."""
    known = list(parts)
    if count >= len(known):
        return gates.all_of(known) if count == len(known) else gates.false
    if count <= 1:
        return gates.any_of(known) if count == 1 else gates.true
    return counts(gates, known, count)[count]


class ThreeValued(Generic[Gate]):
    """Three-valued truths as gates: each pair over two gates of some other kind."""

    def __init__(self, gates: BooleanGates[Gate]) -> None:
        self._gates = gates
        self.true: Final = MustMay(gates.true, gates.true)
        self.false: Final = MustMay(gates.false, gates.false)

    def all_of(self, truths: Iterable[MustMay[Gate]]) -> MustMay[Gate]:
        """Return the gates of all being true."""
        return self._on_both(self._gates.all_of, truths)

    def any_of(self, truths: Iterable[MustMay[Gate]]) -> MustMay[Gate]:
        """Return the gates of one being true."""
        return self._on_both(self._gates.any_of, truths)

    def opposite(self, truth: MustMay[Gate]) -> MustMay[Gate]:
        """Return the gates of its being false: it must be where it may not be true."""
        return MustMay(self._gates.opposite(truth.may), self._gates.opposite(truth.must))

    def only(self, one: MustMay[Gate], other: MustMay[Gate]) -> MustMay[Gate]:
        """Return the gates of the first being true and the second false."""
        return self.all_of([one, self.opposite(other)])

    def differ(self, one: MustMay[Gate], other: MustMay[Gate]) -> MustMay[Gate]:
        """Return the gates of exactly one of two being true."""
        return self.any_of([self.only(one, other), self.only(other, one)])

    @staticmethod
    def _on_both(
        combine: Callable[[Iterable[Gate]], Gate], truths: Iterable[MustMay[Gate]]
    ) -> MustMay[Gate]:
        known = list(truths)
        must = combine([truth.must for truth in known])
        if all(truth.must == truth.may for truth in known):
            return MustMay(must, must)
        return MustMay(must, combine([truth.may for truth in known]))


class GateAlgebra(Generic[Gate]):
    """Conditions as gates; over `ThreeValued` gates, answers may be missing.

    Args:
        gates: what conditions become.
        test: gives the gate of a test of one variable.
        facts: gives the gate of a fact that a condition names.
    """

    def __init__(
        self,
        gates: BooleanGates[Gate],
        test: Callable[[Atom], Gate],
        facts: Mapping[str, Gate],
    ) -> None:
        self._gates = gates
        self.test = test
        self.fact: Final = facts.__getitem__
        self.negation: Final = gates.opposite

    def threshold(self, count: int, size: int, parts: Iterable[Gate]) -> Gate:
        """Return the gate of so many parts being true."""
        del size  # the parts are counted as they come
        return at_least(self._gates, count, parts)
