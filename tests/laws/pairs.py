"""Drawn pairs of rule sets, small enough for brute force, and the judge of what differs."""

from dataclasses import replace
from itertools import product
from math import prod

from hypothesis import assume
from hypothesis import strategies as st

from iscg_rules.diff.treatment_changes import Shift
from iscg_rules.diff.united_rules import unite
from iscg_rules.language.conditions import all_of
from iscg_rules.language.situations import Situation
from iscg_rules.language.vocabulary import Area, Vocabulary
from iscg_rules.model.partners import Directory, Partner
from iscg_rules.model.rules import BENEFICIARIES, SCOPES, STRENGTHS, URGENCIES, Impossible, RuleSet
from iscg_rules.model.scales import Urgency
from iscg_rules.proof.kept_promises import see
from iscg_rules.recommend import reference
from tests.laws.strategies import (
    AREAS,
    COMMUNES,
    DAYS,
    EXCLUDABLE,
    GROUNDS,
    KINDS,
    SOURCES,
    TEXT,
    TYPES,
    attribute,
    conditions,
    fact,
    rule,
)

MOST_SITUATIONS = 300
SERVED = tuple(name for name, kind in KINDS.items() if kind.nature != "tool")
TEXTS = [{"fr": text} for text in ("un conseil", "un autre", "un dernier")]
OTHER_AREAS = {**AREAS, "coast": Area("coast", TEXT, communes=frozenset({"22093", "35238"}))}


@st.composite
def attributes(draw):
    types = draw(st.lists(st.sampled_from(TYPES), min_size=1, max_size=3))
    return [attribute(f"q{n}", of, draw(st.integers(1, 3))) for n, of in enumerate(types)]


@st.composite
def other_attributes(draw, given):
    """Draw what becomes of attributes: kept, gone, with other answers or of another type."""
    kept = [one for one in given if draw(st.integers(0, 3))]
    fates = [draw(st.sampled_from(("same", "same", "type", "more"))) for _ in kept]
    found = [
        one
        if fate == "same"
        else attribute(one.id, draw(st.sampled_from(TYPES)) if fate == "type" else one.type, 2)
        for one, fate in zip(kept, fates, strict=True)
    ]
    return found + draw(st.sampled_from(([], [attribute("fresh", "yes_no")])))


@st.composite
def vocabularies(draw, given):
    kinds = draw(st.permutations(tuple(KINDS))) if draw(st.booleans()) else tuple(KINDS)
    areas = draw(st.sampled_from((AREAS, OTHER_AREAS)))
    words = Vocabulary({a.id: a for a in given}, {name: KINDS[name] for name in kinds}, areas)
    return draw(placed(words)) if draw(st.booleans()) else words


@st.composite
def placed(draw, words):
    """Draw of each kind whether it must be near the post or the home, and where the post is."""
    places = st.sampled_from((None, "station", "home"))
    kinds = {k.id: k.model_copy(update={"place": draw(places)}) for k in words.kinds.values()}
    return replace(words, kinds=kinds, station=draw(st.sampled_from((None, *COMMUNES))))


@st.composite
def effects(draw):
    kinds = draw(st.lists(st.sampled_from(tuple(KINDS)), max_size=2))
    orient = [
        {
            "to": kind,
            "urgency": draw(st.sampled_from(URGENCIES)),
            "strength": draw(st.sampled_from(STRENGTHS)),
            "for": draw(st.sampled_from(BENEFICIARIES[:2])),
            "sharing": GROUNDS[draw(st.sampled_from(SCOPES))],
        }
        for kind in kinds
    ]
    free = [kind for kind in EXCLUDABLE if kind not in kinds]
    exclude = draw(st.lists(st.sampled_from(free), max_size=1))
    advise = draw(st.lists(st.sampled_from(TEXTS), max_size=2))
    return {"orient": orient, "exclude": [{"to": one} for one in exclude], "advise": advise}


def validity(draw):
    first, last = sorted((draw(st.sampled_from(DAYS)), draw(st.sampled_from(DAYS))))
    return draw(st.sampled_from(({}, {}, {"from": first}, {"until": last})))


