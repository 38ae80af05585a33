"""How far readers agree, with one another and with the tool, ready for JSON."""

from dataclasses import dataclass

from iscg_rules.rating.kappa import Kappa
from iscg_rules.recommend.signed_results import SignedSheet

__all__ = ["TOOL", "Agreement", "PairAgreement", "Split"]

TOOL = "outil"


@dataclass(frozen=True, slots=True)
class PairAgreement:
    """Two readers, or a reader and the tool: what both rated, the share that is alike, and κ."""

    first: str
    second: str
    same: float
    kappa: Kappa


@dataclass(frozen=True, slots=True)
class Split:
    """One aid on which readers differ: what each said, in the order of the readers."""

    situation: int
    aid: str
    label: str
    said: tuple[str | None, ...]
    tool: str
    spread: int


@dataclass(frozen=True, slots=True)
class Agreement(SignedSheet):
    """What came of a reading.

    Attributes:
        readers: A, B, C … in the order of the sheets; no name stands anywhere.
        is_same_rules: whether the rules are those of the booklet.
        between, with_tool: each pair of readers, and each reader with the tool.
        mean_between, mean_with_tool: the mean κ of each; null where no κ can be told.
        splits: the aids on which readers differ most.
        against_tool: those on which readers agree with one another and not with the tool.
        unanswered: cells left empty, of all sheets; others: lines with an aid of their own.
    """

    is_same_rules: bool
    situations: int
    aids: int
    readers: tuple[str, ...]
    between: tuple[PairAgreement, ...]
    with_tool: tuple[PairAgreement, ...]
    mean_between: float | None
    mean_with_tool: float | None
    splits: tuple[Split, ...]
    against_tool: tuple[Split, ...]
    unanswered: int
    others: int
