"""A question as it is told: what is not known, how to ask it, and what its answer may decide.

No `repr` here shows anything about a person: they count, because exceptions and logs print them.
"""

from dataclasses import dataclass

from iscg_rules.language.vocabulary import AttributeType
from iscg_rules.model.closed_words import UrgencyWord

__all__ = ["AnswerChoice", "Discreet", "NextQuestion", "Question"]


class Discreet:
    """Shows its type only."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"


@dataclass(frozen=True, slots=True, repr=False)
class Question(Discreet):
    """An attribute without an answer, and how to ask it; `ask` is null where nobody can answer."""

    attribute: str
    label: str
    ask: str | None


@dataclass(frozen=True, slots=True, repr=False)
class AnswerChoice(Discreet):
    """One answer that may be given: what to give to the engine, and how to say it."""

    value: str
    label: str


@dataclass(frozen=True, slots=True, repr=False)
class NextQuestion(Discreet):
    """A question worth asking: which kinds its answer can still decide, and the most urgent.

    `type` and `choices` are what a form needs to ask it; no choices for numbers and communes.
    `settles`: each open rule that waits for n answers gives 1/n² to each of their questions.
    `cost`: how hard it is to answer, from the vocabulary.
    """

    attribute: str
    label: str
    ask: str | None
    type: AttributeType
    choices: tuple[AnswerChoice, ...]
    decides: tuple[str, ...]
    urgency: UrgencyWord | None
    settles: float
    cost: float
