"""What one rule is made of, among all words of a project: it is read anew where that changes."""

from collections.abc import Collection, Iterator, Mapping

from iscg_rules.language.conditions import FactIs, InArea, leaves
from iscg_rules.language.vocabulary import Vocabulary
from iscg_rules.model.grounds import Ground
from iscg_rules.model.rules import Rule
from iscg_rules.reading.documents import child
from iscg_rules.reading.yaml_nodes import Fields, Items, Node, Scalar

__all__ = ["RuleParts"]

_ATTRIBUTES, _FACTS, _AREAS, _KINDS, _SOURCES, _GROUNDS = range(6)
# Which table, and under which name.
PartNames = tuple[tuple[int, str], ...]


class RuleParts:
    """Finds the parts of a rule with which nothing is wrong.

    Of the facts only whether there are such: what is wrong alone tells their labels.
    """

    def __init__(
        self, vocabulary: Vocabulary, facts: Collection[str], grounds: Mapping[str, Ground]
    ) -> None:
        """Keep the words of a project."""
        known = dict.fromkeys(facts, True)
        words = (vocabulary.areas, vocabulary.kinds, vocabulary.sources)
        self._tables: tuple[Mapping[str, object], ...] = (
            *(vocabulary.attributes, known),
            *(*words, grounds),
        )

    def names(self, node: object, rule: object) -> PartNames:
        """Return under which names the parts of a rule are found."""
        assert isinstance(node, Fields)
        assert isinstance(rule, Rule)
        return tuple(dict.fromkeys(_names(node, rule)))

    def look(self, names: PartNames) -> tuple[object, ...]:
        """Return the parts as they are now."""
        tables = self._tables
        return tuple([tables[table].get(name) for table, name in names])


def _names(node: Node, rule: Rule) -> Iterator[tuple[int, str]]:
    for leaf in leaves(rule.condition):
        if isinstance(leaf, FactIs):
            # An attribute of the same name would come first.
            yield _ATTRIBUTES, leaf.fact
            yield _FACTS, leaf.fact
            continue
        yield _ATTRIBUTES, leaf.attribute
        if isinstance(leaf, InArea):
            yield from ((_AREAS, area.id) for area in leaf.areas)
    yield from ((_KINDS, kind) for kind in rule.kinds)
    yield from ((_GROUNDS, orient.ground.id) for orient in rule.orient)
    given = child(node, "source")
    for item in given.items if isinstance(given, Items) else (given,):
        if isinstance(item, Scalar):
            yield _SOURCES, item.text
