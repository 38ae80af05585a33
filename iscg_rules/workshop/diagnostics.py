"""What is wrong or to be looked at, as an editor shows it: a place, a code, the aid, a page."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
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
from iscg_rules.workshop.author_files import AuthorFile, AuthorFiles

__all__ = ["ShownFiles", "ShownProblem"]

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


# What is told of a file: each problem, with the finding that it is of.
Told = Sequence[tuple[Problem, Finding | None]]


class ShownFiles:
    """What an editor shows in each file; where nothing changed, it is not made again."""

    def __init__(self, files: AuthorFiles) -> None:
        """Show nothing yet."""
        self._files = files
        self._made: dict[Path, tuple[AuthorFile | None, Told, tuple[ShownProblem, ...]]] = {}

    def show(
        self, problems: Iterable[Problem], findings: Iterable[Finding]
    ) -> Mapping[Path, tuple[ShownProblem, ...]]:
        """Return what is shown of the project as it is now.

        Args:
            problems: what is wrong (an error), what cases do not get (a warning), remarks.
            findings: what was proven.
        """
        told: dict[Path, list[tuple[Problem, Finding | None]]] = {}
        alone = ((problem, None) for problem in dict.fromkeys(problems))
        for each in (*alone, *((finding.problem, finding) for finding in findings)):
            place = each[0].place
            name = place.file if place else f"{self._files.rules.name}/vocabulary.yaml"
            told.setdefault(self._files.root / name, []).append(each)
        self._made = {path: self._of_file(path, some) for path, some in told.items()}
        return {path: shown for path, (_, _, shown) in self._made.items()}

    def _of_file(
        self, path: Path, told: Told
    ) -> tuple[AuthorFile | None, Told, tuple[ShownProblem, ...]]:
        file, before = self._files.known(path), self._made.get(path)
        # What leads into other files is made again: they may have changed.
        leads = any(finding is not None and finding.elsewhere for _, finding in told)
        if before is not None and before[0] is file and before[1] == told and not leads:
            return before
        return file, told, tuple(_shown(self._files, file, *each) for each in told)


def _shown(
    files: AuthorFiles, file: AuthorFile | None, problem: Problem, finding: Finding | None
) -> ShownProblem:
    text = file.text.text if file else None
    diagnostic = _diagnostic(files, file, problem)
    if finding is None:
        return ShownProblem(problem, diagnostic, text=text)
    is_broken = finding.is_broken
    diagnostic.severity = DiagnosticSeverity.Error if is_broken else DiagnosticSeverity.Warning
    if finding.example:
        diagnostic.message += f"\nexemple{_NBSP}: {finding.example}"
    if finding.elsewhere:
        diagnostic.related_information = [
            _related(files, rule, place) for rule, place in finding.elsewhere
        ]
    return ShownProblem(problem, diagnostic, finding.sketch, text)


def _related(files: AuthorFiles, rule: str, place: Place) -> DiagnosticRelatedInformation:
    path = files.root / place.file
    where = Location(path.as_uri(), _where(files.known(path), place))
    return DiagnosticRelatedInformation(where, f"la règle `{rule}`")


def _severity(problem: Problem) -> DiagnosticSeverity:
    if problem.code.startswith("W"):
        return DiagnosticSeverity.Information
    return DiagnosticSeverity.Warning if problem.code == "C001" else DiagnosticSeverity.Error


def _diagnostic(files: AuthorFiles, file: AuthorFile | None, problem: Problem) -> Diagnostic:
    aid = f"\naide{_NBSP}: {problem.help}" if problem.help else ""
    return Diagnostic(
        _where(file, problem.place),
        f"{problem.message}{aid}",
        severity=_severity(problem),
        code=problem.code,
        code_description=CodeDescription(_page(files, problem.code)),
        source=_SOURCE,
    )


def _where(file: AuthorFile | None, place: Place | None) -> Range:
    line, column = (place.line - 1, place.column - 1) if place else (0, 0)
    if file is None:
        return Range(Position(line, column), Position(line, column))
    line = min(line, len(file.text.lines) - 1)
    return file.text.range(line, column, _end(file, line, column))


def _end(file: AuthorFile, line: int, column: int) -> int:
    """Return where the word ends that starts at a place; else the end of what the line says."""
    entry = file.entry_at(line)
    for word in entry.words if entry else ():
        if entry and entry.first_line + word.line == line and word.start == column:
            return word.end
    return max(column, len(file.text.lines[line].rstrip()))


def _page(files: AuthorFiles, code: str) -> str:
    """Return the part of `docs/errors.md` that explains a code: here, or where it is published."""
    said = f"{code} · {CODES[code]}".lower()
    part = re.sub(r"[^\w\- ]", "", said).replace(" ", "-")
    return f"{_page_of(files.root)}#{part}"


# Asked for each of many problems.
@lru_cache(maxsize=8)
def _page_of(root: Path) -> str:
    page = root / "docs" / "errors.md"
    return page.as_uri() if page.is_file() else f"{_published()}/errors.md"


def _published() -> str:
    try:
        links = metadata("iscg-rules").get_all("Project-URL") or []
    except PackageNotFoundError:
        links = []
    named = dict(str(link).split(", ", 1) for link in links)
    return named.get("Documentation", "docs")
