"""`iscg-rules rating-kit` and `rating-score`: do practitioners agree, and with the tool?"""

import argparse
import os
import sys
from pathlib import Path

from iscg_rules.cli.file_arguments import add_files
from iscg_rules.cli.output_files import refuse_other_folder, write_text
from iscg_rules.cli.written_files import load_sound
from iscg_rules.engine import Engine
from iscg_rules.errors import IscgError, Problem, collect
from iscg_rules.rating.kit import make_kit, read_kit
from iscg_rules.rating.score import score
from iscg_rules.rating.sheets import FilledSheet, empty_sheet, read_sheet
from iscg_rules.rating.text import booklet, render_agreement
from iscg_rules.reading.regular_files import load_regular

__all__ = ["add_kit", "add_score", "rating_kit", "rating_score"]

BOOKLET, SHEET, KEY = "livret.md", "feuille.csv", "cle.json"


def add_kit(command: argparse.ArgumentParser) -> None:
    """Say what `rating-kit` takes."""
    command.set_defaults(run=rating_kit)
    command.add_argument("count", type=int, metavar="N", help="combien de situations")
    text = "le même nombre choisit les mêmes situations"
    command.add_argument("--seed", type=int, default=1, metavar="NOMBRE", help=text)
    text = f"dossier où écrire {BOOKLET}, {SHEET} et {KEY} (le livret sur la sortie sinon)"
    command.add_argument("-o", "--output", metavar="DOSSIER", help=text)
    add_files(command)


def add_score(command: argparse.ArgumentParser) -> None:
    """Say what `rating-score` takes."""
    command.set_defaults(run=rating_score)
    command.add_argument("key", metavar="CLÉ", help=f"{KEY}, écrite avec le livret")
    command.add_argument("sheets", nargs="+", metavar="FEUILLE", help="une feuille par lecteur")
    command.add_argument("--format", choices=("text", "json"), default="text")
    add_files(command)


def rating_kit(chosen: argparse.Namespace) -> bool:
    """Print the booklet, or write it with the sheet and the key; finds nothing.

    Raises:
        IscgError: A011 for so many situations; B013, B018 where something stands there already.
    """
    files = load_sound(chosen)
    engine = files.engine()
    kit = make_kit(engine, files.cases, chosen.count, seed=chosen.seed)
    text = booklet(kit, engine)
    if chosen.output is None:
        sys.stdout.write(text)
        return False
    folder = Path(chosen.output)
    refuse_other_folder(folder)
    written = {
        BOOKLET: text,
        SHEET: empty_sheet(kit, engine),
        KEY: kit.model_dump_json(indent=1) + "\n",
    }
    if there := [name for name in written if os.path.lexists(folder / name)]:
        aid = "choisissez un autre dossier : rien n'est remplacé"
        raise IscgError([Problem("B013", f"`{there[0]}` existe déjà dans ce dossier", help=aid)])
    folder.mkdir(exist_ok=True)
    for name, content in written.items():
        write_text(folder / name, content)
    sys.stdout.write(f"{', '.join(written)}\u00a0: {len(kit.situations)} situations\n")
    return False


def rating_score(chosen: argparse.Namespace) -> bool:
    """Print how far readers agree; finds nothing, whatever it is.

    Raises:
        IscgError: K001, and K002 with every line of every sheet that cannot be read.
    """
    engine = Engine.load(chosen.rules, chosen.partners, territory=chosen.territory)
    with load_regular(Path(chosen.key)) as file:
        kit = read_kit(file.read().decode("utf-8-sig", errors="replace"), engine)
    sheets: list[FilledSheet] = []

    def read(name: str) -> None:
        with load_regular(Path(name)) as file:
            sheets.append(read_sheet(file.read(), Path(name).name, kit))

    collect(*(lambda name=name: read(name) for name in chosen.sheets))
    found = score(engine, kit, sheets)
    is_json = chosen.format == "json"
    sys.stdout.write(found.to_json(indent=2) + "\n" if is_json else render_agreement(found))
    return False
