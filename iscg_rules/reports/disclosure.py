"""Which counts of linked tables to hide, so that none can be worked out from those that are shown.

A count is small when it is above zero and below the threshold. Small counts are hidden first; then
others, the smallest first, until every count that is not shown keeps its protection: at least
`threshold` values, one after the other, remain possible for whoever knows every published count,
every total and this rule. The proof is made while hiding: for each count, two whole sets of tables
are built that would publish the same page and that lie that far apart.

Zeros are shown, except in a line that is hidden as a whole. What nobody publishes but everybody can
reckon, as "those of this area without this gap", is a count too, and is protected in the same way.
"""

from collections import defaultdict, deque
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

__all__ = ["LEAST_THRESHOLD", "Cell", "Relation", "System"]

# With 2, a single person would be hidden among two values.
LEAST_THRESHOLD = 3
Name = Hashable
_Bounds = dict[Name, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Cell:
    """One count.

    Attributes:
        value: what it is; this is never shown by itself, so that nothing prints it by mistake.
        most: what everybody knows that it cannot pass.
        shown: `"always"`; `"unless_hidden"`; `"never"`, for what is only reckoned.
        line: cells that are hidden together, zeros included, where nothing else protects them.
        guards_zero: zero is as telling as a small count: "nobody here is without it".
    """

    value: int = field(repr=False)
    most: int = field(repr=False)
    shown: Literal["always", "unless_hidden", "never"] = "unless_hidden"
    line: Name = None
    guards_zero: bool = False


@dataclass(frozen=True, slots=True)
class Relation:
    """What everybody knows: the parts add up to the whole, or to at least as much."""

    parts: tuple[Name, ...]
    whole: Name
    is_exact: bool = True


class System:
    """Counts and what ties them; `hide` says which of them not to show."""

    def __init__(
        self, cells: Mapping[Name, Cell], relations: Iterable[Relation], threshold: int
    ) -> None:
        assert threshold >= LEAST_THRESHOLD
        self._cells = cells
        self._relations = tuple(relations)
        self._threshold = threshold
        self._order = {name: place for place, name in enumerate(cells)}
        self._around: dict[Name, list[Relation]] = defaultdict(list)
        for relation in self._relations:
            for name in (*relation.parts, relation.whole):
                self._around[name].append(relation)
        self._hidden = {
            name
            for name, cell in cells.items()
            if cell.shown == "unless_hidden" and 0 < cell.value < threshold
        }
        self._lines: set[Name] = set()
        self._seen: _Bounds = {name: (cell.value,) * 2 for name, cell in cells.items()}
        self.unprotected: frozenset[Name] = frozenset()

    def hide(self) -> frozenset[Name]:
        """Name the cells not to be shown; `unprotected` has those that can be told even so."""
        proven: set[frozenset[Name]] = set()
        is_done = False
        while not is_done:
            is_done = True
            for stale in [component for component in self._components() if component not in proven]:
                # What was hidden meanwhile may have joined two of them.
                component = self._component_of(min(stale, key=self._order.__getitem__))
                weak = None if component in proven else self._weak(component)
                if weak is None:
                    proven.add(component)
                elif self._hide_more(weak, component):
                    is_done = False
                else:
                    # What is always shown says it by itself: nothing is left to hide.
                    proven.add(component)
                    self.unprotected |= {weak}
        return frozenset(self._hidden)

    def _is_open(self, name: Name) -> bool:
        """Tell whether a reader does not see the cell."""
        return name in self._hidden or self._cells[name].shown == "never"

    def _is_told(self, name: Name) -> bool:
        """Tell whether the cell must be kept from being worked out."""
        cell = self._cells[name]
        if name in self._hidden:
            # A zero is only hidden for the sake of others: to find it out is no harm.
            return cell.value > 0
        is_small = (0 if cell.guards_zero else 1) <= cell.value < self._threshold
        return cell.shown == "never" and is_small and cell.most > 0

    def _components(self) -> Iterator[frozenset[Name]]:
        """Yield the cells not seen, by what ties them; only where one must be protected."""
        seen: set[Name] = set()
        for name in self._cells:
            if name not in seen and self._is_open(name):
                component = self._component_of(name)
                seen |= component
                yield component

    def _component_of(self, start: Name) -> frozenset[Name]:
        component, waiting = {start}, [start]
        while waiting:
            for relation in self._around[waiting.pop()]:
                for other in (*relation.parts, relation.whole):
                    if other not in component and self._is_open(other):
                        component.add(other)
                        waiting.append(other)
        return frozenset(component)

    def _weak(self, component: frozenset[Name]) -> Name | None:
        """Return the first cell that is not protected; None when all are."""
        told = [name for name in self._sorted(component) if self._is_told(name)]
        if not told:
            return None
        start = self._bounds(component)
        width = self._threshold - 1
        for name in told:
            low, high = start[name]
            if high - low < width:
                return name
        return next((name for name in told if not self._lies_apart(name, start)), None)

    def _lies_apart(self, name: Name, start: _Bounds) -> bool:
        """Build whole tables in which a cell lies far enough apart.

        INVARIANT: a table that was built stays possible, whatever is hidden after it.
        """
        seen = self._seen
        width = self._threshold - 1
        if seen[name][1] - seen[name][0] >= width:
            return True
        low, high = start[name]
        for target in (*range(low, high + 1)[: width + 1], *range(high, low - 1, -1)[: width + 1]):
            table = self._complete(start, name, target)
            for other, value in (table or {}).items():
                least, most = seen[other]
                seen[other] = (min(least, value), max(most, value))
            if seen[name][1] - seen[name][0] >= width:
                return True
        return False

    def _bounds(self, component: Iterable[Name]) -> _Bounds:
        bounds: _Bounds = {}
        # In order: what is found, and so what is hidden, must not depend on how sets are kept.
        for name in self._sorted(component):
            cell = self._cells[name]
            # Whoever sees a mark instead of a count knows that the count is not zero, unless the
            # whole line is hidden.
            is_whole_line = cell.line is not None and cell.line in self._lines
            least = 0 if cell.shown == "never" or is_whole_line else 1
            bounds[name] = (min(least, cell.value), cell.most)
        narrowed = self._narrowed(bounds, list(bounds))
        assert narrowed is not None, "the counts themselves are possible"
        return narrowed

    def _narrowed(self, bounds: _Bounds, changed: Iterable[Name]) -> _Bounds | None:
        """Narrow bounds by every relation around what has changed; None when nothing is left."""
        waiting = deque(dict.fromkeys(r for name in changed for r in self._around[name]))
        queued = set(waiting)
        while waiting:
            relation = waiting.popleft()
            queued.discard(relation)
            for name, low, high in self._tightened(relation, bounds):
                if low > high:
                    return None
                bounds[name] = (low, high)
                for other in self._around[name]:
                    if other not in queued:
                        queued.add(other)
                        waiting.append(other)
        return bounds

    def _tightened(self, relation: Relation, bounds: _Bounds) -> Iterator[tuple[Name, int, int]]:
        parts = [self._bound(name, bounds) for name in relation.parts]
        low_sum, high_sum = sum(low for low, _ in parts), sum(high for _, high in parts)
        whole_low, whole_high = self._bound(relation.whole, bounds)
        high = min(whole_high, high_sum)
        low = max(whole_low, low_sum) if relation.is_exact else whole_low
        if (low, high) != (whole_low, whole_high):
            if relation.whole in bounds or low > high:
                yield relation.whole, low, high
            if low > high:
                return
        for name, (part_low, part_high) in zip(relation.parts, parts, strict=True):
            least = max(part_low, low - (high_sum - part_high))
            most = min(part_high, high - (low_sum - part_low)) if relation.is_exact else part_high
            if (least, most) != (part_low, part_high):
                yield name, least, most

    def _bound(self, name: Name, bounds: _Bounds) -> tuple[int, int]:
        known = bounds.get(name)
        return known if known is not None else (self._cells[name].value,) * 2

    def _complete(self, start: _Bounds, name: Name, target: int) -> dict[Name, int] | None:
        """Fill in every cell that is not seen: one as wanted, the others as they are or near."""
        bounds = self._narrowed({**start, name: (target, target)}, [name])
        while bounds is not None:
            table = {
                other: min(max(self._cells[other].value, low), high)
                for other, (low, high) in bounds.items()
            }
            broken = self._broken(table)
            if broken is None:
                return table
            mended = self._mended(broken, table, bounds)
            bounds = mended and self._narrowed({**bounds, mended[0]: (mended[1],) * 2}, mended[:1])
        return None

    def _broken(self, table: Mapping[Name, int]) -> tuple[Relation, int] | None:
        """Return the first relation that a table breaks, and what its parts lack."""
        changed = [name for name, value in table.items() if value != self._cells[name].value]
        for name in changed:
            for relation in self._around[name]:
                total = sum(self._value(part, table) for part in relation.parts)
                lacking = self._value(relation.whole, table) - total
                if lacking > 0 or (lacking < 0 and relation.is_exact):
                    return relation, lacking
        return None

    def _value(self, name: Name, table: Mapping[Name, int]) -> int:
        filled = table.get(name)
        return self._cells[name].value if filled is None else filled

    def _mended(
        self, broken: tuple[Relation, int], table: Mapping[Name, int], bounds: _Bounds
    ) -> tuple[Name, int] | None:
        """Return the cell of a broken relation that can do most to mend it, and its new value."""
        relation, lacking = broken
        best: tuple[int, Name, int] | None = None
        for name in (*relation.parts, relation.whole):
            low, high = bounds.get(name, (0, 0))
            if low == high:
                continue
            wanted = table[name] + (lacking if name in relation.parts else -lacking)
            value = min(max(wanted, low), high)
            done = abs(value - table[name])
            if done and (best is None or done > best[0]):
                best = (done, name, value)
        return best and best[1:]

    def _hide_more(self, weak: Name, component: frozenset[Name]) -> bool:
        """Hide the smallest count beside the weak one; failing that, its line with the zeros."""
        reach = [name for name in self._beside([weak]) if self._is_open(name)]
        for around in ([weak], reach, component):
            counts = [
                name
                for name in self._beside(around)
                if not self._is_open(name)
                and self._cells[name].shown == "unless_hidden"
                and self._cells[name].value
            ]
            if counts:
                key = min(counts, key=lambda name: (self._cells[name].value, self._order[name]))
                self._hidden.add(key)
                return True
        lines = [self._cells[name].line for name in (weak, *reach, *self._sorted(component))]
        line = next((line for line in lines if line is not None and line not in self._lines), None)
        if line is None:
            return False
        self._lines.add(line)
        self._hidden |= {
            name
            for name, cell in self._cells.items()
            if cell.line == line and cell.shown == "unless_hidden"
        }
        return True

    def _beside(self, names: Iterable[Name]) -> list[Name]:
        """Return the cells that share a relation with one of these."""
        relations = [relation for name in names for relation in self._around[name]]
        return self._sorted(
            {name for relation in relations for name in (*relation.parts, relation.whole)}
        )

    def _sorted(self, names: Iterable[Name]) -> list[Name]:
        return sorted(names, key=self._order.__getitem__)
