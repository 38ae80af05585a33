"""A folder of YAML files → one `RuleSet`; every problem of every file in one go."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import TypeVar

from iscg_rules.errors import IscgError, Noted, Place, Problem
from iscg_rules.language.closing_steps import TooWideError
from iscg_rules.language.condition_parsing import RESERVED, ConditionReader
from iscg_rules.language.conditions import Condition, all_of
from iscg_rules.language.vocabulary import Vocabulary
from iscg_rules.model.fact_order import ordered_facts
from iscg_rules.model.grounds import NOTHING, Ground
from iscg_rules.model.question_objects import check_object, entry_without_object
from iscg_rules.model.rule_checks import check_ground, check_rule
from iscg_rules.model.rule_parts import RuleParts
from iscg_rules.model.rules import Fact, Impossible, Rule, RuleSet
from iscg_rules.model.vocabulary_file import read_vocabulary
from iscg_rules.reading.binding import LocalText, bind
from iscg_rules.reading.cited_sources import with_sources
from iscg_rules.reading.document_paths import memory_of
from iscg_rules.reading.documents import (
    Register,
    child,
    file_label,
    read_sections,
    without_cascade,
)
from iscg_rules.reading.memory import Memory
from iscg_rules.reading.territories import Territory
from iscg_rules.reading.yaml_nodes import Items, Node, Scalar, plain
from iscg_rules.suggestions import did_you_mean, explained

__all__ = ["OTHER_FILES", "load_rule_set", "read_rule_set"]

ReadEntry = TypeVar("ReadEntry")
# These stand in the folder and are read by others.
OTHER_FILES = frozenset({"vocabulary.yaml", "grounds.yaml", "guarantees.yaml", "sources.yaml"})


def load_rule_set(folder: Path) -> RuleSet:
    """Read a folder of rules.

    Args:
        folder: holds `vocabulary.yaml` and any number of rule files (`*.yaml`, not in subfolders).

    Raises:
        IscgError: all problems of all files, each with its place.
    """
    problems = Noted()
    rule_set = read_rule_set(folder, problems)
    if problems:
        raise IscgError(problems)
    return rule_set


def read_rule_set(
    folder: Path, problems: list[Problem], territories: tuple[Territory, ...] = ()
) -> RuleSet:
    """Read what can be read of a folder and of what lies over it; what is wrong is left out.

    Args:
        problems: where everything wrong is noted.
        territories: whose areas, sources, grounds and `rules.yaml` are read too.
    """
    noted = Noted()
    vocabulary, impossible, objects = read_vocabulary(folder, noted, territories)
    problems.extend(noted)
    misread = Noted()
    paths = sorted(path for path in folder.glob("*.yaml") if path.name not in OTHER_FILES)
    named = [(path, file_label(path, folder)) for path in paths]
    local = [territory.file("rules.yaml") for territory in territories]
    named += [(path, label) for path, label in local if path.exists()]
    files = {
        label: read_sections(path, ("facts", "rules"), misread, label=label, single=("theme",))
        for path, label in named
    }
    builder = _RuleSetBuilder(vocabulary, misread, memory_of(folder))
    law = folder / "grounds.yaml"
    lawful = [
        (law, file_label(law, folder)),
        *(territory.file("grounds.yaml") for territory in territories),
    ]
    unlawful = Noted()
    ground_nodes = [
        node
        for path, label in lawful
        if path.exists()
        for node in read_sections(path, ("grounds",), unlawful, label=label)["grounds"]
    ]
    themes = {
        label: theme
        for label, file in files.items()
        for node in file["theme"]
        if (theme := bind(LocalText, node, misread))
    }
    facts = builder.facts(node for file in files.values() for node in file["facts"])
    grounds = builder.grounds(ground_nodes, unlawful)
    rules = builder.rules(node for file in files.values() for node in file["rules"])
    entries = (*builder.impossible(impossible), *builder.without_object(objects))
    # What is not told of grounds hides nothing of rules: else each would silence the other.
    told = without_cascade(unlawful, [*noted, *misread])
    problems.extend(told)
    # Facts under a misspelt key are not read, and who names one is not wrong.
    lost = [one for one in misread if one.code == "S001" and "`facts`" in str(one.help)]
    problems.extend(without_cascade(misread, [*noted, *told, *lost]))
    rule_set = RuleSet(
        vocabulary,
        facts,
        rules,
        entries,
        builder.places,
        themes,
        grounds,
        builder.fact_places,
        builder.impossible_places,
    )
    try:
        # Looked at once here, where an entry still has a place.
        _ = rule_set.closing
    except TooWideError as error:
        text = f"`{error.entry}` peut être vraie de trop de façons pour que l'on en déduise"
        aid = "écrivez plusieurs entrées plus courtes, sans grand seuil"
        problems.append(Problem("R010", text, builder.impossible_places.get(error.entry), aid))
    return rule_set


def _label(node: Node) -> LocalText | None:
    """Return the label of an entry, where it is readable: a suggestion knows it."""
    label = child(node, "label")
    return bind(LocalText, label, []) if label is not None else None


_OF_RULES = ("orient", "exclude", "advise", "because")


class _RuleSetBuilder:
    """Builds facts, then rules, in the words of one vocabulary."""

    def __init__(self, vocabulary: Vocabulary, problems: list[Problem], memory: Memory) -> None:
        self._vocabulary = vocabulary
        self._problems = problems
        self._memory = memory
        self._facts: Mapping[str, LocalText | None] = {}
        self._grounds: dict[str, Ground] = {}
        self.places: dict[str, Place] = {}
        self.fact_places: dict[str, Place] = {}
        self.impossible_places: dict[str, Place] = {}

    def facts(self, nodes: Iterable[Node]) -> dict[str, Fact]:
        taken = dict.fromkeys(RESERVED, "un mot réservé")
        taken |= dict.fromkeys(self._vocabulary.attributes, "un attribut du vocabulaire")
        register = Register(self._problems, taken)
        named = [(register.add(node), node) for node in self._but_rules(nodes)]
        # In the order of the files: a suggestion lists them.
        known = {name: _label(node) for name, node in named if name}
        self._facts = self._memory.same("labelled facts", known, known)
        built: dict[str, Fact] = {}
        places: dict[str, Node] = {}
        for name, node in named:
            fact = self._once(node, self._fact)
            if fact and name:
                built[name], places[name] = fact, node
                self.fact_places[name] = node.place
        return ordered_facts(built, places, self._problems)

    def _but_rules(self, nodes: Iterable[Node]) -> Iterator[Node]:
        """Yield facts; of rules among them, that lack their heading, the first is told."""
        is_told = False
        for node in nodes:
            strange = next((key for key in _OF_RULES if child(node, key) is not None), None)
            if strange is None:
                yield node
            elif not is_told:
                text = f"`{strange}` est d'une règle, et ceci est rangé sous `facts:`"
                aid = "il manque `rules:` au-dessus, au bord de la ligne"
                self._problems.append(Problem("S001", text, node.place, aid))
                is_told = True

    def grounds(self, nodes: Iterable[Node], problems: list[Problem]) -> dict[str, Ground]:
        """Read the grounds on which rules lean; what is wrong is noted apart from that of rules."""
        register = Register(problems, {NOTHING.id: "un mot réservé"})
        leaning = (self._vocabulary, self._facts)
        for node in nodes:
            ground = self._memory.once(node, leaning, problems, partial(self._ground, node))
            if register.add(node) and ground:
                self._grounds[ground.id] = ground
        return self._grounds

    def rules(self, nodes: Iterable[Node]) -> dict[str, Rule]:
        register = Register(self._problems)
        built: dict[str, Rule] = {}
        leaning = self._memory.leaning(self._vocabulary, self._facts, *self._grounds.values())
        parts = RuleParts(self._vocabulary, self._facts, self._grounds)
        for node in nodes:
            name = register.add(node)
            rule = self._memory.once(
                node, leaning, self._problems, partial(self._rule, node), parts
            )
            if rule and name:
                built[name], self.places[name] = rule, node.place
        return built

    def impossible(self, nodes: Iterable[Node]) -> tuple[Impossible, ...]:
        register = Register(self._problems)
        built = []
        for node in nodes:
            register.add(node)
            entry = self._once(node, self._impossible)
            if entry:
                built.append(entry)
                self.impossible_places[entry.id] = node.place
        return tuple(built)

    def without_object(self, objects: Mapping[str, Node]) -> Iterator[Impossible]:
        """Yield an entry for each question that has no object under some condition."""
        for name, node in objects.items():
            attribute, when = self._vocabulary.attributes[name], child(node, "only_if")
            if check_object(attribute, node, self._problems) and when is not None:
                condition = self._condition(when, self._problems)
                if condition is not None:
                    entry = entry_without_object(attribute, condition)
                    self.impossible_places[entry.id] = when.place
                    yield entry

    def _once(self, node: Node, make: Callable[[Node, list[Problem]], ReadEntry]) -> ReadEntry:
        leant = (self._vocabulary, self._facts)
        return self._memory.once(node, leant, self._problems, partial(make, node))

    def _fact(self, node: Node, problems: list[Problem]) -> Fact | None:
        return bind(Fact, node, problems, given=self._given(node, problems))

    def _impossible(self, node: Node, problems: list[Problem]) -> Impossible | None:
        return bind(Impossible, node, problems, given=self._given(node, problems))

    def _ground(self, node: Node, problems: list[Problem]) -> Ground | None:
        ground = bind(Ground, node, problems, given=self._given(node, problems, "requires"))
        if ground:
            check_ground(ground, node, self._vocabulary, problems)
        return ground

    def _rule(self, node: Node, problems: list[Problem]) -> Rule | None:
        given = self._given(node, problems) | self._orient(node, problems)
        rule = bind(Rule, node, problems, given=given)
        if rule:
            check_rule(rule, node, self._vocabulary, problems)
        return rule

    def _condition(self, node: Node, problems: list[Problem]) -> Condition | None:
        return ConditionReader(self._vocabulary, self._facts, problems).read(node)

    def _given(self, node: Node, problems: list[Problem], key: str = "when") -> dict[str, object]:
        given = with_sources(node, self._vocabulary.sources, problems)
        when = child(node, key)
        if when is not None:
            given[key] = self._condition(when, problems) or all_of(())
        return given

    def _orient(self, node: Node, problems: list[Problem]) -> dict[str, object]:
        """Return `orient` with each name of a ground replaced by what it names."""
        orient = child(node, "orient")
        if not isinstance(orient, Items):
            return {}
        return {"orient": [self._grounded(item, problems) for item in orient.items]}

    def _grounded(self, item: Node, problems: list[Problem]) -> object:
        name, given = child(item, "sharing"), plain(item)
        if not isinstance(name, Scalar) or not isinstance(given, dict) or name.text == NOTHING.id:
            return given
        if name.text not in self._grounds:
            text = f"fondement inconnu `{name.text[:60]}`"
            aid = self._lawful(name.text, problems)
            problems.append(Problem("V013", text, name.place, aid))
        return given | {"sharing": self._grounds.get(name.text, NOTHING)}

    def _lawful(self, word: str, problems: list[Problem]) -> str | None:
        """Suggest grounds: those of a scope, where its name was written, else the closest."""
        meant = [name for name, ground in self._grounds.items() if ground.sharing == word]
        if meant:
            return f"possible : {', '.join(explained(meant, self._grounds))}"
        return did_you_mean(word, {NOTHING.id: NOTHING, **self._grounds}, problems)
