"""A recommendation as Markdown: the same content as the text."""

from collections.abc import Iterator
from itertools import groupby

from iscg_rules.recommend.results import Orientation, Recommendation
from iscg_rules.rendering.escaping import escape_markdown as plain
from iscg_rules.rendering.words import WORDS, answers, contact, leads, moment, questions, sources

__all__ = ["render_markdown"]


def render_markdown(recommendation: Recommendation) -> str:
    """Say a recommendation in the order of action, as Markdown."""
    return "\n".join(_lines(recommendation)) + "\n"


def _lines(got: Recommendation) -> Iterator[str]:
    words = WORDS[got.language]
    when = f" · {moment(got.at, got.language)}" if got.at else ""
    yield f"# {words['title']}{when}"
    if got.to_settle:
        yield from ("", f"## {words['to_settle'].capitalize()}", "")
        yield from (f"- {plain(question.ask or question.label)}" for question in got.to_settle)
    number = 0
    for urgency, group in groupby(got.orientations, key=lambda o: o.urgency):
        yield from ("", f"## {words[urgency].capitalize()}", "")
        for orientation in group:
            number += 1
            yield from _orientation(got, orientation, number)
    if not (got.orientations or got.left_out):
        yield from ("", words["nothing"])
    yield from _rest(got)


def _orientation(got: Recommendation, orientation: Orientation, number: int) -> Iterator[str]:
    words, language = WORDS[got.language], got.language
    marks = [words[orientation.strength]]
    if orientation.already:
        marks.append(words[orientation.already])
    yield f"{number}. **{plain(orientation.label)}** ({', '.join(marks)})"
    if orientation.for_ != ("person",):
        yield f"   - {words['for']} {', '.join(words[name] for name in orientation.for_)}"
    cards = [card for card in (orientation.partner, *orientation.alternatives) if card]
    heads = ("", *(f"{lead} " for lead in leads(cards, language)))
    for place, (lead, card) in enumerate(zip(heads, cards, strict=False)):
        yield f"   - {lead}**{plain(card.name)}** · {plain(contact(card, language))}"
        if place == 0 and card.description:
            yield f"     {plain(card.description, leads=True)}"
    if orientation.kind in got.gaps:
        yield f"   - {words['no_partner']}"
    for reason in orientation.reasons:
        yield f"   - {words['why']} {plain(reason.because)}"
        yield f"     {words['because_of']} {plain(answers(reason.answers, language))}"
        named = sources(reason.sources, got.at, language, linked=True)
        yield f"     {words['sources']} " + "\u202f; ".join(named)
    basis = orientation.sharing.legal_basis
    ground = f" ({' ; '.join(basis)})" if basis else ""
    yield f"   - {words['sharing']} {plain(orientation.sharing.text + ground)}"


def _rest(got: Recommendation) -> Iterator[str]:
    words = WORDS[got.language]
    if got.left_out:
        yield from ("", words["left_out"].format(got.left_out))
    if got.excluded:
        yield from ("", f"## {words['excluded'].capitalize()}", "")
        for exclusion in got.excluded:
            why = " ".join(
                f"{reason.because} ({answers(reason.answers, got.language)})"
                for reason in exclusion.reasons
            )
            yield f"- **{plain(exclusion.label)}** · {plain(why)}"
    if got.advice:
        yield from ("", f"## {words['advice'].capitalize()}", "")
        yield from (
            f"- {plain(text, leads=True)}" for advice in got.advice for text in advice.texts
        )
    if got.gaps:
        yield from ("", f"## {words['gaps'].capitalize()}", "")
        yield from (f"- {plain(label)}" for label in got.gap_labels)
    if got.possible:
        yield from ("", f"## {words['possible'].capitalize()}", "")
        for possibility in got.possible:
            missing = f"{words['missing']} {plain(questions(possibility.missing))}"
            yield f"- {plain(possibility.label)} ({words[possibility.urgency].lower()}), {missing}"
