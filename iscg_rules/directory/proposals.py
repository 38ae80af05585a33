"""Proposed partners: made of records, written as YAML, read back, and joined with earlier ones.

The file is a machine's, and whatever a person changed in it stays: each entry carries a mark of
what the machine wrote, and an entry that no longer fits its mark is left as it is.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, TypeAdapter, ValidationError

from iscg_rules.directory.areas_served import AreasHere
from iscg_rules.directory.kind_proposals import ProposedKind
from iscg_rules.directory.records import Record
from iscg_rules.directory.texts import clean, slug
from iscg_rules.directory.yaml_lines import write_block, write_value
from iscg_rules.errors import IscgError, Noted
from iscg_rules.reading.binding import Frozen, Id, OneOrMore, Url, YesNo, bind
from iscg_rules.reading.documents import file_label, read_sections

__all__ = [
    "BEGINNING",
    "PARTNER_FIELDS",
    "Proposal",
    "decide",
    "load_proposals",
    "propose",
    "write_proposals",
]

# By which a file is known as ours.
BEGINNING = "# Partenaires proposés, écrits par `iscg-rules partners import`."
_HEADER = f"""\
{BEGINNING} Le moteur ne lit pas ce fichier.
# `iscg-rules partners review` les montre un à un ; ce que vous acceptez va dans partners.yaml.
# Une entrée que vous changez ici est gardée telle quelle ; `mark` dit ce que la machine a écrit.
"""
# What of an entry goes into partners.yaml, in its order there.
PARTNER_FIELDS = (
    "name", "offers", "area", "accepts", "hours", "contact", "withheld", "description", "access",
    "source",
)  # fmt: skip
PersonsAnswer = Literal["accepted", "refused"]
_URL: TypeAdapter[str] = TypeAdapter(Url)


class ProposalEntry(Frozen):
    """One entry of the file, as it is read back."""

    id: Id
    from_: str = Field(alias="from")
    name: str
    offers: OneOrMore[str]
    area: OneOrMore[str]
    accepts: Any = None
    hours: str | None = None
    contact: Any = None
    withheld: str | None = None
    description: Any = None
    access: Any = None
    source: Any
    quality: str | None = None
    decided: PersonsAnswer | None = None
    was: Any = None
    gone: YesNo = False
    mark: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """A partner that a source proposes.

    Attributes:
        key: format, producer and its own id: `data-inclusion/dora--12`.
        fields: what would stand in partners.yaml, without its id.
        notes: where each line comes from.
        decided: what a person answered.
        was: what stood in the fields that changed since.
        is_gone: whether the newest file of its producer no longer holds it.
        is_touched: whether a person changed the entry here.
    """

    key: str
    id: str
    fields: Mapping[str, Any]
    notes: Mapping[str, str] = field(default_factory=dict)
    quality: str | None = None
    decided: PersonsAnswer | None = None
    was: Mapping[str, Any] = field(default_factory=dict)
    is_gone: bool = False
    is_touched: bool = False
    lines: tuple[str, ...] = ()

    @property
    def producer(self) -> str:
        """Format and producer, of which one import tells everything."""
        return self.key.partition("--")[0]

    @property
    def mark(self) -> str:
        """A short digest of what the machine wrote."""
        return _mark(_told(self))


def propose(
    source_format: str,
    record: Record,
    kinds: tuple[ProposedKind, ...],
    served: AreasHere,
    accepts: object,
) -> Proposal:
    """Make a proposal of a record; an address is never taken over for a shelter."""
    is_shelter = any(kind.is_shelter for kind in kinds)
    contact = _contact(record, is_shelter=is_shelter)
    fields: dict[str, Any] = {
        "name": _name(record),
        "offers": tuple(kind.kind for kind in kinds),
        "area": served.areas,
        "accepts": accepts,
        "hours": record.hours,
        "contact": contact or None,
        "withheld": "safety" if is_shelter else None,
        # What a text says of a place may be its address.
        "description": record.description and not is_shelter and {"fr": record.description},
        "access": record.access and not is_shelter and {"fr": record.access},
        "source": (_source(record),),
    }
    notes = {
        "offers": "proposé : " + " ; ".join(f"{kind.kind}, {kind.because}" for kind in kinds),
        "area": served.because,
    }
    if record.publics:
        missing = "" if accepts else " ; à dire par une personne, si cela compte"
        notes["source"] = f"publics {', '.join(record.publics)}{missing}"
    if is_shelter and (record.contacts.address or record.description):
        notes["withheld"] = "hébergement : ni adresse ni description reprises"
    if record.dropped:
        notes["contact" if contact else "area"] = " ; ".join(record.dropped)
    return Proposal(
        key=clean(f"{source_format}/{record.key}"),
        id=slug(fields["name"]) or "partenaire",
        fields=clean({key: value for key, value in fields.items() if value}),
        notes=clean(notes),
        quality=None if record.quality is None else f"{record.quality:.2f}",
    )


def _name(record: Record) -> str:
    if not record.organisation or record.organisation.casefold() in record.name.casefold():
        return record.name
    return f"{record.name}, {record.organisation}"


def _contact(record: Record, *, is_shelter: bool) -> dict[str, str]:
    given = record.contacts
    parts = {
        "phone": given.phone,
        "sms": given.sms,
        "email": given.email,
        "url": _page(given.url),
        "address": None if is_shelter else given.address,
    }
    return {key: value for key, value in parts.items() if value}


def _page(url: str | None) -> str | None:
    """Return an address that a partner may have; a page that a card cannot show is none."""
    try:
        return None if url is None else _URL.validate_python(url)
    except ValidationError:
        return None


def _source(record: Record) -> dict[str, str]:
    """Return the source of an entry; its producer's last change is when it was last checked."""
    given = {"title": record.title, "url": _page(record.link), "date": record.updated}
    given |= {"trust": record.trust, "checked": record.updated}
    return {key: value for key, value in given.items() if value}


