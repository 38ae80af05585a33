"""The author's workshop: a language server that reads with `check` and proves in the background."""
