"""What takes seconds, in a process of its own: proofs, cases, and what a change touches.

`main` reads jobs from its input and writes reports; a newer job that waits makes it leave the older
one where it is.
"""

import io
import os
import pickle
import select
import struct
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import BinaryIO

from iscg_rules.authoring.case_verdicts import judge
from iscg_rules.authoring.remarks import find
from iscg_rules.diff.revision import RevisionScope, count_changed
from iscg_rules.diff.united_rules import unite
from iscg_rules.engine import Engine
from iscg_rules.errors import IscgError, Problem
from iscg_rules.model.cases import Case
from iscg_rules.model.guarantees import GuaranteeSet
from iscg_rules.model.partners import Directory
from iscg_rules.model.rules import RuleSet
from iscg_rules.proof.cases.mutants import mutants
from iscg_rules.proof.cases.mutation import Mutation
from iscg_rules.proof.findings.all_findings import prove
from iscg_rules.proof.findings.finding import Finding
from iscg_rules.proof.results import TriedChange

__all__ = ["LENGTH", "SLOW_CODES", "ProofJob", "ProofReport", "main", "pack"]

LENGTH = struct.Struct("<Q")
# Findings that a job which is not full may leave out.
SLOW_CODES = frozenset({"F002", "F003", "F004", "F007", "F009", "F010", "F014"})


@dataclass(frozen=True)
class ProofJob:
    """What is asked of a project as it is now.

    Attributes:
        number: of the job; reports carry it.
        is_full: whether everything is asked, however long it takes, or what an edit needs at once.
        rule_set, directory, promises, cases: the project, without any problem.
        before: rules and partners of the last commit, where there is one.
        day: from which on proofs hold.
        edited: the rules that were edited; only of them is asked what takes long, unless in full.
    """

    number: int
    is_full: bool
    rule_set: RuleSet
    directory: Directory
    promises: GuaranteeSet
    cases: tuple[Case, ...]
    before: tuple[RuleSet, Directory] | None
    day: date
    edited: frozenset[str]


@dataclass(frozen=True)
class ProofReport:
    """One part of an answer; what is None was not asked by this part.

    Attributes:
        number, is_full: of the job.
        problem: what forbids to prove anything, a missing package for example.
        findings: what was proven.
        noted: cases that do not get what they expect, and remarks.
        shown: for each rule, the cases that show it.
        unnoticed: changes of edited rules that no case would notice, each with one that would.
        share: how many of all situations get something else than at the last commit.
        changed: the rules and facts that are not as at the last commit.
    """

    number: int
    is_full: bool = False
    problem: Problem | None = None
    findings: tuple[Finding, ...] | None = None
    noted: tuple[Problem, ...] | None = None
    shown: Mapping[str, Sequence[str]] | None = None
    unnoticed: tuple[TriedChange, ...] | None = None
    share: float | None = None
    changed: tuple[str, ...] | None = None


ProofStage = Callable[[ProofJob], ProofReport]


def _prove(job: ProofJob) -> ProofReport:
    only = None if job.is_full else job.edited
    found = prove(job.rule_set, job.directory, job.promises, day=job.day, only=only)
    return ProofReport(job.number, job.is_full, findings=found)


def _judge(job: ProofJob) -> ProofReport:
    engine = Engine(job.rule_set, job.directory)
    verdicts = judge(engine, job.cases)
    shown: dict[str, list[str]] = {rule: [] for rule in job.rule_set.rules}
    for verdict in verdicts:
        for rule in verdict.fired:
            shown[rule].append(verdict.case)
    failed = (
        Problem("C001", f"{each.case}, {each.title}", each.place, " ; ".join(each.differences))
        for each in verdicts
        if not each.is_kept
    )
    noted = (*failed, *find(engine, verdicts, day=job.day))
    return ProofReport(job.number, job.is_full, noted=noted, shown=shown)


def _notice(job: ProofJob) -> ProofReport:
    if not job.edited:
        return ProofReport(job.number, job.is_full, unnoticed=())
    mutation = Mutation(job.rule_set, job.directory, job.cases, job.day)
    chosen = (mutant for mutant in mutants(job.rule_set) if mutant.id in job.edited)
    tried = (mutation.judged(mutant) for mutant in chosen)
    unnoticed = tuple(each for each in tried if each.fate == "unnoticed")
    return ProofReport(job.number, job.is_full, unnoticed=unnoticed)


def _compare(job: ProofJob) -> ProofReport:
    if job.before is None:
        return ProofReport(job.number, job.is_full)
    rules, directory = job.before
    changed = tuple(
        name
        for old, new in ((rules.rules, job.rule_set.rules), (rules.facts, job.rule_set.facts))
        for name, value in new.items()
        if old.get(name) != value
    )
    union = unite(rules, directory, job.rule_set, job.directory)
    share = count_changed(union, RevisionScope(job.day)).share
    return ProofReport(job.number, job.is_full, share=share, changed=changed)


_QUICK: tuple[ProofStage, ...] = (_prove, _judge)
_FULL: tuple[ProofStage, ...] = (_notice, _compare, _prove)


def _reports(job: ProofJob) -> Iterator[ProofReport]:
    for stage in _FULL if job.is_full else _QUICK:
        try:
            yield stage(job)
        except IscgError as error:
            yield ProofReport(job.number, job.is_full, problem=error.problems[0])
        except Exception as error:  # noqa: BLE001 # one stage that fails must not silence the next
            text = f"la preuve s'est arrêtée ({type(error).__name__})"
            aid = "ce n'est pas votre faute ; `iscg-rules check` le dira aussi"
            yield ProofReport(job.number, job.is_full, problem=Problem("A012", text, help=aid))


def pack(value: object) -> bytes:
    """Return a value as it goes through a pipe: its length, then itself."""
    data = pickle.dumps(value, pickle.HIGHEST_PROTOCOL)
    return LENGTH.pack(len(data)) + data


def _take(stream: BinaryIO) -> ProofJob | None:
    """Return the next job; None where nobody asks any more."""
    head = stream.read(LENGTH.size)
    if len(head) < LENGTH.size:
        return None
    data = stream.read(LENGTH.unpack(head)[0])
    return pickle.loads(data)  # type: ignore[no-any-return]  # noqa: S301 # our own server wrote it


def serve(source: BinaryIO, target: BinaryIO) -> None:
    """Answer jobs until there are none; only the newest of those that wait."""
    job = _newest(source)
    while job is not None:
        for report in _reports(job):
            target.write(pack(report))
            target.flush()
            if _waits(source):
                break
        job = _newest(source)


def _newest(source: BinaryIO) -> ProofJob | None:
    job = _take(source)
    while job is not None and _waits(source):
        job = _take(source)
    return job


def _waits(source: BinaryIO) -> bool:
    return bool(select.select([source], [], [], 0)[0])


def main() -> None:
    """Serve over the pipes of this process; whatever prints goes where errors go."""
    source = io.FileIO(os.dup(0), "rb")
    target = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    os.nice(5)
    serve(_UnhurriedPipe(source), target)  # type: ignore[arg-type] # as much of a stream as is used


class _UnhurriedPipe:
    """A pipe that is read without looking ahead: `select` sees what waits in it."""

    def __init__(self, raw: io.FileIO) -> None:
        self._raw = raw

    def fileno(self) -> int:
        return self._raw.fileno()

    def read(self, count: int) -> bytes:
        parts: list[bytes] = []
        while count > 0 and (part := self._raw.read(count)):
            parts.append(part)
            count -= len(part)
        return b"".join(parts)
