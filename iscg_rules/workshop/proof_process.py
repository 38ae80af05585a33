"""The other end of the pipe: a process that proves, asked without waiting for it."""

import asyncio
import pickle
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Callable
from contextlib import suppress

from iscg_rules.workshop.proof_worker import LENGTH, ProofOrder, pack
from iscg_rules.workshop.proofs import ProofReport

__all__ = ["ProofProcess"]

# One that dies so often will not live.
_MOST_STARTS = 5
# Not `-m`: what is pickled there would be of another module than ours.
_PROGRAM = "from iscg_rules.workshop.proof_worker import main; main()"


class ProofProcess:
    """Starts when it is asked something first; asked again when it died, a few times."""

    def __init__(self, told: Callable[[ProofReport], None]) -> None:
        """Wait.

        Args:
            told: called with each report, in the loop of the server.
        """
        self._told = told
        self._process: Process | None = None
        self._reading: asyncio.Task[None] | None = None
        self._starts = 0

    async def ask(self, order: ProofOrder) -> None:
        """Send an order; what was asked before is left where it is."""
        process = await self._running()
        if process is not None and process.stdin is not None:
            with suppress(OSError):
                process.stdin.write(pack(order))
                await process.stdin.drain()

    def leave(self, order: ProofOrder) -> None:
        """Say, if anybody listens, that what was asked is of no use any more."""
        process = self._process
        if process is not None and process.returncode is None and process.stdin is not None:
            with suppress(OSError):
                process.stdin.write(pack(order))

    def stop(self) -> None:
        """Ask nothing any more: the process ends itself, and tidies up."""
        self._starts = _MOST_STARTS
        if self._process is not None and self._process.stdin is not None:
            self._process.stdin.close()
        self._process = None

    async def _running(self) -> Process | None:
        if self._process is not None and self._process.returncode is None:
            return self._process
        if self._starts >= _MOST_STARTS:
            return None
        self._starts += 1
        # `-P`: what lies in the current folder is nobody's package.
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, "-P", "-c", _PROGRAM, stdin=PIPE, stdout=PIPE
        )
        self._reading = asyncio.create_task(self._read(self._process))
        return self._process

    async def _read(self, process: Process) -> None:
        assert process.stdout is not None
        with suppress(asyncio.IncompleteReadError):
            while True:
                head = await process.stdout.readexactly(LENGTH.size)
                data = await process.stdout.readexactly(LENGTH.unpack(head)[0])
                if process is self._process:
                    self._told(pickle.loads(data))  # noqa: S301 # our own process wrote it
        await process.wait()
