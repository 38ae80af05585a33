"""A table on its way through: its columns read, its rows checked, and what is asked of them."""

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache, partial
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from iscg_rules.batch.bits import WORD, packed, padded
from iscg_rules.batch.buffers import booleans
from iscg_rules.batch.circuits import Program
from iscg_rules.batch.clock import UNKNOWN, Pieces
from iscg_rules.batch.columns import bind_columns
from iscg_rules.batch.encoding import Encoded, Fault, encoding_tasks
from iscg_rules.batch.plan import DAYS, Plan
from iscg_rules.batch.ranking import SCHEMA, Rows, rank
from iscg_rules.batch.sources import Codes, Days, Source
from iscg_rules.batch.tables import read_table
from iscg_rules.batch.timing import local_time, read_times
from iscg_rules.engine import Engine
from iscg_rules.errors import IscgError, Problem
from iscg_rules.vocabulary import Vocabulary

__all__ = ["Batch", "Checked", "Run", "plan_of", "pool"]

# Rows worked on together: few enough for their bits to stay in the cache. The output depends on
# it only in how it is chunked, and never on the number of threads.
_PART = 1 << 15
# Without lists, fewer and longer parts are better, as long as the lines are not too many.
_LONG_PART, _MANY_LINES = 1 << 18, 200
_T = TypeVar("_T")


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


# The plan of an engine holds no row; callers that stream use the same one again and again.
@lru_cache(maxsize=4)
def plan_of(engine: Engine) -> Plan:
    """Give what all tables of an engine have in common."""
    return Plan(engine)


# Rows, the column's number and name, where it is one column's, and the code.
_Found = tuple[npt.NDArray[np.intp], int, str | None, str]
Run = Callable[[Iterable[Callable[[], _T]]], list[_T]]


