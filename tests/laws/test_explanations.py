"""Why, why not, what if, what differs and what to ask: each against every situation there is."""

from dataclasses import replace
from itertools import combinations, product

from hypothesis import assume, given
from hypothesis import strategies as st

from iscg_rules import Engine
from iscg_rules.explain.explainer import Explainer, SeenSituation
from iscg_rules.explain.smallest_change import Changer
from iscg_rules.language.conditions import Not, any_of
from iscg_rules.language.situations import Situation
from iscg_rules.model.answer_space import Space
from iscg_rules.model.closed_words import GOALS
from iscg_rules.model.identity import Identity
from iscg_rules.model.partners import Directory, Partner
from iscg_rules.model.rules import SCOPES, STRENGTHS, URGENCIES, Impossible
from iscg_rules.recommend import reference
from iscg_rules.recommend.lexicon import make_lexicon
from tests.laws.strategies import (
    AREAS,
    KINDS,
    SOURCES,
    TEXT,
    answers_of,
    attribute,
    conditions,
    is_yes,
    never,
    rule,
    rule_set_of,
    rule_sets,
    situations,
    vocabulary_of,
    yes_no_vocabulary,
)

MANY = 2_500


@st.composite
def small_worlds(draw):
    """Draw a rule set with few situations, some of them impossible, some answers fixed."""
    rule_set = draw(rule_sets(most=4))
    vocabulary = rule_set.vocabulary
    size = 1
    for answers in answers_of(vocabulary).values():
        size *= len(answers) + 1
    assume(size <= MANY)
    fixed = draw(st.sets(st.sampled_from(tuple(vocabulary.attributes))))
    attributes = {
        name: one.model_copy(update={"fixed": name in fixed})
        for name, one in vocabulary.attributes.items()
    }
    impossible = never(draw(st.lists(conditions(vocabulary, (), 1), max_size=1)))
    words = replace(vocabulary, attributes=attributes)
    # Advice makes every open rule matter: most rules give none.
    silent = draw(st.sets(st.sampled_from(tuple(rule_set.rules)), min_size=len(rule_set.rules) - 1))
    rules = {
        name: one.model_copy(update={"advise": ()}) if name in silent else one
        for name, one in rule_set.rules.items()
    }
    rule_set = replace(rule_set, vocabulary=words, rules=rules, impossible=impossible)
    situation = draw(situations(words))
    assume(not reference.impossible_entries(rule_set, situation))
    return rule_set, situation


@st.composite
def directories(draw, rule_set):
    names = draw(st.lists(st.sampled_from(tuple(KINDS)), max_size=4))
    partners = {}
    for number, kind in enumerate(names):
        if KINDS[kind].nature == "tool":
            continue
        accepts = draw(st.none() | conditions(rule_set.vocabulary, (), 1))
        area = draw(st.sampled_from(tuple(AREAS)))
        given_ = {"id": f"p{number}", "name": "X", "offers": [kind], "area": area}
        more = {"accepts": accepts, "source": [SOURCES[0] | {"checked": "2026"}]}
        partners[f"p{number}"] = Partner.model_validate(given_ | more)
    return Directory(partners, AREAS)


def explainer(rule_set):
    engine = Engine(rule_set, Directory({}, {}))
    changer = Changer(Space(rule_set), engine.recommender.evaluator)
    return Explainer(make_lexicon(rule_set, Identity(), "fr"), engine.directory, changer), changer


def view_of(rule_set, situation):
    engine = Engine(rule_set, Directory({}, {}))
    closed = engine.situation(situation)
    got = engine.recommend(situation, at=None)
    evaluation = reference.evaluate(rule_set, situation, None)
    shown = frozenset(one.kind for one in got.orientations)
    return SeenSituation(closed, None, evaluation, rule_set.truths(closed.view), got, shown)


