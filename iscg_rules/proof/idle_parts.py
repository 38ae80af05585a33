"""Parts of a condition that could be left out without changing when it holds."""

from collections.abc import Iterator
from dataclasses import replace

from iscg_rules.conditions import All, AnyOf, AtLeast, Condition, Not
from iscg_rules.conditions.tree import parts_of

__all__ = ["ALWAYS", "NEVER", "parts_within", "with_part"]

ALWAYS, NEVER = All(()), AnyOf(())
# The way to a part: at each step, which of the parts there.
Path = tuple[int, ...]


def parts_within(condition: Condition, path: Path = ()) -> Iterator[tuple[Path, Condition]]:
    """Give every part of a condition but itself, a part before what it holds."""
    for place, part in enumerate(parts_of(condition)):
        way = (*path, place)
        yield way, part
        yield from parts_within(part, way)


def with_part(condition: Condition, path: Path, part: Condition) -> Condition:
    """Put another part in the place to which a path leads."""
    if not path:
        return part
    match condition:
        case Not(inner):
            return Not(with_part(inner, path[1:], part))
        case All(of) | AnyOf(of) | AtLeast(_, of):
            changed = list(of)
            changed[path[0]] = with_part(of[path[0]], path[1:], part)
            return replace(condition, of=tuple(changed))
        case _:
            raise AssertionError("a path leads through conditions that hold others")
