"""A recommendation that fits one screen: what to do, by when it can be done, then what to ask.

Nothing here but what somebody can act on: `full_text` has the reasons, sources and the rest.
"""

import re
from collections.abc import Iterable, Iterator, Sequence

from iscg_rules.recommend.results import Orientation, PartnerCard, Recommendation
from iscg_rules.recommend.short_answer import called, main_reason
from iscg_rules.rendering.paragraphs import BOLD, RED, WIDTH, Paragraphs
from iscg_rules.rendering.when import When, grouped, heading, next_opening
from iscg_rules.rendering.words import WORDS, closure, moment, opening

__all__ = ["first_lines", "render_text"]

# Told with the one to call and why; what follows gets a line.
_TOLD_WHOLE = 3
_QUESTIONS = 3
_SCREEN = 24
_FEW = 2
_SHORT = len("116 006")
_PRESSING = frozenset({"now", "today"})
_LINE = WIDTH - len("  • ")


def render_text(
    recommendation: Recommendation, *, is_coloured: bool = False, is_all: bool = False
) -> str:
    """Say a recommendation on one screen.

    Args:
        recommendation: what to say.
        is_coloured: whether a terminal shows colours.
        is_all: name what is possible too, one a line.
    """
    text = _Text(recommendation, is_coloured=is_coloured, is_all=is_all)
    return "\n".join(text.lines()) + "\n"


def first_lines(recommendation: Recommendation) -> Iterator[str]:
    """Yield one line an orientation, in the order in which to act."""
    text = _Text(recommendation, is_coloured=False, is_all=False)
    for group, orientations in grouped(recommendation).items():
        when = heading(group, recommendation).lower()
        yield from (f"[{when}] {text.line(orientation)}" for orientation in orientations)


