"""Where each row is and lives, in classes of communes that lie in the same areas of partners."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from iscg_rules.language.answer_classes import Domain, commune_domain
from iscg_rules.language.vocabulary import Vocabulary
from iscg_rules.model.partners import Directory

__all__ = ["PlaceCodes", "PlaceNumbers", "RowPlaces"]

# One a row, or one for all rows.
PlaceCodes = npt.NDArray[np.intp] | int


@dataclass(frozen=True)
class RowPlaces:
    """The class of the commune of the post and of the home of some rows; `unknown` is beyond all.

    A place to serve is such a class; `unknown`; or, where only the post is known of a kind near
    the home, `unknown` + 1 + the class of the post, to guess by.
    """

    home: PlaceCodes
    here: PlaceCodes
    unknown: int

    def of(self, place: str | None) -> PlaceCodes:
        """Return where a partner of a kind must serve, as `Vocabulary.where` says."""
        if place == "home":
            return self.home
        if place == "station":
            return self._first(self.here, self.home)
        guessed = self._first(self.here + self.unknown + 1, self.unknown, self.here)
        return self._first(self.home, guessed)

    def _first(
        self, one: PlaceCodes, other: PlaceCodes, known: PlaceCodes | None = None
    ) -> PlaceCodes:
        is_known = (one if known is None else known) != self.unknown
        if isinstance(is_known, bool):
            return one if is_known else other
        return np.where(is_known, one, other)


class PlaceNumbers:
    """Tells communes apart as the areas of one directory do; `own` is that of the territory."""

    def __init__(self, vocabulary: Vocabulary, directory: Directory) -> None:
        areas = {area.id: area for places in directory.places.values() for area in places}
        self._domain = commune_domain(areas)
        self.examples: Final = tuple(map(str, self._domain.examples))
        self.unknown: Final = len(self.examples)
        station = vocabulary.station
        self.own: Final = self.unknown if station is None else self._domain.class_of(station)

    def classes(self, domain: Domain, otherwise: int) -> npt.NDArray[np.intp]:
        """Return our class of each class of another domain, then that of the unknown."""
        mine = [self._domain.class_of(example) for example in domain.examples]
        return np.array([*mine, otherwise], np.intp)
