"""`vocabulary.yaml` → `Vocabulary`: attributes, kinds and areas, with every problem noted."""

from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from itertools import pairwise
from pathlib import Path

from iscg_rules.errors import Problem
from iscg_rules.language.answer_checks import COMMUNE
from iscg_rules.language.condition_parsing import RESERVED
from iscg_rules.language.moments import is_readable
from iscg_rules.language.vocabulary import (
    STATION,
    Area,
    AreaEntry,
    Attribute,
    Kind,
    Vocabulary,
)
from iscg_rules.model.written_communes import read_codes
from iscg_rules.reading.binding import Source, bind
from iscg_rules.reading.cited_sources import read_sources, with_sources
from iscg_rules.reading.document_paths import memory_of
from iscg_rules.reading.documents import (
    Register,
    child,
    file_label,
    note_unknown,
    place_of,
    read_sections,
    say_circle,
)
from iscg_rules.reading.memory import Memory
from iscg_rules.reading.territories import Territory
from iscg_rules.reading.yaml_nodes import Node

__all__ = ["read_vocabulary"]

# Asked of everybody first: more would keep help waiting.
_MOST_SCREENED = 7
# What a territory may add; its areas stand in `territory.yaml`.
_OWN = ("attributes", "impossible", "kinds")
_SECTIONS = (*_OWN, "areas")


def read_vocabulary(
    folder: Path, problems: list[Problem], territories: tuple[Territory, ...]
) -> tuple[Vocabulary, tuple[Node, ...], Mapping[str, Node]]:
    """Read the vocabulary and what territories add to it, as far as they can be read.

    Returns:
        The vocabulary; the `impossible` entries; each attribute with `only_if`, as nodes.
    """
    path = folder / "vocabulary.yaml"
    sections = read_sections(path, _SECTIONS, problems, label=file_label(path, folder))
    for own, label in (territory.file(path.name) for territory in territories):
        if own.exists():
            for name, nodes in read_sections(own, _OWN, problems, label=label).items():
                sections[name] += nodes
    named = folder / "sources.yaml"
    local = (territory.file("sources.yaml") for territory in territories)
    sources = read_sources([(named, file_label(named, folder)), *local], problems)
    memory = memory_of(folder)
    attributes, objects = _read_attributes(sections["attributes"], sources, memory, problems)
    kinds: dict[str, Kind] = {}
    register = Register(problems)
    for node in sections["kinds"]:
        kind = memory.once(node, (sources,), problems, partial(_kind, node, sources))
        if register.add(node) and kind:
            kinds[kind.id] = kind
    areas = _read_areas(
        [*sections["areas"], *(node for territory in territories for node in territory.areas)],
        memory,
        problems,
    )
    home = territories[-1].home if territories else ()
    station = territories[-1].station if territories else None
    for territory in territories:
        for number, name in enumerate(territory.home):
            where = place_of(territory.node, "home", number)
            note_unknown("V005", name, areas, where, problems)
    if station is not None:
        where = place_of(territories[-1].node, "station")
        station = next(iter(read_codes((station,), (where,), problems)), None)
    words = Vocabulary(attributes, kinds, areas, home, sources, station)
    return _same(memory, words), sections["impossible"], objects


def _same(memory: Memory, words: Vocabulary) -> Vocabulary:
    orders = (words.attributes, words.kinds, words.areas, words.sources)
    return memory.same("vocabulary", words, *orders)


def _kind(node: Node, sources: Mapping[str, Source], problems: list[Problem]) -> Kind | None:
    return bind(Kind, node, problems, given=with_sources(node, sources, problems))


