"""What is proven about: one rule set with its partners, over every situation, on some days."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Final

from iscg_rules.language.conditions import Condition, FactIs, InArea, Test, leaves
from iscg_rules.model.answer_space import Space, places_and_publics, places_of
from iscg_rules.model.partners import Directory
from iscg_rules.model.rules import RuleSet
from iscg_rules.proof.solver.outcome_differences import Touched
from iscg_rules.proof.solver.proven_outcome import ProvenOutcome, Unfixed
from iscg_rules.proof.solver.situation_gates import Encoding, Fixed

__all__ = ["Period", "World", "periods"]


@dataclass(frozen=True, slots=True)
class Period:
    """Days on which the same rules are in force: the first of them, and those rules."""

    day: date | None
    rules: frozenset[str]


def periods(rule_set: RuleSet, day: date) -> tuple[Period, ...]:
    """Return every period from a day on, each set of rules once; one period without dated rules."""
    periods: dict[frozenset[str], Period] = {}
    for start in sorted(rule_set.turns(day)):
        rules = rule_set.in_force(start)
        periods.setdefault(rules, Period(start, rules))
    return tuple(periods.values())


class World:
    """The encodings of one rule set, made when they are needed."""

    def __init__(
        self, rule_set: RuleSet, directory: Directory, day: date, more: Iterable[Condition] = ()
    ) -> None:
        """Tell apart what rules and partners do, and who lives where the territory serves.

        Args:
            rule_set: the rules.
            directory: the partners.
            day: the first day that counts.
            more: conditions whose answers must be told apart too, as those of guarantees.
        """
        self.rule_set = rule_set
        self.directory = directory
        self.periods: Final = periods(rule_set, day)
        words = rule_set.vocabulary
        homes = tuple(words.areas[area] for area in words.home if area in words.areas)
        told_apart = [InArea(words.commune, homes)] if words.commune and homes else []
        serving = places_and_publics(rule_set, directory)
        self.space: Final = Space(rule_set, (*serving, *more, *told_apart))
        self._outcomes: dict[tuple[object, ...], ProvenOutcome] = {}

    @cached_property
    def complete(self) -> Encoding:
        """Return every situation in which all is known."""
        return Encoding(self.space, is_partial=False)

    @cached_property
    def partial(self) -> Encoding:
        """Return every situation, unknown answers included."""
        return Encoding(self.space, is_partial=True)

    def apart(self, period: Period, *, is_partial: bool) -> ProvenOutcome:
        """Return an outcome with gates of its own, for what needs only a few of them."""
        encoding = Encoding(self.space, is_partial=is_partial)
        return ProvenOutcome(encoding, self.rule_set, self.directory, in_force=period.rules)

    def touched(self, variable: str) -> Touched:
        """Return what another answer to a variable can reach."""
        return self._touched[variable]

    def tests(self, variable: str) -> frozenset[frozenset[str]]:
        """Return the sets of answers that a test of a variable allows, wherever it stands."""
        return self._tests.get(variable, frozenset())

    @cached_property
    def _tests(self) -> dict[str, frozenset[frozenset[str]]]:
        conditions = [rule.condition for rule in self.rule_set.rules.values()]
        conditions += [fact.condition for fact in self.rule_set.facts.values()]
        # An answer that no rule names may still let another follow.
        conditions += [entry.condition for entry in self.rule_set.impossible]
        partners = self.directory.partners.values()
        conditions += [p.condition for p in partners if p.condition is not None]
        tests: dict[str, set[frozenset[str]]] = {}
        for condition in conditions:
            for leaf in leaves(condition):
                if isinstance(leaf, Test):
                    tests.setdefault(leaf.variable, set()).add(leaf.allowed)
        return {name: frozenset(sets) for name, sets in tests.items()}

    def variables(self, rule: str) -> frozenset[str]:
        """Return the variables that a rule speaks of, through facts too."""
        return variables_of(self.rule_set.rules[rule].condition, self._of_facts)

    @cached_property
    def _of_facts(self) -> dict[str, frozenset[str]]:
        of_facts: dict[str, frozenset[str]] = {}
        for fact in self.rule_set.facts.values():
            of_facts[fact.id] = variables_of(fact.condition, of_facts)
        return of_facts

    @cached_property
    def _touched(self) -> dict[str, Touched]:
        rules: dict[str, list[str]] = {name: [] for name in self.space.domains}
        kinds: dict[str, set[str]] = {name: set() for name in self.space.domains}
        for rule in self.rule_set.rules.values():
            for name in self.variables(rule.id):
                rules[name].append(rule.id)
                kinds[name].update(rule.kinds)
        for partner in self.directory.partners.values():
            for kind in partner.offers:
                conditions = [*places_of(self.rule_set, self.directory, partner, kind)]
                conditions += [partner.condition] if partner.condition else []
                for condition in conditions:
                    for name in variables_of(condition, self._of_facts):
                        kinds[name].add(kind)
        reach, found = self.rule_set.closing.reach, {}
        for name in self.space.domains:
            # Another answer may let something else follow, too.
            names = sorted({name, *reach.get(name, ())})
            touched = dict.fromkeys(rule for one in names for rule in rules[one])
            found[name] = Touched(tuple(touched), frozenset().union(*(kinds[n] for n in names)))
        return found

    def outcome(
        self, encoding: Encoding, period: Period, fixed: Fixed | None = None
    ) -> ProvenOutcome:
        """Return what the rules of a period show, with some answers taken for granted."""
        key = (encoding.is_partial, period, tuple(sorted((fixed or {}).items())))
        outcome = self._outcomes.get(key)
        if outcome is None:
            unfixed = None
            if fixed:
                changed = (rule for name in fixed for rule in self.touched(name).rules)
                unfixed = Unfixed(self.outcome(encoding, period), frozenset(changed))
            outcome = ProvenOutcome(
                encoding,
                self.rule_set,
                self.directory,
                in_force=period.rules,
                fixed=fixed,
                unfixed=unfixed,
            )
            self._outcomes[key] = outcome
        return outcome


def variables_of(condition: Condition, of_facts: Mapping[str, frozenset[str]]) -> frozenset[str]:
    """Return the variables that a condition speaks of, through facts too."""
    variables: set[str] = set()
    for leaf in leaves(condition):
        variables |= of_facts[leaf.fact] if isinstance(leaf, FactIs) else {leaf.variable}
    return frozenset(variables)
