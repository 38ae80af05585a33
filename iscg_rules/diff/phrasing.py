"""Classes of answers, and what is shown of a kind, in the words of the vocabulary."""

from collections.abc import Collection, Mapping, Sequence

from iscg_rules.diff.results import FittingAnswers
from iscg_rules.diff.shown_kinds import ShownKind, Sight
from iscg_rules.diff.situation_classes import ClassPlaces
from iscg_rules.diff.treatment_changes import Shift
from iscg_rules.language.conditions import Test
from iscg_rules.language.situations import AnswerValue
from iscg_rules.language.vocabulary import Area
from iscg_rules.language.wording import Wording
from iscg_rules.model.answer_space import Space
from iscg_rules.places.departements import departement_of
from iscg_rules.recommend.results import Answer
from iscg_rules.rendering.words import SHARING, WORDS

__all__ = ["Phrasing", "shown"]

_NBSP = "\u00a0"
_COLON = f"{_NBSP}: "
_SEMICOLON = "\u202f; "
# More answers than this, and no fewer left out, are said by what is left out.
_MOST_LISTED = 4


class Phrasing:
    """Puts classes of answers of one space into French."""

    def __init__(self, space: Space) -> None:
        self._space = space
        self._vocabulary = space.rule_set.vocabulary
        self._wording = Wording(self._vocabulary, {})

    def conditions(self, places: ClassPlaces) -> tuple[FittingAnswers, ...]:
        """Say which answers will do, a variable at a time, in the vocabulary's order."""
        ordered = sorted(places, key=self._space.rank.__getitem__)
        return tuple(self.condition(name, places[name]) for name in ordered)

    def condition(self, variable: str, places: Collection[int]) -> FittingAnswers:
        """Say which answers of one variable will do."""
        attribute = self._vocabulary.attribute_of[variable]
        examples = self._space.domains[variable].examples
        answers = tuple(examples[place] for place in sorted(places))
        return FittingAnswers(attribute, variable, answers, self._words(variable, places))

    def answers(self, values: Mapping[str, AnswerValue]) -> tuple[Answer, ...]:
        """Say the answers of an example."""
        owner = self._vocabulary.attribute_of
        return tuple(
            Answer(
                owner[name],
                self._wording.attribute(owner[name]),
                self._answer(name, values[name]),
            )
            for name in sorted(values, key=self._space.rank.__getitem__)
        )

    def _answer(self, variable: str, answer: AnswerValue) -> str:
        """Say one answer; no commune is numbered 000, such a code stands for all others."""
        attribute = self._vocabulary.attribute_of[variable]
        is_other = str(answer).endswith("000")
        if self._vocabulary.attributes[attribute].type != "commune" or not is_other:
            return self._wording.answer(variable, answer)
        departement = departement_of(str(answer))
        return f"une autre du {departement}" if departement != "00" else "une autre, ailleurs"

    def _words(self, variable: str, places: Collection[int]) -> str:
        attribute = self._vocabulary.attributes[self._vocabulary.attribute_of[variable]]
        label = self._wording.attribute(attribute.id) + _COLON
        if attribute.type == "number":
            return label + self._numbers(variable, places)
        if attribute.type == "commune":
            return label + self._communes(variable, places)
        answers = self._answers(variable, places)
        others = self._answers(variable, set(self._every(variable)) - set(places))
        if len(answers) > _MOST_LISTED and len(others) < len(answers):
            left_out = " ni ".join(self._wording.answer(variable, answer) for answer in others)
            return (
                f"{label}ni {left_out}"
                if len(others) > 1
                else f"{label}pas «{_NBSP}{left_out}{_NBSP}»"
            )
        return self._wording.condition(Test(attribute.id, variable, frozenset(map(str, answers))))

    def _every(self, variable: str) -> tuple[int, ...]:
        return self._space.allowed[variable]

    def _answers(self, variable: str, places: Collection[int]) -> list[AnswerValue]:
        return [self._space.domains[variable].examples[place] for place in sorted(places)]

    def _numbers(self, variable: str, places: Collection[int]) -> str:
        """Say runs of numbers; every second class is a bound alone, the others lie between."""
        every, runs = self._every(variable), list[list[int]]()
        for place in sorted(places):
            if runs and runs[-1][-1] == place - 1:
                runs[-1].append(place)
            else:
                runs.append([place])
        return " ou ".join(self._run(variable, run[0], run[-1], every) for run in runs)

    def _run(self, variable: str, first: int, last: int, every: Sequence[int]) -> str:
        examples, parts = self._space.domains[variable].examples, []
        if first == last and first % 2:
            return self._wording.answer(variable, examples[first])
        if first != every[0]:
            sign, bound = ("≥", examples[first]) if first % 2 else (">", examples[first - 1])
            parts.append(f"{sign} {self._wording.answer(variable, bound)}")
        if last != every[-1]:
            sign, bound = ("≤", examples[last]) if last % 2 else ("<", examples[last + 1])
            parts.append(f"{sign} {self._wording.answer(variable, bound)}")
        return " et ".join(parts)

    def _communes(self, variable: str, places: Collection[int]) -> str:
        """Say the areas that hold just these communes; else an example of each class."""
        every, wanted = self._every(variable), frozenset(places)
        named = {
            area.label.fr: self._covered(variable, every, area)
            for area in self._vocabulary.areas.values()
        }
        for label, covered in named.items():
            if covered == wanted:
                return label
        for label, covered in named.items():
            if frozenset(every) - covered == wanted:
                return f"hors de {label}"
        inside = {label: some for label, some in named.items() if some and some <= wanted}
        labels, left = list[str](), set(wanted)
        for label in sorted(inside, key=lambda label: (-len(inside[label]), label)):
            if inside[label] & left:
                labels.append(label)
                left -= inside[label]
        labels += [self._answer(variable, answer) for answer in self._answers(variable, left)]
        return " ou ".join(labels)

    def _covered(self, variable: str, every: Sequence[int], area: Area) -> frozenset[int]:
        examples = self._space.domains[variable].examples
        return frozenset(place for place in every if area.covers(str(examples[place])))


