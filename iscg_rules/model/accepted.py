"""What authors bear with a reason: hours at which nobody answers, and findings of `check`."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from iscg_rules.errors import Place, Problem
from iscg_rules.reading.binding import Frozen, Id, LocalText, OneOrMany
from iscg_rules.reading.documents import note_unknown, place_of
from iscg_rules.reading.yaml_nodes import Node

__all__ = ["Accepted", "AcceptedFinding", "FindingCode", "accepted_findings", "accepted_kinds"]

# Those that may be meant. A fault may not, nor a situation that leads nowhere.
FindingCode = Literal[
    "F003",
    "F004",
    "F006",
    "F007",
    "F009",
    "F010",
    "F011",
    "F012",
    "F014",
    "G003",
    "W001",
    "W003",
    "W004",
    "W005",
    "W008",
    "W011",
]


class Accepted(Frozen):
    """Something that is borne, and why: one of two forms.

    `reach`: kinds that nobody may answer for at some hours. `through`: kinds of which one is shown
    then, and answered for; without it the reason is all.

    `finding`: the code of a finding of `check`. `about`: the names that it gives between backticks.
    `exactly`: what else it says of them, where there is more: communes, a condition, answers.
    """

    reach: OneOrMany[Id] = ()
    through: OneOrMany[Id] = ()
    finding: FindingCode | None = None
    about: OneOrMany[str] = ()
    exactly: str | None = None
    because: LocalText


@dataclass(frozen=True, slots=True)
class AcceptedFinding:
    """A finding that is accepted, or several of one code, and where each name of it stands.

    `is_own`: it stands in the last folder, which no other one leans on.
    """

    entry: Accepted
    place: Place
    names: Mapping[str, Place] = field(default_factory=dict)
    is_own: bool = True


def accepted_kinds(
    entry: Accepted, number: int, node: Node, kinds: Mapping[str, object], problems: list[Problem]
) -> Iterator[tuple[str, Place]]:
    """Yield each kind that nobody may answer for, and where it stands; note what is wrong."""
    place = place_of(node, "accepted", number)
    if bool(entry.reach) is (entry.finding is not None):
        text = "une ligne d'`accepted` dit `reach`, ou `finding` : l'un des deux"
        aid = (
            "`reach` : des types d'aide que personne ne décroche ; `finding` : le code d'un constat"
        )
        problems.append(Problem("G001", text, place, aid))
    elif entry.finding and not (entry.about or entry.exactly):
        aid = "recopiez les noms que le constat met entre accents graves"
        text = f"il manque `about` : de quoi parle le constat {entry.finding}"
        problems.append(Problem("S002", text, place, aid))
    for strange in ("about", "exactly") if entry.reach else ("through",):
        if getattr(entry, strange):
            text = f"`{strange}` ne va pas avec `{'reach' if entry.reach else 'finding'}`"
            problems.append(Problem("G001", text, place_of(node, "accepted", number, strange)))
    for name in ("reach", "through"):
        for position, kind in enumerate(getattr(entry, name)):
            where = place_of(node, "accepted", number, name, position)
            is_wrong = note_unknown("V004", kind, kinds, where, problems)
            if name == "reach" and not is_wrong:
                yield kind, where


def accepted_findings(entry: Accepted, number: int, node: Node) -> Iterator[AcceptedFinding]:
    """Yield the entry with its places where it accepts findings."""
    if entry.finding:
        names = {
            name: place_of(node, "accepted", number, "about", position)
            for position, name in enumerate(entry.about)
        }
        yield AcceptedFinding(entry, place_of(node, "accepted", number), names)
