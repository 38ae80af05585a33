"""Which answers a rule rests on, and which it lacks, from a plan made once a rule set."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import filterfalse

from iscg_rules.conditions import (
    All,
    AnyOf,
    Condition,
    FactIs,
    InArea,
    InRange,
    Not,
    Test,
    Truths,
    Values,
)
from iscg_rules.conditions.tree import grounds, unsettled
from iscg_rules.rules import RuleSet

__all__ = ["Plans", "Support", "make_plans"]

_NONE: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class _Plan:
    """A conjunction taken apart.

    Its tests in vocabulary order, its facts, its choices between tests with their variables, and
    all the rest.
    """

    variables: tuple[str, ...]
    facts: tuple[str, ...]
    choices: tuple[tuple[Condition, tuple[str, ...]], ...]
    others: tuple[Condition, ...]
    is_plain: bool


@dataclass(frozen=True, slots=True)
class Plans:
    """The plans of every rule and fact, and each variable's place in the vocabulary."""

    rules: Mapping[str, _Plan]
    facts: Mapping[str, _Plan]
    conditions: Mapping[str, Condition]
    rank: Mapping[str, int]
    attribute_of: Mapping[str, str]


def make_plans(rule_set: RuleSet) -> Plans:
    """Plan every rule and fact of a set."""
    rank = {name: place for place, name in enumerate(rule_set.vocabulary.attribute_of)}
    facts: dict[str, _Plan] = {}
    for fact in rule_set.facts.values():
        facts[fact.id] = _plan(fact.condition, facts, rank)
    return Plans(
        rules={rule.id: _plan(rule.condition, facts, rank) for rule in rule_set.rules.values()},
        facts=facts,
        conditions={fact.id: fact.condition for fact in rule_set.facts.values()},
        rank=rank,
        attribute_of=rule_set.vocabulary.attribute_of,
    )


def _plan(condition: Condition, known: Mapping[str, _Plan], rank: Mapping[str, int]) -> _Plan:
    variables: set[str] = set()
    facts: list[str] = []
    choices: list[tuple[Condition, tuple[str, ...]]] = []
    others: list[Condition] = []
    waiting = [condition]
    while waiting:
        part = waiting.pop()
        # Turning a test round changes neither what it rests on nor what it lacks.
        inner = part.part if isinstance(part, Not) else part
        if isinstance(inner, Test | InRange | InArea):
            variables.add(inner.variable)
        elif isinstance(part, FactIs) and part.holds and _is_conjunction(known[part.fact]):
            # Wanted true, and a plain conjunction itself: its tests may stand for it.
            variables.update(known[part.fact].variables)
        elif isinstance(inner, FactIs):
            facts.append(inner.fact)
        elif isinstance(part, All):
            waiting += part.of
        elif tests := _tests_of(part):
            choices.append((part, tests))
        else:
            others.append(part)
    ordered = sorted(variables, key=rank.__getitem__)
    # In a plain one each variable is an attribute of its own, so that no attribute comes twice.
    is_plain = not (facts or choices or others or any("=" in name for name in ordered))
    return _Plan(tuple(ordered), tuple(facts), tuple(choices), tuple(others), is_plain)


def _is_conjunction(plan: _Plan) -> bool:
    return not (plan.facts or plan.choices or plan.others)


def _tests_of(condition: Condition) -> tuple[str, ...]:
    """Give the variables of a choice between tests and nothing else; empty for any other."""
    if not isinstance(condition, AnyOf):
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
        "_is_known",
        "_lacking_facts",
        "_lacking_rules",
        "_plans",
        "_resting",
        "_truths",
        "_values",
    )

    def __init__(self, plans: Plans, values: Values, truths: Truths) -> None:
        self._plans = plans
        self._values = values
        self._is_known = values.__contains__
        self._truths = truths
        # A rule or a fact stands behind several kinds: it is looked at once.
        self._lacking_facts: dict[str, frozenset[str]] = {}
        self._lacking_rules: dict[str, frozenset[str]] = {}
        self._resting: dict[str, list[str]] = {}

    def lacks(self, rules: Sequence[str]) -> Iterable[str]:
        """Give the attributes whose answers could settle these open rules."""
        if len(rules) == 1:
            plan = self._plans.rules[rules[0]]
            if plan.is_plain:
                return filterfalse(self._is_known, plan.variables)
        return self._attributes(_NONE.union(*map(self._rule_lacks, rules)))

    def condition_lacks(self, condition: Condition) -> Iterable[str]:
        """Give the attributes whose answers could settle an open condition."""
        return self._attributes(self._lacks(_plan(condition, self._plans.facts, self._plans.rank)))

    def _attributes(self, variables: Iterable[str]) -> Iterable[str]:
        # The values of a `many_of` attribute stand side by side in this order.
        ordered = sorted(variables, key=self._plans.rank.__getitem__)
        return dict.fromkeys(map(self._plans.attribute_of.__getitem__, ordered))

    def rests_on(self, rule: str) -> list[str]:
        """Give the known variables that make a fired rule true."""
        found = self._resting.get(rule)
        if found is None:
            variables = set(self._rests_on(self._plans.rules[rule]))
            found = self._resting[rule] = sorted(variables, key=self._plans.rank.__getitem__)
        return found

    def _rule_lacks(self, rule: str) -> frozenset[str]:
        found = self._lacking_rules.get(rule)
        if found is None:
            found = self._lacking_rules[rule] = self._lacks(self._plans.rules[rule])
        return found

    def _lacks(self, plan: _Plan) -> frozenset[str]:
        lacking = frozenset(filterfalse(self._is_known, plan.variables))
        for fact in plan.facts:
            lacking |= self._fact_lacks(fact)
        for condition, variables in plan.choices:
            # Where no test decides, every unknown one still could.
            if condition.truth(self._values, self._truths) is None:
                lacking = lacking.union(filterfalse(self._is_known, variables))
        for condition in plan.others:
            for leaf in unsettled(condition, self._values, self._truths):
                if isinstance(leaf, FactIs):
                    lacking |= self._fact_lacks(leaf.fact)
                else:
                    lacking |= {leaf.variable}
        return lacking

    def _fact_lacks(self, fact: str) -> frozenset[str]:
        if self._truths[fact] is not None:
            return _NONE
        found = self._lacking_facts.get(fact)
        if found is None:
            found = self._lacking_facts[fact] = self._lacks(self._plans.facts[fact])
        return found

    def _rests_on(self, plan: _Plan) -> Iterator[str]:
        yield from plan.variables
        for fact in plan.facts:
            yield from self._fact_rests_on(fact)
        for condition in (*(choice for choice, _ in plan.choices), *plan.others):
            yield from self._condition_rests_on(condition, wanted=True)

    def _fact_rests_on(self, fact: str) -> Iterator[str]:
        if self._truths[fact] is True:
            yield from self._rests_on(self._plans.facts[fact])
            return
        # A conjunction is false because of its false parts only.
        yield from self._condition_rests_on(self._plans.conditions[fact], wanted=False)

    def _condition_rests_on(self, condition: Condition, *, wanted: bool) -> Iterator[str]:
        for leaf in grounds(condition, self._values, self._truths, wanted=wanted):
            if isinstance(leaf, FactIs):
                yield from self._fact_rests_on(leaf.fact)
            else:
                yield leaf.variable
