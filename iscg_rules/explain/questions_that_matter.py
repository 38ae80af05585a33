"""Which attributes can still change a recommendation, exactly: over every possible completion."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, reduce
from operator import and_, or_

from iscg_rules.explain.decision_diagrams import Diagram, Diagrams, View
from iscg_rules.language.conditions import Values
from iscg_rules.language.vocabulary import CONSENT
from iscg_rules.model.answer_space import Space, places_of
from iscg_rules.model.partners import Directory
from iscg_rules.model.rules import GROUNDS, STRENGTHS, URGENCIES, Orient
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
            or decides(name, (self._certain[kind] for kind in kinds if kind in self._certain))
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
    def _view(self) -> View:
        return self.diagrams.view(self.values)

    @cached_property
    def can_hold(self) -> frozenset[str]:
        """Name the open rules that a possible completion makes hold."""
        return frozenset(rule for rule, one in self._open.items() if self._view.can_be(one))

    @cached_property
    def _open(self) -> dict[str, Diagram]:
        return {rule: self._view.rule(rule) for rule in self.evaluation.open}

    @cached_property
    def _certain(self) -> dict[str, Diagram]:
        """Give, for each kind that may be certain, when it is."""
        rules, true = self.space.rule_set.rules, self.diagrams.true
        found: dict[str, Diagram] = {}
        for rule in self.evaluation.open:
            for orient in rules[rule].orient:
                found[orient.to] = found.get(orient.to, self.diagrams.false) | self._open[rule]
        for rule in self.evaluation.fired:
            found |= {orient.to: true for orient in rules[rule].orient}
        hindered = {e.to for rule in self.evaluation.fired for e in rules[rule].exclude}
        return {
            kind: hit & ~self._excluded.get(kind, self.diagrams.false)
            for kind, hit in found.items()
            if kind not in hindered
        }

    @cached_property
    def _excluded(self) -> dict[str, Diagram]:
        rules = self.space.rule_set.rules
        hindered = {e.to for rule in self.evaluation.fired for e in rules[rule].exclude}
        found: dict[str, Diagram] = {}
        for rule in self.evaluation.open:
            for exclude in rules[rule].exclude:
                if exclude.to not in hindered:
                    before = found.get(exclude.to, self.diagrams.false)
                    found[exclude.to] = before | self._open[rule]
        return found

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
        if kind in self._excluded:
            yield self._excluded[kind]
        certain = self._certain.get(kind)
        if certain is None:
            return
        yield certain
        for level in self._levels(kind):
            yield certain & level
        for partner in self.directory.by_kind.get(kind, ()):
            accepts = partner.condition
            served = certain & self._view.condition(accepts) if accepts else certain
            places = tuple(places_of(self.space.rule_set, self.directory, partner))
            yield from (served & self._view.condition(place) for place in places)
            if not places:
                yield served

    @cached_property
    def _advising(self) -> list[Diagram]:
        rules = self.space.rule_set.rules
        return [one for rule, one in self._open.items() if rules[rule].advise]

    def _levels(self, kind: str) -> Iterator[Diagram]:
        """Give when each class is reached: so urgent, so strong, on such a ground, for whom."""
        rules = self.space.rule_set.rules
        true = self.diagrams.true
        reasons = [
            (orient, self._open.get(rule, true))
            for rule in (*self.evaluation.fired, *self.evaluation.open)
            for orient in rules[rule].orient
            if orient.to == kind
        ]
        for levels in (_urgencies, _strengths, _grounds):
            for level in {levels(orient) for orient, _ in reasons}:
                holding = (one for orient, one in reasons if levels(orient) <= level)
                yield reduce(or_, holding, self.diagrams.false)
        for whom in {orient.for_ for orient, _ in reasons}:
            holding = (one for orient, one in reasons if orient.for_ == whom)
            yield reduce(or_, holding, self.diagrams.false)

    @cached_property
    def _rests_on_agreement(self) -> bool:
        """Tell whether a kind may be certain on no wider ground than the person's agreement."""
        agreement = GROUNDS.index("agreement")
        return any(
            self._view.can_be(certain & self._on(kind, agreement) & ~self._on(kind, agreement + 1))
            for kind, certain in self._certain.items()
        )

    def _on(self, kind: str, least: int) -> Diagram:
        """Give when a reason of a kind has at least so wide a ground."""
        rules = self.space.rule_set.rules
        holding = (
            self._open.get(rule, self.diagrams.true)
            for rule in (*self.evaluation.fired, *self.evaluation.open)
            for orient in rules[rule].orient
            if orient.to == kind and GROUNDS.index(orient.sharing) >= least
        )
        return reduce(or_, holding, self.diagrams.false)


def _urgencies(orient: Orient) -> int:
    return URGENCIES.index(orient.urgency)


def _strengths(orient: Orient) -> int:
    return STRENGTHS.index(orient.strength)


def _grounds(orient: Orient) -> int:
    return -GROUNDS.index(orient.sharing)
