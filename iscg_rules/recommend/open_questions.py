"""Which unanswered attributes may still change a recommendation, and in which order to ask them.

An attribute may matter when its answer could settle an open rule that could still add, raise,
exclude or advise something, or settle who serves a kind. Such a rule may be out of reach for
reasons that only all the rules together show: `explain` leaves those out too.

Order: questions of screening, then what may call a rescue by itself, both in the vocabulary's
order; what something needed now waits for; then what settles most for what it costs to answer. A
rule that waits for n answers gives each of them 1/n²: the last answer missing has to be asked
anyway, another one may never be needed.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from iscg_rules.language.conditions import ValuesLeft
from iscg_rules.language.vocabulary import CONSENT
from iscg_rules.model.partners import Directory
from iscg_rules.model.rules import Orient, Rule, RuleSet
from iscg_rules.model.scales import Urgency
from iscg_rules.recommend.kind_class import KindClass, best_class
from iscg_rules.recommend.reference import (
    Evaluation,
    excluded_kinds,
    oriented,
)
from iscg_rules.recommend.support import Support

__all__ = ["Decision", "Matter", "OpenQuestions"]


class Decision(NamedTuple):
    """An open rule that may still change something: which kinds, how soon, and what it lacks.

    `is_rescue`: it could call a rescue that nothing has called yet.
    """

    rule: str
    kinds: list[str]
    urgency: Urgency
    is_rescue: bool
    lacking: list[str]


@dataclass(slots=True)
class Matter:
    """What an attribute may still decide: kinds, and the best urgency among them, if any.

    `calls_rescue`: its answer alone may call one. `settles`: the parts that it has in open rules.
    """

    kinds: dict[str, None] = field(default_factory=dict)
    urgency: Urgency | None = None
    calls_rescue: bool = False
    settles: float = 0.0


class OpenQuestions:
    """Weighs the questions of one rule set and one directory; holds no state between calls."""

    def __init__(self, rule_set: RuleSet, directory: Directory) -> None:
        vocabulary = rule_set.vocabulary
        self._rule_set = rule_set
        self._directory = directory
        self._rescues = frozenset(k.id for k in vocabulary.kinds.values() if k.nature == "rescue")
        self._asks_consent = CONSENT in vocabulary.attributes

    def ordered(self, matters: Mapping[str, Matter]) -> list[str]:
        """Return the attributes in the order in which to ask them."""
        attributes = self._rule_set.vocabulary.attributes

        def order(name: str) -> tuple[bool, bool, bool, float]:
            matter, attribute = matters[name], attributes[name]
            if attribute.screening or matter.calls_rescue:
                return not attribute.screening, False, False, 0.0
            is_later = matter.urgency is not Urgency.NOW
            return True, True, is_later, -matter.settles / attribute.cost

        # The sort is stable: what is equal stays in the vocabulary's order.
        return sorted(matters, key=order)

    def of(self, evaluation: Evaluation, values: ValuesLeft, support: Support) -> dict[str, Matter]:
        """Return the attributes that may matter, in the vocabulary's order, never too few."""
        decisions = self.decisions(evaluation, support)
        return self.matters(decisions, self.serving(evaluation, values, support))

    def matters(
        self, decisions: Iterable[Decision], served: Iterable[tuple[str, str]]
    ) -> dict[str, Matter]:
        """Return what these open rules and partners ask of each attribute."""
        found: dict[str, Matter] = {}
        for _, kinds, urgency, is_rescue, lacking in decisions:
            calls_rescue = is_rescue and urgency is Urgency.NOW and len(lacking) == 1
            decided = dict.fromkeys(kinds)
            for name in lacking:
                matter = found.setdefault(name, Matter())
                matter.kinds |= decided
                matter.urgency = min(matter.urgency or urgency, urgency)
                matter.calls_rescue |= calls_rescue
                matter.settles += 1 / len(lacking) ** 2
        for name, kind in served:
            found.setdefault(name, Matter()).kinds[kind] = None
        known = self._rule_set.vocabulary.attributes
        ordered = self._rule_set.vocabulary.sort_attributes(found)
        return {name: found[name] for name in ordered if not known[name].derived}

    def decisions(self, evaluation: Evaluation, support: Support) -> Iterator[Decision]:
        """Give each open rule that may still change something."""
        rules = self._rule_set.rules
        orients = oriented(self._rule_set, evaluation.fired)
        reached = {kind: best_class(given) for kind, given in orients.items()}
        excluded = excluded_kinds(self._rule_set, evaluation)
        for name in evaluation.open:
            rule = rules[name]
            adding = [
                orient
                for orient in rule.orient
                if orient.to not in excluded and _adds(orient, orients.get(orient.to, ()))
            ]
            kinds = [orient.to for orient in adding]
            kinds += [e.to for e in rule.exclude if e.to not in excluded]
            if kinds or rule.advise:
                urgency = self._urgency(rule, adding, reached)
                uncalled = self._rescues.difference(reached)
                is_rescue = any(orient.to in uncalled for orient in adding)
                yield Decision(name, kinds, urgency, is_rescue, support.lacks([name]))

    def _urgency(
        self, rule: Rule, adding: list[Orient], reached: Mapping[str, KindClass]
    ) -> Urgency:
        """Give the earliest urgency that the rule could add, or take away by excluding."""
        found = [orient.urgency for orient in adding]
        found += [reached[e.to].urgency for e in rule.exclude if e.to in reached]
        return min(found, default=Urgency.PLANNED)

    def in_play(self, evaluation: Evaluation) -> dict[str, None]:
        """Give the kinds that are, or could become, orientations."""
        excluded = excluded_kinds(self._rule_set, evaluation)
        reachable = oriented(self._rule_set, (*evaluation.fired, *evaluation.open))
        return dict.fromkeys(kind for kind in reachable if kind not in excluded)

    def _on_agreement(self, evaluation: Evaluation) -> Iterator[str]:
        rules = self._rule_set.rules
        in_play = self.in_play(evaluation)
        for rule in (*evaluation.fired, *evaluation.open):
            for orient in rules[rule].orient:
                if orient.sharing == "agreement" and orient.to in in_play:
                    yield orient.to

    def serving(
        self, evaluation: Evaluation, values: ValuesLeft, support: Support
    ) -> Iterator[tuple[str, str]]:
        """Give what decides who serves a kind and what may be passed on, each with the kind."""
        for kind in self.in_play(evaluation):
            for name in self._partner_questions(kind, values, support):
                yield name, kind
        if self._asks_consent and CONSENT not in values:
            for kind in self._on_agreement(evaluation):
                yield CONSENT, kind

    def _partner_questions(self, kind: str, values: ValuesLeft, support: Support) -> Iterator[str]:
        truths, words = self._rule_set.truths(values), self._rule_set.vocabulary
        commune, _ = words.where(kind, values)
        for partner in self._directory.by_kind.get(kind, ()):
            condition = partner.condition
            if condition is not None:
                truth = condition.truth(values, truths)
                if truth is None:
                    yield from support.condition_lacks(condition)
                if truth is False:
                    continue
            areas = self._directory.places[partner.id]
            if words.commune and commune is None and not areas[-1].everywhere:
                yield words.commune


def _adds(orient: Orient, known: Sequence[Orient]) -> bool:
    """Tell whether one more orientation would change anything but the reasons."""
    return not known or best_class((*known, orient)) != best_class(known)
