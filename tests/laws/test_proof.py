"""What is proven is what every situation shows, one by one, by the reference."""

from dataclasses import replace
from datetime import date
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from iscg_rules.language.answer_checks import make_situation
from iscg_rules.language.conditions import Not, all_of, any_of
from iscg_rules.model.guarantees import GuaranteeSet, kinds_of
from iscg_rules.model.partners import Directory
from iscg_rules.model.rules import SCOPES, STRENGTHS, URGENCIES, Impossible
from iscg_rules.proof.condition_paths import FALSE_CONDITION, TRUE_CONDITION, places, put
from iscg_rules.proof.findings.all_findings import prove
from iscg_rules.proof.kept_promises import broken_promises, steps_of
from tests.laws.brute_force import Everything, many
from tests.laws.drawn import DAY, Drawing
from tests.laws.strategies import (
    KINDS,
    TEXT,
    attribute,
    is_yes,
    rule,
    rule_set_of,
    vocabulary_of,
    yes_no_vocabulary,
)

SEEDS = st.integers(0, 2**32)


def proven(everything, guarantees=(), report_by=()):
    promised = GuaranteeSet(tuple(report_by), tuple(guarantees), {})
    rule_set = everything.rule_set
    return prove(rule_set, everything.directory, promised, day=DAY)


def said(findings, code):
    return sorted(one.problem.message for one in findings if one.problem.code == code)


def in_force(everything):
    return [one for one in everything.rule_set.rules.values() if one.is_in_force(DAY)]


def fires(everything, name):
    return any(name in evaluation.fired for _, evaluation in everything.whole)


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
        and any(SCOPES.index(o.sharing) >= SCOPES.index(orient.sharing) for o in same)
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
    for path, part in places(one.condition):
        if not path or any(path[: len(above)] == above for above in found):
            continue
        constants = (TRUE_CONDITION, FALSE_CONDITION)
        others = [put(one.condition, path, constant) for constant in constants]
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
    found = [
        (demanding(everything, alive, exclude.to, other), exclude.to, other.id)
        for other in alive
        for exclude in other.exclude
    ]
    return [
        f"{', '.join(f'`{name}`' for name in names)} {'disent' if len(names) > 1 else 'dit'} "
        f"`{kind}` à faire, et `{other}` l'exclut"
        for names, kind, other in found
        if names
    ]


def demanding(everything, alive, kind, other):
    return [
        one.id
        for one in alive
        if any(orient.to == kind and orient.strength == "must" for orient in one.orient)
        and any({one.id, other.id} <= set(e.fired) for _, e in everything.outcomes)
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
        fitting = (g for g in groups if all(alike(everything, variable, a, answer) for a in g))
        first = next(fitting, None)
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
        partner
        for values in everything.complete
        for kind, serving in everything.see(values).partners
        for partner in (*(name for name, *_ in serving), *by_any_post(everything, kind, values))
    }
    offered = everything.directory.partners.values()
    return [f"aucune situation ne mène à `{p.id}`" for p in offered if p.id not in reached]


def by_any_post(everything, kind, values):
    """Give who serves somebody by the post, wherever that is."""
    if everything.rule_set.vocabulary.kinds[kind].place != "station":
        return []
    return [
        partner.id
        for partner in everything.directory.by_kind.get(kind, ())
        if partner.condition is None or everything.truth(partner.condition, values)
    ]


def kinds_for_some_only(everything):
    """Give the kinds that somebody near offers, and of whom nobody receives somebody."""
    found = [
        kind
        for kind in KINDS
        if any(is_refused_by_all(everything, kind, values) for values in everything.complete)
    ]
    return [f"pour certaines personnes, personne ne propose `{kind}`" for kind in found]


def is_refused_by_all(everything, kind, values):
    commune, _ = everything.rule_set.vocabulary.where(kind, values)
    directory = everything.directory
    near = [
        partner
        for partner in directory.by_kind.get(kind, ())
        if commune is None or any(area.covers(commune) for area in directory.places[partner.id])
    ]
    return bool(near) and (kind, ()) in everything.see(values).partners


