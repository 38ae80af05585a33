"""`iscg-rules lsp`: the language server that an editor starts."""

import argparse
from pathlib import Path
from tempfile import TemporaryDirectory

from iscg_rules.cli.file_arguments import add_territory
from iscg_rules.cli.revisions import rules_at
from iscg_rules.errors import MissingPackageError, Noted
from iscg_rules.model.files import find_files, read_files
from iscg_rules.model.partners import Directory
from iscg_rules.model.rules import RuleSet

__all__ = ["add_arguments", "lsp"]

_COMMIT = "HEAD"


def add_arguments(command: argparse.ArgumentParser) -> None:
    """Add what an editor says."""
    command.set_defaults(run=lsp)
    add_territory(command)
    command.add_argument("--stdio", action="store_true", help="comme les éditeurs l'écrivent")


def lsp(chosen: argparse.Namespace) -> bool:
    """Serve an editor over standard input and output until it leaves.

    Raises:
        IscgError: A012 without the package that speaks to editors.
    """
    try:
        from iscg_rules.workshop.server import build_server  # noqa: PLC0415 # an extra
    except ModuleNotFoundError as error:
        text = "le serveur pour éditeurs demande un paquet qui n'est pas installé"
        raise MissingPackageError(text, "pip install 'iscg-rules[lsp]'") from error
    build_server(chosen.territory, _last_commit).start_io()
    return False


def _last_commit(rules: Path, territory: str | None) -> tuple[RuleSet, Directory] | None:
    """Read what git keeps of rules and partners; None where something is wrong with them."""
    problems = Noted()
    with TemporaryDirectory() as scratch:
        folder = rules_at(_COMMIT, (rules,), Path(scratch))
        found = read_files(find_files(folder, None, territory, problems), problems)
    return None if problems else found
