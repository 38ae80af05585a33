"""In what two outcomes can differ: of one rule set after another answer, or of two rule sets."""

from collections.abc import Collection, Iterator, Mapping
from typing import NamedTuple

from iscg_rules.partners import Partner
from iscg_rules.proof.circuit import FALSE
from iscg_rules.proof.outcome import Outcome, distinctions

__all__ = ["Touched", "differences", "kind_differences", "partner_differences"]


class Touched(NamedTuple):
    """What a change can reach: rules by id, and the kinds that they or partners are about."""

    rules: tuple[str, ...]
    kinds: frozenset[str]


def differences(
    first: Outcome,
    second: Outcome,
    allowed: Collection[str] = (),
    *,
    touched: Touched | None = None,
) -> Iterator[int]:
    """Give all in which two outcomes can differ, but for what is allowed to.

    Args:
        first: one outcome.
        second: another of the same encoding.
        allowed: `"partner"`, `"advice"` and `"reasons"` may differ.
        touched: the rules and kinds that can differ, where they are known; the rest is not looked
            at.
    """
    differ = first.encoding.circuit.differ
    for kind in dict.fromkeys((*first.orienting, *second.orienting)):
        if touched and kind not in touched.kinds:
            continue
        yield from kind_differences(first, second, kind)
        if "partner" not in allowed:
            yield from partner_differences(first, second, kind)
    for kind in dict.fromkeys((*first.excluding, *second.excluding)):
        if touched and kind not in touched.kinds:
            continue
        yield differ(first.excluded(kind).must, second.excluded(kind).must)
    rules = {**first.rule_set.rules, **second.rule_set.rules}
    for name in touched.rules if touched else rules:
        rule = rules[name]
        is_said = ("advice" not in allowed and rule.advise) or (
            "reasons" not in allowed and (rule.orient or rule.exclude)
        )
        if is_said:
            yield differ(first.rule(name).must, second.rule(name).must)


def kind_differences(first: Outcome, second: Outcome, kind: str) -> Iterator[int]:
    """Give the ways in which one kind can be shown differently, partners and reasons left aside."""
    orients = (o for one in (first, second) for _, o in one.orienting.get(kind, ()))
    says = tuple(distinctions(orients))
    for one, other in zip(first.parts(kind, says), second.parts(kind, says), strict=True):
        yield first.encoding.circuit.differ(one, other)


def partner_differences(first: Outcome, second: Outcome, kind: str) -> Iterator[int]:
    """Give the ways in which those who may serve a kind that both show can differ."""
    circuit = first.encoding.circuit
    both = [first.shown(kind), second.shown(kind)]
    for one, other in zip(*_paired(first, second, kind), strict=True):
        yield circuit.all_of([*both, circuit.differ(one, other)])


def _paired(first: Outcome, second: Outcome, kind: str) -> tuple[list[int], list[int]]:
    """Give what each partner of either may serve, side by side; who is not there never serves."""
    sides = [{p.id: p for p in one.directory.by_kind.get(kind, ())} for one in (first, second)]
    found: tuple[list[int], list[int]] = ([], [])
    for name in sorted({*sides[0], *sides[1]}):
        served = [
            _serving(one, side, name) for one, side in zip((first, second), sides, strict=True)
        ]
        longest = max(map(len, served))
        for column, literals in zip(found, served, strict=True):
            column.extend(literals + [FALSE] * (longest - len(literals)))
    return found


def _serving(outcome: Outcome, partners: Mapping[str, Partner], name: str) -> list[int]:
    return list(outcome.serving(partners[name])) if name in partners else []
