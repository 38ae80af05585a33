"""Which unanswered attributes may still change a recommendation, and in which order to ask them.

An attribute may matter when its answer could settle an open rule that could still add, raise,
exclude or advise something, or settle who serves a kind. Such a rule may be out of reach for
reasons that only all the rules together show: `explain` leaves those out too.

Order: questions of screening, then what may call a rescue by itself, both in the vocabulary's
order; what something needed now waits for; then what settles most for what it costs to answer. A
rule that waits for n answers gives each of them 1/n²: the last answer missing has to be asked
anyway, another one may never be needed.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, reduce
from itertools import chain, islice
from operator import add
from typing import NamedTuple

from iscg_rules.language.conditions import ValuesLeft
from iscg_rules.language.situations import Situation
from iscg_rules.language.vocabulary import CONSENT, Area
from iscg_rules.model.partners import Directory
from iscg_rules.model.rules import RuleSet
from iscg_rules.model.scales import Urgency
from iscg_rules.recommend.accounts import ReadyAccount, ready_account
from iscg_rules.recommend.attribute_bits import AttributeBits, places_in
from iscg_rules.recommend.reference import Evaluation, excluded_kinds
from iscg_rules.recommend.stakes import Stakes, StakeTables
from iscg_rules.recommend.support import Support

__all__ = ["Matter", "Matters", "OpenQuestions"]

# Attributes that may decide who serves a kind, or what may be passed on.
_Served = tuple[int, str]


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

    Attributes:
        stakes: what open rules may still change.
        lacking: at the place of each attribute, the rules that wait for it, of those that matter.
        served: what decides who serves a kind, or what may be passed on.
        asked: all that is left to ask.
        calling: the answer to one of these alone may call a rescue.
        by_urgency: those that may decide something so urgent, at the place of each urgency.
        parts: what each rule gives to each answer that it waits for, by place.
    """

    stakes: Stakes
    lacking: Mapping[int, int]
    served: tuple[_Served, ...]
    asked: int
    calling: int
    by_urgency: tuple[int, ...]
    parts: Mapping[int, float]

    def settles(self, place: int) -> float:
        """Return the part that an attribute has in open rules."""
        rules = places_in(self.lacking.get(place, 0))
        # Added up in the order of the rules, as everywhere: the last digits depend on it.
        return reduce(add, map(self.parts.__getitem__, rules), 0.0)

    def kinds(self, attributes: int, bits: AttributeBits) -> dict[str, dict[str, None]]:
        """Return the kinds that each of these attributes may decide."""
        found = {
            place: self.stakes.kinds(self.lacking.get(place, 0)) for place in places_in(attributes)
        }
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
        self._stakes = StakeTables(rule_set)
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
        attributes, closing = self._rule_set.vocabulary.attributes, self._rule_set.closing
        named = (
            (place, attributes[self._bits.attributes[place]]) for place in self._order(matters)
        )
        asked = (place for place, one in named if closing.is_answerable(situation, one))
        chosen = list(islice(asked, most))
        kinds = matters.kinds(sum(1 << place for place in chosen), self._bits)
        return {
            name: Matter(tuple(kinds[name]), _urgency_at(matters, place), matters.settles(place))
            for place in chosen
            for name in (self._bits.attributes[place],)
        }

    def _order(self, matters: Matters) -> Iterator[int]:
        """Yield the places of what is left to ask; the last are weighed once they are needed."""
        screening = matters.asked & self._screening
        calling = matters.asked & matters.calling & ~screening
        rest = matters.asked & ~(screening | calling)
        now = rest & matters.by_urgency[0]
        yield from places_in(screening)
        yield from places_in(calling)
        for group in (now, rest & ~now):
            # The sort is stable: what is equal stays in the vocabulary's order.
            yield from sorted(
                places_in(group), key=lambda place: -matters.settles(place) / self._costs[place]
            )

    def of(self, evaluation: Evaluation, values: ValuesLeft, support: Support) -> Matters:
        """Return the attributes that may matter, never too few."""
        stakes = Stakes(self._stakes, evaluation)
        lacking = support.rules_lacking(stakes.deciding)
        return self.matters(stakes, lacking, self._serving(evaluation, values, support))

    def still(self, matters: Matters, attributes: int, evaluation: Evaluation) -> Matters:
        """Return what is left where only these attributes and these open rules matter."""
        alive, in_play = self._stakes.of(evaluation.open), self.in_play(evaluation)
        lacking = {
            place: rules & alive
            for place, rules in matters.lacking.items()
            if attributes >> place & 1
        }
        served = ((s & attributes, kind) for s, kind in matters.served if kind in in_play)
        return self.matters(matters.stakes, lacking, served)

    def matters(
        self, stakes: Stakes, lacking: Mapping[int, int], served: Iterable[_Served]
    ) -> Matters:
        """Return what these open rules and partners ask of each attribute."""
        served, asked = tuple(served), 0
        numbers = _by_number(lacking.values())
        alone = stakes.calling & numbers.get(1, 0)
        parts = dict[int, float]()
        for number, rules in numbers.items():
            parts.update(dict.fromkeys(places_in(rules), 1 / number**2 if number else 0.0))
        for place, rules in lacking.items():
            if rules:
                asked |= 1 << place
        for attributes, _ in served:
            asked |= attributes
        return Matters(
            stakes=stakes,
            lacking=lacking,
            served=served,
            asked=asked & ~self._derived,
            calling=_waiting_for(lacking, alone),
            by_urgency=tuple(_waiting_for(lacking, rules) for rules in stakes.by_urgency),
            parts=parts,
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
        in_play, vocabulary = self.in_play(evaluation), self._rule_set.vocabulary
        communes: dict[str | None, str | None] = {}
        known: dict[str, tuple[bool, int]] = {}
        for kind in in_play:
            conditional, is_local = self._servers[kind]
            attributes = 0
            if (place := vocabulary.kinds[kind].place) not in communes:
                communes[place], _ = vocabulary.where(kind, values)
            commune = communes[place]
            for partner, accepts, areas in conditional:
                if (account := known.get(partner)) is None:
                    truth, variables = support.account(accepts)
                    lacking = self._bits.of_variables(variables) if truth is None else 0
                    account = known[partner] = truth is not False, lacking
                may_accept, lacking = account
                is_news = lacking & ~attributes or not (is_local or areas[-1].everywhere)
                # Whom it accepts does not matter where it does not serve.
                if may_accept and is_news and _may_serve(areas, commune):
                    attributes |= lacking
                    is_local |= not areas[-1].everywhere
            if is_local and commune is None:
                attributes |= self._commune
            if attributes:
                yield attributes, kind
        if self._consent and CONSENT not in values:
            agreed = map(self._agreed.__getitem__, (*evaluation.fired, *evaluation.open))
            named = dict.fromkeys(chain.from_iterable(agreed))
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


def _waiting_for(lacking: Mapping[int, int], rules: int) -> int:
    """Return the attributes for which some of these rules wait."""
    found = 0
    for place, waiting in lacking.items():
        if waiting & rules:
            found |= 1 << place
    return found


def _by_number(sets: Iterable[int]) -> dict[int, int]:
    """Return the members of sets by how many of these they are in.

    Of 0b011 and 0b010: the first member is in one, the second in two.
    """
    # The digits of each count in base two, lowest first: members as bits.
    digits: list[int] = []
    every = 0
    for members in sets:
        every |= members
        carry = members
        for n, digit in enumerate(digits):
            digits[n], carry = digit ^ carry, digit & carry
        if carry:
            digits.append(carry)
    found = {0: every}
    for n, digit in enumerate(digits):
        lower = {number: members & ~digit for number, members in found.items()}
        found = lower | {number + (1 << n): members & digit for number, members in found.items()}
    return {number: members for number, members in found.items() if members}
