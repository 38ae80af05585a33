"""Columns → sources: each distinct word is checked once, by the checks of a single situation."""

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from iscg_rules.batch.circuit.answer_bits import YES_NO, AnswerSource, Bits, Codes, Numbers
from iscg_rules.batch.columns.arrow_buffers import (
    bools,
    in_one_piece,
    known_bits,
    raw_bits,
    raw_numbers,
)
from iscg_rules.batch.columns.column_checks import Bound
from iscg_rules.batch.packed_bits import WORD, Words, packed, padded
from iscg_rules.language.answer_checks import check_answers
from iscg_rules.language.answer_classes import Domain
from iscg_rules.language.situations import AnswerValue
from iscg_rules.language.vocabulary import Attribute, Vocabulary, variable_of

__all__ = ["Encoded", "Fault", "Spelled", "encode", "spelled"]

# What one byte holds, but for its highest number.
_MOST_NUMBERS = 255
_PART = 1 << 14
RowNumbers = npt.NDArray[np.intp]


class Fault(NamedTuple):
    """Cells that cannot be read: their rows, from 0, the column and the code of the problem."""

    rows: RowNumbers
    column: str
    code: str


class Encoded(NamedTuple):
    """What a column says of its variables, and the cells that say nothing since they are wrong."""

    sources: dict[str, AnswerSource]
    faults: list[Fault]


def encode(
    bound: Bound,
    vocabulary: Vocabulary,
    domains: dict[str, Domain],
    length: int,
    run: Callable[[Iterable[Callable[[], Encoded]]], list[Encoded]],
) -> list[Encoded]:
    """Encode every column; `run` does what it is given side by side, and gives it in order."""
    encoder = _Encoder(vocabulary, domains, length)
    attributes = vocabulary.attributes
    works = [
        *((c, partial(encoder.whole, attributes[name], c)) for name, c in bound.whole.items()),
        *((c, partial(encoder.yes_no, name, c)) for name, (_, c) in bound.parts.items()),
    ]
    # Threads would lose more time in waiting for one another than these take.
    short = [work() for column, work in works if _is_encoded(column.type)]
    return short + run(work for column, work in works if not _is_encoded(column.type))


def _is_encoded(kind: Any) -> bool:  # noqa: ANN401 # pyarrow ships no types
    return bool(pa.types.is_dictionary(kind) or pa.types.is_boolean(kind))


class Spelled(NamedTuple):
    """A column of words: the distinct ones, of each row its word's place, and the rows known."""

    words: list[str | None]
    places: npt.NDArray[Any]
    sure: Words | None

    def rows_of(self, chosen: Sequence[bool]) -> npt.NDArray[np.bool_]:
        """Tell which rows have one of the chosen words; never one that is null."""
        table = np.array([*chosen, False], np.bool_)
        chosen_rows: npt.NDArray[np.bool_] = table.take(self.places, mode="clip")
        return chosen_rows & bools(self.sure, len(self.places))


def spelled(column: pa.ChunkedArray) -> Spelled:
    """Return the distinct words of a column, and where they stand."""
    if pa.types.is_string_view(column.type):
        column = column.cast(pa.large_string())
    if pa.types.is_dictionary(column.type):
        column = column.unify_dictionaries()
    else:
        column = column.dictionary_encode()
    whole = in_one_piece(column)
    words = whole.dictionary.to_pylist()
    return Spelled(words, raw_numbers(whole.indices), known_bits(whole.indices))


