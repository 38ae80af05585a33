"""The words of one entry as it is written, half of it perhaps, each with its path; never fails.

Of `orient:` above `- {to: adil, ur`: the keys `orient`, `to` and `ur`, and `adil` at
`("orient", 0, "to")`. What YAML refuses still has words: a quote that is not closed ends with its
line, a bracket with the entry.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

__all__ = ["Word", "WordPath", "find_words"]

WordPath = tuple[str | int, ...]
_KEY = re.compile(
    r"""("(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[^\s"'\[\]{},#&*!|>%@`-][^#"]*?|-\S[^#"]*?)\s*:(?=\s|$)"""
)
_DASH = re.compile(r"-(?=\s|$)")
_DOUBLE = re.compile(r'"((?:[^"\\]|\\.)*)("?)')
_SINGLE = re.compile(r"'((?:[^']|'')*)('?)")
_PLAIN = re.compile(r"(?:[^\s:#]|:(?!\s|$)|(?<=\S)#|[ \t]+(?![#\s]|$))+")
_FLOW_PLAIN = re.compile(
    r"(?:[^\s\[\]{},:#]|:(?![\s\[\]{},]|$)|(?<=\S)#|[ \t]+(?![#\s\[\]{},]|:(?:\s|$)|$))+"
)
_STARTS_ENTRY = re.compile(r"\s*(?:- )?[\w-]+:(?:\s|$)")


@dataclass(frozen=True, slots=True)
class Word:
    """One key or value: its text, the columns between which it is written, quotes included.

    Attributes:
        line: counted from the first line of the entry.
        path: of keys and positions, its own key included.
        is_key: whether it is a key, or stands where only a key can.
    """

    text: str
    line: int
    start: int
    end: int
    path: WordPath
    is_key: bool


@dataclass(slots=True)
class _Level:
    """What is open: the column where it stands (-1 in brackets), and where the next word goes."""

    column: int
    is_list: bool
    path: WordPath
    count: int = -1
    key: str | None = None

    @property
    def inside(self) -> WordPath:
        """Where a value goes."""
        if self.is_list:
            return (*self.path, max(self.count, 0))
        return self.path if self.key is None else (*self.path, self.key)


def find_words(lines: Sequence[str]) -> tuple[Word, ...]:
    """Return the words of the lines of one entry, in their order."""
    return tuple(_Scanner(lines).words())


