"""`partners.yaml` changed as a hand would: one entry or one line, and nothing else of the file."""

import re
from collections.abc import Mapping
from typing import Any

from iscg_rules.directory.yaml_lines import write_block, write_value

__all__ = ["append_entry", "set_field", "swap_in_list"]

_EMPTY = re.compile(r"^partners: *\[\] *$", re.MULTILINE)
_HEAD = "# Les partenaires de ce territoire.\n\npartners:\n"
_START = re.compile(r"(?P<indent> *)- id: ")


def append_entry(text: str, fields: Mapping[str, Any], remark: str) -> str:
    """Return a file of partners with one more at its end, under a remark.

    >>> print(append_entry("partners: []", {"id": "a", "name": "A"}, "Vu."), end="")
    partners:
      # Vu.
      - id: a
        name: "A"
    """
    body = _EMPTY.sub("partners:", text.rstrip()) if text.strip() else _HEAD.rstrip()
    gap = "\n" if body.endswith("partners:") else "\n\n"
    lines = [f"  # {remark}", *write_block(fields, {})]
    return body + gap + "\n".join(lines) + "\n"


def set_field(text: str, line: int, name: str, value: object) -> str | None:
    """Return a file of partners with one field of an entry written anew, or added.

    Args:
        line: where the entry begins, from 1.

    Returns:
        None where the entry is not written one field a line: a person changes it by hand.
    """
    found = _entry(text, line)
    if found is None:
        return None
    lines, indent, last = found
    written = f"{indent}{name}: {write_value(value)}"
    places = [n for n in range(line, last) if lines[n].startswith(f"{indent}{name}:")]
    if not places:
        before = [n for n in range(line, last) if lines[n].startswith(f"{indent}source:")]
        lines.insert(before[0] if before else last, written)
        return "\n".join(lines)
    place = places[0]
    follows = lines[place + 1] if place + 1 < last else ""
    # What goes on over more lines, or bears a remark, is a person's to change.
    if follows.startswith(f"{indent} ") or re.search(r"\s#", lines[place]):
        return None
    lines[place] = written
    return "\n".join(lines)


def swap_in_list(text: str, line: int, name: str, old: object, new: object) -> str | None:
    """Return a file with an item of a list written anew, or added where `old` is None.

    None where it is not written so: a person changes it by hand.
    """
    found = _entry(text, line)
    if found is None:
        return None
    lines, indent, last = found
    for place in range(line, last):
        given = lines[place]
        if not given.startswith(f"{indent}{name}: [") or not given.endswith("]"):
            continue
        if old is None:
            lines[place] = f"{given[:-1]}, {write_value(new)}]"
        elif write_value(old) in given:
            lines[place] = given.replace(write_value(old), write_value(new))
        else:
            return None
        return "\n".join(lines)
    return None


def _entry(text: str, line: int) -> tuple[list[str], str, int] | None:
    """Return the lines, what stands before a field of the entry, and the line after its last."""
    lines = text.split("\n")
    start = _START.match(lines[line - 1]) if line <= len(lines) else None
    if start is None:
        return None
    indent = f"{start['indent']}  "
    return lines, indent, _last(lines, line, len(indent))


def _last(lines: list[str], line: int, indent: int) -> int:
    """Return the line after the last one of an entry, counted from 0."""
    place = line
    while place < len(lines) and lines[place].strip():
        if len(lines[place]) - len(lines[place].lstrip()) < indent:
            break
        place += 1
    return place
