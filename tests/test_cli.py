"""The command line as a worker and an author use it: real processes, real files."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

from iscg_rules import Engine
from iscg_rules.cli import main

ROOT = Path(__file__).parents[1]
FRIDAY = ROOT / "examples" / "friday-night.yaml"
QUIET = {"PATH": os.environ["PATH"], "LANG": "C", "LC_ALL": "C"}


def run(*arguments, stdin=None, env=None, cwd=None):
    return subprocess.run(
        [sys.executable, "-m", "iscg_rules", *map(str, arguments)],
        check=False,
        capture_output=True,
        input=stdin,
        encoding="utf-8",
        env=QUIET | (env or {}),
        cwd=cwd or ROOT,
    )


@pytest.fixture
def copy(tmp_path):
    """Give a copy of all shipped files, to be spoiled."""
    for folder in ("rules", "territories"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    shutil.copy(ROOT / "partners.yaml", tmp_path)
    return tmp_path


def test_friday_night_fits_a_screen_and_says_first_where_she_sleeps():
    done = run("recommend", FRIDAY)
    lines = done.stdout.splitlines()
    assert (done.returncode, done.stderr) == (0, "")
    assert lines[0] == "Orientations · vendredi 27/11 à 22\u00a0h\u00a030"
    headings = [line for line in lines if line.isupper() and line.lstrip() == line]
    assert headings == ["MAINTENANT", "CE SOIR", "DÈS L’OUVERTURE"]
    assert [line for line in lines if line.startswith("ENSUITE ")]
    assert lines[lines.index("MAINTENANT") + 1].startswith(" 1. Mise à l’abri")
    assert max(map(len, lines)) <= 80
    assert len(lines) <= 24


def test_a_closed_shelter_comes_after_the_line_that_answers():
    full = run("recommend", FRIDAY, "--full").stdout
    said = full.partition("1. Mise à l’abri")[2].partition("2. ")[0]
    assert said.index("→ Le 115") < said.index("fermé, ouvre lundi 30/11 à 9\u00a0h")


def test_the_three_formats_name_the_same_kinds_in_the_same_order():
    text, page, data = (
        run("recommend", FRIDAY, "--full", "--format", name).stdout
        for name in ("text", "markdown", "json")
    )
    labels = [orientation["label"] for orientation in json.loads(data)["orientations"]]
    assert [text.index(f". {label} (") for label in labels] == sorted(
        text.index(f". {label} (") for label in labels
    )
    assert [page.index(f". **{label}**") for label in labels] == sorted(
        page.index(f". **{label}**") for label in labels
    )
    assert len(labels) == len(set(labels)) > 5


def test_json_keeps_the_published_schema():
    data = json.loads(run("recommend", FRIDAY, "--format", "json").stdout)
    published = json.loads((ROOT / "schemas" / "recommendation.json").read_text("utf-8"))
    jsonschema.validate(data, published)
    assert data["version"] == 1


def test_a_situation_comes_through_a_pipe_as_json():
    answers = json.dumps({"immediate_danger": "yes"})
    done = run("recommend", "-", "--at", "2026-11-27T22:30", stdin=answers)
    assert (done.returncode, done.stderr) == (0, "")
    assert " 1. " in done.stdout.split("MAINTENANT")[1]


def test_without_a_moment_it_is_now():
    done = run("recommend", "-", "--format", "json", stdin="immediate_danger: yes")
    assert json.loads(done.stdout)["at"] is not None


def test_what_is_now_or_must_survives_the_limit():
    got = json.loads(run("recommend", FRIDAY, "--format", "json", "--limit", "0").stdout)
    assert {(o["urgency"] == "now") or (o["strength"] == "must") for o in got["orientations"]} == {
        True
    }
    assert got["left_out"] > 0


@pytest.mark.durable
def test_either_evaluator_and_both_print_the_same():
    options = ((), ("--evaluator", "durable"), ("--cross-check",))
    printed = {run("recommend", FRIDAY, *option).stdout for option in options}
    assert len(printed) == 1


def test_a_bad_situation_gives_all_problems_and_never_an_answer():
    done = run("recommend", "-", stdin="housing: chez Zoé\nrole: vedette\nimediate_danger: yes\n")
    assert (done.returncode, done.stdout) == (2, "")
    assert [line.split()[1] for line in done.stderr.splitlines() if line[:1] != " "] == [
        "A002",
        "A002",
        "A001",
    ]
    assert "vouliez-vous dire `immediate_danger`" in done.stderr
    assert "Zoé" not in done.stderr
    assert "vedette" not in done.stderr


def test_colours_are_for_terminals_only():
    assert "\x1b" not in run("recommend", FRIDAY, env={"TERM": "xterm"}).stdout


def test_a_reader_that_leaves_is_no_error():
    command = f"{sys.executable} -m iscg_rules recommend {FRIDAY} --format json | head -c 1"
    done = subprocess.run(
        ["/bin/bash", "-o", "pipefail", "-c", command],
        check=False,
        capture_output=True,
        cwd=ROOT,
        env=QUIET,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, b"{", b"")


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ((), "il manque"),
        (("recommend",), "il manque"),
        (("recommend", "-", "--limit", "deux"), "un nombre entier est attendu"),
        (("recommend", "-", "--format", "pdf"), "possible"),
        (("recommend", "-", "--at"), "une valeur est attendue"),
        (("show", "rule", "--couleur"), "argument inconnu"),
    ],
)
def test_wrong_use_is_explained_in_french(arguments, expected):
    done = run(*arguments, stdin="")
    assert (done.returncode, done.stdout) == (2, "")
    assert "emploi : iscg-rules" in done.stderr
    assert expected in done.stderr


@pytest.mark.parametrize(
    "arguments",
    [("recommend", "absent.yaml"), ("recommend", "rules"), ("recommend", "-", "--rules", "absent")],
)
def test_what_cannot_be_read_is_a_problem_and_no_traceback(arguments):
    done = run(*arguments, stdin="role: victim")
    assert (done.returncode, done.stdout) == (2, "")
    assert "Y00" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_shipped_rules_have_no_problem_and_all_cases_are_kept():
    checked, tested = run("check"), run("test")
    assert (checked.returncode, tested.returncode) == (0, 0)
    *shown, summary = checked.stdout.splitlines()
    assert "\u00a0: 0 problème, " in summary
    # What is known is accepted: only what nobody has looked at is on the screen.
    assert len(shown) < 40
    assert tested.stdout.endswith("\u00a0: tous obtiennent ce qu'ils attendent\n")


def test_check_shows_every_problem_of_every_file_with_its_place(copy):
    rules = copy / "rules" / "couple-support.yaml"
    rules.write_text(rules.read_text("utf-8").replace("urgency: week", "urgency: wek", 1), "utf-8")
    for partners in (copy / "partners.yaml", copy / "territories/pays-de-saint-malo/partners.yaml"):
        text = partners.read_text("utf-8")
        partners.write_text(text.replace("[emergency_shelter]", "[shelter]"), "utf-8")
    done = run("check", copy / "rules")
    problems = [line for line in done.stdout.splitlines() if " S004 " in line or " V004 " in line]
    assert done.returncode == 1
    assert [line.split(":")[0] for line in problems] == [
        "partners.yaml",
        "rules/couple-support.yaml",
        "territories/pays-de-saint-malo/partners.yaml",
    ]


def test_check_speaks_json(copy):
    (copy / "rules" / "new.yaml").write_text("rules:\n  - id: Bad Id\n", "utf-8")
    done = run("check", copy / "rules", "--format", "json")
    got = json.loads(done.stdout)
    assert done.returncode == 1
    assert {problem["code"] for problem in got["problems"]} == {"S002", "S006"}
    assert {problem["file"] for problem in got["problems"]} == {"rules/new.yaml"}
    assert got["findings"] == []


def test_strict_check_fails_on_remarks():
    assert run("check", "tests/toy/rules", "tests/toy/partners.yaml", "--strict").returncode == 1


@pytest.mark.parametrize(("name", "is_said"), [("unread.txt", True), ("unread.csv", False)])
def test_check_says_last_that_remarks_stop_nothing(copy, name, is_said):
    (copy / "rules" / name).touch()
    done = run("check", copy / "rules")
    assert done.returncode == 0
    assert ("rien ne bloque" in done.stdout.splitlines()[-1]) is is_said


def test_a_failing_case_says_what_it_wanted_and_what_it_got(copy):
    (copy / "rules" / "cases" / "wrong.yaml").write_text(
        "cases:\n"
        "  - id: wrong\n"
        "    title: {fr: Tout est faux}\n"
        "    situation: {role: victim, violence_context: intimate_partner, immediate_danger: yes}\n"
        "    expect:\n"
        "      first: lawyer\n"
        "      includes: [family_mediation]\n"
        "      excludes: [emergency_police, prosecutor]\n"
        "      possible: [emergency_police]\n"
        "      gaps: [emergency_police]\n"
        "      order: [specialised_dv_association, emergency_police]\n"
        "      urgency: {emergency_police: week}\n"
        "      partner: {emergency_police: crip-35}\n",
        "utf-8",
    )
    done = run("test", copy / "rules")
    assert done.returncode == 1
    by = ", par la règle `immediate-danger-police`"
    certain = f"`emergency_police` (certain{by}, servi par `police-secours`)"
    assert done.stdout.splitlines()[:10] == [
        "rules/cases/wrong.yaml:2:5: C001 wrong, Tout est faux",
        f"  - en premier, attendu `lawyer`, obtenu `emergency_police`{by}",
        (
            "  - orientation attendue et absente : `family_mediation` "
            "(exclu par la règle `no-mediation-with-violence`)"
        ),
        f"  - `emergency_police` ne devait pas venir, et c'est une orientation{by}",
        (
            "  - `prosecutor` ne devait pas venir, et reste possible ; des 21 règles qui y mènent, "
            "la plus proche, `couple-immediate-protection-order`, "
            "demande encore « Accord pour transmettre\u00a0: oui »"
        ),
        f"  - attendu comme possible : {certain}",
        f"  - attendu sans partenaire : {certain}",
        (
            "  - ordre attendu `specialised_dv_association`, `emergency_police`, obtenu "
            "`emergency_police`, `specialised_dv_association`"
        ),
        f"  - urgence de `emergency_police` : attendu `week`, obtenu `now`{by}",
        "  - partenaire de `emergency_police` : attendu `crip-35`, obtenu `police-secours`",
    ]


def test_test_speaks_json():
    got = json.loads(run("test", "--format", "json").stdout)
    assert {case["kept"] for case in got["cases"]} == {True}


@pytest.mark.parametrize(
    ("what", "name", "expected"),
    [
        ("rule", "bed-tonight", "Source\u00a0:"),
        ("partner", "asfad-platform", "02 99 54 44 88"),
        ("attribute", "housing", "must_leave_tonight"),
        ("kind", "family_mediation", "no-mediation-with-violence"),
        ("ground", "armed_visitor", "armed-dangerous-person"),
    ],
)
def test_show_says_what_a_word_means(what, name, expected):
    listed, shown, unknown = run("show", what), run("show", what, name), run("show", what, name[1:])
    assert any(line.split()[0] == name for line in listed.stdout.splitlines() if line[0] != " ")
    assert expected in shown.stdout
    assert shown.stdout.startswith(f"{name} · ")
    assert unknown.returncode == 2
    assert f"vouliez-vous dire `{name}`" in unknown.stderr


@pytest.mark.parametrize(
    ("what", "words", "names"),
    [
        ("attribute", "Fragilités", ["vulnerability"]),
        ("attribute", "logement", ["housing"]),
        ("kind", "plainte", ["police_gendarmerie_complaint", "forensic_unit_without_complaint"]),
    ],
)
def test_show_understands_a_french_word(said, what, words, names):
    told = said("show", what, words)
    firsts = [line.split()[0] for line in told.splitlines() if line[0] != " "]
    assert [first for first in firsts if ":" not in first] == names
    # One match is shown in full, several are listed.
    assert (" · " in told) == (len(names) == 1)


def test_new_case_finds_a_rule_by_its_beginning_or_names_those_that_begin_so(said, capsys):
    assert "  - id: cas-bed-tonight-no-children-saint-malo" in said("new", "case", "bed-tonight-no")
    assert main(["new", "case", "sexual-assault-e"]) == 2
    told = capsys.readouterr().err
    for rule in ("sexual-assault-evidence-without-complaint", "sexual-assault-exam-by-choice"):
        assert f"`{rule}`" in told
    assert "`sexual-assault-complaint`" not in told


def test_a_new_rule_loads_as_it_is(copy):
    (copy / "rules" / "mine.yaml").write_text(run("new", "rule", "ma-regle").stdout, "utf-8")
    done = run("check", copy / "rules")
    assert (done.returncode, done.stderr) == (0, "")


@pytest.fixture
def loaded_once(monkeypatch):
    """Let `new` and `schema` read the shipped rules once, and not once a rule or a schema."""
    engine = Engine.load()
    monkeypatch.setattr("iscg_rules.cli.new.Engine.load", lambda *_, **__: engine)


@pytest.mark.usefixtures("loaded_once")
def test_a_new_case_of_a_rule_is_kept_as_it_is(copy, said):
    titles = said("show", "rule").splitlines()
    rules = [line.split()[0] for line in titles if not line.startswith(" ")][::3]
    skeletons = [said("new", "case", rule).partition("cases:\n")[2] for rule in rules]
    (copy / "rules" / "cases" / "mine.yaml").write_text("cases:\n" + "".join(skeletons), "utf-8")
    assert len(rules) > 30
    said("test", str(copy / "rules"))


@pytest.mark.usefixtures("loaded_once")
def test_every_schema_is_printed_by_its_name(said):
    names = said("schema").split()
    titles = [json.loads(said("schema", name))["title"] for name in names]
    assert "" not in titles
    assert len(set(titles)) == len(names)
