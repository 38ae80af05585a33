"""The edges of the Python interface: what is wrong is refused whole, and never repeated."""

import copy
import pickle
import subprocess
import sys
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from iscg_rules import Engine, IscgError
from iscg_rules.errors import MissingPackageError
from iscg_rules.language.conditions import Not, all_of
from iscg_rules.language.situations import Situation
from iscg_rules.model.partners import Directory
from iscg_rules.model.rules import Impossible
from iscg_rules.model.situation_files import parse_situation
from iscg_rules.rendering.full_text import render_full_text
from iscg_rules.rendering.markdown import render_markdown
from iscg_rules.rendering.text import render_text
from tests.laws.strategies import TEXT, is_yes, rule, rule_set_of, yes_no_vocabulary

# Given what its types refuse.
ENGINE: Any = Engine.load()
AnySituation: Any = Situation
AnyEngine: Any = Engine
AT = "2026-11-27T22:30"
VICTIM = {"role": "victim", "immediate_danger": "yes"}
MARK = "zorglub-35"


def is_so(test):
    name, answer = test
    return is_yes(name) if answer == "yes" else Not(is_yes(name))


def refusal(call):
    with pytest.raises(IscgError) as raised:
        call()
    assert MARK not in str(raised.value)
    return [problem.code for problem in raised.value.problems]


@pytest.mark.parametrize("at", [123, 1.5, True, b"x", [], {}, object(), "", MARK])
def test_what_is_no_moment_is_refused(at):
    assert refusal(lambda: ENGINE.recommend(VICTIM, at=at)) == ["A009"]
    assert refusal(lambda: ENGINE.next_questions(VICTIM, at=at)) == ["A009"]


def test_a_date_is_a_day():
    assert ENGINE.recommend(VICTIM, at=date(2026, 11, 27)).at == date(2026, 11, 27)


def test_no_problem_hides_another():
    wrong = {"role": MARK, MARK: "yes"}
    tried = {"crip": MARK}
    codes = ["A001", "A002", "A009", "A010", "A011", "A011"]
    got = refusal(lambda: ENGINE.recommend(wrong, at=1, already=tried, limit=-1, language=MARK))
    assert sorted(got) == codes
    explained = refusal(lambda: ENGINE.what_if(wrong, MARK, at=1, goal=MARK, limit="a"))
    assert sorted(explained) == ["A001", "A002", "A009", "A011", "A011", "V004"]
    assert sorted(refusal(lambda: ENGINE.compare(wrong, wrong, at=1))) == ["A001", "A002", "A009"]


@pytest.mark.parametrize("kind", [None, 3, [], {}, MARK, True])
def test_what_is_no_kind_is_refused(kind):
    for ask in (ENGINE.why, ENGINE.why_not, ENGINE.what_if):
        assert refusal(lambda ask=ask: ask(VICTIM, kind, at=AT)) == ["V004"]


@pytest.mark.parametrize("limit", [-1, "a", 1.0, True, [], None])
def test_a_limit_is_a_number_from_zero(limit):
    for ask in (ENGINE.why, ENGINE.what_if):
        found = refusal(lambda ask=ask: ask(VICTIM, "emergency_police", at=AT, limit=limit))
        assert found == ["A011"]
    assert refusal(lambda: ENGINE.next_questions(VICTIM, at=AT, limit=limit)) == ["A011"]


@pytest.mark.parametrize(
    "written",
    [{"needs": "un lit"}, {"done": [3]}, {"shares": None}, {"reason": 3}, {"call_back": []}],
)
def test_a_note_takes_a_list_of_texts_and_no_text_letter_by_letter(written):
    got = ENGINE.recommend({**VICTIM, "consent_to_share": "yes"}, at=AT)
    kind = got.orientations[0].kind
    assert refusal(lambda: got.referral_note(kind, **written)) == ["A011"]


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"role": MARK}, "A002"),
        ({MARK: "yes"}, "A001"),
        ({"minors=3_12": "maybe"}, "A002"),
        ({"shared_lease": True}, "A003"),
        ({"commune": 35288}, "A006"),
        ({"role": ["victim"]}, "A003"),
    ],
)
def test_a_situation_is_checked_however_it_is_made(values, code):
    assert refusal(lambda: ENGINE.recommend(Situation(values), at=AT)) == [code]


def test_twenty_problems_of_a_hand_made_situation_are_told_and_the_rest_counted():
    with pytest.raises(IscgError) as raised:
        ENGINE.recommend(Situation({f"x{number}": "yes" for number in range(30)}), at=AT)
    codes = [problem.code for problem in raised.value.problems]
    assert codes == ["A001"] * 20 + ["A008"]
    assert [p.params["more"] for p in raised.value.problems if p.code == "A008"] == [10]


