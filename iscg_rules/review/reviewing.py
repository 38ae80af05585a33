"""Looks at a change as a reviewer would: only at what it brings."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from iscg_rules.authoring.acceptance import accept
from iscg_rules.authoring.case_verdicts import Verdict, judge
from iscg_rules.authoring.remarks import find
from iscg_rules.diff.results import Revision
from iscg_rules.diff.revision import RevisionScope, revise
from iscg_rules.diff.united_rules import unite
from iscg_rules.engine import Engine
from iscg_rules.errors import Problem
from iscg_rules.model.guarantees import kinds_of
from iscg_rules.model.rules import RuleSet
from iscg_rules.model.written_project import WrittenProject
from iscg_rules.proof.cases.mutants import mutants
from iscg_rules.proof.cases.mutation import Mutation
from iscg_rules.proof.findings.all_findings import prove
from iscg_rules.proof.findings.finding import Finding
from iscg_rules.proof.results import TriedChange
from iscg_rules.review.lost_guards import find_lost_guards
from iscg_rules.review.results import BrokenByChange, CaseFailure, MergeReview

__all__ = ["review"]

_OF_CONDITIONS = frozenset({"value_dropped", "negated", "part_dropped", "count_moved"})


@dataclass(frozen=True)
class _SeenSide:
    verdicts: tuple[Verdict, ...]
    remarks: tuple[Problem, ...]
    findings: tuple[Finding, ...]


def review(
    before: WrittenProject, after: WrittenProject, *, day: date, classes: int = 3
) -> MergeReview:
    """Say what a change breaks, moves and leaves unseen.

    Args:
        before, after: both sides, each free of problems.
        day: from which the two are compared.
        classes: so many classes of situations an effect, at most.

    Raises:
        IscgError: A012 without the package of the solver.
    """
    union = unite(before.rule_set, before.directory, after.rule_set, after.directory)
    scope = RevisionScope(day, after.guarantees.report_by, classes)
    revision = revise(union, (before.cases, after.cases), scope)
    old, new = (_look(side, day) for side in (before, after))
    known = {_finding_key(finding) for finding in old.findings}
    told = {_key(problem) for problem in old.remarks}
    found = (*new.remarks, *(one.problem for one in new.findings))
    acceptance = accept(found, after.guarantees.findings, is_proven=True)
    findings = [
        one
        for one in new.findings
        if _finding_key(one) not in known and one.problem not in acceptance.reasons
    ]
    # What is accepted for nothing since this change is told; what was so before is not.
    needless = {_key(one) for one in _needless(before, old)}
    remarks = tuple(
        one
        for one in (*new.remarks, *acceptance.stale)
        if _key(one) not in told | needless and one not in acceptance.reasons
    )
    now = {_finding_key(one) for one in new.findings} | {_key(one) for one in new.remarks}
    return MergeReview(
        day=day,
        broken=tuple(_blamed(one, after, revision) for one in findings if one.is_broken),
        failing=tuple(_failures(old.verdicts, new.verdicts)),
        revision=revision,
        guards=find_lost_guards(before, after, found),
        unseen=tuple(_unseen(after, _conditions(revision), day)),
        findings=tuple(one for one in findings if not one.is_broken),
        remarks=remarks,
        settled=len((known | told) - now),
    )


def _look(side: WrittenProject, day: date) -> _SeenSide:
    engine = Engine(side.rule_set, side.directory)
    verdicts = judge(engine, side.cases)
    findings = prove(side.rule_set, side.directory, side.guarantees, day=day)
    return _SeenSide(verdicts, find(engine, verdicts, day=day), findings)


def _needless(side: WrittenProject, seen: _SeenSide) -> tuple[Problem, ...]:
    """Return what a version accepts for nothing."""
    found = (*seen.remarks, *(one.problem for one in seen.findings))
    return accept(found, side.guarantees.findings, is_proven=True).stale


def _key(problem: Problem) -> tuple[str, str]:
    """Return what makes a problem the same after a change: lines move."""
    return problem.code, problem.message


def _finding_key(finding: Finding) -> tuple[str, ...]:
    return finding.broken.key if finding.broken else _key(finding.problem)


def _changed(revision: Revision) -> frozenset[str]:
    """Name the rules and facts that were written or changed, and still are."""
    written = (one for one in revision.rules if one.what in ("rule", "fact"))
    return frozenset(one.id for one in written if one.change != "removed")


def _conditions(revision: Revision) -> frozenset[str]:
    """Name those of them whose condition is new."""
    return frozenset(
        one.id
        for one in revision.rules
        if one.id in _changed(revision) and (one.change == "added" or "when" in one.parts)
    )


def _blamed(finding: Finding, side: WrittenProject, revision: Revision) -> BrokenByChange:
    """Put a broken thing down to the changed rules that are about it, where there are any."""
    promises = {one.id: one for one in side.guarantees.guarantees}
    broken = finding.broken
    kinds = frozenset[str]()
    if broken:
        kinds = frozenset((*broken.kinds, *kinds_of(promises[broken.guarantee].then)))
    changed = sorted(_changed(revision) & side.rule_set.rules.keys())
    named = [name for name in changed if broken and name in broken.rules]
    about = named or [
        name for name in changed if not kinds or kinds & _touched(side.rule_set, name)
    ]
    rules = tuple(about or changed)
    touched = frozenset[str]().union(*(_touched(side.rule_set, name) for name in rules))
    shared = sorted(kinds & touched)
    place = side.rule_set.places.get(rules[0]) if rules else None
    return BrokenByChange(finding, rules, tuple(shared), place or finding.problem.place)


def _touched(rule_set: RuleSet, name: str) -> frozenset[str]:
    rule = rule_set.rules[name]
    return frozenset(one.to for one in rule.orient) | {one.to for one in rule.exclude}


def _failures(old: Sequence[Verdict], new: Sequence[Verdict]) -> Iterator[CaseFailure]:
    before = {verdict.case: verdict.is_kept for verdict in old}
    for one in new:
        if not one.is_kept:
            was_kept = before.get(one.case)
            yield CaseFailure(one.case, one.title, one.place, one.differences, was_kept)


def _unseen(side: WrittenProject, conditions: frozenset[str], day: date) -> Iterator[TriedChange]:
    """Yield each part of a changed condition that could be wrong unnoticed by every case."""
    if not conditions:
        return
    mutation = Mutation(side.rule_set, side.directory, side.cases, day)
    for mutant in mutants(side.rule_set):
        if mutant.id in conditions and mutant.change in _OF_CONDITIONS:
            tried = mutation.judged(mutant)
            if tried.fate == "unnoticed":
                yield tried
