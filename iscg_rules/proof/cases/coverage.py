"""Which effects of which conditions the cases show, each on its own: masking MC/DC.

A test or fact is shown true where it is true and, were this one thing false, the condition would
stop being true, or, under a `not`, become true; shown false in the same way. Unknown shows nothing.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from iscg_rules.errors import Place
from iscg_rules.language.conditions import Condition, FactIs, InArea, InRange, Test, facts_in
from iscg_rules.model.cases import Case
from iscg_rules.model.partners import Directory
from iscg_rules.model.rules import RuleSet
from iscg_rules.proof.cases.evaluated_cases import Evaluated, EvaluatedCase, see
from iscg_rules.proof.cases.expectable import Visible
from iscg_rules.proof.cases.missing_case import Searching, Showable
from iscg_rules.proof.condition_paths import FALSE_CONDITION, TRUE_CONDITION, Path, places, put
from iscg_rules.proof.results import Coverage, Covered, Effect, Owner, Reach, Shown
from iscg_rules.proof.solver.gates import FALSE, TRUE
from iscg_rules.proof.solver.proven_outcome import ProvenOutcome

__all__ = ["cover"]


def cover(
    rule_set: RuleSet,
    directory: Directory,
    cases: Iterable[Case],
    *,
    day: date,
    only: str | None = None,
    with_drafts: bool = False,
) -> Coverage:
    """Tell what the cases show of every rule, fact and partner, and what they do not.

    Args:
        rule_set: the rules.
        directory: the partners; the conditions under which they accept count too.
        cases: the authors' cases, kept or not.
        day: the first day on which something may be shown.
        only: the id of one rule, fact or partner.
        with_drafts: write a case for everything that is missing.

    Returns:
        Conditions by owner, then by id; whatever nothing can show is proven so.

    Raises:
        IscgError: A012 when something is missing and the solver is not installed.
        ReplayError: an example does not do what the solver says: a mistake of ours.
    """
    given = tuple(cases)
    seen = see(rule_set, given)
    asking = _Asking(
        rule_set,
        tuple((case, Visible.of(rule_set, case.evaluation())) for case in seen),
        Searching(rule_set, directory, day, with_drafts=with_drafts),
    )
    owned = [condition for condition in _owned(rule_set, directory) if only in (None, condition.id)]
    return Coverage(
        len(given),
        tuple(_covered(condition, asking) for condition in owned),
        tuple(_rules(asking, only)),
        tuple(_kinds(asking)) if only is None else (),
        tuple(_exclusions(asking, only)),
    )


@dataclass(frozen=True)
class _Asking:
    """The cases, and behind them every situation there is."""

    rule_set: RuleSet
    seen: Sequence[tuple[EvaluatedCase, Visible]]
    searching: Searching

    def shown(self, asked: Showable) -> Shown:
        """Name the first case that shows something, or tell whether one could."""
        for seen, visible in self.seen:
            if asked.is_shown(seen, visible):
                return Shown("shown", seen.case.id)
        return self.searching.shown(asked)


class _Owned(NamedTuple):
    """A condition, and the kinds that it is about."""

    owner: Owner
    id: str
    condition: Condition
    place: Place | None
    kinds: tuple[str, ...]

    def plays_a_part(self, case: Evaluated, visible: Visible) -> bool:
        """Tell whether a situation is one in which it is looked at."""
        if self.owner == "rule":
            return self.id in case.rules
        return self.owner == "fact" or not set(self.kinds).isdisjoint(visible.kinds)

    def part(self, outcome: ProvenOutcome) -> int:
        """Return the same as a gate."""
        if self.owner == "rule":
            return TRUE if outcome.is_in_force(self.id) else FALSE
        return outcome.is_any(self.kinds) if self.owner == "partner" else TRUE


def _owned(rule_set: RuleSet, directory: Directory) -> Iterator[_Owned]:
    for fact in rule_set.facts.values():
        yield _Owned("fact", fact.id, fact.condition, None, _kinds_of_fact(rule_set, fact.id))
    for rule in rule_set.rules.values():
        kinds = rule.kinds
        yield _Owned("rule", rule.id, rule.condition, rule_set.places.get(rule.id), kinds)
    for partner in directory.partners.values():
        if partner.condition is not None:
            place = directory.entries.get(partner.id)
            yield _Owned("partner", partner.id, partner.condition, place, partner.offers)


def _kinds_of_fact(rule_set: RuleSet, fact: str) -> tuple[str, ...]:
    naming = (rule for rule in rule_set.rules.values() if fact in facts_in(rule.condition))
    return tuple(dict.fromkeys(kind for rule in naming for kind in rule.kinds))


def _covered(owned: _Owned, asking: _Asking) -> Covered:
    wording = asking.rule_set.wording()
    tests = (
        (path, leaf)
        for path, leaf in places(owned.condition)
        if isinstance(leaf, Test | InRange | InArea | FactIs)
    )
    effects = tuple(
        Effect(
            wording.condition(leaf),
            asking.shown(_effect(owned, path, leaf, 2 * number - 1, wanted=True)),
            asking.shown(_effect(owned, path, leaf, 2 * number, wanted=False)),
        )
        for number, (path, leaf) in enumerate(tests, 1)
    )
    place = owned.place
    return Covered(
        owned.owner,
        owned.id,
        wording.condition(owned.condition),
        place.file if place else None,
        place.line if place else None,
        effects,
    )


def _effect(owned: _Owned, path: Path, leaf: Condition, number: int, *, wanted: bool) -> Showable:
    whole = owned.condition
    flipped = put(whole, path, FALSE_CONDITION if wanted else TRUE_CONDITION)

    def is_shown(case: Evaluated, visible: Visible) -> bool:
        as_it_is, turned = (each.truth(case.values, case.facts) for each in (whole, flipped))
        return (
            leaf.truth(case.values, case.facts) is wanted
            and (as_it_is is True) is not (turned is True)
            and owned.plays_a_part(case, visible)
        )

    def goal(outcome: ProvenOutcome) -> list[int]:
        here, as_it_is, turned = (outcome.condition(each) for each in (leaf, whole, flipped))
        return [
            here.must if wanted else -here.may,
            outcome.encoding.circuit.differ(as_it_is.must, turned.must),
            owned.part(outcome),
        ]

    return Showable(owned.id, is_shown, goal, owned.kinds, number)


def _rules(asking: _Asking, only: str | None) -> Iterator[Reach]:
    for rule in asking.rule_set.rules.values():
        if only in (None, rule.id):
            kinds = rule.kinds
            yield Reach(rule.id, asking.shown(_rule_holds(rule.id, kinds)))


def _rule_holds(rule: str, kinds: tuple[str, ...]) -> Showable:
    return Showable(
        rule,
        lambda case, _: case.rules.get(rule) is True,
        lambda outcome: [outcome.rule(rule).must],
        kinds,
    )


def _kinds(asking: _Asking) -> Iterator[Reach]:
    rules = asking.rule_set.rules.values()
    oriented = {orient.to for rule in rules for orient in rule.orient}
    for kind in asking.rule_set.vocabulary.kinds:
        if kind in oriented:
            yield Reach(kind, asking.shown(_kind_comes_out(kind)), kind)


def _kind_comes_out(kind: str) -> Showable:
    return Showable(
        kind,
        lambda _, visible: kind in visible.kinds,
        lambda outcome: [outcome.certain(kind)],
        (kind,),
    )


def _exclusions(asking: _Asking, only: str | None) -> Iterator[Reach]:
    for rule in asking.rule_set.rules.values():
        for exclude in rule.exclude:
            if only in (None, rule.id):
                asked = _rule_holds(rule.id, (exclude.to,))
                yield Reach(rule.id, asking.shown(asked), exclude.to)
