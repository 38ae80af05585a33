"""Published counts as CSV files and as text; a hidden count is `masqué` everywhere."""

from collections.abc import Iterable, Iterator, Sequence

from iscg_rules.error_codes import CODES
from iscg_rules.reports.results import Counted, Cross, Line, OneWay, Replay, Report

__all__ = [
    "ABOUT",
    "BETWEEN",
    "HIDDEN",
    "TABLES",
    "csv_files",
    "left_out",
    "number",
    "ordered",
    "period",
    "replay_text",
    "share",
]

HIDDEN = "masqué"
# The file that says what a report is, and its line that lists the other files.
ABOUT, TABLES, BETWEEN = "about.csv", "tableaux", "|"
NBSP, THIN = "\u00a0", "\u202f"
_MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre",
    "octobre", "novembre", "décembre",
)  # fmt: skip
_PERCENT = 100


def number(count: int | None) -> str:
    """Write a count as French readers do."""
    return HIDDEN if count is None else f"{count:,}".replace(",", THIN)


def share(count: int | None, rows: int) -> str:
    """Write a count as a share of all rows, in whole percents."""
    if count is None:
        return ""
    percent = _PERCENT * count / rows
    if 0 < percent < 1:
        return f"<{NBSP}1{NBSP}%"
    if _PERCENT - 1 < percent < _PERCENT:
        return f">{NBSP}99{NBSP}%"
    return f"{percent:.0f}{NBSP}%"


def period(counted: Counted) -> str:
    """Say from which month to which the moments go."""
    if counted.first_month is None or counted.last_month is None:
        return "période non précisée"
    first, last = (_month(month) for month in (counted.first_month, counted.last_month))
    return first if first == last else f"de {first} à {last}"


def _month(month: str) -> str:
    year, place = month.split("-")
    return f"{_MONTHS[int(place) - 1]} {year}"


def left_out(counted: Counted) -> str:
    """Say how many rows were left out, and why."""
    if not counted.left_out:
        return "aucune ligne écartée"
    several = "s" if counted.left_out > 1 else ""
    codes = " ; ".join(f"{code}, {CODES[code]}{NBSP}: {n}" for code, n in counted.codes.items())
    return (
        f"{number(counted.left_out)} ligne{several} illisible{several}, écartée{several} ({codes})"
    )


def ordered(lines: Iterable[Line]) -> list[Line]:
    """Put the largest first; hidden counts come last, in the order of the vocabulary.

    Privacy: a place among the others would tell what is hidden.
    """
    return sorted(lines, key=lambda line: (line.count is None, -(line.count or 0)))


def csv_files(report: Report) -> Iterator[tuple[str, str]]:
    """Yield the name and the text of each CSV file of a report, `ABOUT` first."""
    counted = report.counted
    tables = dict(_tables(report))
    yield (
        ABOUT,
        _csv(
            [
                ("cle", "valeur"),
                ("lignes_comptees", counted.rows),
                ("lignes_ecartees", counted.left_out),
                ("premier_mois", counted.first_month or ""),
                ("dernier_mois", counted.last_month or ""),
                ("seuil", counted.threshold),
                ("territoire", report.territory or ""),
                ("version", counted.engine),
                ("regles", report.rules),
                (TABLES, BETWEEN.join(tables)),
            ]
        ),
    )
    yield from tables.items()


def _tables(report: Report) -> Iterator[tuple[str, str]]:
    for table in report.tables.values():
        lines = [(line.id, line.label, _cell(line.count)) for line in table.lines]
        yield f"{table.id}.csv", _csv([("id", "libelle", "nombre"), *lines])
    for cross in report.crosses.values():
        heads = ("id", "libelle", "total", *(column.id for column in cross.columns))
        rows = [(line.id, line.label, line.total, *map(_cell, line.counts)) for line in cross.lines]
        yield f"{cross.id}.csv", _csv([heads, *rows])


def _cell(count: int | None) -> str:
    return HIDDEN if count is None else str(count)


def _csv(rows: Iterable[Sequence[object]]) -> str:
    return "".join(",".join(map(_quoted, row)) + "\n" for row in rows)


# A spreadsheet takes what begins so for a formula, and runs it.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def _quoted(value: object) -> str:
    text = f"'{value}" if str(value).startswith(_FORMULA) else str(value)
    if any(mark in text for mark in ',"\r\n'):
        escaped = text.replace('"', '""')
        return f'"{escaped}"'
    return text


def replay_text(replay: Replay) -> str:
    """Write what other rules would have changed, for a terminal."""
    return "\n".join(_replay_lines(replay)) + "\n"


def _replay_lines(replay: Replay) -> Iterator[str]:
    counted = replay.counted
    rows = number(counted.rows)
    yield f"Ce que d’autres règles auraient changé · {rows} situations, {period(counted)}"
    yield f"règles {replay.old} → {replay.new} ; {left_out(counted)}"
    yield ""
    same = f"{number(replay.unchanged)} {_share(replay.unchanged, counted)}".rstrip()
    yield f"Sans aucun changement{NBSP}: {same}"
    yield ""
    yield from _lines(replay.classes, counted)
    for cross in (replay.kinds, *replay.by):
        if cross is not None and cross.lines:
            yield ""
            yield from _cross_lines(cross)
    yield ""
    yield (
        f"Ce sont les orientations que les règles proposent, pas l’aide reçue. Les nombres de 1 à "
        f"{counted.threshold - 1} sont masqués, et d’autres avec eux."
    )


def _share(count: int | None, counted: Counted) -> str:
    return "" if count is None else f"({share(count, counted.rows)})"


def _lines(table: OneWay, counted: Counted) -> Iterator[str]:
    yield table.title.upper()
    width = max(len(line.label) for line in table.lines)
    for line in table.lines:
        text = f"  {line.label:<{width}}  {number(line.count):>8} {_share(line.count, counted)}"
        yield text.rstrip()


def _cross_lines(cross: Cross) -> Iterator[str]:
    yield cross.title.upper()
    for line in cross.lines:
        yield f"  {line.label} ({number(line.total)})"
        parts = [
            f"{column.label} {number(count)}"
            for column, count in zip(cross.columns, line.counts, strict=True)
            if count != 0
        ]
        yield from (f"    {part}" for part in parts)
