"""Explanations as a worker reads them: real commands, real files."""

import json
from pathlib import Path

import pytest

from iscg_rules import Engine, IscgError
from iscg_rules.cli import main
from iscg_rules.explain.cubes import _merge
from iscg_rules.rendering.referral import render_referral_note, to_html

ROOT = Path(__file__).parents[1]
FRIDAY = str(ROOT / "examples" / "friday-night.yaml")
AT = "2026-11-27T22:30"
ENGINE = Engine.load()


def test_why_says_what_is_enough_and_where_the_rank_comes_from(said):
    lines = said("why", FRIDAY, "emergency_shelter").splitlines()
    assert (
        lines[1]
        == "  Il suffit de\u00a0: Qualité\u00a0: victime\u202f; Logement\u00a0: doit partir ce soir"
    )
    assert lines[3] == "  Délai\u00a0: maintenant, d’après high-danger-home-not-safe"
    assert lines[4].startswith("    → Le domicile n’est pas sûr")


def test_why_sends_back_what_is_not_certain(said):
    assert "n’est pas une orientation certaine" in said("why", FRIDAY, "family_mediation")


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (
            "grave_danger_phone",
            "La règle no-grave-danger-phone-while-cohabiting\u00a0: Ce téléphone",
        ),
        ("adil", "Il manque une réponse à\u00a0: "),
        ("perpetrator_programme", "Qualité\u00a0: personne mise en cause (au lieu de victime)"),
        ("emergency_shelter", "Rien ne s’y oppose"),
    ],
)
def test_why_not_always_says_what_is_in_the_way(said, kind, words):
    assert words in said("why-not", FRIDAY, kind)


def test_why_not_names_the_partners_that_do_not_serve_here():
    man = {"role": "victim", "gender": "man", "violence_context": "intimate_partner"}
    got = ENGINE.why_not(man | {"commune": "35288"}, "specialised_dv_association", at=AT)
    assert (got.status, got.partners[0].id, got.partners[0].lacks) == (
        "no_partner",
        "asfad-platform",
        "accepts",
    )
    assert [answer.attribute for answer in got.partners[0].answers] == ["gender"]
    away = ENGINE.why_not(man | {"commune": "22094"}, "prosecutor", at=AT)
    assert away.status in ("possible", "not_reached")


def test_why_not_knows_the_limit():
    here = {"housing": "no_housing", "role": "person_in_need", "household": "family_with_children"}
    got = ENGINE.why_not(here, "departmental_social_services", at=AT, limit=0)
    assert got.status == "left_out"


def test_what_if_gives_answers_that_the_engine_takes(said):
    assert "logement sûr" in said("what-if", FRIDAY, "crip", "--goal", "first")
    start = {"role": "parent", "commune": "35288"}
    got = ENGINE.what_if(start, "crip", at=AT)
    for one in got.alternatives:
        after = ENGINE.recommend(start | one.answers, at=AT)
        assert "crip" in [o.kind for o in after.orientations]
    assert got.exact
    assert {len(one.changes) for one in got.alternatives} == {1}


def test_what_if_never_changes_what_is_fixed():
    start = {"role": "alleged_author", "violence_context": "intimate_partner"}
    assert ENGINE.what_if(start, "specialised_dv_association", at=AT).alternatives == ()


def test_questions_put_safety_first(said):
    first = said("questions", FRIDAY, "--at", AT).splitlines()[0]
    assert first.startswith("1. Y a-t-il un risque de suicide")
    got = ENGINE.next_questions({"role": "victim"}, at=AT)
    assert got.questions[0].attribute == "immediate_danger"
    assert (got.settled, got.exact) == (False, True)


def test_a_comparison_names_the_answer_responsible(said, tmp_path):
    other = tmp_path / "other.yaml"
    text = Path(FRIDAY).read_text("utf-8").replace("must_leave_tonight", "secure")
    other.write_text(text, "utf-8")
    out = said("recommend", FRIDAY, "--compare", str(other))
    assert out.startswith("EN MOINS\n  • Mise à l’abri")
    assert "Logement\u00a0: logement sûr (au lieu de doit partir ce soir)" in out
    assert "mêmes orientations" in said("recommend", FRIDAY, "--compare", FRIDAY)


def test_explanations_speak_json_and_english(said):
    got = json.loads(said("why", FRIDAY, "emergency_shelter", "--format", "json"))
    assert (got["version"], got["is_certain"]) == (1, True)
    assert "A rule excludes it" in said("why-not", FRIDAY, "grave_danger_phone", "--language", "en")
    for command in (["what-if", FRIDAY, "crip"], ["questions", FRIDAY]):
        assert json.loads(said(*command, "--format", "json"))["version"] == 1


def test_try_tells_a_rule_condition_by_condition(said):
    out = said("try", "high-danger-home-not-safe", "friday-night-woman-and-child")
    assert out.splitlines()[0].startswith("high-danger-home-not-safe vaut dans le cas")
    assert "    ✓ Danger évalué\u00a0: élevé (réponse\u00a0: élevé)" in out
    out = said("try", "local-shelter-full", "friday-night-woman-and-child")
    assert "dépend de réponses qui manquent" in out
    assert "(réponse\u00a0: pas de réponse)" in out


