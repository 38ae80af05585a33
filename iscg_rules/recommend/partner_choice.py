"""The partners that may serve a kind here and now, best first; what is unknown is said."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from iscg_rules.language.conditions import Truths, ValuesLeft
from iscg_rules.language.moments import Opening
from iscg_rules.language.vocabulary import Vocabulary
from iscg_rules.model.partners import Directory, Partner
from iscg_rules.model.rules import URGENCIES
from iscg_rules.places.departements import departement_of

__all__ = [
    "Candidate",
    "Candidates",
    "Openings",
    "answers_in_time",
    "is_reached",
    "to_call",
    "waiting",
]

_TODAY = URGENCIES.index("today")
# Nobody says that a place of unknown hours is closed, nor that it is open.
_HOW_LATE: Mapping[bool | None, int] = {True: 0, None: 1, False: 2}
_UNKNOWN = (2, 0.0)
_NEVER = (3, 0.0)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A partner that may serve a kind here: what is unknown about it is said.

    `in_time`: whether it answers as soon as the orientation needs it.
    """

    partner: Partner
    is_accepting: bool | None
    depends_on_commune: bool
    opening: Opening
    in_time: bool | None


class Openings(dict[str, Opening]):
    """Which partners are open at one moment, worked out when it is asked for."""

    def __init__(self, directory: Directory, moment: date | None) -> None:
        super().__init__()
        self._hours = directory.hours
        self._moment = moment

    def __missing__(self, partner: str) -> Opening:
        hours = self._hours.get(partner)
        opening = hours.at(self._moment) if hours else Opening(None)
        self[partner] = opening
        return opening


class Candidates:
    """Chooses among the partners of one directory; holds no state between calls."""

    def __init__(self, vocabulary: Vocabulary, directory: Directory) -> None:
        self._partners = {kind: directory.by_kind.get(kind, ()) for kind in vocabulary.kinds}
        self._places = directory.places
        self._freshness = {p.id: -_day_number(p.checked) for p in directory.partners.values()}
        self._vocabulary = vocabulary
        own = departement_of(vocabulary.station) if vocabulary.station else None
        self._is_foreign = {
            partner: own is not None and not any(area.touches(own) for area in areas)
            for partner, areas in directory.places.items()
        }

    def of(
        self,
        kind: str,
        urgency: int,
        values: ValuesLeft,
        facts: Truths,
        openings: Mapping[str, Opening],
    ) -> tuple[Candidate, ...]:
        """Give the partners that may serve a kind here, best first.

        Order: sure to accept; answering in time, then perhaps in time, then too late; narrowest
        area (of the commune unknown: our own département, then the widest); open, or the next to
        open; recently checked; id. A partner that does not accept is never among them.

        Args:
            kind: the kind that is needed.
            urgency: how soon, as a place in `URGENCIES`.
            values: the known variables, for `accepts` and the communes.
            facts: the truth of any fact that an `accepts` names.
            openings: the opening of any partner at the moment.
        """
        commune, guess = self._vocabulary.where(kind, values)
        found = []
        for partner in self._partners[kind]:
            accepts = partner.condition
            accepting = True if accepts is None else accepts.truth(values, facts)
            if accepting is False:
                continue
            areas = self._places[partner.id]
            nearest = guess if commune is None else commune
            covering = None
            if nearest is not None:
                covering = next((area for area in areas if area.covers(nearest)), None)
            if covering is not None:
                place = (False, False, covering.size)
            elif commune is None:
                place = (True, self._is_foreign[partner.id], -areas[-1].size)
            else:
                continue
            depends = commune is None and not areas[-1].everywhere
            opening = openings[partner.id]
            in_time = answers_in_time(opening, urgency)
            key = (
                accepting is None,
                _HOW_LATE[in_time],
                place,
                waiting(opening),
                self._freshness[partner.id],
                partner.id,
            )
            found.append((key, Candidate(partner, accepting, depends, opening, in_time)))
        found.sort(key=lambda pair: pair[0])
        return tuple(candidate for _, candidate in found)


def answers_in_time(opening: Opening, urgency: int) -> bool | None:
    """Tell whether who opens so answers as soon as an orientation needs it; None when unknown.

    Now needs a place that is open; today, one that is or will be before midnight. Who is away for
    whole days is late for everything.
    """
    if opening.closure is not None:
        return False
    if urgency > _TODAY or (urgency == _TODAY and opening.opens_today):
        return True
    return opening.is_open


def to_call(candidates: Sequence[Candidate]) -> Candidate | None:
    """Give the one to call of some candidates, best first; None where nobody will answer.

    The first that answers in time; else the first of whom it is not known; else the soonest to
    open.
    """
    for wanted in (True, None):
        for one in candidates:
            if one.in_time is wanted and waiting(one.opening) != _NEVER:
                return one
    later = [one for one in candidates if one.opening.opens_at is not None]
    return min(later, key=lambda one: waiting(one.opening), default=None)


def is_reached(candidates: Iterable[Candidate]) -> bool | None:
    """Tell whether somebody with a contact answers, or is shown to open; None where one might."""
    waits = [waiting(one.opening) for one in candidates if one.partner.public_contact]
    if any(wait < _UNKNOWN for wait in waits):
        return True
    return None if any(wait < _NEVER for wait in waits) else False


def waiting(opening: Opening) -> tuple[int, float]:
    """Order openings: open, then the soonest to open, then those of which nothing is known."""
    if opening.is_open:
        return (0, 0.0)
    if opening.opens_at is not None:
        return (1, opening.opens_at.timestamp())
    return _UNKNOWN if opening.is_open is None else _NEVER


def _day_number(checked: str) -> int:
    """Make `2026`, `2026-11` and `2026-11-23` comparable: 20260000, 20261100, 20261123."""
    return int(checked.replace("-", "").ljust(8, "0"))
