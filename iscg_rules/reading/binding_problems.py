"""Each error of a model as a problem: where it stands, and what to write instead."""

import re
from dataclasses import replace

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from iscg_rules.error_codes import CODES
from iscg_rules.errors import Place, Problem
from iscg_rules.plain_letters import slug_of
from iscg_rules.reading.documents import child
from iscg_rules.reading.expected_forms import (
    EXPECTED,
    fields_of,
    models_in,
    on_key,
    possible,
    shape,
    text_alone,
    to_add,
)
from iscg_rules.reading.said_times import date_in
from iscg_rules.reading.usual_mistakes import opens_quotes
from iscg_rules.reading.yaml_nodes import Fields, Items, Node, Scalar
from iscg_rules.suggestions import closest

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
    kept = [
        (steps, problem)
        for steps, problem in found
        if not (problem.code == "S005" and steps in starts)
        and not (problem.code == "S002" and steps in meant)
    ]
    return _told_once(node, kept)


def _told_once(node: Node, found: list[tuple[Steps, Problem]]) -> list[Problem]:
    """Tell a fault once: the only unknown key of an entry is most likely the only one it lacks."""
    lacking, unknown = (_by_entry(found, code) for code in ("S002", "S001"))
    told: list[Problem] = []
    for steps, problem in found:
        around = steps[:-1]
        is_alone = len(lacking.get(around, ())) == len(unknown.get(around, ())) == 1
        if problem.code == "S002" and is_alone:
            continue
        if problem.code == "S001":
            if steps[-1] in _tails(_around(node, steps)):
                continue
            if is_alone and " " not in str(steps[-1]) and "vouliez-vous" not in str(problem.help):
                aid = f"vouliez-vous dire `{lacking[around][0]}` ?"
                told.append(replace(problem, help=aid))
                continue
        # `[un, deux]` where each should be `{to: …}`: the first says it of all.
        if not (problem.code == "S003" and any(_is_same(problem, one) for one in told)):
            told.append(problem)
    return told


def _by_entry(found: list[tuple[Steps, Problem]], code: str) -> dict[Steps, list[str]]:
    named: dict[Steps, list[str]] = {}
    for steps, problem in found:
        if problem.code == code:
            named.setdefault(steps[:-1], []).append(str(steps[-1]))
    return named


def _is_same(one: Problem, other: Problem) -> bool:
    lines = {each.place.line if each.place else None for each in (one, other)}
    return len(lines) == 1 and (one.message, one.help) == (other.message, other.help)


def _tails(around: Node | None) -> set[str]:
    """Name the keys that only go on a text without quotes, of which something is told already.

    Of `{fr: Elle a peur, ne rentre pas, et pleure}` the last; where typographic quotes are told
    where the text begins (Y014), all of them.
    """
    tails, is_told = set(), False
    for key, value in around.fields if isinstance(around, Fields) else ():
        if isinstance(value, Scalar) and not value.text:
            if is_told:
                tails.add(key.text)
            is_told = True
        else:
            is_told = isinstance(value, Scalar) and opens_quotes(value.text)
    return tails


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
        aid = on_key(name, _model_at(model, steps[:-1]))
        place = _key_at(node, steps) or place
        return Problem("S001", f"clé inconnue `{name[:60]}`", place, aid)
    if kind == "missing":
        return Problem("S002", f"le champ `{name}` manque", place, to_add(name, annotation))
    if kind == "literal_error":
        allowed = re.findall(r"'([^']*)'", str(ctx.get("expected", "")))
        close = closest(given.text, allowed) if isinstance(given, Scalar) else None
        aid = f"vouliez-vous dire `{close}` ? {possible(allowed)}" if close else possible(allowed)
        return Problem("S004", f"valeur non permise pour `{name}`", place, aid)
    if kind in _SHAPES or kind == "string_type":
        is_item = bool(steps) and isinstance(steps[-1], int)
        aid = (
            text_alone(name, given)
            if kind == "string_type"
            else shape(kind, name, annotation, given, is_item=is_item)
        )
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
        is_partial = "[0-9]{4}" in pattern
        aid = "écrivez l'année, le mois et le jour : 2026-11-23"
        aid = "écrivez l'année et le mois : 2026-11" if is_partial else aid
        if re.fullmatch(r"\d{4}-\d\d-\d\d", word):
            aid = "ce jour n'existe pas dans le calendrier"
        if meant and not is_short:
            aid = f"vouliez-vous dire `{meant}` ?"
        return Problem("S007", f"`{name}` n'est pas une date", place, aid)
    if kind in ("string_pattern_mismatch", "string_too_long"):
        aid = "des minuscules sans accent et des chiffres, reliés par `-` ou `_`"
        slug = slug_of(word)
        if slug:
            aid += f" : `{slug}`"
        return Problem("S006", f"identifiant mal formé dans `{name}`", place, aid)
    return Problem("S003", f"`{name}` n'a pas la forme attendue", place, EXPECTED.get(kind))


_WHOLE_DAY = 2
_SHAPES = frozenset({"tuple_type", "list_type", "model_type", "model_attributes_type", "dict_type"})


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


def _around(node: Node, steps: Steps) -> Node | None:
    """Return what holds the last key of a path; one thing may stand where a list may."""
    found: Node | None = node
    for step in steps[:-1]:
        if isinstance(step, str) or isinstance(found, Items):
            found = child(found, step)
    return found


def _key_at(node: Node, steps: Steps) -> Place | None:
    """Return the place of the key itself that a path leads to."""
    around = _around(node, steps)
    pairs = around.fields if isinstance(around, Fields) else ()
    return next((key.place for key, _ in pairs if key.text == steps[-1]), None)


def _names_at(model: type[BaseModel], steps: Steps) -> list[str]:
    """Return the keys that may stand where the path leads."""
    return list(fields_of(_model_at(model, steps)))


def _annotation_at(model: type[BaseModel], steps: Steps) -> object:
    """Return the type of what the path leads to: of one item where it ends inside a list."""
    last = max((n for n, step in enumerate(steps) if isinstance(step, str)), default=None)
    if last is None:
        return None
    info = fields_of(_model_at(model, steps[:last])).get(str(steps[last]))
    if info is None:
        return None
    is_item = any(isinstance(step, int) for step in steps[last + 1 :])
    return next(models_in(info.annotation), None) if is_item else info.annotation


def _model_at(model: type[BaseModel], steps: Steps) -> type[BaseModel]:
    for step in steps:
        named = fields_of(model)
        if isinstance(step, str) and step in named:
            model = next(models_in(named[step].annotation), model)
    return model
