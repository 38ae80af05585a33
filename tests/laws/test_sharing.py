"""What may be passed on, and why: as far as the widest ground says, and by no other."""

from hypothesis import given
from hypothesis import strategies as st

from iscg_rules import Engine
from iscg_rules.model.partners import Directory
from iscg_rules.model.rules import BENEFICIARIES, SCOPES
from iscg_rules.recommend import reference
from iscg_rules.recommend.kind_class import best_class
from iscg_rules.recommend.reference import Evaluation
from tests.laws.strategies import (
    GROUNDS,
    attribute,
    effects,
    is_yes,
    rule,
    rule_set_of,
    vocabulary_of,
)

WORDS = vocabulary_of(*(attribute(name, "yes_no") for name in ("q0", "consent_to_share")))
BY_AGREEMENT = {None: "ask_first", "yes": "agreed", "no": "contact_only"}
OTHERWISE = {"none": "nothing", "inform": "inform", "exception": "without_agreement"}


@st.composite
def grounds(draw):
    """Draw a ground: of two of each scope, each with a text of its own."""
    scope, number = draw(st.sampled_from(SCOPES)), draw(st.sampled_from("12"))
    if scope == "none":
        return scope, "", scope
    own = {"id": f"{scope}_{number}", "legal_basis": f"text {scope} {number}"}
    return scope, own["legal_basis"], GROUNDS[scope].model_copy(update=own)


@given(st.lists(grounds(), min_size=1, max_size=4), st.sampled_from((None, "yes", "no")))
def test_an_orientation_is_shared_on_its_widest_grounds_and_on_no_other(drawn, consent):
    leads = {"to": "shelter", "urgency": "now", "strength": "must"}
    rules = [
        rule(f"r{number}", is_yes("q0"), orient=[leads | {"sharing": ground}])
        for number, (_, _, ground) in enumerate(drawn)
    ]
    engine = Engine(rule_set_of(WORDS, rules), Directory({}, {}))
    answers = {"q0": "yes"} | ({"consent_to_share": consent} if consent else {})
    got = engine.recommend(answers, at=None).orientations[0].sharing
    widest = max((scope for scope, _, _ in drawn), key=SCOPES.index)
    leaned_on = {(ground.id, text) for scope, text, ground in drawn if scope == widest and text}
    assert got.scope == widest
    assert got.grounds == tuple(sorted(name for name, _ in leaned_on))
    assert got.legal_basis == tuple(sorted(text for _, text in leaned_on))
    expected = BY_AGREEMENT[consent] if widest == "agreement" else OTHERWISE[widest]
    assert got.transmission == expected


@given(st.lists(effects(), min_size=2, max_size=5))
def test_an_orientation_has_the_class_of_the_reference_and_each_reason_keeps_its_own(drawn):
    rules = {f"r{n}": rule(f"r{n}", is_yes("q0"), **one) for n, one in enumerate(drawn)}
    rule_set = rule_set_of(WORDS, rules.values())
    said = reference.oriented(rule_set, rules)
    got = Engine(rule_set, Directory({}, {})).recommend({"q0": "yes"}, at=None).orientations
    assert [one.kind for one in got] == reference.ranked_kinds(rule_set, Evaluation((*rules,), ()))
    for one in got:
        best = best_class(said[one.kind])
        assert one.for_ == tuple(name for name in BENEFICIARIES if name in best.people)
        assert (one.urgency, one.strength) == (best.urgency, best.strength)
        assert one.sharing.scope == best.scope
        assert [
            (reason.for_, reason.urgency, reason.strength, reason.sharing, reason.legal_basis)
            for reason in one.reasons
        ] == [
            ((orient.for_,), orient.urgency, orient.strength, orient.sharing, orient.legal_basis)
            for orient in said[one.kind]
        ]
