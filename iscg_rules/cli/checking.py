"""`iscg-rules check` and `iscg-rules test`: everything that can be said without proof."""

import argparse
import json
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from iscg_rules._documents import without_cascade
from iscg_rules.cases import Case, read_cases
from iscg_rules.engine import Engine
from iscg_rules.errors import IscgError, Problem
from iscg_rules.findings import find
from iscg_rules.guarantees import GuaranteeSet, read_guarantees
from iscg_rules.loading import find_files, read_files
from iscg_rules.moments import PARIS, read_moment
from iscg_rules.partners import Directory
from iscg_rules.rules import RuleSet
from iscg_rules.verdicts import Verdict, judge

__all__ = ["check", "test"]

VERSION = 1
NBSP = "\u00a0"


@dataclass(frozen=True)
class _Files:
    """All that stands in a folder of rules and a partners file, and what is wrong with it."""

    rule_set: RuleSet
    directory: Directory
    guarantees: GuaranteeSet
    cases: tuple[Case, ...]
    problems: tuple[Problem, ...]


def _read(chosen: argparse.Namespace) -> _Files:
    problems: list[Problem] = []
    layout = find_files(chosen.rules, chosen.partners, chosen.territory, problems)
    rule_set, directory = read_files(layout, problems)
    noted: list[Problem] = []
    words, facts = rule_set.vocabulary, tuple(rule_set.facts)
    guarantees = read_guarantees(layout.folders(), words, facts, noted)
    cases = read_cases(layout.folders(), words, frozenset(rule_set.rules), noted)
    problems += without_cascade(noted, problems)
    return _Files(rule_set, directory, guarantees, cases, IscgError(problems).problems)


def check(chosen: argparse.Namespace) -> bool:
    """Print every problem, or, where there is none, what an author should look at."""
    files = _read(chosen)
    findings: tuple[Problem, ...] = ()
    if not files.problems:
        engine = Engine(files.rule_set, files.directory)
        verdicts = judge(engine, files.cases)
        moment = read_moment(chosen.at) or datetime.now(PARIS)
        findings = find(engine, verdicts, day=moment.date())
    if chosen.format == "json":
        parts = {"problems": files.problems, "findings": findings}
        _write_json({name: [p.as_dict() for p in some] for name, some in parts.items()})
    else:
        _write_lines([*map(str, (*files.problems, *findings)), _summary(files, findings)])
    return bool(files.problems) or (chosen.strict and bool(findings))


def test(chosen: argparse.Namespace) -> bool:
    """Replay the authors' cases and print how each failing one differs.

    Raises:
        IscgError: the files cannot be read: every problem.
    """
    files = _read(chosen)
    if files.problems:
        raise IscgError(files.problems)
    verdicts = judge(Engine(files.rule_set, files.directory), files.cases)
    failed = [verdict for verdict in verdicts if not verdict.is_kept]
    if chosen.format == "json":
        _write_json({"cases": [_as_dict(verdict) for verdict in verdicts]})
    else:
        lines = [line for verdict in failed for line in _failure(verdict)]
        total = _count(len(verdicts), "cas", "cas")
        end = f"{len(failed)} à revoir" if failed else "tous obtiennent ce qu'ils attendent"
        _write_lines([*lines, f"{total}{NBSP}: {end}"])
    return bool(failed)


def _failure(verdict: Verdict) -> Iterable[str]:
    yield f"{verdict.place}: C001 {verdict.case}, {verdict.title}"
    yield from (f"  - {difference}" for difference in verdict.differences)


def _as_dict(verdict: Verdict) -> dict[str, object]:
    return {
        "id": verdict.case,
        "title": verdict.title,
        "file": verdict.place.file,
        "line": verdict.place.line,
        "kept": verdict.is_kept,
        "differences": verdict.differences,
    }


def _summary(files: _Files, findings: tuple[Problem, ...]) -> str:
    counted = [
        _count(len(files.rule_set.rules), "règle", "règles"),
        _count(len(files.rule_set.facts), "fait", "faits"),
        _count(len(files.directory.partners), "partenaire", "partenaires"),
        _count(len(files.guarantees.guarantees), "garantie", "garanties"),
        _count(len(files.cases), "cas", "cas"),
    ]
    wrong = _count(len(files.problems), "problème", "problèmes")
    notes = "" if files.problems else f", {_count(len(findings), 'remarque', 'remarques')}"
    return f"{', '.join(counted)}{NBSP}: {wrong}{notes}"


def _count(number: int, one: str, several: str) -> str:
    return f"{number} {several if number > 1 else one}"


def _write_lines(lines: Iterable[str]) -> None:
    sys.stdout.write("\n".join(lines) + "\n")


def _write_json(content: dict[str, object]) -> None:
    json.dump({"version": VERSION, **content}, sys.stdout, ensure_ascii=False, indent=2)
    sys.stdout.write("\n")
