"""Whether an authors' case gets what it expects, said as differences that an author can act on."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from iscg_rules.engine import Engine
from iscg_rules.errors import IscgError, Place
from iscg_rules.model.cases import Case, Expect
from iscg_rules.model.rules import URGENCIES
from iscg_rules.recommend.ranking import Ranking
from iscg_rules.recommend.results import Recommendation

__all__ = ["Verdict", "judge"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one case got that it did not expect; kept when `differences` is empty.

    Attributes:
        fired: ids of the rules that were shown with reasons: orientations, exclusions, advice.
    """

    case: str
    title: str
    place: Place
    differences: tuple[str, ...]
    fired: frozenset[str]

    @property
    def is_kept(self) -> bool:
        """Tell whether the case gets all that it expects."""
        return not self.differences


def judge(engine: Engine, cases: Iterable[Case]) -> tuple[Verdict, ...]:
    """Run every case, in the order given."""
    return tuple(_judge(engine, case) for case in cases)


def _judge(engine: Engine, case: Case) -> Verdict:
    try:
        outcome = _look(engine, case)
    except IscgError as error:
        texts = tuple(problem.message for problem in error.problems)
        return Verdict(case.id, case.title.fr, case.place, texts, frozenset())
    differences = tuple(_differences(case.expect, outcome))
    return Verdict(case.id, case.title.fr, case.place, differences, outcome.shown)


@dataclass(frozen=True, slots=True, repr=False)
class _CaseOutcome:
    """What one case leads to; its words are made only for a case that is not kept."""

    ranking: Ranking
    advising: frozenset[str]
    recommend: Callable[[], Recommendation]

    @property
    def kinds(self) -> list[str]:
        """The certain kinds, best first."""
        return [reached.kind for reached in self.ranking.certain]

    @property
    def possible(self) -> set[str]:
        """The kinds that could still become certain."""
        return {unsettled.kind for unsettled in self.ranking.possible}

    @property
    def shown(self) -> frozenset[str]:
        """The rules behind orientations, exclusions and advice."""
        oriented = {rule.id for reached in self.ranking.certain for rule, _ in reached.reasons}
        excluding = {rule for _, rules in self.ranking.excluded for rule in rules}
        return frozenset(oriented | excluding) | self.advising


def _look(engine: Engine, case: Case) -> _CaseOutcome:
    def recommend() -> Recommendation:
        return engine.recommend(case.situation, at=case.at, already=case.already)

    seen = engine.recommender.look(case.situation, case.at, already=case.already)
    rules = engine.rule_set.rules
    advising = frozenset(rule for rule in seen.evaluation.fired if rules[rule].advise)
    return _CaseOutcome(seen.ranking, advising, recommend)


def _differences(expect: Expect, outcome: _CaseOutcome) -> Iterator[str]:
    kinds, possible = outcome.kinds, outcome.possible
    first = kinds[0] if kinds else None
    if expect.first is not None and first != expect.first:
        yield f"en premier, attendu `{expect.first}`, obtenu {_named(first)}"
    yield from _missing(expect.includes, kinds, "orientation attendue et absente", outcome)
    for kind in expect.excludes:
        if kind in kinds:
            yield f"`{kind}` ne devait pas venir, et c'est une orientation"
        elif kind in possible:
            yield f"`{kind}` ne devait pas venir, et reste possible"
    yield from _missing(expect.possible, possible, "attendu comme possible", outcome)
    yield from _missing(expect.advice, outcome.advising, "conseil attendu et absent, règle")
    gaps = [reached.kind for reached in outcome.ranking.certain if reached.is_gap]
    yield from _missing(expect.gaps, gaps, "attendu sans partenaire", outcome)
    yield from _disorder(expect, kinds)
    yield from _details(expect, outcome.ranking)


def _missing(
    expected: Iterable[str], obtained: Iterable[str], text: str, outcome: _CaseOutcome | None = None
) -> Iterator[str]:
    present = set(obtained)
    for name in expected:
        if name not in present:
            status = f" ({_status(name, outcome.recommend())})" if outcome else ""
            yield f"{text} : `{name}`{status}"


def _status(kind: str, recommendation: Recommendation) -> str:
    """Say what became of a kind, so that the author knows where to look."""
    for exclusion in recommendation.excluded:
        if exclusion.kind == kind:
            return "exclu par " + _listed(reason.rule for reason in exclusion.reasons)
    for possibility in recommendation.possible:
        if possibility.kind == kind:
            missing = _listed(question.attribute for question in possibility.missing)
            return f"possible seulement ; il manque {missing}"
    for orientation in recommendation.orientations:
        if orientation.kind == kind:
            partner = orientation.partner
            return f"certain, servi par `{partner.id}`" if partner else "certain"
    return "aucune règle n'y mène ici"


def _disorder(expect: Expect, kinds: list[str]) -> Iterator[str]:
    present = [kind for kind in expect.order if kind in kinds]
    obtained = sorted(present, key=kinds.index)
    if present != obtained:
        yield f"ordre attendu {_listed(present)}, obtenu {_listed(obtained)}"
    yield from (
        f"attendu dans l'ordre et absent : `{kind}`" for kind in expect.order if kind not in kinds
    )


def _details(expect: Expect, ranking: Ranking) -> Iterator[str]:
    urgency = {reached.kind: URGENCIES[reached.urgency] for reached in ranking.certain}
    partner = {
        reached.kind: reached.candidates[0].partner.id
        for reached in ranking.certain
        if reached.candidates
    }
    yield from _unequal("urgence", expect.urgency, urgency)
    yield from _unequal("partenaire", expect.partner, partner)


def _unequal(what: str, expected: Mapping[str, str], obtained: Mapping[str, str]) -> Iterator[str]:
    for kind, value in expected.items():
        if obtained.get(kind) != value:
            yield f"{what} de `{kind}` : attendu `{value}`, obtenu {_named(obtained.get(kind))}"


def _named(value: str | None) -> str:
    return f"`{value}`" if value else "rien"


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)
