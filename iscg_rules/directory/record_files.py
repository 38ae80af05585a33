"""Files of open data as plain records, one after another, whatever their size.

A format is told by the bytes, not by the name of the file.
"""

import csv
import io
import itertools
import json
import re
import warnings
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

import ijson

from iscg_rules.directory.records import BrokenRecord
from iscg_rules.errors import IscgError, Problem
from iscg_rules.reading.regular_files import load_regular, shortened

__all__ = ["PACKAGES", "Raw", "RawRecord", "load_raw", "refuse_format"]

# What is imported when a file asks for it.
PACKAGES = ("openpyxl", "pyarrow")

RawRecord = dict[str, Any]
# The number of a record, counted from 1, and what stands there.
Raw = tuple[int, RawRecord | BrokenRecord]
RecordReader = Callable[[Path, BinaryIO], Iterator[Raw]]

_HEAD = 65_536
_MAGIC = (
    (b"\x1f\x8b", "une archive gzip", "décompressez-la d'abord"),
    (b"%PDF", "un PDF", "téléchargez le fichier de données, pas sa notice"),
    (b"SQLite format", "une base SQLite", "téléchargez le CSV, le JSON ou le Parquet"),
    (b"\xd0\xcf\x11\xe0", "un ancien fichier Excel (.xls)", "enregistrez-le en .xlsx ou en CSV"),
    (b"\xff\xfe", "un texte en UTF-16", "enregistrez-le en UTF-8"),
    (b"\xfe\xff", "un texte en UTF-16", "enregistrez-le en UTF-8"),
    (b"7z\xbc\xaf", "une archive 7z", "décompressez-la d'abord"),
    (b"BZh", "une archive bzip2", "décompressez-la d'abord"),
)
_TAGS = (
    (re.compile(rb"<(!doctype html|html|head|body)", re.IGNORECASE), "une page web (HTML)"),
    (re.compile(rb"<(\?xml|rdf|[a-z])", re.IGNORECASE), "du XML"),
)
_READ = "possible : JSON, JSON Lines, CSV, Parquet, XLSX"
# Under which key a page of an API, or an export, has its records.
_PAGES = ("contents", "data", "items", "records", "results", "service", "services", "structures")
_LONGEST_LINE = 4_000_000


def refuse_format(path: Path, what: str, aid: str) -> IscgError:
    """Return what is said of a file in another format than the one asked for."""
    text = f"`{shortened(path.name)}` est {what}"
    return IscgError([Problem("I001", text, help=aid)])


def load_raw(path: Path) -> Iterator[Raw]:
    """Yield each record of a file with its number, without ever holding the whole file.

    Raises:
        IscgError: I001 where the file is in no format that is read; I002 where it breaks off.
    """
    file = load_regular(path)
    try:
        head = file.read(_HEAD)
        file.seek(0)
        yield from _reader(path, head)(path, file)
    finally:
        file.close()


def _reader(path: Path, head: bytes) -> RecordReader:
    for magic, what, aid in _MAGIC:
        if head.startswith(magic):
            raise refuse_format(path, what, aid)
    if head.startswith(b"PAR1"):
        return _parquet
    if head.startswith(b"PK\x03\x04"):
        return _sheet
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    for pattern, what in _TAGS:
        if pattern.match(text):
            raise refuse_format(path, what, _READ)
    if not text:
        raise refuse_format(path, "vide", "téléchargez-le de nouveau")
    if text[:1] in (b"[", b"{"):
        return _lines if _is_lines(text) else _json
    first = text.splitlines()[0]
    if not any(mark in first for mark in (b";", b",", b"\t")):
        raise refuse_format(path, "dans un format inconnu", _READ)
    return _csv


def _is_lines(text: bytes) -> bool:
    """Tell whether every line is an object of its own."""
    first, _, rest = text.partition(b"\n")
    try:
        whole = json.loads(first)
    except ValueError:
        return False
    follows = rest.lstrip()[:1]
    is_page = isinstance(whole, dict) and any(isinstance(whole.get(name), list) for name in _PAGES)
    return isinstance(whole, dict) and (follows == b"{" or (not follows and not is_page))


def _json(path: Path, file: BinaryIO) -> Iterator[Raw]:
    number = 0
    try:
        prefix = _array(file)
        file.seek(0)
        for item in ijson.items(file, prefix, use_float=True):
            number += 1
            yield number, _object(number, item)
    except ijson.JSONError:
        raise _broken_off(path, number) from None


