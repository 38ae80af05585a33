"""Somebody to call: how many regimes are looked at, how many lead to nobody, and how long it takes.

    python benchmarks/reach.py [TERRITORY ...]

A regime is a kind that presses, a place, a public that `accepts` tells apart, and an hour of a week
or of a public holiday, where a situation can be in it. Processor time.
"""

import sys
import time
from collections import Counter
from collections.abc import Iterator
from datetime import date

from iscg_rules.errors import Problem
from iscg_rules.model.files import find_files, read_files
from iscg_rules.model.guarantees import read_guarantees
from iscg_rules.proof.findings.asker import Asker, is_possible
from iscg_rules.proof.findings.examined_hours import Piece
from iscg_rules.proof.findings.reach_findings import ReachProof, presses
from iscg_rules.proof.solver.proven_world import World

DAY = date(2026, 11, 27)
SHIPPED = ("pays-de-saint-malo", "rennes")


def read(territory: str) -> tuple[ReachProof, Asker]:
    """Read a territory and get ready to prove."""
    problems: list[Problem] = []
    layout = find_files(None, None, territory, problems)
    rule_set, directory = read_files(layout, problems)
    facts = tuple(rule_set.facts)
    promises = read_guarantees(layout.folders(), rule_set.vocabulary, facts, problems)
    world = World(rule_set, directory, DAY)
    asker = Asker(world, world.periods[0])
    return ReachProof(asker, promises), asker


def publics(asker: Asker, goal: list[int], refusing: dict[str, int]) -> Iterator[frozenset[str]]:
    """Yield each set of partners that refuse together in some situation."""
    if not is_possible(asker.partial, *goal):
        return
    if not refusing:
        yield frozenset()
        return
    (name, literal), *rest = refusing.items()
    yield from publics(asker, [*goal, -literal], dict(rest))
    yield from (one | {name} for one in publics(asker, [*goal, literal], dict(rest)))


def sort_of(reach: ReachProof, kind: str, piece: Piece, left: set[str]) -> str:
    """Say what becomes of a regime, by the partners that may accept in it."""
    if left & piece.reached:
        return "answered"
    sort = "a contact without hours" if left & piece.perhaps else "nobody"
    entry, _ = reach.accepted.get(kind, (None, None))
    if entry is None:
        return sort
    return "answered by what is shown beside" if entry.through else f"{sort}, accepted"


def regimes(reach: ReachProof, asker: Asker) -> Counter[str]:
    """Count the regimes by what becomes of them."""
    outcome, counted = asker.partial, Counter[str]()
    for kind in reach.pressing:
        for place in reach.places(kind):
            partners = [asker.world.directory.partners[name] for name in place.serving[0]]
            refusing = {p.id: -outcome.condition(p.condition).may for p in partners if p.condition}
            by_slot: dict[tuple[tuple[str, str], ...], list[frozenset[str]]] = {}
            for piece in reach.pieces:
                slot = tuple(piece.slots.items())
                if slot not in by_slot:
                    drawn = reach.drawn(outcome, dict(slot), may_lack=False)
                    goal = [*presses(outcome, kind), reach.lives(outcome, place), drawn]
                    by_slot[slot] = list(publics(asker, goal, refusing))
                for refused in by_slot[slot]:
                    left = set(place.serving[0]) - refused
                    counted[sort_of(reach, kind, piece, left)] += piece.hours
    return counted


def main(*territories: str) -> None:
    """Print a line of counts and one of times, a territory."""
    for territory in territories or SHIPPED:
        reach, asker = read(territory)
        started = time.process_time()
        found = list(reach.findings())
        spent = time.process_time() - started
        counted = regimes(reach, asker)
        listed = ", ".join(f"{number:,} {sort}" for sort, number in sorted(counted.items()))
        sys.stdout.write(
            f"{territory}: {len(reach.pressing)} kinds, {counted.total():,} regimes: {listed}\n"
            f"  {len(found)} findings in {spent:.2f} s\n"
        )


if __name__ == "__main__":
    main(*sys.argv[1:])
