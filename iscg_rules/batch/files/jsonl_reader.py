"""JSON Lines: one object a line, as `recommend` takes it."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from threading import Lock
from typing import Any, BinaryIO, Final

import numpy as np
import pyarrow as pa

from iscg_rules.batch.files.cell_decoding import Refused, decode_json, list_names
from iscg_rules.batch.files.numbered_rows import NumberedRows
from iscg_rules.batch.files.text_lines import BOM, UTF16, Lines, cut, not_utf8
from iscg_rules.errors import IscgError, Problem
from iscg_rules.language.vocabulary import Vocabulary
from iscg_rules.suggestions import did_you_mean

__all__ = ["JsonFile"]

_LIST = "`iscg-rules show attribute` donne la liste des attributs"


class JsonFile:
    """One JSON object a line; what a line does not name is unknown."""

    unit = "o"
    delimiter = ","

    def __init__(self, file: BinaryIO, vocabulary: Vocabulary, total: int | None) -> None:
        self.total = total
        self.schema: pa.Schema = pa.schema([])
        self.vocabulary = vocabulary
        self.names: Final = list_names(vocabulary)
        attributes = vocabulary.attributes.values()
        self.derived: Final = frozenset(
            attribute.id for attribute in attributes if attribute.derived
        )
        self._known = frozenset(self.names)
        # Rows are objects of Python, many times their bytes: one chunk at a time is made of them,
        # and the interpreter would not make two any faster.
        self.one_at_a_time: Final = Lock()
        self._file = file

    def chunks(self, count: int) -> Iterator["_JsonChunk"]:
        """Cut the file into chunks of so many lines, in order."""
        for lines in cut(self._file, count):
            data = lines.data.removeprefix(BOM) if lines.first == 1 else lines.data
            if lines.first == 1 and data.startswith(UTF16):
                raise IscgError([not_utf8("le fichier est en UTF-16")])
            yield _JsonChunk(self, Lines(lines.first, data))

    def read(self, line: bytes) -> dict[str, object] | str:
        """Read one line; a code where it is no object of known names."""
        try:
            row = json.loads(line.decode(), object_pairs_hook=_sole, parse_constant=_refuse)
        except UnicodeDecodeError:
            return "B023"
        except (ValueError, RecursionError):
            return "B024"
        if not isinstance(row, dict):
            return "A007"
        strange = row.keys() - self._known
        return row if not strange else "A004" if strange <= self.derived else "A001"

    def refuse_names(self, line: bytes) -> None:
        """Say at once which names of a line are none.

        Raises:
            IscgError: B001 for each.
        """
        # Privacy: an unknown name may be anything; only known words are said.
        problems = []
        for number, name in enumerate(json.loads(line), 1):
            if name not in self.names:
                close = did_you_mean(name, self.names)
                aid = close if close and close.startswith("vouliez") else _LIST
                text = f"la clé n° {number} est inconnue, et aucune ligne du début ne va"
                problems.append(Problem("B001", text, help=aid))
        raise IscgError(problems)


@dataclass(frozen=True, slots=True, repr=False)
class _JsonChunk:
    file: JsonFile
    lines: Lines

    @property
    def size(self) -> int:
        return len(self.lines.data)

    def read(self) -> NumberedRows:
        """Read the rows."""
        with self.file.one_at_a_time:
            return self._read()

    def _read(self) -> NumberedRows:
        rows: list[dict[str, object]] = []
        numbers: list[int] = []
        all_refused: list[Refused] = []
        strange: bytes | None = None
        for number, line in enumerate(self.lines.data.split(b"\n"), self.lines.first):
            if not line.strip():
                continue
            row = self.file.read(line)
            if isinstance(row, str):
                all_refused.append((number, "", row))
                strange = strange or (line if row == "A001" else None)
            else:
                rows.append(row)
                numbers.append(number)
        if self.lines.first == 1 and not rows and strange:
            self.file.refuse_names(strange)
        # The first one keeps the rows that say nothing at all.
        named = {self.file.names[0]}.union(*rows)
        used = [name for name in self.file.names if name in named]
        table, refused = decode_json(rows, used, self.file.vocabulary)
        count = len(rows) + len(all_refused)
        all_refused += [(numbers[row], column, code) for row, column, code in refused]
        return NumberedRows(table, np.array(numbers, np.int64), sorted(all_refused), count)


def _sole(pairs: list[tuple[str, object]]) -> dict[str, object]:
    row = dict(pairs)
    if len(row) != len(pairs):
        raise ValueError
    return row


def _refuse(_: str) -> Any:  # noqa: ANN401 # what `json` asks for
    raise ValueError
