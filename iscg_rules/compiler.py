"""Rules → bit tables: one bit per alternative of a condition, one table per variable.

An alternative is a set of tests that all hold; a condition holds when one of its alternatives does.
Spreading a condition out like this is exact in three-valued logic as long as no test is dropped:
two tests of one variable are merged and never left out, because without an answer both are unknown.
A threshold is counted in an earlier layer, and so is what would have too many alternatives.
"""



__all__ = ["MAX_ALTERNATIVES", "CompiledRules", "Layer", "compile_conditions", "compile_rules"]
