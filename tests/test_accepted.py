"""What authors accept with a reason is counted and not shown; what changed is shown again."""

import json
from pathlib import Path

import pytest
import yaml

from iscg_rules import Engine
from iscg_rules.authoring.acceptance import about_of, accept, acceptance_sketch, exactly_of
from iscg_rules.cli import main
from iscg_rules.errors import Place, Problem
from iscg_rules.model.accepted import Accepted, AcceptedFinding
from iscg_rules.reading.binding import LocalText

ROOT = Path(__file__).parents[1]
HERE = Place("guarantees.yaml", 2, 5)
GAP = Problem("W001", "personne ne propose `judge`")
PARTIAL = Problem("W001", "personne ne propose `social` à Saint-Malo, Cancale")
IDLE = Problem("F004", "une condition de `listen` ne change rien\u00a0: sauf (Danger\u00a0: oui)")
ALONE = Problem("F014", "seuls des services généralistes sont conseillés\u00a0: Qualité = proche")
SAME = Problem("F009", "rien ne distingue ces réponses à `gender`\u00a0: `man`, `other`")
FOUND = (GAP, PARTIAL, IDLE, ALONE, SAME)


def entry(finding, about=(), exactly=None, *, is_own=True):
    model = Accepted(finding=finding, about=about, exactly=exactly, because=LocalText(fr="Connu."))
    return AcceptedFinding(model, HERE, dict.fromkeys(about, HERE), is_own=is_own)


def stale(*entries, is_proven=True):
    return [problem.message for problem in accept(FOUND, entries, is_proven=is_proven).stale]


@pytest.mark.parametrize(
    ("problem", "about", "exactly"),
    [
        (GAP, ("judge",), None),
        (PARTIAL, ("social",), "à Saint-Malo, Cancale"),
        (IDLE, ("listen",), "sauf (Danger : oui)"),
        (ALONE, (), "Qualité = proche"),
        (SAME, ("gender", "man", "other"), None),
        (Problem("W004", "une source de la règle `x` est à revoir"), ("x",), None),
    ],
)
def test_a_finding_is_named_by_what_it_says(problem, about, exactly):
    assert (about_of(problem), exactly_of(problem)) == (about, exactly)


def test_only_what_is_accepted_is_set_apart():
    one = entry("W001", ("judge", "adil"), is_own=False)
    assert accept(FOUND, [one], is_proven=True).reasons == {GAP: "Connu."}


def test_a_finding_that_names_more_than_what_is_accepted_is_shown():
    assert accept(FOUND, [entry("F009", ("gender", "man"))], is_proven=True).reasons == {}
    all_three = entry("F009", ("gender", "man", "other"))
    assert accept(FOUND, [all_three], is_proven=True).reasons == {SAME: "Connu."}


def test_findings_of_several_names_are_drafted_apart():
    other = Problem("F009", "rien ne distingue ces réponses à `housing`\u00a0: `tent`, `car`")
    draft = yaml.safe_load(acceptance_sketch([SAME, other, GAP]))["accepted"]
    assert [one["about"] for one in draft] == [
        ["gender", "man", "other"],
        ["housing", "tent", "car"],
        ["judge"],
    ]


def test_a_gap_that_gets_wider_is_not_what_was_accepted():
    one = entry("W001", ("social",), "Cancale")
    assert accept(FOUND, [one], is_proven=True).reasons == {}
    assert stale(one) == ["le constat W001 sur `social` a changé"]


def test_what_every_commune_lacks_is_more_than_what_some_lacked():
    wider = Problem("W001", "personne ne propose `social`")
    one = entry("W001", ("social",), "Saint-Malo, Cancale")
    assert accept([wider], [one], is_proven=True).reasons == {}


def test_a_name_of_which_nothing_is_found_is_told():
    assert stale(entry("W001", ("judge", "adil"))) == ["aucun constat W001 ne parle de `adil`"]
    assert stale(entry("F014", (), "Qualité = parent")) == [
        "ce constat F014 accepté n'est plus là, ou dit autre chose"
    ]


