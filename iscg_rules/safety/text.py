"""The safety case in French: lines for a terminal, Markdown for a file."""

from collections.abc import Iterator, Mapping

from iscg_rules.model.hazards import ControlKind, Severity
from iscg_rules.reading.binding import Source
from iscg_rules.rendering.escaping import escape_address, escape_markdown
from iscg_rules.rendering.paragraphs import Paragraphs
from iscg_rules.safety.results import ControlStatus, SafetyCase, ShownControl, ShownHazard

__all__ = ["render_markdown", "render_text"]

_NBSP = "\u00a0"
_COLON = f"{_NBSP}: "
_SEVERITIES: Mapping[Severity, str] = {"grave": "grave", "serious": "sérieux", "slight": "léger"}
_SEVERAL: Mapping[Severity, str] = {"grave": "graves", "serious": "sérieux", "slight": "légers"}
_HARMED = {
    "person": "la personne reçue",
    "children": "des enfants",
    "author": "une personne mise en cause",
    "relatives": "des proches",
    "professional": "l’intervenant",
}
_KINDS: Mapping[ControlKind, str] = {
    "guarantees": "garantie",
    "findings": "contrôle des fichiers",
    "cases": "cas",
    "tests": "test",
}
_STATUSES: Mapping[ControlStatus, str] = {
    "proven": "prouvée pour toute situation",
    "unproven": "NON PROUVÉE ICI",
    "kept": "obtient ce qu’il attend",
    "examined": "refusé dès que c’est trouvé",
    "listed": "existe ; `make check` échoue s’il n’est pas passé",
    "elsewhere": "les tests ne sont pas livrés ici",
    "failed": "NE TIENT PAS",
}
_LIMIT = (
    "Ce dossier dit ce qui a été cherché. Il ne remplace ni l’avis de praticiens en poste, ni un "
    "juriste, ni l’analyse d’impact du service qui emploie l’outil (docs/safety.md)."
)


def render_text(case: SafetyCase) -> str:
    """Say the case in lines of 80 columns."""
    paragraphs = Paragraphs(is_coloured=False)
    lines = [*paragraphs.wrap(_head(case), ""), "", *paragraphs.wrap(_LIMIT, "")]
    for hazard in case.hazards:
        lines += [*paragraphs.heading(_title(hazard))]
        for label, text in _parts(hazard):
            lines += paragraphs.wrap(f"{label}{_COLON}{text}", "  ")
        lines += paragraphs.bullets(map(_control, hazard.controls))
        lines += paragraphs.bullets((f"source{_COLON}{_plain(s)}" for s in hazard.sources), "–")
    return "\n".join(lines) + "\n"


def render_markdown(case: SafetyCase) -> str:
    """Say the same as Markdown."""
    lines = ["# Dossier de sécurité", "", escape_markdown(_head(case)), "", _LIMIT]
    for hazard in case.hazards:
        lines += ["", f"## {escape_markdown(_title(hazard))}", ""]
        lines += [f"**{label}**{_COLON}{escape_markdown(text)}  " for label, text in _parts(hazard)]
        lines += ["", *(f"- {escape_markdown(_control(one))}" for one in hazard.controls)]
        lines += [f"- source{_COLON}{_linked(source)}" for source in hazard.sources]
    return "\n".join(lines) + "\n"


def _head(case: SafetyCase) -> str:
    of_each = [(case.count(severity), severity) for severity in _SEVERITIES]
    counted = ", ".join(
        f"{count} {(_SEVERAL if count > 1 else _SEVERITIES)[severity]}"
        for count, severity in of_each
        if count
    )
    held = sum(bool(hazard.controls) for hazard in case.hazards)
    remaining = sum(hazard.residual is not None for hazard in case.hazards)
    statuses = case.statuses
    proven = f"{statuses['proven']} garanties prouvées"
    if statuses["unproven"]:
        proven = f"RIEN N’EST PROUVÉ ({statuses['unproven']} garanties)"
    territory = case.identity.territory or "sans territoire"
    return (
        f"{len(case.hazards)} dangers ({counted}), territoire {territory}{_COLON}{held} ont un "
        f"contrôle ({proven}, {statuses['kept']} cas tenus, "
        f"{statuses['listed'] + statuses['elsewhere']} tests, {statuses['examined']} contrôles des "
        f"fichiers){_NBSP}; {remaining} gardent un risque, écrit.{_without_proof(case)}"
    )


def _without_proof(case: SafetyCase) -> str:
    names = ", ".join(hazard.id for hazard in case.hazards if _is_beyond_proof(hazard))
    return f" Graves et sans preuve possible, chacun dit pourquoi{_COLON}{names}." if names else ""


def _is_beyond_proof(hazard: ShownHazard) -> bool:
    proven = any(control.kind == "guarantees" for control in hazard.controls)
    return hazard.severity == "grave" and hazard.unprovable is not None and not proven


def _title(hazard: ShownHazard) -> str:
    beyond = ", sans preuve possible" if _is_beyond_proof(hazard) else ""
    return f"{hazard.id} · {_SEVERITIES[hazard.severity]}{beyond}"


def _parts(hazard: ShownHazard) -> Iterator[tuple[str, str]]:
    yield "Danger", hazard.what
    yield "Pour", ", ".join(_HARMED[harmed] for harmed in hazard.harms)
    yield "Ce que cela fait", hazard.consequence
    yield "Cause", hazard.cause
    if hazard.unprovable:
        yield "Pourquoi rien ne le prouve", hazard.unprovable
    if hazard.residual:
        yield "Ce qui reste", hazard.residual


def _control(control: ShownControl) -> str:
    says = f" «{_NBSP}{control.says}{_NBSP}»" if control.says else ""
    return f"{_KINDS[control.kind]} {control.name}{says}{_COLON}{_STATUSES[control.status]}"


def _dated(source: Source) -> str:
    return f"{source.date or 'sans date'}, confiance {source.trust}"


def _plain(source: Source) -> str:
    return f"{source.title} ({_dated(source)})" + (f" {source.url}" if source.url else "")


def _linked(source: Source) -> str:
    title = escape_markdown(source.title)
    named = f"[{title}]({escape_address(source.url)})" if source.url else title
    return f"{named} ({_dated(source)})"
