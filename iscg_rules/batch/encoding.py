"""Columns → sources: each distinct word is checked once, by the checks of a single situation."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from iscg_rules._answer_classes import Domain
from iscg_rules.batch.columns import Bound
from iscg_rules.batch.sources import WORD, Bits, Codes, Numbers, Source, Words, packed, padded
from iscg_rules.situations import Answer, check_answers
from iscg_rules.vocabulary import Attribute, Vocabulary, variable_of

__all__ = ["Encoded", "Fault", "encoding_tasks", "words_of"]

_YES_NO = {"yes": 0, "no": 1}
_PART = 1 << 14
Rows = npt.NDArray[np.intp]


class Fault(NamedTuple):
    """Cells that cannot be read: their rows, from 0, the column and the code of the problem."""

    rows: Rows
    column: str
    code: str


class Encoded(NamedTuple):
    """What a column says of its variables, and the cells that say nothing since they are wrong."""

    sources: dict[str, Source]
    faults: list[Fault]


def encoding_tasks(
    bound: Bound, vocabulary: Vocabulary, domains: dict[str, Domain], length: int
) -> list[Callable[[], Encoded]]:
    """Give one task a column; they share nothing, so they may run side by side."""
    encoder = _Encoder(vocabulary, domains, length)
    tasks: list[Callable[[], Encoded]] = []
    for name, column in bound.whole.items():
        attribute = vocabulary.attributes[name]
        tasks.append(lambda a=attribute, c=column: encoder.whole(a, c))  # type: ignore[misc]
    for variable, (_, column) in bound.parts.items():
        tasks.append(lambda v=variable, c=column: encoder.yes_no(v, c))  # type: ignore[misc]
    return tasks


def words_of(column: pa.ChunkedArray) -> tuple[npt.NDArray[np.int32], list[str | None]]:
    """Give the distinct words of a column, and of each row its word's place.

    Where there is none, the place is that after the last word.
    """
    if pa.types.is_string_view(column.type):
        column = column.cast(pa.large_string())
    if pa.types.is_dictionary(column.type):
        column = column.unify_dictionaries()
    else:
        column = column.dictionary_encode()
    encoded = column.combine_chunks()
    if isinstance(encoded, pa.ChunkedArray):
        encoded = pa.concat_arrays(encoded.chunks)
    words = encoded.dictionary.to_pylist()
    places = pc.fill_null(encoded.indices.cast(pa.int32()), len(words))
    return places.to_numpy(zero_copy_only=False), words


class _Encoder:
    def __init__(self, vocabulary: Vocabulary, domains: dict[str, Domain], length: int) -> None:
        self._vocabulary = vocabulary
        self._domains = domains
        self._length = length

    def whole(self, attribute: Attribute, column: pa.ChunkedArray) -> Encoded:
        """Encode the one column of an attribute."""
        if attribute.derived is not None:
            given = np.flatnonzero(_bools(pc.is_valid(column)))
            return Encoded({}, [Fault(given, attribute.id, "A004")] if len(given) else [])
        if pa.types.is_null(column.type):
            return Encoded({}, [])
        if attribute.type == "many_of":
            return _encode_lists(attribute, column, self._length)
        if attribute.type == "yes_no":
            return self.yes_no(attribute.id, column)
        if attribute.type == "number":
            return self._numbers(attribute, column)
        domain = self._domains[attribute.id]
        return self._coded(
            attribute.id, column, len(domain.examples), domain.class_of, self._judge(attribute)
        )

    def yes_no(self, variable: str, column: pa.ChunkedArray) -> Encoded:
        """Encode a column of yes and no, in whichever way they are written."""
        if pa.types.is_null(column.type):
            return Encoded({}, [])
        if pa.types.is_boolean(column.type):
            return Encoded({variable: Bits(_held(column), _known(column))}, [])
        return self._coded(variable, column, 2, lambda answer: _YES_NO[str(answer)], _judge_yes_no)

    def _judge(self, attribute: Attribute) -> "Callable[[str], Answer | _Refused]":
        def judge(word: str) -> Answer | _Refused:
            values, problems = check_answers(self._vocabulary, {attribute.id: word})
            return _Refused(problems[0][1].code) if problems else values[attribute.id]

        return judge

    def _coded(
        self,
        name: str,
        column: pa.ChunkedArray,
        count: int,
        class_of: Callable[[Answer], int],
        judge: "Callable[[str], Answer | _Refused]",
    ) -> Encoded:
        places, words = words_of(column)
        answers = [None if word is None else judge(word) for word in words]
        table = np.full(len(words) + 1, count, np.uint16 if count > 255 else np.uint8)  # noqa: PLR2004
        for place, answer in enumerate(answers):
            if answer is not None and not isinstance(answer, _Refused):
                table[place] = class_of(answer)
        codes = np.full(padded(self._length), count, table.dtype)
        table.take(places, out=codes[: self._length], mode="clip")
        is_sure = not (codes[: self._length] == count).any()
        faults = _faults(name, places, answers)
        return Encoded({name: Codes(codes, count, is_sure)}, faults)

    def _numbers(self, attribute: Attribute, column: pa.ChunkedArray) -> Encoded:
        numbers = np.full(padded(self._length), np.nan)
        if pa.types.is_dictionary(column.type) or not _is_number(column.type):
            places, words = words_of(column)
            judge = self._judge(attribute)
            answers = [None if word is None else judge(word) for word in words]
            read = [a if isinstance(a, float) else np.nan for a in answers]
            numbers[: self._length] = np.array([*read, np.nan])[places]
            faults = _faults(attribute.id, places, answers)
        else:
            valid = _bools(pc.is_valid(column))
            given = column.cast(pa.float64(), safe=False).fill_null(0.0).to_numpy()
            low = -np.inf if attribute.min is None else attribute.min
            high = np.inf if attribute.max is None else attribute.max
            # A NaN fails both comparisons, which is what is wanted.
            fits = (low <= given) & (given <= high) & np.isfinite(given)
            numbers[: self._length] = np.where(valid & fits, given, np.nan)
            wrong = np.flatnonzero(valid & ~fits)
            faults = [Fault(wrong, attribute.id, "A002")] if len(wrong) else []
        known = ~np.isnan(numbers)
        sure = None if known[: self._length].all() else packed(known)
        return Encoded({attribute.id: Numbers(numbers, sure)}, faults)


class _Refused(NamedTuple):
    """The code of the problem with a word."""

    code: str


def _judge_yes_no(word: str) -> Answer | _Refused:
    return word if word in _YES_NO else _Refused("A002")


def _faults(name: str, places: npt.NDArray[np.int32], answers: Sequence[object]) -> list[Fault]:
    found = []
    for place, answer in enumerate(answers):
        if isinstance(answer, _Refused):
            rows = np.flatnonzero(places == place)
            # A dictionary may hold words that no row has.
            if len(rows):
                found.append(Fault(rows, name, answer.code))
    return found


def _encode_lists(attribute: Attribute, column: pa.ChunkedArray, length: int) -> Encoded:
    """Make bits of lists, a value's row of bits at a time, a part of the rows at a time."""
    lists = _plain_lists(column)
    counts = pc.fill_null(pc.list_value_length(lists), 0).to_numpy(zero_copy_only=False)
    valid = _bools(lists.is_valid())
    values = [value.id for value in attribute.values]
    places, words = words_of(pa.chunked_array([lists.flatten()]))
    number = {value: place for place, value in enumerate(values)}
    # What is no value of the attribute, null among them, is one more place.
    table = np.array([*(number.get(word, len(values)) for word in words), len(values)], np.intp)  # type: ignore[arg-type]
    codes = table.take(places)
    rows = np.repeat(np.arange(length), counts)
    wrong = np.unique(rows[codes == len(values)])
    known = valid.copy()
    known[wrong] = False
    held = _spread(rows, codes, len(values), length)
    sure = None if known.all() else packed(known)
    if len(wrong):
        held &= packed(known)
    found: dict[str, Source] = {
        variable_of(attribute.id, value): Bits(held[place], sure)
        for place, value in enumerate(values)
    }
    return Encoded(found, [Fault(wrong, attribute.id, "A002")] if len(wrong) else [])


