"""Whatever can be asked about one recommender: why, why not, what if, what differs, what next."""

from collections.abc import Callable, Mapping
from datetime import date
from functools import cached_property, partial
from typing import Any

from pydantic import BaseModel

from iscg_rules.errors import IscgError, Problem
from iscg_rules.explain.explainer import Explainer, SeenSituation
from iscg_rules.explain.for_person import explain_for_person
from iscg_rules.explain.next_question import Interviewer
from iscg_rules.explain.results import (
    Comparison,
    NextQuestions,
    PersonAccount,
    WhatIf,
    Why,
    WhyNot,
)
from iscg_rules.explain.smallest_change import Changer
from iscg_rules.explain.two_situations import compare
from iscg_rules.language.conditions import Values
from iscg_rules.language.moments import GivenMoment, day_of, read_moment
from iscg_rules.language.situations import Situation
from iscg_rules.model.answer_space import Space, places_and_publics
from iscg_rules.model.closed_words import GOALS, LANGUAGES, Goal, Language
from iscg_rules.recommend.justification import justify
from iscg_rules.recommend.recommender import Recommender, check_limit
from iscg_rules.recommend.reference import Evaluation
from iscg_rules.suggestions import did_you_mean

__all__ = ["Explanations", "Given"]

Given = Mapping[str, Any] | BaseModel | Situation

_NOTHING = Evaluation((), ())


class Explanations:
    """Explains what one recommender says; `Engine` describes each question in full."""

    def __init__(self, recommender: Recommender) -> None:
        self._recommender = recommender
        self._told = recommender.told

    def why(
        self, situation: Given, kind: str, at: GivenMoment, limit: int, language: Language
    ) -> Why:
        """Return the smallest sets of answers that are enough for a kind."""
        view = self._view(situation, kind, at, language, most=limit)
        return self._told("why", self._explainer(language).why(view, kind, limit))

    def why_not(
        self, situation: Given, kind: str, at: GivenMoment, limit: int | None, language: Language
    ) -> WhyNot:
        """Say what stands between a kind and the orientations that are shown."""
        view = self._view(situation, kind, at, language, limit)
        return self._told("why_not", self._explainer(language).why_not(view, kind))

    def what_if(
        self,
        situation: Given,
        kind: str,
        at: GivenMoment,
        goal: Goal,
        limit: int,
        language: Language,
    ) -> WhatIf:
        """Return the fewest answers to change or to give so that a kind reaches a goal."""
        view = self._view(situation, kind, at, language, most=limit, goal=goal)
        return self._told("what_if", self._explainer(language).what_if(view, kind, goal, limit))

    def compare(
        self, before: Given, after: Given, at: GivenMoment, language: Language
    ) -> Comparison:
        """Return what a second situation wins, loses and moves."""
        recommender = self._recommender
        given = recommender.check(before, after, at=at, language=language)
        slots, day = recommender.moment_answers(at)
        first, second = (situation.adding(slots).values for situation in given)

        def ranks(values: Values) -> list[str]:
            return recommender.ranker.order(recommender.evaluator.evaluate(Situation(values), day))

        compared = compare(recommender.lexicon(language), first, second, ranks)
        return self._told("compare", compared)

    def for_person(self, situation: Given, at: GivenMoment, language: Language) -> PersonAccount:
        """Say how an answer was made, for the person whom it is about."""
        recommender = self._recommender
        (given,) = recommender.check(situation, at=at, language=language)
        lexicon, moment = recommender.lexicon(language), read_moment(at)
        seen = recommender.look(given, moment)
        answer = justify(lexicon, seen, moment, recommender.asking)
        return self._told("explain_for_person", explain_for_person(lexicon, seen, answer))

    def next_questions(
        self, situation: Given, at: GivenMoment, limit: int, language: Language
    ) -> NextQuestions:
        """Return the questions to ask next, safety first; none once nothing can change."""
        needed = partial(check_limit, limit, may_lack=False)
        closed, day = self._closed(situation, at, language, needed)
        lexicon = self._recommender.lexicon(language)
        return self._told("next_questions", self.interviewer.next(lexicon, closed, day, limit))

    def is_settled(self, situation: Given, at: GivenMoment) -> bool:
        """Tell whether no further answer can change the recommendation."""
        closed, day = self._closed(situation, at)
        return not self.interviewer.mattering(closed, day)[0].asked

    def _closed(
        self,
        situation: Given,
        at: GivenMoment,
        language: Language = "fr",
        *others: Callable[[], object],
    ) -> tuple[Situation, date | None]:
        """Return a situation with all that follows, the moment included, and its day."""
        recommender = self._recommender
        (closed,) = recommender.check(situation, at=at, language=language, others=others)
        slots, day = recommender.moment_answers(at)
        return closed.at_moment(slots), day

    @cached_property
    def space(self) -> Space:
        """Every situation that can be told apart, made when it is first needed."""
        rule_set, directory = self._recommender.rule_set, self._recommender.directory
        return Space(rule_set, places_and_publics(rule_set, directory))

    @cached_property
    def interviewer(self) -> Interviewer:
        """What chooses the next questions, made when it is first needed."""
        recommender = self._recommender
        return Interviewer(
            recommender.asking, recommender.directory, recommender.evaluator, self.space
        )

    def _explainer(self, language: Language) -> Explainer:
        return self._explainers[self._recommender.lexicon(language).language]

    @cached_property
    def _explainers(self) -> dict[str, Explainer]:
        recommender = self._recommender
        changer = Changer(self.space, recommender.evaluator)
        return {
            name: Explainer(recommender.lexicon(name), recommender.directory, changer)
            for name in LANGUAGES
        }

    def _check_kind(self, kind: object) -> None:
        kinds = self._recommender.rule_set.vocabulary.kinds
        if not isinstance(kind, str) or kind not in kinds:
            aid = did_you_mean(kind, kinds) if isinstance(kind, str) else None
            raise IscgError([Problem("V004", "type d'aide inconnu", help=aid)])

    def _view(
        self,
        situation: Given,
        kind: str,
        at: GivenMoment,
        language: Language,
        limit: int | None = None,
        *,
        most: int = 1,
        goal: Goal = "certain",
    ) -> SeenSituation:
        recommender = self._recommender
        others = (
            partial(self._check_kind, kind),
            partial(check_limit, most, may_lack=False),
            partial(_check_goal, goal),
        )
        (given,) = recommender.check(
            situation, at=at, limit=limit, language=language, others=others
        )
        lexicon, moment = recommender.lexicon(language), read_moment(at)
        seen = recommender.look(given, moment)
        _, evaluation, facts, ranking, closed = seen
        kept = seen if limit is None else recommender.look(given, moment, limit=limit)
        return SeenSituation(
            closed,
            day_of(moment),
            evaluation,
            facts,
            justify(
                lexicon,
                seen._replace(evaluation=_NOTHING, ranking=ranking.about(kind)),
                moment,
                recommender.asking,
            ),
            frozenset(reached.kind for reached in kept.ranking.certain),
        )


def _check_goal(goal: object) -> None:
    if goal not in GOALS:
        aid = "possible : " + ", ".join(f"`{name}`" for name in GOALS)
        raise IscgError([Problem("A011", "but inconnu", help=aid)])
