"""`iscg-rules review`: can this change be merged?"""

import argparse
import sys
from collections.abc import Callable, Mapping
from types import MappingProxyType

from iscg_rules.cli.days import chosen_day
from iscg_rules.cli.printing import print_json
from iscg_rules.cli.two_sides import read_sides
from iscg_rules.errors import IscgError
from iscg_rules.review.results import MergeReview
from iscg_rules.review.reviewing import review as review_change
from iscg_rules.review.sarif import as_sarif
from iscg_rules.review.text import render_markdown, render_text

__all__ = ["add_arguments", "review"]

_TEXTS: Mapping[str, Callable[[MergeReview], str]] = MappingProxyType(
    {"text": render_text, "markdown": render_markdown}
)
_VALUES: Mapping[str, Callable[[MergeReview], object]] = MappingProxyType(
    {"json": MergeReview.as_dict, "sarif": as_sarif}
)


def add_arguments(command: argparse.ArgumentParser) -> None:
    """Say what `review` takes."""
    command.set_defaults(run=review)
    where = "dossier, ou révision git, d'où part le changement (HEAD)"
    command.add_argument("old", nargs="?", default="HEAD", metavar="BASE", help=where)
    command.add_argument(
        "--territory", metavar="TERRITOIRE", help="un nom livré, ou un dossier de territoire"
    )
    command.add_argument("--format", choices=("text", "json", "markdown", "sarif"), default="text")
    command.add_argument("--at", metavar="JOUR", help="jour dont on part (aujourd'hui sinon)")
    command.set_defaults(new=None)


def review(chosen: argparse.Namespace) -> bool:
    """Print what a change brings, and tell whether anything stands against merging it.

    Raises:
        IscgError: A012 without the package that proves; D001 to D003; every problem of the files.
    """
    day = chosen_day(chosen)
    old, new = read_sides(chosen)
    if new.wrong:
        raise IscgError(new.wrong)
    found = review_change(old, new, day=day)
    if chosen.format in _VALUES:
        print_json(_VALUES[chosen.format](found))
    else:
        sys.stdout.write(_TEXTS[chosen.format](found))
    return found.must_not_pass
