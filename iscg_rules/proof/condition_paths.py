"""Places in a condition, and the condition with something else in one of them."""

from collections.abc import Iterator
from typing import assert_never

from iscg_rules.language.conditions import (
    All,
    AnyOf,
    AtLeast,
    Condition,
    FactIs,
    InArea,
    InRange,
    Not,
    Test,
    parts_of,
)

__all__ = ["FALSE_CONDITION", "TRUE_CONDITION", "Path", "places", "put"]

# Which part to take at each step down.
Path = tuple[int, ...]

TRUE_CONDITION, FALSE_CONDITION = All(()), AnyOf(())


def places(condition: Condition, above: Path = ()) -> Iterator[tuple[Path, Condition]]:
    """Give every place in a condition with what stands there, the whole first, left to right."""
    yield above, condition
    for number, part in enumerate(parts_of(condition)):
        yield from places(part, (*above, number))


def put(condition: Condition, path: Path, other: Condition) -> Condition:
    """Give the condition with something else in one place."""
    if not path:
        return other
    first, rest = path[0], path[1:]
    match condition:
        case Not(part):
            return Not(put(part, rest, other))
        case All(of):
            return All(_with(of, first, put(of[first], rest, other)))
        case AnyOf(of):
            return AnyOf(_with(of, first, put(of[first], rest, other)))
        case AtLeast(count, of):
            return AtLeast(count, _with(of, first, put(of[first], rest, other)))
        case Test() | InRange() | InArea() | FactIs():
            raise LookupError("a leaf has no parts")
        case _:
            assert_never(condition)


def _with(of: tuple[Condition, ...], place: int, other: Condition) -> tuple[Condition, ...]:
    return (*of[:place], other, *of[place + 1 :])
