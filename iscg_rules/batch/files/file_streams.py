"""From a file of situations to a file of results, a chunk at a time.

A row that is no situation never stops a run: it goes, by its number, its column and a code, to the
rejected rows. Nothing that is answered stands there, in a message or in what a run keeps aside.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, BinaryIO, Self

import numpy as np
import pyarrow as pa
import pyarrow.ipc

from iscg_rules.batch.columns.column_checks import AT
from iscg_rules.batch.files.cell_decoding import Refused
from iscg_rules.batch.files.numbered_rows import NumberedRows
from iscg_rules.batch.files.output_files import Writer
from iscg_rules.batch.whole_tables import check_batch, recommend_batch
from iscg_rules.engine import Engine

__all__ = ["Done", "Tally", "Work", "write_all"]

ROW = "row"
REJECTED_HEADER = b"row,column,code\n"


@dataclass(slots=True)
class Tally:
    """How many rows were read, written and set aside.

    `codes` counts the rows that earn each code; `causes` tells them apart by column too, as
    `A002 role`.
    """

    read: int = 0
    written: int = 0
    rejected: int = 0
    codes: Counter[str] = field(default_factory=Counter)
    causes: Counter[str] = field(default_factory=Counter)

    @classmethod
    def from_dict(cls, kept: Mapping[str, Any]) -> Self:
        """Read what `as_dict` gave."""
        counters = {name: Counter(kept[name]) for name in ("codes", "causes")}
        return cls(**{**kept, **counters})

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain values."""
        counts = {"read": self.read, "written": self.written, "rejected": self.rejected}
        return {**counts, "codes": dict(self.codes), "causes": dict(self.causes)}

    def add(self, done: "Done") -> None:
        """Count what came of one chunk."""
        # Nothing is lost: what was read was either written or set aside.
        set_aside = {number for number, _, _ in done.refused}
        assert done.read == done.table.num_rows + len(set_aside)
        self.read += done.read
        self.written += done.table.num_rows
        self.rejected += len(set_aside)
        self.codes.update(code for _, code in {(number, code) for number, _, code in done.refused})
        self.causes.update(f"{code} {column}".rstrip() for _, column, code in done.refused)


@dataclass(frozen=True, slots=True, repr=False)
class Done:
    """What came of one chunk: results by row, and what was refused by row number."""

    table: pa.Table
    refused: list[Refused]
    read: int

    def write(self, file: BinaryIO) -> None:
        """Write it as bytes that `from_bytes` reads."""
        notes = {"refused": json.dumps(self.refused), "read": str(self.read)}
        table = self.table.replace_schema_metadata(notes)
        # Not compressed: a run is slowed by that more than by the bytes on the disk.
        with pa.ipc.new_stream(file, table.schema) as writer:
            writer.write_table(table)

    @classmethod
    def from_bytes(cls, kept: memoryview) -> "Done":
        """Read what `write` wrote."""
        table = pa.ipc.open_stream(kept).read_all()
        notes = table.schema.metadata
        refused = [(row, column, code) for row, column, code in json.loads(notes[b"refused"])]
        return cls(table.replace_schema_metadata(None), refused, int(notes[b"read"]))


@dataclass(frozen=True, slots=True)
class Work:
    """What is done to each chunk: the engine, the moment of rows that give none, the limit.

    `threads` is how many work on one chunk, as many as there are cores when None.
    """

    engine: Engine
    at: date | None = None
    limit: int | None = None
    threads: int | None = None

    def schema_of(self, given: pa.Schema) -> pa.Schema:
        """Return the columns of the output.

        Raises:
            IscgError: every column that is none, or of the wrong type, at once.
        """
        return self._results(given.empty_table(), pa.array([], pa.int64())).schema

    def do(self, rows: NumberedRows) -> Done:
        """Recommend for the rows that can be read; note everything that is wrong with others."""
        numbers, refused = rows.numbers, list(rows.refused)
        table = self._timed(rows.table)
        results = self._results(table, pa.array(numbers))
        is_null = results.column("kinds").is_null().to_numpy()
        if is_null.any():
            unread = table.filter(pa.array(is_null))
            checked = check_batch(unread, engine=self.engine, threads=self.threads)
            problems = checked.problems.to_pydict()
            places = numbers[is_null][problems["row"]].tolist()
            names = [name or "" for name in problems["column"]]
            refused += zip(places, names, problems["code"], strict=True)
        if refused:
            is_bad = np.isin(numbers, [number for number, _, _ in refused])
            results = results.filter(pa.array(~is_bad))
        # All columns in the same pieces, as they are when they are read again: the bytes that are
        # written may depend on it.
        pieces = pa.Table.from_batches(results.to_batches(), results.schema)
        return Done(pieces, sorted(refused), rows.count)

    def _timed(self, table: pa.Table) -> pa.Table:
        """Return all rows; one without a moment of its own has that of the whole run."""
        if self.at is None or AT not in table.column_names:
            return table
        moments = table.column(AT)
        kind, moment = moments.type, self.at
        if isinstance(moment, datetime) and pa.types.is_timestamp(kind):
            word: date | str = moment if kind.tz else moment.replace(tzinfo=None)
        elif not isinstance(moment, datetime) and pa.types.is_date(kind):
            word = moment
        else:
            # Only as text do days and hours stand side by side.
            kind, word = pa.string(), moment.isoformat()
        filled = moments.cast(kind).fill_null(pa.scalar(word, kind))
        return table.set_column(table.column_names.index(AT), AT, filled)

    def _results(self, table: pa.Table, numbers: pa.Array) -> pa.Table:
        results = recommend_batch(
            table,
            engine=self.engine,
            at=self.at,
            limit=self.limit,
            threads=self.threads,
            on_error="null",
        )
        return results.add_column(0, pa.field(ROW, pa.int64(), nullable=False), numbers)


def write_all(done: Iterable[Done], output: Writer, rejected: BinaryIO) -> Tally:
    """Write what comes of each chunk, in order."""
    tally = Tally()
    rejected.write(REJECTED_HEADER)
    try:
        for block in done:
            tally.add(block)
            output.write(block.table)
            lines = [f"{number},{column},{code}\n" for number, column, code in block.refused]
            rejected.write("".join(lines).encode())
        output.close()
    except BaseException:
        output.abandon()
        raise
    return tally
