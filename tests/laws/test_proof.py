"""What is proven is what every situation shows, one by one, by the reference."""

from dataclasses import replace
from datetime import date
from itertools import pairwise

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from iscg_rules.conditions import AnyOf
from iscg_rules.guarantees import Guarantee, GuaranteeSet, kinds_of
from iscg_rules.partners import Directory, Partner
from iscg_rules.promises import broken_promises, steps_of
from iscg_rules.proof.idle_parts import ALWAYS, NEVER, parts_within, with_part
from iscg_rules.proof.proving import prove
from iscg_rules.rules import GROUNDS, STRENGTHS, URGENCIES, Impossible
from iscg_rules.situations import make_situation
from tests.laws.brute_force import Everything, many
from tests.laws.strategies import (
    AREAS,
    EXCLUDABLE,
    KINDS,
    SOURCES,
    TEXT,
    attribute,
    conditions,
    fact,
    rule,
    rule_set_of,
    vocabulary_of,
)

MANY = 300
DAY = date(2026, 6, 1)
GIVEN = st.sampled_from


@st.composite
def orients(draw):
    return {
        "to": draw(GIVEN(tuple(KINDS))),
        "urgency": draw(GIVEN(URGENCIES[:2])),
        "strength": draw(GIVEN(STRENGTHS[:2])),
        "sharing": draw(GIVEN(GROUNDS[:2])),
        "for": draw(GIVEN(("person", "children"))),
    }


@st.composite
def vocabularies(draw):
    types = draw(st.lists(GIVEN(("one_of", "yes_no", "many_of")), min_size=1, max_size=3))
    types += draw(GIVEN(([], [], ["number"], ["commune"])))
    count = st.integers(1, 3)
    return vocabulary_of(*(attribute(f"q{n}", one, draw(count)) for n, one in enumerate(types)))


@st.composite
def effects(draw):
    oriented = draw(st.lists(orients(), max_size=2, unique_by=lambda one: one["to"]))
    free = [kind for kind in EXCLUDABLE if kind not in {one["to"] for one in oriented}]
    excluded = draw(st.lists(GIVEN(free), max_size=1))
    advised = [TEXT] if not oriented and not excluded else draw(GIVEN(([], [], [TEXT])))
    return {"orient": oriented, "exclude": [{"to": k} for k in excluded], "advise": advised}


@st.composite
def worlds(draw):
    """Draw a small rule set with its partners: few situations, so that all can be looked at."""
    words = draw(vocabularies())
    facts = [fact("fact-0", draw(conditions(words, (), 1)))] if draw(st.booleans()) else []
    known = tuple(one.id for one in facts)
    depth = draw(st.integers(0, 2))
    built = []
    for number in range(draw(st.integers(1, 5))):
        dated = {"valid": {"until": date(2026, 8, 1)}} if draw(st.integers(0, 5)) == 0 else {}
        when = draw(conditions(words, known, depth))
        built.append(rule(f"rule-{number}", when, **draw(effects()), **dated))
    entries = tuple(
        Impossible.model_validate({"id": f"no-{n}", "when": when, "because": TEXT})
        for n, when in enumerate(draw(st.lists(conditions(words, known, 1), max_size=2)))
    )
    rule_set = replace(rule_set_of(words, built, facts), impossible=entries)
    everything = Everything(rule_set, draw(directories(words)), DAY)
    assume(everything.size <= MANY)
    return everything


@st.composite
def directories(draw, words):
    partners = {}
    for number, kind in enumerate(draw(st.lists(GIVEN(tuple(KINDS)), max_size=3))):
        accepts = draw(st.none() | conditions(words, (), 1))
        given_ = {"id": f"p{number}", "name": "X", "offers": [kind]}
        given_ |= {"area": draw(GIVEN(tuple(AREAS))), "source": [SOURCES[0] | {"checked": "2026"}]}
        partners[f"p{number}"] = Partner.model_validate({**given_, "accepts": accepts})
    return Directory(partners, AREAS)


