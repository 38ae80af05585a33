"""Repairs that an editor applies at a keystroke: a word, a key that lacks, a case to paste."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from lsprotocol.types import (
    CodeAction,
    CodeActionKind,
    CreateFile,
    CreateFileOptions,
    OptionalVersionedTextDocumentIdentifier,
    Position,
    Range,
    TextDocumentEdit,
    TextEdit,
    WorkspaceEdit,
)

from iscg_rules.plain_letters import plain_words
from iscg_rules.proof.results import TriedChange
from iscg_rules.suggestions import proposed
from iscg_rules.workshop.author_files import AuthorFile, AuthorFiles
from iscg_rules.workshop.completions import offer
from iscg_rules.workshop.diagnostics import ShownProblem

__all__ = ["find_fixes"]

_NBSP = "\u00a0"
_UNKNOWN = frozenset({"S001", "S004", "V002", "V003", "V004", "V005", "V006", "V011", "V013"})
_MISSING = re.compile(r"le champ `([\w-]+)` manque")


def find_fixes(
    files: AuthorFiles,
    file: AuthorFile,
    where: Range,
    shown: Mapping[Path, tuple[ShownProblem, ...]],
    unnoticed: tuple[TriedChange, ...],
) -> Iterator[CodeAction]:
    """Yield the repairs of what is shown at a place, then the cases that would notice a change.

    Args:
        files: the project.
        file: where the author is.
        where: what is selected.
        shown: what the editor shows.
        unnoticed: changes that no case would notice.
    """
    for each in shown.get(file.path, ()):
        # Of a text that was typed in since, a repair would go to another place.
        if each.text == file.text.text and _meets(each.diagnostic.range, where):
            yield from _repairs(files, file, each)
    line, _ = file.text.column(where.start)
    entry = file.entry_at(line)
    if entry is not None and entry.section in ("rules", "facts"):
        for change in unnoticed:
            if change.id == entry.id and change.draft:
                title = f"Ajouter le cas qui verrait{_NBSP}: {change.words}"
                edit = _pasted(files, _case_file(files, file), "cases", change.draft)
                yield CodeAction(title, kind=CodeActionKind.RefactorRewrite, edit=edit)


def _meets(one: Range, other: Range) -> bool:
    return not (_order(one.end) < _order(other.start) or _order(other.end) < _order(one.start))


def _order(position: Position) -> tuple[int, int]:
    return position.line, position.character


def _repairs(files: AuthorFiles, file: AuthorFile, shown: ShownProblem) -> Iterator[CodeAction]:
    problem, where = shown.problem, shown.diagnostic.range
    for number, word in enumerate(_words(files, file, shown)):
        yield _repair(f"Remplacer par `{word}`", shown, _edit(file.path, where, word), number == 0)
    if found := _MISSING.search(problem.message):
        at = _key_edit(file, where, found[1])
        if at is not None:
            yield _repair(f"Ajouter `{found[1]}:`", shown, _edits(file.path, [at]), is_first=True)
    if problem.code == "Y005":
        edits = [
            TextEdit(file.text.range(n, 0, len(line) - len(line.lstrip())), _spaces(line))
            for n, line in enumerate(file.text.lines)
            if "\t" in line[: len(line) - len(line.lstrip())]
        ]
        yield _repair("Mettre des espaces", shown, _edits(file.path, edits), is_first=True)
    if shown.sketch:
        is_case = "situation:" in shown.sketch
        target = _case_file(files, file) if is_case else _rule_file(files, file)
        edit = _pasted(files, target, "cases" if is_case else "rules", shown.sketch)
        title = "Coller le cas qui le montre" if is_case else "Coller une règle à remplir"
        yield _repair(title, shown, edit, is_first=False)


def _words(files: AuthorFiles, file: AuthorFile, shown: ShownProblem) -> Iterator[str]:
    """Yield the words that may be meant: those whose French label was written, then the aid's."""
    problem = shown.problem
    if problem.code not in _UNKNOWN:
        return
    line, column = file.text.column(shown.diagnostic.range.start)
    _, end = file.text.column(shown.diagnostic.range.end)
    written = plain_words(file.text.lines[line][column:end].strip("\"'"))
    yielded = set()
    for each in offer(files, file, line, end).offers if written else ():
        if plain_words(each.label) == written and each.text not in yielded:
            yielded.add(each.text)
            yield each.text
    for word in proposed(problem.help):
        if word not in yielded:
            yielded.add(word)
            yield word


def _spaces(line: str) -> str:
    return line[: len(line) - len(line.lstrip())].replace("\t", "  ")


def _key_edit(file: AuthorFile, where: Range, key: str) -> TextEdit | None:
    """Return where a key that lacks goes: after what the entry holds, as far in as its keys."""
    line, column = file.text.column(where.start)
    written = file.text.lines[line]
    if written[column : column + 1] in ("{", "["):
        return None
    entry = file.entry_at(line)
    if entry is None:
        return None
    columns = [w.start for w in entry.words if w.is_key and entry.first_line + w.line == line]
    indent = columns[0] if columns else column
    last = entry.end_line
    at = file.text.position(last, len(file.text.lines[last]))
    return TextEdit(Range(at, at), f"\n{' ' * indent}{key}: ")


def _case_file(files: AuthorFiles, file: AuthorFile) -> Path:
    """Return the file of cases for what stands in a file: of the same name, or there already."""
    folder = file.path.parent / "cases"
    if file.kind == "cases":
        return file.path
    if not file.path.is_relative_to(files.root) or file.path.parent == files.root:
        folder = files.rules / "cases"
    return folder / (file.path.name if file.kind == "rules" else "guarantees.yaml")


def _rule_file(files: AuthorFiles, file: AuthorFile) -> Path:
    return file.path if file.kind == "rules" else files.rules / "to-be-sorted.yaml"


def _pasted(files: AuthorFiles, path: Path, section: str, sketch: str) -> WorkspaceEdit:
    """Return the edit that puts an entry at the end of its section, or of a new file."""
    file = files.file(path)
    if file is None:
        uri = path.as_uri()
        changes: list[CreateFile | TextDocumentEdit] = [
            CreateFile(uri, options=CreateFileOptions(ignore_if_exists=True)),
            _document(path, [TextEdit(_START, f"{section}:\n{sketch}")]),
        ]
        return WorkspaceEdit(document_changes=changes)
    own = file.of_section(section)
    last = own[-1].end_line if own else len(file.text.lines) - 1
    at = file.text.position(last, len(file.text.lines[last]))
    head = "\n\n" if own else f"\n{section}:\n"
    return _edits(path, [TextEdit(Range(at, at), head + sketch.rstrip("\n"))])


_START = Range(Position(0, 0), Position(0, 0))


def _repair(title: str, shown: ShownProblem, edit: WorkspaceEdit, is_first: bool) -> CodeAction:  # noqa: FBT001 # the four parts of one action
    return CodeAction(
        title,
        kind=CodeActionKind.QuickFix,
        diagnostics=[shown.diagnostic],
        edit=edit,
        is_preferred=is_first,
    )


def _edit(path: Path, where: Range, text: str) -> WorkspaceEdit:
    return _edits(path, [TextEdit(where, text)])


def _edits(path: Path, edits: list[TextEdit]) -> WorkspaceEdit:
    return WorkspaceEdit(document_changes=[_document(path, edits)])


def _document(path: Path, edits: list[TextEdit]) -> TextDocumentEdit:
    return TextDocumentEdit(OptionalVersionedTextDocumentIdentifier(path.as_uri()), [*edits])
