"""A ranking → reasons in the words of the vocabulary: which rules, which answers, which sources."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from functools import cached_property
from types import MappingProxyType
from typing import NamedTuple

from iscg_rules.language.conditions import Truths, ValuesLeft
from iscg_rules.language.moments import day_of
from iscg_rules.language.situations import Situation
from iscg_rules.language.vocabulary import CONSENT
from iscg_rules.model.closed_words import BeneficiaryWord, ScopeWord, Transmission
from iscg_rules.model.rules import BENEFICIARIES, SCOPES, STRENGTHS, URGENCIES, Rule
from iscg_rules.recommend.attribute_bits import places_in
from iscg_rules.recommend.lexicon import Lexicon
from iscg_rules.recommend.open_questions import OpenQuestions
from iscg_rules.recommend.partner_choice import Candidate, to_call
from iscg_rules.recommend.questions import NextQuestion, Question
from iscg_rules.recommend.ranking import Ranking, Reached
from iscg_rules.recommend.reference import Evaluation
from iscg_rules.recommend.results import (
    Advice,
    Answer,
    Exclusion,
    ExclusionReason,
    Orientation,
    PartnerCard,
    Possibility,
    Reachable,
    Reason,
    Recommendation,
    Sharing,
)
from iscg_rules.recommend.sharing_texts import SHARING_TEXTS
from iscg_rules.recommend.signed_results import VERSION
from iscg_rules.recommend.support import Support

__all__ = ["Seen", "justify"]

_MOST_QUESTIONS = 5
_TRANSMISSIONS: Mapping[ScopeWord, Transmission] = MappingProxyType(
    {"none": "nothing", "inform": "inform", "exception": "without_agreement"}
)


class Seen(NamedTuple):
    """One situation with what it leads to, before it is put into words."""

    values: ValuesLeft
    evaluation: Evaluation
    facts: Truths
    ranking: Ranking
    situation: Situation


def justify(
    lexicon: Lexicon, seen: Seen, moment: date | None, asking: OpenQuestions
) -> Recommendation:
    """Say what a situation leads to with its reasons, each when it is read.

    Args:
        lexicon: the words.
        seen: what the situation leads to.
        moment: in Europe/Paris, a day where the hour is unknown, or None.
        asking: weighs the questions that are left.
    """
    return Recommendation.made_later(
        _Telling(lexicon, seen, moment, asking),
        version=VERSION,
        language=lexicon.language,
        identity=lexicon.identity,
        at=moment,
        gaps=seen.ranking.gaps,
        left_out=seen.ranking.left_out,
    )


class _Telling:
    """Tells one situation in the words of one lexicon: the late fields of a recommendation."""

    def __init__(
        self, lexicon: Lexicon, seen: Seen, moment: date | None, asking: OpenQuestions
    ) -> None:
        self.lexicon = lexicon
        self.moment = moment
        self._asking = asking
        self._values, self._evaluation, _, self._ranking, self._situation = seen
        self._answers: dict[str, tuple[Answer, ...]] = {}

    @cached_property
    def support(self) -> Support:
        return Support(self.lexicon.plans, self._values)

    def to_settle(self) -> tuple[Question, ...]:
        attributes = self.lexicon.rule_set.vocabulary.attributes
        lacking = self.support.lacks(self._ranking.settling)
        return self.questions(sorted(lacking, key=lambda name: not attributes[name].screening))

    def next_questions(self) -> tuple[NextQuestion, ...]:
        matters = self._asking.of(self._evaluation, self._values, self.support)
        first = self._asking.first(matters, _MOST_QUESTIONS, self._situation).items()
        return tuple([self.lexicon.next_question(name, matter) for name, matter in first])

    def orientations(self) -> tuple[Orientation, ...]:
        return tuple([self._orientation(reached) for reached in self._ranking.certain])

    def possible(self) -> tuple[Possibility, ...]:
        kinds, support = self.lexicon.kinds, self.support
        question_at = self.lexicon.questions_by_place.__getitem__
        return tuple(
            [
                Possibility(
                    kind,
                    kinds[kind],
                    URGENCIES[urgency],
                    STRENGTHS[strength],
                    tuple(map(question_at, places_in(support.lacking(open_rules)))),
                    # Where a rule leads there already, one answer may lift what threatens it.
                    min(map(support.distance, ways), default=1),
                )
                for kind, urgency, strength, ways, open_rules in self._ranking.possible
            ]
        )

    def excluded(self) -> tuple[Exclusion, ...]:
        return tuple([self._exclusion(kind, rules) for kind, rules in self._ranking.excluded])

    def advice(self) -> tuple[Advice, ...]:
        lexicon = self.lexicon
        rules = map(lexicon.rule_set.rules.__getitem__, self._evaluation.fired)
        return tuple(
            Advice(
                rule.id,
                lexicon.advice[rule.id],
                lexicon.because[rule.id],
                self.answers(rule),
                rule.source,
            )
            for rule in rules
            if rule.id in lexicon.advice
        )

    def gap_labels(self) -> tuple[str, ...]:
        return tuple(map(self.lexicon.kinds.__getitem__, self._ranking.gaps))

    def answers(self, rule: Rule) -> tuple[Answer, ...]:
        """Return the known answers that make a fired rule true, in the vocabulary's order.

        Beside what was concluded stand the answers that it was concluded from.
        """
        answers = self._answers.get(rule.id)
        if answers is None:
            resting = self.support.rests_on(rule.id)
            if self._situation.trail:
                resting = self._with_origins(resting)
            answers = tuple(map(self._answer, resting))
            self._answers[rule.id] = answers
        return answers

    def _with_origins(self, variables: Iterable[str]) -> list[str]:
        situation = self._situation
        named = set(variables)
        named.update(*map(situation.origins, named & situation.trail.keys()))
        # What only has answers left, and none yet, is told by what ruled the others out.
        named &= situation.values.keys()
        return [name for name in self.lexicon.plans.bits.variables if name in named]

    def questions(self, attributes: Iterable[str]) -> tuple[Question, ...]:
        return tuple(map(self.lexicon.questions.__getitem__, attributes))

    def _orientation(self, reached: Reached) -> Orientation:
        kind = self.lexicon.rule_set.vocabulary.kinds[reached.kind]
        return Orientation.made_later(
            _ToldOrientation(self, reached),
            kind=kind.id,
            label=self.lexicon.kinds[kind.id],
            category=kind.category,
            nature=kind.nature,
            urgency=URGENCIES[reached.urgency],
            strength=STRENGTHS[reached.strength],
            already=reached.already,
        )

    def _exclusion(self, kind: str, ids: tuple[str, ...]) -> Exclusion:
        because, rules = self.lexicon.because, self.lexicon.rule_set.rules
        reasons = tuple(
            ExclusionReason(rule.id, because[rule.id], self.answers(rule), rule.source)
            for rule in map(rules.__getitem__, ids)
        )
        return Exclusion(kind, self.lexicon.kinds[kind], reasons)

    def _answer(self, variable: str) -> Answer:
        lexicon, value = self.lexicon, self._situation.values[variable]
        answer = lexicon.answers[variable].get(value)
        if answer is None:
            # Numbers and communes are too many to be put into words before.
            attribute = lexicon.wording.vocabulary.attribute_of[variable]
            label, words = lexicon.wording.attribute(attribute), lexicon.wording
            answer = Answer(attribute, label, words.answer(variable, value))
        return replace(answer, concluded=True) if variable in self._situation.trail else answer

    def transmission(self, scope: ScopeWord) -> Transmission:
        """Name what may be transmitted in a scope."""
        if scope == "agreement":
            consent = self._values.get(CONSENT)
            if consent is None:
                return "ask_first"
            return "agreed" if consent == "yes" else "contact_only"
        return _TRANSMISSIONS[scope]


class _ToldOrientation:
    """The late fields of one orientation."""

    __slots__ = ("_reached", "_telling")

    def __init__(self, telling: _Telling, reached: Reached) -> None:
        self._telling = telling
        self._reached = reached

    def for_(self) -> tuple[BeneficiaryWord, ...]:
        named = {orient.for_ for _, orient in self._reached.reasons}
        return tuple(name for name in BENEFICIARIES if name in named)

    def partner(self) -> PartnerCard | None:
        first = self._reached.candidates[:1]
        return self._card(first[0]) if first else None

    def alternatives(self) -> tuple[PartnerCard, ...]:
        return tuple(map(self._card, self._reached.candidates[1:]))

    def call(self) -> str | None:
        called = to_call(self._reached.candidates)
        return called.partner.id if called else None

    def reachable(self) -> Reachable:
        called = to_call(self._reached.candidates)
        if called is None:
            return "nobody"
        if called.opening.is_open:
            return "now"
        return called.opening.opens_at or "unknown"

    def reasons(self) -> tuple[Reason, ...]:
        telling = self._telling
        return tuple(
            Reason(
                rule=rule.id,
                because=telling.lexicon.because[rule.id],
                for_=(BENEFICIARIES[orient.for_.place],),
                urgency=URGENCIES[orient.urgency.place],
                strength=STRENGTHS[orient.strength.place],
                answers=telling.answers(rule),
                sources=rule.source,
                sharing=SCOPES[orient.sharing.place],
                ground=orient.ground.id if orient.legal_basis else None,
                legal_basis=orient.legal_basis,
            )
            for rule, orient in self._reached.reasons
        )

    def sharing(self) -> Sharing:
        reasons = self._reached.reasons
        scope = SCOPES[max(orient.sharing.place for _, orient in reasons)]
        widest = {orient.ground.id: orient for _, orient in reasons if orient.sharing == scope}
        bases = {orient.legal_basis for orient in widest.values() if orient.legal_basis}
        grounds = tuple(sorted(widest)) if bases else ()
        transmission = self._telling.transmission(scope)
        text = SHARING_TEXTS[self._telling.lexicon.language][transmission]
        return Sharing(scope, transmission, grounds, tuple(sorted(bases)), text)

    def _card(self, candidate: Candidate) -> PartnerCard:
        telling, partner = self._telling, candidate.partner
        language, day = telling.lexicon.language, day_of(telling.moment)
        closure = candidate.opening.closure
        to_check: tuple[Question, ...] = ()
        if candidate.is_accepting is None and partner.condition is not None:
            to_check = telling.questions(telling.support.condition_lacks(partner.condition))
        return PartnerCard(
            id=partner.id,
            name=partner.name,
            description=partner.description.in_(language) if partner.description else None,
            contact=dict(partner.public_contact),
            access=partner.access.in_(language) if partner.access else None,
            hours=partner.hours,
            is_open=candidate.opening.is_open,
            opens_at=candidate.opening.opens_at,
            closed_until=closure.until if closure else None,
            closed_because=closure.because.in_(language) if closure else None,
            depends_on_commune=candidate.depends_on_commune,
            to_check=to_check,
            withheld=partner.withheld,
            to_confirm=partner.is_stale(day),
            checked=partner.checked,
            sources=partner.source,
        )
