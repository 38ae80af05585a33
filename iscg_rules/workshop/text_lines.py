"""Lines of a text, and columns in the units in which an editor counts them."""

import re
from types import MappingProxyType

from lsprotocol.types import Position, Range

__all__ = ["TextLines", "changed_text"]

# What the protocol takes for the end of a line: nothing else.
_END = re.compile(r"\r\n|\n|\r")
_CODECS = MappingProxyType({"utf-8": ("utf-8", 1), "utf-32": ("utf-32-le", 4)})
_UTF_16 = ("utf-16-le", 2)


class TextLines:
    """The lines of a text, without their ends; columns count characters, positions units."""

    def __init__(self, text: str, encoding: str | None = None) -> None:
        """Split a text.

        Args:
            text: all of it.
            encoding: in whose units the editor counts; UTF-16 when it does not say.
        """
        self.lines: list[str] = _END.split(text) if "\r" in text else text.split("\n")
        self._codec, self._width = _CODECS.get(encoding or "", _UTF_16)

    def position(self, line: int, column: int) -> Position:
        """Return what an editor calls a place; where there is none, the nearest before it."""
        line = min(line, len(self.lines) - 1)
        return Position(line, self._units(self.lines[line][:column]))

    def range(self, line: int, start: int, end: int) -> Range:
        """Return what an editor calls a part of one line."""
        return Range(self.position(line, start), self.position(line, end))

    def column(self, position: Position) -> tuple[int, int]:
        """Return the line and the column of what an editor points at; never outside of the text."""
        line = min(max(position.line, 0), len(self.lines) - 1)
        text = self.lines[line]
        if line < position.line or position.character >= len(text) * 4:
            return line, len(text)
        if text.isascii():
            return line, min(position.character, len(text))
        # What ends in the middle of a character ends before it.
        head = text.encode(self._codec, "surrogatepass")[: position.character * self._width]
        return line, len(head.decode(self._codec, "ignore"))

    def _units(self, text: str) -> int:
        if text.isascii():
            return len(text)
        return len(text.encode(self._codec, "surrogatepass")) // self._width


def changed_text(text: str, change: Range, new: str, encoding: str | None = None) -> str:
    """Return a text with the part that an editor names replaced."""
    lines = TextLines(text, encoding)
    offsets = [0, *(found.end() for found in _END.finditer(text))]
    ends = [lines.column(change.start), lines.column(change.end)]
    first, last = (offsets[line] + column for line, column in ends)
    return text[:first] + new + text[max(first, last) :]
