"""Texts of open data made comparable, and made short enough for a card."""

import re
from collections.abc import Mapping
from typing import Any

from iscg_rules.plain_letters import plain_words, slug_of
from iscg_rules.reading.plain_text import ODD_CHARACTER

__all__ = [
    "as_written",
    "clean",
    "has_person",
    "phrase",
    "shorten",
    "slug",
    "with_scheme",
    "words_of",
]

# `Mme Martin`, `M. Martin`, an e-mail address; neither `S.I.M. de Rennes` nor `Cyber@ntenne`.
_PERSON = re.compile(
    r"(?<![\w.])m\.\s|\b(?:mr|mme|mlle|monsieur|madame)\.?\s|[\w.-]\s?@\s?[\w-]+\.\w",
    re.IGNORECASE,
)
# A street may bear somebody's name: `52 rue Monsieur Vincent`.
_STREET = re.compile(
    r"\b(?:rue|avenue|place|boulevard|allée|impasse|quai|chemin|square|cours|passage)\s"
    r"(?:d[eu]s?\s|de la\s)?(?:monsieur|madame|m\.|mme)\s",
    re.IGNORECASE,
)
# A no-break space is meant; one plain space is what it becomes.
_SPACES = re.compile(r"[ \t\r\n\f\v]{2,}|[\t\r\n\f\v]")
# What no file can hold, beside what ours must not.
_UNWRITABLE = re.compile(r"[\ud800-\udfff\ufffe\uffff]+")
_SHORT_WORD = 3


def words_of(text: str) -> list[str]:
    """Return the words of a text without accents, capitals and plurals.

    >>> words_of("Violences conjugales, à l’écoute")
    ['violence', 'conjugale', 'a', 'l', 'ecoute']
    """
    return [
        word[:-1] if len(word) > _SHORT_WORD and word[-1] in "sx" else word
        for word in plain_words(text).split()
    ]


def phrase(text: str) -> tuple[str, ...]:
    """Return what an author looks for, as `words_of` tells a text."""
    return tuple(words_of(text))


def clean(value: Any) -> Any:  # noqa: ANN401 # plain data, as deep as it is
    """Return plain data whose texts fit on a line: no control characters, single spaces.

    >>> clean({"fr": "Un  deux"})
    {'fr': 'Un deux'}
    """
    if isinstance(value, str):
        # What can be seen is all right: neither an odd character nor a break of the line.
        if value.isprintable() and "  " not in value:
            return value.strip(" ")
        return _SPACES.sub(" ", _UNWRITABLE.sub(" ", ODD_CHARACTER.sub(" ", value))).strip(" ")
    if isinstance(value, Mapping):
        return {key: clean(inner) for key, inner in value.items()}
    return tuple(map(clean, value)) if isinstance(value, list | tuple) else value


def as_written(value: Any) -> Any:  # noqa: ANN401 # plain data, as deep as it is
    """Return plain data as a file would give it back: texts, lists and mappings, which compare.

    >>> as_written({"at_least": {"count": 2, "of": ("a", "b")}})
    {'at_least': {'count': '2', 'of': ['a', 'b']}}
    """
    if isinstance(value, Mapping):
        return {key: as_written(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [*map(as_written, value)]
    return value if value is None else str(value)


def slug(text: str, longest: int = 60) -> str:
    """Return a text as an id, cut between words.

    >>> slug("CCAS - Saint-Malo")
    'ccas-saint-malo'
    """
    joined = slug_of(text)
    if len(joined) <= longest:
        return joined
    return joined[: longest + 1].rpartition("-")[0] or joined[:longest]


def has_person(text: str) -> bool:
    """Tell whether a text may name a person."""
    return _PERSON.search(_STREET.sub("", text)) is not None


def shorten(text: str, longest: int) -> str | None:
    """Return the first whole sentences that fit; None where none does, or one names somebody.

    >>> shorten("Repas chaud. Douche. Sur rendez-vous avec Mme Martin.", 30)
    'Repas chaud. Douche.'
    """
    given = _SPACES.sub(" ", text).strip()
    if len(given) > longest:
        cut = max(given.rfind(mark, 0, longest) for mark in (". ", "! ", "? "))
        given = given[: cut + 1] if cut > 0 else ""
    return given if given and not has_person(given) else None


def with_scheme(page: str | None) -> str | None:
    """Return the address of a page as others want it: whole.

    >>> with_scheme("exemple.fr")
    'https://exemple.fr'
    """
    return page if page is None or "://" in page else f"https://{page}"
