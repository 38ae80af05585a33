"""Closed answers: what follows from what cannot be, and nothing else."""

from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from iscg_rules.language.closing import NothingLeftError
from iscg_rules.language.conditions import Left, all_of
from iscg_rules.language.situations import Situation
from iscg_rules.model.rules import Impossible
from iscg_rules.recommend import reference
from iscg_rules.recommend.bit_tables import compile_rules
from iscg_rules.recommend.bitset import BitsetEvaluator
from iscg_rules.recommend.closed_reference import closed, true_entries
from iscg_rules.recommend.durable import DurableEvaluator
from tests.laws.strategies import MOMENTS, TEXT, completions, conditions, rule_sets, situations


@st.composite
def entries(draw, rule_set, most=4):
    """Draw `impossible` entries, in the words and the facts of a rule set."""
    words, facts = rule_set.vocabulary, tuple(rule_set.facts)
    # Most are like those that are written by hand: a few tests that cannot all hold.
    few = st.lists(conditions(words, facts, 0), min_size=2, max_size=3).map(all_of)
    wanted = st.one_of(few, few, conditions(words, facts, 2))
    return tuple(
        Impossible.model_validate({"id": f"no-{n}", "when": when, "because": TEXT})
        for n, when in enumerate(draw(st.lists(wanted, min_size=1, max_size=most)))
    )


@st.composite
def closing_worlds(draw):
    """Draw a rule set in which some things are impossible, and a situation that can be."""
    rule_set = draw(rule_sets(most=4))
    rule_set = replace(rule_set, impossible=draw(entries(rule_set)))
    situation = draw(situations(rule_set.vocabulary))
    while refused := closed(rule_set, situation).refused_by:
        kept = tuple(entry for entry in rule_set.impossible if entry.id not in refused)
        rule_set = replace(rule_set, impossible=kept)
    return rule_set, situation


@given(st.data())
def test_steps_close_as_the_reference_does(data):
    rule_set = data.draw(rule_sets(most=1))
    rule_set = replace(rule_set, impossible=data.draw(entries(rule_set)))
    situation = data.draw(situations(rule_set.vocabulary))
    expected = closed(rule_set, situation)
    if expected.refused_by:
        with pytest.raises(NothingLeftError) as caught:
            rule_set.closing.close(situation)
        assert caught.value.entry in {entry.id for entry in rule_set.impossible}
        assert set(caught.value.variables) <= set(situation.values)
    else:
        assert dict(rule_set.closing.close(situation).view) == dict(expected.values)


@given(closing_worlds(), st.sampled_from(MOMENTS))
def test_every_evaluator_sees_closed_answers(world, day):
    rule_set, situation = world
    expected = reference.evaluate(rule_set, situation, day)
    compiled = compile_rules(rule_set)
    assert BitsetEvaluator(compiled).evaluate(situation, day) == expected
    assert DurableEvaluator(compiled).evaluate(situation, day) == expected


@given(closing_worlds(), st.data())
def test_every_possible_completion_is_one_of_the_closed_answers(world, data):
    rule_set, situation = world
    view = rule_set.closing.close(situation).view
    for complete in data.draw(completions(rule_set.vocabulary, situation)):
        if not true_entries(rule_set, complete.values):
            for variable, held in view.items():
                answer = complete.values[variable]
                assert answer in held if isinstance(held, Left) else answer == held


@given(closing_worlds(), st.data())
def test_more_answers_close_to_more(world, data):
    rule_set, situation = world
    more = data.draw(situations(rule_set.vocabulary, situation))
    assume(not closed(rule_set, more).refused_by)
    before, after = (rule_set.closing.close(one).view for one in (situation, more))
    for variable, held in before.items():
        if isinstance(held, Left):
            then = after[variable]
            assert then <= held if isinstance(then, Left) else then in held
        else:
            assert after[variable] == held


@given(closing_worlds())
def test_what_is_closed_stays_as_it_is(world):
    rule_set, situation = world
    once = rule_set.closing.close(situation)
    assert dict(rule_set.closing.close(Situation(once.values)).values) == dict(once.values)


@given(closing_worlds(), st.sampled_from(MOMENTS))
def test_closing_only_settles_what_was_open(world, day):
    rule_set, situation = world
    plain = reference.evaluate(replace(rule_set, impossible=()), situation, day)
    after = reference.evaluate(rule_set, situation, day)
    assert set(plain.fired) <= set(after.fired)
    assert set(after.open) <= set(plain.open)
    certain = reference.certain_kinds(rule_set, plain)
    assert certain <= reference.certain_kinds(rule_set, after)
    excluded = reference.excluded_kinds(rule_set, plain)
    assert excluded <= reference.excluded_kinds(rule_set, after)
