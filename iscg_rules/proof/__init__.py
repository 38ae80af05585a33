"""Findings about a rule set over every situation; never imported by `engine`.

Needs the extra `proof`: a satisfiability solver, and for exact counts decision diagrams.
"""
