"""The partner that serves a kind best, in every row: one `Candidates` call a distinct scene.

What decides is little: in which of the partners' areas the commune lies, which of them accept the
person, how soon one is needed, and who is open or opens next, and when. Rows that agree in these
get one answer.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from math import prod
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from iscg_rules.batch.choice.clock import MonthPieces
from iscg_rules.batch.choice.opening_orders import TIMINGS, OpeningOrders
from iscg_rules.batch.choice.row_places import PlaceCodes, PlaceNumbers
from iscg_rules.language.conditions import FactIs
from iscg_rules.language.moments import Opening
from iscg_rules.language.vocabulary import STATION, Vocabulary
from iscg_rules.model.partners import Directory, Partner
from iscg_rules.recommend.partner_choice import Candidates

__all__ = ["NOBODY", "Chooser", "Scenes"]

NOBODY = -1
_NOT_YET = -2
# Beyond this many scenes, those that occur are counted rather than looked up.
_MOST_SCENES = 1 << 16
PartnerPlaces = npt.NDArray[np.int16]
_Accepting = npt.NDArray[np.uint8]
_Opens = Callable[[str], Opening]


class _Offer:
    """The partners of one kind, and what tells rows apart for them.

    `communes` gives each place a group, numbered as in `RowPlaces`: those that the same areas
    cover. `table` holds what was chosen so far.
    """

    def __init__(
        self,
        kind: str,
        partners: tuple[Partner, ...],
        communes: Sequence[int],
        choosy: tuple[str, ...],
        hours: tuple[str, ...],
    ) -> None:
        self.kind = kind
        self.partners = partners
        self.communes = np.array(communes, np.intp)
        self.groups = max(communes) + 1
        self.choosy = choosy
        self.hours = hours
        self.table: PartnerPlaces = np.zeros(0, np.int16)

    def grown(self, size: int) -> PartnerPlaces:
        """Return the table with room for so many scenes; another thread's choices may get lost."""
        table = self.table
        if len(table) < size:
            more = np.full(size - len(table), _NOT_YET, np.int16)
            table = self.table = np.concatenate([table, more])
        return table


class Chooser:
    """Chooses for one directory; what it has chosen it keeps, since that depends on no row."""

    def __init__(self, vocabulary: Vocabulary, directory: Directory) -> None:
        self.partners: Final = tuple(directory.partners)
        self.accepts: Final = {
            partner.id: partner.condition
            for partner in directory.partners.values()
            if partner.condition is not None
        }
        self._place = {partner: place for place, partner in enumerate(self.partners)}
        self._directory = directory
        self.places: Final = PlaceNumbers(vocabulary, directory)
        self._vocabulary = vocabulary
        # Whether a partner accepts is worked out for all rows at once, and given as a fact.
        told = {
            partner.id: partner.model_copy(update={"accepts": FactIs(partner.id, holds=True)})
            for partner in directory.partners.values()
        }
        self._candidates = Candidates(vocabulary, Directory(told, directory.areas))
        self._offers = {
            place: self._offer(kind, directory.by_kind[kind])
            for place, kind in enumerate(vocabulary.kinds)
            if kind in directory.by_kind
        }
        self._orders = {offer.hours: OpeningOrders(offer.hours) for offer in self._offers.values()}

    def _offer(self, kind: str, partners: tuple[Partner, ...]) -> _Offer:
        places = self._directory.places
        groups: dict[tuple[int, ...], int] = {}
        known = []
        for code in self.places.examples:
            covering = tuple(
                next((n for n, area in enumerate(places[p.id]) if area.covers(code)), -1)
                for p in partners
            )
            known.append(groups.setdefault(covering, len(groups)))
        count = len(groups)
        communes = (*known, count, *(count + 1 + group for group in known))
        choosy = tuple(p.id for p in partners if p.id in self.accepts)
        hours = tuple(sorted({self._text(p) for p in partners}))
        return _Offer(kind, partners, communes, choosy, hours if len(hours) > 1 else ())

    def _text(self, partner: Partner) -> str:
        hours = self._directory.hours.get(partner.id)
        return hours.key if hours else ""

    def scenes(self, pieces: MonthPieces) -> "Scenes":
        """Get ready for the rows of one table."""
        orders = {hours: met.of(pieces.months) for hours, met in self._orders.items() if hours}
        sizes = {hours: len(met) for hours, met in self._orders.items()}
        return Scenes(self, pieces, orders, sizes)

    def choose(
        self,
        offer: _Offer,
        timing: int,
        commune: int,
        accepting: Iterable[int],
        opens: _Opens,
    ) -> int:
        """Return the place of the first candidate, or `NOBODY`.

        Args:
            offer: the partners of a kind.
            timing: how soon one is needed, one of `TIMINGS`.
            commune: a place, numbered as in `RowPlaces`.
            accepting: of each choosy partner, 0 for no, 1 for unknown, 2 for yes.
            opens: the opening at the moment, by text of hours.
        """
        truths: dict[str, bool | None] = dict.fromkeys((p.id for p in offer.partners), True)
        truths |= zip(
            offer.choosy, ((False, None, True)[state] for state in accepting), strict=True
        )
        values = self._values(offer.kind, commune)
        openings = {
            p.id: opens(text) if (text := self._text(p)) else Opening(None) for p in offer.partners
        }
        first = self._candidates.of(offer.kind, timing, values, truths, openings)[:1]
        return self._place[first[0].partner.id] if first else NOBODY

    def _values(self, kind: str, commune: int) -> dict[str, str]:
        examples = self.places.examples
        if commune == len(examples):
            return {}
        if commune > len(examples):
            return {STATION: examples[commune - len(examples) - 1]}
        is_here = self._vocabulary.kinds[kind].place == "station"
        return {STATION if is_here else self._vocabulary.commune: examples[commune]}

    def offer(self, place: int) -> _Offer | None:
        """Return the partners of a kind, None where there are none."""
        return self._offers.get(place)

    def by_commune(self, offer: _Offer) -> PartnerPlaces:
        """Return the choice at each place, numbered as in `RowPlaces`, where all is in it."""
        if not len(offer.table):
            # Who are open at the same hours are in time together, or none of them is.
            places = range(len(offer.communes))
            chosen = [self.choose(offer, 0, place, (), lambda _: Opening(None)) for place in places]
            offer.table = np.array(chosen, np.int16)
        return offer.table


