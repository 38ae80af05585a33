"""One bit a row, in whole words of 64 rows, lowest first, as Arrow has them."""

from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = ["WORD", "Words", "packed", "padded", "whole_words"]

WORD = 64
Words = npt.NDArray[np.uint64]


def padded(length: int) -> int:
    """Round a number of rows up to whole words."""
    return -(-length // WORD) * WORD


def packed(held: npt.NDArray[Any]) -> Words:
    """Make one bit of each number, set where it is not 0, in whole words."""
    # 1, 0, 7 -> 0b101
    octets = np.packbits(held, bitorder="little")
    return whole_words(octets, len(held)) if len(held) % WORD else octets.view(np.uint64)


def whole_words(octets: npt.NDArray[np.uint8], length: int) -> Words:
    """Return the bits of so many rows as whole words of their own, with zeros after the last."""
    filled = np.zeros(padded(length) // 8, np.uint8)
    filled[: len(octets)] = octets
    return filled.view(np.uint64)
