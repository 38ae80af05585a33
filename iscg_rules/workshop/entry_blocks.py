"""A file of authors, cut into its entries: one that changes is looked at, and no other.

A quote or a bracket that nobody closed spoils its own entry only.
"""

import re
from collections.abc import Iterator, Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from iscg_rules.workshop.lenient_words import Word, find_words

__all__ = ["Entry", "cut"]

_SECTION = re.compile(r"""["']?([A-Za-z_][\w-]*)["']?\s*:(?=\s|$)""")
_ITEM = re.compile(r"( *)-(?=\s|$)")


@dataclass(frozen=True)
class Entry:
    """One item of a list at the top of a file, or what stands under a key there.

    Attributes:
        section: the key at the top; empty before the first.
        first_line: in its file, from 0.
        lines: as they are written.
        words: what stands in them; lines counted from `first_line`.
    """

    section: str
    first_line: int
    lines: tuple[str, ...]
    words: tuple[Word, ...]

    @property
    def end_line(self) -> int:
        """The last line that is not empty."""
        filled = [n for n, line in enumerate(self.lines) if line.strip() and line.strip()[0] != "#"]
        return self.first_line + (filled[-1] if filled else 0)

    @cached_property
    def texts(self) -> Mapping[tuple[str | int, ...], str]:
        """The values by their paths."""
        return {word.path: word.text for word in self.words if not word.is_key}

    @property
    def id(self) -> str | None:
        """What the entry is called."""
        return self.texts.get(("id",))

    def text(self, *path: str | int) -> str | None:
        """Return a value; None where there is none."""
        return self.texts.get(path)

    def listed(self, *path: str | int) -> tuple[str, ...]:
        """Return the values of a list, or the one that stands in its place."""
        depth = len(path)
        return tuple(
            text
            for where, text in self.texts.items()
            if where == path or (where[:depth] == path and len(where) == depth + 1)
        )


def cut(
    lines: Sequence[str], known: MutableMapping[tuple[str, ...], tuple[Word, ...]]
) -> Iterator[Entry]:
    """Yield the entries of a file.

    Args:
        lines: of the whole file.
        known: the words of entries that were looked at before, by their lines; new ones are added.
    """
    starts: list[tuple[int, str]] = []
    section, indent = "", None
    for number, line in enumerate(lines):
        if found := _SECTION.match(line):
            section, indent = found[1], None
            starts.append((number, section))
        elif found := _ITEM.match(line):
            indent = len(found[1]) if indent is None else indent
            if len(found[1]) <= indent:
                starts.append((number, section))
    ends = [number for number, _ in starts[1:]]
    for (first, name), end in zip(starts, [*ends, len(lines)], strict=False):
        own = tuple(lines[first:end])
        if own not in known:
            known[own] = _words_of(own)
        yield Entry(name, first, own, known[own])


def _words_of(lines: tuple[str, ...]) -> tuple[Word, ...]:
    words = find_words(lines)
    if not _ITEM.match(lines[0]):
        return words
    # The position in the list is of no use: an entry is known by its id.
    return tuple(
        Word(word.text, word.line, word.start, word.end, word.path[1:], word.is_key)
        for word in words
    )
