"""What is known of one variable in every row, and the bits that a circuit asks for.

The bits are those of `packed_bits`; what is beyond the last row is of no account.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from iscg_rules.batch.circuit.digits import DIGIT
from iscg_rules.batch.circuit.gates import KNOWN
from iscg_rules.batch.packed_bits import WORD, Words, packed
from iscg_rules.language.answer_classes import choice_domain

__all__ = ["IN_FORCE", "RANGE", "YES", "YES_NO", "AnswerSource", "Bits", "Codes", "Days", "Numbers"]

# What a source is asked for, beside what `gates` and `digits` name.
YES, RANGE, IN_FORCE = "yes", "range", "in_force"
YES_NO = choice_domain(("yes", "no"))
_EPOCH = date(1970, 1, 1).toordinal()


class AnswerSource(Protocol):
    """The answers to one variable; `is_sure` says that no row lacks one."""

    @property
    def is_sure(self) -> bool:
        """Tell whether every row has an answer."""

    def line(self, asked: Sequence[Any], first: int, last: int) -> Words:
        """Return the rows of some words that pass; arbitrary where the answer is unknown."""


class _MayLack:
    """What holds the rows with an answer in `sure`, None where every row has one."""

    sure: Words | None

    @property
    def is_sure(self) -> bool:
        """Tell whether every row has an answer."""
        return self.sure is None


@dataclass(frozen=True)
class Codes(_MayLack):
    """The number of a class a row; rows not in `sure`, None for all, may hold any number."""

    codes: npt.NDArray[Any]
    sure: Words | None

    def line(self, asked: Sequence[Any], first: int, last: int) -> Words:
        """Return the rows with a digit, or in one of some classes."""
        if asked == KNOWN:
            return _known(self.sure, first, last)
        codes = self.codes[first * WORD : last * WORD]
        form, *numbers = asked
        if form == DIGIT:
            return packed(codes & (1 << numbers[0]))
        table = np.zeros(np.iinfo(self.codes.dtype).max + 1, np.bool_)
        table[numbers] = True
        return packed(table.take(codes))


@dataclass(frozen=True)
class Bits(_MayLack):
    """A yes/no answer, as bits, not set where it is unknown; `sure` is None where none is."""

    yes: Words
    sure: Words | None

    def line(self, asked: Sequence[Any], first: int, last: int) -> Words:
        """Return the rows with yes."""
        return _known(self.sure, first, last) if asked == KNOWN else self.yes[first:last]


@dataclass(frozen=True)
class Numbers(_MayLack):
    """A number a row; a test is a low and a high bound, both included, None for no bound."""

    numbers: npt.NDArray[np.float64]
    sure: Words | None

    def line(self, asked: Sequence[Any], first: int, last: int) -> Words:
        """Return the rows between two bounds."""
        if asked == KNOWN:
            return _known(self.sure, first, last)
        _, low, high = asked
        numbers = self.numbers[first * WORD : last * WORD]
        held = np.ones(len(numbers), np.bool_)
        if low is not None:
            held &= numbers >= low
        if high is not None:
            held &= numbers <= high
        return packed(held)


@dataclass(frozen=True)
class Days:
    """The day of each row, in days since 1970; a test is the two dates of a rule.

    Where the moment is unknown, a rule is in force unless it ends one day.
    """

    days: npt.NDArray[np.int64]
    unknown: npt.NDArray[np.bool_]
    is_sure: bool = True

    def line(self, asked: Sequence[Any], first: int, last: int) -> Words:
        """Return the rows on whose day a rule is in force."""
        _, begins, ends = asked
        rows = slice(first * WORD, last * WORD)
        days = self.days[rows]
        held = np.ones(len(days), np.bool_)
        if isinstance(begins, date):
            held &= days >= begins.toordinal() - _EPOCH
        if isinstance(ends, date):
            held &= days <= ends.toordinal() - _EPOCH
        held[self.unknown[rows]] = ends is None
        return packed(held)


def _known(sure: Words | None, first: int, last: int) -> Words:
    # INVARIANT: a circuit asks only where some row lacks an answer.
    assert sure is not None
    return sure[first:last]