class _Text:
    def __init__(self, recommendation: Recommendation, *, is_coloured: bool, is_all: bool) -> None:
        self._recommendation = recommendation
        self._language = recommendation.language
        self._words = WORDS[recommendation.language]
        self._page = Paragraphs(is_coloured=is_coloured)
        self._is_all = is_all
        self._is_marked = False

    def lines(self) -> Iterator[str]:
        got, words = self._recommendation, self._words
        when = f" · {moment(got.at, self._language)}" if got.at else ""
        yield self._page.paint(f"{words['title']}{when}", BOLD)
        groups = grouped(got)
        later, then = groups.pop("later", []), groups.pop("then", [])
        lines, number = list[str](), 0
        for group, orientations in groups.items():
            lines += self._group(group, orientations, number, len(orientations))
            number += len(orientations)
        if not (got.orientations or got.left_out):
            lines.append(words["nothing"])
        rest = list(self._rest(got))
        room = _SCREEN - 1 - len(lines) - len(rest)
        yield from lines
        yield from self._waiting(later, then, number, room)
        yield from rest

    def _waiting(
        self, later: Sequence[Orientation], then: Sequence[Orientation], number: int, room: int
    ) -> Sequence[str]:
        """Return what can wait: a line each where the screen has room, else the last ones joined.

        Args:
            later: what presses and opens another day.
            then: what is for this week, or to be planned.
            number: how many orientations stand before.
            room: how many lines are left.
        """
        every = list(self._group("later", later, number, len(later)))
        few = list(self._group("later", later, number, max(_FEW, _TOLD_WHOLE - number)))
        lines = list(self._group("then", then, _TOLD_WHOLE, len(then)))
        labels = (orientation.label for orientation in then)
        joined = list(self._joined(self._words["when_then"], labels, ""))
        ways = (every + lines, every + joined, few + joined)
        if self._is_all:
            return ways[0]
        return next((way for way in ways if len(way) <= room), ways[-1])

    def _group(
        self, group: When, orientations: Sequence[Orientation], number: int, most: int
    ) -> Iterator[str]:
        """Yield a heading and its orientations; beyond so many, only what they are called."""
        if not orientations:
            return
        colour = RED if group == "now" else BOLD
        yield self._page.paint(heading(group, self._recommendation), colour)
        for place, orientation in enumerate(orientations[:most], number + 1):
            # What comes afterwards is told in a line each, even where nothing comes before.
            if place <= _TOLD_WHOLE:
                yield from self._whole(orientation, place)
            else:
                yield from self._bullet(orientation)
        yield from self._joined("•", (_acronym(one.label) for one in orientations[most:]))

    def _bullet(self, orientation: Orientation) -> Iterator[str]:
        return self._page.wrap(f"• {self.line(orientation)}", "  ")

    def _whole(self, orientation: Orientation, number: int) -> Iterator[str]:
        label = f"{orientation.label}{self._for(orientation)}"
        contact = self._contact(orientation)
        # A label may fill more than one line.
        first, *rest = (self._page.paint(line.strip(), BOLD) for line in self._page.wrap(label))
        if contact and len(label) + len(contact) + len(" 1.  → ") <= WIDTH:
            yield f"{number:>2}. {first} → {contact}"
        else:
            yield from (f"{number:>2}. {first}", *(f"    {line}" for line in rest))
            yield from self._page.wrap(f"→ {contact}" if contact else "")
        yield from self._page.wrap(main_reason(orientation))

    def line(self, orientation: Orientation) -> str:
        """Say an orientation in a line: for whom, and the number to call."""
        said = f"{orientation.label}{self._for(orientation)}"
        card = called(orientation)
        if card is None:
            return f"{said}\u00a0: {lacking}" if (lacking := self._lacking(orientation)) else said
        mark, opens = self._mark(orientation, card), next_opening(orientation, self._language)
        # The longest that fits: with the hour, then without, then whose it is not told.
        ways = [(_number(card) or card.name, opens), (_number(card) or card.name, ""), ("", "")]
        lines = [
            " · ".join(filter(None, (f"{said}\u00a0: {number}" if number else said, hours))) + mark
            for number, hours in ways
        ]
        return next((line for line in lines if len(line) <= _LINE), lines[0])

    def _lacking(self, orientation: Orientation) -> str:
        """Say why there is nobody to call; an empty text where nobody is needed."""
        if orientation.partner is not None:
            return opening(orientation.partner, self._language)
        return self._words["no_one"] if self._is_gap(orientation) else ""

    def _for(self, orientation: Orientation) -> str:
        if orientation.for_ == ("person",):
            return ""
        return f" ({', '.join(self._words[name] for name in orientation.for_)})"

    def _contact(self, orientation: Orientation) -> str:
        """Say whom to call, at which number, from when, with a mark where it must be checked."""
        card = called(orientation) or orientation.partner
        if card is None:
            return self._lacking(orientation)
        number = _number(card) or card.access or ""
        # Everybody knows a short number; the kind says whose it is.
        name = "" if 0 < len(number) <= _SHORT else card.name
        parts = [name, "" if number == card.name else number, self._hours(orientation, card)]
        return " · ".join(filter(None, parts)) + self._mark(orientation, card)

    def _is_gap(self, orientation: Orientation) -> bool:
        return orientation.kind in self._recommendation.gaps

    def _mark(self, orientation: Orientation, card: PartnerCard) -> str:
        is_unsure = orientation.urgency in _PRESSING and orientation.reachable == "unknown"
        is_doubtful = card.to_confirm or card.depends_on_commune or card.to_check or is_unsure
        self._is_marked |= bool(is_doubtful)
        return " *" if is_doubtful else ""

    def _hours(self, orientation: Orientation, card: PartnerCard) -> str:
        if orientation.reachable == "now":
            return self._words["day_and_night" if card.hours == "24/7" else "open"]
        if orientation.reachable == "nobody":
            return self._lacking(orientation)
        return closure(card, self._language) or next_opening(orientation, self._language)

    def _rest(self, got: Recommendation) -> Iterator[str]:
        words, page = self._words, self._page
        if got.left_out:
            yield words["left_out"].format(got.left_out)
            listed = {orientation.kind for orientation in got.orientations}
            gaps = zip(got.gaps, got.gap_labels, strict=True)
            lead = f"• {words['gaps'].capitalize()} ·"
            yield from self._joined(lead, (label for kind, label in gaps if kind not in listed))
        lead = f"✗ {words['not_offered']}"
        yield from self._joined(lead, (_acronym(exclusion.label) for exclusion in got.excluded))
        texts = dict.fromkeys(text for advice in got.advice for text in advice.texts)
        yield from page.bullets(texts, "!")
        asked = [question.label for question in got.next_questions[:_QUESTIONS]]
        while len(" · ".join(asked)) > _LINE - len(words["ask_next"]) - 1 and len(asked) > 1:
            asked.pop()
        yield from self._joined(f"? {words['ask_next']}", asked)
        if self._is_all:
            said = words["answers_missing"]
            yield from page.listed(
                words["possible"],
                (
                    f"{one.label} ({words[one.urgency].lower()}), {said.format(one.distance)}"
                    for one in got.possible
                ),
            )
        last = words["other" if len(got.possible) == 1 else "others"].format(len(got.possible))
        if not got.possible and not got.next_questions:
            last = words["settled"]
        marked = f" · {words['mark']}" if self._is_marked else ""
        yield from page.wrap(f"{last}{marked}", "")

    def _joined(self, lead: str, labels: Iterable[str], indent: str = "  ") -> Iterator[str]:
        said = " · ".join(labels)
        if said:
            yield from self._page.wrap(f"{lead} {said}", indent)


def _acronym(label: str) -> str:
    """Return the acronym that a label ends with, else the label."""
    found = re.search(r"\(([A-Z]{3,})\)$", label)
    return found[1] if found else label


def _number(card: PartnerCard) -> str:
    """Return the number to call or to write to, else any other contact; none is an empty text."""
    contact = card.contact
    if "phone" in contact or "sms" not in contact:
        return contact.get("phone") or next(iter(contact.values()), "")
    return f"SMS {contact['sms']}"
