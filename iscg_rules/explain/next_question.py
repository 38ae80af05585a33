"""What to ask next, and when to stop: a question that can change nothing any more is not asked.

`recommend.open_questions` weighs them; with decision diagrams, what is out of reach for reasons
that only all the rules together show is left out too. Without their package a question too many
may be asked, never one too few.
"""

from datetime import date
from functools import cached_property

from iscg_rules.explain.decision_diagrams import Diagrams
from iscg_rules.explain.questions_that_matter import Settling
from iscg_rules.explain.results import NextQuestions
from iscg_rules.language.situations import Situation
from iscg_rules.model.answer_space import Space
from iscg_rules.model.partners import Directory
from iscg_rules.recommend.cross_check import Evaluator
from iscg_rules.recommend.lexicon import Lexicon
from iscg_rules.recommend.open_questions import Matters, OpenQuestions
from iscg_rules.recommend.reference import Evaluation
from iscg_rules.recommend.support import Plans, Support, make_plans

__all__ = ["Interviewer"]


class Interviewer:
    """Chooses questions over one rule set and one directory; holds no state between calls."""

    def __init__(
        self, asking: OpenQuestions, directory: Directory, evaluator: Evaluator, space: Space
    ) -> None:
        self._directory = directory
        self._evaluator = evaluator
        self._space = space
        self._plans: Plans = make_plans(space.rule_set)
        self._asking = asking

    def next(
        self, lexicon: Lexicon, situation: Situation, day: date | None, most: int
    ) -> NextQuestions:
        """Return the most useful questions: first what could still be needed now.

        Args:
            lexicon: the words of the questions.
            situation: closed, with what is drawn from the moment.
            day: on which rules are in force.
            most: how many questions at most.
        """
        matters, is_exact = self.mattering(situation, day)
        first = self._asking.first(matters, most, situation).items()
        questions = tuple(lexicon.next_question(name, matter) for name, matter in first)
        return NextQuestions(
            *lexicon.signature, questions, settled=not matters.asked, exact=is_exact
        )

    def mattering(self, situation: Situation, day: date | None) -> tuple[Matters, bool]:
        """Return the attributes that can still change the recommendation, and whether exactly so.

        Returns:
            Never too few, some too many where it is not exact.
        """
        asking, bits = self._asking, self._plans.bits
        evaluation = self._evaluator.evaluate(situation, day)
        support = Support(self._plans, situation.view)
        candidates = asking.of(evaluation, situation.view, support)
        if not candidates.asked:
            return candidates, True
        if self._diagrams is None:
            return candidates, False
        settling = Settling(
            self._space, self._directory, self._diagrams, situation, evaluation, support
        )
        try:
            names, is_exact = settling.mattering(candidates.kinds(candidates.asked, bits))
            holding = settling.in_question
        except MemoryError:
            # Diagrams that outgrow their room: a question too many is asked, never one too few.
            return candidates, False
        # What matters is weighed by the rules that can hold, and by what these lack in truth.
        held = Evaluation(evaluation.fired, tuple(holding))
        return asking.still(candidates, bits.of_names(names), held), is_exact

    @cached_property
    def _diagrams(self) -> Diagrams | None:
        return Diagrams.make(self._space)
