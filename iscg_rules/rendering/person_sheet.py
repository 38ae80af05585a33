"""The sheet that the person takes home: numbers and hours, on one page, true on any day.

It may be found by somebody who must not know: nothing names a shelter or whoever was alerted, and,
unless it is asked for, nothing names anybody. Hours are told, never "open" or "closed".
"""

import html
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from iscg_rules.language.vocabulary import Vocabulary
from iscg_rules.model.partners import Directory, Partner
from iscg_rules.recommend.results import SHELTERS, PartnerCard, Recommendation
from iscg_rules.recommend.short_answer import called
from iscg_rules.rendering.hours_in_words import hours_in_words

__all__ = ["PAPERS", "render_sheet", "rescue_cards", "sheet_page"]

PAPERS = ("A6", "A4")
_TITLE = "Numéros utiles"
_NOTES = 4
_MOST = 10
_STYLE = (
    "@page{{size:{sides};margin:9mm}}"
    "body{{font:{size}/1.45 sans-serif;max-width:30em;margin:1em auto;padding:0 1em;"
    "color:#000;background:#fff}}"
    "h1{{font-size:1.2em;margin:0 0 .5em}}ul{{list-style:none;padding:0;margin:0}}"
    "li{{margin:0 0 .45em;break-inside:avoid}}b{{font-size:1.25em;white-space:nowrap}}"
    "hr{{border:0;border-bottom:1px solid #000;height:2em;margin:0}}"
    "@media print{{body{{margin:0;padding:0;max-width:none}}}}"
)
_SIZES = {"A6": "11pt", "A4": "18pt"}
# No browser knows A6 by its name.
_SIDES = {"A6": "105mm 148mm", "A4": "210mm 297mm"}
# A kind, whose number it is, its contact, and its hours.
_Card = tuple[str, str, dict[str, str], str | None]


@dataclass(frozen=True, slots=True)
class _SheetNumber:
    """One number, how it is used, its hours, and whose it is where that may be told."""

    number: str
    by: str
    hours: str
    name: str


def render_sheet(
    recommendation: Recommendation,
    vocabulary: Vocabulary,
    directory: Directory,
    *,
    is_named: bool = False,
) -> str:
    """Write the sheet as plain lines: rescue first, then who was recommended.

    Args:
        recommendation: whom to call.
        vocabulary: which kinds are rescue, always on the sheet, and which are authorities, never.
        directory: the numbers of rescue.
        is_named: say whose number it is; without it the sheet says nothing of what it is about.
    """
    lines = [f"# {_TITLE}", ""]
    for line in _numbers(recommendation, vocabulary, directory, is_named=is_named):
        name = f"{line.name}\u00a0: " if line.name else ""
        lines.append(f"- {name}{line.number}{line.by}{_after(line.hours)}")
    return "\n".join([*lines, "", "Notes\u00a0:", *["_" * 40] * _NOTES]) + "\n"


def sheet_page(
    recommendation: Recommendation,
    vocabulary: Vocabulary,
    directory: Directory,
    *,
    is_named: bool = False,
    paper: str = "A6",
) -> str:
    """Write the sheet as one page to print, in large type, without anything from elsewhere.

    Args:
        recommendation, vocabulary, directory, is_named: as for `render_sheet`.
        paper: one of `PAPERS`.
    """
    items = "\n".join(
        f"<li>{f'{html.escape(line.name)}<br>' if line.name else ''}"
        f"<b>{html.escape(line.number)}</b>{html.escape(line.by + _after(line.hours))}</li>"
        for line in _numbers(recommendation, vocabulary, directory, is_named=is_named)
    )
    style = _STYLE.format(sides=_SIDES[paper], size=_SIZES[paper])
    return (
        '<!doctype html>\n<html lang="fr">\n<head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{_TITLE}</title><style>{style}</style></head>\n"
        f"<body>\n<h1>{_TITLE}</h1>\n<ul>\n{items}\n</ul>\n"
        + "<hr>\n" * _NOTES
        + "</body>\n</html>\n"
    )


def _after(hours: str) -> str:
    return f" · {hours}" if hours else ""


def _numbers(
    got: Recommendation, vocabulary: Vocabulary, directory: Directory, *, is_named: bool
) -> Iterator[_SheetNumber]:
    """Yield each number once, at the place where it comes first, as many as a page holds."""
    shown: set[str] = set()
    for kind, name, contact, hours, since in _cards(got, vocabulary, directory):
        sms, phone = contact.get("sms"), contact.get("phone")
        number = phone or sms
        if not number or number in shown or len(shown) == _MOST:
            continue
        shown.add(number)
        is_told = is_named and kind not in SHELTERS
        yield _SheetNumber(
            number=number,
            by=" (par SMS)" if number == sms else "",
            hours=", ".join(filter(None, (hours_in_words(hours) if hours else "", since))),
            name=name if is_told else "",
        )


def _shortest_number(partner: Partner) -> tuple[int, str]:
    number = min(partner.public_contact.values(), key=len, default="")
    return len(number), number


def rescue_cards(vocabulary: Vocabulary, directory: Directory) -> Iterator[_Card]:
    """Yield the numbers of rescue, which stand on every sheet: kind, name, contact, hours."""
    for kind in vocabulary.kinds.values():
        # One number a rescue: 17 and not 112 too, which is longer to remember.
        rescue = directory.by_kind.get(kind.id, ()) if kind.nature == "rescue" else ()
        for partner in sorted(rescue, key=_shortest_number)[:1]:
            yield kind.id, partner.name, dict(partner.public_contact), partner.hours


def _cards(
    got: Recommendation, vocabulary: Vocabulary, directory: Directory
) -> Iterator[tuple[*_Card, str]]:
    for rescue in rescue_cards(vocabulary, directory):
        yield (*rescue, "")
    for orientation in got.orientations:
        # Whoever was alerted is nobody for the person to call, nor to be found on a paper.
        if orientation.nature == "authority":
            continue
        # The one to call now may not be the nearest: both are worth keeping.
        for card in (called(orientation), orientation.partner):
            if card and (card.closed_until or not card.closed_because):
                yield orientation.kind, card.name, card.contact, card.hours, _since(card)


def _since(card: PartnerCard) -> str:
    """Say from which day on a partner that is closed these days answers again."""
    if card.closed_until is None or card.closed_until == date.max:
        return ""
    return f"à partir du {card.closed_until + timedelta(days=1):%d/%m/%Y}"
