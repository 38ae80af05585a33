"""The partner that serves a kind best, in every row: one `Candidates` call a distinct scene.

What decides is little: in which of the partners' areas the commune lies, which of them accept the
person, and in which order they are open or open next. Rows that agree in these get one answer.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import prod
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from iscg_rules._answer_classes import Domain
from iscg_rules.batch.clock import Pieces
from iscg_rules.candidates import Candidates, waiting
from iscg_rules.conditions import FactIs
from iscg_rules.moments import Opening
from iscg_rules.partners import Directory, Partner
from iscg_rules.vocabulary import Vocabulary

__all__ = ["NOBODY", "Chooser", "Scenes"]

NOBODY = -1
_NOT_YET = -2
# Beyond this many scenes, those that occur are counted rather than looked up.
_MOST_SCENES = 1 << 16
# Above every moment in seconds, so that one number orders openings as `waiting` does.
_STEP = 1e13

Places = npt.NDArray[np.int16]
_Truths = npt.NDArray[np.uint8]


class _Scene(NamedTuple):
    """What decides between the partners of a kind."""

    commune: int
    accepting: tuple[int, ...]
    ranks: tuple[int, ...]


@dataclass(frozen=True)
class _Offer:
    """The partners of one kind, and what tells rows apart for them."""

    kind: str
    partners: tuple[Partner, ...]
    communes: npt.NDArray[np.intp]
    choosy: tuple[str, ...]
    hours: tuple[str, ...]


class Chooser:
    """Chooses for one directory; what it has worked out it keeps, since that depends on no row."""

    def __init__(self, vocabulary: Vocabulary, directory: Directory, domain: Domain | None) -> None:
        self.partners = tuple(directory.partners)
        self.accepts = {
            partner.id: partner.condition
            for partner in directory.partners.values()
            if partner.condition is not None
        }
        self._place = {partner: place for place, partner in enumerate(self.partners)}
        self._directory = directory
        self._examples = tuple(map(str, domain.examples)) if domain else ()
        self._commune = next(
            (a.id for a in vocabulary.attributes.values() if a.type == "commune"), ""
        )
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
        self._known: dict[tuple[str, _Scene], int] = {}

    def _offer(self, kind: str, partners: tuple[Partner, ...]) -> _Offer:
        places = self._directory.places
        groups: dict[tuple[int, ...], int] = {}
        communes = []
        for code in self._examples:
            covering = tuple(
                next((n for n, area in enumerate(places[p.id]) if area.covers(code)), -1)
                for p in partners
            )
            communes.append(groups.setdefault(covering, len(groups)))
        texts = {p.id: self._text(p) for p in partners}
        return _Offer(
            kind,
            partners,
            # The last is for rows without a commune.
            np.array([*communes, len(groups)], np.intp),
            tuple(p.id for p in partners if p.id in self.accepts),
            tuple(sorted(set(texts.values()))) if len(set(texts.values())) > 1 else (),
        )

    def _text(self, partner: Partner) -> str:
        hours = self._directory.hours.get(partner.id)
        return hours.text if hours else ""

    def scenes(self, pieces: Pieces) -> "Scenes":
        """Get ready for the rows of one table."""
        return Scenes(self, pieces)

    def choose(
        self, offer: _Offer, scene: _Scene, commune: int, opens: Mapping[str, Opening]
    ) -> int:
        """Give the place of the first candidate, or `NOBODY`."""
        key = (offer.kind, scene)
        found = self._known.get(key)
        if found is None:
            accepting = dict.fromkeys((p.id for p in offer.partners), True)
            states = (False, None, True)
            truths = {p: states[n] for p, n in zip(offer.choosy, scene.accepting, strict=True)}
            is_known = commune < len(self._examples)
            values = {self._commune: self._examples[commune]} if is_known else {}
            openings = {p.id: opens[self._text(p)] for p in offer.partners}
            first = self._candidates.of(offer.kind, values, accepting | truths, openings)[:1]
            found = self._place[first[0].partner.id] if first else NOBODY
            self._known[key] = found
        return found

    def offer(self, place: int) -> _Offer | None:
        """Give the partners of a kind, None where there are none."""
        return self._offers.get(place)


class Scenes:
    """Chooses in the rows of one table; `pieces` say what is open in which row."""

    def __init__(self, chooser: Chooser, pieces: Pieces) -> None:
        self._chooser = chooser
        self._pieces = pieces.of_rows
        self._count = max((len(found) for found in pieces.openings.values()), default=1)
        self._openings = {**pieces.openings, "": (Opening(None),) * self._count}
        self._waits = {text: _waits(found) for text, found in self._openings.items()}
        self._orders: dict[tuple[str, ...], tuple[npt.NDArray[np.intp], list[tuple[int, ...]]]] = {}
        self._tables: dict[int, Places] = {}

    def partners(
        self,
        kind: int,
        rows: slice,
        communes: npt.NDArray[np.integer] | None,
        accepting: Mapping[str, _Truths],
    ) -> Places | int:
        """Give the place of the partner in each row, or one for all rows.

        Args:
            kind: the place of a kind.
            rows: those asked for.
            communes: the class of the commune of each of these rows; None when none is known.
            accepting: by partner, 0 for no, 1 for unknown and 2 for yes in each of these rows.
        """
        offer = self._chooser.offer(kind)
        if offer is None:
            return NOBODY
        orders, ranks = self._order(offer.hours)
        parts: list[tuple[npt.NDArray[np.integer], int]] = []
        if communes is not None and len(offer.communes) > 1:
            parts.append((offer.communes.take(communes), int(offer.communes[-1]) + 1))
        if len(ranks) > 1:
            parts.append((orders.take(self._pieces[rows]), len(ranks)))
        parts += [(accepting[partner], 3) for partner in offer.choosy]

        def choose(row: int) -> int:
            commune = len(offer.communes) - 1 if communes is None else int(communes[row])
            piece = int(self._pieces[rows.start + row])
            states = tuple(int(accepting[partner][row]) for partner in offer.choosy)
            scene = _Scene(int(offer.communes[commune]), states, ranks[orders[piece]])
            opens = {text: found[piece] for text, found in self._openings.items()}
            return self._chooser.choose(offer, scene, commune, opens)

        if not parts:
            return choose(0)
        keys, size = _joint(parts), prod(count for _, count in parts)
        if size > _MOST_SCENES:
            _, firsts, inverse = np.unique(keys, return_index=True, return_inverse=True)
            return np.array([choose(row) for row in firsts.tolist()], np.int16)[inverse]
        table = self._tables.setdefault(kind, np.full(size, _NOT_YET, np.int16))
        found = table.take(keys)
        missing = np.flatnonzero(found == _NOT_YET)
        if len(missing):
            distinct, firsts = np.unique(keys[missing], return_index=True)
            table[distinct] = [choose(int(missing[first])) for first in firsts]
            found = table.take(keys)
        return found

    def _order(self, hours: tuple[str, ...]) -> tuple[npt.NDArray[np.intp], list[tuple[int, ...]]]:
        """Number the orders in which these hours are open or open next, piece by piece."""
        if not hours:
            return np.zeros(self._count, np.intp), [()]
        if hours not in self._orders:
            waits = np.array([self._waits[text] for text in hours]).reshape(len(hours), self._count)
            ranks = (waits[None, :, :] < waits[:, None, :]).sum(axis=1).T
            distinct, orders = np.unique(ranks, axis=0, return_inverse=True)
            self._orders[hours] = orders.reshape(-1), [tuple(one) for one in distinct.tolist()]
        return self._orders[hours]


def _waits(openings: tuple[Opening, ...]) -> list[float]:
    keys = map(waiting, openings)
    return [group * _STEP + seconds for group, seconds in keys]


def _joint(parts: list[tuple[npt.NDArray[np.integer], int]]) -> npt.NDArray[np.intp]:
    """Make one number of several; when they are too many, of those that occur."""
    keys, size = parts[0][0].astype(np.intp), parts[0][1]
    for codes, count in parts[1:]:
        if size > _MOST_SCENES:
            distinct, keys = np.unique(keys, return_inverse=True)
            size = len(distinct)
        keys = keys * count + codes
        size *= count
    return keys
