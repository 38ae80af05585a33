"""`iscg-rules notice` and `inventory`: what people, and those who answer for the tool, are told."""

import argparse
import sys

from iscg_rules.cli.days import chosen_day
from iscg_rules.cli.file_arguments import add_files
from iscg_rules.engine import Engine
from iscg_rules.model.files import find_files
from iscg_rules.transparency.impact import impact_markdown
from iscg_rules.transparency.inventory import make_inventory
from iscg_rules.transparency.notice import make_notice
from iscg_rules.transparency.text import inventory_markdown, notice_markdown, notice_text

__all__ = ["add_inventory", "add_notice", "inventory", "notice"]


def add_notice(command: argparse.ArgumentParser) -> None:
    """Say what `notice` takes."""
    command.set_defaults(run=notice)
    command.add_argument("--format", choices=("text", "markdown", "json"), default="text")
    add_files(command)


def add_inventory(command: argparse.ArgumentParser) -> None:
    """Say what `inventory` takes."""
    command.set_defaults(run=inventory)
    command.add_argument("--format", choices=("markdown", "json"), default="markdown")
    text = "le canevas d'une analyse d'impact (AIPD), en Markdown"
    command.add_argument("--impact", action="store_true", help=text)
    command.add_argument("--at", metavar="JOUR", help="jour de la fiche (aujourd'hui sinon)")
    add_files(command)


def notice(chosen: argparse.Namespace) -> bool:
    """Print the notice; tells whether something lacks that only the service can say."""
    engine = Engine.load(chosen.rules, chosen.partners, territory=chosen.territory)
    layout = find_files(chosen.rules, chosen.partners, chosen.territory, [])
    said = make_notice(engine.identity, layout.transparency)
    written = {"text": notice_text, "markdown": notice_markdown}
    as_text = written.get(chosen.format, lambda one: one.to_json(indent=2) + "\n")
    sys.stdout.write(as_text(said))
    return bool(said.missing)


def inventory(chosen: argparse.Namespace) -> bool:
    """Print the sheet of the treatment, or the skeleton of an impact assessment."""
    engine = Engine.load(chosen.rules, chosen.partners, territory=chosen.territory)
    layout = find_files(chosen.rules, chosen.partners, chosen.territory, [])
    sheet = make_inventory(engine, layout.transparency, day=chosen_day(chosen))
    if chosen.impact:
        sys.stdout.write(impact_markdown(sheet))
    elif chosen.format == "json":
        sys.stdout.write(sheet.to_json(indent=2) + "\n")
    else:
        sys.stdout.write(inventory_markdown(sheet))
    return False
