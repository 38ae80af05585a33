"""Counts over chunks of rows: what is kept grows with the vocabulary, never with the rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from iscg_rules.batch.choice.clock import UNKNOWN
from iscg_rules.batch.columns.column_checks import Bound, bind_columns
from iscg_rules.batch.columns.given_tables import read_table
from iscg_rules.batch.columns.row_moments import read_moments
from iscg_rules.language.vocabulary import Vocabulary, variable_of

__all__ = [
    "ELSEWHERE",
    "NOT_SAID",
    "CountedAnswers",
    "Months",
    "Zones",
    "entries",
    "flags",
    "places",
    "together",
]

Flags = npt.NDArray[np.bool_]
Places = npt.NDArray[np.intp]
Counts = npt.NDArray[np.int64]

# Where the answer that a table counts is unknown, and where a commune lies in no zone.
NOT_SAID, ELSEWHERE = "not_said", "elsewhere"
_DAY = 86_400_000_000


def _words(column: pa.ChunkedArray) -> tuple[list[str | None], Places]:
    """Return the different words of a column, and each row's place among them; -1 for null."""
    encoded = column
    if not pa.types.is_dictionary(column.type):
        encoded = column.cast(pa.string()).dictionary_encode()
    coded = encoded.unify_dictionaries().combine_chunks()
    numbers = coded.indices.cast(pa.int64()).fill_null(-1).to_numpy(zero_copy_only=False)
    return coded.dictionary.to_pylist(), numbers.astype(np.intp)


def places(column: pa.ChunkedArray | None, names: Sequence[str], length: int) -> Places:
    """Return the place of each row's word among the names; one past the last where it has none."""
    if column is None or pa.types.is_null(column.type):
        return np.full(length, len(names), np.intp)
    words, numbers = _words(column)
    known = {name: place for place, name in enumerate(names)}
    table = [known.get(word or "", len(names)) for word in words]
    return np.array([*table, len(names)], np.intp)[numbers]


def flags(column: pa.ChunkedArray, names: Sequence[str]) -> Flags:
    """Return which names each row's list has: rows x names; null has none."""
    rows, named = entries(column, names)
    held = np.zeros((len(column), len(names) + 1), np.bool_)
    held[rows, named] = True
    return held[:, : len(names)]


def entries(column: pa.ChunkedArray, names: Sequence[str]) -> tuple[Places, Places]:
    """Return the row and the place among the names of each entry of a column of lists."""
    lengths = pc.list_value_length(column).fill_null(0).to_numpy()
    rows = np.repeat(np.arange(len(column)), lengths)
    return rows, places(pc.list_flatten(column), names, len(rows))


def together(some: Flags, others: Flags) -> Counts:
    """Count the rows that have one of some and one of others: some x others."""
    # Whole numbers below 2**24 are exact in this type, and a chunk has fewer rows.
    products = some.T.astype(np.float32) @ others.astype(np.float32)
    return products.astype(np.int64)


@dataclass(frozen=True)
class Zones:
    """Where rows live, no finer than a group of communes.

    The zone of a commune is the narrowest area of more than one commune that holds it and lies in
    the territory, else the area that the territory calls home.
    """

    ids: tuple[str, ...]
    labels: tuple[str, ...]
    of_commune: Mapping[str, int]

    @classmethod
    def of(cls, vocabulary: Vocabulary) -> "Zones":
        """Find the zones of a vocabulary's territory; none where it has no home."""
        homes = [vocabulary.areas[name] for name in vocabulary.home if name in vocabulary.areas]
        inside = {code for home in homes for code in home.communes}
        wide = [
            area
            for area in vocabulary.areas.values()
            if len(area.communes) > 1 and not area.departements and area.communes <= inside
        ]
        chosen = {
            code: min(
                (area for area in (*wide, *homes) if area.covers(code)),
                key=lambda area: (len(area.communes) == 1, area.size, area.id),
            )
            for code in sorted(inside)
        }
        zones = sorted({area.id: area for area in chosen.values()}.values(), key=lambda a: a.id)
        ids = tuple(area.id for area in zones)
        place = {name: number for number, name in enumerate(ids)}
        labels = tuple(area.label.fr for area in zones)
        return cls(ids, labels, {code: place[area.id] for code, area in chosen.items()})

    def read(self, column: pa.ChunkedArray | None, length: int) -> Places:
        """Return each row's zone; one past the last elsewhere, two where it is not said."""
        elsewhere, not_said = len(self.ids), len(self.ids) + 1
        if column is None or pa.types.is_null(column.type):
            return np.full(length, not_said, np.intp)
        words, numbers = _words(column)
        table = [
            not_said if word is None else self.of_commune.get(word, elsewhere) for word in words
        ]
        return np.array([*table, not_said], np.intp)[numbers]


