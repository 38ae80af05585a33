"""Sets of answers, told by the binary digits of the numbers of their classes."""

from collections.abc import Iterable

from iscg_rules.batch.circuit.gates import ALWAYS, NEVER, Circuit

__all__ = ["DIGIT", "ONE_OF", "among"]

# What a source of numbers is asked for: one digit, or the rows of some classes.
DIGIT, ONE_OF = "digit", "one_of"
# More digits split sets into too many parts.
_MOST_DIGITS = 5


def among(circuit: Circuit, variable: str, wanted: Iterable[int], size: int) -> int:
    """Return the rows whose known answer is in one of some classes.

    Args:
        circuit: where the nodes are made.
        variable: whose answer.
        wanted: the numbers of the classes.
        size: how many classes there are.
    """
    listed = sorted(set(wanted))
    known = circuit.known(variable)
    if not listed or known == NEVER:
        return NEVER
    if len(listed) == size:
        return known
    digits = (size - 1).bit_length()
    if digits > _MOST_DIGITS:
        return circuit.all_of((known, circuit.input(variable, ONE_OF, *listed)))
    # 0, 2, 3 of four classes -> 0b1101
    held = sum(1 << number for number in listed)
    return circuit.all_of((known, _split(circuit, variable, digits, held, size)))


def _split(circuit: Circuit, variable: str, digits: int, wanted: int, size: int) -> int:
    """Return the rows whose last digits are a number of a set, among so many numbers.

    The set is split by its highest digit into two smaller ones, as in a decision diagram:
    0b1101 of four -> where digit 1 is 0, 0b01 of two; where it is 1, 0b11 of two, all of them.
    """
    if wanted in (0, (1 << size) - 1):
        return ALWAYS if wanted else NEVER
    half = 1 << (digits - 1)
    if size <= half:
        return _split(circuit, variable, digits - 1, wanted, size)
    low = _split(circuit, variable, digits - 1, wanted & ((1 << half) - 1), half)
    high = _split(circuit, variable, digits - 1, wanted >> half, size - half)
    return _chosen(circuit, circuit.input(variable, DIGIT, digits - 1), low, high)


def _chosen(circuit: Circuit, digit: int, low: int, high: int) -> int:
    """Return one part where a digit is 0, another where it is 1, in as few steps as may be."""
    if low == high:
        return low
    # low = not high -> digit XOR low: low where the digit is 0, the opposite where it is 1.
    if low == circuit.opposite(high):
        return circuit.one_of_two(digit, low)
    if low in (NEVER, ALWAYS):
        parts = (digit, high) if low == NEVER else (circuit.opposite(digit), high)
        return circuit.all_of(parts) if low == NEVER else circuit.any_of(parts)
    if high in (NEVER, ALWAYS):
        parts = (circuit.opposite(digit), low) if high == NEVER else (digit, low)
        return circuit.all_of(parts) if high == NEVER else circuit.any_of(parts)
    # Where the digit is 1 and the two differ, low is turned into high: three steps, not four.
    return circuit.one_of_two(low, circuit.all_of((digit, circuit.one_of_two(low, high))))
