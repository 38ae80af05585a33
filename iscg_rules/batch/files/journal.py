"""A long run over one file, written aside: chunks that are done, and the moment when all are.

Beside `OUT` stands the folder `OUT.part` while a run lasts. Each chunk that is done is a file
there, so that a run that was killed goes on where it stopped. `OUT` and `OUT.rejected` are moved
into place once everything is on the disk, and not before.
"""

import fcntl
import hashlib
import io
import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO, cast

from iscg_rules.errors import IscgError, Problem

__all__ = ["Journal", "load_digest", "rejected_beside"]

_LOCK, _PURPOSE, _FINISHED = "lock", "purpose.json", "finished.json"
_OUTPUT, _REJECTED = "output", "rejected"
_DIGEST = 32

# What a run depends on, as the person who starts it would call it.
_CALLED = {
    "input": "le fichier d'entrée",
    "options": "les options",
    "rules": "les règles ou les partenaires",
    "versions": "la version d'iscg-rules ou de pyarrow",
}


def rejected_beside(target: Path) -> Path:
    """Return the file for the rows that are set aside."""
    return target.with_name(f"{target.name}.rejected")


def load_digest(paths: Iterable[Path]) -> str:
    """Return a digest of whole files in an order, the same for the same bytes only."""
    digest = hashlib.sha256()
    for path in paths:
        with path.open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()