@dataclass(frozen=True)
class CountedAnswers:
    """The answers that tables count, read from one chunk."""

    bound: Bound
    length: int
    vocabulary: Vocabulary

    @classmethod
    def read(cls, table: pa.Table, vocabulary: Vocabulary) -> "CountedAnswers":
        """Find the columns of a chunk."""
        return cls(bind_columns(read_table(table), vocabulary), table.num_rows, vocabulary)

    def one_of(self, attribute: str) -> Places:
        """Return the place of each row's answer; one past the last where it is unknown."""
        names = list(self.vocabulary.attributes[attribute].choices)
        column = self.bound.whole.get(attribute)
        if column is not None and pa.types.is_boolean(column.type):
            column = pc.if_else(column, "yes", "no")
        return places(column, names, self.length)

    def many_of(self, attribute: str) -> Flags:
        """Return which values each row is known to have."""
        names = [value.id for value in self.vocabulary.attributes[attribute].values]
        column = self.bound.whole.get(attribute)
        if column is not None and not pa.types.is_null(column.type):
            return flags(column, names)
        held = np.zeros((self.length, len(names)), np.bool_)
        for place, name in enumerate(names):
            _, part = self.bound.parts.get(variable_of(attribute, name), (None, None))
            if part is not None:
                held[:, place] = _is_yes(part)
        return held

    def zones(self, zones: Zones) -> Places:
        """Return each row's zone, as `Zones.read`."""
        attributes = self.vocabulary.attributes.values()
        names = [attribute.id for attribute in attributes if attribute.type == "commune"]
        return zones.read(self.bound.whole.get(names[0]) if names else None, self.length)


def _is_yes(column: pa.ChunkedArray) -> Flags:
    if pa.types.is_null(column.type):
        return np.zeros(len(column), np.bool_)
    if not pa.types.is_boolean(column.type):
        column = pc.equal(column.cast(pa.string()), "yes")
    answers: Flags = column.fill_null(False).to_numpy()  # noqa: FBT003 # Arrow has it so
    return answers


class Months:
    """The first and the last month of the moments given."""

    def __init__(self) -> None:
        self._first: int | None = None
        self._last: int | None = None

    def add(self, bound: Bound) -> None:
        """Take in the moments of a chunk."""
        if bound.moment is None:
            return
        times = read_moments(bound.moment).days
        known = times[times != UNKNOWN]
        if len(known):
            first, last = int(known.min()), int(known.max())
            self._first = first if self._first is None else min(self._first, first)
            self._last = last if self._last is None else max(self._last, last)

    @property
    def first(self) -> str | None:
        """Return the first month, as 2026-01."""
        return _month(self._first)

    @property
    def last(self) -> str | None:
        """Return the last month, as 2026-12."""
        return _month(self._last)


def _month(moment: int | None) -> str | None:
    if moment is None:
        return None
    # Already on the clocks of Paris: the zone here only keeps it as it is.
    return f"{datetime.fromtimestamp(moment // _DAY * 86_400, UTC):%Y-%m}"
