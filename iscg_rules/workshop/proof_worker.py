"""A process that proves: it keeps what it read, and works in a copy of itself that it may end.

The copy gives back its memory when it ends, and knows everything that was read before.
"""

import os
import pickle
import select
import signal
import struct
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO

from iscg_rules.model.rules import Rule
from iscg_rules.workshop.proofs import Before, ProofJob, edited_rules, reports
from iscg_rules.workshop.readings import ProjectReader

__all__ = ["LENGTH", "ProofOrder", "main", "pack"]

LENGTH = struct.Struct("<Q")


@dataclass(frozen=True)
class ProofOrder:
    """What the server asks.

    Attributes:
        number: of the order; reports carry it.
        rules: the folder of rules.
        territory: its name, None where there is none.
        texts: what stands in open files, by absolute name; None: prove nothing, and be ready.
        last_commit: gives what git keeps.
        day: from which on proofs hold.
        patience: seconds before what takes longest is begun.
    """

    number: int
    rules: Path
    territory: str | None
    texts: Mapping[str, str] | None
    last_commit: Before
    day: date
    patience: float


def pack(value: object) -> bytes:
    """Return a value as it goes through a pipe: its length, then itself."""
    data = pickle.dumps(value, pickle.HIGHEST_PROTOCOL)
    return LENGTH.pack(len(data)) + data


@dataclass
class _Copy:
    """What works at one order, and as much of what it writes as has come."""

    process: int
    pipe: int
    scratch: TemporaryDirectory[str]
    where: tuple[Path, str | None]
    rules: Mapping[str, Rule]
    come: bytearray = field(default_factory=bytearray)

    def take(self) -> bytes | None:
        """Return what has come whole; None where nothing more comes."""
        data = os.read(self.pipe, 1 << 20)
        if not data:
            return None
        self.come += data
        end = 0
        while len(self.come) >= end + LENGTH.size:
            following = end + LENGTH.size + LENGTH.unpack_from(self.come, end)[0]
            if following > len(self.come):
                break
            end = following
        whole = bytes(self.come[:end])
        del self.come[:end]
        return whole

    def end(self) -> None:
        """End it, wherever it is."""
        os.kill(self.process, signal.SIGKILL)
        self.wait()

    def wait(self) -> bool:
        """Wait for its end; tell whether it came to its last word."""
        os.close(self.pipe)
        has_ended_well = os.waitstatus_to_exitcode(os.waitpid(self.process, 0)[1]) == 0
        self.scratch.cleanup()
        return has_ended_well


class _Worker:
    def __init__(self, source: BinaryIO, target: BinaryIO) -> None:
        self._source, self._target = source, target
        self._readers: dict[Path, ProjectReader] = {}
        # The rules as they were when everything was proven last, or as they were saved before.
        self._bases: dict[tuple[Path, str | None], Mapping[str, Rule]] = {}
        self._copy: _Copy | None = None

    def serve(self) -> None:
        """Follow orders until there are none; a newer one ends what an older one began."""
        while True:
            waiting = [self._source.fileno(), *([self._copy.pipe] if self._copy else [])]
            ready, _, _ = select.select(waiting, [], [])
            if self._source.fileno() in ready:
                order = self._next()
                if self._copy is not None:
                    self._copy.end()
                    self._copy = None
                if order is None:
                    return
                self._begin(order)
            elif self._copy is not None:
                self._hand_on(self._copy)

    def _next(self) -> ProofOrder | None:
        head = self._source.read(LENGTH.size)
        if len(head) < LENGTH.size:
            return None
        return pickle.loads(self._source.read(LENGTH.unpack(head)[0]))  # type: ignore[no-any-return]  # noqa: S301 # our own server wrote it

    def _hand_on(self, copy: _Copy) -> None:
        whole = copy.take()
        if whole is not None:
            self._target.write(whole)
            self._target.flush()
        else:
            if copy.wait():
                self._bases[copy.where] = copy.rules
            self._copy = None

    def _begin(self, order: ProofOrder) -> None:
        where = (order.rules, order.territory)
        reader = self._readers.setdefault(order.rules, ProjectReader(order.rules))
        if where not in self._bases:
            saved = reader.read(order.territory, {})
            if saved.project is not None and not saved.problems:
                self._bases[where] = saved.project.rule_set.rules
        if order.texts is None:
            return
        reading = reader.read(order.territory, order.texts)
        if reading.problems or reading.project is None:
            return
        rules = reading.project.rule_set.rules
        base = self._bases.setdefault(where, rules)
        job = ProofJob(
            order.number,
            reading.project,
            edited_rules(base, rules),
            order.day,
            lambda: order.last_commit(order.rules, order.territory),
        )
        scratch = TemporaryDirectory()
        pipe, end = os.pipe()
        process = os.fork()
        if process == 0:
            # What it lays down goes when it is ended, too.
            tempfile.tempdir = scratch.name
            _work(job, end, lambda: time.sleep(order.patience))
        os.close(end)
        self._copy = _Copy(process, pipe, scratch, where, rules)


def _work(job: ProofJob, pipe: int, rest: Callable[[], None]) -> None:
    """Write every report, and end: nothing of the other copy is closed or written."""
    code = 1
    try:
        with os.fdopen(pipe, "wb") as target:
            for report in reports(job, rest):
                target.write(pack(report))
                target.flush()
        code = 0
    finally:
        os._exit(code)


def main() -> None:
    """Serve over the pipes of this process; whatever prints goes where errors go."""
    source = os.fdopen(os.dup(0), "rb", buffering=0)
    target = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    os.nice(5)
    _Worker(_Unhurried(source), target).serve()  # type: ignore[arg-type] # as much of a stream as is used


class _Unhurried:
    """A pipe that is read without looking ahead: `select` sees what waits in it."""

    def __init__(self, raw: object) -> None:
        self._raw = raw

    def fileno(self) -> int:
        return self._raw.fileno()  # type: ignore[attr-defined,no-any-return]

    def read(self, count: int) -> bytes:
        parts: list[bytes] = []
        while count > 0 and (part := self._raw.read(count)):  # type: ignore[attr-defined]
            parts.append(part)
            count -= len(part)
        return b"".join(parts)
