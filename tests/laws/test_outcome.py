"""What comes of a situation is the same whatever rules are made of; the reference is the judge."""

from functools import partial
from itertools import product
from operator import not_

from hypothesis import given, settings
from hypothesis import strategies as st

from iscg_rules.explain.decision_diagrams import Diagrams
from iscg_rules.language.truth_gates import MustMay
from iscg_rules.model.answer_space import Space
from iscg_rules.model.partners import Directory
from iscg_rules.model.rules import Orient
from iscg_rules.model.scales import Beneficiary, Scope, Strength, Urgency
from iscg_rules.proof.solver.proven_outcome import ProvenOutcome
from iscg_rules.proof.solver.situation_gates import Encoding
from iscg_rules.recommend import reference
from iscg_rules.recommend.kind_class import KindClass, best_class
from iscg_rules.recommend.outcome import Outcome, distinctions, is_wide
from iscg_rules.recommend.reference import Evaluation
from iscg_rules.recommend.standing import BITS, standing
from tests.laws.strategies import (
    GROUNDS,
    KINDS,
    completions,
    is_yes,
    rule,
    rule_set_of,
    worlds,
    yes_no_vocabulary,
)

fewer = settings(max_examples=settings().max_examples // 4)


class Booleans:
    true, false = True, False
    all_of, any_of, opposite = staticmethod(all), staticmethod(any), staticmethod(not_)


def judged(rule_set, evaluation):
    """Give the certain kinds in order with their classes, the possible, the excluded."""
    oriented = reference.oriented(rule_set, evaluation.fired)
    ranked = reference.ranked_kinds(rule_set, evaluation)
    return (
        [(kind, best_class(oriented[kind])) for kind in ranked],
        reference.possible_kinds(rule_set, evaluation),
        reference.excluded_kinds(rule_set, evaluation),
    )


def read(outcome, is_true):
    """Give the same of an outcome in one situation.

    Args:
        is_true: tells of a gate whether it is true there.
    """
    standings = {kind: outcome.standing(kind) for kind in KINDS}
    certain = [kind for kind, stands in standings.items() if is_true(stands.certain)]
    assert certain == [kind for kind in KINDS if is_true(outcome.certain(kind))]

    def place(kind):
        others = [other for other in outcome.orienting if other != kind]
        return sum(is_true(outcome.ahead(other, kind)) for other in others)

    return (
        [(kind, class_of(outcome, is_true, kind)) for kind in sorted(certain, key=place)],
        {kind for kind, stands in standings.items() if is_true(stands.possible)},
        {kind for kind, stands in standings.items() if is_true(stands.excluded)},
    )


def class_of(outcome, is_true, kind):
    orients = [orient for _, orient in outcome.orienting[kind]]
    return KindClass(
        min(one for one in Urgency if is_true(outcome.urgent(kind, one))),
        min(one for one in Strength if is_true(outcome.strong(kind, one))),
        frozenset(o.for_ for o in orients if is_true(outcome.given(kind, partial(is_for, o.for_)))),
        max(one for one in Scope if is_true(outcome.given(kind, partial(is_wide, one)))),
    )


def is_for(whom, orient):
    return orient.for_ == whom


@given(worlds())
def test_over_booleans_an_outcome_says_what_the_reference_says(world):
    rule_set, situation, day = world
    got = reference.evaluate(rule_set, situation, day)
    rule = lambda name: MustMay(name in got.fired, name in (*got.fired, *got.open))  # noqa: E731
    assert read(Outcome(Booleans(), rule_set, rule), bool) == judged(rule_set, got)


def orientation(to, urgency="now", strength="must", sharing="none", whom="person"):
    words = {"urgency": urgency, "strength": strength, "sharing": GROUNDS[sharing], "for": whom}
    return {"to": to, **words}


GO_AND_NO = rule_set_of(
    yes_no_vocabulary(1),
    [
        rule("go", is_yes("q0"), orient=[orientation("shelter")]),
        rule("no", is_yes("q0"), exclude=[{"to": "shelter"}]),
    ],
)
# Whether a rule orients to a kind, and whether one excludes it: every pair of truths.
PAIRS = tuple(product((False, None, True), repeat=2))


def test_over_the_bits_of_a_number_every_kind_stands_as_in_the_reference():
    oriented, excluding = (
        MustMay(bits(one is True for one in side), bits(one is not False for one in side))
        for side in zip(*PAIRS, strict=True)
    )
    evaluations = [evaluation_of(*pair) for pair in PAIRS]
    assert standing(BITS, oriented, excluding) == (
        bits(reference.certain_kinds(GO_AND_NO, one) for one in evaluations),
        bits(reference.possible_kinds(GO_AND_NO, one) for one in evaluations),
        bits(reference.excluded_kinds(GO_AND_NO, one) for one in evaluations),
    )


def evaluation_of(go, no):
    truths = {"go": go, "no": no}
    return Evaluation(
        fired=tuple(name for name, truth in truths.items() if truth is True),
        open=tuple(name for name, truth in truths.items() if truth is None),
    )


def bits(holding):
    return sum(1 << place for place, holds in enumerate(holding) if holds)


def test_two_kinds_of_any_classes_come_in_the_order_of_the_reference():
    classes = tuple(product(Urgency, Strength))
    worlds_of_two = [two_kinds(*pair) for pair in product(classes, repeat=2)]
    fired = Evaluation(("first", "second"), ())
    ranked = [ranked_kinds(Outcome(Booleans(), one, always)) for one in worlds_of_two]
    assert ranked == [reference.ranked_kinds(one, fired) for one in worlds_of_two]


def two_kinds(first, second):
    return rule_set_of(
        yes_no_vocabulary(1),
        [
            rule("first", is_yes("q0"), orient=[orientation("shelter", *first)]),
            rule("second", is_yes("q0"), orient=[orientation("judge", *second)]),
        ],
    )


def always(_):
    return MustMay(must=True, may=True)


def ranked_kinds(outcome):
    return [kind for kind, _ in read(outcome, bool)[0]]


def test_what_tells_orientations_apart_tells_all_of_them_apart():
    words = tuple(product(Urgency, Strength, Scope, Beneficiary))
    orients = [Orient.model_validate(orientation("shelter", *some)) for some in words]
    says = tuple(distinctions(orients))
    assert len({tuple(one(orient) for one in says) for orient in orients}) == len(words)


@fewer
@given(worlds())
def test_over_literals_every_partial_situation_is_what_the_reference_says(world):
    rule_set, situation, day = world
    encoding = Encoding(Space(rule_set), is_partial=True)
    outcome = ProvenOutcome(encoding, rule_set, Directory({}, {}), in_force=rule_set.in_force(day))
    for kind in KINDS:
        outcome.standing(kind)
    literals = [
        literal if situation.values.get(name) is not None and place == chosen else -literal
        for name in encoding.space.domains
        for chosen in [class_in(encoding, name, situation.values)]
        for place, literal in encoding.answers(name).items()
    ]

    def is_true(gate):
        may = encoding.circuit.is_possible([*literals, gate])
        assert may is not encoding.circuit.is_possible([*literals, -gate])
        return may

    got = reference.evaluate(rule_set, situation, day)
    assert read(outcome, is_true) == judged(rule_set, got)


def class_in(encoding, name, values):
    return encoding.space.domains[name].class_of(values[name]) if name in values else None


@fewer
@given(worlds(), st.data())
def test_over_diagrams_every_complete_situation_is_what_the_reference_says(world, data):
    rule_set, situation, day = world
    diagrams = Diagrams.make(Space(rule_set))
    assert diagrams is not None
    complete = data.draw(completions(rule_set.vocabulary, situation))[0]
    view = diagrams.view(complete.values)

    def rule(name):
        holds = view.rule(name) if name in rule_set.in_force(day) else diagrams.false
        return MustMay(holds, holds)

    got = reference.evaluate(rule_set, complete, day)
    outcome = Outcome(diagrams.gates, rule_set, rule)
    assert read(outcome, lambda gate: gate == diagrams.true) == judged(rule_set, got)
