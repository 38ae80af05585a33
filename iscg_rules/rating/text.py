"""The booklet and the agreement in French."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime

from iscg_rules.engine import Engine
from iscg_rules.rating.kit import Kit, KitSituation, told
from iscg_rules.rating.results import TOOL, Agreement, PairAgreement, Split
from iscg_rules.rating.sheets import CLASSES
from iscg_rules.rendering.escaping import escape_markdown
from iscg_rules.rendering.paragraphs import Paragraphs
from iscg_rules.rendering.words import moment

__all__ = ["booklet", "render_agreement"]

_NBSP = "\u00a0"
_COLON = f"{_NBSP}: "


def booklet(kit: Kit, engine: Engine) -> str:
    """Write the situations to read, as Markdown: what is said, when, and which aids to judge."""
    kinds = engine.rule_set.vocabulary.kinds
    lines = [
        f"# Livret d’accord, {len(kit.situations)} situations",
        "",
        (
            "Situations inventées. Ce qui n’est pas dit n’a pas été demandé. Répondez seul, sans "
            "l’outil."
        ),
        "",
        f"Pour chaque aide, dans la feuille, colonne « quand »{_COLON}{', '.join(CLASSES)}.",
        (
            "« Non » veut dire que vous ne la proposeriez pas. Une case vide veut dire que vous "
            "ne savez pas."
        ),
        (
            "Les aides sont rangées par leur nom. Certaines n’ont rien à faire là. S’il en "
            "manque une, écrivez-la"
        ),
        "à la dernière ligne de la situation.",
    ]
    for one in kit.situations:
        lines += ["", f"## Situation {one.number}", ""]
        lines += [f"- {escape_markdown(line)}" for line in told(engine, one)]
        lines += [f"- {_when(one)}", "", "Aides à juger :", ""]
        lines += [f"- {escape_markdown(kinds[aid].label.fr)}" for aid in one.aids]
    return "\n".join(lines) + "\n"


def _when(one: KitSituation) -> str:
    if one.at is None:
        return "L’heure n’est pas dite"
    at = datetime.fromisoformat(one.at) if "T" in one.at else date.fromisoformat(one.at)
    said = moment(at, "fr")
    return said[0].upper() + said[1:]


def render_agreement(found: Agreement) -> str:
    """Say the agreement in lines of 80 columns."""
    paragraphs = Paragraphs(is_coloured=False)
    lines = [
        *paragraphs.wrap(
            f"{len(found.readers)} lecteur(s), {found.situations} situations, {found.aids} aides à "
            f"juger ; {found.unanswered} case(s) vide(s), {found.others} aide(s) ajoutée(s) à la "
            "main, à lire dans les feuilles.",
            "",
        )
    ]
    if not found.is_same_rules:
        text = "Les règles ont changé depuis le livret : l’outil répond avec celles d’aujourd’hui."
        lines += paragraphs.wrap(text, "")
    lines += paragraphs.listed("ENTRE LECTEURS", map(_pair, found.between))
    lines += paragraphs.bullets(_mean(found.mean_between))
    lines += paragraphs.listed("AVEC L’OUTIL", map(_pair, found.with_tool))
    lines += paragraphs.bullets(_mean(found.mean_with_tool))
    lines += paragraphs.listed("OÙ LES LECTEURS DIFFÈRENT LE PLUS", _splits(found.splits, found))
    heading = "OÙ ILS S’ACCORDENT CONTRE L’OUTIL"
    lines += paragraphs.listed(heading, _splits(found.against_tool, found))
    lines += ["", *paragraphs.wrap(_READ, "")]
    return "\n".join(lines) + "\n"


_READ = (
    "κ pondéré (Cohen 1968, poids linéaires)\u00a0: 1 accord entier, 0 celui du hasard. "
    "L’intervalle à "
    "95 % laisse de côté une situation à la fois. Il dit l’accord, pas qui a raison."
)


def _pair(pair: PairAgreement) -> str:
    kappa = pair.kappa
    value = "non défini" if kappa.value is None else _number(kappa.value)
    between = ""
    if kappa.low is not None and kappa.high is not None:
        between = f" [{_number(kappa.low)}{_NBSP}; {_number(kappa.high)}]"
    second = "l’outil" if pair.second == TOOL else pair.second
    same = f"{round(100 * pair.same)}{_NBSP}%"
    return f"{pair.first} et {second}{_COLON}κ {value}{between}, {kappa.items} aides, {same} pareil"


def _mean(value: float | None) -> Iterator[str]:
    if value is not None:
        yield f"en moyenne, κ {_number(value)}"


def _number(value: float) -> str:
    return f"{value:.2f}".replace(".", ",").replace("-", "−")


def _splits(splits: Iterable[Split], found: Agreement) -> Iterator[str]:
    for one in splits:
        said = ", ".join(
            f"{name} {answer or '–'}" for name, answer in zip(found.readers, one.said, strict=True)
        )
        yield f"situation {one.situation}, {one.label}{_COLON}{said}{_NBSP}; l’outil {one.tool}"
