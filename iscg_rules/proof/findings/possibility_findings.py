"""`impossible` entries that nothing makes true, or that leave no situation at all."""

from collections.abc import Iterator

from iscg_rules.errors import Problem
from iscg_rules.proof.findings.asker import Asker
from iscg_rules.proof.findings.finding import Finding

__all__ = ["find_about_possibility"]


def find_about_possibility(asker: Asker) -> Iterator[Finding]:
    """Yield F013, in the order of the file."""
    circuit, places = asker.complete.encoding.circuit, asker.rule_set.impossible_places
    for entry in asker.rule_set.impossible:
        truth = asker.complete.condition(entry.condition).must
        if not circuit.is_possible([truth]):
            text = f"l'entrée `{entry.id}` d'`impossible` n'est jamais vraie"
            aid = "ses conditions se contredisent : la corriger, ou la retirer"
            yield Finding(Problem("F013", text, places.get(entry.id), aid))
    if not circuit.is_possible([asker.complete.possible]):
        text = "`impossible` ne laisse aucune situation"
        yield Finding(Problem("F013", text, None, "une de ses entrées est toujours vraie"))
