"""A case in which a rule does what it says, kept as it is: a beginning for its author."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from iscg_rules.authoring.case_verdicts import judge
from iscg_rules.authoring.sketches import FRIDAY, moments_of_a_week
from iscg_rules.engine import Engine
from iscg_rules.errors import Place
from iscg_rules.explain.cubes import Cube, Edits, first_answers
from iscg_rules.language.situations import AnswerValue, Situation
from iscg_rules.language.written_answers import answers_of, givable
from iscg_rules.model.answer_space import Space
from iscg_rules.model.cases import Case, Expect
from iscg_rules.model.rules import Rule, RuleSet
from iscg_rules.reading.binding import LocalText

__all__ = ["FirstCase", "first_case"]

_NOWHERE = Place("", 0, 0)


@dataclass(frozen=True, slots=True)
class FirstCase:
    """Answers and a moment by which a rule is seen to do all that it does, and what that is."""

    answers: Mapping[str, object]
    at: datetime
    expect: Mapping[str, tuple[str, ...]]


def first_case(engine: Engine, rule: Rule) -> FirstCase:
    """Return the first case of a rule that is kept, with few answers.

    Of a rule that nothing can show, the case without answers, at a moment when the rule exists.
    """
    rule_set, expect = engine.rule_set, _expect(rule)
    for values, at in _examples(rule_set, rule):
        situation = Situation(givable(rule_set.vocabulary, values))
        text = LocalText(fr=rule.id)
        case = Case(rule.id, text, situation, at, {}, Expect.model_validate(expect), _NOWHERE)
        if all(verdict.is_kept for verdict in judge(engine, [case])):
            return FirstCase(answers_of(rule_set.vocabulary, situation.values), at, expect)
    existing = (at for at, _ in _moments(rule_set, rule))
    return FirstCase({}, next(existing, FRIDAY), expect)


def _expect(rule: Rule) -> Mapping[str, tuple[str, ...]]:
    expected = {
        "includes": tuple(orient.to for orient in rule.orient),
        "excludes": tuple(exclude.to for exclude in rule.exclude),
        "advice": (rule.id,) if rule.advise else (),
    }
    return {key: names for key, names in expected.items() if names}


def _examples(
    rule_set: RuleSet, rule: Rule
) -> Iterator[tuple[Mapping[str, AnswerValue], datetime]]:
    """Yield answers by which the rule holds and nothing excludes its kinds, the fewest first."""
    space = Space(rule_set)
    for at, derived in _moments(rule_set, rule):
        edits = Edits(space, derived, keeps_fixed=False)
        cubes: list[Cube] = edits.cubes(rule.condition, "true")
        for kind in rule.kinds if rule.orient else ():
            for excluding in rule_set.excluding.get(kind, ()):
                if excluding.is_in_force(at.date()):
                    cubes = edits.both(cubes, edits.cubes(excluding.condition, "false"))
        for cube in cubes:
            values = first_answers(space, cube)
            if values is not None:
                yield values, at


def _moments(rule_set: RuleSet, rule: Rule) -> Iterator[tuple[datetime, Mapping[str, str]]]:
    """Yield, in a week of the rule, the first moment of each sort, night or office hours."""
    sorts: list[Mapping[str, str]] = []
    for at, derived in moments_of_a_week(rule_set.vocabulary, _day(rule)):
        if rule.is_in_force(at.date()) and derived not in sorts:
            sorts.append(derived)
            yield at, derived


def _day(rule: Rule) -> date:
    """Return a day from which on the rule exists, as near to a Friday as can be.

    A week begins in the evening: of a rule that exists for one day, with the evening before.
    """
    starts, ends, friday = rule.valid.from_, rule.valid.until, FRIDAY.date()
    if ends is not None and ends < friday:
        # A week before the end: every sort of moment comes in it.
        friday = date.fromordinal(max(1, ends.toordinal() - 7))
    return friday if starts is None or starts <= friday else starts - timedelta(days=1)
