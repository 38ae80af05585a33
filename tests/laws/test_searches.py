"""Searches that look at a limited number of ways: what they call exact is, whatever the limit."""

from dataclasses import replace
from itertools import combinations, product
from unittest import mock

from hypothesis import given, settings
from hypothesis import strategies as st

from iscg_rules.explain.cubes import Edits, Wanted
from iscg_rules.explain.sufficient_answers import Sufficiency
from iscg_rules.language.conditions import Not, Test, Truth, all_of, at_least
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
    rule,
    rule_set_of,
    vocabulary_of,
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
