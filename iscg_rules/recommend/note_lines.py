"""What a worker writes on a note: texts, each on one line."""

from collections.abc import Iterable

__all__ = ["are_texts", "one_line_each"]


def are_texts(given: object) -> bool:
    """Tell whether this is a list of texts: one text is several letters, meant as one need."""
    return isinstance(given, list | tuple) and all(isinstance(text, str) for text in given)


def one_line_each(texts: Iterable[str]) -> tuple[str, ...]:
    """Return the texts that say something, each on one line."""
    return tuple(" ".join(text.split()) for text in texts if text.strip())
