"""Whatever is said of one situation, the columns say: the same kinds, classes, partners, gaps."""

from unittest import mock

from hypothesis import given, settings
from hypothesis import strategies as st

from iscg_rules.batch import check_batch, evaluated_table, match_batch, recommend_batch
from iscg_rules.language.moments import read_moment
from iscg_rules.recommend import reference
from tests.laws.tables import COLUMNS, by_reference, engines, is_accepted, said, tables

LIMITS = st.none() | st.integers(0, 3)
# The first law says nearly everything; the others need fewer examples.
fewer = settings(max_examples=settings().max_examples // 4)


@st.composite
def worlds(draw, most=8):
    engine = draw(engines())
    return engine, *draw(tables(engine, most))


@given(worlds(), LIMITS)
def test_each_row_says_what_a_single_recommendation_says(world, limit):
    engine, rows, columns = world
    got = recommend_batch(columns, engine=engine, limit=limit, on_error="null", threads=1)
    expected = [said(engine, row, at, limit) for row, at in zip(rows, columns["at"], strict=True)]
    assert got.to_pylist() == expected
    assert got.column_names == list(COLUMNS)


@fewer
@given(worlds())
def test_each_row_says_what_the_reference_says(world):
    engine, rows, columns = world
    got = recommend_batch(columns, engine=engine, on_error="null", threads=1).to_pylist()
    given_rows = zip(rows, columns["at"], got, strict=True)
    clean = [(row, at, one) for row, at, one in given_rows if one["kinds"] is not None]
    assert [
        (one["kinds"], set(one["possible"]), set(one["excluded"]), one["fired"])
        for _, _, one in clean
    ] == [referred(engine, row, at) for row, at, _ in clean]


def referred(engine, row, at):
    rule_set, evaluation = (
        engine.rule_set,
        by_reference(engine, engine.situation(row), read_moment(at)),
    )
    return (
        reference.ranked_kinds(rule_set, evaluation),
        reference.possible_kinds(rule_set, evaluation),
        reference.excluded_kinds(rule_set, evaluation),
        list(evaluation.fired),
    )


@fewer
@given(worlds())
def test_one_moment_for_all_rows_is_that_moment_in_each(world):
    engine, rows, columns = world
    at = next(iter(columns["at"]), None)
    alone = {name: column for name, column in columns.items() if name != "at"}
    got = recommend_batch(alone, engine=engine, at=at, on_error="null", threads=1)
    # Without any column there are no rows.
    assert got.to_pylist() == [said(engine, row, at, None) for row in rows if alone]


@fewer
@given(worlds())
def test_a_row_is_refused_when_the_single_situation_is(world):
    engine, rows, columns = world
    checked = check_batch(columns, engine=engine, threads=1)
    refused = [place for place, row in enumerate(rows) if not is_accepted(engine, row)]
    clean = [place for place, is_clean in enumerate(checked.clean.to_pylist()) if is_clean]
    assert sorted(refused + clean) == list(range(len(rows)))
    assert checked.problems.to_pylist() == [
        {"row": place, "column": None, "code": "A005"} for place in refused
    ]


@fewer
@given(worlds(most=3), st.integers(1, 3), st.integers(40, 90))
def test_neither_threads_nor_parts_change_anything(world, threads, times):
    engine, _, columns = world
    many = {name: column * times for name, column in columns.items()}
    whole = recommend_batch(many, engine=engine, on_error="null", threads=1)
    with mock.patch.object(evaluated_table, "_PART", 64):
        shared = recommend_batch(many, engine=engine, on_error="null", threads=threads)
    once = recommend_batch(columns, engine=engine, on_error="null", threads=1)
    assert shared.to_pylist() == whole.to_pylist() == once.to_pylist() * times


@fewer
@given(worlds())
def test_each_rule_holds_is_open_or_is_neither_as_the_reference_says(world):
    engine, rows, columns = world
    got = match_batch(columns, engine=engine, on_error="null", threads=1).to_pylist()
    expected = [truths(engine, row, at) for row, at in zip(rows, columns["at"], strict=True)]
    assert got == expected


def truths(engine, row, at):
    rules = engine.rule_set.rules
    if not is_accepted(engine, row):
        return dict.fromkeys(rules)
    evaluation = by_reference(engine, engine.situation(row), read_moment(at))
    return {
        rule: True if rule in evaluation.fired else None if rule in evaluation.open else False
        for rule in rules
    }
