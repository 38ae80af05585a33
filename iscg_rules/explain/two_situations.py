"""What a second situation wins, loses and moves, and which of its answers are responsible."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from iscg_rules.explain.explainer import change_of
from iscg_rules.explain.results import Change, Comparison, Difference
from iscg_rules.language.conditions import Values
from iscg_rules.language.situations import AnswerValue
from iscg_rules.recommend.lexicon import Lexicon

__all__ = ["compare"]

# Gives the certain kinds in order.
Ranks = Callable[[Values], list[str]]


def compare(lexicon: Lexicon, before: Values, after: Values, ranks: Ranks) -> Comparison:
    """Compare what two situations lead to.

    Args:
        lexicon: the words of the answers.
        before: the known variables of the first situation.
        after: those of the second.
        ranks: gives the certain kinds of a situation, in order.
    """
    comparer = _Comparer(lexicon, before, after, ranks)
    first, second = ranks(before), ranks(after)
    shared = [kind for kind in second if kind in first]
    return Comparison(
        *lexicon.signature,
        won=tuple(comparer.difference(kind) for kind in second if kind not in first),
        lost=tuple(comparer.difference(kind) for kind in first if kind not in second),
        moved=tuple(
            comparer.difference(kind)
            for kind in shared
            if _among(first, shared, kind) != _among(second, shared, kind)
        ),
    )


def _among(ordered: list[str], shared: list[str], kind: str) -> int:
    """Give the place of a kind among those that both have: what is won moves nothing."""
    return [one for one in ordered if one in shared].index(kind)


@dataclass(frozen=True, slots=True)
class _Comparer:
    lexicon: Lexicon
    before: Values
    after: Values
    ranks: Ranks

    def difference(self, kind: str) -> Difference:
        first, second = self.ranks(self.before), self.ranks(self.after)
        return Difference(
            kind=kind,
            label=self.lexicon.kinds[kind],
            before=first.index(kind) + 1 if kind in first else None,
            after=second.index(kind) + 1 if kind in second else None,
            changes=self._responsible(kind, first, second),
        )

    def _responsible(self, kind: str, first: list[str], second: list[str]) -> tuple[Change, ...]:
        """Take back what may be taken back while the kind stays where the second has it."""
        shared = [one for one in second if one in first]

        def standing(ordered: list[str]) -> int | None:
            if kind not in ordered:
                return None
            return _among(ordered, shared, kind) if kind in shared else 0

        wanted = standing(second)
        kept: dict[str, AnswerValue | None] = {
            name: self.after.get(name)
            for name in self.lexicon.wording.vocabulary.attribute_of
            if self.before.get(name) != self.after.get(name)
        }
        for name in list(kept):
            fewer: Mapping[str, AnswerValue | None] = {n: to for n, to in kept.items() if n != name}
            if standing(self.ranks(_applied(self.before, fewer))) == wanted:
                del kept[name]
        return tuple(change_of(self.lexicon, self.before, name, to) for name, to in kept.items())


def _applied(values: Values, changes: Mapping[str, AnswerValue | None]) -> dict[str, AnswerValue]:
    merged = {**values, **changes}
    return {name: answer for name, answer in merged.items() if answer is not None}
