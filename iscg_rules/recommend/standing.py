"""How a kind stands: certain, possible or excluded, told once for every way of evaluating.

Over Booleans, one kind; over the bits of an integer, all kinds at once; over literals, diagrams or
columns, every situation at once.
"""

from collections.abc import Iterable
from functools import reduce
from operator import and_, or_
from typing import Generic, NamedTuple, TypeVar

from iscg_rules.language.truth_gates import BooleanGates, MustMay

__all__ = ["BITS", "Standing", "certain", "reachable", "standing"]

Gate = TypeVar("Gate")


class Standing(NamedTuple, Generic[Gate]):
    """At most one of the three is true of a kind; none where no rule leads to it."""

    certain: Gate
    possible: Gate
    excluded: Gate


def certain(gates: BooleanGates[Gate], oriented: MustMay[Gate], excluding: MustMay[Gate]) -> Gate:
    """Tell whether a kind is certain: a rule leads there, and none excludes it or could."""
    return gates.all_of((oriented.must, gates.opposite(excluding.may)))


def reachable(gates: BooleanGates[Gate], oriented: MustMay[Gate], excluding: MustMay[Gate]) -> Gate:
    """Tell whether a kind is certain or could be: a rule leads there or could, none excludes it."""
    return gates.all_of((oriented.may, gates.opposite(excluding.must)))


def standing(
    gates: BooleanGates[Gate], oriented: MustMay[Gate], excluding: MustMay[Gate]
) -> Standing[Gate]:
    """Tell how a kind stands.

    Args:
        gates: what the truths are made of.
        oriented: a rule that orients to the kind holds; or may hold.
        excluding: a rule that excludes the kind holds; or may hold.

    Returns:
        Certain: a rule leads there, and none excludes it or could. Excluded: a rule excludes it,
        whatever others say. Possible: neither, and a rule leads there or could.
    """
    sure = certain(gates, oriented, excluding)
    open_ = gates.all_of((reachable(gates, oriented, excluding), gates.opposite(sure)))
    return Standing(sure, open_, excluding.must)


class _WholeNumbers:
    """Whole numbers as gates, one bit a kind: 0b101 is the first kind and the third."""

    true, false = -1, 0

    def all_of(self, gates: Iterable[int]) -> int:
        return reduce(and_, gates, self.true)

    def any_of(self, gates: Iterable[int]) -> int:
        return reduce(or_, gates, self.false)

    def opposite(self, gate: int) -> int:
        return ~gate


BITS = _WholeNumbers()
