"""Bits, one line a possible entry, → one list a row, its entries in the order of the lines."""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

__all__ = ["Lists", "make_lists", "to_arrow"]

# Transposes 8 x 8 bits within a word in three steps (Warren, Hacker's Delight, section 7-3).
_STEPS = ((7, 0x00AA00AA00AA00AA), (14, 0x0000CCCC0000CCCC), (28, 0x00000000F0F0F0F0))


class Lists(NamedTuple):
    """Entries of all rows one after the other; `ends` has one more element than there are rows."""

    ends: npt.NDArray[np.int32]
    entries: npt.NDArray[np.intp]

    @property
    def rows(self) -> npt.NDArray[np.intp]:
        """Give the row of each entry."""
        return np.repeat(np.arange(len(self.ends) - 1), np.diff(self.ends))

    def keep(self, kept: npt.NDArray[np.bool_]) -> "Lists":
        """Give the same lists without some entries."""
        before = np.zeros(len(kept) + 1, np.int32)
        np.cumsum(kept, out=before[1:])
        return Lists(before[self.ends], self.entries[kept])


def make_lists(lines: npt.NDArray[np.uint64], length: int) -> Lists:
    """List, for each row, the lines whose bit is set.

    Args:
        lines: one line of bits for each entry that a row may have.
        length: how many rows; bits beyond are passed over.
    """
    count = len(lines)
    if not count:
        return Lists(np.zeros(length + 1, np.int32), np.zeros(0, np.intp))
    by_row = _by_row(lines)[:length]
    width = by_row.shape[1] * 8
    ends = np.zeros(length + 1, np.int32)
    np.cumsum(np.bitwise_count(by_row).sum(axis=1, dtype=np.int32), out=ends[1:])
    flags = np.unpackbits(by_row.reshape(-1), bitorder="little").view(np.bool_)
    entries = np.flatnonzero(flags)
    entries %= width
    return Lists(ends, entries)


def _by_row(lines: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint8]:
    """Turn lines of bits, one a entry, into lines of bits, one a row, filled up to whole bytes."""
    groups = -(-len(lines) // 8)
    given = np.zeros((groups * 8, lines.shape[1] * 8), np.uint8)
    given[: len(lines)] = lines.view(np.uint8)
    eights = given.reshape(groups, 8, -1).transpose(0, 2, 1)
    words = np.ascontiguousarray(eights).view(np.uint64)[..., 0]
    for shift, mask in _STEPS:
        moved = words >> np.uint64(shift)
        moved ^= words
        moved &= np.uint64(mask)
        words ^= moved
        moved <<= np.uint64(shift)
        words ^= moved
    by_group = words[..., None].view(np.uint8).reshape(groups, -1)
    return np.ascontiguousarray(by_group.T)


def to_arrow(
    ends: npt.NDArray[np.int32],
    places: npt.NDArray[np.integer[Any]],
    words: pa.Array,
    *,
    missing: npt.NDArray[np.bool_] | None = None,
    absent: npt.NDArray[np.bool_] | None = None,
) -> pa.ListArray:
    """Give lists of dictionary-encoded words.

    Args:
        ends: as in `Lists`.
        places: of each entry, its word's place; in the type that the dictionary is to have.
        words: all words there are.
        missing: the rows that are null; None for none.
        absent: the entries that are null; None for none.
    """
    entries = pa.DictionaryArray.from_arrays(pa.array(places, mask=absent), words)
    mask = None if missing is None else pa.array(missing)
    return pa.ListArray.from_arrays(pa.array(ends), entries, mask=mask)
