"""Two evaluators side by side: the first one's answer, and an error when the other disagrees."""

from datetime import date
from typing import Protocol

from iscg_rules.language.situations import Situation
from iscg_rules.recommend.reference import Evaluation

__all__ = ["CrossCheck", "DisagreementError", "Evaluator"]


class Evaluator(Protocol):
    """Tells which rules hold and which are open, as `reference.evaluate` does."""

    def evaluate(self, situation: Situation, day: date | None) -> Evaluation:
        """Tell which rules hold and which are open."""


class DisagreementError(RuntimeError):
    """Two evaluators differ: a mistake of ours, to be reported."""


class CrossCheck:
    """Evaluates twice; safe between threads when both are."""

    def __init__(self, first: Evaluator, second: Evaluator) -> None:
        self._first = first
        self._second = second

    def evaluate(self, situation: Situation, day: date | None) -> Evaluation:
        """Tell which rules hold and which are open.

        Raises:
            DisagreementError: the two differ; says about how many rules, never which, because a
                rule that fired tells something about the person.
        """
        one, other = (each.evaluate(situation, day) for each in (self._first, self._second))
        if one != other:
            differing = (set(one.fired) ^ set(other.fired)) | (set(one.open) ^ set(other.open))
            raise DisagreementError(f"the two evaluators differ about {len(differing)} rule(s)")
        return one
