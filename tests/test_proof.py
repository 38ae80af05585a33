"""What `check` proves, as an author, a forge and an application read it."""

import json
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import jsonschema
import pytest

from iscg_rules import Engine
from iscg_rules.cli import main
from iscg_rules.errors import IscgError
from iscg_rules.language.answer_checks import make_situation
from iscg_rules.model.files import find_files
from iscg_rules.model.written_project import read_project
from iscg_rules.proof.cases.drafted_case import draft
from iscg_rules.proof.findings import all_findings
from iscg_rules.proof.findings.finding import ReplayError
from iscg_rules.proof.findings.rule_findings import find_about_rules
from iscg_rules.proof.solver.gates import FALSE, TRUE, SolverCircuit

ROOT = Path(__file__).parents[1]
BAD = ROOT / "tests" / "bad"
CHECK = ["check", "rules", "partners.yaml", "--at", "2026-11-24"]


def lay(folder, name):
    shutil.copytree(BAD / name / "rules", folder / "rules", dirs_exist_ok=True)


def test_a_broken_guarantee_ends_in_1_and_a_remark_in_0(toy, capsys):
    assert main(CHECK) == 0
    # F001; U001 twice: nobody at the listening line, and no shelter outside the département.
    assert "toutes les situations examinées (3 constats)" in capsys.readouterr().out
    lay(toy, "G002-broken-guarantee")
    assert main(CHECK) == 1
    assert "(2 fautes, 3 constats)" in capsys.readouterr().out


@pytest.mark.usefixtures("toy")
def test_strict_ends_in_1_when_anything_is_found(capsys):
    assert main([*CHECK, "--strict"]) == 1
    assert "F001" in capsys.readouterr().out


def test_groups_beyond_the_sixth_are_counted(toy, capsys):
    words = toy / "rules" / "vocabulary.yaml"
    author = "      - {id: alleged_author, label: {fr: personne mise en cause}}\n"
    more = "".join(author.replace("alleged_author", f"other_{place}") for place in range(7))
    words.write_text(words.read_text("utf-8").replace(author, author + more), "utf-8")
    (toy / "rules" / "guarantees.yaml").write_text("report_by: [role, danger]\n", "utf-8")
    main([*CHECK, "--format", "json"])
    found = [one for one in json.loads(capsys.readouterr().out)["proofs"] if one["code"] == "F001"]
    # Eight who are not a victim, each without danger: six are told, and two are left.
    assert [one["example"] is None for one in found] == [False] * 6 + [True]
    assert found[-1]["help"] == "2 autres groupes : corriger d'abord ceux-ci"


def test_what_is_to_paste_loads_as_it_is(toy, capsys):
    main([*CHECK, "--format", "json"])
    found = json.loads(capsys.readouterr().out)["proofs"]
    first = next(one for one in found if one["code"] == "F001")
    (toy / "rules" / "pasted.yaml").write_text(first["sketch"], "utf-8")
    lay(toy, "G002-broken-guarantee")
    main([*CHECK, "--format", "json"])
    broken = json.loads(capsys.readouterr().out)
    assert broken["problems"] == []
    others = [one["example"] for one in broken["proofs"] if one["code"] == "F001"]
    assert first["example"] not in others
    case = next(one["sketch"] for one in broken["proofs"] if one["code"] == "G002")
    (toy / "rules" / "cases").mkdir(exist_ok=True)
    (toy / "rules" / "cases" / "pasted.yaml").write_text(case, "utf-8")
    assert main(["test", "rules", "partners.yaml"]) == 1
    assert "garantie-child-is-served" in capsys.readouterr().out


def test_json_keeps_the_published_schema(toy, capsys):
    lay(toy, "G002-broken-guarantee")
    main([*CHECK, "--format", "json"])
    published = json.loads((ROOT / "schemas" / "check.json").read_text("utf-8"))
    jsonschema.validate(json.loads(capsys.readouterr().out), published)


def test_annotations_say_where_and_how_bad(toy, capsys):
    lay(toy, "G002-broken-guarantee")
    assert main([*CHECK, "--format", "github"]) == 1
    lines = capsys.readouterr().out.splitlines()
    broken = next(line for line in lines if "title=G002" in line)
    assert broken.startswith("::error file=rules/guarantees.yaml,line=2,col=5,title=G002::")
    assert "%0A" in broken
    assert [line for line in lines if line.startswith("::warning title=F001::")] != []
    assert [line for line in lines if line.startswith("::notice")] != []


def test_the_same_bytes_come_out_whatever_the_hash_seed():
    command = [
        sys.executable,
        "-m",
        "iscg_rules",
        "check",
        "--format",
        "json",
        "--at",
        "2026-11-24",
    ]
    outputs = {
        subprocess.run(
            command, cwd=ROOT, env={"PYTHONHASHSEED": seed}, capture_output=True, check=True
        ).stdout
        for seed in ("0", "1")
    }
    assert len(outputs) == 1


