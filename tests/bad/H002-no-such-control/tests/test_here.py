"""A test that exists: the one that the hazard names does not."""
