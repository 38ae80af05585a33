"""Orientations that press, and nobody to call: of each kind, place, public and hour.

Who serves a kind depends on the rules in nothing but what `accepts` asks, so that the regimes are a
finite table; the solver tells which of them a situation can be in.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import cached_property
from typing import Final, NamedTuple

from iscg_rules.errors import Problem
from iscg_rules.language.conditions import FactIs, Values, leaves
from iscg_rules.language.situations import Situation
from iscg_rules.language.vocabulary import WITHOUT_PARTNER
from iscg_rules.model.guarantees import GuaranteeSet
from iscg_rules.model.scales import Urgency
from iscg_rules.proof.findings.asker import Asker, is_possible
from iscg_rules.proof.findings.examined_hours import Piece, examined_hours
from iscg_rules.proof.findings.finding import Finding
from iscg_rules.proof.solver.gates import FALSE, TRUE
from iscg_rules.proof.solver.proven_outcome import ProvenOutcome
from iscg_rules.recommend import reference
from iscg_rules.recommend.kind_class import best_class
from iscg_rules.recommend.partner_choice import Candidates, Openings, is_reached

__all__ = ["ReachProof", "find_needless", "presses"]

_FEW = 3
_TEXTS = {
    "U001": (
        "personne à joindre pour `{}`",
        "ajouter qui l'on peut joindre (`iscg-rules new partner {}`), ou l'accepter : `accepted`",
    ),
    "U002": (
        "pour `{}`, personne dont on sache s'il répond",
        "écrire ses horaires, sourcés, ou l'accepter : `accepted`",
    ),
}


class _Where(NamedTuple):
    """Communes that the same partners cover, None for an unknown one, and these partners.

    `communes`: None where none decides; `serving`: of each kind that is looked at.
    """

    communes: tuple[str | None, ...] | None
    serving: tuple[tuple[str, ...], ...]


class ReachProof:
    """Whether somebody answers for what presses, in one period."""

    def __init__(self, asker: Asker, promises: GuaranteeSet) -> None:
        self._asker = asker
        self.accepted: Final = promises.accepted
        self._words = asker.rule_set.vocabulary
        self._directory = asker.world.directory
        self._candidates = Candidates(self._words, self._directory)

    @cached_property
    def pieces(self) -> tuple[Piece, ...]:
        """Return the hours to look at."""
        day = self._asker.period.day or date.min
        return examined_hours(self._words, self._directory, day)

    @cached_property
    def pressing(self) -> tuple[str, ...]:
        """Return the kinds that may be certain now or today, and that somebody must serve."""
        outcome = self._asker.partial
        return tuple(
            kind
            for kind, ways in outcome.orienting.items()
            if self._words.kinds[kind].nature not in WITHOUT_PARTNER
            and any(orient.urgency <= Urgency.TODAY for _, orient in ways)
            and self._asker.can_be(outcome, *presses(outcome, kind))
        )

    def _may_lack_hour(self, code: str, place: _Where) -> bool:
        """Tell whether what holds at every hour holds of a situation without one.

        Not where an hour may turn out to be impossible, nor, of who might answer, to be refused at.
        """
        conditions = [entry.condition for entry in self._asker.rule_set.impossible]
        if code != "U001":
            partners = (self._directory.partners[name] for name in place.serving[0])
            conditions += [one.condition for one in partners if one.condition is not None]
        drawn = {one.id for one in self._words.attributes.values() if one.derived}
        tests = (leaf for condition in conditions for leaf in leaves(condition))
        return not any(isinstance(leaf, FactIs) or leaf.variable in drawn for leaf in tests)

    def findings(self) -> Iterator[Finding]:
        """Yield U001 and U002, in the vocabulary's order."""
        for kind in self.pressing:
            entry, _ = self.accepted.get(kind, (None, None))
            if entry is not None and not entry.through:
                continue
            through = entry.through if entry else ()
            for code in _TEXTS:
                if self._can_be(code, kind, through):
                    yield self._finding(code, kind, through)

    def is_dead(self, kind: str) -> bool:
        """Tell whether nobody may answer for a kind, whatever is accepted."""
        return kind in self.pressing and any(self._can_be(code, kind, ()) for code in _TEXTS)

    def places(self, *kinds: str) -> Iterator[_Where]:
        """Yield the places that partners of some kinds tell apart; one where the post decides."""
        words, name = self._words, self._words.commune
        communes: list[str | None] = [None]
        if name and not all(words.where(kind, {})[0] for kind in kinds):
            homes = [words.areas[area] for area in words.home if area in words.areas]
            examples = map(str, self._asker.world.space.domains[name].examples)
            communes += [one for one in examples if not homes or any(h.covers(one) for h in homes)]
        groups: dict[tuple[tuple[str, ...], ...], list[str | None]] = {}
        for commune in communes:
            serving = tuple(self._serving(kind, commune) for kind in kinds)
            groups.setdefault(serving, []).append(commune)
        for serving, group in groups.items():
            yield _Where(tuple(group) if len(communes) > 1 else None, serving)

    def _serving(self, kind: str, commune: str | None) -> tuple[str, ...]:
        near, _ = self._words.where(kind, {self._words.commune: commune})
        places = self._directory.places
        return tuple(
            partner.id
            for partner in self._directory.by_kind.get(kind, ())
            if near is None or any(area.covers(near) for area in places[partner.id])
        )

    def _can_be(self, code: str, kind: str, through: Sequence[str]) -> bool:
        outcome = self._asker.partial
        return self._asker.can_be(outcome, *self._goal(outcome, code, kind, through))

    def _goal(
        self, outcome: ProvenOutcome, code: str, kind: str, through: Sequence[str]
    ) -> list[int]:
        dead = (self.dead(outcome, code, place, through) for place in self.places(kind, *through))
        return [*presses(outcome, kind), outcome.encoding.circuit.any_of(dead)]

    def dead(self, outcome: ProvenOutcome, code: str, place: _Where, through: Sequence[str]) -> int:
        """Return the literal: somebody is there, at an hour at which nobody answers."""
        circuit = outcome.encoding.circuit
        alike: dict[int, list[Piece]] = {}
        for piece in self.pieces:
            alike.setdefault(_unanswered(outcome, code, piece, place, through), []).append(piece)
        every = {tuple(piece.slots.items()) for piece in self.pieces}
        ways = []
        for literal, pieces in alike.items():
            drawn = {tuple(piece.slots.items()) for piece in pieces}
            may_lack = drawn == every and self._may_lack_hour(code, place)
            when = [self.drawn(outcome, dict(one), may_lack=may_lack) for one in sorted(drawn)]
            ways.append(circuit.all_of([literal, circuit.any_of(when)]))
        return circuit.all_of([self.lives(outcome, place), circuit.any_of(ways)])

    def lives(self, outcome: ProvenOutcome, place: _Where) -> int:
        """Return the literal: the person lives in one of the communes of a place."""
        encoding, name = outcome.encoding, self._words.commune
        if place.communes is None:
            return TRUE
        return encoding.circuit.any_of(
            -encoding.circuit.any_of(encoding.answers(name).values())
            if commune is None
            else encoding.is_answer(name, commune)
            for commune in place.communes
        )

    def drawn(self, outcome: ProvenOutcome, slots: Values, *, may_lack: bool) -> int:
        """Return the literal: what is drawn from the moment is this, or nothing is known of it."""
        encoding, circuit = outcome.encoding, outcome.encoding.circuit
        parts = []
        for one in self._words.attributes.values():
            if one.derived:
                unknown = -circuit.any_of(encoding.answers(one.id).values())
                told = encoding.is_answer(one.id, slots[one.id]) if one.id in slots else unknown
                parts.append(circuit.any_of([told, unknown]) if may_lack else told)
        return circuit.all_of(parts)

    def _finding(self, code: str, kind: str, through: Sequence[str]) -> Finding:
        seen: list[datetime] = []

        def goal(outcome: ProvenOutcome) -> list[int]:
            return self._goal(outcome, code, kind, through)

        def is_so(values: Values) -> bool:
            seen.extend(
                p.moment for p in self.pieces if self._is_so(code, kind, through, values, p)
            )
            return bool(seen)

        text, aid = _TEXTS[code]
        where = self._named(code, kind, through)
        problem = (code, text.format(kind) + where, None, aid.format(kind))
        finding = self._asker.finding(problem, goal, is_so)
        if len(seen) == len(self.pieces) or finding.example is None:
            return finding
        return replace(finding, example=replace(finding.example, at=f"{seen[0]:%Y-%m-%dT%H:%M}"))

    def _named(self, code: str, kind: str, through: Sequence[str]) -> str:
        """Name the communes, where not everywhere is meant."""
        outcome, names = self._asker.partial, []
        for place in self.places(kind, *through):
            goal = [*presses(outcome, kind), self.dead(outcome, code, place, through)]
            if not is_possible(outcome, *goal):
                continue
            if place.communes is None or None in place.communes:
                return ""
            names += self._names(place)
        more = f" et {len(names) - _FEW} autres communes" if len(names) > _FEW else ""
        return f" à {', '.join(names[:_FEW])}{more}" if names else " ailleurs"

    def _names(self, place: _Where) -> list[str]:
        """Name the communes at home that fall into the classes of a place."""
        class_of = self._asker.world.space.domains[self._words.commune].class_of
        classes = set(map(class_of, filter(None, place.communes or ())))
        return [name for code, name in self._words.home_names.items() if class_of(code) in classes]

    def _is_so(
        self, code: str, kind: str, through: Sequence[str], values: Values, piece: Piece
    ) -> bool:
        """Tell by the reference whether nobody answers in a situation at a moment."""
        rule_set = self._asker.rule_set
        drawn = {one.id for one in self._words.attributes.values() if one.derived}
        if any(piece.slots.get(name) != values[name] for name in drawn & values.keys()):
            return False
        situation = rule_set.closing.closed(Situation({**values, **piece.slots}))
        evaluation = reference.evaluate(rule_set, situation, self._asker.period.day)
        certain = reference.certain_kinds(rule_set, evaluation)
        oriented = reference.oriented(rule_set, evaluation.fired)
        if kind not in certain or best_class(oriented[kind]).urgency > Urgency.TODAY:
            return False
        openings, facts = Openings(self._directory, piece.moment), rule_set.truths(situation.view)
        reached = {
            one: is_reached(self._candidates.of(one, 0, situation.view, facts, openings))
            for one in (kind, *through)
        }
        if any(one in certain and reached[one] for one in through):
            return False
        return reached[kind] is (False if code == "U001" else None)


