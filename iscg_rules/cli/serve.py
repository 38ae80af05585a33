"""`iscg-rules serve`: the service over HTTP, without a log of what was asked."""

import argparse
import json
import os
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from iscg_rules.errors import IscgError, MissingPackageError, Problem

__all__ = ["add_arguments", "serve"]

_APPLICATION = "iscg_rules.web.application:served_app"
# More than that wait for a place, or are told to come back.
_MOST_CONNECTIONS = 1_000
_MOST_WORKERS = 64


def add_arguments(command: argparse.ArgumentParser) -> None:
    """Add where to serve, what, and to whom."""
    command.set_defaults(run=serve)
    command.add_argument("--host", default="127.0.0.1", metavar="ADRESSE", help="où écouter")
    command.add_argument("--port", type=int, default=8000, metavar="N")
    text = "un nom livré, ou un dossier ; plusieurs fois pour plusieurs"
    command.add_argument(
        "--territory", action="append", default=[], metavar="TERRITOIRE", help=text
    )
    command.add_argument("--rules", metavar="DOSSIER", help="dossier des règles (livré sinon)")
    command.add_argument("--partners", metavar="FICHIER", help="partenaires (livrés sinon)")
    text = "processus ; un par cœur"
    command.add_argument("--workers", type=int, default=1, metavar="N", help=text)
    text = "une page d'ailleurs qui peut demander, comme https://exemple.fr"
    command.add_argument(
        "--allow-origin", action="append", default=[], metavar="ORIGINE", help=text
    )
    text = "secondes entre deux regards sur les fichiers, relus s'ils changent ; 0 : jamais"
    command.add_argument("--look-every", type=int, default=5, metavar="N", help=text)


def serve(chosen: argparse.Namespace) -> bool:
    """Serve until somebody stops it; finds nothing, so the exit code is 0.

    Raises:
        IscgError: A011 for options out of bounds, A012 without the extra, else what is wrong with
            the rules.
    """
    _check(chosen)
    try:
        import uvicorn  # noqa: PLC0415 # an extra
        from uvicorn.supervisors import Multiprocess  # noqa: PLC0415 # the same

        from iscg_rules.web.application import SETTINGS, create_app  # noqa: PLC0415 # the same
        from iscg_rules.web.listening import SharedListener  # noqa: PLC0415 # the same
        from iscg_rules.web.metrics import SHARED_FOLDER  # noqa: PLC0415 # the same
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("iscg_rules"):
            raise
        text = f"`iscg-rules serve` a besoin du paquet `{error.name}`"
        raise MissingPackageError(text, "pip install 'iscg-rules[web]'") from None
    settings = {
        "rules": chosen.rules,
        "partners": chosen.partners,
        "territories": chosen.territory,
        "allow_origins": chosen.allow_origin,
        "look_every": chosen.look_every or None,
    }
    # What is wrong with the rules is told here, as by every command, and not by each process.
    app = create_app(**settings)
    names = ", ".join(name for name in app.state.shelf.served.engines if name)
    print(f"http://{chosen.host}:{chosen.port}\u00a0: {names}", file=sys.stderr, flush=True)
    if chosen.workers == 1:
        uvicorn.run(app, **_options(chosen))
        return False
    with TemporaryDirectory() as shared:
        os.environ |= {SETTINGS: json.dumps(settings), SHARED_FOLDER: shared}
        config = uvicorn.Config(
            _APPLICATION, factory=True, workers=chosen.workers, **_options(chosen)
        )
        listener = SharedListener(config.bind_socket(), Path(shared))
        Multiprocess(config, sockets=[listener]).run()
        listener.close()
    return False


def _options(chosen: argparse.Namespace) -> dict[str, Any]:
    return {
        "host": chosen.host,
        "port": chosen.port,
        # Privacy: INFO and below tell of connections and requests.
        "access_log": False,
        "log_level": "warning",
        "server_header": False,
        "proxy_headers": False,
        # What is written in Python bounds how long a head may be; the faster one in C does not, and
        # an answer costs ten times what it would save.
        "http": "h11",
        "loop": "asyncio",
        "ws": "none",
        "limit_concurrency": _MOST_CONNECTIONS,
        "timeout_graceful_shutdown": 10,
    }


def _check(chosen: argparse.Namespace) -> None:
    is_right = {
        f"`--workers` : de 1 à {_MOST_WORKERS}": 1 <= chosen.workers <= _MOST_WORKERS,
        "`--port` : de 1 à 65535": 1 <= chosen.port <= 65_535,  # noqa: PLR2004 # TCP's
        "`--look-every` : zéro ou plus": chosen.look_every >= 0,
    }
    wrong = [aid for aid, is_so in is_right.items() if not is_so]
    if wrong:
        raise IscgError([Problem("A011", "option hors limites", help=aid) for aid in wrong])
