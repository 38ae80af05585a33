"""Gates over one satisfiability solver: the same gate is made once, and constants fold away.

A literal is an integer; its opposite is `-literal`. `TRUE` and `FALSE` are literals too.
5 -> variable or gate 5 is true; -5 -> it is false. `all_of([2, -3])` -> 4, a new gate that comes
with the clauses "-4 or 2", "-4 or -3" and "4 or -2 or 3"; `any_of([-2, 3])` -> -4, its opposite.
"""

from collections.abc import Iterable, Sequence
from operator import neg
from typing import Any, Final

from iscg_rules.errors import MissingPackageError
from iscg_rules.language.truth_gates import at_least, counts

__all__ = ["FALSE", "TRUE", "SolverCircuit"]

TRUE, FALSE = 1, -1
# Quick to start, and sound when thousands are made and dropped: Glucose 4 may then abort.
_SOLVER = "minisat22"


def _make_solver() -> Any:  # noqa: ANN401 # the package ships no types
    try:
        # Optional, and slow to import.
        from pysat.solvers import Solver  # noqa: PLC0415
    except ImportError:
        aid = "pip install 'iscg-rules[proof]'"
        raise MissingPackageError("le paquet qui prouve n'est pas installé", aid) from None
    return Solver(name=_SOLVER)


class SolverCircuit:
    """Gates, clauses and questions; grows, and forgets nothing."""

    true: Final = TRUE
    false: Final = FALSE

    def __init__(self) -> None:
        self._solver = _make_solver()
        self._count = 1
        self._gates: dict[frozenset[int], int] = {}
        self._solver.add_clause([TRUE])

    def variable(self) -> int:
        """Make a new variable, free to be true or false."""
        self._count += 1
        return self._count

    def require(self, literals: Iterable[int]) -> None:
        """Require for ever that one of these literals is true."""
        self._solver.add_clause(list(literals))

    def all_of(self, literals: Iterable[int]) -> int:
        """Return the literal that is true when all of these are; `TRUE` when there are none."""
        inputs = set(literals)
        inputs.discard(TRUE)
        if len(inputs) < 2:  # noqa: PLR2004 # one alone is itself
            return next(iter(inputs), TRUE)
        if FALSE in inputs or not inputs.isdisjoint(map(neg, inputs)):
            return FALSE
        key = frozenset(inputs)
        gate = self._gates.get(key)
        if gate is None:
            gate = self._gates[key] = self.variable()
            # Sorted: what the solver does next depends on the order of its clauses.
            ordered = sorted(inputs)
            self._solver.append_formula([[-gate, literal] for literal in ordered])
            self._solver.add_clause([gate, *map(neg, ordered)])
        return gate

    def inputs(self) -> dict[int, tuple[int, ...]]:
        """Return what each gate made so far is all of, each after those that it needs."""
        return {gate: tuple(sorted(key)) for key, gate in self._gates.items()}

    def any_of(self, literals: Iterable[int]) -> int:
        """Return the literal that is true when one of these is; `FALSE` when there are none."""
        return -self.all_of(map(neg, literals))

    def differ(self, one: int, other: int) -> int:
        """Return the literal that is true when exactly one of two is."""
        if one == other:
            return FALSE
        return self.any_of([self.all_of([one, -other]), self.all_of([-one, other])])

    def opposite(self, literal: int) -> int:
        """Return the literal that is true when this one is not."""
        return -literal

    def at_least(self, count: int, literals: Iterable[int]) -> int:
        """Return the literal that is true when so many of these are."""
        return at_least(self, count, literals)

    def counted(self, literals: Iterable[int], most: int) -> tuple[int, ...]:
        """Return, at each place from 0 to `most`, the literal: at least so many are true."""
        return counts(self, literals, most)

    def is_possible(self, literals: Sequence[int]) -> bool:
        """Tell whether all of these can be true at once."""
        return FALSE not in literals and bool(self._solver.solve(assumptions=literals))

    def held(self) -> "Held":
        """Return what holds in the last answer of `is_possible`, which must have been yes."""
        return Held(self._solver.get_model())


class Held:
    """One assignment of every variable that there was when it was found."""

    def __init__(self, model: Sequence[int]) -> None:
        self._model = model

    def __contains__(self, literal: int) -> bool:
        """Tell whether a literal holds; what no clause spoke of is taken to be false."""
        # In the model [1, -2]: 1 and -2 hold, 2 does not; of 7, which is not there, -7 holds.
        place = abs(literal) - 1
        value = self._model[place] if place < len(self._model) else -place - 1
        return (value > 0) is (literal > 0)

    def has_all(self, literals: Iterable[int]) -> bool:
        """Tell whether all of these hold, and were there when it was found."""
        known = len(self._model)
        return all(abs(literal) <= known and literal in self for literal in literals)
