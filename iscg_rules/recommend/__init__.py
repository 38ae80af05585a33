"""A situation → a ranked recommendation with its reasons."""
