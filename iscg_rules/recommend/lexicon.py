"""Everything about a rule set that is said in one language, put into words once."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from iscg_rules.language.wording import Wording
from iscg_rules.model.closed_words import Language
from iscg_rules.model.identity import Identity
from iscg_rules.model.rules import URGENCIES, RuleSet
from iscg_rules.recommend.open_questions import Matter
from iscg_rules.recommend.questions import AnswerChoice, NextQuestion, Question
from iscg_rules.recommend.results import Answer
from iscg_rules.recommend.signed_results import VERSION
from iscg_rules.recommend.support import Plans, make_plans

__all__ = ["Lexicon", "make_lexicon"]


@dataclass(frozen=True)
class Lexicon:
    """Everything about a rule set that is said in one language, put into words once."""

    rule_set: RuleSet
    language: Language
    identity: Identity
    wording: Wording
    because: Mapping[str, str]
    advice: Mapping[str, tuple[str, ...]]
    kinds: Mapping[str, str]
    questions: Mapping[str, Question]
    choices: Mapping[str, tuple[AnswerChoice, ...]]
    # At the place of each variable, that of its attribute.
    questions_by_place: tuple[Question, ...]
    answers: Mapping[str, Mapping[str | float, Answer]]
    plans: Plans

    @property
    def signature(self) -> tuple[Literal[1], Language, Identity]:
        """What every result begins with."""
        return VERSION, self.language, self.identity

    def next_question(self, name: str, matter: Matter) -> NextQuestion:
        """Say a question with what its answer may decide."""
        question, attribute = self.questions[name], self.rule_set.vocabulary.attributes[name]
        return NextQuestion(
            attribute=name,
            label=question.label,
            ask=question.ask,
            type=attribute.type,
            choices=self.choices[name],
            decides=matter.kinds,
            urgency=None if matter.urgency is None else URGENCIES[matter.urgency.place],
            settles=round(matter.settles, 3),
            cost=attribute.cost,
        )


def make_lexicon(rule_set: RuleSet, identity: Identity, language: Language) -> Lexicon:
    """Put the fixed words of a rule set into one language."""
    vocabulary = rule_set.vocabulary
    rules = rule_set.rules.values()
    wording = rule_set.wording(language)
    questions = {
        a.id: Question(a.id, a.label.in_(language), a.ask.in_(language) if a.ask else None)
        for a in vocabulary.attributes.values()
    }
    return Lexicon(
        rule_set=rule_set,
        language=language,
        identity=identity,
        wording=wording,
        because={rule.id: rule.because.in_(language) for rule in rules},
        advice={r.id: tuple(t.in_(language) for t in r.advise) for r in rules if r.advise},
        kinds={kind.id: kind.label.in_(language) for kind in vocabulary.kinds.values()},
        questions=questions,
        choices={
            a.id: tuple(
                AnswerChoice(value, label.in_(language)) for value, label in a.choices.items()
            )
            for a in vocabulary.attributes.values()
        },
        questions_by_place=tuple(map(questions.__getitem__, vocabulary.attribute_of.values())),
        answers={
            variable: {
                value: Answer(a.id, a.label.in_(language), wording.answer(variable, value))
                for value in a.answers
            }
            for a in vocabulary.attributes.values()
            for variable in a.variables
        },
        plans=make_plans(rule_set),
    )
