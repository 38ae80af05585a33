"""Sheets → agreement: κ between readers and with the tool, and where they differ most."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations
from string import ascii_uppercase

from iscg_rules.engine import Engine
from iscg_rules.rating.kappa import grouped_kappa
from iscg_rules.rating.kit import Kit
from iscg_rules.rating.results import TOOL, Agreement, PairAgreement, Split
from iscg_rules.rating.sheets import CLASSES, FilledSheet
from iscg_rules.recommend.signed_results import VERSION

__all__ = ["score"]

_URGENCIES = {"planned": 1, "week": 2, "today": 3, "now": 4}
_MOST_SPLITS = 15
# Readers are far apart from so many classes on; they agree where they are one apart at most.
_APART, _TOGETHER = 2, 1
Ratings = Mapping[tuple[int, str], int]


def score(engine: Engine, kit: Kit, sheets: Sequence[FilledSheet]) -> Agreement:
    """Return how far the readers of a kit agree, with one another and with an engine.

    The tool is asked anew: with other rules it may say something else than when the kit was made.
    """
    names = [_name(number) for number in range(len(sheets))]
    said = dict(zip(names, (sheet.ratings for sheet in sheets), strict=True))
    tool = _of_tool(engine, kit)
    between = tuple(
        _pair(kit, one, other, said[one], said[other]) for one, other in combinations(names, 2)
    )
    with_tool = tuple(_pair(kit, name, TOOL, said[name], tool) for name in names)
    splits = [
        _split(engine, number, aid, [said[name].get((number, aid)) for name in names], tool)
        for number, aid in tool
    ]
    return Agreement(
        VERSION,
        engine.identity,
        is_same_rules=kit.digest == engine.identity.digest,
        situations=len(kit.situations),
        aids=len(tool),
        readers=tuple(names),
        between=between,
        with_tool=with_tool,
        mean_between=_mean(between),
        mean_with_tool=_mean(with_tool),
        splits=_furthest(one for one in splits if one.spread >= _APART),
        against_tool=_furthest(filter(_is_against, splits)),
        unanswered=len(tool) * len(sheets) - sum(len(sheet.ratings) for sheet in sheets),
        others=sum(sheet.others for sheet in sheets),
    )


def _name(number: int) -> str:
    """Name a reader: A to Z, then A2, B2 …."""
    turn, letter = divmod(number, len(ascii_uppercase))
    return ascii_uppercase[letter] + (str(turn + 1) if turn else "")


def _of_tool(engine: Engine, kit: Kit) -> dict[tuple[int, str], int]:
    """Return what the tool says of each aid: when, or no where it is not certain."""
    said = {}
    for one in kit.situations:
        got = engine.recommend(one.answers, at=one.at)
        when = {orientation.kind: orientation.urgency for orientation in got.orientations}
        for aid in one.aids:
            said[one.number, aid] = _URGENCIES[when[aid]] if aid in when else 0
    return said


def _pair(kit: Kit, first: str, second: str, one: Ratings, other: Ratings) -> PairAgreement:
    groups = []
    for situation in kit.situations:
        items = [(situation.number, aid) for aid in situation.aids]
        groups.append([(one[i], other[i]) for i in items if i in one and i in other])
    pairs = [pair for group in groups for pair in group]
    same = sum(a == b for a, b in pairs) / len(pairs) if pairs else 0.0
    return PairAgreement(first, second, same, grouped_kappa(groups, len(CLASSES)))


def _mean(pairs: Iterable[PairAgreement]) -> float | None:
    known = [pair.kappa.value for pair in pairs if pair.kappa.value is not None]
    return sum(known) / len(known) if known else None


def _split(
    engine: Engine, number: int, aid: str, said: Sequence[int | None], tool: Ratings
) -> Split:
    known = [one for one in said if one is not None]
    return Split(
        number,
        aid,
        engine.rule_set.vocabulary.kinds[aid].label.fr,
        tuple(None if one is None else CLASSES[one] for one in said),
        CLASSES[tool[number, aid]],
        max(known) - min(known) if known else 0,
    )


def _is_against(split: Split) -> bool:
    """Tell whether two readers at least agree, and every one of them is far from the tool."""
    known = [CLASSES.index(one) for one in split.said if one is not None]
    tool = CLASSES.index(split.tool)
    is_far = all(abs(one - tool) >= _APART for one in known)
    return len(known) > 1 and split.spread <= _TOGETHER and is_far


def _furthest(splits: Iterable[Split]) -> tuple[Split, ...]:
    ordered = sorted(splits, key=lambda one: (-one.spread, one.situation, one.label, one.aid))
    return tuple(ordered[:_MOST_SPLITS])
