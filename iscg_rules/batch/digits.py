"""Sets of answers, read by the binary digits of their numbers."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from iscg_rules.batch.bits import WORD, Words, packed, padded

__all__ = ["DigitReader"]

# The rows of a part of a set: some, or all, or none.
_Part = Words | bool


class DigitReader:
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
        """Give the rows that have an answer."""
        assert self._sure is not None
        return self._sure

    def test(self, wanted: Sequence[Any]) -> Words:
        """Give the rows whose class is one of these."""
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
