"""The closed lists of words that options take and results give, for type checkers and schemas.

Results are plain words: `orientation.urgency == "now"`. A type checker sees a misspelt one.
"""

from typing import Literal, get_args

__all__ = [
    "EVALUATORS",
    "GOALS",
    "LANGUAGES",
    "Already",
    "BeneficiaryWord",
    "EvaluatorName",
    "Goal",
    "KindStatus",
    "Lack",
    "Language",
    "ScopeWord",
    "StrengthWord",
    "Transmission",
    "UrgencyWord",
]

UrgencyWord = Literal["now", "today", "week", "planned"]
StrengthWord = Literal["must", "should", "may"]
BeneficiaryWord = Literal["person", "children", "author", "relatives", "professional"]
ScopeWord = Literal["none", "agreement", "inform", "exception"]
# What may be passed on, given the scope and the person's consent.
Transmission = Literal[
    "nothing", "agreed", "ask_first", "contact_only", "inform", "without_agreement"
]
# Where a kind stands, as `why_not` tells it.
KindStatus = Literal[
    "certain", "left_out", "no_partner", "possible", "excluded", "not_reached", "no_rule"
]
# What a partner lacks to serve a kind here.
Lack = Literal["area", "accepts"]
# What `what_if` may look for.
Goal = Literal["certain", "first", "excluded"]
Already = Literal["contacted", "declined"]
Language = Literal["fr", "en"]
EvaluatorName = Literal["bitset", "durable"]

GOALS: tuple[Goal, ...] = get_args(Goal)
LANGUAGES: tuple[Language, ...] = get_args(Language)
EVALUATORS: tuple[EvaluatorName, ...] = get_args(EvaluatorName)
