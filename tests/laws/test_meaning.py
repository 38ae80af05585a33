"""The law of an evaluation: more answers only settle what was open."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from iscg_rules.language.conditions import FactIs, all_of, parts_of
from iscg_rules.language.situations import Situation
from iscg_rules.model.partners import Directory
from iscg_rules.model.rules import STRENGTHS, URGENCIES, RuleSet
from iscg_rules.recommend import reference
from iscg_rules.recommend.partner_choice import Openings
from iscg_rules.recommend.ranking import Ranker
from iscg_rules.recommend.support import Support, make_plans
from tests.laws.strategies import (
    KINDS,
    completions,
    rule,
    rule_set_of,
    worlds,
    yes_no_vocabulary,
)


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
    excluded = reference.excluded_kinds(rule_set, evaluation)
    assert [kind for kind, _ in got.excluded] == [kind for kind in KINDS if kind in excluded]
    assert {kind: set(rules) for kind, rules in got.excluded} == {
        kind: excluding(rule_set, evaluation.fired, kind) for kind in excluded
    }


def excluding(rule_set, names, kind):
    return {n for n in names if kind in {e.to for e in rule_set.rules[n].exclude}}


def orienting(rule_set, names, kind):
    return [(n, o) for n in names for o in rule_set.rules[n].orient if o.to == kind]


@given(worlds())
def test_a_possible_kind_has_its_best_class_and_the_open_rules_about_it(world):
    rule_set, situation, day = world
    evaluation = reference.evaluate(rule_set, situation, day)
    for one in ranked(rule_set, evaluation, situation).possible:
        fired = orienting(rule_set, evaluation.fired, one.kind)
        open_ = orienting(rule_set, evaluation.open, one.kind)
        both = [orient for _, orient in (*fired, *open_)]
        threats = excluding(rule_set, evaluation.open, one.kind)
        expected = threats if fired else {name for name, _ in open_} | threats
        assert one.urgency == min(URGENCIES.index(orient.urgency) for orient in both)
        assert one.strength == min(STRENGTHS.index(orient.strength) for orient in both)
        assert set(one.open_rules) == expected


@given(worlds())
def test_what_is_to_be_settled_could_make_something_certain_now_or_exclude_it(world):
    rule_set, situation, day = world
    evaluation = reference.evaluate(rule_set, situation, day)
    expected: set[str] = set()
    for kind in set(KINDS) - reference.excluded_kinds(rule_set, evaluation):
        fired = [orient.urgency for _, orient in orienting(rule_set, evaluation.fired, kind)]
        urgent = {n for n, o in orienting(rule_set, evaluation.open, kind) if o.urgency == "now"}
        threats = excluding(rule_set, evaluation.open, kind)
        expected |= urgent | (threats if urgent else set()) if "now" not in fired else set()
        expected |= threats if fired else set()
    assert set(ranked(rule_set, evaluation, situation).settling) == expected


def rules_of(*classes):
    """Give a rule set in which one rule orients to each kind, with its class."""
    rules = [
        rule(f"rule-{kind}", all_of(()), orient=[{"to": kind, "sharing": "none", **one}])
        for kind, one in classes
    ]
    return rule_set_of(yes_no_vocabulary(1), rules)


def kinds_in_order(rule_set, **options):
    evaluation = reference.evaluate(rule_set, Situation({}), None)
    got = [one.kind for one in ranked(rule_set, evaluation, Situation({}), **options).certain]
    return got, reference.ranked_kinds(rule_set, evaluation)


def test_urgency_comes_before_strength_and_strength_before_the_place():
    rule_set = rules_of(
        ("rescue", {"urgency": "week", "strength": "may"}),
        ("shelter", {"urgency": "week", "strength": "must"}),
        ("judge", {"urgency": "week", "strength": "must"}),
        ("phone", {"urgency": "now", "strength": "may"}),
    )
    expected = ["phone", "shelter", "judge", "rescue"]
    assert kinds_in_order(rule_set) == (expected, expected)


def test_a_rescue_that_was_tried_keeps_its_rank_and_a_helpline_does_not():
    same = {"urgency": "week", "strength": "should"}
    rule_set = rules_of(("rescue", same), ("shelter", same), ("phone", same))
    tried = {"rescue": "contacted", "shelter": "declined"}
    assert kinds_in_order(rule_set, already=tried)[0] == ["rescue", "phone", "shelter"]


def test_what_was_tried_stays_within_its_urgency():
    rule_set = rules_of(
        ("shelter", {"urgency": "today", "strength": "must"}),
        ("judge", {"urgency": "today", "strength": "may"}),
        ("phone", {"urgency": "week", "strength": "must"}),
    )
    tried = {"shelter": "contacted"}
    assert kinds_in_order(rule_set, already=tried)[0] == ["judge", "shelter", "phone"]


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


CLASSES = st.fixed_dictionaries(
    {"urgency": st.sampled_from(URGENCIES), "strength": st.sampled_from(STRENGTHS)}
)


@given(st.fixed_dictionaries(dict.fromkeys(KINDS, CLASSES)), st.integers(0, 6))
def test_a_limit_leaves_what_is_now_or_must_and_the_first_of_the_rest(given_classes, limit):
    rule_set = rules_of(*given_classes.items())
    everything, _ = kinds_in_order(rule_set)
    kept = {
        k for k, one in given_classes.items() if "now" in one.values() or "must" in one.values()
    }
    rest = [kind for kind in everything if kind not in kept]
    kept |= set(rest[: max(0, limit - len(kept))])
    got, _ = kinds_in_order(rule_set, limit=limit)
    assert got == [kind for kind in everything if kind in kept]


def lacking(rule_set, condition, values, truths):
    """Give the attributes behind every unknown test under parts that are all unknown."""
    if condition.truth(values, truths) is not None:
        return set()
    if isinstance(condition, FactIs):
        definition = rule_set.facts[condition.fact].condition
        return lacking(rule_set, definition, values, truths)
    if not parts_of(condition):
        return {condition.attribute}
    return set().union(*(lacking(rule_set, p, values, truths) for p in parts_of(condition)))


@given(worlds())
def test_the_plan_of_a_rule_lacks_what_its_condition_lacks(world):
    rule_set, situation, day = world
    values, truths = situation.values, rule_set.truths(situation.values)
    support = Support(make_plans(rule_set), values)
    for name in reference.evaluate(rule_set, situation, day).open:
        condition = rule_set.rules[name].condition
        assert set(support.lacks((name,))) == lacking(rule_set, condition, values, truths)


@given(worlds())
def test_a_rule_rests_on_answers_that_are_enough(world):
    rule_set, situation, day = world
    support = Support(make_plans(rule_set), situation.values)
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
    support = Support(make_plans(rule_set), situation.values)
    for one in got.possible:
        named = set(support.lacks(one.open_rules))
        for complete in data.draw(completions(rule_set.vocabulary, situation))[:3]:
            attribute_of = rule_set.vocabulary.attribute_of
            others = {v: a for v, a in complete.values.items() if attribute_of[v] not in named}
            others |= situation.values
            after = reference.evaluate(rule_set, type(situation)(others), day)
            assert one.kind in reference.possible_kinds(rule_set, after)