def mistaken_entries(everything):
    never = [
        f"l'entrée `{one.id}` d'`impossible` n'est jamais vraie"
        for one in everything.rule_set.impossible
        if not any(everything.truth(one.condition, values) for values in everything.every)
    ]
    return never if everything.complete else [*never, "`impossible` ne laisse aucune situation"]


@given(SEEDS)
@settings(max_examples=many(200))
def test_what_is_found_is_what_every_situation_shows(seed):
    everything = Drawing(seed).world()
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
        "F011": kinds_for_some_only(everything),
        "F012": unreached_partners(everything),
        "F013": mistaken_entries(everything),
    }
    assert {code: said(found, code) for code in expected} == {
        code: sorted(messages) for code, messages in expected.items()
    }
    for finding in found:
        if finding.problem.code == "F007":
            named = [n for n in everything.rule_set.rules if f"`{n}`" in finding.problem.message]
            excluding = finding.problem.message.split("`")[-2]
            both = {next(n for n in named if n != excluding), excluding}
            assert_smallest(everything, finding, lambda _, e, both=both: both <= set(e.fired))


def assert_smallest(everything, finding, is_so):
    """The example is one, and none has fewer answers."""
    values = make_situation(everything.rule_set.vocabulary, finding.example.answers).values
    assert is_so(values, everything.evaluate(values))
    fewest = min(len(one) for one, e in everything.outcomes if is_so(one, e))
    assert len(values) == fewest
    assert finding.example.is_fewest


def test_an_answer_that_only_lets_another_follow_is_not_idle():
    # No rule names q0; yes to it rules out no to q1, so that the judge is certain.
    orient = {"to": "judge", "urgency": "week", "strength": "should", "sharing": "none"}
    rules = [rule("judge", is_yes("q1"), orient=[orient])]
    rule_set = rule_set_of(yes_no_vocabulary(3), rules)
    entry = {"id": "no-0", "when": all_of((is_yes("q0"), Not(is_yes("q1")))), "because": TEXT}
    rule_set = replace(rule_set, impossible=(Impossible.model_validate(entry),))
    everything = Everything(rule_set, Directory({}, {}), DAY)
    assert everything.certain(everything.evaluate({"q0": "yes"})) == {"judge"}
    assert everything.certain(everything.evaluate({"q0": "no"})) == set()
    assert said(proven(everything), "F010") == ["aucune réponse à `q2` ne change rien"]
    assert alike_answers(everything) == ([], ["aucune réponse à `q2` ne change rien"])


def test_nothing_is_said_of_rules_when_nothing_can_be():
    entry = {"id": "no-0", "when": TRUE_CONDITION, "because": TEXT}
    rule_set = rule_set_of(vocabulary_of(attribute("q0", "yes_no")), [])
    rule_set = replace(rule_set, impossible=(Impossible.model_validate(entry),))
    found = proven(Everything(rule_set, Directory({}, {}), DAY))
    assert said(found, "F013") == ["`impossible` ne laisse aucune situation"]
    assert len(found) == 1


@given(SEEDS)
@settings(max_examples=many(100))
def test_situations_without_orientation_are_found_group_by_group(seed):
    drawing = Drawing(seed)
    everything = drawing.world()
    known = everything.rule_set.vocabulary.attributes.values()
    report_by = drawing.some([a.id for a in known if a.type in ("one_of", "yes_no")], 0, 2)
    lacking = [values for values, e in everything.whole if not everything.certain(e)]
    groups = {tuple(values[name] for name in report_by[:-1]) for values in lacking}
    found = [one for one in proven(everything, (), report_by) if one.problem.code == "F001"]
    assert len(found) == min(len(groups), 7)
    for finding in found:
        if finding.example is not None and not report_by:
            assert_smallest(everything, finding, lambda _, e: not reachable(everything, e))


