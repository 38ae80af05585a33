"""Drawn vocabularies, rule sets, situations and completions: small, odd, and of every shape."""

from datetime import date
from itertools import product
from math import prod

from hypothesis import strategies as st

from iscg_rules.language.conditions import (
    FactIs,
    InArea,
    InRange,
    Not,
    Test,
    all_of,
    any_of,
    at_least,
)
from iscg_rules.language.situations import Situation
from iscg_rules.language.vocabulary import Area, Attribute, Kind, Vocabulary
from iscg_rules.model.grounds import NOTHING, Ground
from iscg_rules.model.rules import (
    BENEFICIARIES,
    SCOPES,
    STRENGTHS,
    URGENCIES,
    Fact,
    Impossible,
    Rule,
    RuleSet,
)
from iscg_rules.reading.binding import LocalText

TEXT = LocalText(fr="mot")
SOURCES = [{"title": "livre", "trust": "A"}]
TYPES = ("one_of", "many_of", "yes_no", "number", "commune")
VALUES = ("red", "green", "blue", "grey")

# Bounds are included: answers fall below, on, between and above them.
BOUNDS = (0.0, 1.0, 2.5, 10.0)
NUMBERS = (-1.0, 0.0, 0.5, 1.0, 2.0, 2.5, 6.0, 10.0, 11.0)

AREAS = {
    area.id: area
    for area in (
        Area("harbour", TEXT, communes=frozenset({"35288"})),
        Area("coast", TEXT, communes=frozenset({"35288", "35093", "22093"})),
        Area("inland", TEXT, departements=frozenset({"35"})),
        Area("border", TEXT, communes=frozenset({"22093"}), departements=frozenset({"974"})),
        Area("country", TEXT, everywhere=True),
    )
}
# Named by an area; in a named département only; overseas, two of one prefix; nowhere.
COMMUNES = ("35288", "35093", "22093", "35238", "22278", "97411", "97611", "75056")

KINDS = {
    name: Kind.model_validate(
        {
            "id": name,
            "category": "associations",
            "nature": nature,
            "label": TEXT,
            "generalist": "yes" if name == "shelter" else "no",
        }
    )
    for name, nature in (
        ("rescue", "rescue"),
        ("shelter", "service"),
        ("judge", "authority"),
        ("phone", "helpline"),
        ("plan", "tool"),
    )
}
# One ground a scope, good for every kind.
GROUNDS = {NOTHING.id: NOTHING} | {
    scope: Ground.model_validate(
        {"id": scope, "label": TEXT, "sharing": scope, "legal_basis": "article"}
        | {"natures": sorted({kind.nature for kind in KINDS.values()}), "source": SOURCES}
    )
    for scope in SCOPES
    if scope != NOTHING.id
}
EXCLUDABLE = tuple(name for name, kind in KINDS.items() if kind.nature != "rescue")

DAYS = tuple(date(2026, month, 15) for month in (1, 3, 5, 7, 9))
MOMENTS = (None, date(2026, 1, 1), *DAYS, date(2026, 5, 16), date(2026, 7, 14), date(2027, 1, 1))
MANY = 60


def attribute(name, of_type, count=3):
    values = [{"id": value, "label": TEXT} for value in VALUES[:count]]
    given = {"values": values} if of_type in ("one_of", "many_of") else {}
    return Attribute.model_validate({"id": name, "type": of_type, "label": TEXT, **given})


def vocabulary_of(*attributes):
    return Vocabulary({one.id: one for one in attributes}, KINDS, AREAS)


def yes_no_vocabulary(count):
    return vocabulary_of(*(attribute(f"q{number}", "yes_no") for number in range(count)))


def rule(name, when, **effects):
    effects = effects or {"advise": [TEXT]}
    because = {"because": TEXT, "source": SOURCES}
    return Rule.model_validate({"id": name, "when": when, **because, **effects})


def fact(name, when):
    return Fact.model_validate({"id": name, "label": TEXT, "when": when})


def rule_set_of(vocabulary, rules, facts=()):
    return RuleSet(vocabulary, {one.id: one for one in facts}, {one.id: one for one in rules})


def never(conditions):
    """Give entries of what cannot be, one a condition."""
    return tuple(
        Impossible.model_validate({"id": f"no-{number}", "when": when, "because": TEXT})
        for number, when in enumerate(conditions)
    )


def is_yes(name):
    return Test(name, name, frozenset({"yes"}))


def answers_of(vocabulary):
    """Give, for each variable, answers that fall into all of its classes."""
    found = {}
    for one in vocabulary.attributes.values():
        pools = {"number": NUMBERS, "commune": COMMUNES, "many_of": ("yes", "no")}
        for variable in one.variables:
            found[variable] = pools.get(one.type, tuple(one.choices))
    return found


@st.composite
def vocabularies(draw):
    types = draw(st.lists(st.sampled_from(TYPES), min_size=2, max_size=6))
    counts = st.integers(1, len(VALUES))
    return vocabulary_of(
        *(attribute(f"q{place}", of_type, draw(counts)) for place, of_type in enumerate(types))
    )


