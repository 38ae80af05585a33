"""Where rules are compared: a folder, or what git keeps of one at a revision."""

import io
import shutil
import subprocess
import tarfile
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from iscg_rules.errors import IscgError, Problem

__all__ = ["current_rules", "rules_at", "rules_in"]

_VOCABULARY = "vocabulary.yaml"
_BESIDE = ("partners.yaml", "territories")


def current_rules(shipped: Path) -> Path:
    """Return the folder of rules where we stand: `rules`, or the shipped one."""
    here = Path.cwd()
    return _rules_of(here) or shipped


def rules_in(given: str) -> Path | None:
    """Return the folder of rules at a path: the folder itself, or `rules` in it.

    Returns:
        None where there is no such folder.

    Raises:
        IscgError: D001 where a path leads nowhere, D003 where a folder holds no rules.
    """
    folder = Path(given)
    if not folder.is_dir():
        if given.startswith((".", "/")) or given.endswith("/"):
            _fail("D001", f"aucun dossier de ce nom : `{given[:60]}`", "vérifiez le chemin")
        return None
    found = _rules_of(folder)
    if found is None:
        aid = "donnez le dossier où se trouve `vocabulary.yaml`, ou celui qui contient `rules`"
        _fail("D003", f"aucune règle dans `{given[:60]}`", aid)
    return found


def _rules_of(folder: Path) -> Path | None:
    return next((f for f in (folder, folder / "rules") if (f / _VOCABULARY).is_file()), None)


def rules_at(revision: str, rules: Sequence[Path], scratch: Path) -> Path:
    """Return the folder of rules as git keeps it at a revision, with what lies beside it.

    Args:
        revision: a commit, a branch, a tag.
        rules: folders as they are now; the first that lies in a repository counts.
        scratch: where its files are written.

    Raises:
        IscgError: D001 for an unknown revision, D002 without git or outside a repository, D003
            where the revision holds no rules.
    """
    folders = [folder.resolve() for folder in rules]
    kept = [f for f in folders if _git(f.parent, "rev-parse", "--show-prefix") is not None]
    if not kept:
        aid = "donnez deux dossiers, ou lancez la commande dans un dépôt git"
        _fail("D002", "aucun dépôt git autour des règles", aid)
    name, inside = kept[0].name, _line(_git(kept[0].parent, "rev-parse", "--show-prefix"))
    # From the top: below it, git refuses to pack a folder that it does not hold any more.
    root = Path(_line(_git(kept[0].parent, "rev-parse", "--show-toplevel")))
    wanted = f"{revision}^{{commit}}"
    commit = _line(_git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", wanted))
    if not commit:
        aid = "donnez un dossier, ou une révision comme HEAD, HEAD~1 ou une étiquette"
        _fail("D001", f"ni dossier ni révision de ce nom : `{revision[:60]}`", aid)
    tree = f"{commit}:{inside}"
    listed = _line(_git(root, "ls-tree", "--name-only", tree)).splitlines()
    names = [one for one in (name, *_BESIDE) if one in listed]
    packed = _git(root, "archive", "--format=tar", tree, *names) if names else None
    if packed:
        with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
            if hasattr(tarfile, "data_filter"):
                archive.extractall(scratch, filter="data")
            else:
                # Python 3.11.0 to 3.11.3. What git packs lies in its tree; links are left out.
                plain = [member for member in archive if member.isfile() or member.isdir()]
                archive.extractall(scratch, members=plain)  # noqa: S202 # as just said
    found = _rules_of(scratch / name)
    if found is None:
        aid = "choisissez une révision plus récente"
        _fail("D003", f"aucune règle à la révision `{revision[:60]}`", aid)
    return found


def _line(written: bytes | None) -> str:
    return (written or b"").decode().rstrip("\n")


def _git(root: Path, *arguments: str) -> bytes | None:
    """Return what git writes; None where it refuses."""
    program = shutil.which("git")
    if program is None:
        _fail("D002", "git n'est pas installé", "donnez deux dossiers")
    command = [program, "-C", str(root), *arguments]
    done = subprocess.run(command, check=False, capture_output=True)  # noqa: S603 # our own words; a revision comes after --end-of-options
    return done.stdout if done.returncode == 0 else None


def _fail(code: str, message: str, aid: str) -> NoReturn:
    raise IscgError([Problem(code, message, help=aid)])
