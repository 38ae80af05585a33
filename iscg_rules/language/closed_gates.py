"""Closed answers as Boolean gates: of every situation, table row or assignment at once.

Each answer of a variable has the gate of its being left. Steps are taken in their order, the same
for every situation: a step that does nothing in one does nothing to its gates there.
"""

from collections.abc import Callable, Collection
from functools import partial
from types import MappingProxyType
from typing import Generic, TypeVar

from iscg_rules.language.closing import Closing
from iscg_rules.language.conditions import Atom, Test, fold
from iscg_rules.language.truth_gates import BooleanGates, GateAlgebra, MustMay, ThreeValued

__all__ = ["ClosedGates"]

Gate = TypeVar("Gate")


class ClosedGates(Generic[Gate]):
    """The tests of closed answers; where a situation cannot be, they say anything."""

    def __init__(
        self,
        gates: BooleanGates[Gate],
        closing: Closing,
        given: Callable[[Atom], MustMay[Gate]],
        settled: Collection[str] = (),
    ) -> None:
        """Take every step.

        Args:
            gates: what tests become.
            closing: the steps.
            given: the truth of a test by the answers given alone.
            settled: variables of which nothing can be concluded, since they have an answer always.
        """
        self._gates = gates
        self._given = given
        self._left: dict[str, dict[str, Gate]] = {}
        refused: list[Gate] = []
        truth = partial(
            fold, algebra=GateAlgebra(ThreeValued(gates), self.test, MappingProxyType({}))
        )
        for step in closing.order:
            if step.variable in settled:
                continue
            held = gates.all_of([truth(test).must for test in step.when])
            if step.variable is None:
                refused.append(held)
                continue
            left = self._left.get(step.variable)
            if left is None:
                left = self._left[step.variable] = {
                    answer: given(Test(step.variable, step.variable, frozenset({answer}))).may
                    for answer in closing.choices[step.variable]
                }
            for answer in sorted(step.ruled_out):
                left[answer] = gates.all_of((left[answer], gates.opposite(held)))
        refused += [gates.opposite(gates.any_of(left.values())) for left in self._left.values()]
        self.refused = gates.any_of(refused)

    def test(self, test: Atom) -> MustMay[Gate]:
        """Return the truth of a test by all that follows from the answers given."""
        left, gates = self._left.get(test.variable), self._gates
        if left is None or len(left) == 1:
            return self._given(test)
        allowed = [gate for answer, gate in left.items() if test.allows(answer)]
        others = [gate for answer, gate in left.items() if not test.allows(answer)]
        # Of a test that allows all answers, or none, nothing is known until one is ruled out.
        if not (allowed and others):
            untouched = gates.all_of(left.values())
            return MustMay(
                gates.opposite(untouched) if allowed else gates.false,
                untouched if others else gates.true,
            )
        return MustMay(gates.opposite(gates.any_of(others)), gates.any_of(allowed))
