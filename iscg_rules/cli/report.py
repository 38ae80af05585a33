"""`iscg-rules sample`, `report` and `replay`: many situations made up, counted, compared."""

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from iscg_rules.cli.file_arguments import add_files, add_territory
from iscg_rules.cli.output_files import (
    PAGE,
    list_earlier,
    refuse_existing,
    write_file,
    write_folder,
)
from iscg_rules.cli.printing import print_json
from iscg_rules.cli.situation_files import FORMATS, PIPE, Bar, digest_of, needing_batch
from iscg_rules.engine import Engine
from iscg_rules.errors import IscgError, Problem
from iscg_rules.language.moments import read_moment
from iscg_rules.model.files import find_files
from iscg_rules.model.guarantees import read_guarantees
from iscg_rules.rendering.figures import csv_files, replay_text
from iscg_rules.rendering.report_page import report_page

if TYPE_CHECKING:
    from iscg_rules.batch.files.file_streams import Work
    from iscg_rules.batch.files.numbered_rows import NumberedRows
    from iscg_rules.language.vocabulary import Vocabulary

__all__ = ["add_replay", "add_report", "add_sample", "replay", "report", "sample"]

_THRESHOLD, _LEAST = 5, 3
_CHUNK = 1 << 16
_AGAIN = "recommencez"


def add_sample(command: argparse.ArgumentParser) -> None:
    """Say what `sample` takes."""
    command.set_defaults(run=sample)
    command.add_argument("count", type=int, nargs="?", metavar="N", help="combien de situations")
    command.add_argument("--seed", type=int, default=1, metavar="GRAINE", help="1 sinon")
    command.add_argument("--year", type=int, default=2025, metavar="ANNÉE", help="2025 sinon")
    command.add_argument(
        "-o", "--output", default=PIPE, metavar="FICHIER", help=".csv, .jsonl ou .parquet"
    )
    command.add_argument("--force", action="store_true", help="remplace le fichier s'il existe")
    command.add_argument("--to", dest="format", choices=FORMATS, help="format du fichier")
    command.add_argument(
        "--sources", action="store_true", help="dit d'où viennent les parts, et ce qui est supposé"
    )
    command.epilog = (
        "Les situations sont inventées : elles ne sont celles de personne, et ne disent rien de ce "
        "qui arrive quelque part."
    )
    add_files(command)


def add_report(command: argparse.ArgumentParser) -> None:
    """Say what `report` takes."""
    command.set_defaults(run=report)
    _add_input(command)
    command.add_argument(
        "-o", "--output", metavar="DOSSIER", help="où écrire (ENTRÉE-report, à côté de l'entrée)"
    )
    command.add_argument("--force", action="store_true", help="remplace un rapport qui existe")
    command.epilog = "Sort avec 1 si des lignes illisibles ont été écartées."
    add_files(command)


def add_replay(command: argparse.ArgumentParser) -> None:
    """Say what `replay` takes."""
    command.set_defaults(run=replay)
    _add_input(command)
    command.add_argument("--old", required=True, metavar="DOSSIER", help="les règles d'avant")
    command.add_argument("--new", required=True, metavar="DOSSIER", help="les règles d'après")
    command.add_argument("--format", choices=("text", "json"), default="text")
    command.epilog = "Sort avec 1 si quelque chose change, ou si des lignes ont été écartées."
    add_territory(command)
    command.add_argument("--partners", metavar="FICHIER", help="partenaires (livrés sinon)")


def _add_input(command: argparse.ArgumentParser) -> None:
    command.add_argument("source", metavar="ENTRÉE", help=".csv, .jsonl ou .parquet, `-` : entrée")
    command.add_argument(
        "--threshold",
        type=int,
        default=_THRESHOLD,
        metavar="SEUIL",
        help="les nombres au-dessous sont masqués (5, au moins 3)",
    )
    command.add_argument(
        "--at", metavar="MOMENT", help="celui de toutes les lignes, sans colonne `at`"
    )
    command.add_argument("--from", dest="source_format", choices=FORMATS, help="format de l'entrée")


def sample(chosen: argparse.Namespace) -> bool:
    """Write made-up situations, or where their shares come from."""
    with needing_batch("sample"):
        # Optional, and slow to import.
        from iscg_rules.batch.files import file_run  # noqa: PLC0415
        from iscg_rules.reports.samples import sampling  # noqa: PLC0415
        from iscg_rules.reports.samples.sample_files import sources_text, write_sample  # noqa: PLC0415
    if chosen.sources:
        sys.stdout.write(sources_text())
        return False
    if chosen.count is None:
        raise IscgError([Problem("A011", "il manque le nombre de situations", help="comme 1000")])
    is_pipe = chosen.output == PIPE
    form = "csv" if is_pipe and not chosen.format else None
    form = form or file_run.choose_format(chosen.output, chosen.format)
    engine = Engine.load(chosen.rules, chosen.partners, territory=chosen.territory)
    blocks = sampling.sample(chosen.count, seed=chosen.seed, engine=engine, year=chosen.year)
    schema = sampling.sample_schema(engine.rule_set.vocabulary)
    if is_pipe:
        write_sample(blocks, schema, sys.stdout.buffer, form)
        return False
    target = Path(chosen.output)
    with file_run.writing(target, _AGAIN):
        refuse_existing([target], force=chosen.force)
        write_file(target, lambda file: write_sample(blocks, schema, file, form))
    return False


