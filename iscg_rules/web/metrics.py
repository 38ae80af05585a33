"""Counts for whoever runs the service: how many, how long, how they ended, and nothing else.

No answer, no kind of help and no territory of a request is counted. The names of routes are those
of a closed list, so that nothing that was typed becomes a name.
"""

import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead

from iscg_rules.errors import Problem

__all__ = ["CONTENT_TYPE", "SHARED_FOLDER", "Metrics", "forget_ended"]

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
# Where several processes keep their counts; the library reads it too.
SHARED_FOLDER = "PROMETHEUS_MULTIPROC_DIR"
_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)


class Metrics:
    """The counts of one application; of all its processes where they share a folder."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "iscg_requests", "Demandes", ("route", "status"), registry=self._registry
        )
        self._seconds = Histogram(
            "iscg_seconds", "Durée", ("route",), registry=self._registry, buckets=_SECONDS
        )
        self._refused = Counter(
            "iscg_problems", "Ce qui a été refusé", ("code",), registry=self._registry
        )
        self._reloads = Counter(
            "iscg_reloads", "Relectures des règles", ("outcome",), registry=self._registry
        )
        self._is_degraded = Gauge(
            "iscg_degraded",
            "1 si les règles écrites ne peuvent pas être servies",
            registry=self._registry,
            multiprocess_mode="livemax",
        )

    def count(self, route: str, status: int, seconds: float) -> None:
        """Count one request.

        Args:
            route: the address as the table has it; empty where nothing is served.
            status: zero where whoever asked has left.
            seconds: how long it took.
        """
        self._requests.labels(route, str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    def count_refused(self, problems: Iterable[Problem]) -> None:
        """Count the codes of what was refused."""
        for problem in problems:
            self._refused.labels(problem.code).inc()

    def count_reload(self, *, is_fine: bool) -> None:
        """Count one reading of the rules."""
        self._reloads.labels("ok" if is_fine else "refused").inc()
        self._is_degraded.set(not is_fine)

    def text(self) -> bytes:
        """Return everything as Prometheus reads it."""
        folder = os.environ.get(SHARED_FOLDER)
        if not folder:
            return generate_latest(self._registry)
        forget_ended(Path(folder))
        together = CollectorRegistry()
        MultiProcessCollector(together)  # type: ignore[no-untyped-call]  # it has no types
        return generate_latest(together)


def forget_ended(folder: Path) -> None:
    """Let go of what processes said that have ended, as that the rules are wrong.

    The library does so where it is told, and nobody can tell of a process that was killed.
    """
    for path in folder.glob("gauge_live*_*.db"):
        process = int(path.stem.rpartition("_")[2])
        try:
            os.kill(process, 0)
        # Another user's has the number of one of ours that has ended.
        except (ProcessLookupError, PermissionError):
            with suppress(FileNotFoundError):
                mark_process_dead(process, str(folder))  # type: ignore[no-untyped-call]
