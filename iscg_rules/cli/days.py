"""The day that a command is asked about."""

import argparse
from datetime import date, datetime

from iscg_rules.language.moments import PARIS, day_of, read_moment

__all__ = ["chosen_day"]


def chosen_day(chosen: argparse.Namespace) -> date:
    """Return the day of `--at`, or today.

    Raises:
        IscgError: A009.
    """
    return day_of(read_moment(chosen.at)) or datetime.now(PARIS).date()
