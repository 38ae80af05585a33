"""Why a kind is there, why it is not, and what would change it, for one situation."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from iscg_rules.explain.results import (
    Alternative,
    Change,
    PartnerGap,
    RuleGap,
    SufficientSet,
    WhatIf,
    Why,
    WhyNot,
)
from iscg_rules.explain.smallest_change import Changer
from iscg_rules.explain.sufficient_answers import Sufficiency
from iscg_rules.language.conditions import Truths
from iscg_rules.language.situations import Situation
from iscg_rules.language.vocabulary import STATION, WITHOUT_PARTNER
from iscg_rules.language.written_answers import answers_of
from iscg_rules.model.closed_words import Goal, KindStatus
from iscg_rules.model.partners import Directory, Partner
from iscg_rules.model.rules import Rule
from iscg_rules.recommend.lexicon import Lexicon
from iscg_rules.recommend.reference import Evaluation
from iscg_rules.recommend.results import Answer, Orientation, Recommendation

__all__ = ["Explainer", "SeenSituation", "change_of"]

_TEXTS = {
    "fr": {
        "certain": "Rien ne s’y oppose\u00a0: c’est une orientation.",
        "left_out": "C’est une orientation, au-delà du nombre demandé.",
        "no_partner": "C’est une orientation, mais personne ne l’offre ici.",
        "possible": "Cela dépend de réponses qui manquent.",
        "excluded": "Une règle l’exclut.",
        "not_reached": "Aucune règle n’y mène avec ces réponses.",
        "no_rule": "Aucune règle en vigueur n’oriente vers cette aide.",
    },
    "en": {
        "certain": "Nothing is in the way: it is an orientation.",
        "left_out": "It is an orientation, beyond the number asked for.",
        "no_partner": "It is an orientation, but nobody offers it here.",
        "possible": "It depends on answers that are missing.",
        "excluded": "A rule excludes it.",
        "not_reached": "No rule leads to it with these answers.",
        "no_rule": "No rule in force orients to it.",
    },
}


@dataclass(frozen=True, slots=True, repr=False)
class SeenSituation:
    """One situation as the engine sees it, closed, at one moment.

    `recommendation` says at least what concerns the kind asked about, without a limit; `shown`
    names what a limit would keep.
    """

    situation: Situation
    day: date | None
    evaluation: Evaluation
    truths: Truths
    recommendation: Recommendation
    shown: frozenset[str]

    @property
    def given(self) -> Mapping[str, str | float]:
        """The answers that somebody gave, with what is drawn from the moment."""
        return self.situation.given

    def orientation(self, kind: str) -> Orientation | None:
        """Give the certain orientation to a kind."""
        return next((o for o in self.recommendation.orientations if o.kind == kind), None)


class Explainer:
    """Explains what one rule set over one directory says, in one language."""

    def __init__(self, lexicon: Lexicon, directory: Directory, changer: Changer) -> None:
        self._lexicon = lexicon
        self._rule_set = lexicon.rule_set
        self._directory = directory
        self._changer = changer
        # Looked up for every explanation: made once.
        self._by_orientation: dict[str, list[Rule]] = {}
        self._by_exclusion: dict[str, list[Rule]] = {}
        for rule in self._rule_set.rules.values():
            for kind in dict.fromkeys(orient.to for orient in rule.orient):
                self._by_orientation.setdefault(kind, []).append(rule)
            for kind in dict.fromkeys(exclude.to for exclude in rule.exclude):
                self._by_exclusion.setdefault(kind, []).append(rule)

    def why(self, view: SeenSituation, kind: str, most: int) -> Why:
        """Give the smallest sets of answers that are enough for a kind, the smallest first."""
        orientation = view.orientation(kind)
        finder = Sufficiency(self._rule_set, view.situation, view.truths)
        sets = list(self._sufficient(finder, view, kind)) if orientation else []
        reasons = orientation.reasons if orientation else ()
        urgency = orientation.urgency if orientation else None
        strength = orientation.strength if orientation else None
        return Why(
            *self._lexicon.signature,
            kind=kind,
            label=self._lexicon.kinds[kind],
            is_certain=orientation is not None,
            sets=tuple(sets[:most]),
            reasons=reasons,
            urgency=urgency,
            urgency_from=tuple(reason.rule for reason in reasons if reason.urgency == urgency),
            strength=strength,
            strength_from=tuple(reason.rule for reason in reasons if reason.strength == strength),
            exact=finder.is_exact and len(sets) <= most,
        )

    def _sufficient(
        self, finder: Sufficiency, view: SeenSituation, kind: str
    ) -> Iterator[SufficientSet]:
        fired = frozenset(view.evaluation.fired)
        by_rule = {
            rule.id: finder.sets(rule.condition, wanted=True)
            for rule in self._orienting(kind, view.day)
            if rule.id in fired
        }
        unthreatened = [
            finder.sets(rule.condition, wanted=False) for rule in self._excluding(kind, view.day)
        ]
        reached = finder.smallest(one for sets in by_rule.values() for one in sets)
        for answers in finder.all_of([reached, *unthreatened]):
            rules = (rule for rule, sets in by_rule.items() if any(s <= answers for s in sets))
            yield SufficientSet(self._answers(view.given, answers), tuple(rules))

    def why_not(self, view: SeenSituation, kind: str) -> WhyNot:
        """Say what stands between a kind and the orientations that are shown."""
        status = self._status(view, kind)
        got = view.recommendation
        exclusions = next((e.reasons for e in got.excluded if e.kind == kind), ())
        missing = next((p.missing for p in got.possible if p.kind == kind), ())
        rules = self._orienting(kind, view.day) if status == "not_reached" else ()
        return WhyNot(
            *self._lexicon.signature,
            kind=kind,
            label=self._lexicon.kinds[kind],
            status=status,
            text=_TEXTS[self._lexicon.language][status],
            exclusions=exclusions,
            missing=missing,
            rules=tuple(self._rule_gaps(view, rules)),
            partners=tuple(self._partner_gaps(view, kind)) if status == "no_partner" else (),
        )

    def _status(self, view: SeenSituation, kind: str) -> KindStatus:
        got = view.recommendation
        if view.orientation(kind):
            if kind in got.gaps:
                return "no_partner"
            return "certain" if kind in view.shown else "left_out"
        if any(exclusion.kind == kind for exclusion in got.excluded):
            return "excluded"
        if any(possibility.kind == kind for possibility in got.possible):
            return "possible"
        return "not_reached" if any(self._orienting(kind, view.day)) else "no_rule"

    def _rule_gaps(self, view: SeenSituation, rules: Sequence[Rule]) -> Iterator[RuleGap]:
        lexicon = self._lexicon
        found = self._changer.towards_rules(view.given, rules)
        for rule, one in zip(rules, found, strict=True):
            changes = one.changes[0].items() if one.changes else ()
            said = tuple(change_of(lexicon, view.given, name, to) for name, to in changes)
            yield RuleGap(rule.id, lexicon.because[rule.id], said, can_hold=bool(one.changes))

    def _partner_gaps(self, view: SeenSituation, kind: str) -> Iterator[PartnerGap]:
        if self._rule_set.vocabulary.kinds[kind].nature in WITHOUT_PARTNER:
            return
        finder = Sufficiency(self._rule_set, view.situation, view.truths)
        for partner in self._directory.by_kind.get(kind, ()):
            condition = partner.condition
            if condition is not None and condition.truth(view.situation.view, view.truths) is False:
                refusing = finder.sets(condition, wanted=False)
                answers = self._answers(view.given, refusing[0])
                yield PartnerGap(partner.id, partner.name, "accepts", answers)
            elif (commune := self._commune(view, partner, kind)) is not None:
                yield PartnerGap(partner.id, partner.name, "area", commune)

    def _commune(
        self, view: SeenSituation, partner: Partner, kind: str
    ) -> tuple[Answer, ...] | None:
        """Give the commune that a partner does not cover; None where it covers it."""
        words = self._rule_set.vocabulary
        commune, _ = words.where(kind, view.given)
        areas = self._directory.places[partner.id]
        if commune is None or any(area.covers(commune) for area in areas):
            return None
        is_here = commune != view.given.get(words.commune)
        if is_here and STATION not in words.attributes:
            return ()
        name = STATION if is_here else words.commune
        return self._answers({**view.given, name: commune}, [name])

    def what_if(self, view: SeenSituation, kind: str, goal: Goal, most: int) -> WhatIf:
        """Give the fewest answers to change or to give so that a kind reaches a goal."""
        found = self._changer.towards(view.given, view.day, kind, goal, most)
        alternatives = (
            Alternative(
                tuple(change_of(self._lexicon, view.given, name, to) for name, to in one.items()),
                answers_of(self._rule_set.vocabulary, _many_of_last(one)),
            )
            for one in found.changes
        )
        label = self._lexicon.kinds[kind]
        signature = self._lexicon.signature
        return WhatIf(*signature, kind, label, goal, tuple(alternatives), found.is_exact)

    def _orienting(self, kind: str, day: date | None) -> list[Rule]:
        return [rule for rule in self._by_orientation.get(kind, ()) if rule.is_in_force(day)]

    def _excluding(self, kind: str, day: date | None) -> list[Rule]:
        return [rule for rule in self._by_exclusion.get(kind, ()) if rule.is_in_force(day)]

    def _answers(
        self, values: Mapping[str, str | float], variables: Iterable[str]
    ) -> tuple[Answer, ...]:
        places = self._rule_set.vocabulary.attribute_of
        wanted = set(variables)
        return tuple(
            answer_of(self._lexicon, name, values[name]) for name in places if name in wanted
        )


def _many_of_last(values: Mapping[str, str | float]) -> Mapping[str, str | float]:
    """Return the same answers, those of `many_of` attributes after the others."""
    return dict(sorted(values.items(), key=lambda answered: "=" in answered[0]))


def answer_of(lexicon: Lexicon, variable: str, value: str | float) -> Answer:
    """Say one answer in the words of the vocabulary."""
    attribute = lexicon.wording.vocabulary.attribute_of[variable]
    words = lexicon.wording
    return Answer(attribute, words.attribute(attribute), words.answer(variable, value))


def change_of(
    lexicon: Lexicon, values: Mapping[str, str | float], variable: str, to: str | float | None
) -> Change:
    """Say one change in the words of the vocabulary; an answer taken away is unknown again."""
    attribute, words = lexicon.wording.vocabulary.attribute_of[variable], lexicon.wording
    before = values.get(variable)
    return Change(
        attribute,
        words.attribute(attribute),
        None if before is None else words.answer(variable, before),
        "?" if to is None else words.answer(variable, to),
    )
