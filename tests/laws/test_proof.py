"""What is proven is what every situation shows, one by one, by the reference."""

from dataclasses import replace
from datetime import date

from hypothesis import assume, given
from hypothesis import strategies as st

from iscg_rules.conditions import AnyOf
from iscg_rules.guarantees import Guarantee, GuaranteeSet
from iscg_rules.partners import Directory, Partner
from iscg_rules.promises import broken_promises, steps_of
from iscg_rules.proof.idle_parts import ALWAYS, NEVER, parts_within, with_part
from iscg_rules.proof.proving import prove
from iscg_rules.rules import GROUNDS, STRENGTHS, URGENCIES, Impossible
from iscg_rules.situations import make_situation
from tests.laws.brute_force import Everything
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

MANY = 500
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


@given(steady_worlds())
def test_a_rule_is_dead_when_no_situation_makes_it_hold(everything):
    dead = [one.id for one in in_force(everything) if not fires(everything, one.id)]
    expected = sorted(f"la règle `{name}` ne peut jamais valoir" for name in dead)
    assert said(proven(everything), "F002") == expected


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


@given(steady_worlds())
def test_a_rule_is_covered_when_others_say_as_much_wherever_it_holds(everything):
    covered = [
        one.id
        for one in in_force(everything)
        if not one.advise and fires(everything, one.id) and is_covered(everything, one)
    ]
    text = "la règle `{}` n'ajoute rien à ce que d'autres disent déjà"
    assert said(proven(everything), "F003") == sorted(text.format(name) for name in covered)


def idle_parts(everything, one):
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


@given(steady_worlds())
def test_a_part_is_idle_when_a_constant_in_its_place_changes_nothing(everything):
    expected = {
        f"une condition de `{one.id}` ne change rien : {words}"
        for one in in_force(everything)
        if fires(everything, one.id)
        for words in idle_parts(everything, one)
    }
    assert set(said(proven(everything), "F004")) == expected


@given(steady_worlds())
def test_orientations_always_excluded_and_exclusions_without_effect(everything):
    lost, idle = [], []
    for one in in_force(everything):
        held = [e for _, e in everything.whole if one.id in e.fired]
        rules = everything.rule_set.rules
        for orient in one.orient:
            if held and all(orient.to in everything.excluded(e) for e in held):
                lost.append(f"l'orientation de `{one.id}` vers `{orient.to}` est toujours exclue")
        for exclude in one.exclude:
            hit = [any(o.to == exclude.to for r in e.fired for o in rules[r].orient) for e in held]
            if held and not any(hit):
                idle.append(f"l'exclusion de `{exclude.to}` par `{one.id}` n'a jamais d'effet")
    found = proven(everything)
    assert said(found, "F005") == sorted(lost)
    assert said(found, "F006") == sorted(idle)


@given(steady_worlds())
def test_two_rules_disagree_when_both_hold_somewhere(everything):
    alive = [one for one in in_force(everything) if fires(everything, one.id)]
    expected = [
        f"`{one.id}` oriente vers `{orient.to}` (à faire), et `{other.id}` l'exclut"
        for other in alive
        for exclude in other.exclude
        for one in alive
        for orient in one.orient
        if orient.to == exclude.to and orient.strength == "must"
        if any({one.id, other.id} <= set(e.fired) for _, e in everything.outcomes)
    ]
    found = proven(everything)
    assert said(found, "F007") == sorted(expected)
    for finding in found:
        if finding.problem.code == "F007":
            both = {
                name for name in everything.rule_set.rules if f"`{name}`" in finding.problem.message
            }
            assert_smallest(everything, finding, lambda _, e, both=both: both <= set(e.fired))


def assert_smallest(everything, finding, is_so):
    """The example is one, and none has fewer answers."""
    values = make_situation(everything.rule_set.vocabulary, finding.example.answers).values
    assert is_so(values, everything.evaluate(values))
    fewest = min(len(one) for one, e in everything.outcomes if is_so(one, e))
    assert len(values) == fewest
    assert finding.example.is_fewest


