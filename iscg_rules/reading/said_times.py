"""Dates and hours as one says them in French, written as these files want them."""

import re
from datetime import date, time

__all__ = ["date_in", "hours_in", "moment_in"]

# fmt: off
_MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre",
    "novembre", "décembre",
)
# fmt: on
# As they are cut short.
_SHORT = ("janv", "févr", "fév", "avr", "juil", "sept", "oct", "nov", "déc")
_NAMED = "|".join((*_MONTHS, *_SHORT))
_SPOKEN = re.compile(rf"(?:le )?(?:(\d{{1,2}})(?:er)? )?({_NAMED})\.? (\d{{4}})", re.IGNORECASE)
_DAY_FIRST = re.compile(r"(?:le )?(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
_MONTH_FIRST = re.compile(r"(\d{1,2})[/.-](\d{4})")
_UNPADDED = re.compile(r"(\d{4})[/.-](\d{1,2})(?:[/.-](\d{1,2}))?")


def date_in(text: str) -> str | None:
    """Return the date that a text says in another form: `1er mars 2026`, `01/03/2026`."""
    text = text.strip()
    if found := _SPOKEN.fullmatch(text):
        said = found[2].casefold()
        near = next(one for one in _MONTHS if one.startswith(said))
        year, month, day = int(found[3]), _MONTHS.index(near) + 1, int(found[1] or 0)
    elif found := _DAY_FIRST.fullmatch(text):
        day, month, year = (int(part) for part in found.groups())
    elif found := _MONTH_FIRST.fullmatch(text):
        month, year, day = int(found[1]), int(found[2]), 0
    elif found := _UNPADDED.fullmatch(text):
        year, month, day = (int(part or 0) for part in found.groups())
    else:
        return None
    try:
        date(year, month, day or 1)
    except ValueError:
        return None
    return f"{year:04}-{month:02}" + (f"-{day:02}" if day else "")


def moment_in(text: str) -> str | None:
    """Return the moment that a text says in another form.

    >>> moment_in("27/11/2026 22h30")
    '2026-11-27T22:30'
    """
    said = re.sub(r"\s+à\s+|\s+vers\s+|T", " ", text.strip())
    hour = re.search(r"[ ](\d{1,2})\s?(?:h|:)\s?(\d{2})?$", said, re.IGNORECASE)
    day = date_in(said[: hour.start()] if hour else said)
    if day is None or day.count("-") < _WHOLE_DAY:
        return None
    if hour is None:
        return day
    try:
        return f"{day}T{time(int(hour[1]), int(hour[2] or 0)):%H:%M}"
    except ValueError:
        return None


_WHOLE_DAY = 2
_DAYS = {
    "lundi": "Mo", "mardi": "Tu", "mercredi": "We", "jeudi": "Th", "vendredi": "Fr",
    "samedi": "Sa", "dimanche": "Su", "lun": "Mo", "mar": "Tu", "mer": "We", "jeu": "Th",
    "ven": "Fr", "sam": "Sa", "dim": "Su", "lu": "Mo", "ma": "Tu", "me": "We", "je": "Th",
    "ve": "Fr", "sa": "Sa", "di": "Su", "férié": "PH", "fériés": "PH",
}  # fmt: skip
_DAY = re.compile(rf"\b(?:{'|'.join(sorted(_DAYS, key=len, reverse=True))})s?\b\.?", re.IGNORECASE)
_ALWAYS = re.compile(
    r"(?:7 ?j ?/ ?7[ ,]*)?24 ?h? ?/ ?24.*|jour et nuit|nuit et jour", re.IGNORECASE
)
_HOUR = re.compile(r"\b(\d{1,2})(?:\s?[hH]\s?(\d{2})?|:(\d{2}))(?!\d)")


# What is said around hours and says nothing of them.
_AROUND = re.compile(
    r"\b(?:permanences?|ouvert(?:e|ure)?|accueil|horaires?|de|du|des|le|les|la|tous|toutes)\b\s*:?\s*",
    re.IGNORECASE,
)
_SEVERAL_DAYS = (
    (re.compile(r"\b(?:tous les jours|7 ?j ?/ ?7|toute la semaine)\b", re.IGNORECASE), "Mo-Su"),
    (re.compile(r"\b(?:en semaine|jours ouvrables|jours ouvrés)\b", re.IGNORECASE), "Mo-Fr"),
    (re.compile(r"\bweek[- ]?ends?\b", re.IGNORECASE), "Sa-Su"),
)
_NTH = re.compile(r"\b(\d)(?:er|e|ème|nd)\s+([A-Z][a-z])\b(?:\s+(?:du|de chaque) mois)?")
_NO_DAY_YET = re.compile(r"([\d:,-]+)\s+((?:[A-Z][a-z](?:\[\d\])?[-,]?)+)$")


def hours_in(text: str) -> str:
    """Write opening hours said in French in the form of OpenStreetMap, as far as can be told.

    >>> hours_in("du lundi au vendredi de 9h à 12h30 et de 14h à 17h")
    'Mo-Fr 09:00-12:30,14:00-17:00'
    """
    if _ALWAYS.fullmatch(text.strip()):
        return "24/7"
    text = re.sub(r",?\s*(?:sauf|hors|fermé)(?: les)?(?: jours)? fériés", "; PH off", text)
    text = re.sub(r"\bmidi\b", "12h", text)
    for said, days in _SEVERAL_DAYS:
        text = said.sub(days, text)
    found = _DAY.sub(lambda day: _DAYS[day[0].casefold().rstrip(".").removesuffix("s")], text)
    found = _NTH.sub(lambda nth: f"{nth[2]}[{nth[1]}]", found)
    found = re.sub(r"(\d)\s*h\s*/\s*(?=\d)", r"\1h-", found)
    found = _HOUR.sub(lambda hour: f"{int(hour[1]):02}:{hour[2] or hour[3] or '00'}", found)
    found = _AROUND.sub("", found)
    found = re.sub(r"\s*(?:\bau\b|à|-|–)\s*", "-", found)
    found = re.sub(r"(\d\d:\d\d)\s*(?:,|\bet\b|/|puis|\s)\s*(?=\d\d:)", r"\1,", found)
    found = re.sub(r"\b([A-Z][a-z])\s*(?:,|\bet\b)\s*(?=[A-Z][a-z]\b)", r"\1,", found)
    found = re.sub(r"(?<=[a-z\]])\s*[:,]\s*(?=\d)", " ", found)
    found = " ".join(found.split())
    return _NO_DAY_YET.sub(r"\2 \1", found)
