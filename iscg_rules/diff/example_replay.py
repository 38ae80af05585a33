"""Examples and cases put to the reference on both sides."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import cached_property

from iscg_rules.diff.phrasing import shown
from iscg_rules.diff.results import CaseShift
from iscg_rules.diff.shown_kinds import Sight, look, shifts_between
from iscg_rules.diff.touched_kinds import TouchedParts
from iscg_rules.diff.treatment_changes import Advised, Shift
from iscg_rules.diff.united_rules import Side, Union
from iscg_rules.language.moments import Slots, day_of
from iscg_rules.language.situations import AnswerValue
from iscg_rules.model.cases import Case
from iscg_rules.model.rules import Rule, RuleSet

__all__ = ["ExampleReplay", "MismatchError"]

Sights = tuple[Sight, Sight]


class MismatchError(Exception):
    """What was proven is not what the reference says: never the author's fault."""


class ExampleReplay:
    """Both sides, seen through the reference."""

    def __init__(self, union: Union, touched: TouchedParts) -> None:
        self._union = union
        self._touched = touched
        self._sides = tuple(zip((union.old, union.new), touched.advised, strict=True))
        self._widened = tuple(side.widened(union.vocabulary) for side, _ in self._sides)
        self._slots = tuple(Slots(side.given.vocabulary) for side, _ in self._sides)

    def example(
        self, shift: Shift, values: Mapping[str, AnswerValue], day: date
    ) -> tuple[str, str]:
        """Say what an example of a shift gets before and after.

        Args:
            shift: what was proven of it.
            values: its answers, in the words of both.
            day: on which rules are in force.

        Raises:
            MismatchError: the reference does not see this shift.
        """
        old, new = (
            look(rule_set, side.given_directory, side.values(values), day, advised)
            for rule_set, (side, advised) in zip(self._widened, self._sides, strict=True)
        )
        if shift not in set(shifts_between(old, new)):
            raise MismatchError(shift.change)
        return self._words(shift, (old, new))

    def _words(self, shift: Shift, sights: Sights) -> tuple[str, str]:
        before, after = (
            shown(sight, shift, {p.id: p.name for p in side.directory.partners.values()})
            for sight, (side, _) in zip(sights, self._sides, strict=True)
        )
        return before, after

    def cases(self, old: Iterable[Case], new: Iterable[Case]) -> Iterator[CaseShift]:
        """Yield the cases of both that do not get the same on both sides."""
        versions = ({c.id: c for c in old}, {c.id: c for c in new})
        for name in sorted({*versions[0], *versions[1]}):
            before, after = (cases.get(name) for cases in versions)
            is_same = before and after and _asked(before) == _asked(after)
            given = (("both", after),) if is_same else (("old", before), ("new", after))
            for version, case in given:
                changes = tuple(self._changes(case, version)) if case else ()
                if case and changes:
                    yield CaseShift(name, case.title.fr, version, changes)

    def _changes(self, case: Case, version: str) -> Iterator[str]:
        values: Mapping[str, AnswerValue] = case.situation.values
        if version == "old":
            names = {own: name for name, own in self._union.old.variables.items()}
            values = {names[own]: to for own, to in values.items()}
        sights = self._look(values, case.at)
        shifts = list(shifts_between(*sights))
        shifts += [Shift(kind, "possible") for kind in sorted(_newly_possible(*sights))]
        kinds = self._union.vocabulary.kinds
        alike: dict[tuple[str, str], dict[str, None]] = {}
        for shift in shifts:
            subject = kinds[shift.subject].label.fr if shift.subject in kinds else shift.subject
            alike.setdefault(self._words(shift, sights), {})[subject or "situation"] = None
        for (before, after), subjects in alike.items():
            yield f"{', '.join(subjects)}\u00a0: {before} → {after}"

    def _look(self, values: Mapping[str, AnswerValue], at: date | None) -> Sights:
        old, new = (
            look(
                rule_set,
                side.given_directory,
                {**side.values(values), **slots.at(at)},
                day_of(at),
                advised,
            )
            for rule_set, (side, advised), slots in zip(
                self._reduced, self._sides, self._slots, strict=True
            )
        )
        return old, new

    @cached_property
    def _reduced(self) -> tuple[RuleSet, ...]:
        """Return both sides with the rules that can make a difference only: cases are many."""
        touched = self._touched
        kinds = {*touched.kinds, *touched.partners, *touched.ahead}
        kinds |= {other for others in touched.ahead.values() for other in others}
        texts = set(touched.advice)
        return tuple(_only(side, advised, kinds, texts) for side, advised in self._sides)


def _only(side: Side, advised: Advised, kinds: set[str], texts: set[str]) -> RuleSet:
    def matters(rule: Rule) -> bool:
        return bool(set(rule.kinds) & kinds or set(advised[rule.id]) & texts)

    given = side.given
    rules = {name: rule for name, rule in given.rules.items() if matters(rule)}
    return RuleSet(given.vocabulary, given.facts, rules, given.impossible)


def _asked(case: Case) -> tuple[object, ...]:
    return case.situation, case.at


def _newly_possible(old: Sight, new: Sight) -> frozenset[str]:
    """Return the kinds that are possible on one side only, and certain on neither."""
    return (old.possible ^ new.possible) - {*old.kinds, *new.kinds}