def _read_attributes(
    nodes: Iterable[Node], sources: Mapping[str, Source], memory: Memory, problems: list[Problem]
) -> tuple[dict[str, Attribute], dict[str, Node]]:
    """Read the attributes; with them, the nodes of those that may be without an object."""
    taken = dict.fromkeys(RESERVED, "un mot réservé")
    register = Register(problems, taken)
    attributes: dict[str, Attribute] = {}
    objects: dict[str, Node] = {}
    for node in nodes:
        make = partial(_attribute, node, sources)
        attribute = memory.once(node, (sources,), problems, make)
        if register.add(node) and attribute:
            attributes[attribute.id] = attribute
            if child(node, "only_if") is not None or attribute.otherwise is not None:
                objects[attribute.id] = node
            if (
                attribute.screening
                and sum(a.screening for a in attributes.values()) > _MOST_SCREENED
            ):
                text = f"plus de {_MOST_SCREENED} questions ont `screening`"
                aid = "gardez celles dont dépend la sécurité de ce soir"
                problems.append(Problem("V010", text, place_of(node, "screening"), aid))
    return attributes, objects


def _attribute(
    node: Node, sources: Mapping[str, Source], problems: list[Problem]
) -> Attribute | None:
    given = with_sources(node, sources, problems)
    if child(node, "only_if") is not None:
        # A condition is read once there are facts, and becomes an entry of its own.
        given["only_if"] = None
    attribute = bind(Attribute, node, problems, given=given)
    if attribute:
        _check_attribute(attribute, node, problems)
    return attribute


def _check_attribute(attribute: Attribute, node: Node, problems: list[Problem]) -> None:
    problems.extend(
        Problem("V010", message, place_of(node, *path))
        for message, path in _contradictions(attribute)
    )
    register = Register(problems)
    for number, value in enumerate(attribute.values):
        value_node = child(node, "values", number)
        assert value_node is not None
        register.add(value_node)
        if value.hours is not None and attribute.derived is None:
            text, place = "`hours` ne va qu'avec un attribut calculé", place_of(value_node, "hours")
            problems.append(Problem("V010", text, place))
        elif value.hours is not None and not is_readable(value.hours):
            problems.append(Problem("P001", "horaires illisibles", place_of(value_node, "hours")))


def _contradictions(attribute: Attribute) -> Iterator[tuple[str, tuple[str, ...]]]:
    name, kind = attribute.id, attribute.type
    with_values = kind in ("one_of", "many_of")
    low, high = attribute.min, attribute.max
    if with_values and not attribute.values:
        yield f"`{name}` est de type `{kind}` et n'a pas de `values`", ("id",)
    if attribute.values and not with_values:
        yield f"`{name}` est de type `{kind}`, sans `values`", ("values",)
    if kind != "number" and (low, high) != (None, None):
        yield "`min` et `max` ne vont qu'avec le type `number`", ("type",)
    if low is not None and high is not None and low > high:
        yield "`min` dépasse `max`", ("min",)
    if attribute.ask is None and attribute.derived is None:
        yield f"`{name}` n'a pas de question : ajoutez `ask`", ("id",)
    if name == STATION and kind != "commune":
        yield f"`{name}` dit où est le poste : de type `commune`", ("type",)
    if attribute.grid is not None and kind not in ("one_of", "many_of", "yes_no"):
        yield "`grid` ne va qu'avec ce qui se coche : one_of, many_of ou yes_no", ("grid",)
    if attribute.derived is not None and kind != "one_of":
        yield "un attribut calculé est de type `one_of`", ("type",)


def _read_areas(nodes: Iterable[Node], memory: Memory, problems: list[Problem]) -> dict[str, Area]:
    entries: dict[str, tuple[AreaEntry, Node]] = {}
    register = Register(problems)
    for node in nodes:
        entry = memory.once(node, (), problems, partial(_area_entry, node))
        if register.add(node) and entry:
            entries[entry.id] = (entry, node)
    return _resolve_areas(entries, problems)


def _area_entry(node: Node, problems: list[Problem]) -> AreaEntry | None:
    entry = bind(AreaEntry, node, problems)
    if entry is None:
        return None
    _check_area(entry, node, problems)
    return _with_codes(entry, node, problems)


