"""Evaluation + directory → ordered orientations: exclusions first, then a total order.

Ordinal classes, not weighted sums: a class can be explained and proven. Same order on every
machine, whatever the order of files and however a rule is split into several.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from iscg_rules.language.conditions import Truths, Values
from iscg_rules.language.moments import Opening
from iscg_rules.language.vocabulary import WITHOUT_PARTNER
from iscg_rules.model.partners import Directory
from iscg_rules.model.rules import STRENGTHS, URGENCIES, Orient, Rule, RuleSet
from iscg_rules.recommend.partner_choice import Candidate, Candidates
from iscg_rules.recommend.reference import Evaluation

__all__ = ["Ranker", "Ranking", "Reached", "Unsettled"]

NOW = URGENCIES.index("now")
MUST = STRENGTHS.index("must")
_NO_LIMIT = 1_000_000


@dataclass(frozen=True, slots=True)
class Reached:
    """A certain kind with its class, its reasons by rule id, and its partners, best first."""

    kind: str
    urgency: int
    strength: int
    reasons: tuple[tuple[Rule, Orient], ...]
    candidates: tuple[Candidate, ...]
    already: str | None
    is_gap: bool


class Unsettled(NamedTuple):
    """A kind that could still become certain, with its best class, and the open rules about it."""

    kind: str
    urgency: int
    strength: int
    open_rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ranking:
    """What a situation leads to, in order.

    `left_out` is how many the limit cut; `settling` names the open rules that could still make
    something certain now, or exclude what would otherwise be certain.
    """

    certain: tuple[Reached, ...]
    possible: tuple[Unsettled, ...]
    excluded: tuple[tuple[str, tuple[str, ...]], ...]
    settling: tuple[str, ...]
    left_out: int

    def about(self, kind: str) -> "Ranking":
        """Give what concerns one kind."""
        return Ranking(
            certain=tuple(one for one in self.certain if one.kind == kind),
            possible=tuple(one for one in self.possible if one.kind == kind),
            excluded=tuple(one for one in self.excluded if one[0] == kind),
            settling=(),
            left_out=0,
        )


class _Class(NamedTuple):
    """The best class of a kind, each part on its own, and the rules behind it."""

    urgency: int
    strength: int
    reasons: tuple[tuple[Rule, Orient], ...]
    rules: tuple[str, ...]
    urgent_rules: tuple[str, ...]

    def and_(self, other: "_Class") -> "_Class":
        """Give the class of a kind that both lead to."""
        return _Class(
            min(self.urgency, other.urgency),
            min(self.strength, other.strength),
            self.reasons + other.reasons,
            self.rules + other.rules,
            self.urgent_rules + other.urgent_rules,
        )


def _class_of(rule: Rule, orient: Orient) -> _Class:
    urgency = URGENCIES.index(orient.urgency)
    urgent_rules = (rule.id,) if urgency == NOW else ()
    strength = STRENGTHS.index(orient.strength)
    return _Class(urgency, strength, ((rule, orient),), (rule.id,), urgent_rules)


class Ranker:
    """Ranks evaluations of one rule set over one directory; holds no state between calls."""

    def __init__(self, rule_set: RuleSet, directory: Directory) -> None:
        vocabulary = rule_set.vocabulary
        # Made once: every recommendation goes through these.
        self._orients = {
            rule.id: tuple((orient.to, _class_of(rule, orient)) for orient in rule.orient)
            for rule in rule_set.rules.values()
        }
        self._excludes = {
            rule.id: tuple(exclude.to for exclude in rule.exclude)
            for rule in rule_set.rules.values()
        }
        self._kinds = vocabulary.kinds
        self._place = vocabulary.kind_rank
        self._candidates = Candidates(vocabulary, directory)

    def rank(
        self,
        evaluation: Evaluation,
        values: Values,
        facts: Truths,
        openings: Mapping[str, Opening],
        *,
        already: Mapping[str, str],
        limit: int | None,
    ) -> Ranking:
        """Order what an evaluation leads to.

        Args:
            evaluation: rules that hold and rules that are open.
            values: the known variables, for partners' `accepts` and the commune.
            facts: the truth of any fact that an `accepts` names.
            openings: the opening of any partner at the moment.
            already: kind → "contacted" or "declined".
            limit: how many at most; None for all. What is now or must is never cut.

        Returns:
            Certain kinds best first, no two equal; possible and excluded ones in the same manner.
        """
        reached = self._classes(evaluation.fired)
        excluded = self._excluding(evaluation.fired)
        reachable = self._classes(evaluation.open)
        threatened = self._excluding(evaluation.open)
        certain = [
            self._reached(kind, best, values, facts, openings, already)
            for kind, best in reached.items()
            if kind not in excluded and kind not in threatened
        ]
        certain.sort(key=self._key)
        kept, left_out = _cut(certain, limit)
        return Ranking(
            certain=tuple(kept),
            possible=self._possible(reached, reachable, excluded, threatened),
            excluded=tuple(
                (kind, excluded[kind]) for kind in sorted(excluded, key=self._place.__getitem__)
            ),
            settling=_settling(reached, reachable, excluded, threatened),
            left_out=left_out,
        )

    def order(self, evaluation: Evaluation) -> list[Reached]:
        """Order the certain kinds of an evaluation, without their partners."""
        reached = self._classes(evaluation.fired)
        hindered = {*self._excluding(evaluation.fired), *self._excluding(evaluation.open)}
        certain = [
            Reached(kind, best.urgency, best.strength, best.reasons, (), None, is_gap=False)
            for kind, best in reached.items()
            if kind not in hindered
        ]
        return sorted(certain, key=self._key)

    def _classes(self, ids: Iterable[str]) -> dict[str, _Class]:
        found: dict[str, _Class] = {}
        for rule in ids:
            for kind, one in self._orients[rule]:
                found[kind] = found[kind].and_(one) if kind in found else one
        return found

    def _excluding(self, ids: Iterable[str]) -> dict[str, tuple[str, ...]]:
        found: dict[str, tuple[str, ...]] = {}
        for rule in ids:
            for kind in self._excludes[rule]:
                found[kind] = (*found.get(kind, ()), rule)
        return found

    def _reached(
        self,
        kind: str,
        best: _Class,
        values: Values,
        facts: Truths,
        openings: Mapping[str, Opening],
        already: Mapping[str, str],
    ) -> Reached:
        candidates = self._candidates.of(kind, values, facts, openings)
        is_gap = not candidates and self._kinds[kind].nature not in WITHOUT_PARTNER
        done = already.get(kind)
        return Reached(kind, best.urgency, best.strength, best.reasons, candidates, done, is_gap)

    def _key(self, reached: Reached) -> tuple[int, bool, int, int]:
        keeps_rank = reached.urgency == NOW or self._kinds[reached.kind].nature == "rescue"
        is_late = reached.already is not None and not keeps_rank
        return (reached.urgency, is_late, reached.strength, self._place[reached.kind])

    def _possible(
        self,
        reached: Mapping[str, _Class],
        reachable: Mapping[str, _Class],
        excluded: Mapping[str, tuple[str, ...]],
        threatened: Mapping[str, tuple[str, ...]],
    ) -> tuple[Unsettled, ...]:
        place = self._place
        found = []
        for kind, best in reachable.items():
            if kind in excluded or kind in reached:
                continue
            rules = best.rules + threatened[kind] if kind in threatened else best.rules
            one = Unsettled(kind, best.urgency, best.strength, rules)
            found.append((best.urgency, best.strength, place[kind], one))
        for kind, threats in threatened.items():
            if kind not in reached or kind in excluded:
                continue
            best = reached[kind].and_(reachable[kind]) if kind in reachable else reached[kind]
            one = Unsettled(kind, best.urgency, best.strength, threats)
            found.append((best.urgency, best.strength, place[kind], one))
        # No two places are equal: the fourth part is never compared.
        found.sort()
        return tuple([one for _, _, _, one in found])


def _settling(
    reached: Mapping[str, _Class],
    reachable: Mapping[str, _Class],
    excluded: Mapping[str, tuple[str, ...]],
    threatened: Mapping[str, tuple[str, ...]],
) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for kind, best in reachable.items():
        is_now = kind in reached and reached[kind].urgency == NOW
        if best.urgency != NOW or is_now or kind in excluded:
            continue
        found.update(dict.fromkeys(best.urgent_rules))
        found.update(dict.fromkeys(threatened.get(kind, ())))
    for kind, threats in threatened.items():
        if kind in reached and kind not in excluded:
            found.update(dict.fromkeys(threats))
    return tuple(found)


def _cut(certain: list[Reached], limit: int | None) -> tuple[list[Reached], int]:
    """Cut from the end down to the limit, never what is now or must."""
    surplus = len(certain) - (_NO_LIMIT if limit is None else limit)
    kept: list[Reached] = []
    for reached in reversed(certain):
        if surplus > 0 and reached.urgency != NOW and reached.strength != MUST:
            surplus -= 1
        else:
            kept.append(reached)
    kept.reverse()
    return kept, len(certain) - len(kept)
