"""The column `at` → the time on the clocks of Paris, one number a row."""

from datetime import datetime, timedelta

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from iscg_rules.batch.choice.clock import UNKNOWN, local_times
from iscg_rules.batch.columns.answer_encoding import Fault, spelled
from iscg_rules.batch.columns.arrow_buffers import bools, in_one_piece, known_bits, raw_numbers
from iscg_rules.batch.columns.column_checks import AT
from iscg_rules.errors import IscgError
from iscg_rules.language.moments import read_moment

__all__ = ["local_time", "read_times"]

_START = datetime(1970, 1, 1)  # noqa: DTZ001 # local time, reckoned without its zone
_UNITS = {"s": 1_000_000, "ms": 1_000, "us": 1}
_FIRST = (datetime.min - _START) // timedelta(microseconds=1)  # noqa: DTZ901 # local time
_LAST = (datetime.max - _START) // timedelta(microseconds=1)  # noqa: DTZ901 # local time
Times = npt.NDArray[np.int64]


def local_time(moment: datetime | None) -> int:
    """Return one moment of Paris as a number, `UNKNOWN` for none."""
    if moment is None:
        return UNKNOWN
    return (moment.replace(tzinfo=None) - _START) // timedelta(microseconds=1)


def read_times(column: pa.ChunkedArray) -> tuple[Times, list[Fault]]:
    """Read moments as `read_moment` does.

    Returns:
        Microseconds of Paris time since 1970, one a row, `UNKNOWN` where there is none; and the
        cells that are no moment (A009).
    """
    kind = column.type
    if pa.types.is_null(kind):
        return np.full(len(column), UNKNOWN), []
    if pa.types.is_date(kind):
        column = column.cast(pa.timestamp("ms"))
    if pa.types.is_timestamp(column.type):
        return _from_timestamps(column)
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


def _from_words(column: pa.ChunkedArray) -> tuple[Times, list[Fault]]:
    # Few moments are the same: looking for those that are costs more than reading them all.
    if not pa.types.is_dictionary(column.type):
        times = _plain_times(in_one_piece(column))
        if times is not None:
            return times, []
    given = spelled(column)
    read, wrong = _read_words(given.words)
    times = np.array([*read, UNKNOWN], np.int64).take(given.places, mode="clip")
    if given.sure is not None:
        times[~bools(given.sure, len(times))] = UNKNOWN
    rows = np.flatnonzero(given.rows_of(wrong))
    return times, [Fault(rows, AT, "A009")] if len(rows) else []


def _read_words(words: list[str | None]) -> tuple[Times, list[bool]]:
    """Read each distinct text; all at once where they are written in the plain way."""
    plain = _plain_times(pa.array(words, pa.large_string()))
    if plain is not None:
        return plain, [False] * len(words)
    read = [_read(word) for word in words]
    times = [UNKNOWN if time is None else time for time in read]
    return np.array(times, np.int64), [time is None for time in read]


def _plain_times(words: pa.Array) -> Times | None:
    """Read texts at once, `UNKNOWN` for null; None where one is not written in the plain way."""
    try:
        plain = pc.cast(pc.cast(words, pa.large_string()), pa.timestamp("us"))
    except pa.ArrowInvalid:
        return None
    numbers, known = raw_numbers(plain.view(pa.int64())), bools(known_bits(plain), len(plain))
    # Arrow knows a year 0.
    if (known & (numbers < _FIRST)).any():
        return None
    return np.where(known, numbers, UNKNOWN)


def _read(word: str | None) -> int | None:
    try:
        return local_time(read_moment(word))
    except IscgError:
        return None