def is_certain(rule_set, values, kind):
    evaluation = reference.evaluate(rule_set, Situation(values), None)
    return kind in reference.certain_kinds(rule_set, evaluation)


def smallest_sets(rule_set, values, kind):
    """Give the smallest subsets of the answers that are enough, by trying them all."""
    found: list[frozenset[str]] = []
    for size in range(len(values) + 1):
        for names in combinations(sorted(values), size):
            if not any(one <= set(names) for one in found) and is_certain(
                rule_set, {name: values[name] for name in names}, kind
            ):
                found.append(frozenset(names))
    return set(found)


@given(small_worlds())
def test_why_gives_every_smallest_set_that_is_enough_and_no_other(world):
    rule_set, situation = world
    view = view_of(rule_set, situation)
    finder, _ = explainer(rule_set)
    variables = rule_set.vocabulary.attribute_of
    for kind in KINDS:
        why = finder.why(view, kind, 1_000)
        expected = smallest_sets(rule_set, situation.values, kind)
        sizes = sorted(len(one) for one in expected)
        assert why.is_certain == is_certain(rule_set, situation.values, kind)
        assert [len(one.answers) for one in why.sets] == (sizes if why.is_certain else [])
        named = {frozenset(variables[name] for name in one) for one in expected}
        assert {frozenset(a.attribute for a in one.answers) for one in why.sets} <= named
        assert why.exact


def reaches(rule_set, values, kind, goal):
    situation = Situation(values)
    if reference.impossible_entries(rule_set, situation):
        return False
    evaluation = reference.evaluate(rule_set, situation, None)
    if goal == "excluded":
        return kind in reference.excluded_kinds(rule_set, evaluation)
    ranked = reference.ranked_kinds(rule_set, evaluation)
    return ranked[:1] == [kind] if goal == "first" else kind in ranked


def distance(before, after):
    return sum(before.get(name) != answer for name, answer in after.items())


def all_situations(rule_set, situation, *, keeps_fixed):
    """Give every situation that changing and giving answers can make of one."""
    values, attributes = situation.values, rule_set.vocabulary.attributes
    pools = {}
    for name, answers in answers_of(rule_set.vocabulary).items():
        is_fixed = attributes[rule_set.vocabulary.attribute_of[name]].fixed
        if name not in values:
            pools[name] = (None, *answers)
        else:
            pools[name] = (values[name],) if keeps_fixed and is_fixed else answers
    for chosen in product(*pools.values()):
        pairs = zip(pools, chosen, strict=True)
        yield {name: answer for name, answer in pairs if answer is not None}


@given(small_worlds(), st.sampled_from(tuple(KINDS)), st.sampled_from(GOALS))
def test_what_if_reaches_its_goal_and_nothing_smaller_does(world, kind, goal):
    rule_set, situation = world
    _, changer = explainer(rule_set)
    found = changer.towards(situation.values, None, kind, goal, 3)
    ways = [
        distance(situation.values, after)
        for after in all_situations(rule_set, situation, keeps_fixed=True)
        if reaches(rule_set, after, kind, goal)
    ]
    assert found.is_exact
    assert bool(found.changes) == bool(ways)
    for changes in found.changes:
        assert reaches(rule_set, {**situation.values, **changes}, kind, goal)
        assert len(changes) == min(ways)


@given(small_worlds())
def test_why_not_names_the_fewest_answers_that_make_a_rule_hold(world):
    rule_set, situation = world
    _, changer = explainer(rule_set)
    everything = list(all_situations(rule_set, situation, keeps_fixed=False))
    for one in rule_set.rules.values():
        if not one.is_in_force(None):
            continue
        ways = [
            distance(situation.values, after)
            for after in everything
            if not reference.impossible_entries(rule_set, Situation(after))
            and one.id in reference.evaluate(rule_set, Situation(after), None).fired
        ]
        [found] = changer.towards_rules(situation.values, [one])
        assert bool(found.changes) == bool(ways)
        assert [len(changes) for changes in found.changes] == ([min(ways)] if ways else [])


