"""Which changes of the rules no case notices, and for each the smallest case that would.

A case notices a change when its `expect` is kept before and not after. Only the cases in which the
changed rule or fact has another truth, or another effect, are looked at.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import chain
from typing import Final

from iscg_rules.language.conditions import Condition, Truth, facts_in
from iscg_rules.language.situations import AnswerValue, Situation
from iscg_rules.model.cases import Case, Expect
from iscg_rules.model.partners import Directory
from iscg_rules.model.rules import FactsOnDemand, Impossible, Rule, RuleSet
from iscg_rules.proof.cases.drafted_case import case_id, draft, moment_of
from iscg_rules.proof.cases.evaluated_cases import EvaluatedCase, see
from iscg_rules.proof.cases.expectable import (
    Visible,
    everything_else,
    expected,
    in_order,
    in_substance,
    is_kept,
)
from iscg_rules.proof.cases.mutants import Mutant, mutants
from iscg_rules.proof.findings.finding import ReplayError
from iscg_rules.proof.results import Mutations, TriedChange
from iscg_rules.proof.solver.proven_outcome import ProvenOutcome
from iscg_rules.proof.solver.proven_world import World
from iscg_rules.proof.solver.situation_gates import Encoding
from iscg_rules.proof.solver.smallest_example import SmallestExample, find_smallest
from iscg_rules.recommend import closed_reference, reference
from iscg_rules.recommend.partner_choice import Openings
from iscg_rules.recommend.ranking import Ranker

__all__ = ["Mutation", "TellingSituation", "mutate"]


def mutate(
    rule_set: RuleSet,
    directory: Directory,
    cases: Iterable[Case],
    *,
    day: date,
    only: str | None = None,
) -> Mutations:
    """Change every rule and fact one way at a time, and see which cases notice.

    Args:
        rule_set: the rules.
        directory: the partners; they are not changed.
        cases: those that are not kept before any change notice nothing.
        day: the first day on which examples are looked for.
        only: the id of one rule or fact.

    Raises:
        IscgError: A012 when something is unnoticed and the solver is not installed.
        ReplayError: an example does not do what the solver says: a mistake of ours.
    """
    given = tuple(cases)
    mutation = Mutation(rule_set, directory, given, day)
    chosen = [mutant for mutant in mutants(rule_set) if only in (None, mutant.id)]
    return Mutations(len(given), tuple(mutation.judged(mutant) for mutant in chosen))


@dataclass(frozen=True, slots=True, repr=False)
class TellingSituation:
    """The smallest situation in which a case can tell a change, and what it must expect."""

    values: Mapping[str, AnswerValue]
    day: date | None
    expected: Mapping[str, list[str] | dict[str, str]]

    def __repr__(self) -> str:
        return f"<Difference: {len(self.values)} answers>"


class Mutation:
    """One rule set with the cases that are kept, against which changes are judged one by one."""

    def __init__(
        self, rule_set: RuleSet, directory: Directory, cases: Sequence[Case], day: date
    ) -> None:
        self._rule_set = rule_set
        self._directory = directory
        self._day = day
        self._ranker = Ranker(rule_set, directory)
        self._openings = {at: Openings(directory, at) for at in {case.at for case in cases}}
        self.kept: Final = tuple(
            seen
            for seen in see(rule_set, cases)
            if self._keeps(seen, rule_set, self._ranker, {}, seen.facts)
        )

    def judged(self, mutant: Mutant) -> TriedChange:
        """Tell the fate of one change, with a case that would notice it where none does."""
        place = self._rule_set.places.get(mutant.id) if mutant.owner == "rule" else None
        file, line = (place.file, place.line) if place else (None, None)
        told = (mutant.owner, mutant.id, mutant.change, mutant.words, file, line)
        changed = mutant.applied(self._rule_set)
        noticing = self.noticing(mutant, changed)
        if noticing:
            return TriedChange(*told, "noticed", noticing)
        difference = self.difference(mutant, changed)
        if isinstance(difference, TellingSituation):
            return TriedChange(*told, "unnoticed", draft=self._draft(mutant, difference))
        return TriedChange(*told, "unexpectable" if difference else "equivalent")

    def noticing(self, mutant: Mutant, changed: RuleSet) -> str | None:
        """Name the first case that notices a change."""
        ranker = self._ranker if self._is_condition(mutant) else Ranker(changed, self._directory)
        affected = frozenset(self._affected(mutant)).union(self._kinds(mutant))
        is_refusing = any(self._refusing(mutant))
        for seen in self.kept:
            if not (is_refusing or _may_notice(seen.case.expect, affected)):
                continue
            # A case may be refused though each truth in it stays unknown.
            if is_refusing and changed.closing.is_refused(seen.case.situation):
                return seen.case.id
            facts, truths = seen.facts, self._truths(mutant, changed, seen)
            if truths is None:
                continue
            if mutant.owner == "fact":
                facts = closed_reference.fact_truths(changed, seen.values)
            if not self._keeps(seen, changed, ranker, truths, facts):
                return seen.case.id
        return None

    def _is_condition(self, mutant: Mutant) -> bool:
        """Tell whether what rules do is left as it is."""
        rule = mutant.becomes
        if not isinstance(rule, Rule):
            return mutant.owner == "fact"
        return rule.effects == self._rule_set.rules[mutant.id].effects

    def _truths(
        self, mutant: Mutant, changed: RuleSet, seen: EvaluatedCase
    ) -> Mapping[str, Truth] | None:
        """Return the truths that a change leads to in a case; None when the case stays as it is."""
        if mutant.owner == "fact":
            fact = changed.facts[mutant.id]
            if fact.condition.truth(seen.values, seen.facts) is seen.facts[mutant.id]:
                return None
            facts = closed_reference.fact_truths(changed, seen.values)
            return {
                rule: changed.rules[rule].condition.truth(seen.values, facts)
                for rule in self._naming[mutant.id]
                if rule in seen.rules
            }
        before = seen.rules.get(mutant.id, False)
        if mutant.becomes is None:
            return None if before is False else {mutant.id: False}
        if mutant.id not in seen.rules:
            return None
        after = changed.rules[mutant.id].condition.truth(seen.values, seen.facts)
        is_same = after is before and (before is False or self._is_condition(mutant))
        return None if is_same else {mutant.id: after}

    def _keeps(
        self,
        seen: EvaluatedCase,
        rule_set: RuleSet,
        ranker: Ranker,
        truths: Mapping[str, Truth],
        facts: Mapping[str, Truth],
    ) -> bool:
        case = seen.case
        evaluation = seen.evaluation(truths)
        openings = self._openings[case.at]
        ranking = ranker.rank(
            evaluation, seen.values, facts, openings, already=case.already, limit=None
        )
        rules = rule_set.rules
        advising = {rule for rule in evaluation.fired if rules[rule].advise}
        return is_kept(case.expect, ranking, advising)

    def difference(self, mutant: Mutant, changed: RuleSet) -> TellingSituation | bool:
        """Find the smallest situation in which a case can tell a change.

        Returns:
            When no case can: whether anything else differs in some situation.
        """
        rules = self._affected(mutant)
        kinds = self._kinds(mutant)
        is_other = False
        for period in self._world.periods:
            # Its own gates: those of all changes together would slow each of them down.
            encoding = Encoding(self._world.space, is_partial=True)
            first, second = (
                ProvenOutcome(encoding, rule_set, self._directory, in_force=period.rules)
                for rule_set in (self._rule_set, changed)
            )
            refused = (second.condition(e.condition).must for e in self._refusing(mutant))
            substance = in_substance(first, second, kinds, rules)
            example = _smallest(first, chain(substance, refused)) or _smallest(
                first, in_order(first, second, kinds)
            )
            if example is not None:
                return self._replayed(changed, example.values, period.day)
            rest = encoding.circuit.any_of(everything_else(first, second, kinds, rules))
            is_other = is_other or encoding.circuit.is_possible([first.possible, rest])
        return is_other

    def _replayed(
        self, changed: RuleSet, values: Mapping[str, AnswerValue], day: date | None
    ) -> TellingSituation:
        """Say what the reference finds in an example, before and after a change."""
        situation = Situation(values)
        before, after = (
            Visible.of(rule_set, reference.evaluate(rule_set, situation, day))
            for rule_set in (self._rule_set, changed)
        )
        said = expected(before, after)
        is_refused = bool(reference.impossible_entries(changed, situation))
        if reference.impossible_entries(self._rule_set, situation) or not (said or is_refused):
            raise ReplayError
        return TellingSituation(values, day, said)

    def _draft(self, mutant: Mutant, difference: TellingSituation) -> str:
        name = case_id("cas", mutant.id, str(mutant.number))
        at = moment_of(self._rule_set, difference.values, difference.day)
        return draft(self._rule_set, name, difference.values, at, difference.expected)

    @cached_property
    def _world(self) -> World:
        return World(self._rule_set, self._directory, self._day)

    def _affected(self, mutant: Mutant) -> list[str]:
        return [mutant.id] if mutant.owner == "rule" else self._naming[mutant.id]

    def _kinds(self, mutant: Mutant) -> list[str]:
        """Return the kinds that may come out otherwise, or be served by others."""
        affected = [self._rule_set.rules[rule] for rule in self._affected(mutant)]
        kinds = {orient.to for rule in affected for orient in rule.orient}
        kinds |= {exclude.to for rule in affected for exclude in rule.exclude}
        for partner in self._directory.partners.values() if mutant.owner == "fact" else ():
            if partner.condition is not None and mutant.id in self._needed(partner.condition):
                kinds |= set(partner.offers)
        return sorted(kinds, key=self._rule_set.vocabulary.kind_rank.__getitem__)

    def _refusing(self, mutant: Mutant) -> Iterator[Impossible]:
        for entry in self._rule_set.impossible if mutant.owner == "fact" else ():
            if mutant.id in self._needed(entry.condition):
                yield entry

    @cached_property
    def _naming(self) -> Mapping[str, list[str]]:
        """Return, for each fact, the rules that need it, through other facts too."""
        naming: dict[str, list[str]] = {fact: [] for fact in self._rule_set.facts}
        for rule in self._rule_set.rules.values():
            for fact in self._needed(rule.condition):
                naming[fact].append(rule.id)
        return naming

    def _needed(self, condition: Condition) -> set[str]:
        """Name the facts that a condition speaks of, through other facts too."""
        named = facts_in(condition)
        return set(named).union(*(self._below[fact] for fact in named))

    @cached_property
    def _below(self) -> FactsOnDemand[set[str]]:
        return FactsOnDemand(self._rule_set, self._needed)


def _smallest(outcome: ProvenOutcome, ways: Iterable[int]) -> SmallestExample | None:
    """Find the smallest situation that can be in which one of these holds."""
    encoding = outcome.encoding
    return find_smallest(encoding, [outcome.possible, encoding.circuit.any_of(ways)])


def _may_notice(expect: Expect, affected: frozenset[str]) -> bool:
    """Tell whether anything expected speaks of what may differ: kinds, and rules that advise."""
    named = (
        *(expect.includes, expect.excludes, expect.possible, expect.advice, expect.gaps),
        *(expect.order, expect.urgency, expect.partner),
    )
    # What comes first can be pushed back by any kind.
    return expect.first is not None or not all(affected.isdisjoint(some) for some in named)
