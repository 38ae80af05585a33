"""The law of an evaluation: more answers only settle what was open."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from iscg_rules import reference
from iscg_rules.candidates import Openings
from iscg_rules.conditions import FactIs
from iscg_rules.conditions.tree import unsettled
from iscg_rules.partners import Directory
from iscg_rules.ranking import Ranker
from iscg_rules.rules import STRENGTHS, URGENCIES, RuleSet
from iscg_rules.support import Support, make_plans
from tests.laws.strategies import KINDS, completions, rule, worlds


def classes(rule_set, evaluation):
    """Give the urgency and the strength of each certain kind."""
    found: dict[str, tuple[int, int]] = {}
    certain = reference.certain_kinds(rule_set, evaluation)
    for name in evaluation.fired:
        for orient in rule_set.rules[name].orient:
            if orient.to in certain:
                urgency, strength = found.get(orient.to, (9, 9))
                found[orient.to] = (
                    min(urgency, URGENCIES.index(orient.urgency)),
                    min(strength, STRENGTHS.index(orient.strength)),
                )
    return found


def ranked(rule_set, evaluation, situation, *, already=None, limit=None):
    directory = Directory({}, {})
    return Ranker(rule_set, directory).rank(
        evaluation,
        situation.values,
        rule_set.truths(situation.values),
        Openings(directory, None),
        already=already or {},
        limit=limit,
    )


@given(worlds(), st.data())
def test_what_is_certain_or_excluded_stays_so_under_every_completion(world, data):
    rule_set, situation, day = world
    before = reference.evaluate(rule_set, situation, day)
    for complete in data.draw(completions(rule_set.vocabulary, situation)):
        after = reference.evaluate(rule_set, complete, day)
        certain = reference.certain_kinds(rule_set, before)
        excluded = reference.excluded_kinds(rule_set, before)
        assert set(before.fired) <= set(after.fired)
        assert certain <= reference.certain_kinds(rule_set, after)
        assert excluded <= reference.excluded_kinds(rule_set, after)


@given(worlds(), st.data())
def test_no_urgency_gets_later_and_no_strength_weaker_as_more_is_known(world, data):
    rule_set, situation, day = world
    before = classes(rule_set, reference.evaluate(rule_set, situation, day))
    for complete in data.draw(completions(rule_set.vocabulary, situation)):
        after = classes(rule_set, reference.evaluate(rule_set, complete, day))
        later = [
            kind for kind, (u, s) in before.items() if after[kind][0] > u or after[kind][1] > s
        ]
        assert later == []


@given(worlds(), st.data())
def test_what_is_neither_certain_nor_possible_never_comes(world, data):
    rule_set, situation, day = world
    before = reference.evaluate(rule_set, situation, day)
    may = reference.certain_kinds(rule_set, before) | reference.possible_kinds(rule_set, before)
    for complete in data.draw(completions(rule_set.vocabulary, situation)):
        after = reference.evaluate(rule_set, complete, day)
        assert reference.certain_kinds(rule_set, after) <= may


@given(worlds())
def test_exclusion_beats_orientation(world):
    rule_set, situation, day = world
    evaluation = reference.evaluate(rule_set, situation, day)
    got = ranked(rule_set, evaluation, situation)
    shown = {one.kind for one in (*got.certain, *got.possible)}
    assert shown & reference.excluded_kinds(rule_set, evaluation) == set()


@given(worlds())
def test_the_ranking_has_the_kinds_and_the_order_of_the_reference(world):
    rule_set, situation, day = world
    evaluation = reference.evaluate(rule_set, situation, day)
    got = ranked(rule_set, evaluation, situation)
    assert [one.kind for one in got.certain] == reference.ranked_kinds(rule_set, evaluation)
    assert {one.kind for one in got.possible} == reference.possible_kinds(rule_set, evaluation)
    assert {kind for kind, _ in got.excluded} == reference.excluded_kinds(rule_set, evaluation)


@given(worlds(), st.randoms())
def test_the_order_of_files_changes_nothing(world, random):
    rule_set, situation, day = world
    rules = list(rule_set.rules.items())
    random.shuffle(rules)
    shuffled = replace(rule_set, rules=dict(rules))
    evaluation = reference.evaluate(shuffled, situation, day)
    assert evaluation == reference.evaluate(rule_set, situation, day)
    assert ranked(shuffled, evaluation, situation) == ranked(rule_set, evaluation, situation)


@given(worlds())
def test_a_rule_split_into_several_gives_the_same_order(world):
    rule_set, situation, day = world
    split: dict[str, object] = {}
    for one in rule_set.rules.values():
        effects = one.model_dump(by_alias=True, exclude={"id", "when"})
        for place, orient in enumerate(effects.pop("orient")):
            name = f"{one.id}-{place}"
            split[name] = rule(name, one.condition, **effects | {"orient": [orient]})
        split[one.id] = rule(one.id, one.condition, **effects)
    parts = RuleSet(rule_set.vocabulary, rule_set.facts, split)  # type: ignore[arg-type]
    evaluation = reference.evaluate(parts, situation, day)
    assert reference.ranked_kinds(parts, evaluation) == reference.ranked_kinds(
        rule_set, reference.evaluate(rule_set, situation, day)
    )


@given(worlds(), st.sampled_from(tuple(KINDS)), st.sampled_from(["contacted", "declined"]))
def test_what_was_tried_is_never_removed_and_a_rescue_keeps_its_rank(world, kind, status):
    rule_set, situation, day = world
    evaluation = reference.evaluate(rule_set, situation, day)
    plain = [one.kind for one in ranked(rule_set, evaluation, situation).certain]
    got = ranked(rule_set, evaluation, situation, already={kind: status}).certain
    after = [one.kind for one in got]
    assert sorted(after) == sorted(plain)
    assert [one.urgency for one in got] == sorted(one.urgency for one in got)
    moved = {one.kind for one in got if one.urgency > 0 and KINDS[one.kind].nature != "rescue"}
    assert after == plain or kind in moved
    assert [one for one in after if one != kind] == [one for one in plain if one != kind]


@given(worlds(), st.integers(0, 6))
def test_a_limit_cuts_from_the_end_and_never_what_is_now_or_must(world, limit):
    rule_set, situation, day = world
    evaluation = reference.evaluate(rule_set, situation, day)
    everything = ranked(rule_set, evaluation, situation)
    cut = ranked(rule_set, evaluation, situation, limit=limit)
    lost = [one for one in everything.certain if one not in cut.certain]
    assert len(lost) == cut.left_out
    assert [one.kind for one in lost if one.urgency == 0 or one.strength == 0] == []
    assert len(cut.certain) <= max(
        limit, sum(one.urgency == 0 or one.strength == 0 for one in everything.certain)
    )


def lacking(rule_set, condition, values, truths):
    found = set()
    for leaf in unsettled(condition, values, truths):
        if isinstance(leaf, FactIs):
            found |= lacking(rule_set, rule_set.facts[leaf.fact].condition, values, truths)
        else:
            found.add(leaf.attribute)
    return found


@given(worlds())
def test_the_plan_of_a_rule_lacks_what_its_condition_lacks(world):
    rule_set, situation, day = world
    values, truths = situation.values, rule_set.truths(situation.values)
    support = Support(make_plans(rule_set), values, truths)
    for name in reference.evaluate(rule_set, situation, day).open:
        condition = rule_set.rules[name].condition
        assert set(support.lacks((name,))) == lacking(rule_set, condition, values, truths)


@given(worlds())
def test_a_rule_rests_on_answers_that_are_enough(world):
    rule_set, situation, day = world
    truths = rule_set.truths(situation.values)
    support = Support(make_plans(rule_set), situation.values, truths)
    for name in reference.evaluate(rule_set, situation, day).fired:
        answers = support.rests_on(name)
        alone = type(situation)({variable: situation.values[variable] for variable in answers})
        assert answers == sorted(answers, key=list(rule_set.vocabulary.attribute_of).index)
        assert name in reference.evaluate(rule_set, alone, day).fired


@given(worlds(), st.data())
def test_what_is_not_named_as_missing_cannot_settle_a_possible_kind(world, data):
    rule_set, situation, day = world
    evaluation = reference.evaluate(rule_set, situation, day)
    got = ranked(rule_set, evaluation, situation)
    support = Support(make_plans(rule_set), situation.values, rule_set.truths(situation.values))
    for one in got.possible:
        named = set(support.lacks(one.open_rules))
        for complete in data.draw(completions(rule_set.vocabulary, situation))[:3]:
            attribute_of = rule_set.vocabulary.attribute_of
            others = {v: a for v, a in complete.values.items() if attribute_of[v] not in named}
            others |= situation.values
            after = reference.evaluate(rule_set, type(situation)(others), day)
            assert one.kind in reference.possible_kinds(rule_set, after)
