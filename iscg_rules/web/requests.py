"""What may be sent, field by field; a field that is not here is refused and not repeated."""

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from iscg_rules.model.closed_words import Already, Goal, Language
from iscg_rules.recommend.questions import Discreet

__all__ = [
    "AskedChange",
    "AskedComparison",
    "AskedKind",
    "AskedNote",
    "AskedQuestions",
    "AskedRecommendation",
    "AskedSheet",
    "AskedWords",
]


def _whole(given: object) -> object:
    """Return a number as JSON means it: 3.0 is 3."""
    return int(given) if isinstance(given, float) and given.is_integer() else given


def _sayable(text: str) -> str:
    """Refuse half of a character, which JSON can spell and nothing can write."""
    text.encode()
    return text


# Enough for every kind and every question; whoever wants all of a list leaves it out.
_Limit = Annotated[int, BeforeValidator(_whole), Field(ge=0, le=1_000)]
_NoteText = Annotated[str, AfterValidator(_sayable)]
_NoteTexts = Annotated[list[_NoteText], Field(max_length=50)]


class _Sent(Discreet, BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, hide_input_in_errors=True)

    territory: str | None = Field(default=None, description="Le premier servi si absent.")
    language: Language = "fr"

    __str__ = Discreet.__repr__


class AskedWords(_Sent):
    """Which rules, and in which language."""


class _SentSituation(_Sent):
    situation: dict[str, object] = Field(description="Ce qui est absent est inconnu.")
    at: str | None = Field(description="Le moment de l’entretien, `now`, ou null s’il est inconnu.")


class _SentWithTried(_SentSituation):
    already: dict[str, Already] | None = Field(
        default=None, description="Ce qui a été tenté avant : type d’aide → contacted ou declined."
    )


class AskedRecommendation(_SentWithTried):
    """A situation, and how much to say of it."""

    limit: _Limit | None = Field(default=None, description="Ce qui presse n’est jamais coupé.")
    detail: Literal["full", "short"] = Field(
        default="full", description="short : sans raisons, possibles ni autres partenaires."
    )


class AskedKind(_SentSituation):
    """A situation, and the kind of help that is asked about."""

    kind: str
    limit: _Limit | None = None


class AskedChange(_SentSituation):
    """A situation, the kind that it should lead to, and how."""

    kind: str
    goal: Goal = "certain"
    limit: _Limit = 3


class AskedQuestions(_SentSituation):
    """A situation that is not fully known."""

    limit: _Limit = 5


class AskedComparison(_Sent):
    """Two situations at one moment."""

    before: dict[str, object]
    after: dict[str, object]
    at: str | None


class AskedNote(_SentWithTried):
    """A situation, to whom, and what the worker writes: nothing else goes on the paper."""

    kind: str
    reason: _NoteText = ""
    needs: _NoteTexts = []
    done: _NoteTexts = []
    shares: _NoteTexts = []
    call_back: _NoteText = ""
    format: Literal["json", "markdown", "html"] = "json"


class AskedSheet(_SentWithTried):
    """A situation, and the paper that the person takes home; discreet unless `named`."""

    named: bool = False
    paper: Literal["A6", "A4"] = "A6"
    format: Literal["text", "html"] = "html"
