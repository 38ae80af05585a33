"""Loaded once, immutable; a situation goes in, a recommendation comes out."""

from collections.abc import Mapping
from datetime import date, datetime
from functools import cached_property, partial
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple, Self

from pydantic import BaseModel

from iscg_rules.errors import IscgError, Problem
from iscg_rules.language.conditions import Truths, Values
from iscg_rules.language.moments import Slots, read_moment
from iscg_rules.language.situation_model import build_model
from iscg_rules.language.situations import Situation, make_situation
from iscg_rules.model.files import find_files, read_files
from iscg_rules.model.partners import Directory
from iscg_rules.model.rules import RuleSet
from iscg_rules.model.situation_files import check_already
from iscg_rules.recommend.bit_tables import compile_rules
from iscg_rules.recommend.bitset import BitsetEvaluator
from iscg_rules.recommend.cross_check import CrossCheck, Evaluator
from iscg_rules.recommend.durable import DurableEvaluator
from iscg_rules.recommend.justification import Lexicon, justify, make_lexicon
from iscg_rules.recommend.partner_choice import Openings
from iscg_rules.recommend.ranking import Ranker, Ranking
from iscg_rules.recommend.reference import Evaluation
from iscg_rules.recommend.results import Recommendation

__all__ = ["EVALUATORS", "LANGUAGES", "Recommender"]

EVALUATORS = ("bitset", "durable")
LANGUAGES = ("fr", "en")


def _make_evaluator(rule_set: RuleSet, name: str, *, cross_check: bool) -> Evaluator:
    if name not in EVALUATORS:
        aid = "possible : " + ", ".join(f"`{one}`" for one in EVALUATORS)
        raise IscgError([Problem("A011", "évaluateur inconnu", help=aid)])
    compiled = compile_rules(rule_set)
    if not cross_check:
        return BitsetEvaluator(compiled) if name == "bitset" else DurableEvaluator(compiled)
    both = (BitsetEvaluator(compiled), DurableEvaluator(compiled))
    return CrossCheck(*(both if name == "bitset" else both[::-1]))


class Seen(NamedTuple):
    """One situation with what it leads to, before it is put into words."""

    values: Values
    evaluation: Evaluation
    facts: Truths
    ranking: Ranking


class Recommender:
    """One rule set over one directory, ready to recommend."""

    def __init__(
        self,
        rule_set: RuleSet,
        directory: Directory,
        *,
        evaluator: str = "bitset",
        cross_check: bool = False,
    ) -> None:
        self.rule_set = rule_set
        self.directory = directory
        self._remade = partial(type(self), evaluator=evaluator, cross_check=cross_check)
        self._evaluator = _make_evaluator(rule_set, evaluator, cross_check=cross_check)
        self._ranker = Ranker(rule_set, directory)
        self._slots = Slots(rule_set.vocabulary)
        self._lexicons = {name: make_lexicon(rule_set, name) for name in LANGUAGES}
        # One assignment of one tuple: safe between threads, and only ever a saving of time.
        self._last: tuple[datetime | None, dict[str, str], Openings] | None = None

    def __repr__(self) -> str:
        rules, partners = len(self.rule_set.rules), len(self.directory.partners)
        return f"<{type(self).__name__}: {rules} rules, {partners} partners>"

    def __reduce__(self) -> tuple[object, ...]:
        """Give what another process makes the same engine of: what was read, not what it became."""
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
        """
        problems: list[Problem] = []
        layout = find_files(rules, partners, territory, problems)
        rule_set, directory = read_files(layout, problems)
        if problems:
            raise IscgError(problems)
        return cls(rule_set, directory, evaluator=evaluator, cross_check=cross_check)

    def situation(self, answers: Mapping[str, Any] | BaseModel | Situation) -> Situation:
        """Check answers and make them a `Situation`.

        Args:
            answers: attribute → answer; or an instance of `situation_model`.

        Raises:
            IscgError: A001 to A008, all problems at once, never with an answer in it; A005 when
                the situation is one that the rule set declares impossible.
        """
        if isinstance(answers, BaseModel):
            answers = answers.model_dump()
        situation = make_situation(self.rule_set.vocabulary, answers)
        self._refuse_impossible(situation)
        return situation

    @cached_property
    def situation_model(self) -> type[BaseModel]:
        """Give the pydantic model of a situation, from the vocabulary; every field optional."""
        return build_model(self.rule_set.vocabulary)

    def recommend(
        self,
        situation: Mapping[str, Any] | BaseModel | Situation,
        *,
        at: datetime | str | None,
        already: Mapping[str, str] | None = None,
        limit: int | None = None,
        language: str = "fr",
    ) -> Recommendation:
        """Give the orientations that a situation leads to, best first, with their reasons.

        Args:
            situation: the answers given so far; what is absent is unknown.
            at: the moment of the interview, for opening hours and rules in force; without a zone it
                is read as Europe/Paris; None when unknown.
            already: what was tried before: kind → `"contacted"` or `"declined"`.
            limit: how many orientations at most; what is now or must is never cut.
            language: `"fr"` or `"en"` (French where no English is given).

        Raises:
            IscgError: all problems of the situation, never with an answer in it; A009, A010, A011.
        """
        moment = read_moment(at)
        done = check_already(already, self.rule_set.vocabulary)
        lexicon = self._lexicon(language)
        seen = self.look(situation, moment, already=done, limit=limit)
        return justify(
            lexicon,
            seen.ranking,
            seen.evaluation.fired,
            values=seen.values,
            facts=seen.facts,
            moment=moment,
        )

    def look(
        self,
        situation: Mapping[str, Any] | BaseModel | Situation,
        moment: datetime | None,
        *,
        already: Mapping[str, str] = MappingProxyType({}),
        limit: int | None = None,
    ) -> Seen:
        """Give what a situation leads to, ranked and not yet put into words.

        Raises:
            IscgError: as `recommend`.
        """
        if not (limit is None or (type(limit) is int and limit >= 0)):
            aid = "`limit` : un nombre entier, zéro ou plus"
            raise IscgError([Problem("A011", "option hors limites", help=aid)])
        slots, openings = self._moment_view(moment)
        full = self.situation(situation).adding(slots)
        evaluation = self._evaluator.evaluate(full, moment.date() if moment else None)
        facts = self.rule_set.truths(full.values)
        ranking = self._ranker.rank(
            evaluation, full.values, facts, openings, already=already, limit=limit
        )
        return Seen(full.values, evaluation, facts, ranking)

    def _moment_answers(self, at: datetime | str | None) -> tuple[dict[str, str], date | None]:
        moment = read_moment(at)
        return self._moment_view(moment)[0], moment.date() if moment else None

    def _lexicon(self, language: str) -> Lexicon:
        if language not in self._lexicons:
            raise IscgError([Problem("A011", "langue inconnue", help="`language` : fr ou en")])
        return self._lexicons[language]

    def _moment_view(self, moment: datetime | None) -> tuple[dict[str, str], Openings]:
        last = self._last
        if last is None or last[0] != moment:
            last = (moment, self._slots.at(moment), Openings(self.directory, moment))
            self._last = last
        return last[1], last[2]

    def _refuse_impossible(self, situation: Situation) -> None:
        values = situation.values
        facts = self.rule_set.truths(values)
        refused = [
            Problem(
                "A005",
                f"situation impossible : {entry.because.fr}",
                help="vérifiez les réponses données",
            )
            for entry in self.rule_set.impossible
            if entry.condition.truth(values, facts) is True
        ]
        if refused:
            raise IscgError(refused)
