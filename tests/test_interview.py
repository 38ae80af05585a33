"""The interview as a worker leads it, and the order of its questions."""

import io
from dataclasses import replace
from pathlib import Path

import pytest

from iscg_rules import Engine
from iscg_rules.cli.interview import Interview
from iscg_rules.language.conditions import Not, all_of
from iscg_rules.model.partners import Directory, Partner
from iscg_rules.model.rules import Impossible
from tests.laws.strategies import (
    AREAS,
    TEXT,
    attribute,
    is_yes,
    rule,
    rule_set_of,
    vocabulary_of,
    yes_no_vocabulary,
)

ROOT = Path(__file__).parents[1]
AT = "2026-11-27T22:30"
ENGINE = Engine.load()
TOY = Engine.load(ROOT / "tests" / "toy" / "rules")


def interview(lines, monkeypatch, said):
    monkeypatch.setattr("sys.stdin", io.StringIO("\n".join(lines) + "\n"))
    return said("ask", "--at", AT)


def test_an_interview_over_a_pipe_ends_with_the_recommendation(monkeypatch, said):
    out = interview(["3", "."], monkeypatch, said)
    assert "en danger maintenant" in out
    assert "[maintenant] Police ou gendarmerie en urgence (17 ou 112)" in out
    assert out.count("Orientations · vendredi 27/11") == 1


def test_an_interview_goes_back_puts_off_and_leaves_open(monkeypatch, said):
    first = "La personne, ou quelqu’un avec elle, est-elle en danger maintenant"
    assert interview(["3", "<", "."], monkeypatch, said).count(first) >= 2
    for skip in ("", "?"):
        assert interview([skip] * 60, monkeypatch, said).count(first + "\u202f?\n  1.") == 1
    assert interview(["+", "."], monkeypatch, said).count(first + "\u202f?\n  1.") == 1


@pytest.mark.parametrize("line", ["99", "0", "peut-être"])
def test_an_interview_asks_again_what_it_cannot_read(line, monkeypatch, said):
    out = interview([line, "."], monkeypatch, said)
    assert "Réponse non comprise" in out
    assert out.count("est-elle en danger maintenant\u202f?\n  1.") == 2


def grid_of(*names):
    attributes = ENGINE.rule_set.vocabulary.attributes
    return tuple(attributes[name] for name in names)


def test_a_tick_says_yes_and_nothing_of_the_rest():
    request, forms = grid_of("request", "violence_forms")
    asked = Interview(ENGINE, AT)
    second = len(request.choices) + 1
    asked.take((request, forms), f"1, {second}")
    assert asked._answers == {
        "request": {"yes": [next(iter(request.choices))]},
        "violence_forms": {"yes": [next(iter(forms.choices))]},
    }


def test_nothing_else_is_an_answer_of_its_own():
    request, forms = grid_of("request", "violence_forms")
    asked = Interview(ENGINE, AT)
    asked.take((request, forms), "1,0")
    assert asked._answers == {"request": [next(iter(request.choices))], "violence_forms": []}
    asked.take((request, forms), "<")
    assert asked._answers == {}


def test_three_lines_of_what_comes_first_stand_before_each_question(monkeypatch, said):
    out = interview(["3", "", "."], monkeypatch, said)
    shown = [part.rsplit("\n> ", 1)[0] for part in out.split("[maintenant] Police")[1:]]
    assert len(shown) >= 2
    assert max(part.count("\n  [") for part in shown) <= 2


def test_an_interview_says_why_an_answer_is_impossible(capsys):
    role, age = grid_of("role", "age_band")
    started = Interview(ENGINE, AT)
    started.take((role,), "mineur venu de lui-même")
    started.take((age,), "26 à 59 ans")
    out = capsys.readouterr().out
    assert "n’est pas possible ici\u00a0: situation impossible : Un mineur venu" in out


def test_what_is_put_off_comes_back_in_turn_and_what_nobody_knows_never():
    toy = Interview(TOY, AT, is_all=True)
    asked = []

    def pass_on(line):
        question = toy.next()
        asked.append(question[0].id)
        toy.take(question, line)

    everything = len(TOY.next_questions({}, at=AT, limit=100).questions)
    for line in ("+", "+", *["?"] * (everything - 2), "+", "+", "?", "?"):
        pass_on(line)
    first, second = asked[:2]
    assert asked[everything:] == [first, second, first, second]
    assert len(set(asked)) == everything
    assert toy.next() == ()


