"""What is drawn for the laws holds every node there is: no law speaks of what it never sees."""

from contextlib import suppress

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from iscg_rules.language.conditions import FactIs, InArea, InRange, Not, Test, Threshold, parts_of
from tests.laws import (
    pairs,
    small_worlds,
    strategies,
    tables,
    test_counting,
    test_explanations,
    test_mutation,
    test_searches,
)
from tests.laws.drawn import Drawing

NODES = {
    *(Test, InRange, InArea, Not),
    *("fact holds", "fact does not"),
    *("all", "any", "at_least"),
}
# Nothing over numbers and places: every situation of these can be looked at.
SMALL = NODES - {InRange, InArea}
# Some nodes are rare; most are seen in twenty examples.
EXAMPLES = 300


def nodes(condition):
    """Give what each node of a condition is; a threshold only where it counts."""
    match condition:
        case FactIs(_, holds):
            yield "fact holds" if holds else "fact does not"
        case Threshold(count, of, "at_least"):
            # One of any number is "any", and all of them is "all".
            yield "at_least" if 1 < count < len(of) else None
        case Threshold(_, of, spelling):
            yield spelling if len(of) > 1 else None
        case _:
            yield type(condition)
    for part in parts_of(condition):
        yield from nodes(part)


def of_rules(rule_set):
    return [rule.condition for rule in rule_set.rules.values()]


def of_facts(rule_set):
    return [fact.condition for fact in rule_set.facts.values()]


def of_partners(engine):
    partners = engine.directory.partners.values()
    return [one.condition for one in partners if one.condition is not None]


def of_both(engines):
    return [condition for engine in engines for condition in of_rules(engine.rule_set)]


class EnoughError(Exception):
    """All that is looked for has been seen."""


def seen_by(strategy, conditions_of, expected):
    """Give the nodes in so many examples; draw no more than it takes to see what is expected."""
    seen = set()

    @given(strategy)
    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def look(drawn):
        for condition in conditions_of(drawn):
            seen.update(nodes(condition))
        if seen >= expected:
            raise EnoughError

    with suppress(EnoughError):
        look()
    return seen - {None}


DRAWN = {
    "rule sets": (strategies.rule_sets(), of_rules, NODES),
    "wide conditions": (
        strategies.rule_sets(strategies.wide_conditions, most=1),
        of_rules,
        NODES,
    ),
    "facts": (strategies.rule_sets(), of_facts, NODES),
    "partners": (tables.engines(), of_partners, NODES),
    "replays": (test_counting.revisions(), lambda drawn: of_both(drawn[0]), NODES),
    "changes": (
        test_mutation.changed_worlds(),
        lambda world: [*of_rules(world[0]), *of_rules(world[2])],
        SMALL,
    ),
    "engines of tables": (tables.engines(), lambda engine: of_rules(engine.rule_set), NODES),
    "explained worlds": (
        test_explanations.small_worlds(),
        lambda world: of_rules(world[0]),
        NODES,
    ),
    "searches": (
        test_searches.conditions_in_situations(),
        lambda drawn: [drawn[0]],
        NODES,
    ),
    "small rule sets": (small_worlds.small_rule_sets(), of_rules, SMALL),
    "pairs": (
        pairs.drawn_pairs(),
        lambda union: [*of_rules(union.old.given), *of_rules(union.new.given)],
        NODES,
    ),
    "edited pairs": (
        pairs.edited_pairs(),
        lambda union: [*of_rules(union.old.given), *of_rules(union.new.given)],
        NODES,
    ),
}


# The example that ends the search is told to nobody.
@pytest.mark.filterwarnings("ignore:Generating overly large repr")
@pytest.mark.parametrize("name", DRAWN)
def test_every_node_of_a_condition_is_drawn(name):
    strategy, conditions_of, expected = DRAWN[name]
    assert seen_by(strategy, conditions_of, expected) >= expected


def test_every_node_is_drawn_from_seeds():
    seen = set()
    for seed in range(EXAMPLES):
        for condition in of_rules(Drawing(seed).world().rule_set):
            seen.update(nodes(condition))
        if seen >= NODES:
            break
    assert seen >= NODES