@pytest.mark.parametrize(
    ("arguments", "aid"),
    [
        (["why", FRIDAY, "emergency_shelte"], "vouliez-vous dire `emergency_shelter`"),
        (["try", "bed-tonigt", "x"], "vouliez-vous dire `bed-tonight`"),
        (["try", "bed-tonight", "friday-night-woman-and-chil"], "vouliez-vous dire `friday-night"),
        (["note", FRIDAY, "family_mediation"], "pas une orientation"),
    ],
)
def test_unknown_words_are_said_with_the_closest(arguments, aid, capsys):
    assert main(arguments) == 2
    assert aid in capsys.readouterr().err


def test_unknown_kinds_and_goals_are_refused():
    with pytest.raises(IscgError, match="emergency_shelter"):
        ENGINE.why({}, "emergency_shelte", at=AT)
    with pytest.raises(IscgError, match="first"):
        ENGINE.what_if({}, "crip", at=AT, goal="best")  # type: ignore[arg-type]  # on purpose


def recommend(**answers):
    return ENGINE.recommend(
        {"role": "victim", "gender": "woman", "violence_context": "intimate_partner"} | answers,
        at=AT,
    )


def test_a_fiche_holds_what_was_agreed_and_nothing_of_the_interview():
    got = recommend(consent_to_share="yes", housing="must_leave_tonight", commune="35288")
    agreed = {
        "reason": "Demande d’écoute",
        "needs": ["écoute"],
        "done": ["115 appelé"],
        "shares": ["prénom"],
        "call_back": "après\n# 18 h",
    }
    note = render_referral_note(got.referral_note("specialised_dv_association", **agreed))
    assert "Plateforme d’écoute de l’Asfad" in note
    assert "- après # 18 h\n" in note
    assert "art. 226-13" in note
    assert [word for word in ("victime", "partenaire", "doit partir") if word in note] == []
    shelter = got.referral_note("emergency_shelter", **agreed)
    assert (shelter.recipient, shelter.contact) == ("Le 115", ())
    assert "\n- 115\n" not in render_referral_note(shelter)
    assert repr(shelter) == "<ReferralNote>"
    page = to_html(note)
    assert page.startswith("<!doctype html>")
    assert "http" not in page
    assert "<h2>Besoins</h2>" in page
    for what in ("Date", "Service", "Pour me joindre"):
        assert f"- {what}\u00a0: ……" in note


@pytest.mark.parametrize("consent", [{}, {"consent_to_share": "no"}])
def test_without_agreement_there_is_no_fiche(consent):
    note = recommend(**consent).referral_note(
        "specialised_dv_association", reason="x", needs=["y"], shares=["z"], call_back="w"
    )
    assert not note.may_share
    assert (note.recipient, note.contact, note.reason, note.needs) == ("", (), "", ())
    assert (note.done, note.shares, note.call_back) == ((), (), "")
    text = render_referral_note(note)
    assert text.startswith("# Rien à transmettre")
    assert "226-13" in text


def test_a_fiche_escapes_what_is_written():
    assert "<b>" not in to_html("- <b>gras</b>\n")


def test_the_sheet_and_the_fiche_are_commands(said):
    assert said("sheet", FRIDAY).startswith("# Numéros utiles\n\n- 17 · jour et nuit\n")
    assert "Police secours" in said("sheet", FRIDAY, "--named")
    assert "size:210mm 297mm" in said("sheet", FRIDAY, "--html", "--paper", "A4")
    assert said("note", FRIDAY, "crip", "--reason", "Inquiétude").startswith("# Fiche de liaison")
    assert "Inquiétude" in said("note", FRIDAY, "crip", "--reason", "Inquiétude", "--html")


def test_a_search_among_many_ways_comes_to_an_end(monkeypatch):
    # Minutes, before what follows from other answers was bounded: found by a fuzzer of the service.
    start = {
        "author_prosecuted": "no",
        "housing": "secure",
        "accepts": {"yes": ["relocation"]},
        "housing_money_situation": {"yes": ["no_food"]},
        "youth_situation": {"yes": ["missing_minor"]},
        "dangerous_person": "no",
        "ready_to_leave": "no",
        "help_refused_or_failed": "yes",
        "child_protection_situation": {"yes": ["fgm_done_on_minor"]},
        "present": "no",
        "vulnerability": {"yes": ["protected_adult"]},
        "rights_situation": {"yes": ["farmer_in_difficulty"]},
    }
    merged = []

    def merge(one, other):
        merged.append(1)
        return _merge(one, other)

    monkeypatch.setattr("iscg_rules.explain.cubes._merge", merge)
    got = ENGINE.what_if(start, "disability_violence_helpline", goal="first", at=AT)
    assert got.alternatives
    assert not got.exact
    assert len(merged) < 3_000_000
