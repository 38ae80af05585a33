"""YAML nodes → condition trees; every mistake is noted with its place, none stops the reading."""

import math
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import WithJsonSchema

from iscg_rules.errors import Place, Problem
from iscg_rules.language.condition_advice import on_group, on_value, range_of
from iscg_rules.language.conditions import (
    Condition,
    FactIs,
    InArea,
    InRange,
    Not,
    Test,
    all_of,
    any_of,
    at_least,
)
from iscg_rules.language.vocabulary import STATION, Attribute, Vocabulary, variable_of
from iscg_rules.reading.plain_text import NUMBER
from iscg_rules.reading.yaml_nodes import Fields, Items, Node, Scalar, plain
from iscg_rules.suggestions import closest, did_you_mean

__all__ = ["RESERVED", "ConditionField", "ConditionReader"]

# A field of a model that holds a condition: parsed apart, with its places, and given as it is.
# `schemas` puts a reference to `$defs/Condition` in place of this mark.
ConditionField = Annotated[Any, WithJsonSchema({"$comment": "condition"})]

RESERVED = frozenset({"all", "any", "not", "at_least"})
_FORM = "écrivez par exemple `housing: must_leave_tonight`"


@dataclass(frozen=True, slots=True)
class ConditionReader:
    """Reads conditions in the words of one vocabulary; collects problems as it goes."""

    vocabulary: Vocabulary
    facts: Collection[str]
    problems: list[Problem]

    def read(self, node: Node) -> Condition | None:
        """Return the condition, or None when anything in it is wrong."""
        before = len(self.problems)
        condition = self._mapping(node)
        return condition if len(self.problems) == before else None

    def _note(self, code: str, message: str, place: Place, aid: str | None = None) -> None:
        self.problems.append(Problem(code, message, place, aid))

    def _mapping(self, node: Node) -> Condition:
        if not isinstance(node, Fields):
            self._note("S003", "une condition s'écrit `attribut: valeur`", node.place, _FORM)
            return all_of(())
        if not node.fields:
            self._note(
                "R001", "condition vide : elle vaudrait pour tout le monde", node.place, _FORM
            )
        parts = [self._entry(key, value) for key, value in node.fields]
        return parts[0] if len(parts) == 1 else all_of(tuple(parts))

    def _entry(self, key: Scalar, value: Node) -> Condition:
        name = key.text
        attribute = self.vocabulary.attributes.get(name)
        if attribute is not None and name != STATION:
            return self._attribute(attribute, value)
        if name in self.facts:
            return self._fact(name, value)
        if name in RESERVED:
            return self._combined(name, value)
        labelled = self.facts if isinstance(self.facts, Mapping) else dict.fromkeys(self.facts)
        known = {**self.vocabulary.attributes, **labelled, **dict.fromkeys(sorted(RESERVED))}
        aid = did_you_mean(name, known, self.problems)
        first, _, rest = name.partition(" ")
        if first in ("not", "pas", "sauf") and rest in known:
            aid = f"pour dire le contraire : `not: {{{rest}: …}}`"
        if attribute is not None:
            aid = "où est le poste choisit le partenaire, jamais l'aide ; testez `commune`"
        self._note("V002", f"attribut ou fait inconnu `{name[:60]}`", key.place, aid)
        return all_of(())

    def _fact(self, name: str, value: Node) -> Condition:
        if isinstance(value, Scalar) and value.text in ("yes", "no"):
            return FactIs(name, value.text == "yes")
        self._note(
            "V003", f"le fait `{name}` est `yes` ou `no`", value.place, f"écrivez `{name}: yes`"
        )
        return all_of(())

    def _combined(self, name: str, value: Node) -> Condition:
        if name == "not":
            return Not(self._mapping(value))
        if name == "at_least":
            return self._at_least(value)
        parts = tuple(self._mapping(part) for part in self._items(name, value))
        return all_of(parts) if name == "all" else any_of(parts)

    def _at_least(self, value: Node) -> Condition:
        aid = "écrivez `at_least: {count: 2, of: [{...}, {...}, {...}]}`"
        if not isinstance(value, Fields) or {key.text for key, _ in value.fields} != {
            "count",
            "of",
        }:
            self._note("S003", "`at_least` attend `count` et `of`", value.place, aid)
            return all_of(())
        count, of = value.get("count"), value.get("of")
        assert count is not None
        assert of is not None
        parts = tuple(self._mapping(part) for part in self._items("of", of))
        if not isinstance(count, Scalar) or not count.text.isascii() or not count.text.isdigit():
            self._note("S003", "`count` attend un nombre entier", count.place, aid)
            return all_of(())
        number = int(count.text[:9])
        if parts and not 1 <= number <= len(parts):
            text = f"`count` vaut {number} pour {len(parts)} condition(s)"
            self._note("R004", text, count.place, f"mettez un nombre entre 1 et {len(parts)}")
        return at_least(number, parts)

    def _items(self, name: str, value: Node) -> tuple[Node, ...]:
        if not isinstance(value, Items):
            self._note(
                "S003",
                f"`{name}` attend une liste de conditions",
                value.place,
                f"`{name}: [{{...}}, {{...}}]`",
            )
            return ()
        if not value.items:
            self._note("S005", f"la liste de `{name}` est vide", value.place)
        return value.items

    def _attribute(self, attribute: Attribute, value: Node) -> Condition:
        if attribute.type == "number":
            return self._range(attribute, value)
        if attribute.type == "commune":
            return self._in_area(attribute, value)
        if attribute.type == "many_of":
            return self._many_of(attribute, value)
        chosen = self._choices(attribute, value)
        return Test(attribute.id, attribute.id, frozenset(chosen))

    def _many_of(self, attribute: Attribute, value: Node) -> Condition:
        group = "any_of"
        if isinstance(value, Fields):
            if len(value.fields) != 1 or value.fields[0][0].text not in ("all_of", "none_of"):
                aid = on_group(attribute, [key.text for key, _ in value.fields], plain(value))
                self._note(
                    "S001", f"`{attribute.id}` attend `all_of` ou `none_of`", value.place, aid
                )
                return all_of(())
            group, value = value.fields[0][0].text, value.fields[0][1]
        wanted = frozenset({"no" if group == "none_of" else "yes"})
        parts = tuple(
            Test(attribute.id, variable_of(attribute.id, chosen), wanted)
            for chosen in self._choices(attribute, value)
        )
        if len(parts) == 1:
            return parts[0]
        return any_of(parts) if group == "any_of" else all_of(parts)

    def _choices(self, attribute: Attribute, value: Node) -> list[str]:
        return [
            scalar.text
            for scalar in self._scalars(attribute, value)
            if self._is_known(attribute, scalar)
        ]

    def _scalars(self, attribute: Attribute, value: Node) -> Iterable[Scalar]:
        nodes = value.items if isinstance(value, Items) else (value,)
        if not nodes:
            named = ", ".join(attribute.choices)
            aid = f"pour dire « aucune » : `{attribute.id}: {{none_of: [{named}]}}`"
            self._note("S005", f"la liste de `{attribute.id}` est vide", value.place, aid)
        for node in nodes:
            if isinstance(node, Scalar):
                yield node
            else:
                self._note("S003", f"`{attribute.id}` attend une valeur ou une liste", node.place)

    def _is_known(self, attribute: Attribute, scalar: Scalar) -> bool:
        if scalar.text in attribute.choices:
            return True
        text = f"valeur inconnue `{scalar.text[:60]}` de `{attribute.id}`"
        aid = None
        if closest(scalar.text, attribute.choices) is None:
            aid = on_value(attribute, scalar.text)
        aid = aid or did_you_mean(scalar.text, attribute.choices, self.problems)
        self._note("V003", text, scalar.place, aid)
        return False

    def _in_area(self, attribute: Attribute, value: Node) -> Condition:
        areas = []
        for scalar in self._scalars(attribute, value):
            area = self.vocabulary.areas.get(scalar.text)
            if area is None:
                around = self.vocabulary.narrowest_around(scalar.text)
                aid = (
                    f"un territoire se nomme : `{around.id}` contient la commune {scalar.text}"
                    if around
                    else did_you_mean(scalar.text, self.vocabulary.areas, self.problems)
                )
                self._note("V005", f"territoire inconnu `{scalar.text[:60]}`", scalar.place, aid)
            else:
                areas.append(area)
        return InArea(attribute.id, tuple(areas))

    def _range(self, attribute: Attribute, value: Node) -> Condition:
        bounds: dict[str, float] = {}
        if isinstance(value, Fields):
            for key, bound in value.fields:
                if key.text in ("min", "max"):
                    bounds[key.text] = self._number(attribute, bound)
                else:
                    aid = did_you_mean(key.text, ("min", "max"), self.problems)
                    if found := re.fullmatch(r"(min|max):(\S+)", key.text):
                        aid = (
                            f"il manque une espace après les deux-points : `{found[1]}: {found[2]}`"
                        )
                    if key.text.isdigit():
                        aid = "un nombre à virgule s'écrit avec un point : `2.5`"
                    self._note("S001", f"clé inconnue `{key.text[:60]}`", key.place, aid)
        if not bounds and not isinstance(value, Fields):
            aid = f"écrivez `{attribute.id}: {range_of(value)}`, bornes comprises"
            self._note("S003", f"`{attribute.id}` attend `min` ou `max`", value.place, aid)
        low, high = bounds.get("min"), bounds.get("max")
        least = -math.inf if attribute.min is None else attribute.min
        most = math.inf if attribute.max is None else attribute.max
        if any(bound is not None and not least <= bound <= most for bound in (low, high)):
            text = f"`{attribute.id}` va de {least:g} à {most:g} : cette borne est au-delà"
            self._note("V010", text, value.place, f"mettez un nombre de {least:g} à {most:g}")
        if low is not None and high is not None and low > high:
            aid = f"dans cet ordre : `{attribute.id}: {{min: {high:g}, max: {low:g}}}`"
            self._note("V010", "`min` dépasse `max`", value.place, aid)
        return InRange(attribute.id, low, high)

    def _number(self, attribute: Attribute, bound: Node) -> float:
        text = bound.text if isinstance(bound, Scalar) else ""
        if NUMBER.fullmatch(text):
            return float(text)
        digits = re.match(r"\d+", text)
        aid = "écrivez-le en chiffres, avec un point : `2.5`"
        aid = f"le nombre seul : `{digits[0]}`" if digits else aid
        self._note("S003", f"`{attribute.id}` attend un nombre", bound.place, aid)
        return 0.0
