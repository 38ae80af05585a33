"""Files that commands write: aside first; what is not ours is never replaced."""

import csv
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from iscg_rules.errors import IscgError, Problem
from iscg_rules.reading.regular_files import load_regular, refuse_foreign, refuse_unusual
from iscg_rules.rendering.figures import ABOUT, BETWEEN, TABLES

__all__ = [
    "PAGE",
    "list_earlier",
    "refuse_existing",
    "refuse_other",
    "refuse_other_folder",
    "write_file",
    "write_folder",
    "write_text",
]

PAGE = "rapport.html"
# What we write says so before this many bytes.
_BEGINNING = 4_096
_NAME = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*\.csv")


def refuse_existing(paths: Sequence[Path], *, force: bool) -> None:
    """Refuse what exists unless it may go, and what is no regular file at all.

    Raises:
        IscgError: B012, B013.
    """
    refuse_unusual(paths)
    there = [path for path in paths if path.exists()]
    if there and not force:
        aid = "choisissez un autre nom, ou remplacez avec `--force`"
        raise IscgError([Problem("B013", f"`{there[0]}` existe déjà", help=aid)])


def refuse_other(target: Path, is_ours: Callable[[bytes], bool]) -> None:
    """Refuse to write over a link, or over what somebody else wrote.

    Args:
        target: where a command would write.
        is_ours: whether a file with these first 4,096 bytes is one that this command wrote.

    Raises:
        IscgError: B018.
    """
    if not os.path.lexists(target):
        return
    try:
        if target.is_symlink():
            raise refuse_foreign(target)
        with load_regular(target) as file:
            ours = is_ours(file.read(_BEGINNING))
    except OSError:
        ours = False
    if not ours:
        raise refuse_foreign(target)


def refuse_other_folder(folder: Path) -> None:
    """Refuse to write into what is no folder, or through a link that leads to somebody's.

    Raises:
        IscgError: B018.
    """
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise refuse_foreign(folder)


def write_file(target: Path, write: Callable[[BinaryIO], object]) -> None:
    """Write a file, which appears whole or not at all."""
    with _aside(target.parent) as aside:
        with (aside / target.name).open("wb") as file:
            write(file)
            os.fsync(file.fileno())
        refuse_unusual([target])
        (aside / target.name).replace(target)


def write_text(target: Path, text: str) -> None:
    """Write a text in UTF-8, whole or not at all."""
    write_file(target, lambda file: file.write(text.encode()))


def list_earlier(folder: Path, *, force: bool) -> set[str]:
    """Name the files of an earlier report in a folder; what else is there is not ours.

    Raises:
        IscgError: B013 where a report is and may not go, B018 where something else is that a
            report would replace.
    """
    if not os.path.lexists(folder):
        return set()
    refuse_other_folder(folder)
    # What a report wrote stands in its own list; another file of these names is somebody's.
    ours = _listed(folder / ABOUT)
    _refuse_others(folder, {PAGE, ABOUT}, ours)
    refuse_existing([folder / name for name in (PAGE, ABOUT)], force=force)
    return ours


def _listed(about: Path) -> set[str]:
    try:
        with load_regular(about) as file:
            rows = [*csv.reader(file.read().decode().splitlines())]
    except (OSError, ValueError, csv.Error):
        return set()
    named = [row[1] for row in rows if len(row) == len(("key", "value")) and row[0] == TABLES]
    return {PAGE, ABOUT, *filter(_NAME.fullmatch, named[0].split(BETWEEN))} if named else set()


def _refuse_others(folder: Path, names: set[str], ours: set[str]) -> None:
    for name in sorted(names):
        is_ours = name in ours and not (folder / name).is_symlink()
        if os.path.lexists(folder / name) and not is_ours:
            raise refuse_foreign(folder / name)


def write_folder(folder: Path, files: Mapping[str, str], earlier: set[str]) -> None:
    """Write a report aside, then move it into place, the page last; nothing else is touched.

    Raises:
        IscgError: B012, B018 where something that is not ours stands in the place of a file.
    """
    _refuse_others(folder, {*files}, earlier)
    places = [folder / name for name in sorted({*files} | earlier)]
    refuse_unusual(places)
    with _aside(folder.parent) as aside:
        for name, text in files.items():
            with (aside / name).open("w", encoding="utf-8") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
        folder.mkdir(exist_ok=True)
        # A table of an earlier report would be read together with this one.
        for name in earlier - files.keys():
            (folder / name).unlink(missing_ok=True)
        # The list of what is ours comes first: a run that was killed can be done again.
        for name in sorted(files, key=lambda name: (name == PAGE, name != ABOUT, name)):
            (aside / name).replace(folder / name)


@contextmanager
def _aside(folder: Path) -> Iterator[Path]:
    """Yield a folder beside the output, gone afterwards whatever happens."""
    aside = Path(tempfile.mkdtemp(prefix=".iscg-rules-", dir=folder))
    try:
        yield aside
    finally:
        shutil.rmtree(aside, ignore_errors=True)
