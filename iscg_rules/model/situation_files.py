"""One situation in a file: its answers, and where they are given, its moment and what was tried."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import get_args

from iscg_rules.error_codes import CODES
from iscg_rules.errors import IscgError, Noted, Problem
from iscg_rules.language.answer_checks import check_answers
from iscg_rules.language.moments import read_moment
from iscg_rules.language.situations import AnswerValue, Situation
from iscg_rules.language.vocabulary import Vocabulary
from iscg_rules.model.closed_words import Already
from iscg_rules.model.written_communes import name_code
from iscg_rules.reading.documents import child, place_of
from iscg_rules.reading.regular_files import load_regular, shortened
from iscg_rules.reading.yaml_files import read_file
from iscg_rules.reading.yaml_nodes import Fields, Node, plain
from iscg_rules.reading.yaml_texts import MAX_BYTES, read_text
from iscg_rules.suggestions import did_you_mean

__all__ = [
    "MAX_BYTES",
    "SituationFile",
    "check_already",
    "load_situation",
    "once",
    "parse_situation",
    "placed",
]

_WRAPPED = ("situation", "at", "already")


@dataclass(frozen=True, slots=True)
class SituationFile:
    """One situation as an application or a worker gives it, with the moment when it is given."""

    situation: Situation
    at: date | None
    already: Mapping[str, Already]


def load_situation(path: Path, vocabulary: Vocabulary) -> SituationFile:
    """Read a situation from a YAML or JSON file.

    Raises:
        IscgError: all problems, with places where the file is YAML, never with an answer.
    """
    name = shortened(path.name)
    try:
        with load_regular(path) as file:
            data = file.read(MAX_BYTES + 1)
    except (OSError, ValueError):
        # It says what is wrong with it.
        _, problems = read_file(path, name)
        raise IscgError(problems) from None
    return parse_situation(data, name, vocabulary)


def parse_situation(data: bytes, name: str, vocabulary: Vocabulary) -> SituationFile:
    """Read a situation from the bytes of a YAML or JSON document.

    The answers stand at the top, or under `situation` with `at` and `already` beside it.

    Raises:
        IscgError: all problems, never with an answer.
    """
    if len(data) <= MAX_BYTES and data.lstrip()[:1] == b"{":
        try:
            answers = json.loads(data, object_pairs_hook=once)
        except (ValueError, RecursionError):
            pass
        else:
            return _from_values(answers, None, vocabulary)
    node, problems = read_text(data, name)
    if problems or node is None:
        raise IscgError(_unnamed(problem, vocabulary) for problem in problems)
    return _from_values(plain(node), node, vocabulary)


def _unnamed(problem: Problem, vocabulary: Vocabulary) -> Problem:
    """Leave out what was typed: a key that is no question may be a name."""
    message = CODES["Y011"] if problem.code == "Y011" else problem.message
    return replace(problem, message=message, help=_without_typed(problem.help, vocabulary))


# What an aid quotes, unless it is but signs: a key, then its value; or a text, to its last quote.
_TYPED = re.compile(r'`\W*(\w+)[^`]*`|".*"', re.DOTALL)


def _without_typed(aid: str | None, vocabulary: Vocabulary) -> str | None:
    def said(found: re.Match[str]) -> str:
        if found[1] is None:
            return '"…"'
        return f"`{found[1]}:`" if found[1] in vocabulary.attributes else "`…`"

    return aid and _TYPED.sub(said, aid)


def once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """Return the fields of a JSON object, for `json.loads`.

    Raises:
        IscgError: Y011 where a key stands twice: Python keeps the last in silence.
    """
    answers = dict(pairs)
    if len(answers) != len(pairs):
        aid = "gardez une seule réponse par attribut"
        raise IscgError([Problem("Y011", "la même clé est écrite deux fois", help=aid)])
    return answers


def _from_values(values: object, node: Node | None, vocabulary: Vocabulary) -> SituationFile:
    problems = Noted()
    at: date | None = None
    already: Mapping[str, Already] = {}
    answers, top = values, node
    if isinstance(values, Mapping) and _is_wrapped(values):
        answers, top = values["situation"], child(node, "situation")
        at = _wrapped_moment(values, node, problems)
        already = _wrapped_already(values, node, vocabulary, problems)
    checked, wrong = check_answers(vocabulary, answers)
    wrong += _nowhere(checked, vocabulary)
    problems.extend(placed(top, key, problem) if top else problem for key, problem in wrong)
    if problems:
        raise IscgError(problems)
    return SituationFile(Situation(checked), at, already)


def _nowhere(
    values: Mapping[str, AnswerValue], vocabulary: Vocabulary
) -> Iterator[tuple[str, Problem]]:
    """Yield a problem for each code that no commune has; those of the territory are not looked up.

    Privacy: what the code may be instead is told by `show commune`, to who asks, and not here.
    """
    for name, code in values.items():
        attribute = vocabulary.attributes.get(name)
        if attribute is None or attribute.type != "commune" or code in vocabulary.commune_names:
            continue
        if name_code(str(code)) is not None:
            text = f"`{name}` attend un code INSEE, et aucune commune n'a celui-ci"
            aid = "`iscg-rules show commune CODE` dit de qui c'est le code postal, ou l'ancien code"
            yield name, Problem("A006", text, help=aid, attribute=name)


def _is_wrapped(values: Mapping[object, object]) -> bool:
    """Tell `situation:` around all answers from the attribute of that name."""
    inner = values.get("situation")
    return isinstance(inner, Mapping) and (not inner or not set(inner) <= {"yes", "no"})


def _wrapped_moment(
    values: Mapping[object, object], node: Node | None, problems: list[Problem]
) -> date | None:
    at = values.get("at")
    if at is None:
        return None
    try:
        return read_moment(at if isinstance(at, str) else "")
    except IscgError as error:
        place = place_of(node, "at") if node else None
        problems.extend(replace(p, place=place) for p in error.problems)
        return None


def _wrapped_already(
    values: Mapping[object, object],
    node: Node | None,
    vocabulary: Vocabulary,
    problems: list[Problem],
) -> Mapping[str, Already]:
    try:
        already = check_already(values.get("already"), vocabulary)
    except IscgError as error:
        place = place_of(node, "already") if node else None
        problems.extend(replace(p, place=place) for p in error.problems)
        already = {}
    for key in values:
        if key not in _WRAPPED:
            aid = "possible : " + ", ".join(f"`{name}`" for name in _WRAPPED)
            problems.append(Problem("S001", "clé inconnue à côté de `situation`", help=aid))
    return already


def check_already(already: object, vocabulary: Vocabulary) -> Mapping[str, Already]:
    """Check what was tried or refused before: kind → "contacted" or "declined".

    Raises:
        IscgError: A010, without what was given.
    """
    if already is None:
        return {}
    aid = "écrivez `{crip: contacted}` ; possible : `contacted`, `declined`"
    if not isinstance(already, Mapping):
        raise IscgError(
            [Problem("A010", "`already` attend une démarche par type d'aide", help=aid)]
        )
    for kind, status in already.items():
        if kind not in vocabulary.kinds:
            close = did_you_mean(kind, vocabulary.kinds) if isinstance(kind, str) else None
            raise IscgError(
                [Problem("A010", "`already` nomme un type d'aide inconnu", help=close or aid)]
            )
        if status not in get_args(Already):
            raise IscgError(
                [
                    Problem(
                        "A010",
                        f"démarche mal indiquée pour `{kind}`",
                        help=aid,
                        allowed=get_args(Already),
                        params={"kind": kind},
                    )
                ]
            )
    return already


def placed(node: Node, key: object, problem: Problem) -> Problem:
    """Return a problem of one answer with the place where that answer stands."""
    place = node.place
    if isinstance(node, Fields):
        place = next((k.place for k, _ in node.fields if k.text == key), place)
    return replace(problem, place=place)