class Scenes:
    """Chooses in the rows of one table; `pieces` say what is open in which row."""

    def __init__(
        self,
        chooser: Chooser,
        pieces: MonthPieces,
        orders: Mapping[tuple[str, ...], npt.NDArray[np.intp]],
        sizes: Mapping[tuple[str, ...], int],
    ) -> None:
        self._chooser = chooser
        self._pieces = pieces
        self._orders = orders
        self._sizes = sizes

    def partners(
        self,
        kind: int,
        timing: int,
        rows: slice,
        communes: PlaceCodes,
        accepting: Mapping[str, _Accepting],
    ) -> PartnerPlaces | int:
        """Return the place of the partner in each row, or one for all rows.

        Args:
            kind: the place of a kind.
            timing: how soon one is needed, one of `TIMINGS`.
            rows: those asked for.
            communes: where each of these rows needs one, numbered as in `RowPlaces`.
            accepting: by partner, 0 for no, 1 for unknown and 2 for yes in each of these rows.
        """
        offer = self._chooser.offer(kind)
        if offer is None:
            return NOBODY
        if not offer.hours and not offer.choosy:
            plain = self._chooser.by_commune(offer)
            return int(plain[communes]) if isinstance(communes, int) else plain.take(communes)
        return self._chosen(offer, timing, rows, communes, accepting)

    def _chosen(
        self,
        offer: _Offer,
        timing: int,
        rows: slice,
        communes: PlaceCodes,
        accepting: Mapping[str, _Accepting],
    ) -> PartnerPlaces | int:
        pieces = self._pieces.of_rows[rows]
        parts: list[tuple[npt.NDArray[np.integer[Any]] | int, int]] = []
        if offer.hours:
            parts.append((timing, len(TIMINGS)))
            parts.append((self._orders[offer.hours].take(pieces), self._sizes[offer.hours]))
        grouped = offer.communes.take(communes)
        parts.append((int(grouped) if isinstance(communes, int) else grouped, offer.groups))
        parts += [(accepting[partner], 3) for partner in offer.choosy]

        def choose(row: int) -> int:
            commune = communes if isinstance(communes, int) else int(communes[row])
            states = (int(accepting[partner][row]) for partner in offer.choosy)
            opens = partial(self._pieces.opening, piece=int(pieces[row]))
            return self._chooser.choose(offer, timing, commune, states, opens)

        keys, size = _joint(parts), prod(size for _, size in parts)
        if size > _MOST_SCENES:
            _, firsts, inverse = np.unique(keys, return_index=True, return_inverse=True)
            return np.array([choose(row) for row in firsts.tolist()], np.int16)[inverse]
        table = offer.grown(size)
        if isinstance(keys, int):
            if table[keys] == _NOT_YET:
                table[keys] = choose(0)
            return int(table[keys])
        places = table.take(keys)
        missing = np.flatnonzero(places == _NOT_YET)
        if len(missing):
            distinct, firsts = np.unique(keys[missing], return_index=True)
            table[distinct] = [choose(row) for row in missing[firsts].tolist()]
            places = table.take(keys)
        return places


def _joint(
    parts: list[tuple[npt.NDArray[np.integer[Any]] | int, int]],
) -> npt.NDArray[np.intp] | int:
    """Make one number of several; when they are too many, of those that occur."""
    # 1 of 3 timings, 4 of 7 areas, 0 of 2 -> (1 * 7 + 4) * 2 + 0 = 22 of 42
    keys: npt.NDArray[np.intp] | int = 0
    size = 1
    for codes, count in parts:
        if size > _MOST_SCENES and not isinstance(keys, int):
            distinct, keys = np.unique(keys, return_inverse=True)
            size = len(distinct)
        keys = keys * count + (codes if isinstance(codes, int) else codes.astype(np.intp))
        size *= count
    return keys
