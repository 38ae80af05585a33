"""What is known of one variable in every row, and the bits of its tests.

Bits run along the rows, lowest first, as Arrow has them. Every source is as long as the rows
rounded up to whole words of 64; what is beyond the last row is of no account.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

__all__ = ["WORD", "Bits", "Codes", "Days", "Numbers", "Source", "Words", "packed", "padded"]

WORD = 64
Words = npt.NDArray[np.uint64]
# More comparisons than this cost more than a table.
_FEW = 8
_EPOCH = date(1970, 1, 1).toordinal()


def padded(length: int) -> int:
    """Round a number of rows up to whole words."""
    return -(-length // WORD) * WORD


def packed(held: npt.NDArray[np.bool_]) -> Words:
    """Make one bit of each Boolean, in whole words."""
    found = np.zeros(padded(len(held)) // 8, np.uint8)
    part = np.packbits(held, bitorder="little")
    found[: len(part)] = part
    return found.view(np.uint64)


class Source(Protocol):
    """The answers to one variable; `is_sure` says that no row lacks one."""

    @property
    def is_sure(self) -> bool:
        """Tell whether every row has an answer."""

    def known(self, start: int, stop: int) -> Words:
        """Give the rows that have an answer."""

    def test(self, wanted: Sequence[Any], start: int, stop: int) -> Words:
        """Give the rows whose answer passes; never one without an answer."""


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

    def known(self, start: int, stop: int) -> Words:
        """Give the rows that have an answer."""
        assert self.sure is not None
        return self.sure[start // WORD : stop // WORD]

    def test(self, wanted: Sequence[Any], start: int, stop: int) -> Words:
        """Give the rows whose class is one of these."""
        codes = self.codes[start:stop]
        listed = [self.numbers[place] for place in wanted if self.numbers[place] >= 0]
        if len(listed) < _FEW:
            found = np.zeros(len(codes) // WORD, np.uint64)
            for number in listed:
                found |= packed(codes == number)
        else:
            table = np.zeros(np.iinfo(codes.dtype).max + 1, np.bool_)
            table[listed] = True
            found = packed(table.take(codes))
        return found if self.sure is None else found & self.known(start, stop)


@dataclass(frozen=True)
class Bits:
    """A yes/no answer, as bits; `sure` is None where every row has one."""

    yes: Words
    sure: Words | None

    @property
    def is_sure(self) -> bool:
        """Tell whether every row has an answer."""
        return self.sure is None

    def known(self, start: int, stop: int) -> Words:
        """Give the rows that have an answer."""
        assert self.sure is not None
        return self.sure[start // WORD : stop // WORD]

    def test(self, wanted: Sequence[Any], start: int, stop: int) -> Words:
        """Give the rows whose answer is yes, class 0, or no, class 1."""
        yes = self.yes[start // WORD : stop // WORD]
        if wanted[0] == 0:
            return yes
        return ~yes if self.sure is None else self.known(start, stop) & ~yes


@dataclass(frozen=True)
class Numbers:
    """A number a row; tests are a low and a high bound, both included, None for no bound."""

    numbers: npt.NDArray[np.float64]
    sure: Words | None

    @property
    def is_sure(self) -> bool:
        """Tell whether every row has an answer."""
        return self.sure is None

    def known(self, start: int, stop: int) -> Words:
        """Give the rows that have an answer."""
        assert self.sure is not None
        return self.sure[start // WORD : stop // WORD]

    def test(self, wanted: Sequence[Any], start: int, stop: int) -> Words:
        """Give the rows whose number lies between the bounds."""
        low, high = wanted
        numbers = self.numbers[start:stop]
        held = np.ones(len(numbers), np.bool_)
        if low is not None:
            held &= numbers >= low
        if high is not None:
            held &= numbers <= high
        return packed(held) if self.sure is None else packed(held) & self.known(start, stop)


@dataclass(frozen=True)
class Days:
    """The day of each row, in days since 1970; a test is the two dates of a rule.

    Where the moment is unknown, a rule is in force unless it ends one day.
    """

    days: npt.NDArray[np.int64]
    unknown: npt.NDArray[np.bool_]
    is_sure: bool = True

    def known(self, start: int, stop: int) -> Words:
        """Give the rows where it can be told whether a rule is in force: all."""
        return ~np.zeros((stop - start) // WORD, np.uint64)

    def test(self, wanted: Sequence[Any], start: int, stop: int) -> Words:
        """Give the rows on whose day a rule is in force."""
        first, last = wanted
        days = self.days[start:stop]
        held = np.ones(len(days), np.bool_)
        if isinstance(first, date):
            held &= days >= first.toordinal() - _EPOCH
        if isinstance(last, date):
            held &= days <= last.toordinal() - _EPOCH
        held[self.unknown[start:stop]] = last is None
        return packed(held)
