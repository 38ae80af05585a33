"""Where a command finds rules and partners."""

import argparse

__all__ = ["add_files", "add_territory"]


def add_files(command: argparse.ArgumentParser) -> None:
    """Add where rules and partners are found."""
    add_territory(command)
    command.add_argument("--rules", metavar="DOSSIER", help="dossier des règles (livré sinon)")
    command.add_argument("--partners", metavar="FICHIER", help="partenaires (livrés sinon)")


def add_territory(command: argparse.ArgumentParser) -> None:
    """Add the choice of a territory."""
    command.add_argument(
        "--territory", metavar="TERRITOIRE", help="un nom livré, ou un dossier de territoire"
    )
