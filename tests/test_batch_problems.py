"""Everything that may be wrong with a table: said at once, with its place, never with an answer."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest

from iscg_rules import Engine, IscgError
from iscg_rules.batch import check_batch, recommend_batch
from iscg_rules.language.conditions import Test
from iscg_rules.model.rules import Impossible
from iscg_rules.reading.binding import LocalText
from tests.laws.tables import said

TOY = Path(__file__).parent / "toy"


@pytest.fixture(scope="module")
def engine():
    return Engine.load(TOY / "rules", TOY / "partners.yaml")


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
        (7, "A011"),
        ("role", "A011"),
        ({"role": ["victim"], "danger": [True, False]}, "A011"),
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


BAD: dict[str, list[Any]] = {
    "role": ["victim", "nobody", None, "victim", "alleged_author", "victim"],
    "danger": ["yes", "no", "perhaps", None, "yes", "yes"],
    "minors": [[], ["old"], None, ["older", None], [], []],
    "nights": [31.0, 2.0, float("nan"), -1.0, 30.0, 1.0],
    "commune": ["35288", "1004", "99000", None, None, "35288"],
    "time_slot": [None, "other", None, None, None, None],
    "at": ["2026-11-27", "vendredi", None, "2026-13-01", None, None],
}
WRONG: list[tuple[int, str | None, str]] = [
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
    numbers: dict[str | None, int] = {name: place for place, name in enumerate(BAD, 1)}
    places = [(code, (row + 1, numbers.get(name, 0))) for row, name, code in WRONG]
    assert [(code, where) for code, where, _ in found] == places


def test_what_is_drawn_from_the_moment_makes_nothing_impossible(engine):
    when = Test("time_slot", "time_slot", frozenset({"other"}))
    entry = Impossible.model_validate({"id": "night", "when": when, "because": LocalText(fr="x")})
    other = Engine(replace(engine.rule_set, impossible=(entry,)), engine.directory)
    night = "2026-11-27T22:30"
    got = recommend_batch({"role": ["victim"]}, engine=other, at=night).to_pylist()
    assert got == [said(other, {"role": "victim"}, night, None)]
    assert got[0]["kinds"]


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
    assert [found[0] for found in problems({"role": ["victim"]}, engine, **options)] == [code]


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
