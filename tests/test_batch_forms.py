"""Every form that a table may have: the same rows say the same, however they are stored."""

import datetime as dt
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from iscg_rules import Engine
from iscg_rules.batch import recommend_batch
from tests.laws.tables import said

TOY = Path(__file__).parent / "toy"
ROLES = ["victim", "alleged_author", None, "victim"]
DANGER = [True, None, False, True]
MINORS = [["older"], [], None, ["under_3", "older"]]
NIGHTS = [2.0, None, 30.0, 0.0]
COMMUNES = ["35288", "35093", None, "01004"]
AT = ["2026-11-27T22:30", "2026-11-30T10:00", None, "2026-07-14T11:59:59"]
COLUMNS: dict[str, list[Any]] = {
    "role": ROLES,
    "danger": DANGER,
    "minors": MINORS,
    "nights": NIGHTS,
    "commune": COMMUNES,
    "at": AT,
}
ROWS = [
    {name: column[place] for name, column in COLUMNS.items() if name != "at"} for place in range(4)
]
PARTS = {
    "minors=under_3": [False, False, None, True],
    "minors=older": [True, False, None, True],
}
ARROW = pa.table(COLUMNS)


@pytest.fixture(scope="module")
def engine():
    return Engine.load(TOY / "rules", TOY / "partners.yaml")


@pytest.fixture(scope="module")
def expected(engine):
    return [said(engine, row, at, None) for row, at in zip(ROWS, AT, strict=True)]


def cast(**types):
    fields = [(name, types.get(name, ARROW.schema.field(name).type)) for name in COLUMNS]
    return ARROW.cast(pa.schema(fields))


def encoded(name):
    return ARROW.set_column(ARROW.column_names.index(name), name, ARROW[name].dictionary_encode())


def in_other_columns():
    kept = {name: column for name, column in COLUMNS.items() if name != "minors"}
    return pa.table(kept | PARTS)


def in_words():
    words = {True: "yes", False: "no", None: None}
    kept = {name: column for name, column in COLUMNS.items() if name != "minors"}
    return kept | {name: [words[one] for one in column] for name, column in PARTS.items()}


def shifted():
    """Lie in memory that begins elsewhere, in the middle of a byte."""
    before = pa.concat_tables([ARROW.slice(1, 3), ARROW])
    return before.combine_chunks().slice(3)


def with_timestamps(**how):
    moments = [None if at is None else dt.datetime.fromisoformat(at) for at in AT]
    return COLUMNS | {"at": pa.array(moments, pa.timestamp(**how))}


def in_utc():
    hours = (1, 1, 0, 2)
    moments = [
        None if at is None else dt.datetime.fromisoformat(at) - dt.timedelta(hours=shift)
        for at, shift in zip(AT, hours, strict=True)
    ]
    return COLUMNS | {"at": pa.array(moments, pa.timestamp("ms", "UTC"))}


FORMS = {
    "a dict of lists": COLUMNS,
    "an Arrow table": ARROW,
    "a record batch": ARROW.to_batches()[0],
    "many chunks": pa.concat_tables([ARROW.slice(0, 1), ARROW.slice(1, 0), ARROW.slice(1)]),
    "memory that begins elsewhere": shifted(),
    "a polars frame": pl.DataFrame(COLUMNS),
    "polars categories": pl.DataFrame(COLUMNS).with_columns(pl.col("role").cast(pl.Categorical)),
    "a pandas frame": pd.DataFrame(COLUMNS),
    "pandas categories": pd.DataFrame(COLUMNS).astype({"role": "category"}),
    "a dict of series": {name: pl.Series(values) for name, values in COLUMNS.items()},
    "a dict of arrays": {name: np.array(values, object) for name, values in COLUMNS.items()},
    "one column a value": in_other_columns(),
    "encoded roles": encoded("role"),
    "encoded communes": encoded("commune"),
    "encoded moments": encoded("at"),
    "encoded in few": cast(role=pa.dictionary(pa.int8(), pa.string())),
    "encoded Booleans": encoded("danger"),
    "encoded numbers": encoded("nights"),
    "large text": cast(role=pa.large_string(), commune=pa.large_string(), at=pa.large_string()),
    "text views": cast(role=pa.string_view(), commune=pa.string_view()),
    "large lists": cast(minors=pa.large_list(pa.large_string())),
    "views of lists": COLUMNS | {"minors": pa.array(MINORS, pa.list_view(pa.string()))},
    "whole numbers": cast(nights=pa.int8()),
    "decimals": cast(nights=pa.decimal128(6, 2)),
    "numbers as text": COLUMNS | {"nights": ["2", None, "30.0", "0"]},
    "yes and no": COLUMNS | {"danger": ["yes", None, "no", "yes"]},
    "yes and no a value": in_words(),
    "moments in seconds": with_timestamps(unit="s"),
    "moments in nanoseconds": with_timestamps(unit="ns"),
    "moments elsewhere": in_utc(),
    "moments with a zone": COLUMNS | {"at": ["2026-11-27T21:30Z", AT[1], None, AT[3]]},
    "more columns, all unknown": COLUMNS | {"consent_to_share": [None] * 4},
}