@pytest.mark.usefixtures("toy")
def test_without_the_solver_check_goes_on_and_says_so(capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "pysat.solvers", None)
    assert main(CHECK) == 3
    first, *_, last = capsys.readouterr().out.splitlines()
    assert first.startswith("RIEN N’EST PROUVÉ\u00a0: ")
    assert "pip install 'iscg-rules[proof]'" in first
    assert last.endswith("rien de prouvé")
    assert main([*CHECK, "--without-proof"]) == 0
    assert capsys.readouterr().out.startswith("RIEN N’EST PROUVÉ")


def test_without_the_solver_a_proof_is_an_error_with_its_remedy(monkeypatch):
    monkeypatch.setitem(sys.modules, "pysat.solvers", None)
    with pytest.raises(IscgError, match="A012"):
        SolverCircuit()


def test_an_example_that_the_reference_does_not_see_is_our_mistake(toy, capsys, monkeypatch):
    lay(toy, "G002-broken-guarantee")
    monkeypatch.setattr("iscg_rules.proof.findings.promise_findings.broken_promises", lambda *_: [])
    assert main(CHECK) == 3
    assert ReplayError.__name__ in capsys.readouterr().err


def test_nothing_is_imported_for_proofs_before_they_are_asked_for():
    named = "[name for name in sys.modules if 'pysat' in name or 'proof' in name]"
    script = f"import iscg_rules, sys; print({named})"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)
    assert done.stdout.split() == [b"[]"]


def test_gates_fold_and_count():
    gates = SolverCircuit()
    a, b, c = (gates.variable() for _ in range(3))
    assert gates.all_of([]) == TRUE
    assert gates.any_of([]) == FALSE
    assert gates.all_of([a, TRUE]) == a
    assert gates.all_of([a, -a]) == FALSE
    assert gates.all_of([a, b]) == gates.all_of([b, a, a])
    two = gates.at_least(2, [a, b, c])
    assert gates.is_possible([two, a, b, -c])
    assert not gates.is_possible([two, a, -b, -c])
    assert not gates.is_possible([-two, b, c])
    assert gates.at_least(0, []) == TRUE
    assert gates.at_least(4, [a, b, c]) == FALSE
    assert not gates.is_possible([gates.differ(a, b), a, b])


def test_what_was_seen_says_nothing_of_later_gates():
    gates = SolverCircuit()
    a = gates.variable()
    assert gates.is_possible([a])
    held = gates.held()
    b = gates.variable()
    assert held.has_all([a])
    assert not held.has_all([b])
    assert not held.has_all([-b])


def promised(toy, capsys, between, allowed):
    guarantee = (
        "guarantees:\n  - id: both-towns\n"
        f"    changing: {{attribute: commune, between: [{between}]}}\n"
        f"    then: {{nothing_but: [{allowed}]}}\n"
    )
    (toy / "rules" / "guarantees.yaml").write_text(guarantee, "utf-8")
    main([*CHECK, "--format", "json"])
    found = json.loads(capsys.readouterr().out)
    assert found["problems"] == []
    return [one["message"] for one in found["proofs"] if one["code"] == "G002"]


def test_two_areas_get_the_same_help_from_other_partners(toy, capsys):
    assert promised(toy, capsys, "saint-malo, dinard", "partner") == []
    broken = "la garantie `both-towns` est rompue\u00a0: autre chose change"
    assert promised(toy, capsys, "saint-malo, dinard", "advice") == [broken]


def test_a_draft_names_a_commune_that_may_be_answered():
    # 00000 stands, in proofs, for every commune that no area names.
    rule_set = Engine.load().rule_set
    text = draft(rule_set, "elsewhere", {"commune": "00000"}, None, {"includes": ["crip"]})
    assert 'commune: "75056"' in text
    assert make_situation(rule_set.vocabulary, {"commune": "75056"}).values


def drafts(capsys, day):
    main(["mutate", "--rules", "rules", "--partners", "partners.yaml", "--at", day])
    return capsys.readouterr().out


def test_a_draft_is_the_same_tomorrow(toy, capsys):
    # Docs hold such drafts: they failed at midnight. Where other rules exist, the day is theirs.
    rules = toy / "rules" / "all.yaml"
    rules.write_text(
        rules.read_text("utf-8").replace(
            "valid: {from: 2015-03-01, until: 2020-12-31}", "valid: {from: 2028-03-01}"
        ),
        "utf-8",
    )
    today, later = (drafts(capsys, day) for day in ("2026-11-24", "2027-03-04"))
    assert today == later
    assert "at: 2026-11-27T22:30" in today
    assert "at: 2028-03-01T22:30" in drafts(capsys, "2028-03-01")


def test_what_is_said_of_edited_rules_first_is_not_worked_out_again(toy, monkeypatch):
    read = read_project(find_files(str(toy / "rules"), str(toy / "partners.yaml"), None, []), [])
    asked = []

    def asking(asker, only):
        asked.append((asker.period.day, only))
        return find_about_rules(asker, only)

    monkeypatch.setattr(all_findings, "find_about_rules", asking)
    rules, parts = read.rule_set, (read.directory, read.guarantees)
    steps = all_findings.prove_in_steps(rules, *parts, day=date(2026, 11, 24), only={*rules.rules})
    assert len([*steps]) == 2
    assert asked
    assert len(asked) == len({day for day, _ in asked})
