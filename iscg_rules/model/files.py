"""The files behind an engine: where they are found, and their reading into frozen values."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

from iscg_rules.errors import IscgError, Noted, Problem
from iscg_rules.model.identity import Identity
from iscg_rules.model.partners import Directory, read_directory
from iscg_rules.model.rule_files import read_rule_set
from iscg_rules.model.rules import RuleSet
from iscg_rules.model.vocabulary_file import read_vocabulary
from iscg_rules.reading.documents import child, file_label, without_cascade
from iscg_rules.reading.territories import (
    Layout,
    find_territories,
    is_territory,
    territory_names,
)
from iscg_rules.reading.yaml_nodes import Scalar

__all__ = [
    "default_hazards",
    "default_partners",
    "default_rules",
    "find_files",
    "find_shared_territory",
    "known_territories",
    "load_files",
    "load_identity",
    "read_files",
]

# Where everything started: the territory of those who choose none.
_FIRST_TERRITORY = "pays-de-saint-malo"
_QUOTED = re.compile(r"`([^`]+)`")


def _shipped(name: str) -> Path:
    """Find what ships with the package: inside the wheel, or beside an editable checkout."""
    package = Path(__file__).parents[1]
    inside = package / "data" / name
    return inside if inside.exists() else package.parent / name


def default_rules() -> Path:
    """Return the folder of the shipped rules."""
    return _shipped("rules")


def default_partners() -> Path:
    """Return the file of the shipped partners."""
    return _shipped("partners.yaml")


def default_hazards(rules: str | Path | None) -> Path:
    """Return the file of hazards beside a folder of rules, or the shipped one."""
    beside = _path(rules or default_rules()).parent / "safety" / "hazards.yaml"
    return beside if beside.exists() else _shipped("safety") / "hazards.yaml"


def _path(given: str | Path) -> Path:
    # A path that is one stays what it is: it may lead to documents in memory.
    return given if isinstance(given, Path) else Path(given)


def find_files(
    rules: str | Path | None,
    partners: str | Path | None,
    territory: str | Path | None,
    problems: list[Problem],
) -> Layout:
    """Find every file that an engine reads, as `Engine.load` says; what is wrong is noted.

    Raises:
        IscgError: A011 where no such territory is known, or a name can name nothing.
    """
    for given in (rules, partners):
        _refuse_unusable(given)
    folder = _path(rules) if rules else default_rules()
    roots = _roots(folder)
    if territory is None and is_territory(roots[0] / _FIRST_TERRITORY):
        territory = _FIRST_TERRITORY
    laid = () if territory is None else find_territories(territory, roots, problems)
    beside = folder.parent / "partners.yaml"
    usual = beside if beside.exists() else default_partners()
    if partners and _path(partners).resolve() != usual.resolve():
        return Layout(folder, _path(partners), laid, with_local_partners=False)
    return Layout(folder, usual, laid)


def _roots(rules: Path) -> tuple[Path, Path]:
    return (rules.parent / "territories", _shipped("territories"))


def known_territories(rules: str | Path | None) -> list[str]:
    """Return the name of every territory that may be chosen with a folder of rules."""
    return territory_names(_roots(_path(rules) if rules else default_rules()))


def find_shared_territory(rules: str | Path | None, departement: str) -> str | None:
    """Name what the posts of a département share: a territory named after it, without a post."""
    for name in known_territories(rules):
        problems = Noted()
        layout = find_files(rules, None, name, problems)
        shared = layout.territories[-1:] if not problems else ()
        if any(not one.home and one.station is None for one in shared):
            words, _, _ = read_vocabulary(layout.rules, problems, layout.territories)
            # It may know other départements too: the one that it is named after is its own.
            if name in words.areas and words.areas[name].departements == {departement}:
                return name
    return None


def _refuse_unusable(name: str | Path | None) -> None:
    """Refuse a name that is empty or too long: neither is the usual files in silence."""
    text = str("" if name is None else name)
    with suppress(OSError):
        # Asked of the system: only it knows how long a name may be.
        Path("." if "\0" in text else text).exists()
        if name is None or (isinstance(name, str | Path) and text and "\0" not in text):
            return
    said = "n'en peut être un" if text else "est vide"
    aid = "donnez son chemin, ou laissez l'option"
    raise IscgError([Problem("A011", f"un nom de fichier ou de dossier {said}", help=aid)])


def read_files(layout: Layout, problems: list[Problem]) -> tuple[RuleSet, Directory]:
    """Read what can be read of rules and partners; what is wrong is noted and left out."""
    rule_set = read_rule_set(layout.rules, problems, layout.territories)
    noted = Noted()
    facts = tuple(rule_set.facts)
    directory = read_directory(layout.partner_files(), rule_set.vocabulary, facts, noted)
    problems += without_cascade(noted, problems)
    _say_where_known(layout, problems)
    return rule_set, directory


def _say_where_known(layout: Layout, problems: list[Problem]) -> None:
    """Tell of an area that only other territories know where its entry belongs."""
    unknown = [number for number, problem in enumerate(problems) if problem.code == "V005"]
    knowing = _territories_by_area(layout.rules) if unknown else {}
    for number in unknown:
        words = _QUOTED.search(problems[number].message)
        names = knowing.get(words[1] if words else "", ())
        if words and names:
            folders = ", ".join(f"territories/{name}/" for name in names)
            aid = (
                f"`{words[1]}` n'est connu que là : {folders} ; rangez cette entrée dans un de ces "
                "dossiers, sinon les autres territoires ne se lisent plus"
            )
            problems[number] = replace(problems[number], help=aid)


def _territories_by_area(rules: Path) -> Mapping[str, Sequence[str]]:
    """Return each area that a territory adds, with every territory that may name it."""
    roots, knowing = _roots(rules), defaultdict[str, list[str]](list)
    for name in territory_names(roots):
        for territory in find_territories(name, roots, Noted()):
            for node in territory.areas:
                area = child(node, "id")
                if isinstance(area, Scalar):
                    knowing[area.text].append(name)
    return knowing


def load_files(
    rules: str | Path | None, partners: str | Path | None, territory: str | Path | None
) -> tuple[RuleSet, Directory, Identity]:
    """Read rules and partners as `Engine.load` says, and which they are.

    Raises:
        IscgError: every problem of every file.
    """
    problems = Noted()
    layout = find_files(rules, partners, territory, problems)
    rule_set, directory = read_files(layout, problems)
    if problems:
        raise IscgError(problems)
    return rule_set, directory, load_identity(layout)


def load_identity(layout: Layout) -> Identity:
    """Say which files an engine is made of, wherever they lie: their names and their bytes."""
    named = [
        (file_label(path, base), path)
        for folder, base in layout.folders()
        for path in folder.glob("*.yaml")
        # Those of a territory's partners are read only where nobody gave others.
        if layout.with_local_partners or path.name != "partners.yaml"
    ]
    named += [(label, path) for path, label in layout.partner_files()]
    digest = sha256()
    for label, path in sorted(dict(named).items()):
        data = path.read_bytes()
        digest.update(f"{label}\0{len(data)}\0".encode() + data)
    territory = layout.territories[-1].id if layout.territories else None
    return Identity(territory=territory, digest=digest.hexdigest())
