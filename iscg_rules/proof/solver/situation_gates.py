"""Situations and conditions as gates: every situation is an assignment, and the reverse.

Complete: each variable has exactly one class of answers, and a condition is one literal. Partial:
at most one, none being unknown, and a condition is two literals, as in `conditions`: it is true,
and it is not false, by all that follows from its answers. A partial situation can be when one of
its completions can: a second, complete copy of what the `impossible` entries speak of.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Optional

from iscg_rules.language.closed_gates import ClosedGates
from iscg_rules.language.conditions import (
    Atom,
    Condition,
    fold,
)
from iscg_rules.language.situations import AnswerValue
from iscg_rules.language.truth_gates import GateAlgebra, MustMay, ThreeValued
from iscg_rules.model.answer_space import Space
from iscg_rules.model.rules import FactsOnDemand, RuleSet
from iscg_rules.proof.solver.gates import FALSE, TRUE, Held, SolverCircuit

__all__ = ["Conditions", "Encoding", "Fixed", "Three"]

# Variable → the class of answers that it is taken to have, whatever the assignment says.
Fixed = Mapping[str, int]
_NOTHING: Fixed = {}


# The literals of a condition.
Three = MustMay[int]


class Encoding:
    """The gates of one space of situations; a variable is made when it is first spoken of."""

    def __init__(
        self, space: Space, *, is_partial: bool, completing: Optional["Encoding"] = None
    ) -> None:
        """Start without any variable.

        Args:
            space: the classes of answers of every variable.
            is_partial: whether answers may be unknown.
            completing: a partial encoding of the same space; ours are then its completions.
        """
        self.space = space
        self.is_partial = is_partial
        self.circuit: SolverCircuit = completing.circuit if completing else SolverCircuit()
        self._completing = completing
        self._answers: dict[str, dict[int, int]] = {}
        self._possible: dict[tuple[int, tuple[tuple[str, int], ...]], int] = {}

    def answers(self, variable: str) -> Mapping[int, int]:
        """Return the literal of each class of answers that an allowed answer falls into."""
        literals = self._answers.get(variable)
        if literals is None:
            literals = self._answers[variable] = self._made(self.space.allowed[variable])
            if self._completing:
                for place, literal in self._completing.answers(variable).items():
                    self.circuit.require([-literal, literals[place]])
        return literals

    def _made(self, classes: Sequence[int]) -> dict[int, int]:
        circuit = self.circuit
        if not self.is_partial and len(classes) == 1:
            return {classes[0]: TRUE}
        if not self.is_partial and len(classes) == 2:  # noqa: PLR2004 # yes or no is one variable
            first = circuit.variable()
            return {classes[0]: first, classes[1]: -first}
        by_class = {place: circuit.variable() for place in classes}
        literals = tuple(by_class.values())
        for number, literal in enumerate(literals):
            for other in literals[:number]:
                circuit.require([-literal, -other])
        if not self.is_partial:
            circuit.require(literals)
        return by_class

    def is_spoken_of(self, variable: str) -> bool:
        """Tell whether a variable was made."""
        return variable in self._answers

    def known(self) -> dict[str, int]:
        """Return, for each variable spoken of so far, the literal: it has an answer."""
        ordered = sorted(self._answers, key=self.space.rank.__getitem__)
        return {name: self.circuit.any_of(self._answers[name].values()) for name in ordered}

    def is_answer(self, variable: str, answer: AnswerValue) -> int:
        """Return the literal of the class of one answer."""
        return self.answers(variable)[self.space.domains[variable].class_of(answer)]

    def possible(self, rule_set: RuleSet, fixed: Fixed = _NOTHING) -> int:
        """Return the literal that is true when the situation is one that can be."""
        key = (id(rule_set), tuple(sorted(fixed.items())))
        if key not in self._possible:
            conditions = Conditions(self._completed, rule_set, fixed)
            refused = [conditions.of(entry.condition).may for entry in rule_set.impossible]
            self._possible[key] = self.circuit.all_of(-may for may in refused)
        return self._possible[key]

    @cached_property
    def _completed(self) -> "Encoding":
        """Return one completion: the same one for whatever is asked about it."""
        return Encoding(self.space, is_partial=False, completing=self) if self.is_partial else self

    def values(self, held: Held) -> dict[str, AnswerValue]:
        """Read the situation of an assignment, in the vocabulary's order."""
        return {
            name: self.space.domains[name].examples[place]
            for name in sorted(self._answers, key=self.space.rank.__getitem__)
            for place, literal in self._answers[name].items()
            if literal in held
        }


class Conditions:
    """The conditions of one rule set as gates, with some answers taken for granted."""

    def __init__(
        self,
        encoding: Encoding,
        rule_set: RuleSet,
        fixed: Fixed = _NOTHING,
        *,
        is_closed: bool = True,
    ) -> None:
        """Make nothing yet: each gate is made when it is asked for.

        Args:
            encoding: complete or partial.
            rule_set: the facts, and the entries that answers are closed under.
            fixed: the class of answers that some variables are taken to have.
            is_closed: whether what follows counts; where situations that cannot be are looked at
                too, nothing does.
        """
        self._encoding = encoding
        self._fixed = fixed
        self._is_closed = is_closed and encoding.is_partial
        self._tests: dict[Condition, Three] = {}
        facts: FactsOnDemand[Three] = FactsOnDemand(rule_set, self.of)
        self._rule_set = rule_set
        self._algebra = GateAlgebra(ThreeValued(encoding.circuit), self._test, facts)

    def of(self, condition: Condition) -> Three:
        """Return the truth of a condition."""
        return fold(condition, self._algebra)

    def _test(self, test: Atom) -> Three:
        truth = self._tests.get(test)
        if truth is None:
            # The same few tests come again and again.
            truth = self._tests[test] = self._closed(test)
        return truth

    def _closed(self, test: Atom) -> Three:
        """Give the truth of a test; where all is answered, nothing is left to conclude."""
        if self._is_closed and test.variable in self._rule_set.closing.concludable:
            return self._closed_gates.test(test)
        return self._given(test)

    @cached_property
    def _closed_gates(self) -> ClosedGates[int]:
        closing, circuit = self._rule_set.closing, self._encoding.circuit
        return ClosedGates(circuit, closing, self._given, self._fixed)

    def _given(self, test: Atom) -> Three:
        return self._among(test.variable, test.allows)

    def _among(self, variable: str, holds: Callable[[AnswerValue], bool]) -> Three:
        examples = self._encoding.space.domains[variable].examples
        if variable in self._fixed:
            literal = TRUE if holds(examples[self._fixed[variable]]) else FALSE
            return Three(literal, literal)
        answers, any_of = self._encoding.answers(variable), self._encoding.circuit.any_of
        must = any_of(answers[place] for place in answers if holds(examples[place]))
        if not self._encoding.is_partial:
            return Three(must, must)
        return Three(must, -any_of(answers[p] for p in answers if not holds(examples[p])))
