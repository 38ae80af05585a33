"""Lines of text files, sorted out before anything reads them as cells: one line is one row.

No cell of a table of situations holds a line break or a quote, so neither can reach over the end
of its line: whatever is wrong with one line stays with that line.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

import numpy as np
import numpy.typing as npt

from iscg_rules.errors import IscgError, Problem

__all__ = ["BOM", "LONGEST", "UTF16", "Lines", "Sound", "cut", "not_utf8", "sort_out"]

LONGEST = 1 << 20
BOM, UTF16 = b"\xef\xbb\xbf", (b"\xff\xfe", b"\xfe\xff")
_BLOCK = 4 << 20
_NEWLINE, _RETURN, _QUOTE, _ASCII_END = 10, 13, 34, 128

Positions = npt.NDArray[np.int64]
Bytes = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True, repr=False)
class Lines:
    """Whole lines of a file; `first` is the row number of the first, `data` ends with one."""

    first: int
    data: bytes


@dataclass(frozen=True, slots=True, repr=False)
class Sound:
    """The lines that are rows, ready to be read, and the others.

    `rows` numbers the lines of `data` from 0 within the block; `wrong` gives, by such a number,
    the code of what is wrong. Blank lines are neither.
    """

    data: bytes
    rows: Positions
    wrong: dict[int, str]
    has_quotes: bool


def cut(file: BinaryIO, count: int) -> Iterator[Lines]:
    """Cut what is left of a file into blocks of `count` lines, whatever the lines hold.

    Raises:
        IscgError: B015 when a line is so long that this is no file of lines.
    """
    first, kept, held = 1, b"", 0
    while block := file.read(_BLOCK):
        kept += block
        held += block.count(b"\n")
        if held < count:
            _refuse_endless(kept)
            continue
        ends = _positions(kept, _NEWLINE)
        start = 0
        for last in range(count - 1, len(ends), count):
            stop = int(ends[last]) + 1
            yield Lines(first, kept[start:stop])
            first, start = first + count, stop
        kept = kept[start:]
        held %= count
        _refuse_endless(kept)
    if kept:
        yield Lines(first, kept if kept.endswith(b"\n") else kept + b"\n")


def _refuse_endless(kept: bytes) -> None:
    if len(kept) > LONGEST and b"\n" not in kept[-LONGEST:]:
        text = (
            f"une ligne passe {LONGEST} octets : ce n'est pas un tableau, une situation par ligne"
        )
        raise IscgError(
            [Problem("B015", text, help="enregistrez-le de nouveau en CSV ou JSON Lines")]
        )


def sort_out(data: bytes, *, delimiter: str, columns: int) -> Sound:
    """Set aside every line that is no row of so many cells.

    A quote may only open and close a whole cell; with another one inside it, no cell could hold
    an answer.

    Args:
        data: whole lines.
        delimiter: one ASCII character.
        columns: how many cells each row must have.
    """
    characters = np.frombuffer(data, np.uint8)
    ends = _positions(data, _NEWLINE)
    starts = np.concatenate(([0], ends[:-1] + 1))
    quotes = _positions(data, _QUOTE)
    wrong: dict[int, str] = {}
    cells = _cells(characters, starts, ends, quotes, ord(delimiter))
    marked = _with_stray_marks(characters, starts, ends, quotes, ord(delimiter))
    wrong |= dict.fromkeys(np.flatnonzero(cells != columns).tolist(), "B021")
    wrong |= dict.fromkeys(marked.tolist(), "B022")
    wrong |= dict.fromkeys(_undecodable(data, characters, starts, ends), "B023")
    is_return = characters[np.maximum(ends - 1, 0)] == _RETURN
    is_blank = (ends - starts) == (is_return & (ends > starts))
    is_row = ~is_blank
    is_row[list(wrong)] = False
    wrong = {line: wrong[line] for line in sorted(wrong) if not is_blank[line]}
    kept = data if is_row.all() else characters[np.repeat(is_row, ends + 1 - starts)].tobytes()
    return Sound(kept, np.flatnonzero(is_row), wrong, has_quotes=bool(len(quotes)))


def _positions(data: bytes, wanted: int) -> Positions:
    return np.flatnonzero(np.frombuffer(data, np.uint8) == wanted)


def _cells(
    characters: Bytes, starts: Positions, ends: Positions, quotes: Positions, delimiter: int
) -> Positions:
    """Count the cells of each line; a delimiter between two quotes parts nothing."""
    parting = np.flatnonzero(characters == delimiter)
    if len(quotes):
        line = np.searchsorted(ends, parting)
        before = np.searchsorted(quotes, parting) - np.searchsorted(quotes, starts)[line]
        parting = parting[before % 2 == 0]
    return np.searchsorted(parting, ends) - np.searchsorted(parting, starts) + 1


def _with_stray_marks(
    characters: Bytes, starts: Positions, ends: Positions, quotes: Positions, delimiter: int
) -> Positions:
    """Find lines where a quote stands inside a cell or is never closed, or a line end is half."""
    returns = np.flatnonzero(characters == _RETURN)
    stray = [np.searchsorted(ends, returns[characters[returns + 1] != _NEWLINE])]
    if len(quotes):
        line = np.searchsorted(ends, quotes)
        first = np.searchsorted(quotes, starts)
        place = np.arange(len(quotes)) - first[line]
        before, after = characters[quotes - 1], characters[quotes + 1]
        opens = (before == delimiter) | (quotes == starts[line])
        closes = (after == delimiter) | (after == _NEWLINE) | (after == _RETURN)
        stray.append(line[~np.where(place % 2 == 0, opens, closes)])
        stray.append(np.flatnonzero(np.diff(np.append(first, len(quotes))) % 2))
    return np.unique(np.concatenate(stray))


def _undecodable(data: bytes, characters: Bytes, starts: Positions, ends: Positions) -> list[int]:
    if data.isascii():
        return []
    foreign = np.unique(np.searchsorted(ends, np.flatnonzero(characters >= _ASCII_END)))
    return [int(line) for line in foreign if not _is_utf8(data[starts[line] : ends[line]])]


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True


def not_utf8(text: str) -> Problem:
    """Say that a whole file is written in another way."""
    aid = "dans le tableur : enregistrer sous, « CSV UTF-8 »"
    return Problem("Y004", text, help=aid)
