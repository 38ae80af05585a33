"""One file of situations → one file of results, which appears whole or not at all."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from types import MappingProxyType
from typing import BinaryIO

import pyarrow as pa

from iscg_rules.batch.files.file_places import (
    load_input,
    load_stamp,
    refuse_changed,
    refuse_same,
    writing,
)
from iscg_rules.batch.files.file_streams import Done, Tally, Work, write_all
from iscg_rules.batch.files.input_files import READERS, Chunk, RowReader
from iscg_rules.batch.files.journal import Journal, load_digest
from iscg_rules.batch.files.output_files import WRITERS
from iscg_rules.batch.files.read_ahead import Stages
from iscg_rules.errors import IscgError, Problem
from iscg_rules.suggestions import did_you_mean

__all__ = [
    "CHUNK",
    "FORMATS",
    "Job",
    "Progress",
    "choose_format",
    "columns_out",
    "load_digest",
    "load_input",
    "recommend_file",
    "recommend_pipe",
    "writing",
]

CHUNK = 1 << 16
_SHEETS = (".ods", ".xls", ".xlsx")
FORMATS: Mapping[str, str] = MappingProxyType(
    {".csv": "csv", ".jsonl": "jsonl", ".ndjson": "jsonl", ".parquet": "parquet"}
)

# Told of a file that was opened; gives what is told of each chunk that is done, by its size.
Progress = Callable[[RowReader], Callable[[int], object]]


@dataclass(frozen=True, slots=True)
class Job:
    """What to read, and in which form to write.

    `chunk` is how many rows are held at once; `rules` is a digest of the rules and partners, so
    that a run goes on under the same ones only.
    """

    source: Path | BinaryIO
    source_format: str
    target_format: str
    rules: str
    chunk: int = CHUNK


def choose_format(name: str, wanted: str | None) -> str:
    """Return the format of a file by the end of its name, unless one is wanted.

    Raises:
        IscgError: B010 when the name does not say.
    """
    if wanted:
        return wanted
    suffix = Path(name).suffix.lower()
    if suffix in FORMATS:
        return FORMATS[suffix]
    text = f"le nom `{name}` ne dit pas le format du fichier"
    aid = did_you_mean(suffix, FORMATS) if suffix else None
    if suffix in _SHEETS:
        aid = "dans le tableur : enregistrer sous, « CSV UTF-8 »"
        raise IscgError([Problem("B010", text, help=aid)])
    known = f"le nom se termine par {', '.join(FORMATS)} ; ou `--from` et `--to`"
    close = aid if aid and aid.startswith("vouliez") else None
    raise IscgError([Problem("B010", text, help=close or known)])


def recommend_file(
    job: Job,
    target: Path,
    work: Work,
    progress: Progress,
    *,
    resume: bool = False,
    force: bool = False,
) -> Tally:
    """Write the orientations of every row to a file, which appears when it is whole.

    Args:
        job: what to read.
        target: the file to write; the rows set aside go to its name with `.rejected`.
        work: the engine and its options.
        progress: told how far the run is.
        resume: go on with a run that was stopped; the bytes come out as if it had not been.
        force: an output that exists may be replaced, and a stopped run forgotten.

    Raises:
        IscgError: Y001, Y002, Y004, Y007, B011, B015 about the input, B001 to B003 about its
            columns, B012 to B014 and B018 about the output, B016 and B017 about an earlier run or
            an input that changes.
    """
    journal = Journal(target)
    stamp = load_stamp(job.source)
    with writing(target), _begun(job, work) as (reader, stages, schema):
        refuse_same(job.source, journal.places)
        purpose = _purpose(job, work)
        # What was opened, and what the digest is of, must be one.
        refuse_changed(job.source, stamp)
        with journal.held(purpose, resume=resume, force=force):
            finished = journal.finished()
            if finished:
                journal.tidy()
                return Tally.from_dict(finished)
            with journal.outputs() as (output, rejected):
                writer = WRITERS[job.target_format](output, schema, delimiter=reader.delimiter)
                # What comes through a pipe cannot come again: nothing is kept of it.
                kept = journal if isinstance(job.source, Path) else None
                done = _work_through(stages, work, progress(reader), kept)
                tally = write_all(done, writer, rejected)
            refuse_changed(job.source, stamp)
            journal.finish(tally.as_dict(), has_rejected=bool(tally.rejected))
            return tally


def recommend_pipe(job: Job, work: Work, target: BinaryIO, rejected: BinaryIO) -> Tally:
    """Write the orientations of every row as they come; nothing is kept aside.

    Raises:
        IscgError: as `recommend_file` about the input.
    """
    with _begun(job, work) as (reader, stages, schema):
        writer = WRITERS[job.target_format](target, schema, delimiter=reader.delimiter)
        return write_all(_work_through(stages, work, None, None), writer, rejected)


@contextmanager
def _begun(job: Job, work: Work) -> Iterator[tuple[RowReader, Stages[Chunk], pa.Schema]]:
    """Read the first chunks while the rules are made ready."""
    with load_input(job.source) as file:
        size = job.source.stat().st_size if isinstance(job.source, Path) else None
        reader = READERS[job.source_format](file, work.engine.rule_set.vocabulary, size)
        with Stages(reader.chunks(job.chunk)) as stages:
            yield reader, stages, columns_out(job.source, reader, work)


def columns_out(source: Path | BinaryIO, reader: RowReader, work: Work) -> pa.Schema:
    """Return the output's columns; what is wrong with those of the input stands in its file."""
    try:
        return work.schema_of(reader.schema)
    except IscgError as error:
        problems = error.problems
        unknown = [problem for problem in problems if problem.code == "B001"]
        if len(unknown) == len(reader.schema) > 1:
            text = "aucune colonne n'est connue"
            aid = "la première ligne nomme les colonnes ; `iscg-rules show attribute` les donne"
            raise IscgError([Problem("B001", text, help=aid)]) from None
        file = source.name if isinstance(source, Path) else "entrée"
        raise IscgError([_in_first_line(problem, file) for problem in problems]) from None


def _in_first_line(problem: Problem, file: str) -> Problem:
    return replace(problem, place=problem.place and replace(problem.place, file=file, line=1))


def _work_through(
    stages: Stages[Chunk],
    work: Work,
    advance: Callable[[int], object] | None,
    journal: Journal | None,
) -> Iterator[Done]:
    # NumPy lets go of the interpreter and takes it back at every call: two threads on one chunk
    # mostly wait for each other, each with a chunk of its own they seldom do.
    alone = replace(work, threads=1)

    def do(number: int, chunk: Chunk) -> tuple[Done, int, bool]:
        kept = journal.load_chunk(number) if journal else None
        done = alone.do(chunk.read()) if kept is None else Done.from_bytes(kept)
        return done, chunk.size, kept is not None

    def keep(number: int, result: tuple[Done, int, bool]) -> None:
        done, _, is_kept = result
        if journal and not is_kept:
            journal.keep_chunk(number, done.write)

    for done, size, _ in stages.through(do, keep):
        yield done
        if advance:
            advance(size)


def _purpose(job: Job, work: Work) -> dict[str, object]:
    """Name all that the bytes of the output depend on."""
    return {
        "input": load_digest([job.source]) if isinstance(job.source, Path) else None,
        "options": [str(work.at), work.limit, job.chunk, job.source_format, job.target_format],
        "rules": job.rules,
        "versions": [version("iscg-rules"), version("pyarrow")],
    }