class Journal:
    """What one run has done so far, in `OUT.part`; one process at a time holds it."""

    def __init__(self, target: Path) -> None:
        self.target = target
        self.rejected = rejected_beside(target)
        self.folder = target.with_name(f"{target.name}.part")

    @contextmanager
    def held(self, purpose: Mapping[str, object], *, resume: bool, force: bool) -> Iterator[None]:
        """Hold the folder of the run while it lasts.

        A run that fails leaves its chunks for `resume`, or nothing where there are none.

        Args:
            purpose: everything that the bytes of the output depend on, as plain values.
            resume: go on with the chunks of an earlier run.
            force: what stands in the place of the output, or of an earlier run, may go.

        Raises:
            IscgError: B013 when the output exists, B016 when another run stands in the way, B017
                when the run to resume had another purpose.
        """
        if not self.folder.exists():
            self._refuse_existing(force=force, resume=resume)
        self.folder.mkdir(exist_ok=True)
        with (self.folder / _LOCK).open("ab") as lock:
            _lock(lock, self.folder)
            try:
                self._enter(purpose, resume=resume, force=force)
                yield
            finally:
                if self.folder.exists() and not (self._has_chunks() or self.finished()):
                    self._clear()

    def _enter(self, purpose: Mapping[str, object], *, resume: bool, force: bool) -> None:
        if self.finished() and resume:
            return
        self._refuse_existing(force=force, resume=resume)
        begun = self._read(_PURPOSE) if self._has_chunks() else None
        if begun is not None and not (resume or force):
            text = f"un traitement vers `{self.target.name}` a été interrompu"
            aid = "`--resume` le continue, `--force` recommence à zéro"
            raise IscgError([Problem("B016", text, help=aid)])
        plain = json.loads(json.dumps(dict(purpose)))
        if begun is not None and resume and begun != plain:
            changed = sorted(key for key in plain if begun.get(key) != plain[key])
            what = ", ".join(_CALLED[key] for key in changed)
            text = f"le traitement interrompu ne peut pas continuer, ceci a changé : {what}"
            aid = "remettez comme avant, ou recommencez à zéro avec `--force`"
            raise IscgError([Problem("B017", text, help=aid)])
        if begun is None or not resume:
            self._empty()
            self._write(_PURPOSE, plain)

    def _refuse_existing(self, *, force: bool, resume: bool) -> None:
        there = [path.name for path in (self.target, self.rejected) if path.exists()]
        if there and not force:
            text = " et ".join(f"`{name}`" for name in there)
            verb = "existent" if len(there) > 1 else "existe"
            aid = "choisissez un autre nom, ou remplacez avec `--force`"
            if resume and not self._has_chunks():
                aid = "il n'y a rien à continuer : le traitement est sans doute fini"
            raise IscgError([Problem("B013", f"{text} {verb} déjà", help=aid)])

    def _has_chunks(self) -> bool:
        return any(self.folder.glob("chunk-*"))

    def load_chunk(self, number: int) -> memoryview | None:
        """Return what was kept of a chunk; None when it was not finished."""
        path = self._chunk(number)
        if not path.exists():
            return None
        kept = memoryview(path.read_bytes())
        payload, digest = kept[:-_DIGEST], kept[-_DIGEST:]
        # A machine that lost its power may have kept half a chunk: then it is not done.
        return payload if digest == hashlib.sha256(payload).digest() else None

    def keep_chunk(self, number: int, write: Callable[[BinaryIO], object]) -> None:
        """Keep what is written of a chunk that is done."""
        with self._chunk(number).open("wb") as file:
            digested = _Digested(file)
            write(cast("BinaryIO", digested))
            file.write(digested.digest.digest())

    def _chunk(self, number: int) -> Path:
        return self.folder / f"chunk-{number:08}"

    @contextmanager
    def outputs(self) -> Iterator[tuple[BinaryIO, BinaryIO]]:
        """Open what will become the output and the rejected rows, both empty."""
        with (
            (self.folder / _OUTPUT).open("wb") as output,
            (self.folder / _REJECTED).open("wb") as rejected,
        ):
            yield output, rejected
            for file in (output, rejected):
                file.flush()
                os.fsync(file.fileno())

    def finish(self, tally: Mapping[str, Any], *, has_rejected: bool) -> None:
        """Note that everything is written, then move it into place.

        INVARIANT: from the note on, a run that is killed can only be tidied up, never redone.
        """
        self._write(_FINISHED, {"tally": dict(tally), "has_rejected": has_rejected})
        self.tidy()

    def finished(self) -> dict[str, Any] | None:
        """Return the tally of a run that wrote everything; None of one that did not."""
        note = self._read(_FINISHED)
        return None if note is None else dict(note["tally"])

    def tidy(self) -> None:
        """Move what is written into place and remove the folder; may be done again."""
        note = self._read(_FINISHED)
        assert note is not None
        output, rejected = self.folder / _OUTPUT, self.folder / _REJECTED
        if output.exists():
            if note["has_rejected"] and rejected.exists():
                rejected.replace(self.rejected)
            elif not note["has_rejected"]:
                self.rejected.unlink(missing_ok=True)
            output.replace(self.target)
            _sync(self.target.parent)
        self._clear()

    def _empty(self) -> None:
        for path in self.folder.iterdir():
            if path.name != _LOCK:
                path.unlink()

    def _clear(self) -> None:
        """Remove the folder; what tells that a run was finished goes last."""
        last = (_FINISHED, _LOCK)
        for path in self.folder.iterdir():
            if path.name not in last:
                path.unlink()
        for name in last:
            (self.folder / name).unlink(missing_ok=True)
        self.folder.rmdir()

    def _read(self, name: str) -> dict[str, Any] | None:
        with suppress(FileNotFoundError, json.JSONDecodeError):
            content: dict[str, Any] = json.loads((self.folder / name).read_text("utf-8"))
            return content
        return None

    def _write(self, name: str, content: Mapping[str, Any]) -> None:
        aside = self.folder / f"{name}.new"
        with aside.open("w", encoding="utf-8") as file:
            json.dump(content, file, sort_keys=True)
            file.flush()
            os.fsync(file.fileno())
        aside.replace(self.folder / name)
        _sync(self.folder)


class _Digested(io.RawIOBase):
    """A file that is written, and the digest of what went by: nothing is held or read again."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.digest = hashlib.sha256()

    def writable(self) -> bool:
        return True

    def write(self, data: Any, /) -> int:  # noqa: ANN401 # anything with a buffer
        self.digest.update(data)
        return self._file.write(data)


def _lock(file: BinaryIO, folder: Path) -> None:
    try:
        # The system lets go of it when the process ends, however it ends.
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        text = f"un autre traitement écrit déjà dans `{folder.name}`"
        raise IscgError([Problem("B016", text, help="attendez sa fin")]) from None


def _sync(folder: Path) -> None:
    """Make the names in a folder last, not only what they name."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
