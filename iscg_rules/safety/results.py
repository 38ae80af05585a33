"""The safety case as a value, ready for JSON."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from iscg_rules.model.closed_words import BeneficiaryWord
from iscg_rules.model.hazards import ControlKind, Severity
from iscg_rules.reading.binding import Source
from iscg_rules.recommend.signed_results import SignedSheet

__all__ = ["ControlStatus", "SafetyCase", "ShownControl", "ShownHazard"]

# `examined`: `check` refuses the rules where it is found; `listed`: the test exists, and `make
# check` fails where it did not pass; `elsewhere`: the tests are not here.
ControlStatus = Literal["proven", "kept", "examined", "listed", "elsewhere", "unproven", "failed"]


@dataclass(frozen=True, slots=True)
class ShownControl:
    """One thing that stands against a hazard: what it says, and whether it holds."""

    kind: ControlKind
    name: str
    says: str | None
    status: ControlStatus


@dataclass(frozen=True, slots=True)
class ShownHazard:
    """One hazard in French, with what stands against it and what remains."""

    id: str
    what: str
    harms: tuple[BeneficiaryWord, ...]
    consequence: str
    cause: str
    severity: Severity
    controls: tuple[ShownControl, ...]
    residual: str | None
    unprovable: str | None
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class SafetyCase(SignedSheet):
    """Every hazard, and which rules the controls were held against."""

    hazards: tuple[ShownHazard, ...]

    def count(self, severity: Severity) -> int:
        """Count the hazards of a severity."""
        return sum(hazard.severity == severity for hazard in self.hazards)

    @property
    def statuses(self) -> Mapping[ControlStatus, int]:
        """How many controls have each status, each once, however many hazards name it."""
        controls = {control for hazard in self.hazards for control in hazard.controls}
        return Counter(control.status for control in controls)
