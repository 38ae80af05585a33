"""What authors mostly got wrong where the punctuation of YAML is wrong, guessed from the lines."""

import re
from collections.abc import Iterable

__all__ = ["advise"]

_USUAL_CAUSES = (
    "vérifiez les retraits, les guillemets et les crochets de cette ligne et de la précédente"
)


def advise(lines: Iterable[str]) -> str:
    """Return advice about the first of these lines that shows a usual mistake."""
    return next(filter(None, map(_advice, lines)), _USUAL_CAUSES)


def _advice(line: str) -> str | None:
    """Guess the usual mistake from the line alone."""
    if (
        line.count('"') % 2
        or line.count("[") != line.count("]")
        or line.count("{") != line.count("}")
    ):
        return (
            "un guillemet, un crochet ou une accolade n'est pas fermé sur cette ligne, ou plus haut"
        )
    if line.count(": ") > 1 and '"' not in line and "{" not in line:
        return "un texte qui contient « : » se met entre guillemets"
    if re.match(r"\s*(?:- )?[a-z_]+:\S", line):
        return "il manque une espace après les deux-points"
    return None
