"""`iscg-rules coverage` and `mutate`, on a small rule set and on the shipped ones."""

import json
import re
import shutil
from datetime import date
from pathlib import Path

import jsonschema
import pytest

from iscg_rules import Engine
from iscg_rules.cli import main
from iscg_rules.model.cases import read_cases
from iscg_rules.model.files import find_files
from iscg_rules.proof.cases import mutation
from iscg_rules.proof.cases.coverage import cover
from iscg_rules.proof.cases.mutation import mutate

ROOT = Path(__file__).parents[1]
DAY = "2026-11-25"
DANGER = """\
cases:
  - id: in-danger
    title: {fr: "En danger"}
    situation: {danger: yes}
    expect: {first: police}
"""


@pytest.fixture
def toy(tmp_path):
    """Give a copy of the small rule set, with one case."""
    shutil.copytree(ROOT / "tests" / "toy", tmp_path, dirs_exist_ok=True)
    (tmp_path / "rules" / "cases").mkdir()
    write_cases(tmp_path, DANGER)
    return tmp_path


def write_cases(toy, text):
    (toy / "rules" / "cases" / "cases.yaml").write_text(text, "utf-8")


def run(toy, capsys, command, *more):
    """Run a command on the small rule set; give its exit code and what it printed."""
    files = ["--rules", str(toy / "rules"), "--partners", str(toy / "partners.yaml")]
    code = main([command, *files, "--at", DAY, *more])
    return code, "".join(capsys.readouterr())


def drafts_of(report):
    """Collect every draft of a JSON report, wherever it stands."""
    return re.findall(r'"draft": ("(?:[^"\\]|\\.)*")', report)


def with_drafts(report):
    return DANGER + "".join(map(json.loads, drafts_of(report)))


def shipped(territory):
    engine = Engine.load(territory=territory)
    folders = find_files(None, None, territory, []).folders()
    known = frozenset(engine.rule_set.rules)
    cases = read_cases(folders, engine.rule_set.vocabulary, known, [])
    return engine.rule_set, engine.directory, cases


def test_a_test_that_no_case_shows_is_named_beside_the_words_of_its_rule(toy, capsys):
    code, text = run(toy, capsys, "coverage", "--rule", "danger-police")
    assert code == 1
    assert "all.yaml:6: danger-police" in text
    assert "✗ Danger\u00a0: oui\u00a0: aucun cas ne la montre fausse à elle seule" in text
    assert "1 cas\u00a0: 1 effets montrés sur 2 (50,0\u00a0%)" in text


def test_a_case_pasted_from_what_is_missing_shows_everything(toy, capsys):
    code, report = run(toy, capsys, "coverage", "--missing", "--format", "json")
    write_cases(toy, with_drafts(report))
    after = run(toy, capsys, "coverage")
    assert (code, after[0]) == (1, 0)
    assert "(100,0\u00a0%)" in after[1]
    assert "✗" not in after[1]


def test_a_case_pasted_from_a_mutant_notices_it(toy, capsys):
    code, report = run(toy, capsys, "mutate", "--format", "json")
    write_cases(toy, with_drafts(report))
    tested = main(["test", str(toy / "rules"), str(toy / "partners.yaml")])
    after = run(toy, capsys, "mutate")
    assert (code, tested, after[0]) == (1, 0, 0)
    assert "(100,0\u00a0%)" in after[1]


def test_a_mutant_is_told_with_its_place_and_the_case_that_would_see_it(toy, capsys):
    code, text = run(toy, capsys, "mutate", "--rule", "no-mediation")
    assert code == 1
    assert "all.yaml:34: no-mediation\u00a0: exclusion retirée\u00a0: Médiation" in text
    assert "      excludes: [mediation]" in text


def test_a_retired_rule_has_only_changes_without_any_effect(toy, capsys):
    _, report = run(toy, capsys, "mutate", "--rule", "old-rule", "--format", "json")
    assert {change["fate"] for change in json.loads(report)["changes"]} == {"equivalent"}


def test_what_a_case_does_not_expect_it_does_not_notice(toy, capsys):
    write_cases(toy, DANGER.replace("{first: police}", "{excludes: [shelter]}"))
    _, report = run(toy, capsys, "mutate", "--rule", "danger-police", "--format", "json")
    assert "noticed" not in {change["fate"] for change in json.loads(report)["changes"]}


@pytest.mark.parametrize(("command", "schema"), [("coverage", "coverage"), ("mutate", "mutations")])
def test_the_json_of_a_report_keeps_its_published_schema(toy, capsys, command, schema):
    report = json.loads(run(toy, capsys, command, "--format", "json")[1])
    published = json.loads((ROOT / "schemas" / f"{schema}.json").read_text("utf-8"))
    jsonschema.validate(report, published)
    assert report["version"] == 1


@pytest.mark.parametrize("command", ["coverage", "mutate"])
def test_an_unknown_id_is_wrong_use_and_a_close_one_is_suggested(toy, capsys, command):
    code, text = run(toy, capsys, command, "--rule", "danger-polise")
    assert code == 2
    assert "V006" in text
    assert "vouliez-vous dire `danger-police` ?" in text


def test_an_example_that_the_reference_contradicts_is_a_mistake_of_ours(toy, capsys, monkeypatch):
    monkeypatch.setattr(mutation, "expected", lambda *_: {})
    code, text = run(toy, capsys, "mutate", "--rule", "danger-police")
    assert code == 3
    assert "ReplayError" in text


def test_a_draft_that_shows_nothing_is_a_mistake_of_ours(toy, capsys, monkeypatch):
    monkeypatch.setattr("iscg_rules.recommend.reference.impossible_entries", lambda *_: ["never"])
    code, text = run(toy, capsys, "coverage", "--rule", "danger-police", "--missing")
    assert code == 3
    assert "ReplayError" in text


@pytest.mark.parametrize("territory", ["pays-de-saint-malo", "rennes"])
def test_the_shipped_cases_show_the_effect_of_nearly_every_condition(territory):
    got = cover(*shipped(territory), day=date.fromisoformat(DAY))
    assert got.percent >= 95
    assert {one.shown.status for one in (*got.rules, *got.kinds)} == {"shown"}


@pytest.mark.slow
@pytest.mark.parametrize("territory", ["pays-de-saint-malo", "rennes"])
def test_the_shipped_cases_notice_nearly_every_change(territory):
    got = mutate(*shipped(territory), day=date.fromisoformat(DAY))
    assert got.percent >= 95
