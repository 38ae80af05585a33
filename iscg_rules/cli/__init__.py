"""The command line: the only place that prints, reads arguments or looks at the clock.

Exit codes: 0 fine, 1 findings, 2 wrong use or unreadable input, 3 a mistake of ours.
"""

import errno
import os
import sys
from collections.abc import Sequence

from iscg_rules.cli.parser import build_parser
from iscg_rules.errors import IscgError, Problem, failed_at

__all__ = ["main"]

_REASONS = {
    errno.ENAMETOOLONG: "un nom est trop long",
    errno.EACCES: "vous n'en avez pas le droit",
    errno.ENOSPC: "le disque est plein",
}
_USAGE, _INTERNAL, _INTERRUPTED = 2, 3, 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and give its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            # A terminal in LANG=C would refuse French; a byte that cannot be shown is marked.
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        chosen = build_parser().parse_args(arguments)
        found: int = chosen.run(chosen)
        sys.stdout.flush()
    except IscgError as error:
        print(error, file=sys.stderr)
        return _USAGE
    except BrokenPipeError:
        # The reader left, as `head` does: nothing is wrong, and Python must not say so at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        print(_unusable(error), file=sys.stderr)
        return _USAGE
    except KeyboardInterrupt:
        return _INTERRUPTED
    except Exception as error:  # noqa: BLE001 # a traceback could show an answer
        print(_internal(error), file=sys.stderr)
        return _INTERNAL
    # True where something was found; `check` also tells what it could not prove.
    return int(found)


def _unusable(error: OSError) -> Problem:
    """Say that the system refuses a file, without its name: that may hold anything."""
    reason = _REASONS.get(error.errno or 0, f"erreur {error.errno} du système")
    text = f"un fichier ou un dossier ne peut pas être lu ou écrit ({reason})"
    return Problem("Y001", text, help="vérifiez les noms donnés, leurs dossiers et vos droits")


def _internal(error: Exception) -> str:
    """Say where we failed, and nothing of what we were given."""
    return (
        f"erreur interne ({failed_at(error)})\n"
        "  aide : ce n'est pas votre faute ; signalez cette ligne, sans la situation"
    )
