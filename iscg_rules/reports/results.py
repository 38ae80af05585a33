"""What is published about many situations: counts, None where one is hidden; never a situation."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

__all__ = [
    "VERSION",
    "Counted",
    "Cross",
    "CrossLine",
    "Line",
    "OneWay",
    "Replay",
    "Report",
]

VERSION = 1


@dataclass(frozen=True, slots=True)
class Line:
    """One count with its id and its words; `count` is null where it is hidden."""

    id: str
    label: str
    count: int | None


@dataclass(frozen=True, slots=True)
class OneWay:
    """Counts side by side; `is_partition` when each row is counted in one of them only."""

    id: str
    title: str
    lines: tuple[Line, ...]
    is_partition: bool


@dataclass(frozen=True, slots=True)
class CrossLine:
    """One line of counts, in the order of the table's columns."""

    id: str
    label: str
    total: int
    counts: tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class Cross:
    """Counts of what stands in a line and in a column at once."""

    id: str
    title: str
    columns: tuple[Line, ...]
    lines: tuple[CrossLine, ...]
    is_partition: bool


@dataclass(frozen=True, slots=True)
class Counted:
    """Which rows the counts are about.

    Attributes:
        rows: how many were counted.
        left_out: how many could not be read.
        codes: how many of those for each code.
        first_month: of the moments given, as 2026-01; null where none is given.
        last_month: the same.
        threshold: counts above zero and below it are hidden, and others with them.
        engine: the version of this library.
    """

    rows: int
    left_out: int
    codes: Mapping[str, int]
    first_month: str | None
    last_month: str | None
    threshold: int
    engine: str


@dataclass(frozen=True, slots=True)
class Report:
    """What the rules propose for many situations; `rules` is a digest of their files."""

    counted: Counted
    rules: str
    territory: str | None
    tables: Mapping[str, OneWay]
    crosses: Mapping[str, Cross]


@dataclass(frozen=True, slots=True)
class Replay:
    """What other rules would have changed; `old` and `new` are digests of the files of each."""

    version: int
    counted: Counted
    old: str
    new: str
    unchanged: int | None
    classes: OneWay
    kinds: Cross | None
    by: tuple[Cross, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return it as JSON-ready values."""
        return asdict(self)
