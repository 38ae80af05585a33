"""Orientations for people in distress: rules in YAML, ranked answers with their reasons."""

from iscg_rules.engine import Engine
from iscg_rules.errors import IscgError, Place, Problem
from iscg_rules.language.situations import Situation
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

__all__ = [
    "Advice",
    "Answer",
    "Engine",
    "Exclusion",
    "IscgError",
    "Orientation",
    "PartnerCard",
    "Place",
    "Possibility",
    "Problem",
    "Question",
    "Reason",
    "Recommendation",
    "Sharing",
    "Situation",
]
__version__ = "0.1.0"
