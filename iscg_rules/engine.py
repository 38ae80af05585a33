"""The engine: it recommends, explains what it recommends, and says what to ask next."""

from collections.abc import Mapping
from datetime import datetime
from functools import cached_property
from typing import Any

from pydantic import BaseModel

from iscg_rules.errors import IscgError, Problem, did_you_mean
from iscg_rules.explain.explainer import Explainer, SeenSituation
from iscg_rules.explain.next_question import Interviewer
from iscg_rules.explain.results import Comparison, NextQuestions, WhatIf, Why, WhyNot
from iscg_rules.explain.smallest_change import GOALS, Changer, Goal
from iscg_rules.explain.two_situations import compare
from iscg_rules.language.conditions import Values
from iscg_rules.language.moments import read_moment
from iscg_rules.language.situations import Situation
from iscg_rules.model.answer_space import Space, places_and_publics
from iscg_rules.recommend.justification import justify
from iscg_rules.recommend.recommender import EVALUATORS, LANGUAGES, Recommender

__all__ = ["EVALUATORS", "LANGUAGES", "Engine"]

Given = Mapping[str, Any] | BaseModel | Situation


class Engine(Recommender):
    """One rule set over one directory, ready to recommend and to explain."""

    def why(
        self,
        situation: Given,
        kind: str,
        *,
        at: datetime | str | None,
        limit: int = 10,
        language: str = "fr",
    ) -> Why:
        """Give the smallest sets of answers that are enough for an orientation.

        Args:
            situation: the answers given so far.
            kind: the id of a kind.
            at: the moment of the interview; None when unknown.
            limit: how many sets at most, the smallest first.
            language: `"fr"` or `"en"`.

        Raises:
            IscgError: as `recommend`; V004 for an unknown kind.
        """
        return self._explainer(language).why(self._view(situation, kind, at, language), kind, limit)

    def why_not(
        self,
        situation: Given,
        kind: str,
        *,
        at: datetime | str | None,
        limit: int | None = None,
        language: str = "fr",
    ) -> WhyNot:
        """Say what stands between a kind and the orientations that `recommend` shows.

        Args:
            situation: the answers given so far.
            kind: the id of a kind.
            at: the moment of the interview; None when unknown.
            limit: as in `recommend`.
            language: `"fr"` or `"en"`.

        Raises:
            IscgError: as `recommend`; V004 for an unknown kind.
        """
        view = self._view(situation, kind, at, language, limit)
        return self._explainer(language).why_not(view, kind)

    def what_if(
        self,
        situation: Given,
        kind: str,
        *,
        at: datetime | str | None,
        goal: Goal = "certain",
        limit: int = 3,
        language: str = "fr",
    ) -> WhatIf:
        """Give the fewest answers to change or to give so that a kind reaches a goal.

        Only situations that can be; what is fixed is given, never changed. What was tried before
        plays no part.

        Args:
            situation: the answers given so far.
            kind: the id of a kind.
            at: the moment of the interview; None when unknown.
            goal: `"certain"`, `"first"` (of all orientations) or `"excluded"`.
            limit: how many alternatives at most, all of the smallest size.
            language: `"fr"` or `"en"`.

        Raises:
            IscgError: as `recommend`; V004 for an unknown kind, A011 for an unknown goal.
        """
        if goal not in GOALS:
            aid = "possible : " + ", ".join(f"`{one}`" for one in GOALS)
            raise IscgError([Problem("A011", "but inconnu", help=aid)])
        view = self._view(situation, kind, at, language)
        return self._explainer(language).what_if(view, kind, goal, limit)

    def compare(
        self,
        before: Given,
        after: Given,
        *,
        at: datetime | str | None,
        language: str = "fr",
    ) -> Comparison:
        """Give what a second situation wins, loses and moves, with the answers responsible.

        Raises:
            IscgError: as `recommend`.
        """
        slots, day = self._moment_answers(at)
        first, second = (self.situation(one).adding(slots).values for one in (before, after))

        def ranks(values: Values) -> list[str]:
            evaluation = self._evaluator.evaluate(Situation(values), day)
            return self._ranker.order(evaluation)

        return compare(self._lexicon(language), first, second, ranks)

    def next_questions(
        self,
        situation: Given,
        *,
        at: datetime | str | None,
        limit: int = 5,
        language: str = "fr",
    ) -> NextQuestions:
        """Give the questions to ask next, safety first; none once nothing can change any more.

        Raises:
            IscgError: as `recommend`.
        """
        slots, day = self._moment_answers(at)
        values = self.situation(situation).adding(slots).values
        return self._interviewer.next(self._lexicon(language), values, day, limit)

    def is_settled(self, situation: Given, *, at: datetime | str | None) -> bool:
        """Tell whether no further answer can change the recommendation.

        Raises:
            IscgError: as `recommend`.
        """
        slots, day = self._moment_answers(at)
        values = self.situation(situation).adding(slots).values
        return not self._interviewer.mattering(values, day)[0]

    @cached_property
    def _space(self) -> Space:
        return Space(self.rule_set, places_and_publics(self.rule_set, self.directory))

    @cached_property
    def _interviewer(self) -> Interviewer:
        return Interviewer(self.rule_set, self.directory, self._evaluator, self._space)

    def _explainer(self, language: str) -> Explainer:
        lexicon = self._lexicon(language)
        return self._explainers[lexicon.language]

    @cached_property
    def _explainers(self) -> dict[str, Explainer]:
        changer = Changer(self._space, self._evaluator)
        return {name: Explainer(self._lexicon(name), self.directory, changer) for name in LANGUAGES}

    def _view(
        self,
        situation: Given,
        kind: str,
        at: datetime | str | None,
        language: str,
        limit: int | None = None,
    ) -> SeenSituation:
        if kind not in self.rule_set.vocabulary.kinds:
            aid = did_you_mean(kind, self.rule_set.vocabulary.kinds)
            raise IscgError([Problem("V004", "type d'aide inconnu", help=aid)])
        lexicon, moment = self._lexicon(language), read_moment(at)
        seen = self.look(situation, moment)
        values, evaluation, facts, ranking = seen
        kept = seen if limit is None else self.look(situation, moment, limit=limit)
        return SeenSituation(
            values,
            moment.date() if moment else None,
            evaluation,
            facts,
            justify(lexicon, ranking.about(kind), (), values=values, facts=facts, moment=moment),
            frozenset(reached.kind for reached in kept.ranking.certain),
        )