@st.composite
def rule_sets(draw, vocabulary):
    if not vocabulary.attributes:
        return RuleSet(vocabulary, {}, {})
    facts = [fact("known", draw(conditions(vocabulary, (), 1)))] if draw(st.booleans()) else []
    names = tuple(one.id for one in facts)
    rules = [
        rule(
            f"r{n}", draw(conditions(vocabulary, names, 2)), **draw(effects()), valid=validity(draw)
        )
        for n in range(draw(st.integers(1, 4)))
    ]
    impossible = tuple(
        Impossible.model_validate({"id": "never", "when": when, "because": TEXT})
        for when in draw(st.lists(conditions(vocabulary, names, 1), max_size=1))
    )
    return RuleSet(vocabulary, {f.id: f for f in facts}, {r.id: r for r in rules}, impossible)


@st.composite
def directories(draw, rule_set):
    source = [SOURCES[0] | {"checked": "2026-11"}]
    partners = {}
    for name in draw(st.lists(st.sampled_from(("a", "b", "c")), unique=True)):
        given = {
            "id": name,
            "name": name,
            "offers": draw(st.lists(st.sampled_from(SERVED[:2]), min_size=1)),
            "area": draw(st.lists(st.sampled_from(tuple(AREAS)), min_size=1, max_size=2)),
        }
        if rule_set.vocabulary.attributes and draw(st.booleans()):
            given["accepts"] = draw(conditions(rule_set.vocabulary, tuple(rule_set.facts), 1))
        partners[name] = Partner.model_validate(given | {"source": source})
    return Directory(partners, rule_set.vocabulary.areas)


def united(old, old_directory, new, new_directory):
    union = unite(old, old_directory, new, new_directory)
    space = union.space
    assume(prod(len(space.allowed[name]) for name in space.domains) <= MOST_SITUATIONS)
    return union


@st.composite
def drawn_pairs(draw):
    """Draw two rule sets that share some words."""
    given = draw(attributes())
    sides = [draw(vocabularies(some)) for some in (given, draw(other_attributes(given)))]
    old, new = (draw(rule_sets(vocabulary)) for vocabulary in sides)
    return united(old, draw(directories(old)), new, draw(directories(new)))


EDITS = ("keep", "keep", "remove", "rename", "always", "effects", "urgency", "reword", "date")


@st.composite
def edited_rules(draw, rule_set):
    found = {}
    for one in rule_set.rules.values():
        edit = draw(st.sampled_from(EDITS))
        if edit == "remove":
            continue
        changed = edited(draw, one, edit, rule_set.vocabulary)
        found[changed.id] = changed
    return found


def edited(draw, one, edit, vocabulary):
    changes = {
        "rename": lambda: {"id": f"{one.id}-new"},
        "always": lambda: {"when": all_of((one.condition, draw(conditions(vocabulary, (), 1))))},
        "effects": lambda: dict(rule(one.id, one.condition, **draw(effects()))),
        "urgency": lambda: {
            "orient": tuple(o.model_copy(update={"urgency": Urgency.NOW}) for o in one.orient)
        },
        "reword": lambda: {
            "advise": tuple(t.model_copy(update={"fr": t.fr + " !"}) for t in one.advise)
        },
        "date": lambda: {"valid": rule(one.id, all_of(()), valid=validity(draw)).valid},
    }
    return one.model_copy(update=changes.get(edit, dict)())


@st.composite
def edited_pairs(draw):
    """Draw a rule set and an edit of it: most rules stay, an answer may go, a question come."""
    given = draw(attributes())
    vocabulary = draw(vocabularies(given))
    old = draw(rule_sets(vocabulary))
    directory = draw(directories(old))
    rules = draw(edited_rules(old))
    more = [attribute("fresh", "yes_no")] if draw(st.booleans()) else []
    attributes_after = {a.id: a for a in (*given, *more)}
    order = draw(st.permutations(tuple(KINDS))) if draw(st.booleans()) else vocabulary.kinds
    kinds = {name: vocabulary.kinds[name] for name in order}
    words = replace(vocabulary, attributes=attributes_after, kinds=kinds)
    words = draw(placed(words)) if draw(st.booleans()) else words
    if more:
        fresh = draw(conditions(words, tuple(old.facts), 1))
        rules |= {"r9": rule("r9", fresh, **draw(effects()))}
    new = RuleSet(words, old.facts, rules, old.impossible)
    fates = st.sampled_from((st.just(directory), directories(new), moved(directory)))
    return united(old, directory, new, draw(draw(fates)))