class _Encoder:
    def __init__(self, vocabulary: Vocabulary, domains: dict[str, Domain], length: int) -> None:
        self._vocabulary = vocabulary
        self._domains = domains
        self._length = length

    def whole(self, attribute: Attribute, column: pa.ChunkedArray) -> Encoded:
        """Encode the one column of an attribute."""
        if pa.types.is_null(column.type):
            return Encoded({}, [])
        if attribute.derived is not None:
            given = np.flatnonzero(bools(known_bits(in_one_piece(column)), self._length))
            return Encoded({}, [Fault(given, attribute.id, "A004")] if len(given) else [])
        if attribute.type == "many_of":
            return _encode_lists(attribute, column, self._length)
        if attribute.type == "yes_no":
            return self.yes_no(attribute.id, column)
        if attribute.type == "number":
            return self._numbers(attribute, column)
        domain = self._domains[attribute.id]
        return self._coded(attribute.id, column, domain, self._judge(attribute))

    def yes_no(self, variable: str, column: pa.ChunkedArray) -> Encoded:
        """Encode a column of yes and no, in whichever way they are written."""
        if pa.types.is_null(column.type):
            return Encoded({}, [])
        if pa.types.is_boolean(column.type):
            array = in_one_piece(column)
            sure = known_bits(array)
            yes = raw_bits(array) if sure is None else raw_bits(array) & sure
            return Encoded({variable: Bits(yes, sure)}, [])
        return self._coded(variable, column, YES_NO, _judge_yes_no)

    def _judge(self, attribute: Attribute) -> "Callable[[str], AnswerValue | _BadWord]":
        def judge(word: str) -> AnswerValue | _BadWord:
            values, problems = check_answers(self._vocabulary, {attribute.id: word})
            return _BadWord(problems[0][1].code) if problems else values[attribute.id]

        return judge

    def _coded(
        self,
        name: str,
        column: pa.ChunkedArray,
        domain: Domain,
        judge: "Callable[[str], AnswerValue | _BadWord]",
    ) -> Encoded:
        given = spelled(column)
        answers = [None if word is None else judge(word) for word in given.words]
        classes = [
            None if answer is None or isinstance(answer, _BadWord) else domain.class_of(answer)
            for answer in answers
        ]
        sure = _but(given, [number is None for number in classes])
        faults = _faults(name, given, answers)
        if domain.examples == YES_NO.examples:
            yes = packed(given.rows_of([number == 0 for number in classes]))
            return Encoded({name: Bits(yes, sure)}, faults)
        places = given.places
        if places.itemsize == 1 and all(n in (None, place) for place, n in enumerate(classes)):
            codes = places.view(np.uint8)
        else:
            codes = _classes(places, classes, len(domain.examples))
        if domain.by_answer is None and sure is not None:
            # Of a commune, who is unknown must be told from those who are known.
            codes[~bools(sure, self._length)] = np.iinfo(codes.dtype).max
        return Encoded({name: Codes(codes, sure)}, faults)

    def _numbers(self, attribute: Attribute, column: pa.ChunkedArray) -> Encoded:
        if pa.types.is_dictionary(column.type) or not _is_number(column.type):
            return self._spelled_numbers(attribute, column)
        array = in_one_piece(column.cast(pa.float64(), safe=False))
        numbers = np.full(padded(self._length), np.nan)
        numbers[: self._length] = given = raw_numbers(array)
        low = -np.inf if attribute.min is None else attribute.min
        high = np.inf if attribute.max is None else attribute.max
        valid = bools(known_bits(array), self._length)
        # A NaN fails both comparisons, which is what is wanted.
        fits = (low <= given) & (given <= high) & np.isfinite(given)
        wrong = np.flatnonzero(valid & ~fits)
        known = valid & fits
        sure = None if known.all() else packed(known)
        faults = [Fault(wrong, attribute.id, "A002")] if len(wrong) else []
        return Encoded({attribute.id: Numbers(numbers, sure)}, faults)

    def _spelled_numbers(self, attribute: Attribute, column: pa.ChunkedArray) -> Encoded:
        given = spelled(column)
        judge = self._judge(attribute)
        answers = [None if word is None else judge(word) for word in given.words]
        read = [answer if isinstance(answer, float) else np.nan for answer in answers]
        numbers = np.full(padded(self._length), np.nan)
        table = np.array([*read, np.nan])
        table.take(given.places, out=numbers[: self._length], mode="clip")
        sure = _but(given, [not isinstance(answer, float) for answer in answers])
        faults = _faults(attribute.id, given, answers)
        return Encoded({attribute.id: Numbers(numbers, sure)}, faults)


