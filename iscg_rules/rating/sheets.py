"""Sheets of a reading: a table to fill in, and what readers made of it, read back."""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from iscg_rules.engine import Engine
from iscg_rules.errors import IscgError, Noted, Place, Problem
from iscg_rules.plain_letters import plain_words
from iscg_rules.rating.kit import Kit

__all__ = ["CLASSES", "FilledSheet", "empty_sheet", "read_sheet"]

# From what would not be done to what would be done first: the classes that κ weighs.
CLASSES = ("non", "plus tard", "semaine", "aujourd’hui", "maintenant")
_COLUMNS = ("situation", "aide", "intitulé", "quand", "remarque")
_OTHER = "autre"
_DELIMITERS = (";", "\t", ",")
_LONGEST = 2_000_000
_WORDS: Mapping[str, int] = {
    **{plain_words(word): place for place, word in enumerate(CLASSES)},
    **{str(place): place for place in range(len(CLASSES))},
    "cette semaine": 2,
    "a prevoir": 1,
    "tout de suite": 4,
}


@dataclass(frozen=True, slots=True, repr=False)
class FilledSheet:
    """What one reader said: the class of each aid of each situation, where one was given."""

    ratings: Mapping[tuple[int, str], int]
    others: int


def empty_sheet(kit: Kit, engine: Engine) -> str:
    """Write the table to fill in, as French spreadsheets open it."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(_COLUMNS)
    kinds = engine.rule_set.vocabulary.kinds
    for one in kit.situations:
        writer.writerows((one.number, kind, kinds[kind].label.fr, "", "") for kind in one.aids)
        writer.writerow((one.number, _OTHER, "Une autre aide, en clair dans « remarque »", "", ""))
    return "\ufeff" + out.getvalue()


def read_sheet(data: bytes, label: str, kit: Kit) -> FilledSheet:
    """Read a sheet, whatever spreadsheet saved it; a cell left empty is no answer.

    Args:
        data: the bytes of the file.
        label: how it is named in a problem.
        kit: whose situations and aids it rates.

    Raises:
        IscgError: K002 with every line that cannot be read; no cell is ever repeated.
    """
    problems = Noted()
    rows = list(_rows(data, label, problems))
    wanted = {(one.number, kind) for one in kit.situations for kind in one.aids}
    numbers = {one.number for one in kit.situations}
    ratings: dict[tuple[int, str], int] = {}
    others = 0
    for line, row in rows:
        place = Place(label, line, 1)
        item = _item(row)
        if item is not None and item[0] in numbers and item[1] == _OTHER:
            others += bool(row.get("remarque") or row.get("quand"))
        elif item not in wanted:
            problems.append(_wrong("cette ligne n'est pas de ce livret", place, _KEEP))
        elif (given := plain_words(row.get("quand", ""))) and given not in _WORDS:
            problems.append(_wrong("`quand` n'est pas une des réponses", place, _ALLOWED))
        elif given and ratings.setdefault(item, _WORDS[given]) != _WORDS[given]:
            problems.append(_wrong("cette aide a deux réponses", place, "gardez une ligne"))
    if not problems and not ratings:
        problems.append(_wrong("aucune réponse dans cette feuille", Place(label, 1, 1), _ALLOWED))
    if problems:
        raise IscgError(problems)
    return FilledSheet(ratings, others)


_KEEP = "les colonnes `situation` et `aide` restent telles que `iscg-rules rating-kit` les écrit"
_ALLOWED = "possible\u00a0: " + ", ".join(CLASSES) + ", ou de 0 (non) à 4 (maintenant)"


def _wrong(text: str, place: Place, aid: str) -> Problem:
    return Problem("K002", text, place, aid)


def _item(row: Mapping[str, str]) -> tuple[int, str] | None:
    number = row.get("situation", "").strip()
    is_number = number.isascii() and number.isdecimal() and len(number) <= len(str(_LONGEST))
    return (int(number), row.get("aide", "").strip()) if is_number else None


def _rows(
    data: bytes, label: str, problems: list[Problem]
) -> Iterator[tuple[int, Mapping[str, str]]]:
    """Yield each line that holds something, with its number, by the names of its columns."""
    start = Place(label, 1, 1)
    if len(data) > _LONGEST or b"\0" in data:
        problems.append(_wrong("ce n'est pas une feuille de réponses", start, "un fichier CSV"))
        return
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        # An older spreadsheet; nothing that is compared holds what it would read awry.
        text = data.decode("cp1252", errors="replace")
    first = text.partition("\n")[0]
    delimiter = max(_DELIMITERS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        names = [plain_words(name) for name in next(reader, [])]
        if not {"situation", "aide", "quand"} <= set(names):
            problems.append(_wrong("il manque des colonnes", start, _KEEP))
            return
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield reader.line_num, dict(zip(names, cells, strict=False))
    except csv.Error:
        place = Place(label, reader.line_num + 1, 1)
        problems.append(
            _wrong("un guillemet n'est pas fermé", place, "enregistrez de nouveau en CSV")
        )
