"""Facts in an order in which each needs only facts before it."""

from collections.abc import Iterator, Mapping

from iscg_rules.errors import Problem
from iscg_rules.language.conditions import facts_in
from iscg_rules.model.rules import Fact
from iscg_rules.reading.documents import place_of, say_circle
from iscg_rules.reading.yaml_nodes import Node

__all__ = ["ordered_facts"]


def ordered_facts(
    facts: Mapping[str, Fact], places: Mapping[str, Node], problems: list[Problem]
) -> dict[str, Fact]:
    """Put each fact after those that it needs; note circles.

    `path` holds the facts that wait, each with what it still has to look at: `a` needs `b`,
    `b` needs `c` → a, b, c wait, then c, b and a come into order.
    """
    ordered: dict[str, Fact] = {}
    noted: set[str] = set()
    for start in sorted(facts):
        path = {} if start in ordered or start in noted else {start: _needs(facts[start])}
        while path:
            name = next(reversed(path))
            need = next(path[name], None)
            if need is None:
                del path[name]
                if name not in noted:
                    ordered[name] = facts[name]
            elif need in ordered or need in noted or need not in facts:
                continue
            elif need in path:
                ring = [*path, need][list(path).index(need) :]
                noted.update(ring)
                problems.append(_circle(ring, places))
            else:
                path[need] = _needs(facts[need])
    return ordered


def _needs(fact: Fact) -> Iterator[str]:
    return iter(facts_in(fact.condition))


def _circle(ring: list[str], places: Mapping[str, Node]) -> Problem:
    """Return what is told of a circle: b → c → b."""
    text = "ces faits se définissent en rond : " + say_circle(ring)
    aid = "un fait ne peut pas dépendre de lui-même"
    return Problem("V007", text, place_of(places[ring[0]], "id"), aid)
