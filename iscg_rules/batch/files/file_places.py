"""Where a run reads and writes: what may be opened, what may be replaced, and why not."""

import errno
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from iscg_rules.errors import IscgError, Problem
from iscg_rules.reading.regular_files import load_regular, shortened

__all__ = [
    "load_input",
    "load_stamp",
    "refuse_changed",
    "refuse_same",
    "writing",
]

# A file, its size and when it was last written: the same while nobody writes another.
_Stamp = tuple[int, ...]


@contextmanager
def load_input(source: Path | BinaryIO) -> Iterator[BinaryIO]:
    """Open a file to be read.

    Raises:
        IscgError: Y001 when it cannot be read, or may never end; Y002 when it is a folder.
    """
    if not isinstance(source, Path):
        yield source
        return
    try:
        file = load_regular(source)
    except OSError as error:
        raise IscgError([_unreadable(source, error)]) from None
    with file:
        yield file


def _unreadable(source: Path, error: OSError) -> Problem:
    name = shortened(source)
    if error.errno == errno.EISDIR:
        return Problem("Y002", f"`{name}` est un dossier", help="donnez un fichier")
    if error.errno == errno.ENXIO:
        text = f"`{name}` n'est pas un fichier ordinaire"
        return Problem("Y001", text, help="`-` lit l'entrée standard")
    reasons = {errno.ENOENT: "n'existe pas", errno.EACCES: "n'est pas lisible par vous"}
    text = f"`{name}` {reasons.get(error.errno or 0, 'ne peut pas être lu')}"
    return Problem("Y001", text, help="vérifiez son nom, son dossier et vos droits")


def load_stamp(source: Path | BinaryIO) -> _Stamp | None:
    """Return what changes when another writes a file; None where there is no file."""
    if isinstance(source, Path):
        with suppress(OSError):
            told = source.stat()
            return told.st_dev, told.st_ino, told.st_size, told.st_mtime_ns
    return None


def refuse_changed(source: Path | BinaryIO, stamp: _Stamp | None) -> None:
    """Refuse an input that is not what it was when the run began.

    Raises:
        IscgError: B017.
    """
    if load_stamp(source) != stamp:
        text = "le fichier d'entrée a changé pendant le traitement"
        aid = "recommencez quand plus personne n'y écrit, avec `--force`"
        raise IscgError([Problem("B017", text, help=aid)])


def refuse_same(source: Path | BinaryIO, places: Iterable[Path]) -> None:
    """Refuse an input that a run would replace or remove.

    Args:
        source: the input.
        places: files that the run replaces, and its folder.

    Raises:
        IscgError: B014.
    """
    if not isinstance(source, Path):
        return
    for place in places:
        with suppress(OSError):
            if place.samefile(source) or place.samefile(source.resolve().parent):
                text = "l'entrée et la sortie sont le même fichier"
                if place.samefile(source) and place.suffix == ".rejected":
                    text = "l'entrée est à la place des lignes écartées"
                raise IscgError([Problem("B014", text, help="donnez un autre nom à la sortie")])


_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_FORBIDDEN = (errno.EACCES, errno.EPERM, errno.EROFS)
_MISSING = (errno.ENOENT, errno.ENOTDIR)


@contextmanager
def writing(target: Path, again: str = "continuez avec `--resume`") -> Iterator[None]:
    """Say in words why the output cannot be written, and how to go on.

    Raises:
        IscgError: B012.
    """
    try:
        if target.is_dir():
            text = f"`{target}` est un dossier"
            raise IscgError([Problem("B012", text, help="donnez un fichier")])
        yield
    except OSError as error:
        if error.errno in _FULL:
            text = f"le disque est plein, `{target.name}` n'est pas écrit"
            aid = f"faites de la place, puis {again}"
        elif error.errno in _FORBIDDEN:
            text = f"`{target.parent}` ne vous laisse rien écrire"
            aid = "choisissez un autre dossier"
        elif error.errno == errno.ENAMETOOLONG:
            text, aid = "le nom de la sortie est trop long", "choisissez-en un plus court"
        elif error.errno in _MISSING:
            text = f"le dossier `{target.parent}` n'existe pas"
            aid = "créez-le, ou choisissez-en un autre"
        else:
            text = f"`{target.name}` ne peut pas être écrit (erreur {error.errno} du système)"
            aid = f"vérifiez le disque, puis {again}"
        raise IscgError([Problem("B012", text, help=aid)]) from None
