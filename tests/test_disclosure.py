"""What is hidden stays hidden: attackers who know all that is published, and how, and reckon."""

import random
from itertools import product
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from iscg_rules.reports.disclosure import Cell, Relation, System
from iscg_rules.reports.protection import (
    Margin,
    group_small,
    protect_cross,
    protect_lines,
    protect_margins,
)
from tests.attacker import Attacker
from tests.crowd import draw, load_engine, publish

ROWS = 40
# Part of a protected table, and what a reader sees of it.
counts = st.integers(0, 8)


def options(shown, most):
    """Give what each count may be; what is hidden is not zero, unless all of it is hidden."""
    least = 0 if all(one is None for one in shown) else 1
    return [
        range(least, top + 1) if one is None else [one]
        for one, top in zip(shown, most, strict=True)
    ]


def tables(shown, most, is_possible):
    """Give every table that could have been published so: brute force, no cleverness shared."""
    return [one for one in product(*options(shown, most)) if is_possible(one)]


def pinned(shown, truth, found, threshold):
    """Give the places of hidden counts, zeros apart, that have too few values among the tables."""
    places = [
        p for p, (one, true) in enumerate(zip(shown, truth, strict=True)) if true and one is None
    ]
    return [p for p in places if len({table[p] for table in found}) < threshold]


@given(st.lists(counts, min_size=2, max_size=4), st.integers(3, 5), st.data())
def test_no_subtraction_in_a_line_gives_a_hidden_count(values, threshold, data):
    total = sum(values)
    extra = data.draw(st.lists(st.integers(0, 6), min_size=len(values), max_size=len(values)))
    columns = [value + more for value, more in zip(values, extra, strict=True)]
    assume(total >= threshold and min(columns) >= threshold)
    rows = sum(columns)
    assume(total == rows or rows - total >= threshold)
    shown = protect_lines({"line": values}, columns, rows, threshold)["line"]
    most = [min(total, column) for column in columns]
    found = tables(shown, most, lambda table: sum(table) == total)
    assert pinned(shown, values, found, threshold) == []
    assert [one for one in shown if one is not None and 0 < one < threshold] == []


@given(st.lists(counts, min_size=2, max_size=4), st.integers(3, 5), st.data())
def test_a_line_never_says_that_all_or_nearly_all_of_an_area_are_in_it(values, threshold, data):
    total = sum(values)
    extra = data.draw(st.lists(st.integers(0, 6), min_size=len(values), max_size=len(values)))
    columns = [value + more for value, more in zip(values, extra, strict=True)]
    rows = sum(columns)
    assume(total >= threshold and min(columns) >= threshold and rows - total >= threshold)
    shown = protect_lines({"line": values}, columns, rows, threshold)["line"]
    pairs = [pair for pair in zip(shown, columns, strict=True) if pair[0]]
    assert [one for one, column in pairs if column - one < threshold] == []


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 2)), min_size=2, max_size=3))
@settings(max_examples=60)
def test_a_line_within_another_does_not_give_it_away(pairs):
    threshold = 3
    small = [low for low, _ in pairs]
    large = [low + more for low, more in pairs]
    columns = [value + 4 for value in large]
    assume(sum(small) >= threshold)
    shown = protect_lines(
        {"small": small, "large": large}, columns, sum(columns), threshold, [("small", "large")]
    )
    size = len(small)
    both = [*shown["small"], *shown["large"]]
    first, second = (
        options(shown[name], [min(sum(v), c) for c in columns])
        for name, v in (("small", small), ("large", large))
    )
    found = [
        table
        for table in product(*first, *second)
        if sum(table[:size]) == sum(small)
        and sum(table[size:]) == sum(large)
        and all(one <= other for one, other in zip(table[:size], table[size:], strict=True))
    ]
    assert pinned(both, [*small, *large], found, threshold) == []


@given(st.lists(counts, min_size=2, max_size=4), st.integers(3, 5))
def test_no_subtraction_from_all_rows_gives_a_hidden_count(values, threshold):
    rows = sum(values)
    assume(rows >= threshold)
    names = [f"n{place}" for place in range(len(values))]
    margin = Margin(dict(zip(names, values, strict=True)), is_partition=True)
    shown = list(protect_margins({"role": margin}, rows, threshold)["role"].values())
    most = [rows] * len(values)
    found = tables(shown, most, lambda table: sum(table) == rows)
    assert pinned(shown, values, found, threshold) == []


