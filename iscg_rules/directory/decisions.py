"""What a person decided about proposals → the text of `partners.yaml`, and the proposals after."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from typing import Any, Literal

from iscg_rules.directory.partner_text import append_entry, set_field, swap_in_list
from iscg_rules.directory.proposals import PARTNER_FIELDS, Proposal, decide
from iscg_rules.directory.review import FieldDifference, ReviewItem, told_field
from iscg_rules.errors import Place

__all__ = ["Decided", "ReviewAnswer", "apply_answers"]

# Makes of a file, and the line where an entry begins, the file after one change.
Edit = Callable[[str, int], str | None]
AnswerWord = Literal["yes", "no"]


@dataclass(frozen=True, slots=True)
class ReviewAnswer:
    """A person's answer to one item; `offers` are the kinds that they said yes to."""

    item: ReviewItem
    word: AnswerWord
    offers: tuple[str, ...] = ()


@dataclass
class Decided:
    """The files after the answers, the proposals after them, and what is left to do by hand."""

    files: dict[str, str]
    proposals: dict[str, Proposal]
    by_hand: list[str] = field(default_factory=list)


def apply_answers(
    answers: Iterable[ReviewAnswer],
    files: Mapping[str, str],
    own: str,
    entries: Mapping[str, Place],
    day: date,
) -> Decided:
    """Write the answers.

    Args:
        files: the text of each file of partners that may change, by the name authors know it by.
        own: the file that new partners go into.
        entries: where each partner stands.
        day: when this was decided; a source without a date is to be read again.
    """
    result = Decided(dict(files), {})
    # From the last entry of a file to the first: what stands before keeps its line.
    ordered = sorted(answers, key=lambda answer: -_line(answer.item, entries))
    for answer in ordered:
        item = answer.item
        if answer.word == "no" or item.review_class == "gone":
            result.proposals[item.proposal.key] = _refused(item)
            if item.review_class == "gone" and item.partner is not None:
                result.by_hand.append(f"{item.partner.id}, qui n'est plus dans sa source")
            continue
        after = item.proposal
        if item.partner is not None:
            after = replace(after, id=item.partner.id)
            _change(item, entries.get(item.partner.id), result)
        result.proposals[item.proposal.key] = _accepted(after, item.proposal)
    for answer in sorted(answers, key=lambda answer: answer.item.proposal.id):
        if answer.word == "yes" and answer.item.partner is None:
            remark = f"Proposé par {answer.item.proposal.key}, accepté à la relecture."
            fields = _entry(answer.item.proposal, answer.offers, day)
            result.files[own] = append_entry(result.files[own], fields, remark)
    return result


def _refused(item: ReviewItem) -> Proposal:
    """Return a proposal that is not shown again; a change that is refused leaves it accepted."""
    stays = item.proposal.decided == "accepted" and item.review_class != "gone"
    return decide(item.proposal, "accepted" if stays else "refused")


def _accepted(after: Proposal, before: Proposal) -> Proposal:
    decided = decide(before, "accepted")
    if after.id == before.id:
        return decided
    # INVARIANT: a touched entry is written as it stands, so its new name must stand there too.
    lines = tuple(
        line.replace(f"- id: {before.id}", f"- id: {after.id}", 1) for line in decided.lines
    )
    return replace(decided, id=after.id, lines=lines)


def _line(item: ReviewItem, entries: Mapping[str, Place]) -> int:
    place = entries.get(item.partner.id) if item.partner else None
    return place.line if place else 0


def _entry(proposal: Proposal, offers: tuple[str, ...], day: date) -> dict[str, Any]:
    fields = {name: proposal.fields[name] for name in PARTNER_FIELDS if name in proposal.fields}
    sources = [_dated(one, day) for one in proposal.fields["source"]]
    return {"id": proposal.id, **fields, "offers": offers or fields["offers"], "source": sources}


def _dated(source: Mapping[str, Any], day: date) -> dict[str, Any]:
    """Return a source with a day; one without is marked to be read again."""
    lacks = {} if "checked" in source else {"checked": day.isoformat(), "recheck": True}
    return {**source, **lacks}


def _change(item: ReviewItem, place: Place | None, result: Decided) -> None:
    """Write what a person said yes to into an entry; of what they wrote themselves, nothing."""
    assert item.partner is not None
    changes = item.review_class == "changed"
    taken = [one for one in item.differences if one.fills or changes]
    fields = _whole_fields(item, [one for one in taken if one.field != "source"])
    edits: list[tuple[str, Edit]] = [
        (name, partial(set_field, name=name, value=value)) for name, value in fields.items()
    ]
    # What is taken over brings its source along.
    sources = [(one.written, one.proposed) for one in taken if one.field == "source"]
    if fields and not changes:
        sources = [(None, one) for one in item.proposal.fields["source"]]
    edits += [
        ("source", partial(swap_in_list, name="source", old=old, new=new)) for old, new in sources
    ]
    for name, edit in edits:
        text = result.files.get(place.file) if place else None
        changed = edit(text, place.line) if place and text is not None else None
        if changed is None or place is None:
            result.by_hand.append(f"{item.partner.id}, {name}")
        else:
            result.files[place.file] = changed


def _whole_fields(item: ReviewItem, differences: Iterable[FieldDifference]) -> dict[str, Any]:
    """Return each field as it will stand, contacts joined with those that stand already."""
    assert item.partner is not None
    fields: dict[str, Any] = {}
    for one in differences:
        name, _, key = one.field.partition(".")
        if key:
            known = fields.get(name) or told_field(item.partner, name) or {}
            fields[name] = {**known, key: one.proposed}
        else:
            fields[name] = one.proposed
    return fields
