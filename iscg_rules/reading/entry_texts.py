"""A file of authors, cut into its entries by its lines alone; after a key, only around it.

What is cut is not read yet: a quote that nobody closed may go on into the next piece.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

__all__ = ["EntryTexts", "TextPiece", "cut_text"]

# A key at the top, or an item of a list.
_START = re.compile(
    r"""^(?:["']?([A-Za-z_][\w-]*)["']?[ \t]*:(?=\s|$)|( *)-(?=\s|$))""", re.MULTILINE
)


@dataclass(frozen=True, slots=True, eq=False)
class TextPiece:
    """Lines of a file: one item of a list, a key at the top until its first item, or the head.

    The same object for as long as its text is the same, wherever it moves.

    Attributes:
        section: the key at the top under which it stands; empty before the first.
        margin: before the first item of its list; None where it is no item.
        text: its lines, with their ends.
    """

    section: str
    margin: int | None
    text: str

    @property
    def is_head(self) -> bool:
        """Whether it stands before everything."""
        return not self.section and self.margin is None


@dataclass(frozen=True, slots=True)
class EntryTexts:
    """A text with its pieces, in their order; together they are the text.

    Attributes:
        text: all of it.
        pieces: of it.
        starts: where each of them starts in the text.
        lines: how many lines are above each of them.
    """

    text: str = ""
    pieces: Sequence[TextPiece] = ()
    starts: Sequence[int] = ()
    lines: Sequence[int] = ()


def cut_text(text: str, before: EntryTexts | None = None) -> EntryTexts:
    """Cut a text; only what ends in a newline is a line.

    Args:
        text: all of it.
        before: the same file as it was: what did not change keeps its pieces.
    """
    before = before or EntryTexts()
    same = _common(before.text, text)
    alike = _common_end(before.text, text, min(len(before.text), len(text)) - same)
    line = text.rfind("\n", 0, same) + 1
    # The last piece that starts above the line of the change may end elsewhere now.
    kept = max(0, bisect_left(before.starts, line) - 1)
    start = before.starts[kept] if kept else 0
    above = before.lines[kept] if kept else 0
    last = before.pieces[kept - 1] if kept else None
    longer = len(text) - len(before.text)
    found: list[tuple[int, str, int | None]] = []
    rest = len(before.pieces)
    for begin, section, margin in _starts(text, start, last):
        if begin >= len(text) - alike:
            same_at = bisect_left(before.starts, begin - longer)
            if same_at < len(before.starts) and before.starts[same_at] == begin - longer:
                piece = before.pieces[same_at]
                if (piece.section, piece.margin) == (section, margin) and not piece.is_head:
                    rest = same_at
                    break
        found.append((begin, section, margin))
    end = before.starts[rest] + longer if rest < len(before.pieces) else len(text)
    own = list(_pieces(text, found, end, before.pieces[kept:rest]))
    begins = [begin for begin, _, _ in found]
    lines = [*accumulate((piece.text.count("\n") for piece in own), initial=above)]
    further = _further(before, rest, longer, lines.pop())
    return EntryTexts(
        text,
        [*before.pieces[:kept], *own, *before.pieces[rest:]],
        [*before.starts[:kept], *begins, *further[0]],
        [*before.lines[:kept], *lines, *further[1]],
    )


def _further(
    before: EntryTexts, rest: int, longer: int, above: int
) -> tuple[Sequence[int], Sequence[int]]:
    """Return where what comes after a change starts now, and its lines."""
    if rest == len(before.pieces):
        return (), ()
    more = above - before.lines[rest]
    starts, lines = before.starts[rest:], before.lines[rest:]
    return (
        [start + longer for start in starts] if longer else starts,
        [line + more for line in lines] if more else lines,
    )


def _starts(text: str, start: int, last: TextPiece | None) -> Iterator[tuple[int, str, int | None]]:
    """Yield where each piece starts, its section and its margin, from the start of one on."""
    section, margin = (last.section, last.margin) if last else ("", None)
    is_first = last is None
    for found in _START.finditer(text, start):
        if is_first and found.start() > start:
            yield start, "", None
        is_first = False
        if found[1] is not None:
            section, margin = found[1], None
            yield found.start(), section, None
        else:
            indent = len(found[2])
            margin = indent if margin is None else margin
            if indent <= margin:
                yield found.start(), section, margin
    if is_first:
        yield start, "", None


def _pieces(
    text: str, found: Sequence[tuple[int, str, int | None]], end: int, before: Sequence[TextPiece]
) -> Iterator[TextPiece]:
    known: dict[tuple[str, int | None, str], list[TextPiece]] = {}
    for piece in reversed(before):
        known.setdefault((piece.section, piece.margin, piece.text), []).append(piece)
    ends = [*(begin for begin, _, _ in found), end][1:]
    for (begin, section, margin), until in zip(found, ends, strict=True):
        own = text[begin:until]
        same = known.get((section, margin, own))
        yield same.pop() if same else TextPiece(section, margin, own)


def _common(one: str, other: str) -> int:
    """Return how many characters two texts start with in common: halves are compared at once."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _common_end(one: str, other: str, most: int) -> int:
    low, high = 0, most
    while low < high:
        middle = (low + high + 1) // 2
        halves = (text[len(text) - middle : len(text) - low] for text in (one, other))
        if next(halves) == next(halves):
            low = middle
        else:
            high = middle - 1
    return low
