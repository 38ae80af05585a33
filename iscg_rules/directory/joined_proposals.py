"""New proposals joined with those of earlier imports: what a person decided or wrote stays."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

from iscg_rules.directory.proposals import Proposal
from iscg_rules.directory.texts import as_written, slug

__all__ = ["JoinedProposals", "join"]


@dataclass(frozen=True, slots=True)
class JoinedProposals:
    """All proposals after an import, and what the import did to them, counted."""

    proposals: tuple[Proposal, ...]
    new: int
    changed: int
    kept: int
    gone: int


def join(
    earlier: Iterable[Proposal], fresh: Iterable[Proposal], taken: Iterable[str]
) -> JoinedProposals:
    """Join fresh proposals with earlier ones.

    Args:
        fresh: everything that the newest files of their producers propose.
        taken: ids that other partners have.
    """
    known = {one.key: one for one in earlier}
    named = {one.key: one for one in fresh}
    covered = {one.producer for one in named.values()}
    counts: Counter[str] = Counter()
    result: list[Proposal] = []
    for key, before in known.items():
        after = _after(before, named.get(key), is_covered=before.producer in covered)
        counts[_change(before, after)] += 1
        if after is not None:
            result.append(after)
    added = [one for key, one in named.items() if key not in known]
    result.extend(_named_apart(added, {*taken, *(one.id for one in known.values())}))
    return JoinedProposals(
        tuple(result), len(added), counts["changed"], counts["kept"], counts["gone"]
    )


def _after(before: Proposal, fresh: Proposal | None, *, is_covered: bool) -> Proposal | None:
    """Return what becomes of an earlier proposal; None where it goes."""
    if before.is_touched:
        return before
    if fresh is None:
        if not is_covered:
            return before
        return None if before.decided is None else replace(before, is_gone=True)
    same = replace(fresh, id=before.id, decided=before.decided)
    return same if before.decided != "accepted" else replace(same, was=_was(before, fresh))


def _was(before: Proposal, fresh: Proposal) -> dict[str, object]:
    """Return what stood, when it was last accepted, in each field that differs now."""
    names = [*before.fields, *(name for name in fresh.fields if name not in before.fields)]
    stood = {name: before.was.get(name, before.fields.get(name, "")) for name in names}
    return {
        name: value
        for name, value in stood.items()
        if as_written(value) != as_written(fresh.fields.get(name, ""))
    }


def _change(before: Proposal, after: Proposal | None) -> str:
    if before.is_touched:
        return "kept"
    if after is None or (after.is_gone and not before.is_gone):
        return "gone"
    return "same" if after.mark == before.mark and after.was == before.was else "changed"


def _named_apart(added: list[Proposal], taken: set[str]) -> list[Proposal]:
    """Give each new proposal an id of its own: the one of its name, else with its source's."""
    counts = Counter(one.id for one in added)
    result = []
    for one in sorted(added, key=lambda proposal: proposal.key):
        name = one.id
        if counts[name] > 1 or name in taken:
            name = f"{slug(name, 40)}-{slug(one.key.rpartition('--')[2], 36) or one.mark}"
        while name in taken:
            name = f"{name[:70]}-{one.mark}"
        taken.add(name)
        result.append(replace(one, id=name))
    return result
