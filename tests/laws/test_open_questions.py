"""Laws of what is left to ask: how far a possible kind is, and the questions that come next."""

from hypothesis import assume, given
from hypothesis import strategies as st

from iscg_rules import Engine
from iscg_rules.model.partners import Directory
from iscg_rules.recommend import reference
from tests.laws.small_worlds import EVERY, FEWER, small_rule_sets
from tests.laws.strategies import worlds
from tests.laws.tables import directories

NOBODY = Directory({}, {})


@st.composite
def small_worlds(draw):
    rule_set = draw(small_rule_sets())
    situation = draw(st.sampled_from(EVERY))
    assume(not reference.impossible_entries(rule_set, situation))
    return rule_set, situation


@given(small_worlds())
@FEWER
def test_no_way_to_a_possible_kind_is_shorter_than_its_distance(world):
    rule_set, situation = world
    attribute_of = rule_set.vocabulary.attribute_of
    possible = Engine(rule_set, NOBODY).recommend(situation, at=None).possible
    shortest = {one.kind: 99 for one in possible}
    for more in EVERY:
        if situation.values.items() <= more.values.items():
            asked = {attribute_of[name] for name in more.values.keys() - situation.values.keys()}
            certain = reference.certain_kinds(rule_set, reference.evaluate(rule_set, more, None))
            for kind in certain & shortest.keys():
                shortest[kind] = min(shortest[kind], len(asked))
    assert all(1 <= one.distance <= shortest[one.kind] for one in possible)


@given(worlds())
def test_a_possible_kind_is_as_far_as_one_of_its_rules_at_least(world):
    rule_set, situation, _ = world
    for one in Engine(rule_set, NOBODY).recommend(situation, at=None).possible:
        assert 1 <= one.distance <= len(one.missing)


@given(small_worlds(), st.data())
@FEWER
def test_the_questions_of_an_answer_are_the_first_five_of_an_interview(world, data):
    rule_set, situation = world
    engine = Engine(rule_set, data.draw(directories(rule_set)))
    vars(engine._explanations.interviewer)["_diagrams"] = None
    interview = engine.next_questions(situation, at=None, limit=5).questions
    assert engine.recommend(situation, at=None).next_questions == interview