def _array(file: BinaryIO) -> str:
    """Name the list of records of a document as ijson does; empty where it is one record."""
    for prefix, event, _ in ijson.parse(file):
        if event == "start_array" and prefix in ("", *_PAGES):
            return f"{prefix}.item" if prefix else "item"
    return ""


def _object(number: int, item: object) -> RawRecord | BrokenRecord:
    if isinstance(item, dict):
        return item
    return BrokenRecord(number, "tout", "n'est pas un objet")


def _broken_off(path: Path, number: int) -> IscgError:
    text = f"`{shortened(path.name)}` est coupé ou abîmé après l'enregistrement {number}"
    return IscgError([Problem("I002", text, help="téléchargez-le de nouveau ; rien n'est écrit")])


def _lines(path: Path, file: BinaryIO) -> Iterator[Raw]:
    for number in itertools.count(1):
        line = file.readline(_LONGEST_LINE)
        if not line:
            return
        if len(line) == _LONGEST_LINE:
            raise _broken_off(path, number - 1)
        if line.strip():
            yield number, _line(number, line)


def _line(number: int, line: bytes) -> RawRecord | BrokenRecord:
    try:
        return _object(number, json.loads(line))
    except UnicodeDecodeError:
        return BrokenRecord(number, "tout", "n'est pas en UTF-8")
    except (ValueError, RecursionError):
        return BrokenRecord(number, "tout", "n'est pas du JSON")


def _csv(path: Path, file: BinaryIO) -> Iterator[Raw]:
    text = io.TextIOWrapper(file, "utf-8-sig", errors="surrogateescape", newline="")
    try:
        yield from _rows(path, text)
    finally:
        text.detach()


def _rows(path: Path, text: io.TextIOWrapper) -> Iterator[Raw]:
    header = text.readline()
    if _escaped(header):
        raise refuse_format(path, "un CSV qui n'est pas en UTF-8", "enregistrez-le en UTF-8")
    mark = max(";,\t", key=header.count)
    names = next(csv.reader([header], delimiter=mark))
    rows = csv.reader(text, delimiter=mark)
    for number in itertools.count(1):
        try:
            cells = next(rows, None)
        except csv.Error:
            yield number, BrokenRecord(number, "tout", "cellule sans fin, ou trop longue")
            continue
        if cells is None:
            return
        if cells:
            yield number, _row(number, names, cells)


def _row(number: int, names: list[str], cells: list[str]) -> RawRecord | BrokenRecord:
    if len(cells) != len(names):
        reason = f"{len(cells)} cellules au lieu de {len(names)}"
        return BrokenRecord(number, "tout", reason)
    if any(map(_escaped, cells)):
        return BrokenRecord(number, "tout", "n'est pas en UTF-8")
    return dict(zip(names, cells, strict=True))


def _escaped(text: str) -> bool:
    """Tell whether some bytes of a text could not be read as UTF-8."""
    return not text.isascii() and any("\udc80" <= letter <= "\udcff" for letter in text)


def _parquet(path: Path, file: BinaryIO) -> Iterator[Raw]:
    import pyarrow as pa  # noqa: PLC0415 # when such a file is read
    import pyarrow.parquet as pq  # noqa: PLC0415

    number = 0
    try:
        for batch in pq.ParquetFile(file).iter_batches(batch_size=1_000):
            for row in batch.to_pylist():
                number += 1
                yield number, row
    except (pa.ArrowException, OSError):
        raise _broken_off(path, number) from None


def _sheet(path: Path, file: BinaryIO) -> Iterator[Raw]:
    if "xl/workbook.xml" not in _members(path, file):
        raise refuse_format(path, "une archive ZIP", "décompressez-la d'abord")
    import openpyxl  # noqa: PLC0415 # when such a file is read

    with warnings.catch_warnings():
        # What a sheet looks like does not matter.
        warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(file, read_only=True, data_only=True)
    rows = book.worksheets[0].iter_rows(values_only=True)
    names = ["" if name is None else str(name) for name in next(rows, ())]
    for number, cells in enumerate(rows, start=1):
        if any(cell is not None for cell in cells):
            yield number, dict(zip(names, cells, strict=False))


def _members(path: Path, file: BinaryIO) -> set[str]:
    try:
        return set(zipfile.ZipFile(file).namelist())
    except zipfile.BadZipFile:
        raise _broken_off(path, 0) from None