@st.composite
def promises(draw, words):
    kinds = st.lists(GIVEN(tuple(KINDS)), min_size=1, max_size=2, unique=True)
    choices = [one for one in words.attributes.values() if one.type in ("one_of", "yes_no")]
    form = draw(GIVEN(("when", "when", *(("raising", "changing") if choices else ()))))
    given_ = {"id": "promise", "when": draw(conditions(words, (), 1))}
    if form == "when":
        then = draw(
            GIVEN(
                (
                    {"first": draw(kinds)},
                    {"within": {"top": draw(st.integers(1, 2)), "any_of": draw(kinds)}},
                    {"includes_any": draw(kinds)},
                    {"never": draw(kinds)},
                    {"urgency_at_most": {draw(kinds)[0]: draw(GIVEN(URGENCIES[:2]))}},
                )
            )
        )
        return Guarantee.model_validate({**given_, "then": then})
    one = draw(GIVEN(choices))
    steps = draw(st.permutations(tuple(one.choices)))
    assume(len(steps) > 1)
    if draw(st.booleans()):
        del given_["when"]
    if form == "raising":
        key = draw(GIVEN(("urgency", "orientations")))
        word = {"urgency": "never_later", "orientations": "never_lost"}[key]
        about = draw(GIVEN((word, {word: draw(kinds)})))
        step = {"attribute": one.id, "along": steps}
        return Guarantee.model_validate({**given_, "raising": step, "then": {key: about}})
    allowed = draw(st.lists(GIVEN(("partner", "advice", "reasons")), unique=True))
    step = {"attribute": one.id, "between": steps}
    return Guarantee.model_validate({**given_, "changing": step, "then": {"nothing_but": allowed}})


def proven(everything, guarantees=(), report_by=()):
    promised = GuaranteeSet(tuple(report_by), tuple(guarantees), {})
    rule_set = everything.rule_set
    found = prove(rule_set, everything.directory, promised, day=DAY)
    return [finding for finding in found if not finding.problem.message.startswith("plus tard")]


def said(findings, code):
    return sorted(one.problem.message for one in findings if one.problem.code == code)


def in_force(everything):
    return [one for one in everything.rule_set.rules.values() if one.is_in_force(DAY)]


def fires(everything, name):
    return any(name in evaluation.fired for _, evaluation in everything.whole)


@st.composite
def steady_worlds(draw):
    """Draw a world whose rules are all in force on every day to come."""
    everything = draw(worlds())
    rules = everything.rule_set.rules.values()
    assume(all(one.valid.until is None for one in rules) and everything.complete)
    return everything


def dead_rules(everything):
    dead = [one.id for one in in_force(everything) if not fires(everything, one.id)]
    return [f"la règle `{name}` ne peut jamais valoir" for name in dead]


def covered_rules(everything):
    """Give the rules that others say as much as wherever they hold."""
    return [
        f"la règle `{one.id}` n'ajoute rien à ce que d'autres disent déjà"
        for one in in_force(everything)
        if not one.advise and fires(everything, one.id) and is_covered(everything, one)
    ]


def is_covered(everything, one):
    rules = everything.rule_set.rules
    for _, evaluation in everything.outcomes:
        if one.id not in evaluation.fired:
            continue
        others = [rules[name] for name in evaluation.fired if name != one.id]
        theirs = [orient for other in others for orient in other.orient]
        if not all(said_by(theirs, orient) for orient in one.orient):
            return False
        if not {e.to for e in one.exclude} <= {e.to for other in others for e in other.exclude}:
            return False
    return True


def said_by(others, orient):
    same = [one for one in others if one.to == orient.to]
    return (
        any(URGENCIES.index(o.urgency) <= URGENCIES.index(orient.urgency) for o in same)
        and any(STRENGTHS.index(o.strength) <= STRENGTHS.index(orient.strength) for o in same)
        and any(GROUNDS.index(o.sharing) >= GROUNDS.index(orient.sharing) for o in same)
        and any(o.for_ == orient.for_ for o in same)
    )


def idle_parts(everything):
    """Give the largest parts of conditions in whose place a constant changes nothing."""
    return [
        f"une condition de `{one.id}` ne change rien : {words}"
        for one in in_force(everything)
        if fires(everything, one.id)
        for words in idle_parts_of(everything, one)
    ]


def idle_parts_of(everything, one):
    found: list[tuple[int, ...]] = []
    words = []
    for path, part in parts_within(one.condition):
        if any(path[: len(above)] == above for above in found):
            continue
        others = [with_part(one.condition, path, constant) for constant in (ALWAYS, NEVER)]
        if any(is_same(everything, one.condition, other) for other in others):
            found.append(path)
            words.append(everything.rule_set.wording().condition(part))
    return words


def is_same(everything, one, other):
    return all(
        everything.truth(one, values) is everything.truth(other, values)
        for values in everything.partial
    )