@st.composite
def moved(draw, directory):
    """Draw other areas for the same partners."""
    areas = st.lists(st.sampled_from(tuple(AREAS)), min_size=1, max_size=2).map(tuple)
    partners = {
        name: one.model_copy(update={"area": draw(areas)})
        for name, one in directory.partners.items()
    }
    return Directory(partners, directory.areas)


def situations(union):
    """Give every situation: one answer of each class of each variable."""
    space = union.space
    choices = {
        name: [domain.examples[place] for place in space.allowed[name]]
        for name, domain in space.domains.items()
    }
    return [dict(zip(choices, answers, strict=True)) for answers in product(*choices.values())]


def refused(side, values):
    return bool(reference.impossible_entries(side.given, Situation(side.values(values))))


def nearest(serving):
    """Give, for each two who may serve, which comes first, and for each that it serves."""
    ranks = {name: (not is_sure, size) for name, is_sure, size in serving}
    return {
        (one, other): (ranks[one] > ranks[other]) - (ranks[one] < ranks[other])
        for one, other in product(ranks, ranks)
    }


def judged(union, values, day, names):
    """Give the shifts of one situation, by the reference alone.

    Args:
        names: older sentence → the one that says the same now.
    """
    sides = (union.old, union.new)
    denials = [refused(side, values) for side in sides]
    if any(denials):
        return {Shift("", "accepted" if denials[0] else "refused")} if sum(denials) == 1 else set()
    seen = [see(s.given, s.given_directory, s.values(values), day) for s in sides]
    before, after = (dict(sight.classes) for sight in seen)
    found = {(kind, "won") for kind in after.keys() - before.keys()}
    found |= {(kind, "lost") for kind in before.keys() - after.keys()}
    found |= {(kind, "excluded") for kind in seen[1].excluded - seen[0].excluded}
    found |= {(kind, "released") for kind in seen[0].excluded - seen[1].excluded}
    kept = before.keys() & after.keys()
    for kind in kept:
        found |= {(kind, change) for change in changes_of(before[kind], after[kind])}
        served = [nearest(dict(sight.partners)[kind]) for sight in seen]
        found |= {(kind, "partner")} if served[0] != served[1] else set()
    found |= {
        (kind, "ahead")
        for kind, other in product(kept, kept)
        if all(side[kind][:2] == side[other][:2] for side in (before, after))
        and list(before).index(other) < list(before).index(kind)
        and list(after).index(kind) < list(after).index(other)
    }
    said = [
        {text.fr for name in sight.advice for text in side.given.rules[name].advise}
        for sight, side in zip(seen, sides, strict=True)
    ]
    was = {names.get(text, text) for text in said[0]}
    found |= {(text, "advised") for text in said[1] - was}
    found |= {(text, "unadvised") for text in was - said[1]}
    return {Shift(*one) for one in found}


def changes_of(before, after):
    urgency, strength = (
        words.index(new) - words.index(old)
        for words, old, new in zip((URGENCIES, STRENGTHS), before, after, strict=False)
    )
    signs = (
        ("less_urgent", urgency > 0),
        ("more_urgent", urgency < 0),
        ("weaker", strength > 0),
        ("stronger", strength < 0),
        ("people", before[2] != after[2]),
        ("sharing", before[3] != after[3]),
    )
    return {change for change, holds in signs if holds}


def is_in(conditions_of_region, values):
    return all(values[one.variable] in one.answers for one in conditions_of_region)


def newly_possible(union, values):
    """Give the kinds that only one side finds possible, and neither certain; without a day."""
    found = []
    for side in (union.old, union.new):
        evaluation = reference.evaluate(side.given, Situation(side.values(values)), None)
        possible = reference.possible_kinds(side.given, evaluation)
        found.append((possible, reference.certain_kinds(side.given, evaluation)))
    return (found[0][0] ^ found[1][0]) - found[0][1] - found[1][1]
