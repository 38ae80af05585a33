"""The situations that a finding is about, told apart by some answers and put together again."""

from collections.abc import Callable, Iterator, Sequence
from itertools import product
from typing import NamedTuple

from iscg_rules.errors import Problem
from iscg_rules.language.vocabulary import Vocabulary
from iscg_rules.proof.findings.asker import Asker
from iscg_rules.proof.findings.finding import NBSP, Finding
from iscg_rules.proof.solver.proven_outcome import ProvenOutcome
from iscg_rules.proof.solver.situation_gates import Encoding

__all__ = ["AnswerGroup", "find_by_group"]

# A finding names so many groups; of the others it gives the number.
_MOST_GROUPS = 6

_OneEach = tuple[str, ...]


class AnswerGroup(NamedTuple):
    """Answers to some questions: one to each but the last, and some to the last."""

    questions: Sequence[str]
    shared: _OneEach
    last: _OneEach

    def literals(self, encoding: Encoding) -> Iterator[int]:
        """Yield what holds of a situation of the group."""
        yield from _given(encoding, self.questions, self.shared)
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


def find_by_group(
    asker: Asker,
    outcome: ProvenOutcome,
    literals: Sequence[int],
    report_by: Sequence[str],
    *,
    tell: Callable[[AnswerGroup], Finding],
    rest: tuple[str, str, str],
) -> Iterator[Finding]:
    """Yield a finding a group of the situations in which all of these hold.

    Args:
        asker: one period.
        outcome: where the literals are.
        literals: what holds in the situations that are looked for.
        report_by: attributes; those with one answer each tell groups apart.
        tell: makes the finding of one group.
        rest: the code, the text and the aid of one finding more, for the groups that are too many.
    """
    if not asker.can_be(outcome, *literals):
        return
    groups = _groups(
        asker.rule_set.vocabulary,
        report_by,
        outcome.encoding,
        lambda given: asker.can_be(outcome, *literals, *given),
    )
    yield from map(tell, groups[:_MOST_GROUPS])
    if len(groups) > _MOST_GROUPS:
        code, text, aid = rest
        left = f"{len(groups) - _MOST_GROUPS} autres groupes : {aid}"
        yield Finding(Problem(code, text, None, left))


def _groups(
    vocabulary: Vocabulary,
    report_by: Sequence[str],
    encoding: Encoding,
    can_be: Callable[[Sequence[int]], bool],
) -> list[AnswerGroup]:
    """Return the groups with a situation in them, those that differ in their last answer in one."""
    known = vocabulary.attributes
    names = [name for name in report_by if known[name].type in ("one_of", "yes_no")]
    by_shared: dict[_OneEach, list[str]] = {}
    for answers in product(*(tuple(known[name].choices) for name in names)):
        if can_be(_given(encoding, names, answers)):
            by_shared.setdefault(answers[:-1], []).extend(answers[-1:])
    return [AnswerGroup(names, shared, tuple(last)) for shared, last in by_shared.items()]


def _given(encoding: Encoding, names: Sequence[str], answers: Sequence[str]) -> list[int]:
    """Return the literals: these questions have these answers."""
    return [encoding.is_answer(name, answer) for name, answer in zip(names, answers, strict=False)]
