"""Whether an authors' case gets what it expects, said as differences that an author can act on."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from iscg_rules.cases import Case, Expect
from iscg_rules.engine import Engine
from iscg_rules.errors import IscgError, Place
from iscg_rules.recommendation import Recommendation

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
        got = engine.recommend(case.situation, at=case.at, already=case.already)
    except IscgError as error:
        texts = tuple(problem.message for problem in error.problems)
        return Verdict(case.id, case.title.fr, case.place, texts, frozenset())
    differences = tuple(_differences(case.expect, got))
    return Verdict(case.id, case.title.fr, case.place, differences, _shown_rules(got))


def _shown_rules(got: Recommendation) -> frozenset[str]:
    oriented = {reason.rule for o in got.orientations for reason in o.reasons}
    excluded = {reason.rule for e in got.excluded for reason in e.reasons}
    return frozenset(oriented | excluded | {advice.rule for advice in got.advice})


def _differences(expect: Expect, got: Recommendation) -> Iterator[str]:
    kinds = [orientation.kind for orientation in got.orientations]
    possible = {possibility.kind for possibility in got.possible}
    first = kinds[0] if kinds else None
    if expect.first is not None and first != expect.first:
        yield f"en premier, attendu `{expect.first}`, obtenu {_named(first)}"
    yield from _missing(expect.includes, kinds, "orientation attendue et absente", got)
    for kind in expect.excludes:
        if kind in kinds:
            yield f"`{kind}` ne devait pas venir, et c'est une orientation"
        elif kind in possible:
            yield f"`{kind}` ne devait pas venir, et reste possible"
    yield from _missing(expect.possible, possible, "attendu comme possible", got)
    advising = {advice.rule for advice in got.advice}
    yield from _missing(expect.advice, advising, "conseil attendu et absent, règle")
    yield from _missing(expect.gaps, got.gaps, "attendu sans partenaire", got)
    yield from _disorder(expect, kinds)
    yield from _details(expect, got)


def _missing(
    expected: Iterable[str], found: Iterable[str], text: str, got: Recommendation | None = None
) -> Iterator[str]:
    present = set(found)
    for name in expected:
        if name not in present:
            status = f" ({_status(name, got)})" if got else ""
            yield f"{text} : `{name}`{status}"


def _status(kind: str, got: Recommendation) -> str:
    """Say what became of a kind, so that the author knows where to look."""
    for exclusion in got.excluded:
        if exclusion.kind == kind:
            return "exclu par " + _listed(reason.rule for reason in exclusion.reasons)
    for possibility in got.possible:
        if possibility.kind == kind:
            missing = _listed(question.attribute for question in possibility.missing)
            return f"possible seulement ; il manque {missing}"
    for orientation in got.orientations:
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


def _details(expect: Expect, got: Recommendation) -> Iterator[str]:
    urgency = {o.kind: o.urgency for o in got.orientations}
    partner = {o.kind: o.partner.id for o in got.orientations if o.partner}
    yield from _unequal("urgence", expect.urgency, urgency)
    yield from _unequal("partenaire", expect.partner, partner)


def _unequal(what: str, expected: Mapping[str, str], found: Mapping[str, str]) -> Iterator[str]:
    for kind, value in expected.items():
        if found.get(kind) != value:
            yield f"{what} de `{kind}` : attendu `{value}`, obtenu {_named(found.get(kind))}"


def _named(value: str | None) -> str:
    return f"`{value}`" if value else "rien"


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)
