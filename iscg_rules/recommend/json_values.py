"""Frozen results as JSON, and the schema that it keeps; `for_` is `for` there."""

from functools import cache
from typing import Any

from pydantic import TypeAdapter

from iscg_rules.errors import IscgError, Problem

__all__ = ["AsJson", "as_json", "as_plain", "json_schema"]

_MOST_INDENT = 8


# Built on first use: the schema costs more than the whole import.
@cache
def _adapter(kind: type) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


def _adapter_of(result: object) -> TypeAdapter[Any]:
    return _adapter(type(result))  # type: ignore[arg-type]  # every class can be hashed


def as_json(result: object, *, indent: int | None = None) -> str:
    """Return a result as JSON with the same names.

    Raises:
        IscgError: A011 for an indent that is none.
    """
    if not (indent is None or (type(indent) is int and 0 <= indent <= _MOST_INDENT)):
        aid = f"`indent` : de 0 à {_MOST_INDENT}"
        raise IscgError([Problem("A011", "option hors limites", help=aid)])
    return _adapter_of(result).dump_json(result, by_alias=True, indent=indent).decode()


def as_plain(result: object) -> dict[str, Any]:
    """Return a result as plain values, as `as_json` would write them."""
    plain: dict[str, Any] = _adapter_of(result).dump_python(result, by_alias=True, mode="json")
    return plain


def json_schema(kind: type) -> dict[str, Any]:
    """Return the JSON Schema that every result of a kind keeps."""
    return _adapter(kind).json_schema(mode="serialization", by_alias=True)


class AsJson:
    """Base of frozen results that become JSON."""

    __slots__ = ()

    def to_json(self, *, indent: int | None = None) -> str:
        """Return the result as JSON with the same names; `for_` is `for` there."""
        return as_json(self, indent=indent)

    def as_dict(self) -> dict[str, Any]:
        """Return the result as plain values, as `to_json` would write them."""
        return as_plain(self)
