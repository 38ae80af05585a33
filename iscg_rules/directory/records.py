"""What every format of open data says of a service, in one form."""

from dataclasses import dataclass

from iscg_rules.directory.taken_texts import NOBODY, PersonNames

__all__ = ["BrokenRecord", "Contacts", "Position", "Record"]

Position = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Contacts:
    """How a service is reached, as its file gives it and after it was checked."""

    phone: str | None = None
    email: str | None = None
    url: str | None = None
    address: str | None = None
    sms: str | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """One service, read and checked.

    Attributes:
        number: its place in its file, from 1.
        key: its name in its source, by which it is known at the next import.
        producer, title, trust: who keeps it, and how its source is told.
        kinds, accepts: of our own words, where the source has them.
        themes, publics, desks: words of closed lists; `publics` is empty where nothing is said.
        zones: codes of communes, EPCI and départements that it serves, or `france`.
        commune, position: where it stands; the latter in degrees, north and east.
        is_on_site: whether people are received there and in no other way.
        text: everything that it says of itself, in which words are looked for.
        updated: when its producer last changed it.
        quality: the score that its file gives it.
        dropped: what could not be taken over, each with its reason.
        persons: those whom it names, so that nothing that joins it later tells of them.
    """

    number: int
    key: str
    producer: str
    title: str
    trust: str
    name: str
    organisation: str = ""
    kinds: tuple[str, ...] = ()
    accepts: object = None
    themes: tuple[str, ...] = ()
    form: str | None = None
    publics: tuple[str, ...] = ()
    desks: tuple[str, ...] = ()
    zones: tuple[str, ...] = ()
    commune: str | None = None
    hours: str | None = None
    contacts: Contacts = Contacts()
    text: str = ""
    description: str | None = None
    access: str | None = None
    updated: str | None = None
    link: str | None = None
    quality: float | None = None
    dropped: tuple[str, ...] = ()
    structure: str | None = None
    position: Position | None = None
    is_on_site: bool = False
    persons: PersonNames = NOBODY


@dataclass(frozen=True, slots=True)
class BrokenRecord:
    """A record that cannot be read, or a part of one: where, and why; never what it holds.

    `is_lost` is False where the rest of the record is kept.
    """

    number: int
    field: str
    reason: str
    is_lost: bool = True

    def __str__(self) -> str:
        rest = "" if self.is_lost else " ; le reste est gardé"
        return f"enregistrement {self.number}, {self.field}\u00a0: {self.reason}{rest}"
