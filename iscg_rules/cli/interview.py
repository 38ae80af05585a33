"""`iscg-rules ask`: safety first, then one grid of situations, then what still matters.

Nothing is written to disk. A tick means yes and leaves the rest unknown; `0` says that there is
nothing else.
"""

import argparse
import sys
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from itertools import islice

from iscg_rules.cli.file_arguments import add_files
from iscg_rules.cli.recommend import is_coloured
from iscg_rules.engine import Engine
from iscg_rules.errors import IscgError
from iscg_rules.language.moments import PARIS
from iscg_rules.language.vocabulary import Attribute, Vocabulary
from iscg_rules.places.communes import load_communes, say_communes
from iscg_rules.places.departements import departement_of
from iscg_rules.reading.plain_text import NUMBER
from iscg_rules.recommend.questions import NextQuestion
from iscg_rules.recommend.results import Recommendation
from iscg_rules.rendering.paragraphs import Paragraphs
from iscg_rules.rendering.text import first_lines, render_text

__all__ = ["Interview", "add_arguments", "ask"]

_SKIP, _UNKNOWN, _LATER, _BACK, _STOP, _NOTHING_ELSE = "", "?", "+", "<", ".", "0"
_HELP = "  Entrée passe · + plus tard · < revenir · . arrêter"
_ALL = 1_000
_SHOWN = 3
# What may wait for another day does not keep somebody in a station at night.
_PRESSING = frozenset({"now", "today", "week"})
Answers = dict[str, object]
NBSP = "\u00a0"


class _UnclearError(Exception):
    """What was answered names no commune, or several; the message says which may be meant."""


def add_arguments(command: argparse.ArgumentParser) -> None:
    """Add how long to ask, and the moment."""
    command.set_defaults(run=ask)
    command.add_argument("--all", action="store_true", help="jusqu'à la dernière question utile")
    command.add_argument("--at", metavar="MOMENT", help="comme 2026-11-27T22:30")
    add_files(command)


def ask(chosen: argparse.Namespace) -> bool:
    """Ask until nothing that presses can change, or until the worker stops; then say the answer.

    Answers come one a line, from a terminal or a pipe; the end of the input stops the interview.
    """
    engine = Engine.load(chosen.rules, chosen.partners, territory=chosen.territory)
    interview = Interview(engine, chosen.at or datetime.now(PARIS), is_all=chosen.all)
    # Ctrl-C is one more way to stop: what is certain by then is said all the same.
    with suppress(KeyboardInterrupt):
        while asked := interview.next():
            interview.show(asked)
            line = sys.stdin.readline()
            if not line or line.strip() == _STOP:
                break
            interview.take(asked, line.strip())
    sys.stdout.write(f"\n\n{interview.closing()}\n\n{interview.text()}")
    return False


