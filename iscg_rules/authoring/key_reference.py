"""Every key that an author may write: what it means, what it takes, an example."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from pydantic import BaseModel

from iscg_rules.language.moments import Closure
from iscg_rules.language.vocabulary import AreaEntry, Attribute, Kind, Value
from iscg_rules.model.accepted import Accepted
from iscg_rules.model.cases import CaseEntry, Expect
from iscg_rules.model.grounds import Ground
from iscg_rules.model.guarantees import Changing, Guarantee, Guarantees, Raising, Then, Within
from iscg_rules.model.partners import Contact, Partner
from iscg_rules.model.rules import Exclude, Fact, Impossible, Orient, Rule, Valid
from iscg_rules.reading.binding import LocalText
from iscg_rules.reading.cited_sources import SourceEntry
from iscg_rules.reading.territories import TerritoryFile, Transparency

__all__ = ["MODELS", "KeySection", "KeyText", "find_keys", "load_keys", "render_reference"]

_NBSP = "\u00a0"
# What stands in none of these models is no key.
MODELS: Mapping[str, type[BaseModel]] = MappingProxyType(
    {
        model.__name__: model
        for model in (
            *(Rule, Orient, Exclude, Valid, Fact, Attribute, Value, Kind, Impossible, AreaEntry),
            *(Partner, Contact, Closure, SourceEntry, Ground, CaseEntry, Expect, Guarantees),
            *(Guarantee, Then, Within, Raising, Changing, Accepted, TerritoryFile, Transparency),
            LocalText,
        )
    }
)
_HEAD = f"""\
# Toutes les clés

Ce qui peut s’écrire dans les fichiers des auteurs, avec un exemple de chaque clé. ● est
obligatoire. Cette page est écrite par `make rulebook`{_NBSP}: elle suit les modèles que l’outil
lit. `iscg-rules reference CLÉ` montre une clé dans le terminal.
"""


@dataclass(frozen=True, slots=True)
class KeyText:
    """One key: `words` are those that it takes, where they are a fixed list."""

    name: str
    text: str
    example: str
    is_required: bool
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class KeySection:
    """The keys of one place: `schema` names the file, `path` leads there in it."""

    id: str
    title: str
    where: str
    model: str | None
    schema: str
    path: tuple[str, ...]
    keys: tuple[KeyText, ...]


def load_keys() -> tuple[KeySection, ...]:
    """Return every key, in the order in which the page tells them."""
    written = json.loads(Path(__file__).with_name("keys.json").read_text("utf-8"))
    return tuple(_section(entry) for entry in written)


def _section(entry: Mapping[str, Any]) -> KeySection:
    model = MODELS[entry["model"]] if entry["model"] else None
    schema = model.model_json_schema(by_alias=True) if model else {}
    required = set(schema.get("required", ()))
    fields = schema.get("properties", {})
    keys = tuple(
        KeyText(name, text, example, name in required, tuple(_words(fields.get(name), schema)))
        for name, (text, example) in entry["keys"].items()
    )
    path = (*([entry["section"]] if "section" in entry else []), *_steps(entry.get("inner")))
    return KeySection(
        entry["id"], entry["title"], entry["where"], entry["model"], entry["schema"], path, keys
    )


def _steps(inner: str | None) -> tuple[str, ...]:
    return tuple(inner.split("/")) if inner else ()


def _words(field: Any, schema: Mapping[str, Any]) -> Iterator[str]:  # noqa: ANN401 # of a schema
    """Yield the fixed words that a field takes, however deep its schema hides them."""
    if not isinstance(field, dict):
        return
    if "$ref" in field:
        name = field["$ref"].rpartition("/")[2]
        referred = schema["$defs"][name]
        # The words of a model below are told with that model.
        yield from _words(referred, schema) if "properties" not in referred else ()
    yield from map(str, field.get("enum", ()))
    yield from (str(field["const"]),) if "const" in field else ()
    for part in (*field.get("anyOf", ()), field.get("items")):
        yield from _words(part, schema)


def find_keys(name: str) -> tuple[tuple[KeySection, KeyText], ...]:
    """Return every place in which a key may stand."""
    return tuple(
        (section, key) for section in load_keys() for key in section.keys if key.name == name
    )


def render_reference() -> str:
    """Write the page of all keys, as Markdown."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    sections = load_keys()
    yield _HEAD
    for section in sections:
        yield f"- [{section.title}](#{section.id})"
    for section in sections:
        yield from ("", f'<a id="{section.id}"></a>', "", f"## {section.title}", "")
        yield f"{section.where[0].upper()}{section.where[1:]}."
        yield from ("", "| clé | ce qu’elle dit | exemple |", "|---|---|---|")
        yield from (_row(section, key) for key in section.keys)


def _row(section: KeySection, key: KeyText) -> str:
    mark = " ●" if key.is_required else ""
    untold = [f"`{word}`" for word in key.words if f"`{word}`" not in key.text]
    text = f"{key.text}{_NBSP}; possible{_NBSP}: {', '.join(untold)}" if untold else key.text
    anchor = f'<a id="{section.id}-{key.name}"></a>' if key.name.isidentifier() else ""
    return f"| {anchor}`{key.name}`{mark} | {text} | `{key.example}` |".replace("\n", " ")
