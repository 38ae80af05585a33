"""Two evaluators over one rule set, and what is said where the second cannot be had."""

import builtins

import pytest

from iscg_rules import Engine, IscgError
from iscg_rules.language.situations import Situation
from iscg_rules.recommend.bit_tables import compile_rules
from iscg_rules.recommend.bitset import BitsetEvaluator
from iscg_rules.recommend.cross_check import CrossCheck, DisagreementError
from iscg_rules.recommend.reference import Evaluation
from tests.laws.strategies import is_yes, rule, rule_set_of
from tests.laws.strategies import yes_no_vocabulary as questions


def test_where_it_is_not_installed_the_error_says_what_to_do(monkeypatch):
    real = builtins.__import__

    def absent(name, *rest):
        if name.split(".")[0] == "durable":
            raise ImportError(name)
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", absent)
    with pytest.raises(IscgError, match=r"A012 .*durable"):
        Engine.load(evaluator="durable")


class Liar:
    def evaluate(self, situation, day):
        del situation, day
        return Evaluation(("made-up",), ())


def test_a_difference_is_raised_and_names_no_rule():
    honest = BitsetEvaluator(
        compile_rules(rule_set_of(questions(1), [rule("needs-care", is_yes("q0"))]))
    )
    with pytest.raises(DisagreementError) as caught:
        CrossCheck(honest, Liar()).evaluate(Situation({"q0": "yes"}), None)
    assert str(caught.value) == "the two evaluators differ about 2 rule(s)"


def test_an_unknown_evaluator_is_refused():
    with pytest.raises(IscgError, match="A011"):
        Engine.load(evaluator="prolog")  # type: ignore[arg-type]  # what is tried
