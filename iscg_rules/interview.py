"""What to ask next, and when to stop: a question that can change nothing any more is not asked.

An attribute may matter when its answer could settle an open rule that could still add, raise,
exclude or advise something, or settle whether a partner accepts. Such a rule may be out of reach
for reasons that only all the rules together show: with decision diagrams those are left out too;
without their package a question too many may be asked, never one too few.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from functools import cached_property
from typing import NamedTuple

from iscg_rules.conditions import Values
from iscg_rules.diagrams import Diagrams
from iscg_rules.edits import Space
from iscg_rules.evaluators.cross_check import Evaluator
from iscg_rules.explanation import NextQuestion, NextQuestions
from iscg_rules.justification import Lexicon
from iscg_rules.partners import Directory
from iscg_rules.reference import Evaluation
from iscg_rules.rules import GROUNDS, STRENGTHS, URGENCIES, Orient, Rule, RuleSet
from iscg_rules.settling import Settling
from iscg_rules.situations import Answer, Situation
from iscg_rules.support import Plans, Support, make_plans
from iscg_rules.vocabulary import CONSENT, variable_of

__all__ = ["Interviewer"]

NOW = URGENCIES.index("now")
# So many questions are tried out with their answers; so many answers of each.
_TRIED, _ANSWERS = 6, 5


class _Reached(NamedTuple):
    urgency: int
    strength: int
    ground: int
    whom: frozenset[str]


class Matter(NamedTuple):
    """What an attribute may still decide: kinds, and the best urgency among them.

    `is_one_away`: its answer alone may call a rescue.
    """

    kinds: dict[str, None]
    urgency: int
    is_one_away: bool


class Interviewer:
    """Chooses questions over one rule set and one directory; holds no state between calls."""

    def __init__(
        self, rule_set: RuleSet, directory: Directory, evaluator: Evaluator, space: Space
    ) -> None:
        self._rule_set = rule_set
        self._directory = directory
        self._evaluator = evaluator
        self._space = space
        self._plans: Plans = make_plans(rule_set)
        kinds_ = rule_set.vocabulary.kinds.values()
        self._rescues = frozenset(kind.id for kind in kinds_ if kind.nature == "rescue")
        self._commune = next(
            (a.id for a in rule_set.vocabulary.attributes.values() if a.type == "commune"), None
        )

    def next(self, lexicon: Lexicon, values: Values, day: date | None, most: int) -> NextQuestions:
        """Give the most useful questions: first what could still be needed now.

        Args:
            lexicon: the words of the questions.
            values: the known variables, with what is drawn from the moment.
            day: on which rules are in force.
            most: how many questions at most.
        """
        matters, is_exact = self.mattering(values, day)
        ordered = self._ordered(matters, values, day)
        questions = tuple(
            NextQuestion(
                attribute=name,
                label=lexicon.questions[name].label,
                ask=lexicon.questions[name].ask,
                decides=tuple(matters[name].kinds),
                urgency=URGENCIES[matters[name].urgency]
                if matters[name].urgency < len(URGENCIES)
                else None,
            )
            for name in ordered[:most]
        )
        return NextQuestions(questions, settled=not matters, exact=is_exact)

    def mattering(self, values: Values, day: date | None) -> tuple[dict[str, Matter], bool]:
        """Give the attributes that can still change the recommendation, and whether exactly so."""
        candidates = self.matters(values, day)
        if not candidates:
            return candidates, True
        if self._diagrams is None:
            return candidates, False
        evaluation = self._evaluator.evaluate(Situation(values), day)
        settling = Settling(self._space, self._directory, self._diagrams, values, evaluation)
        mattering, is_exact = settling.mattering({name: one.kinds for name, one in candidates.items()})
        return {name: candidates[name] for name in mattering}, is_exact

    @cached_property
    def _diagrams(self) -> Diagrams | None:
        return Diagrams.make(self._space)

    def matters(self, values: Values, day: date | None) -> dict[str, Matter]:
        """Give every attribute whose answer may still change the recommendation, or some more."""
        evaluation = self._evaluator.evaluate(Situation(values), day)
        support = Support(self._plans, values, self._rule_set.truths(values))
        found: dict[str, Matter] = {}
        for rule, kinds, urgency in self._deciding(evaluation):
            lacking = support.lacks([rule])
            calls_rescue = urgency == NOW and any(kind in self._rescues for kind in kinds)
            for name in lacking:
                _note(found, name, kinds, urgency, is_one_away=calls_rescue and len(lacking) == 1)
        for kind in self._in_play(evaluation):
            for name in self._partner_questions(kind, values, support):
                _note(found, name, [kind], len(URGENCIES))
        if CONSENT not in values and (kinds := list(self._on_agreement(evaluation))):
            _note(found, CONSENT, kinds, len(URGENCIES))
        known = self._rule_set.vocabulary.attributes
        ordered = self._rule_set.vocabulary.sort_attributes(found)
        return {name: found[name] for name in ordered if name in known and not known[name].derived}

    def _deciding(self, evaluation: Evaluation) -> Iterator[tuple[str, list[str], int]]:
        """Give each open rule that may still change something, with the kinds that it decides."""
        rules = self._rule_set.rules
        reached = self._reached(evaluation)
        excluded = {e.to for rule in evaluation.fired for e in rules[rule].exclude}
        for name in evaluation.open:
            rule = rules[name]
            adding = [
                orient
                for orient in rule.orient
                if orient.to not in excluded and _adds(orient, reached.get(orient.to))
            ]
            kinds = [orient.to for orient in adding]
            kinds += [e.to for e in rule.exclude if e.to not in excluded]
            if kinds or rule.advise:
                yield name, kinds, self._urgency(rule, adding, reached)

    def _urgency(self, rule: Rule, adding: list[Orient], reached: Mapping[str, _Reached]) -> int:
        """Give the earliest urgency that the rule could add, or take away by excluding."""
        found = [URGENCIES.index(orient.urgency) for orient in adding]
        found += [reached[e.to].urgency for e in rule.exclude if e.to in reached]
        return min(found, default=len(URGENCIES) - 1)

    def _reached(self, evaluation: Evaluation) -> dict[str, _Reached]:
        found: dict[str, _Reached] = {}
        for name in evaluation.fired:
            for orient in self._rule_set.rules[name].orient:
                found[orient.to] = _with(found.get(orient.to), orient)
        return found

    def _in_play(self, evaluation: Evaluation) -> dict[str, None]:
        """Give the kinds that are, or could become, orientations."""
        rules = self._rule_set.rules
        excluded = {e.to for rule in evaluation.fired for e in rules[rule].exclude}
        return dict.fromkeys(
            orient.to
            for rule in (*evaluation.fired, *evaluation.open)
            for orient in rules[rule].orient
            if orient.to not in excluded
        )

    def _on_agreement(self, evaluation: Evaluation) -> Iterator[str]:
        rules = self._rule_set.rules
        in_play = self._in_play(evaluation)
        for rule in (*evaluation.fired, *evaluation.open):
            for orient in rules[rule].orient:
                if orient.sharing == "agreement" and orient.to in in_play:
                    yield orient.to

    def _partner_questions(self, kind: str, values: Values, support: Support) -> Iterator[str]:
        truths = self._rule_set.truths(values)
        for partner in self._directory.by_kind.get(kind, ()):
            condition = partner.condition
            if condition is not None:
                truth = condition.truth(values, truths)
                if truth is None:
                    yield from support.condition_lacks(condition)
                if truth is False:
                    continue
            areas = self._directory.places[partner.id]
            if self._commune and self._commune not in values and not areas[-1].everywhere:
                yield self._commune

    def _ordered(
        self, matters: Mapping[str, Matter], values: Values, day: date | None
    ) -> list[str]:
        """Put safety first, then what leaves the fewest questions once it is answered."""
        rank = self._rule_set.vocabulary.attribute_rank
        rescuing = [name for name in matters if matters[name].is_one_away]
        others = [name for name in matters if not matters[name].is_one_away]
        others.sort(key=lambda name: (matters[name].urgency != NOW, -len(matters[name].kinds)))
        tried = others[:_TRIED]
        left = {name: self._left(name, values, day) for name in tried}
        tried.sort(key=lambda name: (matters[name].urgency != NOW, left[name], rank[name]))
        return sorted(rescuing, key=rank.__getitem__) + tried + others[_TRIED:]

    def _left(self, name: str, values: Values, day: date | None) -> float:
        """Give how many questions are left on average once this one is answered."""
        trials = [self.matters({**values, **answer}, day) for answer in self._answers(name, values)]
        return sum(map(len, trials)) / len(trials)

    def _answers(self, name: str, values: Values) -> list[dict[str, Answer]]:
        attribute = self._rule_set.vocabulary.attributes[name]
        if attribute.type != "many_of":
            examples = self._space.domains[name].examples
            return [dict[str, Answer]({name: one}) for one in examples[:_ANSWERS]]
        unknown = [v for v in attribute.variables if v not in values]
        none: dict[str, Answer] = dict.fromkeys(unknown, "no")
        one = ({**none, variable_of(name, value.id): "yes"} for value in attribute.values)
        # Mostly nothing or one thing is ticked.
        return [dict(none), *(answer for answer in one if answer.keys() == none.keys())][:_ANSWERS]


def _note(
    found: dict[str, Matter],
    name: str,
    kinds: list[str],
    urgency: int,
    *,
    is_one_away: bool = False,
) -> None:
    known = found.get(name, Matter({}, urgency, is_one_away=False))
    known.kinds.update(dict.fromkeys(kinds))
    away = known.is_one_away or is_one_away
    found[name] = Matter(known.kinds, min(known.urgency, urgency), is_one_away=away)


def _with(known: _Reached | None, orient: Orient) -> _Reached:
    urgency, strength = URGENCIES.index(orient.urgency), STRENGTHS.index(orient.strength)
    ground, whom = GROUNDS.index(orient.sharing), frozenset({orient.for_})
    if known is None:
        return _Reached(urgency, strength, ground, whom)
    return _Reached(
        min(known.urgency, urgency),
        min(known.strength, strength),
        max(known.ground, ground),
        known.whom | whom,
    )


def _adds(orient: Orient, known: _Reached | None) -> bool:
    """Tell whether one more orientation would change anything but the reasons."""
    return known is None or _with(known, orient) != known
