"""Which services are too far away for the people of a territory to go there.

A service that receives people on the spot is found by data·inclusion's own search within 50 km of
a commune. Here the middle of a commune is told by the services that stand in it.
"""

from functools import cached_property
from math import asin, cos, radians, sin, sqrt
from statistics import median

from iscg_rules.directory.areas_served import AreasServed
from iscg_rules.directory.records import Position, Record

__all__ = ["Nearness"]

_FARTHEST_KM = 50
_RADIUS_KM = 6_371


class Nearness:
    """Tells which records are too far away, as far as the file says where services stand."""

    def __init__(self, areas: AreasServed) -> None:
        self._areas = areas
        self._found: dict[str, list[Position]] = {}

    def note(self, record: Record) -> None:
        """Learn where a commune is from a service that stands in it; before any is asked about."""
        if record.position and record.commune and self._areas.is_home(record.commune):
            self._found.setdefault(record.commune, []).append(record.position)

    @cached_property
    def _middles(self) -> list[Position]:
        return [
            (median(north for north, _ in places), median(east for _, east in places))
            for places in self._found.values()
        ]

    def excludes(self, record: Record) -> bool:
        """Tell whether somebody would have to go too far; never where that is not known."""
        if not (record.is_on_site and record.position and self._middles):
            return False
        if record.commune and self._areas.is_home(record.commune):
            return False
        return all(_kilometres(record.position, one) > _FARTHEST_KM for one in self._middles)


def _kilometres(one: Position, other: Position) -> float:
    """Return the distance as the crow flies.

    >>> round(_kilometres((48.117, -1.678), (48.649, -2.026)))  # Rennes, Saint-Malo
    64
    """
    north, east, north_too, east_too = map(radians, (*one, *other))
    half = sin((north_too - north) / 2) ** 2
    half += cos(north) * cos(north_too) * sin((east_too - east) / 2) ** 2
    return 2 * _RADIUS_KM * asin(sqrt(half))
