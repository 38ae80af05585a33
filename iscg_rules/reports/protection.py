"""Raw counts → what may be published of them: margins first, then what crosses two of them.

What a margin hides is left out of every table that it would be crossed in; margins are never
hidden for the sake of a crossed table. Only an area, or an answer that others know of a person, is
grouped instead: its smallest classes are put together until none is small.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from iscg_rules.reports.disclosure import Cell, Name, Relation, System

__all__ = [
    "Margin",
    "ShownCounts",
    "group_small",
    "protect_cross",
    "protect_lines",
    "protect_margins",
]

# Name → count; None where it is hidden.
ShownCounts = Mapping[str, int | None]
_ROWS = "rows"


@dataclass(frozen=True)
class Margin:
    """Counts of one table.

    Attributes:
        counts: by name, in order.
        is_partition: each row is counted once; else any number of times.
        none: where a table counts any number of times, the margin and the name that count the
            rows which it does not count at all.
        inside: the margin, of the same names, whose rows these are some of.
        is_covering: each row is counted once at least.
    """

    counts: Mapping[str, int] = field(repr=False)
    is_partition: bool
    none: tuple[str, str] | None = None
    inside: str | None = None
    is_covering: bool = False


def group_small(counts: Sequence[int], threshold: int) -> list[list[int]]:
    """Put classes together until none is small; classes that nobody is in stay out.

    Returns:
        The places of the classes, group by group, in order; the classes put together come last.
    """
    present = [place for place, count in enumerate(counts) if count]
    rising = sorted(present, key=lambda place: (counts[place], place))
    few = [place for place in rising if counts[place] < threshold]
    if not few:
        return [[place] for place in present]
    rest = [place for place in rising if place not in few]
    while rest and (len(few) == 1 or sum(counts[place] for place in few) < threshold):
        few.append(rest.pop(0))
    return [*([place] for place in present if place in rest), sorted(few)]


def protect_margins(
    margins: Mapping[str, Margin], rows: int, threshold: int
) -> dict[str, dict[str, int | None]]:
    """Return what may be shown of each margin, all of them linked by the rows that they count."""
    cells: dict[Name, Cell] = {_ROWS: Cell(rows, rows, "always")}
    relations: list[Relation] = []
    for table, margin in margins.items():
        for name, count in margin.counts.items():
            cells[table, name] = Cell(count, rows, line=table)
    for table, margin in margins.items():
        names = tuple((table, name) for name in margin.counts)
        if margin.is_partition:
            relations.append(Relation(names, _ROWS))
            continue
        for name, count in margin.counts.items():
            rest = ("without", table, name)
            whole = (margin.inside, name) if margin.inside else _ROWS
            cells[rest] = Cell(cells[whole].value - count, rows, "never")
            relations.append(Relation(((table, name), rest), whole))
        if margin.is_covering:
            relations.append(Relation(names, _ROWS, is_exact=False))
        if margin.none is not None:
            some = ("some", table)
            cells[some] = Cell(rows - cells[margin.none].value, rows, "never")
            relations.append(Relation((some, margin.none), _ROWS))
            relations.append(Relation(names, some, is_exact=False))
            relations += [Relation((some,), name, is_exact=False) for name in names]
    hidden = _hidden(cells, relations, threshold)
    return {
        table: {
            name: None if (table, name) in hidden else count
            for name, count in margin.counts.items()
        }
        for table, margin in margins.items()
    }


def protect_lines(
    counts: Mapping[str, Sequence[int]],
    columns: Sequence[int],
    rows: int,
    threshold: int,
    within: Sequence[tuple[str, str]] = (),
) -> dict[str, list[int | None]]:
    """Return what may be shown of lines whose counts add up to a total that is shown.

    Args:
        counts: line → one count a column; each line's sum is its total.
        columns: how many rows each column has in all; shown, and none of them small.
        rows: how many rows there are.
        threshold: as in `System`.
        within: pairs of lines such that whoever is counted in the first is in the second too.
    """
    cells: dict[Name, Cell] = {}
    relations: list[Relation] = []
    for place, most in enumerate(columns):
        cells["column", place] = Cell(most, most, "always")
    # Where everybody is counted, the totals say it all.
    open_lines = {line: values for line, values in counts.items() if sum(values) < rows}
    for line, values in open_lines.items():
        total = sum(values)
        cells["total", line] = Cell(total, total, "always")
        for place, value in enumerate(values):
            most = min(total, columns[place])
            cells[line, place] = Cell(value, most, line=line)
            without = Cell(columns[place] - value, columns[place], "never", guards_zero=value > 0)
            cells["without", line, place] = without
            pair = ((line, place), ("without", line, place))
            relations.append(Relation(pair, ("column", place)))
        relations.append(Relation(tuple((line, p) for p in range(len(columns))), ("total", line)))
    relations += [
        Relation(((large, place),), (small, place), is_exact=False)
        for small, large in within
        if small in open_lines and large in open_lines
        for place in range(len(columns))
    ]
    hidden = _hidden(cells, relations, threshold)
    return {
        line: [None if (line, place) in hidden else value for place, value in enumerate(values)]
        for line, values in counts.items()
    }


def protect_cross(
    counts: Mapping[str, Mapping[str, int]],
    lines: Mapping[str, int],
    columns: Mapping[str, int],
    rows: int,
    threshold: int,
) -> dict[str, dict[str, int | None]]:
    """Return what may be shown where a row may stand in several lines and in several columns.

    Args:
        counts: line → column → count.
        lines: the totals of the lines, all shown.
        columns: the totals of the columns, all shown.
        rows: how many rows there are.
        threshold: as in `System`.
    """
    shown: dict[str, dict[str, int | None]] = {}
    for line, in_line in lines.items():
        shown[line] = {}
        for column, in_column in columns.items():
            both = counts[line][column]
            without = (in_line - both, in_column - both)
            # Everybody in both: the totals say it all. Nobody in one without the other: that ties
            # this table to the others, and tells of each person in the one.
            guards = max(in_line, in_column) < rows
            # INVARIANT: nothing ties such a count to those beside it, and both totals are shown
            # and far enough from zero and from all: hidden, it keeps its protection.
            is_small = any(
                0 < count < threshold
                for count in (both, *without, rows - in_line - in_column + both)
            )
            is_told = is_small or (guards and both > 0 and 0 in without)
            shown[line][column] = None if is_told else both
    return shown


def _hidden(
    cells: Mapping[Name, Cell], relations: Sequence[Relation], threshold: int
) -> frozenset[Name]:
    system = System(cells, relations, threshold)
    hidden = system.hide()
    # Rather no report than one that tells; no population that was drawn has ever led here.
    assert not system.unprotected, "every count can be protected"
    return hidden
