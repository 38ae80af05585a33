"""Files of open data → proposals for a territory, with a line for everything that is not taken."""

from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from heapq import merge
from itertools import chain
from pathlib import Path

from iscg_rules.directory import data_inclusion, dila, hsds, own_table
from iscg_rules.directory.areas_served import AreasHere, AreasServed
from iscg_rules.directory.kind_proposals import KindProposals, ProposedKind
from iscg_rules.directory.nearness import Nearness
from iscg_rules.directory.proposals import Proposal, propose
from iscg_rules.directory.record_files import Raw, RawRecord, load_raw, refuse_format
from iscg_rules.directory.records import BrokenRecord, Record

__all__ = ["FORMATS", "FileReport", "Imported", "import_files"]

_ELSEWHERE = "ne sert pas le territoire"
Read = tuple[Record | None, list[BrokenRecord]]


@dataclass
class FileReport:
    """What became of the records of one file.

    `left_out` gives the numbers of those that are not proposed, by reason: a file may hold a
    million of them.
    """

    name: str
    records: int = 0
    proposed: int = 0
    broken: list[BrokenRecord] = field(default_factory=list)
    left_out: dict[str, "array[int]"] = field(default_factory=dict)

    def leave_out(self, number: int, reason: str) -> None:
        """Note that a record is not proposed."""
        self.left_out.setdefault(reason, array("L")).append(number)

    def lines(self) -> Iterator[str]:
        """Yield a line for each record that is not proposed, in their order."""
        streams = (
            ((number, reason) for number in sorted(numbers))
            for reason, numbers in sorted(self.left_out.items())
        )
        yield from (f"{self.name} {number} {reason}" for number, reason in merge(*streams))

    @property
    def lost(self) -> int:
        """How many records could not be read."""
        return sum(one.is_lost for one in self.broken)


@dataclass(frozen=True)
class Imported:
    """Everything that some files propose, and what became of the rest."""

    proposals: tuple[Proposal, ...]
    files: tuple[FileReport, ...]


@dataclass(frozen=True)
class Format:
    """A format: how its records are told from others', and read.

    `where` tells the zones and the commune of a record before it is read, None where they cannot be
    told: of a file of all France, most is left at a glance.
    """

    is_record: Callable[[RawRecord], bool]
    read: Callable[[int, RawRecord], Read]
    where: Callable[[RawRecord], tuple[tuple[str, ...], str | None] | None] = lambda _: None


FORMATS: Mapping[str, Format] = {
    "data-inclusion": Format(
        data_inclusion.is_service, data_inclusion.read_service, data_inclusion.where_served
    ),
    "dila": Format(dila.is_desk, dila.read_desk, dila.where_served),
    "hsds": Format(hsds.is_hsds, hsds.read_hsds),
    "csv": Format(own_table.is_row, own_table.read_row),
}


@dataclass(frozen=True)
class _Kept:
    record: Record
    kinds: tuple[ProposedKind, ...]
    served: AreasHere | None
    report: FileReport

    @property
    def is_proposed(self) -> bool:
        return self.served is not None and bool(self.served.areas and self.kinds)


def import_files(
    paths: Sequence[Path], name: str, kinds: KindProposals, areas: AreasServed
) -> Imported:
    """Read files of one format, one record at a time, and propose what serves the territory.

    Raises:
        IscgError: I001, I002: a file is in another format, or breaks off.
    """
    opened: list[tuple[FileReport, Iterable[Raw]]] = []
    structures: list[Path] = []
    for path in paths:
        records = load_raw(path)
        first = next(records, None)
        if first is not None and isinstance(first[1], dict):
            if name == "data-inclusion" and data_inclusion.is_structure(first[1]):
                structures.append(path)
                continue
            _refuse_other(path, name, first[1])
        together = chain(() if first is None else (first,), records)
        opened.append((FileReport(path.name), together))
    nearness = Nearness(areas)
    every = chain.from_iterable(
        _keep(records, FORMATS[name], kinds, areas, report) for report, records in opened
    )
    if structures:
        kept = _with_structures([*every], structures, kinds, areas)
        for one in kept:
            nearness.note(one.record)
    else:
        kept = [*_final(every, nearness)]
    proposals = []
    for one in kept:
        if nearness.excludes(one.record):
            one.report.leave_out(one.record.number, "reçoit sur place, à plus de 50 km")
            continue
        if one.served is None or not one.is_proposed:
            one.report.leave_out(one.record.number, _reason(one))
            continue
        one.report.proposed += 1
        accepts = one.record.accepts or kinds.accepts(one.record.publics)
        proposals.append(propose(name, one.record, one.kinds, one.served, accepts))
    return Imported(tuple(proposals), tuple(report for report, _ in opened))


