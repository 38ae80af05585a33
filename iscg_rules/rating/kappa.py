"""Weighted κ: how far two readers of ordered classes agree, beyond what chance would give.

Sources: Cohen 1968, « Weighted kappa » (Psychological Bulletin 70, 213-220); its variance: Fleiss,
Cohen and Everitt 1969 (Psychological Bulletin 72, 323-327), as the SAS manual gives it (PROC FREQ,
Tests and Measures of Agreement). Tests hold it to figures that SAS and R print.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from math import sqrt

__all__ = ["Kappa", "grouped_kappa", "weighted_kappa"]

# Of a normal law, what leaves 2.5 % on each side.
_Z = 1.959963984540054
Pair = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Kappa:
    """κ over some pairs, with the bounds of its 95 % interval; null where nothing tells."""

    items: int
    value: float | None
    low: float | None
    high: float | None


def weighted_kappa(pairs: Sequence[Pair], classes: int) -> Kappa:
    """Return κ with linear weights, and an interval that holds where pairs are independent.

    Args:
        pairs: what the two said of each thing, as classes 0, 1, 2 …
        classes: how many there are.
    """
    value = _value(pairs, classes)
    if value is None:
        return Kappa(len(pairs), None, None, None)
    error = sqrt(_variance(pairs, classes))
    return Kappa(len(pairs), value, *_bounds(value, error))


def grouped_kappa(groups: Sequence[Sequence[Pair]], classes: int) -> Kappa:
    """Return κ over all pairs, and an interval that knows that those of one group go together.

    The interval comes of leaving out one group at a time (jackknife): the aids of one situation are
    judged together, and counting them as independent would make it too narrow.
    """
    full = [group for group in groups if group]
    pairs = list(chain.from_iterable(full))
    value = _value(pairs, classes)
    without = [
        _value([pair for other in full if other is not group for pair in other], classes)
        for group in full
    ]
    known = [one for one in without if one is not None]
    if value is None or len(known) < max(len(full), 2):
        return Kappa(len(pairs), value, None, None)
    mean = sum(known) / len(known)
    spread = sum((one - mean) ** 2 for one in known)
    error = sqrt((len(known) - 1) / len(known) * spread)
    return Kappa(len(pairs), value, *_bounds(value, error))


def _bounds(value: float, error: float) -> tuple[float, float]:
    return max(-1.0, value - _Z * error), min(1.0, value + _Z * error)


def _weight(one: int, other: int, classes: int) -> float:
    """Say how far two classes agree: 1 for the same, 0 for the two ends."""
    return 1 - abs(one - other) / (classes - 1)


def _shares(pairs: Sequence[Pair], classes: int) -> tuple[list[float], list[float]]:
    """Return the share of each class, of the first reader and of the second."""
    first, second = [0.0] * classes, [0.0] * classes
    for one, other in pairs:
        first[one] += 1 / len(pairs)
        second[other] += 1 / len(pairs)
    return first, second


def _observed_and_expected(pairs: Sequence[Pair], classes: int) -> tuple[float, float]:
    first, second = _shares(pairs, classes)
    observed = sum(_weight(one, other, classes) for one, other in pairs) / len(pairs)
    expected = sum(
        _weight(one, other, classes) * first[one] * second[other]
        for one in range(classes)
        for other in range(classes)
    )
    return observed, expected


def _value(pairs: Sequence[Pair], classes: int) -> float | None:
    """Return κ; None without pairs, and where both said one and the same class of everything."""
    if not pairs:
        return None
    observed, expected = _observed_and_expected(pairs, classes)
    return None if expected > 1 - 1e-12 else (observed - expected) / (1 - expected)


def _variance(pairs: Sequence[Pair], classes: int) -> float:
    first, second = _shares(pairs, classes)
    observed, expected = _observed_and_expected(pairs, classes)
    every = range(classes)
    rows = [sum(_weight(one, other, classes) * second[other] for other in every) for one in every]
    columns = [sum(_weight(one, other, classes) * first[one] for one in every) for other in every]
    spread = sum(
        (
            _weight(one, other, classes) * (1 - expected)
            - (rows[one] + columns[other]) * (1 - observed)
        )
        ** 2
        for one, other in pairs
    ) / len(pairs)
    centre = (observed * expected - 2 * expected + observed) ** 2
    return max(0.0, spread - centre) / (len(pairs) * (1 - expected) ** 4)
