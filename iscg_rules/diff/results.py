"""What changes from one rule set to another, as data; ready for JSON.

`docs/diff.md` says precisely what each part means. Situations here are examples that were worked
out, never anybody's.
"""

from dataclasses import dataclass
from datetime import date

from iscg_rules.reading.binding import Source
from iscg_rules.recommend.json_values import AsJson
from iscg_rules.recommend.results import Answer

__all__ = [
    "VERSION",
    "CaseShift",
    "Example",
    "FittingAnswers",
    "Region",
    "Revision",
    "RuleShift",
    "Share",
    "SituationShift",
    "WordShift",
]

VERSION = 1


@dataclass(frozen=True, slots=True)
class Share:
    """How many of all situations that can be.

    Attributes:
        count: None where it is estimated, and not counted.
        total: None likewise.
        share: between 0 and 1.
        error: how far off the share can be, nineteen times in twenty; 0 where it is counted.
    """

    count: int | None
    total: int | None
    share: float
    error: float


@dataclass(frozen=True, slots=True)
class FittingAnswers:
    """The answers to one question that will do, and in words."""

    attribute: str
    variable: str
    answers: tuple[str | float, ...]
    words: str


@dataclass(frozen=True, slots=True)
class Example:
    """The smallest situation of a class: its answers, and what it gets before and after."""

    values: dict[str, str | float]
    answers: tuple[Answer, ...]
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Region:
    """A class of situations: all conditions hold; every one that can be changes."""

    conditions: tuple[FittingAnswers, ...]
    example: Example


@dataclass(frozen=True, slots=True)
class SituationShift:
    """One way in which situations are treated differently.

    Attributes:
        subject: the id of a kind, a sentence of advice, or nothing where situations are refused.
        label: the subject in words.
        change: one of `SHIFTS` in `proof/shifts.py`.
        since: the day from which it holds, where that is later than the day asked.
        until: the last day on which it holds, where another rule then takes over.
        share: how many situations are concerned.
        affected: the answers that are concerned, for each attribute that findings are grouped
            by and of which only some answers are.
        regions: classes of situations, the one with the smallest example first.
        has_more: there are situations beyond these classes.
        rules: the rules that changed and are about the subject, with their sources.
    """

    subject: str
    label: str
    change: str
    since: date | None
    until: date | None
    share: Share
    affected: tuple[FittingAnswers, ...]
    regions: tuple[Region, ...]
    has_more: bool
    rules: tuple[str, ...]
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class CaseShift:
    """One case that does not get the same any more; `version`: whose case it is."""

    case: str
    title: str
    version: str
    changes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RuleShift:
    """Something that authors wrote and changed: a rule, a fact, a word, a partner.

    Attributes:
        what: `rule`, `fact`, `ground`, `impossible`, `attribute`, `value`, `kind`, `area` or
            `partner`.
        id: its id, the newer one where it was renamed.
        change: `added`, `removed`, `renamed` or `changed`.
        parts: what changed of it; the older id where it was renamed.
    """

    what: str
    id: str
    change: str
    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WordShift:
    """Something that changed and moves no orientation: a text, a source, a date, a contact."""

    what: str
    id: str
    part: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Revision(AsJson):
    """Everything that changes from one rule set to another on a day, and after it.

    Attributes:
        version: of this shape.
        day: from which on the two are compared.
        is_changed: some situation is treated differently, on that day or after.
        share: how many situations are treated differently on that day.
        situations: kinds in the newer vocabulary's order, then advice, then what is refused.
        cases: those of both that do not get the same, in alphabetical order.
        rules: what was written and changed, whatever comes of it.
        words: what changed and moves no orientation.
    """

    version: int
    day: date
    is_changed: bool
    share: Share
    situations: tuple[SituationShift, ...]
    cases: tuple[CaseShift, ...]
    rules: tuple[RuleShift, ...]
    words: tuple[WordShift, ...]
