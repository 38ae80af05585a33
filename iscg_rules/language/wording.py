"""Conditions and answers in the words of the vocabulary, for people."""

from collections.abc import Mapping
from dataclasses import dataclass

from iscg_rules.language.conditions import (
    Condition,
    FactIs,
    InArea,
    InRange,
    Not,
    Test,
    Threshold,
)
from iscg_rules.language.vocabulary import Vocabulary
from iscg_rules.places.departements import departement_of
from iscg_rules.reading.binding import LocalText

__all__ = ["ABSENT", "Wording", "joint"]

_JOINTS = {
    "fr": {"and": " et ", "or": " ou ", "not": "sauf ({})", "least": "au moins {} parmi : {}"},
    "en": {"and": " and ", "or": " or ", "not": "not ({})", "least": "at least {} of: {}"},
}
_COLON = {"fr": "\u00a0: ", "en": ": "}
_ELSEWHERE = {"fr": "ailleurs", "en": "elsewhere"}
# What is said of a value that was not ticked.
ABSENT = {"fr": "pas «\u00a0{}\u00a0»", "en": "not “{}”"}


@dataclass(frozen=True)
class Wording:
    """Puts conditions and answers into one language; French where the other is not given."""

    vocabulary: Vocabulary
    facts: Mapping[str, LocalText]
    language: str = "fr"

    def condition(self, condition: Condition, *, nested: bool = False) -> str:
        """Say a condition as one sentence part."""
        joints = _JOINTS[self.language]
        match condition:
            case Test(attribute, variable, allowed):
                return self._label(attribute) + self._test(attribute, variable, allowed)
            case InRange(attribute, low, high):
                return self._label(attribute) + self._range(attribute, low, high)
            case InArea(attribute, areas):
                names = joints["or"].join(area.label.in_(self.language) for area in areas)
                return self._label(attribute) + names
            case FactIs(fact, holds):
                # A fact that could not be read has no label: an editor says rules all the same.
                label = self.facts.get(fact)
                text = label.in_(self.language) if label else fact
                return text if holds else joints["not"].format(text)
            case Not(part):
                return joints["not"].format(self.condition(part))
            case Threshold(count, of, "at_least"):
                parts = " ; ".join(self.condition(part) for part in of)
                text = joints["least"].format(count, parts)
            case Threshold(_, of, spelling):
                joint = joints["and"] if spelling == "all" else joints["or"]
                several = self._several(of) if spelling == "any" else None
                text = several or joint.join(self.condition(part, nested=True) for part in of)
        return f"({text})" if nested else text

    def attribute(self, attribute: str) -> str:
        """Say what an attribute is about."""
        return self.vocabulary.attributes[attribute].label.in_(self.language)

    def answer(self, variable: str, answer: str | float) -> str:
        """Say one known answer; for a `many_of` value, the value itself or that it is absent."""
        attribute = self.vocabulary.attributes[self.vocabulary.attribute_of[variable]]
        if attribute.type == "number":
            unit = f" {attribute.unit.in_(self.language)}" if attribute.unit else ""
            return f"{answer:g}{unit}"
        if attribute.type == "commune":
            return self.vocabulary.commune_names.get(str(answer)) or self._elsewhere(str(answer))
        if attribute.type == "many_of":
            value = attribute.choices[variable.partition("=")[2]].in_(self.language)
            return value if answer == "yes" else ABSENT[self.language].format(value)
        return attribute.choices[str(answer)].in_(self.language)

    def _elsewhere(self, commune: str) -> str:
        """Say a commune without a name here; 000 stands for all the rest of a département."""
        where = _ELSEWHERE[self.language]
        if commune == "00000":
            return where
        departement = departement_of(commune)
        return f"{where} ({departement})" if commune == departement.ljust(5, "0") else commune

    def _several(self, of: tuple[Condition, ...]) -> str | None:
        """Say several values of one attribute with its label once."""
        tests = [part for part in of if isinstance(part, Test)]
        named = {test.attribute for test in tests}
        if len(tests) < len(of) or len(named) > 1:
            return None
        words = (self._test(test.attribute, test.variable, test.allowed) for test in tests)
        return self._label(named.pop()) + _JOINTS[self.language]["or"].join(words)

    def _label(self, attribute: str) -> str:
        return self.attribute(attribute) + _COLON[self.language]

    def _test(self, attribute: str, variable: str, allowed: frozenset[str]) -> str:
        definition = self.vocabulary.attributes[attribute]
        if definition.type == "many_of":
            return self.answer(variable, next(iter(allowed)))
        # The vocabulary's order, not the set's: the same words on every machine.
        words = [
            label.in_(self.language)
            for choice, label in definition.choices.items()
            if choice in allowed
        ]
        return _JOINTS[self.language]["or"].join(words)

    def _range(self, attribute: str, low: float | None, high: float | None) -> str:
        if low is None or high is None:
            sign, bound = ("≥", low) if high is None else ("≤", high)
            return f"{sign} {self.answer(attribute, bound or 0.0)}"
        return f"{low:g} – {self.answer(attribute, high)}"


def joint(threshold: Threshold) -> str:
    """Say in French how many of the parts that follow must be true."""
    if threshold.spelling == "at_least":
        return f"au moins {threshold.count} de ces choses"
    return "tout ceci" if threshold.spelling == "all" else "l'une au moins de ces choses"
