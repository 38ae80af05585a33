"""What authors mostly got wrong: punctuation of YAML, dates as one says them."""

import re
from collections.abc import Sequence
from datetime import date

__all__ = ["advise", "date_in", "hours_in"]

_USUAL_CAUSES = (
    "vérifiez les retraits, les guillemets et les crochets de cette ligne et de la précédente"
)
_UNCLOSED = "un guillemet, un crochet ou une accolade n'est pas fermé sur cette ligne, ou plus haut"
_FEW_BACK = 40
# fmt: off
_MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre",
    "novembre", "décembre",
)
# fmt: on
_SPOKEN = re.compile(rf"(?:(\d{{1,2}})(?:er)? )?({'|'.join(_MONTHS)}) (\d{{4}})", re.IGNORECASE)
_DAY_FIRST = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
_UNPADDED = re.compile(r"(\d{4})[/.-](\d{1,2})(?:[/.-](\d{1,2}))?")


def date_in(text: str) -> str | None:
    """Return the date that a text says in another form: `1er mars 2026`, `01/03/2026`."""
    text = text.strip()
    if found := _SPOKEN.fullmatch(text):
        year, month = int(found[3]), _MONTHS.index(found[2].casefold()) + 1
        day = int(found[1] or 0)
    elif found := _DAY_FIRST.fullmatch(text):
        day, month, year = (int(part) for part in found.groups())
    elif found := _UNPADDED.fullmatch(text):
        year, month, day = (int(part or 0) for part in found.groups())
    else:
        return None
    try:
        date(year, month, day or 1)
    except ValueError:
        return None
    return f"{year:04}-{month:02}" + (f"-{day:02}" if day else "")


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


def hours_in(text: str) -> str:
    """Write opening hours said in French in the form of OpenStreetMap, as far as can be told.

    >>> hours_in("du lundi au vendredi de 9h à 12h30 et de 14h à 17h")
    'Mo-Fr 09:00-12:30,14:00-17:00'
    """
    if _ALWAYS.fullmatch(text.strip()):
        return "24/7"
    text = re.sub(r",?\s*(?:sauf|hors|fermé)(?: les)?(?: jours)? fériés", "; PH off", text)
    found = _DAY.sub(lambda day: _DAYS[day[0].casefold().rstrip(".").removesuffix("s")], text)
    found = _HOUR.sub(lambda hour: f"{int(hour[1]):02}:{hour[2] or hour[3] or '00'}", found)
    found = re.sub(r"\b(?:du|de|le|les|des|tous)\b\s*", "", found)
    found = re.sub(r"\s*(?:\bau\b|à|-|–)\s*", "-", found)
    found = re.sub(r"(\d\d:\d\d)\s*(?:,|\bet\b|/|puis)\s*(?=\d\d:)", r"\1,", found)
    found = re.sub(r"\b([A-Z][a-z])\s*(?:,|\bet\b)\s*(?=[A-Z][a-z]\b)", r"\1,", found)
    return " ".join(found.split())


def advise(lines: Sequence[str], line: int, opened: int | None) -> tuple[int, str]:
    """Say what is most likely wrong, and on which line.

    Args:
        lines: of the whole file.
        line: where reading stopped, from 0.
        opened: where what was being read began, from 0.
    """
    line = min(line, len(lines) - 1)
    nearby = (line, _before(lines, line), opened)
    # What ends too early is said to begin past the last line.
    around = [number for number in nearby if number is not None and number < len(lines)]
    for look in (_unseen, _closing, _in_line):
        for number in around:
            aid = look(lines[number])
            if aid is not None:
                return number, aid
    quoted = next(
        (n for n in range(line, max(-1, line - _FEW_BACK), -1) if _quotes(lines[n]) % 2), None
    )
    if quoted is not None:
        return quoted, _UNCLOSED
    indented = _indentation(lines, line)
    return (line, indented) if indented else (line, _USUAL_CAUSES)


