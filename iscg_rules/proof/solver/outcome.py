"""What a rule set shows of a situation, as gates: which kinds, in which class, excluded, advised.

In a partial situation a kind is shown when `reference.certain_kinds` says so: an orienting rule
holds, and no excluding rule holds or is open.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import cache, partial
from typing import NamedTuple

from iscg_rules.language.conditions import Condition
from iscg_rules.model.answer_space import places_of
from iscg_rules.model.partners import Directory, Partner
from iscg_rules.model.rules import GROUNDS, STRENGTHS, URGENCIES, Orient, Rule, RuleSet
from iscg_rules.proof.solver.gates import FALSE, TRUE
from iscg_rules.proof.solver.situation_gates import Conditions, Encoding, Fixed, Three

__all__ = ["Outcome", "Says", "Unfixed", "distinctions", "scales"]

# Something that an orientation may say of its kind.
Says = Callable[[Orient], bool]

_NEVER, _ALWAYS = Three(FALSE, FALSE), Three(TRUE, TRUE)


class Unfixed(NamedTuple):
    """An outcome, and the rules that what is fixed in another one changes."""

    outcome: "Outcome"
    changed: frozenset[str]


class Outcome:
    """The outcome of one rule set on the days when the same rules are in force."""

    def __init__(
        self,
        encoding: Encoding,
        rule_set: RuleSet,
        directory: Directory,
        *,
        in_force: Collection[str] | None = None,
        fixed: Fixed | None = None,
        unfixed: Unfixed | None = None,
    ) -> None:
        """Make nothing yet: each gate is made when it is asked for.

        Args:
            encoding: complete or partial.
            rule_set: the rules.
            directory: the partners.
            in_force: the rules that exist; all when None.
            fixed: the class of answers that some variables are taken to have.
            unfixed: the same outcome without these, whose gates are taken where they can be.
        """
        self.encoding = encoding
        self.rule_set = rule_set
        self.directory = directory
        self._circuit = encoding.circuit
        self._in_force = in_force
        self._fixed = fixed or {}
        self._unfixed = unfixed
        self._conditions = Conditions(encoding, rule_set, self._fixed)
        self._rules: dict[str, Three] = {}
        self.shown = cache(self._shown)
        self.ahead = cache(self._ahead)
        self.urgent = cache(self._urgent)
        self.strong = cache(self._strong)

    @property
    def possible(self) -> int:
        """Give: the situation is one that can be."""
        return self.encoding.possible(self.rule_set, self._fixed)

    def is_in_force(self, name: str) -> bool:
        """Tell whether the rule exists on these days."""
        is_known = name in self.rule_set.rules
        return is_known and (self._in_force is None or name in self._in_force)

    def rule(self, name: str) -> Three:
        """Give: the rule holds."""
        found = self._rules.get(name)
        if found is None:
            if not self.is_in_force(name):
                found = _NEVER
            elif self._unfixed and name not in self._unfixed.changed:
                found = self._unfixed.outcome.rule(name)
            else:
                found = self.condition(self.rule_set.rules[name].condition)
            self._rules[name] = found
        return found

    def condition(self, condition: Condition) -> Three:
        """Give: a condition in the words of the rule set holds."""
        return self._conditions.of(condition)

    @property
    def orienting(self) -> Mapping[str, tuple[tuple[Rule, Orient], ...]]:
        """Give the rules that orient to each kind, kinds in the vocabulary's order."""
        return self.rule_set.orienting

    @property
    def excluding(self) -> Mapping[str, tuple[Rule, ...]]:
        """Give the rules that exclude each kind."""
        return self.rule_set.excluding

    def hit(self, kind: str) -> Three:
        """Give: a rule orients to the kind."""
        return self._any(rule for rule, _ in self.orienting.get(kind, ()))

    def excluded(self, kind: str) -> Three:
        """Give: a rule excludes the kind."""
        return self._any(self.excluding.get(kind, ()))

    def _any(self, rules: Iterable[Rule]) -> Three:
        truths = [self.rule(rule.id) for rule in rules]
        any_of = self._circuit.any_of
        return Three(any_of(t.must for t in truths), any_of(t.may for t in truths))

    def _shown(self, kind: str) -> int:
        """Give: the kind is a certain orientation."""
        return self._circuit.all_of([self.hit(kind).must, -self.excluded(kind).may])

    def reachable(self, kind: str) -> int:
        """Give: the kind is certain or could still become so."""
        return self._circuit.all_of([self.hit(kind).may, -self.excluded(kind).must])

    def _urgent(self, kind: str, latest: int) -> int:
        """Give: a rule that holds orients to the kind at this place of `URGENCIES` or earlier."""
        return self.given(kind, partial(_is_urgent, latest))

    def _strong(self, kind: str, weakest: int) -> int:
        """Give: a rule that holds orients to the kind at this place of `STRENGTHS` or stronger."""
        return self.given(kind, partial(_is_strong, weakest))

    def given(self, kind: str, says: Says) -> int:
        """Give: a rule that holds orients to the kind in such a way."""
        return self._any(r for r, orient in self.orienting.get(kind, ()) if says(orient)).must

    def given_by_others(self, kind: str, says: Says, but: str) -> int:
        """Give: a rule other than one orients to the kind in such a way."""
        rules = (r for r, orient in self.orienting.get(kind, ()) if says(orient))
        return self._any(rule for rule in rules if rule.id != but).must

    def excluded_by_others(self, kind: str, but: str) -> int:
        """Give: a rule other than one excludes the kind."""
        return self._any(rule for rule in self.excluding.get(kind, ()) if rule.id != but).must

    def settled(self, kinds: Iterable[str]) -> int:
        """Give: no rule that excludes one of these kinds is open."""
        excluded = (self.excluded(kind) for kind in kinds)
        return self._circuit.all_of(self._circuit.any_of([-t.may, t.must]) for t in excluded)

    def _ahead(self, other: str, kind: str) -> int:
        """Give: the other kind is shown and, if this one is too, comes before it."""
        all_of, any_of = self._circuit.all_of, self._circuit.any_of
        rank = self.rule_set.vocabulary.kind_rank
        levels = (
            [(self.urgent(other, n), self.urgent(kind, n)) for n in range(len(URGENCIES) - 1)],
            [(self.strong(other, n), self.strong(kind, n)) for n in range(len(STRENGTHS) - 1)],
        )
        before = any_of([]) if rank[other] > rank[kind] else all_of([])
        for level in reversed(levels):
            better = any_of(all_of([mine, -theirs]) for mine, theirs in level)
            worse = any_of(all_of([-mine, theirs]) for mine, theirs in level)
            before = any_of([better, all_of([-worse, before])])
        return all_of([self.shown(other), before])

    def is_first(self, kinds: Collection[str]) -> int:
        """Give: one of these kinds is shown before every other."""
        others = [kind for kind in self.orienting if kind not in kinds]
        return self._circuit.any_of(
            self._circuit.all_of([self.shown(k), *(-self.ahead(other, k) for other in others)])
            for k in kinds
            if k in self.orienting
        )

    def is_within(self, top: int, kinds: Collection[str]) -> int:
        """Give: one of these kinds is among the first so many."""
        return self._circuit.any_of(
            self._circuit.all_of([self.shown(kind), -self._is_behind(top, kind)])
            for kind in kinds
            if kind in self.orienting
        )

    def _is_behind(self, count: int, kind: str) -> int:
        ahead = (self.ahead(other, kind) for other in self.orienting if other != kind)
        return self._circuit.at_least(count, ahead)

    def is_any(self, kinds: Iterable[str]) -> int:
        """Give: one of these kinds is shown."""
        return self._circuit.any_of(self.shown(kind) for kind in kinds)

    def parts(self, kind: str, says: Iterable[Says]) -> Iterator[int]:
        """Give what is shown of one kind: that it is there, and what its orientations say."""
        is_shown, all_of = self.shown(kind), self._circuit.all_of
        yield is_shown
        yield from (all_of([is_shown, self.given(kind, one)]) for one in says)

    def serving(self, partner: Partner) -> Iterator[int]:
        """Give: the partner may serve; surely; and, for each of its areas, it may serve there."""
        all_of, accepts = self._circuit.all_of, _ALWAYS
        if partner.condition is not None:
            accepts = self.condition(partner.condition)
        places = [
            self.condition(place) for place in places_of(self.rule_set, self.directory, partner)
        ]
        near = self._circuit.any_of(place.may for place in places) if places else TRUE
        yield all_of([accepts.may, near])
        yield all_of([accepts.must, near])
        yield from (all_of([accepts.may, place.may]) for place in places)


