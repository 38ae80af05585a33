"""Proposals beside the partners that a person wrote: what is new, differs, or is gone.

What a person wrote wins; a difference is shown and changes nothing by itself.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from iscg_rules.directory.proposals import Proposal
from iscg_rules.directory.texts import as_written, words_of
from iscg_rules.model.partners import Directory, Partner

__all__ = ["CLASSES", "FieldDifference", "ReviewItem", "compare", "find_items", "told_field"]

ReviewClass = Literal["new", "twin", "completes", "changed", "conflict", "gone"]
# In the order in which they are shown.
CLASSES: tuple[ReviewClass, ...] = ("new", "twin", "completes", "changed", "conflict", "gone")
_LITTLE = frozenset(["a", "au", "aux", "d", "de", "des", "du", "en", "et", "l", "la", "le", "les"])
_COMPARED = ("hours", "contact", "access", "description")
_WORDS = 2


@dataclass(frozen=True, slots=True)
class FieldDifference:
    """One field as a person has it, and as the source has it; None where it has none."""

    field: str
    written: Any
    proposed: Any

    @property
    def fills(self) -> bool:
        """Whether nothing that stands would be lost."""
        return not self.written


@dataclass(frozen=True, slots=True)
class ReviewItem:
    """One thing for a person to decide.

    Attributes:
        partner: the one that the proposal seems to be, or that came of it earlier.
        differences: what of it the source says otherwise.
        twin: an earlier proposal that it seems to repeat.
    """

    review_class: ReviewClass
    proposal: Proposal
    partner: Partner | None = None
    differences: tuple[FieldDifference, ...] = ()
    twin: str | None = None


def find_items(
    proposals: Iterable[Proposal], directory: Directory, kind_rank: Mapping[str, int]
) -> list[ReviewItem]:
    """Return what is to decide: by class, then what nobody offers yet, then by kind and id."""

    def order(item: ReviewItem) -> tuple[int, bool, int, str]:
        offers = item.proposal.fields["offers"]
        offered = all(kind in directory.by_kind for kind in offers)
        rank = min(kind_rank.get(kind, len(kind_rank)) for kind in offers)
        return CLASSES.index(item.review_class), offered, rank, item.proposal.id

    seen: dict[object, str] = {}
    found = [
        _with_twin(item, seen)
        for one in sorted(proposals, key=lambda one: one.id)
        for item in _items(one, directory)
    ]
    return sorted(found, key=order)


def _with_twin(item: ReviewItem, seen: dict[object, str]) -> ReviewItem:
    """Return a new proposal as the twin of an earlier one that it seems to repeat."""
    if item.review_class != "new":
        return item
    fields = item.proposal.fields
    contact = fields.get("contact") or {}
    told: list[object] = [frozenset(_name_words(fields["name"]))]
    told += [_bare(contact[key]) for key in ("phone", "email") if key in contact]
    marks = [(kind, one) for kind in fields["offers"] for one in told]
    twin = next((seen[mark] for mark in marks if mark in seen), None)
    for mark in marks:
        seen.setdefault(mark, item.proposal.id)
    return item if twin is None else replace(item, review_class="twin", twin=twin)


def _items(proposal: Proposal, directory: Directory) -> Iterator[ReviewItem]:
    if proposal.decided == "refused":
        return
    if proposal.decided == "accepted":
        partner = directory.partners.get(proposal.id)
        # Whoever took it out of partners.yaml has decided.
        if partner is not None and (proposal.is_gone or proposal.was):
            yield from _since(proposal, partner)
        return
    partner = _alike(proposal, directory)
    yield ReviewItem("new", proposal) if partner is None else compare(proposal, partner)


def compare(proposal: Proposal, partner: Partner) -> ReviewItem:
    """Return what a proposal says otherwise than the partner that it is."""
    differences = tuple(_differences(proposal, partner, dict.fromkeys(_COMPARED)))
    fills = any(one.fills for one in differences)
    return ReviewItem("completes" if fills else "conflict", proposal, partner, differences)


def _since(proposal: Proposal, partner: Partner) -> Iterator[ReviewItem]:
    """Compare with what stood when the proposal was accepted."""
    if proposal.is_gone:
        yield ReviewItem("gone", proposal, partner)
        return
    differences = tuple(_differences(proposal, partner, proposal.was))
    changed = tuple(
        one
        for one in differences
        if one.field == "source"
        or as_written(one.written) == as_written(proposal.was.get(one.field) or None)
    )
    if changed:
        yield ReviewItem("changed", proposal, partner, changed)
    other = tuple(one for one in differences if one not in changed)
    if other:
        yield ReviewItem("conflict", proposal, partner, other)


def _differences(
    proposal: Proposal, partner: Partner, fields: Mapping[str, Any]
) -> Iterator[FieldDifference]:
    for name in fields:
        if name == "source":
            yield from _source_differences(proposal, partner)
            continue
        written, proposed = told_field(partner, name), proposal.fields.get(name)
        if name == "contact" and fields[name] is None:
            yield from _contact_differences(written or {}, proposed or {})
        elif proposed and as_written(written) != as_written(proposed):
            yield FieldDifference(name, written, proposed)


def _source_differences(proposal: Proposal, partner: Partner) -> Iterator[FieldDifference]:
    """Yield what a source says of itself now, where it still stands as it was taken over."""
    stood = [
        as_written(one.model_dump(exclude_none=True, exclude_defaults=True))
        for one in partner.source
    ]
    new = proposal.fields["source"]
    for old, now in zip(proposal.was.get("source") or (), new, strict=False):
        if as_written(old) in stood and as_written(old) != as_written(now):
            yield FieldDifference("source", old, now)


def _contact_differences(
    written: Mapping[str, Any], proposed: Mapping[str, Any]
) -> Iterator[FieldDifference]:
    for key, value in proposed.items():
        if not _same_contact(written.get(key), value):
            yield FieldDifference(f"contact.{key}", written.get(key), value)


def _same_contact(written: str | None, proposed: str) -> bool:
    return written is not None and _bare(written) == _bare(proposed)


def _bare(text: str) -> str:
    """Return a number or a page without what is only its dress."""
    bare = text.casefold().removeprefix("https://").removeprefix("http://").removeprefix("www.")
    return "".join(letter for letter in bare.rstrip("/") if letter not in " .-\u00a0")


def told_field(partner: Partner, name: str) -> Any:  # noqa: ANN401 # as it is written
    """Return a field of a partner as plain data, as it would be written; None where absent."""
    value = partner.model_dump(exclude_none=True, exclude_defaults=True, include={name}).get(name)
    return list(value) if isinstance(value, tuple) else value


def _alike(proposal: Proposal, directory: Directory) -> Partner | None:
    """Return the partner that a proposal seems to be: a shared kind, and a number or the name."""
    kinds = set(proposal.fields["offers"])
    contact = proposal.fields.get("contact") or {}
    reached = {_bare(contact[key]) for key in ("phone", "email") if key in contact}
    words = _name_words(proposal.fields["name"])
    for partner in directory.partners.values():
        if not kinds & set(partner.offers) or directory.is_national(partner):
            continue
        own = {_bare(text) for text in (partner.contact.phone, partner.contact.email) if text}
        theirs = _name_words(partner.name)
        is_named = min(len(words), len(theirs)) >= _WORDS and (words <= theirs or theirs <= words)
        if is_named or reached & own:
            return partner
    return None


def _name_words(name: str) -> set[str]:
    return set(words_of(name)) - _LITTLE
