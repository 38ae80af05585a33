"""The moment of an interview: its zone, what is drawn from it, and whether a place is open then.

Hours are written as in OpenStreetMap's `opening_hours`; French public holidays are known.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, time
from zoneinfo import ZoneInfo

import opening_hours

from iscg_rules.errors import IscgError, Problem
from iscg_rules.language.vocabulary import Vocabulary

__all__ = ["ALWAYS", "PARIS", "Hours", "Opening", "Slots", "is_readable", "read_moment"]

PARIS = ZoneInfo("Europe/Paris")
ALWAYS = "24/7"
_MOST_CHANGES = 50


@dataclass(frozen=True, slots=True)
class Opening:
    """Whether a place is open at the moment, and when it opens next where it is not.

    `is_open` is None when nothing is known, for want of hours or of a moment; `opens_today` tells
    whether a closed place opens before midnight.
    """

    is_open: bool | None
    opens_at: datetime | None = None
    opens_today: bool = False


UNKNOWN = Opening(None)
OPEN = Opening(is_open=True)


def read_moment(moment: datetime | str | None) -> datetime | None:
    """Return the moment in Europe/Paris; one without a zone is read as Europe/Paris.

    Raises:
        IscgError: A009 when a text is not an ISO 8601 moment, or when the calendar has none such.
    """
    try:
        if isinstance(moment, str):
            moment = datetime.fromisoformat(moment.strip())
        if moment is None or moment.tzinfo is not None:
            # At the ends of the calendar, the hour in Paris may lie beyond it.
            return None if moment is None else moment.astimezone(PARIS)
    except (ValueError, OverflowError):
        aid = "écrivez par exemple 2026-11-27T22:30"
        raise IscgError([Problem("A009", "moment illisible", help=aid)]) from None
    return moment.replace(tzinfo=PARIS)


class Hours:
    """Opening hours, parsed once; French public holidays are known.

    Raises:
        ValueError: the text is not in the `opening_hours` format.
    """

    __slots__ = ("_parsed", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        try:
            self._parsed = (
                None if text == ALWAYS else opening_hours.OpeningHours(text, country="FR")
            )
        except opening_hours.ParserError as error:  # type: ignore[attr-defined]  # not in its stubs
            raise ValueError("unreadable opening hours") from error

    def at(self, moment: datetime | None) -> Opening:
        """Tell whether the place is open at a moment (Europe/Paris), or when it opens next."""
        if self._parsed is None:
            return OPEN
        if moment is None:
            return UNKNOWN
        # The library reckons in local time; the zone is put back afterwards.
        local = moment.replace(tzinfo=None)
        if self._parsed.is_open(local):
            return OPEN
        opens_at = self._next_opening(local)
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
        spans = [(start, self.at(start.replace(tzinfo=PARIS))) for start in starts]
        return [part for span in spans for part in _by_day(*span, until)]

    def _next_opening(self, local: datetime) -> datetime | None:
        assert self._parsed is not None
        change = local
        # A change may lead from closed to "perhaps": a few steps reach the next opening.
        for _ in range(_MOST_CHANGES):
            following = self._parsed.next_change(change)
            if following is None:
                return None
            if self._parsed.is_open(following):
                return following.replace(tzinfo=PARIS)
            change = following
        return None


def _by_day(
    start: datetime, opening: Opening, until: datetime
) -> Iterator[tuple[datetime, Opening]]:
    """Cut the time for which a place stays closed at the midnight before it opens."""
    yield start, opening
    if opening.opens_at is not None and not opening.opens_today:
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

    def at(self, moment: datetime | None) -> dict[str, str]:
        """Return the derived answers; none without a moment."""
        if moment is None:
            return {}
        answers: dict[str, str] = {}
        for attribute, values in self._attributes:
            for value, hours in values:
                if not hours or hours.at(moment).is_open:
                    answers[attribute] = value
                    break
        return answers
