"""What cases show of conditions, against the definition and every situation there is."""

from hypothesis import given
from hypothesis import strategies as st

from iscg_rules.language.conditions import Not, Threshold, leaves
from iscg_rules.model.partners import Directory
from iscg_rules.proof.cases.coverage import cover
from iscg_rules.recommend import closed_reference, reference
from tests.laws import small_worlds as small

NOBODY = Directory({}, small.VOCABULARY.areas)


def worth(condition, values, facts, place, forced, counter=None):
    """Give the truth of a condition in which one leaf, counted left to right, is forced."""
    counter = [] if counter is None else counter
    match condition:
        case Not(part):
            truth = worth(part, values, facts, place, forced, counter)
            return {True: False, False: True, None: None}[truth]
        case Threshold(least, of):
            truths = [worth(part, values, facts, place, forced, counter) for part in of]
            held, open_ = truths.count(True), truths.count(None)
            return True if held >= least else None if held + open_ >= least else False
    counter.append(condition)
    return forced if len(counter) - 1 == place else condition.truth(values, facts)


def is_shown(condition, place, wanted, values, facts):
    """Tell whether a leaf is as wanted, and decides alone whether the condition is true."""
    is_wanted = list(leaves(condition))[place].truth(values, facts) is wanted
    as_it_is = worth(condition, values, facts, None, None)
    turned = worth(condition, values, facts, place, not wanted)
    return is_wanted and (as_it_is is True) is not (turned is True)


def shows(rule_set, directory, owner, situation, day):
    """Name every leaf that a situation shows, with how."""
    values = {**situation.values, **closed_reference.closed(rule_set, situation).values}
    facts = closed_reference.fact_truths(rule_set, values)
    got = reference.evaluate(rule_set, situation, day)
    everything = {
        "fact": rule_set.facts,
        "rule": {n: r for n, r in rule_set.rules.items() if r.is_in_force(day)},
        "partner": {
            n: p
            for n, p in directory.partners.items()
            if reference.certain_kinds(rule_set, got) & set(p.offers)
        },
    }[owner]
    return {
        (owner, name, place, wanted)
        for name, one in everything.items()
        for place in range(len(list(leaves(one.condition))))
        for wanted in (True, False)
        if is_shown(one.condition, place, wanted, values, facts)
    }


def shown_by(rule_set, directory, looked_at):
    owners = ("fact", "rule", "partner")
    return set().union(
        *(shows(rule_set, directory, owner, *one) for owner in owners for one in looked_at)
    )


def statuses(got):
    return {
        (one.owner, one.id, place, wanted): shown.status
        for one in got.conditions
        for place, effect in enumerate(one.effects)
        for wanted, shown in ((True, effect.when_true), (False, effect.when_false))
    }


def looked_at(rule_set, cases):
    return [
        (case.situation, case.at and case.at.date())
        for case in cases
        if not reference.impossible_entries(rule_set, case.situation)
    ]


@small.FEWER
@given(small.small_rule_sets(), small.directories(), small.cases())
def test_an_effect_is_shown_missing_or_unreachable_as_every_situation_says(
    rule_set, directory, cases
):
    got = statuses(cover(rule_set, directory, cases, day=small.START))
    shown = shown_by(rule_set, directory, looked_at(rule_set, cases))
    every = [(one, day) for one in small.every_possible(rule_set) for day in small.days(rule_set)]
    possible = shown_by(rule_set, directory, every)
    assert {key for key, status in got.items() if status == "shown"} == shown
    assert {key for key, status in got.items() if status == "missing"} == possible - shown
    assert {key for key, status in got.items() if status == "unreachable"} == (
        got.keys() - possible - shown
    )


@small.FEWER
@given(small.small_rule_sets(), small.cases())
def test_rules_kinds_and_exclusions_are_reached_as_the_reference_says(rule_set, cases):
    got = cover(rule_set, NOBODY, cases, day=small.START)
    found = [reference.evaluate(rule_set, *one) for one in looked_at(rule_set, cases)]
    fired = {rule for one in found for rule in one.fired}
    kinds = {kind for one in found for kind in reference.certain_kinds(rule_set, one)}
    excluded = {(r, e.to) for r in fired for e in rule_set.rules[r].exclude}
    assert {one.id for one in got.rules if one.shown.case} == fired
    assert {one.kind for one in got.kinds if one.shown.case} == kinds
    assert {(one.id, one.kind) for one in got.exclusions if one.shown.case} == excluded


@small.FEWER
@given(small.small_rule_sets(), small.directories(), st.booleans())
def test_drafts_are_written_for_all_that_is_missing_and_for_nothing_else(
    rule_set, directory, with_drafts
):
    got = cover(rule_set, directory, (), day=small.START, with_drafts=with_drafts)
    reached = [one.shown for one in (*got.rules, *got.kinds, *got.exclusions)]
    everything = [*got.shown, *reached]
    missing = [one for one in everything if one.status == "missing"]
    drafted = [one for one in everything if one.draft]
    assert drafted == missing * with_drafts
