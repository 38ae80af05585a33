"""Whether each control of a hazard exists and holds."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from iscg_rules.authoring.case_verdicts import judge
from iscg_rules.engine import Engine
from iscg_rules.error_codes import CODES
from iscg_rules.errors import Problem
from iscg_rules.model.cases import Case
from iscg_rules.model.guarantees import GuaranteeSet
from iscg_rules.model.hazards import CONTROL_KINDS, ControlKind, Hazard, HazardLog, PlacedControl
from iscg_rules.proof.findings.all_findings import prove_promises
from iscg_rules.proof.findings.finding import BROKEN
from iscg_rules.recommend.signed_results import VERSION
from iscg_rules.safety.results import ControlStatus, SafetyCase, ShownControl, ShownHazard
from iscg_rules.suggestions import did_you_mean

__all__ = ["Evidence", "gather", "hold"]

# Remarks and findings that `check` only tells stand against nothing; the rest stops the run.
_ONLY_TOLD = ("F", "U", "W")
_NOUNS: Mapping[ControlKind, str] = {
    "guarantees": "garantie inconnue",
    "findings": "code inconnu, ou que `check` ne fait que dire",
    "cases": "cas inconnu",
    "tests": "test introuvable, ou lent",
}


@dataclass(frozen=True)
class Evidence:
    """What exists, what each thing says, and what does not hold.

    `tests` is None where the tests are not at hand, as in an installed package.
    """

    says: Mapping[ControlKind, Mapping[str, str]]
    failed: Mapping[ControlKind, Mapping[str, str]]
    tests: frozenset[str] | None
    is_proven: bool


def gather(
    engine: Engine,
    promises: GuaranteeSet,
    cases: Iterable[Case],
    log: HazardLog,
    tests: frozenset[str] | None,
    *,
    day: date | None,
) -> Evidence:
    """Prove the guarantees and run the cases that some hazard names.

    Args:
        engine, promises, cases: what the rules say.
        log: the hazards.
        tests: those that exist, of the named ones.
        day: from which on guarantees are proven; None leaves them unproven.

    Raises:
        IscgError: A012 without the package that proves.
    """
    named = log.named("guarantees")
    held = replace(
        promises, guarantees=tuple(one for one in promises.guarantees if one.id in named)
    )
    broken = {} if day is None else dict(_broken(engine, held, day))
    run = [case for case in cases if case.id in log.named("cases")]
    verdicts = judge(engine, run)
    return Evidence(
        says={
            "guarantees": {g.id: g.because.fr if g.because else "" for g in promises.guarantees},
            "findings": {c: said for c, said in CODES.items() if _stops(c)},
            "cases": {case.id: case.title.fr for case in cases},
            "tests": dict.fromkeys(log.named("tests") if tests is None else tests, ""),
        },
        failed={
            "guarantees": broken,
            "cases": {v.case: " ; ".join(v.differences) for v in verdicts if not v.is_kept},
        },
        tests=tests,
        is_proven=day is not None,
    )


def _broken(engine: Engine, held: GuaranteeSet, day: date) -> Iterator[tuple[str, str]]:
    for finding in prove_promises(engine.rule_set, engine.directory, held, day=day):
        at = finding.problem.place
        for name, place in held.places.items():
            if place == at:
                yield name, finding.problem.message


def _stops(code: str) -> bool:
    return code in BROKEN or not code.startswith(_ONLY_TOLD)


def hold(log: HazardLog, evidence: Evidence, engine: Engine) -> tuple[SafetyCase, list[Problem]]:
    """Return the case, and a problem for each control that does not exist or does not hold."""
    problems: list[Problem] = []
    for control in log.controls:
        problems += _problems(control, evidence)
    shown = tuple(_shown(hazard, evidence) for hazard in log.hazards.values())
    return SafetyCase(VERSION, engine.identity, shown), problems


def _problems(control: PlacedControl, evidence: Evidence) -> Iterator[Problem]:
    known = evidence.says[control.kind]
    if control.name not in known:
        text = f"{_NOUNS[control.kind]} `{control.name[:120]}`, nommé par `{control.hazard}`"
        # A code that is near by means something else.
        aid = None if control.kind == "findings" else did_you_mean(control.name, known)
        yield Problem("H002", text, control.place, aid)
    elif why := evidence.failed.get(control.kind, {}).get(control.name):
        text = f"`{control.name}` ne tient pas le danger `{control.hazard}`"
        yield Problem("H004", text, control.place, why)


def _shown(hazard: Hazard, evidence: Evidence) -> ShownHazard:
    return ShownHazard(
        id=hazard.id,
        what=hazard.what.fr,
        harms=hazard.harms,
        consequence=hazard.consequence.fr,
        cause=hazard.cause.fr,
        severity=hazard.severity,
        controls=tuple(
            ShownControl(
                kind,
                name,
                evidence.says[kind].get(name) or None,
                _status(kind, name, evidence),
            )
            for kind in CONTROL_KINDS
            for name in getattr(hazard.controls, kind)
        ),
        residual=hazard.residual.fr if hazard.residual else None,
        unprovable=hazard.unprovable.fr if hazard.unprovable else None,
        sources=hazard.source,
    )


def _status(kind: ControlKind, name: str, evidence: Evidence) -> ControlStatus:
    if name not in evidence.says[kind] or name in evidence.failed.get(kind, {}):
        return "failed"
    if kind == "guarantees":
        return "proven" if evidence.is_proven else "unproven"
    if kind == "tests":
        return "elsewhere" if evidence.tests is None else "listed"
    return "kept" if kind == "cases" else "examined"
