"""Whether an authors' case gets what it expects, said as differences that an author can act on."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from iscg_rules.authoring.kind_standing import SituationRules, by_rules, listed
from iscg_rules.engine import Engine
from iscg_rules.errors import IscgError, Place
from iscg_rules.language.moments import day_of
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
    seen: SituationRules
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
    view = SituationRules(
        engine.rule_set, seen.values, seen.facts, seen.evaluation, day_of(case.at)
    )
    return _CaseOutcome(seen.ranking, advising, view, recommend)


def _differences(expect: Expect, outcome: _CaseOutcome) -> Iterator[str]:
    kinds = outcome.kinds
    first = kinds[0] if kinds else None
    if expect.first is not None and first != expect.first:
        yield f"en premier, attendu `{expect.first}`, obtenu {_named(first)}{_by(first, outcome)}"
    # What does not come is told once, whatever else was expected of it.
    named = (expect.first, *expect.includes, *expect.order, *expect.urgency)
    for kind in dict.fromkeys(kind for kind in named if kind and kind not in kinds):
        yield f"orientation attendue et absente : `{kind}` ({_status(kind, outcome)})"
    yield from _unwanted(expect, outcome)
    for kind in expect.possible:
        if kind not in outcome.possible:
            yield f"attendu comme possible : `{kind}` ({_status(kind, outcome)})"
    for rule in expect.advice:
        if rule not in outcome.advising:
            yield f"conseil attendu et absent, règle : `{rule}` ({outcome.seen.why_idle(rule)})"
    gaps = {reached.kind for reached in outcome.ranking.certain if reached.is_gap}
    for kind in expect.gaps:
        if kind not in gaps:
            yield f"attendu sans partenaire : `{kind}` ({_status(kind, outcome)})"
    yield from _disorder(expect, kinds)
    yield from _details(expect, outcome)


def _unwanted(expect: Expect, outcome: _CaseOutcome) -> Iterator[str]:
    for kind in expect.excludes:
        if kind in outcome.kinds:
            yield f"`{kind}` ne devait pas venir, et c'est une orientation{_by(kind, outcome)}"
        elif kind in outcome.possible:
            why = outcome.seen.why_absent(kind).words
            still = why.replace("possible seulement", "possible", 1)
            yield f"`{kind}` ne devait pas venir, et reste {still}"


def _status(kind: str, outcome: _CaseOutcome) -> str:
    """Say what became of a kind, so that the author knows where to look."""
    for reached in outcome.ranking.certain:
        if reached.kind == kind:
            served = [f"servi par `{one.partner.id}`" for one in reached.candidates[:1]]
            return ", ".join(["certain", by_rules(outcome.seen.bringing(kind)), *served])
    why = outcome.seen.why_absent(kind).words
    for possibility in outcome.recommend().possible if kind in outcome.possible else ():
        if possibility.kind == kind:
            missing = (question.attribute for question in possibility.missing)
            return f"{why} ; il manque {listed(missing)}"
    return why


def _by(kind: str | None, outcome: _CaseOutcome) -> str:
    """Say by which rules a kind that was not expected comes."""
    return f", {by_rules(outcome.seen.bringing(kind))}" if kind else ""


def _disorder(expect: Expect, kinds: list[str]) -> Iterator[str]:
    present = [kind for kind in expect.order if kind in kinds]
    obtained = sorted(present, key=kinds.index)
    if present != obtained:
        yield f"ordre attendu {_listed(present)}, obtenu {_listed(obtained)}"


def _details(expect: Expect, outcome: _CaseOutcome) -> Iterator[str]:
    for reached in outcome.ranking.certain:
        kind, urgency = reached.kind, URGENCIES[reached.urgency]
        if expect.urgency.get(kind, urgency) != urgency:
            text = f"urgence de `{kind}` : attendu `{expect.urgency[kind]}`, obtenu `{urgency}`"
            yield f"{text}{_by(kind, outcome)}"
    partner = {
        reached.kind: reached.candidates[0].partner.id
        for reached in outcome.ranking.certain
        if reached.candidates
    }
    for kind, name in expect.partner.items():
        if partner.get(kind) != name:
            obtained = _named(partner.get(kind))
            yield f"partenaire de `{kind}` : attendu `{name}`, obtenu {obtained}"


def _named(value: str | None) -> str:
    return f"`{value}`" if value else "rien"


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)
