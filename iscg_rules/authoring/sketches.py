"""Skeletons of YAML that load as they are, for an author to paste and change."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta

from iscg_rules.language.moments import PARIS, Slots
from iscg_rules.language.situations import Answer
from iscg_rules.language.vocabulary import Vocabulary

__all__ = [
    "answers_of",
    "case_sketch",
    "condition_of",
    "find_moment",
    "first_moment",
    "rule_sketch",
    "written_commune",
    "yaml_of",
]

_FRIDAY = datetime(2026, 11, 27, 22, 30, tzinfo=PARIS)
# Any commune that no area names, for the class of all of them.
_ELSEWHERE = "75056"

_RULE = """\
rules:
  - id: {id}
    when:
{when}
    orient:
      - to: {to}
        for: person            # person, children, author, relatives, professional
        urgency: now           # now, today, week, planned
        strength: must         # must, should, may
        sharing: agreement     # none, agreement, inform, exception
        legal_basis: "secret professionnel, code pénal, art. 226-13"
    because: {{fr: "Une phrase que l’on peut lire avec la personne."}}
    source:
      - {{title: "Titre de la page lue", url: "https://…", date: 2026-11, trust: A}}
"""

_CASE = """\
cases:
  - id: {id}
    title: {{fr: "{title}"}}
    situation:{situation}
    at: {at:%Y-%m-%dT%H:%M}
    expect:
{expect}
"""


def rule_sketch(name: str, when: Mapping[str, str], to: str) -> str:
    """Give a rule that orients to a kind, its effect to be thought about."""
    return _RULE.format(id=name, to=to, when=_block(when))


def case_sketch(
    name: str, title: str, situation: Mapping[str, str], at: datetime, expect: Iterable[str]
) -> str:
    """Give a case.

    Args:
        name: its id.
        title: a sentence.
        situation: attribute → its answer as YAML.
        at: the moment.
        expect: lines as `includes: [crip]`.
    """
    answers = f"\n{_block(situation)}" if situation else " {}"
    wanted = "\n".join(f"      {line}" for line in expect)
    return _CASE.format(id=name, title=title, situation=answers, at=at, expect=wanted)


def _block(answers: Mapping[str, str]) -> str:
    return "\n".join(f"      {name}: {value}" for name, value in answers.items())


def find_moment(
    vocabulary: Vocabulary, derived: Mapping[str, Answer], day: date | None = None
) -> datetime:
    """Give a moment at which what is drawn from it is as wanted, a Friday night if it can be.

    Args:
        vocabulary: how moments become answers.
        derived: the answers that are wanted of the moment.
        day: not before this day; any when None.
    """
    return first_moment(vocabulary, derived, day) or _evening(day)


def first_moment(
    vocabulary: Vocabulary, derived: Mapping[str, Answer], day: date | None = None
) -> datetime | None:
    """Give the same; None when no hour of the week that follows will do."""
    slots = Slots(vocabulary)
    hours = (_evening(day) + timedelta(hours=hour) for hour in range(7 * 24))
    return next((at for at in hours if derived.items() <= slots.at(at).items()), None)


def _evening(day: date | None) -> datetime:
    return datetime.combine(day, _FRIDAY.timetz()) if day else _FRIDAY


def written_commune(answer: Answer) -> Answer:
    """Give a commune that may be written, also where one stands for all that no area names."""
    return _ELSEWHERE if answer == "00000" else answer


def answers_of(vocabulary: Vocabulary, values: Mapping[str, Answer]) -> dict[str, object]:
    """Give known variables as an author writes answers; what is drawn from the moment stays out."""
    found: dict[str, object] = {}
    for variable, answer in values.items():
        attribute = vocabulary.attributes[vocabulary.attribute_of[variable]]
        if attribute.derived:
            continue
        if attribute.type == "many_of":
            words = found.setdefault(attribute.id, {})
            assert isinstance(words, dict)
            words.setdefault(str(answer), []).append(variable.partition("=")[2])
        elif attribute.type == "commune":
            found[attribute.id] = written_commune(answer)
        else:
            found[attribute.id] = answer
    return found


def condition_of(vocabulary: Vocabulary, values: Mapping[str, Answer]) -> dict[str, str]:
    """Give a condition, as YAML on one line for each key, that these answers make true."""
    found: dict[str, str] = {}
    absent: list[str] = []
    for name, answer in answers_of(vocabulary, values).items():
        attribute = vocabulary.attributes[name]
        if isinstance(answer, dict):
            if "yes" in answer:
                found[name] = f"{{all_of: [{', '.join(answer['yes'])}]}}"
            if "no" in answer:
                absent.append(f"{name}: [{', '.join(answer['no'])}]")
        elif attribute.type == "number":
            found[name] = f"{{min: {answer:g}, max: {answer:g}}}"
        elif attribute.type == "commune":
            covering = [a for a in vocabulary.areas.values() if a.covers(str(answer))]
            if covering:
                found[name] = min(covering, key=lambda area: (area.size, area.id)).id
        else:
            found[name] = _yaml(answer)
    if absent:
        found["not"] = f"{{any: [{', '.join(f'{{{one}}}' for one in absent)}]}}"
    return found


def yaml_of(vocabulary: Vocabulary, values: Mapping[str, Answer]) -> dict[str, str]:
    """Give each answer as YAML on one line."""
    return {name: _yaml(answer) for name, answer in answers_of(vocabulary, values).items()}


def _yaml(answer: object) -> str:
    if isinstance(answer, dict):
        parts = (f"{word}: [{', '.join(some)}]" for word, some in answer.items())
        return f"{{{', '.join(parts)}}}"
    if isinstance(answer, float):
        return f"{answer:g}"
    text = str(answer)
    return f'"{text}"' if text[:1].isdigit() else text
