"""The moment of each row: its day, what is drawn from it, and who is open then.

Between two changes of any opening hours nothing changes, so time is cut there, a month at a time
and only in months that some row names; a row then needs nothing but the number of its piece.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
import numpy.typing as npt

from iscg_rules.moments import PARIS, Hours, Opening
from iscg_rules.partners import Directory
from iscg_rules.vocabulary import Vocabulary

__all__ = ["UNKNOWN", "Clock", "Pieces", "local_times"]

# INVARIANT: of a row without a moment; numpy sorts it before every other time.
UNKNOWN = np.iinfo(np.int64).min
_HOUR = 3_600_000_000
_DAY = 24 * _HOUR
_START = datetime(1970, 1, 1)  # noqa: DTZ001 # local time, reckoned without its zone


def local_times(instants: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Turn instants into the time on the clocks of Paris, both in microseconds since 1970."""
    # The clocks change on the hour: one look-up an hour is enough.
    hours, inverse = np.unique(instants // _HOUR, return_inverse=True)
    shifts = [_shift(int(hour)) for hour in hours.tolist()]
    shifted = instants + np.array(shifts, np.int64)[inverse]
    return np.where(instants == UNKNOWN, UNKNOWN, shifted)


def _shift(hour: int) -> int:
    if hour == UNKNOWN // _HOUR:
        return 0
    moment = datetime.fromtimestamp(0, UTC) + timedelta(hours=hour)
    offset = moment.astimezone(PARIS).utcoffset()
    assert offset is not None
    return offset // timedelta(microseconds=1)


@dataclass(frozen=True)
class Pieces:
    """Time in pieces: of each row its piece, of each piece what holds in it.

    `of_rows` holds a number a row; the last piece is that of rows without a moment. `openings`
    gives each text of hours one opening a piece, `slots` each derived attribute one value's place
    a piece, -1 where it has none.
    """

    of_rows: npt.NDArray[np.intp]
    openings: Mapping[str, tuple[Opening, ...]]
    slots: Mapping[str, tuple[int, ...]]


_Month = tuple[list[int], dict[str, list[Opening]], dict[str, list[int]]]


class Clock:
    """Cuts time; what it has cut it keeps, since that depends on no row."""

    def __init__(self, vocabulary: Vocabulary, directory: Directory) -> None:
        self._hours = {hours.text: hours for hours in directory.hours.values()}
        self._derived = {
            attribute.id: tuple(value.hours for value in attribute.values)
            for attribute in vocabulary.attributes.values()
            if attribute.derived == "moment"
        }
        self._slot_hours = {
            text: Hours(text) for texts in self._derived.values() for text in texts if text
        }
        self._months: dict[int, _Month] = {}

    def cut(self, times: npt.NDArray[np.int64]) -> Pieces:
        """Give the pieces in which these times lie.

        Args:
            times: microseconds of Paris time since 1970, one a row, or `UNKNOWN`.
        """
        known = times != UNKNOWN
        months = times.astype("datetime64[us]").astype("datetime64[M]").astype(np.int64)
        starts: list[int] = []
        openings: dict[str, list[Opening]] = {text: [] for text in self._hours}
        slots: dict[str, list[int]] = {name: [] for name in self._derived}
        for month in np.unique(months[known]).tolist():
            if month not in self._months:
                self._months[month] = self._cut_month(month)
            more_starts, more_openings, more_slots = self._months[month]
            starts += more_starts
            for text, found in more_openings.items():
                openings[text] += found
            for name, places in more_slots.items():
                slots[name] += places
        for text, hours in self._hours.items():
            openings[text].append(hours.at(None))
        for places in slots.values():
            places.append(-1)
        pieces = np.searchsorted(np.array(starts, np.int64), times, side="right") - 1
        pieces[~known] = len(starts)
        return Pieces(
            pieces,
            {text: tuple(found) for text, found in openings.items()},
            {name: tuple(places) for name, places in slots.items()},
        )

    def _cut_month(self, month: int) -> _Month:
        first, until = _first_day(month), _first_day(month + 1)
        spans = {text: hours.spans(first, until) for text, hours in self._hours.items()}
        slots = {text: hours.spans(first, until) for text, hours in self._slot_hours.items()}
        starts = sorted({start for part in (spans, slots) for s in part.values() for start, _ in s})
        if not starts:
            starts = [first]
        openings = {text: _spread(found, starts) for text, found in spans.items()}
        by_text = {text: _spread(found, starts) for text, found in slots.items()}
        places = {
            name: [_first_open(texts, by_text, piece) for piece in range(len(starts))]
            for name, texts in self._derived.items()
        }
        return [(start - _START) // timedelta(microseconds=1) for start in starts], openings, places


def _first_day(month: int) -> datetime:
    return datetime(1970 + month // 12, month % 12 + 1, 1)  # noqa: DTZ001 # local time


def _spread(spans: list[tuple[datetime, Opening]], starts: list[datetime]) -> list[Opening]:
    """Give the opening at each of more starts than its own."""
    own = dict(spans)
    found: list[Opening] = []
    for start in starts:
        found.append(own.get(start) or found[-1])
    return found


def _first_open(
    texts: tuple[str | None, ...], openings: Mapping[str, list[Opening]], piece: int
) -> int:
    """Give the place of the first value without hours, or with hours that are open, or -1."""
    for place, text in enumerate(texts):
        if not text or openings[text][piece].is_open:
            return place
    return -1
