"""Which attributes can still change a recommendation, exactly: over every possible completion."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, partial, reduce
from operator import and_

from iscg_rules.explain.decision_diagrams import Diagram, Diagrams, SituationDiagrams
from iscg_rules.language.conditions import Values
from iscg_rules.language.truth_gates import MustMay
from iscg_rules.language.vocabulary import CONSENT
from iscg_rules.model.answer_space import Space, places_of
from iscg_rules.model.partners import Directory
from iscg_rules.model.scales import Scope
from iscg_rules.recommend.outcome import Outcome, distinctions, is_wide
from iscg_rules.recommend.reference import Evaluation

__all__ = ["Settling"]


@dataclass(frozen=True)
class Settling:
    """The functions that make up one recommendation, each open on what is not answered yet."""

    space: Space
    directory: Directory
    diagrams: Diagrams
    values: Values
    evaluation: Evaluation

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
            or decides(name, (one for kind in kinds for one in self._parts(kind)))
            or decides(name, self._advising)
        }
        silent = [name for name in candidates if name not in mattering and name in tied]
        # One by one they change nothing; what cannot be might still tie them together.
        is_exact = not (len(silent) > 1 and self._decide_together(silent, candidates, cubes))
        if not is_exact:
            mattering.update(silent)
        return [name for name in candidates if name in mattering], is_exact

    def _decide_together(
        self,
        attributes: Iterable[str],
        candidates: Mapping[str, Collection[str]],
        cubes: Mapping[str, Diagram],
    ) -> bool:
        cube = reduce(and_, (cubes[name] for name in attributes), self.diagrams.true)
        kinds = dict.fromkeys(kind for name in attributes for kind in candidates[name])
        parts = (one for kind in kinds for one in self._parts(kind))
        return any(self._view.depends(one, cube, is_tied=True) for one in (*parts, *self._advising))

    def _unknown(self, attribute: str) -> list[str]:
        variables = self.space.rule_set.vocabulary.attributes[attribute].variables
        return [name for name in variables if name not in self.values]

    @cached_property
    def _view(self) -> SituationDiagrams:
        return self.diagrams.view(self.values)

    @cached_property
    def can_hold(self) -> frozenset[str]:
        """Name the open rules that a possible completion makes hold."""
        return frozenset(rule for rule, one in self._open.items() if self._view.can_be(one))

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
            found = self._known_parts[kind] = list(dict.fromkeys(self._made_parts(kind)))
        return found

    @cached_property
    def _known_parts(self) -> dict[str, list[Diagram]]:
        return {}

    def _made_parts(self, kind: str) -> Iterator[Diagram]:
        outcome, certain = self._outcome, self._outcome.certain(kind)
        yield outcome.excluded(kind).must
        if certain == self.diagrams.false:
            return
        yield certain
        orienting = outcome.orienting[kind]
        orients = (orient for rule, orient in orienting if rule.id in self._holding)
        yield from (certain & outcome.given(kind, says) for says in distinctions(orients))
        for partner in self.directory.by_kind.get(kind, ()):
            accepts = partner.condition
            served = certain & self._view.condition(accepts) if accepts else certain
            places = tuple(places_of(self.space.rule_set, self.directory, partner, kind))
            yield from (served & self._view.condition(place) for place in places)
            if not places:
                yield served

    @cached_property
    def _advising(self) -> list[Diagram]:
        rules = self.space.rule_set.rules
        return [one for rule, one in self._open.items() if rules[rule].advise]

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
