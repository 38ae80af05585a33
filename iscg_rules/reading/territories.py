"""Territories: what is true of one place only, laid over the common rules, the widest first."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from pydantic import StringConstraints

from iscg_rules.errors import IscgError, Problem
from iscg_rules.reading.binding import Frozen, Id, LocalText, OneOrMany, Url, bind
from iscg_rules.reading.documents import child, file_label, place_of
from iscg_rules.reading.yaml_files import read_file
from iscg_rules.reading.yaml_nodes import Items, Node
from iscg_rules.suggestions import did_you_mean

__all__ = [
    "Layout",
    "Territory",
    "TerritoryFile",
    "Transparency",
    "find_territories",
    "is_territory",
    "territory_names",
]

_FILE = "territory.yaml"


class Transparency(Frozen):
    """Who answers for the tool in a territory, each part only where somebody knows it.

    Attributes:
        administration: the département, the association … that answers for an orientation.
        contact: where somebody asks for the rules: a role and how to reach it, never a person.
        rules: the page where the rules are published.
        officer: the data protection officer: a role and how to reach it.
        basis: on what ground answers are treated: GDPR art. 6, and what articles 9 and 10 ask for.
    """

    administration: Annotated[str, StringConstraints(min_length=1)] | None = None
    contact: Annotated[str, StringConstraints(min_length=1)] | None = None
    rules: Url | None = None
    officer: Annotated[str, StringConstraints(min_length=1)] | None = None
    basis: Annotated[str, StringConstraints(min_length=1)] | None = None


class TerritoryFile(Frozen):
    """`territory.yaml`: what a territory is called, what it builds on, whom it serves, and where.

    `extends` names what it is laid over, once each, in this order; `station` is the commune where
    the post is, by its INSEE code or its name; `transparency` is what people are told of the tool.
    """

    label: LocalText
    extends: OneOrMany[Id] = ()
    home: OneOrMany[Id] = ()
    station: str | None = None
    transparency: Transparency = Transparency()
    areas: Any = ()


@dataclass(frozen=True)
class Territory:
    """One folder of a territory, with its `territory.yaml` read; the areas are read apart."""

    id: str
    folder: Path
    label: LocalText
    home: tuple[str, ...]
    station: str | None
    areas: tuple[Node, ...]
    node: Node
    transparency: Transparency

    def file(self, name: str) -> tuple[Path, str]:
        """Return the path of one of its files, and how authors know it."""
        path = self.folder / name
        return path, file_label(path, self.folder.parent)


@dataclass(frozen=True)
class Layout:
    """Every folder and file that one engine reads."""

    rules: Path
    partners: Path | None
    territories: tuple[Territory, ...] = ()
    # False where the caller gave its own partners: then nobody else's are read.
    with_local_partners: bool = True

    @property
    def transparency(self) -> Transparency:
        """What people are told of the tool: each part from the narrowest that says it."""
        told: dict[str, str] = {}
        for territory in self.territories:
            told |= territory.transparency.model_dump(exclude_none=True)
        return Transparency(**told)

    def folders(self) -> Iterator[tuple[Path, Path]]:
        """Yield each folder with the one that its files are named after."""
        yield self.rules, self.rules
        for territory in self.territories:
            yield territory.folder, territory.folder.parent

    def partner_files(self) -> Iterator[tuple[Path, str]]:
        """Yield each file of partners with its name, the common one first."""
        if self.partners:
            yield self.partners, file_label(self.partners, self.partners)
        for territory in self.territories if self.with_local_partners else ():
            path, label = territory.file("partners.yaml")
            if path.exists():
                yield path, label


def is_territory(folder: Path) -> bool:
    """Tell whether a folder holds a territory."""
    try:
        return (folder / _FILE).is_file()
    except OSError:
        # A name that is too long names nothing.
        return False


def find_territories(
    chosen: str | Path, roots: Sequence[Path], problems: list[Problem]
) -> tuple[Territory, ...]:
    """Read a territory and those that it extends, each after those that it extends itself.

    Args:
        chosen: the name of a folder in one of the roots, or a path to a folder.
        roots: where names are looked up, in this order.

    Raises:
        IscgError: A011 where no such territory is known.
    """
    folder = _folder(str(chosen), roots) if str(chosen) else None
    if folder is None:
        raise IscgError([_unknown(str(chosen), roots)])
    laid: dict[Path, Territory] = {}
    # Those that wait for what they extend, each inside the one before it.
    path: dict[Path, tuple[Territory, Iterator[tuple[int, str]]]] = {}
    _open(folder, path, problems)
    opened = {folder}
    while path:
        folder = next(reversed(path))
        territory, wider = path[folder]
        number, name = next(wider, (0, None))
        if name is None:
            del path[folder]
            laid[folder] = territory
            continue
        around = (folder.parent, *roots)
        following = _folder(name, around)
        where = place_of(territory.node, "extends", number)
        if following is None:
            names = ", ".join(territory_names(around))
            problems.append(
                Problem("V012", f"territoire inconnu `{name[:60]}`", where, f"connus : {names}")
            )
        elif following in path:
            aid = "un territoire ne peut pas se prolonger lui-même"
            problems.append(Problem("V012", "ces territoires tournent en rond", where, aid))
        elif following not in opened:
            # Once each, even where it cannot be read.
            opened.add(following)
            _open(following, path, problems)
    return tuple(laid.values())


def _open(
    folder: Path,
    path: dict[Path, tuple[Territory, Iterator[tuple[int, str]]]],
    problems: list[Problem],
) -> None:
    """Read a territory and put it at the end of the path; what cannot be read is left out."""
    node, noted = read_file(folder / _FILE, file_label(folder / _FILE, folder.parent))
    problems.extend(noted)
    if node is None:
        return
    areas = child(node, "areas")
    given: Mapping[str, object] = {}
    if isinstance(areas, Items):
        given = {"areas": ()}
    elif areas is not None:
        aid = "chaque élément commence par un tiret"
        problems.append(Problem("S003", "`areas` attend une liste", areas.place, aid))
    entry = bind(TerritoryFile, node, problems, given=given)
    if entry is None:
        return
    nodes = areas.items if isinstance(areas, Items) else ()
    said = (entry.label, entry.home, entry.station, nodes, node, entry.transparency)
    territory = Territory(folder.name, folder, *said)
    path[folder] = (territory, iter(enumerate(entry.extends)))


def _folder(name: str, roots: Sequence[Path]) -> Path | None:
    """Find a territory: a path to a folder, else a name in the first root that has it."""
    beside = [root / name for root in roots]
    path = Path(name)
    if len(path.parts) > 1 or path.is_absolute():
        beside = [path]
    return next((folder for folder in beside if is_territory(folder)), None)


def territory_names(roots: Sequence[Path]) -> list[str]:
    """Return the name of every territory that lies in one of the roots."""
    return sorted({path.parent.name for root in roots for path in root.glob(f"*/{_FILE}")})


def _unknown(name: str, roots: Sequence[Path]) -> Problem:
    names = territory_names(roots)
    aid = did_you_mean(name, names) or "un dossier se donne par son chemin : territories/ici"
    return Problem("A011", "territoire inconnu", help=aid)
