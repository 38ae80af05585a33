"""A rule set and a directory made ready for columns; what depends on no row is kept."""

from collections import OrderedDict
from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa

from iscg_rules._answer_classes import Domain, make_domains
from iscg_rules.batch.choosing import Chooser
from iscg_rules.batch.circuits import ALWAYS, NEVER, Circuit, Program
from iscg_rules.batch.clock import Clock
from iscg_rules.batch.sources import Source
from iscg_rules.batch.translating import Layout, refused, translate
from iscg_rules.conditions import Condition, InArea
from iscg_rules.engine import Engine
from iscg_rules.rules import STRENGTHS, URGENCIES, Rule
from iscg_rules.vocabulary import WITHOUT_PARTNER

__all__ = ["DAYS", "Plan", "Shape", "Words"]

# The source of days, beside those of variables: no attribute is named so.
DAYS = "#day"
_MOST_SHAPES = 16


class Words(NamedTuple):
    """What the dictionaries of the columns hold."""

    kinds: pa.Array
    urgencies: pa.Array
    strengths: pa.Array
    partners: pa.Array
    rules: pa.Array


class Shape(NamedTuple):
    """The circuits for tables with the same columns, and where in the outputs each part stands.

    `refusing` has one output: the rows that are impossible by the answers given alone.
    """

    program: Program
    layout: Layout
    refusing: Program | None


class Plan:
    """Everything that tables have in common; safe between threads."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        rule_set, directory = engine.rule_set, engine.directory
        self.vocabulary = vocabulary = rule_set.vocabulary
        self.commune = next(
            (a.id for a in vocabulary.attributes.values() if a.type == "commune"), ""
        )
        self.domains = self._domains()
        self.clock = Clock(vocabulary, directory)
        self.chooser = Chooser(vocabulary, directory, self.domains.get(self.commune))
        self.words = Words(
            pa.array(list(vocabulary.kinds), pa.string()),
            pa.array(list(URGENCIES)),
            pa.array(list(STRENGTHS)),
            pa.array(list(self.chooser.partners), pa.string()),
            pa.array(list(rule_set.rules), pa.string()),
        )
        self.needs_partner = np.array(
            [kind.nature not in WITHOUT_PARTNER for kind in vocabulary.kinds.values()], np.bool_
        )
        self._is_dated = any(r.valid.from_ or r.valid.until for r in rule_set.rules.values())
        self._shapes: OrderedDict[object, Shape] = OrderedDict()

    def _domains(self) -> dict[str, Domain]:
        rule_set, directory = self.engine.rule_set, self.engine.directory
        conditions: list[Condition] = [rule.condition for rule in rule_set.rules.values()]
        conditions += [fact.condition for fact in rule_set.facts.values()]
        conditions += [entry.condition for entry in rule_set.impossible]
        conditions += [p.condition for p in directory.partners.values() if p.condition is not None]
        areas = {area.id: area for places in directory.places.values() for area in places}
        if self.commune:
            served = tuple(areas[name] for name in sorted(areas))
            conditions.append(InArea(self.commune, served))
        return make_domains(rule_set.vocabulary, conditions)

    def shape(self, sources: Mapping[str, Source], day: date | None, *, one_day: bool) -> Shape:
        """Give the circuit for tables with such columns.

        Args:
            sources: what is known, by variable.
            day: the day of every row, None for an unknown one, where `one_day`.
            one_day: False where each row has a day of its own.
        """
        sure = frozenset(name for name, source in sources.items() if source.is_sure)
        unsure = frozenset(sources) - sure
        in_force = self._in_force(day) if one_day else None
        key = (sure, unsure, in_force)
        # One look and one put: another thread may do the same work, and it gets the same.
        shape = self._shapes.get(key)
        if shape is None:
            shape = self._shapes[key] = self._new_shape(sure, unsure, in_force)
            while len(self._shapes) > _MOST_SHAPES:
                self._shapes.popitem(last=False)
        return shape

    def _in_force(self, day: date | None) -> frozenset[str]:
        if not self._is_dated:
            return frozenset()
        rules = self.engine.rule_set.rules.values()
        return frozenset(rule.id for rule in rules if rule.is_in_force(day))

    def _new_shape(
        self, sure: frozenset[str], unsure: frozenset[str], in_force: frozenset[str] | None
    ) -> Shape:
        circuit = Circuit(sure=sure, unsure=unsure)

        def force(rule: Rule) -> int:
            if in_force is not None:
                return ALWAYS if rule.id in in_force else NEVER
            return circuit.test(DAYS, rule.valid.from_, rule.valid.until)

        accepts = self.chooser.accepts
        layout = translate(self.engine.rule_set, self.domains, circuit, force, accepts)
        parts: list[Any] = [layout.certain, layout.possible, layout.excluded, layout.fired]
        outputs = [node for part in parts for _, node in part]
        outputs += [node for truth in layout.accepts.values() for node in truth]
        return Shape(Program(circuit, outputs), layout, self._refusing(sure, unsure))

    def _refusing(self, sure: frozenset[str], unsure: frozenset[str]) -> Program | None:
        # What is drawn from the moment plays no part in what is refused.
        derived = frozenset(a.id for a in self.vocabulary.attributes.values() if a.derived)
        circuit = Circuit(sure=sure - derived, unsure=unsure - derived)
        node = refused(self.engine.rule_set, self.domains, circuit)
        return None if node == NEVER else Program(circuit, [node])
