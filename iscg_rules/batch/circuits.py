"""Conditions → a circuit of AND, OR and NOT over bits, one bit a row; run a part at a time.

Each condition has two bits: certainly true, and not certainly false. Kleene's logic works on the
two apart; only `not` exchanges them. Equal parts are worked out once, and what no row can reach,
since a column is missing or has no gaps, is gone before the first row is read.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import reduce
from typing import Any

import numpy as np
import numpy.typing as npt

from iscg_rules.batch.bits import WORD
from iscg_rules.batch.sources import Source

__all__ = ["ALWAYS", "NEVER", "Circuit", "Program"]

NEVER, ALWAYS = 0, 1
_AND, _OR, _NOT, _TEST, _KNOWN, _FILL = range(6)
# What a node does, with which nodes; or of which variable it is a test, and which.
_Node = tuple[int, tuple[object, ...]]
Lines = npt.NDArray[np.uint64]


class Circuit:
    """Grows node by node; a node is a number, and equal nodes are one.

    INVARIANT: a node is made after those that it needs, so their order is an order of work.
    """

    def __init__(self, *, sure: Iterable[str], unsure: Iterable[str]) -> None:
        self._sure = frozenset(sure)
        self._unsure = frozenset(unsure)
        self.nodes: list[_Node] = [(_OR, ()), (_AND, ())]
        self._numbers: dict[_Node, int] = {node: n for n, node in enumerate(self.nodes)}

    def _node(self, operation: int, parts: tuple[object, ...]) -> int:
        node = (operation, parts)
        number = self._numbers.setdefault(node, len(self.nodes))
        if number == len(self.nodes):
            self.nodes.append(node)
        return number

    def test(self, variable: str, *wanted: object) -> int:
        """Give the rows whose known answer passes a test; none where the column is missing."""
        if variable not in self._sure and variable not in self._unsure:
            return NEVER
        return self._node(_TEST, (variable, *wanted))

    def known(self, variable: str) -> int:
        """Give the rows that have an answer."""
        if variable in self._sure:
            return ALWAYS
        return self._node(_KNOWN, (variable,)) if variable in self._unsure else NEVER

    def both(self, parts: Iterable[int]) -> int:
        """Give the rows of all the parts; every row when there is no part."""
        return self._combined(_AND, parts, neutral=ALWAYS, deciding=NEVER)

    def either(self, parts: Iterable[int]) -> int:
        """Give the rows of any of the parts; no row when there is no part."""
        return self._combined(_OR, parts, neutral=NEVER, deciding=ALWAYS)

    def _combined(self, operation: int, parts: Iterable[int], neutral: int, deciding: int) -> int:
        wanted = set(parts) - {neutral}
        if deciding in wanted or any(self._opposite(part) in wanted for part in wanted):
            return deciding
        if len(wanted) < 2:  # noqa: PLR2004 # one part is itself
            return wanted.pop() if wanted else neutral
        # Two by two, in order: sets that begin alike share their beginning.
        return reduce(lambda one, other: self._node(operation, (one, other)), sorted(wanted))

    def _opposite(self, part: int) -> int | None:
        return self._numbers.get((_NOT, (part,)))

    def negated(self, part: int) -> int:
        """Give the other rows."""
        operation, parts = self.nodes[part]
        if part in (NEVER, ALWAYS):
            return ALWAYS - part
        if operation == _NOT:
            inner = parts[0]
            assert isinstance(inner, int)
            return inner
        return self._node(_NOT, (part,))

    def at_least(self, count: int, parts: Sequence[int]) -> int:
        """Give the rows of at least so many of the parts."""
        reached = [ALWAYS, *[NEVER] * count]
        for part in parts:
            for place in range(count, 0, -1):
                step = self.both((reached[place - 1], part))
                reached[place] = self.either((reached[place], step))
        return reached[count]


# What is done, where the line goes, of which two lines or which test, and what may go then.
_Step = tuple[int, int, Any, Any, tuple[int, ...]]


class Program:
    """The part of a circuit that some nodes need, in an order of work."""

    def __init__(self, circuit: Circuit, outputs: Sequence[int]) -> None:
        # Node → the last node that needs it; an output is needed to the end.
        last = dict.fromkeys(outputs, len(circuit.nodes))
        for number in range(len(circuit.nodes) - 1, -1, -1):
            if number in last:
                for part in _needs(circuit.nodes[number]):
                    last.setdefault(part, number)
        numbers = sorted(last)
        place = {number: place for place, number in enumerate(numbers)}
        done: dict[int, list[int]] = {}
        for number in numbers:
            done.setdefault(last[number], []).append(place[number])
        self._steps = tuple(
            _step(circuit.nodes[number], number, place, tuple(done.get(number, ())))
            for number in numbers
        )
        self._tests: Counter[str] = Counter()
        for operation, _, variable, wanted, _ in self._steps:
            if operation in (_TEST, _KNOWN):
                self._tests[variable] += len(wanted)
        self._outputs = [place[output] for output in outputs]

    @property
    def width(self) -> int:
        """Give the number of outputs."""
        return len(self._outputs)

    def run(
        self, sources: Mapping[str, Source], start: int, stop: int, out: Lines | None = None
    ) -> Lines:
        """Work out some rows.

        Args:
            sources: the answers, by variable.
            start: the first row, a multiple of 64.
            stop: the row after the last, a multiple of 64.
            out: where the lines are written; somewhere new when None.

        Returns:
            One line of words for each output asked for.
        """
        size = (stop - start) // WORD
        readers = {
            variable: sources[variable].reader(start, stop, tests)
            for variable, tests in self._tests.items()
        }
        # A line that is needed no more is None.
        lines: list[Any] = [None] * len(self._steps)
        for operation, place, one, other, done in self._steps:
            if operation == _AND:
                lines[place] = lines[one] & lines[other]
            elif operation == _OR:
                lines[place] = lines[one] | lines[other]
            elif operation == _NOT:
                lines[place] = ~lines[one]
            elif operation == _TEST:
                lines[place] = readers[one].test(other)
            elif operation == _KNOWN:
                lines[place] = readers[one].known()
            else:
                lines[place] = np.full(size, one, np.uint64)
            for gone in done:
                lines[gone] = None
        found = np.empty((self.width, size), np.uint64) if out is None else out
        for line, place in zip(found, self._outputs, strict=True):
            line[:] = lines[place]
        return found


def _step(node: _Node, number: int, place: Mapping[int, int], done: tuple[int, ...]) -> _Step:
    operation, parts = node
    if operation in (_TEST, _KNOWN):
        return (operation, place[number], parts[0], parts[1:], done)
    if not parts:
        value = 0 if number == NEVER else np.iinfo(np.uint64).max
        return (_FILL, place[number], value, None, done)
    one, *others = (place[part] for part in _needs(node))
    return (operation, place[number], one, others[0] if others else None, done)


def _needs(node: _Node) -> tuple[int, ...]:
    operation, parts = node
    if operation in (_TEST, _KNOWN):
        return ()
    return tuple(part for part in parts if isinstance(part, int))
