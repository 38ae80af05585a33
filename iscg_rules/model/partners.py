"""`partners.yaml` → `Directory`: who offers which kinds, where, for whom, at which hours."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, partial
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from pydantic import Field

from iscg_rules.errors import Place, Problem
from iscg_rules.language.condition_parsing import ConditionField, ConditionReader
from iscg_rules.language.conditions import Condition, all_of
from iscg_rules.language.moments import Closure, Hours, is_readable
from iscg_rules.language.vocabulary import WITHOUT_PARTNER, Area, Vocabulary
from iscg_rules.reading.binding import (
    Frozen,
    Id,
    LocalText,
    OneOrMany,
    OneOrMore,
    PartialDate,
    Reference,
    Source,
    Url,
    bind,
    is_fresh,
)
from iscg_rules.reading.cited_sources import with_sources
from iscg_rules.reading.document_paths import memory_of
from iscg_rules.reading.documents import Register, child, note_unknown, place_of, read_sections
from iscg_rules.reading.said_times import hours_in
from iscg_rules.reading.yaml_nodes import Node

__all__ = ["Contact", "Directory", "Partner", "read_directory"]

ContactField = Literal["phone", "sms", "address", "url", "email"]


# What a person has and a role has not; a role begins without a capital too.
_PERSON = re.compile(r"\b(?:m\.|mme|mlle|monsieur|madame)(?:\s|$)|[@0-9]", re.IGNORECASE)


class Contact(Frozen):
    """How to reach a partner; each part only where a source gives it.

    `checked`: when somebody tried it; `owner`: the role of whoever checks it, no person's name.
    """

    phone: str | None = None
    sms: str | None = None
    email: str | None = None
    url: Url | None = None
    address: str | None = None
    checked: PartialDate | None = None
    owner: str | None = None


class PartnerSource(Source):
    """A source of a contact, with the day when somebody read it."""

    checked: PartialDate


class Partner(Frozen):
    """A structure that offers one or more kinds, somewhere, to someone, at some hours.

    `withheld` says why it has no address.
    """

    id: Id
    name: str = Field(min_length=1)
    offers: tuple[Reference, ...] = Field(min_length=1)
    area: OneOrMore[Reference]
    accepts: ConditionField | None = None
    hours: str | None = None
    closed: OneOrMany[Closure] = ()
    contact: Contact = Contact()
    withheld: Literal["safety"] | None = None
    description: LocalText | None = None
    access: LocalText | None = None
    confidential: tuple[ContactField, ...] = ()
    source: OneOrMore[PartnerSource]

    @property
    def condition(self) -> Condition | None:
        """`accepts` with its type; None where everybody is accepted."""
        condition: Condition | None = self.accepts
        return condition

    @cached_property
    def checked(self) -> str:
        """The day of the last check of the contact, else of the newest source.

        Text, so that days compare.
        """
        return self.contact.checked or max(str(source.checked) for source in self.source)

    @cached_property
    def needs_recheck(self) -> bool:
        """Tell whether a source asks for another look, and the contact was not tried since."""
        return self.contact.checked is None and any(source.recheck for source in self.source)

    def is_stale(self, day: date | None) -> bool:
        """Tell whether the contact must be checked again before it is relied on."""
        return self.needs_recheck or (day is not None and not is_fresh(self.checked, day))

    @cached_property
    def public_contact(self) -> Mapping[str, str]:
        """What may be shown, without anything confidential."""
        hidden: set[str] = {"checked", "owner", *self.confidential}
        given = self.contact.model_dump(exclude_none=True, exclude=hidden)
        return MappingProxyType(given)


@dataclass(frozen=True)
class Directory:
    """Partners by id, with their areas and hours resolved once.

    `entries` tells where each partner stands in its file, where known.
    """

    partners: Mapping[str, Partner]
    areas: Mapping[str, Area]
    entries: Mapping[str, Place] = field(default_factory=dict, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "partners", MappingProxyType(dict(sorted(self.partners.items()))))

    def __repr__(self) -> str:
        return f"<Directory: {len(self.partners)} partners>"

    # A view of a mapping cannot be sent to another process; what it shows can.
    def __reduce__(self) -> tuple[type["Directory"], tuple[object, ...]]:
        return (Directory, (dict(self.partners), dict(self.areas), dict(self.entries)))

    @cached_property
    def by_kind(self) -> Mapping[str, tuple[Partner, ...]]:
        """The partners that offer each kind, by id."""
        offering: dict[str, list[Partner]] = {}
        for partner in self.partners.values():
            for kind in partner.offers:
                offering.setdefault(kind, []).append(partner)
        return {kind: tuple(partners) for kind, partners in offering.items()}

    @cached_property
    def hours(self) -> Mapping[str, Hours]:
        """The parsed hours and closures of each partner that has any."""
        return {
            partner.id: Hours(partner.hours, partner.closed)
            for partner in self.partners.values()
            if partner.hours is not None or partner.closed
        }

    @cached_property
    def places(self) -> Mapping[str, tuple[Area, ...]]:
        """The areas of each partner, narrowest first."""
        return {
            partner.id: tuple(
                sorted((self.areas[a] for a in partner.area), key=lambda a: (a.size, a.id))
            )
            for partner in self.partners.values()
        }

    def is_national(self, partner: Partner) -> bool:
        """Tell whether a partner serves the whole country: no local service is that one."""
        return any(area.everywhere for area in self.places[partner.id])


def read_directory(
    files: Iterable[tuple[Path, str]],
    vocabulary: Vocabulary,
    facts: tuple[str, ...],
    problems: list[Problem],
) -> Directory:
    """Read what can be read of files of partners; what is wrong is noted and left out.

    Args:
        files: each path with the name by which authors know it.
    """
    register = Register(problems)
    built: dict[str, Partner] = {}
    entries: dict[str, Place] = {}
    nodes = [
        (node, memory_of(path))
        for path, label in files
        for node in read_sections(path, ("partners",), problems, label=label)["partners"]
    ]
    for node, memory in nodes:
        leaning = (vocabulary, memory.same("facts", facts))
        make = partial(_partner, node, vocabulary, facts)
        partner = memory.once(node, leaning, problems, make)
        if register.add(node) and partner:
            built[partner.id], entries[partner.id] = partner, node.place
    return Directory(built, vocabulary.areas, entries)


def _partner(
    node: Node, vocabulary: Vocabulary, facts: tuple[str, ...], problems: list[Problem]
) -> Partner | None:
    accepts = child(node, "accepts")
    given = with_sources(node, vocabulary.sources, problems)
    if accepts is not None:
        read = ConditionReader(vocabulary, facts, problems).read(accepts)
        given["accepts"] = read or all_of(())
    partner = bind(Partner, node, problems, given=given)
    return partner if partner and _is_sound(partner, node, vocabulary, problems) else None


def _is_sound(
    partner: Partner, node: Node, vocabulary: Vocabulary, problems: list[Problem]
) -> bool:
    before = len(problems)
    _check_kinds(partner, node, vocabulary, problems)
    _check_areas(partner, node, vocabulary, problems)
    _check_times(partner, node, problems)
    _check_contact(partner, node, problems)
    return len(problems) == before


def _check_kinds(
    partner: Partner, node: Node, vocabulary: Vocabulary, problems: list[Problem]
) -> None:
    for number, kind in enumerate(partner.offers):
        place = place_of(node, "offers", number)
        if note_unknown("V004", kind, vocabulary.kinds, place, problems):
            continue
        if vocabulary.kinds[kind].nature in WITHOUT_PARTNER:
            text = f"`{kind}` n'a pas de partenaire propre"
            aid = "c'est une mesure ou un outil : nommez le service qui l'accorde ou l'explique"
            problems.append(Problem("P002", text, place, aid))


def _check_areas(
    partner: Partner, node: Node, vocabulary: Vocabulary, problems: list[Problem]
) -> None:
    for number, area in enumerate(partner.area):
        place = place_of(node, "area", number)
        around = vocabulary.narrowest_around(area)
        if around and area not in vocabulary.areas:
            aid = f"un territoire se nomme : `{around.id}` contient la commune {area}"
            problems.append(Problem("V005", f"territoire inconnu `{area}`", place, aid))
        else:
            note_unknown("V005", area, vocabulary.areas, place, problems)


def _check_times(partner: Partner, node: Node, problems: list[Problem]) -> None:
    if partner.hours is not None and not is_readable(partner.hours):
        meant = hours_in(partner.hours)
        aid = 'écrivez par exemple "Mo-Fr 09:00-12:00,14:00-17:00" ou "24/7"'
        if is_readable(meant) and meant[:1].isdigit() and meant != "24/7":
            aid = f'quels jours ? par exemple "Mo-Fr {meant}"'
        elif is_readable(meant):
            aid = f'vouliez-vous dire "{meant}" ?'
        problems.append(Problem("P001", "horaires illisibles", place_of(node, "hours"), aid))
    for number, closure in enumerate(partner.closed):
        if closure.until is not None and closure.until < closure.from_:
            aid = "la fermeture finit le jour de `until`, compris"
            place = place_of(node, "closed", number, "from")
            problems.append(Problem("P003", "`from` vient après `until`", place, aid))


def _check_contact(partner: Partner, node: Node, problems: list[Problem]) -> None:
    owner = partner.contact.owner
    if owner is not None and (not owner[:1].islower() or _PERSON.search(owner)):
        aid = "un rôle, sans nom de personne : « coordination », « secrétariat du CCAS »"
        place = place_of(node, "contact", "owner")
        problems.append(Problem("P005", "`owner` ne dit pas un rôle", place, aid))
    if partner.withheld and partner.contact.address is not None:
        text = "une adresse est écrite à côté de `withheld`"
        aid = "effacez-la : ce qui n'est pas écrit ne peut pas être montré"
        problems.append(Problem("P004", text, place_of(node, "contact", "address"), aid))
