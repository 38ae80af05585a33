"""Every form a table may have, and everything that may be wrong with one."""

import datetime as dt
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from iscg_rules import Engine, IscgError
from iscg_rules.batch import check_batch, recommend_batch
from tests.laws.tables import said

TOY = Path(__file__).parent / "toy"
ROLES = ["victim", "alleged_author", None, "victim"]
DANGER = [True, None, False, True]
MINORS = [["older"], [], None, ["under_3", "older"]]
NIGHTS = [2.0, None, 30.0, 0.0]
COMMUNES = ["35288", "35093", None, "01004"]
AT = ["2026-11-27T22:30", "2026-11-30T10:00", None, "2026-07-14T11:59:59"]
COLUMNS = {
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
    paris = dt.timedelta(hours=1)
    summer = dt.timedelta(hours=2)
    shifts = [paris, paris, None, summer]
    moments = [
        None if at is None else dt.datetime.fromisoformat(at) - shift
        for at, shift in zip(AT, shifts, strict=True)
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


def problems(given, engine, **options):
    with pytest.raises(IscgError) as error:
        recommend_batch(given, engine=engine, **options)
    return [
        (one.code, one.place and (one.place.line, one.place.column), one.help)
        for one in error.value.problems
    ]


def test_every_wrong_column_is_named_at_once_with_a_suggestion(engine):
    given = {
        "rôle": ["victim"],
        "danger": [3],
        "minors": ["older"],
        "minors=under_3": [True],
        "commune": [35288],
        "nights": [True],
        "at": [7],
        "Mme Untel": ["x"],
    }
    found = problems(given, engine)
    assert [(code, where) for code, where, _ in found] == [
        ("B001", (0, 1)),
        ("B002", (0, 2)),
        ("B002", (0, 3)),
        ("B003", (0, 4)),
        ("B002", (0, 5)),
        ("B002", (0, 6)),
        ("B002", (0, 7)),
        ("B001", (0, 8)),
    ]
    assert found[0][2] == "vouliez-vous dire `role` ?"
    assert "texte" in found[4][2]


def test_the_name_of_an_unknown_column_is_not_repeated(engine):
    with pytest.raises(IscgError) as error:
        recommend_batch({"Mme Untel": ["x"]}, engine=engine)
    assert "Untel" not in str(error.value)


@pytest.mark.parametrize(
    ("given", "code"),
    [
        (7, "B004"),
        ("role", "B004"),
        ({"role": ["victim"], "danger": [True, False]}, "B004"),
        ({"role": "victim"}, "B002"),
        ({"role": ["victim", 3]}, "B002"),
        ({"role": 3}, "B002"),
        (pd.DataFrame({"role": ["victim", 3]}), "B002"),
        (pa.table([["victim"], ["victim"]], names=["role", "role"]), "B003"),
        (pd.DataFrame([[1]], columns=[7]), "B001"),
    ],
)
def test_what_is_no_table_is_said_without_a_value(given, code, engine):
    with pytest.raises(IscgError) as error:
        recommend_batch(given, engine=engine)
    assert [one.code for one in error.value.problems] == [code]
    assert "victim" not in str(error.value)
    assert error.value.__cause__ is None
    # Privacy: what pyarrow says quotes a value.
    assert error.value.__context__ is None or error.value.__suppress_context__


BAD = {
    "role": ["victim", "nobody", None, "victim", "alleged_author", "victim"],
    "danger": ["yes", "no", "perhaps", None, "yes", "yes"],
    "minors": [[], ["old"], None, ["older", None], [], []],
    "nights": [31.0, 2.0, float("nan"), -1.0, 30.0, 1.0],
    "commune": ["35288", "1004", "99000", None, None, "35288"],
    "time_slot": [None, "other", None, None, None, None],
    "at": ["2026-11-27", "vendredi", None, "2026-13-01", None, None],
}
WRONG = [
    (0, "nights", "A002"),
    (1, "role", "A002"),
    (1, "minors", "A002"),
    (1, "commune", "A006"),
    (1, "time_slot", "A004"),
    (1, "at", "A009"),
    (2, "danger", "A002"),
    (2, "nights", "A002"),
    (2, "commune", "A006"),
    (3, "minors", "A002"),
    (3, "nights", "A002"),
    (3, "at", "A009"),
    (4, None, "A005"),
]


def test_bad_cells_are_found_by_row_and_column_and_never_shown(engine):
    checked = check_batch(BAD, engine=engine)
    assert [tuple(one.values()) for one in checked.problems.to_pylist()] == WRONG
    assert checked.clean.to_pylist() == [False] * 5 + [True]
    assert repr(checked) == "<Checked: 6 rows, 13 problems>"


def test_bad_cells_stop_the_batch_with_their_places(engine):
    found = problems(BAD, engine)
    numbers = {name: place for place, name in enumerate(BAD, 1)}
    places = [(code, (row + 1, numbers.get(name, 0))) for row, name, code in WRONG]
    assert [(code, where) for code, where, _ in found] == places


def test_an_error_about_cells_shows_no_cell(engine):
    with pytest.raises(IscgError) as error:
        recommend_batch(BAD, engine=engine)
    words = ("nobody", "perhaps", "99000", "vendredi", "31")
    assert [word for word in words if word in str(error.value)] == []


def test_after_twenty_bad_cells_the_rest_is_not_shown(engine):
    found = problems({"role": ["nobody"] * 30}, engine)
    assert [code for code, *_ in found] == ["A002"] * 20 + ["A008"]


def test_bad_rows_may_come_out_as_null(engine):
    got = recommend_batch(BAD, engine=engine, on_error="null").to_pylist()
    empty = dict.fromkeys(got[0])
    last = {name: column[5] for name, column in BAD.items() if name != "at"}
    assert got == [empty] * 5 + [said(engine, last, None, None)]


def test_a_word_of_a_dictionary_that_no_row_has_is_no_problem(engine):
    roles = pa.DictionaryArray.from_arrays(
        pa.array([0, 1, 0]), pa.array(["victim", None, "nobody"])
    )
    checked = check_batch({"role": roles}, engine=engine)
    assert checked.clean.to_pylist() == [True] * 3


def test_what_is_null_may_hold_anything_beneath(engine):
    mask = pa.py_buffer(bytes([0b101]))
    data = pa.py_buffer(np.array([0, 99, 0], np.int32))
    places = pa.Array.from_buffers(pa.int32(), 3, [mask, data])
    roles = pa.DictionaryArray.from_arrays(places, pa.array(["victim", "nobody"]), safe=False)
    got = recommend_batch({"role": roles}, engine=engine).to_pylist()
    known, unknown = (said(engine, row, None, None) for row in ({"role": "victim"}, {}))
    assert got == [known, unknown, known]


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"limit": -1}, "A011"),
        ({"limit": True}, "A011"),
        ({"threads": 0}, "A011"),
        ({"on_error": "skip"}, "A011"),
        ({"at": "vendredi"}, "A009"),
    ],
)
def test_an_option_out_of_bounds_is_refused(options, code, engine):
    assert [found[0] for found in problems(COLUMNS, engine, **options)] == [code]


def test_nothing_heavy_is_imported_before_it_is_needed():
    code = (
        "import sys, iscg_rules.batch, iscg_rules.cli;"
        "print({'numpy', 'pyarrow', 'tqdm'} & {*sys.modules})"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_without_the_extra_the_command_to_install_it_is_said():
    code = (
        "import sys; sys.modules['pyarrow'] = None\n"
        "from iscg_rules import IscgError, batch\n"
        "try: batch.recommend_batch\n"
        "except IscgError as error: print(error)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "iscg-rules[batch]" in done.stdout
