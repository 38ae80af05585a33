"""The answer in brief: what somebody acts on, and nothing worked out for it that is not in it."""

import json
from pathlib import Path

import jsonschema

from iscg_rules import Engine, shorten
from iscg_rules.language.conditions import all_of
from iscg_rules.model.partners import Directory
from iscg_rules.model.rules import Orient
from iscg_rules.reading.binding import LocalText
from iscg_rules.recommend.open_questions import Matters
from iscg_rules.recommend.support import Support
from tests.laws.strategies import rule, rule_set_of, yes_no_vocabulary

ROOT = Path(__file__).parents[1]
ENGINE = Engine.load()
NIGHT = "2026-11-27T22:30"
SITUATION = {
    "role": "victim",
    "violence_context": "intimate_partner",
    "housing": "must_leave_tonight",
}


def test_it_says_of_each_orientation_what_the_whole_answer_says():
    whole = ENGINE.recommend(SITUATION, at=NIGHT)
    for brief, orientation in zip(shorten(whole).orientations, whole.orientations, strict=True):
        same = ("kind", "for_", "urgency", "strength", "reachable", "partner", "sharing", "already")
        for name in same:
            assert getattr(brief, name) == getattr(orientation, name)
        assert (brief.call.id if brief.call else None) == orientation.call
        pressing = [one for one in orientation.reasons if one.urgency == orientation.urgency]
        assert brief.because == pressing[0].because


def test_because_is_the_reason_that_presses_and_not_the_one_that_comes_first():
    def judge(name, urgency):
        effect = {"to": "judge", "urgency": urgency, "strength": "should", "sharing": "none"}
        because = {"fr": f"Parce que {name}."}
        return rule(name, all_of(())).model_copy(
            update={"orient": (Orient.model_validate(effect),), "because": LocalText(**because)}
        )

    rules = [judge("a", "planned"), judge("b", "today"), judge("c", "today")]
    engine = Engine(rule_set_of(yes_no_vocabulary(1), rules), Directory({}, {}))
    (orientation,) = shorten(engine.recommend({}, at=None)).orientations
    assert (orientation.urgency, orientation.because) == ("today", "Parce que b.")


def test_it_names_neither_what_is_possible_nor_why():
    whole = ENGINE.recommend(SITUATION, at=NIGHT)
    said = json.loads(shorten(whole).to_json())
    assert "possible" not in said
    assert {"alternatives", "reasons"} & said["orientations"][0].keys() == set()
    assert len(shorten(whole).to_json()) < len(whole.to_json()) / 3
    # Late fields that nobody read are still empty.
    assert not _is_filled(ENGINE.recommend(SITUATION, at=NIGHT), "possible", shorten)


def _is_filled(recommendation, name, read):
    read(recommendation)
    slot = next(vars(kind)[name] for kind in type(recommendation).__mro__ if name in vars(kind))
    try:
        slot.__get__(recommendation)
    except AttributeError:
        return False
    return True


def test_its_json_keeps_the_published_schema():
    published = json.loads((ROOT / "schemas" / "short_recommendation.json").read_text("utf-8"))
    for answers in (SITUATION, {}, {"immediate_danger": "yes"}):
        jsonschema.validate(
            json.loads(shorten(ENGINE.recommend(answers, at=NIGHT)).to_json()), published
        )


def test_a_short_answer_looks_at_no_open_rule_alone(monkeypatch):
    # Hundreds of rules are open: what they wait for is told for all of them at once.
    def look(*_):
        raise AssertionError

    monkeypatch.setattr(Support, "_look", look)
    got = shorten(ENGINE.recommend({"role": "victim"}, at=None))
    assert len(got.next_questions) == 5


def test_questions_that_are_not_needed_are_not_weighed(monkeypatch):
    weighed, settles = [], Matters.settles

    def count(matters, place):
        weighed.append(place)
        return settles(matters, place)

    monkeypatch.setattr(Matters, "settles", count)
    # Five questions of screening come first: each is told with its part, and no other is.
    assert len(ENGINE.recommend({}, at=None).next_questions) == 5
    assert len(weighed) == 5
