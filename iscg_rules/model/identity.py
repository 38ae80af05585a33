"""Which rules an answer comes from: it says nothing of the person."""

from dataclasses import dataclass

from iscg_rules.release import __version__

__all__ = ["Identity"]


@dataclass(frozen=True, slots=True)
class Identity:
    """What an engine was made of; every result carries it.

    `digest` (SHA-256) changes with every byte of what was read, rules, partners and territory; it
    is null where an engine was made of values and not of files.
    """

    library: str = __version__
    territory: str | None = None
    digest: str | None = None
