"""What two rule sets show of one situation, by the reference alone: the judge of shifts."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import NamedTuple

from iscg_rules.diff.treatment_changes import Advised, Shift
from iscg_rules.language.conditions import Values
from iscg_rules.language.situations import Situation
from iscg_rules.model.partners import Directory
from iscg_rules.model.rules import RuleSet
from iscg_rules.model.scales import Strength, Urgency
from iscg_rules.proof.kept_promises import see
from iscg_rules.recommend import reference
from iscg_rules.recommend.kind_class import KindClass

__all__ = ["ShownKind", "Sight", "look", "shifts_between"]

_RISING = (("more_urgent", "less_urgent"), ("stronger", "weaker"))


class ShownKind(NamedTuple):
    """What is shown of one kind; `partners`: who may serve it, those of one rank together."""

    best: KindClass
    partners: tuple[frozenset[str], ...]

    @property
    def scales(self) -> tuple[Urgency, Strength]:
        """What rises and falls, the lower the more pressing."""
        return self.best.urgency, self.best.strength


@dataclass(frozen=True, slots=True, repr=False)
class Sight:
    """What one rule set shows of one situation; kinds best first."""

    is_refused: bool
    kinds: Mapping[str, ShownKind]
    possible: frozenset[str]
    excluded: frozenset[str]
    advice: frozenset[str]


def look(
    rule_set: RuleSet, directory: Directory, values: Values, day: date | None, advised: Advised
) -> Sight:
    """Return what a rule set shows of a situation.

    Args:
        rule_set: the rules.
        directory: the partners.
        values: the known variables.
        day: on which rules are in force.
        advised: the sentences of each rule, under the names that both sides share.
    """
    situation = Situation(values)
    seen = see(rule_set, directory, values, day)
    partners = {kind: _ranked(serving) for kind, serving in seen.partners}
    # Closed as what is seen is, and not by the reference: that would take longer than all the rest.
    evaluation = reference.evaluate(rule_set, rule_set.closing.closed(situation), day)
    return Sight(
        is_refused=rule_set.closing.is_refused(situation),
        kinds={kind: ShownKind(best, partners[kind]) for kind, best in seen.classes},
        possible=frozenset(reference.possible_kinds(rule_set, evaluation)),
        excluded=seen.excluded,
        advice=frozenset(text for rule in seen.advice for text in advised[rule]),
    )


def _ranked(serving: tuple[tuple[str, bool, int], ...]) -> tuple[frozenset[str], ...]:
    """Put those who are as sure and as near together, the surest and nearest first."""
    ordered = sorted((not is_sure, size, name) for name, is_sure, size in serving)
    groups = groupby(ordered, key=lambda ranked: ranked[:2])
    return tuple(frozenset(name for *_, name in group) for _, group in groups)


def shifts_between(old: Sight, new: Sight) -> Iterator[Shift]:
    """Yield in what ways one situation is treated differently; nothing else where it is refused."""
    if old.is_refused != new.is_refused:
        yield Shift("", "refused" if new.is_refused else "accepted")
    if old.is_refused or new.is_refused:
        return
    yield from (Shift(kind, "won") for kind in new.kinds if kind not in old.kinds)
    yield from (Shift(kind, "lost") for kind in old.kinds if kind not in new.kinds)
    yield from (Shift(kind, "excluded") for kind in sorted(new.excluded - old.excluded))
    yield from (Shift(kind, "released") for kind in sorted(old.excluded - new.excluded))
    kept = [kind for kind in new.kinds if kind in old.kinds]
    for kind in kept:
        yield from _shifts_of(kind, old.kinds[kind], new.kinds[kind])
    yield from (Shift(kind, "ahead") for kind in kept if _is_ahead(kind, kept, old, new))
    yield from (Shift(text, "advised") for text in sorted(new.advice - old.advice))
    yield from (Shift(text, "unadvised") for text in sorted(old.advice - new.advice))


def _shifts_of(kind: str, old: ShownKind, new: ShownKind) -> Iterator[Shift]:
    for (rise, fall), before, after in zip(_RISING, old.scales, new.scales, strict=True):
        if before != after:
            yield Shift(kind, rise if after < before else fall)
    if old.best.people != new.best.people:
        yield Shift(kind, "people")
    if old.best.scope != new.best.scope:
        yield Shift(kind, "sharing")
    if old.partners != new.partners:
        yield Shift(kind, "partner")


def _is_ahead(kind: str, kept: list[str], old: Sight, new: Sight) -> bool:
    """Tell whether a kind now comes before one of its class that came before it."""
    before, after = list(old.kinds), list(new.kinds)
    return any(
        before.index(other) < before.index(kind) and after.index(kind) < after.index(other)
        for other in kept
        if all(side.kinds[kind].scales == side.kinds[other].scales for side in (old, new))
    )
