"""The only list of attributes, kinds and areas: what may be said, and what may be offered."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import Annotated, Any, Literal

from pydantic import Field, WithJsonSchema

from iscg_rules.places.departements import departement_of
from iscg_rules.reading.binding import Frozen, Id, LocalText, Number, OneOrMany, Source, YesNo

__all__ = [
    "CONSENT",
    "NATURES",
    "STATION",
    "Area",
    "AreaEntry",
    "Attribute",
    "Kind",
    "Sensitivity",
    "Value",
    "Vocabulary",
    "variable_of",
]

AttributeType = Literal["one_of", "many_of", "yes_no", "number", "commune"]
Category = Literal[
    "police_gendarmerie",
    "justice",
    "departmental_social_services",
    "municipal_social_services",
    "associations",
    "health",
    "psychological",
    "integration",
    "social_housing",
    "local_network",
    "rescue",
    "person",
]
# Article 9 of the GDPR (health, sexual life, origin, beliefs), and article 10 (offences).
Sensitivity = Literal["health", "sex_life", "origin", "beliefs", "offence"]
Nature = Literal["rescue", "service", "authority", "helpline", "measure", "tool"]
NATURES: tuple[Nature, ...] = ("rescue", "service", "authority", "helpline", "measure", "tool")
WITHOUT_PARTNER: frozenset[Nature] = frozenset({"measure", "tool"})

# The attributes that the engine itself reads: what may be transmitted, and where we are.
CONSENT = "consent_to_share"
STATION = "station"

YES_NO_WORDS = {
    "yes": LocalText(fr="oui", en="yes"),
    "no": LocalText(fr="non", en="no"),
}


class Value(Frozen):
    """One possible answer; `hours` only where the answer is drawn from the moment."""

    id: Id
    label: LocalText
    hours: str | None = None


class Attribute(Frozen):
    """One question about a situation, with a closed set of answers.

    `cost` is how hard the question is to answer, 1 for most: the interview asks first what settles
    most for its cost. Questions of `screening` are asked first of everybody;
    those of one `grid` are ticked together. Where `only_if` cannot hold, the question has no object
    and its answer is `otherwise`: an `impossible` entry that is written where it belongs.
    `sensitive`: what its answers may tell that the GDPR guards more; an impact assessment lists it.
    """

    id: Id
    type: AttributeType
    label: LocalText
    ask: LocalText | None = None
    values: tuple[Value, ...] = ()
    min: Number | None = None
    max: Number | None = None
    unit: LocalText | None = None
    fixed: YesNo = False
    screening: YesNo = False
    grid: Id | None = None
    only_if: Annotated[Any, WithJsonSchema({"$comment": "condition"})] = None
    otherwise: Id | tuple[()] | None = None
    cost: Number = Field(default=1, gt=0, allow_inf_nan=False)
    derived: Literal["moment"] | None = None
    sensitive: OneOrMany[Sensitivity] = ()
    source: OneOrMany[Source] = ()

    @cached_property
    def choices(self) -> Mapping[str, LocalText]:
        """The possible answers with their words; empty for numbers and communes."""
        if self.type == "yes_no":
            return YES_NO_WORDS
        return {value.id: value.label for value in self.values}

    @cached_property
    def variables(self) -> tuple[str, ...]:
        """Name what is evaluated: the attribute itself, or one variable a value for `many_of`."""
        if self.type == "many_of":
            return tuple(variable_of(self.id, value.id) for value in self.values)
        return (self.id,)

    @property
    def answers(self) -> tuple[str, ...]:
        """The possible answers of each of its variables; none for numbers and communes."""
        return ("yes", "no") if self.type == "many_of" else tuple(self.choices)

    @property
    def is_asked(self) -> bool:
        """Tell whether anybody is asked: not for what the moment or the post itself says."""
        return self.derived is None and self.id != STATION


class Kind(Frozen):
    """A kind of partner or help, in a category of the press release.

    `place` is where its partner must be: near the station, where we are, or near the home; by
    default near the home, or near the station while the home is unknown.
    `generalist`: it receives everybody about everything; where nothing else comes out, a rule may
    be missing.
    """

    id: Id
    category: Category
    nature: Nature
    label: LocalText
    place: Literal["station", "home"] | None = None
    generalist: YesNo = False
    description: LocalText | None = None
    source: OneOrMany[Source] = ()


class AreaEntry(Frozen):
    """An area as authors write it; exactly one of the four ways to say what it holds."""

    id: Id
    label: LocalText
    communes: tuple[str, ...] | None = Field(default=None, min_length=1)
    includes: tuple[Id, ...] | None = Field(default=None, min_length=1)
    departements: tuple[str, ...] | None = Field(default=None, min_length=1)
    everywhere: YesNo = False


def variable_of(attribute: str, value: str) -> str:
    """Name the yes/no variable behind one value of a `many_of` attribute."""
    return f"{attribute}={value}"


# Only the order matters: a département is wider than any EPCI, the country than all of them.
_DEPARTEMENT_SIZE = 1_000
_COUNTRY_SIZE = 1_000_000


@dataclass(frozen=True, slots=True)
class Area:
    """A set of communes, given one by one, by whole départements, or as everywhere."""

    id: str
    label: LocalText
    communes: frozenset[str] = frozenset()
    departements: frozenset[str] = frozenset()
    everywhere: bool = False
    # Those that stand in its own list: an area that it includes lists the others.
    listed: frozenset[str] = frozenset()

    def covers(self, commune: str) -> bool:
        """Tell whether a commune (INSEE code) lies in the area."""
        return (
            self.everywhere
            or commune in self.communes
            or departement_of(commune) in self.departements
        )

    def touches(self, departement: str) -> bool:
        """Tell whether any of the area may lie in a département."""
        return (
            self.everywhere
            or departement in self.departements
            or any(departement_of(commune) == departement for commune in self.communes)
        )

    @property
    def size(self) -> int:
        """A number that orders areas from narrow to wide."""
        if self.everywhere:
            return _COUNTRY_SIZE
        return len(self.communes) + _DEPARTEMENT_SIZE * len(self.departements)


@dataclass(frozen=True)
class Vocabulary:
    """Attributes, kinds and areas, each in the order of the file.

    `home` names the areas that a territory serves, none where there is no territory; `station` is
    the commune of its post, None where it has none or several; `sources` are those that rules and
    partners may name.
    """

    attributes: Mapping[str, Attribute]
    kinds: Mapping[str, Kind]
    areas: Mapping[str, Area]
    home: tuple[str, ...] = ()
    sources: Mapping[str, Source] = field(default_factory=dict)
    station: str | None = None
    kind_rank: Mapping[str, int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        for name in ("attributes", "kinds", "areas", "sources"):
            object.__setattr__(self, name, MappingProxyType(dict(getattr(self, name))))
        rank = {kind: place for place, kind in enumerate(self.kinds)}
        object.__setattr__(self, "kind_rank", MappingProxyType(rank))

    def __repr__(self) -> str:
        return (
            f"<Vocabulary: {len(self.attributes)} attributes, {len(self.kinds)} kinds, "
            f"{len(self.areas)} areas>"
        )

    # A view of a mapping cannot be sent to another process; what it shows can.
    def __reduce__(self) -> tuple[type["Vocabulary"], tuple[object, ...]]:
        plain = (dict(self.attributes), dict(self.kinds), dict(self.areas))
        return (Vocabulary, (*plain, self.home, dict(self.sources), self.station))

    @cached_property
    def commune(self) -> str:
        """The attribute that says where the person lives; empty where there is none."""
        attributes = self.attributes.values()
        return next((a.id for a in attributes if a.type == "commune" and a.id != STATION), "")

    def narrowest_around(self, commune: str) -> Area | None:
        """Return the smallest named set of communes that holds one; None where none does."""
        found = (a for a in self.areas.values() if a.communes and a.covers(commune))
        return min(found, key=lambda area: (area.size, area.id), default=None)

    def where(self, kind: str, values: Mapping[str, object]) -> tuple[str | None, str | None]:
        """Return the communes on which the partners of a kind depend, each None where unknown.

        Returns:
            The commune where a partner must serve; and, where that is unknown, one to guess by.
        """
        home, here = (
            None if commune is None else str(commune)
            for commune in (values.get(self.commune), values.get(STATION, self.station))
        )
        place = self.kinds[kind].place
        if place == "station" and here is not None:
            return here, None
        return home, None if place == "home" else here

    @cached_property
    def attribute_of(self) -> Mapping[str, str]:
        """The attribute behind each variable, in the vocabulary's order."""
        return {
            variable: attribute.id
            for attribute in self.attributes.values()
            for variable in attribute.variables
        }

    @cached_property
    def attribute_rank(self) -> Mapping[str, int]:
        """Each attribute's place in the file."""
        return {attribute: place for place, attribute in enumerate(self.attributes)}

    @cached_property
    def commune_names(self) -> Mapping[str, str]:
        """The name of each commune that is an area of its own."""
        return {
            next(iter(area.communes)): area.label.fr
            for area in self.areas.values()
            if len(area.communes) == 1 and not area.departements
        }

    @cached_property
    def home_names(self) -> Mapping[str, str]:
        """The name of each commune that the territory serves; of every one without a home."""
        homes = [self.areas[name] for name in self.home if name in self.areas]
        return {
            code: name
            for code, name in self.commune_names.items()
            if not homes or any(home.covers(code) for home in homes)
        }

    def sort_attributes(self, attributes: Iterable[str]) -> tuple[str, ...]:
        """Put attribute ids, without doubles, in the vocabulary's order."""
        return tuple(sorted(set(attributes), key=self.attribute_rank.__getitem__))
