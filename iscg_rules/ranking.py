"""Evaluation + directory → ordered orientations: exclusions first, then a total order.

Ordinal classes, not weighted sums: a class can be explained and proven. Same order on every
machine, whatever the order of files and however a rule is split into several.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from iscg_rules.conditions import Truths, Values
from iscg_rules.moments import Opening
from iscg_rules.partners import Directory, Partner
from iscg_rules.reference import Evaluation
from iscg_rules.rules import STRENGTHS, URGENCIES, Orient, Rule, RuleSet
from iscg_rules.vocabulary import WITHOUT_PARTNER

__all__ = ["Candidate", "Openings", "Ranker", "Ranking", "Reached", "Unsettled"]

NOW = URGENCIES.index("now")
MUST = STRENGTHS.index("must")
_LAST = (len(URGENCIES), len(STRENGTHS))
_NO_LIMIT = 1_000_000


@dataclass(frozen=True, slots=True)
class Candidate:
    """A partner that may serve a kind here: what is unknown about it is said."""

    partner: Partner
    is_accepting: bool | None
    depends_on_commune: bool
    opening: Opening


@dataclass(frozen=True, slots=True)
class Reached:
    """A certain kind with its class, its reasons by rule id, and its partners, best first."""

    kind: str
    urgency: int
    strength: int
    reasons: tuple[tuple[Rule, Orient], ...]
    candidates: tuple[Candidate, ...]
    already: str | None
    is_gap: bool


@dataclass(frozen=True, slots=True)
class Unsettled:
    """A kind that could still become certain, with its best class, and the open rules about it."""

    kind: str
    urgency: int
    strength: int
    orienting: tuple[Rule, ...]
    excluding: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class Ranking:
    """What a situation leads to, in order.

    `left_out` is how many the limit cut; `settling` are the open rules that could still make
    something certain now, or exclude what would otherwise be certain.
    """

    certain: tuple[Reached, ...]
    possible: tuple[Unsettled, ...]
    excluded: tuple[tuple[str, tuple[Rule, ...]], ...]
    settling: tuple[Rule, ...]
    left_out: int


class Openings(dict[str, Opening]):
    """Which partners are open at one moment, worked out when it is asked for."""

    def __init__(self, directory: Directory, moment: datetime | None) -> None:
        super().__init__()
        self._hours = directory.hours
        self._moment = moment

    def __missing__(self, partner: str) -> Opening:
        hours = self._hours.get(partner)
        opening = hours.at(self._moment) if hours else Opening(None)
        self[partner] = opening
        return opening


class Ranker:
    """Ranks evaluations of one rule set over one directory; holds no state between calls."""

    def __init__(self, rule_set: RuleSet, directory: Directory) -> None:
        vocabulary = rule_set.vocabulary
        self._rules = rule_set.rules
        self._kinds = vocabulary.kinds
        self._place = vocabulary.kind_rank
        self._partners = {kind: directory.by_kind.get(kind, ()) for kind in vocabulary.kinds}
        self._places = directory.places
        self._freshness = {p.id: -_day_number(p.checked) for p in directory.partners.values()}
        self._commune = next(
            (a.id for a in vocabulary.attributes.values() if a.type == "commune"), ""
        )

    def rank(
        self,
        evaluation: Evaluation,
        values: Values,
        facts: Truths,
        openings: Mapping[str, Opening],
        *,
        already: Mapping[str, str],
        limit: int | None,
    ) -> Ranking:
        """Order what an evaluation leads to.

        Args:
            evaluation: rules that hold and rules that are open.
            values: the known variables, for partners' `accepts` and the commune.
            facts: the truth of any fact that an `accepts` names.
            openings: the opening of any partner at the moment.
            already: kind → "contacted" or "declined".
            limit: how many at most; None for all. What is now or must is never cut.

        Returns:
            Certain kinds best first, no two equal; possible and excluded ones in the same manner.
        """
        reached = self._oriented(evaluation.fired)
        excluded = self._excluding(evaluation.fired)
        threatened = self._excluding(evaluation.open)
        certain = [
            self._reached(kind, reasons, values, facts, openings, already)
            for kind, reasons in reached.items()
            if kind not in excluded and kind not in threatened
        ]
        certain.sort(key=self._key)
        kept, left_out = _cut(certain, limit)
        reachable = self._oriented(evaluation.open)
        return Ranking(
            certain=tuple(kept),
            possible=self._possible(reached, reachable, excluded, threatened),
            excluded=tuple(
                (kind, excluded[kind]) for kind in sorted(excluded, key=self._place.__getitem__)
            ),
            settling=_settling(reached, reachable, excluded, threatened),
            left_out=left_out,
        )

    def _oriented(self, ids: Iterable[str]) -> dict[str, list[tuple[Rule, Orient]]]:
        found: dict[str, list[tuple[Rule, Orient]]] = {}
        for rule in map(self._rules.__getitem__, ids):
            for orient in rule.orient:
                found.setdefault(orient.to, []).append((rule, orient))
        return found

    def _excluding(self, ids: Iterable[str]) -> dict[str, tuple[Rule, ...]]:
        found: dict[str, tuple[Rule, ...]] = {}
        for rule in map(self._rules.__getitem__, ids):
            for exclude in rule.exclude:
                found[exclude.to] = (*found.get(exclude.to, ()), rule)
        return found

    def _reached(
        self,
        kind: str,
        reasons: list[tuple[Rule, Orient]],
        values: Values,
        facts: Truths,
        openings: Mapping[str, Opening],
        already: Mapping[str, str],
    ) -> Reached:
        urgency, strength = _class_of(orient for _, orient in reasons)
        candidates = self.candidates(kind, values, facts, openings)
        is_gap = not candidates and self._kinds[kind].nature not in WITHOUT_PARTNER
        return Reached(
            kind, urgency, strength, tuple(reasons), candidates, already.get(kind), is_gap
        )

    def _key(self, reached: Reached) -> tuple[int, bool, int, int]:
        keeps_rank = reached.urgency == NOW or self._kinds[reached.kind].nature == "rescue"
        is_late = reached.already is not None and not keeps_rank
        return (reached.urgency, is_late, reached.strength, self._place[reached.kind])

    def _possible(
        self,
        reached: Mapping[str, list[tuple[Rule, Orient]]],
        reachable: Mapping[str, list[tuple[Rule, Orient]]],
        excluded: Mapping[str, tuple[Rule, ...]],
        threatened: Mapping[str, tuple[Rule, ...]],
    ) -> tuple[Unsettled, ...]:
        found = []
        for kind in {**reached, **reachable}:
            threats = threatened.get(kind, ())
            is_certain = kind in reached and not threats
            if is_certain or kind in excluded:
                continue
            open_reasons = reachable.get(kind, ())
            urgency, strength = _class_of(o for _, o in (*reached.get(kind, ()), *open_reasons))
            orienting = () if kind in reached else tuple(rule for rule, _ in open_reasons)
            found.append(Unsettled(kind, urgency, strength, orienting, threats))
        found.sort(key=lambda u: (u.urgency, u.strength, self._place[u.kind]))
        return tuple(found)

    def candidates(
        self, kind: str, values: Values, facts: Truths, openings: Mapping[str, Opening]
    ) -> tuple[Candidate, ...]:
        """Give the partners that may serve a kind here, best first.

        Order: sure to accept; narrowest area (widest when the commune is unknown); open, or the
        next to open; recently checked; id. A partner that does not accept is never among them.
        """
        commune = values.get(self._commune)
        found = []
        for partner in self._partners[kind]:
            accepts = partner.condition
            accepting = True if accepts is None else accepts.truth(values, facts)
            if accepting is False:
                continue
            areas = self._places[partner.id]
            if commune is None:
                size = -areas[-1].size
                depends = not areas[-1].everywhere
            else:
                covering = next((area for area in areas if area.covers(str(commune))), None)
                if covering is None:
                    continue
                size, depends = covering.size, False
            opening = openings[partner.id]
            key = (
                accepting is None,
                size,
                _waiting(opening),
                self._freshness[partner.id],
                partner.id,
            )
            found.append((key, Candidate(partner, accepting, depends, opening)))
        found.sort(key=lambda pair: pair[0])
        return tuple(candidate for _, candidate in found)


def _settling(
    reached: Mapping[str, list[tuple[Rule, Orient]]],
    reachable: Mapping[str, list[tuple[Rule, Orient]]],
    excluded: Mapping[str, tuple[Rule, ...]],
    threatened: Mapping[str, tuple[Rule, ...]],
) -> tuple[Rule, ...]:
    found: dict[str, Rule] = {}
    for kind, open_reasons in reachable.items():
        is_now = _class_of(o for _, o in reached.get(kind, ()))[0] == NOW
        urgent = [rule for rule, orient in open_reasons if orient.urgency == "now"]
        if kind in excluded or is_now or not urgent:
            continue
        found.update((rule.id, rule) for rule in (*urgent, *threatened.get(kind, ())))
    for kind, threats in threatened.items():
        if kind in reached and kind not in excluded:
            found.update((rule.id, rule) for rule in threats)
    return tuple(found.values())


def _class_of(orients: Iterable[Orient]) -> tuple[int, int]:
    """Give the earliest urgency and the strongest strength, each on its own."""
    urgency, strength = _LAST
    for orient in orients:
        urgency = min(urgency, URGENCIES.index(orient.urgency))
        strength = min(strength, STRENGTHS.index(orient.strength))
    return urgency, strength


def _waiting(opening: Opening) -> tuple[int, float]:
    """Order openings: open, then the soonest to open, then those of which nothing is known."""
    if opening.is_open:
        return (0, 0.0)
    if opening.opens_at is not None:
        return (1, opening.opens_at.timestamp())
    return (2, 0.0) if opening.is_open is None else (3, 0.0)


def _day_number(checked: str) -> int:
    """Make `2026`, `2026-11` and `2026-11-23` comparable: 20260000, 20261100, 20261123."""
    return int(checked.replace("-", "").ljust(8, "0"))


def _cut(certain: list[Reached], limit: int | None) -> tuple[list[Reached], int]:
    """Cut from the end down to the limit, never what is now or must."""
    surplus = len(certain) - (_NO_LIMIT if limit is None else limit)
    kept: list[Reached] = []
    for reached in reversed(certain):
        if surplus > 0 and reached.urgency != NOW and reached.strength != MUST:
            surplus -= 1
        else:
            kept.append(reached)
    kept.reverse()
    return kept, len(certain) - len(kept)
