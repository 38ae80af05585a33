"""What is proven about: one rule set with its partners, over every situation, on some days."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from iscg_rules.edits import Space
from iscg_rules.partners import Directory
from iscg_rules.proof.encoding import Encoding, Fixed
from iscg_rules.proof.outcome import Outcome
from iscg_rules.rules import RuleSet
from iscg_rules.settling import places_and_publics

__all__ = ["Period", "World", "periods"]


@dataclass(frozen=True, slots=True)
class Period:
    """Days on which the same rules are in force: the first of them, and those rules."""

    day: date | None
    rules: frozenset[str]


def periods(rule_set: RuleSet, day: date) -> tuple[Period, ...]:
    """Give every period from a day on, each set of rules once; one period without dated rules."""
    starts = {day}
    for rule in rule_set.rules.values():
        if rule.valid.from_ is not None:
            starts.add(rule.valid.from_)
        if rule.valid.until is not None and rule.valid.until < date.max:
            starts.add(rule.valid.until + timedelta(days=1))
    found: dict[frozenset[str], Period] = {}
    for start in sorted(one for one in starts if one >= day):
        rules = frozenset(r.id for r in rule_set.rules.values() if r.is_in_force(start))
        found.setdefault(rules, Period(start, rules))
    return tuple(found.values())


class World:
    """The encodings of one rule set, made when they are needed."""

    def __init__(self, rule_set: RuleSet, directory: Directory, day: date) -> None:
        self.rule_set = rule_set
        self.directory = directory
        self.periods = periods(rule_set, day)
        self.space = Space(rule_set, places_and_publics(rule_set, directory))
        self._outcomes: dict[tuple[object, ...], Outcome] = {}

    @cached_property
    def complete(self) -> Encoding:
        """Give every situation in which all is known."""
        return Encoding(self.space, is_partial=False)

    @cached_property
    def partial(self) -> Encoding:
        """Give every situation, unknown answers included."""
        return Encoding(self.space, is_partial=True)

    def outcome(self, encoding: Encoding, period: Period, fixed: Fixed | None = None) -> Outcome:
        """Give what the rules of a period show, with some answers taken for granted."""
        key = (encoding.is_partial, period, tuple(sorted((fixed or {}).items())))
        found = self._outcomes.get(key)
        if found is None:
            found = Outcome(
                encoding, self.rule_set, self.directory, in_force=period.rules, fixed=fixed
            )
            self._outcomes[key] = found
        return found
