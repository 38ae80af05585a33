"""A ranking → reasons in the words of the vocabulary: which rules, which answers, which sources."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from iscg_rules.language.conditions import Condition, Truths, Values
from iscg_rules.language.vocabulary import CONSENT
from iscg_rules.language.wording import Wording
from iscg_rules.model.rules import BENEFICIARIES, GROUNDS, STRENGTHS, URGENCIES, Rule, RuleSet
from iscg_rules.reading.binding import is_fresh
from iscg_rules.recommend.partner_choice import Candidate
from iscg_rules.recommend.ranking import Ranking, Reached, Unsettled
from iscg_rules.recommend.results import (
    VERSION,
    Advice,
    Answer,
    Exclusion,
    ExclusionReason,
    Orientation,
    PartnerCard,
    Possibility,
    Question,
    Reason,
    Recommendation,
    Sharing,
)
from iscg_rules.recommend.support import Plans, Support, make_plans

__all__ = ["Lexicon", "justify", "make_lexicon"]

_SHARING = {
    "fr": {
        "nothing": "Rien à transmettre : la personne reçoit l’information.",
        "agreed": "La personne est d’accord : transmettre seulement ce qui est utile.",
        "ask_first": "Demander d’abord l’accord de la personne avant de transmettre.",
        "contact_only": "La personne ne souhaite pas que l’on transmette : lui donner le contact, "
        "ne rien transmettre.",
        "inform": "Dire à la personne ce qui est transmis et à qui.",
        "without_agreement": "La loi permet de transmettre sans l’accord de la personne, "
        "dans la limite du nécessaire.",
    },
    "en": {
        "nothing": "Nothing to pass on: the person gets the information.",
        "agreed": "The person agrees: pass on only what is useful.",
        "ask_first": "Ask the person before passing anything on.",
        "contact_only": "The person does not want anything passed on: give them the contact, "
        "pass on nothing.",
        "inform": "Tell the person what is passed on and to whom.",
        "without_agreement": "The law allows passing on without the person’s agreement, "
        "no more than needed.",
    },
}


@dataclass(frozen=True)
class Lexicon:
    """Everything about a rule set that is said in one language, put into words once."""

    rule_set: RuleSet
    language: str
    wording: Wording
    because: Mapping[str, str]
    advice: Mapping[str, tuple[str, ...]]
    kinds: Mapping[str, str]
    questions: Mapping[str, Question]
    answers: Mapping[str, Mapping[str | float, Answer]]
    plans: Plans


def make_lexicon(rule_set: RuleSet, language: str) -> Lexicon:
    """Put the fixed words of a rule set into one language."""
    vocabulary = rule_set.vocabulary
    rules = rule_set.rules.values()
    wording = rule_set.wording(language)
    return Lexicon(
        rule_set=rule_set,
        language=language,
        wording=wording,
        because={rule.id: rule.because.in_(language) for rule in rules},
        advice={r.id: tuple(t.in_(language) for t in r.advise) for r in rules if r.advise},
        kinds={kind.id: kind.label.in_(language) for kind in vocabulary.kinds.values()},
        questions={
            a.id: Question(a.id, a.label.in_(language), a.ask.in_(language) if a.ask else None)
            for a in vocabulary.attributes.values()
        },
        answers={
            variable: {
                value: Answer(a.id, a.label.in_(language), wording.answer(variable, value))
                for value in (("yes", "no") if a.type == "many_of" else a.choices)
            }
            for a in vocabulary.attributes.values()
            for variable in a.variables
        },
        plans=make_plans(rule_set),
    )


def justify(
    lexicon: Lexicon,
    ranking: Ranking,
    fired: Iterable[str],
    *,
    values: Values,
    facts: Truths,
    moment: datetime | None,
) -> Recommendation:
    """Say a ranking with its reasons.

    Args:
        ranking: what the situation leads to.
        fired: ids of the rules that hold, for their advice.
        values: the known variables of the situation.
        facts: the truth of any fact.
        moment: in Europe/Paris, or None when unknown.
    """
    telling = _Telling(lexicon, values, facts, moment)
    return Recommendation(
        version=VERSION,
        language=lexicon.language,
        at=moment,
        to_settle=telling.to_settle(ranking.settling),
        orientations=tuple(telling.orientation(reached) for reached in ranking.certain),
        possible=tuple(telling.possibilities(ranking.possible)),
        excluded=tuple(telling.exclusion(kind, rules) for kind, rules in ranking.excluded),
        advice=tuple(telling.advice(rule) for rule in fired if rule in lexicon.advice),
        gaps=tuple(reached.kind for reached in ranking.certain if reached.is_gap),
        left_out=ranking.left_out,
    )


class _Telling:
    """Tells one situation in the words of one lexicon."""

    def __init__(
        self, lexicon: Lexicon, values: Values, facts: Truths, moment: datetime | None
    ) -> None:
        self._lexicon = lexicon
        self._values = values
        self._facts = facts
        self._moment = moment
        self._answers: dict[str, tuple[Answer, ...]] = {}
        self._support = Support(lexicon.plans, values, facts)

    def orientation(self, reached: Reached) -> Orientation:
        lexicon = self._lexicon
        kind = lexicon.rule_set.vocabulary.kinds[reached.kind]
        cards = tuple(self._card(candidate) for candidate in reached.candidates)
        named = {orient.for_ for _, orient in reached.reasons}
        return Orientation(
            kind=kind.id,
            label=lexicon.kinds[kind.id],
            category=kind.category,
            nature=kind.nature,
            for_=tuple(name for name in BENEFICIARIES if name in named),
            urgency=URGENCIES[reached.urgency],
            strength=STRENGTHS[reached.strength],
            partner=cards[0] if cards else None,
            alternatives=cards[1:],
            reasons=self._reasons(reached),
            sharing=self._sharing(reached),
            already=reached.already,
        )

    def possibilities(self, unsettled: Iterable[Unsettled]) -> Iterator[Possibility]:
        kinds, lacks = self._lexicon.kinds, self._support.lacks
        question_of = self._lexicon.questions.__getitem__
        for kind, urgency, strength, open_rules in unsettled:
            missing = tuple(map(question_of, lacks(open_rules)))
            yield Possibility(kind, kinds[kind], URGENCIES[urgency], STRENGTHS[strength], missing)

    def to_settle(self, rules: Sequence[str]) -> tuple[Question, ...]:
        return self.questions(self._support.lacks(rules))

    def exclusion(self, kind: str, ids: tuple[str, ...]) -> Exclusion:
        because, rules = self._lexicon.because, self._lexicon.rule_set.rules
        reasons = tuple(
            ExclusionReason(rule.id, because[rule.id], self.answers(rule), rule.source)
            for rule in map(rules.__getitem__, ids)
        )
        return Exclusion(kind, self._lexicon.kinds[kind], reasons)

    def advice(self, name: str) -> Advice:
        lexicon = self._lexicon
        rule = lexicon.rule_set.rules[name]
        texts, because = lexicon.advice[name], lexicon.because[name]
        return Advice(name, texts, because, self.answers(rule), rule.source)

    def answers(self, rule: Rule) -> tuple[Answer, ...]:
        """Give the known answers that make a fired rule true, in the vocabulary's order."""
        known = self._answers.get(rule.id)
        if known is None:
            known = self._answers[rule.id] = self._said(rule.id)
        return known

    def questions(self, attributes: Iterable[str]) -> tuple[Question, ...]:
        return tuple(map(self._lexicon.questions.__getitem__, attributes))

    def _said(self, rule: str) -> tuple[Answer, ...]:
        return tuple(self._answer(variable) for variable in self._support.rests_on(rule))

    def _answer(self, variable: str) -> Answer:
        lexicon, value = self._lexicon, self._values[variable]
        found = lexicon.answers[variable].get(value)
        if found is None:
            # Numbers and communes are too many to be put into words before.
            attribute = lexicon.wording.vocabulary.attribute_of[variable]
            label, words = lexicon.wording.attribute(attribute), lexicon.wording
            found = Answer(attribute, label, words.answer(variable, value))
        return found

    def _reasons(self, reached: Reached) -> tuple[Reason, ...]:
        return tuple(
            Reason(
                rule=rule.id,
                because=self._lexicon.because[rule.id],
                for_=(orient.for_,),
                urgency=orient.urgency,
                strength=orient.strength,
                answers=self.answers(rule),
                sources=rule.source,
                sharing=orient.sharing,
                legal_basis=orient.legal_basis,
            )
            for rule, orient in reached.reasons
        )

    def _sharing(self, reached: Reached) -> Sharing:
        ground = max((orient.sharing for _, orient in reached.reasons), key=GROUNDS.index)
        bases = {
            orient.legal_basis
            for _, orient in reached.reasons
            if orient.sharing == ground and orient.legal_basis
        }
        transmission = self._transmission(ground)
        text = _SHARING[self._lexicon.language][transmission]
        return Sharing(ground, transmission, tuple(sorted(bases)), text)

    def _transmission(self, ground: str) -> str:
        if ground == "agreement":
            consent = self._values.get(CONSENT)
            if consent is None:
                return "ask_first"
            return "agreed" if consent == "yes" else "contact_only"
        return {"none": "nothing", "inform": "inform", "exception": "without_agreement"}[ground]

    def _card(self, candidate: Candidate) -> PartnerCard:
        partner, language = candidate.partner, self._lexicon.language
        accepts = partner.condition if candidate.is_accepting is None else None
        return PartnerCard(
            id=partner.id,
            name=partner.name,
            description=partner.description.in_(language) if partner.description else None,
            contact=dict(partner.public_contact),
            access=partner.access.in_(language) if partner.access else None,
            hours=partner.hours,
            is_open=candidate.opening.is_open,
            opens_at=candidate.opening.opens_at,
            depends_on_commune=candidate.depends_on_commune,
            to_check=()
            if accepts is None
            else self.questions(self._support.condition_lacks(accepts)),
            to_confirm=partner.needs_recheck or not self._is_fresh(candidate),
            checked=partner.checked,
            sources=partner.source,
        )

    def _to_check(self, accepts: Condition | None) -> tuple[Question, ...]:
        return () if accepts is None else self.questions(self._support.condition_lacks(accepts))

    def _is_fresh(self, candidate: Candidate) -> bool:
        if self._moment is None:
            return True
        return is_fresh(candidate.partner.checked, self._moment.date())
