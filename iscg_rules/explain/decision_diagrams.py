"""Exact questions about every possible completion of a situation, with decision diagrams.

Needs the package `oxidd` (extra `interview`); without it `Diagrams.make` gives None. Each variable
is a few bits for its classes of answers; a rule is one diagram over them. To a condition, a code
that no class has is the last class: nothing then has to say that a code is one.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import reduce
from operator import and_, or_
from typing import Any, Final, NamedTuple

from iscg_rules.language.conditions import (
    Atom,
    Condition,
    Values,
    fold,
)
from iscg_rules.language.on_demand import OnDemand
from iscg_rules.language.truth_gates import GateAlgebra
from iscg_rules.model.answer_space import Space
from iscg_rules.model.rules import RuleSet

__all__ = ["Diagrams", "SituationDiagrams"]

_NODES, _CACHE = 1 << 20, 1 << 18
# A function of the package; it ships no types.
Diagram = Any


class _Gates(NamedTuple):
    """Diagrams as gates."""

    true: Diagram
    false: Diagram

    def all_of(self, gates: Iterable[Diagram]) -> Diagram:
        return reduce(and_, gates, self.true)

    def any_of(self, gates: Iterable[Diagram]) -> Diagram:
        return reduce(or_, gates, self.false)

    def opposite(self, gate: Diagram) -> Diagram:
        return ~gate


class _TestDiagrams:
    """The diagrams of tests of one variable."""

    def __init__(self, gates: _Gates, bits: Mapping[str, Sequence[Diagram]], space: Space) -> None:
        self._gates = gates
        self._bits = bits
        self._domains = space.domains

    def of(self, test: Atom) -> Diagram:
        examples = self._domains[test.variable].examples
        return self._among(test.variable, [test.allows(answer) for answer in examples])

    def is_answer(self, variable: str, place: int) -> Diagram:
        chosen = (bit if place >> n & 1 else ~bit for n, bit in enumerate(self._bits[variable]))
        return self._gates.all_of(chosen)

    def _among(self, variable: str, holding: Sequence[bool]) -> Diagram:
        # What the last class says holds for the codes after it too: only what differs is named.
        last = holding[-1]
        others = (place for place, one in enumerate(holding) if one is not last)
        named = self._gates.any_of(self.is_answer(variable, place) for place in others)
        return ~named if last else named


class _FactDiagrams(OnDemand[str, Diagram]):
    """The diagram of each fact."""

    def __init__(self, rule_set: RuleSet, gates: _Gates, tests: _TestDiagrams) -> None:
        super().__init__(rule_set.facts_below.__getitem__)
        self._facts = rule_set.facts
        self._gates = gates
        self._tests = tests

    def work_out(self, name: str) -> Diagram:
        return fold(self._facts[name].condition, GateAlgebra(self._gates, self._tests.of, self))


class Diagrams:
    """The diagram of every rule of one rule set, made once; shared between threads."""

    def __init__(self, package: Any, space: Space) -> None:  # noqa: ANN401 # it ships no types
        self._space = space
        self._manager = package.BCDDManager(_NODES, _CACHE, 1)
        self.true: Final[Diagram] = self._manager.true()
        self.false: Final[Diagram] = self._manager.false()
        self.bits: dict[str, list[Diagram]] = {}
        for name, domain in space.domains.items():
            width = max(1, (len(domain.examples) - 1).bit_length())
            self.bits[name] = [self._manager.var(n) for n in self._manager.add_vars(width)]
        self.gates: Final = _Gates(self.true, self.false)
        self._tests = _TestDiagrams(self.gates, self.bits, space)
        facts = _FactDiagrams(space.rule_set, self.gates, self._tests)
        self._algebra = GateAlgebra(self.gates, self._tests.of, facts)
        self.rules: Final = {
            rule.id: self.of(rule.condition) for rule in space.rule_set.rules.values()
        }
        refused = (self.of(entry.condition) for entry in space.rule_set.impossible)
        self._care = reduce(and_, (~one for one in refused), self.true)

    @classmethod
    def make(cls, space: Space) -> "Diagrams | None":
        """Make the diagrams; None without the package, or where they would be too big."""
        try:
            # Slow to import, and optional.
            from oxidd import bcdd  # noqa: PLC0415
            from oxidd.util import DDMemoryError  # noqa: PLC0415
        except ImportError:
            return None
        try:
            return cls(bcdd, space)
        except DDMemoryError:
            return None

    def of(self, condition: Condition) -> Diagram:
        """Give the diagram of a condition on complete situations."""
        return fold(condition, self._algebra)

    def is_answer(self, variable: str, place: int) -> Diagram:
        """Give the diagram of one class of answers of a variable."""
        return self._tests.is_answer(variable, place)

    def view(self, values: Values) -> "SituationDiagrams":
        """Look at one situation: its known answers, and every possible completion."""
        known = {name: self._space.domains[name].class_of(to) for name, to in values.items()}
        return SituationDiagrams(self, self._care, known)

    def cube(self, variables: Iterable[str]) -> Diagram:
        """Give the bits of some variables, as what is quantified over."""
        return reduce(and_, (bit for name in variables for bit in self.bits[name]), self.true)


class SituationDiagrams:
    """One situation: diagrams restricted to its possible completions."""

    def __init__(self, diagrams: Diagrams, care: Diagram, known: Mapping[str, int]) -> None:
        self._diagrams = diagrams
        literals = (diagrams.is_answer(name, place) for name, place in known.items())
        self._known = reduce(and_, literals, diagrams.true)
        self._quantified = diagrams.cube(known)
        self._conditions: dict[Condition, Diagram] = {}
        self.care: Final = self.restrict(care)

    def restrict(self, diagram: Diagram) -> Diagram:
        """Fix the known answers."""
        return (diagram & self._known).exists(self._quantified)

    def rule(self, name: str) -> Diagram:
        """Give a rule on the completions of the situation."""
        return self.restrict(self._diagrams.rules[name])

    def condition(self, condition: Condition) -> Diagram:
        """Give a condition on the completions of the situation."""
        found = self._conditions.get(condition)
        if found is None:
            # Partners share areas and publics.
            found = self._conditions[condition] = self.restrict(self._diagrams.of(condition))
        return found

    def can_be(self, diagram: Diagram) -> bool:
        """Tell whether a possible completion satisfies a diagram."""
        return bool((diagram & self.care).satisfiable())

    def is_tied(self, variables: Diagram) -> bool:
        """Tell whether what is impossible speaks of some of these variables, given as a cube."""
        return bool(self.care.exists(variables) != self.care)

    def depends(self, diagram: Diagram, variables: Diagram, *, is_tied: bool) -> bool:
        """Tell whether it differs between two possible completions that differ in these only.

        Args:
            diagram: over the completions.
            variables: as a cube.
            is_tied: what `is_tied` says of them.
        """
        holding = diagram & self.care
        hidden = holding.exists(variables)
        if not is_tied:
            # What is possible does not depend on them: a dependence can only be the diagram's.
            return bool(hidden != holding)
        failing = (~diagram & self.care).exists(variables)
        return bool((hidden & failing).satisfiable())
