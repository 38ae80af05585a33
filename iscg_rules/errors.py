"""Problems with a place, a stable code and a suggestion; one exception that carries them all.

Every message is one French sentence without capital or full stop, because rule authors read it;
the code before it is the same for ever and has its part in ``docs/errors.md``.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any, Self

from iscg_rules.error_codes import CODES, ENGLISH

__all__ = [
    "IscgError",
    "MissingPackageError",
    "Noted",
    "Place",
    "Problem",
    "collect",
    "failed_at",
]

# A file of a million mistakes has no reader: so many are told, and so many kept to choose from.
_MOST_TOLD, _MOST_KEPT = 100, 1_000


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where something stands in a file: line and column count from 1."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong, said so that the reader can repair it.

    Attributes:
        message, help: in French; `in_("en")` says what is wrong with answers and options.
        attribute, allowed: which one it is about, and the answers that it takes, if a list.
        params: what else the message names: numbers, and words of the vocabulary.
    """

    code: str
    message: str
    place: Place | None = None
    help: str | None = None
    attribute: str | None = None
    allowed: tuple[str, ...] = ()
    params: Mapping[str, str | float] = field(default_factory=dict, compare=False)

    def __post_init__(self) -> None:
        assert self.code in CODES, f"unlisted code {self.code}"

    def __str__(self) -> str:
        where = f"{self.place}: " if self.place else ""
        aid = f"\n  aide : {self.help}" if self.help else ""
        return f"{where}{self.code} {self.message}{aid}"

    def in_(self, language: str) -> str:
        """Return the message in a language; what is wrong with a file is told in French only."""
        english = ENGLISH.get(self.code) if language == "en" else None
        if english is None:
            return self.message
        return english.format_map({"attribute": self.attribute or "?", **self.params})

    def as_dict(self, language: str = "fr") -> dict[str, Any]:
        """Give the problem as JSON-ready values; absent parts are null."""
        return {
            "code": self.code,
            "message": self.in_(language),
            "attribute": self.attribute,
            "allowed": list(self.allowed),
            "params": dict(self.params),
            "file": self.place.file if self.place else None,
            "line": self.place.line if self.place else None,
            "column": self.place.column if self.place else None,
            "help": self.help,
        }


def _sort_key(problem: Problem) -> tuple[bool, Place, str, str]:
    place = problem.place or Place("", 0, 0)
    return (problem.place is None, place, problem.code, problem.message)


class Noted(list[Problem]):
    """Problems as they are met; the first are kept, and `more` counts the rest."""

    def __init__(self, problems: Iterable[Problem] = ()) -> None:
        super().__init__()
        self.more: int = 0
        self.extend(problems)

    def append(self, problem: Problem) -> None:
        """Keep a problem, or count it."""
        if self.is_full:
            self.more += 1
        else:
            super().append(problem)

    def extend(self, problems: Iterable[Problem]) -> None:
        """Keep problems, or count them; those that another list counted too."""
        for problem in problems:
            self.append(problem)
        self.more += getattr(problems, "more", 0)

    def __iadd__(self, problems: Iterable[Problem]) -> Self:  # type: ignore[override,misc] # a list takes more
        self.extend(problems)
        return self

    @property
    def is_full(self) -> bool:
        """Whether what is wrong is only counted from here on."""
        return len(self) >= _MOST_KEPT


class IscgError(Exception):
    """Everything that is wrong, in one go, ordered by file, line and column.

    `count` is how many problems there are; past a hundred, the last one told counts the rest.
    """

    def __init__(self, problems: Iterable[Problem]) -> None:
        more = getattr(problems, "more", 0)
        told = sorted(set(problems), key=_sort_key)
        self.count: int = len(told) + more
        rest = self.count - _MOST_TOLD
        if rest > 0:
            text = (
                f"{rest} autre{'s' if rest > 1 else ''} problème{'s' if rest > 1 else ''} en plus"
            )
            told = [*told[:_MOST_TOLD], Problem("A008", text, help="réparez d'abord ceux d'avant")]
        self.problems: tuple[Problem, ...] = tuple(told)
        super().__init__(self.problems)

    def __str__(self) -> str:
        return "\n".join(map(str, self.problems))


class MissingPackageError(IscgError, ImportError):
    """A012: what was asked for needs a package of one of the extras."""

    def __init__(self, message: str, aid: str) -> None:
        super().__init__([Problem("A012", message, help=aid)])


def collect(*checks: Callable[[], object]) -> None:
    """Make every check and raise what all of them find, in one go."""
    problems: list[Problem] = []
    for check in checks:
        try:
            check()
        except IscgError as error:
            problems += error.problems
    if problems:
        raise IscgError(problems)


def failed_at(error: BaseException) -> str:
    """Say where something of ours failed, and nothing of what it was given."""
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    place = (
        f"{PurePath(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace else "?"
    )
    return f"{type(error).__name__}, {place}"