def test_the_end_says_whether_anything_could_still_change(monkeypatch, said):
    assert "pourraient encore la changer" in interview(["3", "."], monkeypatch, said)
    over = Interview(TOY, AT)
    answers = {"role": "victim", "danger": "no", "minors": [], "nights": 0, "commune": "35288"}
    over._answers = {**answers, "consent_to_share": "yes"}
    assert over.closing() == "Plus aucune réponse ne peut changer la recommandation."


def order(costs, rules):
    """Give the questions in the order in which they would be asked."""
    words = yes_no_vocabulary(len(costs))
    pairs = zip(words.attributes.values(), costs, strict=True)
    attributes = {one.id: one.model_copy(update={"cost": cost}) for one, cost in pairs}
    engine = Engine(rule_set_of(replace(words, attributes=attributes), rules), Directory({}, {}))
    return engine.next_questions({}, at=None, limit=10).questions


def judge(name, when, urgency="week"):
    effect = {"to": "judge", "urgency": urgency, "strength": "should", "sharing": "none"}
    return rule(name, when, orient=[effect], advise=[{"fr": "x"}])


def rescue(name, when, strength="must"):
    effect = {"to": "rescue", "urgency": "now", "strength": strength, "sharing": "none"}
    return rule(name, when, orient=[effect])


def test_it_stops_by_itself_where_only_planned_aids_could_change():
    later = judge("a", is_yes("q0"), urgency="planned")
    words = yes_no_vocabulary(2)
    engine = Engine(rule_set_of(words, [later, judge("b", is_yes("q1"))]), Directory({}, {}))
    asked, every = Interview(engine, AT), Interview(engine, AT, is_all=True)
    assert [attribute.id for attribute in asked.next()] == ["q1"]
    for interviewed in (asked, every):
        interviewed.take((words.attributes["q1"],), "non")
    assert asked.next() == ()
    assert [attribute.id for attribute in every.next()] == ["q0"]
    assert asked.closing().startswith("Seules des aides à prévoir")


def test_what_settles_most_comes_first_and_a_costly_question_later():
    rules = [judge("a", is_yes("q0")), judge("b", is_yes("q1")), judge("c", Not(is_yes("q1")))]
    assert [one.attribute for one in order((1, 1), rules)] == ["q1", "q0"]
    costly = order((1, 3), rules)
    assert [(one.attribute, one.settles, one.cost) for one in costly] == [
        ("q0", 1, 1),
        ("q1", 2, 3),
    ]


def test_a_rule_that_waits_for_two_answers_gives_each_a_quarter():
    rules = [judge("a", all_of((is_yes("q0"), is_yes("q1")))), judge("b", is_yes("q2"))]
    asked = order((1, 1, 1), rules)
    assert [(one.attribute, one.settles) for one in asked] == [
        ("q2", 1),
        ("q0", 0.25),
        ("q1", 0.25),
    ]


def test_no_cost_comes_before_safety():
    rules = [judge("a", is_yes("q0")), rescue("b", is_yes("q1"))]
    assert [one.attribute for one in order((1, 1_000), rules)] == ["q1", "q0"]


def test_a_rule_that_cannot_hold_any_more_weighs_nothing():
    # Only all answers together show it: each test alone is still open.
    never = all_of((is_yes("q0"), Not(is_yes("q0")), is_yes("q2")))
    asked = order((1, 1, 1), [rescue("a", never), judge("b", is_yes("q1"))])
    assert [one.attribute for one in asked] == ["q1"]


def test_a_rule_that_cannot_hold_gives_nothing_to_a_question_that_another_asks():
    never = all_of((is_yes("q0"), Not(is_yes("q0")), is_yes("q1")))
    (asked,) = order((1, 1), [rescue("a", never), judge("b", is_yes("q1"))])
    assert (asked.attribute, asked.settles, asked.urgency) == ("q1", 1, "week")
    assert asked.decides == ("judge",)


@pytest.mark.parametrize(
    ("commune", "asked"), [("35288", ["q0"]), ("22093", []), (None, ["q0", "home"])]
)
def test_whom_a_partner_accepts_is_asked_only_where_it_serves(commune, asked):
    words = vocabulary_of(attribute("q0", "yes_no"), attribute("home", "commune"))
    source = {"title": "livre", "trust": "A", "checked": "2026-11"}
    said = {"id": "a", "name": "A", "offers": ["judge"], "area": "harbour", "source": source}
    directory = Directory({"a": Partner.model_validate({**said, "accepts": is_yes("q0")})}, AREAS)
    engine = Engine(rule_set_of(words, [judge("always", all_of(()))]), directory)
    got = engine.recommend({"home": commune} if commune else {}, at=None)
    assert [question.attribute for question in got.next_questions] == asked


