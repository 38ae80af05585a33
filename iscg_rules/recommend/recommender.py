"""Loaded once, immutable; a situation goes in, a recommendation comes out."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import cache, cached_property, partial
from types import MappingProxyType
from typing import Any, Final, TypedDict, TypeVar

from pydantic import BaseModel

from iscg_rules.errors import IscgError, Problem, collect
from iscg_rules.language.answer_checks import make_situation
from iscg_rules.language.closing import NothingLeftError
from iscg_rules.language.moments import GivenMoment, Slots, day_of, read_moment
from iscg_rules.language.situation_model import build_model
from iscg_rules.language.situations import Situation
from iscg_rules.model.closed_words import EVALUATORS, LANGUAGES, EvaluatorName, Language
from iscg_rules.model.identity import Identity
from iscg_rules.model.partners import Directory
from iscg_rules.model.rules import RuleSet
from iscg_rules.model.situation_files import check_already
from iscg_rules.recommend.bit_tables import compile_rules
from iscg_rules.recommend.bitset import BitsetEvaluator
from iscg_rules.recommend.cross_check import CrossCheck, Evaluator
from iscg_rules.recommend.durable import DurableEvaluator
from iscg_rules.recommend.justification import Seen, justify
from iscg_rules.recommend.lexicon import Lexicon, make_lexicon
from iscg_rules.recommend.open_questions import OpenQuestions
from iscg_rules.recommend.partner_choice import Openings
from iscg_rules.recommend.ranking import Ranker
from iscg_rules.recommend.results import Recommendation
from iscg_rules.recommend.signed_results import Call, Notice, Result

__all__ = ["Options", "Recommender", "check_limit"]
SomeResult = TypeVar("SomeResult", bound=Result)


def check_limit(limit: object, *, may_lack: bool = True) -> None:
    """Check how many of something are asked for.

    Raises:
        IscgError: A011.
    """
    if not ((limit is None and may_lack) or (type(limit) is int and limit >= 0)):
        aid = "`limit` : un nombre entier, zéro ou plus"
        raise IscgError([Problem("A011", "option hors limites", help=aid)])


class Options(TypedDict, total=False):
    """How an engine works, and who hears of it.

    Attributes:
        evaluator: `"bitset"`, the default, or `"durable"` for the network of durable-rules.
        cross_check: evaluate with both, and raise `DisagreementError` when they differ.
        on_result: called after each result, for counts and logs: it sees no answer, and nothing
            that was made of answers. What it raises, the caller gets.
    """

    evaluator: EvaluatorName
    cross_check: bool
    on_result: Callable[[Notice], object] | None


def _check_parts(rule_set: object, directory: object, identity: object, on_result: object) -> None:
    """Check what an engine is to be made of.

    Raises:
        IscgError: A011 for each thing that is something else.
    """
    is_right = {
        "`rule_set` : un `RuleSet`": isinstance(rule_set, RuleSet),
        "`directory` : un `Directory`": isinstance(directory, Directory),
        "`identity` : une `Identity`": isinstance(identity, Identity),
        "`on_result` : une fonction": on_result is None or callable(on_result),
    }
    wrong = [aid for aid, is_so in is_right.items() if not is_so]
    if wrong:
        raise IscgError([Problem("A011", "option hors limites", help=aid) for aid in wrong])


def _make_evaluator(rule_set: RuleSet, name: EvaluatorName, *, cross_check: bool) -> Evaluator:
    if name not in EVALUATORS:
        aid = "possible : " + ", ".join(f"`{one}`" for one in EVALUATORS)
        raise IscgError([Problem("A011", "évaluateur inconnu", help=aid)])
    compiled = compile_rules(rule_set)
    if not cross_check:
        return BitsetEvaluator(compiled) if name == "bitset" else DurableEvaluator(compiled)
    both = (BitsetEvaluator(compiled), DurableEvaluator(compiled))
    return CrossCheck(*(both if name == "bitset" else both[::-1]))


class Recommender:
    """One rule set over one directory, ready to recommend."""

    def __init__(
        self,
        rule_set: RuleSet,
        directory: Directory,
        *,
        identity: Identity,
        evaluator: EvaluatorName = "bitset",
        cross_check: bool = False,
        on_result: Callable[[Notice], object] | None = None,
    ) -> None:
        _check_parts(rule_set, directory, identity, on_result)
        self._on_result = on_result
        self.rule_set = rule_set
        self.directory = directory
        self.identity = identity
        self.evaluator: Final = _make_evaluator(rule_set, evaluator, cross_check=cross_check)
        self.ranker: Final = Ranker(rule_set, directory)
        self.asking: Final = OpenQuestions(rule_set, directory)
        self._slots = Slots(rule_set.vocabulary)
        self._lexicons = cache(partial(make_lexicon, rule_set, identity))
        # One assignment of one tuple: safe between threads, and only ever a saving of time.
        self._last: tuple[date | None, dict[str, str], Openings] | None = None

    def situation(self, answers: Mapping[str, Any] | BaseModel | Situation) -> Situation:
        """Check answers, close them and make them a `Situation`; `Engine` describes it in full."""
        if isinstance(answers, BaseModel):
            answers = answers.model_dump()
        closing = self.rule_set.closing
        if isinstance(answers, Situation) and answers.closed_by is closing:
            return answers
        situation = make_situation(self.rule_set.vocabulary, answers)
        try:
            return closing.close(situation)
        except NothingLeftError as error:
            raise IscgError(self._refusals(situation, error)) from None

    def told(self, call: Call, result: SomeResult) -> SomeResult:
        """Tell the hook of a result, and give it on."""
        if self._on_result is not None:
            self._on_result(Notice(call, result.language, result.identity))
        return result

    @cached_property
    def situation_model(self) -> type[BaseModel]:
        """The pydantic model of a situation, made from the vocabulary when it is first needed."""
        return build_model(self.rule_set.vocabulary)

    def recommend(
        self,
        situation: Mapping[str, Any] | BaseModel | Situation,
        *,
        at: GivenMoment,
        already: Mapping[str, str] | None = None,
        limit: int | None = None,
        language: Language = "fr",
    ) -> Recommendation:
        """Return the orientations that a situation leads to; `Engine` describes it in full."""
        try:
            moment = read_moment(at)
            done = check_already(already, self.rule_set.vocabulary)
            lexicon = self.lexicon(language)
            seen = self.look(situation, moment, already=done, limit=limit)
        except IscgError:
            self.check(situation, at=at, already=already, limit=limit, language=language)
            raise
        return self.told("recommend", justify(lexicon, seen, moment, self.asking))

    def check(
        self,
        *situations: Mapping[str, Any] | BaseModel | Situation,
        at: GivenMoment,
        already: object = None,
        limit: object = None,
        language: Language = "fr",
        others: Iterable[Callable[[], object]] = (),
    ) -> tuple[Situation, ...]:
        """Raise everything that is wrong with what was given, in one go.

        Args:
            situations, at, already, limit, language: as `recommend` takes them.
            others: checks of whatever else was given.

        Returns:
            The situations, closed.

        Raises:
            IscgError: A001 to A011, and what the other checks raise; none hides another.
        """
        closed: list[Situation] = []
        collect(
            partial(read_moment, at),
            partial(check_already, already, self.rule_set.vocabulary),
            partial(self.lexicon, language),
            partial(check_limit, limit),
            *others,
            *(lambda given=given: closed.append(self.situation(given)) for given in situations),
        )
        return tuple(closed)

    def look(
        self,
        situation: Mapping[str, Any] | BaseModel | Situation,
        moment: date | None,
        *,
        already: Mapping[str, str] = MappingProxyType({}),
        limit: int | None = None,
    ) -> Seen:
        """Return what a situation leads to, ranked and not yet put into words."""
        check_limit(limit)
        slots, openings = self._moment_view(moment)
        full = self.situation(situation).at_moment(slots)
        evaluation = self.evaluator.evaluate(full, day_of(moment))
        view = full.view
        facts = self.rule_set.truths(view)
        ranking = self.ranker.rank(evaluation, view, facts, openings, already=already, limit=limit)
        return Seen(view, evaluation, facts, ranking, full)

    def moment_answers(self, at: GivenMoment) -> tuple[dict[str, str], date | None]:
        """Return the answers that are drawn from a moment, and its day."""
        moment = read_moment(at)
        return self._moment_view(moment)[0], day_of(moment)

    def lexicon(self, language: Language) -> Lexicon:
        """Return the words of a language.

        Raises:
            IscgError: A011 for an unknown language.
        """
        if language not in LANGUAGES:
            raise IscgError([Problem("A011", "langue inconnue", help="`language` : fr ou en")])
        return self._lexicons(language)

    def _moment_view(self, moment: date | None) -> tuple[dict[str, str], Openings]:
        last = self._last
        if last is None or last[0] != moment:
            last = (moment, self._slots.at(moment), Openings(self.directory, moment))
            self._last = last
        return last[1], last[2]

    def _refusals(self, situation: Situation, error: NothingLeftError) -> list[Problem]:
        """Name each entry that is true of the answers, or the one that left no answer, and why."""
        entries = {entry.id: entry for entry in self.rule_set.impossible}
        closing, values = self.rule_set.closing, situation.given
        behind = closing.true_of(values) or {error.entry: error.variables}
        named = self.rule_set.vocabulary.attribute_of
        return [
            Problem(
                "A005",
                f"situation impossible : {entries[name].because.fr}",
                help=f"entrée `{name}` ; vérifiez "
                + ", ".join(f"`{one}`" for one in dict.fromkeys(map(named.__getitem__, variables))),
                params={"entry": name},
            )
            for name, variables in behind.items()
        ]