class Interview:
    """The answers so far, in memory only, and the order in which they came."""

    def __init__(self, engine: Engine, at: datetime | str, *, is_all: bool = False) -> None:
        self._engine = engine
        self._at = at
        self._is_all = is_all
        self._answers: Answers = {}
        self._passed: dict[str, str] = {}
        self._history: list[tuple[str, ...]] = []

    def next(self) -> tuple[Attribute, ...]:
        """Return the next question, or those of the grid; none when nothing is left to ask.

        Those put off come last, those nobody knows never again.
        """
        left = {question.attribute: question for question in self._left()}
        fresh = [name for name in left if name not in self._passed]
        later = [name for name, how in self._passed.items() if how == _LATER and name in left]
        attributes = self._engine.rule_set.vocabulary.attributes
        first = next((attributes[name] for name in fresh or later), None)
        if first is None:
            return ()
        if first.grid is None:
            return (first,)
        together = [name for name in fresh or later if attributes[name].grid == first.grid]
        order = list(attributes)
        return tuple(attributes[name] for name in sorted(together, key=order.index))

    def _left(self) -> Iterable[NextQuestion]:
        got = self._engine.next_questions(self._answers, at=self._at, limit=_ALL).questions
        return [one for one in got if self._is_all or one.urgency in _PRESSING]

    def show(self, asked: Sequence[Attribute]) -> None:
        """Print what comes first so far, then the question, or the grid, with its answers."""
        got = self._recommendation()
        lines = ["", *(f"  {line}" for line in islice(first_lines(got), _SHOWN)), ""]
        lines += _grid(asked) if len(asked) > 1 else _question(asked[0])
        sys.stdout.write("\n".join([*lines, _HELP, "> "]))
        sys.stdout.flush()

    def take(self, asked: Sequence[Attribute], line: str) -> None:
        """Take one line as an answer or as a command; what cannot be read is asked again."""
        if line == _BACK:
            self._go_back()
            return
        if line in {_SKIP, _UNKNOWN, _LATER}:
            answers: Answers = {}
        else:
            try:
                answers = _read(asked, line, self._engine)
                self._engine.situation({**self._answers, **answers})
            except _UnclearError as error:
                sys.stdout.write(f"\n{error}\n")
                return
            except (LookupError, ValueError):
                sys.stdout.write(
                    "\nRéponse non comprise\u00a0: un numéro de la liste, ou un signe.\n"
                )
                return
            except IscgError as error:
                why = " ; ".join(problem.message for problem in error.problems)
                sys.stdout.write(f"\nCette réponse n’est pas possible ici\u00a0: {why}\n")
                return
        self.keep(asked, answers, how=_LATER if line == _LATER else _UNKNOWN)

    def keep(self, asked: Sequence[Attribute], answers: Answers, *, how: str = _UNKNOWN) -> None:
        """Keep answers to what was asked; the rest of it is put off, or known to nobody."""
        names = tuple(attribute.id for attribute in asked)
        for name in names:
            # What is put off once more goes behind the others.
            self._passed.pop(name, None)
            self._passed[name] = how
        self._answers |= answers
        self._history.append(names)

    def _go_back(self) -> None:
        for name in self._history.pop() if self._history else ():
            self._answers.pop(name, None)
            self._passed.pop(name, None)

    def closing(self) -> str:
        """Say whether anything is left that could change the recommendation."""
        left = self._engine.next_questions(self._answers, at=self._at, limit=_ALL).questions
        if not left:
            return "Plus aucune réponse ne peut changer la recommandation."
        if not any(one.urgency in _PRESSING for one in left):
            return "Seules des aides à prévoir peuvent encore changer (--all pour continuer)."
        return f"Questions sans réponse qui pourraient encore la changer\u00a0: {len(left)}."

    def text(self) -> str:
        """Say the recommendation."""
        return render_text(self._recommendation(), is_coloured=is_coloured())

    def _recommendation(self) -> Recommendation:
        return self._engine.recommend(self._answers, at=self._at)


def _question(attribute: Attribute) -> Iterator[str]:
    yield (attribute.ask or attribute.label).fr
    for number, label in enumerate(_choices(attribute), 1):
        yield f"  {number}. {label}"
    if attribute.type == "many_of":
        yield "  0. rien d’autre ; plusieurs\u00a0: 1,3 ; et rien d’autre\u00a0: 1,3,0"
    if attribute.type == "commune":
        yield "  le nom de la commune, son code postal ou son code INSEE"


def _grid(asked: Sequence[Attribute]) -> Iterator[str]:
    yield "Cocher ce qui est vrai\u00a0: les numéros, comme 2,5 ; puis 0 s’il n’y a rien d’autre."
    page, number = Paragraphs(is_coloured=False), 0
    for attribute in asked:
        ticks = [
            f"{number + place}\u00a0{label}"
            for place, label in enumerate(_ticks(attribute).values(), 1)
        ]
        number += len(ticks)
        lead = "" if attribute.type == "yes_no" else f"{attribute.label.fr}\u00a0: "
        yield from page.wrap(f"• {lead}{' · '.join(ticks)}", " ")