def test_what_others_lean_on_is_not_told_from_here():
    assert stale(entry("W001", ("adil",), is_own=False)) == []


def test_nothing_is_called_stale_that_was_not_looked_at():
    one = entry("F012", ("adil",))
    assert stale(one) == ["aucun constat F012 ne parle de `adil`"]
    assert stale(one, is_proven=False) == []


def test_a_source_marked_to_be_read_again_is_known():
    marked = Problem("W004", "une source de `x` est à revoir", params={"marked": "recheck"})
    assert list(accept([marked], [], is_proven=True).reasons) == [marked]


def check(capsys, *arguments):
    code = main(["check", "rules", "partners.yaml", "--at", "2026-11-24", *arguments])
    return code, capsys.readouterr().out


def test_what_check_writes_to_accept_makes_it_quiet(toy, capsys):
    _, draft = check(capsys, "--format", "accepted")
    known = toy / "rules" / "guarantees.yaml"
    known.write_text(draft.replace("{fr: }", '{fr: "Connu."}'), "utf-8")
    _, before = check(capsys, "--format", "json")
    told = json.loads(before)
    assert told["findings"] == []
    assert {one["code"] for one in told["proofs"]} == {"F001", "U001"}
    assert {one["because"] for one in told["accepted"]} >= {"Connu."}
    _, shown = check(capsys, "--accepted")
    assert "accepté\u00a0: Connu.\n  W001 personne ne propose `judge`\n" in shown
    assert "lu\u00a0: rules, partners.yaml" in shown


def test_a_draft_waits_for_its_reason(toy, capsys):
    _, draft = check(capsys, "--format", "accepted")
    (toy / "rules" / "guarantees.yaml").write_text(draft, "utf-8")
    code, shown = check(capsys)
    assert code == 1
    assert "S005 `fr` est vide" in shown


def test_a_fault_is_not_offered_to_be_accepted():
    assert acceptance_sketch([Problem("F002", "la règle `x` ne peut jamais valoir")]) == ""


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ('{because: {fr: "Connu."}}', "G001"),
        ('{reach: police, finding: W001, about: judge, because: {fr: "Connu."}}', "G001"),
        ('{finding: W001, because: {fr: "Connu."}}', "S002"),
        ('{finding: F002, about: listen, because: {fr: "Connu."}}', "S004"),
        ('{finding: W001, about: judge, through: police, because: {fr: "Connu."}}', "G001"),
        ("{finding: W001, about: judge}", "S002"),
        ('{reach: [police, nowhere], because: {fr: "Connu."}}', "V004"),
    ],
)
def test_an_acceptance_says_one_thing_and_why(toy, capsys, written, code):
    (toy / "rules" / "guarantees.yaml").write_text(f"accepted:\n  - {written}\n", "utf-8")
    exit_code, shown = check(capsys, "--without-proof")
    assert exit_code == 1
    assert code in shown


def test_what_several_territories_accept_names_what_exists():
    # From a territory nothing is told of the folders that it leans on.
    engines = [Engine.load(territory=name) for name in ("pays-de-saint-malo", "rennes", "brest")]
    known = {
        word
        for engine in engines
        for words in (
            engine.rule_set.rules,
            engine.rule_set.vocabulary.kinds,
            engine.directory.partners,
            *(one.choices for one in engine.rule_set.vocabulary.attributes.values()),
            engine.rule_set.vocabulary.attributes,
        )
        for word in words
    }
    files = [ROOT / "rules" / "guarantees.yaml", *ROOT.glob("territories/*/guarantees.yaml")]
    named = {
        name
        for file in files
        for entry in yaml.load(file.read_text("utf-8"), Loader=yaml.BaseLoader)["accepted"]  # noqa: S506 # no types
        for name in entry.get("about", ())
    }
    assert named - known == set()
