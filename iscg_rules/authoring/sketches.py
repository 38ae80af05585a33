"""Skeletons of YAML that load as they are, for an author to paste and change."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta

from iscg_rules.language.moments import PARIS, Slots
from iscg_rules.language.situations import AnswerValue
from iscg_rules.language.vocabulary import Vocabulary
from iscg_rules.language.written_answers import answers_of, givable, yaml_of
from iscg_rules.model.rules import RuleSet

__all__ = [
    "FRIDAY",
    "case_sketch",
    "condition_of",
    "drawn_answers",
    "example_day",
    "find_moment",
    "first_moment",
    "moments_of_a_week",
    "partner_sketch",
    "rule_sketch",
]

FRIDAY = datetime(2026, 11, 27, 22, 30, tzinfo=PARIS)

_RULE = """\
rules:
  - id: {id}
    when:
{when}
    orient:
      - to: {to}
        for: person            # person (la personne), children (les enfants), author (l’auteur),
                               # relatives (les proches), professional (le professionnel)
        urgency: now           # now (tout de suite), today (aujourd’hui), week (cette semaine),
                               # planned (à prévoir)
        strength: must         # must (à faire), should (conseillé), may (au choix)
        sharing: none          # none (rien n’est transmis), ou un nom : iscg-rules show ground
    because: {{fr: "Une phrase que l’on peut lire avec la personne."}}
    source:
      - {{title: "Titre de la page lue", url: "https://exemple.fr/…", date: 2026-11, trust: A}}
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


_PARTNER = """\
partners:
  - id: {id}                     # un mot à lui, sans accent
    name: "Nom que l’on dit au téléphone"
    offers: [{kind}]             # iscg-rules show kind donne la liste
    area: [{area}]               # une zone de territory.yaml, la plus petite qui soit juste
    hours: "Mo-Fr 09:00-17:00; PH off"   # ou "24/7" ; effacer la ligne si rien ne le dit
    contact:                     # seulement ce qu’une page donne
      phone: "01 00 00 00 00"
      checked: 2026-11           # quand quelqu’un a essayé ce numéro
      owner: "coordination"      # le rôle de qui le vérifie, jamais un nom
    # withheld: safety           # si l’adresse est tue ; l’écrire alors nulle part
    # closed: {{from: 2026-12-24, until: 2027-01-03, because: {{fr: "Congés"}}}}
    # accepts: {{role: victim}}    # seulement s’il ne reçoit pas tout le monde
    description: {{fr: "Une phrase que l’on peut lire avec la personne."}}
    source:
      - title: "Titre de la page lue"
        url: "https://exemple.fr/…"
        date: 2026-11            # de la page ; effacer si elle n’en donne pas
        trust: A                 # A officielle, B professionnelle, C presse ou blog
        checked: 2026-11         # quand quelqu’un l’a lue
"""


def partner_sketch(vocabulary: Vocabulary, kind: str, name: str = "un-service") -> str:
    """Return a partner that offers a kind in the territory, its facts to be replaced."""
    area = next(iter((*vocabulary.home, *vocabulary.areas)), "france")
    return _PARTNER.format(id=name, kind=kind, area=area)


def rule_sketch(name: str, when: Mapping[str, str], to: str) -> str:
    """Return a rule that orients to a kind, its effect to be thought about."""
    return _RULE.format(id=name, to=to, when=_block(when))


def case_sketch(
    name: str, title: str, answers: Mapping[str, object], at: datetime, expect: Iterable[str]
) -> str:
    """Return a case.

    Args:
        name: its id.
        title: a sentence.
        answers: attribute → its answer, as `answers_of` returns them.
        at: the moment.
        expect: lines as `includes: [crip]`.
    """
    lines = {attribute: yaml_of(answer) for attribute, answer in answers.items()}
    situation = f"\n{_block(lines)}" if lines else " {}"
    wanted = "\n".join(f"      {line}" for line in expect)
    return _CASE.format(id=name, title=title, situation=situation, at=at, expect=wanted)


def _block(lines: Mapping[str, str]) -> str:
    return "\n".join(f"      {name}: {value}" for name, value in lines.items())


def example_day(rule_set: RuleSet, day: date | None) -> date | None:
    """Return the day from which an example takes its moment; None for the Friday of every example.

    Where the same rules exist on that Friday, it is taken whatever the day is: the same rules give
    the same example tomorrow.
    """
    friday = FRIDAY.date()
    is_same = day is None or rule_set.in_force(day) == rule_set.in_force(friday)
    return None if is_same else day


def drawn_answers(
    vocabulary: Vocabulary, values: Mapping[str, AnswerValue]
) -> dict[str, AnswerValue]:
    """Return those of some answers that are drawn from the moment."""
    return {
        name: answer
        for name, answer in values.items()
        if vocabulary.attributes[vocabulary.attribute_of[name]].derived
    }


def find_moment(
    vocabulary: Vocabulary, derived: Mapping[str, AnswerValue], day: date | None
) -> datetime:
    """Return a moment at which what is drawn from it is as wanted, a Friday night if it can be.

    Args:
        vocabulary: how moments become answers.
        derived: the answers that are wanted of the moment.
        day: not before this day; any when None.
    """
    return first_moment(vocabulary, derived, day) or _evening(day)


def first_moment(
    vocabulary: Vocabulary, derived: Mapping[str, AnswerValue], day: date | None
) -> datetime | None:
    """Return the same; None when no hour of the week that follows will do."""
    moments = moments_of_a_week(vocabulary, day)
    return next((at for at, drawn in moments if derived.items() <= drawn.items()), None)


def moments_of_a_week(
    vocabulary: Vocabulary, day: date | None
) -> Iterator[tuple[datetime, dict[str, str]]]:
    """Yield every hour of a week, from the evening of a day on, with what is drawn from it."""
    slots = Slots(vocabulary)
    for hour in range(7 * 24):
        at = _evening(day) + timedelta(hours=hour)
        yield at, slots.at(at)


def _evening(day: date | None) -> datetime:
    return datetime.combine(day, FRIDAY.timetz()) if day else FRIDAY


def condition_of(vocabulary: Vocabulary, values: Mapping[str, AnswerValue]) -> dict[str, str]:
    """Return a condition that these answers make true: YAML on one line for each key."""
    condition: dict[str, str] = {}
    absent: list[str] = []
    for name, answer in answers_of(vocabulary, givable(vocabulary, values)).items():
        attribute = vocabulary.attributes[name]
        if isinstance(answer, dict):
            if "yes" in answer:
                condition[name] = f"{{all_of: [{', '.join(answer['yes'])}]}}"
            if "no" in answer:
                absent.append(f"{name}: [{', '.join(answer['no'])}]")
        elif attribute.type == "number":
            condition[name] = f"{{min: {answer:g}, max: {answer:g}}}"
        elif attribute.type == "commune":
            covering = [a for a in vocabulary.areas.values() if a.covers(str(answer))]
            if covering:
                condition[name] = min(covering, key=lambda area: (area.size, area.id)).id
        else:
            condition[name] = yaml_of(answer)
    if absent:
        condition["not"] = f"{{any: [{', '.join(f'{{{values}}}' for values in absent)}]}}"
    return condition
