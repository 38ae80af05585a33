"""The safety case: what could go wrong, for whom, and what stands against it."""