def _check_area(entry: AreaEntry, node: Node, problems: list[Problem]) -> None:
    forms = [entry.communes, entry.includes, entry.departements, entry.everywhere or None]
    if sum(form is not None for form in forms) != 1:
        text = (
            f"`{entry.id}` attend une seule clé parmi communes, includes, departements, everywhere"
        )
        aid = 'par exemple `communes: ["35288"]`, ou `includes: [saint-malo]`'
        problems.append(Problem("V010", text, node.place, aid))
    for place, code in enumerate(entry.departements or ()):
        if not COMMUNE.fullmatch(code + "001"[: 5 - len(code)]):
            text = "code de département mal formé"
            problems.append(
                Problem("V009", text, place_of(node, "departements", place), 'comme "35"')
            )


def _with_codes(entry: AreaEntry, node: Node, problems: list[Problem]) -> AreaEntry:
    written = entry.communes or ()
    places = [place_of(node, "communes", number) for number in range(len(written))]
    codes = read_codes(written, places, problems)
    return entry if codes == written else entry.model_copy(update={"communes": codes})


def _resolve_areas(
    entries: Mapping[str, tuple[AreaEntry, Node]], problems: list[Problem]
) -> dict[str, Area]:
    """Make each area after those that it includes; what leads into a circle is left out."""
    areas: dict[str, Area] = {}
    # For an area that leads into a circle, the part through which it does.
    into_circle: dict[str, str] = {}
    for start in entries:
        # The areas that wait, each inside the one before it, with the parts still to be looked at.
        path: dict[str, Iterator[str]] = {}
        part: str | None = start
        while part is not None:
            if part in path or part in into_circle:
                into_circle.update(pairwise([*path, part]))
                break
            if part not in areas:
                path[part] = _known_parts(part, entries, problems)
            part = _next_part(path, entries, areas)
    problems.extend(_circles(into_circle, entries))
    return {name: areas[name] for name in entries if name in areas}


def _known_parts(
    name: str, entries: Mapping[str, tuple[AreaEntry, Node]], problems: list[Problem]
) -> Iterator[str]:
    entry, node = entries[name]
    for number, part in enumerate(entry.includes or ()):
        where = place_of(node, "includes", number)
        if not note_unknown("V005", part, entries, where, problems):
            yield part


def _next_part(
    path: dict[str, Iterator[str]],
    entries: Mapping[str, tuple[AreaEntry, Node]],
    areas: dict[str, Area],
) -> str | None:
    """Make the areas at the end of a path whose parts are all made; None when nothing waits."""
    while path:
        name = next(reversed(path))
        part = next(path[name], None)
        if part is not None:
            return part
        del path[name]
        areas[name] = _area(entries[name][0], areas)
    return None


def _area(entry: AreaEntry, areas: Mapping[str, Area]) -> Area:
    parts = [areas[part] for part in entry.includes or () if part in areas]
    return Area(
        id=entry.id,
        label=entry.label,
        communes=frozenset(entry.communes or ()).union(*(part.communes for part in parts)),
        departements=frozenset(entry.departements or ()).union(
            *(part.departements for part in parts)
        ),
        everywhere=entry.everywhere or any(part.everywhere for part in parts),
        listed=frozenset(entry.communes or ()),
    )


def _circles(
    into_circle: Mapping[str, str], entries: Mapping[str, tuple[AreaEntry, Node]]
) -> Iterator[Problem]:
    """Say each circle from each of its areas: nord → sud → nord, then sud → nord → sud."""
    told: set[str] = set()
    for start in into_circle:
        path: dict[str, None] = {}
        name = start
        while name not in path and name not in told:
            path[name] = None
            name = into_circle[name]
        told.update(path)
        walked = list(path)
        ring = walked[walked.index(name) :] if name in path else []
        for place, first in enumerate(ring):
            names = say_circle([*ring[place:], *ring[:place], first])
            text = f"ces territoires se contiennent en rond : {names}"
            yield Problem("V008", text, entries[first][1].place)
