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
_MOST_DEATHS = 5
# Not `-m`: what is pickled there would be of another module than ours.
_PROGRAM = "from iscg_rules.workshop.proof_worker import main; main()"


class ProofProcess:
    """Starts when it is asked something first; asked again when it died, a few times."""

    def __init__(self, told: Callable[[ProofReport], None], said: Callable[[str], None]) -> None:
        """Wait.

        Args:
            told: called with each report, in the loop of the server.
            said: called once, with what forbids to prove anything.
        """
        self._told = told
        self._said = said
        self._process: Process | None = None
        self._starting: asyncio.Task[None] | None = None
        self._reading: asyncio.Task[None] | None = None
        self._deaths = 0
        self._is_over = False

    async def ask(self, order: ProofOrder) -> None:
        """Send an order; what was asked before is left where it is."""
        await self._run()
        process = self._process
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
        self._is_over = True
        # It may take a while to end, and must not hold until then all that it told of.
        self._told = _forget
        if self._process is not None and self._process.stdin is not None:
            self._process.stdin.close()
        self._process = None

    async def _run(self) -> None:
        if self._is_over or (self._process is not None and self._process.returncode is None):
            return
        if self._starting is None or self._starting.done():
            self._starting = asyncio.create_task(self._start())
        # Whoever asks may be gone at the next key: what starts is started all the same, once.
        await asyncio.shield(self._starting)

    async def _start(self) -> None:
        try:
            # `-P`: what lies in the current folder is nobody's package.
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-P", "-c", _PROGRAM, stdin=PIPE, stdout=PIPE
            )
        except OSError as error:
            self._end(f"rien ne sera prouvé ici : aucun processus ne démarre ({error.strerror})")
            return
        if self._is_over and process.stdin is not None:
            process.stdin.close()
            return
        self._process = process
        self._reading = asyncio.create_task(self._read(process))

    async def _read(self, process: Process) -> None:
        assert process.stdout is not None
        with suppress(asyncio.IncompleteReadError):
            while True:
                head = await process.stdout.readexactly(LENGTH.size)
                data = await process.stdout.readexactly(LENGTH.unpack(head)[0])
                # Of ten thousand rules it is long: the loop goes on meanwhile.
                report = await asyncio.to_thread(pickle.loads, data)
                if process is self._process:
                    self._told(report)
        await process.wait()
        if process is self._process and not self._is_over:
            self._deaths += 1
            if self._deaths >= _MOST_DEATHS:
                self._end(
                    "rien ne sera plus prouvé ici : le processus qui prouve s'arrête toujours"
                )

    def _end(self, text: str) -> None:
        if not self._is_over:
            self.stop()
            self._said(f"{text} ; iscg-rules check le dira")


def _forget(report: ProofReport) -> None:
    del report
