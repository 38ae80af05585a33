"""Professional secrecy over the shipped rules: what must never be shown, nor passed on."""

import random
from datetime import datetime
from typing import TYPE_CHECKING

import pytest

from iscg_rules import Engine, IscgError
from iscg_rules.language.moments import PARIS
from iscg_rules.language.situations import Situation
from iscg_rules.model.cases import read_cases
from iscg_rules.model.files import find_files
from iscg_rules.model.partners import Contact, Directory
from iscg_rules.rendering.full_text import render_full_text
from iscg_rules.rendering.markdown import render_markdown
from iscg_rules.rendering.text import render_text

if TYPE_CHECKING:
    from iscg_rules.errors import Problem

FRIDAY = datetime(2026, 11, 27, 22, 30, tzinfo=PARIS)
TERRITORIES = ["pays-de-saint-malo", "rennes", "brest"]
HIDDEN = "12 rue qui ne se dit pas"


def with_secrets(engine):
    """Give the same engine, where each partner has an address that must not be shown."""
    directory = engine.directory
    partners = {
        partner.id: partner.model_copy(
            update={
                "contact": Contact(**partner.contact.model_dump() | {"address": HIDDEN}),
                "confidential": ("address",),
            }
        )
        for partner in directory.partners.values()
    }
    return Engine(engine.rule_set, Directory(partners, directory.areas))


ENGINES = {name: with_secrets(Engine.load(territory=name)) for name in TERRITORIES}


def cases_of(name):
    problems: list[Problem] = []
    layout = find_files(None, None, name, problems)
    rule_set = ENGINES[name].rule_set
    rules = frozenset(rule_set.rules)
    return read_cases(layout.folders(), rule_set.vocabulary, rules, problems)


def drawn(engine, seed, number):
    """Give situations that could be, each with a random part of all answers."""
    vocabulary, source = engine.rule_set.vocabulary, random.Random(seed)  # noqa: S311 # no secret
    choices = {
        variable: ("yes", "no")
        if one.type == "many_of"
        else (*vocabulary.commune_names, "75056")
        if one.type == "commune"
        else tuple(one.choices)
        for one in vocabulary.attributes.values()
        if one.derived is None
        for variable in one.variables
    }
    names = tuple(choices)
    while number:
        asked = source.sample(names, source.randint(0, 40))
        values = {name: source.choice(choices[name]) for name in asked}
        try:
            yield engine.situation(Situation(values))
        except IscgError:
            continue
        number -= 1


def shown(recommendation):
    texts = (render_text(recommendation, is_all=True), render_full_text(recommendation))
    return "".join(texts) + render_markdown(recommendation) + recommendation.to_json()


def passes_on(recommendation):
    """Give the transmissions of what rests on nothing but the person's agreement."""
    return {
        o.sharing.transmission
        for o in recommendation.orientations
        if o.sharing.scope == "agreement"
    }


@pytest.mark.parametrize("name", TERRITORIES)
def test_no_case_shows_what_is_confidential(name):
    engine = ENGINES[name]
    # Every third: those that lie between are much alike.
    texts = [
        shown(engine.recommend(c.situation, at=c.at, already=c.already))
        for c in cases_of(name)[::3]
    ]
    assert [text for text in texts if HIDDEN in text] == []
    names = [partner.name for partner in engine.directory.partners.values()]
    assert sum(any(one in text for one in names) for text in texts) > 20


@pytest.mark.parametrize("name", TERRITORIES)
def test_no_drawn_situation_shows_what_is_confidential(name):
    engine = ENGINES[name]
    for situation in drawn(engine, 11, 300):
        assert HIDDEN not in shown(engine.recommend(situation, at=FRIDAY))


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2))
def test_a_hundred_thousand_situations_show_nothing_confidential(seed):
    engine = ENGINES[TERRITORIES[seed]]
    for situation in drawn(engine, seed, 50_000):
        assert HIDDEN not in engine.recommend(situation, at=FRIDAY).to_json()


@pytest.mark.parametrize("name", TERRITORIES)
def test_a_refusal_means_that_nothing_is_passed_on_by_agreement(name):
    engine = ENGINES[name]
    for situation in drawn(engine, 12, 500):
        refused = situation.adding({"consent_to_share": "no"})
        unknown = Situation({k: v for k, v in situation.values.items() if k != "consent_to_share"})
        assert passes_on(engine.recommend(refused, at=FRIDAY)) <= {"contact_only"}
        assert passes_on(engine.recommend(unknown, at=FRIDAY)) <= {"ask_first"}


@pytest.mark.parametrize("name", TERRITORIES)
def test_a_refusal_never_stands_in_the_way_of_a_rescue_or_a_child(name):
    engine = ENGINES[name]
    watched = {"emergency_police", "emergency_medical", "emergency_text", "crip"}
    for situation in drawn(engine, 13, 500):
        agreed, refused = (
            engine.recommend(situation.adding({"consent_to_share": answer}), at=FRIDAY)
            for answer in ("yes", "no")
        )
        assert {o.kind for o in agreed.orientations} & watched == {
            o.kind for o in refused.orientations
        } & watched


@pytest.mark.parametrize("name", TERRITORIES)
def test_every_orientation_has_a_ground_and_no_social_worker_leans_on_health_law(name):
    rules = Engine.load(territory=name).rule_set.rules.values()
    orients = [orient for rule in rules for orient in rule.orient]
    assert {o.sharing for o in orients} == {"none", "agreement", "inform", "exception"}
    assert [o.to for o in orients if o.sharing != "none" and not o.legal_basis] == []
    assert [o.to for o in orients if "3°" in (o.legal_basis or "").replace(" ", "")] == []


@pytest.mark.parametrize("name", TERRITORIES)
def test_no_shelter_has_an_address(name):
    partners = Engine.load(territory=name).directory.partners.values()
    shelters = [partner for partner in partners if "emergency_shelter" in partner.offers]
    assert shelters
    assert [one.id for one in shelters if one.contact.address] == []


@pytest.mark.parametrize("name", TERRITORIES)
def test_without_agreement_only_authorities_and_rescues_are_told(name):
    rule_set = Engine.load(territory=name).rule_set
    kinds = rule_set.vocabulary.kinds
    told = [
        orient
        for rule in rule_set.rules.values()
        for orient in rule.orient
        if orient.sharing in ("inform", "exception")
    ]
    assert {kinds[orient.to].nature for orient in told} == {"authority", "rescue"}
    # Every text that does without agreement says of whom it speaks.
    assert [o.ground.id for o in told if o.ground.condition is None] == []


def test_a_refusal_is_kept_where_an_adult_is_only_frail():
    engine = ENGINES["rennes"]
    frail = {
        "role": "professional",
        "vulnerability": ["elderly"],
        "vulnerable_adult_situation": ["adult_badly_degraded"],
        "consent_to_share": "no",
    }
    mistreated = frail | {"violence_context": "family"}
    (before,), (after,) = (
        [
            o.sharing
            for o in engine.recommend(given, at=FRIDAY).orientations
            if o.kind == "prosecutor"
        ]
        for given in (frail, mistreated)
    )
    assert (before.scope, before.transmission) == ("agreement", "contact_only")
    assert (after.scope, after.transmission) == ("exception", "without_agreement")
    assert after.grounds == ("ill_treated_adult",)
