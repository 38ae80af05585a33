"""A document read again after a key: only the entries that changed, and just what YAML says.

An entry that YAML reads to its end alone is read the same in its list: nothing of it reaches into
the next. Where one is not, the file is read as a whole, without those that are sound above it.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from iscg_rules.errors import Noted
from iscg_rules.reading.entry_texts import EntryTexts, TextPiece, cut_text
from iscg_rules.reading.memory import NodeOrigin
from iscg_rules.reading.yaml_nodes import Built, Fields, Items, Node, build, pairs
from iscg_rules.reading.yaml_texts import MAX_BYTES, UNPRINTABLE, ReadDocument, read_text, tell

__all__ = ["PieceReader"]

_BOM = b"\xef\xbb\xbf"
# What ends a line of YAML but no line of ours, and what stands between documents.
_ODD = re.compile("\r(?!\n)|[\x85\u2028\u2029]|^(?:---|\\.\\.\\.|%)", re.MULTILINE)
_EMPTY = r"[ \r]*(?:#[^\n]*)?"
_HEAD = re.compile(rf"{_EMPTY}(?:\n{_EMPTY})*")
# A key with nothing but its items below it.
_KEY_ALONE = re.compile(rf"[^:\n]*:[ \r]*(?:[ ]#[^\n]*)?(?:\n{_EMPTY})*")
# Above an item, in place of its key: a letter of nobody, so that no other key is taken for it.
_ABOVE = "\ue000:\n"


@dataclass(frozen=True, slots=True)
class _ReadPiece:
    """What a piece is read as.

    Attributes:
        origin: moves with the piece.
        nodes: an item, or a key and its value.
        problems: what is wrong in them, told with their lines.
        state: `open` where YAML goes on into the next, or stops; `refused` where what YAML reads
            is not admitted; `odd` where lines are not what they seem.
    """

    origin: NodeOrigin
    nodes: tuple[Node, ...]
    problems: Noted
    state: Literal["sound", "refused", "open", "odd"]
    above: int


class PieceReader:
    """Reads one file again and again."""

    def __init__(self) -> None:
        """Know nothing yet."""
        self._texts = EntryTexts()
        self._read: Mapping[TextPiece, _ReadPiece] = {}
        # For whoever counts work and not seconds: how many pieces were not found again, and
        # whether the last reading was of the whole text.
        self.read_anew: int = 0
        self.is_whole: bool = False

    def read(self, data: bytes, name: str) -> ReadDocument:
        """Return what `read_text` returns."""
        found = self._read_pieces(data, name)
        self.is_whole = found is None
        return read_text(data, name) if found is None else found

    def _read_pieces(self, data: bytes, name: str) -> ReadDocument | None:
        if len(data) > MAX_BYTES:
            return None
        try:
            text = data.removeprefix(_BOM).decode()
        except UnicodeDecodeError:
            return None
        self._texts = texts = cut_text(text, self._texts)
        self._read = read = dict(self._pieces(texts, name))
        states = {piece.state for piece in read.values()}
        if "odd" in states:
            return None
        found = [read[piece] for piece in texts.pieces]
        unsound = _first_unsound(texts.pieces, found)
        if unsound is None and "refused" not in states:
            return _joined(texts.pieces, found)
        built = build(_thinned(texts, found, unsound), NodeOrigin(name))
        if built.refused or built.error is not None:
            return tell(built, text, name)
        return None

    def _pieces(self, texts: EntryTexts, name: str) -> Iterator[tuple[TextPiece, _ReadPiece]]:
        known = self._read
        for piece, line in zip(texts.pieces, texts.lines, strict=True):
            # Nodes of an item were read below the line in place of its key.
            above = line if piece.margin is None else line - 1
            read = known.get(piece)
            if read is None or (read.problems and read.above != above):
                read = _read_piece(piece, NodeOrigin(name, above))
                self.read_anew += 1
            read.origin.above = above
            yield piece, read


def _read_piece(piece: TextPiece, origin: NodeOrigin) -> _ReadPiece:
    is_loose = not piece.section and not piece.is_head
    if is_loose or _ODD.search(piece.text) or UNPRINTABLE.search(piece.text):
        return _ReadPiece(origin, (), Noted(), "odd", origin.above)
    if piece.is_head:
        is_empty = _HEAD.fullmatch(piece.text)
        return _ReadPiece(origin, (), Noted(), "sound" if is_empty else "odd", origin.above)
    is_item = piece.margin is not None
    built = build(_ABOVE + piece.text if is_item else piece.text, origin)
    nodes = _nodes_of(built, is_item=is_item)
    state: Literal["sound", "refused", "open"] = "sound"
    if built.error is not None or (is_item and _margin(piece.text) != piece.margin):
        state = "open"
    elif built.refused:
        state = "refused"
    elif not nodes:
        state = "open"
    return _ReadPiece(origin, nodes, built.problems, state, origin.above)


def _nodes_of(built: Built, *, is_item: bool) -> tuple[Node, ...]:
    """Return one item, or one key and its value; nothing where there is more or less."""
    node = built.node
    if not isinstance(node, Fields) or len(node.fields) != 1:
        return ()
    key, value = node.fields[0]
    if not is_item:
        return (key, value)
    return value.items if isinstance(value, Items) and len(value.items) == 1 else ()


def _margin(text: str) -> int:
    return len(text) - len(text.lstrip(" "))


def _first_unsound(pieces: Sequence[TextPiece], found: Sequence[_ReadPiece]) -> int | None:
    """Return the first piece from which on everything must be read together, if any."""
    head = None
    for number, (piece, read) in enumerate(zip(pieces, found, strict=True)):
        if piece.margin is None:
            head = number
        elif number - 1 == head and (
            pieces[head].is_head or not _KEY_ALONE.fullmatch(pieces[head].text)
        ):
            return head
        if read.state == "open":
            return number
    return None


def _joined(pieces: Sequence[TextPiece], found: Sequence[_ReadPiece]) -> ReadDocument | None:
    """Return the document of sound pieces; None where there is none."""
    problems = Noted()
    parts: list[Node] = []
    items: list[Node] = []
    for piece, read in zip(pieces, found, strict=True):
        if read.problems:
            problems.extend(read.problems)
        if piece.margin is not None:
            if not items:
                # The value of the key alone gives way to its items.
                parts[-1] = Items(read.origin, 2, piece.margin + 1, ())
            items.append(read.nodes[0])
        else:
            _fill(parts, items)
            parts.extend(read.nodes)
    _fill(parts, items)
    if not parts:
        return None
    first = parts[0]
    return Fields(first.origin, first.row, first.column, pairs(parts, problems)), problems


def _fill(parts: list[Node], items: list[Node]) -> None:
    if items and isinstance(parts[-1], Items):
        parts[-1].items = tuple(items)
        items.clear()


def _thinned(texts: EntryTexts, found: Sequence[_ReadPiece], unsound: int | None) -> str:
    """Return the text with empty lines in place of what is sound above what is not.

    What encloses something stays, its key and its first item: an error is told with their lines.
    """
    end = len(found) if unsound is None else unsound
    kept = set()
    first = next((n for n, piece in enumerate(texts.pieces) if not piece.is_head), 0)
    head = first
    for number, piece in enumerate(texts.pieces[: end + 1]):
        if piece.margin is None:
            head = number
        if number == end or found[number].state == "refused":
            kept |= {number, head, head + 1}
    parts = [
        piece.text if number in kept or number == first else "\n" * piece.text.count("\n")
        for number, piece in enumerate(texts.pieces[:end])
    ]
    rest = "" if unsound is None else texts.text[texts.starts[end] :]
    return "".join(parts) + rest
