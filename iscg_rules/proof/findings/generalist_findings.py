"""Situations in which only the services that receive everybody come out: a rule may be missing."""

from collections.abc import Iterator, Sequence
from functools import partial

from iscg_rules.authoring.sketches import condition_of, rule_sketch
from iscg_rules.language.conditions import Values
from iscg_rules.language.situations import Situation
from iscg_rules.model.scales import Strength
from iscg_rules.proof.findings.answer_groups import AnswerGroup, find_by_group
from iscg_rules.proof.findings.asker import Asker
from iscg_rules.proof.findings.finding import Finding
from iscg_rules.proof.solver.proven_outcome import ProvenOutcome
from iscg_rules.recommend import reference
from iscg_rules.recommend.outcome import is_strong

__all__ = ["find_generalists_alone"]


def find_generalists_alone(asker: Asker, report_by: Sequence[str]) -> Iterator[Finding]:
    """Yield F014: what is said leads to generalists only, one of them more than by choice.

    Other answers may be unknown: this is about what comes out in the first minutes. Those to
    `report_by` are given.
    """
    outcome = asker.partial
    kinds = asker.rule_set.vocabulary.kinds
    if not any(kinds[kind].generalist for kind in outcome.orienting):
        return
    text = "d'autres situations encore ne mènent qu'à des services généralistes"
    rest = ("F014", text, "regarder d'abord ceux-ci")
    tell, alone = partial(_group, asker), _alone(outcome)
    yield from find_by_group(asker, outcome, alone, report_by, tell=tell, rest=rest)


def _alone(outcome: ProvenOutcome) -> list[int]:
    """Return literals: a generalist comes out, more than by choice, and only generalists do."""
    kinds, circuit = outcome.rule_set.vocabulary.kinds, outcome.encoding.circuit
    advised = [
        circuit.all_of([outcome.certain(kind), outcome.strong(kind, Strength.SHOULD)])
        for kind in outcome.orienting
        if kinds[kind].generalist
    ]
    others = (kind for kind in outcome.orienting if not kinds[kind].generalist)
    return [circuit.any_of(advised), *(-outcome.certain(kind) for kind in others)]


def _group(asker: Asker, group: AnswerGroup) -> Finding:
    rule_set = asker.rule_set

    def goal(partial: ProvenOutcome) -> list[int]:
        return [*group.literals(partial.encoding), *_alone(partial)]

    def is_so(values: Values) -> bool:
        evaluation = reference.evaluate(rule_set, Situation(values), asker.period.day)
        certain = reference.certain_kinds(rule_set, evaluation)
        oriented = (orient for name in evaluation.fired for orient in rule_set.rules[name].orient)
        advised = {orient.to for orient in oriented if is_strong(Strength.SHOULD, orient)}
        alone = all(rule_set.vocabulary.kinds[kind].generalist for kind in certain)
        return alone and not certain.isdisjoint(advised)

    def sketch(values: Values) -> str:
        kinds = rule_set.vocabulary.kinds
        kind = next((name for name in kinds if not kinds[name].generalist), next(iter(kinds)))
        return rule_sketch("une-regle", condition_of(rule_set.vocabulary, values), kind)

    text = f"seuls des services généralistes sont conseillés{group.said(rule_set.vocabulary)}"
    aid = (
        "chercher qui connaît ce sujet et écrire une règle ; ou laisser, si personne ne fait mieux"
    )
    return asker.finding(("F014", text, None, aid), goal, is_so, sketch)
