"""The traps of durable-rules, one by one, behind the evaluator that hides them."""

import resource
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from iscg_rules import Engine
from iscg_rules.language.conditions import all_of, any_of
from iscg_rules.language.situations import Situation
from iscg_rules.recommend import durable
from iscg_rules.recommend.bit_tables import compile_rules
from iscg_rules.recommend.bitset import BitsetEvaluator
from iscg_rules.recommend.durable import DurableEvaluator
from iscg_rules.recommend.reference import Evaluation, evaluate
from tests.laws.strategies import attribute, is_yes, rule, rule_set_of, vocabulary_of
from tests.laws.strategies import yes_no_vocabulary as questions

pytestmark = pytest.mark.durable
ROOT = Path(__file__).parents[1]


def made(rule_set):
    return DurableEvaluator(compile_rules(rule_set))


def agrees(rule_set, situation):
    return made(rule_set).evaluate(situation, None) == evaluate(rule_set, situation, None)


def test_all_rules_fire_and_not_only_one():
    rules = [rule(f"rule-{number:03}", is_yes("q0")) for number in range(300)]
    got = made(rule_set_of(questions(1), rules)).evaluate(Situation({"q0": "yes"}), None)
    assert got == Evaluation(tuple(f"rule-{number:03}" for number in range(300)), ())


def test_values_that_durable_rules_takes_for_equal_stay_apart():
    values = [{"id": name, "label": {"fr": name}} for name in ("true", "1", "yes")]
    one = attribute("word", "one_of").model_copy(update={"values": ()})
    odd = type(one).model_validate({**one.model_dump(exclude={"values"}), "values": values})
    vocabulary = vocabulary_of(odd)
    rules = [
        rule(f"says-{name}", type(is_yes("q"))("word", "word", frozenset({name})))
        for name in ("true", "1", "yes")
    ]
    evaluator = made(rule_set_of(vocabulary, rules))
    fired = [evaluator.evaluate(Situation({"word": name}), None).fired for name in ("true", "1")]
    assert fired == [("says-true",), ("says-1",)]


def test_a_situation_that_matches_nothing_is_no_error():
    rule_set = rule_set_of(questions(2), [rule("rule", is_yes("q0"))])
    got = made(rule_set).evaluate(Situation({"q0": "no", "q1": "yes"}), None)
    assert got == Evaluation((), ())


def test_an_absent_answer_is_unknown_and_not_present():
    rule_set = rule_set_of(questions(1), [rule("rule", is_yes("q0"))])
    assert made(rule_set).evaluate(Situation({}), None) == Evaluation((), ("rule",))


def test_more_rules_than_one_rule_set_may_hold_are_dealt_out():
    rules = [rule(f"rule-{number}", is_yes(f"q{number % 40}")) for number in range(5_000)]
    assert agrees(rule_set_of(questions(40), rules), Situation({"q3": "yes", "q4": "no"}))


def test_a_rule_with_more_answers_than_a_join_may_hold_is_cut_into_pieces():
    rule_set = rule_set_of(
        questions(50), [rule("r", all_of(tuple(is_yes(f"q{n}") for n in range(50))))]
    )
    yes = {f"q{number}": "yes" for number in range(50)}
    evaluator = made(rule_set)
    assert evaluator.evaluate(Situation(yes), None) == Evaluation(("r",), ())
    assert evaluator.evaluate(Situation(yes | {"q49": "no"}), None) == Evaluation((), ())
    assert evaluator.evaluate(Situation(dict(list(yes.items())[1:])), None) == Evaluation(
        (), ("r",)
    )


def test_two_hundred_answers_at_once_do_not_break_its_stack():
    rules = [rule(f"rule-{n}", any_of((is_yes(f"q{n}"), is_yes(f"q{n + 1}")))) for n in range(199)]
    situation = Situation({f"q{number}": "yes" for number in range(200)})
    assert agrees(rule_set_of(questions(200), rules), situation)


def test_two_thousand_evaluations_leave_no_state_behind():
    evaluator = made(rule_set_of(questions(3), [rule("rule", is_yes("q0"))]))
    answers = [Situation({"q0": answer}) for answer in ("yes", "no")]
    for number in range(200):
        evaluator.evaluate(answers[number % 2], None)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    fired = [evaluator.evaluate(answers[number % 2], None).fired for number in range(2_000)]
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert fired == [("rule",), ()] * 1_000
    assert grown < 2_000  # kB


def test_threads_take_turns():
    rule_set = rule_set_of(questions(2), [rule("rule", is_yes("q0")), rule("other", is_yes("q1"))])
    evaluator = made(rule_set)
    situations = [Situation({f"q{number % 2}": "yes"}) for number in range(8)]
    got: dict[int, set[Evaluation]] = {}

    def work(number):
        got[number] = {evaluator.evaluate(situations[number], None) for _ in range(100)}

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    expected = {number: {evaluate(rule_set, situations[number], None)} for number in range(8)}
    assert got == expected


def test_no_thread_is_left_running():
    before = threading.active_count()
    made(rule_set_of(questions(1), [rule("rule", is_yes("q0"))]))
    assert threading.active_count() == before


def test_one_compiled_rule_set_makes_any_number_of_evaluators():
    compiled = compile_rules(rule_set_of(questions(1), [rule("rule", is_yes("q0"))]))
    got = [
        each(compiled).evaluate(Situation({"q0": "yes"}), None).fired
        for each in (DurableEvaluator, DurableEvaluator, BitsetEvaluator)
    ]
    assert got == [("rule",)] * 3


def test_importing_the_package_does_not_import_durable_rules():
    program = "import sys, iscg_rules; print('durable' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, encoding="utf-8"
    )
    assert done.stdout == "False\n"


def test_durable_rules_is_named_in_one_file_only():
    naming = [
        path.name
        for path in sorted((ROOT / "iscg_rules").rglob("*.py"))
        if "from durable" in path.read_text("utf-8") or "import durable" in path.read_text("utf-8")
    ]
    assert naming == [Path(durable.__file__).name]


ANSWERS = {"role": "victim", "violence_context": "intimate_partner", "danger_level": "high"}


def test_the_engine_recommends_the_same_with_either_and_with_both():
    engines = [
        Engine.load(),
        Engine.load(evaluator="durable"),
        Engine.load(cross_check=True),
        Engine.load(evaluator="durable", cross_check=True),
    ]
    got = {engine.recommend(ANSWERS, at="2026-11-27T22:30").to_json() for engine in engines}
    assert len(got) == 1
