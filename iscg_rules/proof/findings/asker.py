"""Questions about every situation of a period, most of them answered by an earlier answer."""

from collections import deque
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Final

from iscg_rules.errors import Place, Problem
from iscg_rules.language.conditions import Values
from iscg_rules.proof.findings.finding import Finding, FindingExample, ReplayError, show
from iscg_rules.proof.solver.gates import Held
from iscg_rules.proof.solver.proven_outcome import ProvenOutcome
from iscg_rules.proof.solver.proven_world import Period, World
from iscg_rules.proof.solver.situation_gates import Encoding
from iscg_rules.proof.solver.smallest_example import find_smallest
from iscg_rules.proof.solver.witnesses import Witnesses

__all__ = ["Asker", "OutcomeGoal", "is_possible"]

# From an outcome, the literals that must all hold.
OutcomeGoal = Callable[[ProvenOutcome], Sequence[int]]

# Situations seen lately: most of what can be is true of one of them.
_REMEMBERED = 48


class Asker:
    """Asks about one period; remembers the situations that it has seen."""

    def __init__(self, world: World, period: Period) -> None:
        self.world = world
        self.period = period
        self.rule_set: Final = world.rule_set
        self._about: dict[str, ProvenOutcome] = {}
        self._seen: dict[bool, deque[Held]] = {
            is_partial: deque(maxlen=_REMEMBERED) for is_partial in (False, True)
        }

    @cached_property
    def witnesses(self) -> Witnesses:
        """Return answers by which rules hold."""
        return Witnesses(self.world, self.period)

    def about(self, kind: str) -> ProvenOutcome:
        """Return the outcome of complete situations, with gates for one kind only."""
        if kind not in self._about:
            self._about[kind] = self.world.apart(self.period, is_partial=False)
        return self._about[kind]

    @cached_property
    def complete(self) -> ProvenOutcome:
        """Return the outcome of every complete situation."""
        return self.world.outcome(self.world.complete, self.period)

    @cached_property
    def partial(self) -> ProvenOutcome:
        """Return the outcome of every situation, unknown answers included."""
        return self.world.outcome(self.world.partial, self.period)

    def can_be(self, outcome: ProvenOutcome, *literals: int) -> bool:
        """Tell whether all of these hold in a situation that can be."""
        return self.witness(outcome, *literals) is not None

    def witness(self, outcome: ProvenOutcome, *literals: int) -> Held | None:
        """Return a situation that can be and in which all of these hold; which one is not said."""
        seen = self._seen[outcome.encoding.is_partial]
        for held in seen:
            if held.has_all(literals):
                return held
        if not is_possible(outcome, *literals):
            return None
        seen.appendleft(outcome.encoding.circuit.held())
        return seen[0]

    def finding(
        self,
        problem: tuple[str, str, Place | None, str | None],
        goal: OutcomeGoal,
        is_so: Callable[[Values], bool],
        sketch: Callable[[Values], str] | None = None,
    ) -> Finding:
        """Return a finding with its smallest example, replayed through the reference.

        Args:
            problem: code, message, place and help.
            goal: gives what holds in an example, as literals of a partial outcome.
            is_so: tells by the reference whether a situation is an example.
            sketch: gives YAML to paste for an example.

        Raises:
            ReplayError: the reference does not see it.
        """
        # Gates of its own: the fewer there are, the quicker the smallest is found.
        outcome = self.world.apart(self.period, is_partial=True)
        literals = [*goal(outcome), outcome.possible]
        values, shown = self.example_in(outcome.encoding, problem[0], literals, is_so)
        return Finding(Problem(*problem), shown, sketch(values) if sketch else None)

    def example_in(
        self,
        encoding: Encoding,
        code: str,
        goal: Sequence[int],
        is_so: Callable[[Values], bool],
    ) -> tuple[Values, FindingExample]:
        """Return the smallest example from gates that are there already, and as it is shown.

        Raises:
            ReplayError: the reference does not see it.
        """
        example = find_smallest(encoding, goal)
        if example is None or not is_so(example.values):
            raise ReplayError(code)
        shown = show(self.rule_set, example.values, self.period.day, is_fewest=example.is_fewest)
        return example.values, shown


def is_possible(outcome: ProvenOutcome, *literals: int) -> bool:
    """Tell whether all of these hold in a situation that can be, remembering nothing."""
    return outcome.encoding.circuit.is_possible([outcome.possible, *literals])
