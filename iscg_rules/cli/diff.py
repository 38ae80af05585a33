"""`iscg-rules diff`: what a change of the rules changes for people."""

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType

from iscg_rules.cli.days import chosen_day
from iscg_rules.cli.revisions import current_rules, rules_at, rules_in
from iscg_rules.diff.revision import RevisionScope, revise
from iscg_rules.diff.text import render_changelog, render_markdown, render_text
from iscg_rules.diff.united_rules import unite
from iscg_rules.errors import IscgError, Noted, Place, Problem
from iscg_rules.model.cases import Case, read_cases
from iscg_rules.model.files import default_rules, find_files, read_files
from iscg_rules.model.guarantees import read_guarantees
from iscg_rules.model.partners import Directory
from iscg_rules.model.rules import RuleSet
from iscg_rules.reading.territories import Layout, is_territory

__all__ = ["add_arguments", "diff"]

_NOW = "l’état actuel"
_FORMATS = MappingProxyType(
    {
        "text": render_text,
        "json": lambda revision: revision.to_json(indent=2) + "\n",
        "markdown": render_markdown,
    }
)


def add_arguments(command: argparse.ArgumentParser) -> None:
    """Say what `diff` takes."""
    where = "dossier, ou révision git"
    command.add_argument("old", nargs="?", default="HEAD", metavar="AVANT", help=f"{where} (HEAD)")
    command.add_argument("new", nargs="?", metavar="APRÈS", help=f"{where} ({_NOW} sinon)")
    command.add_argument(
        "--territory", metavar="TERRITOIRE", help="un nom livré, ou un dossier de territoire"
    )
    command.add_argument("--format", choices=tuple(_FORMATS), default="text")
    command.add_argument(
        "--changelog", action="store_true", help="écrit les lignes de rules/CHANGELOG.md"
    )
    command.add_argument("--classes", type=int, default=3, metavar="N", help="au plus N par effet")
    command.add_argument("--at", metavar="JOUR", help="jour dont on part (aujourd'hui sinon)")


def diff(chosen: argparse.Namespace) -> bool:
    """Print what changes, and tell whether anything does.

    Raises:
        IscgError: A012 without the package that proves; D001 to D003; every problem of the files.
    """
    day = chosen_day(chosen)
    if chosen.classes < 1:
        aid = "`--classes` : un nombre à partir de 1"
        raise IscgError([Problem("A011", "option hors limites", help=aid)])
    with _folders(chosen) as (before, after):
        old, new = _read(chosen, before, after)
    union = unite(old.rule_set, old.directory, new.rule_set, new.directory)
    asked = RevisionScope(day, new.report_by, chosen.classes)
    revision = revise(union, (old.cases, new.cases), asked)
    render = render_changelog if chosen.changelog else _FORMATS[chosen.format]
    sys.stdout.write(render(revision))
    return revision.is_changed


@contextmanager
def _folders(chosen: argparse.Namespace) -> Iterator[tuple[Path, Path]]:
    """Yield both folders of rules; those that git keeps lie there for a moment only."""
    now = current_rules(default_rules())
    after = rules_in(chosen.new) if chosen.new else now
    with TemporaryDirectory() as first, TemporaryDirectory() as second:
        after = after or rules_at(chosen.new, (now,), Path(second))
        before = rules_in(chosen.old)
        # A folder that git wrote for us lies in no repository: then the current one is asked.
        yield before or rules_at(chosen.old, (after, now), Path(first)), after


@dataclass(frozen=True)
class _Written:
    rule_set: RuleSet
    directory: Directory
    cases: tuple[Case, ...]
    report_by: tuple[str, ...]


def _read(chosen: argparse.Namespace, *folders: Path) -> list[_Written]:
    names = (chosen.old, chosen.new or _NOW)
    _check_territory(chosen.territory, folders, names)
    has_partners = [(folder.parent / "partners.yaml").exists() for folder in folders]
    found, problems = list[_Written](), list[Problem]()
    for folder, name, has_own in zip(folders, names, has_partners, strict=True):
        noted = Noted()
        layout = find_files(folder, None, chosen.territory, noted)
        if not has_own and any(has_partners):
            # Nobody, rather than those that ship with the package: the other side has its own.
            layout = replace(layout, partners=None)
        found.append(
            _written(layout, noted, found[-1] if found and _has_same_cases(*folders) else None)
        )
        problems += (_placed(problem, name) for problem in noted)
    if problems:
        raise IscgError(problems)
    return found


def _has_same_cases(*folders: Path) -> bool:
    """Tell whether both sides hold the same cases, letter by letter: most changes leave them."""
    roots = [folder.parent for folder in folders]
    sides = [
        {
            path.relative_to(root): path.read_bytes()
            for base in (root / folder.name, root / "territories")
            for path in base.glob("**/cases/*.yaml")
        }
        for root, folder in zip(roots, folders, strict=True)
    ]
    return sides[0] == sides[1]


def _written(layout: Layout, problems: list[Problem], other: _Written | None) -> _Written:
    rule_set, directory = read_files(layout, problems)
    # Only for what they show: `check` is there to say what is wrong with them.
    ignored = Noted()
    words, folders = rule_set.vocabulary, list(layout.folders())
    guarantees = read_guarantees(folders, words, tuple(rule_set.facts), ignored)
    if other and other.rule_set.vocabulary == words:
        cases = other.cases
    else:
        cases = read_cases(folders, words, frozenset(rule_set.rules), ignored)
    return _Written(rule_set, directory, cases, guarantees.report_by)


def _placed(problem: Problem, name: str) -> Problem:
    """Say of a problem on which side it stands, as git does: `HEAD~1:rules/housing.yaml`."""
    place = problem.place
    there = place and Place(f"{name}:{place.file}", place.line, place.column)
    return Problem(problem.code, problem.message, there, problem.help)


def _check_territory(chosen: str | None, folders: tuple[Path, ...], names: tuple[str, ...]) -> None:
    """Refuse a territory that only one side has: the other's would be somebody else's."""
    if chosen is None or len(Path(chosen).parts) > 1:
        return
    has = [is_territory(folder.parent / "territories" / chosen) for folder in folders]
    if any(has) and not all(has):
        text = f"le territoire `{chosen}` n'existe pas dans {names[has.index(False)]}"
        aid = "comparez sans `--territory`, ou choisissez une autre révision"
        raise IscgError([Problem("D003", text, help=aid)])
