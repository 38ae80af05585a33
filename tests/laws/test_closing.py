"""Closed answers: what follows from what cannot be, and nothing else."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from iscg_rules.language.closed_gates import ClosedGates
from iscg_rules.language.closing import NothingLeftError
from iscg_rules.language.conditions import Left, Test, all_of
from iscg_rules.language.situations import Situation
from iscg_rules.language.truth_gates import MustMay
from iscg_rules.model.rules import Impossible
from iscg_rules.recommend import reference
from iscg_rules.recommend.bit_tables import compile_rules
from iscg_rules.recommend.bitset import BitsetEvaluator
from iscg_rules.recommend.closed_reference import closed, true_entries
from iscg_rules.recommend.durable import DurableEvaluator
from iscg_rules.recommend.kind_class import best_class
from tests.laws.brute_force import many
from tests.laws.drawn import Drawing
from tests.laws.evaluators import EVALUATORS
from tests.laws.strategies import (
    MOMENTS,
    TEXT,
    answers_of,
    attribute,
    fact,
    never,
    rule,
    rule_set_of,
    vocabulary_of,
)

SEEDS = st.integers(0, 2**32)


class ClosingDrawing(Drawing):
    """Draws rule sets in which much follows: entries of a few tests, over few questions."""

    def vocabulary(self):
        shapes = [("one_of", 3), ("one_of", self.rng.randint(1, 4)), ("many_of", 3), ("yes_no", 2)]
        shapes += self.some([("one_of", 4), ("number", 0), ("commune", 0), ("yes_no", 2)], 0, 2)
        made = (attribute(f"q{n}", kind, count) for n, (kind, count) in enumerate(shapes))
        return vocabulary_of(*made)

    def entry(self, words, facts):
        # Most are like those that are written by hand: a few tests that cannot all hold.
        if self.chance(0.8):
            return all_of(self.test(words) for _ in range(self.rng.randint(1, 3)))
        return self.condition(words, facts, 2)

    def closing_world(self, most=7):
        """Draw a rule set with what is impossible, and a situation that can be."""
        words = self.vocabulary()
        facts = [fact("fact-0", self.condition(words, (), 1))]
        rule_set = rule_set_of(words, self.rules(words, ("fact-0",), dated=True), facts)
        entries = never(self.entry(words, ("fact-0",)) for _ in range(self.rng.randint(2, most)))
        rule_set = replace(rule_set, impossible=entries)
        situation = self.situation(words)
        while refused := closed(rule_set, situation).refused_by:
            kept = tuple(entry for entry in rule_set.impossible if entry.id not in refused)
            rule_set = replace(rule_set, impossible=kept)
        return rule_set, situation

    def situation(self, words, base=()):
        values = dict(base)
        for variable, answers in answers_of(words).items():
            if self.chance(0.25):
                values.setdefault(variable, self.one(answers))
        return Situation(values)


# Worlds that are drawn quickly: what is rare, as two answers left of three, comes up all the same.
MANY = settings(max_examples=many(400))


def world_of(seed):
    return ClosingDrawing(seed).closing_world()


@given(SEEDS)
@MANY
def test_steps_close_as_the_reference_does(seed):
    drawing = ClosingDrawing(seed)
    rule_set, _ = drawing.closing_world()
    situation = drawing.situation(rule_set.vocabulary)
    expected = closed(rule_set, situation)
    if expected.refused_by:
        with pytest.raises(NothingLeftError) as caught:
            rule_set.closing.close(situation)
        assert caught.value.entry in {entry.id for entry in rule_set.impossible}
        assert set(caught.value.variables) <= set(situation.values)
    else:
        assert dict(rule_set.closing.close(situation).view) == dict(expected.values)


class Booleans:
    """One situation as gates: each is true or false."""

    true, false = True, False
    all_of, any_of = staticmethod(all), staticmethod(any)

    @staticmethod
    def opposite(gate):
        return not gate


@given(SEEDS)
@MANY
def test_steps_taken_once_in_their_order_close_any_answers(seed):
    drawing = ClosingDrawing(seed)
    rule_set, _ = drawing.closing_world()
    situation = drawing.situation(rule_set.vocabulary)

    def given_(test):
        truth = test.truth(situation.values, {})
        return MustMay(truth is True, truth is not False)

    gates = ClosedGates(Booleans, rule_set.closing, given_)
    expected = closed(rule_set, situation)
    assert gates.refused == bool(expected.refused_by)
    for variable, choices in rule_set.closing.choices.items():
        for allowed in map(frozenset, (choices, choices[:1], choices[1:], choices[:2])):
            test = Test(variable, variable, allowed)
            truth = test.truth(expected.values, {})
            if not expected.refused_by:
                assert gates.test(test) == (truth is True, truth is not False)


@given(SEEDS, st.sampled_from(MOMENTS))
@MANY
def test_the_bit_tables_see_closed_answers(seed, day):
    rule_set, situation = world_of(seed)
    expected = reference.evaluate(rule_set, situation, day)
    assert BitsetEvaluator(compile_rules(rule_set)).evaluate(situation, day) == expected


@pytest.mark.durable
@given(SEEDS, st.sampled_from(MOMENTS))
def test_durable_rules_sees_closed_answers(seed, day):
    rule_set, situation = world_of(seed)
    expected = reference.evaluate(rule_set, situation, day)
    assert DurableEvaluator(compile_rules(rule_set)).evaluate(situation, day) == expected


@given(SEEDS)
@MANY
def test_every_possible_completion_is_one_of_the_closed_answers(seed):
    drawing = ClosingDrawing(seed)
    rule_set, situation = drawing.closing_world()
    view = rule_set.closing.close(situation).view
    pools = answers_of(rule_set.vocabulary)
    for _ in range(20):
        chosen = {name: drawing.one(answers) for name, answers in pools.items()}
        complete = {**chosen, **situation.values}
        if not true_entries(rule_set, complete):
            for variable, held in view.items():
                answer = complete[variable]
                assert answer in held if isinstance(held, Left) else answer == held


@given(SEEDS)
@MANY
def test_more_answers_close_to_more(seed):
    drawing = ClosingDrawing(seed)
    rule_set, situation = drawing.closing_world()
    more = drawing.situation(rule_set.vocabulary, situation.values)
    if closed(rule_set, more).refused_by:
        return
    before, after = (rule_set.closing.close(one).view for one in (situation, more))
    for variable, held in before.items():
        if isinstance(held, Left):
            then = after[variable]
            assert then <= held if isinstance(then, Left) else then in held
        else:
            assert after[variable] == held


@given(SEEDS)
@MANY
def test_what_is_closed_stays_as_it_is(seed):
    rule_set, situation = world_of(seed)
    once = rule_set.closing.close(situation)
    assert rule_set.closing.close(once) is once
    assert dict(rule_set.closing.close(Situation(once.values)).values) == dict(once.values)
    behind = {name for variable in once.trail for name in once.origins(variable)}
    assert behind <= set(situation.values)


@given(SEEDS, st.sampled_from(MOMENTS))
@MANY
def test_closing_only_settles_what_was_open(seed, day):
    rule_set, situation = world_of(seed)
    plain = reference.evaluate(replace(rule_set, impossible=()), situation, day)
    after = reference.evaluate(rule_set, situation, day)
    assert set(plain.fired) <= set(after.fired)
    assert set(after.open) <= set(plain.open)
    certain = reference.certain_kinds(rule_set, plain)
    assert certain <= reference.certain_kinds(rule_set, after)
    excluded = reference.excluded_kinds(rule_set, plain)
    assert excluded <= reference.excluded_kinds(rule_set, after)
    oriented = [reference.oriented(rule_set, one.fired) for one in (plain, after)]
    for kind in certain:
        before, then = (best_class(one[kind]) for one in oriented)
        assert (then.urgency, then.strength) <= (before.urgency, before.strength)


def test_two_tests_of_one_question_are_not_made_one():
    """Red or green is left: neither "red or blue" nor "green or blue" is false, so both is open."""
    words = vocabulary_of(attribute("q0", "one_of", 3), attribute("q1", "yes_no"))
    red, green, yes = (
        Test(name, name, frozenset(allowed))
        for name, allowed in (("q0", {"red", "blue"}), ("q0", {"green", "blue"}), ("q1", {"yes"}))
    )
    rule_set = rule_set_of(words, [rule("both", all_of((red, green)))])
    blue = all_of((Test("q0", "q0", frozenset({"blue"})), yes))
    entry = Impossible.model_validate({"id": "no-blue", "when": blue, "because": TEXT})
    rule_set = replace(rule_set, impossible=(entry,))
    situation, compiled = Situation({"q1": "yes"}), compile_rules(rule_set)
    assert dict(rule_set.closing.close(situation).left) == {"q0": {"red", "green"}}
    for evaluator in EVALUATORS:
        assert evaluator(compiled).evaluate(situation, None).open == ("both",)
    assert reference.evaluate(rule_set, situation, None).open == ("both",)