def _classes(
    places: npt.NDArray[Any], classes: Sequence[int | None], count: int
) -> npt.NDArray[Any]:
    """Return the class of each row; any number where it is unknown."""
    kind: type[np.unsignedinteger[Any]] = np.uint8 if count < _MOST_NUMBERS else np.uint16
    table = np.array([*(0 if number is None else number for number in classes), 0], kind)
    return table.take(places, mode="clip")


def _but(given: Spelled, left_out: list[bool]) -> Words | None:
    """Return the known rows without those that hold one of some words."""
    if not any(left_out):
        return given.sure
    rows = given.rows_of(left_out)
    if not rows.any():
        return given.sure
    return packed(~rows) if given.sure is None else given.sure & packed(~rows)


class _BadWord(NamedTuple):
    """The code of the problem with a word."""

    code: str


def _judge_yes_no(word: str) -> AnswerValue | _BadWord:
    return word if word in YES_NO.examples else _BadWord("A002")


def _faults(name: str, given: Spelled, answers: Sequence[object]) -> list[Fault]:
    codes = sorted({answer.code for answer in answers if isinstance(answer, _BadWord)})
    faults = []
    for code in codes:
        rows = np.flatnonzero(given.rows_of([answer == _BadWord(code) for answer in answers]))
        # A dictionary may hold words that no row has.
        if len(rows):
            faults.append(Fault(rows, name, code))
    return faults


def _encode_lists(attribute: Attribute, column: pa.ChunkedArray, length: int) -> Encoded:
    """Make bits of lists, one line of bits a value."""
    lists = in_one_piece(column)
    known = bools(known_bits(lists), length)
    counts = np.where(known, raw_numbers(pc.list_value_length(lists)), 0)
    values = [value.id for value in attribute.values]
    words = pc.list_flatten(lists)
    given = spelled(pa.chunked_array([words if len(words) else words.cast(pa.string())]))
    number = {value: place for place, value in enumerate(values)}
    # What is no value of the attribute, null among them, is one more place.
    table = [len(values) if word is None else number.get(word, len(values)) for word in given.words]
    codes = np.array([*table, len(values)], np.intp).take(given.places, mode="clip")
    if given.sure is not None:
        codes[~bools(given.sure, len(codes))] = len(values)
    rows = np.repeat(np.arange(length), counts)
    wrong = np.unique(rows[codes == len(values)])
    known[wrong] = False
    held = _spread(rows, codes, len(values), length)
    sure = None if known.all() else packed(known)
    if len(wrong):
        held &= packed(known)
    sources: dict[str, AnswerSource] = {
        variable_of(attribute.id, value): Bits(held[place], sure)
        for place, value in enumerate(values)
    }
    return Encoded(sources, [Fault(wrong, attribute.id, "A002")] if len(wrong) else [])


def _spread(rows: RowNumbers, codes: RowNumbers, count: int, length: int) -> npt.NDArray[np.uint64]:
    held = np.zeros((count, padded(length) // WORD), np.uint64)
    ends = np.searchsorted(rows, np.arange(0, length + _PART, _PART))
    for part, start in enumerate(range(0, length, _PART)):
        these = slice(ends[part], ends[part + 1])
        flags = np.zeros((count + 1, padded(min(_PART, length - start))), np.bool_)
        flags[codes[these], rows[these] - start] = True
        bits = np.packbits(flags[:count], axis=1, bitorder="little").view(np.uint64)
        held[:, start // WORD : start // WORD + bits.shape[1]] = bits
    return held


def _is_number(kind: Any) -> bool:  # noqa: ANN401 # pyarrow ships no types
    types = pa.types
    return bool(types.is_integer(kind) or types.is_floating(kind) or types.is_decimal(kind))
