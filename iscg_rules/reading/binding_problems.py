"""Each error of a model as a problem: where it stands, and what to write instead."""

import re
from collections.abc import Iterator, Mapping
from enum import Enum
from types import UnionType
from typing import Annotated, Literal, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from iscg_rules.error_codes import CODES
from iscg_rules.errors import Place, Problem
from iscg_rules.plain_letters import slug_of
from iscg_rules.reading.documents import child
from iscg_rules.reading.usual_mistakes import date_in
from iscg_rules.reading.yaml_nodes import Fields, Items, Node, Scalar
from iscg_rules.suggestions import closest, did_you_mean

__all__ = ["problems_of"]

Steps = tuple[str | int, ...]


def problems_of(model: type[BaseModel], node: Node, error: ValidationError) -> list[Problem]:
    """Say everything that is wrong with a node, once each.

    A list is not empty because what it holds is wrong, and no key is missing that is only
    misspelt.
    """
    details = error.errors(include_url=False, include_input=False)
    found = [(_steps(detail), _problem(model, node, detail)) for detail in details]
    starts = {steps[:length] for steps, _ in found for length in range(len(steps))}
    meant = {
        (*steps[:-1], closest(str(steps[-1]), _names_at(model, steps[:-1])))
        for steps, problem in found
        if problem.code == "S001"
    }
    return [
        problem
        for steps, problem in found
        if not (problem.code == "S005" and steps in starts)
        and not (problem.code == "S002" and steps in meant)
    ]


def _steps(detail: ErrorDetails) -> Steps:
    return tuple(step for step in detail["loc"] if isinstance(step, str | int))


def _problem(model: type[BaseModel], node: Node, detail: ErrorDetails) -> Problem:
    kind, ctx = detail["type"], detail.get("ctx", {})
    steps = _steps(detail)
    place, name, given = _walk(node, steps)
    annotation = _annotation_at(model, steps)
    if kind in CODES:
        return Problem(kind, f"`{name}` {detail['msg']}", place, ctx.get("help"))
    if kind == "extra_forbidden":
        known = _names_at(model, steps[:-1])
        aid = _QUOTES if " " in name else did_you_mean(name, known)
        aid = _CURLY if _CURLED.intersection(name) else aid
        place = _key_at(node, steps) or place
        return Problem("S001", f"clé inconnue `{name[:60]}`", place, aid)
    if kind == "missing":
        return Problem("S002", f"le champ `{name}` manque", place, _to_add(name, annotation))
    if kind == "literal_error":
        allowed = re.findall(r"'([^']*)'", str(ctx.get("expected", "")))
        close = closest(given.text, allowed) if isinstance(given, Scalar) else None
        aid = f"vouliez-vous dire `{close}` ? {_possible(allowed)}" if close else _possible(allowed)
        return Problem("S004", f"valeur non permise pour `{name}`", place, aid)
    if kind in _SHAPES:
        aid = _shape(kind, name, annotation, is_item=bool(steps) and isinstance(steps[-1], int))
        return Problem("S003", f"`{name}` n'a pas la forme attendue", place, aid)
    return _misshapen(kind, name, place, given, str(ctx.get("pattern", "")))


def _misshapen(kind: str, name: str, place: Place, given: Node | None, pattern: str) -> Problem:
    word = given.text if isinstance(given, Scalar) else ""
    if kind in ("too_short", "string_too_short"):
        aid = "écrivez-y quelque chose, ou effacez la clé si elle est facultative"
        return Problem("S005", f"`{name}` est vide", place, aid)
    if kind.startswith("date") or "[0-9]{4}" in pattern:
        meant = date_in(word)
        is_short = meant and "[0-9]{4}" not in pattern and meant.count("-") < _WHOLE_DAY
        aid = "écrivez l'année, le mois et le jour : 2026-11-23"
        if meant and not is_short:
            aid = f"vouliez-vous dire `{meant}` ?"
        return Problem("S007", f"`{name}` n'est pas une date", place, aid)
    if kind in ("string_pattern_mismatch", "string_too_long"):
        aid = "des minuscules sans accent et des chiffres, reliés par `-` ou `_`"
        slug = slug_of(word)
        if slug:
            aid += f" : `{slug}`"
        return Problem("S006", f"identifiant mal formé dans `{name}`", place, aid)
    return Problem("S003", f"`{name}` n'a pas la forme attendue", place, _EXPECTED.get(kind))


