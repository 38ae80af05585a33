"""Communes as authors write them, by INSEE code or by name → codes; what names none is noted."""

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from iscg_rules.errors import Place, Problem
from iscg_rules.language.answer_checks import COMMUNE
from iscg_rules.reading.documents import child, place_of
from iscg_rules.reading.territories import Territory
from iscg_rules.reading.yaml_nodes import Items, Scalar

__all__ = ["find_wrong_codes", "name_code", "read_codes"]

_NOT_POSTAL = 'cinq caractères, comme "35288" ; ce n\'est pas le code postal'


def read_codes(
    written: Sequence[str], places: Iterable[Place], problems: list[Problem]
) -> tuple[str, ...]:
    """Return the code of each commune that is written; what names none, or several, is noted.

    A code is taken as it is: whether it exists is asked by `check` alone, so that nobody who wants
    a recommendation waits for the list of all communes.
    """
    named = ((one, place) for one, place in zip(written, places, strict=True))
    codes = (
        one if COMMUNE.fullmatch(one) else _code_of(one, place, problems) for one, place in named
    )
    return tuple(code for code in codes if code)


def _code_of(name: str, place: Place, problems: list[Problem]) -> str | None:
    if name[:1].isdecimal() or not name.strip():
        problems.append(Problem("V009", "code INSEE mal formé", place, _NOT_POSTAL))
        return None
    from iscg_rules.places.communes import load_communes, say_communes  # noqa: PLC0415 # when asked

    communes = load_communes()
    found = communes.find(name)
    if len(found) == 1:
        return found[0].code
    if found:
        text = f"plusieurs communes s'appellent `{name[:60]}`"
        aid: str | None = f"écrivez le code INSEE de l'une : {say_communes(found)}"
    else:
        text = f"aucune commune ne s'appelle `{name[:60]}`"
        aid = communes.meant(name, "écrivez son code INSEE")
    problems.append(Problem("V009", text, place, aid))
    return None


@lru_cache(maxsize=4_096)
def name_code(code: str) -> str | None:
    """Say what else a well-formed code is, where it is no commune's INSEE code of today."""
    from iscg_rules.places.communes import load_communes, say_communes  # noqa: PLC0415 # when asked

    communes = load_communes()
    if communes.is_known(code):
        return None
    heir = communes.follow(code)
    if heir is not None:
        return f"commune d'autrefois, aujourd'hui dans {heir.name} : écrivez {heir.code}"
    postal = say_communes(communes.with_postal_code(code))
    if postal:
        return f"c'est un code postal ; le code INSEE vient en premier : {postal}"
    return "`iscg-rules show commune NOM` donne le code"


def find_wrong_codes(territories: Iterable[Territory]) -> Iterator[Problem]:
    """Yield a problem for each code of a territory that no commune has today."""
    for territory in territories:
        for node in territory.areas:
            codes = child(node, "communes")
            for code in codes.items if isinstance(codes, Items) else ():
                if isinstance(code, Scalar):
                    yield from _wrong(code.text, code.place)
        if territory.station is not None:
            yield from _wrong(territory.station, place_of(territory.node, "station"))


def _wrong(code: str, place: Place) -> Iterator[Problem]:
    aid = name_code(code) if COMMUNE.fullmatch(code) else None
    if aid is not None:
        yield Problem("V009", f"`{code}` n'est le code INSEE d'aucune commune", place, aid)
