"""Bits, one line a possible entry, → one list a row, its entries in the order of the lines."""

from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa

from iscg_rules.batch.packed_bits import WORD, Words

__all__ = ["BATCH", "Lists", "make_lists", "to_arrow"]

# Rows that are listed together, and rows times lines: few enough to stay in the cache.
BATCH = 1 << 15
_MOST_CELLS = 1 << 22
# Swaps the halves of 64 lines, of 32, and so on: then bits along lines stand along rows.
# 1 -> 0b...0101, 2 -> 0b...0011, 4 -> 0b...00001111: the places whose number lacks that bit.
_SWAPS = tuple(
    (step, np.uint64(sum(1 << place for place in range(WORD) if not place & step)))
    for step in (32, 16, 8, 4, 2, 1)
)


class Lists(NamedTuple):
    """Entries of all rows one after the other; `ends` has one more element than there are rows."""

    ends: npt.NDArray[np.int32]
    entries: npt.NDArray[Any]

    def rows(self) -> npt.NDArray[np.intp]:
        """Return the row of each entry."""
        return np.repeat(np.arange(len(self.ends) - 1), np.diff(self.ends))

    def keep(self, kept: npt.NDArray[np.bool_], rows: npt.NDArray[np.intp]) -> "Lists":
        """Return the same lists without some entries; `rows` is the row of each."""
        places = np.flatnonzero(kept)
        ends = np.zeros_like(self.ends)
        np.cumsum(np.bincount(rows.take(places), minlength=len(ends) - 1), out=ends[1:])
        return Lists(ends, self.entries.take(places))


def make_lists(lines: Words, entries: npt.NDArray[np.int16], length: int) -> Lists:
    """List, for each row, what stands for the lines whose bit is set.

    Args:
        lines: one line of bits for each entry that a row may have.
        entries: what stands for each line.
        length: how many rows; bits beyond are passed over.
    """
    ends = np.zeros(length + 1, np.int32)
    if not len(lines):
        return Lists(ends, np.zeros(0, np.int16))
    by_row = _by_row(lines)[:length]
    counts = np.bitwise_count(by_row)
    total = counts[:, 0].astype(np.int32)
    for column in counts.T[1:]:
        total += column
    np.cumsum(total, out=ends[1:])
    padded = np.zeros(by_row.shape[1] * WORD, np.int16)
    padded[: len(entries)] = entries
    at_once = min(max(_MOST_CELLS // len(padded), 1), BATCH)
    repeated = _repeated(padded.tobytes(), at_once)
    pieces = [
        _filtered(by_row[start : start + at_once], repeated) for start in range(0, length, at_once)
    ]
    return Lists(ends, pieces[0] if len(pieces) == 1 else np.concatenate(pieces))


def _filtered(by_row: Words, repeated: pl.Series) -> npt.NDArray[np.int16]:
    mask = pa.Array.from_buffers(pa.bool_(), by_row.size * WORD, [None, pa.py_buffer(by_row)])
    filtered: npt.NDArray[np.int16] = repeated.head(len(mask)).filter(pl.Series(mask)).to_numpy()
    return filtered


# Nothing of any row is kept: only what stands for the lines, over and over.
@lru_cache(maxsize=8)
def _repeated(entries: bytes, count: int) -> pl.Series:
    return pl.Series(np.tile(np.frombuffer(entries, np.int16), count))


def _by_row(lines: Words) -> Words:
    """Turn lines of bits, one a entry, into lines of bits, one a row, in whole words."""
    blocks = -(-len(lines) // WORD)
    square = np.zeros((blocks * WORD, lines.shape[1]), np.uint64)
    square[: len(lines)] = lines
    spare = np.empty(square.size // 2, np.uint64)
    # Of 2 x 2 bits, with a step of 1: lines 0b01, 0b11 -> rows 0b11, 0b10.
    for step, mask in _SWAPS:
        halves = square.reshape(-1, 2, step, square.shape[1])
        low, high = halves[:, 0], halves[:, 1]
        moved = spare.reshape(low.shape)
        np.right_shift(low, np.uint64(step), out=moved)
        moved ^= high
        moved &= mask
        high ^= moved
        moved <<= np.uint64(step)
        low ^= moved
    by_row = square.reshape(blocks, WORD, -1).transpose(2, 1, 0)
    return np.ascontiguousarray(by_row).reshape(-1, blocks)


def to_arrow(
    ends: npt.NDArray[np.int32],
    places: npt.NDArray[np.integer[Any]],
    words: pa.Array,
    *,
    missing: npt.NDArray[np.bool_] | None = None,
    absent: npt.NDArray[np.bool_] | None = None,
) -> pa.ListArray:
    """Return lists of dictionary-encoded words.

    Args:
        ends: as in `Lists`.
        places: of each entry, its word's place; in the type that the dictionary is to have.
        words: all words there are.
        missing: the rows that are null; None for none.
        absent: the entries that are null; None for none.
    """
    entries = pa.DictionaryArray.from_arrays(pa.array(places, mask=absent), words, safe=False)
    mask = None if missing is None else pa.array(missing)
    return pa.ListArray.from_arrays(pa.array(ends), entries, mask=mask)
