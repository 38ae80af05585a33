"""A report as one HTML page: nothing comes from elsewhere, and it can be printed."""

from collections.abc import Iterable, Iterator
from html import escape

from iscg_rules.rendering.figures import HIDDEN, NBSP, left_out, number, ordered, period, share
from iscg_rules.reports.results import Cross, CrossLine, Line, OneWay, Report

__all__ = ["NOT_PROMISED", "PROMISED", "report_page"]

# INVARIANT: the page promises what `docs/privacy-of-reports.md` does, in its words, and no more.
PROMISED = "tout nombre masqué garde un intervalle d’au moins autant de valeurs que le seuil"
NOT_PROMISED = (
    "Un nombre masqué n’est pas inconnu.",
    "Deux rapports comparés.",
    "Ce que l’on sait d’ailleurs.",
    "Les règles sont publiques.",
    "La logique sur plusieurs tableaux à la fois.",
    "Qui rejoue le programme.",
    "Les lignes elles-mêmes.",
)

_MOST_SITUATIONS, _MOST_ORIENTATIONS = 10, 5
_MOST_NAMES = 12
_TITLE = "Ce que les règles proposent"
_STYLE = """
:root{--ink:#1c2330;--soft:#5a6475;--line:#d5dae2;--bar:#2f6f9f;--ground:#fff;--box:#f4f6f9}
*{box-sizing:border-box}
body{font:16px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--ground);margin:0 auto;
 max-width:60rem;padding:1.5rem 1rem 3rem}
h1{font-size:1.7rem;line-height:1.2;margin:0 0 .3rem}
h2{font-size:1.25rem;margin:2.4rem 0 .3rem}
h3{font-size:1rem;margin:1.4rem 0 .2rem}
p{max-width:44rem;margin:.4rem 0}
.lead{color:var(--soft)}
.key{display:grid;grid-template-columns:repeat(auto-fit,minmax(11rem,1fr));gap:.8rem;
 margin:1.2rem 0;padding:0;list-style:none}
.key li{background:var(--box);border:1px solid var(--line);border-radius:.4rem;padding:.7rem .9rem}
.key b{display:block;font-size:1.6rem;line-height:1.2}
.box{background:var(--box);border-left:.25rem solid var(--bar);padding:.6rem 1rem;margin:1rem 0}
.box ul{margin:.3rem 0;padding-left:1.2rem}
table{border-collapse:collapse;width:100%;margin:.6rem 0;font-variant-numeric:tabular-nums}
caption{text-align:left;color:var(--soft);padding:.2rem 0}
th,td{padding:.3rem .5rem;border-bottom:1px solid var(--line);vertical-align:top;text-align:right}
th[scope=row],th:first-child{text-align:left;font-weight:normal}
thead th{font-weight:600;vertical-align:bottom}
.label{width:46%}.count{width:6rem}.share{width:5rem;color:var(--soft);white-space:nowrap}
td.bar{text-align:left;padding-top:.6rem}
td.bar span{display:block;height:.8rem;background:var(--bar);min-width:1px;
 -webkit-print-color-adjust:exact;print-color-adjust:exact}
.hidden{color:var(--soft);font-style:italic;font-size:.9em}
.wide{overflow-x:auto}
.wide table{min-width:40rem}
footer{margin-top:2.5rem;border-top:1px solid var(--line);color:var(--soft);font-size:.9rem}
footer p{overflow-wrap:anywhere}
@media(max-width:38rem){td.bar,th.bar{display:none}.label{width:auto}.share{width:4.5rem}
 .count{width:4.5rem}th,td{padding:.3rem .25rem}}
@media print{body{max-width:none;padding:0;font-size:10.5pt}h2,h3{break-after:avoid}
 tr,.box,.key li{break-inside:avoid}thead{display:table-header-group}.wide{overflow:visible}
 .wide table{min-width:0;font-size:8.5pt}@page{margin:1.5cm}}
"""


def report_page(report: Report) -> str:
    """Write the page.

    Args:
        report: counts that may be published.

    Returns:
        A whole HTML page; it fetches nothing, and forbids the browser to.
    """
    body = "\n".join(_body(report))
    return (
        '<!doctype html>\n<html lang="fr">\n<head>\n<meta charset="utf-8">\n'
        '<meta http-equiv="Content-Security-Policy" '
        "content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{_TITLE}, {escape(period(report.counted))}</title>\n"
        f"<style>{_STYLE}</style>\n</head>\n<body>\n{body}\n</body>\n</html>\n"
    )


