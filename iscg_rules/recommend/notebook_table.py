"""Lines of cells as a notebook shows them."""

from collections.abc import Iterable
from html import escape

__all__ = ["as_table"]


def as_table(lines: Iterable[tuple[str, ...]]) -> str:
    """Return a table in HTML; whatever the cells hold is text in it."""
    rows = ("".join(f"<td>{escape(cell)}</td>" for cell in line) for line in lines)
    return f"<table>{''.join(f'<tr>{row}</tr>' for row in rows)}</table>"
