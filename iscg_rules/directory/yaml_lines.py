"""Values as the YAML that a hand would write: one line each, quoted only where it must be."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

__all__ = ["write_block", "write_value"]

# What YAML and our reader take as it stands.
_BARE = re.compile(r"[A-Za-z][A-Za-z0-9_*-]*|[0-9]{4}-[0-9]{2}(?:-[0-9]{2})?|[0-9]\.[0-9]+")
_IDS = re.compile(r"[a-z0-9][a-z0-9_-]*")


def write_value(value: object) -> str:
    """Return a value on one line.

    >>> write_value({"phone": "115", "url": "exemple.org"})
    '{phone: "115", url: "exemple.org"}'
    """
    if isinstance(value, Mapping):
        inside = ", ".join(f"{key}: {write_value(inner)}" for key, inner in value.items())
        return f"{{{inside}}}"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return f"[{', '.join(map(_item, value))}]"
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = str(value)
    return text if _BARE.fullmatch(text) else _quoted(text)


def _item(value: object) -> str:
    """Return an item of a list: ids stand as they are."""
    if isinstance(value, str) and _IDS.fullmatch(value) and not value.isdigit():
        return value
    return write_value(value)


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def write_block(
    fields: Mapping[str, Any], notes: Mapping[str, str], *, indent: int = 2
) -> list[str]:
    """Return the lines of one entry of a list, each with where it comes from.

    Args:
        notes: what is said behind the line of a field.
    """
    lines: list[str] = []
    for key, value in fields.items():
        start = "- " if not lines else "  "
        note = f"  # {notes[key]}" if key in notes else ""
        written = _quoted(value) if key in _TEXTS and isinstance(value, str) else write_value(value)
        lines.append(f"{' ' * indent}{start}{key}: {written}{note}")
    return lines


_TEXTS = frozenset({"name", "hours"})