@pytest.mark.parametrize("form", FORMS)
def test_every_form_of_a_table_says_the_same(form, engine, expected):
    assert recommend_batch(FORMS[form], engine=engine).to_pylist() == expected


def test_the_rows_differ_so_that_the_forms_are_tested(expected):
    assert all(expected.count(one) == 1 for one in expected)
    assert expected[0]["kinds"][:2] == ["police", "shelter"]
    assert {partner for one in expected for partner in one["partner"]} > {"shelter-35", None}


@pytest.mark.parametrize("limit", [0, 1, 4])
def test_a_limit_cuts_from_the_end_and_says_how_many(limit, engine):
    cut = [said(engine, row, at, limit) for row, at in zip(ROWS, AT, strict=True)]
    assert recommend_batch(COLUMNS, engine=engine, limit=limit).to_pylist() == cut


def test_the_output_is_arrow_with_dictionaries(engine):
    got = recommend_batch(COLUMNS, engine=engine)
    word, small = pa.dictionary(pa.int16(), pa.string()), pa.dictionary(pa.int8(), pa.string())
    assert dict(zip(got.column_names, got.schema.types, strict=True)) == {
        "kinds": pa.list_(word),
        "urgency": pa.list_(small),
        "strength": pa.list_(small),
        "partner": pa.list_(word),
        "gaps": pa.list_(word),
        "possible": pa.list_(word),
        "excluded": pa.list_(word),
        "fired": pa.list_(word),
        "left_out": pa.int32(),
    }


@pytest.mark.parametrize("given", [{}, ARROW.slice(0, 0), pd.DataFrame(), pl.DataFrame()])
def test_no_row_gives_no_row(given, engine):
    assert recommend_batch(given, engine=engine).num_rows == 0


def test_rows_without_any_column_know_nothing(engine):
    rows = recommend_batch(pa.table({"role": [None, None]}), engine=engine).to_pylist()
    assert rows == [said(engine, {}, None, None)] * 2


def test_a_word_of_a_dictionary_that_no_row_has_is_no_problem(engine):
    roles = pa.DictionaryArray.from_arrays(
        pa.array([0, 1, 0]), pa.array(["victim", None, "nobody"])
    )
    known, unknown = (said(engine, row, None, None) for row in ({"role": "victim"}, {}))
    got = recommend_batch({"role": roles}, engine=engine).to_pylist()
    assert got == [known, unknown, known]


def test_what_is_null_may_hold_anything_beneath(engine):
    mask = pa.py_buffer(bytes([0b101]))
    data = pa.py_buffer(np.array([0, 99, 0], np.int32))
    places = pa.Array.from_buffers(pa.int32(), 3, [mask, data])
    roles = pa.DictionaryArray.from_arrays(places, pa.array(["victim", "nobody"]), safe=False)
    got = recommend_batch({"role": roles}, engine=engine).to_pylist()
    known, unknown = (said(engine, row, None, None) for row in ({"role": "victim"}, {}))
    assert got == [known, unknown, known]
