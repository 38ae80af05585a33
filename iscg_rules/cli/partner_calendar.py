"""`iscg-rules partners calendar`: when each contact must be checked, for a calendar."""

import argparse
import sys
from pathlib import Path

from iscg_rules.authoring.contact_checks import contact_checks
from iscg_rules.cli.days import chosen_day
from iscg_rules.cli.output_files import refuse_other, write_text
from iscg_rules.cli.partner_files import read_territory
from iscg_rules.rendering.check_calendar import BEGINNING, render_calendar

__all__ = ["add_calendar"]

_OURS = BEGINNING.encode()


def add_calendar(part: argparse.ArgumentParser) -> None:
    """Add what `calendar` takes."""
    part.set_defaults(run=write_calendar)
    part.add_argument("territory", metavar="TERRITOIRE", help="dont on vérifie les contacts")
    part.add_argument("-o", "--output", metavar="FICHIER", help="où l'écrire ; affiché sinon")
    part.add_argument("--at", metavar="JOUR", help="jour d'où l'on compte ; aujourd'hui sinon")
    part.add_argument("--rules", metavar="DOSSIER", help="dossier des règles (livré sinon)")


def write_calendar(chosen: argparse.Namespace) -> bool:
    """Write a calendar of checks.

    Raises:
        IscgError: B018 where something that is not a calendar of ours, or a link, has this name.
    """
    if chosen.output is not None:
        refuse_other(Path(chosen.output), lambda beginning: beginning.startswith(_OURS))
    day = chosen_day(chosen)
    layout, _, directory = read_territory(chosen.rules, chosen.territory)
    checks = contact_checks(directory, day)
    text = render_calendar(checks, layout.territories[-1].id, day)
    if chosen.output is None:
        sys.stdout.write(text)
        return False
    write_text(Path(chosen.output), text)
    late = sum(check.due == day for check in checks)
    sys.stdout.write(f"{chosen.output} : {len(checks)} contacts, {late} à vérifier tout de suite\n")
    return False