def report(chosen: argparse.Namespace) -> bool:
    """Write counts and a page; tell whether a row was left out."""
    with needing_batch("report"):
        # Optional, and slow to import.
        from iscg_rules.batch.files.file_run import load_digest, writing  # noqa: PLC0415
        from iscg_rules.batch.files.file_streams import Work  # noqa: PLC0415
        from iscg_rules.reports.report import Reporter  # noqa: PLC0415
    _check(chosen)
    folder = _folder(chosen)
    with writing(folder / PAGE, _AGAIN):
        earlier = list_earlier(folder, force=chosen.force)
    engine = Engine.load(chosen.rules, chosen.partners, territory=chosen.territory)
    vocabulary = engine.rule_set.vocabulary
    work = Work(engine, read_moment(chosen.at))
    reporter = Reporter(work, **_by(chosen, chosen.rules, engine))
    for rows in _chunks(chosen, vocabulary, [work]):
        reporter.add(rows)
    homes = [vocabulary.areas[name] for name in vocabulary.home if name in vocabulary.areas]
    found = reporter.report(
        threshold=chosen.threshold,
        rules=_short(digest_of(chosen, chosen.rules, load_digest)),
        territory=", ".join(home.label.fr for home in homes) or None,
    )
    written = {**dict(csv_files(found)), PAGE: report_page(found)}
    with writing(folder / PAGE, _AGAIN):
        write_folder(folder, written, earlier)
    sys.stderr.write(f"{folder / PAGE}, et {len(written) - 1} tableaux CSV à côté\n")
    return bool(found.counted.left_out)


def replay(chosen: argparse.Namespace) -> bool:
    """Print what other rules would have changed; tell whether anything does."""
    with needing_batch("replay"):
        # Optional, and slow to import.
        from iscg_rules.batch.files.file_run import load_digest  # noqa: PLC0415
        from iscg_rules.batch.files.file_streams import Work  # noqa: PLC0415
        from iscg_rules.reports.replay import Replayer  # noqa: PLC0415
    _check(chosen)
    sides = (chosen.old, chosen.new)
    engines = [Engine.load(rules, chosen.partners, territory=chosen.territory) for rules in sides]
    at = read_moment(chosen.at)
    old, new = (Work(engine, at) for engine in engines)
    replayer = Replayer(old, new, **_by(chosen, chosen.new, engines[1]))
    for rows in _chunks(chosen, replayer.vocabulary, []):
        replayer.add(rows)
    digests = [_short(digest_of(chosen, rules, load_digest)) for rules in sides]
    found = replayer.replay(threshold=chosen.threshold, old=digests[0], new=digests[1])
    if chosen.format == "json":
        print_json(found.as_dict())
    else:
        sys.stdout.write(replay_text(found))
    return bool(found.counted.left_out) or found.unchanged != found.counted.rows


def _check(chosen: argparse.Namespace) -> None:
    if chosen.threshold < _LEAST:
        aid = f"un nombre entier à partir de {_LEAST} : au-dessous, plus rien n'est protégé"
        raise IscgError([Problem("A011", "`--threshold` hors limites", help=aid)])


def _short(digest: str) -> str:
    return digest[:12]


def _by(chosen: argparse.Namespace, rules: str | None, engine: Engine) -> dict[str, Sequence[str]]:
    """Read by which answers the authors of the rules count, where they say it."""
    layout = find_files(rules, chosen.partners, chosen.territory, [])
    rule_set = engine.rule_set
    # `check` tells what is wrong with guarantees; here only this one line of theirs is wanted.
    found = read_guarantees(layout.folders(), rule_set.vocabulary, tuple(rule_set.facts), [])
    return {"by": found.report_by} if found.report_by else {}


def _chunks(
    chosen: argparse.Namespace, vocabulary: "Vocabulary", works: "Sequence[Work]"
) -> "Iterator[NumberedRows]":
    """Read the input a chunk at a time; what is wrong with its columns is said before."""
    # Optional, and slow to import.
    from iscg_rules.batch.files import file_run, input_files  # noqa: PLC0415

    is_pipe = chosen.source == PIPE
    form = "csv" if is_pipe and not chosen.source_format else None
    form = form or file_run.choose_format(chosen.source, chosen.source_format)
    if is_pipe and form == "parquet":
        text = "un fichier Parquet ne se lit pas par un tuyau"
        raise IscgError([Problem("A011", text, help="donnez son nom")])
    source = sys.stdin.buffer if is_pipe else Path(chosen.source)
    bar = Bar()
    with file_run.load_input(source) as file:
        size = source.stat().st_size if isinstance(source, Path) else None
        reader = input_files.READERS[form](file, vocabulary, size)
        for work in works:
            file_run.columns_out(source, reader, work)
        advance = bar.begin(reader)
        try:
            for chunk in reader.chunks(_CHUNK):
                yield chunk.read()
                advance(chunk.size)
        finally:
            bar.close()


def _folder(chosen: argparse.Namespace) -> Path:
    if chosen.output:
        return Path(chosen.output)
    if chosen.source == PIPE:
        raise IscgError([Problem("A011", "il manque où écrire le rapport", help="`-o DOSSIER`")])
    source = Path(chosen.source)
    return source.with_name(f"{source.stem}-report")