def decide(proposal: Proposal, decision: PersonsAnswer) -> Proposal:
    """Return a proposal with what a person answered; their changes of it stay."""
    answered = ("    decided:", "    was:")
    lines = [line for line in proposal.lines if not line.startswith(answered)]
    place = next((n for n, line in enumerate(lines) if line.startswith("    mark:")), len(lines))
    lines.insert(place, f"    decided: {decision}")
    return replace(proposal, decided=decision, was={}, lines=tuple(lines))


def write_proposals(proposals: Iterable[Proposal]) -> str:
    """Return the whole file, sorted; entries that a person changed stand as they stood."""
    blocks = [
        "\n".join(proposal.lines if proposal.is_touched else _lines(proposal))
        for proposal in sorted(proposals, key=lambda one: (one.id, one.key))
    ]
    inside = "\n\n".join(blocks)
    return f"{_HEADER}\nproposals:\n{inside}\n" if blocks else f"{_HEADER}\nproposals: []\n"


def _told(proposal: Proposal) -> list[str]:
    """Return the lines that the mark speaks for."""
    return write_block({"id": proposal.id, "from": proposal.key, **proposal.fields}, proposal.notes)


def _mark(lines: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(lines).encode("utf-8", "replace")).hexdigest()[:8]


def _lines(proposal: Proposal) -> list[str]:
    lines = _told(proposal)
    tail = {
        "quality": proposal.quality,
        "decided": proposal.decided,
        "was": proposal.was or None,
        "gone": proposal.is_gone or None,
        "mark": f'"{_mark(lines)}"',
    }
    for key, value in tail.items():
        if value is not None:
            written = value if key == "mark" else write_value(value)
            lines.append(f"    {key}: {written}")
    return lines


def load_proposals(path: Path) -> tuple[Proposal, ...]:
    """Read a file of proposals back; none where there is no file.

    Raises:
        IscgError: every problem of the file.
    """
    if not path.exists():
        return ()
    problems = Noted()
    nodes = read_sections(
        path, ("proposals",), problems, label=file_label(path, path.parent.parent)
    )
    entries = [
        (node.place.line, bind(ProposalEntry, node, problems)) for node in nodes["proposals"]
    ]
    if problems:
        raise IscgError(problems)
    with path.open(encoding="utf-8") as file:
        text = file.read().splitlines()
    starts = [line for line, _ in entries] + [len(text) + 1]
    return tuple(
        _read_back(entry, tuple(_trimmed(text[line - 1 : starts[place + 1] - 1])))
        for place, (line, entry) in enumerate(entries)
        if entry is not None
    )


def _trimmed(lines: list[str]) -> list[str]:
    while lines and not lines[-1].strip():
        lines.pop()
    return lines


def _read_back(entry: ProposalEntry, lines: tuple[str, ...]) -> Proposal:
    given = {name: getattr(entry, name) for name in PARTNER_FIELDS}
    read = Proposal(
        key=entry.from_,
        id=entry.id,
        fields={key: value for key, value in given.items() if value},
        notes=_notes(lines),
        quality=entry.quality,
        decided=entry.decided,
        was=entry.was or {},
        is_gone=entry.gone,
        lines=lines,
    )
    # The mark stands in the lines.
    return replace(read, is_touched=tuple(_lines(read)) != lines)


def _notes(lines: tuple[str, ...]) -> dict[str, str]:
    """Return what stands behind each line, so that an entry is written again as it was."""
    found = {}
    for line in lines:
        key, _, rest = line.strip().removeprefix("- ").partition(":")
        # A note begins outside of quotes: none of ours stands before the last quote or bracket.
        _, mark, note = rest.rpartition("  # ")
        if mark:
            found[key] = note
    return found
