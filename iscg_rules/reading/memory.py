"""What was read of a project before: whoever reads it again after one letter makes little anew."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from operator import is_
from typing import Protocol, TypeVar

from iscg_rules.errors import Noted, Problem

__all__ = ["FORGETFUL", "Memory", "NodeOrigin", "OutdatedError"]

Value = TypeVar("Value")
# So many posts of one project are read in turn, each in its own words.
_MOST = 4


class OutdatedError(Exception):
    """Nobody waits any more for what is being made."""


@dataclass(slots=True, eq=False)
class NodeOrigin:
    """A file, or a part of one that moves as a whole, in which nodes stand.

    Attributes:
        file: how places call it.
        above: how many lines of the file are above it.
        made: what was made of its nodes; it goes with them.
    """

    file: str
    above: int = 0
    made: "dict[object, tuple[_MadeBefore, ...]]" = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _MadeBefore:
    """What was made: of what, what is wrong with it, and where it stood then."""

    leaning: tuple[object, ...]
    value: object
    noted: Noted
    above: int
    names: tuple[tuple[int, str], ...] = ()
    parts: tuple[object, ...] = ()

    def is_of(self, leaning: tuple[object, ...], above: int) -> bool:
        """Tell whether it would be made again: what is wrong is told with its lines."""
        return _are_same(self.leaning, leaning) and (self.above == above or not self.noted)


class _HasOrigin(Protocol):
    @property
    def origin(self) -> NodeOrigin: ...


class _Parts(Protocol):
    def names(self, node: object, value: object) -> tuple[tuple[int, str], ...]: ...

    def look(self, names: tuple[tuple[int, str], ...]) -> tuple[object, ...]: ...


class Memory:
    """Keeps what was made of each file, until other bytes stand in it."""

    def __init__(self) -> None:
        """Know nothing yet."""
        self._files: dict[str, tuple[bytes, object]] = {}
        self._readers: dict[str, object] = {}
        self._values: dict[str, tuple[tuple[object, object], ...]] = {}
        self._leaning: tuple[tuple[object, ...], ...] = ()
        # How often something was made: whoever counts work and not seconds looks here.
        self.made: int = 0
        # Whether anybody still waits for what is made; None: they do.
        self.is_wanted: Callable[[], bool] | None = None

    def read(self, name: str, data: bytes, reads: Callable[[], Value]) -> Value:
        """Return what a file was read as, or read it; `name` is how places call it."""
        before, found = self._files.get(name, (None, None))
        if before != data:
            found = reads()
            self._files[name] = data, found
        return found  # type: ignore[return-value] # what `reads` gave

    def reader(self, name: str, make: Callable[[], Value]) -> Value | None:
        """Return what reads a file again and again; None for those who read once."""
        if name not in self._readers:
            self._readers[name] = make()
        return self._readers[name]  # type: ignore[return-value] # what `make` gave

    def same(self, name: str, value: Value, *orders: Iterable[object]) -> Value:
        """Return an equal value of before, if any: what leans on it needs not be made anew.

        Args:
            name: of the sort of value.
            value: as it is now.
            orders: of mappings in it; they are equal in any order, and read in one.
        """
        order = tuple(map(tuple, orders))
        known = self._values.get(name, ())
        for other, before in known:
            if before == order and other == value:
                return other
        self._values[name] = (*known[1 - _MOST :], (value, order))
        return value

    def leaning(self, *parts: object) -> tuple[object, ...]:
        """Return what many nodes lean on as one object, the same as long as its parts are."""
        for known in self._leaning:
            if _are_same(known, parts):
                return known
        self._leaning = (*self._leaning[1 - _MOST :], parts)
        return parts

    def once(
        self,
        node: _HasOrigin,
        leaning: tuple[object, ...],
        problems: list[Problem],
        make: Callable[[list[Problem]], Value],
        parts: _Parts | None = None,
    ) -> Value:
        """Return what was made of a node, or make it; what is wrong with it is noted either way.

        Args:
            node: the same object for as long as what it stands in is the same.
            leaning: what `make` and everything else that it reads is made from, the very objects.
            problems: where everything wrong is noted.
            make: notes what is wrong in the list that it is given.
            parts: finds that of `leaning` on which a value leans with which nothing is wrong: it is
                made anew only where one of them is another.

        Raises:
            OutdatedError: nobody waits any more.
        """
        if self.is_wanted is not None and not self.is_wanted():
            raise OutdatedError
        origin = node.origin
        known = origin.made.get(node, ())
        # Once what is wrong is only counted, whoever reads anew looks for no more words for it.
        is_full = isinstance(problems, Noted) and problems.is_full
        for one in known:
            if one.is_of(leaning, origin.above) and not (is_full and one.noted):
                problems.extend(one.noted)
                return one.value  # type: ignore[return-value] # what `make` gave
        for one in known if parts else ():
            if one.names and parts and one.parts == parts.look(one.names):
                again = replace(one, leaning=leaning)
                origin.made[node] = (*known[1 - _MOST :], again)
                return one.value  # type: ignore[return-value] # what `make` gave
        self.made += 1
        if is_full:
            return make(problems)
        wrong = Noted()
        value = make(wrong)
        names = parts.names(node, value) if parts and value is not None and not wrong else ()
        own = parts.look(names) if parts else ()
        made = _MadeBefore(leaning, value, wrong, origin.above, names, own)
        origin.made[node] = (*known[1 - _MOST :], made)
        problems.extend(wrong)
        return value


def _are_same(some: tuple[object, ...], others: tuple[object, ...]) -> bool:
    return some is others or (len(some) == len(others) and all(map(is_, some, others)))


class _Forgetful(Memory):
    """For those who read once."""

    def read(self, name: str, data: bytes, reads: Callable[[], Value]) -> Value:
        del name, data
        return reads()

    def reader(self, name: str, make: Callable[[], Value]) -> Value | None:
        del name, make
        return None

    def same(self, name: str, value: Value, *orders: Iterable[object]) -> Value:
        del name, orders
        return value

    def once(
        self,
        node: _HasOrigin,
        leaning: tuple[object, ...],
        problems: list[Problem],
        make: Callable[[list[Problem]], Value],
        parts: _Parts | None = None,
    ) -> Value:
        del node, leaning, parts
        return make(problems)


FORGETFUL: Memory = _Forgetful()
