"""Answers that no condition tells apart, put into classes: one small number a class."""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from iscg_rules.language.conditions import Condition, InArea, InRange, leaves
from iscg_rules.language.situations import AnswerValue
from iscg_rules.language.vocabulary import Area, Vocabulary
from iscg_rules.places.departements import departement_of

__all__ = ["Domain", "commune_domain", "make_domains"]


@dataclass(frozen=True, slots=True)
class Domain:
    """The classes of one variable, each with one answer that stands for it.

    `by_answer` lists every answer where they are few; `class_of` sorts any answer.
    """

    examples: tuple[AnswerValue, ...]
    class_of: Callable[[AnswerValue], int]
    by_answer: Mapping[AnswerValue, int] | None = None


def choice_domain(names: tuple[str, ...]) -> Domain:
    """Make each answer a class of its own."""
    classes: dict[AnswerValue, int] = {name: place for place, name in enumerate(names)}
    return Domain(names, classes.__getitem__, classes)


def make_domains(vocabulary: Vocabulary, conditions: Iterable[Condition]) -> dict[str, Domain]:
    """Make the domain of every variable of a vocabulary, as fine as these conditions need."""
    bounds: dict[str, set[float]] = {}
    areas: dict[str, dict[str, Area]] = {}
    for condition in conditions:
        for leaf in leaves(condition):
            if isinstance(leaf, InRange):
                given = {bound for bound in (leaf.low, leaf.high) if bound is not None}
                bounds.setdefault(leaf.variable, set()).update(given)
            elif isinstance(leaf, InArea):
                areas.setdefault(leaf.variable, {}).update((area.id, area) for area in leaf.areas)
    domains: dict[str, Domain] = {}
    for attribute in vocabulary.attributes.values():
        for variable in attribute.variables:
            if attribute.type == "number":
                domains[variable] = _number_domain(sorted(bounds.get(variable, ())))
            elif attribute.type == "commune":
                domains[variable] = commune_domain(areas.get(variable, {}))
            else:
                domains[variable] = choice_domain(attribute.answers)
    return domains


def _number_domain(cuts: list[float]) -> Domain:
    """Cut at every bound; a bound is a class of its own, since bounds are included."""
    examples: list[AnswerValue] = [cuts[0] - 1 if cuts else 0.0]
    for place, cut in enumerate(cuts):
        following = cuts[place + 1] if place + 1 < len(cuts) else cut + 2
        examples += [cut, (cut + following) / 2]

    def class_of(answer: AnswerValue) -> int:
        number = float(answer)
        place = bisect_left(cuts, number)
        return 2 * place + (place < len(cuts) and cuts[place] == number)

    return Domain(tuple(examples), class_of)


def commune_domain(areas: Mapping[str, Area]) -> Domain:
    """Make one class for each set of areas in which a commune can lie."""
    ordered = [areas[name] for name in sorted(areas)]
    known = sorted({commune for area in ordered for commune in area.communes})
    departements = {name for area in ordered for name in area.departements}
    departements |= {departement_of(commune) for commune in known}
    # No commune is numbered 000: such a code stands for the rest of its département.
    others = [name.ljust(5, "0") for name in sorted(departements)]
    classes: dict[tuple[bool, ...], int] = {}
    examples: list[AnswerValue] = []

    def sort_in(commune: str) -> int:
        signature = tuple(area.covers(commune) for area in ordered)
        if signature not in classes:
            classes[signature] = len(classes)
            examples.append(commune)
        return classes[signature]

    elsewhere = sort_in("00000")
    by_departement = {departement_of(code): sort_in(code) for code in others}
    by_commune = {code: sort_in(code) for code in known}

    def class_of(answer: AnswerValue) -> int:
        commune = str(answer)
        rest = by_departement.get(departement_of(commune), elsewhere)
        return by_commune.get(commune, rest)

    return Domain(tuple(examples), class_of)
