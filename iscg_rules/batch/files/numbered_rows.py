"""Rows that were read from a file, by their number, and what was wrong with others."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from iscg_rules.batch.files.cell_decoding import Refused

__all__ = ["NumberedRows"]


@dataclass(frozen=True, slots=True, repr=False)
class NumberedRows:
    """Rows that were read: `numbers` gives each one's row in the file, from 1.

    `refused` names rows by that number, with a column (empty where the whole row is meant) and a
    code; a refused row may still be in the table. `count` is how many rows there were.
    """

    table: pa.Table
    numbers: npt.NDArray[np.int64]
    refused: list[Refused]
    count: int