def orientations_always_excluded(everything):
    return [
        f"l'orientation de `{one.id}` vers `{orient.to}` est toujours exclue"
        for one in in_force(everything)
        for orient in one.orient
        if (held := [e for _, e in everything.whole if one.id in e.fired])
        and all(orient.to in everything.excluded(e) for e in held)
    ]


def exclusions_without_effect(everything):
    return [
        f"l'exclusion de `{exclude.to}` par `{one.id}` n'a jamais d'effet"
        for one in in_force(everything)
        for exclude in one.exclude
        if (held := [e for _, e in everything.whole if one.id in e.fired])
        and not any(exclude.to in oriented(everything, e.fired) for e in held)
    ]


def oriented(everything, names):
    return {orient.to for name in names for orient in everything.rule_set.rules[name].orient}


def disagreements(everything):
    alive = [one for one in in_force(everything) if fires(everything, one.id)]
    return [
        f"`{one.id}` oriente vers `{orient.to}` (à faire), et `{other.id}` l'exclut"
        for other in alive
        for exclude in other.exclude
        for one in alive
        for orient in one.orient
        if orient.to == exclude.to and orient.strength == "must"
        if any({one.id, other.id} <= set(e.fired) for _, e in everything.outcomes)
    ]


def settled_facts(everything):
    truths = {
        one.id: {everything.truth(one.condition, values) for values in everything.complete}
        for one in everything.rule_set.facts.values()
    }
    return [
        f"le fait `{name}` est toujours {'vrai' if found == {True} else 'faux'}"
        for name, found in truths.items()
        if len(found) == 1
    ]


def alike(everything, variable, one, other):
    return all(
        same(everything.see({**rest, variable: one}), everything.see({**rest, variable: other}))
        for rest in everything.pairs(variable, one, other)
    )


def same(first, second):
    return replace(first, reasons=frozenset()) == replace(second, reasons=frozenset())


def groups_of(everything, variable, answers):
    groups: list[list[str]] = []
    for answer in answers:
        first = next((g for g in groups if alike(everything, variable, g[0], answer)), None)
        if first is None:
            groups.append([answer])
        else:
            first.append(answer)
    return groups


def alike_answers(everything):
    """Give the answers that nothing shown tells apart, and the questions that change nothing."""
    told: list[str] = []
    idle: list[str] = []
    for one in everything.rule_set.vocabulary.attributes.values():
        if one.type == "many_of":
            for value, variable in zip(one.choices, one.variables, strict=True):
                if len(groups_of(everything, variable, ("no", "yes"))) == 1:
                    idle.append(f"cocher `{value}` dans `{one.id}` ne change rien")
        elif one.type in ("one_of", "yes_no") and len(one.choices) > 1:
            groups = groups_of(everything, one.id, tuple(one.choices))
            if len(groups) == 1:
                idle.append(f"aucune réponse à `{one.id}` ne change rien")
                continue
            listed = [", ".join(f"`{a}`" for a in group) for group in groups if len(group) > 1]
            told += [f"rien ne distingue ces réponses à `{one.id}` : {some}" for some in listed]
    return told, idle


def unreached_partners(everything):
    reached = {
        name
        for values in everything.complete
        for _, serving in everything.see(values).partners
        for name, *_ in serving
    }
    offered = everything.directory.partners.values()
    return [f"aucune situation ne mène à `{p.id}`" for p in offered if p.id not in reached]


def mistaken_entries(everything):
    never = [
        f"l'entrée `{one.id}` d'`impossible` n'est jamais vraie"
        for one in everything.rule_set.impossible
        if not any(everything.truth(one.condition, values) for values in everything.every)
    ]
    return never if everything.complete else [*never, "`impossible` ne laisse aucune situation"]


@given(steady_worlds())
@settings(max_examples=many(200))
def test_what_is_found_is_what_every_situation_shows(everything):
    found = proven(everything)
    told, idle = alike_answers(everything)
    expected = {
        "F002": dead_rules(everything),
        "F003": covered_rules(everything),
        "F004": idle_parts(everything),
        "F005": orientations_always_excluded(everything),
        "F006": exclusions_without_effect(everything),
        "F007": disagreements(everything),
        "F008": settled_facts(everything),
        "F009": told,
        "F010": idle,
        "F012": unreached_partners(everything),
        "F013": mistaken_entries(everything),
    }
    assert {code: said(found, code) for code in expected} == {
        code: sorted(messages) for code, messages in expected.items()
    }
    for finding in found:
        if finding.problem.code == "F007":
            both = {n for n in everything.rule_set.rules if f"`{n}`" in finding.problem.message}
            assert_smallest(everything, finding, lambda _, e, both=both: both <= set(e.fired))


