"""Conditions → a circuit of AND, OR and NOT over bits, one bit a row; run a part at a time.

Each condition has two bits: certainly true, and not certainly false. Kleene's logic works on the
two apart; only `not` exchanges them. Equal parts are worked out once, and what no row can reach,
since a column is missing or has no gaps, is gone before the first row is read.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from iscg_rules.batch.sources import WORD, Source

__all__ = ["ALWAYS", "NEVER", "Circuit", "Program"]

NEVER, ALWAYS = 0, 1
_AND, _OR, _NOT, _TEST, _KNOWN = range(5)
# What a node does, with which nodes; or of which variable it is a test, and which.
_Node = tuple[int, tuple[object, ...]]


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
        return self._node(operation, tuple(sorted(wanted)))

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


@dataclass(frozen=True)
class _Step:
    operation: int
    parts: tuple[int, ...]
    register: int
    variable: str = ""
    wanted: tuple[object, ...] = ()


class Program:
    """The part of a circuit that some nodes need, with places to work in given again when free."""

    def __init__(self, circuit: Circuit, outputs: Sequence[int]) -> None:
        needed: dict[int, int] = {}
        for place, output in enumerate(outputs):
            needed[output] = len(circuit.nodes) + place
        for number in range(len(circuit.nodes) - 1, -1, -1):
            if number in needed:
                for part in _needs(circuit.nodes[number]):
                    needed.setdefault(part, number)
        self._steps: list[_Step] = []
        self._registers = 0
        held: dict[int, int] = {}
        free: list[int] = []
        ending: dict[int, list[int]] = {}
        for number, last in needed.items():
            ending.setdefault(last, []).append(number)
        for number in sorted(needed):
            operation, parts = circuit.nodes[number]
            if free:
                register = free.pop()
            else:
                register = self._registers
                self._registers += 1
            if operation in (_TEST, _KNOWN):
                variable, *wanted = parts
                step = _Step(operation, (), register, str(variable), tuple(wanted))
            else:
                step = _Step(
                    operation, tuple(held[p] for p in _needs((operation, parts))), register
                )
            self._steps.append(step)
            held[number] = register
            free.extend(held[done] for done in ending.get(number, ()))
        self._outputs = np.array([held[output] for output in outputs], np.intp)

    @property
    def width(self) -> int:
        """Give the number of outputs."""
        return len(self._outputs)

    def run(
        self,
        sources: Mapping[str, Source],
        start: int,
        stop: int,
        *,
        out: npt.NDArray[np.uint64] | None = None,
    ) -> npt.NDArray[np.uint64]:
        """Work out some rows.

        Args:
            sources: the answers, by variable.
            start: the first row, a multiple of 64.
            stop: the row after the last, a multiple of 64.
            out: where the lines are written; somewhere new when None.

        Returns:
            One line of words for each output asked for.
        """
        words = np.empty((self._registers, (stop - start) // WORD), np.uint64)
        for step in self._steps:
            target = words[step.register]
            if step.operation == _TEST:
                target[:] = sources[step.variable].test(step.wanted, start, stop)
            elif step.operation == _KNOWN:
                target[:] = sources[step.variable].known(start, stop)
            elif step.operation == _NOT:
                np.bitwise_not(words[step.parts[0]], out=target)
            else:
                _combine(step, words, target)
        return np.take(words, self._outputs, axis=0, out=out, mode="clip")


def _combine(step: _Step, words: npt.NDArray[np.uint64], target: npt.NDArray[np.uint64]) -> None:
    combine = np.bitwise_and if step.operation == _AND else np.bitwise_or
    if not step.parts:
        target.fill(0 if step.operation == _OR else np.iinfo(np.uint64).max)
        return
    first, second, *others = step.parts
    combine(words[first], words[second], out=target)
    for other in others:
        combine(target, words[other], out=target)


def _needs(node: _Node) -> tuple[int, ...]:
    operation, parts = node
    if operation in (_TEST, _KNOWN):
        return ()
    return tuple(part for part in parts if isinstance(part, int))
