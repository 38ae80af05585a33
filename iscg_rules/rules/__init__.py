"""Rules, facts and the vocabulary that they are written in: frozen values and their loading."""

from iscg_rules.rules.loading import load_rule_set
from iscg_rules.rules.models import (
    BENEFICIARIES,
    GROUNDS,
    STRENGTHS,
    URGENCIES,
    Beneficiary,
    Exclude,
    Fact,
    Ground,
    Impossible,
    Orient,
    Rule,
    RuleSet,
    Strength,
    Urgency,
    Valid,
)

__all__ = [
    "BENEFICIARIES",
    "GROUNDS",
    "STRENGTHS",
    "URGENCIES",
    "Beneficiary",
    "Exclude",
    "Fact",
    "Ground",
    "Impossible",
    "Orient",
    "Rule",
    "RuleSet",
    "Strength",
    "Urgency",
    "Valid",
    "load_rule_set",
]
