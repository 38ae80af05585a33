"""The shipped rules: every promise kept, every rule shown, nothing confidential, same bytes."""

import hashlib
import subprocess
import sys
import threading
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from iscg_rules import Engine, IscgError
from iscg_rules.authoring.case_verdicts import judge
from iscg_rules.language.conditions import Test, leaves
from iscg_rules.language.moments import PARIS, Slots
from iscg_rules.language.situations import Situation
from iscg_rules.model.answer_space import Space
from iscg_rules.model.cases import read_cases
from iscg_rules.model.files import find_files
from iscg_rules.model.guarantees import read_guarantees
from iscg_rules.proof.kept_promises import broken_promises
from iscg_rules.recommend import reference
from iscg_rules.rendering.full_text import render_full_text

ENGINE = Engine.load()
RULE_SET = ENGINE.rule_set
VOCABULARY = RULE_SET.vocabulary
COMMUNES = (*VOCABULARY.commune_names, "35238", "22278", "75056")
FRIDAY = datetime(2026, 11, 27, 22, 30, tzinfo=PARIS)


def read(what, *arguments):
    problems: list[object] = []
    found = what(*arguments, problems)
    assert problems == []
    return found


LAYOUT = read(find_files, None, None, None)
FACTS = tuple(RULE_SET.facts)
GUARANTEES = read(read_guarantees, LAYOUT.folders(), VOCABULARY, FACTS).guarantees
CASES = read(read_cases, LAYOUT.folders(), VOCABULARY, frozenset(RULE_SET.rules))
VERDICTS = judge(ENGINE, CASES)

CHOICES = {
    variable: ("yes", "no")
    if one.type == "many_of"
    else COMMUNES
    if one.type == "commune"
    else tuple(one.choices)
    for one in VOCABULARY.attributes.values()
    if one.derived is None
    for variable in one.variables
}


