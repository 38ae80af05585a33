"""What may be passed on, and why: as far as the widest ground says, and by no other."""

from hypothesis import given
from hypothesis import strategies as st

from iscg_rules import Engine
from iscg_rules.model.partners import Directory
from iscg_rules.model.rules import SCOPES
from tests.laws.strategies import GROUNDS, attribute, is_yes, rule, rule_set_of, vocabulary_of

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