def _spread(rows: Rows, codes: Rows, count: int, length: int) -> npt.NDArray[np.uint64]:
    held = np.zeros((count, padded(length) // WORD), np.uint64)
    ends = np.searchsorted(rows, np.arange(0, length + _PART, _PART))
    for part, start in enumerate(range(0, length, _PART)):
        these = slice(ends[part], ends[part + 1])
        flags = np.zeros((count + 1, padded(min(_PART, length - start))), np.bool_)
        flags[codes[these], rows[these] - start] = True
        bits = np.packbits(flags[:count], axis=1, bitorder="little").view(np.uint64)
        held[:, start // WORD : start // WORD + bits.shape[1]] = bits
    return held


def _plain_lists(column: pa.ChunkedArray) -> Any:  # noqa: ANN401 # pyarrow ships no types
    inner = column.type.value_type
    if pa.types.is_string_view(inner) or pa.types.is_null(inner):
        inner = pa.large_string()
    lists = column.cast(pa.large_list(inner)).combine_chunks()
    return pa.concat_arrays(lists.chunks) if isinstance(lists, pa.ChunkedArray) else lists


def _is_number(kind: Any) -> bool:  # noqa: ANN401 # pyarrow ships no types
    types = pa.types
    return bool(types.is_integer(kind) or types.is_floating(kind) or types.is_decimal(kind))


def _bools(column: Any) -> npt.NDArray[np.bool_]:  # noqa: ANN401 # pyarrow ships no types
    if isinstance(column, pa.ChunkedArray):
        return np.asarray(column.to_numpy(), np.bool_)
    return np.asarray(column.to_numpy(zero_copy_only=False), np.bool_)


def _held(column: pa.ChunkedArray) -> Words:
    return packed(_bools(column.fill_null(False)))  # noqa: FBT003 # pyarrow's own argument


def _known(column: pa.ChunkedArray) -> Words | None:
    return packed(_bools(column.is_valid())) if column.null_count else None