def _final(kept: Iterable[_Kept], nearness: Nearness) -> Iterator[_Kept]:
    """Yield what will be proposed, of records of which nothing more will be said.

    Nothing asks for their texts again, and a million of them would not fit into memory.
    """
    for one in kept:
        nearness.note(one.record)
        if one.is_proposed:
            yield replace(one, record=replace(one.record, text=""))
        else:
            one.report.leave_out(one.record.number, _reason(one))


def _reason(one: _Kept) -> str:
    if one.served is None:
        return _ELSEWHERE
    return "aucun type d'aide" if one.served.areas else one.served.because


def _keep(
    records: Iterable[Raw],
    format_: Format,
    kinds: KindProposals,
    areas: AreasServed,
    report: FileReport,
) -> Iterator[_Kept]:
    """Yield the records that may serve; a structure can still say more of some of them."""
    keys: set[str] = set()
    for number, raw in records:
        report.records += 1
        if isinstance(raw, BrokenRecord):
            report.broken.append(raw)
            continue
        place = format_.where(raw)
        if place is not None and any(place) and areas.of(*place) is None:
            # What is wrong with somebody far away concerns nobody here.
            report.leave_out(number, _ELSEWHERE)
            continue
        record, broken = format_.read(number, raw)
        if record is None:
            report.broken.extend(broken)
            continue
        served = areas.of(record.zones, record.commune)
        if served is None and (record.zones or record.commune or not record.structure):
            report.leave_out(number, _ELSEWHERE)
            continue
        report.broken.extend(broken)
        if record.key in keys:
            report.leave_out(number, "le même identifiant est déjà plus haut")
            continue
        keys.add(record.key)
        yield _Kept(record, kinds.of(record), served, report)


def _with_structures(
    kept: list[_Kept], paths: Iterable[Path], kinds: KindProposals, areas: AreasServed
) -> list[_Kept]:
    wanted = {one.record.structure for one in kept}
    found = {
        str(raw["id"]): raw
        for path in paths
        for _, raw in load_raw(path)
        if isinstance(raw, dict) and str(raw.get("id", "")) in wanted
    }
    return [_with_structure(one, found, kinds, areas) for one in kept]


def _with_structure(
    one: _Kept, found: Mapping[str, RawRecord], kinds: KindProposals, areas: AreasServed
) -> _Kept:
    raw = found.get(one.record.structure or "")
    if raw is None:
        return one
    record = data_inclusion.fill_from_structure(one.record, raw)
    return _Kept(record, kinds.of(record), areas.of(record.zones, record.commune), one.report)


def _refuse_other(path: Path, name: str, raw: RawRecord) -> None:
    """Refuse a file whose first record is of another format, by its name where it is known.

    Raises:
        IscgError: I001.
    """
    if data_inclusion.is_old_format(raw):
        text = "de l'ancien format de data·inclusion (v0)"
        raise refuse_format(path, text, "téléchargez l'export de la version 1")
    if FORMATS[name].is_record(raw):
        return
    other = [known for known, format_ in FORMATS.items() if format_.is_record(raw)]
    if other:
        aid = f"importez-le avec `--from {other[0]}`"
        raise refuse_format(path, f"du format `{other[0]}`, pas `{name}`", aid)
    raise refuse_format(path, f"sans les champs de `{name}`", "vérifiez le fichier et `--from`")
