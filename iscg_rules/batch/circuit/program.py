"""A circuit made ready to run: one line of words after another, in as few lines as will do."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

import numpy as np

from iscg_rules.batch.circuit.answer_bits import AnswerSource
from iscg_rules.batch.circuit.gates import ALWAYS, NEVER, Circuit, GateNode, Operation
from iscg_rules.batch.packed_bits import WORD, Words

__all__ = ["Program"]

_WORK: Mapping[Operation, Callable[..., Any]] = {
    Operation.AND: np.bitwise_and,
    Operation.OR: np.bitwise_or,
    Operation.XOR: np.bitwise_xor,
    Operation.NOT: np.invert,
}
_ALL = np.iinfo(np.uint64).max
# What is done with which lines, and which line it makes; None asks a source for what, instead.
_Step = tuple[Callable[..., Any] | None, Any, Any, int]


class Program:
    """The part of a circuit that some nodes need, in an order of work.

    Lines are numbered: those of the outputs, then those that are used again and again.
    """

    def __init__(self, circuit: Circuit, outputs: Sequence[int]) -> None:
        order = list(_order(circuit.nodes, outputs))
        self.width: Final = len(outputs)
        # A node that stands twice among the outputs is worked out once.
        self._homes: dict[int, int] = {}
        self._twins = []
        for place, node in enumerate(outputs):
            if node in self._homes:
                self._twins.append((place, self._homes[node]))
            else:
                self._homes[node] = place
        self._inputs = self._registers = 0
        self._steps = self._planned(circuit.nodes, order)

    def _planned(self, nodes: Sequence[GateNode], order: Sequence[int]) -> tuple[_Step, ...]:
        """Return the steps; a node that is no output takes a line that nobody needs any more."""
        last = {part: place for place, node in enumerate(order) for part in nodes[node].parts}
        # Lines that are given by a source are never written to.
        free: dict[bool, list[int]] = {True: [], False: []}
        counts = {True: 0, False: 0}
        named: dict[int, tuple[bool, int] | int] = {}
        for place, node in enumerate(order):
            is_input = nodes[node].operation == Operation.INPUT
            for part in set(nodes[node].parts):
                line = named[part]
                if last[part] == place and isinstance(line, tuple):
                    free[line[0]].append(line[1])
            if node in self._homes:
                named[node] = self._homes[node]
                continue
            if not free[is_input]:
                free[is_input].append(counts[is_input])
                counts[is_input] += 1
            named[node] = is_input, free[is_input].pop()
        self._inputs, self._registers = counts[True], counts[False]
        offset = {False: self.width, True: self.width + self._registers}
        lines = {
            node: line if isinstance(line, int) else offset[line[0]] + line[1]
            for node, line in named.items()
        }
        return tuple(_step(nodes[node], node, lines) for node in order)

    def run(self, sources: Mapping[str, AnswerSource], start: int, stop: int, out: Words) -> None:
        """Work out some rows.

        Args:
            sources: the answers, by variable.
            start: the first row, a multiple of 64.
            stop: the row after the last, a multiple of 64.
            out: where one line of words is written for each output asked for.
        """
        first, last = start // WORD, stop // WORD
        registers = np.empty((self._registers, last - first), np.uint64)
        lines: list[Any] = [*out, *registers, *[None] * self._inputs]
        for work, part, further, place in self._steps:
            if work is None:
                given = sources[part].line(further, first, last) if part else further
                if place < self.width:
                    out[place] = given
                else:
                    lines[place] = given
            elif further is None:
                work(lines[part], out=lines[place])
            else:
                work(lines[part], lines[further], out=lines[place])
        for place, twin in self._twins:
            out[place] = out[twin]


def _order(nodes: Sequence[GateNode], outputs: Sequence[int]) -> Iterator[int]:
    """Yield what some nodes need, each after its parts and as late as may be."""
    seen: set[int] = set()
    for output in outputs:
        waiting = [output]
        while waiting:
            node = waiting[-1]
            missing = [part for part in reversed(nodes[node].parts) if part not in seen]
            waiting += missing
            if not missing:
                waiting.pop()
                if node not in seen:
                    seen.add(node)
                    yield node


def _step(node: GateNode, number: int, lines: Mapping[int, int]) -> _Step:
    place = lines[number]
    if number in (NEVER, ALWAYS):
        return None, "", 0 if number == NEVER else _ALL, place
    if node.operation == Operation.INPUT:
        return None, node.variable, node.asked, place
    part, *others = (lines[number] for number in node.parts)
    return _WORK[node.operation], part, others[0] if others else None, place
