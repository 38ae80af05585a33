"""The fewest answers to change or to give, so that a kind becomes certain, first or excluded.

Best first over cubes: the cheapest is tried in the engine itself; where something still stands in
the way, each way of removing it is a new cube. Every way is among them, so the first that reaches
the goal changes the fewest answers.
"""

import heapq
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import count
from typing import Literal

from iscg_rules.explain.cubes import Cube, Edits
from iscg_rules.language.closing import NothingLeftError
from iscg_rules.language.conditions import Values
from iscg_rules.language.situations import AnswerValue, Situation
from iscg_rules.model.answer_space import Space
from iscg_rules.model.closed_words import Goal
from iscg_rules.model.rules import Orient, Rule
from iscg_rules.recommend import reference
from iscg_rules.recommend.cross_check import Evaluator
from iscg_rules.recommend.kind_class import KindClass, best_class
from iscg_rules.recommend.reference import Evaluation

__all__ = ["Changer", "SmallestChanges"]

MOST_TRIES = 3_000

# What still stands in the way, as the cubes in which it does not; None at the goal.
Obstacle = Callable[[Values], list[Cube] | None]


@dataclass(frozen=True, slots=True)
class SmallestChanges:
    """The smallest changes, each as variable → answer; exact unless something was left out."""

    changes: tuple[Mapping[str, AnswerValue], ...]
    is_exact: bool


class Changer:
    """Looks for smallest changes over one rule set; holds no state between calls."""

    def __init__(self, space: Space, evaluator: Evaluator) -> None:
        self._space = space
        self._evaluator = evaluator
        self._orienting = space.rule_set.orienting
        self._excluding = space.rule_set.excluding

    def towards(
        self, values: Values, day: date | None, kind: str, goal: Goal, most: int
    ) -> SmallestChanges:
        """Find the smallest changes after which a kind is what is wanted of it.

        Args:
            values: the answers given, with what is drawn from the moment.
            day: on which rules are in force.
            kind: a kind of the vocabulary.
            goal: `"certain"`, `"first"` or `"excluded"`.
            most: how many changes of the smallest size at most.
        """
        edits = Edits(self._space, values)

        def obstacle(now: Values) -> list[Cube] | None:
            got = self._evaluator.evaluate(Situation(now), day)
            return self._in_the_way(edits, got, kind, goal, day)

        return self._search(edits, values, obstacle, most)

    def towards_rules(self, values: Values, rules: Iterable[Rule]) -> list[SmallestChanges]:
        """Find, for each of some rules in force, one smallest change after which it holds.

        What nobody can change may be changed too.
        """
        edits = Edits(self._space, values, keeps_fixed=False)
        rule_set = self._space.rule_set

        def towards(rule: Rule) -> SmallestChanges:
            def obstacle(now: Values) -> list[Cube] | None:
                view = rule_set.closing.closed(Situation(now)).view
                if rule.condition.truth(view, rule_set.truths(view)) is True:
                    return None
                return edits.cubes(rule.condition, "true")

            return self._search(edits, values, obstacle, 1)

        return [towards(rule) for rule in rules]

    def _search(
        self, edits: Edits, values: Values, obstacle: Obstacle, most: int
    ) -> SmallestChanges:
        order = count()
        heap: list[tuple[int, tuple[int, ...], int, Cube]] = [(0, (), next(order), {})]
        seen: set[tuple[tuple[str, int], ...]] = set()
        found: list[dict[str, AnswerValue]] = []
        fewest, tries, rank = None, 0, self._space.rank
        while heap and tries < MOST_TRIES:
            cost, _, _, cube = heapq.heappop(heap)
            if fewest is not None and (cost > fewest or len(found) >= most):
                break
            tries += 1
            changed = edits.changes(cube)
            now = {**values, **changed}
            obstructing = self._impossible(edits, now)
            if obstructing is None:
                obstructing = obstacle(now)
            if obstructing is None:
                fewest = cost
                if changed not in found:
                    found.append(changed)
                continue
            for narrower in edits.both([cube], obstructing):
                key = tuple(sorted(narrower.items()))
                if key not in seen:
                    seen.add(key)
                    places = tuple(sorted(rank[name] for name in edits.changes(narrower)))
                    entry = (edits.cost(narrower), places, next(order), narrower)
                    heapq.heappush(heap, entry)
        is_exact = edits.is_exact and tries < MOST_TRIES
        return SmallestChanges(tuple(found), is_exact)

    def _impossible(self, edits: Edits, now: Values) -> list[Cube] | None:
        rule_set = self._space.rule_set
        try:
            rule_set.closing.close(Situation(now))
        except NothingLeftError as error:
            entry = next(one for one in rule_set.impossible if one.id == error.entry)
            return edits.cubes(entry.condition, "not_true")
        return None

    def _in_the_way(
        self, edits: Edits, got: Evaluation, kind: str, goal: Goal, day: date | None
    ) -> list[Cube] | None:
        fired, unsettled = frozenset(got.fired), frozenset((*got.fired, *got.open))
        excluding = [rule for rule in self._excluding.get(kind, ()) if rule.is_in_force(day)]
        if goal == "excluded":
            if any(rule.id in fired for rule in excluding):
                return None
            return list(_making(edits, excluding, "true"))
        orienting = self._in_force(kind, day)
        if not any(rule.id in fired for rule, _ in orienting):
            return list(_making(edits, (rule for rule, _ in orienting), "true"))
        for rule in excluding:
            if rule.id in unsettled:
                return edits.cubes(rule.condition, "false")
        if goal == "certain":
            return None
        return self._ahead(edits, got, kind, day)

    def _ahead(
        self, edits: Edits, got: Evaluation, kind: str, day: date | None
    ) -> list[Cube] | None:
        """Return the ways to pass the kind that comes first; None when it is this one."""
        first = reference.ranked_kinds(self._space.rule_set, got)[0]
        if first == kind:
            return None
        fired = frozenset(got.fired)
        mine, best = (self._class(one, fired) for one in (kind, first))
        better = [
            rule
            for rule, orient in self._in_force(kind, day)
            if rule.id not in fired
            and (orient.urgency < mine.urgency or orient.strength < mine.strength)
        ]
        pushing = [
            rule
            for rule, orient in self._orienting[first]
            if rule.id in fired
            and (orient.urgency == best.urgency or orient.strength == best.strength)
        ]
        threats = [rule for rule in self._excluding.get(first, ()) if rule.is_in_force(day)]
        return [
            *_making(edits, pushing, "not_true"),
            *_making(edits, better, "true"),
            *_making(edits, threats, "not_false"),
        ]

    def _in_force(self, kind: str, day: date | None) -> list[tuple[Rule, Orient]]:
        return [one for one in self._orienting.get(kind, ()) if one[0].is_in_force(day)]

    def _class(self, kind: str, fired: Collection[str]) -> KindClass:
        return best_class(orient for rule, orient in self._orienting[kind] if rule.id in fired)


def _making(
    edits: Edits, rules: Iterable[Rule], wanted: Literal["true", "not_true", "not_false"]
) -> Iterator[Cube]:
    for rule in rules:
        yield from edits.cubes(rule.condition, wanted)
