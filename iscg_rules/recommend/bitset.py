"""The default evaluator: one AND a variable over integers whose bits are alternatives."""

from collections.abc import Iterable, Mapping
from datetime import date
from functools import reduce
from itertools import compress
from operator import or_

from iscg_rules.language.conditions import Left
from iscg_rules.language.situations import AnswerValue, Situation
from iscg_rules.recommend.bit_tables import CompiledRules, Count, Stage
from iscg_rules.recommend.reference import Evaluation

__all__ = ["BitsetEvaluator"]

# Each variable with few answers: what survives each answer, and what speaks of it.
_ChoiceTables = tuple[tuple[str, Mapping[AnswerValue, int], int], ...]
_ZERO_ONE = bytes.maketrans(b"01", b"\x00\x01")


class BitsetEvaluator:
    """Evaluates one compiled rule set; holds no state between calls."""

    def __init__(self, compiled: CompiledRules) -> None:
        self._hidden = compiled.hidden
        self._closed = compiled.closing.closed
        self._dated = tuple((rule, compiled.rules.masks[rule.id]) for rule in compiled.dated)
        self._owners = compiled.rules.owners
        self._masks = compiled.rules.masks
        self._everything = (1 << len(compiled.rules.owners)) - 1
        # Split once, so that the loop of every evaluation asks nothing twice.
        tables = compiled.rules.tables
        self._choices = tuple((t.variable, t.by_answer, t.mention) for t in tables if t.by_answer)
        self._others = tuple(t for t in tables if not t.by_answer)

    def evaluate(self, situation: Situation, day: date | None) -> Evaluation:
        """Tell which rules hold and which are open, as `reference.evaluate` does."""
        closed = self._closed(situation)
        values, left, choices = closed.values, closed.left, self._choices
        if self._hidden:
            values = _with_hidden(self._hidden, values, left)
        may, unknown, answer_of = self._everything, 0, values.get
        if left:
            may, unknown, choices = _narrowed(may, choices, left)
        for variable, by_answer, mention in choices:
            answer = answer_of(variable)
            if answer is None:
                unknown |= mention
            else:
                may &= by_answer[answer]
        for table in self._others:
            answer = answer_of(table.variable)
            if answer is None:
                unknown |= table.mention
            else:
                may &= table.by_class[table.class_of(answer)]
        may &= ~reduce(or_, (bits for rule, bits in self._dated if not rule.is_in_force(day)), 0)
        fired = self._owners_of(may & ~unknown)
        open_bits = may & unknown
        if not open_bits:
            return Evaluation(fired, ())
        for rule_id in fired:
            open_bits &= ~self._masks[rule_id]
        return Evaluation(fired, self._owners_of(open_bits))

    def _owners_of(self, bits: int) -> tuple[str, ...]:
        """Give the rules behind some bits, each once, in the order of their ids."""
        if not bits:
            return ()
        chosen = f"{bits:b}".encode()[::-1].translate(_ZERO_ONE)
        return tuple(dict.fromkeys(compress(self._owners, chosen)))


def _narrowed(
    may: int, choices: _ChoiceTables, left: Mapping[str, Left]
) -> tuple[int, int, _ChoiceTables]:
    """Look at the variables of which only some answers are left, and give back all others."""
    unknown, others = 0, []
    for choice in choices:
        variable, by_answer, mention = choice
        if variable in left:
            survivors, settled = _of_left(map(by_answer.__getitem__, left[variable]))
            may &= survivors
            unknown |= mention & ~settled
        else:
            others.append(choice)
    return may, unknown, tuple(others)


def _of_left(masks: Iterable[int]) -> tuple[int, int]:
    """Return the alternatives that some answer left lets survive, and those that all do.

    Of 0b011 and 0b110, the first are 0b111, the second 0b010.
    """
    some, every = 0, -1
    for mask in masks:
        some |= mask
        every &= mask
    return some, every


def _with_hidden(
    hidden: tuple[Stage | Count, ...], values: Mapping[str, AnswerValue], left: Mapping[str, Left]
) -> Mapping[str, AnswerValue]:
    """Add the hidden variables: yes, no, or absent while unknown."""
    known = dict(values)
    for step in hidden:
        if isinstance(step, Count):
            step.add(known)
        else:
            _add(step, known, left)
    return known


def _add(stage: Stage, known: dict[str, AnswerValue], left: Mapping[str, Left]) -> None:
    may, unknown = (1 << len(stage.owners)) - 1, 0
    for table in stage.tables:
        answer = known.get(table.variable)
        if answer is not None:
            may &= table.by_class[table.class_of(answer)]
        elif table.variable in left:
            classes = map(table.class_of, left[table.variable])
            survivors, settled = _of_left(map(table.by_class.__getitem__, classes))
            may &= survivors
            unknown |= table.mention & ~settled
        else:
            unknown |= table.mention
    for name, mask in stage.masks.items():
        if may & mask & ~unknown:
            known[name] = "yes"
        elif not may & mask:
            known[name] = "no"
