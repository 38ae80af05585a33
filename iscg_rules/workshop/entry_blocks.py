"""The entries of a file of authors: one that changes is looked at, and no other.

A quote or a bracket that nobody closed spoils its own entry only.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from iscg_rules.reading.entry_texts import EntryTexts, TextPiece, cut_text
from iscg_rules.workshop.lenient_words import Word, find_words

__all__ = ["Entry", "EntryBlock", "cut_lines", "entries_of"]

_ITEM = re.compile(r" *-(?=\s|$)")
_ID = re.compile(r" *- +id: +([A-Za-z0-9_-]+) *(?:\n|$)")


class EntryBlock:
    """The lines of an entry, wherever they stand; what is in them is looked at when it is asked."""

    def __init__(self, section: str, text: str) -> None:
        """Keep the lines, with what ends each of them."""
        self.section = section
        self.text = text

    @cached_property
    def lines(self) -> tuple[str, ...]:
        """As they are written."""
        return tuple(self.text.removesuffix("\n").split("\n"))

    @cached_property
    def words(self) -> tuple[Word, ...]:
        """What stands in the lines; counted from the first of them."""
        words = find_words(self.lines)
        if not _ITEM.match(self.text):
            return words
        # The position in the list is of no use: an entry is known by its id.
        return tuple(
            Word(word.text, word.line, word.start, word.end, word.path[1:], word.is_key)
            for word in words
        )

    @cached_property
    def texts(self) -> Mapping[tuple[str | int, ...], str]:
        """The values by their paths."""
        return {word.path: word.text for word in self.words if not word.is_key}

    @cached_property
    def id(self) -> str | None:
        """What the entry is called; mostly its first line says so."""
        found = _ID.match(self.text)
        return found[1] if found else self.texts.get(("id",))


@dataclass(frozen=True, slots=True)
class Entry:
    """One item of a list at the top of a file, or what stands under a key there.

    Attributes:
        first_line: in its file, from 0.
        block: its lines.
    """

    first_line: int
    block: EntryBlock

    @property
    def section(self) -> str:
        """The key at the top; empty before the first."""
        return self.block.section

    @property
    def lines(self) -> tuple[str, ...]:
        """As they are written."""
        return self.block.lines

    @property
    def words(self) -> tuple[Word, ...]:
        """What stands in the lines; counted from `first_line`."""
        return self.block.words

    @property
    def id(self) -> str | None:
        """What the entry is called."""
        return self.block.id

    @property
    def end_line(self) -> int:
        """The last line that is not empty."""
        filled = [n for n, line in enumerate(self.lines) if line.strip() and line.strip()[0] != "#"]
        return self.first_line + (filled[-1] if filled else 0)

    def text(self, *path: str | int) -> str | None:
        """Return a value; None where there is none."""
        return self.block.texts.get(path)

    @property
    def texts(self) -> Mapping[tuple[str | int, ...], str]:
        """The values by their paths."""
        return self.block.texts

    def listed(self, *path: str | int) -> tuple[str, ...]:
        """Return the values of a list, or the one that stands in its place."""
        depth = len(path)
        return tuple(
            text
            for where, text in self.texts.items()
            if where == path or (where[:depth] == path and len(where) == depth + 1)
        )


def entries_of(texts: EntryTexts, blocks: Mapping[TextPiece, EntryBlock]) -> Iterator[Entry]:
    """Yield the entries of a file, given the block of each of its pieces but the head."""
    for piece, line in zip(texts.pieces, texts.lines, strict=True):
        if not piece.is_head:
            yield Entry(line, blocks[piece])


def cut_lines(lines: list[str]) -> list[Entry]:
    """Return the entries of a few lines."""
    texts = cut_text("\n".join(lines))
    blocks = {piece: EntryBlock(piece.section, piece.text) for piece in texts.pieces}
    return list(entries_of(texts, blocks))
