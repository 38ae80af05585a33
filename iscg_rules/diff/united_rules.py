"""Two rule sets in one vocabulary, so that one situation can be put to both.

The newer words win; what only the older knows is added. A question that changed its type, or an
area that changed its communes, is two things: the older one gets another name. Each side ignores
the questions that it does not know, and an answer that it does not know is one that none of its
conditions names.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from iscg_rules.language.conditions import (
    Condition,
    InArea,
    InRange,
    Not,
    Test,
    Threshold,
)
from iscg_rules.language.situations import AnswerValue
from iscg_rules.language.vocabulary import Area, Attribute, Vocabulary
from iscg_rules.model.answer_space import Space, places_and_publics
from iscg_rules.model.partners import Directory, Partner
from iscg_rules.model.rules import Fact, Impossible, Rule, RuleSet
from iscg_rules.reading.binding import LocalText

__all__ = ["Side", "Union", "unite"]

_BEFORE = "-before"
Conditioned = TypeVar("Conditioned", Fact, Impossible, Rule)


@dataclass(frozen=True)
class Side:
    """One rule set as it was given, and in the words of both.

    `variables`: the name of each of its variables in the words of both → its own name.
    """

    rule_set: RuleSet
    directory: Directory
    given: RuleSet
    given_directory: Directory
    variables: Mapping[str, str]

    def widened(self, words: Vocabulary) -> RuleSet:
        """Return the rule set as given, each question with the answers of both sides.

        What no side has ruled out is not ruled out: where the older question had `red` alone, and
        `red` cannot be, `green` is still left in the words of both.
        """
        given = self.given.vocabulary
        shared = {own: words.attribute_of[name] for name, own in self.variables.items()}
        attributes = {
            name: _merged(one, words.attributes[shared[one.variables[0]]])
            for name, one in given.attributes.items()
        }
        if attributes == dict(given.attributes):
            return self.given
        return replace(self.given, vocabulary=replace(given, attributes=attributes))

    def values(self, values: Mapping[str, AnswerValue]) -> dict[str, AnswerValue]:
        """Return the answers that this side knows of, under its own names."""
        return {self.variables[name]: to for name, to in values.items() if name in self.variables}


@dataclass(frozen=True)
class Union:
    """Both sides, the vocabulary of both, and the classes of answers that either tells apart."""

    old: Side
    new: Side
    vocabulary: Vocabulary
    space: Space


def unite(old: RuleSet, old_directory: Directory, new: RuleSet, new_directory: Directory) -> Union:
    """Put two rule sets, each with its partners, into one vocabulary."""
    renaming = _Renaming(old.vocabulary, new.vocabulary)
    words = renaming.vocabulary()
    first = Side(
        renaming.rule_set(old),
        renaming.directory(old_directory),
        old,
        old_directory,
        {renaming.variable(variable): variable for variable in old.vocabulary.attribute_of},
    )
    same = {name: name for name in new.vocabulary.attribute_of}
    second = Side(new, new_directory, new, new_directory, same)
    conditions = [c for side in (first, second) for c in _conditions(side)]
    return Union(first, second, words, Space(RuleSet(words, {}, {}), conditions))


def _conditions(side: Side) -> Iterator[Condition]:
    rule_set = side.rule_set
    yield from (rule.condition for rule in rule_set.rules.values())
    yield from (fact.condition for fact in rule_set.facts.values())
    yield from (entry.condition for entry in rule_set.impossible)
    yield from places_and_publics(rule_set, side.directory)


def _free(name: str, *taken: Mapping[str, object]) -> str:
    name += _BEFORE
    return _free(name, *taken) if any(name in words for words in taken) else name


class _Renaming:
    """Renames the older words that mean something else."""

    def __init__(self, old: Vocabulary, new: Vocabulary) -> None:
        self._old, self._new = old, new
        self._attributes = {
            name: _free(name, old.attributes, new.attributes)
            for name, attribute in old.attributes.items()
            if name in new.attributes and new.attributes[name].type != attribute.type
        }
        self._areas = {
            area.id: Area(
                _free(area.id, old.areas, new.areas),
                _as_before(area.label),
                area.communes,
                area.departements,
                area.everywhere,
            )
            for area in old.areas.values()
            if area.id in new.areas and not _is_same_place(area, new.areas[area.id])
        }

    def vocabulary(self) -> Vocabulary:
        """Return the words of both, the newer first."""
        attributes = {
            name: _merged(attribute, self._old.attributes.get(name))
            for name, attribute in self._new.attributes.items()
        }
        attributes |= {n: a for n, a in self._attributes_before().items() if n not in attributes}
        kinds = {**self._old.kinds, **self._new.kinds}
        ordered = dict.fromkeys((*self._new.kinds, *self._old.kinds))
        areas = {**self._areas_before(), **self._new.areas}
        return Vocabulary(attributes, {name: kinds[name] for name in ordered}, areas)

    def _attributes_before(self) -> dict[str, Attribute]:
        attributes = {}
        for name, attribute in self._old.attributes.items():
            renamed = self._attributes.get(name)
            if renamed:
                label = _as_before(attribute.label)
                attributes[renamed] = _with(attribute, id=renamed, label=label)
            else:
                attributes[name] = attribute
        return attributes

    def _areas_before(self) -> dict[str, Area]:
        areas = (self._areas.get(area.id, area) for area in self._old.areas.values())
        return {area.id: area for area in areas}

    def variable(self, name: str) -> str:
        """Return the name of an older variable in the words of both."""
        attribute = self._old.attribute_of[name]
        return name.replace(attribute, self._attributes.get(attribute, attribute), 1)

    def rule_set(self, old: RuleSet) -> RuleSet:
        """Put the older rules into the words of both."""
        if not self._attributes and not self._areas:
            return old
        words = Vocabulary(
            self._attributes_before(),
            old.vocabulary.kinds,
            self._areas_before(),
            tuple(self._areas[name].id if name in self._areas else name for name in self._old.home),
            old.vocabulary.sources,
            old.vocabulary.station,
        )
        facts = {name: self._conditioned(fact) for name, fact in old.facts.items()}
        rules = {name: self._conditioned(rule) for name, rule in old.rules.items()}
        impossible = tuple(map(self._conditioned, old.impossible))
        return RuleSet(words, facts, rules, impossible, old.places, old.themes)

    def _conditioned(self, entry: Conditioned) -> Conditioned:
        return entry.model_copy(update={"when": self._said(entry.condition)})

    def directory(self, old: Directory) -> Directory:
        """Put the older partners into the words of both."""
        if not self._attributes and not self._areas:
            return old
        partners = {name: self._partner(partner) for name, partner in old.partners.items()}
        return Directory(partners, self._areas_before(), old.entries)

    def _partner(self, partner: Partner) -> Partner:
        accepts = partner.condition and self._said(partner.condition)
        area = tuple(self._areas[a].id if a in self._areas else a for a in partner.area)
        return partner.model_copy(update={"accepts": accepts, "area": area})

    def _name(self, attribute: str) -> str:
        return self._attributes.get(attribute, attribute)

    def _said(self, condition: Condition) -> Condition:
        match condition:
            case Test(attribute, variable, allowed):
                return Test(self._name(attribute), self.variable(variable), allowed)
            case InRange(attribute, low, high):
                return InRange(self._name(attribute), low, high)
            case InArea(attribute, areas):
                return InArea(
                    self._name(attribute), tuple(self._areas.get(area.id, area) for area in areas)
                )
            case Not(part):
                return Not(self._said(part))
            case Threshold(_, of):
                return replace(condition, of=tuple(map(self._said, of)))
        return condition


def _as_before(label: LocalText) -> LocalText:
    return LocalText(fr=f"{label.fr} (avant)", en=label.en and f"{label.en} (before)")


def _is_same_place(one: Area, other: Area) -> bool:
    return (one.communes, one.departements, one.everywhere) == (
        other.communes,
        other.departements,
        other.everywhere,
    )


def _merged(new: Attribute, old: Attribute | None) -> Attribute:
    """Return an attribute with the answers of both; the newer one where nothing was lost."""
    if old is None or old.type != new.type:
        return new
    known = {value.id for value in new.values}
    more = tuple(value for value in old.values if value.id not in known)
    low = None if old.min is None or new.min is None else min(old.min, new.min)
    high = None if old.max is None or new.max is None else max(old.max, new.max)
    return _with(new, values=(*new.values, *more), min=low, max=high)


def _with(attribute: Attribute, **changes: Any) -> Attribute:  # noqa: ANN401 # its fields
    # Not `model_copy`: it would keep the choices that were worked out before.
    fields = {name: getattr(attribute, name) for name in Attribute.model_fields}
    return Attribute.model_construct(**(fields | changes))
