"""What every result says of itself, and how it becomes JSON."""

from dataclasses import dataclass
from typing import Literal

from iscg_rules.model.closed_words import Language
from iscg_rules.model.identity import Identity
from iscg_rules.recommend.json_values import AsJson
from iscg_rules.recommend.late_fields import LateFields
from iscg_rules.recommend.questions import Discreet

__all__ = ["VERSION", "Call", "Notice", "Result", "SignedSheet"]

VERSION: Literal[1] = 1

Call = Literal[
    "recommend", "why", "why_not", "what_if", "compare", "next_questions", "explain_for_person"
]


@dataclass(frozen=True, slots=True)
class Notice:
    """What `on_result` is told: what was asked of which rules, and nothing of the person."""

    call: Call
    language: Language
    identity: Identity


@dataclass(frozen=True, slots=True, repr=False)
class Result(Discreet, AsJson, LateFields):
    """Base of every result.

    Attributes:
        version: of its shape; only a change that breaks a reader makes it grow.
        language: of its texts.
        identity: which rules gave it.
    """

    version: Literal[1]
    language: Language
    identity: Identity


@dataclass(frozen=True, slots=True)
class SignedSheet(AsJson):
    """Base of what is said of the rules and of nobody: of which rules it is said."""

    version: Literal[1]
    identity: Identity
