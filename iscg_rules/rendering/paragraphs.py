"""Lines of 80 columns for a terminal; colours say nothing that the words do not."""

import textwrap
from collections.abc import Callable, Iterable, Iterator

__all__ = ["BOLD", "DIM", "RED", "WIDTH", "Paragraphs", "wrapped"]

WIDTH = 80
BOLD, RED, DIM, _END = "\x1b[1m", "\x1b[1;31m", "\x1b[2m", "\x1b[0m"


def wrapped(text: str, lead: str, following: str) -> list[str]:
    """Return the lines of a text, with what the first and the others begin with."""
    # A no-break space must not break: the wrapper only breaks at plain spaces.
    return textwrap.wrap(
        text,
        WIDTH,
        initial_indent=lead,
        subsequent_indent=following,
        break_long_words=False,
        break_on_hyphens=False,
    )


class Paragraphs:
    """Headings, bullets and wrapped text, coloured or not."""

    def __init__(self, *, is_coloured: bool) -> None:
        self._is_coloured = is_coloured

    def paint(self, text: str, colour: str) -> str:
        """Return a text in a colour, where colours are wanted."""
        return f"{colour}{text}{_END}" if self._is_coloured else text

    def heading(self, text: str, colour: str = BOLD) -> Iterator[str]:
        """Yield an empty line and a heading."""
        yield from ("", self.paint(text, colour))

    def wrap(
        self, text: str, indent: str = "    ", style: Callable[[str], str] | None = None
    ) -> Iterator[str]:
        """Yield the lines of a text; those that follow a mark stand two columns further in."""
        following = " " * (len(indent) + (2 if text[1:2] == " " else 0))
        for line in wrapped(text, indent, following):
            yield style(line) if style else line

    def bullets(self, texts: Iterable[str], mark: str = "•") -> Iterator[str]:
        """Yield each text after a mark."""
        for text in texts:
            yield from self.wrap(f"{mark} {text}", "  ")

    def listed(self, heading: str, texts: Iterable[str]) -> Iterator[str]:
        """Yield a heading with its bullets; nothing where there are none."""
        lines = list(self.bullets(texts))
        if lines:
            yield from self.heading(heading)
            yield from lines
