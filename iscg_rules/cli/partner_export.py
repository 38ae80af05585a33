"""`iscg-rules partners score` and `partners export`: partners by others' measure and forms."""

import argparse
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from iscg_rules.cli.output_files import refuse_existing, refuse_other_folder, write_text
from iscg_rules.cli.partner_files import read_territory, require_package
from iscg_rules.cli.printing import print_lines
from iscg_rules.language.wording import Wording

if TYPE_CHECKING:
    from iscg_rules.directory.exported_partners import Loss, TellablePartner
    from iscg_rules.directory.kind_proposals import KindProposals

__all__ = ["add_export", "add_score"]

NBSP = "\u00a0"
_FORMATS = ("data-inclusion", "hsds")


def add_score(part: argparse.ArgumentParser) -> None:
    """Add what `score` takes."""
    part.set_defaults(run=score_partners)
    part.add_argument("territory", metavar="TERRITOIRE", help="le territoire à mesurer")
    part.add_argument("--rules", metavar="DOSSIER", help="dossier des règles (livré sinon)")
    part.add_argument("--format", choices=("text", "json"), default="text")


def add_export(part: argparse.ArgumentParser) -> None:
    """Add what `export` takes."""
    part.set_defaults(run=export_partners)
    part.add_argument("territory", metavar="TERRITOIRE", help="le territoire à rendre")
    part.add_argument("--to", dest="target", choices=_FORMATS, required=True, help="son format")
    part.add_argument("--output", metavar="DOSSIER", required=True, help="où écrire les fichiers")
    part.add_argument("--force", action="store_true", help="remplace les fichiers qui y sont")
    part.add_argument("--rules", metavar="DOSSIER", help="dossier des règles (livré sinon)")


def _tellable(chosen: argparse.Namespace) -> tuple[list["TellablePartner"], "KindProposals"]:
    require_package()
    from iscg_rules.directory.exported_partners import list_tellable  # noqa: PLC0415
    from iscg_rules.directory.kind_proposals import load_kind_proposals  # noqa: PLC0415

    layout, rule_set, directory = read_territory(chosen.rules, chosen.territory)
    labels = {name: fact.label for name, fact in rule_set.facts.items()}
    wording = Wording(rule_set.vocabulary, labels)
    kinds = load_kind_proposals(layout.rules, rule_set.vocabulary, tuple(rule_set.facts))
    return [*list_tellable(directory, wording)], kinds


def score_partners(chosen: argparse.Namespace) -> bool:
    """Print the official score of each partner, the lowest first, and the mean."""
    told, kinds = _tellable(chosen)
    from iscg_rules.directory.to_data_inclusion import export_service, score  # noqa: PLC0415

    scores = score(export_service(one, kinds) for one in told)
    mean = sum(one.value for one in scores) / len(scores) if scores else 0.0
    if chosen.format == "json":
        by_partner = [
            {"partner": one.partner, "score": one.value, "criteria": dict(one.criteria)}
            for one in scores
        ]
        print_lines([json.dumps({"mean": round(mean, 3), "partners": by_partner}, indent=1)])
        return False
    for one in sorted(scores, key=lambda one: (one.value, one.partner)):
        low = [name for name, value in one.criteria.items() if value is not None and value < 1]
        print_lines([f"{one.value:.2f}  {one.partner}", f"      {', '.join(low)}"])
    print_lines([f"{len(scores)} partenaires, en moyenne {mean:.2f}"])
    return False


def export_partners(chosen: argparse.Namespace) -> bool:
    """Write the partners in another form; print what it cannot say.

    Raises:
        IscgError: B012, B013: a file is there already; B018 where the folder is none, or a link.
    """
    told, kinds = _tellable(chosen)
    files, losses = _as_hsds(told) if chosen.target == "hsds" else _as_data_inclusion(told, kinds)
    folder = Path(chosen.output)
    refuse_other_folder(folder)
    refuse_existing([folder / name for name in files], force=chosen.force)
    folder.mkdir(exist_ok=True)
    for name, value in files.items():
        write_text(folder / name, json.dumps(value, ensure_ascii=False, indent=1) + "\n")
        print_lines([f"{folder / name}{NBSP}: {len(told)} partenaires"])
    print_lines(_told_losses(losses))
    return False


def _as_data_inclusion(
    told: Iterable["TellablePartner"], kinds: "KindProposals"
) -> tuple[dict[str, Any], list["Loss"]]:
    from iscg_rules.directory.to_data_inclusion import export_service  # noqa: PLC0415

    exported = [export_service(one, kinds) for one in told]
    pairs = [one.as_dicts() for one in exported if one.service is not None]
    files = {
        "services.json": [service for service, _ in pairs],
        "structures.json": [structure for _, structure in pairs],
    }
    return files, [loss for one in exported for loss in one.losses]


def _as_hsds(told: Iterable["TellablePartner"]) -> tuple[dict[str, Any], list["Loss"]]:
    from iscg_rules.directory.to_hsds import export_page, export_to_hsds  # noqa: PLC0415

    exported = [export_to_hsds(one) for one in told]
    page = export_page([service for service, _ in exported])
    return {"services.json": page}, [loss for _, losses in exported for loss in losses]


def _told_losses(losses: Iterable["Loss"]) -> Iterator[str]:
    by_field: dict[str, list[str]] = defaultdict(list)
    for loss in losses:
        by_field[loss.field].append(loss.partner)
    for field, partners in sorted(by_field.items()):
        yield f"ne se dit pas dans ce format{NBSP}: {field} ({len(partners)} partenaires)"
        yield f"  {', '.join(sorted(partners))}"
