"""`iscg-rules ask`: one question at a time, safety first; nothing is written to disk."""

import argparse
import sys
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime

from iscg_rules.cli.recommend import is_coloured
from iscg_rules.engine import Engine
from iscg_rules.errors import IscgError
from iscg_rules.language.moments import PARIS
from iscg_rules.language.vocabulary import Attribute
from iscg_rules.recommend.results import NextQuestion, Recommendation
from iscg_rules.rendering.text import render_text
from iscg_rules.rendering.words import WORDS

__all__ = ["Interview", "ask"]

_UNKNOWN, _LATER, _BACK, _STOP = "?", "+", "<", "."
_HELP = "  ? ne sait pas · + plus tard · < revenir · . arrêter"
_ALL = 1_000
Answers = dict[str, object]


def ask(chosen: argparse.Namespace) -> bool:
    """Ask until nothing can change any more, or until the worker stops; then say what is certain.

    Answers come one a line, from a terminal or a pipe; the end of the input stops the interview.
    """
    engine = Engine.load(chosen.rules, chosen.partners, territory=chosen.territory)
    interview = Interview(engine, chosen.at or datetime.now(PARIS))
    # Ctrl-C is one more way to stop: what is certain by then is said all the same.
    with suppress(KeyboardInterrupt):
        while (question := interview.next()) is not None:
            interview.show(question)
            line = sys.stdin.readline()
            if not line or line.strip() == _STOP:
                break
            interview.take(question, line.strip())
    sys.stdout.write(f"\n\n{interview.closing()}\n\n{interview.text()}")
    return False


class Interview:
    """The answers so far, in memory only, and the order in which they came."""

    def __init__(self, engine: Engine, at: datetime | str) -> None:
        self._engine = engine
        self._at = at
        self._answers: Answers = {}
        self._passed: dict[str, str] = {}
        self._history: list[str] = []
        self._shown: tuple[str, ...] = ()

    def next(self) -> NextQuestion | None:
        """Return the next question; those put off come last, those nobody knows never again."""
        got = self._engine.next_questions(self._answers, at=self._at, limit=_ALL).questions
        fresh = [one for one in got if one.attribute not in self._passed]
        open_ = {one.attribute: one for one in got}
        later = [open_[name] for name in self._passed_as(_LATER) if name in open_]
        return next(iter(fresh or later), None)

    def _passed_as(self, how: str) -> list[str]:
        """Return what was put off, or what nobody knows, in the order in which that was said."""
        return [name for name, said in self._passed.items() if said == how]

    def show(self, question: NextQuestion) -> None:
        """Print what has become certain, then the question with its answers."""
        certain = tuple(_certain(self._recommendation()))
        lines = ["", *certain] if certain != self._shown else [""]
        self._shown = certain
        lines.append(question.ask or question.label)
        attribute = self._attribute(question)
        for number, label in enumerate(_choices(attribute), 1):
            lines.append(f"  {number}. {label}")
        if attribute.type == "many_of":
            lines.append("  0. aucune ; plusieurs\u00a0: 1,3")
        if attribute.type == "commune":
            lines.append("  le nom de la commune, ou son code INSEE")
        sys.stdout.write("\n".join([*lines, _HELP, "> "]))
        sys.stdout.flush()

    def take(self, question: NextQuestion, line: str) -> None:
        """Take one line as an answer or as a command; what cannot be read is asked again."""
        name = question.attribute
        if line == _BACK:
            self._go_back()
        elif line in (_UNKNOWN, _LATER):
            # What is put off once more goes behind the others.
            self._passed.pop(name, None)
            self._passed[name] = line
            self._history.append(name)
        else:
            try:
                answer = _read(self._attribute(question), line, self._engine)
                self._engine.situation({**self._answers, name: answer})
            except (LookupError, ValueError):
                sys.stdout.write(
                    "\nRéponse non comprise\u00a0: un numéro de la liste, ou un signe.\n"
                )
                return
            except IscgError as error:
                why = " ; ".join(problem.message for problem in error.problems)
                sys.stdout.write(f"\nCette réponse n’est pas possible ici\u00a0: {why}\n")
                return
            self._answers[name] = answer
            self._passed.pop(name, None)
            self._history.append(name)

    def _go_back(self) -> None:
        if self._history:
            name = self._history.pop()
            self._answers.pop(name, None)
            self._passed.pop(name, None)

    def closing(self) -> str:
        """Say whether anything is left that could change the recommendation."""
        left = self._engine.next_questions(self._answers, at=self._at, limit=_ALL).questions
        if not left:
            return "Plus aucune réponse ne peut changer la recommandation."
        return f"Questions sans réponse qui pourraient encore la changer\u00a0: {len(left)}."

    def text(self) -> str:
        """Say the recommendation in full."""
        return render_text(self._recommendation(), is_coloured=is_coloured())

    def _recommendation(self) -> Recommendation:
        return self._engine.recommend(self._answers, at=self._at)

    def _attribute(self, question: NextQuestion) -> Attribute:
        return self._engine.rule_set.vocabulary.attributes[question.attribute]


def _certain(got: Recommendation) -> Iterator[str]:
    for orientation in got.orientations:
        partner = f" → {orientation.partner.name}" if orientation.partner else ""
        yield f"  [{WORDS['fr'][orientation.urgency].lower()}] {orientation.label}{partner}"


def _choices(attribute: Attribute) -> list[str]:
    return [label.fr for label in attribute.choices.values()]


def _read(attribute: Attribute, line: str, engine: Engine) -> object:
    """Read an answer: numbers of choices, a number, or a commune.

    Raises:
        LookupError: no such choice.
        ValueError: not a number.
    """
    if not line:
        raise ValueError(line)
    if attribute.type == "number":
        return float(line.replace(",", "."))
    if attribute.type == "commune":
        names = {name.casefold(): code for code, name in _communes(engine).items()}
        return names.get(line.casefold(), line)
    if attribute.type != "many_of":
        return _chosen(attribute, line)
    given = [part.strip() for part in line.split(",")]
    return [] if given == ["0"] else [_chosen(attribute, part) for part in given]


def _chosen(attribute: Attribute, text: str) -> str:
    """Return the choice that a number, an id or a label names.

    Raises:
        LookupError: no such choice.
        ValueError: neither a number nor a name.
    """
    choices = list(attribute.choices)
    named = dict(zip(map(str.casefold, _choices(attribute)), choices, strict=True))
    named |= {name.casefold(): name for name in choices}
    if text.casefold() in named:
        return named[text.casefold()]
    number = int(text)
    if not 1 <= number <= len(choices):
        raise LookupError(text)
    return choices[number - 1]


def _communes(engine: Engine) -> dict[str, str]:
    return dict(engine.rule_set.vocabulary.commune_names)
