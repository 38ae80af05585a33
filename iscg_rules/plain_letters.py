"""Texts made comparable: small letters without accents, `œ` as `oe`, words alone, ids."""

import re
import unicodedata

__all__ = ["plain_letters", "plain_words", "slug_of"]

_ACCENT = re.compile("[\u0300-\u036f]")
_WORD = re.compile(r"[a-z0-9]+")


def plain_letters(text: str) -> str:
    """Write a text small and without accents; its signs stay.

    >>> plain_letters("L’Haÿ, Sœur")
    'l’hay, soeur'
    """
    if text.isascii():
        return text.lower()
    # Nothing takes these two letters apart.
    joined = text.casefold().replace("œ", "oe").replace("æ", "ae")
    return _ACCENT.sub("", unicodedata.normalize("NFKD", joined))


def plain_words(text: str) -> str:
    """Write the words of a text, small and without accents, a space between them.

    >>> plain_words("Mise à l’abri")
    'mise a l abri'
    """
    return " ".join(_WORD.findall(plain_letters(text)))


def slug_of(text: str, between: str = "-") -> str:
    """Write a text as an id.

    >>> slug_of("Cœur à nouveau")
    'coeur-a-nouveau'
    """
    return plain_words(text).replace(" ", between)
