"""CSV files: a line of names, then one line a row."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO, Final

import pyarrow as pa
import pyarrow.csv

from iscg_rules.batch.files.cell_decoding import decode_text, form_of
from iscg_rules.batch.files.numbered_rows import NumberedRows
from iscg_rules.batch.files.text_lines import (
    BOM,
    LONGEST,
    UTF16,
    Lines,
    Sound,
    cut,
    not_utf8,
    sort_out,
)
from iscg_rules.errors import IscgError, Problem
from iscg_rules.language.vocabulary import Vocabulary

__all__ = ["CsvFile"]

# The one that the first line uses is that of the file; French spreadsheets write semicolons.
_DELIMITERS = (";", "\t", ",")


class CsvFile:
    """Lines of cells; the first line names the columns."""

    unit = "o"

    def __init__(self, file: BinaryIO, vocabulary: Vocabulary, total: int | None) -> None:
        self.total = total
        self._file = file
        self.vocabulary = vocabulary
        delimiter, names = _read_header(file.readline(LONGEST))
        self.delimiter: str = delimiter
        self.names: Final = names
        self.schema: pa.Schema = pa.schema(
            [(name, form_of(name, vocabulary)) for name in self.names]
        )

    def chunks(self, count: int) -> Iterator["_CsvChunk"]:
        """Cut the file into chunks of so many lines, in order."""
        for lines in cut(self._file, count):
            yield _CsvChunk(self, lines)


@dataclass(frozen=True, slots=True, repr=False)
class _CsvChunk:
    file: CsvFile
    lines: Lines

    @property
    def size(self) -> int:
        return len(self.lines.data)

    def read(self) -> NumberedRows:
        names = self.file.names
        sound = sort_out(self.lines.data, delimiter=self.file.delimiter, columns=len(names))
        table = _read_cells(sound, names, self.file.delimiter)
        numbers = sound.rows + self.lines.first
        decoded, refused = decode_text(table, self.file.vocabulary)
        all_refused = [(line + self.lines.first, "", code) for line, code in sound.wrong.items()]
        all_refused += [(int(numbers[row]), column, code) for row, column, code in refused]
        return NumberedRows(decoded, numbers, sorted(all_refused), len(numbers) + len(sound.wrong))


def _read_header(line: bytes) -> tuple[str, list[str]]:
    if line.startswith(UTF16):
        raise IscgError([not_utf8("le fichier est en UTF-16")])
    line = line.removeprefix(BOM).rstrip(b"\r\n")
    if not line.strip():
        text = "le fichier est vide, ou sa première ligne l'est"
        raise IscgError([Problem("Y007", text, help="la première ligne nomme les colonnes")])
    try:
        header = line.decode()
    except UnicodeDecodeError:
        raise IscgError([not_utf8("la première ligne n'est pas en UTF-8")]) from None
    delimiter = next((delimiter for delimiter in _DELIMITERS if delimiter in header), ",")
    return delimiter, [name.strip().strip('"') for name in header.split(delimiter)]


def _read_cells(sound: Sound, names: Sequence[str], delimiter: str) -> pa.Table:
    text = dict.fromkeys(names, pa.string())
    if not len(sound.rows):
        return pa.table({name: pa.array([], kind) for name, kind in text.items()})
    table = pa.csv.read_csv(
        pa.py_buffer(sound.data),
        pa.csv.ReadOptions(column_names=list(names)),
        pa.csv.ParseOptions(
            delimiter=delimiter,
            quote_char='"' if sound.has_quotes else False,
            double_quote=False,
            ignore_empty_lines=False,
        ),
        pa.csv.ConvertOptions(column_types=text, null_values=[""], strings_can_be_null=True),
    )
    # Nothing is lost: every sound line is one row.
    assert table.num_rows == len(sound.rows)
    return table
