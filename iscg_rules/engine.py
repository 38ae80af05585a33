"""The engine: it recommends, explains what it recommends, and says what to ask next."""

from collections.abc import Mapping
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Self, Unpack

from iscg_rules.language.moments import GivenMoment
from iscg_rules.language.situations import Situation
from iscg_rules.language.unchanging import Unchanging
from iscg_rules.model.closed_words import Already, Goal, Language
from iscg_rules.model.files import load_files
from iscg_rules.model.identity import Identity
from iscg_rules.model.partners import Directory
from iscg_rules.model.rules import RuleSet
from iscg_rules.reading.document_paths import document_root
from iscg_rules.recommend.form import Form, make_form
from iscg_rules.recommend.recommender import Options, Recommender
from iscg_rules.recommend.results import Recommendation

if TYPE_CHECKING:  # Explaining is a wing of its own: who only recommends does not wait for it.
    from pydantic import BaseModel

    from iscg_rules.explain.explanations import Explanations, Given
    from iscg_rules.explain.results import (
        Comparison,
        NextQuestions,
        PersonAccount,
        WhatIf,
        Why,
        WhyNot,
    )

__all__ = ["Engine"]


class Engine(Unchanging):
    """One rule set over one directory, ready to recommend and to explain.

    What takes answers or options raises one `IscgError` with every problem, A001 to A012 and V004
    for an unknown kind, never with an answer in it. `kind` is the id of a kind; `at` and `language`
    are always as in `recommend`. The examples below share one engine:

    >>> engine, friday = Engine.load(), "2026-11-27T22:30"
    """

    _recommender: Recommender
    _remade: partial[Self]

    def __init__(
        self,
        rule_set: RuleSet,
        directory: Directory,
        *,
        identity: Identity | None = None,
        **options: Unpack[Options],
    ) -> None:
        given = Identity() if identity is None else identity
        made_of: Options = {**options, "on_result": None}
        self.__dict__.update(
            _recommender=Recommender(rule_set, directory, identity=given, **options),
            _remade=partial(type(self), identity=given, **made_of),
        )

    def __repr__(self) -> str:
        rules, partners = len(self.rule_set.rules), len(self.directory.partners)
        return f"<{type(self).__name__}: {rules} rules, {partners} partners>"

    def __reduce__(self) -> tuple[object, ...]:
        """Tell another process what was read, of which it makes the same engine, but for a hook."""
        return (self._remade, (self.rule_set, self.directory))

    @classmethod
    def load(
        cls,
        rules: str | Path | None = None,
        partners: str | Path | None = None,
        *,
        territory: str | Path | None = None,
        **options: Unpack[Options],
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
            options: `evaluator`, `cross_check` and `on_result`, as `Options` tells them.

        Raises:
            IscgError: every problem of every file, each with its place; A011 for an unknown option.

        >>> Engine.load(evaluator="bitset")
        <Engine: ... rules, ... partners>
        """
        rule_set, directory, identity = load_files(rules, partners, territory)
        return cls(rule_set, directory, identity=identity, **options)

    @classmethod
    def from_documents(
        cls,
        documents: Mapping[str, str],
        *,
        territory: str | None = None,
        **options: Unpack[Options],
    ) -> Self:
        """Make an engine of texts, as of rules out of a database.

        Args:
            documents: name → YAML: `rules/vocabulary.yaml` and other `rules/*.yaml`,
                `partners.yaml`, `territories/NAME/….yaml`.
            territory, options: as in `load`.

        >>> texts = {"rules/vocabulary.yaml": "kinds: []", "partners.yaml": "partners: []"}
        >>> Engine.from_documents(texts)
        <Engine: 0 rules, 0 partners>
        """
        folder = document_root(documents) / "rules"
        return cls.load(folder, territory=territory, **options)

    @cached_property
    def _explanations(self) -> "Explanations":
        from iscg_rules.explain.explanations import Explanations  # noqa: PLC0415 # when asked

        return Explanations(self._recommender)

    @property
    def identity(self) -> Identity:
        """Which rules answer here: every result carries it.

        >>> engine.identity.territory
        'pays-de-saint-malo'
        """
        return self._recommender.identity

    @property
    def recommender(self) -> Recommender:
        """What recommends, before it is put into words; its own names may move."""
        return self._recommender

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

    def form(self, language: Language = "fr") -> Form:
        """Return every question with its type and choices; it reads what a form sent, too.

        >>> [choice.value for choice in engine.form().fields[0].choices][:2]
        ['victim', 'alleged_author']
        """
        return make_form(self._recommender.lexicon(language))

    def situation(self, answers: "Given") -> Situation:
        """Check answers, given as a mapping or a `situation_model`, and make them a `Situation`.

        >>> engine.situation({"housing": "no_housing"})
        <Situation: 1 answers>
        """
        return self._recommender.situation(answers)

    def recommend(
        self,
        situation: "Given",
        *,
        at: GivenMoment,
        already: Mapping[str, Already] | None = None,
        limit: int | None = None,
        language: Language = "fr",
    ) -> Recommendation:
        """Return the orientations that a situation leads to, best first, with their reasons.

        Args:
            situation: the answers given so far; what is absent is unknown.
            at: the moment of the interview, for opening hours and rules in force; without a zone it
                is read as Europe/Paris; a date is a day of unknown hour; None when unknown.
            already: what was tried before: kind → `"contacted"` or `"declined"`.
            limit: how many orientations at most; what is now or must is never cut.
            language: `"fr"` or `"en"` (French where no English is given).

        >>> outside = {"role": "victim", "housing": "no_housing"}
        >>> engine.recommend(outside, at=friday).orientations[0].kind
        'emergency_shelter'
        """
        return self._recommender.recommend(
            situation, at=at, already=already, limit=limit, language=language
        )

    def why(
        self,
        situation: "Given",
        kind: str,
        *,
        at: GivenMoment,
        limit: int = 10,
        language: Language = "fr",
    ) -> "Why":
        """Return the smallest sets of answers that are enough for an orientation, `limit` at most.

        >>> outside = {"role": "victim", "housing": "no_housing"}
        >>> engine.why(outside, "emergency_shelter", at=friday).sets[0].answers[1].attribute
        'housing'
        """
        return self._explanations.why(situation, kind, at, limit, language)

    def why_not(
        self,
        situation: "Given",
        kind: str,
        *,
        at: GivenMoment,
        limit: int | None = None,
        language: Language = "fr",
    ) -> "WhyNot":
        """Say what stands between a kind and the orientations that `recommend` shows.

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
        goal: Goal = "certain",
        limit: int = 3,
        language: Language = "fr",
    ) -> "WhatIf":
        """Return the fewest answers to change or to give so that a kind reaches a goal.

        Only situations that can be; what is fixed never changes, what was tried plays no part.

        Args:
            goal: `"certain"`, `"first"` (of all orientations) or `"excluded"`.
            limit: how many alternatives at most, all of the smallest size.

        >>> got = engine.what_if({"role": "victim"}, "emergency_shelter", at=friday, limit=1)
        >>> [change.attribute for change in got.alternatives[0].changes]
        ['housing_money_situation']
        """
        return self._explanations.what_if(situation, kind, at, goal, limit, language)

    def compare(
        self, before: "Given", after: "Given", *, at: GivenMoment, language: Language = "fr"
    ) -> "Comparison":
        """Return what a second situation wins, loses and moves, with the answers responsible.

        >>> engine.compare({}, {"role": "victim", "housing": "no_housing"}, at=friday).won[0].kind
        'emergency_shelter'
        """
        return self._explanations.compare(before, after, at, language)

    def explain_for_person(
        self, situation: "Given", *, at: GivenMoment, language: Language = "fr"
    ) -> "PersonAccount":
        """Return how an answer was made, for the person who asks (CRPA R311-3-1-2).

        >>> engine.explain_for_person({"role": "victim"}, at=friday).answers[0].origin
        'said'
        """
        return self._explanations.for_person(situation, at, language)

    def next_questions(
        self, situation: "Given", *, at: GivenMoment, limit: int = 5, language: Language = "fr"
    ) -> "NextQuestions":
        """Return the questions to ask next, safety first; none once nothing can change any more.

        >>> engine.next_questions({}, at=friday, limit=1).questions[0].attribute
        'immediate_danger'
        """
        return self._explanations.next_questions(situation, at, limit, language)

    def is_settled(self, situation: "Given", *, at: GivenMoment) -> bool:
        """Tell whether no further answer can change the recommendation.

        >>> engine.is_settled({}, at=friday)
        False
        """
        return self._explanations.is_settled(situation, at)