def assert_smallest(everything, finding, is_so):
    """The example is one, and none has fewer answers."""
    values = make_situation(everything.rule_set.vocabulary, finding.example.answers).values
    assert is_so(values, everything.evaluate(values))
    fewest = min(len(one) for one, e in everything.outcomes if is_so(one, e))
    assert len(values) == fewest
    assert finding.example.is_fewest


def test_nothing_is_said_of_rules_when_nothing_can_be():
    entry = {"id": "no-0", "when": ALWAYS, "because": TEXT}
    rule_set = rule_set_of(vocabulary_of(attribute("q0", "yes_no")), [])
    rule_set = replace(rule_set, impossible=(Impossible.model_validate(entry),))
    found = proven(Everything(rule_set, Directory({}, {}), DAY))
    assert said(found, "F013") == ["`impossible` ne laisse aucune situation"]
    assert len(found) == 1


@given(steady_worlds(), st.data())
@settings(max_examples=many(50))
def test_situations_without_orientation_are_found_group_by_group(everything, data):
    known = everything.rule_set.vocabulary.attributes.values()
    names = [one.id for one in known if one.type in ("one_of", "yes_no")]
    report_by = data.draw(st.lists(GIVEN(names), unique=True, max_size=2)) if names else []
    lacking = [values for values, e in everything.whole if not everything.certain(e)]
    groups = {tuple(values[name] for name in report_by[:-1]) for values in lacking}
    found = [one for one in proven(everything, (), report_by) if one.problem.code == "F001"]
    assert len(found) == min(len(groups), 7)
    for finding in found:
        if finding.example is not None and not report_by:
            assert_smallest(everything, finding, lambda _, e: not reachable(everything, e))


def reachable(everything, evaluation):
    every = (*evaluation.fired, *evaluation.open)
    return oriented(everything, every) - everything.excluded(evaluation)


@given(steady_worlds(), st.data())
@settings(max_examples=many(200))
def test_a_guarantee_is_broken_when_some_situation_breaks_it(everything, data):
    guarantee = data.draw(promises(everything.rule_set.vocabulary))
    found = [one for one in proven(everything, [guarantee]) if one.problem.code == "G002"]
    breaking = [
        values for values in rests(everything, guarantee) if breaks(everything, guarantee, values)
    ]
    assert bool(found) == bool(breaking)
    if found and guarantee.raising is None and guarantee.changing is None:
        values = make_situation(everything.rule_set.vocabulary, found[0].example.answers).values
        plain = [one for one in breaking if is_settled(everything, guarantee, one)]
        assert breaks(everything, guarantee, values)
        assert len(values) == min(map(len, plain or breaking))


def is_settled(everything, guarantee, values):
    """Tell whether no exclusion of what is promised is open: the plainer example."""
    rules = everything.rule_set.rules
    opened = {e.to for name in everything.evaluate(values).open for e in rules[name].exclude}
    return not opened & set(kinds_of(guarantee.then))


def breaks(everything, guarantee, values):
    return broken_promises(everything.space, everything.directory, guarantee, values, DAY)


def rests(everything, guarantee):
    if guarantee.raising is None and guarantee.changing is None:
        return everything.partial
    variable, steps = steps_of(everything.space, guarantee)
    pairs = pairwise(steps)
    return [rest for pair in pairs for rest in everything.pairs(variable, *pair)]


@given(worlds(), st.data())
@settings(max_examples=many(50))
def test_a_guarantee_is_proven_for_every_period_to_come(everything, data):
    guarantee = data.draw(promises(everything.rule_set.vocabulary))
    assume(guarantee.raising is None and guarantee.changing is None and everything.complete)
    found = said(proven(everything, [guarantee]), "G002")
    later = Everything(everything.rule_set, everything.directory, date(2026, 9, 1))
    breaking = [
        values
        for one in (everything, later)
        for values in one.partial
        if broken_promises(one.space, one.directory, guarantee, values, one.day)
    ]
    assert bool(found) == bool(breaking)


def test_a_rule_set_without_rules_leaves_everybody_without_orientation():
    words = vocabulary_of(attribute("q0", "yes_no"))
    never = rule(
        "rule-0",
        AnyOf(()),
        orient=[{"to": "shelter", "urgency": "now", "strength": "must", "sharing": "none"}],
    )
    found = proven(Everything(rule_set_of(words, [never]), Directory({}, {}), DAY))
    assert [one.problem.code for one in found][:2] == ["F001", "F002"]
