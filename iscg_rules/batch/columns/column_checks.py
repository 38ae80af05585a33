"""Which column says what: every name and every type looked at before the first row is read."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from iscg_rules.batch.columns.given_tables import GivenTable, place_of
from iscg_rules.batch.columns.readable_texts import read_texts
from iscg_rules.errors import IscgError, Problem
from iscg_rules.language.vocabulary import Attribute, Vocabulary, variable_of
from iscg_rules.suggestions import did_you_mean

__all__ = ["AT", "Bound", "bind_columns"]

# The column with the moment of each row.
AT = "at"
_ColumnCheck = Any


@dataclass(frozen=True)
class Bound:
    """Columns by what they say, each with its place in the table.

    `whole` holds an attribute's own column, `parts` one yes/no column for each value given of a
    `many_of` attribute, by variable; `moment` the column `at`, where there is one. `unread` has,
    by column, the rows whose text is not in UTF-8: they are null.
    """

    whole: dict[str, pa.ChunkedArray] = field(default_factory=dict)
    parts: dict[str, tuple[Attribute, pa.ChunkedArray]] = field(default_factory=dict)
    moment: pa.ChunkedArray | None = None
    numbers: dict[str, int] = field(default_factory=dict)
    unread: dict[str, npt.NDArray[np.intp]] = field(default_factory=dict)


def bind_columns(table: GivenTable, vocabulary: Vocabulary) -> Bound:
    """Find the attribute behind each column.

    Raises:
        IscgError: B001 for an unknown column, B002 for one of the wrong type, B003 for what is
            given twice; all at once, with suggestions.
    """
    known = _known_names(vocabulary)
    problems: list[Problem] = []
    columns: dict[str, pa.ChunkedArray] = {}
    numbers: dict[str, int] = {}
    for number, (name, column) in enumerate(zip(table.names, table.columns, strict=True), 1):
        if not isinstance(name, str) or name not in known:
            problems.append(_unknown(name, number, known))
        elif name in columns:
            text = f"la colonne `{name}` est donnée deux fois"
            problems.append(Problem("B003", text, place_of(number), "gardez l'une des deux"))
        else:
            plain = _plain(column)
            columns[name], numbers[name] = plain, number
            problems += _wrong_type(name, known[name], plain.type, number)
    problems += _doubled(columns, numbers, known)
    if problems:
        raise IscgError(problems)
    return _bound(columns, numbers, known)


def _bound(
    columns: Mapping[str, pa.ChunkedArray],
    numbers: dict[str, int],
    known: Mapping[str, Attribute | None],
) -> Bound:
    read = {name: read_texts(column) for name, column in columns.items()}
    texts = {name: column for name, (column, _) in read.items()}
    unread = {name: rows for name, (_, rows) in read.items() if len(rows)}
    bound = Bound(moment=texts.get(AT), numbers=numbers, unread=unread)
    for name, column in texts.items():
        attribute = known[name]
        if attribute is None:
            continue
        if name == attribute.id:
            bound.whole[name] = column
        else:
            bound.parts[name] = (attribute, column)
    return bound


def _known_names(vocabulary: Vocabulary) -> dict[str, Attribute | None]:
    known: dict[str, Attribute | None] = {AT: None}
    for attribute in vocabulary.attributes.values():
        known[attribute.id] = attribute
        for value in attribute.values if attribute.type == "many_of" else ():
            known[variable_of(attribute.id, value.id)] = attribute
    return known


def _unknown(name: object, number: int, known: Mapping[str, object]) -> Problem:
    # Privacy: without a line of names, the first answers stand there; only known words are said.
    close = did_you_mean(name, known) if isinstance(name, str) else None
    aid = "`iscg-rules show attribute` donne la liste des attributs"
    if close and close.startswith("vouliez"):
        aid = close
    return Problem("B001", f"la colonne n° {number} est inconnue", place_of(number), aid)


def _doubled(
    columns: Mapping[str, object],
    numbers: Mapping[str, int],
    known: Mapping[str, Attribute | None],
) -> Iterator[Problem]:
    for name, attribute in known.items():
        if attribute and name in columns and name != attribute.id and attribute.id in columns:
            text = f"`{name}` est donné deux fois, aussi par la colonne `{attribute.id}`"
            aid = "une colonne de listes, ou une colonne par valeur"
            yield Problem("B003", text, place_of(numbers[name]), aid)


def _plain(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Undo what only stores a column otherwise; words may stay encoded."""
    kind = column.type
    if isinstance(kind, pa.BaseExtensionType):
        return _plain(pa.chunked_array([c.storage for c in column.chunks], kind.storage_type))
    if pa.types.is_run_end_encoded(kind):
        decoded = [pc.run_end_decode(chunk) for chunk in column.chunks]
        return _plain(pa.chunked_array(decoded, kind.value_type))
    if pa.types.is_dictionary(kind) and not _is_text(kind.value_type):
        return _plain(column.cast(kind.value_type))
    return column


def _is_text(kind: _ColumnCheck) -> bool:
    types = pa.types
    return bool(types.is_string(kind) or types.is_large_string(kind) or types.is_string_view(kind))


def _is_words(kind: _ColumnCheck) -> bool:
    return _is_text(kind.value_type if pa.types.is_dictionary(kind) else kind)


def _is_list(kind: _ColumnCheck) -> bool:
    types = pa.types
    shapes = (
        types.is_list,
        types.is_large_list,
        types.is_fixed_size_list,
        types.is_list_view,
        types.is_large_list_view,
    )
    if not any(is_shape(kind) for is_shape in shapes):
        return False
    return pa.types.is_null(kind.value_type) or _is_words(kind.value_type)


def _wrong_type(
    name: str, attribute: Attribute | None, kind: _ColumnCheck, number: int
) -> Iterator[Problem]:
    types = pa.types
    if types.is_null(kind):
        return
    if attribute is None:
        is_right, wanted = (
            _is_words(kind) or types.is_timestamp(kind) or types.is_date(kind),
            ("des moments, ou des textes comme 2026-11-27T22:30"),
        )
    elif attribute.type == "yes_no" or name != attribute.id:
        is_right, wanted = types.is_boolean(kind) or _is_words(kind), "vrai ou faux, `yes` ou `no`"
    elif attribute.type == "number":
        is_number = types.is_integer(kind) or types.is_floating(kind) or types.is_decimal(kind)
        is_right, wanted = is_number or _is_words(kind), "des nombres"
    elif attribute.type == "many_of":
        is_right, wanted = _is_list(kind), "des listes de textes"
    else:
        is_right, wanted = _is_words(kind), "des textes"
    if is_right:
        return
    aid = None
    if attribute and attribute.type == "commune":
        aid = "un nombre perd le zéro du début d'un code INSEE : lisez la colonne comme du texte"
    elif attribute and attribute.type == "many_of" and name == attribute.id:
        some = variable_of(name, attribute.values[0].id)
        aid = f"ou donnez une colonne vrai/faux par valeur, comme `{some}`"
    text = f"la colonne `{name}` attend {wanted}"
    yield Problem("B002", text, place_of(number), aid)
