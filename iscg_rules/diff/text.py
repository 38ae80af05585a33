"""What changes from one rule set to another, in French: text, Markdown, lines of a changelog."""

import re
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import NamedTuple

from iscg_rules.diff.author_words import reworded, written
from iscg_rules.diff.results import (
    CaseShift,
    FittingAnswers,
    Region,
    Revision,
    Share,
    SituationShift,
)
from iscg_rules.rendering.escaping import escape_markdown
from iscg_rules.rendering.paragraphs import wrapped

__all__ = ["render_changelog", "render_markdown", "render_text", "say_share"]

_NBSP = "\u00a0"
_COLON = f"{_NBSP}: "
_SEMICOLON = "\u202f; "
_LEAST_PERCENT = 0.01
# More than this of one kind of line, and the rest is only counted.
_MOST_LINES = 12
# A comment of a pull request holds about sixty thousand letters.
_MOST_EFFECTS = 40

_CHANGES = {
    "won": "nouvelle orientation",
    "lost": "n’est plus une orientation",
    "excluded": "désormais à ne pas proposer",
    "released": "n’est plus à ne pas proposer",
    "more_urgent": "plus tôt",
    "less_urgent": "plus tard",
    "stronger": "plus fortement conseillé",
    "weaker": "moins fortement conseillé",
    "people": "pour d’autres personnes",
    "sharing": "à transmettre sur un autre fondement",
    "ahead": "passe devant, à urgence et force égales",
    "partner": "d’autres partenaires, ou dans un autre ordre",
    "advised": "nouveau conseil",
    "unadvised": "conseil retiré",
    "refused": "désormais refusée comme impossible",
    "accepted": "n’est plus refusée comme impossible",
}
_VERSIONS = {"both": "", "old": " (cas d’avant)", "new": " (cas d’après)"}


class _IndentedLine(NamedTuple):
    """A line and how deep it stands: 0 a heading, 1 what it is about, 2 and 3 details."""

    depth: int
    text: str


def render_text(revision: Revision) -> str:
    """Say a revision in lines of 80 columns."""
    lines: list[str] = wrapped(_verdict(revision), "", "  ")
    for depth, text in _lines(revision):
        if depth == 0:
            lines += ["", text.upper()]
        else:
            lines += wrapped(text, "  " * (depth - 1), "  " * depth)
    return "\n".join(lines) + "\n"


def render_markdown(revision: Revision) -> str:
    """Say a revision as Markdown, for a pull request."""
    lines = ["## Ce que ce changement fait aux orientations", "", _verdict(revision)]
    for depth, text in _lines(revision, _MOST_EFFECTS):
        if depth == 0:
            lines += ["", f"### {_escaped(text)}", ""]
        else:
            lines.append(f"{'  ' * (depth - 1)}- {_escaped(text)}")
    return "\n".join(lines) + "\n"


# What we put between backquotes ourselves: ids and answers.
_QUOTED = re.compile(r"(`[\w=. -]+`)")


def _escaped(text: str) -> str:
    parts = _QUOTED.split(text)
    # Every other part is what stood between backquotes.
    return "".join(part if at % 2 else escape_markdown(part) for at, part in enumerate(parts))


def render_changelog(revision: Revision) -> str:
    """Draft the lines of `rules/CHANGELOG.md`: who, from when, what, by which source."""
    lines = [f"## {revision.day.isoformat()}", ""]
    lines += map(_entry, revision.situations)
    silent = sum(1 for _ in revision.words)
    if silent:
        lines.append(f"- Sans effet sur les orientations{_COLON}{_counted(silent, 'texte')}.")
    if len(lines) == 2:  # noqa: PLR2004 # the title alone
        lines.append("- Rien ne change.")
    return "\n".join(lines) + "\n"


def _entry(shift: SituationShift) -> str:
    when = _escaped(f"{_SEMICOLON}ou ".join(_when(region) for region in shift.regions))
    more = f"{_SEMICOLON}et d’autres situations" if shift.has_more else ""
    dates = _dates(shift)
    sources = _escaped(_SEMICOLON.join(source.title for source in shift.sources))
    source = f" Source{_COLON}{sources}." if sources else ""
    what = _escaped(f"{_subject(shift)}, {_CHANGES[shift.change]}{dates}")
    who = _escaped(_SEMICOLON.join(condition.words for condition in shift.affected))
    if who:
        return f"- **{who}**{_COLON}{what} ({when}{more}).{source}"
    return f"- **{when[0].upper()}{when[1:]}{more}**{_COLON}{what}.{source}"


def _verdict(revision: Revision) -> str:
    if not revision.is_changed:
        return "Les mêmes orientations dans toutes les situations."
    if not revision.share.share and not revision.share.error:
        return "Rien ne change ce jour-là\u202f; des situations changent plus tard."
    return f"Des situations ne sont plus traitées de même{_COLON}{say_share(revision.share)}."


