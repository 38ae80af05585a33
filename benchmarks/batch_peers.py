"""The bare match on one engine after another: the same rules, the same rows, the same counts."""

from collections.abc import Callable

import numpy as np
import polars as pl
import pyarrow as pa
from match import VALUES, Tests, rule_set_of

from iscg_rules import Engine
from iscg_rules.batch import match_batch
from iscg_rules.model.partners import Directory

Match = Callable[[int, int], int]
Codes = dict[str, np.ndarray]  # type: ignore[type-arg]  # small whole numbers


def codes_of(values: tuple[str, ...]) -> list[int]:
    """Give the numbers of answers."""
    return [VALUES.index(value) for value in values]


def ours(rules: list[Tests], codes: Codes) -> Match:
    """One Boolean column a rule, from dictionary-encoded columns."""
    engine = Engine(rule_set_of(rules), Directory({}, {}))
    words = pa.array(VALUES)
    columns = {n: pa.DictionaryArray.from_arrays(pa.array(c), words) for n, c in codes.items()}
    table = pa.table(columns)

    def match(start: int, rows: int) -> int:
        got = match_batch(table.slice(start, rows), engine=engine)
        return sum(column.true_count for column in first_and_last(got.columns))

    return match


def first_and_last(columns: list[pa.ChunkedArray]) -> list[pa.Array]:
    """Look at two columns, so that nobody can do without working them out."""
    return [columns[0].chunk(0), columns[-1].chunk(0)]


def polars(rules: list[Tests], codes: Codes) -> Match:
    """Expressions written by hand: comparisons of small numbers, joined by `&`."""

    def expression(number: int, tests: Tests) -> pl.Expr:
        parts = []
        for name, values in tests.items():
            first, *others = codes_of(values)
            test = pl.col(name) == first
            for other in others:
                test |= pl.col(name) == other
            parts.append(test)
        return (parts[0] & parts[1] & parts[2]).alias(f"r{number:05}")

    frame = pl.DataFrame({name: column.view(np.uint8) for name, column in codes.items()})
    expressions = [expression(number, tests) for number, tests in enumerate(rules)]

    def match(start: int, rows: int) -> int:
        got = frame.slice(start, rows).lazy().select(expressions).collect()
        return int(got[:, 0].sum() + got[:, -1].sum())

    return match


def duckdb(rules: list[Tests], codes: Codes) -> Match:
    """One SELECT with a condition a rule, over a table in memory, out as Arrow."""
    import duckdb as peer  # type: ignore[import-not-found]  # noqa: PLC0415 # a peer

    connection = peer.connect()
    given = pa.table({name: column.view(np.uint8) for name, column in codes.items()})
    connection.register("given", given)
    connection.execute("CREATE TABLE rows AS SELECT row_number() OVER () - 1 AS n, * FROM given")
    conditions = [
        " AND ".join(f"q IN ({str(codes_of(v))[1:-1]})".replace("q", n) for n, v in tests.items())
        for tests in rules
    ]
    selected = ", ".join(f"{text} AS r{number}" for number, text in enumerate(conditions))

    def match(start: int, rows: int) -> int:
        where = f"WHERE n >= {start} AND n < {start + rows}"
        query = f"SELECT {selected} FROM rows {where}"  # noqa: S608 # our own numbers
        got = connection.sql(query).to_arrow_table()
        return sum(got.column(n).to_numpy().sum() for n in (0, got.num_columns - 1))

    return match


def openfisca(rules: list[Tests], codes: Codes) -> Match:
    """One variable a rule, with a formula over arrays, for one month."""
    from openfisca_core import (  # type: ignore[import-not-found]  # noqa: PLC0415 # a peer
        entities,
        periods,
        simulations,
        taxbenefitsystems,
        variables,
    )

    person = entities.Entity("person", "persons", "", "")
    system = taxbenefitsystems.TaxBenefitSystem([person])
    common = {"entity": person, "definition_period": periods.DateUnit.MONTH}

    def formula_of(tests: Tests) -> Callable[..., object]:
        def formula(population, period):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202 # as the peer wants it
            held = True
            for name, values in tests.items():
                given = population(name, period)
                first, *others = codes_of(values)
                one = given == first
                for other in others:
                    one |= given == other
                held = one & held
            return held

        return formula

    for name in codes:
        system.add_variable(type(name, (variables.Variable,), common | {"value_type": int}))
    for number, tests in enumerate(rules):
        made = common | {"value_type": bool, "formula": formula_of(tests)}
        system.add_variable(type(f"r{number}", (variables.Variable,), made))

    def match(start: int, rows: int) -> int:
        built = simulations.SimulationBuilder().build_default_simulation(system, count=rows)
        for name, column in codes.items():
            built.set_input(name, "2026-11", column[start : start + rows].astype(np.int32))
        found = [built.calculate(f"r{number}", "2026-11").sum() for number in range(len(rules))]
        return int(found[0] + found[-1])

    return match


def loop(rules: list[Tests], codes: Codes) -> Match:
    """One evaluation a row."""
    engine = Engine(rule_set_of(rules), Directory({}, {}))
    evaluate, names = engine._recommender.evaluator.evaluate, list(codes)  # noqa: SLF001 # what `recommend` calls
    ends = ("r00000", f"r{len(rules) - 1:05}")

    def match(start: int, rows: int) -> int:
        count = 0
        for place in range(start, start + rows):
            answers = {name: VALUES[codes[name][place]] for name in names}
            fired = evaluate(engine.situation(answers), None).fired
            count += sum(end in fired for end in ends)
        return count

    return match


ENGINES = {
    "iscg-rules": ours,
    "polars": polars,
    "DuckDB": duckdb,
    "OpenFisca": openfisca,
    "loop": loop,
}
