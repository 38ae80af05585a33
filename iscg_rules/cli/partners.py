"""`iscg-rules partners`: partners from open data, reviewed, measured and given back."""

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from iscg_rules.cli.output_files import write_text
from iscg_rules.cli.partner_calendar import add_calendar
from iscg_rules.cli.partner_export import add_export, add_score
from iscg_rules.cli.partner_files import (
    place_of_proposals,
    read_territory,
    refuse_installed,
    refuse_other_than_ours,
    require_package,
)
from iscg_rules.cli.partner_review import add_review
from iscg_rules.places.communes import load_communes

if TYPE_CHECKING:
    from iscg_rules.directory.importing import FileReport
    from iscg_rules.directory.joined_proposals import JoinedProposals

__all__ = ["add_arguments"]

NBSP = "\u00a0"
_FORMATS = ("data-inclusion", "dila", "hsds", "csv")
# Files of ours begin so.
_LEFT_FIRST = "# Ce qui n'a pas été proposé, écrit par `iscg-rules partners import`."


def add_arguments(command: argparse.ArgumentParser) -> None:
    """Add what each part of the command takes."""
    parts = command.add_subparsers(metavar="ACTION", required=True, title="actions")
    for name, text, add in _PARTS:
        add(parts.add_parser(name, help=text, description=f"{text[:1].upper()}{text[1:]}."))


def _add_import(part: argparse.ArgumentParser) -> None:
    part.set_defaults(run=import_partners)
    part.add_argument("files", nargs="+", metavar="FICHIER", help="JSON, JSONL, CSV, Parquet, XLSX")
    part.add_argument("--from", dest="source", choices=_FORMATS, required=True, help="son format")
    part.add_argument("--territory", required=True, metavar="TERRITOIRE", help="pour lequel")
    part.add_argument("--rules", metavar="DOSSIER", help="dossier des règles (livré sinon)")


_PARTS: tuple[tuple[str, str, Callable[[argparse.ArgumentParser], None]], ...] = (
    ("import", "propose des partenaires à partir de fichiers téléchargés", _add_import),
    ("review", "montre ce qui est proposé, et écrit ce que vous acceptez", add_review),
    ("score", "mesure les partenaires par le score officiel de data·inclusion", add_score),
    ("export", "rend les partenaires à data·inclusion ou à HSDS", add_export),
    ("calendar", "écrit quand vérifier chaque contact, pour un agenda", add_calendar),
)


def import_partners(chosen: argparse.Namespace) -> bool:
    """Propose partners for a territory; print what became of every record.

    Raises:
        IscgError: a file is of another format, or what stands in the place of ours is not ours.
    """
    require_package()
    from iscg_rules.directory import importing  # noqa: PLC0415 # when chosen
    from iscg_rules.directory.areas_served import AreasServed  # noqa: PLC0415
    from iscg_rules.directory.joined_proposals import join  # noqa: PLC0415
    from iscg_rules.directory.kind_proposals import load_kind_proposals  # noqa: PLC0415
    from iscg_rules.directory.proposals import (  # noqa: PLC0415
        BEGINNING,
        load_proposals,
        write_proposals,
    )

    layout, rule_set, directory = read_territory(chosen.rules, chosen.territory)
    target = place_of_proposals(layout)
    refuse_installed(target)
    left = target.with_name(f"left-out-{chosen.source}.txt")
    for path, first in ((target, BEGINNING), (left, _LEFT_FIRST)):
        refuse_other_than_ours(path, first)
    earlier = load_proposals(target)
    kinds = load_kind_proposals(layout.rules, rule_set.vocabulary, tuple(rule_set.facts))
    areas = AreasServed(rule_set.vocabulary, load_communes().communes_of_epci)
    imported = importing.import_files(
        [Path(name) for name in chosen.files], chosen.source, kinds, areas
    )
    joined = join(earlier, imported.proposals, directory.partners)
    target.parent.mkdir(exist_ok=True)
    write_text(target, write_proposals(joined.proposals))
    lines = chain.from_iterable(file.lines() for file in imported.files)
    write_text(left, "\n".join(chain([_LEFT_FIRST], lines, [""])))
    for file in imported.files:
        for broken in file.broken:
            sys.stderr.write(f"{file.name}{NBSP}: {broken}\n")
    sys.stdout.write("\n".join(_summary(imported.files, joined, target, left)) + "\n")
    return any(file.lost for file in imported.files)


def _summary(
    files: Sequence["FileReport"], joined: "JoinedProposals", target: Path, left: Path
) -> Iterator[str]:
    for file in files:
        out = sum(map(len, file.left_out.values()))
        yield (
            f"{file.name}{NBSP}: {_many(file.records, 'enregistrement')}, "
            f"{_many(file.proposed, 'proposé')}, {_many(out, 'laissé')} de côté, "
            f"{_many(file.lost, 'illisible')}"
        )
        yield from (f"  {len(some)}{NBSP}: {why}" for why, some in sorted(file.left_out.items()))
    yield (
        f"{target}{NBSP}: {_many(len(joined.proposals), 'proposition')}, "
        f"{_many(joined.new, 'nouvelle')}, {_many(joined.changed, 'changée')}, "
        f"{_many(joined.gone, 'disparue')}, {_many(joined.kept, 'gardée')} parce que changée à la "
        "main"
    )
    yield f"{left}{NBSP}: une ligne par enregistrement laissé de côté"


def _many(count: int, word: str) -> str:
    return f"{count} {word}{'s' if count > 1 else ''}"
