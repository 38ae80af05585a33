"""A question or a kind of help to paste into a vocabulary: it loads as it is."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import get_args

from iscg_rules.errors import Problem
from iscg_rules.language.vocabulary import Category, Vocabulary
from iscg_rules.plain_letters import plain_words, slug_of
from iscg_rules.reading.binding import LocalText

__all__ = [
    "ASKED_TYPES",
    "CATEGORIES",
    "NATURES_SAID",
    "AttributeDraft",
    "KindDraft",
    "attribute_sketch",
    "find_wrong_attribute",
    "find_wrong_kind",
    "kind_sketch",
    "named_values",
]

# Nobody writes a second commune.
ASKED_TYPES: Mapping[str, str] = {
    "yes_no": "oui ou non",
    "one_of": "une réponse parmi plusieurs",
    "many_of": "plusieurs réponses à cocher",
    "number": "un nombre",
}
CATEGORIES: tuple[str, ...] = get_args(Category)
NATURES_SAID: Mapping[str, str] = {
    "service": "un service qui reçoit",
    "helpline": "une ligne d’écoute",
    "authority": "une autorité : procureur, juge, préfet, CRIP",
    "rescue": "un secours, comme le 17 ou le 15",
    "measure": "une mesure de justice, sans partenaire à elle",
    "tool": "un outil pour la personne, sans partenaire à lui",
}
_MOST, _LEAST = 9, 2
_ATTRIBUTE = """\
attributes:
  - id: {id}
    type: {type}
    label: {{fr: {label}}}
    ask: {{fr: {ask}}}
{values}    # only_if: {{not: {{violence_context: none}}}}   # quand elle se pose
    # otherwise: {otherwise}                # sa réponse quand elle ne se pose pas
    # grid: situations             # à cocher avec d’autres, dans une seule grille
    # fixed: yes                   # si personne ne peut changer cette réponse
    # cost: 2                      # s’il est dur d’y répondre
    source: {{title: "Titre de la page lue", trust: A}}   # ou un nom de sources.yaml
"""
_KIND = """\
kinds:
  - id: {id}
    category: {category}
    nature: {nature}
    label: {{fr: {label}}}
    description: {{fr: {description}}}
    # place: station               # ou home : son partenaire est près du poste, ou près du domicile
    # generalist: yes              # s’il reçoit chacun pour tout
    source: {{title: "Titre de la page lue", trust: A}}   # ou un nom de sources.yaml
"""


@dataclass(frozen=True, slots=True)
class AttributeDraft:
    """What an author says of a new question; `values`: id → label, of a list of answers."""

    id: str
    type: str
    label: str
    ask: str
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class KindDraft:
    """What an author says of a new kind of help."""

    id: str
    category: str
    nature: str
    label: str
    description: str


def attribute_sketch(draft: AttributeDraft) -> str:
    """Return the question as YAML, with what else may be said of it in comments."""
    values = "".join(
        f"      - {{id: {name}, label: {{fr: {_quoted(label)}}}}}\n"
        for name, label in draft.values.items()
    )
    if draft.type == "number":
        values = "    min: 0\n    max: 100\n"
    elif values:
        values = f"    values:\n{values}"
    otherwise = {"yes_no": "no", "many_of": "[]"}.get(draft.type, next(iter(draft.values), "0"))
    return _ATTRIBUTE.format(
        id=draft.id,
        type=draft.type,
        label=_quoted(draft.label),
        ask=_quoted(draft.ask),
        values=values,
        otherwise=otherwise,
    )


def kind_sketch(draft: KindDraft) -> str:
    """Return the kind of help as YAML, with what else may be said of it in comments."""
    return _KIND.format(
        id=draft.id,
        category=draft.category,
        nature=draft.nature,
        label=_quoted(draft.label),
        description=_quoted(draft.description),
    )


def find_wrong_attribute(draft: AttributeDraft, vocabulary: Vocabulary) -> list[Problem]:
    """Say what `check` would refuse of a question, and what it could not know to be wrong."""
    others = {one.id: one.label for one in vocabulary.attributes.values()}
    problems = _wrong_name(draft.id, draft.label, others, "question")
    is_list = draft.type in ("one_of", "many_of")
    if is_list and not _LEAST <= len(draft.values) <= _MOST:
        aid = "--value, une fois par réponse : --value 'sans logement' --value 'chez des proches'"
        text = f"une liste a de deux à neuf réponses, ici {len(draft.values)}"
        problems.append(Problem("V010", text, help=aid))
    if draft.values and not is_list:
        aid = "--type one_of pour une réponse parmi plusieurs, many_of pour en cocher"
        problems.append(Problem("V010", f"`{draft.type}` n'a pas de liste de réponses", help=aid))
    return problems


def find_wrong_kind(draft: KindDraft, vocabulary: Vocabulary) -> list[Problem]:
    """Say what `check` would refuse of a kind of help."""
    others = {one.id: one.label for one in vocabulary.kinds.values()}
    return _wrong_name(draft.id, draft.label, others, "aide")


def _wrong_name(name: str, label: str, others: Mapping[str, LocalText], what: str) -> list[Problem]:
    problems = []
    if not name or name != slug_of(name, "_"):
        proposed = slug_of(name or label, "_")
        aid = f"écrivez `{proposed}`" if proposed else "des mots en minuscules : early_marriage"
        text = "un identifiant : des mots en minuscules, sans accent, séparés par `_`"
        problems.append(Problem("S006", text, help=aid))
    if name in others:
        aid = f"une {what} porte déjà ce nom : « {others[name].fr} »"
        problems.append(Problem("V001", f"`{name}` existe déjà", help=aid))
    same = [known for known, one in others.items() if plain_words(one.fr) == plain_words(label)]
    if same and name not in others:
        aid = "employez celle qui existe, ou dites en quoi la vôtre est autre"
        problems.append(Problem("V001", f"`{same[0]}` se dit déjà ainsi", help=aid))
    return problems


def named_values(said: Sequence[str]) -> dict[str, str]:
    """Return answers by id: of `sans logement` it is made, of `no_housing=sans logement` taken."""
    found = {}
    for text in said:
        name, has_name, label = text.partition("=")
        found[name.strip() if has_name else slug_of(text, "_")] = (label or text).strip()
    return found


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
