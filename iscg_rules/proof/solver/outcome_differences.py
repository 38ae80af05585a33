"""In what two outcomes can differ: of one rule set after another answer, or of two rule sets."""

from collections.abc import Collection, Iterator, Mapping
from typing import NamedTuple

from iscg_rules.model.partners import Partner
from iscg_rules.model.rules import Rule
from iscg_rules.proof.solver.gates import FALSE
from iscg_rules.proof.solver.proven_outcome import ProvenOutcome
from iscg_rules.recommend.outcome import distinctions

__all__ = ["Touched", "differences", "kind_differences", "partner_differences"]


class Touched(NamedTuple):
    """What a change can reach: rules by id, and the kinds that they or partners are about."""

    rules: tuple[str, ...]
    kinds: frozenset[str]


def differences(
    first: ProvenOutcome,
    second: ProvenOutcome,
    allowed: Collection[str],
    *,
    touched: Touched | None = None,
) -> Iterator[int]:
    """Yield all in which two outcomes can differ, but for what is allowed to.

    Args:
        first: one outcome.
        second: another of the same encoding.
        allowed: `"partner"`, `"advice"` and `"reasons"` may differ.
        touched: the rules and kinds that can differ, where they are known; the rest is not looked
            at.
    """
    differ = first.encoding.circuit.differ
    changed = list(_changed(first, second, touched))
    for kind in dict.fromkeys(kind for rule in changed for kind in rule.kinds):
        yield from kind_differences(first, second, kind)
        yield differ(first.excluded(kind).must, second.excluded(kind).must)
    if "partner" not in allowed:
        shown = dict.fromkeys((*first.orienting, *second.orienting))
        for kind in shown:
            if touched is None or kind in touched.kinds:
                yield from partner_differences(first, second, kind)
    for rule in changed:
        is_said = ("advice" not in allowed and rule.advise) or (
            "reasons" not in allowed and (rule.orient or rule.exclude)
        )
        if is_said:
            yield differ(first.rule(rule.id).must, second.rule(rule.id).must)


def _changed(
    first: ProvenOutcome, second: ProvenOutcome, touched: Touched | None
) -> Iterator[Rule]:
    """Yield the rules that may hold in one only, or that say something else there."""
    sides = (first.rule_set.rules, second.rule_set.rules)
    for name in touched.rules if touched else sorted({*sides[0], *sides[1]}):
        before, after = (side.get(name) for side in sides)
        if first.rule(name) != second.rule(name) or (before is not after and before != after):
            yield from (rule for rule in (before, after) if rule is not None)


def kind_differences(first: ProvenOutcome, second: ProvenOutcome, kind: str) -> Iterator[int]:
    """Yield the ways in which a kind can be shown differently, partners and reasons aside."""
    orients = (o for outcome in (first, second) for _, o in outcome.orienting.get(kind, ()))
    says = tuple(distinctions(orients))
    for before, after in zip(first.parts(kind, says), second.parts(kind, says), strict=True):
        yield first.encoding.circuit.differ(before, after)


def partner_differences(first: ProvenOutcome, second: ProvenOutcome, kind: str) -> Iterator[int]:
    """Yield the ways in which those who may serve a kind that both show can differ."""
    circuit = first.encoding.circuit
    for before, after in zip(*_paired(first, second, kind), strict=True):
        if before == after:
            continue
        yield circuit.all_of(
            [first.certain(kind), second.certain(kind), circuit.differ(before, after)]
        )


def _paired(first: ProvenOutcome, second: ProvenOutcome, kind: str) -> tuple[list[int], list[int]]:
    """Return what each partner of either may serve, side by side; who is not there never serves."""
    sides = [
        {p.id: p for p in outcome.directory.by_kind.get(kind, ())} for outcome in (first, second)
    ]
    pairs: tuple[list[int], list[int]] = ([], [])
    for name in sorted({*sides[0], *sides[1]}):
        served = [
            _serving(outcome, side, name, kind)
            for outcome, side in zip((first, second), sides, strict=True)
        ]
        longest = max(map(len, served))
        for column, literals in zip(pairs, served, strict=True):
            column.extend(literals + [FALSE] * (longest - len(literals)))
    return pairs


def _serving(
    outcome: ProvenOutcome, partners: Mapping[str, Partner], name: str, kind: str
) -> list[int]:
    return list(outcome.serving(partners[name], kind)) if name in partners else []
