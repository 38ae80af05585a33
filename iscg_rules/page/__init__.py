"""Rules that go where Python is not: what is exported, and the page that reads it."""
