"""Which findings the authors accept with a reason, and which acceptances are about nothing now."""

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import get_args

from iscg_rules.errors import Place, Problem
from iscg_rules.model.accepted import AcceptedFinding, FindingCode
from iscg_rules.suggestions import did_you_mean

__all__ = ["MARKED", "Acceptance", "about_of", "accept", "acceptance_sketch", "exactly_of"]

# A source that asks for another look says so itself: it is marked wherever it is shown.
MARKED = "marquée `recheck: yes`, elle est dite « à vérifier » partout où elle sert"
_NAMES = re.compile(r"`([^`]+)`")
# What a message says after its last name: communes, or a condition and answers after a colon.
_EXACTLY = re.compile(r"\A,? ?(?P<communes>(?:sauf )?à .+)|\s: (?P<rest>.+)", re.DOTALL)
_SETTLED = "s'il est réparé, retirer ce nom de cette entrée ; rien ne presse"
_PROVEN = ("F", "G", "U")
_PAIR = 2


@dataclass(frozen=True, slots=True)
class Acceptance:
    """Of each accepted finding its reason, in the order in which they were found; what is stale."""

    reasons: Mapping[Problem, str]
    stale: tuple[Problem, ...]


def accept(
    found: Sequence[Problem], accepted: Iterable[AcceptedFinding], *, is_proven: bool
) -> Acceptance:
    """Tell which findings are accepted, and note what is accepted for nothing (W006).

    Args:
        found: all findings of a check.
        accepted: what the authors wrote, of every folder; only of its own is staleness told, since
            a folder that others lean on is accepted for them too.
        is_proven: whether every situation was looked at; else nothing is said of what proofs find.
    """
    reasons = {problem: MARKED for problem in found if problem.params.get("marked")}
    by_code: dict[str, list[Problem]] = defaultdict(list)
    for problem in found:
        by_code[problem.code].append(problem)
    stale: list[Problem] = []
    for one in accepted:
        code = str(one.entry.finding)
        met = [problem for problem in by_code[code] if _covers(one, problem)]
        for problem in met:
            reasons.setdefault(problem, one.entry.because.fr)
        if one.is_own and (is_proven or not code.startswith(_PROVEN)):
            stale += _stale(one, met, by_code[code])
    return Acceptance({one: reasons[one] for one in found if one in reasons}, tuple(stale))


def about_of(problem: Problem) -> tuple[str, ...]:
    """Return the names that a finding is about, as an author writes them."""
    return tuple(dict.fromkeys(_NAMES.findall(problem.message)))


def exactly_of(problem: Problem) -> str | None:
    """Return what a finding says beyond its names; None where that is all."""
    said = _EXACTLY.search(problem.message.rpartition("`")[2])
    return _plain(said["communes"] or said["rest"]) if said else None


def _plain(text: str) -> str:
    """Let a space that does not break be written as any other."""
    return " ".join(text.split())


def _covers(one: AcceptedFinding, problem: Problem) -> bool:
    entry = one.entry
    is_about = set(about_of(problem)) <= set(entry.about)
    return is_about and exactly_of(problem) == (entry.exactly and _plain(entry.exactly))


def _stale(
    one: AcceptedFinding, met: Sequence[Problem], others: Sequence[Problem]
) -> Iterator[Problem]:
    """Yield W006 for each name that no accepted finding is about."""
    used = {name for problem in met for name in about_of(problem)}
    for name, place in one.names.items():
        if name not in used:
            yield _needless(one, name, place, others)
    if not one.names and not met:
        text = f"ce constat {one.entry.finding} accepté n'est plus là, ou dit autre chose"
        yield Problem("W006", text, one.place, "retirer cette entrée, ou recopier ce qu'il dit")


def _needless(one: AcceptedFinding, name: str, place: Place, others: Sequence[Problem]) -> Problem:
    code = one.entry.finding
    for problem in others:
        if name in about_of(problem):
            said = exactly_of(problem)
            aid = f'le relire ; il faudrait maintenant `exactly: "{said}"`'
            if said is None:
                aid = f"le relire : il est plus large, ou parle d'autres noms ({problem.message})"
            return Problem("W006", f"le constat {code} sur `{name}` a changé", place, aid)
    known = sorted({named for problem in others for named in about_of(problem)})
    close = did_you_mean(name, known) if known else None
    aid = close if close and close.startswith("vouliez") else _SETTLED
    return Problem("W006", f"aucun constat {code} ne parle de `{name}`", place, aid)


def acceptance_sketch(found: Iterable[Problem]) -> str:
    """Write an entry for each finding that may be accepted; its reason is left to the author."""
    groups: dict[tuple[str, str | tuple[str, ...] | None], dict[str, None]] = {}
    for problem in found:
        if problem.code in get_args(FindingCode):
            names, exactly = about_of(problem), exactly_of(problem)
            # Of several names, one belongs to the other: they are not to be mixed.
            key = exactly if len(names) < _PAIR else names
            groups.setdefault((problem.code, key), {}).update(dict.fromkeys(names))
    lines = []
    for (code, key), about in groups.items():
        lines.append(f"  - finding: {code}")
        if about:
            lines.append(f"    about: [{', '.join(about)}]")
        if isinstance(key, str):
            lines.append(f"    exactly: {json.dumps(key, ensure_ascii=False)}")
        lines.append("    because: {fr: }")
    return "\n".join(["accepted:", *lines]) + "\n" if lines else ""
