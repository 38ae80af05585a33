"""Which unanswered attributes may still change a recommendation, and in which order to ask them.

An attribute may matter when its answer could settle an open rule that could still add, raise,
exclude or advise something, or settle who serves a kind. Such a rule may be out of reach for
reasons that only all the rules together show: `explain` leaves those out too.

Order: questions of screening, then what may call a rescue by itself, both in the vocabulary's
order; what something needed now waits for; then what settles most for what it costs to answer. A
rule that waits for n answers gives each of them 1/n²: the last answer missing has to be asked
anyway, another one may never be needed.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, islice
from typing import NamedTuple

from iscg_rules.language.conditions import ValuesLeft
from iscg_rules.language.situations import Situation
from iscg_rules.language.vocabulary import CONSENT, Area
from iscg_rules.model.partners import Directory
from iscg_rules.model.rules import Orient, Rule, RuleSet
from iscg_rules.model.scales import Urgency
from iscg_rules.recommend.accounts import Account, ReadyAccount, ready_account
from iscg_rules.recommend.attribute_bits import AttributeBits, places_in
from iscg_rules.recommend.kind_class import KindClass, best_class
from iscg_rules.recommend.reference import Evaluation, excluded_kinds, oriented
from iscg_rules.recommend.support import Support

__all__ = ["Decision", "Matter", "Matters", "OpenQuestions"]

# Attributes that may decide who serves a kind, or what may be passed on.
_Served = tuple[int, str]


class _Stake(NamedTuple):
    """What a rule may still change: which kinds, and how soon.

    `is_rescue`: it could call a rescue that nothing has called yet.
    """

    kinds: tuple[str, ...]
    urgency: Urgency
    is_rescue: bool


class Decision(NamedTuple):
    """An open rule that may still change something, and the attributes that it lacks."""

    rule: str
    stake: _Stake
    lacking: int


class Matter(NamedTuple):
    """What an attribute may still decide: kinds, and the best urgency among them, if any.

    `settles`: the parts that it has in open rules.
    """

    kinds: tuple[str, ...]
    urgency: Urgency | None
    settles: float


class _Serving(NamedTuple):
    """Who serves a kind: conditions of acceptance, each with where its partner serves.

    `is_local`: some partner accepts everybody and is only local.
    """

    conditional: tuple[tuple[str, ReadyAccount, tuple[Area, ...]], ...]
    is_local: bool


@dataclass(frozen=True, slots=True)
class Matters:
    """What is left to ask, as bits of attributes, and what asks for it.

    `calling`: the answer to one of these alone may call a rescue. `by_urgency`: those that may
    decide something so urgent, at the place of each urgency. `settles` is by place too.
    """

    decisions: tuple[Decision, ...]
    served: tuple[_Served, ...]
    asked: int
    calling: int
    by_urgency: tuple[int, ...]
    settles: Sequence[float]

    def kinds(self, attributes: int, bits: AttributeBits) -> dict[str, dict[str, None]]:
        """Return the kinds that each of these attributes may decide, in the vocabulary's order."""
        found: dict[int, dict[str, None]] = {place: {} for place in places_in(attributes)}
        for _, stake, lacking in self.decisions:
            for place in places_in(lacking & attributes):
                found[place].update(dict.fromkeys(stake.kinds))
        for served, kind in self.served:
            for place in places_in(served & attributes):
                found[place][kind] = None
        return {bits.attributes[place]: kinds for place, kinds in found.items()}


