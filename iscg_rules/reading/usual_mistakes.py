"""What authors mostly got wrong in the punctuation of YAML."""

import re
from collections.abc import Sequence

__all__ = ["advise", "opens_quotes", "straight_quotes"]

_USUAL_CAUSES = (
    "vérifiez les retraits, les guillemets et les crochets de cette ligne et de la précédente"
)
_WITHIN = "vérifiez les guillemets, les virgules et les crochets de cette ligne"
_UNCLOSED = "un guillemet, un crochet ou une accolade n'est pas fermé sur cette ligne, ou plus haut"
_FEW_BACK = 40


def advise(lines: Sequence[str], line: int, column: int, opened: int | None) -> tuple[int, str]:
    """Say what is most likely wrong, and on which line.

    Args:
        lines: of the whole file.
        line: where reading stopped, from 0.
        column: where on that line, from 0.
        opened: where what was being read began, from 0.
    """
    line = min(line, len(lines) - 1)
    if comma := _lacking_comma(lines, line, line if opened is None else opened):
        return comma
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
    # What is wrong further on than a line's first key is not how the line begins.
    is_further = column > lines[line].find(":") >= 0
    indented = None if is_further else _indentation(lines, line)
    return line, indented or (_WITHIN if is_further else _USUAL_CAUSES)


# In braces, a value that is at its end, and then another key: `today strength:`.
_NO_COMMA = re.compile(
    r"""
    (?: "[^"]*"[ ]*: | (?P<key>\w+)[ ]*:[ ] ) [ ]*
    (?P<value> "[^"]*" | \[[^][]*\] | \{[^{}]*\} | [a-z0-9_+./:@-]+ )
    \s+ (?P<next> "[^"]*" | [a-z_]+ ) [ ]*:[\s]
    """,
    re.VERBOSE,
)


def _lacking_comma(lines: Sequence[str], line: int, opened: int) -> tuple[int, str] | None:
    """Say where a comma lacks in `{…}`; a text of several words may hold a colon of its own."""
    first = max(min(opened, line), line - _FEW_BACK)
    text = "\n".join([*lines[first : line + 1], ""])
    # The same with nothing in its quotes, letter under letter.
    bare = re.sub(r'"[^"\n]*"', lambda found: f'"{"_" * (len(found[0]) - 2)}"', text)
    for found in _NO_COMMA.finditer(bare):
        before, word = bare[: found.start()], found["next"]
        number = first + bare.count("\n", 0, found.start("next"))
        is_text = found["key"] in _TEXTS and found["value"][0] != '"'
        is_deeper = number == first or _margin(lines[number]) > _margin(lines[first])
        in_braces = before.count("{") > before.count("}")
        if in_braces and not is_text and (is_deeper or word.startswith('"')):
            key = text[slice(*found.span("next"))]
            return number, f"il manque une virgule avant `{key[:40]}:`"
    return None


# What stands under these may hold a colon of its own.
_TEXTS = frozenset({"fr", "en"})


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


# A key alone on its line, and the words under which conditions come in a list.
_NO_COLON = re.compile(r"\s*([a-z_]+)\s*|\s*- (all|any|not|at_least)\s*")


def _in_line(text: str) -> str | None:
    bare = re.sub(r'"[^"]*"', '""', text)
    if found := _NO_COLON.fullmatch(bare):
        return f"il manque les deux-points : `{found[1] or found[2]}:`"
    for pattern, aid in _SLIPS:
        if found := pattern.match(bare):
            return aid.format(*(part or "" for part in found.groups()))
    if re.search(r"(?:^|[:\[,{(]\s*)'[^']*[^\W\d_]'[^\W\d_]", bare):
        return 'un texte qui contient une apostrophe se met entre guillemets doubles : "…"'
    if any(part.count(": ") > 1 for part in re.split(r"[{},\[\]]", bare)) and '"' not in bare:
        return "un texte qui contient « : » se met entre guillemets"
    if re.search(r"[:\[,{] *\?", bare):
        return "`?` ne dit pas « inconnu » : sans réponse, une question est inconnue ; effacez-la"
    return None


def _slip(pattern: str, aid: str) -> tuple[re.Pattern[str], str]:
    return re.compile(rf"\s*(?:- )?{pattern}"), aid


# What a line of YAML looks like with one slip in it, and what to write; the first that fits.
_SLIPS = (
    _slip(r"[–—•·]|\*\s", "`–` ou `•` n'est pas le tiret du clavier : tapez `-` et une espace"),
    _slip(r"-\t", "une tabulation suit le tiret : mettez une espace"),
    _slip(r"-[A-Za-z{\[]", "il manque une espace après le tiret"),
    _slip(r"[A-Za-zÀ-ÿ_]+:[^\s:]", "il manque une espace après les deux-points"),
    _slip(r"(\w+)\s*(?:=|::)\s*\S", "il manque les deux-points : `{0}: …`"),
    _slip(r"(\w+): fr: ", "il manque les accolades : `{0}: {{fr: …}}`"),
    _slip(r"(\w+): \(", "des accolades, pas des parenthèses : `{0}: {{…}}`"),
    _slip(r"\(\w+: ", "des accolades, pas des parenthèses : `{{…}}`"),
    _slip(r"not: (\w+): (\w+)", "il manque les accolades : `not: {{{0}: {1}}}`"),
    _slip(r"[^{]*\{[^}]*;", "dans des accolades, on sépare par des virgules, pas par `;`"),
    _slip(r"\w+: [^,:\"]+, \w+: ", "entourez d'accolades : `- {{…: …, …: …}}`"),
    _slip(
        r'.*""\w.*""',
        "un texte ne contient pas de guillemets droits : écrivez « … » à l'intérieur",
    ),
    _slip(r".*[:,{\[] *([%@`#])", "un texte qui commence par `{0}` se met entre guillemets"),
    _slip(r".*[:,{] *- ", "un texte qui commence par un tiret se met entre guillemets"),
)


