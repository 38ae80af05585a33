"""Texts of YAML: what stands in them, or why they cannot be read, in words of authors."""

import re

from iscg_rules.errors import Place, Problem
from iscg_rules.reading.memory import NodeOrigin
from iscg_rules.reading.usual_mistakes import advise
from iscg_rules.reading.yaml_nodes import Built, Node, build

__all__ = ["MAX_BYTES", "UNPRINTABLE", "ReadDocument", "read_text", "tell"]

MAX_BYTES = 8_000_000
UNPRINTABLE = re.compile(
    "[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)
_BOM = b"\xef\xbb\xbf"
_TAB_INDENT = re.compile(r"^ *\t[ \t]*(?=\S)", re.MULTILINE)
# A document, as far as there is one, and what is wrong with it.
ReadDocument = tuple[Node | None, list[Problem]]


def read_text(data: bytes | str, name: str) -> ReadDocument:
    """Read one document from its bytes (UTF-8) or text; never raises, whatever is given."""
    text, problem = _text_of(data, name)
    return (
        (None, [problem])
        if problem is not None
        else tell(build(text, NodeOrigin(name)), text, name)
    )


def _text_of(data: bytes | str, name: str) -> tuple[str, Problem | None]:
    """Return the text that bytes stand for; or what forbids to read it."""
    if len(data) > MAX_BYTES:
        return "", _too_large(name)
    text, problem = _decode(data, name) if isinstance(data, bytes) else (data, None)
    if problem is None and (found := UNPRINTABLE.search(text)):
        aid = "effacez-le, ou retapez la ligne"
        place = _place_in(text, found.start(), name)
        problem = Problem("Y006", "un caractère invisible ne peut pas être lu", place, aid)
    return text, problem


def _too_large(name: str) -> Problem:
    text = f"le fichier dépasse {MAX_BYTES // 1_000_000} millions d'octets"
    return Problem("Y003", text, Place(name, 1, 1), "partagez-le en plusieurs fichiers")


def _decode(data: bytes, name: str) -> tuple[str, Problem | None]:
    aid = "enregistrez le fichier en UTF-8"
    try:
        return data.removeprefix(_BOM).decode(), None
    except UnicodeDecodeError as error:
        before = data.removeprefix(_BOM)[: error.start].decode()
        place = _place_in(before, len(before), name)
        return "", Problem("Y004", "le fichier n'est pas en UTF-8", place, aid)


def _place_in(text: str, position: int, name: str) -> Place:
    before = text[:position]
    return Place(name, before.count("\n") + 1, position - (before.rfind("\n") + 1) + 1)


def tell(built: Built, text: str, name: str) -> ReadDocument:
    """Return a document as it is read, with all that is to be told of its text."""
    if built.refused:
        return None, built.refused
    if built.error is not None:
        return None, [_syntax_problem(built.error, text, name)]
    if built.node is None and not built.problems:
        aid = "remplissez-le ou effacez-le"
        return None, [Problem("Y007", "le fichier est vide", Place(name, 1, 1), aid)]
    return built.node, built.problems


def _syntax_problem(error: Exception, text: str, name: str) -> Problem:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    if tab := _TAB_INDENT.search(text):
        place = _place_in(text, tab.end() - 1, name)
        return Problem("Y005", "une tabulation sert de retrait", place, "mettez des espaces")
    context = getattr(error, "context_mark", None)
    lines = text.splitlines() or [""]
    number, aid = advise(lines, line - 1, column - 1, context.line if context else None)
    if number != line - 1:
        line, column = number + 1, 1
    return Problem("Y006", "la ponctuation YAML est fausse ici", Place(name, line, column), aid)
