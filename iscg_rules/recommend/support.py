"""Which answers a rule rests on, and which it lacks, from a plan made once a rule set."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, reduce
from operator import and_, or_

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
)
from iscg_rules.language.situations import AnswerValue
from iscg_rules.model.rules import RuleSet
from iscg_rules.recommend.accounts import (
    Account,
    FactAccounts,
    ReadyAccount,
    ready_account,
    ready_facts,
)
from iscg_rules.recommend.attribute_bits import AttributeBits, places_in

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
    is_conjunction: bool


@dataclass(frozen=True, slots=True)
class _Tests:
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


@dataclass(frozen=True, slots=True)
class Plans:
    """The plans of every rule, what works out each fact and rule, and the tests of choices."""

    rule_set: RuleSet
    rules: Mapping[str, _Plan]
    # The whole condition of a rule, made when it is asked for.
    account_of: Callable[[str], ReadyAccount]
    ready_facts: Mapping[str, ReadyAccount]
    tests: Mapping[str, _Tests]
    bits: AttributeBits


def make_plans(rule_set: RuleSet) -> Plans:
    """Plan every rule and fact of a set."""
    vocabulary = rule_set.vocabulary
    bits = AttributeBits(vocabulary)
    planning = _Planning(bits.bit_of)
    for fact in rule_set.facts.values():
        planning.facts[fact.id] = planning.plan(fact.condition)
    rules = {rule.id: planning.plan(rule.condition) for rule in rule_set.rules.values()}
    tests: dict[str, list[tuple[int, Atom]]] = {}
    for test, bit in planning.tests.items():
        tests.setdefault(test.variable, []).append((bit, test))
    answers = {
        variable: attribute.answers
        for attribute in vocabulary.attributes.values()
        for variable in attribute.variables
    }
    return Plans(
        rule_set=rule_set,
        rules=rules,
        account_of=cache(lambda rule: ready_account(rule_set.rules[rule].condition, bits.bit_of)),
        ready_facts=ready_facts(rule_set, bits.bit_of),
        tests={
            variable: _Tests({one: _passed(every, one) for one in answers[variable]}, tuple(every))
            for variable, every in tests.items()
        },
        bits=bits,
    )


def _passed(tests: Iterable[tuple[int, Atom]], answer: AnswerValue) -> int:
    return _united(bit for bit, test in tests if test.allows(answer))


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
        is_conjunction = not (facts or choices or others)
        named = tuple(dict.fromkeys(facts))
        return _Plan(variables, named, tuple(choices), tuple(others), is_conjunction)

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

    __slots__ = (
        "_facts",
        "_known",
        "_narrow",
        "_of_variables",
        "_plans",
        "_true_tests",
        "_unknown",
        "_values",
    )

    def __init__(self, plans: Plans, values: ValuesLeft) -> None:
        self._plans = plans
        self._of_variables = plans.bits.of_variables
        self._values = values
        self._facts = FactAccounts(plans.rule_set, plans.ready_facts, values)
        bit_of, tests = plans.bits.bit_of, plans.tests
        known = narrow = true_tests = 0
        for variable, answer in values.items():
            if answer.__class__ is Left:
                narrow |= bit_of[variable]
            else:
                known |= bit_of[variable]
            if variable in tests:
                true_tests |= tests[variable].passed_by(answer)
        self._unknown = ~known
        # Unknown, but some answers are ruled out: a test of these may hold already.
        self._narrow = narrow
        self._true_tests = true_tests
        # A rule stands behind several kinds: it is looked at once.
        self._known: dict[str, tuple[int, int]] = {}

    def lacks(self, rules: Iterable[str]) -> list[str]:
        """Name the attributes whose answers could settle these open rules."""
        return self._plans.bits.named(self.lacking(rules))

    def lacking(self, rules: Iterable[str]) -> int:
        """Return the attributes whose answers could settle any of these open rules."""
        return _united(self.missing(rules))

    def missing(self, rules: Iterable[str]) -> list[int]:
        """Return, for each of these open rules, the attributes whose answers could settle it."""
        known, look = self._known, self._look
        return [(known.get(rule) or look(rule))[0] for rule in rules]

    def distance(self, rule: str) -> int:
        """Return how many answers an open rule lacks at least, so that it holds.

        One for each question of its tests, and one for each choice or fact that shares no question
        with the rest: `{all: [a: yes, b: yes, {any: [c: yes, d: yes]}]}`, a known → 2.
        """
        return (self._known.get(rule) or self._look(rule))[1]

    def _look(self, rule: str) -> tuple[int, int]:
        """Return the attributes that an open rule lacks, and its distance; kept for the next."""
        plan, of_variables = self._plans.rules[rule], self._of_variables
        variables = plan.variables & self._unknown
        if plan.variables & self._narrow:
            # Some tests may hold of variables that are not known: it takes the whole account.
            variables = plan.variables & self.account(self._plans.account_of(rule)).variables
        missing = counted = of_variables(variables)
        distance = counted.bit_count()
        for variables in () if plan.is_conjunction else self._open_parts(plan):
            part = of_variables(variables)
            missing |= part
            # One answer may settle two parts: only what shares no question counts twice.
            if not part & counted:
                distance += 1
                counted |= part
        found = self._known[rule] = missing, distance
        return found

    def account(self, condition: ReadyAccount) -> Account:
        """Return the truth of a condition that was made ready, and the variables behind it."""
        return condition(self._values, self._facts)

    def condition_lacks(self, condition: Condition) -> list[str]:
        """Return the attributes whose answers could settle an open condition."""
        bits = self._plans.bits
        account = self.account(ready_account(condition, bits.bit_of))
        return bits.named(bits.of_variables(account.variables))

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
        names = self._plans.bits.variables
        return [names[place] for place in places_in(resting)]

    def _open_parts(self, plan: _Plan) -> Iterator[int]:
        """Yield the variables of each choice, fact and other part that is still open."""
        for choice in plan.choices:
            # Where no test decides, every unknown one still could.
            if choice.tests & self._true_tests:
                continue
            if choice.variables & self._narrow:
                yield self.account(choice.account).variables
            else:
                yield choice.variables & self._unknown
        for fact in plan.facts:
            truth, variables = self._facts[fact]
            if truth is None:
                yield variables
        for condition in plan.others:
            truth, variables = self.account(condition)
            if truth is None:
                yield variables


def _united(bits: Iterable[int]) -> int:
    return reduce(or_, bits, 0)
