"""What people are told: the notice, how one answer was made, and the sheet of the treatment."""

import json
from pathlib import Path

import jsonschema
import pytest

from iscg_rules.cli import main
from iscg_rules.model.cases import read_cases
from iscg_rules.model.files import find_files
from iscg_rules.rendering.person_account import render_person_account

ROOT = Path(__file__).parents[1]
FRIDAY = "2026-11-27T22:30"
TOLD = """\
label: {fr: "Ici"}
extends: rennes
transparency:
  administration: "Association Exemple"
  contact: "le secrétariat, 02 99 00 00 00"
"""


def keeps(name, text):
    content = json.loads(text)
    jsonschema.validate(content, json.loads((ROOT / "schemas" / f"{name}.json").read_text()))
    return content


def test_a_notice_shows_what_nobody_has_said_yet_and_invents_nothing(capsys):
    assert main(["notice"]) == 1
    text = capsys.readouterr().out
    assert text.count("À COMPLÉTER") == 5
    assert "L’outil ne décide rien" in text
    assert "R311-3-1-1" in text


def test_a_territory_fills_the_notice_and_hands_it_down(tmp_path, capsys):
    for name, text in (
        ("here", TOLD),
        ("inside", 'label: {fr: "Dedans"}\nextends: here\ntransparency: {contact: "la mairie"}\n'),
    ):
        (tmp_path / name).mkdir()
        (tmp_path / name / "territory.yaml").write_text(text, "utf-8")
    assert main(["notice", "--territory", str(tmp_path / "inside"), "--format", "json"]) == 1
    notice = keeps("notice", capsys.readouterr().out)
    assert notice["administration"] == "Association Exemple"
    assert notice["contact"] == "la mairie"
    assert notice["missing"] == ["rules", "officer", "basis"]
    main(["notice", "--territory", str(tmp_path / "here"), "--format", "markdown"])
    said = capsys.readouterr().out
    assert "Association Exemple emploie un outil" in said
    assert said.count("À COMPLÉTER") == 3


def test_the_inventory_lists_every_question_and_marks_those_guarded_more(engine, said):
    sheet = keeps("inventory", said("inventory", "--format", "json", "--at", "2026-11-27"))
    attributes = engine.rule_set.vocabulary.attributes
    assert [one["attribute"] for one in sheet["data"]] == list(attributes)
    origins = {one["attribute"]: one["origin"] for one in sheet["data"]}
    assert [name for name, origin in origins.items() if origin == "territory"] == ["station"]
    drawn = {name for name, one in attributes.items() if one.derived}
    assert {name for name, origin in origins.items() if origin == "moment"} == drawn != set()
    marked = {one["attribute"]: one["sensitive"] for one in sheet["data"] if one["sensitive"]}
    for name in ("injuries", "suicide_risk", "psychiatric", "addiction", "vulnerability"):
        assert "health" in marked[name]
    for name in ("role", "violence_forms", "justice_situation", "protection_measure"):
        assert "offence" in marked[name]
    impact = said("inventory", "--impact")
    labels = [attributes[name].label.fr for name in marked]
    assert [label for label in labels if f"| {label} |" not in impact] == []
    assert impact.count("À COMPLÉTER") >= 9
    page = (ROOT / "docs" / "safety.md").read_text("utf-8")
    assert f"les {len(marked)} questions" in page
    assert "Ce n’est pas une analyse d’impact" in impact
    assert "(RGPD, art. 9 et 10)\u00a0: santé" in said("show", "attribute", "injuries")


def test_each_rule_that_did_something_is_told_and_no_other(engine):
    layout = find_files(None, None, None, [])
    rules = frozenset(engine.rule_set.rules)
    cases = read_cases(layout.folders(), engine.rule_set.vocabulary, rules, [])
    for case in cases[::25]:
        got = engine.recommend(case.situation, at=case.at)
        told = engine.explain_for_person(case.situation, at=case.at)
        shown = {reason.rule for one in got.orientations for reason in one.reasons}
        shown |= {reason.rule for one in got.excluded for reason in one.reasons}
        shown |= {advice.rule for advice in got.advice}
        assert {rule.rule for rule in told.rules} == shown
        given = {engine.rule_set.vocabulary.attribute_of[name] for name in case.situation.values}
        said = {one.attribute for one in told.answers if one.origin in ("said", "territory")}
        assert said == given
        used = {(rule, one.attribute) for one in told.answers for rule in one.rules}
        assert used == {(rule.rule, a.attribute) for rule in told.rules for a in rule.answers}
        assert max(map(len, render_person_account(told).splitlines())) <= 80


def test_a_small_commune_is_told_as_what_is_around_it(engine):
    answers = {"role": "victim", "housing": "no_housing", "commune": "35049"}
    told = engine.explain_for_person({**answers, "station": "35093"}, at=FRIDAY)
    text = told.to_json() + render_person_account(told)
    assert "Cancale" not in text
    assert "35049" not in text
    assert "Dinard" not in text
    assert "Saint-Malo Agglomération" in text
    elsewhere = engine.explain_for_person({"commune": "97411"}, at=None)
    assert [one.answer for one in elsewhere.answers] == ["ailleurs"]


@pytest.mark.parametrize("language", ["fr", "en"])
def test_without_an_answer_it_says_so(engine, language):
    told = engine.explain_for_person({}, at=None, language=language)
    assert (told.answers, told.rules) == ((), ())
    assert "0" in told.contribution[0]
    assert "R311" not in render_person_account(told)


def test_what_is_answered_is_in_no_repr(engine):
    assert repr(engine.explain_for_person({"role": "victim"}, at=None)) == "<PersonAccount>"


def test_the_command_says_the_same_as_text_and_as_json(said):
    file = str(ROOT / "examples" / "friday-night.yaml")
    text = said("explain-for-person", file)
    told = keeps("person_account", said("explain-for-person", file, "--format", "json"))
    assert told["rules"][0]["because"][:40] in text
    # With it the rules of that day are found again.
    assert f"empreinte {told['identity']['digest'][:12]}." in text
    assert "dit pendant l’entretien" in text


def test_what_a_service_says_of_its_ground_stands_wherever_it_is_asked(tmp_path, said):
    (tmp_path / "here").mkdir()
    told = f"{TOLD}  basis: 'une mission | *confiée* par convention'\n"
    (tmp_path / "here" / "territory.yaml").write_text(told, "utf-8")
    place = str(tmp_path / "here")
    before = said("inventory", "--territory", "rennes").count("À COMPLÉTER")
    sheet = said("inventory", "--territory", place)
    # Who answers, to whom to write, and on what ground.
    assert before - sheet.count("À COMPLÉTER") == 3
    for text in (sheet, said("inventory", "--impact", "--territory", place)):
        assert r"une mission \| \*confiée\* par convention" in text


@pytest.mark.parametrize(
    ("answers", "is_warned"),
    [("minors_exposure: direct_victim", True), ("housing_money_situation: [no_food]", False)],
)
def test_whoever_hands_it_over_is_warned_where_an_authority_is_named(
    answers, is_warned, tmp_path, capsys
):
    (tmp_path / "situation.yaml").write_text(f"role: parent\n{answers}\n", "utf-8")
    assert main(["explain-for-person", str(tmp_path / "situation.yaml"), "--at", FRIDAY]) == 0
    shown = capsys.readouterr()
    assert ("à relire avant de remettre" in shown.err) is is_warned
    assert "à relire" not in shown.out
