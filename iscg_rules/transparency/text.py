"""The notice and the inventory in French: lines for a terminal, Markdown for a file."""

from collections.abc import Iterable, Iterator

from iscg_rules.language.vocabulary import Sensitivity
from iscg_rules.rendering.escaping import escape_address, escape_markdown
from iscg_rules.rendering.paragraphs import Paragraphs
from iscg_rules.transparency.notice import KEYS
from iscg_rules.transparency.results import Inventory, PublicNotice, TreatedAnswer

__all__ = [
    "SENSITIVE",
    "inventory_markdown",
    "notice_lines",
    "notice_markdown",
    "notice_text",
    "sensitive_table",
    "to_fill",
]

_NBSP = "\u00a0"
_COLON = f"{_NBSP}: "
_TITLE = "Comment cette réponse est faite"
SENSITIVE: dict[Sensitivity, str] = {
    "health": "santé",
    "sex_life": "vie ou orientation sexuelle",
    "origin": "origine",
    "beliefs": "opinions ou convictions",
    "offence": "infraction",
}
_ORIGINS = {
    "interview": "la personne, pendant l’entretien",
    "moment": "l’heure de l’entretien",
    "territory": "le territoire choisi",
}


def to_fill(what: str) -> str:
    """Return what stands in the place of something that nobody has said yet."""
    return f"[À COMPLÉTER{_COLON}{what}]"


def notice_text(notice: PublicNotice) -> str:
    """Say the notice in lines of 80 columns, to be read with the person."""
    paragraphs = Paragraphs(is_coloured=False)
    lines = [_TITLE]
    for text in notice_lines(notice):
        lines += ["", *paragraphs.wrap(text, "")]
    return "\n".join(lines) + "\n"


def notice_markdown(notice: PublicNotice) -> str:
    """Say the same as Markdown."""
    parts = [f"# {_TITLE}", *map(escape_markdown, notice_lines(notice))]
    return "\n\n".join(parts) + "\n"


def notice_lines(notice: PublicNotice) -> Iterator[str]:
    """Yield what the notice says, a paragraph each, with what lacks shown where it lacks."""
    service = notice.administration or to_fill(KEYS["administration"])
    yield f"{service} emploie un outil, iscg-rules, pour préparer les orientations."
    yield f"À quoi il sert{_COLON}{notice.purpose}"
    yield notice.decides
    yield notice.data
    yield notice.right
    yield f"À qui le demander{_COLON}{notice.contact or to_fill(KEYS['contact'])}."
    yield notice.appeal
    yield f"Les règles{_COLON}{notice.rules or to_fill(KEYS['rules'])}"
    officer = notice.officer or to_fill(KEYS["officer"])
    yield f"Délégué à la protection des données{_COLON}{officer}"
    yield f"Ce qui le permet{_COLON}{notice.basis or to_fill(KEYS['basis'])}"


def inventory_markdown(inventory: Inventory) -> str:
    """Write the sheet of the treatment."""
    notice, identity = inventory.notice, inventory.identity
    rows = [
        ("Administration", notice.administration or to_fill(KEYS["administration"])),
        ("Contact", notice.contact or to_fill(KEYS["contact"])),
        ("Mise à jour", f"{inventory.updated}"),
        ("Nom", f"{inventory.name} ({identity.library}, empreinte {_digest(inventory)})"),
        ("Territoire", identity.territory or "aucun"),
        ("Contexte", inventory.context),
        ("Finalité", notice.purpose),
        ("Quand il intervient", inventory.when),
        ("Automatisation", "aide à la décision : l’outil propose, l’intervenant décide"),
        ("Public", f"{_NBSP}; ".join(inventory.people)),
        ("Effets", inventory.effects),
        ("Type", "système de règles, écrites par des personnes ; aucun apprentissage"),
        ("Taille", f"{inventory.rules} règles, {inventory.partners} partenaires"),
        ("Destinataires", inventory.recipients),
        ("Conservation", inventory.retention),
        ("Ce qui le permet", notice.basis or to_fill(KEYS["basis"])),
        ("Règles publiées", notice.rules or to_fill(KEYS["rules"])),
    ]
    lines = ["# Fiche du traitement", "", "| | |", "|---|---|"]
    lines += [f"| {name} | {_cell(text)} |" for name, text in rows]
    lines += ["", "## Opérations", ""]
    lines += [f"{n}. {escape_markdown(one)}" for n, one in enumerate(inventory.operations, 1)]
    lines += ["", "## Données", "", *_data_table(inventory.data)]
    lines += ["", "## Ce que le service doit compléter", ""]
    lines += [f"- {to_fill(escape_markdown(one))}" for one in inventory.to_complete]
    return "\n".join(lines) + "\n"


def _digest(inventory: Inventory) -> str:
    return (inventory.identity.digest or "aucune")[:12]


def _data_table(data: Iterable[TreatedAnswer]) -> Iterator[str]:
    yield "| question | d’où vient la réponse | données à part (RGPD, art. 9 et 10) | conservée |"
    yield "|---|---|---|---|"
    for one in data:
        kinds = ", ".join(SENSITIVE[kind] for kind in one.sensitive) or "–"
        yield f"| {_cell(one.label)} | {_ORIGINS[one.origin]} | {kinds} | non |"


def sensitive_table(data: Iterable[TreatedAnswer]) -> Iterator[str]:
    """Yield a row for each question whose answers the GDPR guards more, by article."""
    yield "| question | article 9 | article 10 |"
    yield "|---|---|---|"
    for one in data:
        ninth = ", ".join(SENSITIVE[kind] for kind in one.sensitive if kind != "offence")
        tenth = SENSITIVE["offence"] if "offence" in one.sensitive else ""
        if one.sensitive:
            yield f"| {_cell(one.label)} | {ninth or '–'} | {tenth or '–'} |"


def _cell(text: str) -> str:
    # A page stands as an address, whatever a cell makes of its signs.
    return f"<{escape_address(text)}>" if text.startswith("https://") else escape_markdown(text)
