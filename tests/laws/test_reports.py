"""What a report says of every person of a line: attackers who know the page, and how it was made.

A count that is not small can tell as much as a small one: where all who have one thing have another
too, whoever knows that somebody has the first knows the second.
"""

import random
from itertools import product

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from iscg_rules.reports.disclosure import Cell, Name, Relation, System
from iscg_rules.reports.protection import protect_cross, protect_lines
from tests.attacker import Attacker
from tests.crowd import draw, load_engine, publish

THRESHOLD = 3
CROSSED = {"situations_by_kind": ("situations", "kinds"), "gaps_by_area": ("areas", "gaps")}
CELLS = st.integers(0, 9)


def crossed(both, line, column, rows, threshold):
    """Give what is published of one crossing; None where it is hidden."""
    shown = protect_cross({"s": {"k": both}}, {"s": line}, {"k": column}, rows, threshold)
    return shown["s"]["k"]


def is_public(total, rows, threshold):
    """Tell whether a margin of so many is one that is shown and crossed."""
    return total == rows or threshold <= total <= rows - threshold


@given(CELLS, CELLS, CELLS, CELLS, st.integers(3, 5))
@settings(max_examples=400)
def test_a_crossing_never_says_that_all_of_a_line_are_in_a_column(
    both, first, second, neither, threshold
):
    line, column, rows = both + first, both + second, both + first + second + neither
    assume(rows >= threshold)
    assume(all(is_public(total, rows, threshold) for total in (line, column)))
    possible = range(max(0, line + column - rows), min(line, column) + 1)
    page = crossed(both, line, column, rows, threshold)
    like = [one for one in possible if crossed(one, line, column, rows, threshold) == page]
    for total in (line, column):
        # Told by the page, where the totals alone do not say it.
        assert any(one < total for one in like) or not any(one < total for one in possible)
    # Whoever knows how it was made still has so many counts to choose from.
    assert page is not None or len(like) >= min(threshold, len(possible))


@st.composite
def lines_over_columns(draw):
    """Draw counts of two lines, each person in one column, and totals that are shown."""
    size = draw(st.integers(2, 3))
    row = st.lists(st.integers(0, 6), min_size=size, max_size=size)
    lines = {"a": draw(row), "b": draw(row)}
    columns = [max(each) + draw(st.integers(0, 5)) for each in zip(*lines.values(), strict=True)]
    rows = sum(columns)
    assume(min(columns) >= THRESHOLD)
    assume(all(is_public(sum(values), rows, THRESHOLD) for values in lines.values()))
    return lines, columns, rows


@given(lines_over_columns())
def test_lines_never_say_that_all_of_a_column_are_in_them(drawn):
    lines, columns, rows = drawn
    page = protect_lines(lines, columns, rows, THRESHOLD)
    for name, values in lines.items():
        told = [shown == column for shown, column in zip(page[name], columns, strict=True) if shown]
        assert not any(told) or sum(values) == rows


def all_are(report, one, other):
    """Give the lines of a table and of another such that whoever is in the first is in both."""
    attacker = Attacker(report)
    tables = [report.tables[name].lines for name in (one, other)]
    rows = report.counted.rows
    return [
        (first.id, second.id)
        for first in tables[0]
        for second in tables[1]
        if "none" not in (first.id, second.id)
        # Of nobody all is true; of everybody the total says it.
        and first.count
        and second.count not in (0, rows)
        and not attacker.may_be_apart((one, (*first.id.split("+"),)), (other, (second.id,)))
    ]


def test_whole_reports_say_of_no_line_that_all_of_it_share_something(tmp_path):
    engine = load_engine(tmp_path)
    told, seen = [], 0
    for seed in range(40):
        crowd = draw(random.Random(seed), 20)  # noqa: S311 # no secret
        report = publish(crowd, engine, THRESHOLD)
        for name, (one, other) in CROSSED.items():
            seen += name in report.crosses
            told += [(seed, *pair) for pair in all_are(report, one, other)]
    assert seen > 40
    assert told == []


@st.composite
def squares(draw):
    """Draw two lines of three counts, and a tie: some of them are at least as many as another."""
    counts = {(line, place): draw(st.integers(0, 6)) for line in "ab" for place in range(3)}
    names = st.sampled_from(sorted(counts))
    parts, whole = draw(st.sets(names, min_size=1, max_size=2)), draw(names)
    assume(whole not in parts and sum(counts[one] for one in parts) >= counts[whole])
    return counts, tuple(sorted(parts)), whole


def all_tables(counts, shown, parts, whole):
    """Give every table of the same totals, of the same ties, and with the same counts shown."""
    rows = {line: sum(counts[line, place] for place in range(3)) for line in "ab"}
    columns = [counts["a", place] + counts["b", place] for place in range(3)]
    least = {
        # A mark is no zero, but in a line that is hidden whole.
        line: int(any((line, place) in shown for place in range(3)))
        for line in "ab"
    }
    for first, second in product(range(columns[0] + 1), range(columns[1] + 1)):
        upper = (first, second, rows["a"] - first - second)
        table = {("a", place): value for place, value in enumerate(upper)}
        table |= {("b", p): column - upper[p] for p, column in enumerate(columns)}
        if (
            all(shown.get(name, value) == value for name, value in table.items())
            and all(value >= least[name[0]] for name, value in table.items() if name not in shown)
            and sum(table[one] for one in parts) >= table[whole]
        ):
            yield table


@given(squares())
@settings(max_examples=settings().max_examples * 3)
def test_no_table_gives_away_what_is_hidden_in_it(drawn):
    counts, parts, whole = drawn
    rows = {line: sum(counts[line, place] for place in range(3)) for line in "ab"}
    columns = {place: counts["a", place] + counts["b", place] for place in range(3)}
    cells: dict[Name, Cell] = {
        name: Cell(total, total, "always") for name, total in (*rows.items(), *columns.items())
    }
    cells |= {
        name: Cell(count, min(rows[name[0]], columns[name[1]]), line=name[0])
        for name, count in counts.items()
    }
    relations = [Relation(tuple((line, p) for p in range(3)), line) for line in "ab"]
    relations += [Relation((("a", place), ("b", place)), place) for place in range(3)]
    relations.append(Relation(parts, whole, is_exact=False))
    system = System(cells, relations, THRESHOLD)
    hidden = system.hide()
    # Where totals that are shown say it by themselves, a report is not made.
    assume(not system.unprotected)
    shown = {name: count for name, count in counts.items() if name not in hidden}
    assert not any(0 < count < THRESHOLD for count in shown.values())
    found = list(all_tables(counts, shown, parts, whole))
    assert counts in found
    for name in hidden:
        values = {table[name] for table in found}
        assert counts[name] == 0 or max(values) - min(values) >= THRESHOLD - 1
