"""What each condition is in a situation, and the answers that this rests on, or waits for.

An account is a truth with a set of variables: those that make the condition true, or false; while
it is unknown, those whose answers could settle it. Sets are bits of one integer, one a variable.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from iscg_rules.language.conditions import (
    Atom,
    Condition,
    Left,
    Truth,
    ValuesLeft,
    allows_all,
    fold,
)
from iscg_rules.language.on_demand import OnDemand
from iscg_rules.model.rules import RuleSet

__all__ = ["Account", "FactAccounts", "ReadyAccount", "ready_account", "ready_facts"]


class Account(NamedTuple):
    """A truth, and the variables behind it."""

    truth: Truth
    variables: int


# Values and the accounts of facts → the account of one condition.
ReadyAccount = Callable[[ValuesLeft, Mapping[str, Account]], Account]


def ready_account(condition: Condition, bits: Mapping[str, int]) -> ReadyAccount:
    """Return what works out a condition, quicker than a walk down its tree every time."""
    return fold(condition, _Readying(bits))


def ready_facts(rule_set: RuleSet, bits: Mapping[str, int]) -> dict[str, ReadyAccount]:
    """Return what works out the condition of each fact."""
    return {fact.id: ready_account(fact.condition, bits) for fact in rule_set.facts.values()}


class FactAccounts(OnDemand[str, Account]):
    """The account of each fact in one situation, worked out when it is asked for."""

    def __init__(
        self, rule_set: RuleSet, ready: Mapping[str, ReadyAccount], values: ValuesLeft
    ) -> None:
        super().__init__(rule_set.facts_below.__getitem__)
        self._ready = ready
        self._values = values

    def work_out(self, name: str) -> Account:
        """Return the account of a fact."""
        return self._ready[name](self._values, self)


class _Readying:
    """The algebra of conditions made ready."""

    def __init__(self, bits: Mapping[str, int]) -> None:
        self._bits = bits

    def test(self, test: Atom) -> ReadyAccount:
        variable, allows = test.variable, test.allows
        unknown = Account(None, self._bits[variable])
        held, failed = (Account(truth, self._bits[variable]) for truth in (True, False))

        def account(values: ValuesLeft, _facts: Mapping[str, Account]) -> Account:
            answer = values.get(variable)
            if answer is None:
                return unknown
            if isinstance(answer, Left):
                return Account(allows_all(test, answer), unknown.variables)
            return held if allows(answer) else failed

        return account

    def fact(self, fact: str) -> ReadyAccount:
        return lambda _values, facts: facts[fact]

    def negation(self, part: ReadyAccount) -> ReadyAccount:
        def account(values: ValuesLeft, facts: Mapping[str, Account]) -> Account:
            truth, variables = part(values, facts)
            return Account(None if truth is None else not truth, variables)

        return account

    def threshold(self, count: int, size: int, parts: Iterable[ReadyAccount]) -> ReadyAccount:
        ready = tuple(parts)
        spare = size - count

        # 2 of (true, unknown, false): unknown, and it waits for what the second part waits for.
        def account(values: ValuesLeft, facts: Mapping[str, Account]) -> Account:
            held = failed = behind_true = behind_false = behind_unknown = 0
            for part in ready:
                truth, variables = part(values, facts)
                if truth:
                    held += 1
                    behind_true |= variables
                elif truth is None:
                    behind_unknown |= variables
                else:
                    failed += 1
                    behind_false |= variables
            if held >= count:
                return Account(True, behind_true)  # noqa: FBT003 # a truth is one of three values
            if failed > spare:
                return Account(False, behind_false)  # noqa: FBT003 # the same
            return Account(None, behind_unknown)

        return account
