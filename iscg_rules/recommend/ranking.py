"""Evaluation + directory → ordered orientations: exclusions first, then a total order.

Ordinal classes, not weighted sums: a class can be explained and proven. Same order on every
machine, whatever the order of files and however a rule is split into several.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from iscg_rules.language.conditions import Truths, ValuesLeft
from iscg_rules.language.moments import Opening
from iscg_rules.language.vocabulary import WITHOUT_PARTNER
from iscg_rules.model.partners import Directory
from iscg_rules.model.rules import STRENGTHS, Orient, Rule, RuleSet
from iscg_rules.recommend.evaluated_kinds import (
    NOW,
    CertainKind,
    EvaluatedKinds,
    KindTables,
    Unsettled,
)
from iscg_rules.recommend.late_fields import LateFields
from iscg_rules.recommend.partner_choice import Candidate, Candidates
from iscg_rules.recommend.reference import Evaluation

__all__ = ["Ranker", "Ranking", "Reached", "Unsettled"]

MUST = STRENGTHS.index("must")
_NO_LIMIT = 1_000_000


class Reached(NamedTuple):
    """A certain kind with its class, its reasons by rule id, and its partners, best first."""

    kind: str
    urgency: int
    strength: int
    reasons: tuple[tuple[Rule, Orient], ...]
    candidates: tuple[Candidate, ...]
    already: str | None
    is_gap: bool


@dataclass(frozen=True, slots=True, repr=False)
class Ranking(LateFields):
    """What a situation leads to, in order; what is possible is worked out when it is read.

    `gaps` are the certain kinds that no partner serves, those that the limit cut included;
    `left_out` is how many it cut; `settling` names the open rules that could still make
    something certain now, or exclude what would otherwise be certain.
    """

    certain: tuple[Reached, ...]
    possible: tuple[Unsettled, ...]
    excluded: tuple[tuple[str, tuple[str, ...]], ...]
    settling: tuple[str, ...]
    gaps: tuple[str, ...]
    left_out: int

    def about(self, kind: str) -> "Ranking":
        """Return what concerns one kind."""
        return Ranking(
            certain=tuple(reached for reached in self.certain if reached.kind == kind),
            possible=tuple(unsettled for unsettled in self.possible if unsettled.kind == kind),
            excluded=tuple(pair for pair in self.excluded if pair[0] == kind),
            settling=(),
            gaps=tuple(gap for gap in self.gaps if gap == kind),
            left_out=0,
        )


class Ranker:
    """Ranks evaluations of one rule set over one directory; holds no state between calls."""

    def __init__(self, rule_set: RuleSet, directory: Directory) -> None:
        vocabulary = rule_set.vocabulary
        self._kinds = vocabulary.kinds
        self._candidates = Candidates(vocabulary, directory)
        self._tables = KindTables(rule_set)

    def rank(
        self,
        evaluation: Evaluation,
        values: ValuesLeft,
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
        kinds = EvaluatedKinds(self._tables, evaluation)
        certain = [
            self._reached(certain, values, facts, openings, already) for certain in kinds.certain()
        ]
        certain.sort(key=self._key)
        kept, left_out = _cut(certain, limit)
        gaps = tuple([reached.kind for reached in certain if reached.is_gap])
        return Ranking.made_later(kinds, certain=tuple(kept), gaps=gaps, left_out=left_out)

    def order(self, evaluation: Evaluation) -> list[str]:
        """Order the certain kinds of an evaluation."""
        certain = EvaluatedKinds(self._tables, evaluation).certain()
        # The sort is stable: equal classes stay in the vocabulary's order.
        certain.sort(key=lambda kind: (kind.urgency, kind.strength))
        return [kind.kind for kind in certain]

    def _reached(
        self,
        certain: CertainKind,
        values: ValuesLeft,
        facts: Truths,
        openings: Mapping[str, Opening],
        already: Mapping[str, str],
    ) -> Reached:
        kind = certain.kind
        candidates = self._candidates.of(kind, certain.urgency, values, facts, openings)
        is_gap = not candidates and self._kinds[kind].nature not in WITHOUT_PARTNER
        return Reached(*certain, candidates, already.get(kind), is_gap)

    def _key(self, reached: Reached) -> tuple[int, bool, int]:
        keeps_rank = reached.urgency == NOW or self._kinds[reached.kind].nature == "rescue"
        is_late = reached.already is not None and not keeps_rank
        # The sort is stable: equal classes stay in the vocabulary's order.
        return (reached.urgency, is_late, reached.strength)


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
