"""Orientations for people in distress: rules in YAML, ranked answers with their reasons."""

from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from iscg_rules.engine import Engine
    from iscg_rules.errors import IscgError, Place, Problem
    from iscg_rules.language.situations import Situation
    from iscg_rules.recommend.questions import NextQuestion
    from iscg_rules.recommend.results import (
        Advice,
        Answer,
        Exclusion,
        Orientation,
        PartnerCard,
        Possibility,
        Question,
        Reason,
        Recommendation,
        Sharing,
    )
    from iscg_rules.recommend.short_answer import ShortOrientation, ShortRecommendation, shorten

__all__ = [
    "Advice",
    "Answer",
    "Engine",
    "Exclusion",
    "IscgError",
    "NextQuestion",
    "Orientation",
    "PartnerCard",
    "Place",
    "Possibility",
    "Problem",
    "Question",
    "Reason",
    "Recommendation",
    "Sharing",
    "ShortOrientation",
    "ShortRecommendation",
    "Situation",
    "shorten",
]
__version__ = "0.1.0"

# Where each name that is not a result lives; whoever wants only one does not wait for the rest.
_HOMES = MappingProxyType(
    {
        "Engine": "iscg_rules.engine",
        "IscgError": "iscg_rules.errors",
        "Place": "iscg_rules.errors",
        "Problem": "iscg_rules.errors",
        "Situation": "iscg_rules.language.situations",
        "NextQuestion": "iscg_rules.recommend.questions",
        "ShortOrientation": "iscg_rules.recommend.short_answer",
        "ShortRecommendation": "iscg_rules.recommend.short_answer",
        "shorten": "iscg_rules.recommend.short_answer",
    }
)


def __getattr__(name: str) -> object:
    """Return a public name, imported when it is first asked for."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value: object = getattr(import_module(_HOMES.get(name, "iscg_rules.recommend.results")), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
