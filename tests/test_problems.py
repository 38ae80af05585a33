"""What a program reads of a problem: attribute, what is allowed, English where promised."""

import pytest

from iscg_rules import Engine, IscgError
from iscg_rules.error_codes import CODES, ENGLISH

ENGINE = Engine.load()


def refusal(situation, **options):
    with pytest.raises(IscgError) as caught:
        ENGINE.recommend(situation, **({"at": None} | options))
    return caught.value.problems


WRONG = {
    "A001": {"imediate_danger": "yes"},
    "A002": {"housing": "chez Zoé"},
    "A003": {"housing": 7},
    "A004": {"time_slot": "night"},
    "A005": {"role": "minor_self", "age_band": "26_59"},
    "A006": {"commune": "Saint-Malo"},
    "A007": ["housing"],
}


@pytest.mark.parametrize("code", WRONG)
def test_a_problem_of_an_answer_is_told_in_english_too(code):
    (problem,) = refusal(WRONG[code])
    assert problem.code == code
    text = problem.in_("en")
    assert text != problem.in_("fr") == problem.message
    assert "?" not in text
    assert "{" not in text


def test_a_problem_names_its_attribute_and_what_is_allowed():
    (problem,) = refusal({"housing": "chez Zoé"})
    assert problem.attribute == "housing"
    assert problem.allowed == (*ENGINE.rule_set.vocabulary.attributes["housing"].choices,)
    assert problem.as_dict("en")["message"] == "answer not allowed for `housing`"


def test_a_key_that_was_made_up_is_no_attribute():
    (problem,) = refusal({"Zoé Martin": "yes"})
    assert (problem.attribute, problem.allowed, problem.params) == (None, (), {"number": 1})


def test_whatever_an_application_can_get_wrong_has_english():
    assert {code for code in CODES if code.startswith("A")} | {"V004"} == set(ENGLISH)
