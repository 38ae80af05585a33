"""Columns in, columns out: whatever `Engine.recommend` says of one row, the columns say."""

from collections.abc import Iterator
from typing import Any, Literal

import pyarrow as pa

from iscg_rules.batch.columns.given_tables import place_of
from iscg_rules.batch.evaluated_table import Batch, Checked, RunTasks, plan_of, pool
from iscg_rules.engine import Engine
from iscg_rules.error_codes import CODES
from iscg_rules.errors import IscgError, Problem
from iscg_rules.language.moments import GivenMoment, read_moment

__all__ = ["Checked", "check_batch", "match_batch", "recommend_batch"]

_MOST_PROBLEMS = 20


def check_batch(table: object, *, engine: Engine, threads: int | None = None) -> Checked:
    """Tell which rows `recommend_batch` can read; what it refuses, `Engine.recommend` refuses.

    Args:
        table: as in `recommend_batch`.
        engine: the rules and partners.
        threads: how many at most; as many as there are cores when None.

    Raises:
        IscgError: A011, B001 to B003, all at once: the table cannot be read at all.
    """
    with pool(threads) as run:
        return Batch(plan_of(engine), table, None, run).checked()


def recommend_batch(
    table: object,
    *,
    engine: Engine,
    at: GivenMoment = None,
    limit: int | None = None,
    threads: int | None = None,
    on_error: Literal["raise", "null"] = "raise",
) -> pa.Table:
    """Return what each row leads to: whatever `Engine.recommend` says of one, the columns say.

    Args:
        table: an Arrow, polars or pandas table, or a dict of arrays or lists; a column an
            attribute, null for unknown. `many_of`: a column of lists, each complete, or one yes/no
            column a value, named `attribute=value`. A column `at` gives the moment of each row.
        engine: the rules and partners.
        at: the moment of every row where there is no column `at`; None when unknown.
        limit: how many orientations a row at most; what is now or must is never cut.
        threads: how many at most; as many as there are cores when None. The output is the same.
        on_error: what becomes of rows that cannot be read: `"raise"`, or `"null"` all along.

    Returns:
        One row a row, in the same order. Lists, dictionary-encoded: `kinds`, certain ones, best
        first, and in step with them `urgency`, `strength` and `partner` (null where nobody
        serves); `gaps`; `possible`, best class first; `excluded`; `fired`, by rule id. `left_out`
        is how many the limit cut. The schema's metadata has `iscg_rules.identity`, as JSON.

    Raises:
        IscgError: A009, A011; B001 to B003, all at once; A001 to A008 and B023 with the row and the
            column of the first bad cells, never with an answer, where rows cannot be read.
    """
    if not (limit is None or (type(limit) is int and limit >= 0)):
        raise IscgError([Problem("A011", "option hors limites", help="`limit` : un nombre entier")])
    with pool(threads) as run:
        batch, checked = _read(table, engine, at, on_error, run)
        return batch.recommend(checked, limit, run)


def match_batch(
    table: object,
    *,
    engine: Engine,
    at: GivenMoment = None,
    threads: int | None = None,
    on_error: Literal["raise", "null"] = "raise",
) -> pa.Table:
    """Tell which rules hold in each row: true, false, or null for open.

    Args:
        table: as in `recommend_batch`, and so are the other arguments.
        engine: the rules.
        at: the moment of every row, for rules in force and what is drawn from it.
        threads: how many at most; as many as there are cores when None.
        on_error: what becomes of rows that cannot be read: `"raise"`, or `"null"` all along.

    Returns:
        One row a row, in the same order, one Boolean column a rule, by rule id.

    Raises:
        IscgError: as `recommend_batch`.
    """
    with pool(threads) as run:
        batch, checked = _read(table, engine, at, on_error, run)
        return batch.match(checked)


def _read(
    table: object,
    engine: Engine,
    at: GivenMoment,
    on_error: str,
    run: RunTasks[Any],
) -> tuple[Batch, Checked]:
    if on_error not in ("raise", "null"):
        aid = "`on_error` : raise ou null"
        raise IscgError([Problem("A011", "option inconnue", help=aid)])
    batch = Batch(plan_of(engine), table, read_moment(at), run)
    checked = batch.checked()
    if len(checked.problems) and on_error == "raise":
        raise IscgError(_problems(checked, batch.numbers))
    return batch, checked


def _problems(checked: Checked, numbers: dict[str, int]) -> Iterator[Problem]:
    """Say where the first bad cells are, and what is wrong with them."""
    shown = checked.problems.slice(0, _MOST_PROBLEMS).to_pylist()
    for problem in shown:
        column = problem["column"]
        where = f"la colonne `{column}`" if column else "la ligne"
        place = place_of(numbers.get(column, 0), problem["row"] + 1)
        aid = '`check_batch` montre toutes les lignes, `on_error="null"` les passe'
        yield Problem(problem["code"], f"{CODES[problem['code']]} : {where}", place, aid)
    if len(checked.problems) > len(shown):
        yield Problem("A008", f"plus de {_MOST_PROBLEMS} problèmes, la suite n'est pas montrée")