def test_a_gap_is_told_whatever_the_limit():
    answers = {"role": "victim", "housing_money_situation": ["rent_arrears"]}
    whole, cut = (ENGINE.recommend(answers, at=AT, limit=limit) for limit in (None, 0))
    assert whole.gaps
    assert (cut.gaps, cut.left_out > 0) == (whole.gaps, True)
    labels = tuple(one.label for one in whole.orientations if one.kind in whole.gaps)
    assert cut.gap_labels == labels
    for render in (render_full_text, render_markdown, render_text):
        said = " ".join(render(cut).split())
        assert [label for label in labels if label not in said] == []
        # What the limit cut is certain all the same.
        assert "Aucune orientation certaine" not in said


def test_an_engine_is_its_own_copy_and_keeps_what_it_is():
    assert copy.deepcopy(ENGINE) is copy.copy(ENGINE) is ENGINE
    for name in ("rule_set", "anything", "_recommender", "recommend"):
        with pytest.raises(AttributeError) as raised:
            setattr(ENGINE, name, MARK)
        assert MARK not in str(raised.value)
    with pytest.raises(AttributeError):
        del ENGINE._recommender
    assert ENGINE.recommend(VICTIM, at=AT).orientations


@pytest.mark.parametrize("wrong", [None, 3, MARK, {}, []])
def test_an_engine_is_made_of_rules_and_partners(wrong):
    rules, partners = ENGINE.rule_set, ENGINE.directory
    assert refusal(lambda: AnyEngine(wrong, wrong)) == ["A011", "A011"]
    assert refusal(lambda: AnyEngine(partners, rules)) == ["A011", "A011"]
    assert refusal(lambda: AnyEngine(rules, wrong)) == ["A011"]
    assert refusal(lambda: AnyEngine(rules, partners, evaluator=wrong)) == ["A011"]
    if wrong is not None:
        options = {"identity": wrong, "on_result": wrong}
        assert refusal(lambda: AnyEngine(rules, partners, **options)) == ["A011", "A011"]


def test_a_filled_form_is_pickled_copied_and_never_changed():
    form = ENGINE.situation_model(role="victim", minors=["3_12"])
    for again in (pickle.loads(pickle.dumps(form)), copy.deepcopy(form)):  # noqa: S301 # ours
        assert again.model_dump(exclude_unset=True) == {"role": "victim", "minors": ["3_12"]}
        assert ENGINE.recommend(again, at=AT) == ENGINE.recommend(form, at=AT)
    with pytest.raises(AttributeError) as raised:
        form.role = MARK
    assert MARK not in str(raised.value)


@pytest.mark.parametrize("wrong", [{"role": MARK}, {MARK: "yes"}, {"minors": {MARK: []}}])
def test_a_form_repeats_nothing_typed(wrong):
    with pytest.raises(ValidationError) as raised:
        ENGINE.situation_model(**wrong)
    error = raised.value
    told = f"{error}{error!r}{error.errors()}{error.json()}{error.__cause__}{error.__context__}"
    assert MARK not in told


def test_no_problem_of_a_form_hides_another():
    with pytest.raises(ValidationError) as raised:
        ENGINE.situation_model(role=MARK, gender=3, minors=[MARK], **{MARK: "yes", "rol": 1})
    where = [error["loc"] for error in raised.value.errors()]
    assert where == [("role",), ("gender",), ("minors",), (), ()]
    allowed = raised.value.errors()[0]["msg"]
    assert "'victim'" in allowed


def test_twenty_problems_are_told_and_the_rest_is_counted():
    with pytest.raises(ValidationError) as raised:
        ENGINE.situation_model(**{f"{MARK}{number}": 1 for number in range(99)})
    errors = raised.value.errors()
    assert (len(errors), errors[-1]["msg"]) == (21, "79 de plus")
    with pytest.raises(IscgError) as refused:
        ENGINE.situation({f"{MARK}{number}": 1 for number in range(99)})
    problems = refused.value.problems
    assert [p.params["more"] for p in problems if p.code == "A008"] == [79]
    assert (len(problems), MARK in str(refused.value)) == (21, False)


def test_a_situation_is_made_of_a_mapping():
    assert refusal(lambda: AnySituation([MARK])) == ["A007"]
    assert refusal(lambda: AnySituation(3)) == ["A007"]


