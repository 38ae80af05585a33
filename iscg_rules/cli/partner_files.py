"""The files of a territory's partners: read, checked before they change, and written."""

from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path

import iscg_rules
from iscg_rules.cli.output_files import refuse_other, refuse_other_folder
from iscg_rules.errors import IscgError, MissingPackageError, Noted, Problem
from iscg_rules.model.files import find_files, read_files
from iscg_rules.model.partners import Directory, read_directory
from iscg_rules.model.rules import RuleSet
from iscg_rules.reading.document_paths import document_root
from iscg_rules.reading.regular_files import refuse_unusual
from iscg_rules.reading.territories import Layout

__all__ = [
    "check_files",
    "files_that_may_change",
    "place_of_proposals",
    "read_territory",
    "refuse_installed",
    "refuse_other_than_ours",
    "require_package",
]


def require_package() -> None:
    """Refuse where a package of the extra is not installed.

    Raises:
        MissingPackageError: A012.
    """
    try:
        import iscg_rules.directory.importing  # noqa: F401, PLC0415 # it needs the others
        from iscg_rules.directory.record_files import PACKAGES  # noqa: PLC0415

        for name in PACKAGES:
            if find_spec(name) is None:
                raise ModuleNotFoundError(name=name)  # told as those below
    except ImportError as error:
        text = f"le paquet `{error.name}` n'est pas installé"
        raise MissingPackageError(text, "pip install 'iscg-rules[directory]'") from None


def read_territory(rules: str | None, territory: str) -> tuple[Layout, RuleSet, Directory]:
    """Read rules and partners of a territory.

    Raises:
        IscgError: every problem of every file.
    """
    problems = Noted()
    layout = find_files(rules, None, territory, problems)
    rule_set, directory = read_files(layout, problems)
    if problems:
        raise IscgError(problems)
    return layout, rule_set, directory


def place_of_proposals(layout: Layout) -> Path:
    """Return where the proposals of a territory stand, away from what an engine reads."""
    return layout.territories[-1].folder / "proposed" / "partners.yaml"


def refuse_installed(place: Path) -> None:
    """Refuse to write into the installed package, which the next version replaces.

    Raises:
        IscgError: A011.
    """
    if Path(iscg_rules.__file__).parent / "data" in place.resolve().parents:
        aid = "copiez son dossier, et donnez le chemin de la copie : territories/ici"
        raise IscgError([Problem("A011", "ce territoire est celui du paquet installé", help=aid)])


def files_that_may_change(layout: Layout) -> dict[str, tuple[Path, str]]:
    """Return each file of partners of the territory and those that it extends, with its text.

    Raises:
        IscgError: B012 for a link.
    """
    found = {}
    for territory in layout.territories:
        path, label = territory.file("partners.yaml")
        refuse_unusual([path])
        found[label] = (path, path.read_text("utf-8") if path.exists() else "")
    return found


def check_files(layout: Layout, rule_set: RuleSet, changed: Mapping[str, str]) -> None:
    """Refuse texts that could not be read as partners.

    Raises:
        IscgError: every problem; nothing has been written.
    """
    root = document_root(changed)
    files = [
        (root / label if label in changed else path, label)
        for path, label in layout.partner_files()
    ]
    known = {label for _, label in files}
    files += [(root / label, label) for label in changed if label not in known]
    problems = Noted()
    read_directory(files, rule_set.vocabulary, tuple(rule_set.facts), problems)
    if problems:
        raise IscgError(problems)


def refuse_other_than_ours(path: Path, first: str) -> None:
    """Refuse to write over a link, or over a file that somebody else wrote.

    Raises:
        IscgError: B018.
    """
    refuse_other_folder(path.parent)
    refuse_other(path, lambda beginning: beginning.startswith(first.encode()))