@dataclass(slots=True)
class _Scanner:
    lines: Sequence[str]
    _number: int = 0
    _blocks: list[_Level] = field(default_factory=list)
    _brackets: list[_Level] = field(default_factory=list)

    def words(self) -> Iterator[Word]:
        block_text: int | None = None
        while self._number < len(self.lines):
            line = self.lines[self._number]
            column = len(line) - len(line.lstrip(" \t"))
            is_empty = column == len(line)
            if block_text is not None and (is_empty or column > block_text):
                self._number += 1
                continue
            block_text = None
            if self._brackets and _STARTS_ENTRY.match(line) and column <= self._blocks_column:
                # Nobody closed them: here is the next key.
                self._brackets.clear()
            if self._brackets:
                yield from self._in_brackets(line, 0)
            elif not is_empty and line[column] != "#":
                yield from self._block_line(line, column)
                if self._is_block_text():
                    block_text = self._blocks_column
            self._number += 1

    @property
    def _blocks_column(self) -> int:
        return self._blocks[-1].column if self._blocks else -1

    def _is_block_text(self) -> bool:
        line = self.lines[min(self._number, len(self.lines) - 1)]
        return re.search(r"(?:: |- |:\t)\s*[|>][+-]?[0-9]?\s*(?:#.*)?$", line) is not None

    def _block_line(self, line: str, column: int) -> Iterator[Word]:
        while found := _DASH.match(line, column):
            self._list_at(column)
            following = re.compile(r"\S").search(line, found.end())
            if following is None:
                return
            column = following.start()
        key = _KEY.match(line, column)
        if key is None or line.startswith(("{", "["), column):
            at = self._blocks[-1] if self._blocks else None
            # As far in as the keys beside it: it will be one.
            is_key = at is not None and not at.is_list and at.column == column
            yield from self._value(line, column, is_key=is_key)
            return
        level = self._keys_at(column)
        level.key = _bare(key[1])
        yield Word(level.key, self._number, column, key.end(1), level.inside, is_key=True)
        following = re.compile(r"\S").search(line, key.end())
        if following is not None and line[following.start()] != "#":
            yield from self._value(line, following.start())

    def _list_at(self, column: int) -> None:
        self._close(column)
        top = self._blocks[-1] if self._blocks else None
        if top is None or top.column < column or not top.is_list:
            top = _Level(column, is_list=True, path=top.inside if top else ())
            self._blocks.append(top)
        top.count += 1

    def _keys_at(self, column: int) -> _Level:
        self._close(column)
        # A list may stand as far in as the key that it belongs to.
        while self._blocks and self._blocks[-1].column == column and self._blocks[-1].is_list:
            self._blocks.pop()
        top = self._blocks[-1] if self._blocks else None
        if top is None or top.column < column:
            top = _Level(column, is_list=False, path=top.inside if top else ())
            self._blocks.append(top)
        return top

    def _close(self, column: int) -> None:
        while self._blocks and self._blocks[-1].column > column:
            self._blocks.pop()

    def _inside(self) -> WordPath:
        level = self._brackets or self._blocks
        return level[-1].inside if level else ()

    def _value(self, line: str, column: int, *, is_key: bool = False) -> Iterator[Word]:
        if line[column] in "{[":
            yield from self._in_brackets(line, column)
        elif line[column] in "\"'":
            yield self._quoted(line, column)
        elif line[column] not in "|>" and (found := _PLAIN.match(line, column)):
            self._close(column)
            base = self._blocks[-1].path if is_key and self._blocks else self._inside()
            path = (*base, found[0]) if is_key else base
            yield Word(found[0], self._number, column, found.end(), path, is_key)

    def _quoted(self, line: str, column: int) -> Word:
        """Return what stands in quotes; over several lines where they are closed in this entry."""
        pattern = _DOUBLE if line[column] == '"' else _SINGLE
        found = pattern.match(line, column)
        assert found is not None
        path, first = self._inside(), self._number
        if found[2]:
            return Word(_unescaped(found[0]), first, column, found.end(), path, is_key=False)
        for last in range(first + 1, len(self.lines)):
            if _STARTS_ENTRY.match(self.lines[last]):
                break
            if line[column] in self.lines[last]:
                text = " ".join([found[1], *map(str.strip, self.lines[first + 1 : last])])
                self._number = last
                return Word(text, first, column, len(line), path, is_key=False)
        return Word(found[1], first, column, len(line.rstrip()), path, is_key=False)

    def _in_brackets(self, line: str, column: int) -> Iterator[Word]:
        while column < len(line):
            mark = line[column]
            if mark in "{[}],":
                if not self._bracket(mark):
                    return
            elif mark == "#" and (column == 0 or line[column - 1] in " \t"):
                return
            elif mark not in " \t:":
                number = self._number
                word = self._bracketed(line, column)
                yield word
                column = word.end
                if self._number > number:
                    # The quotes were closed on a later line.
                    quote = line[word.start]
                    line = self.lines[self._number]
                    column = line.index(quote) + 1
                continue
            column += 1

    def _bracket(self, mark: str) -> bool:
        """Open, close or go on; tell whether anything is still open."""
        if mark in "{[":
            self._brackets.append(_Level(-1, is_list=mark == "[", path=self._inside()))
        elif mark == ",":
            level = self._brackets[-1]
            level.count, level.key = max(level.count, 0) + 1, None
        else:
            self._brackets.pop()
        return bool(self._brackets)

    def _bracketed(self, line: str, column: int) -> Word:
        """Return the word at a column inside brackets."""
        level = self._brackets[-1]
        if line[column] in "\"'":
            word = self._quoted(line, column)
        else:
            found = _FLOW_PLAIN.match(line, column)
            end = found.end() if found else column + 1
            text = found[0] if found else line[column]
            word = Word(text, self._number, column, end, level.inside, is_key=False)
        if not level.is_list and level.key is None:
            level.key = word.text
            return Word(word.text, word.line, column, word.end, level.inside, is_key=True)
        return word


def _bare(text: str) -> str:
    return _unescaped(text) if text[:1] in "\"'" else text


def _unescaped(text: str) -> str:
    if text.startswith("'"):
        return text[1:].removesuffix("'").replace("''", "'")
    return re.sub(r'\\(["\\/])', r"\1", text[1:].removesuffix('"'))
