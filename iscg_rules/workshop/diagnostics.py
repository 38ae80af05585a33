"""What is wrong or to be looked at, as an editor shows it: a place, a code, the aid, a page."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

from lsprotocol.types import CodeDescription, Diagnostic, DiagnosticSeverity, Position, Range

from iscg_rules.error_codes import CODES
from iscg_rules.errors import Problem
from iscg_rules.proof.findings.finding import Finding
from iscg_rules.workshop.author_files import AuthorFiles

__all__ = ["ShownProblem", "show"]

_NBSP = "\u00a0"
_SOURCE = "iscg-rules"


@dataclass(frozen=True)
class ShownProblem:
    """A problem with its diagnostic, and what could be pasted to repair it."""

    problem: Problem
    diagnostic: Diagnostic
    sketch: str | None = None


def show(
    files: AuthorFiles, problems: Iterable[Problem], findings: Iterable[Finding]
) -> Mapping[Path, tuple[ShownProblem, ...]]:
    """Return what an editor shows in each file.

    Args:
        files: the project as it is now.
        problems: what is wrong (an error), what cases do not get (a warning), remarks.
        findings: what was proven.
    """
    shown: dict[Path, list[ShownProblem]] = {}
    told: list[tuple[Problem, DiagnosticSeverity, str | None, str]] = [
        (problem, _severity(problem), None, "") for problem in dict.fromkeys(problems)
    ]
    for finding in findings:
        severity = DiagnosticSeverity.Error if finding.is_broken else DiagnosticSeverity.Warning
        example = f"\nexemple{_NBSP}: {finding.example}" if finding.example else ""
        told.append((finding.problem, severity, finding.sketch, example))
    for problem, severity, sketch, example in told:
        path = files.root / (
            problem.place.file if problem.place else f"{files.rules.name}/vocabulary.yaml"
        )
        diagnostic = _diagnostic(files, path, problem, severity, example)
        shown.setdefault(path, []).append(ShownProblem(problem, diagnostic, sketch))
    return {path: tuple(each) for path, each in shown.items()}


def _severity(problem: Problem) -> DiagnosticSeverity:
    if problem.code.startswith("W"):
        return DiagnosticSeverity.Information
    return DiagnosticSeverity.Warning if problem.code == "C001" else DiagnosticSeverity.Error


def _diagnostic(
    files: AuthorFiles, path: Path, problem: Problem, severity: DiagnosticSeverity, example: str
) -> Diagnostic:
    file = files.file(path)
    line, column = (problem.place.line - 1, problem.place.column - 1) if problem.place else (0, 0)
    aid = f"\naide{_NBSP}: {problem.help}" if problem.help else ""
    if file is None:
        where = Range(Position(line, column), Position(line, column))
    else:
        line = min(line, len(file.text.lines) - 1)
        where = file.text.range(line, column, _end(files, path, line, column))
    return Diagnostic(
        where,
        f"{problem.message}{aid}{example}",
        severity=severity,
        code=problem.code,
        code_description=CodeDescription(_page(files, problem.code)),
        source=_SOURCE,
    )


def _end(files: AuthorFiles, path: Path, line: int, column: int) -> int:
    """Return where the word ends that starts at a place; else the end of what the line says."""
    file = files.file(path)
    assert file is not None
    entry = file.entry_at(line)
    for word in entry.words if entry else ():
        if entry and entry.first_line + word.line == line and word.start == column:
            return word.end
    return max(column, len(file.text.lines[line].rstrip()))


def _page(files: AuthorFiles, code: str) -> str:
    """Return the part of `docs/errors.md` that explains a code: here, or where it is published."""
    said = f"{code} · {CODES[code]}".lower()
    part = re.sub(r"[^\w\- ]", "", said).replace(" ", "-")
    page = files.root / "docs" / "errors.md"
    base = page.as_uri() if page.is_file() else f"{_published()}/errors.md"
    return f"{base}#{part}"


def _published() -> str:
    try:
        links = metadata("iscg-rules").get_all("Project-URL") or []
    except PackageNotFoundError:
        links = []
    named = dict(str(link).split(", ", 1) for link in links)
    return named.get("Documentation", "docs")
