"""A recommendation for people: plain text for a terminal, Markdown for a page."""
