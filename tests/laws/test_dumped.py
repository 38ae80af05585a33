"""Rule sets written as YAML and read again are the same rule sets."""

import json
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from iscg_rules.engine import Engine
from iscg_rules.language.conditions import (
    FactIs,
    InArea,
    InRange,
    Not,
    Threshold,
)
from iscg_rules.model.grounds import NOTHING
from iscg_rules.model.partners import Directory, Partner
from iscg_rules.model.rule_files import load_rule_set
from tests.laws.strategies import AREAS, GROUNDS, rule_sets

BOOK = {"title": "livre", "trust": "A"}


def written(condition, vocabulary):  # noqa: PLR0911 # one a shape
    """Write a condition as an author would; tests of one value are lists of it."""
    match condition:
        case Threshold(_, of, "all"):
            return {"all": [written(part, vocabulary) for part in of]}
        case Threshold(_, of, "any"):
            return {"any": [written(part, vocabulary) for part in of]}
        case Not(part):
            return {"not": written(part, vocabulary)}
        case Threshold(count, of):
            return {"at_least": {"count": count, "of": [written(p, vocabulary) for p in of]}}
        case FactIs(fact, holds):
            return {fact: "yes" if holds else "no"}
        case InRange(attribute, low, high):
            bounds = {"min": low, "max": high}
            return {attribute: {key: value for key, value in bounds.items() if value is not None}}
        case InArea(attribute, areas):
            return {attribute: [area.id for area in areas]}
    return {condition.attribute: allowed_answers(condition, vocabulary)}


def allowed_answers(test, vocabulary):
    if vocabulary.attributes[test.attribute].type != "many_of":
        return sorted(test.allowed)
    value = test.variable.partition("=")[2]
    return {"all_of" if "yes" in test.allowed else "none_of": [value]}


def plain(model):
    """Give a model as an author would write it, in `yes` and `no`, its condition left out."""
    given = json.loads(model.model_dump_json(by_alias=True, exclude_none=True, exclude={"when"}))
    words = {True: "yes", False: "no"}
    return {key: words[one] if isinstance(one, bool) else one for key, one in given.items()}


def area(one):
    if one.everywhere:
        return {"everywhere": "yes"}
    key = "communes" if one.communes else "departements"
    return {key: sorted(getattr(one, key))}


def dump(rule_set, folder):
    words = rule_set.vocabulary
    vocabulary = {
        "attributes": [{**plain(one), "ask": {"fr": "mot"}} for one in words.attributes.values()],
        "kinds": [plain(kind) for kind in words.kinds.values()],
        "areas": [
            {"id": one.id, "label": {"fr": "mot"}, **area(one)} for one in words.areas.values()
        ],
    }
    rules = [
        {
            **plain(one),
            "orient": [{**plain(orient), "sharing": orient.ground.id} for orient in one.orient],
            "when": written(one.condition, words),
            "source": BOOK,
        }
        for one in rule_set.rules.values()
    ]
    facts = [
        {"id": one.id, "label": {"fr": "mot"}, "when": written(one.condition, words)}
        for one in rule_set.facts.values()
    ]
    grounds = [{**plain(one), "source": BOOK} for one in GROUNDS.values() if one != NOTHING]
    # JSON is YAML: the reader takes it as it is.
    (folder / "vocabulary.yaml").write_text(json.dumps(vocabulary), "utf-8")
    (folder / "grounds.yaml").write_text(json.dumps({"grounds": grounds}), "utf-8")
    (folder / "all.yaml").write_text(json.dumps({"facts": facts, "rules": rules}), "utf-8")


def is_writable(condition):
    """A drawn test may allow both or neither answer of a value, which no author can write."""
    return all(
        getattr(leaf, "attribute", None) is None
        or "=" not in leaf.variable
        or len(leaf.allowed) == 1
        for leaf in leaves_of(condition)
    )


def leaves_of(condition):
    parts = getattr(condition, "of", None) or (
        (condition.part,) if isinstance(condition, Not) else ()
    )
    return [leaf for part in parts for leaf in leaves_of(part)] if parts else [condition]


# Areas that mix communes and départements come from `includes`, which is not written here.
SIMPLE = {name: one for name, one in AREAS.items() if not (one.communes and one.departements)}


@given(rule_sets())
def test_loading_what_was_dumped_gives_the_same_rule_set(tmp_path_factory, rule_set):
    conditions = [one.condition for one in (*rule_set.rules.values(), *rule_set.facts.values())]
    leaves = [leaf for condition in conditions for leaf in leaves_of(condition)]
    named = {a.id for leaf in leaves if isinstance(leaf, InArea) for a in leaf.areas}
    sound = all(map(is_writable, conditions)) and named <= set(SIMPLE)
    words = replace(rule_set.vocabulary, areas=SIMPLE)
    rules = rule_set.rules if sound else {}
    facts = rule_set.facts if sound else {}
    kept = replace(rule_set, vocabulary=words, rules=rules, facts=facts)
    folder = tmp_path_factory.mktemp("dumped")
    dump(kept, folder)
    loaded = load_rule_set(folder)
    assert list(loaded.facts) == sorted(kept.facts)
    assert loaded.rules.keys() == kept.rules.keys()
    assert [one.orient for one in loaded.rules.values()] == [
        one.orient for one in kept.rules.values()
    ]
    assert [one.valid for one in loaded.rules.values()] == [
        one.valid for one in kept.rules.values()
    ]
    again = tmp_path_factory.mktemp("again")
    dump(loaded, again)
    assert load_rule_set(again) == loaded


ENGINE = Engine.load()


@given(
    st.sampled_from(tuple(ENGINE.rule_set.vocabulary.kinds.values())),
    st.sampled_from(tuple(ENGINE.rule_set.vocabulary.areas)),
    st.sampled_from(["no_housing", "must_leave_tonight", "secure"]),
)
def test_a_partner_added_never_removes_an_orientation(kind, where, housing):
    partner = Partner.model_validate(
        {
            "id": "newcomer",
            "name": "Newcomer",
            "offers": [kind.id],
            "area": [where],
            "source": {"title": "livre", "trust": "A", "checked": "2026-11"},
        }
    )
    partners = {**ENGINE.directory.partners, "newcomer": partner}
    more = Engine(ENGINE.rule_set, Directory(partners, ENGINE.directory.areas))
    answers = {"role": "victim", "violence_context": "intimate_partner", "housing": housing}
    before, after = (e.recommend(answers, at="2026-11-27T22:30") for e in (ENGINE, more))
    assert [o.kind for o in after.orientations] == [o.kind for o in before.orientations]
    assert set(after.gaps) <= set(before.gaps)
