"""What a rule set shows of a situation, as gates: which kinds, in which class, excluded, advised.

In a partial situation a kind is shown when `reference.certain_kinds` says so: an orienting rule
holds, and no excluding rule holds or is open.
"""

from collections.abc import Collection, Iterable, Iterator
from typing import NamedTuple

from iscg_rules.language.conditions import Condition
from iscg_rules.model.answer_space import places_of
from iscg_rules.model.partners import Directory, Partner
from iscg_rules.model.rules import RuleSet
from iscg_rules.proof.solver.gates import FALSE, TRUE
from iscg_rules.proof.solver.situation_gates import Conditions, Encoding, Fixed, Three
from iscg_rules.recommend.outcome import Outcome, Says

__all__ = ["ProvenOutcome", "Unfixed"]

_NEVER, _ALWAYS = Three(FALSE, FALSE), Three(TRUE, TRUE)


class Unfixed(NamedTuple):
    """An outcome, and the rules that what is fixed in another one changes."""

    outcome: "ProvenOutcome"
    changed: frozenset[str]


class ProvenOutcome(Outcome[int]):
    """The outcome of one rule set on the days when the same rules are in force."""

    def __init__(
        self,
        encoding: Encoding,
        rule_set: RuleSet,
        directory: Directory,
        *,
        in_force: Collection[str] | None = None,
        fixed: Fixed | None = None,
        unfixed: Unfixed | None = None,
    ) -> None:
        """Make nothing yet: each gate is made when it is asked for.

        Args:
            encoding: complete or partial.
            rule_set: the rules.
            directory: the partners.
            in_force: the rules that exist; all when None.
            fixed: the class of answers that some variables are taken to have.
            unfixed: the same outcome without these, whose gates are taken where they can be.
        """
        super().__init__(encoding.circuit, rule_set, self.rule)
        self.encoding = encoding
        self.directory = directory
        self._circuit = encoding.circuit
        self._in_force = in_force
        self._fixed = fixed or {}
        self._unfixed = unfixed
        self._conditions = Conditions(encoding, rule_set, self._fixed)
        self._rules: dict[str, Three] = {}

    @property
    def possible(self) -> int:
        """Return the literal: the situation is one that can be."""
        return self.encoding.possible(self.rule_set, self._fixed)

    def is_in_force(self, name: str) -> bool:
        """Tell whether the rule exists on these days."""
        is_known = name in self.rule_set.rules
        return is_known and (self._in_force is None or name in self._in_force)

    def rule(self, name: str) -> Three:
        """Return the literals: the rule holds; it is not false."""
        truth = self._rules.get(name)
        if truth is None:
            if not self.is_in_force(name):
                truth = _NEVER
            elif self._unfixed and name not in self._unfixed.changed:
                truth = self._unfixed.outcome.rule(name)
            else:
                truth = self.condition(self.rule_set.rules[name].condition)
            self._rules[name] = truth
        return truth

    def condition(self, condition: Condition) -> Three:
        """Return the literals: a condition in the words of the rule set holds; it is not false."""
        return self._conditions.of(condition)

    def given_by_others(self, kind: str, says: Says, but: str) -> int:
        """Return the literal: a rule other than one orients to the kind in such a way."""
        rules = (r for r, orient in self.orienting.get(kind, ()) if says(orient))
        return self.any_rule(rule for rule in rules if rule.id != but).must

    def excluded_by_others(self, kind: str, but: str) -> int:
        """Return the literal: a rule other than one excludes the kind."""
        rules = self.excluding.get(kind, ())
        return self.any_rule(rule for rule in rules if rule.id != but).must

    def settled(self, kinds: Iterable[str]) -> int:
        """Return the literal: no rule that excludes one of these kinds is open."""
        excluded = (self.excluded(kind) for kind in kinds)
        return self._circuit.all_of(self._circuit.any_of([-t.may, t.must]) for t in excluded)

    def is_first(self, kinds: Collection[str]) -> int:
        """Return the literal: one of these kinds is shown before every other."""
        others = [kind for kind in self.orienting if kind not in kinds]
        return self._circuit.any_of(
            self._circuit.all_of([self.certain(k), *(-self.ahead(other, k) for other in others)])
            for k in kinds
            if k in self.orienting
        )

    def is_within(self, top: int, kinds: Collection[str]) -> int:
        """Return the literal: one of these kinds is among the first so many."""
        return self._circuit.any_of(
            self._circuit.all_of([self.certain(kind), -self._is_behind(top, kind)])
            for kind in kinds
            if kind in self.orienting
        )

    def _is_behind(self, count: int, kind: str) -> int:
        ahead = (self.ahead(other, kind) for other in self.orienting if other != kind)
        return self._circuit.at_least(count, ahead)

    def is_any(self, kinds: Iterable[str]) -> int:
        """Return the literal: one of these kinds is shown."""
        return self._circuit.any_of(self.certain(kind) for kind in kinds)

    def parts(self, kind: str, says: Iterable[Says]) -> Iterator[int]:
        """Yield what is shown of one kind: that it is there, and what its orientations say."""
        is_shown, all_of = self.certain(kind), self._circuit.all_of
        yield is_shown
        yield from (all_of([is_shown, self.given(kind, says_so)]) for says_so in says)

    def serving(self, partner: Partner, kind: str) -> Iterator[int]:
        """Yield the literals: it may serve a kind; surely; then, area by area, it may there."""
        all_of, accepts = self._circuit.all_of, _ALWAYS
        if partner.condition is not None:
            accepts = self.condition(partner.condition)
        where = places_of(self.rule_set, self.directory, partner, kind)
        places = [self.condition(place) for place in where]
        near = self._circuit.any_of(place.may for place in places) if places else TRUE
        yield all_of([accepts.may, near])
        yield all_of([accepts.must, near])
        yield from (all_of([accepts.may, place.may]) for place in places)
