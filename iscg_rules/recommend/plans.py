"""How each rule is taken apart, once a rule set: what `support` looks at in a situation."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache, reduce
from operator import and_, or_
from typing import NamedTuple

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
    allows_all,
)
from iscg_rules.language.situations import AnswerValue
from iscg_rules.model.rules import RuleSet
from iscg_rules.recommend.accounts import ReadyAccount, ready_account, ready_facts
from iscg_rules.recommend.attribute_bits import AttributeBits

__all__ = ["Part", "Plan", "Plans", "make_plans", "united"]


@dataclass(frozen=True, slots=True)
class Part:
    """A part of rules that is no plain test: a choice between tests, a fact, or anything else.

    `tests` and `variables` are the bits of a choice, and none of any other.
    """

    account: ReadyAccount
    tests: int = 0
    variables: int = 0


@dataclass(frozen=True, slots=True)
class Plan:
    """A conjunction taken apart: the variables of its tests, and the places of its other parts.

    Sets of variables are bits of one integer, in the vocabulary's order.
    """

    variables: int
    parts: tuple[int, ...]


class _Tests(NamedTuple):
    """The tests of one variable that choices hold: which each answer passes, and each test."""

    passed: Mapping[AnswerValue, int]
    every: tuple[tuple[int, Atom], ...]

    def passed_by(self, answer: AnswerValue | Left) -> int:
        """Return the tests that hold, whichever of the answers left it is."""
        if isinstance(answer, Left):
            return reduce(and_, map(self.passed_by, answer))
        known = self.passed.get(answer)
        # Numbers and communes are too many to be looked at before.
        return _passed(self.every, answer) if known is None else known


class _Resting(NamedTuple):
    """The rules that test a variable themselves, as bits; `place` is that of its attribute."""

    place: int
    rules: int
    by_test: tuple[tuple[Atom, int], ...]

    def open_on(self, left: Left) -> int:
        """Return the rules of which some test is not settled by what is left."""
        return united(rules for test, rules in self.by_test if allows_all(test, left) is None)


@dataclass(frozen=True, slots=True)
class Plans:
    """The plans of every rule, what works out each fact, part and rule, and the tests of choices.

    Attributes:
        rule_bits: the bit of each rule, in the order of their ids.
        resting: variable → the rules that test it.
        using: the rules that have each of `parts`.
    """

    rule_set: RuleSet
    rules: Mapping[str, Plan]
    parts: tuple[Part, ...]
    # The whole condition of a rule, made when it is asked for.
    account_of: Callable[[str], ReadyAccount]
    ready_facts: Mapping[str, ReadyAccount]
    tests: Mapping[str, _Tests]
    bits: AttributeBits
    rule_bits: Mapping[str, int]
    resting: Mapping[str, _Resting]
    using: tuple[int, ...]


def make_plans(rule_set: RuleSet) -> Plans:
    """Plan every rule and fact of a set."""
    vocabulary = rule_set.vocabulary
    bits = AttributeBits(vocabulary)
    planning = _Planning(bits.bit_of)
    for fact in rule_set.facts.values():
        planning.facts[fact.id] = planning.plan(fact.condition)
    planned = {rule.id: planning.plan(rule.condition) for rule in rule_set.rules.values()}
    tests: dict[str, list[tuple[int, Atom]]] = {}
    for test, bit in planning.tests.items():
        tests.setdefault(test.variable, []).append((bit, test))
    answers = {
        variable: attribute.answers
        for attribute in vocabulary.attributes.values()
        for variable in attribute.variables
    }
    rule_bits = {name: 1 << place for place, name in enumerate(planned)}
    using = [0] * len(planning.parts)
    for name, (_, plan) in planned.items():
        for part in plan.parts:
            using[part] |= rule_bits[name]
    return Plans(
        rule_set=rule_set,
        rules={name: plan for name, (_, plan) in planned.items()},
        parts=tuple(planning.parts),
        account_of=cache(lambda rule: ready_account(rule_set.rules[rule].condition, bits.bit_of)),
        ready_facts=ready_facts(rule_set, bits.bit_of),
        tests={
            variable: _Tests({one: _passed(every, one) for one in answers[variable]}, tuple(every))
            for variable, every in tests.items()
        },
        bits=bits,
        rule_bits=rule_bits,
        resting=_resting(bits, {rule_bits[name]: own for name, (own, _) in planned.items()}),
        using=tuple(using),
    )


def _resting(bits: AttributeBits, tests: Mapping[int, Iterable[Atom]]) -> dict[str, _Resting]:
    """Turn round which rule has which tests."""
    found: dict[str, dict[Atom, int]] = {}
    for rule, own in tests.items():
        for test in own:
            by_test = found.setdefault(test.variable, {})
            by_test[test] = by_test.get(test, 0) | rule
    return {
        variable: _Resting(
            bits.of_variables(bits.bit_of[variable]).bit_length() - 1,
            united(by_test.values()),
            tuple(by_test.items()),
        )
        for variable, by_test in found.items()
    }


def _passed(tests: Iterable[tuple[int, Atom]], answer: AnswerValue) -> int:
    return united(bit for bit, test in tests if test.allows(answer))


# Its own tests, with those of facts that stand for theirs; and what it came to.
_Planned = tuple[tuple[Atom, ...], Plan]


class _Planning:
    """Takes conditions apart; `facts` has the plans made so far, `tests` the bit of each test."""

    def __init__(self, bits: Mapping[str, int]) -> None:
        self.facts: dict[str, _Planned] = {}
        self.tests: dict[Atom, int] = {}
        self.parts: list[Part] = []
        self._places: dict[str | int, int] = {}
        self._bits = bits

    def plan(self, condition: Condition) -> _Planned:
        """Plan a condition; the facts that it names are planned before."""
        # Each test once: a fact that names another one twice, thousands deep, has it 2 ** n times.
        own: dict[Atom, None] = {}
        facts: list[str] = []
        choices: list[int] = []
        others: list[int] = []
        waiting = [condition]
        while waiting:
            part = waiting.pop()
            # Turning a test round changes neither what it rests on nor what it lacks.
            inner = part.part if isinstance(part, Not) else part
            if isinstance(inner, Test | InRange | InArea):
                own[inner] = None
            elif isinstance(part, FactIs) and part.holds and not self.facts[part.fact][1].parts:
                # Wanted true, and a plain conjunction itself: its tests may stand for it.
                own.update(dict.fromkeys(self.facts[part.fact][0]))
            elif isinstance(inner, FactIs):
                facts.append(inner.fact)
            elif isinstance(part, Threshold) and part.count == len(part.of):
                waiting += part.of
            elif tests := _tests_of(part):
                choices.append(self._choice(part, tests))
            else:
                others.append(self._place(Part(ready_account(part, self._bits))))
        variables = united(self._bits[test.variable] for test in own)
        parts = (*choices, *map(self._fact, dict.fromkeys(facts)), *others)
        return tuple(own), Plan(variables, parts)

    def _choice(self, condition: Condition, tests: Iterable[Atom]) -> int:
        held = variables = 0
        for test in tests:
            held |= self.tests.setdefault(test, 1 << len(self.tests))
            variables |= self._bits[test.variable]
        # The same tests make the same choice.
        return self._place(Part(ready_account(condition, self._bits), held, variables), held)

    def _fact(self, fact: str) -> int:
        return self._place(Part(lambda _values, facts: facts[fact]), fact)

    def _place(self, part: Part, key: str | int | None = None) -> int:
        """Return where a part stands; what has the same key is one part."""
        place = len(self.parts) if key is None else self._places.setdefault(key, len(self.parts))
        if place == len(self.parts):
            self.parts.append(part)
        return place


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


def united(bits: Iterable[int]) -> int:
    """Return all bits that are set in any of these."""
    return reduce(or_, bits, 0)
