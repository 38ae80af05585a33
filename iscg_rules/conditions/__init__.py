"""Conditions on a situation: a small tree, true, false or unknown (Kleene's strong logic)."""

from iscg_rules.conditions.tree import (
    All,
    AnyOf,
    AtLeast,
    Condition,
    FactIs,
    InArea,
    InRange,
    Not,
    Test,
    Truth,
    Truths,
    Values,
)

__all__ = [
    "All",
    "AnyOf",
    "AtLeast",
    "Condition",
    "FactIs",
    "InArea",
    "InRange",
    "Not",
    "Test",
    "Truth",
    "Truths",
    "Values",
]