@contextmanager
def pool(threads: int | None) -> Iterator[Run[Any]]:
    """Give what runs tasks, side by side where that is asked for, and their results in order."""
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

    def __init__(self, plan: Plan, given: object, at: datetime | None, run: Run[Encoded]) -> None:
        self._plan = plan
        table = read_table(given)
        bound = bind_columns(table, plan.vocabulary)
        self.numbers = bound.numbers
        self._length = table.length
        self._sources: dict[str, Source] = {}
        self._faults: list[Fault] = []
        for encoded in run(encoding_tasks(bound, plan.vocabulary, plan.domains, table.length)):
            self._sources |= encoded.sources
            self._faults += encoded.faults
        self._one_day = bound.moment is None
        self._day = at.date() if at else None
        if bound.moment is None:
            pieces = plan.clock.cut(np.array([local_time(at)]))
            self._pieces = replace(pieces, of_rows=np.broadcast_to(pieces.of_rows, (table.length,)))
        else:
            times, faults = read_times(bound.moment)
            self._faults += faults
            self._pieces = plan.clock.cut(times)
            self._sources[DAYS] = _days(times)
        self._sources |= _slots(self._pieces, plan.vocabulary)
        self._shape = plan.shape(self._sources, self._day, one_day=self._one_day)

    def checked(self, run: Run[npt.NDArray[np.bool_]]) -> Checked:
        """Tell which rows can be read."""
        clean = np.ones(self._length, np.bool_)
        for fault in self._faults:
            clean[fault.rows] = False
        found: list[_Found] = [
            (fault.rows, self.numbers[fault.column], fault.column, fault.code)
            for fault in self._faults
        ]
        refusing = self._shape.refusing
        if refusing is not None:
            refused = np.concatenate([np.zeros(0, np.bool_), *run(self._refusals(refusing))])
            rows = np.flatnonzero(refused & clean)
            clean[rows] = False
            found.append((rows, 0, None, "A005"))
        return Checked(pa.array(clean), _problem_table(found))

    def _refusals(self, refusing: Program) -> Iterator[Callable[[], npt.NDArray[np.bool_]]]:
        def refused(part: slice) -> npt.NDArray[np.bool_]:
            length = part.stop - part.start
            lines = refusing.run(self._sources, part.start, part.start + padded(length))
            bits = np.unpackbits(lines[0].view(np.uint8), bitorder="little")[:length]
            return bits.view(np.bool_)

        for part in self._parts(_PART):
            yield partial(refused, part)

    def recommend(self, checked: Checked, limit: int | None, run: Run[pa.RecordBatch]) -> pa.Table:
        """Give what each row leads to; all null where the row cannot be read."""
        clean: npt.NDArray[np.bool_] = checked.clean.to_numpy(zero_copy_only=False)
        is_clean = bool(clean.all())
        rows = Rows(
            self._sources,
            self._plan.chooser.scenes(self._pieces),
            None if is_clean else clean,
            None if is_clean else packed(clean),
        )
        tasks = (partial(rank, self._plan, self._shape, rows, p, limit) for p in self._parts(_PART))
        return pa.Table.from_batches(run(tasks), schema=SCHEMA)

    def match(self, checked: Checked, run: Run[object]) -> pa.Table:
        """Give, for each rule, where it holds, null where it is open or the row cannot be read."""
        matching = self._plan.matching(self._sources, self._day, one_day=self._one_day)
        program = matching.program
        lines = np.empty((program.width, padded(self._length) // WORD), np.uint64)
        size = _LONG_PART if program.width < _MANY_LINES else _LONG_PART // 4

        def fill(part: slice) -> None:
            stop = part.start + padded(part.stop - part.start)
            out = lines[:, part.start // WORD : stop // WORD]
            program.run(self._sources, part.start, stop, out)

        run(partial(fill, part) for part in self._parts(size))
        clean: npt.NDArray[np.bool_] = checked.clean.to_numpy(zero_copy_only=False)
        readable = None if clean.all() else packed(clean)
        rules = list(self._plan.engine.rule_set.rules)
        columns = [
            booleans(lines[place], None if line is None else lines[line], readable, self._length)
            for place, line in enumerate(matching.settled)
        ]
        return pa.Table.from_arrays(columns, names=rules)

    def _parts(self, size: int) -> Iterator[slice]:
        for start in range(0, self._length, size):
            yield slice(start, min(start + size, self._length))


def _days(times: npt.NDArray[np.int64]) -> Days:
    unknown = np.ones(padded(len(times)), np.bool_)
    unknown[: len(times)] = times == UNKNOWN
    days = np.zeros(padded(len(times)), np.int64)
    days[: len(times)] = times // 86_400_000_000
    return Days(days, unknown)


def _slots(pieces: Pieces, vocabulary: Vocabulary) -> dict[str, Source]:
    """Give what is drawn from the moment as answers, as if it had been asked."""
    found: dict[str, Source] = {}
    length = len(pieces.of_rows)
    for attribute in vocabulary.attributes.values():
        if not attribute.derived:
            continue
        name = attribute.id
        places = np.concatenate([np.array(m.slots[name], np.int16) for m in pieces.months])
        codes = np.zeros(padded(length), np.int16)
        codes[:length] = places.take(pieces.of_rows)
        known = codes[:length] >= 0
        sure = None if known.all() else packed(known)
        found[name] = Codes(codes, tuple(range(len(attribute.values))), sure)
    return found


def _problem_table(found: list[_Found]) -> pa.Table:
    rows = np.concatenate([np.zeros(0, np.intp), *(rows for rows, *_ in found)])
    sizes = [len(rows) for rows, *_ in found]
    numbers = np.repeat(np.array([number for _, number, *_ in found], np.intp), sizes)
    order = np.lexsort((numbers, rows))
    names = np.repeat(np.array([name for *_, name, _ in found], object), sizes)
    codes = np.repeat(np.array([code for *_, code in found], object), sizes)
    return pa.table(
        {
            "row": pa.array(rows[order], pa.int64()),
            "column": pa.array(names[order], pa.string()),
            "code": pa.array(codes[order], pa.string()),
        }
    )
