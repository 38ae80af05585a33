"""What to write where a condition says something that is no value: the contrary, several, none."""

import re

from iscg_rules.language.vocabulary import Attribute
from iscg_rules.reading.plain_text import NUMBER
from iscg_rules.reading.yaml_nodes import Items, Node, Scalar
from iscg_rules.suggestions import closest, negated, says_unknown, several

__all__ = ["on_group", "on_value", "range_of"]

_NONE = frozenset({"none", "no", "non", "aucun", "aucune", "rien", "0"})
# `2 à 9`, `entre 2 et 9`; `au moins 2`. Bounds are included: `plus de 2` is said to be from 2 on.
_SAID_RANGE = re.compile(r"(?:de |entre )?(\d+)\s*(?:à|et|-|–)\s*(\d+)(?: \w+)?")
_AT_LEAST = ("au moins", "plus de", "à partir de", "dès")
_SAID_BOUND = re.compile(
    r"(au moins|plus de|à partir de|dès|au plus|moins de|jusqu'à|maximum)\s+(\d+)(?: \w+)?"
)


def on_value(attribute: Attribute, word: str) -> str | None:
    """Say how to write what a value alone cannot say: the contrary, none of them, or several."""
    name, choices = attribute.id, attribute.choices
    absent = negated(word, choices)
    if attribute.type == "many_of":
        if absent:
            return f"pour dire le contraire : `{name}: {{none_of: [{absent}]}}`"
        if word.casefold() in _NONE:
            return f"pour dire « aucune » : `{name}: {{none_of: [{', '.join(choices)}]}}`"
    elif attribute.type == "yes_no" and (absent or negated(word, {name: attribute})):
        return f"pour dire le contraire : `{name}: {'yes' if absent == 'no' else 'no'}`"
    elif absent:
        return f"pour dire le contraire, entourez-la de `not` : `not: {{{name}: {absent}}}`"
    if says_unknown(word):
        return "une règle ne demande pas ce qui est inconnu : effacez cette ligne"
    listed = ", ".join(several(word, choices))
    return f"plusieurs valeurs s'écrivent entre crochets : `[{listed}]`" if listed else None


def on_group(attribute: Attribute, keys: list[str], written: object) -> str:
    """Say how several values of a question are asked for together."""
    name = attribute.id
    meant = closest(keys[0], ("all_of", "none_of")) if keys else None
    meant = "none_of" if keys and keys[0] in _NONE else meant
    values = [key for key in keys if key in attribute.choices]
    values += [each for each in _scalars_in(written) if each in attribute.choices]
    if meant and values:
        ordered = [value for value in attribute.choices if value in values]
        return f"écrivez `{name}: {{{meant}: [{', '.join(ordered)}]}}`"
    return f"`{name}: {{all_of: [...]}}` ou `{name}: {{none_of: [...]}}`"


def _scalars_in(written: object) -> list[str]:
    parts = written.values() if isinstance(written, dict) else (written,)
    items = (each for part in parts for each in (part if isinstance(part, list) else [part]))
    return [each for each in items if isinstance(each, str)]


def range_of(value: Node) -> str:
    """Write the bounds that a number or two alone most likely stand for."""
    written = value.items if isinstance(value, Items) else (value,)
    said = written[0].text if isinstance(written[0], Scalar) and len(written) == 1 else ""
    if found := _SAID_RANGE.fullmatch(said.strip()):
        return f"{{min: {found[1]}, max: {found[2]}}}"
    if found := _SAID_BOUND.fullmatch(said.strip()):
        return f"{{{'min' if found[1] in _AT_LEAST else 'max'}: {found[2]}}}"
    words = [one.text.strip("<>= ") if isinstance(one, Scalar) else "" for one in written]
    if not all(NUMBER.fullmatch(word) for word in words) or not 1 <= len(words) <= 2:  # noqa: PLR2004
        return "{min: 1, max: 5}"
    sign = written[0].text[:1] if isinstance(written[0], Scalar) else ""
    if sign in (">", "<") and len(words) == 1:
        return f"{{{'min' if sign == '>' else 'max'}: {words[0]}}}"
    return f"{{min: {words[0]}, max: {words[-1]}}}"
