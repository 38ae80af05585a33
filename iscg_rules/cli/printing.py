"""What commands print: lines, and values as JSON."""

import json
import sys
from collections.abc import Iterable

__all__ = ["print_json", "print_lines"]


def print_lines(lines: Iterable[str]) -> None:
    """Print lines, each with its end."""
    sys.stdout.writelines(f"{line}\n" for line in lines)


def print_json(content: object, indent: int = 2) -> None:
    """Print plain values as JSON, letters as they are."""
    sys.stdout.write(json.dumps(content, ensure_ascii=False, indent=indent) + "\n")
