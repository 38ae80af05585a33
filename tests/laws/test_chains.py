"""Facts that rest on facts, thousands deep: no chain is too long, and none is worked out twice."""

import time
import tracemalloc
from datetime import date

import pytest

from iscg_rules import Engine, Situation
from iscg_rules.language.conditions import FactIs, Not, all_of, any_of, at_least
from iscg_rules.model.partners import Directory
from iscg_rules.recommend import reference
from iscg_rules.recommend.bit_tables import compile_rules
from iscg_rules.recommend.bitset import BitsetEvaluator
from tests.laws.evaluators import EVALUATORS
from tests.laws.strategies import attribute, fact, is_yes, rule, rule_set_of, vocabulary_of

LONG = 3_000
VOCABULARY = vocabulary_of(*(attribute(f"q{number}", "yes_no") for number in range(4)))
LEADS = {"orient": [{"to": "shelter", "urgency": "now", "strength": "must", "sharing": "none"}]}


def below(number):
    return FactIs(f"fact_{number}", holds=True)


SHAPES = {
    "once": below,
    "twice in all": lambda number: all_of((below(number), below(number))),
    "twice in any": lambda number: any_of((below(number), below(number))),
    "twice in not": lambda number: Not(any_of((Not(below(number)), Not(below(number))))),
    "with a question": lambda number: all_of(
        (below(number), any_of((below(number), is_yes("q1"))))
    ),
}


def chain(length, shape):
    facts = [fact("fact_0", is_yes("q0"))]
    facts += [fact(f"fact_{n}", shape(n - 1)) for n in range(1, length)]
    rules = [rule("top", below(length - 1), **LEADS)]
    return rule_set_of(VOCABULARY, rules, facts)


each_shape = pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)


def assert_stays_small(shape):
    """See a chain of twenty stay small: one that doubles would take the memory of the machine."""
    engine = Engine(chain(20, shape), Directory({}, {}))
    tracemalloc.start()
    engine.recommend({"q0": "yes"}, at=None)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 1_000_000


@each_shape
def test_a_long_chain_is_recommended_and_justified(shape):
    assert_stays_small(shape)
    rule_set = chain(LONG, shape)
    engine = Engine(rule_set, Directory({}, {}))
    started = time.process_time()
    got = engine.recommend({"q0": "yes"}, at=None)
    answers = got.orientations[0].reasons[0].answers
    opened = engine.recommend({}, at=None)
    settling = [question.attribute for question in opened.to_settle]
    spent = time.process_time() - started
    assert [answer.attribute for answer in answers] == ["q0"]
    assert settling[:1] == ["q0"]
    assert [one.kind for one in opened.possible] == ["shelter"]
    # Well under a second each, on a busy machine too.
    assert spent < 2


@each_shape
def test_a_long_chain_means_what_the_reference_says(shape):
    given = [Situation({}), Situation({"q0": "yes"}), Situation({"q0": "no", "q1": "yes"})]
    assert_agree(chain(LONG, shape), given)


def assert_agree(rule_set, given, evaluators=EVALUATORS):
    day, compiled = date(2026, 11, 27), compile_rules(rule_set)
    expected = [reference.evaluate(rule_set, situation, day) for situation in given]
    for evaluator in evaluators:
        made = evaluator(compiled)
        assert [made.evaluate(situation, day) for situation in given] == expected


def twice_in_different_ways(number):
    ways = (
        all_of((any_of((below(number), is_yes("q1"))), any_of((below(number), is_yes("q2"))))),
        any_of((all_of((below(number), is_yes("q1"))), all_of((below(number), is_yes("q3"))))),
        Not(all_of((Not(below(number)), any_of((Not(below(number)), is_yes("q2")))))),
        at_least(2, (below(number), is_yes("q1"), below(number))),
    )
    return ways[number % len(ways)]


@pytest.mark.parametrize(
    ("length", "evaluators"),
    [(200, EVALUATORS), (LONG, [BitsetEvaluator])],
)
def test_facts_that_name_the_one_before_in_two_ways_compile(length, evaluators):
    given = [
        Situation({"q0": "yes"}),
        Situation({"q0": "no", "q1": "yes", "q2": "no", "q3": "yes"}),
        Situation({"q1": "yes", "q2": "yes"}),
        Situation({"q2": "yes"}),
    ]
    assert_agree(chain(length, twice_in_different_ways), given, evaluators)