def _body(report: Report) -> Iterator[str]:
    yield from _head(report)
    yield from _reading(report)
    rows = report.counted.rows
    tables = report.tables
    yield from _section(tables["areas"], rows, "Où vivent les personnes, par groupe de communes.")
    for name, table in tables.items():
        if table.is_partition and name not in ("areas", "urgency"):
            yield from _section(table, rows, "")
    if "situations" in tables:
        text = f"Une situation peut relever de plusieurs types{NBSP}: la somme dépasse le total."
        yield from _section(tables["situations"], rows, text)
    text = (
        "Ce que les règles proposent à coup sûr ; une situation a souvent plusieurs orientations."
    )
    yield from _section(tables["kinds"], rows, text)
    text = "Chaque situation compte une fois, au délai de son orientation la plus pressante."
    yield from _section(tables["urgency"], rows, text, is_in_order=True)
    text = (
        "Une orientation est certaine, et aucun partenaire connu n’y répond pour cette situation. "
        "Un manque peut venir du réseau, ou de la liste des partenaires."
    )
    yield from _section(tables["gaps"], rows, text)
    if "gaps_by_area" in report.crosses:
        yield from _by_area(report.crosses["gaps_by_area"])
    if "situations_by_kind" in report.crosses:
        yield from _by_situation(report.crosses["situations_by_kind"])
    yield from _foot(report)


def _head(report: Report) -> Iterator[str]:
    counted = report.counted
    where = f"{escape(report.territory)}, " if report.territory else ""
    yield f"<h1>{_TITLE}</h1>"
    yield f'<p class="lead">{where}{escape(period(counted))}</p>'
    keys = [(number(counted.rows), "situations comptées")]
    lines = {line.id: line.count for line in report.tables["urgency"].lines}
    keys.append(_key(lines["now"], counted.rows, "ont une orientation à faire maintenant"))
    none = {line.id: line.count for line in report.tables["gaps"].lines}["none"]
    some = None if none is None else counted.rows - none
    keys.append(_key(some, counted.rows, "ont au moins un besoin sans partenaire"))
    items = "".join(f"<li><b>{number}</b>{text}</li>" for number, text in keys)
    yield f'<ul class="key">{items}</ul>'


def _key(count: int | None, rows: int, text: str) -> tuple[str, str]:
    if count is None:
        return f'<span class="hidden">{HIDDEN}</span>', text
    return number(count), f"{text} ({escape(share(count, rows))})"


def _reading(report: Report) -> Iterator[str]:
    counted = report.counted
    few = counted.threshold - 1
    yield '<section class="box" aria-label="Comment lire cette page">'
    yield "<ul>"
    for text in (
        (
            "On compte les <strong>orientations que les règles proposent</strong>, pas l’aide "
            "donnée, demandée ou reçue."
        ),
        f"On compte des situations, pas des personnes{NBSP}: qui revient compte deux fois.",
        f"Période{NBSP}: {escape(period(counted))}. {escape(left_out(counted).capitalize())}.",
        (
            f"Un nombre de 1 à {few} est <span class='hidden'>{HIDDEN}</span>, pour qu’il soit "
            "plus difficile de reconnaître quelqu’un. D’autres nombres le sont avec lui, pour "
            "qu’une soustraction ne le rende pas. Zéro est montré, sauf où il ferait retrouver un "
            "autre nombre."
        ),
    ):
        yield f"<li>{text}</li>"
    yield "</ul></section>"


def _section(table: OneWay, rows: int, text: str, *, is_in_order: bool = False) -> Iterator[str]:
    yield f'<section id="{escape(table.id)}"><h2>{escape(table.title)}</h2>'
    if text:
        yield f"<p>{escape(text)}</p>"
    lines = [line for line in table.lines if line.count != 0]
    if is_in_order:
        yield from _table(lines, rows, table.title)
    else:
        yield from _table(ordered(line for line in lines if line.count), rows, table.title)
        yield from _names([line for line in lines if line.count is None], "Nombre masqué")
    empty = [line for line in table.lines if line.count == 0]
    if len(empty) <= _MOST_NAMES:
        yield from _names(empty, "Aucune situation")
    else:
        file = f"<code>{escape(table.id)}.csv</code>"
        yield f'<p class="lead">Aucune situation{NBSP}: {len(empty)} autres, dans {file}.</p>'
    yield "</section>"


