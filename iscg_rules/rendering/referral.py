"""The fiche de liaison for a partner, and the sheet of numbers that the person takes along.

What a fiche may hold is decided by professional secrecy (penal code, art. 226-13 and 226-14): the
reason of the contact, needs, what was done, what the person accepts to share and when to call back.
No answer of the interview, no narrative, no address of a shelter.
"""

import html
from collections.abc import Iterator

from iscg_rules.recommend.results import PartnerCard, Recommendation, ReferralNote
from iscg_rules.rendering.words import opening

__all__ = ["person_sheet", "render_referral_note", "to_html"]

_SHORT = 7
_BED = "emergency_shelter"
_STYLE = (
    "body{font:18px/1.5 sans-serif;max-width:40em;margin:2em auto;color:#000;background:#fff}"
    "h1{font-size:1.5em}h2{font-size:1.2em}ul{padding-left:1.2em}"
    ".large{font-size:1.6em;line-height:1.6}@media print{body{margin:0}}"
)


def render_referral_note(note: ReferralNote) -> str:
    """Write the fiche de liaison as Markdown; `to_html` makes a page of it.

    Where nothing may be passed on, one page that says so and on which ground.
    """
    return "\n".join(_note(note)) + "\n"


def _note(note: ReferralNote) -> Iterator[str]:
    ground = " ; ".join(note.sharing.legal_basis) or "secret professionnel, code pénal, art. 226-13"
    if not note.may_share:
        yield from ("# Rien à transmettre", "", f"{note.sharing.text} ({ground})")
        return
    yield from ("# Fiche de liaison", "", f"- Pour\u00a0: {note.recipient}")
    yield from (f"- {text}" for text in note.contact)
    yield "- De\u00a0: intervenant social en commissariat et gendarmerie"
    for title, lines in (
        ("Motif du contact", (note.reason,)),
        ("Besoins", note.needs),
        ("Déjà fait", note.done),
        ("Ce que la personne accepte de partager", note.shares),
        ("Rappeler sans risque", (note.call_back,)),
    ):
        if any(lines):
            yield from ("", f"## {title}", "", *(f"- {line}" for line in lines))
    yield from ("", "## Cadre", "", f"{note.sharing.text} ({ground})")


def person_sheet(recommendation: Recommendation, *, discreet: bool = False) -> str:
    """Write the numbers that the person takes along, as Markdown, most urgent first.

    Args:
        recommendation: the orientations.
        discreet: nothing on the page says what it is about: numbers and hours, no name.
    """
    return "\n".join(_sheet(recommendation, discreet=discreet)) + "\n"


def _sheet(recommendation: Recommendation, *, discreet: bool) -> Iterator[str]:
    yield "# Numéros utiles"
    yield ""
    seen: set[str] = set()
    for orientation in recommendation.orientations:
        for card in (orientation.partner, *orientation.alternatives):
            reached = card and (card.contact.get("phone") or card.contact.get("sms"))
            if not card or not reached or reached in seen:
                continue
            # A short number says by itself what it is for, but for rescue and a bed.
            is_plain = orientation.nature == "rescue" or orientation.kind == _BED
            if discreet and len(reached) <= _SHORT and not is_plain:
                continue
            seen.add(reached)
            hours = opening(card, "fr") if discreet else card.hours and opening(card, "fr")
            yield f"- {_line(card, reached, discreet=discreet)}" + (f", {hours}" if hours else "")
    if not seen:
        yield "Aucun numéro."


def _line(card: PartnerCard, reached: str, *, discreet: bool) -> str:
    number = f"{reached} (SMS)" if "sms" in card.contact else reached
    return number if discreet else f"{card.name}\u00a0: {number}"


def to_html(markdown: str, *, large: bool = False) -> str:
    """Make a page of these two ready to print, without anything from elsewhere."""
    body = []
    for line in markdown.splitlines():
        text = html.escape(line)
        if line.startswith("## "):
            body.append(f"<h2>{text[3:]}</h2>")
        elif line.startswith("# "):
            body.append(f"<h1>{text[2:]}</h1>")
        elif line.startswith("- "):
            body.append(f"<p>{text[2:]}</p>")
        elif line:
            body.append(f"<p>{text}</p>")
    title = html.escape(markdown.partition("\n")[0].removeprefix("# "))
    inner = "\n".join(body)
    mark = ' class="large"' if large else ""
    return (
        f'<!doctype html>\n<html lang="fr">\n<head><meta charset="utf-8"><title>{title}</title>'
        f"<style>{_STYLE}</style></head>\n<body{mark}>\n{inner}\n</body>\n</html>\n"
    )
