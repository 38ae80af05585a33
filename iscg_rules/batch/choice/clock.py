"""The moment of each row: its day, what is drawn from it, and who is open then.

Between two changes of any opening hours nothing changes, so time is cut there, a month at a time
and only in months that some row names; a row then needs nothing but the number of its piece.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

import numpy as np
import numpy.typing as npt

from iscg_rules.language.moments import PARIS, Hours, Opening
from iscg_rules.language.vocabulary import Vocabulary
from iscg_rules.model.partners import Directory

__all__ = ["UNKNOWN", "Clock", "Month", "MonthPieces", "local_times"]

# INVARIANT: of a row without a moment; numpy sorts it before every other time.
UNKNOWN = np.iinfo(np.int64).min
_HOUR = 3_600_000_000
_DAY = 24 * _HOUR
_MINUTE = _HOUR // 60
# So many minutes a row make a table longer to fill than rows are to look up one by one.
_WORTH = 8
_AFTER_THE_LAST = (10_000 - 1970) * 12
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
class Month:
    """One month in pieces, or, numbered None, those of the rows without an hour.

    The first of these is of the rows without a day; the others begin as closures begin and end.

    `starts` says when each piece begins; `openings` gives each text of hours one opening a piece;
    `slots` each derived attribute one value's place a piece, -1 where it has none.
    """

    number: int | None
    starts: npt.NDArray[np.int64]
    openings: Mapping[str, tuple[Opening, ...]]
    slots: Mapping[str, tuple[int, ...]]


@dataclass(frozen=True)
class MonthPieces:
    """The months that some rows lie in, their pieces numbered through, and each row's piece."""

    of_rows: npt.NDArray[np.intp]
    months: tuple[Month, ...]

    def opening(self, text: str, piece: int) -> Opening:
        """Return what holds of some hours in a piece."""
        for month in self.months:
            if piece < len(month.starts):
                return month.openings[text][piece]
            piece -= len(month.starts)
        raise IndexError(piece)


class Clock:
    """Cuts time; what it has cut it keeps, since that depends on no row."""

    def __init__(self, vocabulary: Vocabulary, directory: Directory) -> None:
        self._hours = {hours.key: hours for hours in directory.hours.values()}
        self._derived = {
            attribute.id: tuple(value.hours for value in attribute.values)
            for attribute in vocabulary.attributes.values()
            if attribute.derived == "moment"
        }
        self._slot_hours = {
            text: Hours(text) for texts in self._derived.values() for text in texts if text
        }
        turns = sorted({turn for hours in self._hours.values() for turn in hours.turns()})
        days = [None, *(turn.date() for turn in turns)]
        if turns:
            days.insert(1, date.min)
        self._without = Month(
            None,
            np.array([UNKNOWN if day is None else _midnight(day) for day in days], np.int64),
            {key: tuple(map(hours.at, days)) for key, hours in self._hours.items()},
            dict.fromkeys(self._derived, (-1,) * len(days)),
        )
        self._months: dict[int, Month] = {}
        self._table: tuple[list[int], npt.NDArray[np.intp]] | None = None

    def cut(self, days: npt.NDArray[np.int64], times: npt.NDArray[np.int64]) -> MonthPieces:
        """Return the pieces in which these moments lie.

        Args:
            days: microseconds of Paris time since 1970 anywhere in the day, or `UNKNOWN`.
            times: the same at the moment itself, `UNKNOWN` too where only the day is known.
        """
        given = times[times != UNKNOWN] if len(times) and times.min() == UNKNOWN else times
        if not len(given):
            return MonthPieces(self._by_day(days), (self._without,))
        first, last = int(given.min() // _DAY), int(given.max() // _DAY)
        named = np.zeros(last - first + 1, np.bool_)
        named[given // _DAY - first] = True
        met = (np.flatnonzero(named) + first).astype("datetime64[D]")
        numbers = np.unique(met.astype("datetime64[M]").astype(np.int64)).tolist()
        months = (self._without, *map(self._month, numbers))
        without = self._without.starts
        starts = np.concatenate([without[:1], *(month.starts for month in months[1:])])
        places = self._places(starts, times, numbers)
        if len(without) > 1:
            places = np.where(times == UNKNOWN, self._by_day(days), places + len(without) - 1)
        return MonthPieces(places, months)

    def _by_day(self, days: npt.NDArray[np.int64]) -> npt.NDArray[np.intp]:
        """Number the piece of each row as if its hour were unknown."""
        return np.searchsorted(self._without.starts, days, side="right") - 1

    def _places(
        self, starts: npt.NDArray[np.int64], times: npt.NDArray[np.int64], numbers: list[int]
    ) -> npt.NDArray[np.intp]:
        """Number the piece of each row, from a table of all minutes where that is shorter."""
        first = _first_minute(numbers[0])
        # The same months come again and again, chunk after chunk.
        kept = self._table
        if kept is None or kept[0] != numbers:
            minutes = _first_minute(numbers[-1] + 1) - first
            if minutes > _WORTH * len(times) or (starts[1:] % _MINUTE).any():
                return np.searchsorted(starts, times, side="right") - 1
            table = np.zeros(minutes + 1, np.intp)
            np.add.at(table, starts[1:] // _MINUTE - first, 1)
            kept = self._table = numbers, np.cumsum(table)
        places = kept[1].take(times // _MINUTE - first, mode="clip")
        places[times == UNKNOWN] = 0
        return places

    def _month(self, number: int) -> Month:
        month = self._months.get(number)
        if month is None:
            month = self._months[number] = self._cut_month(number)
        return month

    def _cut_month(self, number: int) -> Month:
        first, until = _first_day(number), _first_day(number + 1)
        spans = {text: hours.spans(first, until) for text, hours in self._hours.items()}
        slots = {text: hours.spans(first, until) for text, hours in self._slot_hours.items()}
        all_spans = [*spans.values(), *slots.values()]
        starts = sorted({first, *(start for text_spans in all_spans for start, _ in text_spans)})
        by_text = {text: _spread(text_spans, starts) for text, text_spans in slots.items()}
        return Month(
            number,
            np.array(list(map(_microseconds, starts)), np.int64),
            {text: tuple(_spread(text_spans, starts)) for text, text_spans in spans.items()},
            {
                name: tuple(_first_open(texts, by_text, piece) for piece in range(len(starts)))
                for name, texts in self._derived.items()
            },
        )


def _microseconds(local: datetime) -> int:
    return (local - _START) // timedelta(microseconds=1)


def _midnight(day: date) -> int:
    return _microseconds(datetime.combine(day, time()))


def _first_day(month: int) -> datetime:
    if month == _AFTER_THE_LAST:
        return datetime.max  # noqa: DTZ901 # local time
    return datetime(1970 + month // 12, month % 12 + 1, 1)  # noqa: DTZ001 # local time


def _first_minute(month: int) -> int:
    return (_first_day(month) - _START) // timedelta(minutes=1)


def _spread(spans: list[tuple[datetime, Opening]], starts: list[datetime]) -> list[Opening]:
    """Return the opening at each of more starts than its own."""
    own = dict(spans)
    spread: list[Opening] = []
    for start in starts:
        spread.append(own.get(start) or spread[-1])
    return spread


def _first_open(
    texts: tuple[str | None, ...], openings: Mapping[str, list[Opening]], piece: int
) -> int:
    """Return the place of the first value without hours, or with hours that are open, or -1."""
    for place, text in enumerate(texts):
        if not text or openings[text][piece].is_open:
            return place
    return -1
