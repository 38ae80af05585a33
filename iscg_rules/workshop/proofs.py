"""What takes seconds: proofs, cases, and what a change touches, told as soon as it is known."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

from iscg_rules.authoring.acceptance import accept
from iscg_rules.authoring.case_verdicts import judge
from iscg_rules.authoring.remarks import find
from iscg_rules.diff.revision import RevisionScope, count_changed
from iscg_rules.diff.united_rules import unite
from iscg_rules.engine import Engine
from iscg_rules.errors import IscgError, Problem
from iscg_rules.model.partners import Directory
from iscg_rules.model.rules import Rule, RuleSet
from iscg_rules.model.written_project import WrittenProject
from iscg_rules.proof.cases.mutants import mutants
from iscg_rules.proof.cases.mutation import Mutation
from iscg_rules.proof.findings.all_findings import prove_in_steps
from iscg_rules.proof.findings.finding import Finding
from iscg_rules.proof.results import TriedChange

__all__ = ["SLOW_CODES", "Before", "ProofJob", "ProofReport", "edited_rules", "reports"]

# Gives rules and partners of the last commit, by the folder of rules; None where there is none.
Before = Callable[[Path, str | None], tuple[RuleSet, Directory] | None]
# Of more rules than an author edits at once, proofs would take as long as all of them.
_MOST_EDITED = 6
ProofScope = Literal["rules", "edit", "all"]
# Findings that only the last part of a job looks for, where they are not of edited rules.
SLOW_CODES = frozenset({"F002", "F003", "F004", "F007", "F009", "F010", "F014"})


@dataclass(frozen=True)
class ProofJob:
    """What is asked of a project as it is now.

    Attributes:
        number: of the job; reports carry it.
        project: without any problem.
        edited: the rules that were edited: what takes long is asked of them first, of all then.
        day: from which on proofs hold.
        last_commit: gives rules and partners of the last commit, where there is one.
    """

    number: int
    project: WrittenProject
    edited: frozenset[str]
    day: date
    last_commit: Callable[[], tuple[RuleSet, Directory] | None]

    @property
    def rule_set(self) -> RuleSet:
        """The rules."""
        return self.project.rule_set

    @property
    def directory(self) -> Directory:
        """The partners."""
        return self.project.directory


@dataclass(frozen=True)
class ProofReport:
    """One part of an answer; what is None was not asked by this part.

    Attributes:
        number: of the job.
        scope: whether `findings` are those of edited rules, all that an edit asks for, or all.
        problem: what forbids to prove anything, a missing package for example.
        findings: what was proven.
        noted: cases that do not get what they expect, and remarks.
        shown: for each rule, the cases that show it.
        unnoticed: changes of edited rules that no case would notice, each with one that would.
        share: how many of all situations get something else than at the last commit.
        changed: the rules and facts that are not as at the last commit.
    """

    number: int
    scope: ProofScope = "all"
    problem: Problem | None = None
    findings: tuple[Finding, ...] | None = None
    noted: tuple[Problem, ...] | None = None
    shown: Mapping[str, Sequence[str]] | None = None
    unnoticed: tuple[TriedChange, ...] | None = None
    share: float | None = None
    changed: tuple[str, ...] | None = None


def edited_rules(before: Mapping[str, Rule], now: Mapping[str, Rule]) -> frozenset[str]:
    """Name the rules that are new or not as before; none where there are too many of them."""
    edited = frozenset(name for name, rule in now.items() if before.get(name) != rule)
    return edited if len(edited) <= _MOST_EDITED else frozenset()


def reports(job: ProofJob, rest: Callable[[], None]) -> Iterator[ProofReport]:
    """Yield one part of the answer after the other; `rest` is called before what nobody waits for.

    What fails is told in a report, and the next part is tried.
    """
    yield from _tried(job, lambda: _prove(job, job.edited))
    yield from _tried(job, lambda: [_judge(job)])
    rest()
    older = _older(job)
    edited = job.edited if older is None else edited_rules(older[0].rules, job.rule_set.rules)
    yield from _tried(job, lambda: [_notice(job, edited)])
    if older is not None:
        yield from _tried(job, lambda: [_compare(job, *older)])
    yield from _tried(job, lambda: _prove(job, None))


def _tried(job: ProofJob, stage: Callable[[], Iterable[ProofReport]]) -> Iterator[ProofReport]:
    try:
        yield from stage()
    except IscgError as error:
        yield ProofReport(job.number, problem=error.problems[0])
    except Exception as error:  # noqa: BLE001 # one stage that fails must not silence the next
        text = f"la preuve s'est arrêtée ({type(error).__name__})"
        aid = "ce n'est pas votre faute ; `iscg-rules check` le dira aussi"
        yield ProofReport(job.number, problem=Problem("A012", text, help=aid))


def _older(job: ProofJob) -> tuple[RuleSet, Directory] | None:
    try:
        return job.last_commit()
    except (IscgError, OSError):
        return None


def _shown(job: ProofJob, problems: Iterable[Problem]) -> frozenset[Problem]:
    """Return what the authors do not bear: as `check`, an editor is quiet on the rest."""
    found = tuple(problems)
    bearing = accept(found, job.project.guarantees.findings, is_proven=False)
    return frozenset(found) - frozenset(bearing.reasons)


def _prove(job: ProofJob, only: frozenset[str] | None) -> Iterator[ProofReport]:
    promises = job.project.guarantees
    scopes: tuple[ProofScope, ...] = ("all",) if only is None else ("rules", "edit")
    steps = prove_in_steps(job.rule_set, job.directory, promises, day=job.day, only=only)
    for scope, found in zip(scopes, steps, strict=True):
        shown = _shown(job, (finding.problem for finding in found))
        findings = tuple(finding for finding in found if finding.problem in shown)
        yield ProofReport(job.number, scope=scope, findings=findings)


def _judge(job: ProofJob) -> ProofReport:
    engine = Engine(job.rule_set, job.directory)
    verdicts = judge(engine, job.project.cases)
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
    kept = _shown(job, noted)
    return ProofReport(job.number, noted=tuple(p for p in noted if p in kept), shown=shown)


def _notice(job: ProofJob, edited: frozenset[str]) -> ProofReport:
    if not edited:
        return ProofReport(job.number, unnoticed=())
    mutation = Mutation(job.rule_set, job.directory, job.project.cases, job.day)
    chosen = (mutant for mutant in mutants(job.rule_set) if mutant.id in edited)
    tried = (mutation.judged(mutant) for mutant in chosen)
    unnoticed = tuple(each for each in tried if each.fate == "unnoticed")
    return ProofReport(job.number, unnoticed=unnoticed)


def _compare(job: ProofJob, rules: RuleSet, directory: Directory) -> ProofReport:
    changed = tuple(
        name
        for old, new in ((rules.rules, job.rule_set.rules), (rules.facts, job.rule_set.facts))
        for name, value in new.items()
        if old.get(name) != value
    )
    union = unite(rules, directory, job.rule_set, job.directory)
    share = count_changed(union, RevisionScope(job.day)).share
    return ProofReport(job.number, share=share, changed=changed)
