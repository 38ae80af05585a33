"""Situations without an orientation; orientations always excluded; exclusions without effect."""

from collections.abc import Iterator, Sequence
from itertools import product

from iscg_rules.authoring.sketches import condition_of, rule_sketch
from iscg_rules.errors import Problem
from iscg_rules.language.conditions import Values
from iscg_rules.language.situations import Situation
from iscg_rules.proof.findings.asker import Asker, is_possible
from iscg_rules.proof.findings.finding import NBSP, Finding
from iscg_rules.proof.solver.proven_outcome import ProvenOutcome
from iscg_rules.recommend import reference

__all__ = ["find_about_kinds"]

_GROUPS = 6


def find_about_kinds(asker: Asker, report_by: Sequence[str]) -> Iterator[Finding]:
    """Give F001, F005 and F006, by code and then by id.

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
    if not asker.can_be(complete, *nothing):
        return
    known = asker.rule_set.vocabulary.attributes
    grouping = [name for name in report_by if known[name].type in ("one_of", "yes_no")]
    groups = [
        answers
        for answers in product(*(tuple(known[name].choices) for name in grouping))
        if asker.can_be(complete, *nothing, *_given(asker, grouping, answers))
    ]
    for number, (shared, others) in enumerate(_merged(groups)):
        if number == _GROUPS:
            text = "d'autres situations encore n'ont aucune orientation"
            aid = f"{len(_merged(groups)) - _GROUPS} autres groupes : corriger d'abord ceux-ci"
            yield Finding(Problem("F001", text, None, aid))
            return
        yield _group(asker, grouping, shared, others)


def _given(asker: Asker, names: Sequence[str], answers: Sequence[str]) -> list[int]:
    encoding = asker.world.complete
    return [encoding.is_answer(name, answer) for name, answer in zip(names, answers, strict=True)]


_AnswerGroup = tuple[str, ...]


def _merged(groups: Sequence[_AnswerGroup]) -> list[tuple[_AnswerGroup, _AnswerGroup]]:
    """Put together the groups that differ in their last answer only."""
    found: dict[_AnswerGroup, list[str]] = {}
    for answers in groups:
        found.setdefault(answers[:-1], []).extend(answers[-1:])
    return [(shared, tuple(last)) for shared, last in found.items()]


def _group(asker: Asker, names: Sequence[str], shared: _AnswerGroup, last: _AnswerGroup) -> Finding:
    def goal(partial: ProvenOutcome) -> list[int]:
        encoding = partial.encoding
        given = [encoding.is_answer(n, a) for n, a in zip(names, shared, strict=False)]
        if last:
            one_of_them = (encoding.is_answer(names[-1], answer) for answer in last)
            given.append(encoding.circuit.any_of(one_of_them))
        return [*given, *(-partial.reachable(kind) for kind in partial.orienting)]

    def is_so(values: Values) -> bool:
        evaluation = reference.evaluate(asker.rule_set, Situation(values), asker.period.day)
        certain = reference.certain_kinds(asker.rule_set, evaluation)
        return not certain | reference.possible_kinds(asker.rule_set, evaluation)

    def sketch(values: Values) -> str:
        vocabulary = asker.rule_set.vocabulary
        kind = next(iter(vocabulary.kinds))
        return rule_sketch("une-regle", condition_of(vocabulary, values), kind)

    text = f"des situations n'ont aucune orientation{_said(asker, names, shared, last)}"
    aid = "écrire une règle pour elles, ou dire dans `impossible` qu'elles ne peuvent pas être"
    return asker.finding(("F001", text, None, aid), goal, is_so, sketch)


def _said(asker: Asker, names: Sequence[str], shared: _AnswerGroup, last: _AnswerGroup) -> str:
    known = asker.rule_set.vocabulary.attributes
    columns = [*((answer,) for answer in shared), *([last] if last else [])]
    words = []
    for name, answers in zip(names, columns, strict=True):
        is_every = len(answers) == len(known[name].choices)
        listed = ", ".join(known[name].choices[one].fr for one in answers)
        words.append(f"{known[name].label.fr} = {'tout' if is_every else listed}")
    return f"{NBSP}: {' ; '.join(words)}" if words else ""