def _ticks(attribute: Attribute) -> dict[str, str]:
    """Return what can be ticked of a question in a grid: its choices, or what it asks itself."""
    if attribute.type == "yes_no":
        return {"yes": attribute.label.fr}
    return {choice: label.fr for choice, label in attribute.choices.items()}


def _choices(attribute: Attribute) -> list[str]:
    return [label.fr for label in attribute.choices.values()]


def _read(asked: Sequence[Attribute], line: str, engine: Engine) -> Answers:
    """Read an answer: numbers of choices, a number, or a commune.

    Raises:
        LookupError: no such choice.
        ValueError: not a number, or two answers where one is asked for.
    """
    first = asked[0]
    if first.type == "number":
        if NUMBER.fullmatch(number := line.replace(",", ".")):
            return {first.id: float(number)}
        raise ValueError
    if first.type == "commune":
        return {first.id: _commune(line, engine.rule_set.vocabulary)}
    if len(asked) == 1 and first.type != "many_of":
        numbered = [(first.id, choice) for choice in first.choices]
        return dict([_named(numbered, _choices(first))[line.casefold()]])
    # A grid is several questions of which each choice has one number.
    numbered = [(attribute.id, tick) for attribute in asked for tick in _ticks(attribute)]
    labels = [label for attribute in asked for label in _ticks(attribute).values()]
    named = _named(numbered, labels)
    parts = [part.strip().casefold() for part in line.split(",")]
    ticked = {named[part] for part in parts if part != _NOTHING_ELSE}
    is_all = _NOTHING_ELSE in parts
    answers = {one.id: _ticked(one, ticked, is_all=is_all) for one in asked}
    return {name: answer for name, answer in answers.items() if answer is not None}


def _commune(line: str, vocabulary: Vocabulary) -> str:
    """Return the code of the commune that somebody named: one of the territory, else of France.

    Raises:
        _UnclearError: none is called so, or several are: they are named, to choose from.
    """
    codes = {name.casefold(): code for code, name in vocabulary.commune_names.items()}
    codes |= {code: code for code in vocabulary.commune_names}
    if (known := codes.get(line.casefold())) is not None:
        return known
    communes = load_communes()
    found = communes.find(line)
    if len(found) == 1:
        return found[0].code
    if found:
        own = departement_of(vocabulary.station) if vocabulary.station else None
        near = sorted(found, key=lambda commune: commune.departement != own)
        apart = f"{near[0].name} {''.join(near[0].postal_codes[:1])}"
        like = f"préciser comme «{NBSP}{apart}{NBSP}»"
        raise _UnclearError(f"Plusieurs communes, {like}{NBSP}: {say_communes(near)}")
    close = say_communes(communes.suggest(line))
    aid = f", peut-être{NBSP}: {close}" if close else ""
    raise _UnclearError(f"Aucune commune de ce nom ni de ce code{aid}")


def _ticked(
    attribute: Attribute, ticked: Collection[tuple[str, str]], *, is_all: bool
) -> object | None:
    """Return the answer to one question of a grid; None where nothing is said of it.

    Raises:
        ValueError: two answers where one is asked for.
    """
    yes = [tick for tick in _ticks(attribute) if (attribute.id, tick) in ticked]
    if attribute.type == "many_of" and is_all:
        return yes
    if attribute.type == "many_of":
        return {"yes": yes} if yes else None
    if len(yes) > 1:
        raise ValueError(attribute.id)
    if attribute.type == "yes_no" and is_all and not yes:
        return "no"
    return yes[0] if yes else None


def _named(
    numbered: Sequence[tuple[str, str]], labels: Sequence[str]
) -> dict[str, tuple[str, str]]:
    """Return each choice by its label, its id and its number."""
    named = dict(zip(map(str.casefold, labels), numbered, strict=True))
    named |= {choice.casefold(): (attribute, choice) for attribute, choice in numbered}
    return named | {str(number): pair for number, pair in enumerate(numbered, 1)}
