"""`iscg-rules reference`: every key that an author may write."""

import argparse
import sys

from iscg_rules.authoring.key_reference import KeySection, KeyText, find_keys, load_keys
from iscg_rules.authoring.key_reference import render_reference as render
from iscg_rules.errors import IscgError, Problem
from iscg_rules.suggestions import did_you_mean

__all__ = ["add_arguments", "reference"]

_NBSP = "\u00a0"


def add_arguments(command: argparse.ArgumentParser) -> None:
    """Add the arguments of `reference`."""
    command.set_defaults(run=reference)
    command.add_argument("key", nargs="?", metavar="CLÉ", help="une clé ; sans elle, toute la page")


def reference(chosen: argparse.Namespace) -> bool:
    """Print the page of all keys, or what is known of one of them.

    Raises:
        IscgError: S001 for a key that stands nowhere.
    """
    if chosen.key is None:
        sys.stdout.write(render())
        return False
    found = find_keys(chosen.key)
    if not found:
        names = sorted({key.name for section in load_keys() for key in section.keys})
        aid = did_you_mean(chosen.key, names) or "`iscg-rules reference` les donne toutes"
        raise IscgError([Problem("S001", "aucune clé de ce nom", help=aid)])
    sys.stdout.write("\n".join(_say(section, key) for section, key in found))
    return False


def _say(section: KeySection, key: KeyText) -> str:
    must = ", obligatoire" if key.is_required else ""
    words = f"  possible{_NBSP}: {', '.join(key.words)}\n" if key.words else ""
    return (
        f"{key.name} · {section.title}, {section.where}{must}\n"
        f"  {key.text}\n{words}  exemple{_NBSP}: {key.example}\n"
    )
