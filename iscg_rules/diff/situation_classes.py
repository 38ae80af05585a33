"""The situations in which something holds, in a few classes that can be read.

A class names, for some variables, the answers that will do; it holds in every situation with
such answers that can be. Each starts from the smallest situation that no class before it holds,
and is widened answer by answer as long as the solver finds no exception.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from iscg_rules.language.situations import AnswerValue
from iscg_rules.proof.solver.situation_gates import Encoding
from iscg_rules.proof.solver.smallest_example import find_smallest

__all__ = ["ShiftGoal", "SituationClass", "SituationClasses", "find_regions"]

# In the vocabulary's order.
ClassPlaces = Mapping[str, frozenset[int]]


@dataclass(frozen=True, slots=True)
class ShiftGoal:
    """What must hold, among the situations that count, as literals of one encoding.

    `holds` is true when it surely does; in a complete encoding, exactly when it does.
    """

    encoding: Encoding
    care: int
    holds: int


@dataclass(frozen=True, slots=True)
class SituationClass:
    """The classes of answers that will do, for each variable that matters, and an example."""

    places: ClassPlaces
    example: Mapping[str, AnswerValue]


@dataclass(frozen=True, slots=True)
class SituationClasses:
    """Regions in the order in which they were found; `is_all`: no other situation is left."""

    regions: tuple[SituationClass, ...]
    is_all: bool


def find_regions(partial: ShiftGoal, complete: ShiftGoal, most: int) -> SituationClasses:
    """Find classes of situations that hold all in which a goal is reached.

    Args:
        partial: the goal in a partial encoding.
        complete: the same in a complete one.
        most: how many classes at most.
    """
    classes: list[SituationClass] = []
    left = [complete.care, complete.holds]
    wanted = [partial.care, partial.holds]
    while complete.encoding.circuit.is_possible(left):
        if len(classes) == most:
            return SituationClasses(tuple(classes), is_all=False)
        start = find_smallest(partial.encoding, wanted)
        assert start is not None
        places = _widened(complete, _places(partial.encoding, start.values))
        # What was only there to keep it apart from the classes before is not needed any more.
        inside = [partial.care, partial.holds, _within(partial.encoding, places)]
        example = find_smallest(partial.encoding, inside)
        assert example is not None
        classes.append(SituationClass(places, example.values))
        left.append(-_within(complete.encoding, places))
        wanted.append(_beside(partial.encoding, places))
    return SituationClasses(tuple(_without_covered(complete, classes)), is_all=True)


def _without_covered(goal: ShiftGoal, classes: Sequence[SituationClass]) -> list[SituationClass]:
    """Leave out each class that the others hold whole: a narrow one may come before a wide one."""
    kept = list(classes)
    for one in classes:
        others = [other for other in kept if other is not one]
        inside = [goal.care, _within(goal.encoding, one.places)]
        outside = [-_within(goal.encoding, other.places) for other in others]
        if not goal.encoding.circuit.is_possible([*inside, *outside]):
            kept = others
    return kept


def _places(encoding: Encoding, values: Mapping[str, AnswerValue]) -> dict[str, frozenset[int]]:
    domains = encoding.space.domains
    return {name: frozenset({domains[name].class_of(to)}) for name, to in values.items()}


def _within(encoding: Encoding, places: ClassPlaces) -> int:
    """Return the literal: each of these variables has one of these answers."""
    any_of = encoding.circuit.any_of
    answers = {name: encoding.answers(name) for name in places}
    return encoding.circuit.all_of(
        any_of(answers[name][place] for place in some) for name, some in places.items()
    )


def _beside(encoding: Encoding, places: ClassPlaces) -> int:
    """Return the literal: one of these variables surely has another answer."""
    return encoding.circuit.any_of(
        literal
        for name, some in places.items()
        for place, literal in encoding.answers(name).items()
        if place not in some
    )


def _widened(goal: ShiftGoal, places: ClassPlaces) -> ClassPlaces:
    """Leave out what does not matter, the last first; then add every answer that will do."""
    kept = dict(places)
    for name in reversed(list(places)):
        rest = {other: some for other, some in kept.items() if other != name}
        if _is_certain(goal, rest):
            kept = rest
    for name in kept:
        for place in goal.encoding.answers(name):
            other = {**kept, name: frozenset({place})}
            if place not in kept[name] and _can_be(goal, other) and _is_certain(goal, other):
                kept[name] |= {place}
    return kept


def _can_be(goal: ShiftGoal, places: ClassPlaces) -> bool:
    return goal.encoding.circuit.is_possible([goal.care, *_literals(goal.encoding, places)])


def _is_certain(goal: ShiftGoal, places: ClassPlaces) -> bool:
    """Tell whether the goal is reached in every situation of a class that can be."""
    literals: Sequence[int] = [goal.care, -goal.holds, *_literals(goal.encoding, places)]
    return not goal.encoding.circuit.is_possible(literals)


def _literals(encoding: Encoding, places: ClassPlaces) -> list[int]:
    return [_within(encoding, {name: some}) for name, some in places.items()]
