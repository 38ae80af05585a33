"""The fiche de liaison for a partner: what the worker wrote with the person, and nothing else.

What a fiche may hold is decided by professional secrecy (penal code, art. 226-13 and 226-14): the
reason of the contact, needs, what was done, what the person accepts to share and when to call back.
No answer of the interview, no narrative, no address of a shelter.
"""

import html
from collections.abc import Iterator

from iscg_rules.recommend.results import ReferralNote
from iscg_rules.rendering.escaping import escape_markdown, unescape_markdown

__all__ = ["render_referral_note", "to_html"]

# Written in by hand: no file holds who wrote to whom, and when.
_BLANK = "…" * 20
_STYLE = (
    "body{font:18px/1.5 sans-serif;max-width:40em;margin:2em auto;color:#000;background:#fff}"
    "h1{font-size:1.5em}h2{font-size:1.2em}ul{padding-left:1.2em}"
    "@page{size:A4;margin:18mm}@media print{body{margin:0}}"
)


def render_referral_note(note: ReferralNote) -> str:
    """Write the fiche de liaison as Markdown; `to_html` makes a page of it.

    Where nothing may be passed on, one page that says so and on which ground.
    """
    return "\n".join(_note(note)) + "\n"


def _note(note: ReferralNote) -> Iterator[str]:
    ground = " ; ".join(note.sharing.legal_basis) or "secret professionnel, code pénal, art. 226-13"
    if not note.may_share:
        yield from ("# Rien à transmettre", "", escape_markdown(f"{note.sharing.text} ({ground})"))
        return
    yield from ("# Fiche de liaison", "", f"- Pour\u00a0: {escape_markdown(note.recipient)}")
    yield from (f"- {escape_markdown(text, leads=True)}" for text in note.contact)
    yield "- De\u00a0: intervenant social en commissariat et gendarmerie"
    yield from (f"- {what}\u00a0: {_BLANK}" for what in ("Date", "Service", "Pour me joindre"))
    for title, lines in (
        ("Motif du contact", (note.reason,)),
        ("Besoins", note.needs),
        ("Déjà fait", note.done),
        ("Ce que la personne accepte de partager", note.shares),
        ("Rappeler sans risque", (note.call_back,)),
    ):
        if any(lines):
            written = [escape_markdown(line or "", leads=True) for line in lines]
            yield from ("", f"## {title}", "", *(f"- {line}" for line in written))
    yield from ("", "## Cadre", "", escape_markdown(f"{note.sharing.text} ({ground})"))


def to_html(markdown: str) -> str:
    """Make a page ready to print of a fiche, without anything from elsewhere."""
    body = []
    for line in markdown.splitlines():
        text = html.escape(unescape_markdown(line))
        if line.startswith("## "):
            body.append(f"<h2>{text[3:]}</h2>")
        elif line.startswith("# "):
            body.append(f"<h1>{text[2:]}</h1>")
        elif line.startswith("- "):
            body.append(f"<p>{text[2:]}</p>")
        elif line:
            body.append(f"<p>{text}</p>")
    title = html.escape(unescape_markdown(markdown.partition("\n")[0].removeprefix("# ")))
    inner = "\n".join(body)
    return (
        '<!doctype html>\n<html lang="fr">\n<head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{title}</title><style>{_STYLE}</style></head>\n"
        f"<body>\n{inner}\n</body>\n</html>\n"
    )
