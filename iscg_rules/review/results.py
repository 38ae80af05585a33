"""What a reviewer reads about one change, as data."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from iscg_rules.diff.results import Revision
from iscg_rules.errors import Place, Problem
from iscg_rules.proof.findings.finding import Finding
from iscg_rules.proof.results import TriedChange
from iscg_rules.recommend.json_values import as_plain

__all__ = ["VERSION", "BrokenByChange", "CaseFailure", "LostGuard", "MergeReview"]

VERSION = 1


@dataclass(frozen=True, slots=True)
class BrokenByChange:
    """Something that cannot be meant, and was not so before.

    Attributes:
        finding: what was proven, with its smallest example.
        rules: the changed rules that are about it, and the kinds that they share with it.
        place: of the first of these rules; else that of the finding.
    """

    finding: Finding
    rules: tuple[str, ...]
    kinds: tuple[str, ...]
    place: Place | None


@dataclass(frozen=True, slots=True)
class CaseFailure:
    """A case that does not get what it expects; `was_kept`: None where it is a new case."""

    case: str
    title: str
    place: Place
    differences: tuple[str, ...]
    was_kept: bool | None


@dataclass(frozen=True, slots=True)
class LostGuard:
    """What no longer watches over the rules as it did, though nothing may seem to fail.

    Attributes:
        what: `case`, `guarantee`, `accepted`, a finding that is accepted now, `hours` or `contact`
            of a partner.
        id: which one; of a finding what it says.
        change: `removed`, `changed` or `added`.
        place: where it stands, or stood.
        words: a title, a reason, or what stood and what stands.
    """

    what: Literal["case", "guarantee", "accepted", "hours", "contact"]
    id: str
    change: Literal["removed", "changed", "added"]
    place: Place | None
    words: str


@dataclass(frozen=True, slots=True)
class MergeReview:
    """What a change does, and nothing that was so before it.

    Attributes:
        broken, failing: what must not pass.
        revision: what changes for whom, and the cases that move.
        guards: what nothing proves: cases, promises, hours, contacts, what is accepted anew.
        unseen: conditions of this change that no case notices, each with a case that would.
        findings, remarks: that are new.
        settled: how many findings and remarks are no more.
    """

    day: date
    broken: tuple[BrokenByChange, ...]
    failing: tuple[CaseFailure, ...]
    revision: Revision
    guards: tuple[LostGuard, ...]
    unseen: tuple[TriedChange, ...]
    findings: tuple[Finding, ...]
    remarks: tuple[Problem, ...]
    settled: int

    @property
    def must_not_pass(self) -> bool:
        """Tell whether anything stands against merging."""
        return bool(self.broken or self.failing)

    def as_dict(self) -> dict[str, Any]:
        """Return the review as JSON-ready values."""
        return {
            "version": VERSION,
            "day": self.day.isoformat(),
            "must_not_pass": self.must_not_pass,
            "broken": [
                {
                    **one.finding.as_dict(),
                    "rules": list(one.rules),
                    "kinds": list(one.kinds),
                    "file": one.place and one.place.file,
                    "line": one.place and one.place.line,
                    "column": one.place and one.place.column,
                }
                for one in self.broken
            ],
            "failing": [
                {
                    "case": one.case,
                    "title": one.title,
                    "file": one.place.file,
                    "line": one.place.line,
                    "differences": list(one.differences),
                    "was_kept": one.was_kept,
                }
                for one in self.failing
            ],
            "revision": self.revision.as_dict(),
            "guards": [as_plain(one) for one in self.guards],
            "unseen": [as_plain(one) for one in self.unseen],
            "findings": [one.as_dict() for one in self.findings],
            "remarks": [one.as_dict() for one in self.remarks],
            "settled": self.settled,
        }
