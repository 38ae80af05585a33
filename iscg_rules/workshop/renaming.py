"""An id under another name, in every file; and a file put straight without a word of it changed."""

import re

from lsprotocol.types import (
    OptionalVersionedTextDocumentIdentifier,
    Range,
    TextDocumentEdit,
    TextEdit,
    WorkspaceEdit,
)

from iscg_rules.reading.documents import is_same_document
from iscg_rules.workshop.author_files import AuthorFile, AuthorFiles, NamedWord
from iscg_rules.workshop.meanings import Meaning

__all__ = ["RenameError", "check_renamable", "rename", "straighten"]

_ID = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*")
_LONGEST = 80
_FIXED = frozenset({"scale", "territory"})


class RenameError(ValueError):
    """Why an id cannot have another name, in French."""


def check_renamable(files: AuthorFiles, found: NamedWord | None) -> NamedWord:
    """Return what is to be renamed.

    Raises:
        RenameError: nothing that could be.
    """
    if found is None or found.meaning.role in _FIXED:
        raise RenameError("rien ici ne peut changer de nom")
    if files.definition(found.meaning) is None:
        raise RenameError("ce mot n'est défini nulle part dans vos fichiers")
    return found


def rename(files: AuthorFiles, found: NamedWord | None, name: str) -> WorkspaceEdit:
    """Return the edits that give an id another name wherever it stands.

    Raises:
        RenameError: the name is none, or is taken.
    """
    meaning = check_renamable(files, found).meaning
    if not _ID.fullmatch(name) or len(name) > _LONGEST:
        text = "un identifiant : des minuscules sans accent et des chiffres, reliés par - ou _"
        raise RenameError(text)
    owner, is_answer, _ = meaning.id.partition("=")
    taken = Meaning(meaning.role, f"{owner}={name}" if is_answer else name)
    # In a condition a fact stands where an attribute does.
    roles = {"attribute", "fact"} if meaning.role in ("attribute", "fact") else {meaning.role}
    if any(files.definition(Meaning(role, taken.id)) for role in roles):
        raise RenameError(f"`{name}` est déjà pris")
    edits: dict[str, list[TextEdit]] = {}
    for each in files.named(meaning):
        where = each.file.text.range(each.line, *each.columns)
        edits.setdefault(each.file.path.as_uri(), []).append(TextEdit(where, name))
    return WorkspaceEdit(
        document_changes=[
            TextDocumentEdit(OptionalVersionedTextDocumentIdentifier(uri), [*texts])
            for uri, texts in edits.items()
        ]
    )


def straighten(file: AuthorFile) -> list[TextEdit]:
    """Return the edits that take away spaces at the ends of lines and empty lines past one.

    Comments stay, and so does every word: where another document would be read, nothing is edited.
    """
    lines = [line.rstrip(" \t") for line in file.text.lines]
    text = re.sub(r"\n{3,}", "\n\n", "\n".join(lines).strip("\n")) + "\n"
    written = "\n".join(file.text.lines)
    if text == written or not is_same_document(text, written):
        return []
    last = len(file.text.lines) - 1
    whole = Range(file.text.position(0, 0), file.text.position(last, len(file.text.lines[last])))
    return [TextEdit(whole, text)]
