"""A question without an object has its answer, and is not asked: `only_if` and `otherwise`."""

import pytest

from iscg_rules import Engine
from iscg_rules.errors import IscgError
from iscg_rules.rendering.words import answers

ENGINE = Engine.load()
AT = "2026-11-27T22:30"

VOCABULARY = """\
attributes:
  - {id: violence, type: yes_no, label: {fr: Violence}, ask: {fr: V ?}}
  - id: threats
    type: yes_no
    only_if: {violence: yes}
    otherwise: no
    label: {fr: T}
    ask: {fr: T ?}
  - id: forms
    type: many_of
    only_if: {any: [{violence: yes}, {threats: yes}]}
    otherwise: []
    label: {fr: F}
    ask: {fr: F ?}
    values: [{id: hit, label: {fr: coups}}, {id: insult, label: {fr: insultes}}]
kinds:
  - {id: listening, category: associations, nature: tool, label: {fr: Écoute}}
  - {id: calm, category: associations, nature: tool, label: {fr: Calme}}
areas:
  - {id: france, label: {fr: France}, everywhere: yes}
"""
RULES = """\
rules:
  - id: threatened
    when: {any: [{threats: yes}, {forms: [hit]}]}
    orient: [{to: listening, urgency: week, strength: may, sharing: none}]
    because: {fr: Écouter.}
    source: [{title: T, trust: C}]
  - id: nothing-said
    when: {threats: no, forms: {none_of: [hit, insult]}}
    orient: [{to: calm, urgency: week, strength: may, sharing: none}]
    because: {fr: Rien.}
    source: [{title: T, trust: C}]
"""


@pytest.fixture(scope="module")
def toy(tmp_path_factory):
    folder = tmp_path_factory.mktemp("toy") / "rules"
    folder.mkdir()
    (folder / "vocabulary.yaml").write_text(VOCABULARY.replace(" ?", "\u00a0?"), "utf-8")
    (folder / "all.yaml").write_text(RULES, "utf-8")
    (folder.parent / "partners.yaml").write_text("partners: []\n", "utf-8")
    return Engine.load(folder)


def kinds(engine, answers):
    return [orientation.kind for orientation in engine.recommend(answers, at=AT).orientations]


def test_what_has_no_object_is_concluded_and_not_asked(toy):
    assert kinds(toy, {"violence": "no"}) == ["calm"]
    assert toy.next_questions({"violence": "no"}, at=AT).questions == ()
    assert toy.is_settled({"violence": "no"}, at=AT)


def test_the_full_text_says_what_was_concluded_beside_the_answer_that_it_follows_from(toy):
    (orientation,) = toy.recommend({"violence": "no"}, at=AT).orientations
    told = (
        answers(orientation.reasons[0].answers, "fr").replace("\u00a0", " ").replace("\u202f", " ")
    )
    assert told == "Violence : non ; T : non (déduit) ; F : ni coups, ni insultes (déduit)"


def test_what_has_an_object_stays_open(toy):
    assert kinds(toy, {"violence": "yes"}) == []
    asked = {one.attribute for one in toy.next_questions({"violence": "yes"}, at=AT).questions}
    assert asked == {"threats", "forms"}


def test_an_answer_to_it_says_that_it_has_one(toy):
    # Threats are told: then there is violence, whoever has not said so.
    got = toy.recommend({"threats": "yes"}, at=AT)
    assert [orientation.kind for orientation in got.orientations] == ["listening"]
    assert {q.attribute for q in got.next_questions} <= {"forms"}


def test_an_answer_where_it_has_none_is_refused_without_being_echoed(toy):
    with pytest.raises(IscgError) as error:
        toy.situation({"violence": "no", "forms": ["insult"]})
    assert [problem.code for problem in error.value.problems] == ["A005"]
    assert "insult" not in str(error.value)


@pytest.mark.parametrize(
    "asked", ["death_threats", "strangulation", "cohabits_with_author", "violence_forms"]
)
def test_without_violence_nobody_is_asked_about_it(asked):
    answers = {"role": "relative", "violence_context": "none"}
    left = ENGINE.next_questions(answers, at=AT, limit=100).questions
    assert asked not in {question.attribute for question in left}
    before = ENGINE.next_questions({"role": "relative"}, at=AT, limit=100).questions
    assert asked in {question.attribute for question in before}
