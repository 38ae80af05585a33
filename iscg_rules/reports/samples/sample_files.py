"""Made-up situations as a file that other commands read, and where their shares come from."""

import json
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq

from iscg_rules.batch.files.cell_decoding import BETWEEN, NOTHING
from iscg_rules.reports.samples.shares import (
    COMMON,
    CORE_UNKNOWN,
    FIGURES,
    OTHER_UNKNOWN,
    THEMES,
    UNUSED,
    AnswerShares,
)

__all__ = ["sources_text", "write_sample"]

# Each group of rows has words of its own, which whoever reads them must bring together.
_BLOCKS_TOGETHER = 4


def write_sample(blocks: Iterable[pa.Table], schema: pa.Schema, file: BinaryIO, form: str) -> None:
    """Write blocks of situations to a file that is open, as `csv`, `jsonl` or `parquet`."""
    if form == "parquet":
        coming = iter(blocks)
        with pq.ParquetWriter(file, schema, compression="zstd") as writer:
            while together := list(islice(coming, _BLOCKS_TOGETHER)):
                writer.write_table(pa.concat_tables(together))
        return
    if form == "csv":
        # No word of a vocabulary, and no moment, needs quotes.
        file.write((",".join(schema.names) + "\n").encode())
    for block in blocks:
        lines = _csv_lines(block) if form == "csv" else _json_lines(block)
        file.write("".join(lines).encode())


def _csv_lines(block: pa.Table) -> Iterator[str]:
    columns = [map(_cell, column.to_pylist()) for column in block.columns]
    for cells in zip(*columns, strict=True):
        yield ",".join(cells) + "\n"


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return BETWEEN.join(value) or NOTHING
    return str(value)


def _json_lines(block: pa.Table) -> Iterator[str]:
    for row in block.to_pylist():
        known = {name: value for name, value in row.items() if value is not None}
        yield json.dumps(known, ensure_ascii=False) + "\n"


def sources_text() -> str:
    """Say which shares keep a published figure, and that the others are assumptions."""
    return "\n".join(_sources()) + "\n"


def _sources() -> Iterator[str]:
    yield "Les situations de `iscg-rules sample` sont inventées : elles ne sont celles de personne."
    yield ""
    yield "CHIFFRES PUBLIÉS, ET CE QUI EN EST FAIT"
    for figure in FIGURES.values():
        yield f"  {figure.says} ({figure.year})"
        yield f"    {figure.title}, {figure.date}, confiance {figure.trust}"
        yield f"    {figure.url}"
        yield from (f"    → {text}" for text in dict.fromkeys(_uses(figure.id)))
    yield ""
    yield "CHIFFRES PUBLIÉS QUI NE SERVENT PAS"
    yield from (f"  {text}" for text in UNUSED)
    yield ""
    yield "TOUT LE RESTE EST SUPPOSÉ, SANS CHIFFRE PUBLIÉ"
    yield "  le partage de chaque groupe entre ses motifs (en millièmes) :"
    for theme in THEMES:
        yield f"    {theme.brings} {theme.weight}"
    yield "  les parts des réponses dans chaque motif, et pour tous :"
    for name, share in COMMON.items():
        if not share.figures:
            yield f"    {name} : {_weights(share)}"
    yield "  les autres questions : chaque réponse aussi souvent qu'une autre"
    yield "  les communes : chacune aussi souvent qu'une autre, aucune population n'est lue"
    yield (
        f"  l'inconnu : {CORE_UNKNOWN} pour mille des questions premières, "
        f"{OTHER_UNKNOWN} pour mille des autres ; rien sur l'auteur où il n'y a pas de violences"
    )
    yield "  les heures, surtout de bureau ; les jours, tous autant"


def _uses(figure: str) -> Iterator[str]:
    if figure == "hauts-de-seine-2015":
        for group in dict.fromkeys(theme.group for theme in THEMES):
            total = sum(theme.weight for theme in THEMES if theme.group == group)
            yield f"{group} : {total} pour mille"
    if figure == "question-14074":
        weight = next(theme.weight for theme in THEMES if theme.brings == "couple_violence")
        yield f"couple_violence : {weight} pour mille, supposé dans cet intervalle"
    shares = [*COMMON.items(), *(pair for theme in THEMES for pair in theme.answers.items())]
    for name, share in shares:
        if figure in share.figures:
            yield f"{name} : {_weights(share)} ; {share.assumes}"


def _weights(share: AnswerShares) -> str:
    return ", ".join(f"{answer} {weight}" for answer, weight in share.weights.items())
