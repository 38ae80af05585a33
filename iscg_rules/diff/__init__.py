"""What changes between two rule sets, for whom, and in which words."""
