"""Whether one situation keeps the guarantees; sampling now, the judge of proofs later."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import pairwise

from iscg_rules.engine import Engine
from iscg_rules.errors import IscgError
from iscg_rules.guarantees import Guarantee, Then
from iscg_rules.recommendation import Recommendation
from iscg_rules.rules import URGENCIES
from iscg_rules.situations import Answer, Situation

__all__ = ["broken_promises"]


def broken_promises(
    engine: Engine, guarantee: Guarantee, situation: Situation, *, at: datetime | None
) -> list[str]:
    """Name what a guarantee promises and this situation does not get; empty when all is kept.

    Args:
        situation: complete or partial; a promise binds when its `when` is certainly true.
        at: the moment; None when unknown.
    """
    if guarantee.raising is not None:
        return _compare(
            engine, guarantee, situation, at, guarantee.raising.attribute, guarantee.raising.along
        )
    if guarantee.changing is not None:
        attribute = engine.rule_set.vocabulary.attributes[guarantee.changing.attribute]
        steps = guarantee.changing.between or tuple(attribute.choices)
        return _compare(engine, guarantee, situation, at, attribute.id, steps)
    if not _is_bound(engine, guarantee, situation.values):
        return []
    return list(_broken(guarantee.then, engine.recommend(situation, at=at)))


def _is_bound(engine: Engine, guarantee: Guarantee, values: Mapping[str, Answer]) -> bool:
    condition = guarantee.condition
    if condition is None:
        return True
    return condition.truth(values, engine.rule_set.truths(values)) is True


def _broken(then: Then, recommendation: Recommendation) -> Iterator[str]:
    urgencies = {o.kind: URGENCIES.index(o.urgency) for o in recommendation.orientations}
    kinds = list(urgencies)
    if then.first and not (kinds and kinds[0] in then.first):
        yield "first"
    if then.within and not set(kinds[: then.within.top]) & set(then.within.any_of):
        yield "within"
    if then.includes_any and not set(kinds) & set(then.includes_any):
        yield "includes_any"
    if set(kinds) & set(then.never):
        yield "never"
    latest = {kind: URGENCIES.index(urgency) for kind, urgency in then.urgency_at_most.items()}
    if any(urgencies.get(kind, len(URGENCIES)) > last for kind, last in latest.items()):
        yield "urgency_at_most"


def _compare(
    engine: Engine,
    guarantee: Guarantee,
    situation: Situation,
    at: datetime | None,
    attribute: str,
    steps: tuple[str, ...],
) -> list[str]:
    found: list[str] = []
    for before, after in pairwise(steps):
        pair = [Situation({**situation.values, attribute: step}) for step in (before, after)]
        if not all(_is_bound(engine, guarantee, one.values) for one in pair):
            continue
        try:
            first, second = (engine.recommend(one, at=at) for one in pair)
        except IscgError:
            continue  # one of the two cannot be: nothing is promised about it
        found += _broken_steps(guarantee.then, first, second)
    return found


def _broken_steps(then: Then, first: Recommendation, second: Recommendation) -> Iterator[str]:
    before = {o.kind: URGENCIES.index(o.urgency) for o in first.orientations}
    after = {o.kind: URGENCIES.index(o.urgency) for o in second.orientations}
    if then.urgency is not None:
        about = set(then.urgency.never_later) or set(before)
        if any(after[kind] > before[kind] for kind in about & set(before) & set(after)):
            yield "never_later"
    if then.orientations is not None:
        about = set(then.orientations.never_lost) or set(before)
        if about & set(before) - set(after):
            yield "never_lost"
    if then.nothing_but is not None and list(before.items()) != list(after.items()):
        yield "nothing_but"
