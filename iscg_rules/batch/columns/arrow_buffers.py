"""The memory of Arrow arrays as NumPy sees it: bits, and numbers that are arbitrary where null.

Filling nulls costs more than everything else that is done with a column: so nobody fills them.
"""

from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from iscg_rules.batch.packed_bits import Words, packed, whole_words

__all__ = ["booleans", "bools", "in_one_piece", "known_bits", "raw_bits", "raw_numbers"]

_Array = Any  # pyarrow ships no types


def in_one_piece(column: pa.ChunkedArray) -> _Array:
    """Return one array of all chunks."""
    if column.num_chunks == 1:
        return column.chunk(0)
    whole = column.combine_chunks()
    return pa.concat_arrays(whole.chunks) if isinstance(whole, pa.ChunkedArray) else whole


def known_bits(array: _Array) -> Words | None:
    """Return the rows that are not null; None when none is."""
    return _bits(array, 0) if array.null_count else None


def raw_bits(array: _Array) -> Words:
    """Return the bits of Booleans, arbitrary where null."""
    return _bits(array, 1)


def raw_numbers(array: _Array) -> npt.NDArray[Any]:
    """Return numbers, arbitrary where null; a view of the array's own memory."""
    if not len(array):
        return np.zeros(0, array.type.to_pandas_dtype())
    given = np.frombuffer(array.buffers()[1], array.type.to_pandas_dtype())
    return given[array.offset : array.offset + len(array)]


def bools(bits: Words | None, length: int) -> npt.NDArray[np.bool_]:
    """Return one Boolean a bit; all true for None."""
    if bits is None:
        return np.ones(length, np.bool_)
    return np.unpackbits(bits.view(np.uint8), count=length, bitorder="little").view(np.bool_)


def booleans(
    held: Words, settled: Words | None, readable: Words | None, length: int
) -> pa.BooleanArray:
    """Return Arrow Booleans over the same bits, null where one of the two others says no."""
    valid = settled if readable is None else readable
    if settled is not None and readable is not None:
        valid = settled & readable
    memory = [None if valid is None else pa.py_buffer(valid), pa.py_buffer(held)]
    return pa.Array.from_buffers(pa.bool_(), length, memory)


def _bits(array: _Array, place: int) -> Words:
    length, offset = len(array), array.offset
    if not length:
        return np.zeros(0, np.uint64)
    memory = np.frombuffer(array.buffers()[place], np.uint8)
    first, shift = divmod(offset, 8)
    part = memory[first : (offset + length + 7) // 8]
    if shift:
        flags = np.unpackbits(part, bitorder="little")[shift : shift + length]
        return packed(flags.view(np.bool_))
    return whole_words(part, length)
