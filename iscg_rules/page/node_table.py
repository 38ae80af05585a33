"""Conditions as a list of nodes, each once, its parts before it."""

from collections.abc import Iterable, Mapping
from typing import Literal, NamedTuple

from iscg_rules.language.conditions import Atom, Condition, InArea, InRange, fold
from iscg_rules.language.vocabulary import Area, Vocabulary

__all__ = ["NodeTable", "PortableNode"]


class _IsNode(NamedTuple):
    """The answer of a variable is one of these."""

    is_: Literal["is"]
    variable: int
    answers: tuple[int, ...]


class _WithinNode(NamedTuple):
    """A number lies between two bounds, both included; null is no bound."""

    within: Literal["within"]
    variable: int
    low: float | None
    high: float | None


class _LiesInNode(NamedTuple):
    """A commune lies in one of these areas."""

    lies_in: Literal["in"]
    variable: int
    areas: tuple[int, ...]


class _NotNode(NamedTuple):
    """The opposite of a node."""

    not_: Literal["not"]
    node: int


class _LeastNode(NamedTuple):
    """So many of these nodes are true, or more."""

    least: Literal["least"]
    needed: int
    nodes: tuple[int, ...]


PortableNode = _IsNode | _WithinNode | _LiesInNode | _NotNode | _LeastNode


class NodeTable:
    """Numbers nodes as they are met: the algebra of their places.

    `{all: [a, {not: b}]}` → 0: a, 1: b, 2: not 1, 3: at least 2 of 0 and 2.
    """

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._places: dict[PortableNode, int] = {}
        self._variables = {name: place for place, name in enumerate(vocabulary.attribute_of)}
        self._answers = {
            variable: attribute.answers
            for attribute in vocabulary.attributes.values()
            for variable in attribute.variables
        }
        self._areas: dict[str, tuple[int, Area]] = {}
        self._facts: dict[str, int] = {}

    @property
    def nodes(self) -> tuple[PortableNode, ...]:
        """The nodes met so far."""
        return tuple(self._places)

    @property
    def areas(self) -> tuple[Area, ...]:
        """The areas met so far."""
        return tuple(area for _, area in self._areas.values())

    def add(self, condition: Condition) -> int:
        """Return the place of a condition; the facts that it names were added before."""
        return fold(condition, self)

    def add_facts(self, facts: Mapping[str, Condition]) -> None:
        """Add facts, each after those that it needs."""
        for name, condition in facts.items():
            self._facts[name] = self.add(condition)

    def variable(self, name: str) -> int:
        """Return the place of a variable."""
        return self._variables[name]

    def answers(self, variable: str, answers: Iterable[str]) -> tuple[int, ...]:
        """Return the places of some answers of a variable."""
        wanted = frozenset(answers)
        return tuple(n for n, answer in enumerate(self._answers[variable]) if answer in wanted)

    def area(self, area: Area) -> int:
        """Return the place of an area."""
        return self._areas.setdefault(area.id, (len(self._areas), area))[0]

    def test(self, test: Atom) -> int:
        """Return the place of a test."""
        variable = self.variable(test.variable)
        if isinstance(test, InRange):
            return self._place(_WithinNode("within", variable, test.low, test.high))
        if isinstance(test, InArea):
            return self._place(_LiesInNode("in", variable, tuple(map(self.area, test.areas))))
        return self._place(_IsNode("is", variable, self.answers(test.variable, test.allowed)))

    def fact(self, fact: str) -> int:
        """Return the place of a fact's condition."""
        return self._facts[fact]

    def negation(self, part: int) -> int:
        """Return the place of the opposite of a node."""
        return self._place(_NotNode("not", part))

    def threshold(self, count: int, size: int, parts: Iterable[int]) -> int:
        """Return the place of so many of some nodes."""
        of = tuple(parts)
        # One of one is that one.
        return of[0] if count == size == 1 else self._place(_LeastNode("least", count, of))

    def _place(self, node: PortableNode) -> int:
        return self._places.setdefault(node, len(self._places))
