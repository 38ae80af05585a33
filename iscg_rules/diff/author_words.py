"""What authors wrote and changed, in French: rules, facts, words, partners."""

from collections.abc import Callable, Iterable, Iterator
from itertools import groupby

from iscg_rules.diff.results import RuleShift, WordShift

__all__ = ["reworded", "written"]

_NBSP = "\u00a0"
_COLON = f"{_NBSP}: "

# One, several, and what agrees with them.
_THINGS = {
    "rule": ("règle", "règles", "e"),
    "fact": ("fait", "faits", ""),
    "ground": ("fondement", "fondements", ""),
    "impossible": ("impossibilité", "impossibilités", "e"),
    "attribute": ("question", "questions", "e"),
    "value": ("réponse", "réponses", "e"),
    "kind": ("type d’aide", "types d’aide", ""),
    "area": ("territoire", "territoires", ""),
    "partner": ("partenaire", "partenaires", ""),
}
_DONE = {"added": "ajouté{}", "removed": "retiré{}", "renamed": "renommé{}", "changed": "changé{}"}
_PARTS = {
    "when": "condition",
    "orient": "orientations",
    "exclude": "exclusions",
    "advise": "conseils",
    "valid": "dates",
    "type": "type",
    "min": "minimum",
    "max": "maximum",
    "derived": "calcul",
    "nature": "nature",
    "offers": "ce qu’il propose",
    "area": "où",
    "accepts": "pour qui",
    "hours": "horaires, non comparés",
    "closed": "fermetures, non comparées",
    "communes": "communes",
    "order": "ordre de tous",
    "because": "raison",
    "source": "source",
    "label": "nom",
    "ask": "question posée",
    "unit": "unité",
    "fixed": "ce qui ne peut pas changer",
    "description": "description",
    "category": "catégorie",
    "name": "nom",
    "access": "accès",
    "contact": "contact",
    "confidential": "ce qui reste caché",
    "withheld": "pourquoi l’adresse manque",
    "ground": "fondement du partage",
    "sharing": "partage",
    "legal_basis": "fondement légal",
    "natures": "à quelles aides",
    "kinds": "à quelles aides",
    "requires": "ce que le texte demande",
}


def written(shifts: Iterable[RuleShift]) -> Iterator[str]:
    """Say what changed, things that the same happened to together."""
    key: Callable[[RuleShift], tuple[str, ...]] = lambda o: (o.what, o.change, *o.parts)  # noqa: E731
    for (what, change, *parts), group in groupby(sorted(shifts, key=key), key=key):
        names = [f"`{thing.id}`" for thing in group if thing.id != "*"]
        one, several, ending = _THINGS[what]
        is_one = len(names) == 1
        done = _DONE[change].format(ending if is_one else f"{ending}s")
        if change == "renamed":
            done += f" (avant{_COLON}`{parts[0]}`)"
        elif parts:
            done += f" ({', '.join(_PARTS[part] for part in parts)})"
        subject = f"{one if is_one else several} {', '.join(names)}".strip()
        yield f"{subject}{_COLON}{done}"


def reworded(shift: WordShift) -> str:
    """Say what of a thing is said otherwise, with the words where they can be shown."""
    noun = _THINGS[shift.what][0]
    text = f"{noun} `{shift.id}`, {_PARTS[shift.part]}"
    if shift.before is None or shift.after is None:
        return text
    quoted = (f"«{_NBSP}{text}{_NBSP}»" for text in (shift.before, shift.after))
    return f"{text}{_COLON}{' → '.join(quoted)}"
