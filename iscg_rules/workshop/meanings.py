"""What a word of a file stands for: an attribute, an answer, a kind of help or a source."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import PurePath
from types import MappingProxyType

from iscg_rules.language.condition_parsing import RESERVED
from iscg_rules.workshop.entry_blocks import Entry
from iscg_rules.workshop.lenient_words import Word, WordPath

__all__ = ["SECTION_OF", "Meaning", "Names", "condition_at", "file_kind", "find_meaning", "role_at"]

# What an id names; `answer` belongs to an attribute, and is written `attribute=answer` here.
_DEFINED = {
    "attributes": "attribute",
    "kinds": "kind",
    "areas": "area",
    "facts": "fact",
    "rules": "rule",
    "impossible": "impossible",
    "partners": "partner",
    "sources": "source",
    "grounds": "ground",
    "cases": "case",
    "guarantees": "guarantee",
}
SECTION_OF = MappingProxyType({role: section for section, role in _DEFINED.items()})
_CONDITIONS = frozenset({"when", "accepts", "only_if", "requires"})
_FILES = frozenset({"vocabulary", "sources", "grounds", "guarantees", "partners", "territory"})
# The role of a value by its section and path, `#` for a place in a list; a word of a fixed list is
# `urgency`, `strength` or `for`.
_VALUES = (
    (r"\w+:source(/#)?", "source"),
    (r"rules:(orient|exclude)/#/to", "kind"),
    (r"rules:orient/#/sharing", "ground"),
    (
        r"rules:orient/#/urgency|cases:expect/urgency/.*|guarantees:then/urgency_at_most/.*",
        "urgency",
    ),
    (r"rules:orient/#/strength", "strength"),
    (r"rules:orient/#/for", "for"),
    (r"(partners:offers|grounds:kinds)(/#)?", "kind"),
    (r"(partners:area|areas:includes|home:home)(/#)?", "area"),
    (r"extends:extends", "territory"),
    (r"guarantees:(raising|changing)/attribute|report_by:report_by(/#)?", "attribute"),
    (r"guarantees:then/(first|includes_any|never|within/any_of)(/#)?", "kind"),
    (r"guarantees:then/(urgency/never_later|orientations/never_lost)(/#)?", "kind"),
    (r"cases:expect/(first|includes|excludes|possible|gaps|order)(/#)?", "kind"),
    (r"cases:expect/advice(/#)?", "rule"),
    (r"cases:expect/partner/.*", "partner"),
)
# The same of a key, by the path of the mapping in which it stands.
_KEYS = r"cases:(expect/(urgency|partner)|already)|guarantees:then/urgency_at_most"
_SCALES = frozenset({"urgency", "strength", "for"})

# The type of an attribute by its id, None where there is no such attribute.
Names = Callable[[str], str | None]


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a word stands for.

    Attributes:
        role: `attribute`, `fact`, `answer`, `kind`, `area`, `source`, `partner`, `rule`, `ground`,
            `case`, `guarantee`, `impossible`, `territory`, or `scale`, a word of a fixed list.
        id: which one; an answer as `attribute=answer`, a word of a list as `urgency=now`.
        is_definition: whether it stands where the thing itself is written.
    """

    role: str
    id: str
    is_definition: bool = False


def file_kind(path: PurePath) -> str:
    """Return what a file is about, as `rules`, `cases` or `vocabulary`."""
    if path.parent.name == "cases":
        return "cases"
    return path.stem if path.stem in _FILES else "rules"


def find_meaning(entry: Entry, word: Word, type_of: Names) -> Meaning | None:
    """Return what a word stands for; None for a plain key, a text, a number."""
    steps, section = word.path, entry.section
    defined = _defined(entry, word)
    if defined is not None:
        return defined
    place = condition_at(section, steps)
    if place is not None:
        return _in_condition(place, word, type_of)
    if section == "cases" and steps[:1] == ("situation",):
        return _in_answers(steps[1:], word, type_of)
    role = role_at(section, steps, is_key=word.is_key)
    if role in _SCALES:
        return Meaning("scale", f"{role}={word.text}")
    return Meaning(role, word.text) if role else None


def _defined(entry: Entry, word: Word) -> Meaning | None:
    if word.is_key or word.path[-1:] != ("id",):
        return None
    role = _DEFINED.get(entry.section)
    if role and len(word.path) == 1:
        return Meaning(role, word.text, is_definition=True)
    if entry.section == "attributes" and word.path[0] == "values" and entry.id is not None:
        return Meaning("answer", f"{entry.id}={word.text}", is_definition=True)
    return None


@lru_cache(maxsize=4096)
def role_at(section: str, steps: WordPath, *, is_key: bool) -> str | None:
    """Return the role of what stands at a path, its own key included; None for a text, a number.

    Conditions and the answers of a situation are asked elsewhere.
    """
    named = steps[:-1] if is_key else steps
    path = f"{section}:" + "/".join("#" if isinstance(step, int) else step for step in named)
    if is_key:
        return "kind" if re.fullmatch(_KEYS, path) else None
    return next((role for pattern, role in _VALUES if re.fullmatch(pattern, path)), None)


def condition_at(section: str, steps: WordPath) -> WordPath | None:
    """Return the part of a path that lies in a condition; None where there is no condition."""
    if section not in _DEFINED or not steps or steps[0] not in _CONDITIONS:
        return None
    rest = list(steps[1:])
    while rest and (isinstance(rest[0], int) or rest[0] in RESERVED or rest[0] == "of"):
        rest.pop(0)
    return tuple(rest)


def _in_condition(place: WordPath, word: Word, type_of: Names) -> Meaning | None:
    if not place:
        return None
    name = str(place[0])
    if name == "count" and len(place) == 1:
        return None
    if len(place) == 1 and word.is_key:
        return Meaning("fact" if type_of(name) is None else "attribute", name)
    return _answer(name, word, type_of)


def _answer(name: str, word: Word, type_of: Names) -> Meaning | None:
    kind = type_of(name)
    if word.is_key or kind in (None, "number"):
        return None
    return (
        Meaning("area", word.text)
        if kind == "commune"
        else Meaning("answer", f"{name}={word.text}")
    )


def _in_answers(steps: WordPath, word: Word, type_of: Names) -> Meaning | None:
    """Tell what a word of a situation stands for: a commune there is a number."""
    if not steps:
        return None
    if len(steps) == 1 and word.is_key:
        return Meaning("attribute", str(steps[0]))
    if type_of(str(steps[0])) == "commune":
        return None
    return _answer(str(steps[0]), word, type_of)
