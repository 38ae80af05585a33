"""One of two versions that are compared, with everything that authors wrote."""

from dataclasses import dataclass

from iscg_rules.errors import Problem
from iscg_rules.model.cases import Case
from iscg_rules.model.guarantees import GuaranteeSet
from iscg_rules.model.partners import Directory
from iscg_rules.model.rules import RuleSet

__all__ = ["WrittenSide"]


@dataclass(frozen=True)
class WrittenSide:
    """One version; `wrong`: what is wrong with its cases and promises."""

    rule_set: RuleSet
    directory: Directory
    guarantees: GuaranteeSet
    cases: tuple[Case, ...]
    wrong: tuple[Problem, ...] = ()
