"""What the authors' cases show of the rules, and what they do not show; frozen, ready for JSON.

`docs/coverage-and-mutation.md` says precisely what each word means.
"""

import dataclasses
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

__all__ = [
    "Coverage",
    "Covered",
    "Effect",
    "Mutations",
    "Reach",
    "Shown",
    "TriedChange",
    "percent",
]

VERSION = 1
Owner = Literal["rule", "fact", "partner"]
ShownStatus = Literal["shown", "missing", "unreachable"]
Fate = Literal["noticed", "unnoticed", "unexpectable", "equivalent"]


@dataclass(frozen=True, slots=True)
class Shown:
    """Whether a case shows something: the first that does; `unreachable` means that none can.

    `draft`: a case that would show it, ready to paste, where one was asked for.
    """

    status: ShownStatus
    case: str | None = None
    draft: str | None = None


@dataclass(frozen=True, slots=True)
class Effect:
    """One test or fact of a condition, and whether cases show its effect on its own."""

    words: str
    when_true: Shown
    when_false: Shown


@dataclass(frozen=True, slots=True)
class Covered:
    """One condition: of a rule, a fact, or those whom a partner accepts; effects left to right."""

    owner: Owner
    id: str
    words: str
    file: str | None
    line: int | None
    effects: tuple[Effect, ...]

    @property
    def is_complete(self) -> bool:
        """Tell whether nothing is missing."""
        return not any(test.status == "missing" for test in self.shown)

    @property
    def shown(self) -> tuple[Shown, ...]:
        """Return what is asked of the cases, two for each test or fact."""
        return tuple(
            shown for effect in self.effects for shown in (effect.when_true, effect.when_false)
        )


@dataclass(frozen=True, slots=True)
class Reach:
    """A rule that holds, a kind that comes out, or an exclusion that holds."""

    id: str
    shown: Shown
    kind: str | None = None


@dataclass(frozen=True, slots=True)
class Coverage:
    """What the cases show of one rule set; `percent` leaves out what nothing can show."""

    cases: int
    conditions: tuple[Covered, ...]
    rules: tuple[Reach, ...]
    kinds: tuple[Reach, ...]
    exclusions: tuple[Reach, ...]
    percent: float = field(init=False)
    version: int = VERSION

    def __post_init__(self) -> None:
        object.__setattr__(self, "percent", percent(self.shown))

    @property
    def shown(self) -> tuple[Shown, ...]:
        """Return what is asked of the cases about every condition."""
        return tuple(shown for condition in self.conditions for shown in condition.shown)

    @property
    def is_complete(self) -> bool:
        """Tell whether nothing is missing."""
        reached = (entry.shown for entry in (*self.rules, *self.kinds, *self.exclusions))
        return not any(test.status == "missing" for test in (*self.shown, *reached))

    def to_json(self) -> str:
        """Return everything as JSON."""
        return _json(self)


@dataclass(frozen=True, slots=True)
class TriedChange:
    """One change made to one rule or fact, and whether a case notices it.

    Attributes:
        change: the sort of change, a stable word.
        words: what was changed, in French.
        fate: `unexpectable` where something differs that no case can expect (a reason, a strength
            that moves nothing); `equivalent` where nothing differs in any situation.
        case: the first case that notices.
        draft: a case that would notice, ready to paste.
    """

    owner: Owner
    id: str
    change: str
    words: str
    file: str | None
    line: int | None
    fate: Fate
    case: str | None = None
    draft: str | None = None


@dataclass(frozen=True, slots=True)
class Mutations:
    """Every change of one rule set, by id; `percent` counts those that a case can notice."""

    cases: int
    changes: tuple[TriedChange, ...]
    percent: float = field(init=False)
    version: int = VERSION

    def __post_init__(self) -> None:
        noticed, unnoticed = self.count("noticed"), self.count("unnoticed")
        object.__setattr__(self, "percent", _percent(noticed, noticed + unnoticed))

    def count(self, fate: Fate) -> int:
        """Count the changes of one fate."""
        return sum(change.fate == fate for change in self.changes)

    def to_json(self) -> str:
        """Return everything as JSON."""
        return _json(self)


def percent(shown: Iterable[Shown]) -> float:
    """Return how much of what can be shown is shown, of a hundred, to one decimal, rounded down."""
    counted = [test.status for test in shown if test.status != "unreachable"]
    return _percent(counted.count("shown"), len(counted))


def _percent(part: int, whole: int) -> float:
    # Rounded down: a hundred means that nothing at all is missing.
    return part * 1000 // whole / 10 if whole else 100.0


def _json(report: Coverage | Mutations) -> str:
    content = dataclasses.asdict(report)
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"
