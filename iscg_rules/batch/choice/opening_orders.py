"""Some hours at every moment: which of them answer in time, and in which order they open."""

from collections.abc import Iterable
from itertools import repeat
from threading import Lock

import numpy as np
import numpy.typing as npt

from iscg_rules.batch.choice.clock import Month
from iscg_rules.language.moments import Opening
from iscg_rules.model.scales import Urgency
from iscg_rules.recommend.partner_choice import answers_in_time, waiting

__all__ = ["TIMINGS", "OpeningOrders"]

# The urgencies for which it matters when a partner opens, and one for all others.
TIMINGS = tuple(urgency.place for urgency in (Urgency.NOW, Urgency.TODAY, Urgency.WEEK))
# Of each text of hours, whether it answers in time for each of `TIMINGS`, and its turn to open.
_Order = tuple[tuple[tuple[bool | None, ...], int], ...]


class OpeningOrders:
    """The orders in which some hours answer in time and open, numbered as they are met."""

    def __init__(self, hours: tuple[str, ...]) -> None:
        self._hours = hours
        self._numbers: dict[_Order, int] = {}
        self._months: dict[int | None, npt.NDArray[np.intp]] = {}
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._numbers)

    def of(self, months: Iterable[Month]) -> npt.NDArray[np.intp]:
        """Return the number of the order in each piece of some months."""
        with self._lock:
            return np.concatenate([self._of_month(month) for month in months])

    def _of_month(self, month: Month) -> npt.NDArray[np.intp]:
        numbers = self._months.get(month.number)
        if numbers is None:
            orders = map(
                _order, zip(*(_openings(text, month) for text in self._hours), strict=True)
            )
            met = [self._numbers.setdefault(order, len(self._numbers)) for order in orders]
            numbers = self._months[month.number] = np.array(met, np.intp)
        return numbers


def _openings(text: str, month: Month) -> Iterable[Opening]:
    return month.openings[text] if text else repeat(Opening(None), len(month.starts))


def _order(openings: tuple[Opening, ...]) -> _Order:
    waits = [waiting(opening) for opening in openings]
    turns = sorted(set(waits))
    in_time = (
        tuple(answers_in_time(opening, timing) for timing in TIMINGS) for opening in openings
    )
    return tuple(zip(in_time, map(turns.index, waits), strict=True))