@given(steady_worlds())
def test_facts_that_are_always_true_or_always_false(everything):
    expected = []
    for one in everything.rule_set.facts.values():
        truths = {everything.truth(one.condition, values) for values in everything.complete}
        if len(truths) == 1:
            word = "vrai" if truths.pop() else "faux"
            expected.append(f"le fait `{one.id}` est toujours {word}")
    assert said(proven(everything), "F008") == expected


@given(worlds())
def test_entries_that_are_never_true_or_leave_nothing(everything):
    rule_set = everything.rule_set
    every = Everything(replace(rule_set, impossible=()), everything.directory, DAY).complete
    never = [
        f"l'entrée `{one.id}` d'`impossible` n'est jamais vraie"
        for one in rule_set.impossible
        if not any(everything.truth(one.condition, values) for values in every)
    ]
    none = [] if everything.complete else ["`impossible` ne laisse aucune situation"]
    assert said(proven(everything), "F013") == sorted(never + none)


@given(steady_worlds(), st.data())
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
    rules = everything.rule_set.rules
    every = (*evaluation.fired, *evaluation.open)
    return {o.to for r in every for o in rules[r].orient} - everything.excluded(evaluation)


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


@given(steady_worlds())
def test_answers_are_alike_when_nothing_shown_differs(everything):
    expected = []
    for one in everything.rule_set.vocabulary.attributes.values():
        if one.type == "many_of":
            for value, variable in zip(one.choices, one.variables, strict=True):
                if len(groups_of(everything, variable, ("no", "yes"))) == 1:
                    expected.append(f"cocher `{value}` dans `{one.id}` ne change rien")
        elif one.type in ("one_of", "yes_no") and len(one.choices) > 1:
            groups = groups_of(everything, one.id, tuple(one.choices))
            if len(groups) == 1:
                expected.append(f"aucune réponse à `{one.id}` ne change rien")
                continue
            for group in groups:
                if len(group) > 1:
                    listed = ", ".join(f"`{answer}`" for answer in group)
                    expected.append(f"rien ne distingue ces réponses à `{one.id}` : {listed}")
    found = proven(everything)
    assert sorted(said(found, "F009") + said(found, "F010")) == sorted(expected)


@given(steady_worlds())
def test_a_partner_is_reached_when_some_situation_leads_to_it_for_sure(everything):
    offered = everything.directory.partners.values()
    reached = {
        name
        for values in everything.complete
        for _, serving in everything.see(values).partners
        for name, *_ in serving
    }
    expected = sorted(
        f"aucune situation ne mène à `{one.id}`" for one in offered if one.id not in reached
    )
    assert said(proven(everything), "F012") == expected


@given(steady_worlds(), st.data())
def test_a_guarantee_is_broken_when_some_situation_breaks_it(everything, data):
    guarantee = data.draw(promises(everything.rule_set.vocabulary))
    found = [one for one in proven(everything, [guarantee]) if one.problem.code == "G002"]
    breaking = [
        values for values in rests(everything, guarantee) if breaks(everything, guarantee, values)
    ]
    assert bool(found) == bool(breaking)
    if found and guarantee.raising is None and guarantee.changing is None:
        values = make_situation(everything.rule_set.vocabulary, found[0].example.answers).values
        assert breaks(everything, guarantee, values)
        assert len(values) == min(map(len, breaking))


def breaks(everything, guarantee, values):
    return broken_promises(everything.space, everything.directory, guarantee, values, DAY)


def rests(everything, guarantee):
    if guarantee.raising is None and guarantee.changing is None:
        return everything.partial
    variable, steps = steps_of(everything.space, guarantee)
    pairs = zip(steps, steps[1:], strict=False)
    return [rest for pair in pairs for rest in everything.pairs(variable, *pair)]


@given(worlds(), st.data())
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
