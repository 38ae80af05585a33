"""In what two rule sets can treat one situation differently, as gates: one for each way.

Each gate is three-valued: in a partial situation, a shift that is certain comes under every
completion, and one that is not possible comes under none. Where all is known, the two are one.
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import permutations
from typing import NamedTuple

from iscg_rules.language.truth_gates import ThreeValued
from iscg_rules.model.answer_space import places_of
from iscg_rules.model.partners import Partner
from iscg_rules.proof.solver.gates import FALSE, TRUE
from iscg_rules.proof.solver.proven_outcome import ProvenOutcome
from iscg_rules.proof.solver.situation_gates import Conditions, Three
from iscg_rules.recommend.outcome import scales

__all__ = ["SHIFTS", "Advised", "Shift", "Shifts"]

# In the order in which they are told.
SHIFTS = (
    "refused",
    "accepted",
    "won",
    "lost",
    "excluded",
    "released",
    "more_urgent",
    "less_urgent",
    "stronger",
    "weaker",
    "people",
    "sharing",
    "ahead",
    "partner",
    "advised",
    "unadvised",
)
_NEVER, _ALWAYS = Three(FALSE, FALSE), Three(TRUE, TRUE)

# Rule → its sentences, under the names that both sides share.
Advised = Mapping[str, tuple[str, ...]]


class Shift(NamedTuple):
    """One way to be treated differently: of a kind, of a sentence of advice, or being refused."""

    subject: str
    change: str


class Shifts:
    """The gates of two outcomes of one encoding: of the older rules, and of the newer ones."""

    def __init__(
        self, old: ProvenOutcome, new: ProvenOutcome, advised: tuple[Advised, Advised]
    ) -> None:
        assert old.encoding is new.encoding
        self._sides = (old, new)
        self._advised = advised
        self._gates = ThreeValued(old.encoding.circuit)

    def refusals(self) -> Iterator[tuple[Shift, Three]]:
        """Yield when only one of the two refuses a situation as one that cannot be.

        By the answers given alone: what the entries let follow leaves out what they refuse.
        """
        old, new = (
            self._gates.any_of(given.of(entry.condition) for entry in side.rule_set.impossible)
            for side in self._sides
            for given in [Conditions(side.encoding, side.rule_set, is_closed=False)]
        )
        yield Shift("", "refused"), self._gates.only(new, old)
        yield Shift("", "accepted"), self._gates.only(old, new)

    def of_advice(self, text: str) -> Iterator[tuple[Shift, Three]]:
        """Yield when only one of the two gives an advice."""
        old, new = (
            self._gates.any_of(side.rule(name) for name, texts in advised.items() if text in texts)
            for side, advised in zip(self._sides, self._advised, strict=True)
        )
        yield Shift(text, "advised"), self._gates.only(new, old)
        yield Shift(text, "unadvised"), self._gates.only(old, new)

    def of_kind(self, kind: str) -> Iterator[tuple[Shift, Three]]:
        """Yield in what ways a kind is shown differently, partners left aside."""
        gates = self._gates
        old, new = (self._shown(side, kind) for side in self._sides)
        yield Shift(kind, "won"), gates.only(new, old)
        yield Shift(kind, "lost"), gates.only(old, new)
        barred, bars = (side.excluded(kind) for side in self._sides)
        yield Shift(kind, "excluded"), gates.only(bars, barred)
        yield Shift(kind, "released"), gates.only(barred, bars)
        kept = gates.all_of([old, new])
        orients = [o for side in self._sides for _, o in side.orienting.get(kind, ())]
        said = scales(orients)
        for scale, (rise, fall) in _SCALES.items():
            before, after = ([side.oriented(kind, s) for s in said[scale]] for side in self._sides)
            pairs = list(zip(before, after, strict=True))
            rising = gates.any_of(gates.only(n, o) for o, n in pairs)
            falling = gates.any_of(gates.only(o, n) for o, n in pairs)
            if rise == fall:
                yield Shift(kind, rise), gates.all_of([kept, gates.any_of([rising, falling])])
            else:
                yield Shift(kind, rise), gates.all_of([kept, rising])
                yield Shift(kind, fall), gates.all_of([kept, falling])

    def ahead(self, kind: str, others: Iterable[str]) -> Iterator[tuple[Shift, Three]]:
        """Yield when a kind comes before another, of its class on both sides, that came before it.

        Args:
            kind: the one that the newer vocabulary puts first.
            others: those that the older one put before it.
        """
        passing = [
            self._gates.all_of(
                part
                for side in self._sides
                for part in (
                    self._shown(side, kind),
                    self._shown(side, other),
                    self._is_tie(side, kind, other),
                )
            )
            for other in others
        ]
        yield Shift(kind, "ahead"), self._gates.any_of(passing)

    def partners(self, kind: str) -> Iterator[tuple[Shift, Three]]:
        """Yield when others may serve a kind that both show, or the same in another order."""
        gates = self._gates
        kept = gates.all_of(self._shown(side, kind) for side in self._sides)
        servers = tuple(
            {p.id: _Server(side, p, kind, gates) for p in side.directory.by_kind.get(kind, ())}
            for side in self._sides
        )
        old, new = servers
        names = sorted({*old, *new})
        changes = [
            gates.differ(*(side[name].serves if name in side else _NEVER for side in servers))
            for name in names
        ]
        both = [name for name in names if name in old and name in new]
        for one, other in permutations(both, 2):
            moved = any(old[name].areas != new[name].areas for name in (one, other))
            if moved:
                nearer = [side[one].is_nearer(side[other]) for side in servers]
                serving = [side[name].serves for side in servers for name in (one, other)]
                changes.append(gates.all_of([*serving, gates.differ(*nearer)]))
        yield Shift(kind, "partner"), gates.all_of([kept, gates.any_of(changes)])

    def _shown(self, outcome: ProvenOutcome, kind: str) -> Three:
        return self._gates.only(outcome.oriented(kind), outcome.excluded(kind))

    def _is_tie(self, outcome: ProvenOutcome, kind: str, other: str) -> Three:
        orients = [o for each in (kind, other) for _, o in outcome.orienting.get(each, ())]
        said = scales(orients)
        return self._gates.all_of(
            self._gates.opposite(
                self._gates.differ(*(outcome.oriented(each, says) for each in (kind, other)))
            )
            for scale in ("urgency", "strength")
            for says in said[scale]
        )


# The scale of each shift; what falls on it is another shift, or the same.
_SCALES = {
    "urgency": ("more_urgent", "less_urgent"),
    "strength": ("stronger", "weaker"),
    "for": ("people", "people"),
    "sharing": ("sharing", "sharing"),
}


class _Server:
    """One partner of one side: when it may serve, and from how near."""

    def __init__(
        self, outcome: ProvenOutcome, partner: Partner, kind: str, gates: ThreeValued[int]
    ) -> None:
        self._gates = gates
        self.areas = outcome.directory.places[partner.id]
        places = places_of(outcome.rule_set, outcome.directory, partner, kind)
        self._places = [outcome.condition(place) for place in places]
        near = gates.any_of(self._places) if self._places else _ALWAYS
        accepts = partner.condition
        self.serves = gates.all_of([near, outcome.condition(accepts) if accepts else _ALWAYS])

    def within(self, size: int) -> Three:
        """Return the literals: an area of at most this size covers; it may."""
        if not self._places:
            return _ALWAYS if self.areas[0].size <= size else _NEVER
        covering = zip(self.areas, self._places, strict=True)
        return self._gates.any_of(place for area, place in covering if area.size <= size)

    def is_nearer(self, other: "_Server") -> Three:
        """Return the literals: it serves from a narrower area; it may."""
        sizes = sorted({area.size for area in (*self.areas, *other.areas)})
        return self._gates.any_of(
            self._gates.only(self.within(size), other.within(size)) for size in sizes
        )
