"""`iscg-rules batch`: a file of situations in, a file of orientations out."""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from iscg_rules.cli.file_arguments import add_files
from iscg_rules.cli.situation_files import FORMATS, PIPE, Bar, digest_of, needing_batch
from iscg_rules.engine import Engine
from iscg_rules.error_codes import CODES
from iscg_rules.errors import IscgError, Problem
from iscg_rules.language.moments import read_moment
from iscg_rules.model.identity import Identity

if TYPE_CHECKING:
    from iscg_rules.batch.files.file_run import Job
    from iscg_rules.batch.files.file_streams import Tally, Work

__all__ = ["add_arguments", "batch"]

_NBSP = "\u00a0"
# As many of a digest as tell two versions apart.
_DIGITS = 12


def add_arguments(command: argparse.ArgumentParser) -> None:
    """Say what `batch` takes."""
    command.set_defaults(run=batch)
    command.add_argument("source", metavar="ENTRÉE", help=".csv, .jsonl ou .parquet, `-` : entrée")
    command.add_argument("target", metavar="SORTIE", help=".csv, .jsonl ou .parquet, `-` : sortie")
    command.add_argument("--force", action="store_true", help="remplace la sortie si elle existe")
    command.add_argument("--resume", action="store_true", help="continue un traitement interrompu")
    command.add_argument(
        "--at", metavar="MOMENT", help="celui de toutes les lignes, sans colonne `at`"
    )
    command.add_argument("--limit", type=int, metavar="N", help="au plus N orientations par ligne")
    command.add_argument(
        "--chunk",
        type=int,
        default=1 << 16,
        metavar="N",
        help="lignes tenues en mémoire à la fois (65536)",
    )
    command.add_argument("--from", dest="source_format", choices=FORMATS, help="format de l'entrée")
    command.add_argument("--to", dest="target_format", choices=FORMATS, help="format de la sortie")
    command.epilog = (
        "Les lignes qui ne peuvent pas être lues vont dans SORTIE.rejected. "
        "Sort avec 1 s'il y en a."
    )
    add_files(command)


def batch(chosen: argparse.Namespace) -> bool:
    """Work through a file; tell whether a row was set aside."""
    with needing_batch("batch"):
        # Optional, and slow to import.
        from iscg_rules.batch.files import file_run, file_streams  # noqa: PLC0415
    _check(chosen)
    formats = _formats(chosen, file_run.choose_format)
    engine = Engine.load(chosen.rules, chosen.partners, territory=chosen.territory)
    work = file_streams.Work(engine, read_moment(chosen.at), chosen.limit)
    source = sys.stdin.buffer if chosen.source == PIPE else Path(chosen.source)
    job = file_run.Job(
        source, *formats, digest_of(chosen, chosen.rules, file_run.load_digest), chosen.chunk
    )
    if chosen.target == PIPE:
        tally = file_run.recommend_pipe(job, work, sys.stdout.buffer, sys.stderr.buffer)
    else:
        tally = _write(chosen, job, work)
    sys.stderr.write(_summary(tally, chosen.target, engine.identity))
    return bool(tally.rejected)


def _write(chosen: argparse.Namespace, job: "Job", work: "Work") -> "Tally":
    # Optional, as above.
    from iscg_rules.batch.files.file_run import recommend_file  # noqa: PLC0415

    bar = Bar()
    options = {"resume": chosen.resume, "force": chosen.force}
    try:
        return recommend_file(job, Path(chosen.target), work, bar.begin, **options)
    except KeyboardInterrupt:
        bar.close()
        sys.stderr.write("interrompu : `--resume` continue là où il en était\n")
        raise
    finally:
        bar.close()


def _check(chosen: argparse.Namespace) -> None:
    text = None
    if chosen.chunk < 1:
        text, aid = "`--chunk` hors limites", "un nombre entier à partir de 1"
    elif chosen.limit is not None and chosen.limit < 0:
        text, aid = "`--limit` hors limites", "un nombre entier à partir de 0"
    elif chosen.resume and PIPE in (chosen.source, chosen.target):
        text, aid = "`--resume` ne va pas avec `-`", "ce qui passe par un tuyau ne se reprend pas"
    elif chosen.resume and chosen.force:
        text, aid = "`--resume` et `--force` se contredisent", "choisissez l'un des deux"
    if text:
        raise IscgError([Problem("A011", text, help=aid)])


def _formats(
    chosen: argparse.Namespace, choose: Callable[[str, str | None], str]
) -> tuple[str, str]:
    """Return both formats; a pipe has that of the other side, or is CSV."""
    given = {"source": chosen.source_format, "target": chosen.target_format}
    found = {
        side: choose(getattr(chosen, side), wanted)
        for side, wanted in given.items()
        if getattr(chosen, side) != PIPE or wanted
    }
    for side, other in (("source", "target"), ("target", "source")):
        if side not in found:
            found[side] = "jsonl" if found.get(other) == "jsonl" else "csv"
    if chosen.source == PIPE and found["source"] == "parquet":
        text = "un fichier Parquet ne se lit pas par un tuyau"
        raise IscgError([Problem("A011", text, help="donnez son nom")])
    return found["source"], found["target"]


def _summary(tally: "Tally", target: str, identity: Identity) -> str:
    """Say in a few lines what became of the rows, and under which rules."""
    lines = [f"{_count(tally.read, 'lue')}, {_count(tally.written, 'écrite')}"]
    if tally.rejected:
        place = "sur la sortie d'erreur" if target == PIPE else f"dans `{target}.rejected`"
        lines[0] += f", {_count(tally.rejected, 'écartée')} {place}"
        lines += [
            f"  {_cause(cause)}{_NBSP}: {_count(n, '')}"
            for cause, n in sorted(tally.causes.items())
        ]
        if "A002" in tally.codes:
            lines.append("  aide : `iscg-rules show attribute NOM` donne les réponses permises")
    read = f", empreinte {identity.digest[:_DIGITS]}" if identity.digest else ""
    where = f"{identity.territory}, " if identity.territory else ""
    lines.append(f"règles{_NBSP}: {where}iscg-rules {identity.library}{read}")
    return "\n".join(lines) + "\n"


def _cause(cause: str) -> str:
    code, _, column = cause.partition(" ")
    return f"{code} {CODES[code]}" + (f", `{column}`" if column else "")


def _count(number: int, done: str) -> str:
    several = "s" if number > 1 else ""
    shown = f"{number:,}".replace(",", "\u202f")
    return f"{shown} ligne{several} {done}{several if done else ''}".rstrip()