@pytest.mark.parametrize("text", [f"{MARK}: yes\n{MARK}: no\n", f'{{"{MARK}": 1, "{MARK}": 2}}'])
def test_a_file_of_one_situation_repeats_no_key_that_is_there_twice(text):
    words = ENGINE.rule_set.vocabulary
    assert refusal(lambda: parse_situation(text.encode(), "x", words)) == ["Y011"]


@pytest.mark.parametrize(
    ("sent", "nothing_else"),
    [([], ()), ("minors", ()), (None, ()), ({}, "minors"), ({}, None), ({}, [[]])],
)
def test_what_no_form_sends_is_refused(sent, nothing_else):
    assert refusal(lambda: ENGINE.form().answers(sent, nothing_else=nothing_else)) == ["A007"]


def test_one_tick_alone_is_a_tick():
    form = ENGINE.form()
    assert form.answers({"minors": "3_12"}) == {"minors": {"yes": ["3_12"]}}
    # As `parse_qs` and most frameworks hand it over: a list a field.
    posted = {"role": ["victim"], "gender": [""], "minors": ["", "3_12"], "request": []}
    assert form.answers(posted) == {"role": "victim", "minors": {"yes": ["3_12"]}}
    assert form.answers({"minors": "3_12"}, nothing_else=["minors"]) == {"minors": ["3_12"]}


def test_what_a_form_leaves_empty_is_unknown_and_never_no():
    form = ENGINE.form()
    sent = {"role": "victim", "gender": "", "commune": None, "minors": [], "request": ["care"]}
    assert form.answers(sent) == {"role": "victim", "request": {"yes": ["care"]}}
    assert form.answers({"minors": []}, nothing_else=["minors"]) == {"minors": []}
    assert form.answers({"minors": ["3_12"]}, nothing_else=["minors"]) == {"minors": ["3_12"]}
    left = {one.kind for one in ENGINE.recommend(form.answers(sent), at=AT).possible}
    assert left == {
        one.kind
        for one in ENGINE.recommend(
            {"role": "victim", "request": {"yes": ["care"]}}, at=AT
        ).possible
    }
    assert refusal(lambda: ENGINE.situation(form.answers({MARK: "yes"}))) == ["A001"]


def test_what_cannot_be_answered_is_not_asked():
    # Each answer to q0 would be refused, each for its own reason: only closing tries it.
    words = yes_no_vocabulary(4)
    conflicts = [
        ("a", [("q0", "yes"), ("q1", "yes")]),
        ("b", [("q0", "yes"), ("q1", "no")]),
        ("c", [("q0", "no"), ("q2", "yes")]),
        ("d", [("q0", "no"), ("q2", "no")]),
    ]
    refused = (
        Impossible.model_validate(
            {"id": name, "when": all_of(tuple(map(is_so, tests))), "because": TEXT}
        )
        for name, tests in conflicts
    )
    advice = [rule(f"on-{name}", is_yes(name)) for name in words.attributes]
    rule_set = replace(rule_set_of(words, advice), impossible=tuple(refused))
    engine = Engine(rule_set, Directory({}, {}))
    vars(engine._explanations.interviewer)["_diagrams"] = None
    asked = [one.attribute for one in engine.next_questions({}, at=None).questions]
    # Nor q1 and q2, whose answers leave none for q0.
    assert asked == ["q3"]
    assert [one.attribute for one in engine.recommend({}, at=None).next_questions] == asked


def test_a_missing_package_is_an_error_of_import_too(monkeypatch):
    monkeypatch.setitem(sys.modules, "durable", None)
    with pytest.raises(ImportError) as raised:
        Engine.load(evaluator="durable")
    assert isinstance(raised.value, MissingPackageError)
    assert [problem.code for problem in raised.value.problems] == ["A012"]


FORKING = """
import os, threading, time
from iscg_rules import Engine
engine = Engine.load(evaluator="durable")
answers = {"role": "victim"}
def evaluate():
    while True:
        engine.recommend(answers, at=None)
threading.Thread(target=evaluate, daemon=True).start()
for _ in range(20):
    time.sleep(0.01)
    child = os.fork()
    if child == 0:
        os._exit(0 if engine.recommend(answers, at=None).orientations else 1)
    assert os.waitpid(child, 0)[1] == 0
print("done")
"""


@pytest.mark.skipif(sys.version_info >= (3, 13), reason="durable-rules cannot be had here")
def test_a_child_forked_while_a_thread_evaluates_answers():
    done = subprocess.run(
        [sys.executable, "-c", FORKING], check=True, capture_output=True, timeout=120, text=True
    )
    assert done.stdout == "done\n"
