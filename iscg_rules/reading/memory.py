"""What was read of a project before: whoever reads it again after one letter makes little anew."""

from collections.abc import Callable
from typing import Protocol, TypeVar

from iscg_rules.errors import Noted, Problem

__all__ = ["FORGETFUL", "Memory"]

Value = TypeVar("Value")
# So many posts of one project are read in turn, each in its own words.
_MOST = 4


class _OfFile(Protocol):
    @property
    def file(self) -> str: ...


class Memory:
    """Keeps what was made of each file, until other bytes stand in it."""

    def __init__(self) -> None:
        """Know nothing yet."""
        self._files: dict[str, tuple[bytes, object]] = {}
        self._made: dict[str, dict[object, tuple[_MadeBefore, ...]]] = {}
        self._values: dict[str, tuple[object, ...]] = {}

    def read(self, name: str, data: bytes, reads: Callable[[], Value]) -> Value:
        """Return what a file was read as, or read it; `name` is how places call it."""
        before, found = self._files.get(name, (None, None))
        if before != data:
            found = reads()
            self._files[name] = data, found
            self._made.pop(name, None)
        return found  # type: ignore[return-value] # what `reads` gave

    def same(self, name: str, value: Value) -> Value:
        """Return an equal value of before, if any: what leans on it needs not be made anew."""
        known = self._values.get(name, ())
        for other in known:
            if other == value:
                return other
        self._values[name] = (*known[1 - _MOST :], value)
        return value

    def once(
        self,
        node: _OfFile,
        leaning: tuple[object, ...],
        problems: list[Problem],
        make: Callable[[list[Problem]], Value],
    ) -> Value:
        """Return what was made of a node, or make it; what is wrong with it is noted either way.

        Args:
            node: the same object for as long as its file is the same.
            leaning: what `make` and everything else that it reads is made from, the very objects.
            problems: where everything wrong is noted.
            make: notes what is wrong in the list that it is given.
        """
        if node.file not in self._files:
            # Of a file that is read anew each time.
            return make(problems)
        own = self._made.setdefault(node.file, {})
        made = own.get(node, ())
        for leant, value, noted in made:
            if len(leant) == len(leaning) and all(map(_is, leant, leaning)):
                problems.extend(noted)
                return value  # type: ignore[return-value] # what `make` gave
        wrong = Noted()
        value = make(wrong)
        own[node] = (*made[1 - _MOST :], (leaning, value, wrong))
        problems.extend(wrong)
        return value


_MadeBefore = tuple[tuple[object, ...], object, Noted]


def _is(one: object, other: object) -> bool:
    return one is other


class _Forgetful(Memory):
    """For those who read once."""

    def read(self, name: str, data: bytes, reads: Callable[[], Value]) -> Value:
        del name, data
        return reads()

    def same(self, name: str, value: Value) -> Value:
        del name
        return value

    def once(
        self,
        node: _OfFile,
        leaning: tuple[object, ...],
        problems: list[Problem],
        make: Callable[[list[Problem]], Value],
    ) -> Value:
        del node, leaning
        return make(problems)


FORGETFUL: Memory = _Forgetful()
