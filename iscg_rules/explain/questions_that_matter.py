"""Which attributes can still change a recommendation, exactly: over every possible completion."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, partial, reduce
from operator import and_

from iscg_rules.explain.decision_diagrams import Diagram, Diagrams, SituationDiagrams
from iscg_rules.language.conditions import Condition, Truths
from iscg_rules.language.situations import Situation
from iscg_rules.language.truth_gates import MustMay
from iscg_rules.language.vocabulary import CONSENT
from iscg_rules.model.answer_space import Space, places_of
from iscg_rules.model.partners import Directory
from iscg_rules.model.scales import Scope
from iscg_rules.recommend.outcome import Outcome, distinctions, is_wide
from iscg_rules.recommend.reference import Evaluation
from iscg_rules.recommend.support import Support

__all__ = ["Settling"]


@dataclass(frozen=True)
class Settling:
    """The functions that make up one recommendation, each open on what is not answered yet."""

    space: Space
    directory: Directory
    diagrams: Diagrams
    situation: Situation
    evaluation: Evaluation
    support: Support

    def mattering(self, candidates: Mapping[str, Collection[str]]) -> tuple[list[str], bool]:
        """Give the candidates that can change something, and whether that is exact.

        Args:
            candidates: attribute → the kinds that it may decide; others decide nothing about them.
        """
        cubes = {name: self.diagrams.cube(self._unknown(name)) for name in candidates}
        tied = {name for name, cube in cubes.items() if self._view.is_tied(cube)}

        def decides(name: str, of: Iterable[Diagram]) -> bool:
            is_tied, cube = name in tied, cubes[name]
            return any(self._view.depends(one, cube, is_tied=is_tied) for one in of)

        mattering = {
            name
            for name, kinds in candidates.items()
            # What is there or not is decided by most: the rest is looked at when it must be.
            if (name == CONSENT and self._rests_on_agreement)
            or decides(name, map(self._outcome.certain, kinds))
            or decides(name, (one for kind in kinds for one in dict.fromkeys(self._parts(kind))))
            or decides(name, map(self._open.__getitem__, self._advising))
        }
        mattering.update(self._revealing(candidates))
        silent = [name for name in candidates if name not in mattering and name in tied]
        # One by one they change nothing; what cannot be might still tie them together.
        is_exact = not (len(silent) > 1 and self._decide_together(silent, candidates, cubes))
        if not is_exact:
            mattering.update(silent)
        return [name for name in candidates if name in mattering], is_exact

    def _revealing(self, candidates: Mapping[str, Collection[str]]) -> Iterator[str]:
        """Give the candidates that may be behind what all completions share and nobody is told.

        A rule on either of two answers, one of which must be given: nothing can change, and yet
        the rule is only told once one of them is.
        """
        advice = [rule for rule in self._advising if not self._view.can_be(~self._open[rule])]
        lacking = self.support.lacks(advice) if advice else ()
        for name, kinds in candidates.items():
            if name in lacking or any(map(self._is_untold, kinds)):
                yield name

    def _is_untold(self, kind: str) -> bool:
        known = self._known_untold.get(kind)
        if known is None:
            known = self._known_untold[kind] = self._says_less(kind)
        return known

    @cached_property
    def _known_untold(self) -> dict[str, bool]:
        return {}

    def _says_less(self, kind: str) -> bool:
        told = self._made_parts(kind, self._told, self._told_condition)
        # As told now, a kind that is not there has fewer parts: the first ones differ then.
        pairs = zip(self._parts(kind), told, strict=False)
        return any(self._is_settled_as(one, now) is False for one, now in pairs)

    def _is_settled_as(self, part: Diagram, now: Diagram) -> bool | None:
        """Tell whether a part that all completions share is told so now; None where they differ."""
        if not self._view.can_be(part):
            return bool(now == self.diagrams.false)
        return None if self._view.can_be(~part) else bool(now == self.diagrams.true)

    @cached_property
    def _told(self) -> Outcome[Diagram]:
        """The same outcome as it is told now: by rules that fired, while others are open."""
        true, false = self.diagrams.true, self.diagrams.false
        fired, open_ = frozenset(self.evaluation.fired), frozenset(self.evaluation.open)

        def rule(name: str) -> MustMay[Diagram]:
            is_fired = name in fired
            return MustMay(
                true if is_fired else false, true if is_fired or name in open_ else false
            )

        return Outcome(self.diagrams.gates, self.space.rule_set, rule)

    def _told_condition(self, condition: Condition) -> Diagram:
        truth = condition.truth(self.situation.view, self._facts)
        if truth is None:
            # Any diagram that is neither true nor false.
            return next(bits[0] for bits in self.diagrams.bits.values() if bits)
        return self.diagrams.true if truth else self.diagrams.false

    @cached_property
    def _facts(self) -> Truths:
        return self.space.rule_set.truths(self.situation.view)

    def _decide_together(
        self,
        attributes: Iterable[str],
        candidates: Mapping[str, Collection[str]],
        cubes: Mapping[str, Diagram],
    ) -> bool:
        cube = reduce(and_, (cubes[name] for name in attributes), self.diagrams.true)
        kinds = dict.fromkeys(kind for name in attributes for kind in candidates[name])
        parts = (one for kind in kinds for one in self._parts(kind))
        advice = map(self._open.__getitem__, self._advising)
        return any(self._view.depends(one, cube, is_tied=True) for one in (*parts, *advice))

    def _unknown(self, attribute: str) -> list[str]:
        variables = self.space.rule_set.vocabulary.attributes[attribute].variables
        return [name for name in variables if name not in self.situation.values]

    @cached_property
    def _view(self) -> SituationDiagrams:
        return self.diagrams.view(self.situation.values)

    @cached_property
    def in_question(self) -> frozenset[str]:
        """Name the open rules that a possible completion makes hold, or that hide what is sure."""
        rules = self.space.rule_set.rules
        return frozenset(
            rule
            for rule, one in self._open.items()
            if self._view.can_be(one) or any(map(self._is_untold, rules[rule].kinds))
        )

    @cached_property
    def _open(self) -> dict[str, Diagram]:
        return {rule: self._view.rule(rule) for rule in self.evaluation.open}

    @cached_property
    def _outcome(self) -> Outcome[Diagram]:
        # Not a method of ours: two that hold each other keep their diagrams until they are swept.
        holding, never = self._holding, self.diagrams.false

        def rule(name: str) -> MustMay[Diagram]:
            # Over completions nothing is unknown.
            return MustMay(holding.get(name, never), holding.get(name, never))

        return Outcome(self.diagrams.gates, self.space.rule_set, rule)

    @cached_property
    def _holding(self) -> dict[str, Diagram]:
        return dict.fromkeys(self.evaluation.fired, self.diagrams.true) | self._open

    def _parts(self, kind: str) -> list[Diagram]:
        """Give every function that a reader sees of a kind: excluded, there, its class, served."""
        found = self._known_parts.get(kind)
        if found is None:
            parts = self._made_parts(kind, self._outcome, self._view.condition)
            found = self._known_parts[kind] = list(parts)
        return found

    @cached_property
    def _known_parts(self) -> dict[str, list[Diagram]]:
        return {}

    def _made_parts(
        self,
        kind: str,
        outcome: Outcome[Diagram],
        on: Callable[[Condition], Diagram],
    ) -> Iterator[Diagram]:
        certain = outcome.certain(kind)
        yield outcome.excluded(kind).must
        yield certain
        if certain == self.diagrams.false:
            return
        orienting = outcome.orienting[kind]
        orients = (orient for rule, orient in orienting if rule.id in self._holding)
        yield from (certain & outcome.given(kind, says) for says in distinctions(orients))
        for partner in self.directory.by_kind.get(kind, ()):
            accepts = partner.condition
            served = certain & on(accepts) if accepts else certain
            places = tuple(places_of(self.space.rule_set, self.directory, partner, kind))
            yield from (served & on(place) for place in places)
            if not places:
                yield served

    @cached_property
    def _advising(self) -> list[str]:
        rules = self.space.rule_set.rules
        return [rule for rule in self._open if rules[rule].advise]

    @cached_property
    def _rests_on_agreement(self) -> bool:
        """Tell whether a kind may be certain on no wider ground than the person's agreement."""
        # What rests on nothing at all, `Scope.NONE`, is told to nobody.
        outcome, gates = self._outcome, self.diagrams.gates
        agreed, wider = (partial(is_wide, scope) for scope in (Scope.AGREEMENT, Scope.INFORM))
        return any(
            self._view.can_be(
                gates.all_of(
                    (
                        outcome.certain(kind),
                        outcome.given(kind, agreed),
                        gates.opposite(outcome.given(kind, wider)),
                    )
                )
            )
            for kind in outcome.orienting
        )
