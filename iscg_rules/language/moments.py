"""The moment of an interview: its zone, what is drawn from it, and whether a place is open then.

Hours are written as in OpenStreetMap's `opening_hours`; French public holidays are known. Some days
on which a place is closed are a closure, whatever its hours.
"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import opening_hours
from pydantic import Field

from iscg_rules.errors import IscgError, Problem
from iscg_rules.language.vocabulary import Vocabulary
from iscg_rules.reading.binding import Frozen, LocalText

__all__ = [
    "ALWAYS",
    "PARIS",
    "Closure",
    "GivenMoment",
    "Hours",
    "Opening",
    "Slots",
    "day_of",
    "hour_of",
    "is_readable",
    "read_moment",
]

PARIS = ZoneInfo("Europe/Paris")
ALWAYS = "24/7"
# As a caller gives it; a date that is no `datetime` is a day.
GivenMoment = datetime | date | str | None
_MOST_CHANGES = 50


class Closure(Frozen):
    """Days on which a place is closed, both included, and why; without `until`, nobody knows."""

    from_: date = Field(alias="from")
    until: date | None = None
    because: LocalText

    def covers(self, day: date) -> bool:
        """Tell whether the place is closed on a day."""
        return self.from_ <= day and (self.until is None or day <= self.until)

    @property
    def ends(self) -> datetime | None:
        """The midnight after the last day, in local time; None where there is none."""
        if self.until is None or self.until == date.max:
            return None
        return datetime.combine(self.until + timedelta(days=1), time())


@dataclass(frozen=True, slots=True)
class Opening:
    """Whether a place is open at the moment, and when it opens next where it is not.

    `is_open` is None when nothing is known, for want of hours or of a moment; `opens_today` tells
    whether a closed place opens before midnight; `closure` is why it is closed for whole days.
    """

    is_open: bool | None
    opens_at: datetime | None = None
    opens_today: bool = False
    closure: Closure | None = None


UNKNOWN = Opening(None)
OPEN = Opening(is_open=True)


def read_moment(moment: object) -> datetime | date | None:
    """Return the moment in Europe/Paris; one without a zone is read as Europe/Paris.

    A date without an hour is a day: its hour is not known, and is not midnight.

    Raises:
        IscgError: A009 for what is neither a date nor an ISO 8601 text, or when the calendar has
            none such.
    """
    if moment is None:
        return None
    read = _from_text(moment.strip()) if isinstance(moment, str) else moment
    if isinstance(read, datetime):
        read = _in_paris(read)
    if not isinstance(read, date):
        aid = "écrivez par exemple 2026-11-27T22:30, ou 2026-11-27 si l'heure n'est pas connue"
        raise IscgError([Problem("A009", "moment illisible", help=aid)])
    return read


def _from_text(text: str) -> date | None:
    for read in (date.fromisoformat, datetime.fromisoformat):
        with suppress(ValueError):
            return read(text)
    return None


def _in_paris(moment: datetime) -> datetime | None:
    """Return the moment on the clocks of Paris; None where it lies beyond the calendar there."""
    # INVARIANT: raised again nowhere, since Python's own errors repeat what was given.
    with suppress(ValueError, OverflowError):
        return moment.astimezone(PARIS) if moment.tzinfo else moment.replace(tzinfo=PARIS)
    return None


def day_of(moment: date | None) -> date | None:
    """Return the day of a moment, by which rules are in force."""
    return moment.date() if isinstance(moment, datetime) else moment


def hour_of(moment: date | None) -> datetime | None:
    """Return the moment where its hour is known, by which places are open; None on a day."""
    return moment if isinstance(moment, datetime) else None


class Hours:
    """Opening hours, parsed once, and closures; French public holidays are known.

    `key` is the same for those that open and close alike.

    Raises:
        ValueError: the text is not in the `opening_hours` format.
    """

    __slots__ = ("_parsed", "closures", "key", "text")

    def __init__(self, text: str | None, closures: tuple[Closure, ...] = ()) -> None:
        self.text: Final = text
        self.closures: Final = closures
        spans = sorted(f"{one.from_}/{one.until or '..'}" for one in closures)
        self.key: Final = " ".join([text or "", *spans])
        try:
            self._parsed = (
                None if text in (None, ALWAYS) else opening_hours.OpeningHours(text, country="FR")
            )
        except opening_hours.ParserError as error:  # type: ignore[attr-defined]  # not in its stubs
            raise ValueError("unreadable opening hours") from error

    def at(self, moment: date | None) -> Opening:
        """Tell whether the place is open at a moment (Europe/Paris), or when it opens next.

        On a day whose hour is not known, that is unknown, but for a place that never closes and
        for one that is closed all day.
        """
        day = day_of(moment)
        closure = None if day is None else self._closed_on(day)
        if day is not None and closure is not None:
            opens_at = self._opens_from(datetime.combine(day, time()))
            return Opening(is_open=False, opens_at=opens_at, closure=closure)
        if self.text == ALWAYS and (day is not None or not self.closures):
            return OPEN
        if self.text is None or not isinstance(moment, datetime):
            return UNKNOWN
        # The library reckons in local time; the zone is put back afterwards.
        local = moment.replace(tzinfo=None)
        opens_at = self._opens_from(local)
        if opens_at is not None and opens_at.replace(tzinfo=None) == local:
            return OPEN
        is_today = opens_at is not None and opens_at.date() == local.date()
        return Opening(is_open=False, opens_at=opens_at, opens_today=is_today)

    def spans(self, first: datetime, until: datetime) -> list[tuple[datetime, Opening]]:
        """Cut a stretch of time where the place opens or closes, and as its day of opening begins.

        Args:
            first: local time in Europe/Paris, without a zone.
            until: the same; later than `first`.

        Returns:
            The start of each part with the opening that holds all through it, the first at `first`.
        """
        starts = [first]
        while self._parsed is not None:
            following = self._parsed.next_change(starts[-1])
            if following is None or following >= until:
                break
            starts.append(following)
        # What opens in a later year is said from the year before on.
        cuts = [
            datetime.combine(date(year, 1, 1), time())
            for year in range(first.year + 1, until.year + 1)
        ]
        cuts += self.turns()
        starts = sorted({*starts, *(start for start in cuts if first < start < until)})
        spans = [(start, self.at(start.replace(tzinfo=PARIS))) for start in starts]
        return [part for span in spans for part in _by_day(*span, until)]

    def turns(self) -> Iterator[datetime]:
        """Yield each midnight at which a closure begins or ends, in local time."""
        for closure in self.closures:
            yield datetime.combine(closure.from_, time())
            if closure.ends is not None:
                yield closure.ends

    def _closed_on(self, day: date) -> Closure | None:
        return next((closure for closure in self.closures if closure.covers(day)), None)

    def _opens_from(self, local: datetime) -> datetime | None:
        """Return the first moment from one on at which the place is open."""
        latest = local.year + 1
        change: datetime | None = local
        # A change may lead from closed to "perhaps": a few steps reach the next opening.
        for _ in range(_MOST_CHANGES):
            # Words name a day and a month: "vendredi 01/01" is then not the next one.
            if change is None or change.year > latest or self.text is None:
                return None
            closure = self._closed_on(change.date())
            if closure is not None:
                change = closure.ends
            elif self._parsed is None or self._parsed.is_open(change):
                return change.replace(tzinfo=PARIS)
            else:
                change = self._parsed.next_change(change)
        return None


def _by_day(
    start: datetime, opening: Opening, until: datetime
) -> Iterator[tuple[datetime, Opening]]:
    """Cut the time for which a place stays closed at the midnight before it opens."""
    yield start, opening
    # A closure ends at a midnight, and time is cut there already.
    if opening.opens_at is not None and not opening.opens_today and opening.closure is None:
        midnight = datetime.combine(opening.opens_at.date(), time())
        if midnight < until:
            yield midnight, replace(opening, opens_today=True)


def is_readable(hours: str) -> bool:
    """Tell whether a text is in the `opening_hours` format."""
    try:
        Hours(hours)
    except ValueError:
        return False
    return True


class Slots:
    """Draws the answers that depend on the moment: the first value whose hours are open."""

    __slots__ = ("_attributes",)

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._attributes = tuple(
            (
                attribute.id,
                tuple((value.id, value.hours and Hours(value.hours)) for value in attribute.values),
            )
            for attribute in vocabulary.attributes.values()
            if attribute.derived == "moment"
        )

    def at(self, moment: date | None) -> dict[str, str]:
        """Return the derived answers; none without an hour."""
        if not isinstance(moment, datetime):
            return {}
        answers: dict[str, str] = {}
        for attribute, values in self._attributes:
            for value, hours in values:
                if not hours or hours.at(moment).is_open:
                    answers[attribute] = value
                    break
        return answers
