"""What a rule must keep beyond its shape: known kinds, an effect, a ground, dates in order."""

import re

from iscg_rules.errors import Place, Problem
from iscg_rules.language.vocabulary import Vocabulary
from iscg_rules.model.grounds import Ground
from iscg_rules.model.rules import Orient, Rule
from iscg_rules.reading.documents import note_unknown, place_of
from iscg_rules.reading.yaml_nodes import Node

__all__ = ["check_ground", "check_rule"]

# Penal code art. 226-14, 3°: for health professionals only, never for a social worker. It is
# written 226-14 1° et 3°, 226-14-3, 226-14 alinéa 3, troisième alinéa de l'article 226-14 …
_THIRD = r"(?<![\d-])3\s*(?:[°º]|o\b|e\b|ᵉ|[èe]me\b)"
_HEALTH_ONLY = re.compile(
    rf"""
    226[-‐‑–−.\s]*14 (?: [^;\d]{{0,20}} (?:[12]\s*[°ºo]? [^;\d]{{1,8}}){{0,2}} {_THIRD}
                        | [\s,(-]* (?:al(?:in[ée]a)?\.?|paragraphe|§)? [\s(-]* 3 (?!\s*\w|[°\d])
                        | [^;\d]{{0,20}} troisi[èe]me )
    | (?: {_THIRD} | troisi[èe]me ) [^;\d]{{0,30}} 226[-‐‑–−.\s]*14
    """,
    re.IGNORECASE | re.VERBOSE,
)


def check_rule(rule: Rule, node: Node, vocabulary: Vocabulary, problems: list[Problem]) -> None:
    """Note everything in a well-shaped rule that cannot be."""
    if not (rule.orient or rule.exclude or rule.advise):
        aid = "ajoutez `orient`, `exclude` ou `advise`"
        text = f"la règle `{rule.id}` ne fait rien"
        problems.append(Problem("R002", text, place_of(node, "id"), aid))
    for place, orient in enumerate(rule.orient):
        path = ("orient", place)
        where = place_of(node, *path, "to")
        if not note_unknown("V004", orient.to, vocabulary.kinds, where, problems):
            _check_reach(orient, vocabulary, place_of(node, *path, "sharing"), problems)
    for place, exclude in enumerate(rule.exclude):
        where = place_of(node, "exclude", place, "to")
        if not note_unknown("V004", exclude.to, vocabulary.kinds, where, problems):
            _check_exclusion(exclude.to, rule, vocabulary, where, problems)
    starts, ends = rule.valid.from_, rule.valid.until
    if starts and ends and starts > ends:
        aid = "la règle n'existerait jamais"
        where = place_of(node, "valid", "from")
        problems.append(Problem("R006", "`from` vient après `until`", where, aid))


def _check_reach(
    orient: Orient, vocabulary: Vocabulary, place: Place, problems: list[Problem]
) -> None:
    """Note a ground that says nothing of telling such a kind."""
    ground, kind = orient.ground, vocabulary.kinds[orient.to]
    if not ground.covers(kind):
        text = f"`{ground.id}` ne permet rien envers `{kind.id}`, de nature `{kind.nature}`"
        aid = f"ce fondement vaut pour : {', '.join(ground.kinds or ground.natures)}"
        problems.append(Problem("R009", text, place, aid))


def check_ground(
    ground: Ground, node: Node, vocabulary: Vocabulary, problems: list[Problem]
) -> None:
    """Note everything in a well-shaped ground that cannot be."""
    if not ground.legal_basis.strip():
        text = f"le fondement `{ground.id}` ne dit pas sur quel texte il repose"
        where = place_of(node, "legal_basis")
        problems.append(Problem("R005", text, where, "écrivez le code et l'article"))
    if _HEALTH_ONLY.search(ground.legal_basis):
        text = "l'article 226-14 3° est réservé aux soignants"
        aid = "un travailleur social ne peut pas s'y appuyer ; voir docs/errors.md"
        problems.append(Problem("R008", text, place_of(node, "legal_basis"), aid))
    for number, kind in enumerate(ground.kinds):
        where = place_of(node, "kinds", number)
        note_unknown("V004", kind, vocabulary.kinds, where, problems)


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