@st.composite
def situations(draw):
    """Draw answers to about as many questions as an interview settles."""
    asked = draw(st.lists(st.sampled_from(tuple(CHOICES)), unique=True, max_size=30))
    values = {variable: draw(st.sampled_from(CHOICES[variable])) for variable in asked}
    situation = Situation(values)
    try:
        return ENGINE.situation(situation)
    except IscgError:
        # What cannot be is no situation: fewer answers make it one.
        kept = dict(list(values.items())[: len(values) // 3])
        kept.pop("minors_exposure", None)
        kept.pop("violence_context", None)
        kept.pop("role", None)
        return Situation(kept)


def broken(guarantee, situation, at):
    slots, day = ENGINE.recommender.moment_answers(at)
    values = situation.adding(slots).values
    return broken_promises(ENGINE._explanations.space, ENGINE.directory, guarantee, values, day)


@pytest.mark.parametrize("guarantee", GUARANTEES, ids=lambda guarantee: guarantee.id)
@given(situation=situations())
@settings(max_examples=50)
def test_every_promise_is_kept_in_drawn_situations(guarantee, situation):
    assert broken(guarantee, situation, FRIDAY) == []


# `check` proves each promise of every situation; the reference, which is slow, has its word on a
# fifth of the cases, another fifth for each promise.
@pytest.mark.parametrize("number", range(len(GUARANTEES)), ids=lambda n: GUARANTEES[n].id)
def test_every_promise_is_kept_in_cases(number):
    cases = CASES[number % 5 :: 5]
    promise = GUARANTEES[number]
    assert [case.id for case in cases if broken(promise, case.situation, case.at)] == []


def test_a_rule_set_without_its_danger_rules_breaks_the_promise_of_danger():
    rules = {n: r for n, r in RULE_SET.rules.items() if n != "immediate-danger-police"}
    spoiled = Space(type(RULE_SET)(VOCABULARY, RULE_SET.facts, rules))
    first = next(one for one in GUARANTEES if one.id == "danger-first")
    danger = {"immediate_danger": "yes"}
    assert broken_promises(spoiled, ENGINE.directory, first, danger, None) == ["first"]


def test_no_promise_is_made_for_what_cannot_be():
    rules = {n: r for n, r in RULE_SET.rules.items() if n != "immediate-danger-police"}
    spoiled = Space(replace(RULE_SET, rules=rules))
    first = next(one for one in GUARANTEES if one.id == "danger-first")
    danger = {"immediate_danger": "yes"}
    assert broken_promises(spoiled, ENGINE.directory, first, danger, None) == ["first"]
    never = danger | {"violence_context": "none", "violence_forms=physical": "yes"}
    assert broken_promises(spoiled, ENGINE.directory, first, never, None) == []


@pytest.mark.parametrize("verdict", VERDICTS, ids=lambda verdict: verdict.case)
def test_every_case_is_kept(verdict):
    assert verdict.differences == ()


def test_every_rule_is_shown_in_some_case():
    shown = {rule for verdict in VERDICTS for rule in verdict.fired}
    assert set(RULE_SET.rules) - shown == set()


def test_every_value_that_a_rule_names_is_used_in_a_case():
    conditions = [rule.condition for rule in RULE_SET.rules.values()]
    conditions += [fact.condition for fact in RULE_SET.facts.values()]
    named = {
        (leaf.variable, answer)
        for condition in conditions
        for leaf in leaves(condition)
        if isinstance(leaf, Test)
        for answer in leaf.allowed
    }
    slots = Slots(VOCABULARY)
    full = [case.situation.adding(slots.at(case.at)) for case in CASES]
    used = {pair for situation in full for pair in situation.values.items()}
    assert sorted(named - used) == []


@given(situations())
def test_the_engine_says_what_the_reference_says(situation):
    got = ENGINE.recommend(situation, at=FRIDAY)
    full = situation.adding({"time_slot": "night"})
    evaluation = reference.evaluate(RULE_SET, full, FRIDAY.date())
    assert [o.kind for o in got.orientations] == reference.ranked_kinds(RULE_SET, evaluation)


QUIET = ("none", "no", "not_filled", "not_assessed", "secure", "sufficient", "french_eu")


@st.composite
def nearly_complete(draw):
    """Draw answers to all questions, most of them quiet ones, and take a few away again."""
    source = draw(st.randoms(use_true_random=False))
    values = dict(draw(situations()).given)
    for variable in source.sample(list(CHOICES), len(CHOICES)):
        answers = list(CHOICES[variable])
        likely = [answer for answer in answers if answer in QUIET]
        weighed = source.sample(answers + 4 * likely, len(answers) + 4 * len(likely))
        for answer in dict.fromkeys(() if variable in values else weighed):
            try:
                ENGINE.situation(Situation({**values, variable: answer}))
            except IscgError:
                continue
            values[variable] = answer
            break
    attributes = list(VOCABULARY.attributes)
    gone = source.sample(attributes, source.choice((0, 1, 2, 4, 8)))
    named = VOCABULARY.attribute_of
    return Situation({name: one for name, one in values.items() if named[name] not in gone})


def is_settled_and_shows_something_open(situation):
    """Tell whether no answer can change anything, while the answer still says that one could."""
    if not ENGINE.is_settled(situation, at=FRIDAY):
        return False
    got = ENGINE.recommend(situation, at=FRIDAY)
    return bool(got.possible or got.next_questions)


@given(nearly_complete())
def test_nothing_is_possible_or_asked_once_nothing_can_change(situation):
    assert not is_settled_and_shows_something_open(situation)


@given(situations())
def test_no_repr_shows_an_answer(situation):
    got = ENGINE.recommend(situation, at=FRIDAY)
    assert repr(situation) == f"<Situation: {len(situation.values)} answers>"
    assert repr(got) == "<Recommendation>"
    assert {repr(orientation) for orientation in got.orientations} <= {"<Orientation>"}


def test_the_same_bytes_come_out_in_eight_threads():
    def all_cases() -> str:
        return "".join(
            ENGINE.recommend(c.situation, at=c.at, already=c.already).to_json() for c in CASES[::6]
        )

    expected, got = all_cases(), []
    threads = [threading.Thread(target=lambda: got.append(all_cases())) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert got == [expected] * 8


@pytest.mark.parametrize("seed", ["0", "1", "2"])
def test_the_same_bytes_come_out_whatever_the_hash_seed(seed):
    program = (
        "import hashlib, tests.laws.test_shipped as here\n"
        "texts = [here.ENGINE.recommend(c.situation, at=c.at).to_json() for c in here.CASES]\n"
        "print(hashlib.sha256(''.join(texts).encode()).hexdigest())\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        check=True,
        capture_output=True,
        encoding="utf-8",
        cwd=Path(__file__).parents[2],
        env={"PYTHONHASHSEED": seed},
    )
    texts = [ENGINE.recommend(c.situation, at=c.at).to_json() for c in CASES]
    assert done.stdout.strip() == hashlib.sha256("".join(texts).encode()).hexdigest()


def test_the_text_of_every_case_fits_in_eighty_columns():
    texts = [render_full_text(ENGINE.recommend(c.situation, at=c.at)) for c in CASES]
    long = [line for text in texts for line in text.splitlines() if len(line) > 80]
    assert long == []
