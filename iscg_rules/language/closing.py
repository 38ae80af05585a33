"""Answers closed under the `impossible` entries: what cannot be is ruled out.

`recommend.closed_reference` says in the fewest words what this means; here it is worked out step by
step, looking only at the steps that some answer sets off.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Final, NamedTuple

from iscg_rules.language.closing_steps import (
    AnswerChoices,
    ClosingStep,
    PlainTest,
    choices_of,
    closing_order,
    make_steps,
    variable_of,
)
from iscg_rules.language.conditions import Condition, Left, Test
from iscg_rules.language.situations import AnswerValue, Situation
from iscg_rules.language.vocabulary import Attribute, Vocabulary

__all__ = ["Closing", "NothingLeftError"]

_NO_FACTS: Mapping[str, None] = MappingProxyType({})
_NO_GROUP: Mapping[AnswerValue, int] = MappingProxyType({})


class NothingLeftError(Exception):
    """A variable has no answer left: what was given cannot be.

    Attributes:
        entry: the `impossible` entry that ruled out the last one.
        variables: the given answers behind it, in the order in which they were given.
    """

    def __init__(self, entry: str, variables: tuple[str, ...]) -> None:
        super().__init__(entry)
        self.entry = entry
        self.variables = variables


class _Group(NamedTuple):
    """The steps that the same answers set off."""

    tests: tuple[tuple[str, frozenset[str]], ...]
    others: tuple[PlainTest, ...]
    variables: tuple[str, ...]
    steps: tuple[ClosingStep, ...]


class _AnyAnswer(dict[AnswerValue, int]):
    """The same bits for every number or commune."""

    def __init__(self, bits: int) -> None:
        super().__init__()
        self._bits = bits

    def get(self, _answer: AnswerValue, _default: int = 0) -> int:  # type: ignore[override]
        return self._bits


class Closing:
    """What closes the situations of one rule set; safe between threads."""

    def __init__(
        self,
        vocabulary: Vocabulary,
        facts: Mapping[str, Condition],
        entries: Mapping[str, Condition],
    ) -> None:
        """Work out the steps.

        Raises:
            TooWideError: an entry can be true in too many ways.
        """
        self.choices: Final = choices_of(vocabulary)
        self.steps: Final = make_steps(vocabulary, facts, entries)
        self._groups = _grouped(self.steps)
        # For each variable and answer, the groups that it can set off, as bits.
        self._woken: dict[str, dict[AnswerValue, int]] = {}
        self._reading: dict[str, int] = {}
        self._always = sum(1 << n for n, group in enumerate(self._groups) if not group.variables)
        for place, group in enumerate(self._groups):
            for variable in group.variables:
                self._reading[variable] = self._reading.get(variable, 0) | 1 << place
            for variable, allowed in group.tests:
                woken = self._woken.setdefault(variable, {})
                for answer in allowed:
                    woken[answer] = woken.get(answer, 0) | 1 << place
        for variable, bits in self._reading.items():
            if variable not in self.choices:
                self._woken[variable] = _AnyAnswer(bits)

    @cached_property
    def concludable(self) -> frozenset[str]:
        """The variables that something may be concluded about."""
        return frozenset(step.variable for step in self.steps if step.variable is not None)

    @cached_property
    def reach(self) -> Mapping[str, frozenset[str]]:
        """For each variable that something follows from, all those that it may follow about."""
        direct: dict[str, set[str]] = {}
        for step in self.steps:
            if step.variable is not None:
                for name in map(variable_of, step.when):
                    direct.setdefault(name, set()).add(step.variable)
        found = {name: frozenset(after) for name, after in direct.items()}
        while True:
            longer = {
                name: after.union(*(found.get(one, ()) for one in after))
                for name, after in found.items()
            }
            if longer == found:
                return found
            found = longer

    @cached_property
    def order(self) -> tuple[ClosingStep, ...]:
        """The steps to take once, first to last, where all situations are closed together."""
        return closing_order(self.steps, self.choices)

    def close(self, situation: Situation) -> Situation:
        """Return the situation with all that follows from its answers.

        Raises:
            NothingLeftError: the answers cannot be given together.
        """
        if situation.closed_by is self:
            return situation
        values, woken, waiting = situation.given, self._woken, self._always
        for variable, answer in values.items():
            if variable in woken:
                waiting |= woken[variable].get(answer, 0)
        if not waiting:
            return Situation(values, closed_by=self)
        work = _Closed(dict(values), {}, {})
        while waiting:
            lowest = waiting & -waiting
            waiting ^= lowest
            group = self._groups[lowest.bit_length() - 1]
            if work.holds(group):
                for step in group.steps:
                    if work.rule_out(step, group.variables, self.choices):
                        waiting |= self._set_off(step.variable, work)
        return Situation(work.known, work.left, work.trail, self)

    def is_answerable(self, situation: Situation, attribute: Attribute) -> bool:
        """Tell whether some answer can still be given: nothing that follows from it is refused."""
        unknown = [name for name in attribute.variables if name not in situation.values]
        given = [(name, answer) for name in unknown for answer in attribute.answers]
        return (
            not attribute.choices
            or any(self._is_idle(situation, *one) for one in given)
            or any(self._allows(situation, *one) for one in given)
        )

    def _is_idle(self, situation: Situation, variable: str, answer: AnswerValue) -> bool:
        """Tell whether nothing more would follow from an answer that is left."""
        left = situation.left.get(variable)
        return (
            situation.closed_by is self
            and (left is None or answer in left)
            and not self._woken.get(variable, _NO_GROUP).get(answer, 0)
        )

    def _allows(self, situation: Situation, variable: str, answer: AnswerValue) -> bool:
        return variable not in self._woken or not self.is_refused(
            situation.adding({variable: answer})
        )

    def _set_off(self, variable: str | None, work: "_Closed") -> int:
        """Return the groups that may go further, now that this is known of a variable."""
        answer = None if variable is None else work.known.get(variable)
        if variable is None or answer is None:
            return self._reading.get(variable or "", 0)
        return self._woken.get(variable, _NO_GROUP).get(answer, 0)

    def closed(self, situation: Situation) -> Situation:
        """Return the situation closed, or as it is where it cannot be."""
        try:
            return self.close(situation)
        except NothingLeftError:
            return situation

    def is_refused(self, situation: Situation) -> bool:
        """Tell whether the answers cannot be given together."""
        try:
            self.close(situation)
        except NothingLeftError:
            return True
        return False

    def true_of(self, values: Mapping[str, AnswerValue]) -> dict[str, tuple[str, ...]]:
        """Name the entries that are true of known answers, each with the variables behind it."""
        found: dict[str, tuple[str, ...]] = {}
        given = _Closed(dict(values), {}, {})
        for group in self._groups:
            if given.holds(group):
                for step in group.steps:
                    own = () if step.variable is None else (step.variable,)
                    if not own or values.get(own[0]) in step.ruled_out:
                        behind = {*found.get(step.entry, ()), *group.variables, *own}
                        found[step.entry] = tuple(name for name in values if name in behind)
        return found


@dataclass(frozen=True, slots=True)
class _Closed:
    """One situation on its way: what is known, what is left of the rest, and why."""

    known: dict[str, AnswerValue]
    left: dict[str, Left]
    trail: dict[str, list[tuple[str, ...]]]

    def holds(self, group: _Group) -> bool:
        for variable, allowed in group.tests:
            if self.known.get(variable) not in allowed:
                rest = self.left.get(variable)
                if rest is None or not rest <= allowed:
                    return False
        return all(other.truth(self.known, _NO_FACTS) for other in group.others)

    def rule_out(self, step: ClosingStep, behind: tuple[str, ...], choices: AnswerChoices) -> bool:
        """Take what a step rules out from what is left; tell whether anything was.

        Raises:
            NothingLeftError: nothing is left then.
        """
        variable = step.variable
        answer = None if variable is None else self.known.get(variable)
        if variable is None or answer in step.ruled_out:
            raise self.nothing_left(step, behind)
        if answer is not None:
            return False
        before = self.left.get(variable) or choices[variable]
        rest = Left(before) - step.ruled_out
        if len(rest) == len(before):
            return False
        self.trail.setdefault(variable, []).append(behind)
        if not rest:
            raise self.nothing_left(step, behind)
        if len(rest) == 1:
            self.left.pop(variable, None)
            (self.known[variable],) = rest
        else:
            self.left[variable] = Left(rest)
        return True

    def nothing_left(self, step: ClosingStep, behind: tuple[str, ...]) -> NothingLeftError:
        """Return the error that names the entry, and the given answers that it comes from."""
        given = {name: one for name, one in self.known.items() if name not in self.trail}
        own = self.trail.get(step.variable or "", [])
        last = [*own, behind] if own else [(*behind, *filter(None, (step.variable,)))]
        origins = Situation(given, trail={**self.trail, "": last}).origins("")
        return NothingLeftError(step.entry, origins)


def _grouped(steps: Sequence[ClosingStep]) -> tuple[_Group, ...]:
    by_tests: dict[tuple[PlainTest, ...], list[ClosingStep]] = {}
    for step in steps:
        by_tests.setdefault(step.when, []).append(step)
    return tuple(
        _Group(
            tuple((one.variable, one.allowed) for one in when if isinstance(one, Test)),
            tuple(one for one in when if not isinstance(one, Test)),
            tuple(dict.fromkeys(map(variable_of, when))),
            tuple(together),
        )
        for when, together in by_tests.items()
    )
