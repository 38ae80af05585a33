"""What every command over files of situations needs: the extra, a bar, a digest of the rules."""

import argparse
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from iscg_rules.errors import MissingPackageError
from iscg_rules.model.files import find_files

if TYPE_CHECKING:
    from tqdm import tqdm

    from iscg_rules.batch.files.input_files import RowReader

__all__ = ["FORMATS", "PIPE", "Bar", "digest_of", "needing_batch"]

PIPE = "-"
FORMATS = ("csv", "jsonl", "parquet")


@contextmanager
def needing_batch(command: str) -> Iterator[None]:
    """Say what to install where an import of optional packages fails.

    Raises:
        IscgError: A011 when one is missing.
    """
    try:
        yield
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("iscg_rules"):
            raise
        text = f"`iscg-rules {command}` a besoin du paquet `{error.name}`"
        aid = "pip install 'iscg-rules[batch]'"
        raise MissingPackageError(text, aid) from None


def digest_of(
    chosen: argparse.Namespace, rules: str | None, digest: Callable[[list[Path]], str]
) -> str:
    """Return a digest of every file of rules and partners that a command reads."""
    layout = find_files(rules, chosen.partners, chosen.territory, [])
    folders = [path for folder, _ in layout.folders() for path in sorted(folder.glob("*.yaml"))]
    return digest([*folders, *(path for path, _ in layout.partner_files())])


class Bar:
    """A bar on a terminal; in a pipe, nothing."""

    def __init__(self) -> None:
        self._bar: tqdm[NoReturn] | None = None

    def begin(self, reader: "RowReader") -> Callable[[int], object]:
        """Show the bar; what it gives moves it on."""
        if not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
            return lambda _: None
        # Optional.
        from tqdm import tqdm  # noqa: PLC0415

        self._bar = tqdm(
            total=reader.total,
            unit=reader.unit,
            unit_scale=True,
            leave=False,
            dynamic_ncols=True,
            colour=None if os.environ.get("NO_COLOR") else "green",
        )
        return self._bar.update

    def close(self) -> None:
        """Take the bar away, so that a message stands on a line of its own."""
        if self._bar is not None:
            self._bar.close()
