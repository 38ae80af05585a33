"""Codes of communes, EPCI and départements → areas that a territory knows."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from iscg_rules.directory.records import Record
from iscg_rules.language.vocabulary import Area, Vocabulary

__all__ = ["AreasHere", "AreasServed"]

FRANCE = frozenset({"france", "99100"})
_EPCI = 9
_COMMUNE = 5


@dataclass(frozen=True, slots=True)
class AreasHere:
    """The areas of a territory that a service covers, and how that is known."""

    areas: tuple[str, ...]
    because: str


class AreasServed:
    """Asks of one record after another which areas of a territory it serves.

    Args:
        epci: the communes of each EPCI by its code, as far as they are known.
    """

    def __init__(self, vocabulary: Vocabulary, epci: Mapping[str, frozenset[str]]) -> None:
        self._areas = vocabulary.areas
        self._home = [vocabulary.areas[name] for name in vocabulary.home]
        self._epci = epci

    @cached_property
    def _by_departement(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for area in self._areas.values():
            if len(area.departements) == 1 and not area.communes:
                found.setdefault(next(iter(area.departements)), area.id)
        return found

    @cached_property
    def _by_communes(self) -> dict[frozenset[str], str]:
        found: dict[frozenset[str], str] = {}
        for area in self._areas.values():
            if area.communes and not area.departements:
                found.setdefault(area.communes, area.id)
        return found

    @cached_property
    def _everywhere(self) -> str | None:
        return next((area.id for area in self._areas.values() if area.everywhere), None)

    def of(self, record: Record) -> AreasHere | None:
        """Return the areas that a record serves here; None where it serves none."""
        told = [zone for zone in record.zones if len(zone) != _EPCI or zone in self._epci]
        if told or (record.zones and not record.commune):
            found = {area for zone in told for area in self._zone(zone)}
            said = ", ".join(record.zones[:3]) + (", …" if len(record.zones) > 3 else "")  # noqa: PLR2004 # enough to recognise it
            return AreasHere(self._sorted(found), f"zone {said}") if found else None
        if record.commune and self._is_home(record.commune):
            area = self._narrowest(record.commune)
            lacks = "EPCI inconnu" if record.zones else "zone non dite"
            return AreasHere((area.id,), f"{lacks} ; sa commune est {record.commune}")
        return None

    def _zone(self, zone: str) -> Iterable[str]:
        if zone in FRANCE:
            return [self._everywhere] if self._everywhere else []
        if len(zone) == _EPCI:
            return self._communes(self._epci.get(zone, frozenset()))
        if len(zone) == _COMMUNE:
            return self._communes(frozenset({zone}))
        known = self._by_departement.get(zone)
        return [known] if known and any(home.touches(zone) for home in self._home) else []

    def _communes(self, codes: frozenset[str]) -> Iterable[str]:
        here = {code for code in codes if self._is_home(code)}
        if not here:
            return []
        whole = self._by_communes.get(codes)
        if whole:
            return [whole]
        single = [self._by_communes.get(frozenset({code})) for code in sorted(here)]
        if all(single):
            return [name for name in single if name]
        # INVARIANT: an area wider than what the service serves is never proposed.
        return [
            area.id
            for area in self._areas.values()
            if area.communes and area.communes <= codes and not area.departements
        ]

    def _is_home(self, commune: str) -> bool:
        return any(home.covers(commune) for home in self._home)

    def _narrowest(self, commune: str) -> Area:
        around = (area for area in self._areas.values() if area.covers(commune))
        return min(around, key=lambda area: (area.size, area.id))

    def _sorted(self, areas: set[str]) -> tuple[str, ...]:
        """Return the areas without those that lie in another of them."""
        wide = sorted((self._areas[name] for name in areas), key=lambda area: (-area.size, area.id))
        kept: list[Area] = []
        for area in wide:
            if not any(_holds(other, area) for other in kept):
                kept.append(area)
        return tuple(sorted(area.id for area in kept))


def _holds(wide: Area, narrow: Area) -> bool:
    inside = narrow.departements <= wide.departements and all(map(wide.covers, narrow.communes))
    return wide.everywhere or (inside and not narrow.everywhere)
