"""Files that are texts in memory, rules out of a database for example, read as if on a disk.

Or some of those on a disk, as an editor holds them before they are saved.
"""

import os
from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from pathlib import Path, PosixPath
from typing import ClassVar

from iscg_rules.errors import IscgError, Problem
from iscg_rules.reading.memory import FORGETFUL, Memory

__all__ = ["DocumentPath", "OverlaidPath", "document_root", "memory_of", "overlaid_root"]


class DocumentPath(PosixPath):
    """A path that finds its bytes among documents; whatever is made of it finds them too."""

    documents: ClassVar[Mapping[str, bytes]] = {}

    # As of `Path`: what a path is, and what it holds.
    def is_file(self, **_: bool) -> bool:
        return self.as_posix() in self.documents

    def is_dir(self, **_: bool) -> bool:
        return any(name.startswith(f"{self.as_posix()}/") for name in self.documents)

    def exists(self, **_: bool) -> bool:
        return self.is_file() or self.is_dir()

    def stat(self, **_: bool) -> os.stat_result:
        size = len(self.documents.get(self.as_posix(), b""))
        return os.stat_result((0o100_444, 0, 0, 1, 0, 0, size, 0, 0, 0))

    def read_bytes(self) -> bytes:
        if not self.is_file():
            raise FileNotFoundError(self.as_posix())
        return self.documents[self.as_posix()]

    def resolve(self, *, strict: bool = False) -> "DocumentPath":  # type: ignore[override]  # no link leads elsewhere
        del strict
        return self

    def glob(self, pattern: str, **_: bool) -> Iterator["DocumentPath"]:  # type: ignore[override]  # as far as it is used
        depth = pattern.count("/")
        for name in self.documents:
            path = type(self)(name)
            folder = path.parents[depth] if depth < len(path.parents) else None
            if folder == self and fnmatchcase(name, (self / pattern).as_posix()):
                yield path


def document_root(documents: Mapping[str, str]) -> Path:
    """Return the folder under which some texts stand, by names like `rules/housing.yaml`.

    Raises:
        IscgError: A011 where they are no texts by names.
    """
    given: object = documents
    if not isinstance(given, Mapping) or not all(
        isinstance(part, str) for pair in given.items() for part in pair
    ):
        aid = 'écrivez `{"rules/vocabulary.yaml": "…"}`'
        raise IscgError([Problem("A011", "des textes par nom sont attendus", help=aid)])
    # A text that cannot be written as UTF-8 is refused as any other file, with its name.
    data = {
        Path(name).as_posix(): text.encode(errors="surrogatepass") for name, text in given.items()
    }

    class Documents(DocumentPath):
        documents = data

    return Documents(".")


class OverlaidPath(DocumentPath):
    """A path on a disk, on which some files are texts in memory; paths are absolute.

    `load_regular` opens either; `read_bytes` gives those in memory only.

    `memory` holds what was read of them before: who reads again after one letter reads one file.
    """

    memory: ClassVar[Memory]

    def is_file(self, **_: bool) -> bool:
        return super().is_file() or self._on_disk.is_file()

    def is_dir(self, **_: bool) -> bool:
        return super().is_dir() or self._on_disk.is_dir()

    def stat(self, **_: bool) -> os.stat_result:
        return super().stat() if super().is_file() else self._on_disk.stat()

    def glob(self, pattern: str, **_: bool) -> Iterator[DocumentPath]:  # type: ignore[override]  # as far as it is used
        found = {type(self)(path) for path in self._on_disk.glob(pattern)}
        yield from sorted(found.union(super().glob(pattern)))

    @property
    def _on_disk(self) -> Path:
        return Path(self.as_posix())


def overlaid_root(
    folder: Path,
    texts: Mapping[str, str],
    kept: Memory | None = None,
) -> Path:
    """Return an absolute folder of a disk on which some files, by absolute name, are these texts.

    Args:
        folder: where what is read lies.
        texts: what stands in files in place of what the disk holds; they need not be on it.
        kept: what earlier readings left there.
    """
    data = {name: text.encode(errors="surrogatepass") for name, text in texts.items()}
    known = Memory() if kept is None else kept

    class Overlaid(OverlaidPath):
        documents = data
        memory = known

    return Overlaid(folder)


def memory_of(path: Path) -> Memory:
    """Return what is known of earlier readings of a path; nothing where it is read once."""
    return path.memory if isinstance(path, OverlaidPath) else FORGETFUL
