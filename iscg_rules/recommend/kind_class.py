"""What several orientations to one kind come to."""

from collections.abc import Iterable
from typing import NamedTuple

from iscg_rules.model.rules import Orient
from iscg_rules.model.scales import Beneficiary, Scope, Strength, Urgency

__all__ = ["KindClass", "best_class"]


class KindClass(NamedTuple):
    """What the orientations to one kind come to: the earliest, strongest, widest, for all of them.

    `scope`: the widest in which something is shared.
    """

    urgency: Urgency
    strength: Strength
    people: frozenset[Beneficiary]
    scope: Scope


def best_class(orients: Iterable[Orient]) -> KindClass:
    """Tell what one orientation or more to a kind come to, each part on its own."""
    known = tuple(orients)
    return KindClass(
        urgency=min(orient.urgency for orient in known),
        strength=min(orient.strength for orient in known),
        people=frozenset(orient.for_ for orient in known),
        scope=max(orient.sharing for orient in known),
    )
