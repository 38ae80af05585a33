"""Sets of variables and of attributes as bits of one integer, in the vocabulary's order.

Each variable has a bit, and an attribute has that of its first variable: with `age`, `needs=bed`
and `needs=food`, the variables 0b101 are `age` and `needs=food`; their attributes are 0b011.
"""

from collections.abc import Iterable
from typing import Final

from iscg_rules.language.vocabulary import Vocabulary

__all__ = ["AttributeBits", "places_in"]


def places_in(bits: int) -> list[int]:
    """Return the places of the bits that are set, lowest first: 0b0110 → 1, 2."""
    places = []
    while bits:
        lowest = bits & -bits
        places.append(lowest.bit_length() - 1)
        bits ^= lowest
    return places


class AttributeBits:
    """The bits of one vocabulary."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.variables: Final = tuple(vocabulary.attribute_of)
        self.bit_of: Final = {name: 1 << place for place, name in enumerate(self.variables)}
        # At the place of each variable, its attribute.
        self.attributes: Final = tuple(vocabulary.attribute_of.values())
        self._first: dict[str, int] = {}
        # The bit of each variable of an attribute of several: all of their bits, and the first.
        self._several: dict[int, tuple[int, int]] = {}
        self._in_several = 0
        for attribute in vocabulary.attributes.values():
            bits = [self.bit_of[variable] for variable in attribute.variables]
            self._first[attribute.id] = min(bits, default=0)
            if len(bits) > 1:
                self._several |= dict.fromkeys(bits, (sum(bits), bits[0]))
                self._in_several |= sum(bits)

    def of_variables(self, variables: int) -> int:
        """Return the attributes of these variables."""
        left = variables & self._in_several
        while left:
            group, first = self._several[left & -left]
            variables = variables & ~group | first
            left &= ~group
        return variables

    def of_names(self, names: Iterable[str]) -> int:
        """Return the attributes of these names."""
        found = 0
        for name in names:
            found |= self._first[name]
        return found

    def named(self, attributes: int) -> list[str]:
        """Return the names of these attributes."""
        return [self.attributes[place] for place in places_in(attributes)]