def find_needless(reaches: Iterable[ReachProof], promises: GuaranteeSet) -> Iterator[Finding]:
    """Yield U003: what is accepted here of a kind that somebody answers for, in every period."""
    known = list(reaches)
    for kind, (_, place) in promises.accepted.items():
        if kind in promises.own and not any(reach.is_dead(kind) for reach in known):
            text = f"pour `{kind}`, quelqu'un répond toujours"
            yield Finding(Problem("U003", text, place, "retirer cette ligne d'`accepted`"))


def presses(outcome: ProvenOutcome, kind: str) -> list[int]:
    """Return the literals: a kind is certain, now or today."""
    return [outcome.certain(kind), outcome.urgent(kind, Urgency.TODAY)]


def _unanswered(
    outcome: ProvenOutcome, code: str, piece: Piece, place: _Where, through: Sequence[str]
) -> int:
    """Return the literal: all who would answer refuse, and nobody answers for what is accepted."""
    circuit = outcome.encoding.circuit
    own, *others = (_refused(outcome, partners, piece.reached) for partners in place.serving)
    instead = [
        circuit.all_of([outcome.certain(k), -by]) for k, by in zip(through, others, strict=True)
    ]
    nobody = _refused(outcome, place.serving[0], piece.reached | piece.perhaps)
    mine = nobody if code == "U001" else circuit.all_of([own, -nobody])
    return circuit.all_of([mine, *(-one for one in instead)])


def _refused(outcome: ProvenOutcome, partners: Iterable[str], among: frozenset[str]) -> int:
    """Return the literal: none of these partners accepts, not even perhaps."""
    known = outcome.directory.partners
    accepts = (known[name].condition for name in partners if name in among)
    return outcome.encoding.circuit.all_of(
        FALSE if condition is None else -outcome.condition(condition).may for condition in accepts
    )
