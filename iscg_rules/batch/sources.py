"""What is known of one variable in every row, and the bits of its tests.

The bits are those of `bits`; what is beyond the last row is of no account.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from iscg_rules.batch.bits import WORD, Words, packed, padded
from iscg_rules.batch.digits import DigitReader

__all__ = ["Bits", "Codes", "Days", "Numbers", "Reader", "Source"]

# More comparisons than this cost more than a table.
_FEW = 8
# More digits split sets into too many parts.
_MOST_DIGITS = 5
_EPOCH = date(1970, 1, 1).toordinal()


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
            return DigitReader(codes, self.numbers, planes, sure)
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
