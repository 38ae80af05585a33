"""Lines of a text, and columns in the units in which an editor counts them."""

import re
from types import MappingProxyType

from lsprotocol.types import Position, Range

__all__ = ["TextLines"]

# What the protocol takes for the end of a line: nothing else.
_END = re.compile(r"\r\n|\n|\r")
_CODECS = MappingProxyType({"utf-8": ("utf-8", 1), "utf-32": ("utf-32-le", 4)})
_UTF_16 = ("utf-16-le", 2)


class TextLines:
    """The lines of a text, without their ends; columns count characters, positions units."""

    def __init__(
        self, text: str, encoding: str | None = None, lines: list[str] | None = None
    ) -> None:
        """Split a text.

        Args:
            text: all of it.
            encoding: in whose units the editor counts; UTF-16 when it does not say.
            lines: of the text, where they are known.
        """
        self.text = text
        self.encoding = encoding
        self._is_plain = "\r" not in text
        if lines is None:
            lines = text.split("\n") if self._is_plain else _END.split(text)
        self.lines: list[str] = lines
        self._codec, self._width = _CODECS.get(encoding or "", _UTF_16)

    @property
    def newlined(self) -> str:
        """The text with every line ended alike."""
        return self.text if self._is_plain else "\n".join(self.lines)

    def changed(self, change: Range, new: str) -> "TextLines":
        """Return the text with the part that an editor names replaced."""
        start = self.column(change.start)
        end = max(start, self.column(change.end))
        first, last = (self._offset(*place) for place in (start, end))
        text = self.text[:first] + new + self.text[last:]
        if not self._is_plain or "\r" in new:
            return TextLines(text, self.encoding)
        written = self.lines[start[0]][: start[1]] + new + self.lines[end[0]][end[1] :]
        lines = [*self.lines[: start[0]], *written.split("\n"), *self.lines[end[0] + 1 :]]
        return TextLines(text, self.encoding, lines)

    def _offset(self, line: int, column: int) -> int:
        if self._is_plain:
            return sum(map(len, self.lines[:line])) + line + column
        ends = [0, *(found.end() for found in _END.finditer(self.text))]
        return ends[line] + column

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
