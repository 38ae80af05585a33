"""What a proof finds: a problem with its place, and the smallest example in the author's words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from iscg_rules.authoring.sketches import drawn_answers, example_day, find_moment
from iscg_rules.errors import Place, Problem
from iscg_rules.language.situations import AnswerValue
from iscg_rules.language.written_answers import answers_of, givable
from iscg_rules.model.rules import RuleSet
from iscg_rules.proof.findings.broken_promise import BrokenPromise

__all__ = ["BROKEN", "Finding", "FindingExample", "ReplayError", "show"]

NBSP = "\u00a0"
# What can't be meant: these make `check` fail, the others only with --strict.
BROKEN = frozenset({"F002", "F005", "F008", "F013", "F015", "G002"})


class ReplayError(RuntimeError):
    """The reference does not see in an example what the proof saw: a mistake of ours."""


@dataclass(frozen=True, slots=True, repr=False)
class FindingExample:
    """An example as an author reads it.

    `answers`: attribute → answer, as in a file; `words`: the same in French; `at`: a moment from
    which what is drawn from it follows, where it matters; `is_fewest`: none has fewer answers.
    """

    answers: Mapping[str, object]
    words: tuple[str, ...]
    at: str | None
    is_fewest: bool

    def __str__(self) -> str:
        said = "\u202f; ".join(self.words) or "sans aucune réponse"
        return f"{said}{f' ; le {self.at}' if self.at else ''}"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found.

    Attributes:
        sketch: YAML to paste, where there is something to write.
        broken: of G002, what breaks the promise in the example.
        elsewhere: where the rules stand that it names.
    """

    problem: Problem
    example: FindingExample | None = None
    sketch: str | None = None
    broken: BrokenPromise | None = None
    elsewhere: tuple[tuple[str, Place], ...] = ()

    @property
    def is_broken(self) -> bool:
        """Tell whether it is something that can't be meant."""
        return self.problem.code in BROKEN

    def __str__(self) -> str:
        lines = [str(self.problem)]
        if self.example:
            lines.append(f"  exemple{NBSP}: {self.example}")
        lines += [f"  règle{NBSP}: `{rule}`, {place}" for rule, place in self.elsewhere]
        if self.sketch:
            lines += [f"  à coller{NBSP}:", *(f"    {line}" for line in self.sketch.splitlines())]
        return "\n".join(lines)

    def as_dict(self) -> dict[str, object]:
        """Return the finding as JSON-ready values; absent parts are null."""
        example = self.example
        shown = example and {
            "answers": dict(example.answers),
            "words": list(example.words),
            "at": example.at,
            "fewest": example.is_fewest,
        }
        return {
            **self.problem.as_dict(),
            "example": shown,
            "sketch": self.sketch,
            "broken": self.broken and self._broken(self.broken),
        }

    def _broken(self, broken: BrokenPromise) -> dict[str, object]:
        return {
            "guarantee": broken.guarantee,
            "promise": broken.promise,
            "step": list(broken.step),
            "kinds": list(broken.kinds),
            "rules": [
                {"rule": rule, "file": place.file, "line": place.line, "column": place.column}
                for rule, place in self.elsewhere
            ],
        }


def show(
    rule_set: RuleSet, values: Mapping[str, AnswerValue], day: date | None, *, is_fewest: bool
) -> FindingExample:
    """Put an example into the words of the vocabulary."""
    vocabulary, wording = rule_set.vocabulary, rule_set.wording()
    owner = vocabulary.attribute_of
    derived = drawn_answers(vocabulary, values)
    moment = find_moment(vocabulary, derived, example_day(rule_set, day)) if derived else None
    return FindingExample(
        answers=answers_of(vocabulary, givable(vocabulary, values)),
        words=tuple(
            f"{wording.attribute(owner[name])}{NBSP}: {wording.answer(name, answer)}"
            for name, answer in values.items()
        ),
        at=f"{moment:%Y-%m-%dT%H:%M}" if moment else None,
        is_fewest=is_fewest,
    )
