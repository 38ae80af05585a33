"""Tables of situations in files: CSV, JSON Lines, Parquet; a chunk of rows at a time.

Cutting a file into chunks is cheap and says nothing about the rows; reading a chunk comes after,
and is left out for the chunks of a run that goes on.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import BinaryIO, Protocol

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from iscg_rules.batch.columns.column_checks import AT
from iscg_rules.batch.files.csv_reader import CsvFile
from iscg_rules.batch.files.jsonl_reader import JsonFile
from iscg_rules.batch.files.numbered_rows import NumberedRows
from iscg_rules.errors import IscgError, Problem
from iscg_rules.language.vocabulary import Vocabulary

__all__ = ["READERS", "Chunk", "RowReader"]

_BUFFER, _WORDS = 1 << 20, "BYTE_ARRAY"


class Chunk(Protocol):
    """Some rows of a file, not read yet."""

    @property
    def size(self) -> int:
        """Return its size in the unit of the reader's `total`."""

    def read(self) -> NumberedRows:
        """Read the rows."""


class RowReader(Protocol):
    """A file, open, with the columns that it says it has; JSON Lines say nothing beforehand."""

    schema: pa.Schema
    total: int | None
    unit: str
    delimiter: str

    def chunks(self, count: int) -> Iterator[Chunk]:
        """Cut the file into chunks of so many rows, in order."""


class ParquetFile:
    """Columns that already have types."""

    unit = " lignes"
    delimiter = ","

    def __init__(self, file: BinaryIO, vocabulary: Vocabulary, total: int | None) -> None:
        del vocabulary, total
        try:
            seen = pq.ParquetFile(file)
            # Words that stay encoded are neither copied nor compared row by row; pyarrow cannot
            # do so within lists. Moments are mostly all different.
            words = [
                column.path
                for column in seen.schema
                if column.physical_type == _WORDS and "." not in column.path and column.path != AT
            ]
            self._file = pq.ParquetFile(
                file, metadata=seen.metadata, read_dictionary=words, buffer_size=_BUFFER
            )
        except (pa.ArrowInvalid, OSError) as error:
            raise IscgError([_damaged()]) from error
        self.total: int | None = self._file.metadata.num_rows
        self.schema: pa.Schema = self._file.schema_arrow

    def chunks(self, count: int) -> Iterator[Chunk]:
        """Cut the file into chunks of so many rows, in order, however it is cut itself."""
        first, size = 1, 0
        gathered: list[pa.RecordBatch] = []
        for batch in self._batches(count):
            rest = batch
            while size + len(rest) >= count:
                gathered.append(rest.slice(0, count - size))
                rest = rest.slice(count - size)
                yield _ParquetChunk(pa.Table.from_batches(gathered), first)
                first, size, gathered = first + count, 0, []
            if len(rest):
                gathered.append(rest)
                size += len(rest)
        if gathered:
            yield _ParquetChunk(pa.Table.from_batches(gathered), first)

    def _batches(self, count: int) -> Iterator[pa.RecordBatch]:
        try:
            # The threads of Arrow cost more than they save beside those of the engine.
            yield from self._file.iter_batches(batch_size=count, use_threads=False)
        except (pa.ArrowException, OSError) as error:
            raise IscgError([_damaged()]) from error


@dataclass(frozen=True, slots=True, repr=False)
class _ParquetChunk:
    table: pa.Table
    first: int

    @property
    def size(self) -> int:
        return len(self.table)

    def read(self) -> NumberedRows:
        count = self.table.num_rows
        return NumberedRows(self.table, np.arange(self.first, self.first + count), [], count)


def _damaged() -> Problem:
    text = "l'entrée n'est pas un fichier Parquet entier : elle est tronquée ou abîmée"
    return Problem("B011", text, help="copiez le fichier de nouveau, ou refaites-le")


READERS: Mapping[str, Callable[[BinaryIO, Vocabulary, int | None], RowReader]] = MappingProxyType(
    {"csv": CsvFile, "jsonl": JsonFile, "parquet": ParquetFile}
)
