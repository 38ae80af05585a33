"""Which answers a rule rests on, and which it lacks, from a plan made once a rule set."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import reduce
from operator import or_

from iscg_rules.language.conditions import (
    Atom,
    Condition,
    FactIs,
    InArea,
    InRange,
    Left,
    Not,
    Test,
    Threshold,
    ValuesLeft,
    allows_all,
)
from iscg_rules.model.rules import RuleSet
from iscg_rules.recommend.accounts import FactAccounts, ReadyAccount, ready_account, ready_facts

__all__ = ["Plans", "Support", "make_plans"]


@dataclass(frozen=True, slots=True)
class _Choice:
    """One of several tests: their bits, and those of their variables."""

    account: ReadyAccount
    tests: int
    variables: int


@dataclass(frozen=True, slots=True)
class _Plan:
    """A conjunction taken apart: its tests, its facts, its choices between tests, and the rest.

    Sets of variables are bits of one integer, in the vocabulary's order.
    """

    variables: int
    facts: tuple[str, ...]
    choices: tuple[_Choice, ...]
    others: tuple[ReadyAccount, ...]

    @property
    def is_conjunction(self) -> bool:
        return not (self.facts or self.choices or self.others)


@dataclass(frozen=True, slots=True)
class Plans:
    """The plans of every rule, what works out each fact, and the bit of each variable.

    `tests` has, for each variable, the tests that choices hold, each with its bit.
    """

    rule_set: RuleSet
    rules: Mapping[str, _Plan]
    ready_facts: Mapping[str, ReadyAccount]
    tests: Mapping[str, tuple[tuple[int, Atom], ...]]
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
    planning = _Planning(bits)
    for fact in rule_set.facts.values():
        planning.facts[fact.id] = planning.plan(fact.condition)
    rules = {rule.id: planning.plan(rule.condition) for rule in rule_set.rules.values()}
    tests: dict[str, tuple[tuple[int, Atom], ...]] = {}
    for test, bit in planning.tests.items():
        tests[test.variable] = (*tests.get(test.variable, ()), (bit, test))
    return Plans(
        rule_set=rule_set,
        rules=rules,
        ready_facts=ready_facts(rule_set, bits),
        tests=tests,
        bits=bits,
        variables=tuple(bits),
        attributes=tuple((name, others[name]) for name in vocabulary.attribute_of.values()),
    )


class _Planning:
    """Takes conditions apart; `facts` has the plans made so far, `tests` the bit of each test."""

    def __init__(self, bits: Mapping[str, int]) -> None:
        self.facts: dict[str, _Plan] = {}
        self.tests: dict[Atom, int] = {}
        self._bits = bits

    def plan(self, condition: Condition) -> _Plan:
        """Plan a condition; the facts that it names are planned before."""
        variables = 0
        facts: list[str] = []
        choices: list[_Choice] = []
        others: list[ReadyAccount] = []
        waiting = [condition]
        while waiting:
            part = waiting.pop()
            # Turning a test round changes neither what it rests on nor what it lacks.
            inner = part.part if isinstance(part, Not) else part
            if isinstance(inner, Test | InRange | InArea):
                variables |= self._bits[inner.variable]
            elif isinstance(part, FactIs) and part.holds and self.facts[part.fact].is_conjunction:
                # Wanted true, and a plain conjunction itself: its tests may stand for it.
                variables |= self.facts[part.fact].variables
            elif isinstance(inner, FactIs):
                facts.append(inner.fact)
            elif isinstance(part, Threshold) and part.count == len(part.of):
                waiting += part.of
            elif tests := _tests_of(part):
                choices.append(self._choice(part, tests))
            else:
                others.append(ready_account(part, self._bits))
        return _Plan(variables, tuple(dict.fromkeys(facts)), tuple(choices), tuple(others))

    def _choice(self, condition: Condition, tests: Iterable[Atom]) -> _Choice:
        held = variables = 0
        for test in tests:
            held |= self.tests.setdefault(test, 1 << len(self.tests))
            variables |= self._bits[test.variable]
        return _Choice(ready_account(condition, self._bits), held, variables)


def _tests_of(condition: Condition) -> tuple[Atom, ...]:
    """Return the tests of a choice between tests and nothing else; none of any other."""
    if not isinstance(condition, Threshold) or condition.count != 1:
        return ()
    tests: list[Atom] = []
    for part in condition.of:
        if isinstance(part, Test | InRange | InArea):
            tests.append(part)
        elif inner := _tests_of(part):
            tests += inner
        else:
            return ()
    return tuple(tests)


class Support:
    """What the rules rest on and lack in one situation, in the vocabulary's order."""

    __slots__ = ("_facts", "_is_narrow", "_lacking", "_plans", "_true_tests", "_unknown", "_values")

    def __init__(self, plans: Plans, values: ValuesLeft) -> None:
        self._plans = plans
        self._values = values
        self._facts = FactAccounts(plans.rule_set, plans.ready_facts, values)
        self._is_narrow = any(answer.__class__ is Left for answer in values.values())
        self._unknown = ~_united(
            plans.bits[name] for name, answer in values.items() if answer.__class__ is not Left
        )
        self._true_tests = _united(
            bit
            for variable, answer in values.items()
            if variable in plans.tests
            for bit, test in plans.tests[variable]
            if (allows_all(test, answer) if isinstance(answer, Left) else test.allows(answer))
        )
        # A rule stands behind several kinds: it is looked at once.
        self._lacking: dict[str, int] = {}

    def lacks(self, rules: Iterable[str]) -> list[str]:
        """Return the attributes whose answers could settle these open rules."""
        lacking, known = 0, self._lacking
        for rule in rules:
            variables = known.get(rule)
            if variables is None:
                variables = known[rule] = self._rule_lacks(rule, self._plans.rules[rule])
            lacking |= variables
        return self._attributes(lacking)

    def distance(self, rule: str) -> int:
        """Return how many answers an open rule lacks at least, so that it holds.

        One for each question of its tests, and one for each choice or fact that shares no question
        with the rest: `{all: [a: yes, b: yes, {any: [c: yes, d: yes]}]}`, a known → 2.
        """
        plan = self._plans.rules[rule]
        asked = set(self._attributes(self._open_variables(rule, plan)))
        distance = len(asked)
        for variables in self._open_parts(plan):
            names = self._attributes(variables)
            # One answer may settle two parts: only what shares no question counts twice.
            if asked.isdisjoint(names):
                distance += 1
                asked.update(names)
        return distance

    def condition_lacks(self, condition: Condition) -> list[str]:
        """Return the attributes whose answers could settle an open condition."""
        account = ready_account(condition, self._plans.bits)(self._values, self._facts)
        return self._attributes(account.variables)

    def rests_on(self, rule: str) -> list[str]:
        """Return the known variables that make a fired rule true."""
        plan, values, facts = self._plans.rules[rule], self._values, self._facts
        resting = plan.variables
        for fact in plan.facts:
            resting |= facts[fact].variables
        for choice in plan.choices:
            resting |= choice.account(values, facts).variables
        for account in plan.others:
            resting |= account(values, facts).variables
        return self._named(resting)

    def _rule_lacks(self, rule: str, plan: _Plan) -> int:
        return reduce(or_, self._open_parts(plan), self._open_variables(rule, plan))

    def _open_variables(self, rule: str, plan: _Plan) -> int:
        """Return the variables of plain tests that are still open."""
        if not self._is_narrow:
            return plan.variables & self._unknown
        # Some tests hold already of variables that are not known: it takes the whole account.
        condition = self._plans.rule_set.rules[rule].condition
        account = ready_account(condition, self._plans.bits)(self._values, self._facts)
        return plan.variables & account.variables

    def _open_parts(self, plan: _Plan) -> Iterator[int]:
        """Yield the variables of each choice, fact and other part that is still open."""
        for choice in plan.choices:
            # Where no test decides, every unknown one still could.
            if choice.tests & self._true_tests:
                continue
            if self._is_narrow:
                yield choice.account(self._values, self._facts).variables
            else:
                yield choice.variables & self._unknown
        accounts = [self._facts[fact] for fact in plan.facts]
        accounts += [account(self._values, self._facts) for account in plan.others]
        for truth, variables in accounts:
            if truth is None:
                yield variables

    def _attributes(self, variables: int) -> list[str]:
        attributes = self._plans.attributes
        names = []
        while variables:
            # The place of the lowest bit: 0b0110 → 1.
            name, others = attributes[(variables & -variables).bit_length() - 1]
            names.append(name)
            variables &= others
        return names

    def _named(self, variables: int) -> list[str]:
        names = self._plans.variables
        named = []
        while variables:
            lowest = variables & -variables
            named.append(names[lowest.bit_length() - 1])
            variables ^= lowest
        return named


def _united(bits: Iterable[int]) -> int:
    return reduce(or_, bits, 0)
