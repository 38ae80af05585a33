"""A recommendation as plain text of 80 columns; colours say nothing that the words do not."""

import textwrap
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby

from iscg_rules.recommend.results import (
    Exclusion,
    Orientation,
    Possibility,
    Reason,
    Recommendation,
)
from iscg_rules.rendering.words import WORDS, answers, contact, leads, moment, questions, sources

__all__ = ["render_text"]

WIDTH = 80
_BOLD, _RED, _DIM, _END = "\x1b[1m", "\x1b[1;31m", "\x1b[2m", "\x1b[0m"


def render_text(recommendation: Recommendation, *, is_coloured: bool = False) -> str:
    """Say a recommendation in the order of action.

    First what to clear up at once, then what to do in order, with whom, by when, the number to
    call and the next one to try, why; then what has no partner here, what is possible, what must
    not be offered, and advice.
    """
    return "\n".join(_Text(recommendation, is_coloured=is_coloured).lines()) + "\n"


class _Text:
    def __init__(self, recommendation: Recommendation, *, is_coloured: bool) -> None:
        self._recommendation = recommendation
        self._language = recommendation.language
        self._words = WORDS[recommendation.language]
        self._is_coloured = is_coloured

    def lines(self) -> Iterator[str]:
        got, words = self._recommendation, self._words
        title = words["title"]
        if got.at is not None:
            title += f" · {moment(got.at, self._language)}"
        yield self._paint(title, _BOLD)
        if got.to_settle:
            yield from self._heading("to_settle", _RED)
            for question in got.to_settle:
                yield from self._wrap(question.ask or question.label, "  ? ")
        number = 0
        for urgency, group in groupby(got.orientations, key=lambda o: o.urgency):
            yield from self._heading(urgency, _RED if urgency == "now" else _BOLD)
            for orientation in group:
                number += 1
                yield from self._orientation(orientation, number)
        if not got.orientations:
            yield from ("", words["nothing"])
        yield from self._rest(got)

    def _orientation(self, orientation: Orientation, number: int) -> Iterator[str]:
        words = self._words
        label = self._paint(orientation.label, _BOLD)
        marks = [words[orientation.strength]]
        if orientation.already:
            marks.append(words[orientation.already])
        yield f"{number:>2}. {label} ({', '.join(marks)})"
        if orientation.for_ != ("person",):
            named = ", ".join(words[name] for name in orientation.for_)
            yield from self._wrap(f"{words['for']} {named}")
        cards = [card for card in (orientation.partner, *orientation.alternatives) if card]
        heads = ("→ ", *(f"{lead} " for lead in leads(cards, self._language)))
        for place, (lead, card) in enumerate(zip(heads, cards, strict=False)):
            yield from self._wrap(f"{lead}{card.name}")
            yield from self._wrap(contact(card, self._language), "       ")
            if place == 0 and card.description:
                yield from self._wrap(card.description, "       ")
        if orientation.kind in self._recommendation.gaps:
            yield from self._wrap(f"→ {words['no_partner']}")
        yield from self._reasons(orientation.reasons)
        sharing = orientation.sharing
        basis = f" ({' ; '.join(sharing.legal_basis)})" if sharing.legal_basis else ""
        yield from self._wrap(f"{words['sharing']} {sharing.text}{basis}")

    def _reasons(self, reasons: tuple[Reason, ...]) -> Iterator[str]:
        words = self._words
        for reason in reasons:
            yield from self._wrap(f"{words['why']} {reason.because}")
            yield from self._wrap(
                f"{words['because_of']} {answers(reason.answers, self._language)}", "       "
            )
            named = "\u202f; ".join(
                sources(reason.sources, self._recommendation.at, self._language)
            )
            yield from self._wrap(f"{words['sources']} {named}", "       ", self._dim)

    def _rest(self, got: Recommendation) -> Iterator[str]:
        if got.left_out:
            yield from ("", self._words["left_out"].format(got.left_out))
        if got.excluded:
            yield from self._heading("excluded", _BOLD)
            for exclusion in got.excluded:
                yield from self._exclusion(exclusion)
        labels = {orientation.kind: orientation.label for orientation in got.orientations}
        yield from self._list("advice", (text for a in got.advice for text in a.texts))
        yield from self._list("gaps", (labels.get(kind, kind) for kind in got.gaps))
        yield from self._list("possible", map(self._possibility, got.possible))

    def _exclusion(self, exclusion: Exclusion) -> Iterator[str]:
        yield from self._wrap(f"✗ {exclusion.label}", "  ")
        for reason in exclusion.reasons:
            said = answers(reason.answers, self._language)
            yield from self._wrap(f"{reason.because} ({said})", "      ")

    def _possibility(self, possibility: Possibility) -> str:
        words = self._words
        head = f"{possibility.label} ({words[possibility.urgency].lower()})"
        return f"{head}, {words['missing']} {questions(possibility.missing)}"

    def _list(self, heading: str, texts: Iterable[str]) -> Iterator[str]:
        lines = [line for text in texts for line in self._wrap(f"• {text}", "  ")]
        if lines:
            yield from self._heading(heading, _BOLD)
            yield from lines

    def _heading(self, name: str, colour: str) -> Iterator[str]:
        yield from ("", self._paint(self._words[name], colour))

    def _wrap(
        self, text: str, indent: str = "    ", style: "Callable[[str], str] | None" = None
    ) -> Iterator[str]:
        following = " " * len(indent) + "  "
        # A no-break space must not break: the wrapper only breaks at plain spaces.
        for line in textwrap.wrap(
            text,
            WIDTH,
            initial_indent=indent,
            subsequent_indent=following,
            break_long_words=False,
            break_on_hyphens=False,
        ):
            yield style(line) if style else line

    def _dim(self, line: str) -> str:
        return self._paint(line, _DIM)

    def _paint(self, text: str, colour: str) -> str:
        return f"{colour}{text}{_END}" if self._is_coloured else text