def distinctions(orients: Iterable[Orient]) -> Iterator[Says]:
    """Give all that tells apart what these orientations say of one kind, reasons left aside."""
    for says in scales(orients).values():
        yield from says


def scales(orients: Iterable[Orient]) -> Mapping[str, tuple[Says, ...]]:
    """Give the same by what it is about: `urgency`, `strength`, `sharing`, `for`.

    An urgency, a strength and a ground count for all that is no earlier, stronger or wider.
    """
    known = tuple(orients)
    places = {
        "urgency": (_is_urgent, (URGENCIES.index(orient.urgency) for orient in known)),
        "strength": (_is_strong, (STRENGTHS.index(orient.strength) for orient in known)),
        "sharing": (_is_wide, (GROUNDS.index(orient.sharing) for orient in known)),
    }
    found = {
        name: tuple(partial(says, place) for place in sorted(set(given)))
        for name, (says, given) in places.items()
    }
    people = sorted({orient.for_ for orient in known})
    return {**found, "for": tuple(partial(_is_for, whom) for whom in people)}


def _is_urgent(latest: int, orient: Orient) -> bool:
    return URGENCIES.index(orient.urgency) <= latest


def _is_strong(weakest: int, orient: Orient) -> bool:
    return STRENGTHS.index(orient.strength) <= weakest


def _is_wide(narrowest: int, orient: Orient) -> bool:
    return GROUNDS.index(orient.sharing) >= narrowest


def _is_for(whom: str, orient: Orient) -> bool:
    return orient.for_ == whom
