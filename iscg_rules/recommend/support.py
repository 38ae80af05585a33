"""Which answers a rule rests on, and which it lacks, from a plan made once a rule set."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from iscg_rules.language.conditions import (
    Condition,
    FactIs,
    InArea,
    InRange,
    Not,
    Test,
    Threshold,
    Truths,
    Values,
    grounds,
    unsettled,
)
from iscg_rules.model.rules import RuleSet

__all__ = ["Plans", "Support", "make_plans"]


@dataclass(frozen=True, slots=True)
class _Plan:
    """A conjunction taken apart: its tests, its facts, its choices between tests, and the rest.

    Sets of variables are bits of one integer, in the vocabulary's order.
    """

    variables: int
    facts: tuple[str, ...]
    choices: tuple[tuple[Condition, int], ...]
    others: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Plans:
    """The plans of every rule and fact, and the bit of each variable."""

    rules: Mapping[str, _Plan]
    facts: Mapping[str, _Plan]
    conditions: Mapping[str, Condition]
    bits: Mapping[str, int]
    variables: tuple[str, ...]
    # At the place of each variable: its attribute, and all bits but those of that attribute.
    attributes: tuple[tuple[str, int], ...]


def make_plans(rule_set: RuleSet) -> Plans:
    """Plan every rule and fact of a set."""
    vocabulary = rule_set.vocabulary
    bits = {name: 1 << place for place, name in enumerate(vocabulary.attribute_of)}
    others = {
        attribute.id: ~sum(bits[variable] for variable in attribute.variables)
        for attribute in vocabulary.attributes.values()
    }
    facts: dict[str, _Plan] = {}
    for fact in rule_set.facts.values():
        facts[fact.id] = _plan(fact.condition, facts, bits)
    return Plans(
        rules={rule.id: _plan(rule.condition, facts, bits) for rule in rule_set.rules.values()},
        facts=facts,
        conditions={fact.id: fact.condition for fact in rule_set.facts.values()},
        bits=bits,
        variables=tuple(bits),
        attributes=tuple((name, others[name]) for name in vocabulary.attribute_of.values()),
    )


def _plan(condition: Condition, known: Mapping[str, _Plan], bits: Mapping[str, int]) -> _Plan:
    variables = 0
    facts: list[str] = []
    choices: list[tuple[Condition, int]] = []
    others: list[Condition] = []
    waiting = [condition]
    while waiting:
        part = waiting.pop()
        # Turning a test round changes neither what it rests on nor what it lacks.
        inner = part.part if isinstance(part, Not) else part
        if isinstance(inner, Test | InRange | InArea):
            variables |= bits[inner.variable]
        elif isinstance(part, FactIs) and part.holds and _is_conjunction(known[part.fact]):
            # Wanted true, and a plain conjunction itself: its tests may stand for it.
            variables |= known[part.fact].variables
        elif isinstance(inner, FactIs):
            facts.append(inner.fact)
        elif isinstance(part, Threshold) and part.count == len(part.of):
            waiting += part.of
        elif tests := _tests_of(part):
            choices.append((part, sum({bits[variable] for variable in tests})))
        else:
            others.append(part)
    return _Plan(variables, tuple(facts), tuple(choices), tuple(others))


def _is_conjunction(plan: _Plan) -> bool:
    return not (plan.facts or plan.choices or plan.others)


def _tests_of(condition: Condition) -> tuple[str, ...]:
    """Give the variables of a choice between tests and nothing else; empty for any other."""
    if not isinstance(condition, Threshold) or condition.count != 1:
        return ()
    variables: list[str] = []
    for part in condition.of:
        if isinstance(part, Test | InRange | InArea):
            variables.append(part.variable)
        elif tests := _tests_of(part):
            variables += tests
        else:
            return ()
    return tuple(variables)


class Support:
    """What the rules rest on and lack in one situation, in the vocabulary's order."""

    __slots__ = (
        "_lacking_facts",
        "_lacking_rules",
        "_plans",
        "_resting",
        "_truths",
        "_unknown",
        "_values",
    )

    def __init__(self, plans: Plans, values: Values, truths: Truths) -> None:
        self._plans = plans
        self._values = values
        self._truths = truths
        known = 0
        for variable in values:
            known |= plans.bits[variable]
        self._unknown = ~known
        # A rule or a fact stands behind several kinds: it is looked at once.
        self._lacking_facts: dict[str, int] = {}
        self._lacking_rules: dict[str, int] = {}
        self._resting: dict[str, list[str]] = {}

    def lacks(self, rules: Iterable[str]) -> list[str]:
        """Give the attributes whose answers could settle these open rules."""
        lacking, known = 0, self._lacking_rules
        for rule in rules:
            found = known.get(rule)
            if found is None:
                found = known[rule] = self._lacks(self._plans.rules[rule])
            lacking |= found
        return self._attributes(lacking)

    def condition_lacks(self, condition: Condition) -> list[str]:
        """Give the attributes whose answers could settle an open condition."""
        plan = _plan(condition, self._plans.facts, self._plans.bits)
        return self._attributes(self._lacks(plan))

    def _attributes(self, variables: int) -> list[str]:
        attributes = self._plans.attributes
        found = []
        while variables:
            # The place of the lowest bit.
            name, others = attributes[(variables & -variables).bit_length() - 1]
            found.append(name)
            variables &= others
        return found

    def rests_on(self, rule: str) -> list[str]:
        """Give the known variables that make a fired rule true."""
        found = self._resting.get(rule)
        if found is None:
            resting = self._rests_on(self._plans.rules[rule])
            found = self._resting[rule] = self._named(resting)
        return found

    def _named(self, variables: int) -> list[str]:
        names = self._plans.variables
        found = []
        while variables:
            lowest = variables & -variables
            found.append(names[lowest.bit_length() - 1])
            variables ^= lowest
        return found

    def _lacks(self, plan: _Plan) -> int:
        unknown = self._unknown
        lacking = plan.variables & unknown
        for fact in plan.facts:
            lacking |= self._fact_lacks(fact)
        for condition, variables in plan.choices:
            # Where no test decides, every unknown one still could.
            if condition.truth(self._values, self._truths) is None:
                lacking |= variables & unknown
        for condition in plan.others:
            for leaf in unsettled(condition, self._values, self._truths):
                if isinstance(leaf, FactIs):
                    lacking |= self._fact_lacks(leaf.fact)
                else:
                    lacking |= self._plans.bits[leaf.variable]
        return lacking

    def _fact_lacks(self, fact: str) -> int:
        found = self._lacking_facts.get(fact)
        if found is None:
            is_open = self._truths[fact] is None
            found = self._lacks(self._plans.facts[fact]) if is_open else 0
            self._lacking_facts[fact] = found
        return found

    def _rests_on(self, plan: _Plan) -> int:
        resting = plan.variables
        for fact in plan.facts:
            resting |= self._fact_rests_on(fact)
        for condition, _ in plan.choices:
            resting |= self._condition_rests_on(condition, wanted=True)
        for condition in plan.others:
            resting |= self._condition_rests_on(condition, wanted=True)
        return resting

    def _fact_rests_on(self, fact: str) -> int:
        if self._truths[fact] is True:
            return self._rests_on(self._plans.facts[fact])
        # A conjunction is false because of its false parts only.
        return self._condition_rests_on(self._plans.conditions[fact], wanted=False)

    def _condition_rests_on(self, condition: Condition, *, wanted: bool) -> int:
        resting = 0
        for leaf in grounds(condition, self._values, self._truths, wanted=wanted):
            if isinstance(leaf, FactIs):
                resting |= self._fact_rests_on(leaf.fact)
            else:
                resting |= self._plans.bits[leaf.variable]
        return resting
