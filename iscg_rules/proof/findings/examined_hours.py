"""The hours at which reach is looked at: a week, a public holiday, and each closure to come.

Between two changes nothing changes, so that every minute is looked at: time is cut where somebody
begins or ceases to be within reach, and where what is drawn from the moment changes.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise

from iscg_rules.language.moments import PARIS, Hours, Opening, Slots
from iscg_rules.language.vocabulary import Vocabulary
from iscg_rules.model.partners import Directory

__all__ = ["Piece", "examined_hours"]

_WEEK = timedelta(days=7)
_HOUR = timedelta(hours=1)
_HOLIDAYS = "PH"


@dataclass(frozen=True, slots=True)
class Piece:
    """Moments that are alike: the first, how many whole hours, what is drawn from them, and who.

    `reached`: the partners with a contact that answer or are shown to open next; `perhaps` those
    of which that is not known.
    """

    moment: datetime
    hours: int
    slots: Mapping[str, str]
    reached: frozenset[str]
    perhaps: frozenset[str]


def examined_hours(vocabulary: Vocabulary, directory: Directory, day: date) -> tuple[Piece, ...]:
    """Return the moments to look at from a day on, each sort of them once."""
    slots = Slots(vocabulary)
    found: dict[object, Piece] = {}
    for first, until in _stretches(directory, day):
        states = _states(directory, first, until)
        cuts = {first, *(start for spans in states.values() for start in spans)}
        cuts.update(_slot_changes(vocabulary, first, until))
        ordered = [*sorted(cuts), until]
        now: dict[str, bool | None] = {}
        for start, following in pairwise(ordered):
            now |= {name: spans[start] for name, spans in states.items() if start in spans}
            moment = start.replace(tzinfo=PARIS)
            drawn = slots.at(moment)
            reached = frozenset(name for name, state in now.items() if state)
            perhaps = frozenset(name for name, state in now.items() if state is None)
            key = (tuple(drawn.items()), reached, perhaps)
            hours = _whole_hours(following) - _whole_hours(start)
            kept = found.get(key) or Piece(moment, 0, drawn, reached, perhaps)
            found[key] = Piece(kept.moment, kept.hours + hours, drawn, reached, perhaps)
    return tuple(found.values())


def _whole_hours(local: datetime) -> int:
    """Count the hours that have begun before a moment, from a fixed one on."""
    return -((datetime(2000, 1, 1) - local) // _HOUR)  # noqa: DTZ001 # local time


def _stretches(directory: Directory, day: date) -> Iterator[tuple[datetime, datetime]]:
    start = datetime.combine(day, time())
    yield start, start + _WEEK
    holiday = Hours(_HOLIDAYS).at(start.replace(tzinfo=PARIS))
    if holiday.opens_at is not None:
        first = datetime.combine(holiday.opens_at.date(), time())
        yield first, first + timedelta(days=1)
    seen = set()
    for hours in directory.hours.values():
        for closure in hours.closures:
            first = max(start, datetime.combine(closure.from_, time()))
            if (closure.ends is None or closure.ends > first) and first not in seen:
                seen.add(first)
                yield first, first + _WEEK


def _states(
    directory: Directory, first: datetime, until: datetime
) -> dict[str, dict[datetime, bool | None]]:
    """Return, for each partner with a contact, from when on it is within reach, or perhaps."""
    states: dict[str, dict[datetime, bool | None]] = {}
    for partner in directory.partners.values():
        if not partner.public_contact:
            continue
        hours = directory.hours.get(partner.id)
        spans = hours.spans(first, until) if hours else [(first, Opening(None))]
        states[partner.id] = {start: _state(opening) for start, opening in spans}
    return states


def _state(opening: Opening) -> bool | None:
    return True if opening.opens_at is not None else opening.is_open


def _slot_changes(vocabulary: Vocabulary, first: datetime, until: datetime) -> Iterator[datetime]:
    for attribute in vocabulary.attributes.values():
        for value in attribute.values if attribute.derived else ():
            if value.hours:
                yield from (start for start, _ in Hours(value.hours).spans(first, until))
