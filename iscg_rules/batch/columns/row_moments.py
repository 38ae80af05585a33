"""The column `at` → the day and the time on the clocks of Paris, a number of each a row."""

from datetime import date, datetime, time, timedelta
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from iscg_rules.batch.choice.clock import UNKNOWN, local_times
from iscg_rules.batch.columns.answer_encoding import Fault, spelled
from iscg_rules.batch.columns.arrow_buffers import bools, in_one_piece, known_bits, raw_numbers
from iscg_rules.batch.columns.column_checks import AT
from iscg_rules.errors import IscgError
from iscg_rules.language.moments import hour_of, read_moment

__all__ = ["RowMoments", "day_and_time", "local_time", "read_moments"]

_START = datetime(1970, 1, 1)  # noqa: DTZ001 # local time, reckoned without its zone
_UNITS = {"s": 1_000_000, "ms": 1_000, "us": 1}
_FIRST = (datetime.min - _START) // timedelta(microseconds=1)  # noqa: DTZ901 # local time
_LAST = (datetime.max - _START) // timedelta(microseconds=1)  # noqa: DTZ901 # local time
# A day as Arrow reads it, `2026-11-27`; whatever has an hour is longer.
_DAY_LENGTH = 10
Times = npt.NDArray[np.int64]


def local_time(moment: datetime | None) -> int:
    """Return one moment of Paris as a number, `UNKNOWN` for none."""
    if moment is None:
        return UNKNOWN
    return (moment.replace(tzinfo=None) - _START) // timedelta(microseconds=1)


def day_and_time(moment: date | None) -> tuple[int, int]:
    """Return the day and the time of one moment, as `RowMoments` has them."""
    hour = hour_of(moment)
    if hour is None and moment is not None:
        return local_time(datetime.combine(moment, time())), UNKNOWN
    return local_time(hour), local_time(hour)


class RowMoments(NamedTuple):
    """The moments of a column, each as a single one is read, and the cells that are none (A009).

    Microseconds of Paris time since 1970, one a row, `UNKNOWN` where there is none: `days` lie
    anywhere in the day, `times` are `UNKNOWN` too where a date has no hour.
    """

    days: Times
    times: Times
    faults: list[Fault]


def read_moments(column: pa.ChunkedArray) -> RowMoments:
    """Read moments as `read_moment` does."""
    kind = column.type
    if pa.types.is_null(kind):
        unknown = np.full(len(column), UNKNOWN)
        return RowMoments(unknown, unknown, [])
    if pa.types.is_date(kind):
        days, faults = _from_timestamps(column.cast(pa.timestamp("ms")))
        return RowMoments(days, np.full(len(column), UNKNOWN), faults)
    if pa.types.is_timestamp(kind):
        times, faults = _from_timestamps(column)
        return RowMoments(times, times, faults)
    return _from_words(column)


def _from_timestamps(column: pa.ChunkedArray) -> tuple[Times, list[Fault]]:
    kind = column.type
    array = in_one_piece(column)
    valid = bools(known_bits(array), len(array))
    given = raw_numbers(array.view(pa.int64()))
    if kind.unit == "ns":
        times, fits = given // 1_000, valid
    else:
        factor = _UNITS[kind.unit]
        fits = (given >= _FIRST // factor) & (given <= _LAST // factor) & valid
        times = np.where(fits, given, 0) * factor
    if kind.tz is not None:
        times = local_times(times)
        fits &= (times >= _FIRST) & (times <= _LAST)
    wrong = np.flatnonzero(valid & ~fits)
    return np.where(fits, times, UNKNOWN), [Fault(wrong, AT, "A009")] if len(wrong) else []


def _from_words(column: pa.ChunkedArray) -> RowMoments:
    # Few moments are the same: looking for those that are costs more than reading them all.
    if not pa.types.is_dictionary(column.type):
        plain = _plain_moments(in_one_piece(column))
        if plain is not None:
            return RowMoments(*plain, [])
    given = spelled(column)
    days, times, wrong = _read_words(given.words)
    rows = np.flatnonzero(given.rows_of(wrong))
    faults = [Fault(rows, AT, "A009")] if len(rows) else []
    read = np.array([[*each, UNKNOWN] for each in (days, times)], np.int64)
    spread = read.take(given.places, axis=1, mode="clip")
    if given.sure is not None:
        spread[:, ~bools(given.sure, len(given.places))] = UNKNOWN
    return RowMoments(spread[0], spread[1], faults)


def _read_words(words: list[str | None]) -> tuple[Times, Times, list[bool]]:
    """Read each distinct text; all at once where they are written in the plain way."""
    plain = _plain_moments(pa.array(words, pa.large_string()))
    if plain is not None:
        return *plain, [False] * len(words)
    read = [_read(word) for word in words]
    pairs = np.array([(UNKNOWN, UNKNOWN) if one is None else one for one in read], np.int64)
    days, times = pairs.reshape(-1, 2).T
    return days, times, [one is None for one in read]


def _plain_moments(words: pa.Array) -> tuple[Times, Times] | None:
    """Read the days and the times of texts at once; None where one is not in the plain way."""
    texts = pc.cast(words, pa.large_string())
    try:
        plain = pc.cast(texts, pa.timestamp("us"))
    except pa.ArrowInvalid:
        return None
    numbers, known = raw_numbers(plain.view(pa.int64())), bools(known_bits(plain), len(plain))
    # Arrow knows a year 0.
    if (known & (numbers < _FIRST)).any():
        return None
    days = np.where(known, numbers, UNKNOWN)
    is_day = pc.equal(pc.binary_length(texts), _DAY_LENGTH).fill_null(fill_value=False)
    if not pc.any(is_day).as_py():
        return days, days
    return days, np.where(is_day.to_numpy(zero_copy_only=False), UNKNOWN, days)


def _read(word: str | None) -> tuple[int, int] | None:
    """Return the day and the time of a text; None where it is no moment."""
    try:
        moment = read_moment(word)
    except IscgError:
        return None
    return day_and_time(moment)
