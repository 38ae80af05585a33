"""Which answers a rule rests on, and which it lacks, in one situation."""

from collections.abc import Iterable

from iscg_rules.language.conditions import Condition, Left, ValuesLeft
from iscg_rules.recommend.accounts import Account, FactAccounts, ReadyAccount, ready_account
from iscg_rules.recommend.attribute_bits import places_in
from iscg_rules.recommend.plans import Plans, make_plans, united

__all__ = ["Plans", "Support", "make_plans"]


class Support:
    """What the rules rest on and lack in one situation, in the vocabulary's order."""

    __slots__ = (
        "_facts",
        "_known",
        "_narrow",
        "_of_variables",
        "_parts",
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
        # A rule stands behind several kinds, and a part in several rules: each is looked at once.
        self._known: dict[str, tuple[int, int]] = {}
        self._parts: list[int | None] = [None] * len(plans.parts)

    def lacks(self, rules: Iterable[str]) -> list[str]:
        """Name the attributes whose answers could settle these open rules."""
        return self._plans.bits.named(self.lacking(rules))

    def lacking(self, rules: Iterable[str]) -> int:
        """Return the attributes whose answers could settle any of these open rules."""
        known, look, found = self._known, self._look, 0
        for rule in rules:
            found |= (known.get(rule) or look(rule))[0]
        return found

    def rules_lacking(self, open_rules: int) -> dict[int, int]:
        """Return, at the place of each attribute, which open rules its answer could settle.

        What `lacking` says of each rule, told for all of them at once, and the other way round.
        """
        found: dict[int, int] = {}
        answer_of = self._values.get
        for variable, resting in self._plans.resting.items():
            answer = answer_of(variable)
            if answer is None:
                rules = resting.rules & open_rules
            elif answer.__class__ is Left:
                rules = resting.open_on(answer) & open_rules
            else:
                continue
            if rules:
                found[resting.place] = found.get(resting.place, 0) | rules
        for part, using in enumerate(self._plans.using):
            if rules := using & open_rules:
                for place in places_in(self._part(part)):
                    found[place] = found.get(place, 0) | rules
        return found

    def distance(self, rule: str) -> int:
        """Return how many answers an open rule lacks at least, so that it holds.

        One for each question of its tests, and one for each choice or fact that shares no question
        with the rest: `{all: [a: yes, b: yes, {any: [c: yes, d: yes]}]}`, a known → 2.
        """
        return (self._known.get(rule) or self._look(rule))[1]

    def _look(self, rule: str) -> tuple[int, int]:
        """Return the attributes that an open rule lacks, and its distance; kept for the next."""
        plan = self._plans.rules[rule]
        variables = plan.variables & self._unknown
        if plan.variables & self._narrow:
            # Some tests may hold of variables that are not known: it takes the whole account.
            variables = plan.variables & self.account(self._plans.account_of(rule)).variables
        missing = counted = self._of_variables(variables)
        distance = counted.bit_count()
        for place in plan.parts:
            part = self._part(place)
            missing |= part
            # One answer may settle two parts: only what shares no question counts twice.
            if part and not part & counted:
                distance += 1
                counted |= part
        found = self._known[rule] = missing, distance
        return found

    def _part(self, place: int) -> int:
        """Return the attributes whose answers could settle an open part; none of a settled one."""
        found = self._parts[place]
        if found is None:
            part = self._plans.parts[place]
            if part.tests & self._true_tests:
                variables = 0
            elif part.tests and not part.variables & self._narrow:
                # Where no test decides, every unknown one still could.
                variables = part.variables & self._unknown
            else:
                truth, behind = self.account(part.account)
                variables = behind if truth is None else 0
            found = self._parts[place] = self._of_variables(variables)
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
        plan, parts = self._plans.rules[rule], self._plans.parts
        behind = united(self.account(parts[place].account).variables for place in plan.parts)
        names = self._plans.bits.variables
        return [names[place] for place in places_in(plan.variables | behind)]