@given(st.integers(0, 12), st.integers(0, 12), st.integers(0, 12), st.integers(0, 12))
def test_two_totals_never_give_what_crosses_them(both, first, second, neither):
    threshold, rows = 4, both + first + second + neither
    assume(rows >= threshold)
    line, column = both + first, both + second
    safe = [0 if total in (0, rows) else min(total, rows - total) for total in (line, column)]
    assume(all(one == 0 or one >= threshold for one in safe) and line and column)
    shown = protect_cross({"s": {"k": both}}, {"s": line}, {"k": column}, rows, threshold)["s"]["k"]
    possible = range(max(0, line + column - rows), min(line, column) + 1)
    assert shown in (None, both)
    assert shown is not None or len([one for one in possible if one]) >= threshold


@given(st.lists(st.integers(0, 12), min_size=1, max_size=8), st.integers(3, 6))
def test_small_classes_are_put_together_until_none_is_small(counts, threshold):
    groups = group_small(counts, threshold)
    sums = [sum(counts[place] for place in group) for group in groups]
    assert sorted(p for group in groups for p in group) == [p for p, n in enumerate(counts) if n]
    assert [one for one in sums if one < threshold] == [] or len(groups) == 1


def test_one_small_class_takes_another_with_it():
    assert group_small([40, 2, 9, 0], 5) == [[0], [1, 2]]


def test_a_count_alone_in_its_line_takes_another_with_it():
    shown = protect_lines({"gap": [3, 8, 20]}, [40, 40, 40], 120, 5)
    assert shown == {"gap": [None, None, 20]}


def test_needs_that_nearly_all_have_are_hidden_so_that_those_who_are_served_are_not_counted():
    margins = {
        "kinds": Margin({"shelter": 20}, is_partition=False),
        "gaps": Margin({"shelter": 18}, is_partition=False, inside="kinds"),
    }
    shown = protect_margins(margins, 100, 5)
    assert shown == {"kinds": {"shelter": 20}, "gaps": {"shelter": None}}


def test_an_orientation_that_nearly_all_have_is_hidden():
    margin = Margin({"listening": 97, "shelter": 20}, is_partition=False)
    shown = protect_margins({"kinds": margin}, 100, 5)
    assert shown == {"kinds": {"listening": None, "shelter": 20}}


def test_what_is_hidden_is_not_shown_by_a_representation():
    cell = Cell(3, 40)
    margin = Margin({"a": 3}, is_partition=True)
    assert "3" not in repr(cell)
    assert "3" not in repr(margin)


def test_what_cannot_be_protected_is_named():
    cells: dict[Any, Cell] = {
        "all": Cell(4, 4, "always"),
        "other": Cell(1, 4, "always"),
        "few": Cell(3, 4),
    }
    system = System(cells, [Relation(("few", "other"), "all")], 5)
    assert system.hide() == {"few"}
    assert system.unprotected == {"few"}


def survey(folder, seeds, people, threshold):
    """Attack many reports: how many hidden counts there are, and those pinned to few values."""
    engine = load_engine(folder)
    hidden, found = 0, []
    for seed in seeds:
        crowd = draw(random.Random(seed), people)  # noqa: S311 # no secret
        attacker = Attacker(publish(crowd, engine, threshold))
        hidden += len(attacker.hidden)
        found += [c for c in attacker.hidden if attacker.values(c, threshold) < threshold]
    return hidden, found


def test_whole_populations_do_not_pin_down_what_is_hidden(tmp_path):
    hidden, found = survey(tmp_path, range(12), 12, 3)
    assert hidden > 60
    assert found == []


# Three situations, three orientations, a dozen people: there, and only there, chains of logic over
# several tables can still say more than sums do; `docs/privacy-of-reports.md` says so.
@pytest.mark.slow
def test_logic_over_several_tables_pins_down_less_than_one_in_a_hundred(tmp_path):
    hidden, found = survey(tmp_path, range(100, 400), 14, 3)
    assert hidden > 2_000
    assert len(found) < hidden / 100
