"""One project in an editor: read after every change, then proven, without the editor waiting."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from pathlib import Path

from iscg_rules.errors import Problem
from iscg_rules.language.moments import PARIS
from iscg_rules.model.rules import RuleSet
from iscg_rules.model.written_project import WrittenProject
from iscg_rules.proof.findings.finding import Finding
from iscg_rules.proof.results import TriedChange
from iscg_rules.workshop.author_files import AuthorFiles
from iscg_rules.workshop.diagnostics import ShownFiles, ShownProblem
from iscg_rules.workshop.proof_process import ProofProcess
from iscg_rules.workshop.proof_worker import ProofOrder
from iscg_rules.workshop.proofs import SLOW_CODES, Before, ProofReport
from iscg_rules.workshop.readings import ProjectReader, Reading

__all__ = ["Session", "read_territories"]

Published = Callable[[Mapping[Path, tuple[ShownProblem, ...]]], Awaitable[None]]
# Seconds without a key: until files are read, until an edit is proven and other territories are
# read, until everything is proven.
_READ, _PROVE, _PROVE_ALL = 0.03, 0.1, 3.0


@dataclass
class Proven:
    """What is known of every situation, as long as nobody wrote since.

    `moved` are the files that changed since: what was said of them stands no longer where it was.
    """

    findings: tuple[Finding, ...] = ()
    noted: tuple[Problem, ...] = ()
    shown: Mapping[str, Sequence[str]] = field(default_factory=dict)
    unnoticed: tuple[TriedChange, ...] = ()
    share: float | None = None
    changed: tuple[str, ...] = ()
    problem: Problem | None = None
    moved: dict[str, set[str]] = field(default_factory=lambda: {"findings": set(), "noted": set()})

    def take(self, report: ProofReport) -> None:
        """Take one part of what was proven."""
        if report.findings is not None:
            kept: tuple[Finding, ...] = ()
            if report.scope != "all":
                codes = SLOW_CODES if report.scope == "edit" else None
                kept = self._still("findings", codes)
            self.findings = tuple({f.problem: f for f in (*kept, *report.findings)}.values())
            self.moved["findings"].clear()
            self.problem = None
        if report.noted is not None:
            self.noted, self.shown = report.noted, report.shown or {}
            self.moved["noted"].clear()
        if report.unnoticed is not None:
            self.unnoticed = report.unnoticed
        if report.changed is not None:
            self.share, self.changed = report.share, report.changed
        self.problem = report.problem or self.problem

    def move(self, label: str) -> None:
        """Remember that a file changed."""
        for files in self.moved.values():
            files.add(label)

    def told(self) -> tuple[tuple[Problem, ...], tuple[Finding, ...]]:
        """Return what still stands where it was said."""
        moved = self.moved["noted"]
        noted = tuple(p for p in self.noted if p.place is None or p.place.file not in moved)
        return noted, self._still("findings")

    def _still(self, part: str, codes: Iterable[str] | None = None) -> tuple[Finding, ...]:
        chosen = None if codes is None else set(codes)
        return tuple(
            finding
            for finding in self.findings
            if (chosen is None or finding.problem.code in chosen)
            and (
                finding.problem.place is None or finding.problem.place.file not in self.moved[part]
            )
        )


class Session:
    """What the server knows of one project."""

    def __init__(
        self,
        files: AuthorFiles,
        published: Published,
        said: Callable[[str], None],
        *,
        territory: str | None,
        before: Before,
    ) -> None:
        """Wait for a first change.

        Args:
            files: of the project.
            published: called with everything to be shown, whenever that changes.
            said: called with what the author is to be told once.
            territory: the one that was chosen, None for each in turn.
            before: gives what the last commit holds.
        """
        self.files = files
        self.readings: dict[str | None, Reading] = {}
        self.proven: Proven = Proven()
        self.shown: Mapping[Path, tuple[ShownProblem, ...]] = {}
        self._shown = ShownFiles(files)
        self._published = published
        self._chosen = territory
        self._before = before
        self._reader = ProjectReader(files.rules)
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="reading")
        self._proofs = ProofProcess(self._told, said)
        self._number = 0
        self._first: str | None = None
        self._task: asyncio.Task[None] | None = None
        self._publishing: asyncio.Task[None] | None = None
        self._is_stale = False

    @property
    def project(self) -> WrittenProject | None:
        """What was read last, as far as it could be."""
        found = (r.project for r in self.readings.values() if r.project is not None)
        return next(found, None)

    @property
    def rule_set(self) -> RuleSet | None:
        """The rules as they were read last, as far as they could be."""
        return self.project.rule_set if self.project is not None else None

    def changed(self, path: Path) -> None:
        """Read again, and prove once nobody writes."""
        self._number += 1
        self._proofs.leave(self._order(self._first, None))
        self.proven.move(self.files.label(path))
        if self._task is not None:
            self._task.cancel()
        self._task = asyncio.create_task(self._follow(path))

    def close(self) -> None:
        """End everything."""
        self._number += 1
        if self._task is not None:
            self._task.cancel()
        self._proofs.stop()
        self._thread.shutdown(wait=False, cancel_futures=True)

    async def _follow(self, path: Path) -> None:
        await asyncio.sleep(_READ)
        texts = dict(self.files.texts)
        chosen = (self._chosen,) if self._chosen else read_territories(self.files, path)
        self._first, *others = chosen
        first = self._first
        # It starts, and reads, while nobody waits for it.
        await self._proofs.ask(self._order(first, None))
        if path.parent == self.files.rules:
            await self._look(path, texts)
        now = await self._read(first, texts)
        # What an older reading found wrong everywhere is said anew by this one, or gone.
        common = self.readings[first].problems if first in self.readings else ()
        rest = {name: self.readings[name] for name in others if name in self.readings}
        self.readings = {first: now, **{n: _without(one, common) for n, one in rest.items()}}
        self._publish()
        await asyncio.sleep(_PROVE)
        if now.project is not None and not now.problems:
            await self._proofs.ask(self._order(first, texts))
        for name in others:
            self.readings[name] = await self._read(name, texts)
        if others:
            self._publish()

    async def _look(self, path: Path, texts: Mapping[str, str]) -> None:
        """Tell at once what forbids to read the file that is typed: all else may lean on it."""
        label, loop = self.files.label(path), asyncio.get_running_loop()
        broken = await loop.run_in_executor(self._thread, self._reader.look, label, texts)
        if broken:
            before = self.readings or {self._first: Reading(())}
            self.readings = {name: _broken(one, label, broken) for name, one in before.items()}
            self._publish()

    async def _read(self, territory: str | None, texts: Mapping[str, str]) -> Reading:
        """Read beside the loop; what a newer key makes useless ends by itself."""
        number, loop = self._number, asyncio.get_running_loop()
        read = partial(self._reader.read, territory, texts, lambda: number == self._number)
        return await loop.run_in_executor(self._thread, read)

    def _order(self, territory: str | None, texts: Mapping[str, str] | None) -> ProofOrder:
        day = datetime.now(PARIS).date()
        rules = self.files.rules
        return ProofOrder(self._number, rules, territory, texts, self._before, day, _PROVE_ALL)

    def _told(self, report: ProofReport) -> None:
        """Take one part of what was proven; that of an older state is of no use."""
        if report.number == self._number:
            self.proven.take(report)
            self._publish()

    def _publish(self) -> None:
        """Show what is known now; while that is being worked out, only remember to do it again."""
        self._is_stale = True
        if self._publishing is None or self._publishing.done():
            self._publishing = asyncio.create_task(self._publish_all())

    async def _publish_all(self) -> None:
        loop = asyncio.get_running_loop()
        while self._is_stale:
            self._is_stale = False
            problems = [p for reading in self.readings.values() for p in reading.problems]
            noted, findings = self.proven.told()
            show = partial(self._shown.show, [*problems, *noted], findings)
            # Of ten thousand remarks it takes a second: beside the loop, and apart from reading.
            self.shown = await loop.run_in_executor(None, show)
            await self._published(self.shown)


def _broken(reading: Reading, label: str, broken: tuple[Problem, ...]) -> Reading:
    """Return a reading with all that is told of one file replaced."""
    kept = (p for p in reading.problems if p.place is None or p.place.file != label)
    return replace(reading, problems=(*broken, *kept))


def _without(reading: Reading, common: Iterable[Problem]) -> Reading:
    """Return a reading without what is wrong elsewhere too."""
    gone = set(common)
    return replace(reading, problems=tuple(p for p in reading.problems if p not in gone))


def read_territories(files: AuthorFiles, path: Path) -> tuple[str | None, ...]:
    """Name the territories that nobody builds on, those of a file first; or None alone."""
    extends: dict[str, tuple[str, ...]] = {}
    for file in files:
        if file.path.name == "territory.yaml":
            words = (w for e in file.entries if e.section == "extends" for w in e.words)
            extends[file.path.parent.name] = tuple(w.text for w in words if not w.is_key)
    built_on = {name for names in extends.values() for name in names}
    leaves = [name for name in extends if name not in built_on]
    own = path.parent.name if path.parent.name != "cases" else path.parent.parent.name
    mine = [name for name in leaves if own in _laid(name, extends)]
    return (*mine, *(name for name in leaves if name not in mine)) or (None,)


def _laid(name: str, extends: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """Yield a territory and all that it is laid over, once each."""
    waiting, seen = [name], set[str]()
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen.add(name)
            yield name
            waiting += extends.get(name, ())
