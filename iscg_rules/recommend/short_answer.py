"""A recommendation without what stands behind it: enough to act on, and cheap to make and to send.

What is possible, why, and who else could serve a kind are left out, and not worked out.
"""

from dataclasses import dataclass
from datetime import date, datetime

from iscg_rules.errors import IscgError, Problem
from iscg_rules.language.vocabulary import Category, Nature
from iscg_rules.model.closed_words import Already, StrengthWord, UrgencyWord
from iscg_rules.recommend.questions import Discreet, NextQuestion
from iscg_rules.recommend.results import (
    Beneficiaries,
    Orientation,
    PartnerCard,
    Reachable,
    Recommendation,
    Sharing,
)
from iscg_rules.recommend.signed_results import Result

__all__ = [
    "ShortOrientation",
    "ShortRecommendation",
    "called",
    "main_reason",
    "shorten",
]


@dataclass(frozen=True, slots=True, repr=False)
class ShortOrientation(Discreet):
    """One kind, for whom, how soon, and whom to call; `because` is why it presses so."""

    kind: str
    label: str
    category: Category
    nature: Nature
    for_: Beneficiaries
    urgency: UrgencyWord
    strength: StrengthWord
    reachable: Reachable
    partner: PartnerCard | None
    call: PartnerCard | None
    because: str
    sharing: Sharing
    already: Already | None


@dataclass(frozen=True, slots=True, repr=False)
class ShortRecommendation(Result):
    """What a situation leads to at one moment; `excluded` and `advice` as they are read aloud."""

    at: datetime | date | None
    orientations: tuple[ShortOrientation, ...]
    next_questions: tuple[NextQuestion, ...]
    excluded: tuple[str, ...]
    advice: tuple[str, ...]
    gaps: tuple[str, ...]
    left_out: int


def shorten(recommendation: Recommendation) -> ShortRecommendation:
    """Return what somebody acts on of a recommendation.

    Raises:
        IscgError: A011 where it is none.
    """
    if not isinstance(recommendation, Recommendation):
        raise IscgError([Problem("A011", "ce n'est pas une recommandation")])
    texts = (text for advice in recommendation.advice for text in advice.texts)
    return ShortRecommendation(
        version=recommendation.version,
        language=recommendation.language,
        identity=recommendation.identity,
        at=recommendation.at,
        orientations=tuple(map(_short, recommendation.orientations)),
        next_questions=recommendation.next_questions,
        excluded=tuple(exclusion.kind for exclusion in recommendation.excluded),
        advice=tuple(dict.fromkeys(texts)),
        gaps=recommendation.gaps,
        left_out=recommendation.left_out,
    )


def called(orientation: Orientation) -> PartnerCard | None:
    """Return the partner to call."""
    cards = (orientation.partner, *orientation.alternatives)
    return next((card for card in cards if card and card.id == orientation.call), None)


def main_reason(orientation: Orientation) -> str:
    """Return why it presses as it does: the first reason that gives its urgency."""
    reasons = orientation.reasons
    return next(reason.because for reason in reasons if reason.urgency == orientation.urgency)


def _short(orientation: Orientation) -> ShortOrientation:
    return ShortOrientation(
        kind=orientation.kind,
        label=orientation.label,
        category=orientation.category,
        nature=orientation.nature,
        for_=orientation.for_,
        urgency=orientation.urgency,
        strength=orientation.strength,
        reachable=orientation.reachable,
        partner=orientation.partner,
        call=called(orientation),
        because=main_reason(orientation),
        sharing=orientation.sharing,
        already=orientation.already,
    )
