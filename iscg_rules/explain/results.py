"""What an explanation is: why, why not, what would change it, and what differs; ready for JSON.

`docs/explanations.md` says precisely what each means. No `repr` here shows anything of a person.
"""

from dataclasses import dataclass
from typing import Any, Literal

from iscg_rules.model.closed_words import Goal, KindStatus, Lack, StrengthWord, UrgencyWord
from iscg_rules.reading.binding import Source
from iscg_rules.recommend.results import (
    Answer,
    Discreet,
    ExclusionReason,
    NextQuestion,
    Question,
    Reason,
)
from iscg_rules.recommend.signed_results import Result

__all__ = [
    "Alternative",
    "AppliedRule",
    "Change",
    "Comparison",
    "Difference",
    "NextQuestions",
    "Origin",
    "PartnerGap",
    "PersonAccount",
    "RuleGap",
    "SufficientSet",
    "UsedAnswer",
    "WhatIf",
    "Why",
    "WhyNot",
]


@dataclass(frozen=True, slots=True, repr=False)
class SufficientSet(Discreet):
    """Answers that are enough for an orientation, none of which can be left out."""

    answers: tuple[Answer, ...]
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True, repr=False)
class Why(Result):
    """Why a kind is certain: its smallest sufficient sets, and what each part of its rank rests on.

    `sets` is empty when the kind is not certain; ask `why_not` then.
    """

    kind: str
    label: str
    is_certain: bool
    sets: tuple[SufficientSet, ...]
    reasons: tuple[Reason, ...]
    urgency: UrgencyWord | None
    urgency_from: tuple[str, ...]
    strength: StrengthWord | None
    strength_from: tuple[str, ...]
    exact: bool


@dataclass(frozen=True, slots=True, repr=False)
class Change(Discreet):
    """One answer to change, or to give where there was none."""

    attribute: str
    label: str
    before: str | None
    after: str


@dataclass(frozen=True, slots=True, repr=False)
class RuleGap(Discreet):
    """A rule that could give the kind: the fewest answers to change and to give so that it holds.

    Where several answers would do, one is named. What nobody can change counts too: this explains,
    it does not advise. No change where `can_hold` is false: no possible situation makes it hold.
    """

    rule: str
    because: str
    changes: tuple[Change, ...]
    can_hold: bool


@dataclass(frozen=True, slots=True, repr=False)
class PartnerGap(Discreet):
    """A partner that offers the kind and does not serve it here.

    `lacks` is `area` or `accepts`; `answers` are those that its `accepts` refuses.
    """

    id: str
    name: str
    lacks: Lack
    answers: tuple[Answer, ...]


@dataclass(frozen=True, slots=True, repr=False)
class WhyNot(Result):
    """Why a kind is not among the orientations with a partner.

    `status`: `certain` (nothing is in the way), `left_out` (beyond the limit), `no_partner`,
    `possible`, `excluded`, `not_reached`, or `no_rule` (no rule in force orients to it).
    """

    kind: str
    label: str
    status: KindStatus
    text: str
    exclusions: tuple[ExclusionReason, ...]
    missing: tuple[Question, ...]
    rules: tuple[RuleGap, ...]
    partners: tuple[PartnerGap, ...]


@dataclass(frozen=True, slots=True, repr=False)
class Alternative(Discreet):
    """Changes that reach the goal together; `answers` is what to give to the engine."""

    changes: tuple[Change, ...]
    answers: dict[str, Any]


@dataclass(frozen=True, slots=True, repr=False)
class WhatIf(Result):
    """The fewest answers to change or to give, in a stable order.

    No alternative: the goal cannot be reached without changing what is fixed. One without changes:
    it is reached already.
    """

    kind: str
    label: str
    goal: Goal
    alternatives: tuple[Alternative, ...]
    exact: bool


@dataclass(frozen=True, slots=True, repr=False)
class Difference(Discreet):
    """A kind that two situations treat differently, with the answers responsible.

    `before` and `after` are places among the certain orientations, from 1; None: it is not there.
    """

    kind: str
    label: str
    before: int | None
    after: int | None
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True, repr=False)
class Comparison(Result):
    """What the second of two situations wins, loses and moves."""

    won: tuple[Difference, ...]
    lost: tuple[Difference, ...]
    moved: tuple[Difference, ...]


@dataclass(frozen=True, slots=True, repr=False)
class NextQuestions(Result):
    """What to ask next, the most useful first.

    `settled`: no answer can change the recommendation any more. Without `exact`, a question may be
    asked that changes nothing; one that could change something is never left out.
    """

    questions: tuple[NextQuestion, ...]
    settled: bool
    exact: bool


# Where an answer comes from: said, following from what was said, from the hour, from the territory.
Origin = Literal["said", "concluded", "moment", "territory"]


@dataclass(frozen=True, slots=True, repr=False)
class UsedAnswer(Discreet):
    """One answer that was treated, where it comes from, and the rules that rest on it.

    A commune is told as the smallest area of several communes around it.
    """

    attribute: str
    label: str
    answer: str
    origin: Origin
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True, repr=False)
class AppliedRule(Discreet):
    """One rule that held: what it did here, why it exists, and the answers that it rests on."""

    rule: str
    because: str
    effects: tuple[str, ...]
    answers: tuple[Answer, ...]
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True, repr=False)
class PersonAccount(Result):
    """What CRPA R311-3-1-2 asks to be told to a person who asks, in plain words.

    Attributes:
        contribution: what part the tool has in what was decided, and how.
        answers: what was treated, and where it comes from; nothing that identifies.
        rules: those that held here, in the order of what they did.
        weighting: what weighs how much.
        operations: what was done, in order, with its figures.
    """

    contribution: tuple[str, ...]
    answers: tuple[UsedAnswer, ...]
    rules: tuple[AppliedRule, ...]
    weighting: str
    operations: tuple[str, ...]
