"""Two versions of the rules as commands are given them: folders, or what git keeps."""

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from iscg_rules.cli.revisions import current_rules, rules_at, rules_in
from iscg_rules.errors import IscgError, Noted, Place, Problem
from iscg_rules.model.files import default_rules, find_files
from iscg_rules.model.written_project import WrittenProject, read_project
from iscg_rules.reading.territories import is_territory

__all__ = ["NOW", "read_sides"]

NOW = "l’état actuel"


def read_sides(chosen: argparse.Namespace) -> tuple[WrittenProject, WrittenProject]:
    """Read what `old` and `new` name: both rule sets, with their cases and promises.

    Raises:
        IscgError: D001 to D003; every problem of the rules and partners of both.
    """
    with _folders(chosen) as folders:
        old, new = _read(chosen, *folders)
    return old, new


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


def _read(chosen: argparse.Namespace, *folders: Path) -> list[WrittenProject]:
    names = (chosen.old, chosen.new or NOW)
    _check_territory(chosen.territory, folders, names)
    has_partners = [(folder.parent / "partners.yaml").exists() for folder in folders]
    found, problems = list[WrittenProject](), list[Problem]()
    for folder, name, has_own in zip(folders, names, has_partners, strict=True):
        noted = Noted()
        layout = find_files(folder, None, chosen.territory, noted)
        if not has_own and any(has_partners):
            # Nobody, rather than those that ship with the package: the other side has its own.
            layout = replace(layout, partners=None)
        is_reused = found and not problems and _has_same_cases(*folders)
        same = found[-1] if is_reused else None
        found.append(read_project(layout, noted, same))
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
