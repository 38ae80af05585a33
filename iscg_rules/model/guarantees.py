"""`guarantees.yaml`: promises about every possible situation, as frozen values."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from iscg_rules.errors import Place, Problem
from iscg_rules.language.condition_parsing import ConditionField, ConditionReader
from iscg_rules.language.conditions import Condition, all_of
from iscg_rules.language.vocabulary import Vocabulary
from iscg_rules.model.accepted import (
    Accepted,
    AcceptedFinding,
    accepted_findings,
    accepted_kinds,
)
from iscg_rules.model.scales import Urgency
from iscg_rules.reading.binding import Frozen, Id, LocalText, OneOrMany, Whole, bind
from iscg_rules.reading.document_paths import memory_of
from iscg_rules.reading.documents import Register, child, file_label, note_unknown, place_of
from iscg_rules.reading.memory import Memory
from iscg_rules.reading.yaml_files import read_file
from iscg_rules.reading.yaml_nodes import Fields, Items, Node
from iscg_rules.suggestions import did_you_mean

__all__ = ["Guarantee", "GuaranteeSet", "Guarantees", "kinds_of", "read_guarantees"]


class Within(Frozen):
    """One of these kinds is among the first so many."""

    top: Whole = Field(ge=1)
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

    first: OneOrMany[Id] = ()
    within: Within | None = None
    includes_any: OneOrMany[Id] = ()
    never: OneOrMany[Id] = ()
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
        """`when` with its type."""
        condition: Condition | None = self.when
        return condition


class Guarantees(Frozen):
    """What one file says: promises, what is borne, and the attributes that group findings."""

    report_by: tuple[Id, ...] = ()
    guarantees: tuple[Guarantee, ...] = ()
    accepted: tuple[Accepted, ...] = ()


@dataclass(frozen=True, slots=True)
class GuaranteeSet:
    """All promises about a rule set, the attributes that group findings, and where each stands.

    `accepted`: of each kind that nobody may answer for, why, and where it stands; `own`: those of
    the last folder, which no other one leans on. `findings`: what is accepted of `check`.
    """

    report_by: tuple[str, ...]
    guarantees: tuple[Guarantee, ...]
    places: Mapping[str, Place]
    accepted: Mapping[str, tuple[Accepted, Place]] = field(default_factory=dict)
    own: frozenset[str] = frozenset()
    findings: tuple[AcceptedFinding, ...] = ()


_FORMS = ("when", "raising", "changing")
_OF_RAISING = frozenset({"urgency", "orientations"})
_OF_CHANGING = frozenset({"nothing_but"})


def read_guarantees(
    folders: Iterable[tuple[Path, Path]],
    vocabulary: Vocabulary,
    facts: tuple[str, ...],
    problems: list[Problem],
) -> GuaranteeSet:
    """Read what can be read of every `guarantees.yaml`; a folder without it promises nothing.

    Args:
        folders: each with the one that its files are named after, as `Layout.folders` gives them.
    """
    places: dict[str, Place] = {}
    accepted: dict[str, tuple[Accepted, Place]] = {}
    findings: list[AcceptedFinding] = []
    reader = _Reader(vocabulary, facts, problems, places, accepted, findings)
    read = []
    for folder, base in folders:
        # Only what the last folder accepts is its own.
        findings[:] = [replace(finding, is_own=False) for finding in findings]
        read.append(reader.file(folder / "guarantees.yaml", base))
    return GuaranteeSet(
        report_by=next((file.report_by for file in read if file.report_by), ()),
        guarantees=tuple(guarantee for file in read for guarantee in file.guarantees),
        places=places,
        accepted=accepted,
        own=frozenset(kind for entry in read[-1].accepted for kind in entry.reach),
        findings=tuple(findings),
    )


class _Reader:
    """Reads the promises of several files in the words of one vocabulary."""

    def __init__(
        self,
        vocabulary: Vocabulary,
        facts: tuple[str, ...],
        problems: list[Problem],
        places: dict[str, Place],
        accepted: dict[str, tuple[Accepted, Place]],
        findings: list[AcceptedFinding],
    ) -> None:
        self._vocabulary = vocabulary
        self._problems = problems
        self._places = places
        self._accepted = accepted
        self._findings = findings
        self._facts = facts
        self._register = Register(problems)

    def file(self, path: Path, base: Path) -> Guarantees:
        """Read what can be read of one file."""
        if not path.exists():
            return Guarantees()
        node, noted = read_file(path, file_label(path, base))
        self._problems.extend(noted)
        if not isinstance(node, Fields):
            if node is not None:
                text = "le fichier doit commencer par une clé"
                self._problems.append(Problem("S003", text, node.place))
            return Guarantees()
        entries, memory = child(node, "guarantees"), memory_of(path)
        nodes = entries.items if isinstance(entries, Items) else ()
        built = [self._built(entry, memory) for entry in nodes]
        top = bind(Guarantees, node, self._problems, given={"guarantees": ()} if entries else {})
        report_by = top.report_by if top else ()
        for number, attribute in enumerate(report_by):
            where = place_of(node, "report_by", number)
            note_unknown("V002", attribute, self._vocabulary.attributes, where, self._problems)
        borne = top.accepted if top else ()
        for number, entry in enumerate(borne):
            self._accept(entry, node, number)
        kept = tuple(filter(None, built))
        return Guarantees(report_by=report_by, guarantees=kept, accepted=borne)

    def _accept(self, entry: Accepted, node: Node, number: int) -> None:
        kinds = accepted_kinds(entry, number, node, self._vocabulary.kinds, self._problems)
        for kind, where in kinds:
            self._accepted[kind] = (entry, where)
        self._findings.extend(accepted_findings(entry, number, node))

    def _built(self, node: Node, memory: Memory) -> Guarantee | None:
        words, facts = self._vocabulary, memory.same("facts", self._facts)
        make = partial(_guarantee, node, words, facts)
        guarantee = memory.once(node, (words, facts), self._problems, make)
        if not self._register.add(node) or guarantee is None:
            return None
        self._places[guarantee.id] = node.place
        return guarantee


def _guarantee(
    node: Node, vocabulary: Vocabulary, facts: tuple[str, ...], problems: list[Problem]
) -> Guarantee | None:
    when = child(node, "when")
    reader = ConditionReader(vocabulary, facts, problems)
    given = {} if when is None else {"when": reader.read(when) or all_of(())}
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


def kinds_of(then: Then) -> tuple[str, ...]:
    """Return the kinds that a promise names, each once."""
    return tuple(dict.fromkeys(kind for kind, _ in _kinds(then)))


def _kinds(then: Then) -> list[tuple[str, tuple[str | int, ...]]]:
    kinds: list[tuple[str, tuple[str | int, ...]]] = []
    for name in ("first", "includes_any", "never"):
        kinds += [(kind, (name, place)) for place, kind in enumerate(getattr(then, name))]
    if then.within:
        kinds += [(k, ("within", "any_of", place)) for place, k in enumerate(then.within.any_of)]
    kinds += [(kind, ("urgency_at_most", kind)) for kind in then.urgency_at_most]
    for kind in then.urgency.never_later if then.urgency else ():
        kinds.append((kind, ("urgency", "never_later")))
    for kind in then.orientations.never_lost if then.orientations else ():
        kinds.append((kind, ("orientations", "never_lost")))
    return kinds


def _check_steps(
    guarantee: Guarantee, node: Node, vocabulary: Vocabulary, problems: list[Problem]
) -> None:
    for name, steps in (("raising", "along"), ("changing", "between")):
        change = getattr(guarantee, name)
        if change is None:
            continue
        place = place_of(node, name, "attribute")
        if note_unknown("V002", change.attribute, vocabulary.attributes, place, problems):
            continue
        attribute = vocabulary.attributes[change.attribute]
        named = getattr(change, steps) or ()
        where = [place_of(node, name, steps, number) for number in range(len(named))]
        if attribute.type == "commune" and name == "changing" and named:
            for area, at in zip(named, where, strict=True):
                note_unknown("V005", area, vocabulary.areas, at, problems)
        elif attribute.type not in ("one_of", "yes_no"):
            text = f"`{name}` ne sait pas parcourir les réponses de `{attribute.id}`"
            aid = "une question à un seul choix ; ou `commune`, entre des territoires nommés"
            problems.append(Problem("G001", text, place, aid))
        else:
            for value, at in zip(named, where, strict=True):
                if value not in attribute.choices:
                    text = f"valeur inconnue `{value[:60]}` de `{attribute.id}`"
                    close = did_you_mean(value, attribute.choices, problems)
                    problems.append(Problem("V003", text, at, close))
