"""The answers given so far; what has no answer is unknown, neither yes nor no."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from iscg_rules.errors import IscgError, Problem
from iscg_rules.language.conditions import Left, ValuesLeft
from iscg_rules.language.unchanging import Unchanging

__all__ = ["AnswerValue", "Situation"]

AnswerValue = str | float
# For each variable, the variables behind each step that ruled out some of its answers.
Trail = Mapping[str, Sequence[tuple[str, ...]]]
_NOTHING: Mapping[str, Any] = MappingProxyType({})


class Situation(Unchanging):
    """A checked, immutable set of answers.

    `values` maps each known *variable* to its answer: the attribute itself, or, for a `many_of`
    attribute, one yes/no variable for each of its values. What is absent is unknown.

    Closing adds what follows: `values` then holds concluded answers too, `left` the answers left of
    variables that are still unknown, `trail` what both were concluded from; `closed_by` is what
    closed the situation.
    """

    __slots__ = ("closed_by", "left", "trail", "values")
    values: Mapping[str, AnswerValue]
    left: Mapping[str, Left]
    trail: Trail
    closed_by: object

    def __init__(
        self,
        values: Mapping[str, AnswerValue],
        left: Mapping[str, Left] = _NOTHING,
        trail: Trail = _NOTHING,
        closed_by: object = None,
    ) -> None:
        # Python's own error would repeat what was given.
        given: object = values
        if not isinstance(given, Mapping):
            aid = "donnez une réponse par attribut"
            raise IscgError(
                [Problem("A007", "la situation n'est pas une liste de réponses", help=aid)]
            )
        object.__setattr__(self, "values", MappingProxyType(dict(values)))
        object.__setattr__(self, "left", left)
        object.__setattr__(self, "trail", trail)
        object.__setattr__(self, "closed_by", closed_by)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Situation):
            return NotImplemented
        return dict(self.values) == dict(other.values)

    def __hash__(self) -> int:
        return hash(frozenset(self.values.items()))

    # What was concluded is concluded again; what closed the situation may be of another process.
    def __reduce__(self) -> tuple[type["Situation"], tuple[dict[str, AnswerValue]]]:
        return (Situation, (dict(self.given),))

    # Privacy: counts, never shows; an exception or a log line may print this.
    def __repr__(self) -> str:
        return f"<Situation: {len(self.values)} answers>"

    @property
    def given(self) -> Mapping[str, AnswerValue]:
        """The answers that somebody gave: without those that were concluded."""
        if not self.trail:
            return self.values
        return {name: answer for name, answer in self.values.items() if name not in self.trail}

    @property
    def view(self) -> ValuesLeft:
        """What conditions are evaluated on: the known answers, and what is left of others."""
        return {**self.values, **self.left} if self.left else self.values

    def origins(self, variable: str) -> tuple[str, ...]:
        """Name the given answers that something concluded comes from, in the order of `values`."""
        met, waiting = {variable}, [variable]
        while waiting:
            behind = {name for step in self.trail.get(waiting.pop(), ()) for name in step} - met
            met |= behind
            waiting += behind
        return tuple(name for name in self.values if name in met and name not in self.trail)

    def adding(self, values: Mapping[str, AnswerValue]) -> "Situation":
        """Return the same situation with more variables known, to be closed again."""
        return Situation({**self.given, **values})

    def at_moment(self, slots: Mapping[str, AnswerValue]) -> "Situation":
        """Return the same situation with what is drawn from the moment, which closes nothing."""
        return Situation({**self.values, **slots}, self.left, self.trail, self.closed_by)
