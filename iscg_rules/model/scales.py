"""The words that say how soon, how strongly, for whom, and how far something is shared."""

from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, GetCoreSchemaHandler

__all__ = ["Beneficiary", "Scale", "Scope", "Strength", "Urgency"]


class Scale(StrEnum):
    """A word with its place among others: equal to the plain word, and printed like it.

    `Urgency.NOW < Urgency.WEEK` as their places say, `Urgency.NOW == "now"`. Against a plain word
    `<` is alphabetical, as between any two texts: compare members only.
    """

    place: int

    def __init__(self, word: str) -> None:
        del word
        self.place = len(type(self).__members__)

    __repr__ = str.__repr__

    def __lt__(self, other: str) -> bool:
        return self.place < other.place if isinstance(other, type(self)) else NotImplemented

    def __le__(self, other: str) -> bool:
        return self.place <= other.place if isinstance(other, type(self)) else NotImplemented

    def __gt__(self, other: str) -> bool:
        return self.place > other.place if isinstance(other, type(self)) else NotImplemented

    def __ge__(self, other: str) -> bool:
        return self.place >= other.place if isinstance(other, type(self)) else NotImplemented

    @classmethod
    def __get_pydantic_core_schema__(
        cls,
        source: type["Scale"],
        handler: GetCoreSchemaHandler,
    ) -> Any:  # noqa: ANN401 # only pydantic's core has a name for it
        """Read the word as one of a fixed list: same problems and same JSON Schema as for those."""
        words = tuple(word.value for word in source)

        # Not the class itself: from Python 3.12 on, its signature is not that of a validator.
        def member(word: str) -> Scale:
            return source(word)

        return handler.generate_schema(Annotated[Literal[words], AfterValidator(member)])


class Urgency(Scale):
    """How soon, the earliest first."""

    NOW = "now"
    TODAY = "today"
    WEEK = "week"
    PLANNED = "planned"


class Strength(Scale):
    """How strongly, the strongest first."""

    MUST = "must"
    SHOULD = "should"
    MAY = "may"


class Beneficiary(Scale):
    """For whom, in the order in which they are named."""

    PERSON = "person"
    CHILDREN = "children"
    AUTHOR = "author"
    RELATIVES = "relatives"
    PROFESSIONAL = "professional"


class Scope(Scale):
    """How far something may be shared, the widest last."""

    NONE = "none"
    AGREEMENT = "agreement"
    INFORM = "inform"
    EXCEPTION = "exception"
