"""What a caller gets: ranked orientations with their reasons, frozen, ready for JSON.

No `repr` here shows anything about a person: they count, because exceptions and logs print them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import Field

from iscg_rules.errors import IscgError, Problem
from iscg_rules.language.vocabulary import Category, Nature
from iscg_rules.model.closed_words import (
    Already,
    BeneficiaryWord,
    ScopeWord,
    StrengthWord,
    Transmission,
    UrgencyWord,
)
from iscg_rules.reading.binding import Source
from iscg_rules.recommend.late_fields import LateFields
from iscg_rules.recommend.note_lines import are_texts, one_line_each
from iscg_rules.recommend.notebook_table import as_table
from iscg_rules.recommend.partner_card import PartnerCard
from iscg_rules.recommend.questions import Discreet, NextQuestion, Question
from iscg_rules.recommend.signed_results import Result

__all__ = [
    "SHELTERS",
    "Advice",
    "Answer",
    "Discreet",
    "Exclusion",
    "NextQuestion",
    "Orientation",
    "PartnerCard",
    "Possibility",
    "Question",
    "Reachable",
    "Reason",
    "Recommendation",
    "ReferralNote",
    "Sharing",
]

# Their contacts go to the person, never on a paper that travels.
SHELTERS = frozenset({"emergency_shelter", "perpetrator_accommodation"})
# With these, something may be passed on.
_MAY_SHARE = frozenset({"agreed", "inform", "without_agreement"})

Reachable = Literal["now", "unknown", "nobody"] | datetime
Beneficiaries = Annotated[tuple[BeneficiaryWord, ...], Field(serialization_alias="for")]


@dataclass(frozen=True, slots=True, repr=False)
class Answer(Discreet):
    """One answer that a reason rests on; `concluded` where it follows from others beside it."""

    attribute: str
    label: str
    answer: str
    concluded: bool = False


@dataclass(frozen=True, slots=True, repr=False)
class Reason(Discreet):
    """One fired rule behind an orientation."""

    rule: str
    because: str
    for_: Beneficiaries
    urgency: UrgencyWord
    strength: StrengthWord
    answers: tuple[Answer, ...]
    sources: tuple[Source, ...]
    sharing: ScopeWord
    ground: str | None
    legal_basis: str | None


@dataclass(frozen=True, slots=True, repr=False)
class Sharing(Discreet):
    """What may be transmitted, how far and on which grounds, said for the worker."""

    scope: ScopeWord
    transmission: Transmission
    grounds: tuple[str, ...]
    legal_basis: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True, repr=False)
class Orientation(Discreet, LateFields):
    """One kind, for whom, how soon, by whom, and why.

    `call` is the id of whom to call, `partner` or one of `alternatives`: the first that answers in
    time, else that might, else the soonest to open. `reachable` tells when that one answers.
    """

    kind: str
    label: str
    category: Category
    nature: Nature
    for_: Beneficiaries
    urgency: UrgencyWord
    strength: StrengthWord
    partner: PartnerCard | None
    call: str | None
    reachable: Reachable
    alternatives: tuple[PartnerCard, ...]
    reasons: tuple[Reason, ...]
    sharing: Sharing
    already: Already | None

    @property
    def called(self) -> PartnerCard | None:
        """The card of whom to call, None where nobody is."""
        cards = filter(None, (self.partner, *self.alternatives))
        return next((card for card in cards if card.id == self.call), None)


@dataclass(frozen=True, slots=True, repr=False)
class Possibility(Discreet):
    """A kind that could still become certain: the best class it could have, and what is missing.

    `distance`: how many answers are missing at least, on the shortest way.
    """

    kind: str
    label: str
    urgency: UrgencyWord
    strength: StrengthWord
    missing: tuple[Question, ...]
    distance: int


@dataclass(frozen=True, slots=True, repr=False)
class ExclusionReason(Discreet):
    """One fired rule behind an exclusion."""

    rule: str
    because: str
    answers: tuple[Answer, ...]
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True, repr=False)
class Exclusion(Discreet):
    """A kind that must not be offered, and why."""

    kind: str
    label: str
    reasons: tuple[ExclusionReason, ...]


@dataclass(frozen=True, slots=True, repr=False)
class Advice(Discreet):
    """Sentences for the worker from one fired rule."""

    rule: str
    texts: tuple[str, ...]
    because: str
    answers: tuple[Answer, ...]
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True, repr=False)
class ReferralNote(Result):
    """What may go to a partner on paper (fiche de liaison), and nothing else of the person.

    Attributes:
        may_share: where false, nothing may be passed on, and what follows `sharing` is empty.
        sharing: on which ground.
        recipient: the partner, or the kind where no partner is known.
        contact: how to reach it; empty for a shelter.
        reason, needs, done, shares, call_back: what the worker wrote with the person: the reason of
            the contact, needs, what was done, what she agrees to share, safe hours to call back.
    """

    kind: str
    may_share: bool
    sharing: Sharing
    recipient: str = ""
    contact: tuple[str, ...] = ()
    reason: str = ""
    needs: tuple[str, ...] = ()
    done: tuple[str, ...] = ()
    shares: tuple[str, ...] = ()
    call_back: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class Recommendation(Result):
    """Everything that a situation leads to at one moment.

    Attributes:
        at: the moment, or the day where its hour is not known.
        to_settle: unanswered attributes to clear up at once, in the vocabulary's order.
        next_questions: five at most, with what each may decide, the most useful first; none once
            nothing can change any more.
        orientations: certain ones, best first, no two equal; empty when no orienting rule fired.
        possible: those that could still become certain, best class first.
        excluded: those that must not be offered, with why.
        gaps, gap_labels: certain kinds that no partner serves here, in order; none is cut.
        left_out: how many orientations the limit cut.
    """

    at: datetime | date | None
    to_settle: tuple[Question, ...]
    next_questions: tuple[NextQuestion, ...]
    orientations: tuple[Orientation, ...]
    possible: tuple[Possibility, ...]
    excluded: tuple[Exclusion, ...]
    advice: tuple[Advice, ...]
    gaps: tuple[str, ...]
    gap_labels: tuple[str, ...]
    left_out: int = field(default=0)

    def _repr_html_(self) -> str:
        # What to do and whom to call: no answer and no reason.
        cards = ((one, one.partner) for one in self.orientations)
        return as_table(
            (one.urgency, one.label, card.name if card else "", *one_line_each(_contacts(card)))
            for one, card in cards
        )

    def referral_note(
        self,
        kind: str,
        *,
        reason: str = "",
        needs: Sequence[str] = (),
        done: Sequence[str] = (),
        shares: Sequence[str] = (),
        call_back: str = "",
    ) -> ReferralNote:
        """Give the fiche de liaison for one orientation; `rendering.referral` writes it out.

        Only what is given here goes on it: no answer of the interview, no narrative.

        Args:
            kind: the id of an orientation's kind.
            reason: of the contact, in the person's words.
            needs: one a line.
            done: what was done already, one a line.
            shares: what the person agrees to share, one a line.
            call_back: when and how it is safe to call back.

        Raises:
            IscgError: A011 when the kind is not among the orientations, or what is written on it
                is not text.
        """
        if not all(map(are_texts, ((reason, call_back), needs, done, shares))):
            aid = "deux textes, `reason` et `call_back` ; des listes de textes pour le reste"
            raise IscgError([Problem("A011", "option hors limites", help=aid)])
        found = next((one for one in self.orientations if one.kind == kind), None)
        if found is None:
            aid = "`iscg-rules why-not` dit pourquoi"
            raise IscgError([Problem("A011", "cette aide n'est pas une orientation ici", help=aid)])
        signature = (self.version, self.language, self.identity)
        if found.sharing.transmission not in _MAY_SHARE:
            return ReferralNote(*signature, kind, may_share=False, sharing=found.sharing)
        partner = found.partner
        return ReferralNote(
            *signature,
            kind,
            may_share=True,
            sharing=found.sharing,
            recipient=partner.name if partner else found.label,
            contact=tuple(partner.contact.values()) if partner and kind not in SHELTERS else (),
            reason="".join(one_line_each([reason])),
            needs=one_line_each(needs),
            done=one_line_each(done),
            shares=one_line_each(shares),
            call_back="".join(one_line_each([call_back])),
        )


def _contacts(card: PartnerCard | None) -> Iterable[str]:
    return (" · ".join(card.contact.values()),) if card else ()
