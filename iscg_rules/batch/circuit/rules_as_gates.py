"""Conditions, rules and kinds → nodes of one circuit: what is certain, possible and excluded."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import product
from typing import NamedTuple

from iscg_rules.batch.circuit.answer_bits import RANGE, YES, YES_NO
from iscg_rules.batch.circuit.digits import among
from iscg_rules.batch.circuit.gates import NEVER, Circuit
from iscg_rules.language.answer_classes import Domain
from iscg_rules.language.conditions import (
    Atom,
    Condition,
    InRange,
    fold,
)
from iscg_rules.language.truth_gates import GateAlgebra, MustMay, ThreeValued
from iscg_rules.model.rules import STRENGTHS, URGENCIES, FactsOnDemand, Rule, RuleSet

__all__ = ["Layout", "Slot", "refused", "translate", "translate_rules"]


# The rows where something is true, and those where it is not false.
Rows = MustMay[int]


class Slot(NamedTuple):
    """One class that a kind may have; the slots of all kinds, sorted, are the order of ranks."""

    urgency: int
    strength: int
    place: int


@dataclass(frozen=True)
class Layout:
    """What comes out of a circuit, each list in the order in which a row lists it."""

    certain: tuple[tuple[Slot, int], ...]
    possible: tuple[tuple[Slot, int], ...]
    excluded: tuple[tuple[int, int], ...]
    fired: tuple[tuple[int, int], ...]
    accepts: Mapping[str, Rows]


def translate(
    rule_set: RuleSet,
    domains: Mapping[str, Domain],
    circuit: Circuit,
    in_force: Callable[[Rule], int],
    accepts: Mapping[str, Condition],
) -> Layout:
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
    kinds = _Kinds(rule_set, rules, circuit)
    fired = ((place, rules[rule].must) for place, rule in enumerate(rules))
    return Layout(
        certain=kinds.certain(),
        possible=kinds.possible(),
        excluded=kinds.excluded(),
        fired=tuple((place, node) for place, node in fired if node != NEVER),
        accepts={partner: truth(condition) for partner, condition in accepts.items()},
    )


def translate_rules(
    rule_set: RuleSet,
    domains: Mapping[str, Domain],
    circuit: Circuit,
    in_force: Callable[[Rule], int],
) -> list[Rows]:
    """Build the rules alone, by id; the arguments are those of `translate`."""
    truth = _Translator(rule_set, domains, circuit).truth
    return list(_rules(rule_set, truth, circuit, in_force).values())


def _rules(
    rule_set: RuleSet,
    truth: Callable[[Condition], Rows],
    circuit: Circuit,
    in_force: Callable[[Rule], int],
) -> dict[str, Rows]:
    found = {}
    for rule in rule_set.rules.values():
        certain, possible = truth(rule.condition)
        if rule.is_dated:
            force = in_force(rule)
            certain, possible = circuit.all_of((certain, force)), circuit.all_of((possible, force))
        found[rule.id] = MustMay(certain, possible)
    return found


def refused(rule_set: RuleSet, domains: Mapping[str, Domain], circuit: Circuit) -> int:
    """Give the node of the rows that an `impossible` entry is true of."""
    truth = _Translator(rule_set, domains, circuit).truth
    return circuit.any_of(truth(entry.condition).must for entry in rule_set.impossible)


class _Translator:
    """Gives the truth of conditions; facts are worked out once."""

    def __init__(self, rule_set: RuleSet, domains: Mapping[str, Domain], circuit: Circuit) -> None:
        self._domains = domains
        self._circuit = circuit
        facts: FactsOnDemand[Rows] = FactsOnDemand(rule_set, self.truth)
        self._algebra = GateAlgebra(ThreeValued(circuit), self._test, facts)

    def truth(self, condition: Condition) -> Rows:
        return fold(condition, self._algebra)

    def _test(self, test: Atom) -> Rows:
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


class _Kinds:
    """What rules say of kinds, as nodes."""

    def __init__(self, rule_set: RuleSet, rules: Mapping[str, Rows], circuit: Circuit) -> None:
        self._circuit = circuit
        self._kinds = list(rule_set.vocabulary.kinds)
        self._orients: dict[str, list[tuple[int, int, Rows]]] = {}
        excludes: dict[str, list[Rows]] = {}
        for rule in rule_set.rules.values():
            for orient in rule.orient:
                urgency = URGENCIES.index(orient.urgency)
                strength = STRENGTHS.index(orient.strength)
                one = (urgency, strength, rules[rule.id])
                self._orients.setdefault(orient.to, []).append(one)
            for exclude in rule.exclude:
                excludes.setdefault(exclude.to, []).append(rules[rule.id])
        self._excluded = {
            kind: circuit.any_of(truth.must for truth in truths)
            for kind, truths in excludes.items()
        }
        self._threatened = {
            kind: circuit.any_of(truth.may for truth in truths) for kind, truths in excludes.items()
        }
        self._certain = {kind: self._certain_rows(kind) for kind in self._orients}

    def _certain_rows(self, kind: str) -> int:
        circuit = self._circuit
        reached = circuit.any_of(truth.must for _, _, truth in self._orients[kind])
        safe = circuit.opposite(self._threatened.get(kind, NEVER))
        return circuit.all_of((reached, safe))

    def certain(self) -> tuple[tuple[Slot, int], ...]:
        """Give the rows of each class of each kind that is certain."""
        return self._slots(self._certain, lambda truth: truth.must)

    def possible(self) -> tuple[tuple[Slot, int], ...]:
        """Give the rows of each class of each kind that could still become certain."""
        circuit = self._circuit
        rows = {
            kind: circuit.all_of(
                (
                    circuit.any_of(truth.may for _, _, truth in orients),
                    circuit.opposite(self._excluded.get(kind, NEVER)),
                    circuit.opposite(self._certain[kind]),
                )
            )
            for kind, orients in self._orients.items()
        }
        return self._slots(rows, lambda truth: truth.may)

    def excluded(self) -> tuple[tuple[int, int], ...]:
        """Give the rows of each kind that is excluded, by the kind's place."""
        pairs = ((place, self._excluded.get(kind)) for place, kind in enumerate(self._kinds))
        return tuple((place, node) for place, node in pairs if node)

    def _slots(
        self, rows: Mapping[str, int], side: Callable[[Rows], int]
    ) -> tuple[tuple[Slot, int], ...]:
        found = []
        for place, kind in enumerate(self._kinds):
            if rows.get(kind, NEVER) == NEVER:
                continue
            orients = [(u, s, side(truth)) for u, s, truth in self._orients[kind]]
            urgencies = self._levels([(urgency, node) for urgency, _, node in orients])
            strengths = self._levels([(strength, node) for _, strength, node in orients])
            for (urgency, one), (strength, other) in product(urgencies, strengths):
                node = self._circuit.all_of((rows[kind], one, other))
                if node != NEVER:
                    found.append((Slot(urgency, strength, place), node))
        return tuple(sorted(found))

    def _levels(self, pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
        """Give, for each level, the rows where it is the best; the last is all the rest."""
        circuit = self._circuit
        levels = sorted({level for level, node in pairs if node != NEVER})
        found, better = [], NEVER
        for level in levels:
            here = circuit.any_of(node for one, node in pairs if one == level)
            is_last = level == levels[-1]
            node = circuit.opposite(better)
            found.append((level, node if is_last else circuit.all_of((here, node))))
            better = circuit.any_of((better, here))
        return found
