"""Places in a condition, and the condition with something else in one of them."""

from collections.abc import Iterator
from dataclasses import replace
from typing import assert_never

from iscg_rules.language.conditions import (
    Condition,
    FactIs,
    InArea,
    InRange,
    Not,
    Test,
    Threshold,
    all_of,
    any_of,
    parts_of,
)

__all__ = ["FALSE_CONDITION", "TRUE_CONDITION", "Path", "places", "put"]

# Which part to take at each step down.
Path = tuple[int, ...]

TRUE_CONDITION, FALSE_CONDITION = all_of(()), any_of(())


def places(condition: Condition, above: Path = ()) -> Iterator[tuple[Path, Condition]]:
    """Yield every place in a condition with what stands there, the whole first, left to right."""
    yield above, condition
    for number, part in enumerate(parts_of(condition)):
        yield from places(part, (*above, number))


def put(condition: Condition, path: Path, other: Condition) -> Condition:
    """Return the condition with something else in one place."""
    if not path:
        return other
    first, rest = path[0], path[1:]
    match condition:
        case Not(part):
            return Not(put(part, rest, other))
        case Threshold(_, of):
            changed = (*of[:first], put(of[first], rest, other), *of[first + 1 :])
            return replace(condition, of=changed)
        case Test() | InRange() | InArea() | FactIs():
            raise LookupError("a leaf has no parts")
        case _:
            assert_never(condition)
