"""How a guarantee can be broken, as gates: one goal for each promise and each step of a change."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from iscg_rules.language.situations import AnswerValue
from iscg_rules.model.guarantees import Guarantee, Then, kinds_of
from iscg_rules.model.scales import Urgency
from iscg_rules.proof.kept_promises import steps_of
from iscg_rules.proof.solver.gates import TRUE
from iscg_rules.proof.solver.outcome_differences import differences
from iscg_rules.proof.solver.proven_outcome import ProvenOutcome
from iscg_rules.proof.solver.proven_world import Period, World
from iscg_rules.proof.solver.situation_gates import Encoding

__all__ = ["Breach", "binding", "breaches"]


@dataclass(frozen=True, slots=True)
class Breach:
    """What would break one promise: a goal that must be impossible.

    `settled`: no exclusion of what is promised is open, which makes a plainer example; `pair`: the
    variable that changes, and its answers before and after.
    """

    promise: str
    goal: tuple[int, ...]
    settled: int
    pair: tuple[str, AnswerValue, AnswerValue] | None = None


def breaches(
    world: World, encoding: Encoding, period: Period, guarantee: Guarantee
) -> Iterator[Breach]:
    """Yield every way in which a guarantee could be broken in a period."""
    if guarantee.raising is None and guarantee.changing is None:
        outcome = world.outcome(encoding, period)
        bound = _bound(outcome, guarantee)
        settled = outcome.settled(kinds_of(guarantee.then))
        for promise, broken in _broken(outcome, guarantee.then):
            yield Breach(promise, (*bound, broken), settled)
        return
    variable, steps = steps_of(world.space, guarantee)
    class_of = world.space.domains[variable].class_of
    for before, after in pairwise(steps):
        first, second = (
            world.outcome(encoding, period, {variable: class_of(step)}) for step in (before, after)
        )
        bound = (*_bound(first, guarantee), *_bound(second, guarantee))
        for promise, broken in _broken_step(first, second, guarantee.then):
            yield Breach(promise, (*bound, broken), TRUE, (variable, before, after))


def binding(world: World, encoding: Encoding, period: Period, guarantee: Guarantee) -> list[int]:
    """Return what holds in every situation that a guarantee without a change is about."""
    return list(_bound(world.outcome(encoding, period), guarantee))


def _bound(outcome: ProvenOutcome, guarantee: Guarantee) -> tuple[int, ...]:
    condition = guarantee.condition
    if condition is None:
        return (outcome.possible,)
    return (outcome.possible, outcome.condition(condition).must)


def _broken(outcome: ProvenOutcome, then: Then) -> Iterator[tuple[str, int]]:
    if then.first:
        yield "first", -outcome.is_first(then.first)
    if then.within:
        yield "within", -outcome.is_within(then.within.top, then.within.any_of)
    if then.includes_any:
        yield "includes_any", -outcome.is_any(then.includes_any)
    if then.never:
        yield "never", outcome.is_any(then.never)
    if then.urgency_at_most:
        kept = (
            literal
            for kind, latest in then.urgency_at_most.items()
            for literal in (outcome.certain(kind), outcome.urgent(kind, latest))
        )
        yield "urgency_at_most", -outcome.encoding.circuit.all_of(kept)


def _broken_step(
    first: ProvenOutcome, second: ProvenOutcome, then: Then
) -> Iterator[tuple[str, int]]:
    circuit = first.encoding.circuit
    if then.urgency is not None:
        kinds = then.urgency.never_later or tuple(first.orienting)
        yield "never_later", circuit.any_of(_is_later(first, second, kind) for kind in kinds)
    if then.orientations is not None:
        kinds = then.orientations.never_lost or tuple(first.orienting)
        lost = ([first.certain(kind), -second.certain(kind)] for kind in kinds)
        yield "never_lost", circuit.any_of(circuit.all_of(step) for step in lost)
    if then.nothing_but is not None:
        yield "nothing_but", circuit.any_of(differences(first, second, then.nothing_but))


def _is_later(first: ProvenOutcome, second: ProvenOutcome, kind: str) -> int:
    circuit = first.encoding.circuit
    both = [first.certain(kind), second.certain(kind)]
    return circuit.any_of(
        circuit.all_of([*both, first.urgent(kind, latest), -second.urgent(kind, latest)])
        for latest in Urgency
    )
