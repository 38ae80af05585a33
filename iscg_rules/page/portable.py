"""A rule set and its directory as plain data, for whoever evaluates them without Python.

`docs/portable.md` says what it means; `runtime.js` reads it in a page.
"""

from calendar import monthrange
from collections.abc import Hashable, Iterator
from dataclasses import asdict
from datetime import date
from functools import cache
from typing import Any, Generic, TypeVar

from pydantic import TypeAdapter

from iscg_rules.engine import Engine
from iscg_rules.language.moments import Closure, Hours
from iscg_rules.language.vocabulary import Area, Attribute
from iscg_rules.model.closed_words import Language
from iscg_rules.model.partners import Partner
from iscg_rules.model.rules import Orient, Rule
from iscg_rules.page.node_table import NodeTable
from iscg_rules.page.opening_days import clock_changes, make_hours
from iscg_rules.page.results import (
    Portable,
    PortableArea,
    PortableAttribute,
    PortableEntry,
    PortableFact,
    PortableGround,
    PortableGroup,
    PortableKind,
    PortableName,
    PortableOrient,
    PortablePartner,
    PortableRule,
    PortableSource,
    PortableStep,
)
from iscg_rules.places.departements import departement_of
from iscg_rules.reading.binding import LocalText, Source
from iscg_rules.recommend.sharing_texts import SHARING_TEXTS

__all__ = ["MONTHS", "export", "later", "portable_json", "portable_schema"]

MONTHS = 13
_Calendar = tuple[str | None, tuple[Closure, ...]]
Key = TypeVar("Key", bound=Hashable)


def export(
    engine: Engine, first: date, *, months: int = MONTHS, language: Language = "fr"
) -> Portable:
    """Return what an engine recommends from, with the opening hours of so many months.

    Args:
        engine: its rules and partners.
        first: the first day whose opening hours are told.
        months: how many are told.
        language: of every text.
    """
    return _Exporting(engine, first, later(first, months), language).portable()


