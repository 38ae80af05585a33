"""The folder `OUT.part` of one run: ours by its mark, held by one process at a time.

Whoever may write beside an output may have put another folder, a link or a file in this place.
Nothing is followed: the folder is opened once, and every file is reached through what was opened,
whatever its path leads to later. Only names that we write are ever removed.
"""

import errno
import fcntl
import json
import os
import re
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO

from iscg_rules.errors import IscgError, Problem
from iscg_rules.reading.regular_files import refuse_foreign

__all__ = ["MARK", "RunFolder", "sync"]

# Both what tells that a folder is ours, and what is locked.
MARK = "iscg-rules.lock"
_NO_LINK = os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
# One row a person: nobody else reads it.
_OURS_ALONE, _FOLDER_OURS_ALONE = 0o600, 0o700
# A link, or a file, where a folder is opened; a link where a file is.
_NO_FOLDER = (errno.ENOTDIR, errno.ELOOP)
# How often another run may end just before we hold its folder.
_TRIES = 100


class RunFolder:
    """A folder in which one run keeps files whose names match a pattern."""

    def __init__(self, path: Path, names: re.Pattern[str]) -> None:
        self.path = path
        self._names = names
        self._folder = -1

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold the folder, made where it lacks, while something lasts.

        Raises:
            IscgError: B016 when another process holds it, B018 when it is not ours.
        """
        lock = next(filter(None, (self._hold() for _ in range(_TRIES))), None)
        if lock is None:
            raise IscgError([self._taken()])
        try:
            yield
        finally:
            # The system lets go of the lock, as it does when the process ends, however it ends.
            self._let_go(lock)

    def _hold(self) -> int | None:
        """Open and lock the folder; None where another run has just removed it."""
        with suppress(FileExistsError):
            self.path.mkdir(_FOLDER_OURS_ALONE)
        lock = None
        try:
            self._folder = self._open_folder()
            lock = self._open_mark()
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            # Whoever held the mark before may have removed it, and its folder, before letting go:
            # then another may hold a new one, and we hold nothing.
            if self._is_there(lock) and self._is_here():
                return lock
        except FileNotFoundError:
            pass
        except BlockingIOError:
            self._let_go(lock)
            raise IscgError([self._taken()]) from None
        except BaseException:
            self._let_go(lock)
            raise
        self._let_go(lock)
        return None

    def _open_folder(self) -> int:
        try:
            return os.open(self.path, os.O_RDONLY | os.O_DIRECTORY | _NO_LINK)
        except OSError as error:
            if error.errno in _NO_FOLDER:
                raise refuse_foreign(self.path) from None
            raise

    def _open_mark(self) -> int:
        names = os.listdir(self._folder)  # noqa: PTH208 # pathlib opens no number
        if names and MARK not in names:
            raise refuse_foreign(self.path)
        try:
            lock = os.open(
                MARK, os.O_RDWR | os.O_CREAT | _NO_LINK, _OURS_ALONE, dir_fd=self._folder
            )
        except OSError as error:
            if error.errno in (errno.ELOOP, errno.EISDIR):
                raise refuse_foreign(self.path) from None
            raise
        if stat.S_ISREG(os.fstat(lock).st_mode):
            return lock
        os.close(lock)
        raise refuse_foreign(self.path)

    def _is_there(self, lock: int) -> bool:
        named = os.stat(MARK, dir_fd=self._folder, follow_symlinks=False)
        return os.path.samestat(os.fstat(lock), named)

    def _is_here(self) -> bool:
        return os.path.samestat(os.fstat(self._folder), self.path.lstat())

    def _let_go(self, lock: int | None) -> None:
        if self._folder >= 0:
            os.close(self._folder)
            self._folder = -1
        if lock is not None:
            os.close(lock)

    def _taken(self) -> Problem:
        text = f"un autre traitement écrit déjà dans `{self.path.name}`"
        return Problem("B016", text, help="attendez sa fin")

    def names(self) -> set[str]:
        """Name the files that are ours; none while the folder is not held."""
        if self._folder < 0:
            return set()
        names = os.listdir(self._folder)  # noqa: PTH208 # as above
        return {name for name in names if self._names.fullmatch(name)}

    def load(self, name: str) -> bytes | None:
        """Return a whole file; None where there is none of ours."""
        try:
            file = os.open(name, os.O_RDONLY | _NO_LINK, dir_fd=self._folder)
        except OSError as error:
            if error.errno in (errno.ENOENT, errno.ELOOP):
                return None
            raise
        with os.fdopen(file, "rb") as opened:
            return opened.read() if stat.S_ISREG(os.fstat(file).st_mode) else None

    def create(self, name: str) -> BinaryIO:
        """Open a new file to be written; one of that name goes."""
        self.remove(name)
        options = os.O_WRONLY | os.O_CREAT | os.O_EXCL | _NO_LINK
        return os.fdopen(os.open(name, options, _OURS_ALONE, dir_fd=self._folder), "wb")

    def remove(self, name: str) -> None:
        """Remove a file that is ours, if it is there."""
        assert self._names.fullmatch(name)
        with suppress(FileNotFoundError):
            os.unlink(name, dir_fd=self._folder)

    def move_out(self, name: str, target: Path) -> None:
        """Move a file out of the folder, into the place of another."""
        os.replace(name, target, src_dir_fd=self._folder)

    def load_note(self, name: str) -> dict[str, Any] | None:
        """Return what was noted; None where nothing is, or half of it."""
        kept = self.load(name)
        with suppress(ValueError):
            content: dict[str, Any] | None = json.loads(kept) if kept else None
            return content
        return None

    def write_note(self, name: str, content: Mapping[str, Any]) -> None:
        """Note something, whole or not at all, so that it lasts."""
        with self.create(f"{name}.new") as file:
            file.write(json.dumps(content, sort_keys=True).encode())
            file.flush()
            os.fsync(file.fileno())
        os.replace(f"{name}.new", name, src_dir_fd=self._folder, dst_dir_fd=self._folder)
        os.fsync(self._folder)

    def empty(self, *last: str) -> None:
        """Remove all that is ours but the mark; these names go last."""
        for name in sorted(self.names() - set(last)):
            self.remove(name)
        for name in last:
            self.remove(name)

    def vanish(self, *last: str) -> None:
        """Remove all that is ours, then the mark and the folder, unless something else is in it."""
        self.empty(*last)
        with suppress(FileNotFoundError):
            os.unlink(MARK, dir_fd=self._folder)
        with suppress(OSError):
            if self._is_here():
                self.path.rmdir()


def sync(folder: Path) -> None:
    """Make the names in a folder last, not only what they name."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
