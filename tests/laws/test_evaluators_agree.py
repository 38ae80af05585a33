from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from iscg_rules.language.conditions import (
    FactIs,
    InArea,
    InRange,
    Not,
    Test,
    all_of,
    any_of,
    at_least,
)
from iscg_rules.language.situations import Situation
from iscg_rules.recommend import bit_tables, reference
from iscg_rules.recommend.bit_tables import compile_rules
from iscg_rules.recommend.bitset import BitsetEvaluator
from iscg_rules.recommend.durable import DurableEvaluator
from iscg_rules.recommend.reference import Evaluation
from tests.laws.evaluators import EVALUATORS
from tests.laws.strategies import (
    AREAS,
    COMMUNES,
    DAYS,
    MOMENTS,
    NUMBERS,
    attribute,
    fact,
    is_yes,
    rule,
    rule_set_of,
    situations,
    vocabulary_of,
    wide_conditions,
    worlds,
    yes_no_vocabulary,
)


def fast(rule_set):
    return BitsetEvaluator(compile_rules(rule_set)).evaluate


def durable(rule_set):
    return DurableEvaluator(compile_rules(rule_set)).evaluate


def both(rule_set, situation, day=None):
    """Give what all evaluators say; a set of one when they agree."""
    compiled = compile_rules(rule_set)
    said = {evaluator(compiled).evaluate(situation, day) for evaluator in EVALUATORS}
    return said | {reference.evaluate(rule_set, situation, day)}


def one_rule(condition, vocabulary, facts=()):
    return rule_set_of(vocabulary, [rule("rule", condition)], facts)


@given(worlds())
def test_the_bit_tables_say_what_the_reference_says(world):
    rule_set, situation, day = world
    assert fast(rule_set)(situation, day) == reference.evaluate(rule_set, situation, day)


@pytest.mark.durable
@given(worlds())
def test_durable_rules_says_what_the_reference_says(world):
    rule_set, situation, day = world
    assert durable(rule_set)(situation, day) == reference.evaluate(rule_set, situation, day)


@pytest.mark.durable
@given(worlds(of=wide_conditions, most=2))
@settings(max_examples=50)
def test_durable_rules_keeps_the_meaning_of_wide_rules(world):
    rule_set, situation, day = world
    assert durable(rule_set)(situation, day) == reference.evaluate(rule_set, situation, day)


@pytest.mark.durable
@given(worlds(), st.data())
def test_a_state_of_durable_rules_does_not_leak_into_the_next(world, data):
    rule_set, situation, day = world
    evaluate = durable(rule_set)
    first = evaluate(situation, day)
    evaluate(data.draw(situations(rule_set.vocabulary)), data.draw(st.sampled_from(MOMENTS)))
    assert evaluate(situation, day) == first


@given(worlds(), st.integers(1, 6))
def test_where_hidden_facts_begin_changes_nothing(world, limit):
    rule_set, situation, day = world
    with patch.object(bit_tables, "MAX_ALTERNATIVES", limit):
        evaluate = fast(rule_set)
    assert evaluate(situation, day) == reference.evaluate(rule_set, situation, day)


@given(worlds(of=wide_conditions, most=2))
def test_rules_with_hundreds_of_alternatives_keep_their_meaning(world):
    rule_set, situation, day = world
    assert fast(rule_set)(situation, day) == reference.evaluate(rule_set, situation, day)


@given(worlds(), st.data())
def test_an_evaluation_leaves_no_trace_in_the_next(world, data):
    rule_set, situation, day = world
    evaluate = fast(rule_set)
    first = evaluate(situation, day)
    evaluate(data.draw(situations(rule_set.vocabulary)), data.draw(st.sampled_from(MOMENTS)))
    assert evaluate(situation, day) == first


@given(worlds())
def test_ids_come_in_order_and_once(world):
    rule_set, situation, day = world
    got = fast(rule_set)(situation, day)
    ids = [*got.fired, *got.open]
    assert (got.fired, got.open) == (tuple(sorted(got.fired)), tuple(sorted(got.open)))
    assert len(ids) == len(set(ids))