class OpenQuestions:
    """Weighs the questions of one rule set and one directory; holds no state between calls."""

    def __init__(self, rule_set: RuleSet, directory: Directory) -> None:
        vocabulary = rule_set.vocabulary
        self._rule_set = rule_set
        self._directory = directory
        self._rescues = frozenset(k.id for k in vocabulary.kinds.values() if k.nature == "rescue")
        self._bits = bits = AttributeBits(vocabulary)
        attributes = vocabulary.attributes.values()
        self._screening = bits.of_names(a.id for a in attributes if a.screening)
        self._derived = bits.of_names(a.id for a in attributes if a.derived)
        self._costs = [vocabulary.attributes[name].cost for name in bits.attributes]
        self._consent = bits.of_names([CONSENT] if CONSENT in vocabulary.attributes else [])
        self._commune = bits.of_names([vocabulary.commune] if vocabulary.commune else [])

    def first(self, matters: Matters, most: int, situation: Situation) -> dict[str, Matter]:
        """Return the attributes to ask first, with what they may decide.

        What cannot be answered any more is left out: each of its answers is refused.
        """
        screening = matters.asked & self._screening
        calling = matters.asked & matters.calling & ~screening
        rest = matters.asked & ~(screening | calling)
        now = rest & matters.by_urgency[0]
        places = [*places_in(screening), *places_in(calling)]
        for group in (now, rest & ~now):
            # The sort is stable: what is equal stays in the vocabulary's order.
            places += sorted(
                places_in(group), key=lambda place: -matters.settles[place] / self._costs[place]
            )
        attributes, closing = self._rule_set.vocabulary.attributes, self._rule_set.closing
        named = ((place, attributes[self._bits.attributes[place]]) for place in places)
        asked = (place for place, one in named if closing.is_answerable(situation, one))
        chosen = list(islice(asked, most))
        kinds = matters.kinds(sum(1 << place for place in chosen), self._bits)
        return {
            name: Matter(tuple(kinds[name]), _urgency_at(matters, place), matters.settles[place])
            for place in chosen
            for name in (self._bits.attributes[place],)
        }

    def of(self, evaluation: Evaluation, values: ValuesLeft, support: Support) -> Matters:
        """Return the attributes that may matter, never too few."""
        decisions = self._decisions(evaluation, support)
        return self.matters(decisions, self._serving(evaluation, values, support))

    def matters(self, decisions: Iterable[Decision], served: Iterable[_Served]) -> Matters:
        """Return what these open rules and partners ask of each attribute."""
        decisions, served = tuple(decisions), tuple(served)
        asked = calling = 0
        by_urgency = [0] * len(Urgency)
        settles = [0.0] * len(self._bits.attributes)
        for _, (_, urgency, is_rescue), lacking in decisions:
            places = places_in(lacking)
            asked |= lacking
            by_urgency[urgency.place] |= lacking
            if is_rescue and urgency is Urgency.NOW and len(places) == 1:
                calling |= lacking
            for place in places:
                settles[place] += 1 / len(places) ** 2
        for attributes, _ in served:
            asked |= attributes
        return Matters(
            decisions, served, asked & ~self._derived, calling, tuple(by_urgency), settles
        )

    def _decisions(self, evaluation: Evaluation, support: Support) -> Iterator[Decision]:
        """Give each open rule that may still change something."""
        rules, stakes = self._rule_set.rules, self._stakes
        orients = oriented(self._rule_set, evaluation.fired)
        reached = {kind: best_class(given) for kind, given in orients.items()}
        excluded = excluded_kinds(self._rule_set, evaluation)
        settled = excluded.union(reached)
        for name, lacking in zip(evaluation.open, support.missing(evaluation.open), strict=True):
            stake, touched = stakes[name]
            if not touched.isdisjoint(settled):
                stake = self._stake(rules[name], reached, excluded)
            if stake.kinds or rules[name].advise:
                yield Decision(name, stake, lacking)

    @cached_property
    def _stakes(self) -> dict[str, tuple[_Stake, frozenset[str]]]:
        """What each rule may change where nothing is settled about the kinds that it names."""
        return {
            name: (
                self._stake(rule, {}, frozenset()),
                frozenset(rule.kinds),
            )
            for name, rule in self._rule_set.rules.items()
        }

    def _stake(
        self, rule: Rule, reached: Mapping[str, KindClass], excluded: Collection[str]
    ) -> _Stake:
        adding = [
            orient
            for orient in rule.orient
            if orient.to not in excluded and _adds(orient, reached.get(orient.to))
        ]
        kinds = [orient.to for orient in adding]
        kinds += [e.to for e in rule.exclude if e.to not in excluded]
        # The earliest urgency that the rule could add, or take away by excluding.
        urgencies = [orient.urgency for orient in adding]
        urgencies += [reached[e.to].urgency for e in rule.exclude if e.to in reached]
        return _Stake(
            tuple(kinds),
            min(urgencies, default=Urgency.PLANNED),
            any(orient.to in self._rescues and orient.to not in reached for orient in adding),
        )

    def in_play(self, evaluation: Evaluation) -> dict[str, None]:
        """Give the kinds that are, or could become, orientations."""
        excluded = excluded_kinds(self._rule_set, evaluation)
        leading = map(self._leads.__getitem__, (*evaluation.fired, *evaluation.open))
        reachable = dict.fromkeys(chain.from_iterable(leading))
        return {kind: None for kind in reachable if kind not in excluded}

    @cached_property
    def _leads(self) -> dict[str, tuple[str, ...]]:
        """The kinds that each rule orients to."""
        rules = self._rule_set.rules.values()
        return {rule.id: tuple(orient.to for orient in rule.orient) for rule in rules}

    @cached_property
    def _agreed(self) -> dict[str, tuple[str, ...]]:
        """The kinds that each rule orients to with the person's agreement."""
        return {
            rule.id: tuple(orient.to for orient in rule.orient if orient.sharing == "agreement")
            for rule in self._rule_set.rules.values()
        }

    def _serving(
        self, evaluation: Evaluation, values: ValuesLeft, support: Support
    ) -> Iterator[_Served]:
        """Give what decides who serves a kind and what may be passed on, each with the kind."""
        in_play, accounts = self.in_play(evaluation), dict[str, Account]()
        vocabulary, of_variables = self._rule_set.vocabulary, self._bits.of_variables
        communes: dict[str | None, str | None] = {}
        for kind in in_play:
            conditional, is_local = self._servers[kind]
            attributes = 0
            if (place := vocabulary.kinds[kind].place) not in communes:
                communes[place], _ = vocabulary.where(kind, values)
            commune = communes[place]
            for partner, accepts, areas in conditional:
                if not _may_serve(areas, commune):
                    # Whom it accepts does not matter.
                    continue
                account = accounts.get(partner)
                if account is None:
                    account = accounts[partner] = support.account(accepts)
                if account.truth is None:
                    attributes |= of_variables(account.variables)
                is_local |= not areas[-1].everywhere and account.truth is not False
            if is_local and commune is None:
                attributes |= self._commune
            if attributes:
                yield attributes, kind
        if self._consent and CONSENT not in values:
            agreed = map(self._agreed.__getitem__, (*evaluation.fired, *evaluation.open))
            named = chain.from_iterable(agreed)
            yield from ((self._consent, kind) for kind in named if kind in in_play)

    @cached_property
    def _servers(self) -> dict[str, _Serving]:
        found = {}
        for kind in self._rule_set.vocabulary.kinds:
            conditional, is_local = [], False
            for partner in self._directory.by_kind.get(kind, ()):
                areas = self._directory.places[partner.id]
                if partner.condition is None:
                    is_local |= not areas[-1].everywhere
                else:
                    ready = ready_account(partner.condition, self._bits.bit_of)
                    conditional.append((partner.id, ready, areas))
            found[kind] = _Serving(tuple(conditional), is_local)
        return found


def _may_serve(areas: Iterable[Area], commune: str | None) -> bool:
    return commune is None or any(area.covers(commune) for area in areas)


def _urgency_at(matters: Matters, place: int) -> Urgency | None:
    levels = zip(Urgency, matters.by_urgency, strict=True)
    return next((urgency for urgency, attributes in levels if attributes >> place & 1), None)


def _adds(orient: Orient, known: KindClass | None) -> bool:
    """Tell whether one more orientation would change anything but the reasons."""
    return known is None or (
        orient.urgency < known.urgency
        or orient.strength < known.strength
        or orient.for_ not in known.people
        or orient.sharing > known.scope
    )
