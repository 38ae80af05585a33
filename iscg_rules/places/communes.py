"""Every commune of France, by its code, its name or its postal code.

The table is read when somebody first asks, not when rules are: it holds some 35,000 communes.
Source: `communes.tsv.gz`, whose head says which lists, of which year, under which licence;
`tools/make_communes.py` makes it.
"""

import difflib
import gzip
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import groupby
from pathlib import Path

from iscg_rules.errors import Problem
from iscg_rules.places.departements import departement_of
from iscg_rules.plain_letters import plain_words

__all__ = ["Commune", "CommuneTable", "load_communes", "say_communes"]

_TABLE = Path(__file__).with_name("communes.tsv.gz")
_CODE = re.compile(r"[0-9][0-9AB][0-9]{3}")
# "Saint-Aubin (62)", "Saint-Aubin, 62", "Saint-Aubin 21190": the name, and what tells it apart.
_APART = re.compile(r"(?P<name>.*\D)[\s,(]+(?P<apart>2[AB]|[0-9]{2,3}|[0-9][0-9AB][0-9]{3})\)?")
_SPELT_OUT = {"st": "saint", "ste": "sainte", "s": "sur"}
_ARTICLES = ("l", "la", "le", "les")
_FEW = 6
# A slip adds, drops or doubles a few letters.
_NEAR = 3


@dataclass(frozen=True, slots=True)
class Commune:
    """One commune as it is today; `epci` is the name of its group of communes, empty for a few."""

    code: str
    name: str
    postal_codes: tuple[str, ...]
    departement: str
    epci: str

    def __str__(self) -> str:
        return f"{self.name} ({', '.join((self.code, *self.postal_codes[:1]))})"


def say_communes(communes: Iterable[Commune]) -> str:
    """Name communes with their codes: INSEE, then postal.

    >>> say_communes(load_communes().find("35400"))
    'Saint-Malo (35288, 35400)'
    """
    told = [str(commune) for commune in communes]
    more = f" et {len(told) - _FEW} autres" if len(told) > _FEW else ""
    return ", ".join(told[:_FEW]) + more


