"""`iscg-rules review` as a reviewer uses it: what stands against merging, and only what is new."""

import json
import shutil
from pathlib import Path

import pytest

from iscg_rules.cli import main
from tests.test_diff import edit

TOY = Path(__file__).parent / "toy"
DANGER = "- {to: police, urgency: now, strength: must, sharing: peril}"
NEVER = ("    when: {danger: yes}\n    orient:", "    when: {danger: no}\n    orient:")
PROMISE = """\
guarantees:
  - id: police-in-danger
    when: {danger: yes}
    then: {includes_any: [police]}
    because: {fr: La police vient.}
"""
CASE = """\
cases:
  - id: in-danger
    title: {fr: En danger}
    situation: {danger: yes}
    expect: {first: police, urgency: {police: now}}
"""


@pytest.fixture
def project(tmp_path, monkeypatch):
    """Give a project with a promise and a case, and the same under `before`."""
    for name in (".", "before"):
        folder = tmp_path / name
        shutil.copytree(TOY, folder, dirs_exist_ok=True)
        (folder / "rules" / "guarantees.yaml").write_text(PROMISE, "utf-8")
        (folder / "rules" / "cases").mkdir(exist_ok=True)
        (folder / "rules" / "cases" / "danger.yaml").write_text(CASE, "utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def review(capsys):
    def run(*arguments):
        code = main(["review", "before", "--at", "2026-11-25", *arguments])
        out, err = capsys.readouterr()
        return code, out or err

    return run


@pytest.mark.usefixtures("project")
def test_nothing_stands_against_no_change(review):
    code, text = review()
    assert code == 0
    assert text.splitlines()[0] == "Rien ne s’oppose à fusionner."
    assert "constats" not in text


def test_other_words_alone_may_pass(project, review):
    edit(project, "Parler aide.", "Parler fait du bien.")
    code, text = review()
    assert code == 0
    assert text.startswith("Rien n’est rompu. À lire avant de fusionner\u00a0: 1 texte changé.\n")
    assert "Parler fait du bien." in text


def test_a_broken_promise_names_the_changed_rule_and_the_kind_where_it_changed(project, review):
    edit(project, *NEVER)
    code, text = review("--format", "json")
    found = json.loads(text)
    assert code == 1
    (broken,) = (one for one in found["broken"] if one["code"] == "G002")
    line = (
        (project / "rules" / "all.yaml")
        .read_text("utf-8")
        .split("\n")
        .index("  - id: danger-police")
    )
    assert broken["rules"] == ["danger-police"]
    assert (broken["file"], broken["line"]) == ("rules/all.yaml", line + 1)


PHONE = """\
guarantees:
  - id: phone-for-authors
    when: {role: alleged_author}
    then: {includes_any: [phone]}
"""
NEARER = """\
rules:
  - id: phone-too
    when: {role: alleged_author, danger: yes}
    orient: [{to: phone, urgency: week, strength: may, sharing: none}]
    because: {fr: Un numéro de plus.}
    source: {title: Test, trust: A}
"""


def test_a_promise_that_was_broken_before_is_not_new_though_another_rule_explains_it(
    project, review
):
    for folder in (project, project / "before"):
        (folder / "rules" / "guarantees.yaml").write_text(PHONE, "utf-8")
    (project / "rules" / "nearer.yaml").write_text(NEARER, "utf-8")
    _, text = review("--format", "json")
    assert [one for one in json.loads(text)["broken"] if one["code"] == "G002"] == []


def test_of_several_changed_rules_the_one_behind_a_broken_promise_is_named(project, review):
    (project / "rules" / "nearer.yaml").write_text(
        NEARER.replace("to: phone", "to: police").replace("when: {", "when: {nights: {min: 9}, "),
        "utf-8",
    )
    edit(project, *NEVER)
    found = json.loads(review("--format", "json")[1])
    (broken,) = (one for one in found["broken"] if one["code"] == "G002")
    assert broken["broken"]["rules"][0]["rule"] == "danger-police"
    assert broken["rules"] == ["danger-police"]


def test_a_case_that_fails_now_is_told_from_one_that_failed_before(project, review):
    failing = CASE.replace("in-danger", "never-kept").replace("first: police", "first: judge")
    for folder in (project, project / "before"):
        (folder / "rules" / "cases" / "never.yaml").write_text(failing, "utf-8")
    edit(project, DANGER, DANGER.replace("now", "week"))
    found = json.loads(review("--format", "json")[1])
    assert {one["case"]: one["was_kept"] for one in found["failing"]} == {
        "in-danger": True,
        "never-kept": False,
    }


ADVISED = """\
  - id: advised
    title: {fr: Conseillé}
    situation: {danger: yes}
    expect: {advice: [no-mediation]}
"""


def test_a_case_that_names_a_rule_that_went_is_told_though_no_case_changed(project, review):
    for folder in (project, project / "before"):
        (folder / "rules" / "cases" / "danger.yaml").write_text(CASE + ADVISED, "utf-8")
    assert review()[0] == 0
    edit(project, "id: no-mediation", "id: never-mediation")
    code, text = review()
    assert code == 2
    assert "rules/cases/danger.yaml:9:23: V006" in text


def test_a_case_that_was_wrong_before_is_told_too(project, review):
    unknown = CASE.replace("first: police", "first: nobody")
    for folder in (project, project / "before"):
        (folder / "rules" / "cases" / "danger.yaml").write_text(unknown, "utf-8")
    code, text = review()
    assert code == 2
    assert "rules/cases/danger.yaml:5:" in text
    assert "V004" in text


def test_a_new_condition_that_no_case_shows_comes_with_a_case_that_would(project, review):
    edit(project, "    when: {role: victim}", "    when: {role: victim, danger: no}")
    found = json.loads(review("--format", "json")[1])
    assert any(one["id"] == "listen" and one["draft"] for one in found["unseen"])
    assert {one["id"] for one in found["unseen"]} == {"listen"}


def test_a_case_to_paste_names_its_file_is_indented_as_there_and_comes_once(project, review):
    # Either part, turned into its contrary, is seen by the same case.
    edit(
        project,
        "    when: {role: victim}",
        "    when: {role: victim, danger: no, consent_to_share: yes}",
    )
    text = review()[1]
    lines = text.split("\n")
    pasted = [number for number, line in enumerate(lines) if "- id: cas-listen" in line]
    assert pasted
    assert all(lines[number].startswith("  - id: ") for number in pasted)
    assert "à coller à la fin de rules/cases/all.yaml" in text
    bodies = [tuple(lines[number + 1 : number + 6]) for number in pasted]
    assert len(set(bodies)) == len(bodies)


def test_a_changed_rule_is_said_with_what_it_touches(project, review):
    edit(project, "    when: {role: victim}", "    when: {role: victim, danger: no}")
    second = review()[1].split("\n")[1]
    assert second.startswith("La règle `listen` touche\u00a0: ")


def test_what_was_there_before_is_not_told(project, review):
    edit(project / "before", DANGER, DANGER.replace("now", "week"))
    edit(project, DANGER, DANGER.replace("now", "week"))
    found = json.loads(review("--format", "json")[1])
    assert (found["broken"], found["findings"], found["remarks"]) == ([], [], [])


def test_sarif_points_at_the_lines(project, review):
    edit(project, *NEVER)
    log = json.loads(review("--format", "sarif")[1])
    (run,) = log["runs"]
    assert log["version"] == "2.1.0"
    errors = [one for one in run["results"] if one["level"] == "error"]
    assert {one["ruleId"] for one in errors} >= {"G002", "C001"}
    assert {one["ruleId"] for one in run["results"]} == {
        one["id"] for one in run["tool"]["driver"]["rules"]
    }
    places = [one["locations"][0]["physicalLocation"] for one in errors if "locations" in one]
    assert {place["artifactLocation"]["uri"] for place in places} >= {"rules/all.yaml"}


def test_markdown_leads_with_the_verdict(project, review):
    edit(project, *NEVER)
    text = review("--format", "markdown")[1]
    assert text.splitlines()[:3] == ["# Peut-on fusionner ?", "", text.splitlines()[2]]
    assert text.splitlines()[2].startswith("À ne pas fusionner\u00a0: ")
    assert "```yaml" in text or "## Ce qui est rompu" in text


def test_cases_that_cannot_be_read_are_refused(project, review):
    (project / "rules" / "cases" / "danger.yaml").write_text("cases: oups\n", "utf-8")
    code, text = review()
    assert code == 2
    assert "rules/cases/danger.yaml:1:8" in text


def test_a_guard_that_is_gone_is_told_though_nothing_fails(project, review):
    edit(project, PROMISE, "guarantees: []\n", "rules/guarantees.yaml")
    edit(
        project, "expect: {first: police,", "expect: {includes: police,", "rules/cases/danger.yaml"
    )
    code, said = review()
    assert code == 0
    assert said.startswith(
        "Rien n’est rompu. À lire avant de fusionner\u00a0: 2 choses que rien ne prouve"
    )
    assert "before/rules/guarantees.yaml" not in said
    assert "garantie retirée `police-in-danger`\n  La police vient.\n" in said
    assert "cas qui essaie ou attend autre chose `in-danger`" in said


def test_what_is_accepted_in_the_same_change_is_told_with_its_reason(project, review):
    known = 'accepted:\n  - {finding: W001, about: judge, because: {fr: "Connu."}}\n'
    edit(project, "guarantees:", f"{known}guarantees:", "rules/guarantees.yaml")
    code, said = review()
    assert code == 0
    assert "accepté\u00a0: W001 personne ne propose `judge`\n  raison\u00a0: Connu.\n" in said
    assert "constat nouveau" not in said


TO_READ = "Rien n’est rompu. À lire avant de fusionner\u00a0: "


@pytest.mark.parametrize(
    ("file", "before", "after", "verdict"),
    [
        ("rules/vocabulary.yaml", "fr: victime", "fr: auteur", "1 mot qui peut dire autre chose."),
        ("partners.yaml", "24/7", "Mo-Fr 09:00-17:00", "1 chose que rien ne prouve."),
        ("rules/all.yaml", "{title: Test, trust: A}", "{title: Un blog, trust: C}", "1 source"),
        (
            "rules/all.yaml",
            "    exclude: [{to: mediation}]\n",
            "",
            "46,7\u00a0% des situations, 1 interdit levé",
        ),
    ],
)
def test_what_only_a_reader_can_judge_is_in_the_first_line(
    project, review, file, before, after, verdict
):
    edit(project, before, after, file)
    code, text = review()
    assert code == 0
    assert text.startswith(TO_READ + verdict)


@pytest.mark.parametrize(
    ("file", "before", "after", "told"),
    [
        ("rules/cases/danger.yaml", "{danger: yes}", "{danger: yes, role: victim}", "in-danger"),
        ("rules/cases/danger.yaml", "    expect", "    at: 2026-11-27\n    expect", "in-danger"),
        (
            "partners.yaml",
            'hours: "24/7", contact: {phone: "115"}',
            'hours: "24/7", contact: {phone: "115", sms: "114"}',
            "shelter-35",
        ),
        (
            "partners.yaml",
            'hours: "24/7", contact',
            'hours: "24/7", closed: [{from: 2026-12-01, because: {fr: Travaux}}], contact',
            "police-17",
        ),
    ],
)
def test_what_a_case_tries_and_how_somebody_is_reached_is_told(
    project, review, file, before, after, told
):
    edit(project, before, after, file)
    code, said = review()
    assert code == 0
    assert f"`{told}`" in said.partition("rien ne prouve")[2]
