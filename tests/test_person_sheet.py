"""The sheet that goes home: true on any day, and silent for whoever finds it."""

import pytest

from iscg_rules import Engine
from iscg_rules.rendering.hours_in_words import hours_in_words
from iscg_rules.rendering.person_sheet import PAPERS, render_sheet, sheet_page

ENGINE = Engine.load()
NIGHT = "2026-11-27T22:30"
SITUATION = {
    "role": "victim",
    "gender": "woman",
    "violence_context": "intimate_partner",
    "immediate_danger": "none",
    "housing": "must_leave_tonight",
    "minors": ["3_12"],
    "minors_exposure": "direct_victim",
    "commune": "35288",
}


def sheet(*, at=NIGHT, is_named=False, **more):
    got = ENGINE.recommend({**SITUATION, **more}, at=at)
    return render_sheet(got, ENGINE.rule_set.vocabulary, ENGINE.directory, is_named=is_named)


@pytest.mark.parametrize(
    ("hours", "words"),
    [
        ("24/7", "jour et nuit"),
        ("Mo-Fr 09:00-18:00; PH off", "du lundi au vendredi, 9 h-18 h, sauf jours fériés"),
        ("Mo-Su,PH 08:00-02:00", "tous les jours, 8 h-2 h"),
        (
            "Mo-Fr 09:00-12:30,14:00-17:30; PH off",
            "du lundi au vendredi, 9 h-12 h 30 et 14 h-17 h 30, sauf jours fériés",
        ),
        ("Mo 10:00-13:00; Th 10:00-13:00", "lundi, 10 h-13 h, jeudi, 10 h-13 h"),
        ("Mo[1] 10:00-12:00", "Mo[1] 10:00-12:00"),
    ],
)
def test_hours_are_said_in_words(hours, words):
    assert hours_in_words(hours).replace("\u00a0", " ") == words


def test_every_shipped_hour_is_said_in_words():
    for partner in ENGINE.directory.partners.values():
        if partner.hours:
            assert not {"Mo", "PH", ":"} & set(
                hours_in_words(partner.hours).replace(":", " : ").split()
            )


def test_rescue_is_always_there_by_voice_and_by_text():
    for named in (False, True):
        text = sheet(is_named=named)
        assert "17" in text.split()
        assert "114 (par SMS)" in text
        assert "15" in text.split()
        assert not {"112", "18"} & set(text.split())


def test_the_sheet_is_the_same_at_any_hour():
    def numbers(text):
        return [line for line in text.splitlines() if line.startswith("- ")]

    text = "\n".join(numbers(sheet()) + numbers(sheet(at="2026-11-27T10:00")))
    assert not {"ouvert", "fermé", "ouvre"} & set(text.replace(",", " ").split())


def test_without_names_nothing_betrays_what_it_is_about():
    words = {
        word.casefold()
        for partner in ENGINE.directory.partners.values()
        for word in partner.name.split()
        if len(word) > 4
    }
    words |= {"violence", "violences", "victime", "police", "danger", "enfance"}
    for text in (sheet(), page()):
        assert not words & set(text.casefold().replace("<", " ").replace(">", " ").split())


def page(**chosen):
    got = ENGINE.recommend(SITUATION, at=NIGHT)
    return sheet_page(got, ENGINE.rule_set.vocabulary, ENGINE.directory, **chosen)


def test_named_or_not_nothing_names_a_shelter_or_who_was_alerted():
    got = ENGINE.recommend(SITUATION, at=NIGHT)
    kinds = {orientation.kind: orientation for orientation in got.orientations}
    assert {"emergency_shelter", "crip"} <= kinds.keys()
    text = sheet(is_named=True)
    for kind in ("emergency_shelter", "crip"):
        cards = [card for card in (kinds[kind].partner, *kinds[kind].alternatives) if card]
        assert [card.name for card in cards if card.name in text] == []
        if kind == "crip":
            assert cards[0].contact["phone"] not in text
    assert "Plateforme d’écoute de l’Asfad" in text


# In millimetres: no browser knows A6 by its name.
SIDES = {"A6": "105mm 148mm", "A4": "210mm 297mm"}


@pytest.mark.parametrize("paper", PAPERS)
def test_the_page_is_for_paper_and_phone_and_asks_nothing_of_a_network(paper):
    text = page(paper=paper)
    assert f"size:{SIDES[paper]}" in text
    assert "width=device-width" in text
    assert "http" not in text
    assert text.count("<hr>") == 4


def test_the_page_and_the_lines_hold_the_same_numbers():
    got = [
        line[2:].split(" · ")[0].split(" (")[0] for line in sheet().splitlines() if line[:2] == "- "
    ]
    assert 3 <= len(got) <= 10
    assert [one for one in got if f"<b>{one}</b>" not in page()] == []
