"""The files behind an engine: where they are found, and their reading into frozen values."""

from contextlib import suppress
from pathlib import Path

from iscg_rules.errors import IscgError, Problem
from iscg_rules.model.partners import Directory, read_directory
from iscg_rules.model.rule_files import read_rule_set
from iscg_rules.model.rules import RuleSet
from iscg_rules.reading.documents import without_cascade
from iscg_rules.reading.territories import Layout, find_territories, is_territory

__all__ = ["default_partners", "default_rules", "find_files", "read_files"]

# Where everything started: the territory of those who choose none.
_FIRST_TERRITORY = "pays-de-saint-malo"


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
    folder = Path(rules) if rules else default_rules()
    roots = (folder.parent / "territories", _shipped("territories"))
    if territory is None and is_territory(roots[0] / _FIRST_TERRITORY):
        territory = _FIRST_TERRITORY
    laid = () if territory is None else find_territories(territory, roots, problems)
    beside = folder.parent / "partners.yaml"
    usual = beside if beside.exists() else default_partners()
    if partners and Path(partners).resolve() != usual.resolve():
        return Layout(folder, Path(partners), laid, with_local_partners=False)
    return Layout(folder, usual, laid)


def _refuse_unusable(name: str | Path | None) -> None:
    """Refuse a name that is empty or too long: neither is the usual files in silence."""
    text = str("" if name is None else name)
    with suppress(OSError):
        # Asked of the system: only it knows how long a name may be.
        Path("." if "\0" in text else text).exists()
        if name is None or (text and "\0" not in text):
            return
    said = "n'en peut être un" if text else "est vide"
    aid = "donnez son chemin, ou laissez l'option"
    raise IscgError([Problem("A011", f"un nom de fichier ou de dossier {said}", help=aid)])


def read_files(layout: Layout, problems: list[Problem]) -> tuple[RuleSet, Directory]:
    """Read what can be read of rules and partners; what is wrong is noted and left out."""
    rule_set = read_rule_set(layout.rules, problems, layout.territories)
    noted: list[Problem] = []
    facts = tuple(rule_set.facts)
    directory = read_directory(layout.partner_files(), rule_set.vocabulary, facts, noted)
    problems += without_cascade(noted, problems)
    return rule_set, directory
