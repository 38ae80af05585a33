"""One bit a row, in whole words of 64 rows, lowest first, as Arrow has them."""

from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = ["WORD", "Words", "packed", "padded"]

WORD = 64
Words = npt.NDArray[np.uint64]


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
