"""Many situations for each drawn rule set: the evaluators compared by the thousand."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from iscg_rules.language.situations import Situation
from iscg_rules.recommend import reference
from iscg_rules.recommend.bit_tables import compile_rules
from iscg_rules.recommend.bitset import BitsetEvaluator
from iscg_rules.recommend.durable import DurableEvaluator
from tests.laws.strategies import MOMENTS, answers_of, rule_sets


def drawn(vocabulary, rng, count):
    """Draw situations with any share of the variables known."""
    pools = {name: list(answers) for name, answers in answers_of(vocabulary).items()}
    for _ in range(count):
        share = rng.random()
        known = {v: rng.choice(a) for v, a in pools.items() if rng.random() < share}
        yield Situation(known), rng.choice(MOMENTS)


def differences(rule_set, evaluator, seed, count):
    rng = random.Random(seed)  # noqa: S311 # no secret
    return [
        day
        for situation, day in drawn(rule_set.vocabulary, rng, count)
        if evaluator.evaluate(situation, day) != reference.evaluate(rule_set, situation, day)
    ]


@given(rule_sets(), st.integers(0, 2**32))
@settings(max_examples=20)
def test_bit_tables_agree_on_fifty_situations_each(rule_set, seed):
    assert differences(rule_set, BitsetEvaluator(compile_rules(rule_set)), seed, 50) == []


@pytest.mark.durable
@given(rule_sets(), st.integers(0, 2**32))
@settings(max_examples=20)
def test_durable_rules_agrees_on_fifty_situations_each(rule_set, seed):
    assert differences(rule_set, DurableEvaluator(compile_rules(rule_set)), seed, 50) == []


@pytest.mark.slow
@given(rule_sets(most=12), st.integers(0, 2**32))
@settings(max_examples=1_000)
def test_bit_tables_agree_on_a_million_situations(rule_set, seed):
    assert differences(rule_set, BitsetEvaluator(compile_rules(rule_set)), seed, 1_000) == []


@pytest.mark.durable
@pytest.mark.slow
@given(rule_sets(most=12), st.integers(0, 2**32))
@settings(max_examples=200)
def test_durable_rules_agrees_on_twenty_thousand_situations(rule_set, seed):
    assert differences(rule_set, DurableEvaluator(compile_rules(rule_set)), seed, 100) == []
