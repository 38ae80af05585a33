"""What is wrong or to be looked at, as an editor shows it: a place, a code, the aid, a page."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

from lsprotocol.types import (
    CodeDescription,
    Diagnostic,
    DiagnosticRelatedInformation,
    DiagnosticSeverity,
    Location,
    Position,
    Range,
)

from iscg_rules.error_codes import CODES
from iscg_rules.errors import Place, Problem
from iscg_rules.proof.findings.finding import Finding
from iscg_rules.workshop.author_files import AuthorFiles

__all__ = ["ShownProblem", "show"]

_NBSP = "\u00a0"
_SOURCE = "iscg-rules"


@dataclass(frozen=True)
class ShownProblem:
    """A problem with its diagnostic, and what could be pasted to repair it.

    `text`: of the file in which the diagnostic lies; in another, its place is another one.
    """

    problem: Problem
    diagnostic: Diagnostic
    sketch: str | None = None
    text: str | None = None


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
    told: list[tuple[Problem, DiagnosticSeverity, Finding | None]] = [
        (problem, _severity(problem), None) for problem in dict.fromkeys(problems)
    ]
    for finding in findings:
        severity = DiagnosticSeverity.Error if finding.is_broken else DiagnosticSeverity.Warning
        told.append((finding.problem, severity, finding))
    for problem, severity, proven in told:
        file = problem.place.file if problem.place else f"{files.rules.name}/vocabulary.yaml"
        path = files.root / file
        diagnostic = _diagnostic(files, path, problem, severity)
        if proven is not None and proven.example:
            diagnostic.message += f"\nexemple{_NBSP}: {proven.example}"
        if proven is not None and proven.elsewhere:
            diagnostic.related_information = [
                _related(files, rule, place) for rule, place in proven.elsewhere
            ]
        sketch = proven.sketch if proven else None
        written = files.file(path)
        text = written.text.text if written else None
        shown.setdefault(path, []).append(ShownProblem(problem, diagnostic, sketch, text))
    return {path: tuple(each) for path, each in shown.items()}


def _related(files: AuthorFiles, rule: str, place: Place) -> DiagnosticRelatedInformation:
    path = files.root / place.file
    where = Location(path.as_uri(), _where(files, path, place))
    return DiagnosticRelatedInformation(where, f"la règle `{rule}`")


def _severity(problem: Problem) -> DiagnosticSeverity:
    if problem.code.startswith("W"):
        return DiagnosticSeverity.Information
    return DiagnosticSeverity.Warning if problem.code == "C001" else DiagnosticSeverity.Error


def _diagnostic(
    files: AuthorFiles, path: Path, problem: Problem, severity: DiagnosticSeverity
) -> Diagnostic:
    aid = f"\naide{_NBSP}: {problem.help}" if problem.help else ""
    return Diagnostic(
        _where(files, path, problem.place),
        f"{problem.message}{aid}",
        severity=severity,
        code=problem.code,
        code_description=CodeDescription(_page(files, problem.code)),
        source=_SOURCE,
    )


def _where(files: AuthorFiles, path: Path, place: Place | None) -> Range:
    file = files.file(path)
    line, column = (place.line - 1, place.column - 1) if place else (0, 0)
    if file is None:
        return Range(Position(line, column), Position(line, column))
    line = min(line, len(file.text.lines) - 1)
    return file.text.range(line, column, _end(files, path, line, column))


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
