"""Everything that authors wrote, as a command is given it, with every problem of it."""

import argparse
from dataclasses import dataclass
from pathlib import Path

from iscg_rules.engine import Engine
from iscg_rules.errors import IscgError, Noted, Problem
from iscg_rules.model.cases import Case
from iscg_rules.model.files import find_files, load_identity
from iscg_rules.model.guarantees import GuaranteeSet
from iscg_rules.model.partners import Directory
from iscg_rules.model.rules import RuleSet
from iscg_rules.model.written_project import read_project
from iscg_rules.reading.regular_files import shortened
from iscg_rules.reading.territories import Layout

__all__ = ["WhatIsWritten", "load_sound", "read_all"]

# As an editor for notes saves it, or as other programs want it; an editor's copy ends in `~`.
_NEARLY = frozenset({".yml", ".txt", ".yalm"})
_OF_WORD_PROCESSORS = frozenset({".odt", ".doc", ".docx", ".rtf"})

_OF_TERRITORY = frozenset(
    f"{name}.yaml"
    for name in ["territory", "vocabulary", "grounds", "rules", "partners", "sources", "guarantees"]
)
_AS_TEXT = "enregistrez-le en texte seul, sous un nom qui finit par `.yaml`"
_ELSEWHERE = "les règles d'un territoire s'écrivent dans son `rules.yaml`"


@dataclass(frozen=True)
class WhatIsWritten:
    """All that stands in a folder of rules and a partners file, and what is wrong with it."""

    layout: Layout
    rule_set: RuleSet
    directory: Directory
    guarantees: GuaranteeSet
    cases: tuple[Case, ...]
    wrong: IscgError

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What is wrong, as far as it is told."""
        return self.wrong.problems

    @property
    def places(self) -> tuple[str, ...]:
        """Name what was read: folders, then the files of partners that lie in none of them."""
        folders = [folder for folder, _ in self.layout.folders()]
        files = [path for path, _ in self.layout.partner_files() if path.parent not in folders]
        return tuple(str(_from_here(path)) for path in (*folders, *files))

    @property
    def unread(self) -> tuple[Problem, ...]:
        """W007 for each file that an author meant to be read, and whose name forbids it."""
        folders = (folder for folder, _ in self.layout.folders())
        names = sorted(
            path
            for folder in folders
            for place in (folder, folder / "cases")
            for path in place.glob("*")
            if ".yaml." in path.name.lower()
            or path.suffix.lower() in _NEARLY | _OF_WORD_PROCESSORS
            # Some systems take `.YAML` for `.yaml`.
            or (path.suffix.lower() == ".yaml" and path not in place.glob("*.yaml"))
        )
        aid = "renommez-le : son nom doit finir par `.yaml`, sans rien derrière"
        strange = sorted(
            path
            for territory in self.layout.territories
            for path in territory.folder.glob("*.yaml")
            if path.name not in _OF_TERRITORY
        )
        advised = [
            *(
                (path, _AS_TEXT if path.suffix.lower() in _OF_WORD_PROCESSORS else aid)
                for path in names
            ),
            *((path, _ELSEWHERE) for path in strange),
        ]
        said = [(f"`{shortened(_from_here(path))}` n'est pas lu", aid) for path, aid in advised]
        return tuple(Problem("W007", text, help=aid) for text, aid in said)

    def engine(self) -> Engine:
        """Return an engine of it; nothing may be wrong."""
        return Engine(self.rule_set, self.directory, identity=load_identity(self.layout))


def read_all(chosen: argparse.Namespace) -> WhatIsWritten:
    """Read everything that authors wrote, with every problem of it."""
    problems = Noted()
    layout = find_files(chosen.rules, chosen.partners, chosen.territory, problems)
    read = read_project(layout, problems)
    problems += read.wrong
    if chosen.rules and not layout.rules.is_dir():
        # All else would only repeat it.
        problems = Noted([_no_folder(layout.rules)])
    parts = (read.rule_set, read.directory, read.guarantees, read.cases)
    return WhatIsWritten(layout, *parts, IscgError(problems))


def _no_folder(given: Path) -> Problem:
    name = shortened(_from_here(given))
    if given.is_file():
        aid = f"donnez le dossier où il est rangé : `{shortened(_from_here(given.parent))}`"
        return Problem("Y001", f"`{name}` est un fichier, et non un dossier de règles", help=aid)
    usual = [path.parent for path in given.parent.glob("*/vocabulary.yaml")]
    aid = "vérifiez son nom : il contient `vocabulary.yaml`"
    if len(usual) == 1:
        aid = f"vouliez-vous dire `{shortened(_from_here(usual[0]))}` ?"
    return Problem("Y001", f"le dossier `{name}` n'existe pas", help=aid)


def load_sound(chosen: argparse.Namespace) -> WhatIsWritten:
    """Read everything that authors wrote.

    Raises:
        IscgError: every problem of it.
    """
    files = read_all(chosen)
    if files.problems:
        raise files.wrong
    return files


def _from_here(path: Path) -> Path:
    here = Path.cwd()
    whole = path.absolute()
    return whole.relative_to(here) if whole.is_relative_to(here) else path
