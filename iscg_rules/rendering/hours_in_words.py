"""Opening hours as somebody reads them on paper: never "open" or "closed", which is soon false."""

import re

__all__ = ["hours_in_words"]

_DAYS = {
    "Mo": "lundi",
    "Tu": "mardi",
    "We": "mercredi",
    "Th": "jeudi",
    "Fr": "vendredi",
    "Sa": "samedi",
    "Su": "dimanche",
    "PH": "jours fériés",
}
_DAY = "|".join(_DAYS)
_SPAN = r"\d\d:\d\d-\d\d:\d\d"
_RULE = re.compile(rf"(?P<days>(?:{_DAY})(?:[-,](?:{_DAY}))*) (?P<hours>off|{_SPAN}(?:,{_SPAN})*)")
_EVERY_DAY = frozenset({"Mo-Su", "Mo-Su,PH", "PH,Mo-Su"})


def hours_in_words(hours: str) -> str:
    """Say hours written as in OpenStreetMap in French words.

    `Mo-Fr 09:00-12:30,14:00-17:30; PH off` → « du lundi au vendredi, 9 h-12 h 30 et 14 h-17 h 30,
    sauf jours fériés ». What is written in another way stays as it is.
    """
    if hours == "24/7":
        return "jour et nuit"
    rules = [_RULE.fullmatch(part.strip()) for part in hours.split(";")]
    if not all(rules):
        return hours
    return ", ".join(_rule(rule["days"], rule["hours"]) for rule in rules if rule)


def _rule(days: str, hours: str) -> str:
    if hours == "off":
        return f"sauf {_days(days)}"
    spans = " et ".join("-".join(map(_hour, span.split("-"))) for span in hours.split(","))
    return f"{_days(days)}, {spans}"


def _days(days: str) -> str:
    if days in _EVERY_DAY:
        return "tous les jours"
    named = []
    for part in days.split(","):
        first, _, last = part.partition("-")
        named.append(f"du {_DAYS[first]} au {_DAYS[last]}" if last else _DAYS[first])
    return ", ".join(named)


def _hour(hour: str) -> str:
    hours, minutes = hour.split(":")
    return f"{int(hours)}\u00a0h" + ("" if minutes == "00" else f"\u00a0{minutes}")
