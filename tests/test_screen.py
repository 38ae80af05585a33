"""The answer on one screen: what to do first, when it can be done, and nothing above it."""

import statistics
from dataclasses import replace
from datetime import timedelta

import pytest

from iscg_rules import Engine
from iscg_rules.model.cases import read_cases
from iscg_rules.model.files import find_files
from iscg_rules.recommend.short_answer import called
from iscg_rules.rendering.full_text import render_full_text
from iscg_rules.rendering.text import render_text
from iscg_rules.rendering.when import grouped, heading

NIGHT = "2026-11-27T22:30"
FRIDAY = {
    "role": "victim",
    "violence_context": "intimate_partner",
    "immediate_danger": "suspected",
    "minors": ["3_12"],
    "housing": "must_leave_tonight",
}
ENGINE = Engine.load()
RENNES = Engine.load(territory="rennes")


def day(moment):
    return moment.date()


def cases_of(territory):
    engine = RENNES if territory == "rennes" else ENGINE
    folders = find_files(None, None, territory, []).folders()
    return engine, read_cases(
        folders, engine.rule_set.vocabulary, frozenset(engine.rule_set.rules), []
    )


@pytest.fixture(scope="module", params=["pays-de-saint-malo", "rennes"])
def answers(request):
    engine, cases = cases_of(request.param)
    return [engine.recommend(c.situation, at=c.at, already=c.already) for c in cases]


def test_the_answers_fit_a_screen(answers):
    texts = [render_text(got).splitlines() for got in answers]
    lengths = [len(lines) for lines in texts]
    assert statistics.median(lengths) <= 24
    assert max(lengths) <= 45
    assert max(len(line) for lines in texts for line in lines) <= 80


def test_an_orientation_comes_first_and_no_question_before_it(answers):
    for got in answers:
        lines = render_text(got).splitlines()
        if not got.orientations:
            continue
        labels = [orientation.label for orientation in got.orientations]
        first = next(n for n, line in enumerate(lines) if any(one in line for one in labels))
        assert first < 4
        assert not any("?" in line for line in lines[:first])


def test_what_is_possible_is_counted_and_named_only_when_asked_for(answers):
    got = max(answers, key=lambda one: len(one.possible))
    short, every = render_text(got), render_text(got, is_all=True)
    assert f"\n{len(got.possible)} autres aides" in short
    for possibility in got.possible:
        assert f"• {possibility.label} (" not in short
        assert f"• {possibility.label} (" in every.replace("\n    ", " ")


def test_every_orientation_is_told_once_by_when_it_can_be_done(answers):
    for got in answers:
        groups = grouped(got)
        told = [orientation.kind for group in groups.values() for orientation in group]
        assert sorted(told) == sorted(orientation.kind for orientation in got.orientations)
        for orientation in groups.get("later", []):
            opens = orientation.reachable
            assert opens in {"unknown", "nobody"} or day(opens) > day(got.at)
        for orientation in groups.get("now", []):
            assert orientation.urgency == "now"
        for orientation in groups.get("then", []):
            assert orientation.urgency in {"week", "planned"}


def test_who_answers_comes_before_who_may_not(answers):
    for got in answers:
        for group in grouped(got).values():
            doubtful = [
                (one.partner is not None and one.reachable == "unknown") or one.kind in got.gaps
                for one in group
            ]
            assert doubtful == sorted(doubtful)


def test_what_can_wait_has_a_line_each_where_there_is_room(answers):
    for got in answers:
        waiting = grouped(got).get("then", [])
        lines = render_text(got).splitlines()
        joined = [line for line in lines if line.startswith("ENSUITE ")]
        assert (len(lines) <= 24) or joined or not waiting
        said = " ".join(line.strip() for line in lines)
        assert [one.label for one in waiting if one.label not in said] == []


def test_the_heading_says_the_day():
    got = ENGINE.recommend(FRIDAY, at=NIGHT)
    assert heading("now", got) == "MAINTENANT"
    assert heading("today", got) == "CE SOIR"
    assert heading("today", ENGINE.recommend(FRIDAY, at="2026-11-27T10:00")) == "AUJOURD’HUI"
    later = grouped(got)["later"]
    # Some open on Saturday, of others nobody knows.
    assert {one.reachable == "unknown" for one in later} == {True, False}
    assert heading("later", got) == "DÈS L’OUVERTURE"
    known = replace(got, orientations=tuple(o for o in later if o.reachable != "unknown"))
    assert {day(one.reachable) for one in known.orientations} == {day(got.at) + timedelta(1)}
    assert heading("later", known) == "DEMAIN"


def test_friday_night_is_one_screen_with_numbers_to_call():
    got = ENGINE.recommend(FRIDAY, at=NIGHT)
    lines = render_text(got).splitlines()
    assert len(lines) <= 24
    for orientation in got.orientations:
        card = called(orientation)
        if orientation.urgency == "now" and card and "phone" in card.contact:
            assert card.contact["phone"] in "\n".join(lines)


def test_the_full_text_has_reasons_sources_and_questions_last():
    got = ENGINE.recommend(FRIDAY, at=NIGHT)
    text = render_full_text(got)
    assert text.index("Sources\u00a0:") < text.index("À CLARIFIER TOUT DE SUITE")
    for possibility in got.possible:
        assert possibility.label in text.replace("\n      ", " ")
