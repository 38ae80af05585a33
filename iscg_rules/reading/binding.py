"""Nodes → frozen pydantic models: each error of the model becomes a problem with its place."""

import re
from collections.abc import Mapping
from datetime import date as date_type
from typing import Annotated, Any, ClassVar, Literal, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    StringConstraints,
    ValidationError,
)
from pydantic_core import PydanticCustomError, core_schema

from iscg_rules.errors import Noted, Problem
from iscg_rules.reading.binding_problems import problems_of
from iscg_rules.reading.plain_text import NUMBER
from iscg_rules.reading.yaml_nodes import Fields, Node, plain

__all__ = [
    "Frozen",
    "Id",
    "LocalText",
    "Number",
    "OneOrMany",
    "OneOrMore",
    "PartialDate",
    "Reference",
    "Source",
    "Url",
    "Whole",
    "YesNo",
    "bind",
    "is_fresh",
    "stale_from",
]

# A page read longer ago must be read again; until then what it says shows as "à confirmer".
FRESH_MONTHS = 12
Model = TypeVar("Model", bound=BaseModel)


class Frozen(BaseModel):
    """Base of every model: frozen, and a key that it does not know is an error."""

    # Schemas are built on first use: `import iscg_rules` stays quick.
    model_config: ClassVar[ConfigDict] = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    # What is only worked out from the fields is left out: not all of it can be pickled.
    def __getstate__(self) -> dict[Any, Any]:
        state = super().__getstate__()
        fields = type(self).model_fields
        plain = {name: value for name, value in state["__dict__"].items() if name in fields}
        return state | {"__dict__": plain}


def _yes_no(given: object) -> object:
    if isinstance(given, bool):
        return given
    if given in ("yes", "no"):
        return given == "yes"
    raise PydanticCustomError(
        "S004", "attend `yes` ou `no`", {"help": "sans guillemets ni majuscule"}
    )


def _partial_date(text: str) -> str:
    year, month, day = (int(part) for part in [*text.split("-"), "1", "1"][:3])
    try:
        date_type(year, month, day)
    except ValueError:
        raise PydanticCustomError(
            "S007", "n'est pas une date", {"help": "ce jour n'existe pas dans le calendrier"}
        ) from None
    return text


YesNo = Annotated[bool, BeforeValidator(_yes_no, json_schema_input_type=Literal["yes", "no"])]
# The name of something defined elsewhere: whoever knows what there is says what is unknown.
Reference = Annotated[str, StringConstraints(min_length=1, max_length=1_000)]
Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(?:[-_][a-z0-9]+)*$", max_length=80)]
PartialDate = Annotated[
    str, StringConstraints(pattern=r"^[0-9]{4}(?:-[0-9]{2}){0,2}$"), AfterValidator(_partial_date)
]


def _address(text: str) -> str:
    if not _PAGE.fullmatch(text):
        aid = "copiez-la du navigateur : https://…, ou exemple.fr"
        raise PydanticCustomError("S008", "n'est pas l'adresse d'une page", {"help": aid})
    return text


# A page, with or without https://: nothing that a browser would run, nothing that ends a link.
_PAGE = re.compile(
    r"(?:https?://)?[a-z0-9-]+(?:\.[a-z0-9-]+)+(?::[0-9]+)?(?:[/?#][^\s\\<>\"]*)?", re.IGNORECASE
)
Url = Annotated[str, AfterValidator(_address)]


def _in_digits(given: object) -> object:
    if isinstance(given, str) and not NUMBER.fullmatch(given):
        raise PydanticCustomError("S003", "attend un nombre", {"help": "des chiffres, comme 12.5"})
    return given


Whole = Annotated[int, BeforeValidator(_in_digits)]
Number = Annotated[float, BeforeValidator(_in_digits)]


class LocalText(Frozen):
    """A text for people: French first, English where it is given."""

    fr: Annotated[str, StringConstraints(min_length=1)]
    en: str | None = None

    def in_(self, language: str) -> str:
        """Return the text in a language, French where the other is not given."""
        return self.en if language == "en" and self.en else self.fr


class Source(Frozen):
    """Where a fact comes from; `trust` is A (official), B (professional) or C (press, blog).

    `recheck` marks what must be looked at again before it is relied on.
    """

    title: Annotated[str, StringConstraints(min_length=1)]
    url: Url | None = None
    date: PartialDate | None = None
    trust: Literal["A", "B", "C"]
    checked: PartialDate | None = None
    recheck: YesNo = False

    def is_stale(self, day: date_type | None) -> bool:
        """Tell whether the source must be looked at again before it is relied on."""
        old = day is not None and self.checked is not None and not is_fresh(self.checked, day)
        return self.recheck or old


def is_fresh(checked: str, day: date_type) -> bool:
    """Tell whether a page read at a date (a year, a month or a day) is still fresh on a day."""
    return day < stale_from(checked)


def stale_from(checked: str) -> date_type:
    """Return the first day on which what was read at a date must be read again."""
    year, _, rest = checked.partition("-")
    months = int(year) * 12 + (int(rest[:2]) - 1 if rest else 0) + FRESH_MONTHS + 1
    if months // 12 > date_type.max.year:
        return date_type.max
    return date_type(months // 12, months % 12 + 1, 1)


def _as_list(given: object) -> object:
    return given if given is None or isinstance(given, list | tuple) else [given]


class _AlsoAlone:
    """Lets authors write a list of one item as that item."""

    def __get_pydantic_core_schema__(
        self, source: object, handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        return core_schema.no_info_before_validator_function(_as_list, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        several = handler(schema)
        return {"anyOf": [several["items"], several]}


Item = TypeVar("Item")
OneOrMany = Annotated[tuple[Item, ...], _AlsoAlone()]
OneOrMore = Annotated[tuple[Item, ...], Field(min_length=1), _AlsoAlone()]


def bind(
    model: type[Model],
    node: Node,
    problems: list[Problem],
    *,
    given: Mapping[str, object] | None = None,
) -> Model | None:
    """Make a model of a node, or note everything that is wrong and give None.

    Args:
        given: values of top-level fields that were read apart, taken as they are.
    """
    if not isinstance(node, Fields):
        aid = "écrivez `clé: valeur`, une par ligne"
        aid = '`{fr: "…"}`' if issubclass(model, LocalText) else aid
        problems.append(Problem("S003", "une suite de `clé: valeur` est attendue", node.place, aid))
        return None
    data: dict[str, object] = dict(given or {})
    data |= {key.text: plain(value) for key, value in node.fields if key.text not in data}
    try:
        return model.model_validate(data)
    except ValidationError as error:
        if isinstance(problems, Noted) and problems.is_full:
            problems.more += error.error_count()
            return None
        problems.extend(problems_of(model, node, error))
        return None
