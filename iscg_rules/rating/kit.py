"""A blind booklet: situations as they are told, and for each some aids, whatever the tool says."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from hashlib import sha256
from typing import Any

from pydantic import Field, ValidationError

from iscg_rules.engine import Engine
from iscg_rules.errors import IscgError, Problem
from iscg_rules.language.vocabulary import Attribute
from iscg_rules.language.written_answers import answers_of
from iscg_rules.model.cases import Case
from iscg_rules.reading.binding import Frozen

__all__ = ["Kit", "KitSituation", "make_kit", "read_kit", "told"]

# Fewer answers tell too little for anybody to judge; more aids than these are not judged with care.
_FEWEST_ANSWERS = 4
_AIDS = 12
# So many of them at most are those that the tool gives: the rest is there so that it stays blind.
_MOST_GIVEN = 8
_FORM = "iscg-rules rating kit 1"


class KitSituation(Frozen):
    """One situation of a booklet: a case, its answers, and the aids to judge, in their order."""

    number: int
    case: str
    answers: dict[str, Any]
    at: str | None
    aids: tuple[str, ...]


class Kit(Frozen):
    """What whoever leads the reading keeps: no answer of the tool stands in it."""

    form: str = Field(pattern=f"^{_FORM}$")
    seed: int
    digest: str | None
    situations: tuple[KitSituation, ...] = Field(min_length=1)


def make_kit(engine: Engine, cases: Sequence[Case], count: int, *, seed: int) -> Kit:
    """Choose situations, spread over the files of cases, and the aids to judge in each.

    Args:
        engine: whose aids are among those to judge.
        cases: from which situations are taken, without their titles, which say too much.
        count: how many.
        seed: the same one chooses the same situations.

    Raises:
        IscgError: A011 where there are not so many.
    """
    fitting = [case for case in cases if _is_fit(engine, case)]
    if not 0 < count <= len(fitting):
        aid = f"entre 1 et {len(fitting)} situations"
        raise IscgError([Problem("A011", "nombre hors limites", help=aid)])
    chosen = list(_spread(fitting, seed))[:count]
    situations = (_situation(engine, n, case, seed) for n, case in enumerate(chosen, 1))
    return Kit(form=_FORM, seed=seed, digest=engine.identity.digest, situations=tuple(situations))


def _is_fit(engine: Engine, case: Case) -> bool:
    named = engine.rule_set.vocabulary.attribute_of
    return not case.already and len({named[v] for v in case.situation.given}) >= _FEWEST_ANSWERS


def _order(seed: int, *words: str) -> str:
    """Return what puts things into an order that looks drawn and is the same everywhere."""
    return sha256("\0".join([str(seed), *words]).encode()).hexdigest()


def _spread(cases: Iterable[Case], seed: int) -> Iterator[Case]:
    """Yield every case: one of each file in turn, so that no theme takes all the room."""
    files: dict[str, list[Case]] = {}
    for case in sorted(cases, key=lambda case: _order(seed, case.id)):
        files.setdefault(case.place.file, []).append(case)
    ordered = [files[name] for name in sorted(files, key=lambda name: _order(seed, name))]
    for turn in range(max(map(len, ordered), default=0)):
        yield from (file[turn] for file in ordered if turn < len(file))


def _situation(engine: Engine, number: int, case: Case, seed: int) -> KitSituation:
    kinds = engine.rule_set.vocabulary.kinds
    got = engine.recommend(case.situation, at=case.at)
    certain = [one.kind for one in got.orientations]
    given = certain[:_MOST_GIVEN]
    near = [one.kind for one in got.possible]
    others = [kind for kind in kinds if kind not in certain]
    # What could still come, then the same trades: another world would be told at once.
    trades = {kinds[kind].category for kind in given}
    others.sort(
        key=lambda kind: (
            kind not in near,
            kinds[kind].category not in trades,
            _order(seed, case.id, kind),
        )
    )
    aids = [*given, *others][:_AIDS]
    return KitSituation(
        number=number,
        case=case.id,
        answers=answers_of(engine.rule_set.vocabulary, case.situation.given),
        at=case.at.isoformat() if case.at else None,
        aids=tuple(sorted(aids, key=lambda kind: (kinds[kind].label.fr, kind))),
    )


def told(engine: Engine, situation: KitSituation) -> Iterator[str]:
    """Yield what is known of a situation, a line a question."""
    words, wording = engine.rule_set.vocabulary, engine.rule_set.wording()
    values = engine.situation(situation.answers).given
    for attribute in words.attributes.values():
        known = {name: values[name] for name in attribute.variables if name in values}
        if known:
            said = ", ".join(wording.answer(name, answer) for name, answer in _shown(known))
            yield f"{attribute.label.fr}\u00a0: {said or _nothing(attribute)}"


def _shown(known: dict[str, Any]) -> Iterable[tuple[str, Any]]:
    """Return what is told of one question: of a list, what is ticked, else what is not."""
    if len(known) == 1:
        return known.items()
    return [(name, answer) for name, answer in known.items() if answer == "yes"]


def _nothing(attribute: Attribute) -> str:
    return f"rien de cela ({', '.join(label.fr for label in attribute.choices.values())})"


def read_kit(text: str, engine: Engine) -> Kit:
    """Read what `rating-kit` wrote, in the words of the rules of today.

    Raises:
        IscgError: K001 where it is no such file, or names what the rules do not know any more.
    """
    try:
        kit = Kit.model_validate_json(text)
    except ValidationError:
        raise IscgError([_no_kit("ce n'est pas une clé de livret")]) from None
    problems: list[Problem] = []
    for one in kit.situations:
        if not engine.rule_set.vocabulary.kinds.keys() >= set(one.aids):
            problems.append(_no_kit(f"la situation {one.number} nomme une aide qui n'existe plus"))
        try:
            engine.situation(one.answers)
            _ = one.at is None or date.fromisoformat(one.at[:10])
        except (IscgError, ValueError):
            what = f"la situation {one.number} ne se dit plus avec le vocabulaire d'aujourd'hui"
            problems.append(_no_kit(what))
    if problems:
        raise IscgError(problems)
    return kit


def _no_kit(text: str) -> Problem:
    return Problem("K001", text, help="donnez la `cle.json` que `iscg-rules rating-kit` a écrite")
