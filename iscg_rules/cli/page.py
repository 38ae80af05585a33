"""`iscg-rules page`: one file for a station without network; what is not ours is never replaced."""

import argparse
import sys
from pathlib import Path

from iscg_rules.cli.export import first_day
from iscg_rules.cli.file_arguments import add_files
from iscg_rules.cli.output_files import refuse_other, write_text
from iscg_rules.engine import Engine
from iscg_rules.model.closed_words import LANGUAGES
from iscg_rules.model.files import find_files
from iscg_rules.page.assembly import GENERATOR, load_page
from iscg_rules.transparency.notice import make_notice

__all__ = ["add_arguments", "page"]

_OURS = f'content="{GENERATOR} '.encode()


def add_arguments(command: argparse.ArgumentParser) -> None:
    """Add where to, in which language, and from when on opening hours are told."""
    command.set_defaults(run=page)
    text = "le fichier à écrire, comme orientation.html"
    command.add_argument("-o", "--output", required=True, metavar="FICHIER", help=text)
    command.add_argument("--language", choices=LANGUAGES, default="fr")
    command.add_argument("--from", dest="first", metavar="JOUR", help="premier jour des horaires")
    add_files(command)


def page(chosen: argparse.Namespace) -> bool:
    """Write the page; finds nothing, so the exit code is 0.

    Raises:
        IscgError: B018 where something that is not a page of ours, or a link, has this name.
    """
    target = Path(chosen.output)
    refuse_other(target, lambda beginning: _OURS in beginning)
    engine = Engine.load(chosen.rules, chosen.partners, territory=chosen.territory)
    told = find_files(chosen.rules, chosen.partners, chosen.territory, []).transparency
    text = load_page(engine, first_day(chosen), told, language=chosen.language)
    write_text(target, text)
    sys.stdout.write(f"{target.name}\u00a0: {len(text.encode()) // 1000} ko\n")
    if missing := make_notice(engine.identity, told).missing:
        lacking = ", ".join(f"`{key}`" for key in missing)
        sys.stdout.write(f"la notice est à compléter, `transparency`\u00a0: {lacking}\n")
    return False