def test_a_rule_on_either_of_two_answers_is_asked_for_until_it_is_told():
    # Both answers lead there: nothing can change, and nothing is told before one is given.
    rules = [judge("yes", is_yes("q0")), judge("no", Not(is_yes("q0")))]
    engine = Engine(rule_set_of(yes_no_vocabulary(1), rules), Directory({}, {}))
    assert not engine.is_settled({}, at=None)
    assert engine.is_settled({"q0": "no"}, at=None)


def test_a_partner_that_would_refuse_whatever_is_answered_is_not_told_as_one_that_might():
    # Each answer to q1 rules out q0, without which nobody is received there.
    words = yes_no_vocabulary(2)
    source = {"title": "livre", "trust": "A", "checked": "2026-11"}
    said = {"id": "a", "name": "A", "offers": ["judge"], "area": "country", "source": source}
    directory = Directory({"a": Partner.model_validate({**said, "accepts": is_yes("q0")})}, AREAS)
    refused = tuple(
        Impossible.model_validate(
            {"id": name, "when": all_of((is_yes("q0"), other)), "because": TEXT}
        )
        for name, other in (("x", is_yes("q1")), ("y", Not(is_yes("q1"))))
    )
    rule_set = replace(rule_set_of(words, [judge("always", all_of(()))]), impossible=refused)
    engine = Engine(rule_set, directory)
    assert engine.recommend({}, at=None).orientations[0].partner is not None
    assert not engine.is_settled({}, at=None)
    assert engine.recommend({"q1": "no"}, at=None).orientations[0].partner is None
    assert engine.is_settled({"q1": "no"}, at=None)


def test_diagrams_that_outgrow_their_room_leave_a_question_too_many(monkeypatch):
    exactly = ENGINE.next_questions({"role": "victim"}, at=AT, limit=100)

    def outgrow(*_):
        raise MemoryError

    monkeypatch.setattr("iscg_rules.explain.questions_that_matter.Settling.mattering", outgrow)
    got = ENGINE.next_questions({"role": "victim"}, at=AT, limit=100)
    assert (exactly.exact, got.exact) == (True, False)
    assert {one.attribute for one in exactly.questions} <= {one.attribute for one in got.questions}


def test_a_rescue_that_is_called_already_is_not_called_first_again():
    rules = [
        rescue("a", is_yes("q0"), strength="should"),
        rescue("b", is_yes("q1")),
        judge("c", is_yes("q2"), urgency="now"),
        judge("d", Not(is_yes("q2")), urgency="now"),
    ]
    engine = Engine(rule_set_of(yes_no_vocabulary(3), rules), Directory({}, {}))

    def asked(answers):
        got = engine.next_questions(answers, at=None, limit=10).questions
        return [question.attribute for question in got]

    assert asked({}) == ["q0", "q1", "q2"]
    assert asked({"q0": "yes"}) == ["q2", "q1"]


def test_screening_is_asked_before_what_settles_more():
    rules = [judge("a", is_yes("q0")), judge("b", Not(is_yes("q0"))), judge("c", is_yes("q1"))]
    words = yes_no_vocabulary(2)
    second = words.attributes["q1"].model_copy(update={"screening": True})
    screened = replace(words, attributes={**words.attributes, "q1": second})
    first = [
        Engine(rule_set_of(one, rules), Directory({}, {})).recommend({}, at=None).next_questions[0]
        for one in (words, screened)
    ]
    assert [question.attribute for question in first] == ["q0", "q1"]


def test_a_grid_takes_one_answer_where_one_is_asked_for(capsys):
    role, age, present = grid_of("role", "age_band", "present")
    asked = Interview(ENGINE, AT)
    first_age = len(role.choices) + 1
    asked.take((role, age), f"{first_age},{first_age + 1}")
    assert asked._answers == {}
    assert "Réponse non comprise" in capsys.readouterr().out
    asked.take((role, age, present), f"2,{first_age},0")
    roles, ages = list(role.choices), list(age.choices)
    assert asked._answers == {"role": roles[1], "age_band": ages[0], "present": "no"}