@given(small_worlds(), st.sampled_from(tuple(KINDS)))
def test_why_not_always_says_something(world, kind):
    rule_set, situation = world
    finder, _ = explainer(rule_set)
    got = finder.why_not(view_of(rule_set, situation), kind)
    said = {
        "excluded": got.exclusions,
        "possible": got.missing,
        "not_reached": got.rules,
    }
    assert got.text
    assert said.get(got.status, True)


def shown(recommendation):
    """Give all of a recommendation but the reasons: what an answer may change."""
    return (
        [
            (o.kind, o.urgency, o.strength, o.for_, o.partner, o.sharing.scope, o.alternatives)
            for o in recommendation.orientations
        ],
        [exclusion.kind for exclusion in recommendation.excluded],
        [advice.rule for advice in recommendation.advice],
    )


@given(small_worlds(), st.data())
def test_a_question_that_is_not_asked_changes_nothing(world, data):
    rule_set, situation = world
    engine = Engine(rule_set, data.draw(directories(rule_set)))
    interviewer = engine._explanations.interviewer
    if data.draw(st.booleans()):
        vars(interviewer)["_diagrams"] = None
    found, is_exact = interviewer.mattering(engine.situation(situation), None)
    matters = engine.recommender.asking.first(found, 99, engine.situation(situation))
    attribute_of = rule_set.vocabulary.attribute_of
    pools = answers_of(rule_set.vocabulary)
    unknown = [name for name in pools if name not in situation.values]
    asked = [name for name in unknown if attribute_of[name] in matters]
    silent = [name for name in unknown if attribute_of[name] not in matters]
    outcomes: dict[tuple[object, ...], object] = {}
    for chosen in product(*(pools[name] for name in asked + silent)):
        full = situation.adding(dict(zip(asked + silent, chosen, strict=True)))
        if reference.impossible_entries(rule_set, full):
            continue
        got = shown(engine.recommend(full, at=None))
        assert outcomes.setdefault(chosen[: len(asked)], got) == got
    assert engine.is_settled(situation, at=None) == (not matters)
    # An idle question is still asked where it hides what all answers lead to.
    shared = set.intersection(*(set(told(got, engine)) for got in outcomes.values()))
    if is_exact and shared <= set(told(shown(engine.recommend(situation, at=None)), engine)):
        idle = [name for name in matters if not changes_something(name, asked, outcomes, rule_set)]
        assert idle == []


def told(got, engine):
    """Give each thing that is said, so that what outcomes share can be told from the rest."""
    orientations, excluded, advice = got
    yield from [("excluded", kind) for kind in excluded] + [("advice", rule) for rule in advice]
    for kind, urgency, strength, whom, partner, scope, others in orientations:
        yield (kind,)
        yield from ((kind, level) for level in URGENCIES[URGENCIES.index(urgency) :])
        yield from ((kind, level) for level in STRENGTHS[STRENGTHS.index(strength) :])
        yield from ((kind, one) for one in (*whom, *SCOPES[: SCOPES.index(scope) + 1]))
        serving = {one.id for one in (partner, *others) if one}
        yield from ((kind, one, one in serving) for one in engine.directory.partners)


def changes_something(name, asked, outcomes, rule_set):
    """Tell whether two situations that differ in the answers to one question come out apart."""
    owner = rule_set.vocabulary.attribute_of
    rest = [place for place, variable in enumerate(asked) if owner[variable] != name]
    seen: dict[tuple[object, ...], object] = {}
    return any(
        seen.setdefault(tuple(chosen[place] for place in rest), got) != got
        for chosen, got in outcomes.items()
    )


