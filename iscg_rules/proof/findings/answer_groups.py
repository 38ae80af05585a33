"""The situations that a finding is about, told apart by some answers and put together again."""

from collections.abc import Callable, Iterator, Sequence
from itertools import product
from typing import NamedTuple

from iscg_rules.language.vocabulary import Vocabulary
from iscg_rules.proof.findings.finding import NBSP
from iscg_rules.proof.solver.situation_gates import Encoding

__all__ = ["MOST_GROUPS", "AnswerGroup", "answer_groups"]

# A finding names so many groups; of the others it gives the number.
MOST_GROUPS = 6

_OneEach = tuple[str, ...]


class AnswerGroup(NamedTuple):
    """Answers to some questions: one to each but the last, and some to the last."""

    questions: Sequence[str]
    shared: _OneEach
    last: _OneEach

    def literals(self, encoding: Encoding) -> Iterator[int]:
        """Yield what holds of a situation of the group."""
        yield from given(encoding, self.questions, self.shared)
        if self.last:
            name, circuit = self.questions[-1], encoding.circuit
            yield circuit.any_of(encoding.is_answer(name, answer) for answer in self.last)

    def said(self, vocabulary: Vocabulary) -> str:
        """Say the answers, after a colon."""
        known = vocabulary.attributes
        columns = [*((answer,) for answer in self.shared), *([self.last] if self.last else [])]
        words = []
        for name, answers in zip(self.questions, columns, strict=True):
            is_every = len(answers) == len(known[name].choices)
            listed = ", ".join(known[name].choices[answer].fr for answer in answers)
            words.append(f"{known[name].label.fr} = {'tout' if is_every else listed}")
        return f"{NBSP}: {' ; '.join(words)}" if words else ""


def answer_groups(
    vocabulary: Vocabulary,
    report_by: Sequence[str],
    encoding: Encoding,
    can_be: Callable[[Sequence[int]], bool],
) -> list[AnswerGroup]:
    """Return the groups with a situation in them, those that differ in their last answer in one.

    Args:
        vocabulary: its questions.
        report_by: attributes; those with one answer each tell groups apart.
        encoding: where the answers are.
        can_be: tells whether what is looked for can hold together with these literals.
    """
    known = vocabulary.attributes
    names = [name for name in report_by if known[name].type in ("one_of", "yes_no")]
    by_shared: dict[_OneEach, list[str]] = {}
    for answers in product(*(tuple(known[name].choices) for name in names)):
        if can_be(given(encoding, names, answers)):
            by_shared.setdefault(answers[:-1], []).extend(answers[-1:])
    return [AnswerGroup(names, shared, tuple(last)) for shared, last in by_shared.items()]


def given(encoding: Encoding, names: Sequence[str], answers: Sequence[str]) -> list[int]:
    """Return the literals: these questions have these answers."""
    return [encoding.is_answer(name, answer) for name, answer in zip(names, answers, strict=False)]
