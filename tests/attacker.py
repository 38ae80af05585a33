"""Somebody who has a whole report and knows how it was made, and wants what is hidden in it.

They think of every population that could be: people each with an area, a role, an urgency, types of
situation, orientations and gaps, such that every table comes out as it was published. A hidden
count is as safe as it has values among all those populations. A solver looks for them.
"""

from collections.abc import Iterator
from itertools import combinations

from pysat.card import ITotalizer
from pysat.formula import IDPool
from pysat.solvers import Cadical153

# A fact is a table and the names of which one holds; a cell is facts that hold together.
Fact = tuple[str, tuple[str, ...]]
Cell = tuple[Fact, ...]


def published(report) -> Iterator[tuple[Cell, int, int]]:
    """Give what a reader knows of each count: what it is about, its least and its most."""
    rows = report.counted.rows
    for table in report.tables.values():
        is_partial = any(line.count is not None for line in table.lines if line.id != "none")
        for line in table.lines:
            names = tuple(line.id.split("+"))
            yield ((table.id, names),), *_bounds(line.count, int(is_partial), rows)
    for cross, (across, down) in {
        "gaps_by_area": ("gaps", "areas"),
        "situations_by_kind": ("situations", "kinds"),
    }.items():
        if cross not in report.crosses:
            continue
        found = report.crosses[cross]
        for line in found.lines:
            is_partial = found.is_partition and any(count is not None for count in line.counts)
            for head, count in zip(found.columns, line.counts, strict=True):
                cell = ((across, (line.id,)), (down, tuple(head.id.split("+"))))
                yield cell, *_bounds(count, int(is_partial), rows)


def _bounds(count, least, rows):
    return (least, rows) if count is None else (count, count)


class Attacker:
    """Knows one report."""

    def __init__(self, report) -> None:
        self._rows = report.counted.rows
        self._solver = Cadical153()
        self._pool = IDPool()
        self._known = {cell: (low, high) for cell, low, high in published(report)}
        self._counters: dict[Cell, tuple[list[int], list[int]]] = {}
        tables = {
            name: tuple(one for line in table.lines for one in line.id.split("+"))
            for name, table in report.tables.items()
        }
        self._areas = tables["areas"]
        for person in range(self._rows):
            self._add_person(person, report, tables)
        for cell, (low, high) in self._known.items():
            for literal in (*self._at_least(cell, low), *self._at_most(cell, high)):
                self._solver.add_clause([literal])

    @property
    def hidden(self) -> list[Cell]:
        return [cell for cell, (low, high) in self._known.items() if low != high]

    def values(self, cell: Cell, wanted: int) -> int:
        """Count values that a hidden count may have, up to as many as wanted."""
        low, high = self._known[cell]
        found = 0
        for value in range(low, high + 1):
            assumed = [*self._at_least(cell, value), *self._at_most(cell, value)]
            found += self._solver.solve(assumptions=assumed)
            if found == wanted:
                break
        return found

    def may_be_apart(self, one: Fact, other: Fact) -> bool:
        """Tell whether somebody may have one thing without the other: all people are alike here."""
        return bool(
            self._solver.solve(assumptions=[self._any_of(0, *one), -self._any_of(0, *other)])
        )

    def _fact(self, person, table, name) -> int:
        found: int = self._pool.id((person, table, name))
        return found

    def _add_person(self, person, report, tables):
        add = self._solver.add_clause
        for name, table in report.tables.items():
            literals = [self._fact(person, name, one) for one in tables[name]]
            if table.is_partition:
                add(literals)
                for one, other in combinations(literals, 2):
                    add([-one, -other])
        for name in (one.id for one in report.tables["kinds"].lines):
            add([-self._fact(person, "gaps", name), self._fact(person, "kinds", name)])
        for table, none in (
            ("situations", ("situations", "none")),
            ("gaps", ("gaps", "none")),
            ("kinds", ("urgency", "no_orientation")),
        ):
            nothing = self._fact(person, *none)
            names = [line.id for line in report.tables[table].lines if line.id != "none"]
            literals = [self._fact(person, table, name) for name in names]
            add([nothing, *literals])
            for literal in literals:
                add([-nothing, -literal])

    def _counter(self, cell: Cell) -> tuple[list[int], list[int]]:
        """Give literals that follow from so many people within, and from so many without."""
        if cell not in self._counters:
            held = [self._holds(person, cell) for person in range(self._rows)]
            self._counters[cell] = (self._total(held), self._total([-one for one in held]))
        return self._counters[cell]

    def _total(self, literals: list[int]) -> list[int]:
        top = self._pool.top
        with ITotalizer(lits=literals, ubound=len(literals), top_id=top) as total:
            self._pool.occupy(top + 1, total.top_id)
            self._pool.top = max(self._pool.top, total.top_id)
            for clause in total.cnf.clauses:
                self._solver.add_clause(clause)
            return list(total.rhs)

    def _at_most(self, cell: Cell, most: int) -> list[int]:
        within, _ = self._counter(cell)
        return [-within[most]] if most < self._rows else []

    def _at_least(self, cell: Cell, least: int) -> list[int]:
        _, without = self._counter(cell)
        return [-without[self._rows - least]] if least > 0 else []

    def _holds(self, person: int, cell: Cell) -> int:
        literals = [self._any_of(person, table, names) for table, names in cell]
        if len(literals) == 1:
            return literals[0]
        both: int = self._pool.id((person, cell))
        for literal in literals:
            self._solver.add_clause([-both, literal])
        self._solver.add_clause([both, *(-literal for literal in literals)])
        return both

    def _any_of(self, person: int, table: str, names: tuple[str, ...]) -> int:
        literals = [self._fact(person, table, name) for name in names]
        if len(literals) == 1:
            return literals[0]
        one: int = self._pool.id((person, table, names))
        self._solver.add_clause([-one, *literals])
        for literal in literals:
            self._solver.add_clause([-literal, one])
        return one
