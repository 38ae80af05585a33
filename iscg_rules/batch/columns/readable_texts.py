"""Texts that are not in UTF-8: pyarrow lets them into any table, and fails when they are read."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import pyarrow as pa

__all__ = ["read_texts"]


def read_texts(column: pa.ChunkedArray) -> tuple[pa.ChunkedArray, npt.NDArray[np.intp]]:
    """Return a column whose texts can be read, and the rows, from 0, that are null since not."""
    try:
        # Words that are encoded stand apart from their rows.
        for words in _words_of(column):
            words.validate(full=True)
    except pa.ArrowInvalid:
        cells = [_decoded(cell) for cell in _as_bytes(column).to_pylist()]
    else:
        return column, np.zeros(0, np.intp)
    kind = pa.list_(pa.string()) if pa.types.is_nested(column.type) else pa.string()
    read = pa.chunked_array([pa.array([text for text, _ in cells], kind)])
    return read, np.flatnonzero([not is_read for _, is_read in cells])


def _words_of(column: pa.ChunkedArray) -> Iterator[pa.Array]:
    for chunk in column.chunks:
        yield chunk
        if pa.types.is_dictionary(chunk.type):
            yield chunk.dictionary


def _as_bytes(column: pa.ChunkedArray) -> pa.ChunkedArray:
    if pa.types.is_nested(column.type):
        return column.cast(pa.list_(pa.binary()))
    return column.cast(pa.string()).cast(pa.binary())


def _decoded(cell: bytes | list[bytes | None] | None) -> tuple[object, bool]:
    """Return the text of a cell, or of each in a list, and whether it can be read."""
    try:
        if isinstance(cell, list):
            return [word and word.decode() for word in cell], True
        return cell and cell.decode(), True
    except UnicodeDecodeError:
        return None, False
