"""What to write where a model takes something else: keys, lists, words, with an example."""

import re
from collections.abc import Iterator, Mapping
from enum import Enum
from types import UnionType
from typing import Annotated, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from iscg_rules.reading.yaml_nodes import Fields, Items, Node, Scalar
from iscg_rules.suggestions import closest, did_you_mean, explained

__all__ = [
    "EXPECTED",
    "fields_of",
    "models_in",
    "on_key",
    "possible",
    "shape",
    "text_alone",
    "to_add",
]

# In `{fr: one, two}` the comma ends the text: the rest looks like a key.
_QUOTES = "si c'est la suite d'un texte, mettez le texte entre guillemets : {fr: \"…, …\"}"
# `urgency= today`, `min:2`, `fr "Elle…"`: a key with its value, and one sign lacks between them.
_SIGNS = re.compile(r"([a-z_]+)\s*(=|:|\s)\s*(.+)")
EXPECTED = {
    "tuple_type": "une liste est attendue : `[un, deux]`, ou un tiret par élément",
    "list_type": "une liste est attendue : `[un, deux]`, ou un tiret par élément",
    "string_type": "un texte est attendu",
    "model_type": "des clés sont attendues, une par ligne : `clé: valeur`",
    "model_attributes_type": "des clés sont attendues, une par ligne : `clé: valeur`",
    "dict_type": "des clés sont attendues, par exemple `{crip: contacted}`",
    "float_parsing": "un nombre est attendu",
    "int_parsing": "un nombre entier est attendu",
    "greater_than_equal": "le nombre est trop petit",
    "greater_than": "un nombre plus grand que zéro est attendu",
    "finite_number": "un nombre est attendu",
}


def possible(words: list[str]) -> str:
    """Say which words there are, each with what it says."""
    quoted = explained(words)
    last = " ou ".join(quoted[-2:])
    return "possible : " + ", ".join([*quoted[:-2], last])


def to_add(name: str, annotation: object) -> str:
    """Say what to write where a key is missing."""
    words = _words(annotation)
    if words:
        return f"ajoutez `{name}:` ; {possible(words)}"
    example = _EXAMPLES.get(name) or _WHOLE.get(name) or _example(annotation)
    if example.startswith("- "):
        return f"ajoutez `{name}:`, et dessous `{example}`"
    return f"ajoutez `{name}: {example}`" if example else f"ajoutez `{name}:`"


# What the type alone does not tell.
_EXAMPLES = {
    "source": "[nom-de-la-source]",
    "when": "{housing: no_housing}",
    "sharing": "none",
    "checked": "2026-11",
    "area": "[nom-du-territoire]",
    "id": "un-nom",
    "fr": '"…"',
    "name": '"…"',
    "title": '"…"',
}


# Keys of which none is needed, and some are meant.
_WHOLE = {
    "valid": "{from: 2026-01-01}",
    "contact": '{phone: "02 99 00 11 22"}',
    "expect": "{includes: [ccas]}",
}


def _words(annotation: object) -> list[str]:
    """Return the closed list of words that a type is; nothing for another type."""
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return [str(word.value) for word in annotation]
    if get_origin(annotation) is Literal:
        return [str(word) for word in get_args(annotation)]
    return []


def _example(annotation: object, *, is_inside: bool = False) -> str:
    """Return how a value of a type is written; empty where one example would say nothing."""
    words, origin = _words(annotation), get_origin(annotation)
    options = [part for part in get_args(annotation) if part is not type(None)]
    example = words[0] if words else ""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        needed = [name for name, info in fields_of(annotation).items() if info.is_required()]
        parts = (f"{name}: {_value_of(annotation, name)}" for name in needed)
        example = "{" + ", ".join(parts) + "}"
    elif origin is tuple:
        inner = _example(options[0], is_inside=True)
        is_block = inner.startswith("{") and not is_inside
        example = f"- {inner}" if is_block else f"[{inner or '…'}]"
    elif origin is Mapping:
        example = f"{{nom: {_example(options[1], is_inside=True) or '…'}}}"
    elif origin in (Annotated, Union, UnionType) and options:
        example = _example(options[0], is_inside=is_inside)
    return example


def _value_of(model: type[BaseModel], name: str) -> str:
    annotation = fields_of(model)[name].annotation
    return _EXAMPLES.get(name) or _example(annotation, is_inside=True) or "…"


def on_key(name: str, model: type[BaseModel]) -> str | None:
    """Say what was meant by a key that is not one."""
    known = fields_of(model)
    signs = _SIGNS.fullmatch(name)
    if signs and signs[1] in known:
        what = "une espace après les deux-points" if signs[2] == ":" else "les deux-points"
        return f"il manque {what} : `{signs[1]}: {signs[3][:40]}`"
    close = closest(name, known)
    if close is None and " " in name:
        return _QUOTES
    if close is None:
        for field, info in known.items():
            for inner in models_in(info.annotation):
                if meant := closest(name, fields_of(inner)) if inner is not model else None:
                    return f"`{meant}` s'écrit dans `{field}` : `{field}: {{{meant}: …}}`"
    return did_you_mean(name, known) or "`iscg-rules reference` donne les clés de chaque fichier"


def text_alone(name: str, given: Node | None) -> str:
    """Say how a text alone is written, where more than one thing is."""
    if isinstance(given, Items):
        return "un seul, sans crochets"
    text = given.get("fr") if isinstance(given, Fields) else None
    if isinstance(text, Scalar):
        return f'le texte seul, sans `fr` : `{name}: "{text.text[:40]}"`'
    return EXPECTED["string_type"]


def shape(kind: str, name: str, annotation: object, given: Node | None, *, is_item: bool) -> str:
    """Say which form is expected, with an example of the keys that are needed."""
    is_listed = kind in ("tuple_type", "list_type") and not any(models_in(annotation))
    if is_listed and isinstance(given, Scalar) and given.text:
        words = [word for word in re.split(r"\s*[,;]\s*", given.text[:80]) if word]
        if all(re.fullmatch(r"[\w-]+", word) for word in words):
            return f"écrivez `{name}: [{', '.join(words)}]`"
    example = _WHOLE.get(name) or _example(annotation)
    if example.startswith("- "):
        return f"sous `{name}:`, un tiret par élément : `{example}`"
    if example:
        return (
            f"chaque élément de `{name}` s'écrit `{example}`"
            if is_item
            else f"écrivez `{name}: {example}`"
        )
    return EXPECTED[kind]


def fields_of(model: type[BaseModel]) -> dict[str, FieldInfo]:
    """Return the fields of a model by the keys that authors write."""
    return {info.alias or name: info for name, info in model.model_fields.items()}


def models_in(annotation: object) -> Iterator[type[BaseModel]]:
    """Yield the models that a type speaks of."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from models_in(part)
