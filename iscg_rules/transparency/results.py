"""What people and those who answer for the tool are told, as values ready for JSON."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from iscg_rules.language.vocabulary import AttributeType, Sensitivity
from iscg_rules.recommend.signed_results import SignedSheet

__all__ = ["Inventory", "PublicNotice", "TreatedAnswer"]


@dataclass(frozen=True, slots=True)
class PublicNotice(SignedSheet):
    """The mention of CRPA R311-3-1-1, for the person; null where nobody has said it yet.

    Attributes:
        administration: who answers for what is decided.
        purpose: what the tool is for.
        decides: that a person decides.
        data: what becomes of what is said.
        right: to be given the rules, and how they were applied.
        contact: where it is asked for; rules: where they are published; officer: the DPO.
        basis: on what ground answers are treated.
        appeal: what to do without an answer.
        missing: the keys of `transparency` in `territory.yaml` that lack.
    """

    administration: str | None
    purpose: str
    decides: str
    data: str
    right: str
    contact: str | None
    rules: str | None
    officer: str | None
    basis: str | None
    appeal: str
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TreatedAnswer:
    """One question: what is asked, where the answer comes from, and what it may tell.

    `kept` is always false: the tool keeps no answer.
    """

    attribute: str
    label: str
    ask: str | None
    type: AttributeType
    origin: Literal["interview", "moment", "territory"]
    sensitive: tuple[Sensitivity, ...]
    kept: Literal[False] = False


@dataclass(frozen=True, slots=True)
class Inventory(SignedSheet):
    """The sheet of the treatment, as the State's guide for inventories asks for it."""

    updated: date
    notice: PublicNotice
    name: str
    context: str
    when: str
    automation: Literal["decision_aid"]
    algorithm: Literal["rules_written_by_persons"]
    people: tuple[str, ...]
    effects: str
    data: tuple[TreatedAnswer, ...]
    operations: tuple[str, ...]
    recipients: str
    retention: str
    rules: int
    partners: int
    sources: int
    to_complete: tuple[str, ...]
