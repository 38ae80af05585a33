"""A long run over one file, written aside: chunks that are done, and the moment when all are.

Beside `OUT` stands the folder `OUT.part` while a run lasts. Each chunk that is done is a file
there, so that a run that was killed goes on where it stopped. `OUT` and `OUT.rejected` are moved
into place once everything is on the disk, and not before.
"""

import hashlib
import io
import json
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, Final, cast

from iscg_rules.batch.files.run_folder import RunFolder, sync
from iscg_rules.errors import IscgError, Problem
from iscg_rules.reading.regular_files import refuse_unusual

__all__ = ["Journal", "load_digest", "rejected_beside"]

_PURPOSE, _FINISHED = "purpose.json", "finished.json"
_OUTPUT, _REJECTED = "output", "rejected"
_CHUNK = re.compile(r"chunk-[0-9]{8}")
_NAMES = re.compile(rf"{_CHUNK.pattern}|{_OUTPUT}|{_REJECTED}|(purpose|finished)\.json(\.new)?")
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
        self.rejected: Final = rejected_beside(target)
        self._folder = RunFolder(target.with_name(f"{target.name}.part"), _NAMES)
        self._purpose: Mapping[str, object] = {}
        # Whether what stands in the place of the output may go.
        self._may_replace = False

    @property
    def places(self) -> tuple[Path, ...]:
        """What the run replaces or removes."""
        return self.target, self.rejected, self._folder.path

    @contextmanager
    def held(self, purpose: Mapping[str, object], *, resume: bool, force: bool) -> Iterator[None]:
        """Hold the folder of the run while it lasts.

        A run that fails leaves its chunks for `resume`, or nothing where there are none.

        Args:
            purpose: everything that the bytes of the output depend on, as plain values.
            resume: go on with the chunks of an earlier run.
            force: what stands in the place of the output, or of an earlier run, may go.

        Raises:
            IscgError: B012 when something that is no file stands in the place of the output, B013
                when the output exists, B016 when another run stands in the way, B017 when the run
                to resume had another purpose, B018 when the folder is not ours.
        """
        refuse_unusual([self.target, self.rejected])
        if not os.path.lexists(self._folder.path):
            self._refuse_existing(force=force, resume=resume)
        with self._folder.held():
            try:
                self._enter(json.loads(json.dumps(dict(purpose))), resume=resume, force=force)
                yield
            finally:
                if not (self._has_chunks() or self._folder.load_note(_FINISHED)):
                    self._folder.vanish()

    def _enter(self, purpose: Mapping[str, object], *, resume: bool, force: bool) -> None:
        finished = self._folder.load_note(_FINISHED)
        begun = finished or (self._folder.load_note(_PURPOSE) if self._has_chunks() else None)
        if begun and not (resume or force):
            # Said before that an output exists: that may be the half of it that is in place.
            text = f"un traitement vers `{self.target.name}` a été interrompu"
            aid = "`--resume` le continue, `--force` recommence à zéro"
            raise IscgError([Problem("B016", text, help=aid)])
        if begun and resume:
            self._refuse_changed(begun["purpose"], purpose)
        goes_on = bool(begun and resume)
        self._purpose = purpose
        self._may_replace = force or bool(begun and resume and begun["may_replace"])
        if finished and resume:
            return
        self._refuse_existing(force=self._may_replace, resume=resume)
        if not goes_on:
            self._folder.empty()
            self._folder.write_note(_PURPOSE, self._noted())

    def _noted(self) -> dict[str, object]:
        return {"purpose": self._purpose, "may_replace": self._may_replace}

    def _refuse_changed(self, begun: Mapping[str, object], purpose: Mapping[str, object]) -> None:
        changed = sorted(key for key in purpose if begun.get(key) != purpose[key])
        if changed:
            what = ", ".join(_CALLED[key] for key in changed)
            text = f"le traitement interrompu ne peut pas continuer, ceci a changé : {what}"
            aid = "remettez comme avant, ou recommencez à zéro avec `--force`"
            raise IscgError([Problem("B017", text, help=aid)])

    def _refuse_existing(self, *, force: bool, resume: bool) -> None:
        there = [path.name for path in (self.target, self.rejected) if path.exists()]
        if there and not force:
            aid = "choisissez un autre nom, ou remplacez avec `--force`"
            if resume and not self._has_chunks():
                aid = "il n'y a rien à continuer : le traitement est sans doute fini"
            raise IscgError([_existing(there, aid)])

    def _has_chunks(self) -> bool:
        return any(map(_CHUNK.fullmatch, self._folder.names()))

    def load_chunk(self, number: int) -> memoryview | None:
        """Return what was kept of a chunk; None when it was not finished."""
        whole = self._folder.load(_chunk(number))
        if whole is None:
            return None
        kept = memoryview(whole)
        payload, digest = kept[:-_DIGEST], kept[-_DIGEST:]
        # A machine that lost its power may have kept half a chunk: then it is not done.
        return payload if digest == hashlib.sha256(payload).digest() else None

    def keep_chunk(self, number: int, write: Callable[[BinaryIO], object]) -> None:
        """Keep what is written of a chunk that is done."""
        with self._folder.create(_chunk(number)) as file:
            digested = _Digested(file)
            write(cast("BinaryIO", digested))
            file.write(digested.digest.digest())

    @contextmanager
    def outputs(self) -> Iterator[tuple[BinaryIO, BinaryIO]]:
        """Open what will become the output and the rejected rows, both empty."""
        with (
            self._folder.create(_OUTPUT) as output,
            self._folder.create(_REJECTED) as rejected,
        ):
            yield output, rejected
            for file in (output, rejected):
                file.flush()
                os.fsync(file.fileno())

    def finish(self, tally: Mapping[str, Any], *, has_rejected: bool) -> None:
        """Note that everything is written, then move it into place.

        INVARIANT: from the note on, a run that is killed can only be tidied up, never redone,
        unless that is asked.
        """
        note = {**self._noted(), "tally": dict(tally), "has_rejected": has_rejected}
        self._folder.write_note(_FINISHED, note)
        self.tidy()

    def finished(self) -> dict[str, Any] | None:
        """Return the tally of a run that wrote everything; None of one that did not."""
        note = self._folder.load_note(_FINISHED)
        return None if note is None else dict(note["tally"])

    def tidy(self) -> None:
        """Move what is written into place and remove the folder; may be done again.

        Raises:
            IscgError: B012 or B013 when something came into that place during the run; what is
                written stays in the folder, for `resume`.
        """
        note = self._folder.load_note(_FINISHED)
        assert note is not None
        left = self._folder.names()
        if _OUTPUT in left:
            is_half_moved = note["has_rejected"] and _REJECTED not in left
            places = [self.target] if is_half_moved else [self.target, self.rejected]
            self._refuse_late(places)
            # INVARIANT: whoever sees the rows sees those that were set aside: they come first.
            if not note["has_rejected"]:
                self.rejected.unlink(missing_ok=True)
            elif not is_half_moved:
                self._folder.move_out(_REJECTED, self.rejected)
            self._folder.move_out(_OUTPUT, self.target)
            sync(self.target.parent)
        # What tells that a run was finished goes last.
        self._folder.vanish(_FINISHED)

    def _refuse_late(self, places: Iterable[Path]) -> None:
        refuse_unusual(places)
        there = [path.name for path in places if path.exists()]
        if there and not self._may_replace:
            raise IscgError([_existing(there, "déplacez-le, puis continuez avec `--resume`")])


def _chunk(number: int) -> str:
    return f"chunk-{number:08}"


def _existing(names: list[str], aid: str) -> Problem:
    text = " et ".join(f"`{name}`" for name in names)
    verb = "existent" if len(names) > 1 else "existe"
    return Problem("B013", f"{text} {verb} déjà", help=aid)


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
