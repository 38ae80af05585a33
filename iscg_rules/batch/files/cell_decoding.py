"""Cells of text or of JSON → columns of the table that the engine reads.

Every cell of a CSV file is text, so that the code of a commune keeps its zero. Each different
word of a column is judged once a chunk, by what judges the answers of one situation.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np
import pyarrow as pa

from iscg_rules.batch.columns.column_checks import AT
from iscg_rules.language.answer_checks import check_answers
from iscg_rules.language.vocabulary import Vocabulary

__all__ = [
    "AT",
    "BETWEEN",
    "NOTHING",
    "Refused",
    "decode_json",
    "decode_text",
    "form_of",
    "list_names",
]

# What stands between the values of a list, and what says "none of them": an empty cell is unknown.
BETWEEN, NOTHING = "|", "[]"
# Tools write Booleans in several ways; no attribute of yes and no has other answers.
_BOOLEANS = {"true": True, "false": False, "yes": True, "no": False}
_YES_NO = {"yes": True, "no": False}

# The place of a row in the table, its column, and the code of what is wrong with it.
Refused = tuple[int, str, str]
# Column → value: what a word says; or the code of what is wrong with it.
_Said = Mapping[str, object] | str
_Judge = Callable[[object], _Said]


def decode_text(table: pa.Table, vocabulary: Vocabulary) -> tuple[pa.Table, list[Refused]]:
    """Return columns of text as columns of the types of their attributes.

    Args:
        table: columns of text, named by attributes, by `attribute=value`, or `at`; null is unknown.
        vocabulary: what may be said.

    Returns:
        As many rows, null where a cell was refused, `many_of` as one Boolean column a value; and
        the refused cells by row.
    """
    encoded = {
        name: table.column(name).combine_chunks().dictionary_encode() for name in table.column_names
    }
    words = {
        name: (column.dictionary.to_pylist(), column.indices) for name, column in encoded.items()
    }
    return _judged(words, vocabulary, _judge_text)


def decode_json(
    rows: Sequence[Mapping[str, object]], names: Iterable[str], vocabulary: Vocabulary
) -> tuple[pa.Table, list[Refused]]:
    """Return rows of JSON as columns, as `decode_text`; what a row does not name is unknown."""
    words: dict[str, tuple[list[object], pa.Array]] = {}
    for name in names:
        known: dict[object, int] = {}
        different: list[object] = []
        places: list[int | None] = []
        for row in rows:
            word = row.get(name)
            if word is None:
                places.append(None)
                continue
            place = known.setdefault(_key(word), len(different))
            if place == len(different):
                different.append(word)
            places.append(place)
        words[name] = (different, pa.array(places, pa.int32()))
    return _judged(words, vocabulary, _judge_json)


def _key(word: object) -> object:
    """Return what tells different words apart; a list cannot be looked up, and true is not 1."""
    if word.__class__ is str:
        return word
    return (json.dumps(word),) if isinstance(word, list | dict) else (word.__class__, word)


def _judged(
    words: Mapping[str, tuple[Sequence[object], pa.Array]],
    vocabulary: Vocabulary,
    make_judge: Callable[[str, Vocabulary], _Judge],
) -> tuple[pa.Table, list[Refused]]:
    """Judge the different words of each column, then spread what they say over the rows."""
    columns: dict[str, pa.Array] = {}
    refused: list[Refused] = []
    for name, (different, places) in words.items():
        judge = make_judge(name, vocabulary)
        said = [judge(word) for word in different]
        wrong = {place: code for place, code in enumerate(said) if isinstance(code, str)}
        values = [{} if isinstance(value, str) else value for value in said]
        for column, kind in _columns_of(name, vocabulary):
            columns[column] = pa.array([value.get(column) for value in values], kind).take(places)
        if wrong:
            given = places.fill_null(-1).to_numpy(zero_copy_only=False)
            rows = np.flatnonzero(np.isin(given, list(wrong))).tolist()
            refused += [(row, name, wrong[int(given[row])]) for row in rows]
    return pa.table(columns), sorted(refused, key=lambda refusal: refusal[0])


def list_names(vocabulary: Vocabulary) -> list[str]:
    """Name every column that a file may have, in the vocabulary's order."""
    names: list[str] = []
    for attribute in vocabulary.attributes.values():
        if attribute.derived is None:
            names.append(attribute.id)
            names += attribute.variables if attribute.type == "many_of" else ()
    return [*names, AT]


def form_of(name: str, vocabulary: Vocabulary) -> pa.DataType:
    """Return the type that a column of text stands for; text where nobody knows the name."""
    if name in vocabulary.attributes and vocabulary.attributes[name].type == "many_of":
        return pa.list_(pa.string())
    known = name in list_names(vocabulary)
    return _columns_of(name, vocabulary)[0][1] if known else pa.string()


def _columns_of(name: str, vocabulary: Vocabulary) -> list[tuple[str, pa.DataType]]:
    """Name the columns that one column of a file becomes, with their types."""
    if name == AT:
        return [(name, pa.string())]
    attribute = vocabulary.attributes.get(name)
    if attribute is None or attribute.type == "yes_no":
        return [(name, pa.bool_())]
    if attribute.type == "many_of":
        return [(variable, pa.bool_()) for variable in attribute.variables]
    return [(name, pa.float64() if attribute.type == "number" else pa.string())]


def _judge_text(name: str, vocabulary: Vocabulary) -> _Judge:
    attribute = vocabulary.attributes.get(name)
    judge = _judge_json(name, vocabulary)
    if attribute is not None and attribute.type == "many_of":
        return lambda word: judge([] if word == NOTHING else str(word).split(BETWEEN))
    if name == AT or (attribute is not None and attribute.type != "yes_no"):
        return judge
    return lambda word: judge(_BOOLEANS.get(str(word).lower(), word))


def _judge_json(name: str, vocabulary: Vocabulary) -> _Judge:
    if name == AT:
        return lambda word: {name: word} if isinstance(word, str) else "A009"
    if name not in vocabulary.attributes:
        return lambda word: _judge_boolean(name, word)

    def judge(word: object) -> _Said:
        values, problems = check_answers(vocabulary, {name: word})
        if problems:
            return problems[0][1].code
        is_number = vocabulary.attributes[name].type == "number"
        is_word = vocabulary.attributes[name].type in ("one_of", "commune")
        return (
            values if is_number or is_word else {key: _YES_NO[str(v)] for key, v in values.items()}
        )

    return judge


def _judge_boolean(name: str, word: object) -> _Said:
    if isinstance(word, str):
        return {name: _YES_NO[word]} if word in _YES_NO else "A002"
    return {name: word} if isinstance(word, bool) else "A003"