def _shape(kind: str, name: str, annotation: object, *, is_item: bool) -> str:
    """Say which form is expected, with an example of the keys that are needed."""
    example = _example(annotation)
    if example.startswith("- "):
        return f"sous `{name}:`, un tiret par élément : `{example}`"
    if example:
        return (
            f"chaque élément de `{name}` s'écrit `{example}`"
            if is_item
            else f"écrivez `{name}: {example}`"
        )
    return _EXPECTED[kind]


_WHOLE_DAY = 2
# In `{fr: one, two}` the comma ends the text: the rest looks like a key.
_QUOTES = "si c'est la suite d'un texte, mettez le texte entre guillemets : {fr: \"…, …\"}"
_CURLED = frozenset("“”„")
_CURLY = '“ et ” ne bornent pas un texte : tapez les guillemets droits du clavier : {fr: "…, …"}'
_SHAPES = frozenset({"tuple_type", "list_type", "model_type", "model_attributes_type", "dict_type"})
_EXPECTED = {
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


def _possible(words: list[str]) -> str:
    quoted = [f"`{word}`" for word in words]
    last = " ou ".join(quoted[-2:])
    return "possible : " + ", ".join([*quoted[:-2], last])


def _to_add(name: str, annotation: object) -> str:
    """Say what to write where a key is missing."""
    words = _words(annotation)
    if words:
        return f"ajoutez `{name}:` ; {_possible(words)}"
    example = _EXAMPLES.get(name) or _example(annotation)
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
        needed = [name for name, info in _fields(annotation).items() if info.is_required()]
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
    annotation = _fields(model)[name].annotation
    return _EXAMPLES.get(name) or _example(annotation, is_inside=True) or "…"


def _walk(node: Node, steps: Steps) -> tuple[Place, str, Node | None]:
    """Return the place, the last name and the value of a path; what is no key is skipped."""
    place, name, value = node.place, "élément", node
    for number, step in enumerate(steps):
        if isinstance(value, Fields) and isinstance(step, str):
            name = step
            following = value.get(step)
            if following is None:
                continue
            is_last = number == len(steps) - 1
            key = next(key for key, _ in value.fields if key.text == step)
            place = key.place if is_last and not isinstance(following, Scalar) else following.place
            value = following
        elif isinstance(value, Items) and isinstance(step, int) and step < len(value.items):
            value = value.items[step]
            place = value.place
    return place, name, value


def _key_at(node: Node, steps: Steps) -> Place | None:
    """Return the place of the key itself that a path leads to."""
    around = child(node, *steps[:-1])
    pairs = around.fields if isinstance(around, Fields) else ()
    return next((key.place for key, _ in pairs if key.text == steps[-1]), None)


def _names_at(model: type[BaseModel], steps: Steps) -> list[str]:
    """Return the keys that may stand where the path leads."""
    return list(_fields(_model_at(model, steps)))


def _annotation_at(model: type[BaseModel], steps: Steps) -> object:
    """Return the type of what the path leads to: of one item where it ends inside a list."""
    last = max((n for n, step in enumerate(steps) if isinstance(step, str)), default=None)
    if last is None:
        return None
    info = _fields(_model_at(model, steps[:last])).get(str(steps[last]))
    if info is None:
        return None
    is_item = any(isinstance(step, int) for step in steps[last + 1 :])
    return next(_models_in(info.annotation), None) if is_item else info.annotation


def _model_at(model: type[BaseModel], steps: Steps) -> type[BaseModel]:
    for step in steps:
        named = _fields(model)
        if isinstance(step, str) and step in named:
            model = next(_models_in(named[step].annotation), model)
    return model


def _fields(model: type[BaseModel]) -> dict[str, FieldInfo]:
    return {info.alias or name: info for name, info in model.model_fields.items()}


def _models_in(annotation: object) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _models_in(part)
