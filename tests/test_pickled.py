"""An engine sent to another process is the same engine."""

import pickle

import pytest

from iscg_rules import Engine

SITUATION = {"role": "victim", "violence_context": "intimate_partner", "commune": "35288"}
MOMENT = "2026-11-27T22:30"


def send(what):
    return pickle.loads(pickle.dumps(what))  # noqa: S301 # our own bytes


@pytest.fixture(scope="module")
def used():
    """Give an engine that has worked things out already, cards of partners among them."""
    engine = Engine.load()
    engine.recommend(SITUATION, at=MOMENT)
    return engine


def test_an_engine_that_was_sent_recommends_the_same(used):
    sent = send(used)
    expected = used.recommend(SITUATION, at=MOMENT)
    assert sent.recommend(SITUATION, at=MOMENT) == expected
    assert expected.orientations[0].partner is not None


def test_all_that_was_read_comes_over(used):
    sent = send(used)
    assert (sent.rule_set, sent.directory) == (used.rule_set, used.directory)
    assert dict(sent.rule_set.places) == dict(used.rule_set.places)
    assert dict(sent.directory.entries) == dict(used.directory.entries)


@pytest.mark.durable
def test_an_engine_that_was_sent_keeps_its_options():
    sent = send(Engine.load(cross_check=True))
    assert type(sent._recommender.evaluator).__name__ == "CrossCheck"


def test_what_was_worked_out_stays_behind(used):
    partner = used.directory.partners["asfad-platform"]
    assert partner.public_contact
    assert "public_contact" not in send(partner).__dict__


def test_what_is_worked_out_late_is_worked_out_once():
    recommendation = Engine.load().recommend({"immediate_danger": "yes"}, at=None)
    assert recommendation.possible is recommendation.possible
    assert recommendation.orientations[0].reasons is recommendation.orientations[0].reasons
