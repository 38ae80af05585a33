"""The smallest example of something: the fewest answers, then the vocabulary's order.

An assignment of the solver depends on its version; what is found here does not: each choice is
settled by what is possible, in a fixed order.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from iscg_rules.language.situations import AnswerValue
from iscg_rules.proof.solver.gates import TRUE
from iscg_rules.proof.solver.situation_gates import Encoding

__all__ = ["SmallestExample", "find_smallest"]

# With more answers than this, an example is only said to be minimal.
_MOST_FEWEST = 8


@dataclass(frozen=True, slots=True, repr=False)
class SmallestExample:
    """A partial situation: no answer can be left out; `is_fewest`: none has fewer answers."""

    values: Mapping[str, AnswerValue]
    is_fewest: bool

    def __repr__(self) -> str:
        return f"<Example: {len(self.values)} answers>"


def find_smallest(encoding: Encoding, goal: Sequence[int]) -> SmallestExample | None:
    """Find the smallest situation in which all of these hold.

    Args:
        encoding: a partial one.
        goal: literals of its circuit.

    Returns:
        None when there is no such situation.
    """
    assert encoding.is_partial
    circuit = encoding.circuit
    if not circuit.is_possible(goal):
        return None
    known = encoding.known()
    bound, is_fewest = _fewest(encoding, goal, known)
    chosen = [*goal, bound]
    _settle_which(encoding, chosen, known)
    _settle_answers(encoding, chosen, known)
    assert circuit.is_possible(chosen)
    return SmallestExample(encoding.values(circuit.held()), is_fewest)


def _fewest(encoding: Encoding, goal: Sequence[int], known: Mapping[str, int]) -> tuple[int, bool]:
    """Return the literal of the smallest number of answers that will do."""
    circuit, held = encoding.circuit, encoding.circuit.held()
    most = sum(literal in held for literal in known.values())
    counted = circuit.counted(known.values(), _MOST_FEWEST + 1)
    for number in range(min(most, _MOST_FEWEST + 1)):
        if circuit.is_possible([*goal, -counted[number + 1]]):
            return -counted[number + 1], True
    return (-counted[most + 1], True) if most <= _MOST_FEWEST else (TRUE, False)


def _settle_which(encoding: Encoding, chosen: list[int], known: Mapping[str, int]) -> None:
    """Leave out what can be, the last of the vocabulary first."""
    circuit = encoding.circuit
    assert circuit.is_possible(chosen)
    held = circuit.held()
    for literal in reversed(list(known.values())):
        if -literal not in held:
            if circuit.is_possible([*chosen, -literal]):
                held = circuit.held()
            else:
                chosen.append(literal)
                continue
        chosen.append(-literal)


def _settle_answers(encoding: Encoding, chosen: list[int], known: Mapping[str, int]) -> None:
    """Set each variable that is left to its first answer that will do."""
    circuit = encoding.circuit
    assert circuit.is_possible(chosen)
    held = circuit.held()
    for variable, literal in known.items():
        if literal not in held:
            continue
        for answer in encoding.answers(variable).values():
            if answer not in held:
                if not circuit.is_possible([*chosen, answer]):
                    continue
                held = circuit.held()
            chosen.append(answer)
            break
