"""How an answer was made, for the person whom it is about: what CRPA R311-3-1-2 asks for.

Source, read 2026-11: CRPA art. R311-3-1-2 (décret 2017-330): the degree and the manner in which the
treatment contributes, the data and their sources, the parameters and their weighting as applied to
the person's situation, the operations.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from iscg_rules.explain.results import AppliedRule, Origin, PersonAccount, UsedAnswer
from iscg_rules.language.vocabulary import STATION, Attribute, Vocabulary
from iscg_rules.recommend.justification import Seen
from iscg_rules.recommend.lexicon import Lexicon
from iscg_rules.recommend.results import Answer, Recommendation

__all__ = ["explain_for_person"]

# So many answers of a list are told one by one where none of them is yes.
_FEW = 3
_WORDS = {
    "fr": {
        "tells": "L’outil propose {count} aide(s), à partir de {said} réponse(s). Il ne "
        "décide rien.",
        "decides": (
            "Un intervenant social lit ces propositions, les garde ou les écarte, et décide "
            "avec la "
            "personne."
        ),
        "weighting": (
            "Aucune note, aucun poids. Chaque règle dit une urgence et une force ; la plus grande "
            "de chaque aide compte, et le nombre de règles ne compte pas."
        ),
        "checked": "{said} réponse(s) vérifiée(s) ; {concluded} autre(s) en sont déduites.",
        "hour": "L’heure de l’entretien donne : {hour}.",
        "rules": "Sur {all} règles, {fired} valent ici ; {open} attendent encore une réponse.",
        "excluded": "{count} aide(s) écartée(s) par une règle.",
        "ordered": "Les aides mises en ordre : urgence, puis force, puis l’ordre du vocabulaire.",
        "partners": "Qui appeler, cherché pour chacune ; pour {count}, personne n’est connu ici.",
        "leads": "mène à « {kind} » : {urgency}, {strength}",
        "lifts": "écarte « {kind} »",
        "advises": "conseille : {text}",
        "none": "rien de cela",
        "elsewhere": "ailleurs",
        "now": "maintenant",
        "today": "aujourd’hui",
        "week": "cette semaine",
        "planned": "à prévoir",
        "must": "à faire",
        "should": "conseillé",
        "may": "au choix",
    },
    "en": {
        "tells": "The tool proposes {count} aid(s) from {said} answer(s). It decides nothing.",
        "decides": (
            "A social worker reads these proposals, keeps or drops them, and decides with "
            "the person."
        ),
        "weighting": (
            "No score, no weight. Each rule says an urgency and a strength; the greatest of "
            "each aid "
            "counts, and the number of rules does not."
        ),
        "checked": "{said} answer(s) checked; {concluded} more follow from them.",
        "hour": "The hour of the interview gives: {hour}.",
        "rules": "Of {all} rules, {fired} hold here; {open} still wait for an answer.",
        "excluded": "{count} aid(s) ruled out by a rule.",
        "ordered": "Aids put in order: urgency, then strength, then the vocabulary's order.",
        "partners": "Whom to call, looked for each; for {count}, nobody is known here.",
        "leads": "leads to “{kind}”: {urgency}, {strength}",
        "lifts": "rules out “{kind}”",
        "advises": "advises: {text}",
        "none": "none of these",
        "elsewhere": "elsewhere",
        "now": "now",
        "today": "today",
        "week": "this week",
        "planned": "to be planned",
        "must": "must be done",
        "should": "advised",
        "may": "optional",
    },
}


def explain_for_person(
    lexicon: Lexicon, seen: Seen, recommendation: Recommendation
) -> PersonAccount:
    """Return what a person is told of how an answer was made.

    Args:
        lexicon: the words.
        seen: what the situation leads to.
        recommendation: the same, with its reasons.
    """
    words = _WORDS[lexicon.language]
    telling = _PersonTelling(lexicon, seen)
    rules = tuple(telling.rules(recommendation))
    said = {lexicon.rule_set.vocabulary.attribute_of[name] for name in telling.given}
    count = len(recommendation.orientations)
    return PersonAccount(
        *lexicon.signature,
        contribution=(words["tells"].format(count=count, said=len(said)), words["decides"]),
        answers=tuple(telling.answers(rules)),
        rules=rules,
        weighting=words["weighting"],
        operations=tuple(telling.operations(recommendation, len(said))),
    )


class _PersonTelling:
    """Tells what was made of one situation."""

    def __init__(self, lexicon: Lexicon, seen: Seen) -> None:
        self._lexicon = lexicon
        self._words = _WORDS[lexicon.language]
        self._seen = seen
        self._vocabulary: Vocabulary = lexicon.rule_set.vocabulary
        attributes, named = self._vocabulary.attributes, self._vocabulary.attribute_of
        known = seen.situation.given
        self._drawn = [name for name in known if attributes[named[name]].derived]
        self.given = {name: a for name, a in known.items() if name not in self._drawn}

    def rules(self, recommendation: Recommendation) -> Iterator[AppliedRule]:
        """Yield each rule that did something here, in the order of what it did."""
        words = self._words
        applied: dict[str, AppliedRule] = {}

        def note(rule: AppliedRule, effect: str) -> None:
            first = applied.setdefault(rule.rule, rule)
            applied[rule.rule] = replace(first, effects=(*first.effects, effect))

        for one in recommendation.orientations:
            for reason in one.reasons:
                effect = words["leads"].format(
                    kind=one.label,
                    urgency=words[reason.urgency],
                    strength=words[reason.strength],
                )
                note(self._applied(reason.rule, reason.answers), effect)
        for exclusion in recommendation.excluded:
            for behind in exclusion.reasons:
                effect = words["lifts"].format(kind=exclusion.label)
                note(self._applied(behind.rule, behind.answers), effect)
        for advice in recommendation.advice:
            for text in advice.texts:
                effect = words["advises"].format(text=text)
                note(self._applied(advice.rule, advice.answers), effect)
        yield from applied.values()

    def _applied(self, name: str, answers: tuple[Answer, ...]) -> AppliedRule:
        rule = self._lexicon.rule_set.rules[name]
        shown = tuple(self._without_place(answer) for answer in answers)
        return AppliedRule(name, self._lexicon.because[name], (), shown, rule.source)

    def _without_place(self, answer: Answer) -> Answer:
        if self._vocabulary.attributes[answer.attribute].type != "commune":
            return answer
        code = self._seen.situation.values.get(answer.attribute)
        return replace(answer, answer=self._around(str(code)))

    def _around(self, commune: str) -> str:
        """Say the smallest area of several communes around one: a small commune is a name."""
        around = (
            area
            for area in self._vocabulary.areas.values()
            if area.covers(commune) and (len(area.communes) > 1 or area.departements)
        )
        found = min(around, key=lambda area: (area.size, area.id), default=None)
        return found.label.in_(self._lexicon.language) if found else self._words["elsewhere"]

    def answers(self, rules: Iterable[AppliedRule]) -> Iterator[UsedAnswer]:
        """Yield every answer that was given, then what rules rest on beside these."""
        behind: dict[str, dict[str, Answer]] = {}
        for rule in rules:
            for answer in rule.answers:
                behind.setdefault(answer.attribute, {})[rule.rule] = answer
        told = self._told()
        for name, text in told.items():
            origin: Origin = "territory" if name == STATION else "said"
            yield self._used(name, text, origin, behind.get(name, {}))
        for name, answers in behind.items():
            if name not in told:
                attribute = self._vocabulary.attributes[name]
                texts = dict.fromkeys(answer.answer for answer in answers.values())
                origin = "moment" if attribute.derived else "concluded"
                yield self._used(name, ", ".join(texts), origin, answers)

    def _used(
        self, name: str, text: str, origin: Origin, rules: Mapping[str, Answer]
    ) -> UsedAnswer:
        label = self._lexicon.questions[name].label
        return UsedAnswer(name, label, text, origin, tuple(rules))

    def _told(self) -> dict[str, str]:
        """Say what was answered to each question, in the vocabulary's order."""
        parts: dict[str, dict[str, str | float]] = {}
        for variable, answer in self.given.items():
            parts.setdefault(self._vocabulary.attribute_of[variable], {})[variable] = answer
        ordered = self._vocabulary.sort_attributes(parts)
        attributes = self._vocabulary.attributes
        return {name: self._answer(attributes[name], parts[name]) for name in ordered}

    def _answer(self, attribute: Attribute, given: Mapping[str, str | float]) -> str:
        wording = self._lexicon.wording
        if attribute.type == "commune":
            return self._around(str(given[attribute.id]))
        if attribute.type == "many_of":
            ticked = [name for name, answer in given.items() if answer == "yes"]
            shown = ticked or (list(given) if len(given) <= _FEW else [])
            texts = [wording.answer(name, given[name]) for name in shown]
            return ", ".join(texts) or self._words["none"]
        return wording.answer(attribute.id, given[attribute.id])

    def operations(self, recommendation: Recommendation, said: int) -> Iterator[str]:
        """Yield what was done, in order, with its figures."""
        words, seen = self._words, self._seen
        concluded = len(seen.situation.trail)
        yield words["checked"].format(said=said, concluded=concluded)
        if self._drawn:
            wording = self._lexicon.wording
            known = seen.situation.values
            hour = ", ".join(wording.answer(name, known[name]) for name in self._drawn)
            yield words["hour"].format(hour=hour)
        yield words["rules"].format(
            all=len(self._lexicon.rule_set.rules),
            fired=len(seen.evaluation.fired),
            open=len(seen.evaluation.open),
        )
        yield words["excluded"].format(count=len(recommendation.excluded))
        yield words["ordered"]
        yield words["partners"].format(count=len(recommendation.gaps))
