"""What a case can expect of a rule set: what comes out, how soon, in which order, what is advised.

Twice: read off an evaluation, by the reference; and as gates in which two rule sets differ.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from iscg_rules.model.cases import Expect
from iscg_rules.model.rules import RuleSet
from iscg_rules.model.scales import Urgency
from iscg_rules.proof.solver.gates import FALSE
from iscg_rules.proof.solver.outcome_differences import partner_differences
from iscg_rules.proof.solver.proven_outcome import ProvenOutcome
from iscg_rules.recommend import reference
from iscg_rules.recommend.kind_class import best_class
from iscg_rules.recommend.ranking import Ranking
from iscg_rules.recommend.reference import Evaluation

__all__ = ["Visible", "everything_else", "expected", "in_order", "in_substance", "is_kept"]


@dataclass(frozen=True, slots=True, repr=False)
class Visible:
    """What a case can expect, partners left aside; kinds best first."""

    kinds: tuple[str, ...]
    possible: frozenset[str]
    urgency: Mapping[str, str]
    advising: frozenset[str]

    def __repr__(self) -> str:
        return f"<Visible: {len(self.kinds)} kinds>"

    @classmethod
    def of(cls, rule_set: RuleSet, evaluation: Evaluation) -> "Visible":
        """Read it off an evaluation, as the reference does."""
        fired = [rule_set.rules[rule] for rule in evaluation.fired]
        kinds = tuple(reference.ranked_kinds(rule_set, evaluation))
        oriented = reference.oriented(rule_set, evaluation.fired)
        return cls(
            kinds,
            frozenset(reference.possible_kinds(rule_set, evaluation)),
            {kind: best_class(oriented[kind]).urgency for kind in kinds},
            frozenset(rule.id for rule in fired if rule.advise),
        )


def expected(
    wanted: Visible, other: Visible | None = None
) -> dict[str, list[str] | dict[str, str]]:
    """Return what `expect` says so that it is kept by one outcome and not by another.

    Returns:
        Empty when no case can tell them apart.
    """
    if other is None:
        other = Visible((), frozenset(), {}, frozenset())
    said: dict[str, list[str] | dict[str, str]] = {
        "includes": [kind for kind in wanted.kinds if kind not in other.kinds],
        "excludes": [
            kind
            for kind in (*other.kinds, *sorted(other.possible))
            if kind not in wanted.kinds and kind not in wanted.possible
        ],
        "possible": sorted(wanted.possible - other.possible),
        "urgency": {
            kind: urgency
            for kind, urgency in wanted.urgency.items()
            if other.urgency.get(kind, urgency) != urgency
        },
        "advice": sorted(wanted.advising - other.advising),
    }
    expectation = {key: value for key, value in said.items() if value}
    if not expectation:
        rank = {kind: place for place, kind in enumerate(other.kinds)}
        turned = [[a, b] for a, b in pairwise(wanted.kinds) if rank[a] > rank[b]]
        expectation |= {"order": turned[0]} if turned else {}
    return expectation


def is_kept(expect: Expect, ranking: Ranking, advising: Collection[str]) -> bool:
    """Tell whether a ranking is what a case expects; `verdicts.judge` says the same in words."""
    certain = {reached.kind: reached for reached in ranking.certain}
    kinds = list(certain)
    possible = {reached.kind for reached in ranking.possible}
    gaps = {reached.kind for reached in ranking.certain if reached.is_gap}
    partner = {
        kind: reached.candidates[0].partner.id
        for kind, reached in certain.items()
        if reached.candidates
    }
    return (
        (expect.first is None or kinds[:1] == [expect.first])
        and certain.keys() >= set(expect.includes)
        and not (certain.keys() | possible) & set(expect.excludes)
        and possible >= set(expect.possible)
        and set(advising) >= set(expect.advice)
        and gaps >= set(expect.gaps)
        and [kind for kind in kinds if kind in expect.order] == list(expect.order)
        and all(
            kind in certain and certain[kind].urgency == urgency.place
            for kind, urgency in expect.urgency.items()
        )
        and all(partner.get(kind) == name for kind, name in expect.partner.items())
    )


def in_substance(
    first: ProvenOutcome, second: ProvenOutcome, kinds: Iterable[str], rules: Iterable[str]
) -> Iterator[int]:
    """Yield the ways in which a case can tell two outcomes apart, their order left aside.

    Args:
        first: the one that is wanted.
        second: the one that must be noticed.
        kinds: those that may differ.
        rules: those whose advice may differ.
    """
    circuit = first.encoding.circuit
    for kind in kinds:
        yield circuit.differ(first.certain(kind), second.certain(kind))
        yield circuit.differ(first.reachable(kind), second.reachable(kind))
        both = [first.certain(kind), second.certain(kind)]
        for latest in [*Urgency][:-1]:
            changed = circuit.differ(first.urgent(kind, latest), second.urgent(kind, latest))
            yield circuit.all_of([*both, changed])
    for name in rules:
        # A case can say that something is advised, never that nothing is.
        if first.rule_set.rules[name].advise:
            other = second.rule_set.rules.get(name)
            said = second.rule(name).must if other and other.advise else FALSE
            yield circuit.all_of([first.rule(name).must, -said])


def in_order(first: ProvenOutcome, second: ProvenOutcome, kinds: Iterable[str]) -> Iterator[int]:
    """Yield the ways in which only the order of what comes out can differ."""
    circuit = first.encoding.circuit
    for kind in kinds:
        for other in first.orienting:
            if other != kind:
                all_there = [
                    side.certain(each) for side in (first, second) for each in (kind, other)
                ]
                turned = circuit.differ(first.ahead(other, kind), second.ahead(other, kind))
                yield circuit.all_of([*all_there, turned])


def everything_else(
    first: ProvenOutcome, second: ProvenOutcome, kinds: Iterable[str], rules: Iterable[str]
) -> Iterator[int]:
    """Yield all in which two outcomes can differ though no case can say so."""
    differ = first.encoding.circuit.differ
    for name in rules:
        yield differ(first.rule(name).must, second.rule(name).must)
        yield differ(first.rule(name).may, second.rule(name).may)
        before, after = first.rule_set.rules[name], second.rule_set.rules.get(name)
        if after is None or before.effects != after.effects:
            yield first.rule(name).may
    for kind in kinds:
        yield from partner_differences(first, second, kind)
