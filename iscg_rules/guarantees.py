"""`guarantees.yaml`: promises about every possible situation, as frozen values."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from iscg_rules._binding import Frozen, Id, LocalText, bind, one_or_many
from iscg_rules._documents import Register, child, file_label, note_unknown, place_of
from iscg_rules._yaml import Fields, Items, Node, read_file
from iscg_rules.conditions import All, Condition
from iscg_rules.conditions.parsing import ConditionField, ConditionReader
from iscg_rules.errors import Problem, did_you_mean
from iscg_rules.vocabulary import Vocabulary

__all__ = ["Guarantee", "Guarantees", "read_guarantees"]

Urgency = Literal["now", "today", "week", "planned"]


class Within(Frozen):
    """One of these kinds is among the first so many."""

    top: int = Field(ge=1)
    any_of: tuple[Id, ...] = Field(min_length=1)


def _all_kinds(word: str) -> BeforeValidator:
    """Read the bare word as being about every kind: no list."""
    return BeforeValidator(lambda given: {word: ()} if given == word else given)


class NeverLater(Frozen):
    """These kinds never get a later urgency; all of them when the list is empty."""

    never_later: tuple[Id, ...]


class NeverLost(Frozen):
    """These kinds are never lost; all of them when the list is empty."""

    never_lost: tuple[Id, ...]


class Raising(Frozen):
    """An answer that gets worse step by step."""

    attribute: Id
    along: tuple[str, ...] = Field(min_length=2)


class Changing(Frozen):
    """An answer that must change nothing but what is said."""

    attribute: Id
    between: tuple[str, ...] | None = Field(default=None, min_length=2)


class Then(Frozen):
    """What is promised; every key that is given must hold."""

    first: one_or_many(Id) = ()  # type: ignore[valid-type]  # a pydantic annotation built by a call
    within: Within | None = None
    includes_any: one_or_many(Id) = ()  # type: ignore[valid-type]  # a pydantic annotation built by a call
    never: one_or_many(Id) = ()  # type: ignore[valid-type]  # a pydantic annotation built by a call
    urgency_at_most: Mapping[Id, Urgency] = Field(default_factory=dict)
    urgency: Annotated[NeverLater | None, _all_kinds("never_later")] = None
    orientations: Annotated[NeverLost | None, _all_kinds("never_lost")] = None
    nothing_but: tuple[Literal["partner", "advice", "reasons"], ...] | None = None


class Guarantee(Frozen):
    """One promise: when something holds, is raised or is changed, then so much holds."""

    id: Id
    when: ConditionField | None = None
    raising: Raising | None = None
    changing: Changing | None = None
    then: Then
    because: LocalText | None = None

    @property
    def condition(self) -> Condition | None:
        """Give `when` with its type."""
        condition: Condition | None = self.when
        return condition


class Guarantees(Frozen):
    """All promises about a rule set, and the attributes that group findings."""

    report_by: tuple[Id, ...] = ()
    guarantees: tuple[Guarantee, ...] = ()


_FORMS = ("when", "raising", "changing")
_OF_RAISING = frozenset({"urgency", "orientations"})
_OF_CHANGING = frozenset({"nothing_but"})


def read_guarantees(
    folders: Iterable[tuple[Path, Path]],
    vocabulary: Vocabulary,
    facts: tuple[str, ...],
    problems: list[Problem],
) -> Guarantees:
    """Read what can be read of every `guarantees.yaml`; a folder without it promises nothing.

    Args:
        folders: each with the one that its files are named after, as `Layout.folders` gives them.
    """
    register = Register(problems)
    read = [
        _read_file(folder / "guarantees.yaml", base, vocabulary, facts, register, problems)
        for folder, base in folders
    ]
    return Guarantees(
        report_by=next((one.report_by for one in read if one.report_by), ()),
        guarantees=tuple(guarantee for one in read for guarantee in one.guarantees),
    )


def _read_file(
    path: Path,
    base: Path,
    vocabulary: Vocabulary,
    facts: tuple[str, ...],
    register: Register,
    problems: list[Problem],
) -> Guarantees:
    if not path.exists():
        return Guarantees()
    node, noted = read_file(path, file_label(path, base))
    problems.extend(noted)
    if node is None:
        return Guarantees()
    if not isinstance(node, Fields):
        problems.append(Problem("S003", "le fichier doit commencer par une clé", node.place))
        return Guarantees()
    reader = ConditionReader(vocabulary, facts, problems)
    entries = child(node, "guarantees")
    nodes = entries.items if isinstance(entries, Items) else ()
    built = []
    for entry in nodes:
        guarantee = _guarantee(entry, reader, vocabulary, problems)
        if register.add(entry) and guarantee:
            built.append(guarantee)
    top = bind(Guarantees, node, problems, given={"guarantees": ()} if entries else {})
    report_by = top.report_by if top else ()
    for number, attribute in enumerate(report_by):
        _check_attribute(attribute, node, vocabulary, problems, "report_by", number)
    return Guarantees(report_by=report_by, guarantees=tuple(built))


def _guarantee(
    node: Node, reader: ConditionReader, vocabulary: Vocabulary, problems: list[Problem]
) -> Guarantee | None:
    when = child(node, "when")
    given = {} if when is None else {"when": reader.read(when) or All(())}
    guarantee = bind(Guarantee, node, problems, given=given)
    if guarantee is None:
        return None
    forms = [form for form in _FORMS if getattr(guarantee, form) is not None]
    said = guarantee.then.model_fields_set
    is_double = guarantee.raising is not None and guarantee.changing is not None
    if is_double or not forms or not said:
        aid = "écrivez `when`, `raising` ou `changing`, puis `then` avec ce qui est promis"
        problems.append(Problem("G001", f"garantie incomplète `{guarantee.id}`", node.place, aid))
    allowed = (
        _OF_RAISING
        if guarantee.raising
        else _OF_CHANGING
        if guarantee.changing
        else frozenset(Then.model_fields) - _OF_RAISING - _OF_CHANGING
    )
    for name in sorted(said - allowed):
        aid = "possible : " + ", ".join(f"`{word}`" for word in sorted(allowed))
        place = place_of(node, "then", name)
        problems.append(
            Problem("G001", f"`{name}` ne va pas avec cette forme de garantie", place, aid)
        )
    for kind, path in _kinds(guarantee.then):
        where = place_of(node, "then", *path)
        note_unknown("V004", kind, vocabulary.kinds, where, problems)
    _check_steps(guarantee, node, vocabulary, problems)
    return guarantee


def _kinds(then: Then) -> list[tuple[str, tuple[str | int, ...]]]:
    found: list[tuple[str, tuple[str | int, ...]]] = []
    for name in ("first", "includes_any", "never"):
        found += [(kind, (name, place)) for place, kind in enumerate(getattr(then, name))]
    if then.within:
        found += [(k, ("within", "any_of", place)) for place, k in enumerate(then.within.any_of)]
    found += [(kind, ("urgency_at_most", kind)) for kind in then.urgency_at_most]
    for kind in then.urgency.never_later if then.urgency else ():
        found.append((kind, ("urgency", "never_later")))
    for kind in then.orientations.never_lost if then.orientations else ():
        found.append((kind, ("orientations", "never_lost")))
    return found


def _check_steps(
    guarantee: Guarantee, node: Node, vocabulary: Vocabulary, problems: list[Problem]
) -> None:
    for name in ("raising", "changing"):
        change = getattr(guarantee, name)
        if change is None or not _check_attribute(
            change.attribute, node, vocabulary, problems, name, "attribute"
        ):
            continue
        choices = vocabulary.attributes[change.attribute].choices
        field = "along" if name == "raising" else "between"
        for number, value in enumerate(getattr(change, field) or ()):
            if value not in choices:
                text = f"valeur inconnue `{value[:60]}` de `{change.attribute}`"
                place = place_of(node, name, field, number)
                problems.append(Problem("V003", text, place, did_you_mean(value, choices)))


def _check_attribute(
    attribute: str,
    node: Node,
    vocabulary: Vocabulary,
    problems: list[Problem],
    *path: str | int,
) -> bool:
    place = place_of(node, *path)
    return not note_unknown("V002", attribute, vocabulary.attributes, place, problems)
