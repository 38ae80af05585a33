"""What a diff says is what every situation gets from the reference, one after the other."""

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from iscg_rules.diff.revision import RevisionScope, revise
from iscg_rules.diff.touched_kinds import TouchedParts
from iscg_rules.errors import Place
from iscg_rules.language.situations import Situation
from iscg_rules.model.cases import Case, Expect
from tests.laws.pairs import (
    drawn_pairs,
    edited_pairs,
    is_in,
    judged,
    newly_possible,
    refused,
    situations,
)
from tests.laws.strategies import COMMUNES, DAYS, NUMBERS, TEXT

MOST = 4
# What needs fewer examples to be seen, whatever the profile.
FEWER = settings(max_examples=settings().max_examples // 2)


def is_during(shift, asked, day):
    since, until = shift.since or asked, shift.until or date.max
    return since <= day <= until


def check_revision(union, asked, day):
    """Compare all that a revision says of a day with brute force."""
    got = revise(union, ((), ()), RevisionScope(asked, ("q0",), MOST))
    names = TouchedParts(union).reworded
    expected = [(values, judged(union, values, day, names)) for values in situations(union)]
    told = [shift for shift in got.situations if is_during(shift, asked, day)]
    assert sorted((one.subject, one.change) for one in told) == sorted(
        {shift for _, shifts in expected for shift in shifts}
    )
    for shift in told:
        check_shift(union, shift, expected)
    return got, expected


def check_shift(union, shift, expected):
    key = (shift.subject, shift.change)
    changing = [values for values, shifts in expected if key in shifts]
    assert (shift.share.count, shift.share.error) == (len(changing), 0)
    possible = [v for v, _ in expected if not any(refused(s, v) for s in (union.old, union.new))]
    total = len(possible) if shift.subject else len(expected)
    assert shift.share.total == total
    counted = possible if shift.subject else [values for values, _ in expected]
    covered = [v for v in counted if any(is_in(one.conditions, v) for one in shift.regions)]
    assert [values for values in covered if values not in changing] == []
    assert shift.has_more == (len(covered) < len(changing))
    assert len(shift.regions) == MOST or not shift.has_more
    for region in shift.regions:
        example = region.example.values.items()
        there = [values for values in counted if example <= values.items()]
        assert there != []
        assert [values for values in there if values not in changing] == []
    for one in shift.affected:
        assert {values["q0"] for values in changing} == set(one.answers)


@given(drawn_pairs(), st.lists(st.sampled_from(DAYS), min_size=2, max_size=2))
def test_a_diff_of_any_two_rule_sets_is_what_brute_force_says(union, days):
    asked, day = sorted(days)
    check_revision(union, asked, day)


@given(edited_pairs(), st.sampled_from(DAYS))
def test_a_diff_of_an_edit_is_what_brute_force_says_that_day(union, day):
    got, expected = check_revision(union, day, day)
    changing = [values for values, shifts in expected if shifts]
    assert got.share.count == len(changing)
    assert got.is_changed or changing == []


@given(drawn_pairs(), st.sampled_from(DAYS), st.data())
@FEWER
def test_answers_that_a_diff_puts_in_one_class_change_alike(union, day, data):
    names, values = TouchedParts(union).reworded, {}
    for variable, domain in union.space.domains.items():
        kind = union.vocabulary.attributes[union.vocabulary.attribute_of[variable]].type
        pool = {"number": NUMBERS, "commune": COMMUNES}.get(kind, domain.examples)
        values[variable] = data.draw(st.sampled_from(pool))
    classes = {v: d.examples[d.class_of(values[v])] for v, d in union.space.domains.items()}
    assert judged(union, values, day, names) == judged(union, classes, day, names)


@given(edited_pairs(), st.sampled_from(DAYS))
@settings(max_examples=25)
def test_an_estimate_is_near_the_count(union, day):
    exact, rough = (
        revise(union, ((), ()), RevisionScope(day, most=1, most_nodes=nodes))
        for nodes in (1 << 16, 1)
    )
    shares = [exact.share, *(one.share for one in exact.situations)]
    guesses = [rough.share, *(one.share for one in rough.situations)]
    # Few situations fit into no diagram at all, and are still counted.
    assert [one.count for one in guesses if one.count is not None] == [
        one.count for one, guess in zip(shares, guesses, strict=True) if guess.count is not None
    ]
    pairs = zip(shares, guesses, strict=True)
    assert [p for p in pairs if abs(p[0].share - p[1].share) > 2 * p[1].error] == []


@given(st.one_of(drawn_pairs(), edited_pairs()), st.data())
@FEWER
def test_a_case_is_told_when_the_reference_gives_it_something_else(union, data):
    answers = data.draw(st.sampled_from(situations(union)))
    known = data.draw(st.sets(st.sampled_from([*union.new.variables, ""])))
    values = {name: to for name, to in answers.items() if name in known}
    place = Place("cases.yaml", 1, 1)
    case = Case("one", TEXT, Situation(values), None, {}, Expect(), place)
    got = revise(union, ((), (case,)), RevisionScope(DAYS[0], most=1))
    shifts = judged(union, values, None, TouchedParts(union).reworded)
    assert [one.case for one in got.cases] == ["one"] * bool(
        shifts or newly_possible(union, values)
    )
