"""Changes of rules against every situation there is: what is said of a change is true of it."""

from hypothesis import given
from hypothesis import strategies as st

from iscg_rules import Engine
from iscg_rules.authoring.case_verdicts import judge
from iscg_rules.language.conditions import FactIs, Test
from iscg_rules.language.situations import Situation
from iscg_rules.model.cases import Case, Expect
from iscg_rules.model.partners import Directory
from iscg_rules.model.rules import URGENCIES
from iscg_rules.proof.cases.expectable import Visible, expected
from iscg_rules.proof.cases.mutants import mutants
from iscg_rules.proof.cases.mutation import Mutation, TellingSituation
from iscg_rules.recommend import reference
from tests.laws import small_worlds as small
from tests.laws.strategies import MOMENTS, TEXT, fact, rule, rule_set_of

ORIENT = {"to": "phone", "urgency": "week", "strength": "may", "sharing": "none"}
NOBODY = Directory({}, small.VOCABULARY.areas)


def seen(rule_set, situation, day):
    """Give what a case can expect, straight from the reference."""
    got = reference.evaluate(rule_set, situation, day)
    kinds = reference.ranked_kinds(rule_set, got)
    urgency = {
        kind: min(
            URGENCIES.index(orient.urgency)
            for rule in got.fired
            for orient in rule_set.rules[rule].orient
            if orient.to == kind
        )
        for kind in kinds
    }
    advising = {rule for rule in got.fired if rule_set.rules[rule].advise}
    return kinds, reference.possible_kinds(rule_set, got), urgency, advising


def is_told_by_order(before, after, situation, day):
    return seen(before, situation, day)[0] != seen(after, situation, day)[0]


def is_told(before, after, situation, day):
    """Tell whether what is expected before a change can be missing after it, order left aside."""
    one, other = seen(before, situation, day), seen(after, situation, day)
    is_same = (sorted(one[0]), *one[1:3]) == (sorted(other[0]), *other[1:3])
    is_refused = bool(reference.impossible_entries(after, situation))
    return is_refused or not is_same or not one[3] <= other[3]


def fewest_that_tell(before, after):
    """Give the fewest answers that tell a change, on the first day when any do; None for never."""
    every = small.every_possible(before)
    for day in small.days(before):
        for tells in (is_told, is_told_by_order):
            counts = [len(one.values) for one in every if tells(before, after, one, day)]
            if counts:
                return min(counts)
    return None


def truths(rule_set, situation, day):
    """Give every rule with an effect: what it does, and whether it holds or is open."""
    got = reference.evaluate(rule_set, situation, day)
    return [
        (rule_set.rules[name].model_copy(update={"when": None}), name in got.fired)
        for name in (*got.fired, *got.open)
    ]


@st.composite
def changed_worlds(draw):
    rule_set = draw(small.small_rule_sets())
    mutant = draw(st.sampled_from(list(mutants(rule_set))))
    return rule_set, mutant, mutant.applied(rule_set)


@given(changed_worlds())
def test_a_change_is_told_exactly_where_some_situation_tells_it_by_the_fewest_answers(world):
    rule_set, mutant, changed = world
    found = Mutation(rule_set, NOBODY, (), small.START).difference(mutant, changed)
    told = len(found.values) if isinstance(found, TellingSituation) else None
    assert told == fewest_that_tell(rule_set, changed)


@given(changed_worlds())
def test_a_change_is_equivalent_where_every_rule_stays_as_it_was_in_every_situation(world):
    rule_set, mutant, changed = world
    found = Mutation(rule_set, NOBODY, (), small.START).difference(mutant, changed)
    is_different = any(
        truths(rule_set, situation, day) != truths(changed, situation, day)
        # A changed fact may also refuse what could be: a case is then refused, and notices.
        or reference.impossible_entries(changed, situation)
        for situation in small.every_possible(rule_set)
        for day in small.days(rule_set)
    )
    assert bool(is_different) is (found is not False)


@given(changed_worlds(), small.directories(), st.data())
def test_the_case_that_notices_is_the_first_that_stops_being_kept(world, directory, data):
    rule_set, mutant, changed = world
    cases = data.draw(small.kept_cases(rule_set, directory))
    before, after = (judge(Engine(one, directory), cases) for one in (rule_set, changed))
    noticing = [
        old.case for old, new in zip(before, after, strict=True) if old.is_kept and not new.is_kept
    ]
    found = Mutation(rule_set, directory, cases, small.START).noticing(mutant, changed)
    assert found == next(iter(noticing), None)


@given(small.small_rule_sets(), small.directories(), small.cases(most=1))
@small.FEWER
def test_a_case_is_kept_here_where_the_verdict_says_so(rule_set, directory, cases):
    (verdict,) = judge(Engine(rule_set, directory), cases)
    mutation = Mutation(rule_set, directory, cases, small.START)
    assert [one.case.id for one in mutation.kept] == [verdict.case] * verdict.is_kept


@given(changed_worlds(), st.sampled_from(small.EVERY), st.sampled_from(MOMENTS))
@small.FEWER
def test_what_is_expected_holds_before_and_not_after(world, situation, day):
    rule_set, _, changed = world
    before, after = (
        Visible.of(one, reference.evaluate(one, situation, day)) for one in (rule_set, changed)
    )
    one, other = seen(rule_set, situation, day), seen(changed, situation, day)
    assert bool(expected(before, after)) is (one[:3] != other[:3] or not one[3] <= other[3])


@given(small.small_rule_sets())
@small.FEWER
def test_no_change_is_made_twice(rule_set):
    found = [(one.owner, one.id, one.becomes) for one in mutants(rule_set)]
    again = [one for place, one in enumerate(found) if one in found[:place]]
    assert again == []


def one_case(expect, **answers):
    return Case("one", TEXT, Situation(answers), None, {}, expect, small.NOWHERE)


def fates(rule_set, directory, case, owner):
    mutation = Mutation(rule_set, directory, [case], small.START)
    return {
        one.change: mutation.noticing(one, one.applied(rule_set))
        for one in mutants(rule_set)
        if one.id == owner
    }


def test_a_lost_exclusion_is_noticed_where_its_kind_must_not_come():
    always = rule("always", Test("q0", "q0", frozenset({"yes"})), orient=[ORIENT])
    never = rule("never", Test("q1", "q1", frozenset({"yes"})), exclude=[{"to": "phone"}])
    rule_set = rule_set_of(small.VOCABULARY, [always, never])
    case = one_case(Expect(excludes=("phone",)), q0="yes", q1="yes")
    assert fates(rule_set, NOBODY, case, "never") == {"negated": "one", "rule_removed": "one"}


def test_a_changed_fact_is_noticed_by_the_partner_that_leans_on_it():
    facts = [fact("fact_0", Test("q1", "q1", frozenset({"yes"})))]
    always = rule("always", Test("q0", "q0", frozenset({"yes"})), orient=[ORIENT])
    rule_set = rule_set_of(small.VOCABULARY, [always], facts)
    house = small.house(FactIs("fact_0", holds=True))
    case = one_case(Expect(partner={"phone": "house"}), q0="yes", q1="yes")
    assert fates(rule_set, house, case, "fact_0") == {"negated": "one"}
