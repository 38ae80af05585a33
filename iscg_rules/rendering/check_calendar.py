"""The checks of contacts as a calendar (RFC 5545): one whole day each, the same bytes each time."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from iscg_rules.authoring.contact_checks import ContactCheck

__all__ = ["BEGINNING", "render_calendar"]

# By which a calendar of ours is known again.
BEGINNING = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//iscg-rules//partners//FR\r\n"
_LONGEST = 75
_NBSP = "\u00a0"


def render_calendar(checks: Iterable[ContactCheck], name: str, day: date) -> str:
    """Write the checks, one event a partner; a later calendar moves the same events.

    Args:
        checks: in their order.
        name: of the territory, in the name of each event.
        day: on which it is written.
    """
    lines = ["CALSCALE:GREGORIAN", "METHOD:PUBLISH"]
    for check in checks:
        lines += _event(check, name, day)
    lines.append("END:VCALENDAR")
    return BEGINNING + "".join(f"{part}\r\n" for line in lines for part in _folded(line))


def _event(check: ContactCheck, name: str, day: date) -> Iterator[str]:
    partner = check.partner
    owner = partner.contact.owner or "à désigner"
    said = [f"Par{_NBSP}: {owner}", f"Dernière vérification{_NBSP}: {partner.checked}"]
    said += partner.public_contact.values()
    yield "BEGIN:VEVENT"
    yield f"UID:{partner.id}@{name}.iscg-rules"
    yield f"DTSTAMP:{day:%Y%m%d}T000000Z"
    yield f"DTSTART;VALUE=DATE:{check.due:%Y%m%d}"
    yield f"DTEND;VALUE=DATE:{check.due + timedelta(days=1):%Y%m%d}"
    yield f"SUMMARY:{_escaped(f'Vérifier{_NBSP}: {partner.name}')}"
    yield f"DESCRIPTION:{_escaped(chr(10).join(said))}"
    yield f"CATEGORIES:{_escaped(owner)}"
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"


def _escaped(text: str) -> str:
    for plain in ("\\", ";", ","):
        text = text.replace(plain, f"\\{plain}")
    return text.replace("\n", "\\n")


def _folded(line: str) -> Iterator[str]:
    """Cut a line into parts of at most 75 bytes; each after the first begins with a space."""
    part, size = "", 0
    for letter in line:
        width = len(letter.encode())
        if size + width > _LONGEST:
            yield part
            part, size = " ", 1
        part, size = part + letter, size + width
    yield part
