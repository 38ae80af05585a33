"""Named sources: where a fact comes from is written once, and named by whoever leans on it."""

from collections.abc import Iterable, Mapping
from functools import partial
from pathlib import Path

from iscg_rules.errors import Problem
from iscg_rules.reading.binding import Id, LocalText, PartialDate, Source, bind
from iscg_rules.reading.document_paths import memory_of
from iscg_rules.reading.documents import Register, child, note_unknown, read_sections
from iscg_rules.reading.memory import FORGETFUL
from iscg_rules.reading.yaml_nodes import Items, Node, Scalar, plain

__all__ = ["SourceEntry", "read_sources", "with_sources"]

Known = Mapping[str, Source]
# Stands where a source is not known, so that nothing else is said of it.
_UNREAD = {"title": "?", "trust": "C", "checked": "2000"}


class SourceEntry(Source):
    """A source with the name that rules and partners give it, and the day when it was read.

    `note` says what another source contradicts, and which reading is kept.
    """

    id: Id
    checked: PartialDate
    note: LocalText | None = None


def read_sources(
    files: Iterable[tuple[Path, str]], problems: list[Problem]
) -> dict[str, SourceEntry]:
    """Read the files of sources that exist; what is wrong is noted and left out."""
    register = Register(problems)
    found: dict[str, SourceEntry] = {}
    memory = FORGETFUL
    for path, label in files:
        memory = memory_of(path)
        nodes = read_sections(path, ("sources",), problems, label=label) if path.exists() else {}
        for node in nodes.get("sources", ()):
            entry = memory.once(node, (), problems, partial(bind, SourceEntry, node))
            if register.add(node) and entry:
                found[entry.id] = entry
    return memory.same("sources", found, found)


def with_sources(node: Node, known: Known, problems: list[Problem]) -> dict[str, object]:
    """Return the `source` of an entry with each name replaced by what it names; empty if absent."""
    given = child(node, "source")
    if given is None:
        return {}
    items = given.items if isinstance(given, Items) else (given,)
    return {"source": [_resolve(item, known, problems) for item in items]}


def _resolve(item: Node, known: Known, problems: list[Problem]) -> object:
    if not isinstance(item, Scalar):
        return plain(item)
    if not item.text:
        problems.append(
            Problem(
                "S005",
                "`source` est vide",
                item.place,
                "nommez une source de `sources.yaml` : `source: [son-nom]`",
            )
        )
        return _UNREAD
    if item.text not in known and item.text.startswith(("http:", "https:", "www.")):
        aid = "écrivez cette page dans `sources.yaml`, avec un nom, puis nommez-la ici"
        problems.append(Problem("V011", "une source se nomme", item.place, aid))
        return _UNREAD
    if note_unknown("V011", item.text, known, item.place, problems):
        return _UNREAD
    return known[item.text].model_dump(include=set(Source.model_fields), exclude_none=True)
