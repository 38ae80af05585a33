"""Conditions → a circuit of AND, OR, XOR and NOT over bits, one bit a row.

Each condition has two bits: certainly true, and not certainly false. Kleene's logic works on the
two apart; only `not` exchanges them. Equal parts are worked out once, and what no row can reach,
since a column is missing or has no gaps, is gone before the first row is read.
"""

from collections.abc import Iterable
from enum import IntEnum
from functools import reduce
from typing import Final, NamedTuple

__all__ = ["ALWAYS", "KNOWN", "NEVER", "Circuit", "GateNode", "Operation"]

NEVER, ALWAYS = 0, 1
# What an input is asked for beside its tests: the rows that have an answer.
KNOWN = ("known",)


class Operation(IntEnum):
    """What a node does with the nodes that it needs."""

    AND = 0
    OR = 1
    XOR = 2
    NOT = 3
    # What a source of answers gives.
    INPUT = 4


class GateNode(NamedTuple):
    """One node: the nodes that it needs, or what it asks of which variable."""

    operation: Operation
    parts: tuple[int, ...] = ()
    variable: str = ""
    asked: tuple[object, ...] = ()


class Circuit:
    """Grows node by node; a node is a number, and equal nodes are one.

    INVARIANT: a node is made after those that it needs, so their order is an order of work.
    """

    true: Final = ALWAYS
    false: Final = NEVER

    def __init__(self, *, sure: Iterable[str], unsure: Iterable[str]) -> None:
        self.sure: Final = frozenset(sure)
        self._unsure = frozenset(unsure)
        # No part of either: what is true of any of none, and of all of none.
        self.nodes: list[GateNode] = [GateNode(Operation.OR), GateNode(Operation.AND)]
        self._numbers: dict[GateNode, int] = {node: n for n, node in enumerate(self.nodes)}

    def _add(self, node: GateNode) -> int:
        number = self._numbers.setdefault(node, len(self.nodes))
        if number == len(self.nodes):
            self.nodes.append(node)
        return number

    def input(self, variable: str, *asked: object) -> int:
        """Return what a source is asked for; no row where the column is missing."""
        if variable not in self.sure and variable not in self._unsure:
            return NEVER
        return self._add(GateNode(Operation.INPUT, (), variable, asked))

    def known(self, variable: str) -> int:
        """Return the rows that have an answer."""
        return ALWAYS if variable in self.sure else self.input(variable, *KNOWN)

    def all_of(self, parts: Iterable[int]) -> int:
        """Return the rows of all the parts; every row when there is no part."""
        return self._combined(Operation.AND, parts, neutral=ALWAYS, deciding=NEVER)

    def any_of(self, parts: Iterable[int]) -> int:
        """Return the rows of any of the parts; no row when there is no part."""
        return self._combined(Operation.OR, parts, neutral=NEVER, deciding=ALWAYS)

    def _combined(
        self, operation: Operation, parts: Iterable[int], neutral: int, deciding: int
    ) -> int:
        wanted = set(parts) - {neutral}
        if deciding in wanted or any(self._opposite(part) in wanted for part in wanted):
            return deciding
        if len(wanted) < 2:  # noqa: PLR2004 # one part is itself
            return wanted.pop() if wanted else neutral
        # Two by two, in order: sets that begin alike share their beginning.
        return reduce(
            lambda one, other: self._add(GateNode(operation, (one, other))), sorted(wanted)
        )

    def one_of_two(self, one: int, other: int) -> int:
        """Return the rows of one part and not of the other."""
        if NEVER in (one, other):
            return max(one, other)
        if ALWAYS in (one, other):
            return self.opposite(max(one, other))
        if one == other:
            return NEVER
        return self._add(GateNode(Operation.XOR, (min(one, other), max(one, other))))

    def _opposite(self, part: int) -> int | None:
        return self._numbers.get(GateNode(Operation.NOT, (part,)))

    def opposite(self, part: int) -> int:
        """Return the other rows."""
        if part in (NEVER, ALWAYS):
            return ALWAYS - part
        node = self.nodes[part]
        if node.operation == Operation.NOT:
            return node.parts[0]
        return self._add(GateNode(Operation.NOT, (part,)))
