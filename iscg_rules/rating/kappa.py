"""Weighted κ: how far two readers of ordered classes agree, beyond what chance would give.

Source: Cohen 1968, « Weighted kappa » (Psychological Bulletin 70, 213-220). Tests hold it to what
SAS and R print.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from math import sqrt

__all__ = ["Kappa", "grouped_kappa"]

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
    return Kappa(len(pairs), value, max(-1.0, value - _Z * error), min(1.0, value + _Z * error))


def _weight(one: int, other: int, classes: int) -> float:
    """Say how far two classes agree: 1 for the same, 0 for the two ends."""
    return 1 - abs(one - other) / (classes - 1)


def _value(pairs: Sequence[Pair], classes: int) -> float | None:
    """Return κ; None without pairs, and where both said one and the same class of everything."""
    if not pairs:
        return None
    first, second = Counter(one for one, _ in pairs), Counter(other for _, other in pairs)
    observed = sum(_weight(one, other, classes) for one, other in pairs) / len(pairs)
    by_chance = sum(
        _weight(one, other, classes) * first[one] * second[other]
        for one in first
        for other in second
    )
    expected = by_chance / len(pairs) ** 2
    return None if expected > 1 - 1e-12 else (observed - expected) / (1 - expected)
