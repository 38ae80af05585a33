"""What is refused, and how it is said: codes, words of ours, and never anything that was sent."""

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from iscg_rules.errors import IscgError, Problem
from iscg_rules.language.answer_checks import MOST_PROBLEMS
from iscg_rules.model.situation_files import once

__all__ = [
    "Refusal",
    "RefusedProblem",
    "first_told",
    "problems_of",
    "read_body",
    "refusal",
    "said_of_status",
]

SomeModel = TypeVar("SomeModel", bound=BaseModel)

# What each status means here; a message of HTTP has a code of its own, which no file can earn.
_STATUSES = MappingProxyType(
    {
        400: "ce n'est pas du JSON",
        404: "rien n'est servi à cette adresse",
        405: "cette adresse se demande autrement : voir /docs",
        408: "la demande n'est pas arrivée à temps",
        413: "la demande est trop grosse : 64 Kio au plus",
        415: "la demande se fait en JSON : content-type: application/json",
        500: "erreur interne : ce n'est pas votre faute, et rien n'en est gardé",
        503: "trop long, ou trop de demandes à la fois",
    }
)
# The engine's own code for what is wrong with each field; elsewhere A011.
_CODES = MappingProxyType({"situation": "A007", "before": "A007", "after": "A007", "at": "A009"})


@dataclass(frozen=True, slots=True)
class RefusedProblem:
    """One problem, as `Problem.as_dict` says it."""

    code: str
    message: str
    attribute: str | None
    allowed: list[str]
    params: dict[str, str | int | float]
    file: str | None
    line: int | None
    column: int | None
    help: str | None


@dataclass(frozen=True, slots=True)
class Refusal:
    """Every problem, twenty at most, and how many there are."""

    problems: list[RefusedProblem]
    count: int


def refusal(error: IscgError, language: str = "fr") -> bytes:
    """Return the body of a refusal."""
    told, count = first_told(error.problems, error.count)
    return _json({"problems": [one.as_dict(language) for one in told], "count": count})


def first_told(problems: Iterable[Problem], count: int) -> tuple[list[Problem], int]:
    """Return twenty problems at most, and how many there are.

    Args:
        problems: those that are known; A008 counts others, and is not one itself.
        count: how many there are, A008 for one where it says how many.

    Returns:
        Where there are more than twenty, the last one counts those that are not told.
    """
    known = list(problems)
    plain = [one for one in known if one.code != "A008"]
    count += sum(int(one.params.get("more", 1)) - 1 for one in known)
    if len(plain) == count <= MOST_PROBLEMS:
        return plain, count
    told = plain[: MOST_PROBLEMS - 1]
    more = count - len(told)
    text = f"plus de {MOST_PROBLEMS} problèmes, non montrés\u00a0: {more}"
    return [*told, Problem("A008", text, params={"more": more})], count


def said_of_status(status: int) -> bytes:
    """Return the body of a refusal that HTTP itself knows."""
    text = _STATUSES.get(status, "refusé")
    empty: dict[str, Any] = {"attribute": None, "allowed": [], "params": {}, "help": None}
    nowhere = dict.fromkeys(("file", "line", "column"))
    return _json(
        {"problems": [{"code": f"H{status}", "message": text, **empty, **nowhere}], "count": 1}
    )


def read_body(model: type[SomeModel], body: bytes) -> SomeModel:
    """Return what was sent.

    Raises:
        ValueError: it is no JSON.
        IscgError: Y011 where a key is there twice, else what is wrong with the fields.
    """
    try:
        # Python's own reader: pydantic's keeps the last of two equal keys in silence.
        values = json.loads(body, object_pairs_hook=once, parse_constant=_no_number)
    except RecursionError:
        raise ValueError from None
    try:
        return model.model_validate(values)
    except ValidationError as error:
        wrong = error.errors(include_url=False, include_context=False, include_input=False)
    raise IscgError(problems_of(wrong, model.model_fields))


def problems_of(wrong: Iterable[ErrorDetails], fields: Collection[str]) -> list[Problem]:
    """Say which fields are wrong; one that is not of ours is counted, not named."""
    told: dict[str, Problem] = {}
    unknown = 0
    for one in wrong:
        name = next((part for part in one["loc"] if part in fields), None)
        if isinstance(name, str):
            told.setdefault(name, _about(name, one["type"]))
        else:
            unknown += 1
    problems = [*told.values()]
    if unknown:
        aid = "connus : " + ", ".join(f"`{name}`" for name in fields) if fields else None
        text = "la demande a des champs inconnus, ou n'est pas un objet"
        problems.append(Problem("A011", text, help=aid, params={"count": unknown}))
    return problems


def _about(name: str, kind: str) -> Problem:
    said = "est attendu" if kind == "missing" else "n'a pas la forme attendue, voir /docs"
    code = "A010" if name == "already" else _CODES.get(name, "A011")
    return Problem(code, f"`{name}` {said}", params={"field": name})


def _no_number(_: str) -> object:
    # NaN and Infinity are Python's, not JSON's.
    raise ValueError


def _json(content: object) -> bytes:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
