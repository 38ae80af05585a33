"""Files that are texts in memory, rules out of a database for example, read as if on a disk."""

import os
from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from pathlib import Path, PosixPath
from typing import ClassVar

from iscg_rules.errors import IscgError, Problem

__all__ = ["DocumentPath", "document_root"]


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
