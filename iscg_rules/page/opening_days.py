"""Opening hours as they fall on the days of a calendar, for those who cannot read their text."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import NamedTuple

from iscg_rules.language.moments import ALWAYS, PARIS, Hours
from iscg_rules.model.closed_words import Language

__all__ = ["PortableHours", "clock_changes", "make_hours"]

_DAY = 24 * 60
# A text of one character a day: the first pattern is "0".
_FIRST = ord("0")
_Stretch = tuple[datetime, datetime]


class PortableClosure(NamedTuple):
    """The first and the last day on which a place is closed, and why."""

    first: date
    last: date | None
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PortableHours:
    """When a place is open.

    Attributes:
        text: as the authors wrote it; absent where only closures are known.
        closed: whole days on which it is closed, whatever its hours: the first and the last, null
            where nobody knows it, and why.
        patterns: each the minutes of a day from midnight on, where it opens, closes, opens, …
        days: one character a day, the first for `first_day`: "0" is the first pattern, "1" the
            second, and so on through Unicode. Absent where it has no hours, or is always open.
        next: the first opening on the day `out_of_date` or later, in local time.
    """

    text: str | None = None
    closed: tuple[PortableClosure, ...] = ()
    patterns: tuple[tuple[int, ...], ...] = ()
    days: str | None = None
    next: str | None = None


def make_hours(hours: Hours, first: date, after: date, language: Language) -> PortableHours:
    """Return when a place is open from a first day to the day before another."""
    closed = tuple(
        PortableClosure(one.from_, one.until, one.because.in_(language)) for one in hours.closures
    )
    if hours.text is None or (hours.text == ALWAYS and not closed):
        return PortableHours(text=hours.text, closed=closed)
    end = datetime.combine(after, time())
    minutes: dict[date, list[int]] = {
        first + timedelta(days=number): [] for number in range((after - first).days)
    }
    for opens, closes in _open_times(hours, datetime.combine(first, time()), end):
        for day, begin, until in _by_day(opens, closes):
            minutes[day] += [begin, until]
    patterns: dict[tuple[int, ...], int] = {}
    places = [patterns.setdefault(tuple(of_day), len(patterns)) for of_day in minutes.values()]
    return PortableHours(
        text=hours.text,
        closed=closed,
        patterns=tuple(patterns),
        days="".join(chr(_FIRST + place) for place in places),
        next=_next_opening(hours, end),
    )


def _next_opening(hours: Hours, end: datetime) -> str | None:
    opening = hours.at(end.replace(tzinfo=PARIS))
    opens_at = end if opening.is_open else opening.opens_at
    return opens_at.strftime("%Y-%m-%dT%H:%M") if opens_at else None


def _open_times(
    hours: Hours, first: datetime, end: datetime
) -> Iterator[tuple[datetime, datetime]]:
    """Yield from when to when a place is open, touching times put together."""
    opened: datetime | None = None
    for (start, opening), (following, _) in pairwise([*hours.spans(first, end), (end, None)]):
        if opening is None or not opening.is_open:
            continue
        opened = opened or start
        is_last = following == end or not hours.at(following.replace(tzinfo=PARIS)).is_open
        if is_last:
            yield opened, following
            opened = None


def _by_day(opens: datetime, closes: datetime) -> Iterator[tuple[date, int, int]]:
    """Yield each day of a stretch with the minutes at which it begins and ends there."""
    day = opens.date()
    while datetime.combine(day, time()) < closes:
        midnight = datetime.combine(day, time())
        begin = max(0, int((opens - midnight).total_seconds() // 60))
        until = min(_DAY, int((closes - midnight).total_seconds() // 60))
        yield day, begin, until
        day += timedelta(days=1)


def clock_changes(first: date, after: date) -> tuple[tuple[str, int], ...]:
    """Return from when on the clocks of Paris are how many minutes ahead of UTC, in UTC."""
    moment = datetime.combine(first, time(), PARIS).astimezone(UTC)
    # What opens later is said until the end of the next year.
    end = datetime(after.year + 2, 1, 1, tzinfo=PARIS)
    found: list[tuple[str, int]] = []
    while moment < end:
        ahead = moment.astimezone(PARIS).utcoffset()
        assert ahead is not None
        minutes = int(ahead.total_seconds() // 60)
        if not found or found[-1][1] != minutes:
            found.append((moment.strftime("%Y-%m-%dT%H:%MZ"), minutes))
        moment += timedelta(hours=1)
    return tuple(found)
