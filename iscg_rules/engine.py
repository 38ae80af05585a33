"""The engine: it recommends, explains what it recommends, and says what to ask next."""

from collections.abc import Mapping
from datetime import date
from functools import cached_property, partial
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Self

from iscg_rules.errors import IscgError, Problem
from iscg_rules.language.moments import GivenMoment
from iscg_rules.language.situations import Situation
from iscg_rules.model.files import find_files, read_files
from iscg_rules.model.partners import Directory
from iscg_rules.model.rules import RuleSet
from iscg_rules.recommend.justification import Seen
from iscg_rules.recommend.recommender import EVALUATORS, LANGUAGES, Recommender
from iscg_rules.recommend.results import Recommendation

# Explaining is a wing of its own: who only recommends does not wait for it.
if TYPE_CHECKING:
    from pydantic import BaseModel

    from iscg_rules.explain.explanations import Explanations, Given
    from iscg_rules.explain.results import Comparison, NextQuestions, WhatIf, Why, WhyNot
    from iscg_rules.explain.smallest_change import Goal

__all__ = ["EVALUATORS", "LANGUAGES", "Engine"]


class Engine:
    """One rule set over one directory, ready to recommend and to explain.

    The examples below share one engine:

    >>> engine = Engine.load()
    >>> friday = "2026-11-27T22:30"
    """

    def __init__(
        self,
        rule_set: RuleSet,
        directory: Directory,
        *,
        evaluator: str = "bitset",
        cross_check: bool = False,
    ) -> None:
        self._remade = partial(type(self), evaluator=evaluator, cross_check=cross_check)
        self._recommender = Recommender(
            rule_set, directory, evaluator=evaluator, cross_check=cross_check
        )

    def __repr__(self) -> str:
        rules, partners = len(self.rule_set.rules), len(self.directory.partners)
        return f"<{type(self).__name__}: {rules} rules, {partners} partners>"

    def __reduce__(self) -> tuple[object, ...]:
        """Tell another process what was read, of which it makes the same engine."""
        return (self._remade, (self.rule_set, self.directory))

    @classmethod
    def load(
        cls,
        rules: str | Path | None = None,
        partners: str | Path | None = None,
        *,
        territory: str | Path | None = None,
        evaluator: str = "bitset",
        cross_check: bool = False,
    ) -> Self:
        """Read rules and partners and make them ready.

        Args:
            rules: a folder of rules; the shipped ones when None.
            partners: a partners file; when None, the one beside the folder of rules, or the
                shipped one where there is none. The territory's are read with that one; any other
                file is read alone.
            territory: the name of a folder in `territories/`, beside the rules or shipped, or a
                path to a folder with a `territory.yaml`; when None, the Pays de Saint-Malo where
                it lies beside the rules, else no territory.
            evaluator: `"bitset"`, or `"durable"` for the network of durable-rules.
            cross_check: evaluate with both, and raise `DisagreementError` when they differ.

        Raises:
            IscgError: every problem of every file, each with its place; A011 for an unknown option.

        >>> Engine.load(evaluator="bitset")
        <Engine: ... rules, ... partners>
        """
        problems: list[Problem] = []
        layout = find_files(rules, partners, territory, problems)
        rule_set, directory = read_files(layout, problems)
        if problems:
            raise IscgError(problems)
        return cls(rule_set, directory, evaluator=evaluator, cross_check=cross_check)

    @cached_property
    def _explanations(self) -> "Explanations":
        from iscg_rules.explain.explanations import Explanations  # noqa: PLC0415 # when asked

        return Explanations(self._recommender)

    @property
    def rule_set(self) -> RuleSet:
        """The rules that the engine was made of."""
        return self._recommender.rule_set

    @property
    def directory(self) -> Directory:
        """The partners that the engine was made of."""
        return self._recommender.directory

    @property
    def situation_model(self) -> "type[BaseModel]":
        """The pydantic model of a situation, from the vocabulary; every field optional.

        >>> engine.situation_model(housing="no_housing")
        <SituationModel: 1 answers>
        """
        return self._recommender.situation_model

    def situation(self, answers: "Given") -> Situation:
        """Check answers and make them a `Situation`.

        Args:
            answers: attribute → answer; or an instance of `situation_model`.

        Raises:
            IscgError: A001 to A008, all problems at once, never with an answer in it; A005 when
                the situation is one that the rule set declares impossible.

        >>> engine.situation({"housing": "no_housing"})
        <Situation: 1 answers>
        """
        return self._recommender.situation(answers)

    def recommend(
        self,
        situation: "Given",
        *,
        at: GivenMoment,
        already: Mapping[str, str] | None = None,
        limit: int | None = None,
        language: str = "fr",
    ) -> Recommendation:
        """Return the orientations that a situation leads to, best first, with their reasons.

        Args:
            situation: the answers given so far; what is absent is unknown.
            at: the moment of the interview, for opening hours and rules in force; without a zone it
                is read as Europe/Paris; a date is a day of unknown hour; None when unknown.
            already: what was tried before: kind → `"contacted"` or `"declined"`.
            limit: how many orientations at most; what is now or must is never cut.
            language: `"fr"` or `"en"` (French where no English is given).

        Raises:
            IscgError: all problems of the situation, never with an answer in it; A009, A010, A011.

        >>> outside = {"role": "victim", "housing": "no_housing"}
        >>> first = engine.recommend(outside, at=friday).orientations[0]
        >>> first.kind, [answer.attribute for answer in first.reasons[0].answers]
        ('emergency_shelter', ['role', 'housing'])
        """
        return self._recommender.recommend(
            situation, at=at, already=already, limit=limit, language=language
        )

    def look(
        self,
        situation: "Given",
        moment: date | None,
        *,
        already: Mapping[str, str] = MappingProxyType({}),
        limit: int | None = None,
    ) -> Seen:
        """Return what a situation leads to, ranked and not yet put into words.

        Raises:
            IscgError: as `recommend`.

        >>> engine.look({"role": "victim", "housing": "no_housing"}, None).ranking.certain[0].kind
        'emergency_shelter'
        """
        return self._recommender.look(situation, moment, already=already, limit=limit)

    def why(
        self,
        situation: "Given",
        kind: str,
        *,
        at: GivenMoment,
        limit: int = 10,
        language: str = "fr",
    ) -> "Why":
        """Return the smallest sets of answers that are enough for an orientation.

        Args:
            situation, at, language: as in `recommend`.
            kind: the id of a kind.
            limit: how many sets at most, the smallest first.

        Raises:
            IscgError: as `recommend`; V004 for an unknown kind.

        >>> outside = {"role": "victim", "housing": "no_housing"}
        >>> got = engine.why(outside, "emergency_shelter", at=friday)
        >>> [answer.attribute for answer in got.sets[0].answers]
        ['role', 'housing']
        """
        return self._explanations.why(situation, kind, at, limit, language)

    def why_not(
        self,
        situation: "Given",
        kind: str,
        *,
        at: GivenMoment,
        limit: int | None = None,
        language: str = "fr",
    ) -> "WhyNot":
        """Say what stands between a kind and the orientations that `recommend` shows.

        Args:
            situation, at, limit, language: as in `recommend`.
            kind: the id of a kind.

        Raises:
            IscgError: as `recommend`; V004 for an unknown kind.

        >>> engine.why_not({}, "emergency_shelter", at=friday).status
        'possible'
        """
        return self._explanations.why_not(situation, kind, at, limit, language)

    def what_if(
        self,
        situation: "Given",
        kind: str,
        *,
        at: GivenMoment,
        goal: "Goal" = "certain",
        limit: int = 3,
        language: str = "fr",
    ) -> "WhatIf":
        """Return the fewest answers to change or to give so that a kind reaches a goal.

        Only situations that can be; what is fixed is given, never changed. What was tried before
        plays no part.

        Args:
            situation, at, language: as in `recommend`.
            kind: the id of a kind.
            goal: `"certain"`, `"first"` (of all orientations) or `"excluded"`.
            limit: how many alternatives at most, all of the smallest size.

        Raises:
            IscgError: as `recommend`; V004 for an unknown kind, A011 for an unknown goal.

        >>> got = engine.what_if({"role": "victim"}, "emergency_shelter", at=friday, limit=1)
        >>> [change.attribute for change in got.alternatives[0].changes]
        ['housing']
        """
        return self._explanations.what_if(situation, kind, at, goal, limit, language)

    def compare(
        self, before: "Given", after: "Given", *, at: GivenMoment, language: str = "fr"
    ) -> "Comparison":
        """Return what a second situation wins, loses and moves, with the answers responsible.

        Raises:
            IscgError: as `recommend`.

        >>> victim = {"role": "victim"}
        >>> got = engine.compare(victim, victim | {"housing": "no_housing"}, at=friday)
        >>> [difference.kind for difference in got.won]
        ['emergency_shelter'...]
        """
        return self._explanations.compare(before, after, at, language)

    def next_questions(
        self, situation: "Given", *, at: GivenMoment, limit: int = 5, language: str = "fr"
    ) -> "NextQuestions":
        """Return the questions to ask next, safety first; none once nothing can change any more.

        Raises:
            IscgError: as `recommend`.

        >>> got = engine.next_questions({}, at=friday, limit=1)
        >>> [question.attribute for question in got.questions]
        ['immediate_danger']
        """
        return self._explanations.next_questions(situation, at, limit, language)

    def is_settled(self, situation: "Given", *, at: GivenMoment) -> bool:
        """Tell whether no further answer can change the recommendation.

        Raises:
            IscgError: as `recommend`.

        >>> engine.is_settled({}, at=friday)
        False
        """
        return self._explanations.is_settled(situation, at)
