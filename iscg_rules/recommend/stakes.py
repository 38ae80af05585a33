"""What open rules may still change: which kinds, and how soon, for all rules at once.

Sets of rules are whole numbers with one bit a rule, in the order of their ids.
"""

from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from iscg_rules.model.rules import Orient, Rule, RuleSet
from iscg_rules.model.scales import Urgency
from iscg_rules.recommend.attribute_bits import places_in
from iscg_rules.recommend.kind_class import KindClass, best_class
from iscg_rules.recommend.reference import Evaluation, excluded_kinds, oriented

__all__ = ["StakeTables", "Stakes"]


class _Leading(NamedTuple):
    """What rules do to one kind.

    `by_class`: the rules of each orientation that says something of its own; `by_urgency`: the same
    rules by how soon, as places.
    """

    is_rescue: bool
    rules: int
    by_class: tuple[tuple[Orient, int], ...]
    by_urgency: tuple[tuple[int, int], ...]
    excluding: int


class StakeTables:
    """What every rule may do to every kind, made once a rule set."""

    def __init__(self, rule_set: RuleSet) -> None:
        self.rule_set: Final = rule_set
        self.rules: Final = tuple(rule_set.rules.values())
        self.bits: Final = {rule.id: 1 << place for place, rule in enumerate(self.rules)}
        self.advising: Final = self.of(rule.id for rule in self.rules if rule.advise)
        # Where nothing is settled about the kinds that a rule names.
        self.plain: Final = [_changed(rule, {}, frozenset()) for rule in self.rules]
        self.leading: Final = {kind: self._leading(kind) for kind in rule_set.vocabulary.kinds}

    def of(self, rules: Iterable[str]) -> int:
        """Return these rules as bits."""
        found = 0
        for rule in rules:
            found |= self.bits[rule]
        return found

    def _leading(self, kind: str) -> _Leading:
        by_class: dict[tuple[str, ...], tuple[Orient, int]] = {}
        by_urgency: dict[int, int] = {}
        rules = 0
        for rule, orient in self.rule_set.orienting.get(kind, ()):
            bit, place = self.bits[rule.id], orient.urgency.place
            key = (orient.urgency, orient.strength, orient.for_, orient.sharing)
            by_class[key] = orient, by_class.get(key, (orient, 0))[1] | bit
            by_urgency[place] = by_urgency.get(place, 0) | bit
            rules |= bit
        is_rescue = self.rule_set.vocabulary.kinds[kind].nature == "rescue"
        excluding = self.of(rule.id for rule in self.rule_set.excluding.get(kind, ()))
        classes = tuple(by_class.values())
        return _Leading(is_rescue, rules, classes, tuple(by_urgency.items()), excluding)


class Stakes:
    """What is at stake in one situation.

    Attributes:
        deciding: the rules that would change something, or advise.
        calling: those that could call a rescue that nothing has called yet, now.
        by_urgency: at the place of each urgency, those of `deciding` that may change something so
            urgent, and nothing sooner.
    """

    def __init__(self, tables: StakeTables, evaluation: Evaluation) -> None:
        self._tables = tables
        rule_set = tables.rule_set
        given = oriented(rule_set, evaluation.fired)
        self._reached = reached = {kind: best_class(orients) for kind, orients in given.items()}
        self._excluded = excluded = excluded_kinds(rule_set, evaluation)
        deciding, rescuing, touched = tables.advising, 0, 0
        # The earliest urgency that a rule could add, or take away by excluding.
        sooner = [0] * len(Urgency)
        for kind, leading in tables.leading.items():
            known, adding = reached.get(kind), leading.by_urgency
            if known is not None:
                sooner[known.urgency.place] |= leading.excluding
                touched |= leading.rules
                adding = tuple(
                    (orient.urgency.place, rules)
                    for orient, rules in leading.by_class
                    if _adds(orient, known)
                )
            if kind in excluded:
                touched |= leading.rules | leading.excluding
                continue
            deciding |= leading.excluding
            for place, rules in adding:
                sooner[place] |= rules
                deciding |= rules
            if leading.is_rescue and known is None:
                rescuing |= leading.rules
        open_rules = tables.of(evaluation.open)
        self.deciding: Final[int] = deciding & open_rules
        left = self.deciding
        by_urgency: list[int] = []
        for rules in sooner:
            by_urgency.append(left & rules)
            left &= ~rules
        by_urgency[-1] |= left
        self.by_urgency: Final[tuple[int, ...]] = tuple(by_urgency)
        self.calling: Final[int] = rescuing & by_urgency[0]
        self._touched = touched

    def kinds(self, rules: int) -> dict[str, None]:
        """Return the kinds about which these rules may change something."""
        found: dict[str, None] = {}
        plain = self._tables.plain
        for place in places_in(rules):
            if self._touched >> place & 1:
                found.update(self._changed(place))
            else:
                found.update(plain[place])
        return found

    def _changed(self, place: int) -> dict[str, None]:
        rule = self._tables.rules[place]
        return _changed(rule, self._reached, self._excluded)


def _changed(
    rule: Rule, reached: Mapping[str, KindClass], excluded: Iterable[str]
) -> dict[str, None]:
    """Name the kinds that a rule would add to, then those that it would exclude."""
    kinds = [
        orient.to
        for orient in rule.orient
        if orient.to not in excluded and _adds(orient, reached.get(orient.to))
    ]
    kinds += [exclude.to for exclude in rule.exclude if exclude.to not in excluded]
    return dict.fromkeys(kinds)


def _adds(orient: Orient, known: KindClass | None) -> bool:
    """Tell whether one more orientation would change anything but the reasons."""
    return known is None or (
        orient.urgency < known.urgency
        or orient.strength < known.strength
        or orient.for_ not in known.people
        or orient.sharing > known.scope
    )
