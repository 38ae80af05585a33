"""Rules → bit tables: one bit per alternative of a condition, one table per variable.

An alternative is a set of tests that all hold; a condition holds when one of its alternatives does.
Spreading a condition out like this is exact in three-valued logic as long as no test is dropped:
two tests of one variable are merged and never left out, because without an answer both are unknown.
A threshold is counted in an earlier layer, and so is what would have too many alternatives.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import reduce
from itertools import accumulate, pairwise
from math import floor, inf, isfinite, nextafter
from operator import or_, xor
from types import MappingProxyType
from typing import Protocol

from iscg_rules.conditions import All, AnyOf, AtLeast, Condition, FactIs, InArea, InRange, Not, Test
from iscg_rules.conditions.tree import Atom, leaves
from iscg_rules.rules import Rule, RuleSet
from iscg_rules.situations import Answer
from iscg_rules.vocabulary import departement_of

__all__ = ["MAX_ALTERNATIVES", "CompiledRules", "Layer", "compile_conditions", "compile_rules"]
