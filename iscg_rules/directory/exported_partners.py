"""What of a partner may be told to others, in a form that every format starts from.

Nothing confidential is in it: what is not taken here can be in no export.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from iscg_rules.language.conditions import Condition, FactIs, Not, Test, Threshold
from iscg_rules.language.vocabulary import Area
from iscg_rules.language.wording import Wording
from iscg_rules.model.partners import Directory, Partner

__all__ = ["SOURCE", "Loss", "TellablePartner", "list_tellable", "write_condition"]

SOURCE = "iscg-rules"


@dataclass(frozen=True, slots=True)
class TellablePartner:
    """A partner without what is confidential, and whom it accepts in words."""

    id: str
    partner: Partner
    contact: Mapping[str, str]
    areas: tuple[Area, ...]
    accepts: str | None
    kinds: Mapping[str, str]

    @property
    def zones(self) -> tuple[str, ...]:
        """The official codes of where it serves."""
        codes = {
            code
            for area in self.areas
            for code in (("france",) if area.everywhere else (*area.departements, *area.communes))
        }
        return ("france",) if "france" in codes else tuple(sorted(codes))


@dataclass(frozen=True, slots=True, order=True)
class Loss:
    """A field of a partner that a format cannot say."""

    partner: str
    field: str

    def __str__(self) -> str:
        return f"{self.partner}\u00a0: {self.field}"


def list_tellable(directory: Directory, wording: Wording) -> Iterator[TellablePartner]:
    """Yield every partner as others may know it, by id."""
    kinds = wording.vocabulary.kinds
    for partner in directory.partners.values():
        condition = partner.condition
        yield TellablePartner(
            id=partner.id,
            partner=partner,
            contact=partner.public_contact,
            areas=directory.places[partner.id],
            accepts=None if condition is None else wording.condition(condition),
            kinds={name: kinds[name].label.fr for name in partner.offers},
        )


def write_condition(condition: Condition | None) -> Any:  # noqa: ANN401 # as it would be written
    """Return a condition as an author writes it; None where that is not known here.

    >>> write_condition(FactIs("violence_alleged", True))
    {'violence_alleged': 'yes'}
    """
    match condition:
        case Test(attribute, variable, allowed) if attribute == variable:
            words = sorted(allowed)
            return {attribute: words[0] if len(words) == 1 else words}
        case FactIs(fact, holds):
            return {fact: "yes" if holds else "no"}
        case Not(part):
            inner = write_condition(part)
            return inner and {"not": inner}
        case Threshold(_, of, "all" | "any" as spelling):
            parts = [write_condition(part) for part in of]
            return None if None in parts else {spelling: parts}
    return None
