"""The exported form of a rule set and its directory, as `docs/portable.md` defines it.

What is counted and pointed at is its place in its list, from 0. What is absent in the JSON has the
value that it has here.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, Literal, NamedTuple

from pydantic import Field

from iscg_rules.language.vocabulary import AttributeType, Category, Nature
from iscg_rules.model.closed_words import Language, ScopeWord
from iscg_rules.page.node_table import PortableNode
from iscg_rules.page.opening_days import PortableHours

__all__ = [
    "Portable",
    "PortableArea",
    "PortableAttribute",
    "PortableEntry",
    "PortableFact",
    "PortableGround",
    "PortableGroup",
    "PortableKind",
    "PortableName",
    "PortableOrient",
    "PortablePartner",
    "PortableRule",
    "PortableSource",
    "PortableStep",
]


class PortableName(NamedTuple):
    """An id and how it is said."""

    id: str
    label: str


class PortableFact(NamedTuple):
    """A fact, and the node that it is."""

    id: str
    label: str
    when: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PortableAttribute:
    """A question; `hours` of each answer, where it is drawn from the moment and not asked."""

    id: str
    type: AttributeType
    label: str
    ask: str | None = None
    values: tuple[PortableName, ...] = ()
    min: float | None = None
    max: float | None = None
    unit: str | None = None
    cost: float = 1
    screening: bool = False
    grid: str | None = None
    fixed: bool = False
    hours: tuple[int | None, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PortableKind:
    """A kind of help, and where its partner must be."""

    id: str
    label: str
    category: Category
    nature: Nature
    place: Literal["station", "home"] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PortableArea:
    """An area; `size` orders areas from narrow to wide."""

    id: str
    size: int
    communes: tuple[str, ...] = ()
    departements: tuple[str, ...] = ()
    everywhere: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PortableEntry:
    """What cannot be, and why."""

    id: str
    when: int
    because: str


class PortableStep(NamedTuple):
    """What is ruled out, because of which entry; no variable: the situation cannot be."""

    entry: int
    variable: int | None
    answers: tuple[int, ...]


class PortableGroup(NamedTuple):
    """Where all these nodes are true, these steps are taken."""

    when: tuple[int, ...]
    steps: tuple[PortableStep, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PortableGround:
    """A ground of passing something on."""

    id: str
    scope: ScopeWord
    legal_basis: str | None = None


class PortableOrient(NamedTuple):
    """Places: of the kind, of the urgency, strength and beneficiary in `scales`, of the ground."""

    kind: int
    urgency: int
    strength: int
    beneficiary: int
    ground: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PortableRule:
    """What a rule does while it is in force and its node is true."""

    id: str
    when: int
    because: str
    orient: tuple[PortableOrient, ...] = ()
    exclude: tuple[int, ...] = ()
    advise: tuple[str, ...] = ()
    from_: Annotated[date | None, Field(alias="from")] = None
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PortableSource:
    """Where a contact comes from."""

    title: str
    trust: Literal["A", "B", "C"]
    url: str | None = None
    date: str | None = None
    checked: str | None = None
    recheck: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PortablePartner:
    """A partner; `foreign`: it serves nowhere in the département of the station."""

    id: str
    name: str
    offers: tuple[int, ...]
    area: tuple[int, ...]
    checked: str
    sources: tuple[int, ...]
    description: str | None = None
    access: str | None = None
    contact: dict[str, str] = field(default_factory=dict)
    hours: int | None = None
    accepts: int | None = None
    withheld: Literal["safety"] | None = None
    recheck: bool = False
    foreign: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Portable:
    """Everything that a recommendation is made of, in one language.

    Attributes:
        portable: version of this form; only a change that breaks a reader makes it grow.
        language: of the texts.
        identity: which rules these are, as every result says it.
        first_day: opening hours are known from this day on …
        out_of_date: … until the day before this one.
        clock: from when on, in UTC, the clocks of Paris are how many minutes ahead of it.
        station: where we are; null where there is no such place.
        communes: those that the territory serves, with their names.
    """

    portable: Literal[1]
    language: Language
    identity: dict[str, str | None]
    first_day: date
    out_of_date: date
    clock: tuple[tuple[str, int], ...]
    station: str | None = None
    communes: tuple[PortableName, ...]
    attributes: tuple[PortableAttribute, ...]
    kinds: tuple[PortableKind, ...]
    areas: tuple[PortableArea, ...]
    nodes: tuple[PortableNode, ...]
    facts: tuple[PortableFact, ...]
    impossible: tuple[PortableEntry, ...]
    closing: tuple[PortableGroup, ...]
    grounds: tuple[PortableGround, ...]
    rules: tuple[PortableRule, ...]
    hours: tuple[PortableHours, ...]
    sources: tuple[PortableSource, ...]
    partners: tuple[PortablePartner, ...]
    sharing: dict[str, str]
