"""When something can be done: what is reached now, later today, at the next opening, or after.

The rank of an orientation says how much it presses, whatever the hour; whoever reads it at night
needs to know whom to call first.
"""

from datetime import datetime, timedelta
from typing import Literal

from iscg_rules.language.moments import hour_of
from iscg_rules.language.vocabulary import WITHOUT_PARTNER
from iscg_rules.recommend.results import Orientation, Recommendation
from iscg_rules.rendering.words import WORDS, moment

__all__ = ["When", "grouped", "heading", "next_opening"]

When = Literal["now", "today", "later", "then"]
_EVENING = 18


def grouped(recommendation: Recommendation) -> dict[When, list[Orientation]]:
    """Return the orientations by when they can be done, none empty, each in the order to try them.

    `now`: pressing now. `today`: pressing today, and answering before midnight. `later`: pressing,
    and closed until another day, or nobody knows. `then`: this week, or to be planned.
    What is known to answer comes before what may not.
    """
    groups: dict[When, list[Orientation]] = {"now": [], "today": [], "later": [], "then": []}
    for orientation in recommendation.orientations:
        groups[_when(orientation, hour_of(recommendation.at))].append(orientation)
    for group in groups.values():
        # The sort is stable: what answers alike keeps its rank.
        group.sort(key=_is_doubtful)
    return {when: group for when, group in groups.items() if group}


def heading(when: When, recommendation: Recommendation) -> str:
    """Return the words over one group; `later` names the day, where all of it is tomorrow."""
    words, at = WORDS[recommendation.language], hour_of(recommendation.at)
    if when == "today" and at is not None and at.hour >= _EVENING:
        return words["tonight"]
    if when == "later" and at is not None:
        opening = [_opens(one) for one in recommendation.orientations if _when(one, at) == "later"]
        tomorrow = at.date() + timedelta(days=1)
        if all(opens is not None and opens.date() == tomorrow for opens in opening):
            return words["tomorrow"]
    return words[when if when == "now" else f"when_{when}"]


def next_opening(orientation: Orientation, language: str) -> str:
    """Say when the one to call opens, where that is not now and known."""
    opens = _opens(orientation)
    return WORDS[language]["from"].format(moment(opens, language)) if opens else ""


def _opens(orientation: Orientation) -> datetime | None:
    reachable = orientation.reachable
    return reachable if isinstance(reachable, datetime) else None


def _when(orientation: Orientation, at: datetime | None) -> When:
    if orientation.urgency not in {"now", "today"}:
        return "then"
    opens = _opens(orientation)
    if opens is not None and at is not None:
        return "today" if opens.date() == at.date() else "later"
    if orientation.urgency == "now":
        return "now"
    # At night an office of unknown hours is not for tonight.
    return "later" if at is not None and _is_doubtful(orientation) else "today"


def _is_doubtful(orientation: Orientation) -> bool:
    """Tell whether nobody is known to answer, where somebody must."""
    if orientation.partner is None:
        return orientation.nature not in WITHOUT_PARTNER
    return orientation.reachable in {"unknown", "nobody"}
