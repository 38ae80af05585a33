"""Synthetic situations: the same ones for the same seed, vocabulary and version, on every machine.

Only whole numbers are drawn, from the bits of PCG64, which NumPy promises never to change (NEP 19);
what its `Generator` makes of them may change, so it is not used. Rows come in blocks, each with a
stream of its own, so that the first rows of a large sample are those of a small one.
"""

from calendar import isleap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from iscg_rules.batch.columns.column_checks import AT
from iscg_rules.batch.whole_tables import check_batch
from iscg_rules.engine import Engine
from iscg_rules.errors import IscgError, Problem
from iscg_rules.language.vocabulary import Attribute, Vocabulary
from iscg_rules.reports.samples.shares import (
    ABOUT_VIOLENCE,
    COMMON,
    CORE,
    CORE_UNKNOWN,
    HOURS,
    OTHER_UNKNOWN,
    SITUATIONS,
    THEMES,
    AnswerShares,
    Theme,
)

__all__ = ["YEAR", "sample", "sample_schema"]

YEAR = 2025
_BLOCK = 1 << 14
# An impossible situation is drawn anew so many times; then all of its answers are unknown.
_TRIES = 8
_MOST_SEED = 2**64
_WHOLE = 1_000
_Drawn = npt.NDArray[np.int64]
_Mask = npt.NDArray[np.bool_]
_FIRST_YEAR, _LAST_YEAR = 1900, 2200


def sample_schema(vocabulary: Vocabulary) -> pa.Schema:
    """Return the columns of a sample: every question that is asked, then the moment."""
    asked = [question for question in vocabulary.attributes.values() if question.is_asked]
    return pa.schema(
        [*((question.id, _type_of(question)) for question in asked), (AT, pa.string())]
    )


def _type_of(attribute: Attribute) -> pa.DataType:
    types = {"many_of": pa.list_(pa.string()), "yes_no": pa.bool_(), "number": pa.float64()}
    return types.get(attribute.type, pa.string())


def sample(count: int, *, seed: int, engine: Engine, year: int = YEAR) -> Iterator[pa.Table]:
    """Draw situations, none of them anybody's, block after block.

    Args:
        count: how many in all.
        seed: from 0 up to 2**64 - 1.
        engine: its vocabulary is what is answered, in the communes of its territory; what it
            refuses as impossible is never drawn.
        year: of the moments.

    Raises:
        IscgError: A011 for a number out of bounds.
    """
    is_sound = count >= 0 and 0 <= seed < _MOST_SEED and _FIRST_YEAR <= year <= _LAST_YEAR
    if not is_sound:
        aid = f"un nombre de lignes à partir de 0, une graine à partir de 0, une année comme {YEAR}"
        raise IscgError([Problem("A011", "nombre hors limites", help=aid)])
    return _blocks(count, seed, engine, year)


def _blocks(count: int, seed: int, engine: Engine, year: int) -> Iterator[pa.Table]:
    vocabulary = engine.rule_set.vocabulary
    for number, start in enumerate(range(0, count, _BLOCK)):
        table = _Block(vocabulary, (seed, number, 0), year).table()
        for again in range(1, _TRIES + 1):
            is_sound = _is_possible(table, engine)
            if is_sound.all():
                break
            other = _Block(vocabulary, (seed, number, again), year).table()
            table = _mixed(table, other, is_sound)
        table = _forget(table, _is_possible(table, engine))
        yield table.slice(0, min(_BLOCK, count - start))


def _is_possible(table: pa.Table, engine: Engine) -> _Mask:
    possible: _Mask = check_batch(table, engine=engine).clean.to_numpy(zero_copy_only=False)
    return possible


def _mixed(table: pa.Table, other: pa.Table, is_kept: _Mask) -> pa.Table:
    size = len(is_kept)
    places = np.where(is_kept, np.arange(size), np.arange(size, 2 * size))
    return pa.concat_tables([table, other]).take(pa.array(places)).combine_chunks()


def _forget(table: pa.Table, is_sound: _Mask) -> pa.Table:
    """Leave everything unknown but the moment in the rows that still cannot be."""
    if is_sound.all():
        return table
    rows = pa.array(np.arange(len(is_sound)), mask=~is_sound)
    asked = [name for name in table.column_names if name != AT]
    columns = {name: table.column(name).take(rows) for name in asked}
    return pa.table({**columns, AT: table.column(AT)}, table.schema)


@dataclass(frozen=True)
class _RandomNumbers:
    """Whole numbers from a stream of bits."""

    bits: np.random.PCG64

    def below(self, most: int) -> _Drawn:
        """Draw a number below a bound for each row of a block."""
        raw = self.bits.random_raw(_BLOCK) >> np.uint64(32)
        drawn = (raw * np.uint64(most)) >> np.uint64(32)
        return drawn.astype(np.int64)


