"""Answers by which a rule holds, read off its condition: most questions need no solver.

A cube gives the answers that will do for each of some variables. One answer of each makes the rule
hold; whether they can be given together is asked of a solver that knows only what is impossible.
"""

from collections.abc import Mapping
from functools import cached_property

from iscg_rules.explain.cubes import Cube, Edits, first_answers
from iscg_rules.language.conditions import Values
from iscg_rules.language.situations import AnswerValue, Situation
from iscg_rules.proof.solver.proven_world import Period, World
from iscg_rules.proof.solver.situation_gates import Encoding
from iscg_rules.recommend.bit_tables import compile_rules
from iscg_rules.recommend.bitset import BitsetEvaluator
from iscg_rules.recommend.reference import Evaluation

__all__ = ["Witnesses"]


class Witnesses:
    """Partial situations in which the rules of one period hold."""

    def __init__(self, world: World, period: Period) -> None:
        self._world = world
        self._day = period.day
        self._edits = Edits(world.space, {}, keeps_fixed=False)
        self._cubes: dict[str, list[Cube]] = {}
        self._known: dict[str, Values | None] = {}

    def of(self, rule: str) -> Values | None:
        """Return answers that can be given and by which a rule holds; None where none is found."""
        if rule not in self._known:
            answers = (self._values(cube) for cube in self._cubes_of(rule))
            self._known[rule] = next(
                (values for values in answers if values and self.can_be(values)), None
            )
        return self._known[rule]

    def of_both(self, one: str, other: str) -> bool | None:
        """Tell whether two rules can hold at once; None where it takes a solver to tell."""
        both = self._edits.both(self._cubes_of(one), self._cubes_of(other))
        answers = (self._values(cube) for cube in both)
        if any(values is not None and self.can_be(values) for values in answers):
            return True
        return None if both or self._is_rough(one) or self._is_rough(other) else False

    def can_be(self, values: Values) -> bool:
        """Tell whether some completion of these answers is possible."""
        if not self._world.rule_set.impossible:
            return True
        encoding, possible = self._impossible
        literals = [encoding.is_answer(name, answer) for name, answer in values.items()]
        return encoding.circuit.is_possible([possible, *literals])

    def completion(self, values: Values) -> Values:
        """Return answers that fit one possible answer to all that `impossible` speaks of."""
        assert self.can_be(values)
        if not self._world.rule_set.impossible:
            return values
        encoding, _ = self._impossible
        return {**encoding.values(encoding.circuit.held()), **values}

    def evaluate(self, values: Mapping[str, AnswerValue]) -> Evaluation:
        """Tell which rules hold and which are open."""
        return self._evaluator.evaluate(Situation(values), self._day)

    def _cubes_of(self, rule: str) -> list[Cube]:
        if rule not in self._cubes:
            condition = self._world.rule_set.rules[rule].condition
            self._cubes[rule] = self._edits.cubes(condition, "true")
        return self._cubes[rule]

    def _is_rough(self, rule: str) -> bool:
        """Tell whether the cubes leave out ways in which a rule may hold."""
        derived = self._world.space.is_derived
        return not self._edits.is_exact or any(derived[n] for n in self._world.variables(rule))

    def _values(self, cube: Cube) -> Values | None:
        return first_answers(self._world.space, cube)

    @cached_property
    def _impossible(self) -> tuple[Encoding, int]:
        encoding = Encoding(self._world.space, is_partial=False)
        return encoding, encoding.possible(self._world.rule_set)

    @cached_property
    def _evaluator(self) -> BitsetEvaluator:
        return BitsetEvaluator(compile_rules(self._world.rule_set))