class CommuneTable:
    """All communes; looked at as text until somebody asks for more than whether a code exists."""

    def __init__(self, text: str) -> None:
        self._text = text

    def __repr__(self) -> str:
        return f"<CommuneTable: {self.source}>"

    @cached_property
    def _sections(self) -> list[list[list[str]]]:
        sections = self._text.rstrip("\n").split("\n\n")
        return [[line.split("\t") for line in section.split("\n")] for section in sections]

    @property
    def source(self) -> str:
        """Which lists these are, and of which day."""
        return self._text.partition("\n")[0]

    def is_known(self, code: str) -> bool:
        """Tell whether a commune has this INSEE code today."""
        _, _, behind = self._text.partition(f"\n{code}\t")
        # Of the lines that begin with a code of five characters, only a commune's has four fields.
        return behind.partition("\n")[0].count("\t") == len(("name", "postal codes"))

    @cached_property
    def departements(self) -> dict[str, str]:
        """The name of each département, by its code."""
        return {line[0]: line[1] for line in self._sections[1]}

    @cached_property
    def by_code(self) -> dict[str, Commune]:
        """Each commune of today by its INSEE code, in their order."""
        groups = [name for _, name in self._sections[2]]
        return {
            code: Commune(
                code,
                name,
                tuple(postal.split()),
                departement_of(code),
                groups[int(group)] if group else "",
            )
            for code, name, postal, group in self._sections[3]
        }

    @cached_property
    def communes_of_epci(self) -> dict[str, frozenset[str]]:
        """The communes of each group of communes, by its SIREN number."""
        found: dict[str, set[str]] = {}
        numbers = [number for number, _ in self._sections[2]]
        for code, _, _, group in self._sections[3]:
            if group:
                found.setdefault(numbers[int(group)], set()).add(code)
        return {number: frozenset(codes) for number, codes in found.items()}

    @cached_property
    def _successors(self) -> dict[str, str]:
        """Today's code of each commune that became part of another."""
        return {code: whole for code, _, whole in self._sections[4] if code != whole}

    @cached_property
    def _by_postal_code(self) -> dict[str, list[Commune]]:
        pairs = sorted(
            (postal, commune.code)
            for commune in self.by_code.values()
            for postal in commune.postal_codes
        )
        return {
            postal: [self.by_code[code] for _, code in group]
            for postal, group in groupby(pairs, key=lambda pair: pair[0])
        }

    @cached_property
    def _by_name(self) -> dict[str, dict[str, Commune]]:
        """Communes by their plain name; those that are part of another by their own name, too."""
        named: dict[str, dict[str, Commune]] = {}
        for commune in self.by_code.values():
            named.setdefault(_plain(commune.name), {})[commune.code] = commune
        for _, name, whole in self._sections[4]:
            # A commune that bears the name itself stands before the part of another.
            if name and whole in self.by_code:
                named.setdefault(f"~{_plain(name)}", {})[whole] = self.by_code[whole]
        return named

    @cached_property
    def _without_article(self) -> dict[str, list[str]]:
        bare: dict[str, list[str]] = {}
        for name in self._by_name:
            bare.setdefault(_bare(name), []).append(name)
        return bare

    def follow(self, code: str) -> Commune | None:
        """Return the commune that has a code today, or had it; None where it never existed."""
        return self.by_code.get(self._successors.get(code, code))

    def with_postal_code(self, code: str) -> tuple[Commune, ...]:
        """Return the communes that have a postal code, in the order of their INSEE codes."""
        return tuple(self._by_postal_code.get(code, ()))

    def find(self, words: str) -> tuple[Commune, ...]:
        """Return the communes that somebody may mean: a name, an INSEE code or a postal code.

        Accents, hyphens, capitals, articles and "St" do not matter; "Saint-Aubin (62)" tells apart
        those that share a name. A commune that became part of another leads to that one.

        >>> [commune.name for commune in load_communes().find("st malo")]
        ['Saint-Malo']
        """
        words = words.strip()
        if _CODE.fullmatch(words.upper()):
            own = self.by_code.get(words.upper())
            found = {one.code: one for one in (own, *self.with_postal_code(words)) if one}
            # A code of long ago counts where it is no other's today.
            heir = None if found else self.follow(words.upper())
            return (heir,) if heir else tuple(found.values())
        if got := tuple(self._named(words)):
            return got
        if apart := _APART.fullmatch(words):
            mark = apart["apart"].upper()
            return tuple(one for one in self._named(apart["name"]) if _bears(one, mark))
        return ()

    def _named(self, words: str) -> Iterator[Commune]:
        name = _plain(words)
        for same in (name, f"~{name}"):
            if same in self._by_name:
                yield from self._by_name[same].values()
                return
        for same in self._without_article.get(_bare(name), ()):
            yield from self._by_name[same].values()

    def suggest(self, words: str) -> tuple[Commune, ...]:
        """Return the communes whose names are closest to what was written, few or none."""
        name = _plain(words)
        if not name:
            return ()
        # Most names differ in their length or their beginning: only the others are compared.
        close = [
            one for one in self._by_name if one[0] == name[0] and abs(len(one) - len(name)) <= _NEAR
        ]
        best = difflib.get_close_matches(name[:60], close, n=3, cutoff=0.75)
        return tuple(commune for one in best for commune in self._by_name[one].values())

    def meant(self, words: str, otherwise: str = "") -> str:
        """Say which communes may be meant by what was written; `otherwise` where none is close."""
        close = say_communes(self.suggest(words))
        return f"vouliez-vous dire {close} ?" if close else otherwise

    def unknown(self, words: str) -> Problem:
        """Return V009: none is called so, or has this code."""
        aid = self.meant(words, "un nom, un code postal ou un code INSEE")
        return Problem("V009", "aucune commune de ce nom ni de ce code", help=aid)

    def members(self, commune: Commune) -> tuple[Commune, ...]:
        """Return the communes of the EPCI of a commune, in the order of their codes."""
        return tuple(
            one
            for one in self.by_code.values()
            if one.code == commune.code or (one.epci and one.epci == commune.epci)
        )


def _bears(commune: Commune, mark: str) -> bool:
    return mark in (commune.departement, commune.code, *commune.postal_codes)


def _plain(name: str) -> str:
    """Write a name in plain words, all of them whole: `St-Haÿ` → `saint hay`."""
    return " ".join(_SPELT_OUT.get(word, word) for word in plain_words(name).split())


def _bare(name: str) -> str:
    first, _, rest = name.partition(" ")
    return rest if rest and first in _ARTICLES else name


@cache
def load_communes() -> CommuneTable:
    """Return the table that ships with the package."""
    return CommuneTable(gzip.decompress(_TABLE.read_bytes()).decode())