def shown(sight: Sight, shift: Shift, names: Mapping[str, str]) -> str:
    """Say what one side shows of what shifts.

    Args:
        sight: what it shows.
        shift: what differs.
        names: the name of each partner.
    """
    kind, words = shift.subject, WORDS["fr"]
    if shift.change in ("refused", "accepted"):
        return "refusée" if sight.is_refused else "acceptée"
    if shift.change in ("advised", "unadvised"):
        return "conseil donné" if kind in sight.advice else "pas ce conseil"
    if kind in sight.excluded:
        return "à ne pas proposer"
    if kind not in sight.kinds:
        return "possible, selon les réponses" if kind in sight.possible else "absente"
    shown_kind = sight.kinds[kind]
    rank = f"{words[shown_kind.best.urgency].lower()}, {words[shown_kind.best.strength]}"
    return rank + _more(shown_kind, sight, shift, names)


def _more(shown_kind: ShownKind, sight: Sight, shift: Shift, names: Mapping[str, str]) -> str:
    words = WORDS["fr"]
    if shift.change == "people":
        return ", pour " + " et ".join(words[who] for who in sorted(shown_kind.best.people))
    if shift.change == "sharing":
        return f", {SHARING[shown_kind.best.scope]}"
    if shift.change == "ahead":
        place = list(sight.kinds).index(shift.subject) + 1
        return f", {place}{'ʳᵉ' if place == 1 else 'ᵉ'} place"
    if shift.change == "partner":
        served = [names[name] for group in shown_kind.partners for name in sorted(group)]
        return f", par {_SEMICOLON.join(served)}" if served else ", sans partenaire ici"
    return ""
