"""A partner as a caller gets it."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from iscg_rules.reading.binding import Source
from iscg_rules.recommend.questions import Discreet, Question

__all__ = ["PartnerCard"]


@dataclass(frozen=True, slots=True, repr=False)
class PartnerCard(Discreet):
    """A partner that may serve an orientation, without anything confidential.

    `is_open` is null when hours or moment are unknown. `closed_because` says why it is closed for
    whole days, and `closed_until` names the last of them, where it is known; `withheld` says why
    it has no address. `to_check` names what is not known about whether it accepts; `to_confirm`
    says that its contact needs another look.
    """

    id: str
    name: str
    description: str | None
    contact: dict[str, str]
    access: str | None
    hours: str | None
    is_open: bool | None
    opens_at: datetime | None
    closed_until: date | None
    closed_because: str | None
    depends_on_commune: bool
    to_check: tuple[Question, ...]
    withheld: Literal["safety"] | None
    to_confirm: bool
    checked: str
    sources: tuple[Source, ...]
