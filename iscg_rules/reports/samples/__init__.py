"""Situations made up from published figures and stated assumptions."""
