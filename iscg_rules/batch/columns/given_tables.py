"""What callers have, an Arrow, polars or pandas table or a dict → named Arrow columns."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from iscg_rules.errors import IscgError, Place, Problem

__all__ = ["TABLE", "GivenTable", "place_of", "read_table"]

# Stands where a file's name stands in the place of a problem.
TABLE = "tableau"
_FORMS = "donnez une table Arrow, polars ou pandas, ou un dictionnaire de listes de même longueur"
_ERRORS = (pa.ArrowException, TypeError, ValueError, OverflowError, AttributeError)


@dataclass(frozen=True)
class GivenTable:
    """Columns in the order given, all of one length; names may be anything, or stand twice."""

    names: tuple[object, ...]
    columns: tuple[pa.ChunkedArray, ...]
    length: int

    # Privacy: a table shows its content when it is printed.
    def __repr__(self) -> str:
        return f"<Table: {len(self.columns)} columns, {self.length} rows>"


def place_of(column: int, row: int = 0) -> Place:
    """Say where a problem is: the numbers of its row and column, from 1; row 0 is the names."""
    return Place(TABLE, row, column)


def read_table(given: object) -> GivenTable:
    """Return the columns of a table in any of the forms that callers have.

    Raises:
        IscgError: A011 for what is no table; B002 for a column that mixes types.
    """
    pairs = list(_pairs(given))
    problems: list[Problem] = []
    columns = []
    for number, (_, values) in enumerate(pairs, 1):
        try:
            columns.append(_column(values))
        except _ERRORS:
            text = f"la colonne n° {number} mélange des types"
            problems.append(Problem("B002", text, place_of(number), "un seul type par colonne"))
    if problems:
        # Privacy: what pyarrow said quotes a value of the column.
        raise IscgError(problems) from None
    lengths = {len(column) for column in columns}
    if len(lengths) > 1:
        text = "les colonnes n'ont pas toutes la même longueur"
        raise IscgError([Problem("A011", text, help=_FORMS)])
    length = lengths.pop() if lengths else _rows_without_columns(given)
    return GivenTable(tuple(name for name, _ in pairs), tuple(columns), length)


def _pairs(given: Any) -> Iterator[tuple[object, Any]]:  # noqa: ANN401 # anything may be given
    if isinstance(given, Mapping):
        yield from given.items()
        return
    if not isinstance(given, pa.Table | pa.RecordBatch) and _is_pandas(given):
        # Column by column: one that mixes types must not hide what is wrong with the next.
        yield from given.items()
        return
    table = given if isinstance(given, pa.Table | pa.RecordBatch) else _from_capsule(given)
    yield from zip(table.column_names, table.columns, strict=True)


def _is_pandas(given: Any) -> bool:  # noqa: ANN401 # anything may be given
    return type(given).__module__.split(".")[0] == "pandas" and hasattr(given, "items")


def _from_capsule(given: object) -> Any:  # noqa: ANN401 # pyarrow ships no types
    try:
        return pa.table(given)
    except _ERRORS:
        raise IscgError([Problem("A011", "ce n'est pas un tableau", help=_FORMS)]) from None


def _column(values: Any) -> pa.ChunkedArray:  # noqa: ANN401 # any array there is
    if isinstance(values, pa.ChunkedArray):
        return values
    if isinstance(values, pa.Array):
        return pa.chunked_array([values])
    if isinstance(values, str | bytes):
        raise TypeError("one text is no column")
    if _is_pandas(values) or not hasattr(values, "__arrow_c_stream__"):
        made = pa.array(values, from_pandas=_is_pandas(values))
        return made if isinstance(made, pa.ChunkedArray) else pa.chunked_array([made])
    return pa.chunked_array(values)


def _rows_without_columns(given: object) -> int:
    rows = getattr(given, "num_rows", None)
    if rows is None and _is_pandas(given):
        rows = len(given)  # type: ignore[arg-type]  # a DataFrame
    return rows or 0
