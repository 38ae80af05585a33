"""A table on its way through: its columns read, its rows checked, and what is asked of them."""

import json
import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import date
from functools import cached_property, lru_cache, partial
from itertools import chain
from typing import Any, Final, TypeVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from iscg_rules.batch.choice.clock import UNKNOWN, MonthPieces
from iscg_rules.batch.circuit.answer_bits import AnswerSource, Codes, Days
from iscg_rules.batch.circuit.program import Program
from iscg_rules.batch.columns.answer_encoding import Encoded, Fault, encode
from iscg_rules.batch.columns.arrow_buffers import booleans, bools, raw_bits
from iscg_rules.batch.columns.column_checks import bind_columns
from iscg_rules.batch.columns.given_tables import read_table
from iscg_rules.batch.columns.row_moments import day_and_time, read_moments
from iscg_rules.batch.compiled_batch import DAYS, BatchPlan, Shape
from iscg_rules.batch.packed_bits import WORD, Words, packed, padded
from iscg_rules.batch.ranked_rows import SCHEMA, TableRows, rank
from iscg_rules.engine import Engine
from iscg_rules.errors import IscgError, Problem
from iscg_rules.language.moments import day_of
from iscg_rules.language.vocabulary import Vocabulary

__all__ = ["Batch", "Checked", "RunTasks", "plan_of", "pool"]

# Rows worked on together: so many that calling NumPy costs little beside the work, and so few that
# their bits stay in the cache. No output depends on it, nor on the number of threads.
_PART = 1 << 18
_T = TypeVar("_T")
# Under this name stands `Engine.identity` in the metadata of a table, as JSON.
IDENTITY = "iscg_rules.identity"


@dataclass(frozen=True)
class Checked:
    """Which rows can be read, and what is wrong with the others; never an answer.

    Attributes:
        clean: one Boolean a row.
        problems: `row`, from 0; `column`, null where the whole row is meant; `code`. By row, then
            by the column's place in the table.
    """

    clean: pa.BooleanArray
    problems: pa.Table

    def __repr__(self) -> str:
        return f"<Checked: {len(self.clean)} rows, {len(self.problems)} problems>"


def plan_of(engine: Engine) -> BatchPlan:
    """Return what all tables of an engine have in common.

    Raises:
        IscgError: A011 for what is no engine.
    """
    given: object = engine
    if not isinstance(given, Engine):
        raise IscgError([Problem("A011", "ce n'est pas un moteur", help="`engine` : un `Engine`")])
    return _kept_plan(given)


# The plan of an engine holds no row; callers that stream use the same one again and again.
@lru_cache(maxsize=4)
def _kept_plan(engine: Engine) -> BatchPlan:
    return BatchPlan(engine)


# Rows, the column's number and name, where it is one column's, and the code.
_Misread = tuple[npt.NDArray[np.intp], int, str | None, str]
RunTasks = Callable[[Iterable[Callable[[], _T]]], list[_T]]


@contextmanager
def pool(threads: int | None) -> Iterator[RunTasks[Any]]:
    """Yield what runs tasks, side by side where asked for, and gives their results in order."""
    if threads is not None and (type(threads) is not int or threads < 1):
        raise IscgError([Problem("A011", "option hors limites", help="`threads` : 1 ou plus")])
    count = len(os.sched_getaffinity(0)) if threads is None else threads
    if count == 1:
        yield lambda tasks: [task() for task in tasks]
        return
    with ThreadPoolExecutor(count) as workers:
        yield lambda tasks: list(workers.map(lambda task: task(), tasks))


