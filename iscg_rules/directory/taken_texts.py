"""What of a record's texts may be taken over: no person's name, and no more than a card holds."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from iscg_rules.directory.texts import has_person, shorten, words_of
from iscg_rules.language.moments import is_readable

__all__ = ["NAMES_SOMEBODY", "NOBODY", "PersonNames", "read_names", "told_hours"]

NAMES_SOMEBODY = "nomme une personne"
_LONGEST_TEXT, _LONGEST_ACCESS = 200, 160
_NAME_PART = 3
# One word may be a street's, or a saint's; first and last name together are somebody.
_WHOLE_NAME = 2


@dataclass(frozen=True, slots=True)
class PersonNames:
    """The persons whom a record names, of whom no text of it may tell.

    >>> names = read_names("Camille Inventée")
    >>> names.email("camille@exemple.org"), names.access("Demander Camille.")
    (None, None)
    """

    words: frozenset[str] = frozenset()

    def email(self, given: str | None) -> str | None:
        """Return an address unless it is a person's."""
        return given if given and not self._shares(given.partition("@")[0]) else None

    def name(self, given: object) -> str | None:
        """Return the name of a service or an organisation unless it is a person's."""
        text = "" if given is None else str(given).strip()
        return text if text and not self._is_told_by(text) else None

    def description(self, given: object) -> str | None:
        """Return the first sentences of a description."""
        return self._shortened(given, _LONGEST_TEXT)

    def access(self, given: object) -> str | None:
        """Return the first sentences of how to come."""
        return self._shortened(given, _LONGEST_ACCESS)

    def address(
        self, given: Mapping[str, Any], street: Iterable[str], town: Iterable[str]
    ) -> str | None:
        """Return an address of some fields; None without a street, or where it is somebody's."""
        where, place = (
            [str(given[key]).strip() for key in keys if given.get(key)] for keys in (street, town)
        )
        whole = ", ".join(filter(None, [*where, " ".join(place)]))
        return whole if any(where) and not self._is_told_by(whole) else None

    def _shortened(self, given: object, longest: int) -> str | None:
        text = shorten(given, longest) if isinstance(given, str) else None
        return None if text is None or self._shares(text) else text

    def _shares(self, text: str) -> bool:
        return bool(self.words) and not self.words.isdisjoint(words_of(text))

    def _is_told_by(self, text: str) -> bool:
        if has_person(text):
            return True
        return len(self.words) >= _WHOLE_NAME and self.words <= set(words_of(text))


NOBODY = PersonNames()


def read_names(*names: object) -> PersonNames:
    """Return the names of persons that some fields hold."""
    told = (word for name in names for word in words_of(str(name or "")))
    return PersonNames(frozenset(word for word in told if len(word) >= _NAME_PART))


@lru_cache(maxsize=4_096)
def told_hours(text: str) -> str | None:
    """Return opening hours in the format of OpenStreetMap; None where they are not."""
    return text if is_readable(text) else None
