"""Named grounds of passing something on: which text, to whom, and in which words of the law."""

from iscg_rules.language.condition_parsing import ConditionField
from iscg_rules.language.conditions import Condition
from iscg_rules.language.vocabulary import NATURES, Kind, Nature
from iscg_rules.model.scales import Scope
from iscg_rules.reading.binding import (
    Frozen,
    Id,
    LocalText,
    OneOrMany,
    OneOrMore,
    Reference,
    Source,
)

__all__ = ["NOTHING", "Ground"]


class Ground(Frozen):
    """A ground on which rules lean to pass something on.

    `natures`: of the kinds that may be told; `kinds`: where given, these alone. `requires`: the
    words of the law, as a condition that every rule which leans on the ground must imply.
    """

    id: Id
    label: LocalText
    sharing: Scope
    legal_basis: str
    natures: OneOrMore[Nature]
    kinds: OneOrMany[Reference] = ()
    requires: ConditionField | None = None
    source: OneOrMore[Source]

    @property
    def condition(self) -> Condition | None:
        """`requires` with its type; None where the text asks for nothing."""
        condition: Condition | None = self.requires
        return condition

    def covers(self, kind: Kind) -> bool:
        """Tell whether a kind may be told on this ground."""
        return kind.nature in self.natures and (not self.kinds or kind.id in self.kinds)


# Where nothing is passed on there is nothing to lean on: `sharing: none` names no ground.
NOTHING = Ground(
    id="none",
    label=LocalText(fr="rien à transmettre", en="nothing to pass on"),
    sharing=Scope.NONE,
    legal_basis="",
    natures=NATURES,
    source=(Source(title="rien n’est transmis", trust="A"),),
)
