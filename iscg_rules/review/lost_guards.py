"""What watched over the rules before a change and no longer does: nothing fails for lack of it."""

from collections.abc import Iterator

from iscg_rules.authoring.acceptance import accept
from iscg_rules.errors import Problem
from iscg_rules.model.cases import Case
from iscg_rules.model.partners import Partner
from iscg_rules.model.written_project import WrittenProject
from iscg_rules.rendering.hours_in_words import hours_in_words
from iscg_rules.review.results import LostGuard

__all__ = ["find_lost_guards"]


def find_lost_guards(
    before: WrittenProject, after: WrittenProject, found: tuple[Problem, ...]
) -> tuple[LostGuard, ...]:
    """Return cases and guarantees that are gone or say something else, and what is accepted anew.

    Also when and how a partner is reached: no two versions are compared by that.

    Args:
        found: all findings and remarks of the version after the change.
    """
    return (
        *_guarantees(before, after),
        *_cases(before, after),
        *_accepted(before, after, found),
        *_partners(before, after),
    )


def _guarantees(before: WrittenProject, after: WrittenProject) -> Iterator[LostGuard]:
    now = {one.id: one for one in after.guarantees.guarantees}
    for old in before.guarantees.guarantees:
        words = old.because.fr if old.because else ""
        if old.id not in now:
            place = before.guarantees.places.get(old.id)
            yield LostGuard("guarantee", old.id, "removed", place, words)
        elif now[old.id].model_copy(update={"because": old.because}) != old:
            place = after.guarantees.places.get(old.id)
            yield LostGuard("guarantee", old.id, "changed", place, words)


def _cases(before: WrittenProject, after: WrittenProject) -> Iterator[LostGuard]:
    now = {case.id: case for case in after.cases}
    for old in before.cases:
        if old.id not in now:
            yield LostGuard("case", old.id, "removed", old.place, old.title.fr)
        elif _substance(now[old.id]) != _substance(old):
            yield LostGuard("case", old.id, "changed", now[old.id].place, old.title.fr)


def _substance(case: Case) -> tuple[object, ...]:
    """Return what a case tries and expects, without its words."""
    return case.situation.values, case.at, case.already, case.expect


def _accepted(
    before: WrittenProject, after: WrittenProject, found: tuple[Problem, ...]
) -> Iterator[LostGuard]:
    known = accept(found, before.guarantees.findings, is_proven=True).reasons
    for problem, reason in accept(found, after.guarantees.findings, is_proven=True).reasons.items():
        if problem not in known:
            said = f"{problem.code} {problem.message}"
            yield LostGuard("accepted", said, "added", problem.place, reason)
    reached = before.guarantees.accepted
    for kind, (entry, place) in after.guarantees.accepted.items():
        if kind not in reached:
            said = f"personne ne décroche toujours pour `{kind}`"
            yield LostGuard("accepted", said, "added", place, entry.because.fr)


def _partners(before: WrittenProject, after: WrittenProject) -> Iterator[LostGuard]:
    for name, new in after.directory.partners.items():
        old = before.directory.partners.get(name)
        if old is None:
            continue
        place = after.directory.entries.get(name)
        if (old.hours, old.closed) != (new.hours, new.closed):
            words = f"{_hours(old)} → {_hours(new)}"
            yield LostGuard("hours", name, "changed", place, words)
        if old.public_contact != new.public_contact:
            words = f"{_contact(old)} → {_contact(new)}"
            yield LostGuard("contact", name, "changed", place, words)


def _hours(partner: Partner) -> str:
    said = [hours_in_words(partner.hours) if partner.hours else "non connus"]
    return "\u202f; ".join([*said, *(f"fermé dès le {one.from_}" for one in partner.closed)])


def _contact(partner: Partner) -> str:
    return ", ".join(partner.public_contact.values()) or "aucun"