@st.composite
def tests(draw, vocabulary):
    one = draw(st.sampled_from(tuple(vocabulary.attributes.values())))
    if one.type == "number":
        low, high = draw(st.sampled_from(BOUNDS)), draw(st.sampled_from(BOUNDS))
        bounds = ((low, None), (None, high), (min(low, high), max(low, high)))
        return InRange(one.id, *draw(st.sampled_from(bounds)))
    if one.type == "commune":
        areas = draw(
            st.lists(st.sampled_from(tuple(vocabulary.areas.values())), min_size=1, max_size=2)
        )
        return InArea(one.id, tuple(areas))
    choices = ("yes", "no") if one.type == "many_of" else tuple(one.choices)
    # Every answer may be allowed: without one, the test is unknown all the same.
    allowed = draw(st.sets(st.sampled_from(choices), min_size=1))
    return Test(one.id, draw(st.sampled_from(one.variables)), frozenset(allowed))


@st.composite
def conditions(draw, vocabulary, facts=(), depth=3):
    shapes = ["test", "test", *(["fact"] * bool(facts))]
    shapes += ["all", "any", "not", "at_least"] if depth else []
    shape = draw(st.sampled_from(shapes))
    if shape == "test":
        return draw(tests(vocabulary))
    if shape == "fact":
        return FactIs(draw(st.sampled_from(facts)), draw(st.booleans()))
    part = conditions(vocabulary, facts, depth - 1)
    if shape == "not":
        return Not(draw(part))
    # Some of three or of four: neither "all" nor "any" in other words.
    least = 3 if shape == "at_least" else 1
    parts = tuple(draw(st.lists(part, min_size=least, max_size=4)))
    if shape == "at_least":
        return at_least(draw(st.integers(1, len(parts))), parts)
    return all_of(parts) if shape == "all" else any_of(parts)


@st.composite
def wide_conditions(draw, vocabulary, facts=()):
    """Draw a condition with hundreds of alternatives: all of many, each of them any of several."""
    choice = st.lists(tests(vocabulary), min_size=2, max_size=4).map(tuple)
    parts = tuple(any_of(draw(choice)) for _ in range(draw(st.integers(5, 9))))
    more, other = draw(conditions(vocabulary, facts, 1)), draw(conditions(vocabulary, facts, 1))
    wide = all_of((*parts, more))
    shapes = (wide, Not(wide), any_of((wide, more)), at_least(2, (wide, more, other)))
    return draw(st.sampled_from(shapes))


@st.composite
def effects(draw):
    kinds = st.lists(st.sampled_from(tuple(KINDS)), unique=True, max_size=3)
    oriented = [
        {
            "to": kind,
            "urgency": draw(st.sampled_from(URGENCIES)),
            "strength": draw(st.sampled_from(STRENGTHS)),
            "for": draw(st.sampled_from(BENEFICIARIES)),
            "sharing": GROUNDS[draw(st.sampled_from(SCOPES))],
        }
        for kind in draw(kinds)
    ]
    free = [kind for kind in EXCLUDABLE if kind not in {one["to"] for one in oriented}]
    excluded = draw(st.lists(st.sampled_from(free), unique=True, max_size=1))
    return {"orient": oriented, "exclude": [{"to": kind} for kind in excluded], "advise": [TEXT]}


@st.composite
def rules(draw, vocabulary, facts, names, of=conditions):
    bounds = sorted(draw(st.lists(st.sampled_from(DAYS), max_size=2)))
    keys = draw(st.permutations(("from", "until"))) if len(bounds) == 1 else ("from", "until")
    valid = dict(zip(keys, bounds, strict=False))
    built = []
    for name in names:
        dated = {"valid": valid} if draw(st.booleans()) else {}
        built.append(rule(name, draw(of(vocabulary, facts)), **draw(effects()), **dated))
    return built


@st.composite
def rule_sets(draw, of=conditions, most=5):
    vocabulary = draw(vocabularies())
    facts: list[Fact] = []
    for number in range(draw(st.integers(0, 3))):
        needed = tuple(one.id for one in facts)
        facts.append(fact(f"fact_{number}", draw(conditions(vocabulary, needed, 2))))
    known = tuple(one.id for one in facts)
    names = [f"rule-{number}" for number in range(draw(st.integers(1, most)))]
    return rule_set_of(vocabulary, draw(rules(vocabulary, known, names, of)), facts)


@st.composite
def situations(draw, vocabulary, base=None):
    """Draw a situation with any variables known, at least those of `base` and with its answers."""
    values = dict(base.values) if base else {}
    for variable, answers in answers_of(vocabulary).items():
        # Half are left unknown.
        answer = draw(st.sampled_from((*answers, *(None,) * len(answers))))
        if answer is not None:
            values.setdefault(variable, answer)
    return Situation(values)


@st.composite
def completions(draw, vocabulary, base):
    """Give every completion of a situation when they are few, else a few drawn ones."""
    missing = {v: a for v, a in answers_of(vocabulary).items() if v not in base.values}
    if prod(map(len, missing.values())) <= MANY:
        chosen = product(*missing.values())
    else:
        one = st.tuples(*map(st.sampled_from, missing.values()))
        chosen = draw(st.lists(one, min_size=5, max_size=10))
    return [base.adding(dict(zip(missing, answers, strict=True))) for answers in chosen]


@st.composite
def worlds(draw, of=conditions, most=5):
    """Draw a rule set, a situation in its words, and a day."""
    rule_set = draw(rule_sets(of, most))
    return rule_set, draw(situations(rule_set.vocabulary)), draw(st.sampled_from(MOMENTS))
