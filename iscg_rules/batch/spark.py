"""The same columns over Spark: each partition is recommended for where it lies.

Spark keeps no order of rows: name in `keep` the columns by which you know them again.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

import pyarrow as pa
from pyspark.broadcast import Broadcast
from pyspark.sql import DataFrame
from pyspark.sql.pandas.types import from_arrow_schema, to_arrow_schema

from iscg_rules.batch.whole_tables import check_batch, recommend_batch
from iscg_rules.engine import Engine

__all__ = ["PROBLEMS", "recommend"]

# For a row that is no situation: what is wrong with it; null for every other.
PROBLEMS = "problems"
_PROBLEM = pa.struct([("column", pa.string()), ("code", pa.string())])


def recommend(
    df: DataFrame,
    *,
    engine: Engine,
    at: datetime | str | None = None,
    limit: int | None = None,
    keep: Sequence[str] = (),
) -> DataFrame:
    """Return the orientations of every row, worked out when Spark needs them.

    Args:
        df: columns as `recommend_batch` reads them, and those to keep.
        engine: sent once to each machine.
        at: the moment of rows without one of their own; None when unknown.
        limit: as in `Engine.recommend`.
        keep: columns that are no answers, and are carried over unread.

    Returns:
        The columns to keep, those of `recommend_batch`, and `problems`; a row that is no situation
        is null but for its problems. As many rows, in no promised order.

    Raises:
        IscgError: B001 to B003, every column that is none or of the wrong type, before any row.
    """
    kept = tuple(keep)
    given = to_arrow_schema(df.select(*[name for name in df.columns if name not in kept]).schema)
    carried = to_arrow_schema(df.select(*kept).schema)
    results = _plain(recommend_batch(given.empty_table(), engine=engine, at=at, limit=limit)).schema
    schema = pa.schema([*carried, *results, pa.field(PROBLEMS, pa.list_(_PROBLEM))])
    sent = df.sparkSession.sparkContext.broadcast(engine)

    def work(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            yield from _work(batch, sent, at, limit, kept).to_batches()

    return df.mapInArrow(work, from_arrow_schema(schema))


def _work(
    batch: pa.RecordBatch,
    sent: Broadcast[Engine],
    at: datetime | str | None,
    limit: int | None,
    kept: tuple[str, ...],
) -> pa.Table:
    table = pa.Table.from_batches([batch])
    given = table.drop_columns(list(kept))
    engine = sent.value
    results = _plain(
        recommend_batch(given, engine=engine, at=at, limit=limit, threads=1, on_error="null")
    )
    wrong: dict[int, list[dict[str, str | None]]] = {}
    if results.column("kinds").null_count:
        for problem in check_batch(given, engine=engine, threads=1).problems.to_pylist():
            wrong.setdefault(problem.pop("row"), []).append(problem)
    problems = [wrong.get(row) for row in range(table.num_rows)]
    for name in reversed(kept):
        results = results.add_column(0, name, table.column(name))
    return results.append_column(PROBLEMS, pa.array(problems, pa.list_(_PROBLEM)))


def _plain(table: pa.Table) -> pa.Table:
    """Undo the encoding of words, which Spark does not read."""
    return table.cast(pa.schema([(field.name, _plain_type(field.type)) for field in table.schema]))


def _plain_type(kind: pa.DataType) -> pa.DataType:
    if pa.types.is_list(kind):
        return pa.list_(_plain_type(kind.value_type))
    return kind.value_type if pa.types.is_dictionary(kind) else kind