@given(small_worlds(), st.data())
def test_compare_names_answers_that_make_the_difference(world, data):
    rule_set, before = world
    after = data.draw(situations(rule_set.vocabulary))
    assume(not reference.impossible_entries(rule_set, after))
    engine = Engine(rule_set, Directory({}, {}))
    got = engine.compare(before, after, at=None)
    first = [o.kind for o in engine.recommend(before, at=None).orientations]
    second = [o.kind for o in engine.recommend(after, at=None).orientations]
    assert [one.kind for one in got.won] == [kind for kind in second if kind not in first]
    assert [one.kind for one in got.lost] == [kind for kind in first if kind not in second]
    for one in (*got.won, *got.lost, *got.moved):
        assert one.changes
        assert (one.before is None, one.after is None) == (
            one.kind not in first,
            one.kind not in second,
        )


def effect(kind, urgency, strength="should"):
    return {"to": kind, "urgency": urgency, "strength": strength, "sharing": "none"}


def first(rules, values, *, impossible=(), fixed=("q1",)):
    """Give the changes that bring `shelter` to the first place."""
    words = yes_no_vocabulary(4)
    attributes = {
        name: one.model_copy(update={"fixed": name in fixed})
        for name, one in words.attributes.items()
    }
    entries = tuple(
        Impossible.model_validate({"id": "no", "when": when, "because": TEXT})
        for when in impossible
    )
    rule_set = rule_set_of(replace(words, attributes=attributes), rules)
    _, changer = explainer(replace(rule_set, impossible=entries))
    return [dict(one) for one in changer.towards(values, None, "shelter", "first", 5).changes]


SHELTER = rule("a", is_yes("q0"), orient=[effect("shelter", "today")])
JUDGE = rule("b", is_yes("q1"), orient=[effect("judge", "now")])
BOTH = {"q0": "yes", "q1": "yes"}


def test_a_kind_passes_another_by_becoming_more_urgent():
    sooner = rule("c", is_yes("q2"), orient=[effect("shelter", "now", "must")])
    assert first([SHELTER, JUDGE, sooner], BOTH) == [{"q2": "yes"}]


def test_a_kind_passes_another_that_is_excluded():
    against = rule("c", is_yes("q3"), exclude=[{"to": "judge"}])
    assert first([SHELTER, JUDGE, against], {**BOTH, "q3": "no"}) == [{"q3": "yes"}]


def test_a_kind_passes_another_whose_answer_may_be_taken_back():
    assert first([SHELTER, JUDGE], BOTH, fixed=()) == [{"q1": "no"}]
    assert first([SHELTER, JUDGE], BOTH) == []


def test_no_change_leads_to_a_situation_that_cannot_be():
    never = Not(is_yes("q1"))
    assert first([SHELTER, JUDGE], BOTH, fixed=(), impossible=[never]) == []
    later = any_of((is_yes("q1"), is_yes("q2")))
    rules = [SHELTER, rule("b", later, orient=[effect("judge", "now")])]
    sure = {"q0": "yes", "q1": "no", "q2": "yes"}
    assert first(rules, sure, impossible=[Not(later)]) == []
    # Nobody said q1, and it cannot be no: it is yes, whatever q2 is.
    assert first(rules, {"q0": "yes", "q2": "yes"}, impossible=[never]) == []


def test_a_partner_that_accepts_everybody_may_be_too_far_away():
    words = vocabulary_of(attribute("home", "commune"), attribute("q0", "yes_no"))
    leads = {"to": "shelter", "urgency": "now", "strength": "must", "sharing": "none"}
    given_partner = {"id": "p", "name": "X", "offers": ["shelter"], "area": ["harbour"]}
    partner = Partner.model_validate(given_partner | {"source": [SOURCES[0] | {"checked": "2026"}]})
    rules = rule_set_of(words, [rule("go", is_yes("q0"), orient=[leads])])
    engine = Engine(rules, Directory({"p": partner}, AREAS))
    got = engine.why_not({"q0": "yes", "home": "75056"}, "shelter", at=None)
    assert [(one.id, one.lacks) for one in got.partners] == [("p", "area")]
