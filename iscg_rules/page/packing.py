"""The data of the page, told shorter: rows as columns. `unpack.js` makes the same of it again.

It stays JSON that can be read: nothing is compressed (ADR 0012).
"""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

__all__ = ["pack"]

# The first word of a column that is told in characters; the same as in the days of opening hours.
_FIRST = ord("0")
# Places beyond these are no characters of one piece in JavaScript.
_MOST_WORDS = 50_000
# Shorter texts are no days of a year.
_LONG = 60
_WEEK = 7
# What says here that a mapping is none.
_OURS = {"rows", "lists", "weekly"}
# What a row does not have; no cell is an empty mapping itself.
_ABSENT: dict[str, Any] = {}


def pack(value: Any) -> Any:  # noqa: ANN401 # any JSON
    """Return JSON that says the same, its tables by column.

    Two rows or more, all mappings or all lists, are `{"rows": how many, name: column, …}`, or
    `{"lists": how many, place: column, …}`. A column is a list of its cells, `{"of": words, "at":
    a character a cell}`, or, of lists, `{"joined": their parts, "lengths": a character a cell}`.
    A text of a character a day is `{"weekly": its usual week, "length": days, place: another, …}`.
    """
    if isinstance(value, str) and len(value) >= _LONG:
        return _text(value)
    if isinstance(value, dict):
        assert not _OURS & value.keys()
        return {key: pack(one) for key, one in value.items()}
    if not isinstance(value, list):
        return value
    if not _is_table(value):
        return [pack(one) for one in value]
    rows = [_cells(row) for row in value]
    names = dict.fromkeys(name for row in rows for name in row)
    columns = {name: _column([row.get(name, _ABSENT) for row in rows]) for name in names}
    return {"rows" if isinstance(value[0], dict) else "lists": len(value), **columns}


def _text(text: str) -> str | dict[str, Any]:
    days = [text[day::_WEEK] for day in range(_WEEK)]
    week = "".join(Counter(signs).most_common(1)[0][0] for signs in days)
    others = {str(n): sign for n, sign in enumerate(text) if sign != week[n % _WEEK]}
    form = {"weekly": week, "length": len(text), **others}
    return form if len(_json(form)) < len(text) else text


def _is_table(rows: Sequence[Any]) -> bool:
    return (
        len(rows) > 1
        and isinstance(rows[0], dict | list)
        and all(type(row) is type(rows[0]) and row for row in rows)
        and not any(cell == _ABSENT for row in rows for cell in _cells(row).values())
    )


def _cells(row: dict[str, Any] | list[Any]) -> Mapping[str, Any]:
    return row if isinstance(row, dict) else {str(place): one for place, one in enumerate(row)}


def _column(cells: list[Any]) -> Any:  # noqa: ANN401 # any JSON
    """Return the shortest way to tell the cells of a column."""
    told = [_json(cell) for cell in cells]
    words = {word: place for place, word in enumerate(dict.fromkeys(told))}
    forms: list[Any] = [[pack(one) for one in cells]]
    if len(words) < _MOST_WORDS:
        at = "".join(chr(_FIRST + words[one]) for one in told)
        forms.append({"of": [pack(json.loads(word)) for word in words], "at": at})
    # An empty list would be no cell.
    if all(cell == _ABSENT or (isinstance(cell, list) and cell) for cell in cells):
        lengths = "".join(chr(_FIRST + len(cell)) for cell in cells)
        forms.append({"joined": pack([part for one in cells for part in one]), "lengths": lengths})
    return min(forms, key=lambda form: len(_json(form)))


def _json(value: Any) -> str:  # noqa: ANN401 # any JSON
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