class _Block:
    """One block of rows, drawn question after question."""

    def __init__(self, vocabulary: Vocabulary, key: Sequence[int], year: int) -> None:
        self._vocabulary = vocabulary
        self._numbers = _RandomNumbers(np.random.PCG64(np.random.SeedSequence(list(key))))
        self._year = year
        self._themes = self._pick([theme.weight for theme in THEMES])
        self._is_quiet = np.zeros(_BLOCK, np.bool_)
        self._drawn: dict[str, _Drawn | _Mask] = {}

    def table(self) -> pa.Table:
        asked = [question for question in self._vocabulary.attributes.values() if question.is_asked]
        for attribute in asked:
            self._drawn[attribute.id] = self._draw(attribute)
        self._agree()
        columns = {attribute.id: self._column(attribute) for attribute in asked}
        return pa.table({**columns, AT: self._moments()}, sample_schema(self._vocabulary))

    def _pick(self, weights: Sequence[int]) -> _Drawn:
        ends = np.cumsum(np.array(weights, np.int64))
        return np.searchsorted(ends, self._numbers.below(int(ends[-1])), side="right")

    def _draw(self, attribute: Attribute) -> _Drawn | _Mask:
        if attribute.type == "many_of":
            return self._many(attribute)
        if attribute.type == "number":
            low, high = int(attribute.min or 0), int(attribute.max or 100)
            return self._numbers.below(high - low + 1) + low
        if attribute.type == "commune":
            return self._numbers.below(max(1, len(self._vocabulary.home_names)))
        names = list(attribute.choices)
        tables = np.array([_weights(theme.answers, attribute.id, names) for theme in THEMES])
        ends = np.cumsum(tables, axis=1)
        totals = ends[:, -1][self._themes]
        # The totals differ between themes: one draw, then each row's own bound.
        drawn = self._numbers.below(1 << 31) * totals >> 31
        themes: _Drawn = (ends[self._themes] <= drawn[:, None]).sum(axis=1)
        return themes

    def _many(self, attribute: Attribute) -> _Mask:
        names = [value.id for value in attribute.values]
        held = np.zeros((_BLOCK, len(names)), np.bool_)
        for place, name in enumerate(names):
            rates = np.array([_rate(theme, attribute.id, name) for theme in THEMES])
            held[:, place] = self._numbers.below(_WHOLE) < rates[self._themes]
        return held

    def _agree(self) -> None:
        """Make answers agree where one decides another; what a vocabulary lacks is passed over."""
        drawn, names = self._drawn, self._vocabulary.attributes

        def is_answer(attribute: str, *answers: str) -> _Mask:
            if attribute not in drawn:
                return np.zeros(_BLOCK, np.bool_)
            choices = list(names[attribute].choices)
            return np.isin(drawn[attribute], [choices.index(a) for a in answers if a in choices])

        def give(attribute: str, answer: str, rows: _Mask) -> None:
            choices = list(names[attribute].choices) if attribute in drawn else []
            if answer in choices:
                drawn[attribute][rows] = choices.index(answer)

        if "minors" in drawn and names["minors"].type == "many_of":
            has_none: _Mask = np.logical_not(drawn["minors"].max(axis=1))
            give("minors_exposure", "none", has_none)
        alone = is_answer("role", "minor_self")
        give("age_band", "15_17", alone & ~is_answer("age_band", "under_15", "15_17"))
        give("pregnancy_or_infant", "no", ~is_answer("gender", "woman"))
        apart = is_answer("separation", "recent", "older", "separated")
        give("separation", "older", is_answer("author_relationship", "ex_partner") & ~apart)
        self._is_quiet = is_answer("violence_context", "none")
        if "violence_forms" in drawn:
            drawn["violence_forms"][self._is_quiet] = False

    def _column(self, attribute: Attribute) -> pa.Array:
        rate = CORE_UNKNOWN if attribute.id in CORE else OTHER_UNKNOWN
        is_unknown = self._numbers.below(_WHOLE) < rate
        if attribute.id in ABOUT_VIOLENCE:
            is_unknown |= self._is_quiet
        drawn = self._drawn[attribute.id]
        if attribute.type == "many_of":
            words = pa.array([value.id for value in attribute.values])
            ends = np.concatenate(([0], np.cumsum(drawn.sum(axis=1)))).astype(np.int32)
            entries = words.take(pa.array(np.nonzero(drawn)[1]))
            return pa.ListArray.from_arrays(pa.array(ends), entries, mask=pa.array(is_unknown))
        if attribute.type == "number":
            return pa.array(drawn.astype(np.float64), mask=is_unknown)
        if attribute.type == "yes_no":
            return pa.array(drawn == list(attribute.choices).index("yes"), mask=is_unknown)
        homes = sorted(self._vocabulary.home_names)
        words = homes if attribute.type == "commune" else list(attribute.choices)
        if not words:
            return pa.nulls(_BLOCK, pa.string())
        return pa.array(words, pa.string()).take(pa.array(drawn, mask=is_unknown))

    def _moments(self) -> pa.Array:
        """Spread moments over the days of a year; the time is that of Paris."""
        start = np.datetime64(f"{self._year}-01-01", "D")
        days = 366 if isleap(self._year) else 365
        hours = np.array([hour for hour, _ in HOURS])[self._pick([weight for _, weight in HOURS])]
        minutes = (self._numbers.below(days) * 24 + hours) * 60 + self._numbers.below(12) * 5
        moments = start.astype("datetime64[m]") + minutes
        return pa.array(np.datetime_as_string(moments, unit="m").tolist(), pa.string())


def _weights(
    answers: Mapping[str, AnswerShares], attribute: str, names: Sequence[str]
) -> list[int]:
    """Return a weight to each answer; an even one where nothing is said of any."""
    share = answers.get(attribute) or COMMON.get(attribute)
    weights = [share.weights.get(name, 0) for name in names] if share else []
    return weights if any(weights) else [1] * len(names)


def _rate(theme: Theme, attribute: str, name: str) -> int:
    """Return how often one value of several is met, in thousandths."""
    if attribute in SITUATIONS:
        return _WHOLE if name == theme.brings else theme.met.get(name, 0)
    share = theme.answers.get(attribute) or COMMON.get(attribute)
    return share.weights.get(name, 0) if share else _WHOLE // 10
