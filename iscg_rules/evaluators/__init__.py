"""Ways to work out which rules hold: one meaning, that of `reference`."""
