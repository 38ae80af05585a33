"""`safety/hazards.yaml`: what could go wrong, and what stands against it, as frozen values."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator
from pydantic_core import PydanticCustomError

from iscg_rules.errors import Place, Problem
from iscg_rules.model.closed_words import BeneficiaryWord
from iscg_rules.reading.binding import (
    Frozen,
    Id,
    LocalText,
    OneOrMany,
    OneOrMore,
    Reference,
    Source,
    bind,
)
from iscg_rules.reading.cited_sources import read_sources, with_sources
from iscg_rules.reading.documents import Register, file_label, place_of, read_sections
from iscg_rules.reading.yaml_nodes import Node

__all__ = [
    "CONTROL_KINDS",
    "ControlKind",
    "Controls",
    "Hazard",
    "HazardLog",
    "PlacedControl",
    "Severity",
    "read_hazards",
]

Severity = Literal["grave", "serious", "slight"]
ControlKind = Literal["guarantees", "cases", "tests", "findings"]
# In the order in which they are told: the strongest first.
CONTROL_KINDS: tuple[ControlKind, ...] = ("guarantees", "findings", "cases", "tests")

_TEST = re.compile(r"tests/(?:[a-z0-9_]+/)*test_[a-z0-9_]+\.py::test_[a-z0-9_]+")


def _test_name(text: str) -> str:
    if not _TEST.fullmatch(text):
        aid = {"help": "comme `tests/test_cli.py::test_…`, sans crochets"}
        raise PydanticCustomError("S003", "n'est pas le nom d'un test", aid)
    return text


class Controls(Frozen):
    """What stands against a hazard, by name.

    `guarantees` are proven; `findings` are the codes with which `check` refuses a file or a rule
    set; `cases` are the authors'; `tests` are named `tests/FILE.py::test_…`, laws too.
    """

    guarantees: OneOrMany[Id] = ()
    findings: OneOrMany[Reference] = ()
    cases: OneOrMany[Id] = ()
    tests: OneOrMany[Annotated[str, AfterValidator(_test_name)]] = ()


class Hazard(Frozen):
    """One thing that could go wrong.

    Attributes:
        what: what goes wrong; `consequence`: what it does, to those in `harms`; `cause`: why.
        controls: what stands against it.
        residual: what remains, and who has to see to it.
        unprovable: why a grave hazard is held by no guarantee.
    """

    id: Id
    what: LocalText
    harms: OneOrMore[BeneficiaryWord]
    consequence: LocalText
    cause: LocalText
    severity: Severity
    controls: Controls = Controls()
    residual: LocalText | None = None
    unprovable: LocalText | None = None
    source: OneOrMore[Source]


@dataclass(frozen=True, slots=True)
class PlacedControl:
    """One control of one hazard, and where its name stands."""

    hazard: str
    kind: ControlKind
    name: str
    place: Place


@dataclass(frozen=True, slots=True)
class HazardLog:
    """Every hazard in the order of the file, and the controls that they name."""

    hazards: Mapping[str, Hazard]
    controls: tuple[PlacedControl, ...]

    def named(self, kind: ControlKind) -> frozenset[str]:
        """Return every control of a kind that some hazard names."""
        return frozenset(control.name for control in self.controls if control.kind == kind)


def read_hazards(path: Path, sources: Mapping[str, Source], problems: list[Problem]) -> HazardLog:
    """Read what can be read of a file of hazards; what is wrong is noted.

    Args:
        path: the file; a `sources.yaml` beside it holds sources of its own.
        sources: others that a hazard may name.
        problems: where everything wrong is noted.
    """
    label = file_label(path, path.parent)
    own = path.parent / "sources.yaml"
    known = {**sources, **read_sources([(own, file_label(own, own.parent))], problems)}
    register = Register(problems)
    hazards: dict[str, Hazard] = {}
    controls: list[PlacedControl] = []
    for node in read_sections(path, ("hazards",), problems, label=label)["hazards"]:
        hazard = bind(Hazard, node, problems, given=with_sources(node, known, problems))
        if register.add(node) and hazard:
            hazards[hazard.id] = hazard
            placed = _placed(hazard, node)
            controls += placed
            problems += _unheld(hazard, node, placed)
    return HazardLog(hazards, tuple(controls))


def _placed(hazard: Hazard, node: Node) -> list[PlacedControl]:
    return [
        PlacedControl(hazard.id, kind, name, place_of(node, "controls", kind, number))
        for kind in CONTROL_KINDS
        for number, name in enumerate(getattr(hazard.controls, kind))
    ]


def _unheld(hazard: Hazard, node: Node, controls: list[PlacedControl]) -> list[Problem]:
    """Note a hazard against which nothing stands, and a grave one that nothing proves."""
    place = place_of(node, "id")
    if not controls and hazard.residual is None:
        text = f"rien ne tient le danger `{hazard.id}`, et ce qui reste n'est pas dit"
        return [Problem("H001", text, place, "ajoutez `controls:`, ou `residual: {fr: …}`")]
    if hazard.severity == "grave" and not (hazard.controls.guarantees or hazard.unprovable):
        text = f"aucune garantie ne tient le danger grave `{hazard.id}`"
        aid = "nommez une garantie ; si aucune ne peut le dire, `unprovable: {fr: …}` dit pourquoi"
        return [Problem("H003", text, place, aid)]
    return []
