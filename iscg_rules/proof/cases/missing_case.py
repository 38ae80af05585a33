"""What no case shows: whether any situation could show it, and the smallest that does."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from iscg_rules.language.situations import AnswerValue, Situation
from iscg_rules.model.partners import Directory
from iscg_rules.model.rules import RuleSet
from iscg_rules.proof.cases.drafted_case import Expected, case_id, draft, moment_of
from iscg_rules.proof.cases.evaluated_cases import Evaluated, evaluated
from iscg_rules.proof.cases.expectable import Visible
from iscg_rules.proof.findings.finding import ReplayError
from iscg_rules.proof.results import Shown
from iscg_rules.proof.solver.proven_outcome import ProvenOutcome
from iscg_rules.proof.solver.proven_world import World
from iscg_rules.proof.solver.situation_gates import Encoding
from iscg_rules.proof.solver.smallest_example import find_smallest
from iscg_rules.recommend import reference

__all__ = ["Searching", "Showable"]


@dataclass(frozen=True)
class Showable:
    """Something that a case may show, by the reference and as gates; `kinds`: what it is about.

    `number` tells apart what is asked about one rule, fact or partner.
    """

    name: str
    is_shown: Callable[[Evaluated, Visible], bool]
    goal: Callable[[ProvenOutcome], list[int]]
    kinds: tuple[str, ...]
    number: int = 0


class Searching:
    """Every situation of one rule set."""

    def __init__(
        self, rule_set: RuleSet, directory: Directory, day: date, *, with_drafts: bool
    ) -> None:
        self._rule_set = rule_set
        self._directory = directory
        self._day = day
        self._with_drafts = with_drafts

    @cached_property
    def _world(self) -> World:
        return World(self._rule_set, self._directory, self._day)

    def shown(self, asked: Showable) -> Shown:
        """Tell whether a situation could show it, with a draft where drafts are wanted."""
        for period in self._world.periods:
            encoding = Encoding(self._world.space, is_partial=True)
            outcome = ProvenOutcome(
                encoding, self._rule_set, self._directory, in_force=period.rules
            )
            goal = [outcome.possible, *asked.goal(outcome)]
            if not self._with_drafts:
                if encoding.circuit.is_possible(goal):
                    return Shown("missing")
                continue
            example = find_smallest(encoding, goal)
            if example is not None:
                return Shown("missing", draft=self._draft(asked, example.values, period.day))
        return Shown("unreachable")

    def _draft(self, asked: Showable, values: Mapping[str, AnswerValue], day: date | None) -> str:
        outcome = evaluated(self._rule_set, values, day)
        visible = Visible.of(self._rule_set, outcome.evaluation())
        refused = reference.impossible_entries(self._rule_set, Situation(values))
        if refused or not asked.is_shown(outcome, visible):
            raise ReplayError
        name = case_id("cas", asked.name, str(asked.number))
        at = moment_of(self._rule_set, values, day)
        return draft(self._rule_set, name, values, at, _expected(asked, visible))


def _expected(asked: Showable, visible: Visible) -> Expected:
    come = [kind for kind in visible.kinds if kind in asked.kinds]
    may = sorted(visible.possible.intersection(asked.kinds))
    never = [kind for kind in asked.kinds if kind not in (*come, *may)]
    return {
        "includes": come,
        "excludes": [] if come else never,
        "possible": [] if come else may,
        "advice": sorted(visible.advising.intersection([asked.name])),
    }
