"""A rule set and a directory made ready for columns; what depends on no row is kept."""

from collections import OrderedDict
from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from threading import Lock
from typing import Any, Final, NamedTuple, TypeVar

import numpy as np
import pyarrow as pa

from iscg_rules.batch.choice.clock import Clock
from iscg_rules.batch.choice.partners_by_scene import Chooser
from iscg_rules.batch.circuit.answer_bits import IN_FORCE, AnswerSource
from iscg_rules.batch.circuit.gates import ALWAYS, NEVER, Circuit
from iscg_rules.batch.circuit.program import Program
from iscg_rules.batch.circuit.rules_as_gates import RowLayout, refused, translate, translate_rules
from iscg_rules.engine import Engine
from iscg_rules.language.answer_classes import Domain, make_domains
from iscg_rules.language.conditions import Condition, InArea
from iscg_rules.language.vocabulary import STATION, WITHOUT_PARTNER
from iscg_rules.model.rules import Rule
from iscg_rules.model.scales import Strength, Urgency

__all__ = ["DAYS", "BatchPlan", "ColumnWords", "Matching", "Shape"]

# The source of days, beside those of variables: no attribute is named so.
DAYS = "#day"
# Two for each of sixteen forms of tables: what they lead to, and which rows are refused.
_MOST_MADE = 32
# The rules that exist on the day of all rows; None where each row has its own.
_Force = frozenset[str]
_Made = TypeVar("_Made")


class ColumnWords(NamedTuple):
    """What the dictionaries of the columns hold."""

    kinds: pa.Array
    urgencies: pa.Array
    strengths: pa.Array
    partners: pa.Array
    rules: pa.Array


class Shape(NamedTuple):
    """The circuit for tables with the same columns, and where in the outputs each part stands."""

    program: Program
    layout: RowLayout


class Matching(NamedTuple):
    """The circuit of the rules alone: a line for each, by id, where it holds.

    `settled` gives the line of the rows where it is not open, None where it is open in none.
    """

    program: Program
    settled: tuple[int | None, ...]


class BatchPlan:
    """Everything that tables have in common; safe between threads."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        rule_set, directory = engine.rule_set, engine.directory
        self.vocabulary: Final = rule_set.vocabulary
        vocabulary = self.vocabulary
        self.domains: Final = self._domains()
        self.clock: Final = Clock(vocabulary, directory)
        self.chooser: Final = Chooser(vocabulary, directory)
        self.words: Final = ColumnWords(
            pa.array(list(vocabulary.kinds), pa.string()),
            pa.array(list(Urgency), pa.string()),
            pa.array(list(Strength), pa.string()),
            pa.array(list(self.chooser.partners), pa.string()),
            pa.array(list(rule_set.rules), pa.string()),
        )
        self.places: Final = tuple(kind.place for kind in vocabulary.kinds.values())
        self.needs_partner: Final = np.array(
            [kind.nature not in WITHOUT_PARTNER for kind in vocabulary.kinds.values()], np.bool_
        )
        self._made: OrderedDict[object, Any] = OrderedDict()
        self._lock = Lock()

    def _domains(self) -> dict[str, Domain]:
        rule_set, directory = self.engine.rule_set, self.engine.directory
        conditions: list[Condition] = [rule.condition for rule in rule_set.rules.values()]
        conditions += [fact.condition for fact in rule_set.facts.values()]
        conditions += [entry.condition for entry in rule_set.impossible]
        conditions += [p.condition for p in directory.partners.values() if p.condition is not None]
        areas = {area.id: area for places in directory.places.values() for area in places}
        served = tuple(areas[name] for name in sorted(areas))
        known = rule_set.vocabulary.attributes
        conditions += [
            InArea(n, served) for n in (rule_set.vocabulary.commune, STATION) if n in known
        ]
        return make_domains(rule_set.vocabulary, conditions)

    def shape(
        self, sources: Mapping[str, AnswerSource], day: date | None, *, one_day: bool
    ) -> Shape:
        """Return the circuit for tables with such columns.

        Args:
            sources: what is known, by variable.
            day: the day of every row, None for an unknown one, where `one_day`.
            one_day: False where each row has a day of its own.
        """
        return self._kept(self._new_shape, sources, self._in_force(day, one_day=one_day))

    def matching(
        self, sources: Mapping[str, AnswerSource], day: date | None, *, one_day: bool
    ) -> Matching:
        """Return the circuit of the rules alone; the arguments are those of `shape`."""
        return self._kept(self._new_matching, sources, self._in_force(day, one_day=one_day))

    def refusing(self, sources: Mapping[str, AnswerSource]) -> Program | None:
        """Return the circuit of the rows that are impossible by the answers given alone.

        Returns:
            A program with one output; None when no row can be.
        """
        # What is drawn from the moment plays no part in what is refused.
        attributes = self.vocabulary.attributes.values()
        drawn = {DAYS, *(attribute.id for attribute in attributes if attribute.derived)}
        given = {name: source for name, source in sources.items() if name not in drawn}
        return self._kept(self._new_refusing, given, None)

    def _kept(
        self,
        make: Callable[[Circuit, _Force | None], _Made],
        sources: Mapping[str, AnswerSource],
        in_force: _Force | None,
    ) -> _Made:
        sure = frozenset(name for name, source in sources.items() if source.is_sure)
        unsure = frozenset(sources) - sure
        key = (make.__name__, sure, unsure, in_force)
        with self._lock:
            if key not in self._made:
                self._made[key] = make(Circuit(sure=sure, unsure=unsure), in_force)
            made: _Made = self._made[key]
            if len(self._made) > _MOST_MADE:
                self._made.popitem(last=False)
        return made

    def _in_force(self, day: date | None, *, one_day: bool) -> _Force | None:
        if not one_day:
            return None
        rule_set = self.engine.rule_set
        # The same on every day: one circuit serves them all.
        return rule_set.in_force(day) if rule_set.is_dated else frozenset()

    def _new_shape(self, circuit: Circuit, in_force: _Force | None) -> Shape:
        force = partial(_force, circuit, in_force)
        accepts = self.chooser.accepts
        layout = translate(self.engine.rule_set, self.domains, circuit, force, accepts)
        parts: list[Any] = [layout.certain, layout.possible, layout.excluded, layout.fired]
        outputs = [node for part in parts for _, node in part]
        outputs += [node for truth in layout.accepts.values() for node in truth]
        return Shape(Program(circuit, outputs), layout)

    def _new_matching(self, circuit: Circuit, in_force: _Force | None) -> Matching:
        force = partial(_force, circuit, in_force)
        truths = translate_rules(self.engine.rule_set, self.domains, circuit, force)
        outputs = [truth.must for truth in truths]
        # A rule is settled in every row, or one more line says where it is not.
        lines = []
        for truth in truths:
            settled = circuit.opposite(circuit.all_of((truth.may, circuit.opposite(truth.must))))
            lines.append(None if settled == ALWAYS else len(outputs))
            outputs += [] if settled == ALWAYS else [settled]
        return Matching(Program(circuit, outputs), tuple(lines))

    def _new_refusing(self, circuit: Circuit, _: _Force | None) -> Program | None:
        node = refused(self.engine.rule_set, self.domains, circuit)
        return None if node == NEVER else Program(circuit, [node])


def _force(circuit: Circuit, in_force: _Force | None, rule: Rule) -> int:
    if in_force is not None:
        return ALWAYS if rule.id in in_force else NEVER
    return circuit.input(DAYS, IN_FORCE, rule.valid.from_, rule.valid.until)
