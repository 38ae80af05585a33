"""How well rules do on cases from elsewhere: what is expected, what comes, what is missed and why.

A case expects the kinds of `first`, `order` and `includes`, in this order; it forbids those of
`excludes`. Only certain kinds count: what is possible is not yet an answer.
"""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any, Literal

from iscg_rules.engine import Engine
from iscg_rules.errors import IscgError, Noted, Problem
from iscg_rules.language.moments import day_of
from iscg_rules.model.cases import Case
from iscg_rules.recommend.results import Recommendation

__all__ = ["Missed", "ScoreSheet", "Scored", "Scores", "score"]

VERSION = 1
# The first that is expected should be read without scrolling.
NEAR = 3


@dataclass(frozen=True, slots=True)
class Missed:
    """An expected kind that is not certain, and where to look.

    Attributes:
        status: `possible` (the questions are not answered), `excluded` (by the rules named),
            `elsewhere` (the rules named lead there, in other situations) or `unled` (none does).
        distance: where possible, how many of the questions it takes at least.
    """

    kind: str
    status: Literal["possible", "excluded", "elsewhere", "unled"]
    distance: int | None = None
    questions: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Scored:
    """One case: what it expects and what came, best first; `others` is certain and not expected.

    `is_near`: the first expected kind is among the first three; null where none is expected.
    """

    case: str
    title: str
    file: str
    line: int
    tags: tuple[str, ...]
    expected: tuple[str, ...]
    certain: tuple[str, ...]
    others: tuple[str, ...]
    missed: tuple[Missed, ...]
    forbidden: tuple[str, ...]
    is_near: bool | None


@dataclass(frozen=True, slots=True)
class ScoreSheet:
    """Counts over some cases, with the shares that they make; null where nothing is counted."""

    cases: int
    expected: int
    found: int
    recall: float | None
    with_first: int
    first_near: int
    nearness: float | None
    certain: int
    precision: float | None
    median_certain: float
    forbidden: int


@dataclass(frozen=True, slots=True)
class Scores:
    """Every case, counted in all and by tag."""

    version: int
    all: ScoreSheet
    tags: dict[str, ScoreSheet]
    cases: tuple[Scored, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return plain lists and dicts, as JSON has them."""
        return asdict(self)


def score(engine: Engine, cases: Iterable[Case]) -> Scores:
    """Score cases, in the order given.

    Raises:
        IscgError: a situation cannot be; every such case in one go.
    """
    problems = Noted()
    scored = tuple(counted for case in cases if (counted := _scored(engine, case, problems)))
    if problems:
        raise IscgError(problems)
    tags = sorted({tag for counted in scored for tag in counted.tags})
    by_tag = {tag: _tally([counted for counted in scored if tag in counted.tags]) for tag in tags}
    return Scores(VERSION, _tally(scored), by_tag, scored)


def _scored(engine: Engine, case: Case, problems: list[Problem]) -> Scored | None:
    try:
        recommendation = engine.recommend(case.situation, at=case.at, already=case.already)
    except IscgError as error:
        problems += (
            Problem(problem.code, f"{case.id} : {problem.message}", case.place, problem.help)
            for problem in error.problems
        )
        return None
    certain = tuple(orientation.kind for orientation in recommendation.orientations)
    expect = case.expect
    first = () if expect.first is None else (expect.first,)
    expected = tuple(dict.fromkeys((*first, *expect.order, *expect.includes)))
    return Scored(
        case=case.id,
        title=case.title.fr,
        file=case.place.file,
        line=case.place.line,
        tags=case.tags,
        expected=expected,
        certain=certain,
        others=tuple(kind for kind in certain if kind not in expected),
        missed=tuple(
            _missed(engine, case, recommendation, k) for k in expected if k not in certain
        ),
        forbidden=tuple(kind for kind in expect.excludes if kind in certain),
        is_near=expected[0] in certain[:NEAR] if expected else None,
    )


def _missed(engine: Engine, case: Case, recommendation: Recommendation, kind: str) -> Missed:
    for exclusion in recommendation.excluded:
        if exclusion.kind == kind:
            return Missed(
                kind, "excluded", rules=tuple(reason.rule for reason in exclusion.reasons)
            )
    for possibility in recommendation.possible:
        if possibility.kind == kind:
            asked = tuple(question.attribute for question in possibility.missing)
            return Missed(kind, "possible", possibility.distance, asked)
    leading = tuple(dict.fromkeys(_leading(engine, case, kind)))
    return Missed(kind, "elsewhere" if leading else "unled", rules=leading)


def _leading(engine: Engine, case: Case, kind: str) -> Iterator[str]:
    day = day_of(case.at)
    for rule, _ in engine.rule_set.orienting.get(kind, ()):
        if rule.is_in_force(day):
            yield rule.id


def _tally(scored: Iterable[Scored]) -> ScoreSheet:
    cases = tuple(scored)
    expected = sum(len(case.expected) for case in cases)
    certain = sum(len(case.certain) for case in cases)
    found = expected - sum(len(case.missed) for case in cases)
    near = [case.is_near for case in cases if case.is_near is not None]
    return ScoreSheet(
        cases=len(cases),
        expected=expected,
        found=found,
        recall=_share(found, expected),
        with_first=len(near),
        first_near=sum(near),
        nearness=_share(sum(near), len(near)),
        certain=certain,
        precision=_share(found, certain),
        median_certain=median([len(case.certain) for case in cases] or [0]),
        forbidden=sum(len(case.forbidden) for case in cases),
    )


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