def later(day: date, months: int) -> date:
    """Return the same day so many months later, or the last of a month that is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    _, last = monthrange(year, month + 1)
    return date(year, month + 1, min(day.day, last))


class _PlaceList(Generic[Key]):
    """Things by their place, each once, in the order in which they were met."""

    def __init__(self) -> None:
        self.places: dict[Key, int] = {}

    def place(self, thing: Key) -> int:
        return self.places.setdefault(thing, len(self.places))


class _Exporting:
    """Writes out one engine in one language."""

    def __init__(self, engine: Engine, first: date, after: date, language: Language) -> None:
        self._rule_set, self._directory = engine.rule_set, engine.directory
        self._identity, self._language = engine.identity, language
        self._first, self._after = first, after
        self._vocabulary = words = engine.rule_set.vocabulary
        self._table = NodeTable(words)
        self._kinds = {kind: place for place, kind in enumerate(words.kinds)}
        self._hours: _PlaceList[_Calendar] = _PlaceList()
        self._sources: _PlaceList[Source] = _PlaceList()
        named = {o.ground for rule in engine.rule_set.rules.values() for o in rule.orient}
        self._grounds = sorted(named, key=lambda ground: ground.id)

    def portable(self) -> Portable:
        rule_set, vocabulary = self._rule_set, self._vocabulary
        self._table.add_facts({fact.id: fact.condition for fact in rule_set.facts.values()})
        in_text = self._text
        # INVARIANT: tables that are filled on the way come after those that fill them.
        attributes = tuple(map(self._attribute, vocabulary.attributes.values()))
        impossible = tuple(
            PortableEntry(id=e.id, when=self._table.add(e.condition), because=in_text(e.because))
            for e in rule_set.impossible
        )
        closing = tuple(self._closing())
        rules = tuple(map(self._rule, rule_set.rules.values()))
        partners = tuple(map(self._partner, self._directory.partners.values()))
        return Portable(
            portable=1,
            language=self._language,
            identity=asdict(self._identity),
            first_day=self._first,
            out_of_date=self._after,
            clock=clock_changes(self._first, self._after),
            station=vocabulary.station,
            communes=tuple(PortableName(*pair) for pair in vocabulary.home_names.items()),
            attributes=attributes,
            kinds=tuple(
                PortableKind(
                    id=kind.id,
                    label=in_text(kind.label),
                    category=kind.category,
                    nature=kind.nature,
                    place=kind.place,
                )
                for kind in vocabulary.kinds.values()
            ),
            areas=tuple(map(_area, self._table.areas)),
            nodes=self._table.nodes,
            facts=tuple(
                PortableFact(fact.id, in_text(fact.label), self._table.fact(fact.id))
                for fact in rule_set.facts.values()
            ),
            impossible=impossible,
            closing=closing,
            grounds=tuple(
                PortableGround(id=g.id, scope=g.sharing.value, legal_basis=g.legal_basis or None)
                for g in self._grounds
            ),
            rules=rules,
            hours=tuple(
                make_hours(Hours(*one), self._first, self._after, self._language)
                for one in self._hours.places
            ),
            sources=tuple(PortableSource(**one.model_dump()) for one in self._sources.places),
            partners=partners,
            sharing=SHARING_TEXTS[self._language],
        )

    def _text(self, text: LocalText) -> str:
        return text.in_(self._language)

    def _some_text(self, text: LocalText | None) -> str | None:
        return None if text is None else self._text(text)

    def _attribute(self, attribute: Attribute) -> PortableAttribute:
        hours = tuple(
            None if value.hours is None else self._hours.place((value.hours, ()))
            for value in attribute.values
        )
        return PortableAttribute(
            id=attribute.id,
            type=attribute.type,
            label=self._text(attribute.label),
            ask=self._some_text(attribute.ask),
            values=tuple(
                PortableName(value, self._text(label)) for value, label in attribute.choices.items()
            ),
            min=attribute.min,
            max=attribute.max,
            unit=self._some_text(attribute.unit),
            cost=attribute.cost,
            screening=attribute.screening,
            grid=attribute.grid,
            fixed=attribute.fixed,
            hours=hours if attribute.derived else None,
        )

    def _closing(self) -> Iterator[PortableGroup]:
        """Yield the steps of closing, those that the same answers set off together."""
        entries = {entry.id: place for place, entry in enumerate(self._rule_set.impossible)}
        groups: dict[tuple[int, ...], list[PortableStep]] = {}
        for step in self._rule_set.closing.steps:
            variable: int | None = None
            answers: tuple[int, ...] = ()
            if step.variable is not None:
                variable = self._table.variable(step.variable)
                answers = self._table.answers(step.variable, step.ruled_out)
            when = tuple(map(self._table.add, step.when))
            groups.setdefault(when, []).append(PortableStep(entries[step.entry], variable, answers))
        for when, steps in groups.items():
            yield PortableGroup(when, tuple(steps))

    def _rule(self, rule: Rule) -> PortableRule:
        return PortableRule(
            id=rule.id,
            when=self._table.add(rule.condition),
            because=self._text(rule.because),
            orient=tuple(map(self._orient, rule.orient)),
            exclude=tuple(self._kinds[exclude.to] for exclude in rule.exclude),
            advise=tuple(map(self._text, rule.advise)),
            from_=rule.valid.from_,
            until=rule.valid.until,
        )

    def _orient(self, orient: Orient) -> PortableOrient:
        return PortableOrient(
            self._kinds[orient.to],
            orient.urgency.place,
            orient.strength.place,
            orient.for_.place,
            self._grounds.index(orient.ground),
        )

    def _partner(self, partner: Partner) -> PortablePartner:
        areas = self._directory.places[partner.id]
        station = self._vocabulary.station
        own = None if station is None else departement_of(station)
        return PortablePartner(
            id=partner.id,
            name=partner.name,
            offers=tuple(sorted(self._kinds[kind] for kind in partner.offers)),
            area=tuple(map(self._table.area, areas)),
            checked=partner.checked,
            sources=tuple(map(self._sources.place, partner.source)),
            description=self._some_text(partner.description),
            access=self._some_text(partner.access),
            contact=dict(partner.public_contact),
            hours=self._hours.place((partner.hours, partner.closed))
            if partner.hours or partner.closed
            else None,
            accepts=None if partner.condition is None else self._table.add(partner.condition),
            withheld=partner.withheld,
            recheck=partner.needs_recheck,
            foreign=own is not None and not any(area.touches(own) for area in areas),
        )


def _area(area: Area) -> PortableArea:
    return PortableArea(
        id=area.id,
        size=area.size,
        communes=tuple(sorted(area.communes)),
        departements=tuple(sorted(area.departements)),
        everywhere=area.everywhere,
    )


@cache
def _adapter() -> TypeAdapter[Portable]:
    return TypeAdapter(Portable)


def portable_json(portable: Portable) -> str:
    """Return an export as JSON: same rules, same bytes. What has its usual value is left out."""
    return (
        _adapter()
        .dump_json(portable, by_alias=True, exclude_none=True, exclude_defaults=True)
        .decode()
    )


def portable_schema() -> dict[str, Any]:
    """Return the JSON Schema of an export."""
    title = "Les règles pour d’autres programmes"
    return {**_adapter().json_schema(by_alias=True), "title": title}