def test_without_rules_nothing_holds_and_nothing_is_open():
    rule_set = rule_set_of(yes_no_vocabulary(1), [])
    assert both(rule_set, Situation({"q0": "yes"})) == {Evaluation((), ())}


def test_a_rule_that_asks_nothing_always_holds():
    rule_set = one_rule(all_of(()), yes_no_vocabulary(1))
    assert both(rule_set, Situation({})) == {Evaluation(("rule",), ())}


def test_a_rule_that_nothing_can_make_true_is_neither_held_nor_open():
    rule_set = one_rule(any_of(()), yes_no_vocabulary(1))
    assert both(rule_set, Situation({})) == {Evaluation((), ())}


OPEN, HELD, NEITHER = Evaluation((), ("rule",)), Evaluation(("rule",), ()), Evaluation((), ())
NO = Not(is_yes("q0"))
EITHER = Test("q0", "q0", frozenset({"yes", "no"}))


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        pytest.param(all_of((is_yes("q0"), NO)), NEITHER, id="contradiction"),
        pytest.param(any_of((is_yes("q0"), NO)), HELD, id="tautology"),
        pytest.param(EITHER, HELD, id="every-answer-allowed"),
        pytest.param(at_least(2, (is_yes("q0"), NO)), NEITHER, id="threshold-never-reached"),
        pytest.param(at_least(1, (is_yes("q0"), NO)), HELD, id="threshold-always-reached"),
    ],
)
def test_what_only_logic_decides_is_open_until_it_is_answered(condition, expected):
    rule_set = one_rule(condition, yes_no_vocabulary(1))
    assert both(rule_set, Situation({})) == {OPEN}
    assert both(rule_set, Situation({"q0": "yes"})) == {expected}


def test_a_chain_of_negated_facts_keeps_unknown_unknown():
    facts = [fact("danger", is_yes("q0")), fact("calm", FactIs("danger", holds=False))]
    rule_set = one_rule(Not(FactIs("calm", holds=True)), yes_no_vocabulary(1), facts)
    assert both(rule_set, Situation({})) == {OPEN}
    assert both(rule_set, Situation({"q0": "yes"})) == {HELD}


@pytest.mark.parametrize("count", [0, 1, 7, 12, 15, 16])
def test_a_threshold_is_counted_and_not_spread_out(count):
    questions = [f"q{number}" for number in range(15)]
    condition = at_least(count, tuple(map(is_yes, questions)))
    rule_set = one_rule(condition, yes_no_vocabulary(15))
    some = Situation(dict.fromkeys(questions[:7], "yes") | dict.fromkeys(questions[12:], "no"))
    assert len(both(rule_set, some)) == 1


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize("bounds", [(1.0, 2.5), (1.0, None), (None, 2.5), (2.5, 2.5)])
def test_both_bounds_of_a_range_belong_to_it(bounds, number):
    rule_set = one_rule(InRange("age", *bounds), vocabulary_of(attribute("age", "number")))
    low, high = (-99 if bounds[0] is None else bounds[0]), (99 if bounds[1] is None else bounds[1])
    expected = HELD if low <= number <= high else NEITHER
    assert both(rule_set, Situation({"age": number})) == {expected}


@pytest.mark.parametrize("commune", COMMUNES)
@pytest.mark.parametrize("area", AREAS.values(), ids=list(AREAS))
def test_a_commune_lies_where_its_areas_say(area, commune):
    vocabulary = vocabulary_of(attribute("home", "commune"))
    rule_set = one_rule(InArea("home", (area,)), vocabulary)
    expected = HELD if area.covers(commune) else NEITHER
    assert both(rule_set, Situation({"home": commune})) == {expected}


@pytest.mark.parametrize("day", MOMENTS)
def test_a_rule_exists_between_its_dates_both_included(day):
    valid = {"valid": {"from": DAYS[1], "until": DAYS[3]}, "advise": [{"fr": "mot"}]}
    rule_set = rule_set_of(yes_no_vocabulary(1), [rule("rule", is_yes("q0"), **valid)])
    expected = HELD if day and DAYS[1] <= day <= DAYS[3] else NEITHER
    assert both(rule_set, Situation({"q0": "yes"}), day) == {expected}
