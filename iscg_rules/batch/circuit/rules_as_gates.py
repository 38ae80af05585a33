"""Conditions, rules and kinds → nodes of one circuit: what is certain, possible and excluded."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from itertools import product
from typing import NamedTuple, TypeVar

from iscg_rules.batch.circuit.answer_bits import RANGE, YES, YES_NO
from iscg_rules.batch.circuit.digits import among
from iscg_rules.batch.circuit.gates import NEVER, Circuit
from iscg_rules.language.answer_classes import Domain
from iscg_rules.language.closed_gates import ClosedGates
from iscg_rules.language.conditions import (
    Atom,
    Condition,
    InRange,
    fold,
)
from iscg_rules.language.truth_gates import GateAlgebra, MustMay, ThreeValued
from iscg_rules.model.rules import FactsOnDemand, Orient, Rule, RuleSet
from iscg_rules.model.scales import Scale, Strength, Urgency
from iscg_rules.recommend.outcome import Outcome, is_strong, is_urgent

__all__ = ["RowLayout", "Slot", "refused", "translate", "translate_rules"]


# The rows where something is true, and those where it is not false.
TruthRows = MustMay[int]
Word = TypeVar("Word", bound=Scale)


class Slot(NamedTuple):
    """One class that a kind may have; the slots of all kinds, sorted, are the order of ranks."""

    urgency: Urgency
    strength: Strength
    place: int


@dataclass(frozen=True)
class RowLayout:
    """What comes out of a circuit, each list in the order in which a row lists it."""

    certain: tuple[tuple[Slot, int], ...]
    possible: tuple[tuple[Slot, int], ...]
    excluded: tuple[tuple[int, int], ...]
    fired: tuple[tuple[int, int], ...]
    accepts: Mapping[str, TruthRows]


def translate(
    rule_set: RuleSet,
    domains: Mapping[str, Domain],
    circuit: Circuit,
    in_force: Callable[[Rule], int],
    accepts: Mapping[str, Condition],
) -> RowLayout:
    """Build everything that a batch asks of its rows; what no row can reach is left out.

    Args:
        rule_set: what is translated.
        domains: the classes of answers of each variable, fine enough for every condition.
        circuit: where the nodes are made.
        in_force: the node of the rows on whose day a dated rule exists.
        accepts: the conditions of partners, by partner.
    """
    truth = _Translator(rule_set, domains, circuit).truth
    rules = _rules(rule_set, truth, circuit, in_force)
    outcome = Outcome(circuit, rule_set, rules.__getitem__)
    standings = {kind: outcome.standing(kind) for kind in rule_set.vocabulary.kinds}
    certain = {kind: standing.certain for kind, standing in standings.items()}
    possible = {kind: standing.possible for kind, standing in standings.items()}
    excluded = enumerate(standing.excluded for standing in standings.values())
    slots = _SlotMaker(outcome, circuit)
    fired = ((place, rules[rule].must) for place, rule in enumerate(rules))
    return RowLayout(
        certain=slots.of(certain, lambda truth: truth.must),
        possible=slots.of(possible, lambda truth: truth.may),
        excluded=tuple((place, node) for place, node in excluded if node != NEVER),
        fired=tuple((place, node) for place, node in fired if node != NEVER),
        accepts={partner: truth(condition) for partner, condition in accepts.items()},
    )


def translate_rules(
    rule_set: RuleSet,
    domains: Mapping[str, Domain],
    circuit: Circuit,
    in_force: Callable[[Rule], int],
) -> list[TruthRows]:
    """Build the rules alone, by id; the arguments are those of `translate`."""
    truth = _Translator(rule_set, domains, circuit).truth
    return list(_rules(rule_set, truth, circuit, in_force).values())


def _rules(
    rule_set: RuleSet,
    truth: Callable[[Condition], TruthRows],
    circuit: Circuit,
    in_force: Callable[[Rule], int],
) -> dict[str, TruthRows]:
    truths = {}
    for rule in rule_set.rules.values():
        certain, possible = truth(rule.condition)
        if rule.is_dated:
            force = in_force(rule)
            certain, possible = circuit.all_of((certain, force)), circuit.all_of((possible, force))
        truths[rule.id] = MustMay(certain, possible)
    return truths


def refused(rule_set: RuleSet, domains: Mapping[str, Domain], circuit: Circuit) -> int:
    """Return the node of the rows whose answers cannot be given together."""
    given = _Translator(rule_set, domains, circuit).given
    return ClosedGates(circuit, rule_set.closing, given).refused


class _Translator:
    """The truths of conditions of closed answers as nodes; facts are worked out once."""

    def __init__(self, rule_set: RuleSet, domains: Mapping[str, Domain], circuit: Circuit) -> None:
        self._domains = domains
        self._circuit = circuit
        self._rule_set = rule_set

    @cached_property
    def _algebra(self) -> GateAlgebra[TruthRows]:
        circuit, closing = self._circuit, self._rule_set.closing
        closed = ClosedGates(circuit, closing, self.given, circuit.sure)
        facts: FactsOnDemand[TruthRows] = FactsOnDemand(self._rule_set, self.truth)
        return GateAlgebra(ThreeValued(circuit), closed.test, facts)

    def truth(self, condition: Condition) -> TruthRows:
        return fold(condition, self._algebra)

    def given(self, test: Atom) -> TruthRows:
        """Return the truth of a test by the answers given alone."""
        passed = self._passed(test)
        unknown = self._circuit.opposite(self._circuit.known(test.variable))
        return MustMay(passed, self._circuit.any_of((passed, unknown)))

    def _passed(self, test: Atom) -> int:
        circuit, variable = self._circuit, test.variable
        if isinstance(test, InRange):
            return circuit.all_of(
                (circuit.known(variable), circuit.input(variable, RANGE, test.low, test.high))
            )
        examples = self._domains[variable].examples
        wanted = [place for place, answer in enumerate(examples) if test.allows(answer)]
        if examples == YES_NO.examples and len(wanted) == 1:
            yes = circuit.input(variable, YES)
            no = (circuit.known(variable), circuit.opposite(yes))
            return yes if wanted == [0] else circuit.all_of(no)
        return among(circuit, variable, wanted, len(examples))


class _SlotMaker:
    """The classes that kinds may have, as nodes; what no row can reach is left out."""

    def __init__(self, outcome: Outcome[int], circuit: Circuit) -> None:
        self._outcome = outcome
        self._circuit = circuit

    def of(
        self, rows: Mapping[str, int], side: Callable[[TruthRows], int]
    ) -> tuple[tuple[Slot, int], ...]:
        """Return the rows of each class of each kind, in the order of ranks.

        Args:
            rows: the rows of each kind, in the vocabulary's order.
            side: `must` or `may`, of the rules that make the class.
        """
        slots = []
        for place, (kind, node) in enumerate(rows.items()):
            if node == NEVER:
                continue
            urgencies = self._levels(kind, Urgency, is_urgent, side)
            strengths = self._levels(kind, Strength, is_strong, side)
            for (urgency, as_urgent), (strength, as_strong) in product(urgencies, strengths):
                both = self._circuit.all_of((node, as_urgent, as_strong))
                if both != NEVER:
                    slots.append((Slot(urgency, strength, place), both))
        return tuple(sorted(slots))

    def _levels(
        self,
        kind: str,
        levels: Iterable[Word],
        says: Callable[[Word, Orient], bool],
        side: Callable[[TruthRows], int],
    ) -> list[tuple[Word, int]]:
        """Return, for each level, the rows where it is the best; the last is all the rest."""
        circuit = self._circuit
        best: list[tuple[Word, int]] = []
        better = rest = NEVER
        for level in levels:
            reached = side(self._outcome.oriented(kind, partial(says, level)))
            # A level that no rule gives, in no row, adds nothing to those before it.
            if reached != better:
                rest = circuit.opposite(better)
                best.append((level, circuit.all_of((reached, rest))))
                better = reached
        return [*best[:-1], (best[-1][0], rest)]
