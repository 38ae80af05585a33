"""Orientations for people in distress: rules in YAML, ranked answers with their reasons."""

from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from iscg_rules.engine import Engine
    from iscg_rules.errors import IscgError, Place, Problem
    from iscg_rules.explain.results import (
        Alternative,
        AppliedRule,
        Change,
        Comparison,
        Difference,
        NextQuestions,
        Origin,
        PartnerGap,
        PersonAccount,
        RuleGap,
        SufficientSet,
        UsedAnswer,
        WhatIf,
        Why,
        WhyNot,
    )
    from iscg_rules.language.situations import Situation
    from iscg_rules.language.vocabulary import AttributeType, Category, Nature
    from iscg_rules.model.closed_words import (
        Already,
        BeneficiaryWord,
        EvaluatorName,
        Goal,
        KindStatus,
        Lack,
        Language,
        ScopeWord,
        StrengthWord,
        Transmission,
        UrgencyWord,
    )
    from iscg_rules.model.identity import Identity
    from iscg_rules.model.partners import Directory
    from iscg_rules.model.rules import RuleSet
    from iscg_rules.reading.binding import Source
    from iscg_rules.recommend.cross_check import DisagreementError
    from iscg_rules.recommend.form import Form, FormField
    from iscg_rules.recommend.questions import AnswerChoice, NextQuestion, Question
    from iscg_rules.recommend.recommender import Options
    from iscg_rules.recommend.results import (
        Advice,
        Answer,
        Exclusion,
        ExclusionReason,
        Orientation,
        PartnerCard,
        Possibility,
        Reachable,
        Reason,
        Recommendation,
        ReferralNote,
        Sharing,
    )
    from iscg_rules.recommend.short_answer import ShortOrientation, ShortRecommendation, shorten
    from iscg_rules.recommend.signed_results import Call, Notice, Result
    from iscg_rules.release import __version__ as __version__

__all__ = [
    "Advice",
    "Already",
    "Alternative",
    "Answer",
    "AnswerChoice",
    "AppliedRule",
    "AttributeType",
    "BeneficiaryWord",
    "Call",
    "Category",
    "Change",
    "Comparison",
    "Difference",
    "Directory",
    "DisagreementError",
    "Engine",
    "EvaluatorName",
    "Exclusion",
    "ExclusionReason",
    "Form",
    "FormField",
    "Goal",
    "Identity",
    "IscgError",
    "KindStatus",
    "Lack",
    "Language",
    "Nature",
    "NextQuestion",
    "NextQuestions",
    "Notice",
    "Options",
    "Orientation",
    "Origin",
    "PartnerCard",
    "PartnerGap",
    "PersonAccount",
    "Place",
    "Possibility",
    "Problem",
    "Question",
    "Reachable",
    "Reason",
    "Recommendation",
    "ReferralNote",
    "Result",
    "RuleGap",
    "RuleSet",
    "ScopeWord",
    "Sharing",
    "ShortOrientation",
    "ShortRecommendation",
    "Situation",
    "Source",
    "StrengthWord",
    "SufficientSet",
    "Transmission",
    "UrgencyWord",
    "UsedAnswer",
    "WhatIf",
    "Why",
    "WhyNot",
    "shorten",
]

# Where each name lives; whoever wants only one does not wait for the rest.
_NAMES = MappingProxyType(
    {
        "iscg_rules.engine": ("Engine",),
        "iscg_rules.errors": (
            "IscgError",
            "Place",
            "Problem",
        ),
        "iscg_rules.explain.results": (
            "Alternative",
            "AppliedRule",
            "Change",
            "Comparison",
            "Difference",
            "NextQuestions",
            "Origin",
            "PartnerGap",
            "PersonAccount",
            "RuleGap",
            "SufficientSet",
            "UsedAnswer",
            "WhatIf",
            "Why",
            "WhyNot",
        ),
        "iscg_rules.language.situations": ("Situation",),
        "iscg_rules.language.vocabulary": (
            "AttributeType",
            "Category",
            "Nature",
        ),
        "iscg_rules.model.closed_words": (
            "Already",
            "BeneficiaryWord",
            "EvaluatorName",
            "Goal",
            "Lack",
            "Language",
            "ScopeWord",
            "KindStatus",
            "StrengthWord",
            "Transmission",
            "UrgencyWord",
        ),
        "iscg_rules.model.identity": ("Identity",),
        "iscg_rules.model.partners": ("Directory",),
        "iscg_rules.model.rules": ("RuleSet",),
        "iscg_rules.reading.binding": ("Source",),
        "iscg_rules.recommend.cross_check": ("DisagreementError",),
        "iscg_rules.recommend.questions": (
            "AnswerChoice",
            "NextQuestion",
            "Question",
        ),
        "iscg_rules.recommend.results": (
            "Advice",
            "Answer",
            "Exclusion",
            "ExclusionReason",
            "Orientation",
            "PartnerCard",
            "Possibility",
            "Reachable",
            "Reason",
            "Recommendation",
            "ReferralNote",
            "Sharing",
        ),
        "iscg_rules.recommend.short_answer": (
            "ShortOrientation",
            "ShortRecommendation",
            "shorten",
        ),
        "iscg_rules.recommend.signed_results": ("Call", "Result", "Notice"),
        "iscg_rules.recommend.form": ("Form", "FormField"),
        "iscg_rules.recommend.recommender": ("Options",),
        "iscg_rules.release": ("__version__",),
    }
)
_HOMES = MappingProxyType({name: home for home, names in _NAMES.items() for name in names})


def __getattr__(name: str) -> object:
    """Return a public name, imported when it is first asked for."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value: object = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
