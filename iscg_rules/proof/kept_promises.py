"""Whether one situation keeps the guarantees, by the reference: the judge of proofs."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from iscg_rules.language.closing import NothingLeftError
from iscg_rules.language.conditions import Values, ValuesLeft
from iscg_rules.language.situations import AnswerValue, Situation
from iscg_rules.model.answer_space import Space
from iscg_rules.model.guarantees import Guarantee, Then
from iscg_rules.model.partners import Directory
from iscg_rules.model.rules import RuleSet
from iscg_rules.model.scales import Urgency
from iscg_rules.recommend import reference
from iscg_rules.recommend.kind_class import KindClass, best_class
from iscg_rules.recommend.reference import Evaluation

__all__ = ["SeenOutcome", "broken_promises", "see", "shown_of", "steps_of"]


@dataclass(frozen=True, slots=True, repr=False)
class SeenOutcome:
    """What a worker sees of one situation, each part of it comparable with another's.

    `classes`: each kind with its class, best first.
    """

    classes: tuple[tuple[str, KindClass], ...]
    excluded: frozenset[str]
    partners: tuple[tuple[str, tuple[tuple[str, bool, int], ...]], ...]
    advice: frozenset[str]
    reasons: frozenset[str]

    @property
    def urgencies(self) -> dict[str, Urgency]:
        """The urgency of each kind, best first."""
        return {kind: best.urgency for kind, best in self.classes}


def see(rule_set: RuleSet, directory: Directory, values: Values, day: date | None) -> SeenOutcome:
    """Return what a worker sees of one situation, by the reference alone."""
    situation = rule_set.closing.closed(Situation(values))
    evaluation = reference.evaluate(rule_set, situation, day)
    classes, excluded, advice = shown_of(rule_set, evaluation)
    fired = [rule_set.rules[rule] for rule in evaluation.fired]
    return SeenOutcome(
        classes=classes,
        excluded=excluded,
        partners=tuple(
            (k, tuple(_serving(rule_set, directory, k, situation.view))) for k, _ in classes
        ),
        advice=advice,
        reasons=frozenset(rule.id for rule in fired if rule.orient or rule.exclude),
    )


def shown_of(
    rule_set: RuleSet, evaluation: Evaluation
) -> tuple[tuple[tuple[str, KindClass], ...], frozenset[str], frozenset[str]]:
    """Return the classes, the excluded kinds and the advice of an evaluation, as in `Seen`."""
    oriented = reference.oriented(rule_set, evaluation.fired)
    return (
        tuple(
            (kind, best_class(oriented[kind]))
            for kind in reference.ranked_kinds(rule_set, evaluation)
        ),
        frozenset(reference.excluded_kinds(rule_set, evaluation)),
        frozenset(rule for rule in evaluation.fired if rule_set.rules[rule].advise),
    )


def _serving(
    rule_set: RuleSet, directory: Directory, kind: str, values: ValuesLeft
) -> Iterator[tuple[str, bool, int]]:
    """Yield who may serve a kind: whether surely, and the size of the area that covers."""
    facts = rule_set.truths(values)
    words = rule_set.vocabulary
    # As in proofs, the post is in the territory's own place.
    commune, _ = words.where(kind, {words.commune: values.get(words.commune)})
    for partner in directory.by_kind.get(kind, ()):
        accepts = partner.condition.truth(values, facts) if partner.condition else True
        areas = directory.places[partner.id]
        sizes = [a.size for a in areas if commune is None or a.covers(commune)]
        if accepts is not False and sizes:
            yield partner.id, accepts is True, min(sizes)


def broken_promises(
    space: Space, directory: Directory, guarantee: Guarantee, values: Values, day: date | None
) -> list[str]:
    """Name what a guarantee promises and this situation does not get; empty when all is kept.

    Args:
        space: the rules, with the communes that they tell apart.
        directory: the partners.
        guarantee: the promise.
        values: the known variables, complete or partial; a promise binds when its `when` is
            certainly true.
        day: on which rules are in force.
    """
    rule_set = space.rule_set
    if guarantee.raising is None and guarantee.changing is None:
        if not _is_bound(rule_set, guarantee, values):
            return []
        return list(_broken(guarantee.then, see(rule_set, directory, values, day)))
    variable, steps = steps_of(space, guarantee)
    broken: list[str] = []
    for before, after in pairwise(steps):
        pair = [{**values, variable: step} for step in (before, after)]
        if all(_is_bound(rule_set, guarantee, answers) for answers in pair):
            first, second = (see(rule_set, directory, answers, day) for answers in pair)
            broken += _broken_steps(guarantee.then, first, second)
    return broken


def steps_of(space: Space, guarantee: Guarantee) -> tuple[str, tuple[AnswerValue, ...]]:
    """Return the variable that a guarantee changes, and the answers that it goes through.

    An area stands for every commune in it, one of each that the rules and partners tell apart.
    """
    if guarantee.raising is not None:
        return guarantee.raising.attribute, guarantee.raising.along
    assert guarantee.changing is not None
    vocabulary = space.rule_set.vocabulary
    attribute = vocabulary.attributes[guarantee.changing.attribute]
    between = guarantee.changing.between
    if attribute.type != "commune":
        return attribute.id, between or tuple(attribute.choices)
    areas = [vocabulary.areas[name] for name in between or ()]
    examples = space.domains[attribute.id].examples
    return attribute.id, tuple(e for area in areas for e in examples if area.covers(str(e)))


def _is_bound(rule_set: RuleSet, guarantee: Guarantee, values: Mapping[str, AnswerValue]) -> bool:
    """Tell whether a promise is about a situation: one that can be, and for which it is made."""
    try:
        view = rule_set.closing.close(Situation(values)).view
    except NothingLeftError:
        return False
    condition = guarantee.condition
    return condition is None or condition.truth(view, rule_set.truths(view)) is True


def _broken(then: Then, seen: SeenOutcome) -> Iterator[str]:
    urgencies = seen.urgencies
    kinds = list(urgencies)
    if then.first and not (kinds and kinds[0] in then.first):
        yield "first"
    if then.within and not set(kinds[: then.within.top]) & set(then.within.any_of):
        yield "within"
    if then.includes_any and not set(kinds) & set(then.includes_any):
        yield "includes_any"
    if set(kinds) & set(then.never):
        yield "never"
    if any(
        kind not in urgencies or urgencies[kind] > latest
        for kind, latest in then.urgency_at_most.items()
    ):
        yield "urgency_at_most"


def _broken_steps(then: Then, first: SeenOutcome, second: SeenOutcome) -> Iterator[str]:
    before, after = first.urgencies, second.urgencies
    if then.urgency is not None:
        about = set(then.urgency.never_later) or set(before)
        if any(after[kind] > before[kind] for kind in about & set(before) & set(after)):
            yield "never_later"
    if then.orientations is not None:
        about = set(then.orientations.never_lost) or set(before)
        if about & set(before) - set(after):
            yield "never_lost"
    if then.nothing_but is not None and _differ(first, second, then.nothing_but):
        yield "nothing_but"


def _differ(first: SeenOutcome, second: SeenOutcome, allowed: Sequence[str]) -> bool:
    return (
        (first.classes, first.excluded) != (second.classes, second.excluded)
        or ("partner" not in allowed and first.partners != second.partners)
        or ("advice" not in allowed and first.advice != second.advice)
        or ("reasons" not in allowed and first.reasons != second.reasons)
    )
