"""Evaluation → kinds: which are certain, possible or excluded, with their class and their rules.

How they stand is told for all kinds at once, one bit a kind: of kinds a, b and c, 0b101 → a and c.
"""

from collections.abc import Iterable
from functools import reduce
from operator import or_
from typing import Final, NamedTuple

from iscg_rules.language.truth_gates import MustMay
from iscg_rules.model.rules import STRENGTHS, URGENCIES, Orient, Rule, RuleSet
from iscg_rules.recommend.reference import Evaluation
from iscg_rules.recommend.standing import BITS, standing

__all__ = ["NOW", "CertainKind", "EvaluatedKinds", "KindTables", "Unsettled"]

NOW = URGENCIES.index("now")


class CertainKind(NamedTuple):
    """A certain kind: the best class that fired rules give it, each part on its own, and these."""

    kind: str
    urgency: int
    strength: int
    reasons: tuple[tuple[Rule, Orient], ...]


class Unsettled(NamedTuple):
    """A kind that could still become certain, with its best class, and the open rules about it.

    `ways`: those that could lead there, where none does yet; `open_rules`: with those that exclude.
    """

    kind: str
    urgency: int
    strength: int
    ways: tuple[str, ...]
    open_rules: tuple[str, ...]


class _Lead(NamedTuple):
    """One rule that orients to a kind, with its class as places in `URGENCIES`, `STRENGTHS`."""

    rule: str
    urgency: int
    strength: int
    reason: tuple[Rule, Orient]


class _Effects(NamedTuple):
    """The kinds that a rule orients to, those that it makes urgent now, those that it excludes."""

    oriented: int
    urgent: int
    excluded: int


class KindTables:
    """What every rule does to every kind, made once a rule set."""

    def __init__(self, rule_set: RuleSet) -> None:
        self.kinds: Final = tuple(rule_set.vocabulary.kinds)
        self.leads: Final = {
            kind: tuple(
                _Lead(
                    rule.id,
                    URGENCIES.index(orient.urgency),
                    STRENGTHS.index(orient.strength),
                    (rule, orient),
                )
                for rule, orient in leading
            )
            for kind, leading in rule_set.orienting.items()
        }
        self.excluding: Final = {
            kind: tuple(rule.id for rule in rules) for kind, rules in rule_set.excluding.items()
        }
        bits = {kind: 1 << place for place, kind in enumerate(self.kinds)}
        self.effects: Final = {rule.id: _effects(rule, bits) for rule in rule_set.rules.values()}

    def adding(self, done: _Effects, rules: Iterable[str]) -> _Effects:
        """Return what is done with what these rules do."""
        oriented, urgent, excluded = done
        for rule in rules:
            does = self.effects[rule]
            oriented |= does.oriented
            urgent |= does.urgent
            excluded |= does.excluded
        return _Effects(oriented, urgent, excluded)

    def named(self, bits: int) -> list[str]:
        """Return the kinds of these bits, in the vocabulary's order."""
        # 0b110 → "011", lowest bit first → the second kind and the third.
        digits = f"{bits:b}"[::-1]
        return [kind for kind, digit in zip(self.kinds, digits, strict=False) if digit == "1"]


def _effects(rule: Rule, bits: dict[str, int]) -> _Effects:
    return _Effects(
        oriented=_united(bits[orient.to] for orient in rule.orient),
        urgent=_united(bits[orient.to] for orient in rule.orient if orient.urgency == "now"),
        excluded=_united(bits[exclude.to] for exclude in rule.exclude),
    )


def _united(bits: Iterable[int]) -> int:
    return reduce(or_, bits, 0)


class EvaluatedKinds:
    """What one evaluation says of every kind."""

    __slots__ = ("_certain", "_evaluation", "_excluded", "_may", "_must", "_possible", "_tables")

    def __init__(self, tables: KindTables, evaluation: Evaluation) -> None:
        self._tables = tables
        self._evaluation = evaluation
        # What holds, whatever is answered; then what may: the open rules too.
        self._must = must = tables.adding(_Effects(0, 0, 0), evaluation.fired)
        self._may = may = tables.adding(must, evaluation.open)
        self._certain, self._possible, self._excluded = standing(
            BITS, MustMay(must.oriented, may.oriented), MustMay(must.excluded, may.excluded)
        )

    def certain(self) -> list[CertainKind]:
        """Return the certain kinds, in the vocabulary's order."""
        fired = frozenset(self._evaluation.fired)
        return [
            CertainKind(
                kind,
                min([lead.urgency for lead in leads]),
                min([lead.strength for lead in leads]),
                tuple([lead.reason for lead in leads]),
            )
            for kind in self._tables.named(self._certain)
            if (leads := [lead for lead in self._tables.leads[kind] if lead.rule in fired])
        ]

    def possible(self) -> tuple[Unsettled, ...]:
        """Return the kinds that could still become certain, best class first."""
        tables = self._tables
        opened = frozenset(self._evaluation.open)
        alive = opened.union(self._evaluation.fired)
        reached = frozenset(tables.named(self._possible & self._must.oriented))
        ordered = []
        for place, kind in enumerate(tables.named(self._possible)):
            urgency, strength = len(URGENCIES), len(STRENGTHS)
            rules = []
            for rule, rule_urgency, rule_strength, _ in tables.leads[kind]:
                if rule in alive:
                    rules.append(rule)
                    # `min` takes twice as long, and half of all that a possible kind takes.
                    if rule_urgency < urgency:  # noqa: PLR1730 # as said
                        urgency = rule_urgency
                    if rule_strength < strength:  # noqa: PLR1730 # as said
                        strength = rule_strength
            if kind in reached:
                # A rule leads there already: only what may exclude it is open.
                rules.clear()
            ways = tuple(rules)
            if kind in tables.excluding:
                rules += [rule for rule in tables.excluding[kind] if rule in opened]
            ordered.append((urgency, strength, place, kind, ways, rules))
        ordered.sort()
        return tuple(
            [
                Unsettled(kind, urgency, strength, ways, tuple(rules))
                for urgency, strength, _, kind, ways, rules in ordered
            ]
        )

    def excluded(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Return the excluded kinds with the rules that do so, in the vocabulary's order."""
        fired, excluding = frozenset(self._evaluation.fired), self._tables.excluding
        return tuple(
            [
                (kind, tuple([rule for rule in excluding[kind] if rule in fired]))
                for kind in self._tables.named(self._excluded)
            ]
        )

    def settling(self) -> tuple[str, ...]:
        """Name the open rules that make a kind urgent now, or exclude what would be certain."""
        must, effects = self._must, self._tables.effects
        becoming_urgent = self._may.urgent & ~must.urgent & ~self._excluded
        at_stake = becoming_urgent | (must.oriented & ~self._excluded)
        return tuple(
            [
                rule
                for rule in self._evaluation.open
                if effects[rule].urgent & becoming_urgent or effects[rule].excluded & at_stake
            ]
        )
