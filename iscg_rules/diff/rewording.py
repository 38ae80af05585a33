"""What authors wrote and changed, whatever comes of it, and what of it moves no orientation."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pydantic import BaseModel

from iscg_rules.diff.results import RuleShift, WordShift
from iscg_rules.diff.touched_kinds import TouchedParts, texts_of
from iscg_rules.diff.united_rules import Side, Union
from iscg_rules.model.rules import Orient, Rule
from iscg_rules.reading.binding import LocalText, Source

__all__ = ["rule_shifts", "word_shifts"]

# What of each thing moves orientations, and what only says things.
_ACTING = {
    "rule": ("when", "orient", "exclude", "advise", "valid"),
    "fact": ("when",),
    "ground": ("sharing",),
    "impossible": ("when",),
    "attribute": ("type", "min", "max", "derived"),
    "kind": ("nature", "place"),
    "partner": ("offers", "area", "accepts", "hours", "closed"),
}
_SAYING = {
    "rule": ("because", "source"),
    "fact": ("label", "source"),
    "ground": ("label", "legal_basis", "natures", "kinds", "requires", "source"),
    "impossible": ("because", "source"),
    "attribute": ("label", "ask", "unit", "fixed", "source"),
    "kind": ("label", "description", "category", "source"),
    "partner": ("name", "description", "access", "contact", "confidential", "withheld", "source"),
}
Things = Mapping[str, BaseModel]


def rule_shifts(union: Union, touched: TouchedParts) -> tuple[RuleShift, ...]:
    """Return what was added, removed, renamed, or changed in what it does."""
    renamed = _renamed(touched)
    shifts = [
        shift
        for shift in _structural(union.old, union.new, renamed)
        if not _only_says(shift, touched)
    ]
    shifts += [RuleShift("rule", new, "renamed", (old,)) for old, new in renamed.items()]
    return tuple(sorted(shifts, key=lambda shift: (_ORDER.index(shift.what), shift.id)))


def _only_says(shift: RuleShift, touched: TouchedParts) -> bool:
    """Tell whether a rule only gives the same advice in other words."""
    before, after = (advised.get(shift.id) for advised in touched.advised)
    return shift.what == "rule" and shift.parts == ("advise",) and before == after


_ORDER = ("rule", "fact", "ground", "impossible", "attribute", "value", "kind", "area", "partner")


def _structural(old: Side, new: Side, renamed: Mapping[str, str]) -> Iterator[RuleShift]:
    for what, before, after in _things(old, new):
        for name in {*before, *after}:
            if what == "rule" and name in {*renamed, *renamed.values()}:
                continue
            if name not in before or name not in after:
                yield RuleShift(what, name, "added" if name in after else "removed", ())
            elif parts := tuple(_changed_parts(_ACTING[what], before[name], after[name])):
                yield RuleShift(what, name, "changed", parts)
    values = [_values(side) for side in (old, new)]
    yield from (RuleShift("value", name, "added", ()) for name in values[1] - values[0])
    yield from (RuleShift("value", name, "removed", ()) for name in values[0] - values[1])
    areas = [side.given.vocabulary.areas for side in (old, new)]
    for name in {*areas[0], *areas[1]}:
        if name not in areas[0] or name not in areas[1]:
            yield RuleShift("area", name, "added" if name in areas[1] else "removed", ())
        elif name not in old.rule_set.vocabulary.areas or _holds(areas[0][name]) != _holds(
            areas[1][name]
        ):
            yield RuleShift("area", name, "changed", ("communes",))
    ranks = [list(side.given.vocabulary.kinds) for side in (old, new)]
    both = set(ranks[0]) & set(ranks[1])
    if [k for k in ranks[0] if k in both] != [k for k in ranks[1] if k in both]:
        yield RuleShift("kind", "*", "changed", ("order",))


def _holds(area: Any) -> tuple[object, ...]:  # noqa: ANN401 # an area
    return area.communes, area.departements, area.everywhere


def _values(side: Side) -> set[str]:
    attributes = side.given.vocabulary.attributes.values()
    return {f"{attribute.id}={value.id}" for attribute in attributes for value in attribute.values}


def _things(old: Side, new: Side) -> Iterator[tuple[str, Things, Things]]:
    def of(side: Side) -> dict[str, Things]:
        given = side.given
        return {
            "rule": given.rules,
            "fact": given.facts,
            "ground": given.grounds,
            "impossible": {entry.id: entry for entry in given.impossible},
            "attribute": given.vocabulary.attributes,
            "kind": given.vocabulary.kinds,
            "partner": side.given_directory.partners,
        }

    before, after = of(old), of(new)
    yield from ((what, before[what], after[what]) for what in before)


def _changed_parts(parts: Iterable[str], one: BaseModel, other: BaseModel) -> Iterator[str]:
    for part in parts:
        if _bare(getattr(one, part)) != _bare(getattr(other, part)):
            yield part


def _bare(value: Any) -> Any:  # noqa: ANN401 # any field
    """Leave out of orientations and advice what they only say."""
    if isinstance(value, tuple):
        return tuple(map(_bare, value))
    if isinstance(value, Orient):
        return value.model_copy(update={"ground": value.sharing})
    return value


def _renamed(touched: TouchedParts) -> dict[str, str]:
    """Return the older name of each rule that does the same under a newer one."""
    gone = [old for old, new in touched.rules if old and not new]
    come = {_does(new): new.id for old, new in reversed(touched.rules) if new and not old}
    return {old.id: come.pop(_does(old)) for old in gone if _does(old) in come}


def _does(rule: Rule) -> tuple[object, ...]:
    return rule.condition, rule.orient, rule.exclude, texts_of(rule), rule.valid


def word_shifts(union: Union, touched: TouchedParts) -> tuple[WordShift, ...]:
    """Return what changed and moves no orientation, by what it is about and by id."""
    renamed = _renamed(touched)
    shifts: list[WordShift] = []
    for what, before, after in _things(union.old, union.new):
        older = {new: old for old, new in renamed.items()} if what == "rule" else {}
        for name in sorted(after):
            was = before.get(older.get(name, name))
            if was is not None:
                shifts += _said(what, name, was, after[name])
    rules = (union.old.given.rules, union.new.given.rules)
    for before_text, after_text in touched.reworded.items():
        name = next(n for n, r in rules[1].items() if after_text in texts_of(r))
        shifts.append(WordShift("rule", name, "advise", before_text, after_text))
    return tuple(sorted(shifts, key=lambda o: (_ORDER.index(o.what), o.id, o.part, o.before or "")))


def _said(what: str, name: str, old: BaseModel, new: BaseModel) -> Iterator[WordShift]:
    for part in _SAYING[what]:
        before, after = getattr(old, part), getattr(new, part)
        if before != after:
            yield WordShift(what, name, part, _text(before), _text(after))
    if what == "rule" and not tuple(_changed_parts(("orient",), old, new)):
        grounds = ([o.ground for o in rule.orient] for rule in (old, new))  # type: ignore[attr-defined] # rules
        for before, after in zip(*grounds, strict=True):
            if before.id != after.id:
                yield WordShift(what, name, "ground", before.label.fr, after.label.fr)
    if what == "attribute":
        values = [{v.id: v.label for v in attribute.values} for attribute in (old, new)]  # type: ignore[attr-defined] # attributes
        for value, label in values[1].items():
            if label != values[0].get(value, label):
                before, after = values[0][value], label
                yield WordShift("value", f"{name}={value}", "label", before.fr, after.fr)


def _text(value: object) -> str | None:
    """Return a text that can be shown: of sources their titles, of a contact nothing."""
    if isinstance(value, LocalText):
        return value.fr
    if isinstance(value, tuple) and value and all(isinstance(one, Source) for one in value):
        return "\u202f; ".join(source.title for source in value)
    return value if isinstance(value, str) else None
