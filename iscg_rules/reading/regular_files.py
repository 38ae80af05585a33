"""Regular files: only they are read, since a pipe may never end, and only they are replaced."""

import errno
import os
import stat
from collections.abc import Iterable
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from iscg_rules.errors import IscgError, Problem
from iscg_rules.reading.document_paths import DocumentPath, OverlaidPath

__all__ = ["load_regular", "refuse_foreign", "refuse_unusual", "shortened"]

_LONGEST = 200


def load_regular(path: Path) -> BinaryIO:
    """Open a file to be read.

    Raises:
        IsADirectoryError: it is a folder.
        OSError: it cannot be read, or it is a pipe or a device (`ENXIO`): it might never end.
    """
    is_text = isinstance(path, DocumentPath) and path.as_posix() in path.documents
    if is_text or (isinstance(path, DocumentPath) and not isinstance(path, OverlaidPath)):
        return BytesIO(path.read_bytes())
    # A pipe would else wait here for who writes into it.
    number = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    kind = os.fstat(number).st_mode
    if stat.S_ISREG(kind):
        return os.fdopen(number, "rb")
    os.close(number)
    if stat.S_ISDIR(kind):
        raise IsADirectoryError(errno.EISDIR, "a folder")
    raise OSError(errno.ENXIO, "no regular file")


def refuse_unusual(places: Iterable[Path]) -> None:
    """Refuse to replace what is no regular file: a link, a pipe, a device.

    Raises:
        IscgError: B012.
    """
    for place in places:
        with suppress(FileNotFoundError):
            if not stat.S_ISREG(place.lstat().st_mode):
                text = f"`{shortened(place.name)}` est un lien ou n'est pas un fichier ordinaire"
                aid = "choisissez un autre nom ; `-` est la sortie standard"
                raise IscgError([Problem("B012", text, help=aid)])


def refuse_foreign(place: Path) -> IscgError:
    """Return what is said of something that is not ours, or a link, where we would write."""
    text = f"`{shortened(place.name)}` n'est pas de nous, ou est un lien : rien n'y est changé"
    aid = "déplacez-le, ou choisissez un autre nom pour la sortie"
    return IscgError([Problem("B018", text, help=aid)])


def shortened(name: str | Path) -> str:
    """Return a name as a message shows it: a whole one may be as long as a page."""
    text = str(name)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
