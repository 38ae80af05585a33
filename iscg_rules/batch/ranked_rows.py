"""Some rows of a table → what each leads to, in order."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from iscg_rules.batch.choice.opening_orders import TIMINGS
from iscg_rules.batch.choice.partners_by_scene import NOBODY, Scenes
from iscg_rules.batch.choice.row_places import PlaceCodes, RowPlaces
from iscg_rules.batch.circuit.answer_bits import AnswerSource, Codes
from iscg_rules.batch.circuit.rules_as_gates import RowLayout, Slot
from iscg_rules.batch.compiled_batch import BatchPlan, Shape
from iscg_rules.batch.packed_bits import WORD, Words, padded
from iscg_rules.batch.row_lists import BATCH, Lists, make_lists, to_arrow
from iscg_rules.language.vocabulary import STATION
from iscg_rules.model.scales import Strength, Urgency

__all__ = ["SCHEMA", "TableRows", "rank"]

_WORD = pa.dictionary(pa.int16(), pa.string())
_CLASS = pa.dictionary(pa.int8(), pa.string())
SCHEMA = pa.schema(
    [
        ("kinds", pa.list_(_WORD)),
        ("urgency", pa.list_(_CLASS)),
        ("strength", pa.list_(_CLASS)),
        ("partner", pa.list_(_WORD)),
        ("gaps", pa.list_(_WORD)),
        ("possible", pa.list_(_WORD)),
        ("excluded", pa.list_(_WORD)),
        ("fired", pa.list_(_WORD)),
        ("left_out", pa.int32()),
    ]
)


@dataclass(frozen=True)
class TableRows:
    """The rows of one table: what is known of them, and where and when each is.

    `clean` has the rows that can be read, None when all can.
    """

    sources: Mapping[str, AnswerSource]
    scenes: Scenes
    clean: npt.NDArray[np.bool_] | None
    clean_bits: Words | None


def rank(
    plan: BatchPlan, shape: Shape, rows: TableRows, part: slice, limit: int | None
) -> list[pa.RecordBatch]:
    """Return what some rows lead to, one row each, as `SCHEMA` says, a batch a `BATCH` of rows.

    Args:
        plan: the rules and partners.
        shape: the circuit for such columns.
        rows: the whole table.
        part: the rows asked for; the first is a multiple of `BATCH`.
        limit: how many orientations at most; what is now or must is never cut.
    """
    first, last = part.start, part.start + padded(part.stop - part.start)
    lines = np.empty((shape.program.width, (last - first) // WORD), np.uint64)
    shape.program.run(rows.sources, first, last, lines)
    if rows.clean_bits is not None:
        lines &= rows.clean_bits[first // WORD : last // WORD]
    batches = []
    for start in range(part.start, part.stop, BATCH):
        some = slice(start, min(start + BATCH, part.stop))
        words = slice((start - first) // WORD, (start - first + BATCH) // WORD)
        batches.append(_list(plan, shape, rows, some, lines[:, words], limit))
    return batches


def _list(
    plan: BatchPlan, shape: Shape, rows: TableRows, part: slice, lines: Words, limit: int | None
) -> pa.RecordBatch:
    length = part.stop - part.start
    layout, words = shape.layout, plan.words
    listed = (layout.certain, layout.possible, layout.excluded, layout.fired)
    *groups, accepting = np.split(lines, np.cumsum([len(nodes) for nodes in listed]))
    entries = _entries(layout)
    everything, possible, excluded, fired = (
        make_lists(group, places, length) for group, places in zip(groups, entries, strict=True)
    )
    # Whole words to index with: else each look-up would make its own.
    slots, owners = everything.entries.astype(np.intp), everything.rows()
    urgencies, strengths, kinds = (table.take(slots) for table in _classes(layout.certain))
    accepts = _accepted(shape, accepting, length)
    timings = np.minimum(urgencies, TIMINGS[-1])
    offers = kinds.astype(np.intp) * len(TIMINGS) + timings
    partners = _partners(plan, rows, part, offers, owners, accepts)
    nobody = partners == NOBODY
    is_gap = nobody & plan.needs_partner.take(kinds)
    gaps = Lists(everything.ends, kinds).keep(is_gap, owners)
    # A gap is told whatever the limit: only what is listed is cut.
    stays, left_out = _cut(everything, owners, layout.certain, limit)
    ends = everything.keep(stays, owners).ends
    kinds, urgencies, strengths = kinds[stays], urgencies[stays], strengths[stays]
    partners, nobody = partners[stays], nobody[stays]
    missing = None if rows.clean is None else ~rows.clean[part]
    say = partial(to_arrow, missing=missing)
    columns = [
        say(ends, kinds, words.kinds),
        say(ends, urgencies, words.urgencies),
        say(ends, strengths, words.strengths),
        say(ends, partners, words.partners, absent=nobody),
        say(gaps.ends, gaps.entries, words.kinds),
        say(possible.ends, possible.entries, words.kinds),
        say(excluded.ends, excluded.entries, words.kinds),
        say(fired.ends, fired.entries, words.rules),
        pa.array(left_out, pa.int32(), mask=missing),
    ]
    return pa.RecordBatch.from_arrays(columns, schema=SCHEMA)


_Pairs = tuple[tuple[Slot, int], ...]


def _classes(
    pairs: _Pairs,
) -> tuple[npt.NDArray[np.int8], npt.NDArray[np.int8], npt.NDArray[np.int16]]:
    """Return the urgency, the strength and the kind of each slot."""
    return (
        np.array([slot.urgency.place for slot, _ in pairs], np.int8),
        np.array([slot.strength.place for slot, _ in pairs], np.int8),
        _kinds(pairs),
    )


def _kinds(pairs: _Pairs) -> npt.NDArray[np.int16]:
    return np.array([slot.place for slot, _ in pairs], np.int16)


def _entries(layout: RowLayout) -> tuple[npt.NDArray[np.int16], ...]:
    """Say what stands for each line: a slot of what is certain, or else a kind or a rule."""
    slots = np.arange(len(layout.certain), dtype=np.int16)
    return slots, _kinds(layout.possible), _firsts(layout.excluded), _firsts(layout.fired)


def _firsts(pairs: tuple[tuple[int, int], ...]) -> npt.NDArray[np.int16]:
    return np.array([place for place, _ in pairs], np.int16)


def _cut(
    lists: Lists, owners: npt.NDArray[np.intp], pairs: _Pairs, limit: int | None
) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.int32]]:
    """Say which entries stay within a limit, cut from the end, never what is now or must."""
    counts = np.diff(lists.ends)
    if limit is None:
        return np.ones(len(lists.entries), np.bool_), np.zeros(len(counts), np.int32)
    surplus = np.maximum(counts - min(limit, np.iinfo(np.int32).max), 0)
    may_go = np.array(
        [s.urgency != Urgency.NOW and s.strength != Strength.MUST for s, _ in pairs], np.bool_
    )
    goes = may_go.take(lists.entries)
    before = np.zeros(len(goes) + 1, np.int64)
    np.cumsum(goes, out=before[1:])
    first, last = before[lists.ends[:-1]], before[lists.ends[1:]]
    # Of what may go, those after so many stay out: the last ones.
    staying = np.maximum(last - first - surplus, 0)
    goes &= before[:-1] >= (first + staying).take(owners)
    gone = np.bincount(owners[goes], minlength=len(counts))
    return ~goes, gone.astype(np.int32)


def _accepted(
    shape: Shape, lines: npt.NDArray[np.uint64], length: int
) -> dict[str, npt.NDArray[np.uint8]]:
    """Say of each choosy partner whether it accepts: 0 for no, 1 for unknown, 2 for yes."""
    accepting = {}
    for number, partner in enumerate(shape.layout.accepts):
        two = np.unpackbits(
            lines[2 * number : 2 * number + 2].view(np.uint8), axis=1, bitorder="little"
        )
        # must + may -> no: 0 + 0, unknown: 0 + 1, yes: 1 + 1
        accepting[partner] = two[0, :length] + two[1, :length]
    return accepting


def _partners(
    plan: BatchPlan,
    rows: TableRows,
    part: slice,
    offers: npt.NDArray[np.intp],
    owners: npt.NDArray[np.intp],
    accepting: Mapping[str, npt.NDArray[np.uint8]],
) -> npt.NDArray[np.int16]:
    """Return the partner of each entry, `NOBODY` where none serves.

    `offers` says of each what is needed and how soon: a kind's place, and one of `TIMINGS`.
    """
    length = part.stop - part.start
    where = _row_places(plan, rows, part)
    communes = {place: where.of(place) for place in set(plan.places)}
    present = np.flatnonzero(np.bincount(offers, minlength=1))
    lines = np.empty((len(present), length), np.int16)
    begins = np.zeros(len(plan.words.kinds) * len(TIMINGS), np.intp)
    for line, offer in enumerate(present.tolist()):
        begins[offer] = line * length
        kind, timing = divmod(offer, len(TIMINGS))
        near = communes[plan.places[kind]]
        lines[line] = rows.scenes.partners(kind, timing, part, near, accepting)
    return lines.reshape(-1).take(begins.take(offers) + owners)


def _row_places(plan: BatchPlan, rows: TableRows, part: slice) -> RowPlaces:
    numbers = plan.chooser.places

    def read(name: str, otherwise: int) -> PlaceCodes:
        source = rows.sources.get(name)
        if not isinstance(source, Codes):
            return otherwise
        # What is unknown is numbered beyond all classes.
        classes = numbers.classes(plan.domains[name], otherwise)
        return classes.take(source.codes[part], mode="clip")

    home = read(plan.vocabulary.commune, numbers.unknown)
    return RowPlaces(home, read(STATION, numbers.own), numbers.unknown)
