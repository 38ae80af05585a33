"""The evaluators that this machine has: `conftest.py` says loudly where one is missing."""

from importlib.util import find_spec

from iscg_rules.recommend.bitset import BitsetEvaluator
from iscg_rules.recommend.durable import DurableEvaluator

EVALUATORS = (BitsetEvaluator, DurableEvaluator) if find_spec("durable") else (BitsetEvaluator,)
