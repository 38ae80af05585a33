"""What is known of one variable in every row, and the bits of its tests.

Bits run along the rows, lowest first, as Arrow has them, in whole words of 64; what is beyond the
last row is of no account.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

__all__ = [
    "WORD",
    "Bits",
    "Codes",
    "Days",
    "Numbers",
    "Reader",
    "Source",
    "Words",
    "packed",
    "padded",
]

WORD = 64
Words = npt.NDArray[np.uint64]
# The rows of a part of a set: some, or all, or none.
_Part = Words | bool
# More comparisons than this cost more than a table.
_FEW = 8
# More digits split sets into too many parts.
_MOST_DIGITS = 5
_EPOCH = date(1970, 1, 1).toordinal()


def padded(length: int) -> int:
    """Round a number of rows up to whole words."""
    return -(-length // WORD) * WORD


def packed(held: npt.NDArray[Any]) -> Words:
    """Make one bit of each number, set where it is not 0, in whole words."""
    part = np.packbits(held, bitorder="little")
    if len(held) % WORD:
        found = np.zeros(padded(len(held)) // 8, np.uint8)
        found[: len(part)] = part
        return found.view(np.uint64)
    return part.view(np.uint64)


class Reader(Protocol):
    """The answers to one variable in some rows."""

    def known(self) -> Words:
        """Give the rows that have an answer."""

    def test(self, wanted: Sequence[Any]) -> Words:
        """Give the rows whose answer passes; never one without an answer."""


class Source(Protocol):
    """The answers to one variable; `is_sure` says that no row lacks one."""

    @property
    def is_sure(self) -> bool:
        """Tell whether every row has an answer."""

    def reader(self, start: int, stop: int, tests: int) -> Reader:
        """Give what reads some rows; `tests` is with how many answers they are compared."""


@dataclass(frozen=True)
class Codes:
    """One small number a row; tests are classes, and `numbers` gives each class its number.

    A class without a row has the number -1. Rows without an answer, those not in `sure`, may hold
    any number; `sure` is None where every row has an answer.
    """

    codes: npt.NDArray[Any]
    numbers: tuple[int, ...]
    sure: Words | None

    @property
    def is_sure(self) -> bool:
        """Tell whether every row has an answer."""
        return self.sure is None

    def reader(self, start: int, stop: int, tests: int) -> Reader:
        """Give what reads some rows."""
        sure = None if self.sure is None else self.sure[start // WORD : stop // WORD]
        codes = self.codes[start:stop]
        planes = max(max(self.numbers).bit_length(), 1)
        # One line of bits a digit, or one a test: whichever is less work.
        if planes <= min(tests, _MOST_DIGITS):
            return _DigitReader(codes, self.numbers, planes, sure)
        return _CodeReader(codes, self.numbers, sure)


@dataclass(frozen=True)
class _CodeReader:
    codes: npt.NDArray[Any]
    numbers: tuple[int, ...]
    sure: Words | None

    def known(self) -> Words:
        assert self.sure is not None
        return self.sure

    def test(self, wanted: Sequence[Any]) -> Words:
        listed = [self.numbers[place] for place in wanted if self.numbers[place] >= 0]
        if not listed:
            return np.zeros(padded(len(self.codes)) // WORD, np.uint64)
        if len(listed) < _FEW:
            found = packed(self.codes == listed[0])
            for number in listed[1:]:
                found |= packed(self.codes == number)
        else:
            table = np.zeros(np.iinfo(self.codes.dtype).max + 1, np.bool_)
            table[listed] = True
            found = packed(table.take(self.codes))
        if self.sure is not None:
            found &= self.sure
        return found


class _DigitReader:
    """Reads numbers by their binary digits: each digit is packed once, for all tests.

    A set of numbers is split by its highest digit into two smaller sets, as in a decision diagram,
    and equal parts of sets are worked out once.
    """

    def __init__(
        self, codes: npt.NDArray[Any], numbers: tuple[int, ...], planes: int, sure: Words | None
    ) -> None:
        self._codes = codes
        self._numbers = numbers
        self._sure = sure
        self._planes = planes
        self._used = sum(1 << number for number in numbers if number >= 0)
        self._digits: dict[tuple[int, int], Words] = {}
        self._sets: dict[tuple[int, int, int], Words] = {}

    def known(self) -> Words:
        assert self._sure is not None
        return self._sure

    def test(self, wanted: Sequence[Any]) -> Words:
        listed = [self._numbers[place] for place in wanted if self._numbers[place] >= 0]
        found = self._among(self._planes, sum(1 << number for number in listed), self._used)
        if isinstance(found, bool):
            value = np.iinfo(np.uint64).max if found else 0
            found = np.full(padded(len(self._codes)) // WORD, value, np.uint64)
        return found if self._sure is None else found & self._sure

    def _among(self, planes: int, wanted: int, used: int) -> _Part:
        """Give the rows whose last digits are a number of a set, among those that are used."""
        wanted &= used
        if wanted in (0, used):
            return bool(wanted)
        key = (planes, wanted, used)
        if key not in self._sets:
            self._sets[key] = self._split(planes - 1, wanted, used)
        return self._sets[key]

    def _split(self, plane: int, wanted: int, used: int) -> Words:
        half = 1 << plane
        first = (1 << half) - 1
        low = self._among(plane, wanted & first, used & first)
        high = self._among(plane, wanted >> half, used >> half)
        if not used & first or not used >> half:
            found = low if used & first else high
            assert not isinstance(found, bool)
            return found
        if isinstance(low, bool):
            rest = None if isinstance(high, bool) else high
            # Where low is all, what is 0 here or in high; where it is none, what is 1 in both.
            digit = self._digit(plane, 0 if low else 1)
            return digit if rest is None else digit | rest if low else digit & rest
        if isinstance(high, bool):
            digit = self._digit(plane, 1 if high else 0)
            return digit | low if high else digit & low
        if (wanted & first) ^ (wanted >> half) == first:
            return self._digit(plane, 1) ^ low
        return low if low is high else low ^ (self._digit(plane, 1) & (low ^ high))

    def _digit(self, plane: int, digit: int) -> Words:
        """Give the rows with a digit in one place of their number."""
        key = (plane, digit)
        if key not in self._digits:
            plain = packed(self._codes & (1 << plane)) if digit else ~self._digit(plane, 1)
            self._digits[key] = plain
        return self._digits[key]


@dataclass(frozen=True)
class Bits:
    """A yes/no answer, as bits; `sure` is None where every row has one."""

    yes: Words
    sure: Words | None

    @property
    def is_sure(self) -> bool:
        """Tell whether every row has an answer."""
        return self.sure is None

    def reader(self, start: int, stop: int, tests: int) -> Reader:  # noqa: ARG002 # see `Source`
        """Give what reads some rows."""
        words = slice(start // WORD, stop // WORD)
        return _BitReader(self.yes[words], None if self.sure is None else self.sure[words])


@dataclass(frozen=True)
class _BitReader:
    yes: Words
    sure: Words | None

    def known(self) -> Words:
        assert self.sure is not None
        return self.sure

    def test(self, wanted: Sequence[Any]) -> Words:
        """Give the rows whose answer is yes, class 0, or no, class 1."""
        if wanted[0] == 0:
            return self.yes
        return ~self.yes if self.sure is None else self.sure & ~self.yes


@dataclass(frozen=True)
class Numbers:
    """A number a row; tests are a low and a high bound, both included, None for no bound."""

    numbers: npt.NDArray[np.float64]
    sure: Words | None

    @property
    def is_sure(self) -> bool:
        """Tell whether every row has an answer."""
        return self.sure is None

    def reader(self, start: int, stop: int, tests: int) -> Reader:  # noqa: ARG002 # see `Source`
        """Give what reads some rows."""
        sure = None if self.sure is None else self.sure[start // WORD : stop // WORD]
        return _NumberReader(self.numbers[start:stop], sure)


@dataclass(frozen=True)
class _NumberReader:
    numbers: npt.NDArray[np.float64]
    sure: Words | None

    def known(self) -> Words:
        assert self.sure is not None
        return self.sure

    def test(self, wanted: Sequence[Any]) -> Words:
        low, high = wanted
        held = np.ones(len(self.numbers), np.bool_)
        if low is not None:
            held &= self.numbers >= low
        if high is not None:
            held &= self.numbers <= high
        return packed(held) if self.sure is None else packed(held) & self.sure


@dataclass(frozen=True)
class Days:
    """The day of each row, in days since 1970; a test is the two dates of a rule.

    Where the moment is unknown, a rule is in force unless it ends one day.
    """

    days: npt.NDArray[np.int64]
    unknown: npt.NDArray[np.bool_]
    is_sure: bool = True

    def reader(self, start: int, stop: int, tests: int) -> Reader:  # noqa: ARG002 # see `Source`
        """Give what reads some rows."""
        return _DayReader(self.days[start:stop], self.unknown[start:stop])


@dataclass(frozen=True)
class _DayReader:
    days: npt.NDArray[np.int64]
    unknown: npt.NDArray[np.bool_]

    def known(self) -> Words:
        raise AssertionError("whether a rule is in force is always known")

    def test(self, wanted: Sequence[Any]) -> Words:
        first, last = wanted
        held = np.ones(len(self.days), np.bool_)
        if isinstance(first, date):
            held &= self.days >= first.toordinal() - _EPOCH
        if isinstance(last, date):
            held &= self.days <= last.toordinal() - _EPOCH
        held[self.unknown] = last is None
        return packed(held)
