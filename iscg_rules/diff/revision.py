"""What one rule set does that another does not: which situations, how many, with which example.

Only what is not written the same on both sides is looked at. Every example is put to the reference
on both sides before it is shown.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from itertools import groupby

from iscg_rules.diff.amounts import MOST_NODES, Amounts
from iscg_rules.diff.example_replay import ExampleReplay
from iscg_rules.diff.phrasing import Phrasing
from iscg_rules.diff.results import (
    VERSION,
    Example,
    FittingAnswers,
    Region,
    Revision,
    Share,
    SituationShift,
)
from iscg_rules.diff.rewording import rule_shifts, word_shifts
from iscg_rules.diff.situation_classes import ShiftGoal, SituationClass, find_regions
from iscg_rules.diff.touched_kinds import TouchedParts
from iscg_rules.diff.treatment_changes import SHIFTS, Shift, Shifts
from iscg_rules.diff.united_rules import Side, Union
from iscg_rules.model.cases import Case
from iscg_rules.proof.solver.gates import TRUE
from iscg_rules.proof.solver.proven_outcome import ProvenOutcome
from iscg_rules.proof.solver.situation_gates import Conditions, Encoding, Three

__all__ = ["RevisionScope", "count_changed", "revise"]

_REFUSALS = ("refused", "accepted")


@dataclass(frozen=True, slots=True)
class RevisionScope:
    """How two rule sets are compared.

    Attributes:
        day: from which on.
        report_by: attributes whose concerned answers are told.
        most: how many classes of situations are told of each shift.
        most_nodes: diagrams that need more are given up, and shares estimated.
    """

    day: date
    report_by: tuple[str, ...] = ()
    most: int = 3
    most_nodes: int = MOST_NODES


def revise(
    union: Union, cases: tuple[Iterable[Case], Iterable[Case]], asked: RevisionScope
) -> Revision:
    """Compare two rule sets.

    Args:
        union: both, in one vocabulary.
        cases: those of the older, and of the newer.
        asked: how.

    Raises:
        MismatchError: an example does not get from the reference what was proven: our mistake.
    """
    revising = _Revising(union, asked)
    situations = revising.situations()
    return Revision(
        version=VERSION,
        day=asked.day,
        is_changed=bool(situations),
        share=revising.share(),
        situations=situations,
        cases=tuple(revising.replay.cases(*cases)),
        rules=rule_shifts(union, revising.touched),
        words=word_shifts(union, revising.touched),
    )


def count_changed(union: Union, asked: RevisionScope) -> Share:
    """Tell how many situations are treated differently on the first day, and nothing else."""
    return _Revising(union, asked).share()


@dataclass(frozen=True, slots=True)
class _SharedPeriod:
    """Days on which the same rules are in force on both sides."""

    day: date
    rules: tuple[frozenset[str], frozenset[str]]


@dataclass(frozen=True, slots=True)
class _Way:
    """A shift that comes in some situation: its gates, and when."""

    shift: Shift
    surely: int
    holds: int
    period: _SharedPeriod
    until: date | None


class _Revising:
    def __init__(self, union: Union, asked: RevisionScope) -> None:
        self._union, self._asked = union, asked
        self.touched = TouchedParts(union)
        self.replay = ExampleReplay(union, self.touched)
        self._phrasing = Phrasing(union.space)
        self._partial = Encoding(union.space, is_partial=True)
        self._complete = Encoding(union.space, is_partial=False)
        self._periods = _periods(union.old, union.new, asked.day)

    def situations(self) -> tuple[SituationShift, ...]:
        """Return every way in which situations are treated differently."""
        return tuple(self._told(way) for way in self._ways)

    def share(self) -> Share:
        """Tell how many situations are treated differently on the first day."""
        changed, among = self._whole
        return self._amounts.of(changed, among=among)

    @cached_property
    def _whole(self) -> tuple[int, int]:
        """Return the literals: something changes on the first day; the situation can be."""
        any_of, all_of = self._complete.circuit.any_of, self._complete.circuit.all_of
        now = [way for way in self._ways if way.period is self._periods[0]]
        changed = any_of(all_of([way.holds, self._care(way.shift)[1]]) for way in now)
        return changed, any_of(self._complete.possible(side.rule_set) for side in self._sides)

    @cached_property
    def _amounts(self) -> Amounts:
        # INVARIANT: every gate that is counted is made before.
        assert self._whole
        return Amounts(self._complete, most_nodes=self._asked.most_nodes)

    @property
    def _sides(self) -> tuple[Side, Side]:
        return self._union.old, self._union.new

    @cached_property
    def _cares(self) -> tuple[int, int]:
        """Return, in both encodings, the literal: no side refuses the situation or a completion."""
        return tuple(  # type: ignore[return-value] # two encodings
            encoding.circuit.all_of(
                -conditions.of(entry.condition).may
                for side in self._sides
                for conditions in [Conditions(complete, side.rule_set)]
                for entry in side.rule_set.impossible
            )
            for encoding, complete in (
                (
                    self._partial,
                    Encoding(self._union.space, is_partial=False, completing=self._partial),
                ),
                (self._complete, self._complete),
            )
        )

    def _care(self, shift: Shift) -> tuple[int, int]:
        return (TRUE, TRUE) if shift.change in _REFUSALS else self._cares

    @cached_property
    def _ways(self) -> tuple[_Way, ...]:
        by_shift: dict[Shift, list[tuple[int, Three, int]]] = {}
        for number, period in enumerate(self._periods):
            gates = zip(
                *(self._gates(period, encoding) for encoding in self._encodings), strict=True
            )
            for (shift, surely), (_, holds) in gates:
                if self._complete.circuit.is_possible([self._care(shift)[1], holds.must]):
                    by_shift.setdefault(shift, []).append((number, surely, holds.must))
        ways = [way for shift, some in by_shift.items() for way in self._runs(shift, some)]
        return tuple(sorted(ways, key=self._order))

    @property
    def _encodings(self) -> tuple[Encoding, Encoding]:
        return self._partial, self._complete

    def _gates(self, period: _SharedPeriod, encoding: Encoding) -> Iterator[tuple[Shift, Three]]:
        old, new = (
            ProvenOutcome(encoding, side.rule_set, side.directory, in_force=rules)
            for side, rules in zip(self._sides, period.rules, strict=True)
        )
        shifts, touched = Shifts(old, new, self.touched.advised), self.touched
        for kind in touched.kinds:
            yield from shifts.of_kind(kind)
        for kind, others in touched.ahead.items():
            yield from shifts.ahead(kind, others)
        for kind in touched.partners:
            yield from shifts.partners(kind)
        for text in touched.advice:
            yield from shifts.of_advice(text)
        if touched.is_refusing:
            yield from shifts.refusals()

    def _runs(self, shift: Shift, holding: list[tuple[int, Three, int]]) -> Iterator[_Way]:
        """Put periods in a row together in which a shift comes in the same situations."""
        # In a row, the number of a period and its place in the list rise together:
        # periods 3, 4, 6 at places 0, 1, 2 -> differences 3, 3, 4: a row of two, then one alone.
        placed = enumerate(holding)
        for _, group in groupby(placed, key=lambda item: (item[1][0] - item[0], item[1][2])):
            run = [held for _, held in group]
            (first, surely, holds), (last, _, _) = run[0], run[-1]
            is_open = last + 1 == len(self._periods)
            until = None if is_open else self._periods[last + 1].day - timedelta(days=1)
            yield _Way(shift, surely.must, holds, self._periods[first], until)

    def _order(self, way: _Way) -> tuple[object, ...]:
        subject, change = way.shift
        rank = self._union.vocabulary.kind_rank
        group = 2 if change in _REFUSALS else int(subject not in rank)
        return (group, rank.get(subject, 0), subject, SHIFTS.index(change), way.period.day)

    def _told(self, way: _Way) -> SituationShift:
        cares = self._care(way.shift)
        partial = ShiftGoal(self._partial, cares[0], way.surely)
        complete = ShiftGoal(self._complete, cares[1], way.holds)
        classes = find_regions(partial, complete, self._asked.most)
        kind = self._union.vocabulary.kinds.get(way.shift.subject)
        rules = tuple(self.touched.changed_about(way.shift.subject))
        sources = {source: None for rule in rules for source in rule.source}
        is_later = way.period is not self._periods[0]
        return SituationShift(
            subject=way.shift.subject,
            label=kind.label.fr if kind else way.shift.subject,
            change=way.shift.change,
            since=way.period.day if is_later else None,
            until=way.until,
            share=self._amounts.of(way.holds, among=cares[1]),
            affected=tuple(self._affected(complete)),
            regions=tuple(self._in_words(region, way) for region in classes.regions),
            has_more=not classes.is_all,
            rules=tuple(rule.id for rule in rules),
            sources=tuple(sources),
        )

    def _in_words(self, region: SituationClass, way: _Way) -> Region:
        before, after = self.replay.example(way.shift, region.example, way.period.day)
        answers = self._phrasing.answers(region.example)
        example = Example(dict(region.example), answers, before, after)
        return Region(self._phrasing.conditions(region.places), example)

    def _affected(self, goal: ShiftGoal) -> Iterator[FittingAnswers]:
        """Yield which answers are concerned, of each attribute that not all of whose are."""
        attributes = self._union.vocabulary.attributes
        for name in self._asked.report_by:
            if name not in attributes or attributes[name].type == "many_of":
                continue
            answers = self._complete.answers(name)
            places = {
                place
                for place, literal in answers.items()
                if self._complete.circuit.is_possible([goal.care, goal.holds, literal])
            }
            if len(places) < len(answers):
                yield self._phrasing.condition(name, places)


def _periods(old: Side, new: Side, day: date) -> tuple[_SharedPeriod, ...]:
    """Return the periods from a day on, in order; one where no rule is dated."""
    first, second = old.rule_set, new.rule_set
    return tuple(
        _SharedPeriod(start, (first.in_force(start), second.in_force(start)))
        for start in sorted(first.turns(day) | second.turns(day))
    )