def say_share(share: Share) -> str:
    """Say a share: a percentage, or one in so many where it is small."""
    if share.error:
        low, error = f"{100 * share.share:.1f}", f"{100 * share.error:.1f}"
        return f"environ {low}{_NBSP}% (estimé, à {error} points près)".replace(".", ",")
    if share.share >= _LEAST_PERCENT:
        return f"{100 * share.share:.1f}{_NBSP}% des situations".replace(".", ",")
    assert share.count
    assert share.total
    one_in = f"{round(share.total / share.count):,}".replace(",", "\u202f")
    return f"une situation sur {one_in}"


def _lines(revision: Revision, most: int | None = None) -> Iterator[_IndentedLine]:
    if revision.situations:
        yield _IndentedLine(0, "Ce qui change")
        for shift in revision.situations[:most]:
            yield from _shift(shift)
        left = len(revision.situations[most or len(revision.situations) :])
        if left:
            yield _IndentedLine(
                1, f"et {_counted(left, 'autre effet')}, que le texte et le JSON disent"
            )
    yield from _section("Cas qui changent", map(_case, revision.cases))
    yield from _section("Ce qui est écrit autrement", written(revision.rules))
    yield from _section("Sans effet sur les orientations", map(reworded, revision.words))
    if revision.situations:
        yield _IndentedLine(0, "Comment c’est compté")
        yield _IndentedLine(1, _COUNTING)


_COUNTING = (
    "Parmi toutes les situations où chaque réponse est connue et que rien ne déclare "
    "impossible\u202f; les nombres, et les communes, que rien ne distingue comptent une fois."
)


def _shift(shift: SituationShift) -> Iterator[_IndentedLine]:
    what = f"{_subject(shift)}{_COLON}{_CHANGES[shift.change]}{_dates(shift)}"
    yield _IndentedLine(1, f"{what}, {say_share(shift.share)}")
    for condition in shift.affected:
        yield _IndentedLine(2, f"seulement {condition.words}")
    for region in shift.regions:
        yield _IndentedLine(2, f"quand {_when(region)}")
        if said := _example(region):
            yield _IndentedLine(3, f"par exemple {said}")
        yield _IndentedLine(3, f"avant{_COLON}{region.example.before}")
        yield _IndentedLine(3, f"après{_COLON}{region.example.after}")
    if shift.has_more:
        yield _IndentedLine(2, "et dans d’autres situations (`--classes` en montre plus)")
    if shift.rules:
        yield _IndentedLine(2, f"règles{_COLON}{', '.join(f'`{rule}`' for rule in shift.rules)}")


def _subject(shift: SituationShift) -> str:
    if not shift.subject:
        return "Situation"
    return shift.label if shift.label != shift.subject else f"«{_NBSP}{shift.label}{_NBSP}»"


def _dates(shift: SituationShift) -> str:
    since = f" à partir du {shift.since:%d/%m/%Y}" if shift.since else ""
    return since + (f" jusqu’au {shift.until:%d/%m/%Y}" if shift.until else "")


def _when(region: Region) -> str:
    """Say the conditions, what must not be at the end."""
    given = [condition for condition in region.conditions if not _is_absence(condition)]
    absent: dict[str, list[str]] = {}
    for condition in region.conditions:
        if _is_absence(condition):
            label, _, value = condition.words.partition(_COLON)
            absent.setdefault(label, []).append(value.removeprefix("pas "))
    text = " et ".join(_joined(given)) or "dans tous les cas"
    if not absent:
        return text
    left_out = (f"{label}{_COLON}{' ou '.join(values)}" for label, values in absent.items())
    return f"{text}, sauf {_SEMICOLON.join(left_out)}"


def _is_absence(condition: FittingAnswers) -> bool:
    """Tell whether one value of several must be absent."""
    return condition.variable != condition.attribute and condition.answers == ("no",)


def _joined(conditions: Iterable[FittingAnswers]) -> Iterator[str]:
    """Say the conditions, those on one question together."""
    for _, group in groupby(conditions, key=lambda condition: condition.attribute):
        first, *others = (condition.words for condition in group)
        rest = (words.partition(_COLON)[2] for words in others)
        yield " et ".join([first, *rest])


def _example(region: Region) -> str:
    """Say the example, where it is more than the conditions themselves."""
    values = region.example.values
    alone = all(len(condition.answers) == 1 for condition in region.conditions)
    if alone and {condition.variable for condition in region.conditions} == set(values):
        return ""
    said: dict[str, list[str]] = {}
    for answer in region.example.answers:
        said.setdefault(answer.label, []).append(answer.answer)
    return _SEMICOLON.join(f"{label}{_COLON}{', '.join(words)}" for label, words in said.items())


def _section(title: str, texts: Iterable[str]) -> Iterator[_IndentedLine]:
    listed = list(texts)
    if not listed:
        return
    yield _IndentedLine(0, title)
    yield from (_IndentedLine(1, text) for text in listed[:_MOST_LINES])
    if len(listed) > _MOST_LINES:
        yield _IndentedLine(1, f"et {_counted(len(listed) - _MOST_LINES, 'autre')}")


def _case(case: CaseShift) -> str:
    return (
        f"{case.case}{_VERSIONS[case.version]}, {case.title}{_COLON}{_SEMICOLON.join(case.changes)}"
    )


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun if number == 1 else noun.replace(' ', 's ') + 's'}"
