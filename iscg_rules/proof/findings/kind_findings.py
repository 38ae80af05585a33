"""Situations without an orientation; orientations always excluded; exclusions without effect."""

from collections.abc import Iterator, Sequence
from functools import partial

from iscg_rules.authoring.sketches import condition_of, rule_sketch
from iscg_rules.errors import Problem
from iscg_rules.language.conditions import Values
from iscg_rules.language.situations import Situation
from iscg_rules.proof.findings.answer_groups import AnswerGroup, find_by_group
from iscg_rules.proof.findings.asker import Asker, is_possible
from iscg_rules.proof.findings.finding import Finding
from iscg_rules.proof.solver.proven_outcome import ProvenOutcome
from iscg_rules.recommend import reference

__all__ = ["find_about_kinds"]


def find_about_kinds(asker: Asker, report_by: Sequence[str]) -> Iterator[Finding]:
    """Yield F001, F005 and F006, by code and then by id.

    Args:
        asker: one period.
        report_by: attributes; situations without an orientation are told apart by their answers.
    """
    yield from _without_orientation(asker, report_by)
    rules = [r for r in asker.rule_set.rules.values() if r.id in asker.period.rules]
    for rule in rules:
        place = asker.rule_set.places.get(rule.id)
        for orient in rule.orient:
            outcome = asker.about(orient.to)
            if orient.to in outcome.excluding and _never(
                outcome, rule.id, -outcome.excluded(orient.to).must
            ):
                text = f"l'orientation de `{rule.id}` vers `{orient.to}` est toujours exclue"
                others = ", ".join(other.id for other in outcome.excluding[orient.to])
                yield Finding(Problem("F005", text, place, f"voir {others}"))
    for rule in rules:
        place = asker.rule_set.places.get(rule.id)
        for exclude in rule.exclude:
            outcome = asker.about(exclude.to)
            if _never(outcome, rule.id, outcome.oriented(exclude.to).must):
                text = f"l'exclusion de `{exclude.to}` par `{rule.id}` n'a jamais d'effet"
                aid = "aucune règle n'y oriente alors : la garder comme sécurité, ou la retirer"
                yield Finding(Problem("F006", text, place, aid))


def _never(outcome: ProvenOutcome, rule: str, literal: int) -> bool:
    """Tell whether a rule that holds somewhere never holds together with something."""
    holds = outcome.rule(rule).must
    return not is_possible(outcome, holds, literal) and is_possible(outcome, holds)


def _without_orientation(asker: Asker, report_by: Sequence[str]) -> Iterator[Finding]:
    complete = asker.complete
    nothing = [-complete.certain(kind) for kind in complete.orienting]
    text = "d'autres situations encore n'ont aucune orientation"
    rest = ("F001", text, "corriger d'abord ceux-ci")
    tell = partial(_group, asker)
    yield from find_by_group(asker, complete, nothing, report_by, tell=tell, rest=rest)


def _group(asker: Asker, group: AnswerGroup) -> Finding:
    vocabulary = asker.rule_set.vocabulary

    def goal(partial: ProvenOutcome) -> list[int]:
        given = group.literals(partial.encoding)
        return [*given, *(-partial.reachable(kind) for kind in partial.orienting)]

    def is_so(values: Values) -> bool:
        evaluation = reference.evaluate(asker.rule_set, Situation(values), asker.period.day)
        certain = reference.certain_kinds(asker.rule_set, evaluation)
        return not certain | reference.possible_kinds(asker.rule_set, evaluation)

    def sketch(values: Values) -> str:
        kind = next(iter(vocabulary.kinds))
        return rule_sketch("une-regle", condition_of(vocabulary, values), kind)

    text = f"des situations n'ont aucune orientation{group.said(vocabulary)}"
    aid = "écrire une règle pour elles, ou dire dans `impossible` qu'elles ne peuvent pas être"
    return asker.finding(("F001", text, None, aid), goal, is_so, sketch)
