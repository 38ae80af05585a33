"""Searches that look at a limited number of ways: what they call exact is, whatever the limit."""

from dataclasses import replace
from itertools import combinations, product
from unittest import mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from iscg_rules.explain.cubes import Edits, Wanted
from iscg_rules.explain.sufficient_answers import Sufficiency
from iscg_rules.language.conditions import Not, Test, Truth, all_of, any_of, at_least
from iscg_rules.language.situations import Situation
from iscg_rules.model.answer_space import Space
from iscg_rules.model.closed_words import GOALS
from tests.laws.brute_force import one_of_each
from tests.laws.strategies import (
    KINDS,
    answers_of,
    attribute,
    conditions,
    fact,
    is_yes,
    never,
    rule,
    rule_set_of,
    vocabulary_of,
    yes_no_vocabulary,
)
from tests.laws.test_explanations import (
    all_situations,
    distance,
    explainer,
    reaches,
    small_worlds,
    smallest_sets,
    view_of,
)

WORDS = vocabulary_of(
    *(attribute(f"q{number}", "yes_no") for number in range(3)),
    attribute("age", "number"),
    attribute("place", "commune"),
)
# From one way at a time to as many as there are.
FEW = st.sampled_from((1, 2, 3, 5, 4_000))
WANTED: dict[Wanted, set[Truth]] = {
    "true": {True},
    "false": {False},
    "not_true": {False, None},
    "not_false": {True, None},
}
MORE = settings(max_examples=settings().max_examples * 2)
LESS = settings(max_examples=settings().max_examples // 4)


@st.composite
def thresholds(draw, most=5):
    """Draw some of several, each of one test or more: most ways to reach it share answers."""
    parts = draw(st.lists(conditions(WORDS, ("known",), 1), min_size=2, max_size=most))
    return at_least(draw(st.integers(1, len(parts))), parts)


@st.composite
def clashes(draw):
    """Draw some of several over few answers: the cheapest ways may not go together."""
    test = st.sampled_from(
        [Test(n, n, frozenset({a})) for n in ("q0", "q1") for a in ("yes", "no")]
    )
    part = test | conditions(WORDS, (), 0) | st.tuples(test, conditions(WORDS, (), 0)).map(all_of)
    parts = draw(st.lists(part, min_size=3, max_size=5))
    return at_least(draw(st.integers(2, len(parts) - 1)), parts)


@st.composite
def conditions_in_situations(draw):
    """Draw a condition, the rule set of the fact that it leans on, and answers, most of them."""
    known = fact("known", draw(conditions(WORDS, (), 1)))
    part = clashes() | thresholds() | conditions(WORDS, ("known",), 2)
    condition = draw(part | part.map(Not) | st.tuples(part, part).map(all_of))
    answers = {
        name: draw(st.sampled_from((*pool, *pool, None)))
        for name, pool in answers_of(WORDS).items()
    }
    values = {name: answer for name, answer in answers.items() if answer is not None}
    return condition, rule_set_of(WORDS, [], [known]), values


def limited(search, most):
    return mock.patch(f"iscg_rules.explain.{search}", most)


def truth(condition, rule_set, values):
    return condition.truth(values, rule_set.truths(values))


def every_change(space, values):
    """Give what changing and giving answers can make of some, one answer for each class."""
    pools = {
        name: (*one_of_each(space.domains[name], answers), values.get(name))
        for name, answers in answers_of(WORDS).items()
    }
    for chosen in product(*map(dict.fromkeys, pools.values())):
        pairs = zip(pools, chosen, strict=True)
        yield {name: answer for name, answer in pairs if answer is not None}


@given(conditions_in_situations(), FEW)
@MORE
def test_sets_of_answers_are_enough_and_all_of_the_smallest_where_that_is_said(drawn, most):
    condition, rule_set, values = drawn
    wanted = truth(condition, rule_set, values)
    if wanted is None:
        return
    finder = Sufficiency(rule_set, Situation(values), rule_set.truths(values))
    with limited("sufficient_answers.MOST_SETS", most):
        found = finder.sets(condition, wanted=wanted)
    enough = [
        frozenset(names)
        for size in range(len(values) + 1)
        for names in combinations(sorted(values), size)
        if truth(condition, rule_set, {name: values[name] for name in names}) is wanted
    ]
    smallest = {one for one in enough if not any(other < one for other in enough)}
    assert set(found) <= set(enough)
    assert found
    assert set(found) == smallest or not finder.is_exact


@given(conditions_in_situations(), st.sampled_from(tuple(WANTED)), FEW)
@MORE
def test_changes_of_answers_do_and_are_the_fewest_where_that_is_said(drawn, wanted, most):
    condition, rule_set, values = drawn
    space = Space(rule_set, (condition,))
    edits = Edits(space, values)
    with limited("cubes.MOST_CUBES", most), limited("cubes.MOST_FOLLOWING", most):
        cubes = edits.cubes(condition, wanted)
    for cube in cubes:
        changed = {**values, **edits.changes(cube)}
        assert truth(condition, rule_set, changed) in WANTED[wanted]
        assert edits.cost(cube) == distance(values, changed)
    if edits.is_exact:
        ways = fewest(space, values, condition, WANTED[wanted])
        assert min(map(edits.cost, cubes), default=None) == ways


def fewest(space, values, condition, wanted):
    """Count the answers to change so that a condition is what is wanted; None where none do."""
    ways = (
        distance(values, after)
        for after in every_change(space, values)
        if truth(condition, space.rule_set, after) in wanted
    )
    return min(ways, default=None)


EFFECT = {"to": "judge", "urgency": "now", "strength": "must", "sharing": "none"}


@given(conditions_in_situations(), FEW)
@MORE
def test_a_kind_that_one_rule_brings_is_as_far_as_its_condition_where_that_is_said(drawn, most):
    condition, rule_set, values = drawn
    rules = {"only": rule("only", condition, orient=[EFFECT])}
    rule_set = replace(rule_set, rules=rules)
    _, changer = explainer(rule_set)
    with limited("cubes.MOST_CUBES", most), limited("cubes.MOST_FOLLOWING", most):
        found = changer.towards(values, None, "judge", "certain", 3)
    if found.is_exact:
        least = fewest(Space(rule_set), values, condition, {True})
        assert {len(changes) for changes in found.changes} == {least} - {None}


@given(small_worlds(), st.sampled_from(tuple(KINDS)), st.sampled_from(GOALS), FEW, FEW)
@LESS
def test_a_change_that_is_called_smallest_is_whatever_was_left_out(world, kind, goal, most, tries):
    rule_set, situation = world
    _, changer = explainer(rule_set)
    with limited("cubes.MOST_CUBES", most), limited("smallest_change.MOST_TRIES", tries):
        found = changer.towards(situation.values, None, kind, goal, 3)
    for changes in found.changes:
        assert reaches(rule_set, {**situation.values, **changes}, kind, goal)
    if found.is_exact:
        ways = {
            distance(situation.values, after)
            for after in all_situations(rule_set, situation, keeps_fixed=True)
            if reaches(rule_set, after, kind, goal)
        }
        sizes = {len(changes) for changes in found.changes}
        assert sizes == ({min(ways)} if ways else set())


@given(small_worlds(), FEW)
@LESS
def test_reasons_that_are_called_all_are_whatever_was_left_out(world, most):
    rule_set, situation = world
    view = view_of(rule_set, situation)
    finder, _ = explainer(rule_set)
    for kind in KINDS:
        with limited("sufficient_answers.MOST_SETS", most):
            why = finder.why(view, kind, 1_000)
        if why.is_certain:
            sizes = sorted(map(len, smallest_sets(rule_set, situation.values, kind)))
            found = [len(one.answers) for one in why.sets]
            assert found == sizes if why.exact else found


PAIRS = any_of([all_of([is_yes("q0"), is_yes("q1")]), all_of([is_yes("q2"), is_yes("q3")])])
ALL_YES = {f"q{number}": "yes" for number in range(4)}


def pairs_rule_set():
    return rule_set_of(yes_no_vocabulary(4), [rule("only", PAIRS, orient=[EFFECT])])


def looked_for():
    _, changer = explainer(pairs_rule_set())
    return changer.towards({}, None, "judge", "certain", 9).is_exact


def looked_for_of_three():
    of_three = at_least(2, [is_yes("q0"), is_yes("q1"), is_yes("q2")])
    edits = Edits(Space(pairs_rule_set(), (of_three,)), {})
    edits.cubes(of_three, "true")
    return edits.is_exact


def looked_for_what_follows():
    """Red follows once green is ruled out, by either of two answers."""
    vocabulary = vocabulary_of(
        attribute("hue", "one_of", 2), attribute("q0", "yes_no"), attribute("q1", "yes_no")
    )
    red, green = (Test("hue", "hue", frozenset({value})) for value in ("red", "green"))
    ruled_out = never(all_of([green, is_yes(name)]) for name in ("q0", "q1"))
    rule_set = replace(rule_set_of(vocabulary, []), impossible=ruled_out)
    edits = Edits(Space(rule_set, (red,)), {})
    edits.cubes(red, "true")
    return edits.is_exact


def looked_for_enough():
    rule_set = pairs_rule_set()
    finder = Sufficiency(rule_set, Situation(ALL_YES), rule_set.truths(ALL_YES))
    finder.sets(PAIRS, wanted=True)
    return finder.is_exact


@pytest.mark.parametrize(
    ("limit", "search"),
    [
        ("smallest_change.MOST_TRIES", looked_for),
        ("cubes.MOST_CUBES", looked_for),
        ("cubes.MOST_CUBES", looked_for_of_three),
        ("cubes.MOST_FOLLOWING", looked_for_what_follows),
        ("sufficient_answers.MOST_SETS", looked_for_enough),
    ],
)
def test_a_search_that_was_cut_never_says_exact(limit, search):
    assert search()
    with limited(limit, 1):
        assert not search()


@st.composite
def questions(draw):
    """Draw rules in which answers follow from one another, and what is asked of two conditions."""
    part = conditions(WORDS, (), 0)
    pairs = draw(st.lists(st.tuples(part, part).map(all_of), min_size=1, max_size=3))
    rule_set = replace(rule_set_of(WORDS, []), impossible=never(pairs))
    asked = conditions(WORDS, (), 1)
    wholes = draw(st.lists(asked, min_size=1, max_size=2))
    questions = st.tuples(st.sampled_from(wholes), st.sampled_from(tuple(WANTED)))
    return rule_set, draw(st.lists(questions, min_size=2, max_size=4)), tuple(wholes)


@given(questions(), FEW)
@MORE
def test_ways_that_are_found_are_the_same_whatever_was_asked_before(drawn, most):
    rule_set, asked, wholes = drawn
    space = Space(rule_set, wholes)
    edits = Edits(space, {})
    with limited("cubes.MOST_CUBES", most), limited("cubes.MOST_FOLLOWING", most):
        one_after_the_other = [edits.cubes(*question) for question in asked]
        each_alone = [Edits(space, {}).cubes(*question) for question in asked]
    assert one_after_the_other == each_alone
