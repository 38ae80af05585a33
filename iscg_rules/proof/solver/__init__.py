"""Situations, conditions and outcomes as gates over a satisfiability solver."""
