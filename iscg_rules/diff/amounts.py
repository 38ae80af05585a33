"""In how many situations something holds: counted with decision diagrams, else estimated.

A situation is one class of answers for each variable of the vocabulary: numbers that no condition
tells apart count once, and so do communes. A diagram that would grow too big is given up: then
situations are drawn, always the same, and what is found is an estimate.
"""

from collections.abc import Mapping
from functools import cached_property, reduce
from hashlib import shake_128
from math import sqrt
from operator import and_, or_
from struct import unpack

from iscg_rules.diff.results import Share
from iscg_rules.explain.decision_diagrams import Diagram
from iscg_rules.proof.solver.gates import TRUE
from iscg_rules.proof.solver.situation_gates import Encoding

__all__ = ["MOST_NODES", "Amounts"]

MOST_NODES = 1 << 20
_CACHE = 1 << 18
# An estimate is right to about one part in sixty.
DRAWN = 1 << 12
# Nineteen estimates in twenty are no further off than this many standard errors.
_CONFIDENCE = 1.96


class Amounts:
    """Counts over one complete encoding, once all of its gates are made."""

    def __init__(self, encoding: Encoding, *, most_nodes: int = MOST_NODES) -> None:
        """Start without any diagram.

        Args:
            encoding: a complete one.
            most_nodes: diagrams that together need more are given up.
        """
        assert not encoding.is_partial
        self._encoding = encoding
        self._most_nodes = most_nodes
        self._inputs = encoding.circuit.inputs()
        self._places = {name: encoding.space.allowed[name] for name in encoding.space.domains}

    def of(self, literal: int, *, among: int = TRUE) -> Share:
        """Tell in how many of some situations a literal holds.

        Args:
            literal: what holds.
            among: the situations that count.
        """
        exact = self._counted(literal, among)
        return exact if exact is not None else self._estimated(literal, among)

    def _counted(self, literal: int, among: int) -> Share | None:
        try:
            # Optional, and slow to import.
            from oxidd.util import DDMemoryError  # noqa: PLC0415
        except ImportError:
            return None
        try:
            count, total = self._diagrams.count(literal, among), self._diagrams.count(TRUE, among)
        except DDMemoryError:
            return None
        return Share(count, total, count / total if total else 0.0, 0.0)

    @cached_property
    def _diagrams(self) -> "_LiteralDiagrams":
        return _LiteralDiagrams(self._encoding, self._places, self._inputs, self._most_nodes)

    def _estimated(self, literal: int, among: int) -> Share:
        counting = self._held(among)
        drawn = counting.bit_count()
        hits = (counting & self._held(literal)).bit_count()
        if not drawn:
            return Share(None, None, 0.0, 1.0)
        # Agresti and Coull: honest about shares near 0 and 1 too.
        size = drawn + _CONFIDENCE**2
        middle = (hits + _CONFIDENCE**2 / 2) / size
        error = _CONFIDENCE * sqrt(middle * (1 - middle) / size)
        share = hits / drawn
        return Share(None, None, share, abs(share - middle) + error)

    def _held(self, literal: int) -> int:
        """Return the drawn situations in which a literal holds, one bit each."""
        held, every = self._drawn, (1 << DRAWN) - 1
        # Of four situations, 2 holds in 0b0110 and 3 in 0b0011 -> 2 and not 3 in 0b0100.
        for gate in _needed(literal, self._inputs):
            if gate not in held:
                parts = (
                    held[literal] if literal > 0 else every ^ held[-literal]
                    for literal in self._inputs[gate]
                )
                held[gate] = reduce(and_, parts, every)
        return held[literal] if literal > 0 else every ^ held[-literal]

    @cached_property
    def _drawn(self) -> dict[int, int]:
        held = {TRUE: (1 << DRAWN) - 1}
        spoken = ((n, p) for n, p in self._places.items() if self._encoding.is_spoken_of(n))
        for name, places in spoken:
            answers = self._encoding.answers(name)
            # Not `random`: the same situations everywhere and always.
            drawn = unpack(f">{DRAWN}I", shake_128(name.encode()).digest(4 * DRAWN))
            numbers = [word % len(places) for word in drawn]
            for number, place in enumerate(places):
                if answers[place] > TRUE:
                    bits = ("1" if chosen == number else "0" for chosen in numbers)
                    held[answers[place]] = int("".join(bits), 2)
        return held


def _needed(literal: int, inputs: Mapping[int, tuple[int, ...]]) -> list[int]:
    """Return the gates that a literal rests on, each after those that it needs."""
    needed: set[int] = set()
    waiting = [abs(literal)]
    while waiting:
        gate = waiting.pop()
        if gate in inputs and gate not in needed:
            needed.add(gate)
            waiting += map(abs, inputs[gate])
    # A gate is made after those that it needs.
    return sorted(needed)


class _LiteralDiagrams:
    """The diagrams of literals, over a few bits for each variable that is spoken of."""

    def __init__(
        self,
        encoding: Encoding,
        places: Mapping[str, tuple[int, ...]],
        inputs: Mapping[int, tuple[int, ...]],
        most_nodes: int,
    ) -> None:
        # Optional, and slow to import.
        from oxidd import bcdd  # noqa: PLC0415

        self._inputs = inputs
        self._manager = bcdd.BCDDManager(most_nodes, _CACHE, 1)
        self._true = self._manager.true()
        self._known: dict[int, Diagram] = {TRUE: self._true}
        self._others = 1
        self._width = 0
        domains = []
        for name, some in places.items():
            if encoding.is_spoken_of(name):
                domains.append(self._variable(some, encoding.answers(name)))
            else:
                self._others *= len(some)
        self._domain = reduce(and_, domains, self._true)

    def _variable(self, places: tuple[int, ...], answers: Mapping[int, int]) -> Diagram:
        """Make the bits of a variable, and give what they may be together."""
        width = (len(places) - 1).bit_length()
        bits = [self._manager.var(number) for number in self._manager.add_vars(width)]
        self._width += width
        codes = [self._code(bits, number) for number in range(len(places))]
        for place, code in zip(places, codes, strict=True):
            literal = answers[place]
            self._known[abs(literal)] = code if literal > 0 else ~code
        return reduce(or_, codes)

    def _code(self, bits: list[Diagram], number: int) -> Diagram:
        # The sixth answer, number 5 or 0b101 -> bit 0, not bit 1, bit 2.
        chosen = (bit if number >> place & 1 else ~bit for place, bit in enumerate(bits))
        return reduce(and_, chosen, self._true)

    def count(self, literal: int, among: int) -> int:
        """Count the situations in which both hold."""
        both = self._of(literal) & self._of(among) & self._domain
        return int(both.sat_count(self._width)) * self._others

    def _of(self, literal: int) -> Diagram:
        for gate in _needed(literal, self._inputs):
            if gate not in self._known:
                parts = (self._literal(part) for part in self._inputs[gate])
                self._known[gate] = reduce(and_, parts, self._true)
        return self._literal(literal)

    def _literal(self, literal: int) -> Diagram:
        known = self._known[abs(literal)]
        return known if literal > 0 else ~known
