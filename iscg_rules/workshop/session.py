"""One project in an editor: read after every change, then proven, without the editor waiting."""

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from iscg_rules.errors import IscgError, Problem
from iscg_rules.language.moments import PARIS
from iscg_rules.model.partners import Directory
from iscg_rules.model.rules import Rule, RuleSet
from iscg_rules.proof.findings.finding import Finding
from iscg_rules.proof.results import TriedChange
from iscg_rules.workshop.author_files import AuthorFiles
from iscg_rules.workshop.diagnostics import ShownProblem, show
from iscg_rules.workshop.proof_process import ProofProcess
from iscg_rules.workshop.proofs import SLOW_CODES, ProofJob, ProofReport, pack
from iscg_rules.workshop.readings import ProjectReader, Reading

__all__ = ["Before", "Session"]

# Gives rules and partners of the last commit, by the folder of rules; None where there is none.
Before = Callable[[Path, str | None], tuple[RuleSet, Directory] | None]
Published = Callable[[Mapping[Path, tuple[ShownProblem, ...]]], None]
# Seconds without a key: until files are read, until an edit is proven, until everything is.
_READ, _PROVE, _PROVE_ALL = 0.03, 0.25, 3.0
# Of more rules than an author edits at once, proofs would take as long as all of them.
_MOST_EDITED = 6


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
            kept = () if report.is_full else self._still("findings", SLOW_CODES)
            self.findings = tuple({f.problem: f for f in (*kept, *report.findings)}.values())
            self.moved["findings"].clear()
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
        self, files: AuthorFiles, published: Published, *, territory: str | None, before: Before
    ) -> None:
        """Wait for a first change.

        Args:
            files: of the project.
            published: called with everything to be shown, whenever that changes.
            territory: the one that was chosen, None for each in turn.
            before: gives what the last commit holds.
        """
        self.files = files
        self.readings: dict[str | None, Reading] = {}
        self.proven = Proven()
        self.shown: Mapping[Path, tuple[ShownProblem, ...]] = {}
        self._published = published
        self._chosen = territory
        self._before = before
        self._reader = ProjectReader(files.rules)
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="reading")
        self._quick = ProofProcess(self._told)
        self._full = ProofProcess(self._told)
        self._number = 0
        self._task: asyncio.Task[None] | None = None
        # The rules as they were when everything was proven last, or when the project was opened.
        self._base: Mapping[str, Rule] | None = None

    @property
    def rule_set(self) -> RuleSet | None:
        """The rules as they were read last, as far as they could be."""
        found = (r.rule_set for r in self.readings.values() if r.rule_set is not None)
        return next(found, None)

    def changed(self, path: Path) -> None:
        """Read again, and prove once nobody writes."""
        self._number += 1
        self._full.stop()
        self.proven.move(self.files.label(path))
        if self._task is not None:
            self._task.cancel()
        self._task = asyncio.create_task(self._follow(path, self._number))

    def close(self) -> None:
        """End everything."""
        self._number += 1
        if self._task is not None:
            self._task.cancel()
        for process in (self._quick, self._full):
            process.stop()
        self._thread.shutdown(wait=False, cancel_futures=True)

    async def _follow(self, path: Path, number: int) -> None:
        await asyncio.sleep(_READ)
        loop = asyncio.get_running_loop()
        texts = dict(self.files.texts)
        territories = self._territories(path)
        older, now = self.readings, dict[str | None, Reading]()
        for place, territory in enumerate(territories):
            reading = await loop.run_in_executor(self._thread, self._reader.read, territory, texts)
            now[territory] = reading
            rest = {name: older[name] for name in territories[place + 1 :] if name in older}
            self.readings = {**now, **rest}
            self._publish()
        first = now[territories[0]]
        if first.rule_set is None or any(each.problems for each in self.readings.values()):
            return
        if self._base is None:
            self._base = first.rule_set.rules
        await asyncio.sleep(_PROVE)
        await self._ask(self._quick, first, number, before=None)
        await asyncio.sleep(_PROVE_ALL)
        before = await loop.run_in_executor(self._thread, self._last_commit, territories[0])
        await self._ask(self._full, first, number, before=before, is_full=True)

    def _territories(self, path: Path) -> tuple[str | None, ...]:
        """Name the territories that nobody builds on, that of a file first."""
        if self._chosen is not None:
            return (self._chosen,)
        extended: dict[str, str | None] = {}
        for file in self.files:
            if file.path.name == "territory.yaml":
                named = (e.text("extends") for e in file.entries if e.section == "extends")
                extended[file.path.parent.name] = next(named, None)
        leaves = [name for name in extended if name not in extended.values()]
        own = path.parent.name if path.parent.name != "cases" else path.parent.parent.name
        mine = [name for name in leaves if own in (name, extended[name])]
        return (*mine, *(name for name in leaves if name not in mine)) or (None,)

    def _last_commit(self, territory: str | None) -> tuple[RuleSet, Directory] | None:
        try:
            return self._before(self.files.rules, territory)
        except (IscgError, OSError):
            return None

    async def _ask(
        self,
        process: ProofProcess,
        reading: Reading,
        number: int,
        *,
        before: tuple[RuleSet, Directory] | None,
        is_full: bool = False,
    ) -> None:
        assert reading.rule_set is not None
        assert reading.directory is not None
        assert reading.promises is not None
        base = before[0].rules if before else self._base or {}
        rules = reading.rule_set.rules
        edited = [name for name, rule in rules.items() if base.get(name) != rule]
        job = ProofJob(
            number,
            is_full,
            reading.rule_set,
            reading.directory,
            reading.promises,
            reading.cases,
            before,
            datetime.now(PARIS).date(),
            frozenset(edited if len(edited) <= _MOST_EDITED else ()),
        )
        loop = asyncio.get_running_loop()
        await process.ask(await loop.run_in_executor(self._thread, pack, job))

    def _told(self, report: ProofReport) -> None:
        """Take one part of what was proven; that of an older state is of no use."""
        if report.number != self._number:
            return
        self.proven.take(report)
        if report.is_full and report.findings is not None and self.rule_set is not None:
            self._base = self.rule_set.rules
        self._publish()

    def _publish(self) -> None:
        problems = [problem for reading in self.readings.values() for problem in reading.problems]
        noted, findings = self.proven.told()
        self.shown = show(self.files, [*problems, *noted], findings)
        self._published(self.shown)