def _names(lines: Iterable[Line], text: str) -> Iterator[str]:
    labels = f"{NBSP}; ".join(line.label for line in lines)
    if labels:
        yield f'<p class="lead">{text}{NBSP}: {escape(labels)}.</p>'


def _table(lines: Iterable[Line], rows: int, caption: str) -> Iterator[str]:
    yield f"<table><caption>{escape(caption)}{NBSP}: {number(rows)} situations en tout</caption>"
    yield (
        '<thead><tr><th scope="col" class="label">&nbsp;</th><th scope="col" class="count">Nombre'
        '</th><th scope="col" class="share">Part</th><th class="bar" aria-hidden="true"></th></tr>'
        "</thead><tbody>"
    )
    for line in lines:
        width = 0 if line.count is None else 100 * line.count / rows
        bar = f'<span style="width:{width:.1f}%"></span>' if width else ""
        yield (
            f'<tr><th scope="row">{escape(line.label)}</th><td>{_count(line.count)}</td>'
            f'<td class="share">{escape(share(line.count, rows))}</td>'
            f'<td class="bar" aria-hidden="true">{bar}</td></tr>'
        )
    yield "</tbody></table>"


def _count(count: int | None) -> str:
    return f'<span class="hidden">{HIDDEN}</span>' if count is None else number(count)


def _by_area(cross: Cross) -> Iterator[str]:
    yield f'<section id="{escape(cross.id)}"><h2>{escape(cross.title)}</h2>'
    yield (
        "<p>Sous chaque secteur, le nombre de ses situations. Un secteur où tous, ou presque tous, "
        "ont le même besoin est masqué aussi.</p>"
    )
    heads = "".join(
        f'<th scope="col">{escape(column.label)} ({number(column.count)})</th>'
        for column in cross.columns
    )
    yield (
        f'<div class="wide" role="region" tabindex="0" aria-label="{escape(cross.title)}"><table>'
        f'<thead><tr><th scope="col">Besoin</th>{heads}<th scope="col">Total</th></tr></thead>'
        "<tbody>"
    )
    for line in _largest_first(cross.lines):
        cells = "".join(f"<td>{_count(count)}</td>" for count in line.counts)
        label = escape(line.label)
        total = number(line.total)
        yield f'<tr><th scope="row">{label}</th>{cells}<td><strong>{total}</strong></td></tr>'
    yield "</tbody></table></div></section>"


def _by_situation(cross: Cross) -> Iterator[str]:
    yield f'<section id="{escape(cross.id)}"><h2>{escape(cross.title)}</h2>'
    yield (
        f"<p>Les {_MOST_SITUATIONS} types les plus fréquents, et pour chacun les "
        f"{_MOST_ORIENTATIONS} orientations les plus fréquentes qui peuvent être montrées. Une "
        "orientation que tous ont, ou presque tous, est masquée. Le tableau entier est dans "
        "<code>situations_by_kind.csv</code>.</p>"
    )
    for line in _largest_first(cross.lines)[:_MOST_SITUATIONS]:
        pairs = zip(cross.columns, line.counts, strict=True)
        shown = [Line(head.id, head.label, count) for head, count in pairs if count]
        yield f"<h3>{escape(line.label[0].upper() + line.label[1:])}</h3>"
        if shown:
            yield from _table(ordered(shown)[:_MOST_ORIENTATIONS], line.total, line.label)
        else:
            yield "<p>Rien ne peut être montré.</p>"
    yield "</section>"


def _largest_first(lines: Iterable[CrossLine]) -> list[CrossLine]:
    return sorted(lines, key=lambda line: -line.total)


def _foot(report: Report) -> Iterator[str]:
    counted = report.counted
    yield "<footer>"
    yield (
        f"<p>{number(counted.rows)} situations ; {escape(left_out(counted))} ; seuil "
        f"{counted.threshold} ; iscg-rules {escape(counted.engine)} ; règles et partenaires "
        f"{escape(report.rules)}.</p>"
    )
    yield (
        f"<p>Pour qui ajoute, soustrait et borne les nombres publiés, {PROMISED} "
        f"({counted.threshold}). Ce qui n’est pas garanti{NBSP}:</p><ul>"
    )
    yield from (f"<li>{text}</li>" for text in NOT_PROMISED)
    yield (
        "</ul><p>Chacun est expliqué à la page «\u00a0Ce qu’un rapport peut révéler\u00a0» de la "
        "documentation.</p></footer>"
    )