def _before(lines: Sequence[str], line: int) -> int | None:
    """Return the last line before one that says anything."""
    for number in range(line - 1, -1, -1):
        if lines[number].strip() and not lines[number].lstrip().startswith("#"):
            return number
    return None


def _unseen(text: str) -> str | None:
    if re.match(r"\s*\u00a0|[^\"']*:\u00a0", text):
        return "une espace insécable, qui ne se voit pas, est dans cette ligne : retapez l'espace"
    return None


def _quotes(text: str) -> int:
    return re.sub(r"(?:^|\s)#.*", "", text).replace('\\"', "").count('"')


def _closing(text: str) -> str | None:
    bare = re.sub(r'"[^"]*"', "", text)
    if _quotes(text) % 2 or any(bare.count(a) != bare.count(b) for a, b in ("[]", "{}")):
        return _UNCLOSED
    return None


def _in_line(text: str) -> str | None:
    bare = re.sub(r'"[^"]*"', '""', text)
    if re.match(r"\s*(?:- )?[A-Za-zÀ-ÿ_]+:[^\s:]", bare):
        return "il manque une espace après les deux-points"
    if re.search(r"'[^']*[a-zà-ÿ]'[a-zà-ÿ]", bare):
        return 'un texte qui contient une apostrophe se met entre guillemets doubles : "…"'
    if bare.count(": ") > 1 and '"' not in bare and "{" not in bare:
        return "un texte qui contient « : » se met entre guillemets"
    if re.search(r"[:\[,{] *\?", bare):
        return "`?` ne dit pas « inconnu » : sans réponse, une question est inconnue ; effacez-la"
    return None


def _indentation(lines: Sequence[str], line: int) -> str | None:
    """Say how a line stands beside the ones above it, where it fits under none of them."""
    margin, is_item = _margin(lines[line]), lines[line].lstrip().startswith("-")
    before = _before(lines, line)
    if is_item and before is not None and _margin(lines[before]) > margin:
        first = lines[before].lstrip()
        if not first.startswith("-"):
            return "la ligne précédente n'a pas de tiret, ou son retrait est faux"
    above = before
    while above is not None and _margin(lines[above]) > margin:
        above = _before(lines, above)
    if above is None:
        return None
    upper = lines[above]
    if _margin(upper) == margin and upper.lstrip().startswith("-") != is_item:
        lacking = above + 1 if is_item else line + 1
        if not upper.rstrip().endswith(":"):
            return f"il manque peut-être un tiret au début de la ligne {lacking}"
    if above == before and _margin(upper) < margin and not upper.rstrip().endswith((":", "-")):
        return (
            f"retrait : cette ligne commence {margin - _margin(upper)} espaces plus loin que la "
            "précédente, qui a déjà sa valeur ; alignez-les"
        )
    if _margin(upper) < margin:
        margins = sorted({_margin(lines[n]) for n in range(above, line) if lines[n].strip()})
        wanted = " ou ".join(str(number) for number in margins)
        return f"retrait : {margin} espaces devant cette ligne ; au-dessus, il y en a {wanted}"
    return None


def _margin(text: str) -> int:
    return len(text) - len(text.lstrip(" "))


# A text may start with « one word »; what ends with it, or never ends it, meant YAML's quotes.
_QUOTED = re.compile(
    r"(?:«(?P<a>[^»]*)(?P<x>»?)|[“„](?P<b>[^”]*)(?P<y>”?)|‘(?P<c>[^’]*)(?P<z>’?))\s*"
)


def straight_quotes(text: str) -> str | None:
    """Return what to write in place of quotes that a typographer would set; None without them."""
    if text[:1] not in _OPENING or not (found := _QUOTED.fullmatch(text)):
        return None
    inner = (found["a"] or found["b"] or found["c"] or "").strip()
    if found["x"] or found["y"] or found["z"]:
        return f'vouliez-vous dire "{inner[:_LONGEST_QUOTE]}" ?'
    return 'entourez tout le texte de guillemets droits : "…"'


_OPENING = ("«", "“", "„", "‘")
_LONGEST_QUOTE = 200