@given(SEEDS)
@settings(max_examples=many(100))
def test_generalists_alone_are_found_group_by_group(seed):
    drawing = Drawing(seed)
    everything = drawing.world()
    known = everything.rule_set.vocabulary.attributes.values()
    report_by = drawing.some([a.id for a in known if a.type in ("one_of", "yes_no")], 0, 2)
    groups = {
        tuple(values[name] for name in report_by[:-1])
        for values, evaluation in everything.outcomes
        if set(report_by) <= set(values) and only_generalists(everything, evaluation)
    }
    found = [one for one in proven(everything, (), report_by) if one.problem.code == "F014"]
    assert len(found) == min(len(groups), 7)
    for finding in found:
        # What is to paste leads to who knows the subject.
        assert "- to: rescue\n" in (finding.sketch or "- to: rescue\n")
        if finding.example is not None and not report_by:
            assert_smallest(everything, finding, lambda _, e: only_generalists(everything, e))


def only_generalists(everything, evaluation):
    """Tell whether generalists alone are certain, and a rule that holds advises one of them."""
    certain, rules = everything.certain(evaluation), everything.rule_set.rules
    advised = {
        orient.to
        for name in evaluation.fired
        for orient in rules[name].orient
        if orient.strength != "may"
    }
    return bool(certain & advised) and all(KINDS[kind].generalist for kind in certain)


def reachable(everything, evaluation):
    every = (*evaluation.fired, *evaluation.open)
    return oriented(everything, every) - everything.excluded(evaluation)


@given(SEEDS)
@settings(max_examples=many(200))
def test_a_guarantee_is_broken_when_some_situation_breaks_it(seed):
    drawing = Drawing(seed)
    everything = drawing.world()
    guarantee = drawing.promise(everything.rule_set.vocabulary)
    everything = telling_apart(everything, guarantee)
    found = [one for one in proven(everything, [guarantee]) if one.problem.code == "G002"]
    breaking = list(all_that_break(everything, guarantee))
    assert bool(found) == bool(breaking)
    if found and guarantee.raising is None and guarantee.changing is None:
        values = make_situation(everything.rule_set.vocabulary, found[0].example.answers).values
        plain = [one for one in breaking if is_settled(everything, guarantee, one)]
        assert breaks(everything, guarantee, values)
        assert len(values) == min(map(len, plain or breaking))


def is_settled(everything, guarantee, values):
    """Tell whether no exclusion of what is promised is open: the plainer example."""
    rules, evaluation = everything.rule_set.rules, everything.evaluate(values)
    opened = {e.to for name in evaluation.open for e in rules[name].exclude}
    opened -= everything.excluded(evaluation)
    return not opened & set(kinds_of(guarantee.then))


def telling_apart(everything, guarantee):
    """Look at a situation for each class that the guarantee tells apart too."""
    condition = guarantee.condition
    return replace(everything, more=() if condition is None else (condition,))


def breaks(everything, guarantee, values):
    return broken_promises(everything.space, everything.directory, guarantee, values, DAY)


def all_that_break(everything, guarantee):
    """Give every situation that breaks it; of a change, each rest that both steps fit."""
    if guarantee.raising is None and guarantee.changing is None:
        yield from (one for one in everything.partial if breaks(everything, guarantee, one))
        return
    variable, steps = steps_of(everything.space, guarantee)
    for pair in pairwise(steps):
        narrowed = between(guarantee, pair)
        rests = everything.pairs(variable, *pair)
        yield from (rest for rest in rests if breaks(everything, narrowed, rest))


def between(guarantee, pair):
    """Give the same promise about one step only."""
    if guarantee.raising is not None:
        raising = guarantee.raising.model_copy(update={"along": pair})
        return guarantee.model_copy(update={"raising": raising})
    changing = guarantee.changing.model_copy(update={"between": pair})
    return guarantee.model_copy(update={"changing": changing})


@given(SEEDS)
@settings(max_examples=many(100))
def test_a_guarantee_is_proven_for_every_period_to_come(seed):
    drawing = Drawing(seed)
    everything = drawing.world(dated=True)
    guarantee = drawing.promise(everything.rule_set.vocabulary, of_changes=False)
    everything = telling_apart(everything, guarantee)
    found = said(proven(everything, [guarantee]), "G002")
    later = replace(everything, day=date(2026, 9, 1))
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
        any_of(()),
        orient=[{"to": "shelter", "urgency": "now", "strength": "must", "sharing": "none"}],
    )
    found = proven(Everything(rule_set_of(words, [never]), Directory({}, {}), DAY))
    assert [one.problem.code for one in found][:2] == ["F001", "F002"]
