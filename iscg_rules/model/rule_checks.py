"""What a rule must keep beyond its shape: known kinds, an effect, a legal basis, dates in order."""

import re

from iscg_rules.errors import Place, Problem
from iscg_rules.language.vocabulary import Vocabulary
from iscg_rules.model.rules import Orient, Rule
from iscg_rules.reading.documents import note_unknown, place_of
from iscg_rules.reading.yaml_nodes import Node

__all__ = ["check_rule"]

# Penal code art. 226-14, 3°: for health professionals only, never for a social worker.
_HEALTH_ONLY = re.compile(r"226-14\D{0,20}3\s*°|3\s*°\D{0,20}226-14")


def check_rule(rule: Rule, node: Node, vocabulary: Vocabulary, problems: list[Problem]) -> None:
    """Note everything in a well-shaped rule that cannot be."""
    if not (rule.orient or rule.exclude or rule.advise):
        aid = "ajoutez `orient`, `exclude` ou `advise`"
        text = f"la règle `{rule.id}` ne fait rien"
        problems.append(Problem("R002", text, place_of(node, "id"), aid))
    for place, orient in enumerate(rule.orient):
        path = ("orient", place)
        note_unknown("V004", orient.to, vocabulary.kinds, place_of(node, *path, "to"), problems)
        _check_basis(orient, node, problems, *path)
    for place, exclude in enumerate(rule.exclude):
        where = place_of(node, "exclude", place, "to")
        if not note_unknown("V004", exclude.to, vocabulary.kinds, where, problems):
            _check_exclusion(exclude.to, rule, vocabulary, where, problems)
    starts, ends = rule.valid.from_, rule.valid.until
    if starts and ends and starts > ends:
        aid = "la règle n'existerait jamais"
        where = place_of(node, "valid", "from")
        problems.append(Problem("R006", "`from` vient après `until`", where, aid))


def _check_basis(orient: Orient, node: Node, problems: list[Problem], *path: str | int) -> None:
    basis = orient.legal_basis or ""
    if orient.sharing != "none" and not basis.strip():
        text = f"`sharing: {orient.sharing}` demande un fondement légal"
        problems.append(Problem("R005", text, place_of(node, *path), "ajoutez `legal_basis`"))
    if _HEALTH_ONLY.search(basis):
        text = "l'article 226-14 3° est réservé aux soignants"
        aid = "un travailleur social ne peut pas s'y appuyer ; voir docs/errors.md"
        problems.append(Problem("R008", text, place_of(node, *path, "legal_basis"), aid))


def _check_exclusion(
    kind: str, rule: Rule, vocabulary: Vocabulary, place: Place, problems: list[Problem]
) -> None:
    if vocabulary.kinds[kind].nature == "rescue":
        text, aid = f"`{kind}` est un secours", "un secours ne s'exclut jamais"
        problems.append(Problem("R003", text, place, aid))
    if kind in {orient.to for orient in rule.orient}:
        text = f"la règle oriente vers `{kind}` et l'exclut"
        aid = "faites deux règles, ou gardez une seule des deux"
        problems.append(Problem("R007", text, place, aid))
