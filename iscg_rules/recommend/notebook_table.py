"""What a notebook shows of a recommendation: what to do, whom to call; no answer, no reason."""

from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from iscg_rules.recommend.results import Orientation

__all__ = ["as_table"]


def as_table(orientations: "Iterable[Orientation]") -> str:
    """Return a table in HTML, a line an orientation, best first."""
    rows = "".join(f"<tr>{''.join(map(_cell, _line(one)))}</tr>" for one in orientations)
    return f"<table>{rows}</table>"


def _line(orientation: "Orientation") -> tuple[str, ...]:
    partner = orientation.partner
    name, contact = (partner.name, partner.contact) if partner else ("", {})
    return (orientation.urgency, orientation.label, name, " · ".join(contact.values()))


def _cell(text: str) -> str:
    return f"<td>{escape(text)}</td>"
