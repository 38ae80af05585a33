"""The grid of themes and kinds of help: what the rules offer where, and where nothing."""

from collections.abc import Iterator, Mapping, Sequence

from iscg_rules.model.rules import Orient, Rule, RuleSet
from iscg_rules.rendering.escaping import escape_markdown

__all__ = ["render_grid"]

_NBSP = "\u00a0"
_STRENGTHS = {"must": "à faire", "should": "conseillé", "may": "au choix"}
_URGENCIES = {
    "now": "maintenant",
    "today": "aujourd’hui",
    "week": "cette semaine",
    "planned": "à prévoir",
}
# One sign a strength; doubled where it cannot wait for tomorrow.
_SIGNS = {"must": "●", "should": "◐", "may": "○"}
_SOON = ("now", "today")

_Offers = list[tuple[Rule, Orient]]


def render_grid(rule_set: RuleSet) -> str:
    """Write as Markdown what each theme offers of each kind, and by which rules."""
    return "\n".join(_lines(rule_set)) + "\n"


def _lines(rule_set: RuleSet) -> Iterator[str]:
    cells = _cells(rule_set)
    yield "# La grille des sujets et des aides"
    yield ""
    yield (
        "Une ligne par aide, une colonne par sujet (le fichier des règles). Cette page est écrite "
        f"par `make rulebook`{_NBSP}: on change les règles, pas la page."
    )
    yield ""
    yield (
        f"● à faire, ◐ conseillé, ○ au choix{_NBSP}; deux signes{_NBSP}: dès aujourd’hui. "
        f"Vide{_NBSP}: rien."
    )
    yield ""
    for number, theme in enumerate(cells, 1):
        yield f"{number}. [{escape_markdown(theme)}](#sujet-{number})"
    yield ""
    yield from _table(rule_set, cells)
    yield from _never(rule_set)
    for number, (theme, row) in enumerate(cells.items(), 1):
        yield from (
            "",
            f'<a id="sujet-{number}"></a>',
            "",
            f"## {number}. {escape_markdown(theme)}",
            "",
        )
        yield from _details(rule_set, row)


def _cells(rule_set: RuleSet) -> dict[str, dict[str, _Offers]]:
    """Give by theme, then by kind in the vocabulary's order, the rules and what they say."""
    found: dict[str, dict[str, _Offers]] = {}
    for name, place in sorted(
        rule_set.places.items(), key=lambda rule: (rule[1].file, rule[1].line)
    ):
        theme = rule_set.themes[place.file].fr if place.file in rule_set.themes else place.file
        rule = rule_set.rules[name]
        for orient in rule.orient:
            found.setdefault(theme, {}).setdefault(orient.to, []).append((rule, orient))
    rank = rule_set.vocabulary.kind_rank
    return {
        theme: dict(sorted(row.items(), key=lambda cell: rank[cell[0]]))
        for theme, row in found.items()
    }


def _table(rule_set: RuleSet, cells: Mapping[str, Mapping[str, _Offers]]) -> Iterator[str]:
    numbers = range(1, len(cells) + 1)
    yield f"| aide | {' | '.join(map(str, numbers))} |"
    yield f"|---|{'---|' * len(cells)}"
    for kind in rule_set.vocabulary.kinds.values():
        signs = [_sign(row[kind.id]) if kind.id in row else "" for row in cells.values()]
        if any(signs):
            yield f"| {escape_markdown(kind.label.fr)} | {' | '.join(signs)} |"


def _sign(said: _Offers) -> str:
    strongest = min(orient.strength for _, orient in said)
    soonest = min(orient.urgency for _, orient in said)
    return _SIGNS[strongest] * (2 if soonest in _SOON else 1)


def _never(rule_set: RuleSet) -> Iterator[str]:
    led = {orient.to for rule in rule_set.rules.values() for orient in rule.orient}
    never = [kind.label.fr for kind in rule_set.vocabulary.kinds.values() if kind.id not in led]
    if never:
        yield from ("", f"Aucune règle n’y mène{_NBSP}: {escape_markdown(', '.join(never))}.")


def _details(rule_set: RuleSet, row: Mapping[str, _Offers]) -> Iterator[str]:
    for kind, said in row.items():
        label = escape_markdown(rule_set.vocabulary.kinds[kind].label.fr)
        yield f"- **{label}**{_NBSP}: {_rules(said)}"


def _rules(said: Sequence[tuple[Rule, Orient]]) -> str:
    ordered = sorted(said, key=lambda one: (one[1].urgency, one[1].strength, one[0].id))
    return "\u202f; ".join(
        f"{_URGENCIES[orient.urgency]}, {_STRENGTHS[orient.strength]}, "
        f"[{rule.id}](rulebook.md#{rule.id})"
        for rule, orient in ordered
    )
