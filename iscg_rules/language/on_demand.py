"""What rests on one another, worked out once when it is asked for, however long the chain."""

from collections.abc import Callable, Iterable
from typing import TypeVar

__all__ = ["OnDemand"]

Needed = TypeVar("Needed")
Made = TypeVar("Made")


class OnDemand(dict[Needed, Made]):
    """What each name stands for, once it is asked for; names that rest on each other in no circle.

    A name may rest on one that rests on a third, thousands deep. What a name rests on is worked
    out before it, from a list of what waits, so that `work_out` finds all that it looks up:
    `a` rests on `b`, `b` on `c` → the list grows to a, b, c, and is worked out from its end.

    What is made for one situation derives from this and has a `work_out` of its own: a function
    that looks names up here would hold what holds it, and a situation would stay in memory until
    somebody collects garbage.
    """

    def __init__(
        self,
        needs: Callable[[Needed], Iterable[Needed]],
        work_out: Callable[[Needed], Made] | None = None,
    ) -> None:
        super().__init__()
        self._needs = needs
        self._work_out = work_out

    def work_out(self, name: Needed) -> Made:
        """Return what a name stands for, now that all is known that it rests on."""
        assert self._work_out is not None
        return self._work_out(name)

    def __missing__(self, name: Needed) -> Made:
        waiting = [name]
        while waiting:
            below = [other for other in self._needs(waiting[-1]) if other not in self]
            if below:
                waiting += below
                continue
            last = waiting.pop()
            # Two names may wait for the same third.
            if last not in self:
                self[last] = self.work_out(last)
        return self[name]
