"""Authors' cases: one situation with what must come out of it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from pydantic import Field

from iscg_rules.errors import IscgError, Place, Problem
from iscg_rules.language.answer_checks import check_answers
from iscg_rules.language.moments import read_moment
from iscg_rules.language.situations import Situation
from iscg_rules.language.vocabulary import Vocabulary
from iscg_rules.model.closed_words import Already
from iscg_rules.model.scales import Urgency
from iscg_rules.model.situation_files import placed
from iscg_rules.model.written_communes import name_code
from iscg_rules.reading.binding import (
    Frozen,
    Id,
    LocalText,
    OneOrMany,
    OneOrMore,
    Reference,
    Source,
    bind,
)
from iscg_rules.reading.cited_sources import with_sources
from iscg_rules.reading.document_paths import memory_of
from iscg_rules.reading.documents import (
    Register,
    child,
    file_label,
    note_unknown,
    place_of,
    read_sections,
)
from iscg_rules.reading.said_times import moment_in
from iscg_rules.reading.yaml_nodes import (
    Node,
    Scalar,
    plain,
)

__all__ = [
    "Case",
    "Expect",
    "read_case_files",
    "read_cases",
]


class Expect(Frozen):
    """What must come out of a case; what is not named is free."""

    first: Reference | None = None
    includes: OneOrMore[Reference] = ()
    excludes: OneOrMore[Reference] = ()
    possible: OneOrMore[Reference] = ()
    advice: OneOrMore[Reference] = ()
    gaps: OneOrMore[Reference] = ()
    order: OneOrMore[Reference] = ()
    urgency: Mapping[Reference, Urgency] = Field(default_factory=dict)
    partner: Mapping[Reference, Reference] = Field(default_factory=dict)


class CaseEntry(Frozen):
    """A case as authors write it; the situation is read apart.

    `tags` group cases where they are scored; `source` is the page that the case comes from.
    """

    id: Id
    title: LocalText
    tags: OneOrMany[Id] = ()
    source: OneOrMany[Source] = ()
    situation: Any
    at: str | None = None
    already: Mapping[Id, Already] = Field(default_factory=dict)
    expect: Expect


@dataclass(frozen=True, slots=True)
class Case:
    """One situation with what must come out."""

    id: str
    title: LocalText
    situation: Situation
    at: date | None
    already: Mapping[str, Already]
    expect: Expect
    place: Place
    tags: tuple[str, ...] = ()
    source: tuple[Source, ...] = ()


def read_cases(
    folders: Iterable[tuple[Path, Path]],
    vocabulary: Vocabulary,
    rules: frozenset[str],
    problems: list[Problem],
) -> tuple[Case, ...]:
    """Read every `cases/*.yaml` of some folders; what is wrong is noted and left out.

    Args:
        folders: each with the one that its files are named after, as `Layout.folders` gives them.
        rules: the ids that `advice` may name.
    """
    paths = (
        (path, file_label(path, base))
        for folder, base in folders
        for path in sorted((folder / "cases").glob("*.yaml"))
    )
    return read_case_files(paths, vocabulary, rules, problems)


def read_case_files(
    files: Iterable[tuple[Path, str]],
    vocabulary: Vocabulary,
    rules: frozenset[str],
    problems: list[Problem],
) -> tuple[Case, ...]:
    """Read the cases of files, each with the name by which authors know it, as `read_cases`."""
    register = Register(problems)
    cases = []
    for path, label in files:
        memory = memory_of(path)
        for node in read_sections(path, ("cases",), problems, label=label)["cases"]:
            make = partial(_case, node, vocabulary)
            case = memory.once(node, (vocabulary,), problems, make)
            if case is not None and case.place != node.place:
                # Read before what stands above it grew.
                case = replace(case, place=node.place)
            is_known = case is not None and _is_advice_known(case, node, rules, problems)
            if register.add(node) and case and is_known:
                cases.append(case)
    return tuple(cases)


def _case(node: Node, vocabulary: Vocabulary, problems: list[Problem]) -> Case | None:
    before = len(problems)
    answers = child(node, "situation")
    given = with_sources(node, vocabulary.sources, problems)
    if answers is not None:
        given["situation"] = answers
    entry = bind(CaseEntry, node, problems, given=given)
    if answers is None or entry is None:
        return None
    values, wrong = check_answers(vocabulary, plain(answers))
    problems.extend(placed(answers, key, problem) for key, problem in wrong)
    _check_commune(str(values.get(vocabulary.commune, "")), answers, vocabulary, problems)
    at = _moment(child(node, "at"), problems)
    _check_expect(entry.expect, node, vocabulary, problems)
    for kind in entry.already:
        note_unknown("V004", kind, vocabulary.kinds, place_of(node, "already", kind), problems)
    if len(problems) > before:
        return None
    said = (entry.already, entry.expect, node.place, entry.tags, entry.source)
    return Case(entry.id, entry.title, Situation(values), at, *said)


def _check_commune(
    code: str, answers: Node, vocabulary: Vocabulary, problems: list[Problem]
) -> None:
    """Note a postal code, or a commune that is no more: no area would ever hold it."""
    aid = name_code(code) if code else None
    if aid is not None and vocabulary.commune is not None:
        text = f"`{vocabulary.commune}` attend un code INSEE, et aucune commune n'a celui-ci"
        problems.append(Problem("A006", text, place_of(answers, vocabulary.commune), aid))


def _check_expect(
    expect: Expect, node: Node, vocabulary: Vocabulary, problems: list[Problem]
) -> None:
    if not any(getattr(expect, name) for name in Expect.model_fields):
        aid = "écrivez ce qui doit sortir, par exemple `includes: [ccas]`"
        where = place_of(node, "expect")
        problems.append(Problem("S005", "`expect` n'attend rien", where, aid))
    kinds = {"first": [expect.first] if expect.first else []}
    for name in ("includes", "excludes", "possible", "gaps", "order", "urgency", "partner"):
        kinds[name] = list(getattr(expect, name))
    for name, given in kinds.items():
        for number, kind in enumerate(given):
            step = kind if name in ("urgency", "partner") else number
            place = place_of(node, "expect", name, step)
            note_unknown("V004", kind, vocabulary.kinds, place, problems)


def _is_advice_known(
    case: Case, node: Node, rules: frozenset[str], problems: list[Problem]
) -> bool:
    unknown = [
        note_unknown("V006", rule, rules, place_of(node, "expect", "advice", number), problems)
        for number, rule in enumerate(case.expect.advice)
    ]
    return not any(unknown)


def _moment(node: Node | None, problems: list[Problem]) -> date | None:
    if node is None:
        return None
    text = node.text if isinstance(node, Scalar) else ""
    try:
        return read_moment(text)
    except IscgError as error:
        meant = moment_in(text)
        for problem in error.problems:
            aid = f"vouliez-vous dire `{meant}` ?" if meant else problem.help
            problems.append(replace(problem, place=node.place, help=aid))
        return None
