"""A recommendation with all that stands behind it, as plain text of 80 columns."""

from collections.abc import Iterator
from functools import partial
from itertools import groupby

from iscg_rules.recommend.results import (
    Exclusion,
    Orientation,
    Possibility,
    Reason,
    Recommendation,
)
from iscg_rules.rendering.paragraphs import BOLD, DIM, RED, Paragraphs
from iscg_rules.rendering.words import WORDS, answers, contact, leads, moment, questions, sources

__all__ = ["render_full_text"]


def render_full_text(recommendation: Recommendation, *, is_coloured: bool = False) -> str:
    """Say a recommendation in full, in the order of action.

    What to do in order, with whom, by when, the number to call and the next one to try, why, and
    what may be passed on; then what must not be offered, advice, what has no partner here, what to
    clear up at once, and what is possible.
    """
    return "\n".join(_FullText(recommendation, is_coloured=is_coloured).lines()) + "\n"


class _FullText:
    def __init__(self, recommendation: Recommendation, *, is_coloured: bool) -> None:
        self._recommendation = recommendation
        self._language = recommendation.language
        self._words = WORDS[recommendation.language]
        self._page = Paragraphs(is_coloured=is_coloured)

    def lines(self) -> Iterator[str]:
        got, words = self._recommendation, self._words
        title = words["title"]
        if got.at is not None:
            title += f" · {moment(got.at, self._language)}"
        yield self._page.paint(title, BOLD)
        number = 0
        for urgency, group in groupby(got.orientations, key=lambda o: o.urgency):
            yield from self._page.heading(words[urgency], RED if urgency == "now" else BOLD)
            for orientation in group:
                number += 1
                yield from self._orientation(orientation, number)
        if not (got.orientations or got.left_out):
            yield from ("", words["nothing"])
        yield from self._rest(got)

    def _orientation(self, orientation: Orientation, number: int) -> Iterator[str]:
        words = self._words
        label = self._page.paint(orientation.label, BOLD)
        marks = [words[orientation.strength]]
        if orientation.already:
            marks.append(words[orientation.already])
        yield f"{number:>2}. {label} ({', '.join(marks)})"
        if orientation.for_ != ("person",):
            named = ", ".join(words[name] for name in orientation.for_)
            yield from self._page.wrap(f"{words['for']} {named}")
        cards = [card for card in (orientation.partner, *orientation.alternatives) if card]
        heads = ("→ ", *(f"{lead} " for lead in leads(cards, self._language)))
        for place, (lead, card) in enumerate(zip(heads, cards, strict=False)):
            yield from self._page.wrap(f"{lead}{card.name}")
            yield from self._page.wrap(contact(card, self._language), "       ")
            if place == 0 and card.description:
                yield from self._page.wrap(card.description, "       ")
        if orientation.kind in self._recommendation.gaps:
            yield from self._page.wrap(f"→ {words['no_partner']}")
        yield from self._reasons(orientation.reasons)
        sharing = orientation.sharing
        basis = f" ({' ; '.join(sharing.legal_basis)})" if sharing.legal_basis else ""
        yield from self._page.wrap(f"{words['sharing']} {sharing.text}{basis}")

    def _reasons(self, reasons: tuple[Reason, ...]) -> Iterator[str]:
        words = self._words
        for reason in reasons:
            yield from self._page.wrap(f"{words['why']} {reason.because}")
            yield from self._page.wrap(
                f"{words['because_of']} {answers(reason.answers, self._language)}", "       "
            )
            named = "\u202f; ".join(
                sources(reason.sources, self._recommendation.at, self._language)
            )
            yield from self._page.wrap(
                f"{words['sources']} {named}", "       ", partial(self._page.paint, colour=DIM)
            )

    def _rest(self, got: Recommendation) -> Iterator[str]:
        words, page = self._words, self._page
        if got.left_out:
            yield from ("", words["left_out"].format(got.left_out))
        if got.excluded:
            yield from page.heading(words["excluded"])
            for exclusion in got.excluded:
                yield from self._exclusion(exclusion)
        yield from page.listed(words["advice"], (text for a in got.advice for text in a.texts))
        yield from page.listed(words["gaps"], got.gap_labels)
        asked = (question.ask or question.label for question in got.to_settle)
        yield from page.listed(words["to_settle"], asked)
        yield from page.listed(words["possible"], map(self._possibility, got.possible))

    def _exclusion(self, exclusion: Exclusion) -> Iterator[str]:
        yield from self._page.wrap(f"✗ {exclusion.label}", "  ")
        for reason in exclusion.reasons:
            said = answers(reason.answers, self._language)
            yield from self._page.wrap(f"{reason.because} ({said})", "      ")

    def _possibility(self, possibility: Possibility) -> str:
        words = self._words
        head = f"{possibility.label} ({words[possibility.urgency].lower()})"
        return f"{head}, {words['missing']} {questions(possibility.missing)}"
