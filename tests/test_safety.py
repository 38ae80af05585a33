"""The safety case: what it names exists, holds and runs; what is missing is said."""

import contextlib
import io
import json
import re
import shutil
from pathlib import Path
from types import SimpleNamespace

import jsonschema
import pytest

from iscg_rules.cli import main
from iscg_rules.safety.named_tests import load_test_names, named_but_not_run
from tests.conftest import ControlsRan, is_whole_run

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def case():
    """The shipped case as JSON, with every control proven, run and looked up."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        assert main(["safety", "--format", "json"]) == 0
    return json.loads(out.getvalue())


def test_every_hazard_is_held_or_says_what_remains(case):
    hazards = case["hazards"]
    assert len(hazards) >= 30
    assert [h["id"] for h in hazards if not h["controls"] and not h["residual"]] == []
    assert [h["id"] for h in hazards if not h["sources"]] == []


def test_every_grave_hazard_has_a_proven_guarantee_or_says_why_none_can_say_it(case):
    grave = [hazard for hazard in case["hazards"] if hazard["severity"] == "grave"]
    proven = {h["id"] for h in grave if "proven" in {c["status"] for c in h["controls"]}}
    assert len(grave) >= 15
    assert {h["id"] for h in grave} - proven == {h["id"] for h in grave if h["unprovable"]}


def test_a_reader_sees_at_once_which_grave_hazards_nothing_proves(case, said):
    told = {h["id"]: h["unprovable"] for h in case["hazards"] if h["unprovable"]}
    for form in ("text", "markdown"):
        text = said("safety", "--without-proof", "--format", form)
        # Without the ends of lines, the no-break spaces and the escapes.
        plain = " ".join(text.replace("\\", "").split())
        assert re.findall(r"(\S+) · grave, sans preuve possible", plain) == [*told]
        assert f"sans preuve possible, chacun dit pourquoi : {', '.join(told)}." in plain
        plain = plain.replace("*", "")
        whys = [f"Pourquoi rien ne le prouve : {' '.join(why.split())}" for why in told.values()]
        assert [why for why in whys if why not in plain] == []


def test_the_page_counts_what_the_case_holds(case):
    text = (ROOT / "docs" / "safety.md").read_text("utf-8")
    grave = sum(hazard["severity"] == "grave" for hazard in case["hazards"])
    assert f"{len(case['hazards'])} dangers, dont {grave} graves" in text


def test_the_json_keeps_its_published_schema(case):
    jsonschema.validate(case, json.loads((ROOT / "schemas" / "safety_case.json").read_text()))
    assert {c["status"] for h in case["hazards"] for c in h["controls"]} == {
        "proven",
        "kept",
        "examined",
        "listed",
    }


def test_away_from_the_tests_and_the_solver_nothing_is_claimed(tmp_path, said):
    shutil.copytree(ROOT / "safety", tmp_path / "safety")
    path = str(tmp_path / "safety" / "hazards.yaml")
    for form in ("text", "markdown"):
        text = said("safety", "--hazards", path, "--without-proof", "--format", form)
        assert "RIEN N’EST PROUVÉ" in text
        assert "les tests ne sont pas livrés ici" in text
        assert "prouvée pour toute situation" not in text
        assert "grave-signs-drowned · grave" in text


def run_of(named, *reports):
    run = ControlsRan(named)
    for node, when, outcome in reports:
        run.pytest_runtest_logreport(SimpleNamespace(nodeid=node, when=when, outcome=outcome))
    session = SimpleNamespace(exitstatus=pytest.ExitCode.OK)
    run.pytest_sessionfinish(session)
    return session.exitstatus, run.missing


RAN = ("tests/test_a.py::test_b[1]", "call", "passed")


@pytest.mark.parametrize(
    ("reports", "missing"),
    [
        ([RAN], []),
        # As pytest-xdist names those that it keeps together.
        ([("tests/test_a.py::test_b@group", "call", "passed")], []),
        ([("tests/test_a.py::test_b[1]@group", "call", "passed")], []),
        ([], ["tests/test_a.py::test_b"]),
        ([("tests/test_a.py::test_b[1]", "setup", "passed")], ["tests/test_a.py::test_b"]),
        ([RAN, ("tests/test_a.py::test_b[2]", "setup", "skipped")], ["tests/test_a.py::test_b"]),
        ([RAN, ("tests/test_a.py::test_b[2]", "call", "failed")], ["tests/test_a.py::test_b"]),
        ([("tests/test_a.py::test_c", "call", "passed")], ["tests/test_a.py::test_b"]),
    ],
)
def test_a_whole_run_fails_where_a_named_test_did_not_pass(reports, missing):
    status, found = run_of({"tests/test_a.py::test_b"}, *reports)
    assert found == missing
    assert status == (pytest.ExitCode.TESTS_FAILED if missing else pytest.ExitCode.OK)


@pytest.mark.parametrize(
    ("change", "is_whole"),
    [
        ({}, True),
        ({"keyword": "shelter"}, False),
        ({"markexpr": "slow"}, False),
        ({"deselect": ["tests/test_a.py"]}, False),
        ({"lf": True}, False),
        ({"args_source": "args"}, False),
        ({"workerinput": {}}, False),
    ],
)
def test_only_a_whole_run_is_held_to_it(change, is_whole):
    option = {"keyword": "", "deselect": None, "ignore": None, "collectonly": False}
    option |= {"markexpr": "not slow", "lf": False}
    config = {"args_source": "testpaths", "ArgsSource": SimpleNamespace(TESTPATHS="testpaths")}
    for key, value in change.items():
        (option if key in option else config)[key] = value
    assert is_whole_run(SimpleNamespace(option=SimpleNamespace(**option), **config)) is is_whole


def test_a_slow_test_and_one_in_a_file_that_cannot_be_read_are_not_there(tmp_path):
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "test_a.py").write_text(
        "import pytest\n\ndef test_b():\n    pass\n\n@pytest.mark.slow\ndef test_c():\n    pass\n"
    )
    (tmp_path / "tests" / "test_d.py").write_text("def test_e(:\n")
    named = [f"tests/test_{name}" for name in ("a.py::test_b", "a.py::test_c", "d.py::test_e")]
    there = load_test_names(tmp_path, [*named, "tests/test_nowhere.py::test_f"])
    assert there == {"tests/test_a.py::test_b"}
    assert named_but_not_run(named, ["tests/test_a.py::test_b"], []) == named[1:]
