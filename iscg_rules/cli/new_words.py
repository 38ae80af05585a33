"""`iscg-rules new attribute` and `new kind`: by arguments, or by an interview in a terminal."""

import argparse
import sys
from collections.abc import Mapping, Sequence

from iscg_rules.authoring.vocabulary_sketch import (
    ASKED_TYPES,
    CATEGORIES,
    NATURES_SAID,
    AttributeDraft,
    KindDraft,
    attribute_sketch,
    find_wrong_attribute,
    find_wrong_kind,
    kind_sketch,
    named_values,
)
from iscg_rules.engine import Engine
from iscg_rules.errors import IscgError
from iscg_rules.plain_letters import slug_of

__all__ = ["add_words", "new_attribute", "new_kind"]

_ATTRIBUTE_HEAD = """\
# Cette question désignerait-elle quelqu’un ? Alors elle ne se pose pas.
# À coller sous `attributes:` dans rules/vocabulary.yaml, à sa place : l’ordre des questions.
# Ensuite : une règle qui s’en sert (sinon W003), son cas, puis iscg-rules check et make schemas.
# docs/new-words.md dit le reste.
"""
_KIND_HEAD = """\
# À coller sous `kinds:` dans rules/vocabulary.yaml : leur ordre est le dernier pas du classement.
# Ensuite : une règle qui y mène (sinon W005), un partenaire ({partner}),
# un cas, puis iscg-rules check et make schemas. docs/new-words.md dit le reste.
"""


def add_words(command: argparse.ArgumentParser) -> None:
    """Add what a question and a kind of help are made of; a terminal asks for what is missing."""
    command.add_argument("--label", metavar="TEXTE", help="question, aide : comment elle se dit")
    command.add_argument("--ask", metavar="TEXTE", help="question : telle qu'elle est posée")
    command.add_argument("--type", choices=tuple(ASKED_TYPES), help="question : sa sorte")
    text = "question : une réponse, une fois par réponse"
    command.add_argument("--value", action="append", metavar="TEXTE", default=[], help=text)
    command.add_argument("--category", choices=CATEGORIES, help="aide : sa famille")
    command.add_argument("--nature", choices=tuple(NATURES_SAID), help="aide : ce que c'est")


def new_attribute(chosen: argparse.Namespace, engine: Engine) -> str:
    """Return a question to paste.

    Raises:
        IscgError: S006, V001, V010: what `check` would refuse.
    """
    label = chosen.label or _asked("Comment la dire en bref ?", "Une question à nommer")
    kind = chosen.type or ("one_of" if chosen.value else _chosen("Sa sorte ?", ASKED_TYPES))
    said: Sequence[str] = chosen.value
    if not said and kind in ("one_of", "many_of"):
        said = _several("Une réponse (rien pour finir) ?") or ["première", "deuxième"]
    ask = chosen.ask or _asked("La question, telle qu’elle est posée ?", f"{label}, qu’en est-il ?")
    name = chosen.id or slug_of(label, "_")
    draft = AttributeDraft(name, kind, label, ask, named_values(said))
    if problems := find_wrong_attribute(draft, engine.rule_set.vocabulary):
        raise IscgError(problems)
    return _ATTRIBUTE_HEAD + attribute_sketch(draft)


def new_kind(chosen: argparse.Namespace, engine: Engine) -> str:
    """Return a kind of help to paste.

    Raises:
        IscgError: S006, V001: what `check` would refuse.
    """
    label = chosen.label or _asked("Comment la dire ?", "Une aide à nommer")
    nature = chosen.nature or _chosen("Ce que c’est ?", NATURES_SAID)
    families = dict.fromkeys(CATEGORIES, "")
    category = chosen.category or _chosen("Sa famille ?", families, "associations")
    text = _asked("Ce qu’on y fait, en une phrase ?", "Une phrase que l’on peut lire.")
    draft = KindDraft(chosen.id or slug_of(label, "_"), category, nature, label, text)
    if problems := find_wrong_kind(draft, engine.rule_set.vocabulary):
        raise IscgError(problems)
    has_partner = nature not in ("measure", "tool")
    partner = f"iscg-rules new partner {draft.id}" if has_partner else "celle-ci n’en a pas"
    return _KIND_HEAD.format(partner=partner) + kind_sketch(draft)


def _asked(question: str, otherwise: str) -> str:
    """Ask in a terminal; elsewhere, and for an empty line, the draft says what to replace."""
    if not sys.stdin.isatty():
        return otherwise
    # The draft alone goes to the output, which may be a file.
    sys.stderr.write(f"{question} ")
    sys.stderr.flush()
    return sys.stdin.readline().strip() or otherwise


def _chosen(question: str, choices: Mapping[str, str], otherwise: str = "") -> str:
    usual = otherwise or next(iter(choices))
    if not sys.stdin.isatty():
        return usual
    for number, (name, words) in enumerate(choices.items(), 1):
        sys.stderr.write(f"  {number}. {name}{f', {words}' if words else ''}\n")
    names = list(choices)
    said = _asked(question, usual)
    if said.isdecimal() and 1 <= int(said) <= len(names):
        return names[int(said) - 1]
    return said if said in choices else _chosen(question, choices, otherwise)


def _several(question: str) -> list[str]:
    found: list[str] = []
    while said := _asked(question, ""):
        found.append(said)
    return found
