"""A socket on which several processes listen, so that each of them gets its share of connections.

A connection stays with the process that accepted it, and eight of them may well be one process's:
whoever wakes first takes all that waits. Here a process that has more connections than another
leaves the next one to it for a moment. Sockets of their own (`SO_REUSEPORT`) would deal
connections out by chance, lose those that wait for a process that ends, and let a second service
take the same port unseen.
"""

import fcntl
import mmap
import os
from collections.abc import Callable
from multiprocessing.reduction import DupFd
from pathlib import Path
from socket import IPPROTO_TCP, TCP_NODELAY, socket
from time import monotonic
from typing import Any

__all__ = ["SharedListener"]

_MOST_PROCESSES, _MOST_COUNTED, _NOBODY = 64, 254, 255
# So long is a connection left to a process that has fewer, and may be busy.
_SECONDS = 0.002


class _ConnectionCounts:
    """How many connections each process has, in a file that they share, one byte each."""

    def __init__(self, path: Path) -> None:
        # Held as long as the process lives: its place is free as soon as it ends, however it does.
        self._file = path.open("r+b")
        self._places = mmap.mmap(self._file.fileno(), _MOST_PROCESSES)
        self._own = self._take_place()
        self.connections = 0
        self.add(0)

    def _take_place(self) -> int:
        for place in range(_MOST_PROCESSES):
            try:
                fcntl.lockf(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, place)
            except OSError:
                continue
            return place
        raise RuntimeError("more processes than places")

    def add(self, number: int) -> None:
        self.connections += number
        self._places[self._own] = min(self.connections, _MOST_COUNTED)

    def is_more_than_another(self) -> bool:
        return min(self.connections, _MOST_COUNTED) > min(self._places[:])


class _CountedConnection(socket):
    """A connection that is counted until it is closed."""

    on_close: Callable[[], object] | None = None

    def close(self) -> None:
        super().close()
        if self.on_close is not None:
            on_close, self.on_close = self.on_close, None
            on_close()


class SharedListener(socket):
    """A listening socket that may be sent to processes that are started.

    Args:
        given: a bound socket, which is taken over.
        folder: where the counts are; the processes share it.
    """

    def __init__(self, given: socket, folder: Path) -> None:
        super().__init__(given.family, given.type, given.proto, fileno=given.detach())
        self._path = folder / "connections"
        self._counts: _ConnectionCounts | None = None
        self._left_since: float | None = None
        if not self._path.exists():
            self._path.write_bytes(bytes([_NOBODY]) * _MOST_PROCESSES)

    def accept(self) -> tuple[socket, Any]:
        """Accept a connection.

        Raises:
            BlockingIOError: none waits, or another process has fewer.
        """
        if self._counts is None:
            self._counts = _ConnectionCounts(self._path)
        counts = self._counts
        if counts.is_more_than_another() and not self._has_waited():
            # It is asked again at once, and whoever else runs on this core should not wait for it.
            os.sched_yield()
            raise BlockingIOError
        self._left_since = None
        # What `socket.accept` does, into a class of ours.
        number, address = self._accept()  # type: ignore[attr-defined]
        connection = _CountedConnection(self.family, self.type, self.proto, fileno=number)
        # asyncio only does so for a socket that names its protocol, unlike this one. Without it
        # the second part of an answer waits 40 ms until the first one is acknowledged.
        connection.setsockopt(IPPROTO_TCP, TCP_NODELAY, 1)
        counts.add(1)
        connection.on_close = lambda: counts.add(-1)
        return connection, address

    def _has_waited(self) -> bool:
        if self._left_since is None:
            self._left_since = monotonic()
        return monotonic() - self._left_since >= _SECONDS

    def __reduce__(self) -> tuple[Any, ...]:
        return _received, (DupFd(self.fileno()), self.family, self.type, self.proto, self._path)


def _received(handle: Any, family: int, kind: int, proto: int, path: Path) -> SharedListener:  # noqa: ANN401 # it ships no types
    return SharedListener(socket(family, kind, proto, fileno=handle.detach()), path.parent)