def _indentation(lines: Sequence[str], line: int) -> str | None:
    """Say how a line stands beside the ones above it, where it fits under none of them."""
    before = _before(lines, line)
    if aid := _misplaced(lines, line):
        return aid
    if before is None:
        return None
    margin, is_item = _margin(lines[line]), lines[line].lstrip().startswith("-")
    if is_item and _margin(lines[before]) > margin and not lines[before].lstrip().startswith("-"):
        return "la ligne précédente n'a pas de tiret, ou son retrait est faux"
    above: int | None = before
    while above is not None and _margin(lines[above]) > margin:
        above = _before(lines, above)
    if above is None:
        return None
    return _lacking_dash(lines, line, above) or _beside(lines, line, above, is_next=above == before)


def _lacking_dash(lines: Sequence[str], line: int, above: int) -> str | None:
    """Say which of two lines that stand alike has no dash; or that none has one under `when`."""
    upper, is_item = lines[above], lines[line].lstrip().startswith("-")
    is_alike = _margin(upper) == _margin(lines[line])
    if not is_alike or upper.lstrip().startswith("-") == is_item or upper.rstrip().endswith(":"):
        return None
    head = _before(lines, above)
    if not is_item and head is not None and lines[head].strip() in ("when:", "not:"):
        where = f"effacez celui de la ligne {above + 1}"
        return f"sous `{lines[head].strip()}`, pas de tiret : {where}"
    return f"il manque peut-être un tiret au début de la ligne {(above if is_item else line) + 1}"


def _beside(lines: Sequence[str], line: int, above: int, *, is_next: bool) -> str | None:
    """Say how far in a line begins, where that fits under nothing."""
    margin, upper = _margin(lines[line]), lines[above]
    if _margin(upper) >= margin:
        return None
    if is_next and not upper.rstrip().endswith((":", "-")):
        return (
            f"retrait : cette ligne commence {_spaces(margin - _margin(upper))} plus loin que la "
            "précédente, qui a déjà sa valeur ; alignez-les"
        )
    margins = sorted({_margin(lines[n]) for n in range(above, line) if lines[n].strip()})
    wanted = " ou ".join(str(number) for number in margins)
    return f"retrait : {_spaces(margin)} devant cette ligne ; au-dessus, il y en a {wanted}"


def _misplaced(lines: Sequence[str], line: int) -> str | None:
    """Say that an entry does not stand under the one before it."""
    if not lines[line].lstrip().startswith("- id"):
        return None
    above = (n for n in range(line - 1, -1, -1) if lines[n].lstrip().startswith("- id"))
    margins = [_margin(lines[number]) for number in above][:1]
    if not margins or margins[0] == _margin(lines[line]):
        return None
    return (
        f"retrait : {_spaces(_margin(lines[line]))} devant ce tiret ; "
        f"l'élément d'avant en a {margins[0]}"
    )


def _spaces(number: int) -> str:
    return f"{number} espace{'s' if number > 1 else ''}"


def _margin(text: str) -> int:
    return len(text) - len(text.lstrip(" "))


# A text may start with « one word »; what ends with it, or never ends it, meant YAML's quotes.
_QUOTED = re.compile(
    r"(?:«(?P<a>[^»]*)(?P<x>»?)|[“„”](?P<b>[^”“]*)(?P<y>[”“]?)|[‘’](?P<c>.*?)(?P<z>’?))\s*"
)


def straight_quotes(text: str) -> str | None:
    """Return what to write in place of quotes that a typographer would set; None without them."""
    if text[:1] not in _OPENING or not (found := _QUOTED.fullmatch(text)):
        return None
    inner = (found["a"] or found["b"] or found["c"] or "").strip()
    if found["x"] or found["y"] or found["z"]:
        return f'vouliez-vous dire "{inner[:_LONGEST_QUOTE]}" ?'
    return 'entourez tout le texte de guillemets droits : "…"'


def opens_quotes(text: str) -> bool:
    """Tell whether a text begins with such a quote, and does not end with its fellow."""
    found = _QUOTED.fullmatch(text) if text[:1] in _OPENING else None
    return found is not None and not (found["x"] or found["y"] or found["z"])


_OPENING = ("«", "“", "„", "”", "‘", "’")
_LONGEST_QUOTE = 200
