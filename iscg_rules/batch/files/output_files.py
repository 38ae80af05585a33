"""Results as rows of a file: Parquet, CSV, JSON Lines; a block of rows at a time.

Lists are written in CSV with `|` between their values; a value that is absent from a list, as a
partner where nobody serves, is an empty place between two `|`.
"""

import json
from collections.abc import Callable
from typing import BinaryIO, Protocol

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq

__all__ = ["BETWEEN", "WRITERS", "Writer"]

BETWEEN = "|"


class Writer(Protocol):
    """Writes blocks of rows of one schema, in order, to a file that is already open."""

    def __init__(self, file: BinaryIO, schema: pa.Schema, *, delimiter: str) -> None: ...

    def write(self, table: pa.Table) -> None:
        """Write one block."""

    def close(self) -> None:
        """Write what comes last; the file stays open."""

    def abandon(self) -> None:
        """Write nothing more: the run failed."""


class ParquetRows:
    """One row group a block."""

    def __init__(self, file: BinaryIO, schema: pa.Schema, *, delimiter: str) -> None:
        del delimiter
        words = [f"{field.name}.list.element" for field in schema if pa.types.is_list(field.type)]
        self._writer = pq.ParquetWriter(
            file,
            schema,
            compression="zstd",
            write_statistics=["row"],
            # Every number of a row would be a word of its own.
            use_dictionary=[*words, "left_out"],
            column_encoding={"row": "DELTA_BINARY_PACKED"},
        )

    def write(self, table: pa.Table) -> None:
        """Write one block."""
        if table.num_rows:
            self._writer.write_table(table, row_group_size=table.num_rows)

    def close(self) -> None:
        """Write what comes last; the file stays open."""
        self._writer.close()

    def abandon(self) -> None:
        """Write nothing more: the run failed."""
        # Else it would still be closed when it is forgotten, and complain on standard error.
        self._writer.is_open = False


class CsvRows:
    """One line a row, with the names first; no cell ever needs quotes."""

    def __init__(self, file: BinaryIO, schema: pa.Schema, *, delimiter: str) -> None:
        self._file = file
        self._options = pa.csv.WriteOptions(
            include_header=False, delimiter=delimiter, quoting_style="none"
        )
        file.write((delimiter.join(schema.names) + "\n").encode())

    def write(self, table: pa.Table) -> None:
        """Write one block."""
        columns = [_as_cells(table.column(name)) for name in table.column_names]
        plain = pa.table(dict(zip(table.column_names, columns, strict=True)))
        pa.csv.write_csv(plain, self._file, self._options)

    def close(self) -> None:
        """Write what comes last; the file stays open."""

    def abandon(self) -> None:
        """Write nothing more: the run failed."""


class JsonRows:
    """One JSON object a line."""

    def __init__(self, file: BinaryIO, schema: pa.Schema, *, delimiter: str) -> None:
        del schema, delimiter
        self._file = file

    def write(self, table: pa.Table) -> None:
        """Write one block."""
        if not table.num_rows:
            return
        parts: list[pa.ChunkedArray | str] = []
        for place, name in enumerate(table.column_names):
            parts += [f"{', ' if place else '{'}{json.dumps(name)}: ", _as_json(table.column(name))]
        lines = pc.binary_join_element_wise(*parts, "}\n", "")
        self._file.write("".join(lines.to_pylist()).encode())

    def close(self) -> None:
        """Write what comes last; the file stays open."""

    def abandon(self) -> None:
        """Write nothing more: the run failed."""


WRITERS: dict[str, type[Writer]] = {"csv": CsvRows, "jsonl": JsonRows, "parquet": ParquetRows}


def _as_cells(column: pa.ChunkedArray) -> pa.ChunkedArray:
    if not pa.types.is_list(column.type):
        return column
    joined = [pc.binary_join(_with_words(chunk, str, ""), BETWEEN) for chunk in column.chunks]
    return pa.chunked_array(joined, pa.string())


def _as_json(column: pa.ChunkedArray) -> pa.ChunkedArray:
    if not pa.types.is_list(column.type):
        return column.cast(pa.string())
    joined = [
        pc.binary_join_element_wise(
            "[", pc.binary_join(_with_words(chunk, _quoted, "null"), ", "), "]", ""
        )
        for chunk in column.chunks
    ]
    return pa.chunked_array(joined, pa.string())


def _quoted(word: str) -> str:
    return json.dumps(word, ensure_ascii=False)


def _with_words(lists: pa.ListArray, written: Callable[[str], str], absent: str) -> pa.ListArray:
    """Write each word of the lists another way; each different word is written once."""
    values = lists.values
    if not pa.types.is_dictionary(values.type):
        values = values.dictionary_encode()
    words = [*map(written, values.dictionary.to_pylist()), absent]
    places = values.indices.cast(pa.int32()).fill_null(len(words) - 1)
    return pa.ListArray.from_arrays(lists.offsets, pa.array(words, pa.string()).take(places))
