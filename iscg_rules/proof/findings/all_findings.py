"""Everything that can be proven about a rule set, over every situation and every period."""

from collections.abc import Collection, Iterable, Iterator
from datetime import date

from iscg_rules.model.guarantees import GuaranteeSet
from iscg_rules.model.partners import Directory
from iscg_rules.model.rules import RuleSet
from iscg_rules.proof.findings.answer_findings import find_about_answers
from iscg_rules.proof.findings.asker import Asker
from iscg_rules.proof.findings.finding import Finding
from iscg_rules.proof.findings.generalist_findings import find_generalists_alone
from iscg_rules.proof.findings.ground_findings import find_about_grounds
from iscg_rules.proof.findings.kind_findings import find_about_kinds
from iscg_rules.proof.findings.partner_findings import find_about_partners
from iscg_rules.proof.findings.possibility_findings import find_about_possibility
from iscg_rules.proof.findings.promise_findings import find_broken
from iscg_rules.proof.findings.reach_findings import ReachProof, find_needless
from iscg_rules.proof.findings.rule_findings import find_about_rules
from iscg_rules.proof.solver.proven_world import World

__all__ = ["prove", "prove_in_steps", "prove_promises"]


def prove(
    rule_set: RuleSet,
    directory: Directory,
    promises: GuaranteeSet,
    *,
    day: date,
    only: Collection[str] | None = None,
) -> tuple[Finding, ...]:
    """Prove what holds in every situation, and give what does not.

    Args:
        rule_set: rules in force on the day or later; those that have ended are not looked at.
        directory: the partners.
        promises: the guarantees, and the attributes that group findings.
        day: the first day that counts.
        only: where given, what takes long is asked of these rules alone: F002 to F004 and F007 of
            them, and nothing of answers (F009, F010) and of generalists (F014).

    Returns:
        F001 to F015, G002, G003 and U001 to U003, by code and then in a stable order; each once,
        however many periods it is true of.

    Raises:
        IscgError: A012 without the package of the solver.
        ReplayError: an example is not one by the reference: a mistake of ours.
    """
    *_, findings = prove_in_steps(rule_set, directory, promises, day=day, only=only)
    return findings


def prove_in_steps(
    rule_set: RuleSet,
    directory: Directory,
    promises: GuaranteeSet,
    *,
    day: date,
    only: Collection[str] | None = None,
) -> Iterator[tuple[Finding, ...]]:
    """Yield what `prove` gives; before it, where `only` is given, what is said of these rules.

    Raises:
        IscgError, ReplayError: as `prove`.
    """
    named = [guarantee.condition for guarantee in promises.guarantees]
    named += [ground.condition for ground in rule_set.grounds.values()]
    world = World(rule_set, directory, day, [start for start in named if start is not None])
    askers = [Asker(world, period) for period in world.periods]
    # Where nothing can be, everything holds of everything.
    of_rules = [[*find_about_rules(a, only)] if _can_be(a) else None for a in askers]
    if only is not None:
        yield _each_once(finding for found in of_rules for finding in found or ())
    findings: list[Finding] = []
    reaches: list[ReachProof] = []
    for asker, about_rules in zip(askers, of_rules, strict=True):
        before = {_key(finding) for finding in findings}
        reaches.append(ReachProof(asker, promises))
        now = [*find_about_possibility(asker), *reaches[-1].findings()]
        if about_rules is not None:
            now += about_rules
            now += _about_all_else(asker, promises, is_whole=only is None)
        findings += [finding for finding in now if _key(finding) not in before]
    findings += find_needless(reaches, promises)
    # Sorting keeps the order of the finders within a code.
    yield tuple(sorted(findings, key=lambda finding: finding.problem.code))


def _each_once(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return what is found, as the first period shows it."""
    found: dict[object, Finding] = {}
    for finding in findings:
        found.setdefault(_key(finding), finding)
    return tuple(found.values())


def _key(finding: Finding) -> object:
    """Return what makes a finding the same in another period."""
    return finding.broken.key if finding.broken else finding.problem


def _can_be(asker: Asker) -> bool:
    return asker.complete.encoding.circuit.is_possible([asker.complete.possible])


def _about_all_else(asker: Asker, promises: GuaranteeSet, *, is_whole: bool) -> Iterator[Finding]:
    yield from find_about_kinds(asker, promises.report_by)
    if is_whole:
        yield from find_generalists_alone(asker, promises.report_by)
        yield from find_about_answers(asker)
    yield from find_about_partners(asker)
    yield from find_about_grounds(asker)
    yield from find_broken(asker, promises)


def prove_promises(
    rule_set: RuleSet, directory: Directory, promises: GuaranteeSet, *, day: date
) -> tuple[Finding, ...]:
    """Prove guarantees alone, as `prove` does: G002 and G003, each once.

    Raises:
        IscgError: A012 without the package of the solver.
    """
    named = [guarantee.condition for guarantee in promises.guarantees]
    world = World(rule_set, directory, day, [start for start in named if start is not None])
    findings = (
        finding
        for period in world.periods
        for finding in find_broken(Asker(world, period), promises)
    )
    return _each_once(findings)
