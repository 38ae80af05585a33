"""Codes of communes, EPCI and départements → areas that a territory knows."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

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
    """Asks of one service after another which areas of a territory it serves.

    Args:
        epci: the communes of each EPCI by its code, as far as they are known.
    """

    def __init__(self, vocabulary: Vocabulary, epci: Mapping[str, frozenset[str]]) -> None:
        self._areas = vocabulary.areas
        self._home = [vocabulary.areas[name] for name in vocabulary.home]
        self._epci = epci
        self._known: dict[tuple[tuple[str, ...], str | None], AreasHere | None] = {}

    @cached_property
    def _by_departement(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for area in self._areas.values():
            if len(area.departements) == 1 and not area.communes:
                found.setdefault(next(iter(area.departements)), area.id)
        return found

    @cached_property
    def _of_communes(self) -> list[Area]:
        return [area for area in self._areas.values() if area.communes and not area.departements]

    @cached_property
    def _everywhere(self) -> str | None:
        return next((area.id for area in self._areas.values() if area.everywhere), None)

    def of(self, zones: tuple[str, ...], commune: str | None) -> AreasHere | None:
        """Return the areas that a service covers here; None where it covers none.

        Args:
            zones: codes of communes, EPCI and départements that it serves, sorted.
            commune: where it stands.
        """
        # Thousands of services cover the same few zones.
        key = (zones, commune)
        if key not in self._known:
            self._known[key] = self._worked_out(zones, commune)
        return self._known[key]

    def _worked_out(self, zones: tuple[str, ...], commune: str | None) -> AreasHere | None:
        told = [zone for zone in zones if self._is_told(zone)]
        if told or (zones and not commune):
            found = self._found(told)
            said = ", ".join(zones[:3]) + (", …" if len(zones) > 3 else "")  # noqa: PLR2004 # enough to recognise it
            if found:
                return AreasHere(self._sorted(found), f"zone {said}")
            here = next((zone for zone in told if self.is_home(zone)), None)
            lacks = f"la commune {here} n'a pas de zone à elle dans territory.yaml"
            return AreasHere((), lacks) if here else None
        if commune and self.is_home(commune):
            area = self._narrowest(commune)
            lacks = "EPCI inconnu" if zones else "zone non dite"
            return AreasHere((area.id,), f"{lacks} ; sa commune est {commune}")
        return None

    def _is_told(self, zone: str) -> bool:
        return len(zone) != _EPCI or zone in self._epci or zone in self._areas

    def _found(self, zones: Iterable[str]) -> set[str]:
        """Return every area of which the zones hold all."""
        codes: set[str] = set()
        found: set[str] = set()
        for zone in zones:
            if zone in FRANCE:
                found.update(filter(None, [self._everywhere]))
            elif zone in self._areas:
                found.add(zone)
            elif len(zone) == _EPCI:
                codes |= self._epci[zone]
            elif len(zone) == _COMMUNE:
                codes.add(zone)
            elif zone in self._by_departement and any(home.touches(zone) for home in self._home):
                found.add(self._by_departement[zone])
        # INVARIANT: an area wider than what the service serves is never proposed.
        return found | {
            area.id
            for area in self._of_communes
            if area.communes <= codes and any(map(self.is_home, area.communes))
        }

    def is_home(self, commune: str) -> bool:
        """Tell whether the territory is for people who live in a commune."""
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
