"""When each contact must be checked again, by whom, and which ones are overdue."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from iscg_rules.model.partners import Directory, Partner
from iscg_rules.reading.binding import stale_from

__all__ = ["ContactCheck", "contact_checks", "stale_contacts"]


@dataclass(frozen=True, slots=True)
class ContactCheck:
    """A partner to check, and from which day on; what its source marks is due at once."""

    partner: Partner
    due: date


def contact_checks(directory: Directory, day: date) -> tuple[ContactCheck, ...]:
    """Return a check for each partner that has a contact, the soonest first, none before a day."""
    checks = [
        ContactCheck(partner, day if partner.is_stale(day) else stale_from(partner.checked))
        for partner in directory.partners.values()
        if partner.public_contact
    ]
    return tuple(sorted(checks, key=lambda one: (one.due, one.partner.id)))


def stale_contacts(
    directory: Directory, day: date, uses: Mapping[str, int]
) -> tuple[tuple[Partner, int], ...]:
    """Return the contacts to check again, those that recommendations use most first.

    Args:
        directory: the partners.
        day: from which their age is counted.
        uses: by partner, how often one is recommended.
    """
    found = [
        (partner, uses.get(partner.id, 0))
        for partner in directory.partners.values()
        if partner.public_contact and partner.is_stale(day)
    ]
    return tuple(sorted(found, key=lambda pair: (-pair[1], pair[0].checked, pair[0].id)))
