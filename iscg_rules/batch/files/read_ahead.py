"""Stages of a run that overlap: one thread reads ahead, some work, the caller takes what comes."""

import os
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import count
from types import TracebackType
from typing import Generic, Self, TypeVar

__all__ = ["Stages"]

# More would only wait for the one that writes, and hold an item each.
_MOST_WORKERS = 4
_T = TypeVar("_T")
_Item = TypeVar("_Item")
_Result = TypeVar("_Result")
_Coming = Future[_T | None]


class Stages(Generic[_Item]):
    """Items that are read from now on, a few ahead of what is done with them.

    INVARIANT: at any time, no more items are held than twice the workers and two.
    """

    def __init__(self, items: Iterator[_Item]) -> None:
        self._items = items
        self._count = min(len(os.sched_getaffinity(0)), _MOST_WORKERS)
        self._reading = ThreadPoolExecutor(1)
        self._working = ThreadPoolExecutor(self._count)
        self._read = deque(self._read_next() for _ in range(self._count))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        # Reading first: who waits for an item that will not come is woken up.
        for pool in (self._reading, self._working):
            pool.shutdown(wait=False, cancel_futures=True)
        for pool in (self._reading, self._working):
            pool.shutdown()

    def through(
        self, work: Callable[[int, _Item], _Result], keep: Callable[[int, _Result], object]
    ) -> Iterator[_Result]:
        """Yield what comes of each item, in order; what fails is raised in its place.

        Args:
            work: done with an item and its number, from 0, beside the next ones.
            keep: done with what came of it once all before it are kept, never after a failure.
        """

        def step(number: int, read: _Coming[_Item], before: _Coming[_Result]) -> _Result | None:
            item = read.result()
            if item is None:
                return None
            result = work(number, item)
            # It was begun before this one, so it never waits for it.
            before.result()
            keep(number, result)
            return result

        last: _Coming[_Result] = Future()
        last.set_result(None)
        coming: deque[_Coming[_Result]] = deque()
        for number in count():
            self._read.append(self._read_next())
            last = self._working.submit(step, number, self._read.popleft(), last)
            coming.append(last)
            if len(coming) > self._count:
                result = coming.popleft().result()
                if result is None:
                    return
                yield result

    def _read_next(self) -> _Coming[_Item]:
        return self._reading.submit(next, self._items, None)