class Batch:
    """One table on its way through: read, then checked, then ranked."""

    def __init__(
        self, plan: BatchPlan, given: object, at: date | None, run: RunTasks[Encoded]
    ) -> None:
        self._plan = plan
        table = read_table(given)
        bound = bind_columns(table, plan.vocabulary)
        self.numbers: Final = bound.numbers
        self._length = table.length
        self._sources: dict[str, AnswerSource] = {}
        self._faults = [Fault(rows, name, "B023") for name, rows in bound.unread.items()]
        for encoded in encode(bound, plan.vocabulary, plan.domains, table.length, run):
            self._sources |= encoded.sources
            self._faults += encoded.faults
        self._one_day = bound.moment is None
        self._day = day_of(at)
        if bound.moment is None:
            pieces = plan.clock.cut(*(np.array([time]) for time in day_and_time(at)))
            self._pieces = replace(pieces, of_rows=np.broadcast_to(pieces.of_rows, (table.length,)))
        else:
            moments = read_moments(bound.moment)
            self._faults += moments.faults
            self._pieces = plan.clock.cut(moments.days, moments.times)
            self._sources[DAYS] = _days(moments.days)
        self._sources |= _slots(self._pieces, plan.vocabulary)

    @cached_property
    def _shape(self) -> Shape:
        return self._plan.shape(self._sources, self._day, one_day=self._one_day)

    def checked(self) -> Checked:
        """Return which rows can be read, and what is wrong with the others."""
        clean = np.ones(self._length, np.bool_)
        for fault in self._faults:
            clean[fault.rows] = False
        misread: list[_Misread] = [
            (fault.rows, self.numbers[fault.column], fault.column, fault.code)
            for fault in self._faults
        ]
        bits = packed(clean)
        refusing = self._plan.refusing(self._sources)
        if refusing is not None:
            refused = self._work_out(refusing)[0]
            rows = np.flatnonzero(bools(refused & bits, self._length))
            bits &= ~refused
            misread.append((rows, 0, None, "A005"))
        return Checked(booleans(bits, None, None, self._length), _problem_table(misread))

    def recommend(
        self, checked: Checked, limit: int | None, run: RunTasks[list[pa.RecordBatch]]
    ) -> pa.Table:
        """Return what each row leads to; all null where the row cannot be read."""
        bits = self._readable(checked)
        clean = None if bits is None else bools(bits, self._length)
        rows = TableRows(self._sources, self._plan.chooser.scenes(self._pieces), clean, bits)
        tasks = [
            partial(rank, self._plan, self._shape, rows, part, limit) for part in self._parts()
        ]
        results = pa.Table.from_batches(chain.from_iterable(run(tasks)), schema=SCHEMA)
        # Whatever is written of it says which rules gave it, and so does a Parquet file.
        identity = json.dumps(asdict(self._plan.engine.identity))
        return results.replace_schema_metadata({IDENTITY: identity})

    def match(self, checked: Checked) -> pa.Table:
        """Return where each rule holds; null where it is open or the row cannot be read."""
        matching = self._plan.matching(self._sources, self._day, one_day=self._one_day)
        lines = self._work_out(matching.program)
        readable = self._readable(checked)
        rules = list(self._plan.engine.rule_set.rules)
        columns = [
            booleans(lines[place], None if line is None else lines[line], readable, self._length)
            for place, line in enumerate(matching.settled)
        ]
        return pa.Table.from_arrays(columns, names=rules)

    def _readable(self, checked: Checked) -> Words | None:
        return None if checked.clean.true_count == self._length else raw_bits(checked.clean)

    def _work_out(self, program: Program) -> Words:
        """Return one line of bits for each output, over all rows.

        In one thread: two would mostly wait for one another, since NumPy lets go of the
        interpreter at every call and these are short.
        """
        lines = np.empty((program.width, padded(self._length) // WORD), np.uint64)
        for part in self._parts():
            stop = part.start + padded(part.stop - part.start)
            out = lines[:, part.start // WORD : stop // WORD]
            program.run(self._sources, part.start, stop, out)
        return lines

    def _parts(self) -> Iterator[slice]:
        for start in range(0, self._length, _PART):
            yield slice(start, min(start + _PART, self._length))


def _days(times: npt.NDArray[np.int64]) -> Days:
    unknown = np.ones(padded(len(times)), np.bool_)
    unknown[: len(times)] = times == UNKNOWN
    days = np.zeros(padded(len(times)), np.int64)
    days[: len(times)] = times // 86_400_000_000
    return Days(days, unknown)


def _slots(pieces: MonthPieces, vocabulary: Vocabulary) -> dict[str, AnswerSource]:
    """Return what is drawn from the moment as answers, as if it had been asked."""
    sources: dict[str, AnswerSource] = {}
    for attribute in vocabulary.attributes.values():
        if not attribute.derived:
            continue
        name = attribute.id
        places = np.concatenate([np.array(m.slots[name], np.int16) for m in pieces.months])
        codes = places.take(pieces.of_rows)
        known = codes >= 0
        sources[name] = Codes(codes, None if known.all() else packed(known))
    return sources


def _problem_table(misread: list[_Misread]) -> pa.Table:
    rows = np.concatenate([np.zeros(0, np.intp), *(rows for rows, *_ in misread)])
    sizes = [len(rows) for rows, *_ in misread]
    numbers = np.repeat(np.array([number for _, number, *_ in misread], np.intp), sizes)
    order = np.lexsort((numbers, rows))
    names = np.repeat(np.array([name for *_, name, _ in misread], object), sizes)
    codes = np.repeat(np.array([code for *_, code in misread], object), sizes)
    return pa.table(
        {
            "row": pa.array(rows[order], pa.int64()),
            "column": pa.array(names[order], pa.string()),
            "code": pa.array(codes[order], pa.string()),
        }
    )
