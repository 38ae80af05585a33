"""What comes of a situation, told once for every way of evaluating rules: kinds and their classes.

Over Booleans, one situation; over literals of a solver, diagrams or columns, every situation at
once. `reference` says the same of one evaluation in the fewest words, and judges all of them.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache, cached_property, partial
from typing import Generic, TypeVar

from iscg_rules.language.truth_gates import BooleanGates, MustMay
from iscg_rules.model.rules import Orient, Rule, RuleSet
from iscg_rules.model.scales import Beneficiary, Scale, Scope, Strength, Urgency
from iscg_rules.recommend.standing import Standing, certain, reachable, standing

__all__ = ["Outcome", "Says", "distinctions", "is_strong", "is_urgent", "is_wide", "scales"]

Gate = TypeVar("Gate")
Word = TypeVar("Word", bound=Scale)
# Something that an orientation may say of its kind.
Says = Callable[[Orient], bool]
# A certain kind is no later than the latest urgency: nothing has to be worked out for that.
_BUT_LATEST, _BUT_WEAKEST = tuple(Urgency)[:-1], tuple(Strength)[:-1]


class Outcome(Generic[Gate]):
    """How every kind stands, and which rules give what is said of it."""

    def __init__(
        self,
        gates: BooleanGates[Gate],
        rule_set: RuleSet,
        rule: Callable[[str], MustMay[Gate]],
    ) -> None:
        """Make nothing yet: each gate is made when it is asked for.

        Args:
            gates: what the truths are made of.
            rule_set: the rules.
            rule: tells whether the rule of a name holds; never, where it does not exist.
        """
        self._gates = gates
        self._rule = rule
        self.rule_set = rule_set
        self._certain: dict[str, Gate] = {}

    @property
    def orienting(self) -> Mapping[str, tuple[tuple[Rule, Orient], ...]]:
        """The rules that orient to each kind, kinds in the vocabulary's order."""
        return self.rule_set.orienting

    @property
    def excluding(self) -> Mapping[str, tuple[Rule, ...]]:
        """The rules that exclude each kind."""
        return self.rule_set.excluding

    def oriented(self, kind: str, says: Says | None = None) -> MustMay[Gate]:
        """Tell whether a rule orients to the kind; in such a way, where one is named."""
        orienting = self.orienting.get(kind, ())
        return self.any_rule(rule for rule, orient in orienting if says is None or says(orient))

    def excluded(self, kind: str) -> MustMay[Gate]:
        """Tell whether a rule excludes the kind."""
        return self.any_rule(self.excluding.get(kind, ()))

    def any_rule(self, rules: Iterable[Rule]) -> MustMay[Gate]:
        """Tell whether one of these rules holds."""
        truths = [self._rule(rule.id) for rule in rules]
        any_of = self._gates.any_of
        return MustMay(any_of(t.must for t in truths), any_of(t.may for t in truths))

    def certain(self, kind: str) -> Gate:
        """Tell whether the kind is a certain orientation."""
        known = self._certain.get(kind)
        if known is None:
            known = certain(self._gates, self.oriented(kind), self.excluded(kind))
            self._certain[kind] = known
        return known

    def reachable(self, kind: str) -> Gate:
        """Tell whether the kind is certain or could still become so."""
        return reachable(self._gates, self.oriented(kind), self.excluded(kind))

    def standing(self, kind: str) -> Standing[Gate]:
        """Tell whether the kind is certain, possible or excluded."""
        return standing(self._gates, self.oriented(kind), self.excluded(kind))

    def given(self, kind: str, says: Says) -> Gate:
        """Tell whether a rule that holds orients to the kind in such a way."""
        return self.oriented(kind, says).must

    @cached_property
    def urgent(self) -> Callable[[str, Urgency], Gate]:
        """Tells whether a rule that holds orients to a kind so early, or earlier."""
        return cache(self._urgent)

    @cached_property
    def strong(self) -> Callable[[str, Strength], Gate]:
        """Tells whether a rule that holds orients to a kind so strongly, or more."""
        return cache(self._strong)

    @cached_property
    def ahead(self) -> Callable[[str, str], Gate]:
        """Tells whether one kind is certain and, if another one is too, comes before it."""
        return cache(self._ahead)

    def _urgent(self, kind: str, latest: Urgency) -> Gate:
        return self.given(kind, partial(is_urgent, latest))

    def _strong(self, kind: str, weakest: Strength) -> Gate:
        return self.given(kind, partial(is_strong, weakest))

    def _ahead(self, other: str, kind: str) -> Gate:
        gates, rank = self._gates, self.rule_set.vocabulary.kind_rank
        levels = (
            [(self.urgent(other, latest), self.urgent(kind, latest)) for latest in _BUT_LATEST],
            [(self.strong(other, weakest), self.strong(kind, weakest)) for weakest in _BUT_WEAKEST],
        )
        before = gates.false if rank[other] > rank[kind] else gates.true
        for level in reversed(levels):
            better = gates.any_of(self._only(mine, theirs) for mine, theirs in level)
            worse = gates.any_of(self._only(theirs, mine) for mine, theirs in level)
            before = gates.any_of((better, self._only(before, worse)))
        return gates.all_of((self.certain(other), before))

    def _only(self, one: Gate, other: Gate) -> Gate:
        return self._gates.all_of((one, self._gates.opposite(other)))


def distinctions(orients: Iterable[Orient]) -> Iterator[Says]:
    """Yield all that tells apart what these orientations say of one kind, reasons left aside."""
    for says in scales(orients).values():
        yield from says


def scales(orients: Iterable[Orient]) -> Mapping[str, tuple[Says, ...]]:
    """Return the same by what it is about: `urgency`, `strength`, `sharing`, `for`.

    An urgency, a strength and a ground count for all that is no earlier, stronger or wider.
    """
    known = tuple(orients)
    return {
        "urgency": _each(is_urgent, (orient.urgency for orient in known)),
        "strength": _each(is_strong, (orient.strength for orient in known)),
        "sharing": _each(is_wide, (orient.sharing for orient in known)),
        "for": _each(_is_for, (orient.for_ for orient in known)),
    }


def _each(says: Callable[[Word, Orient], bool], words: Iterable[Word]) -> tuple[Says, ...]:
    return tuple(partial(says, word) for word in sorted(set(words)))


def is_urgent(latest: Urgency, orient: Orient) -> bool:
    """Tell whether an orientation is so early, or earlier."""
    return orient.urgency <= latest


def is_strong(weakest: Strength, orient: Orient) -> bool:
    """Tell whether an orientation is so strong, or stronger."""
    return orient.strength <= weakest


def is_wide(narrowest: Scope, orient: Orient) -> bool:
    """Tell whether an orientation rests on so wide a ground, or a wider one."""
    return orient.sharing >= narrowest


def _is_for(whom: Beneficiary, orient: Orient) -> bool:
    return orient.for_ == whom
