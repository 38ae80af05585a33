"""Why a kind comes or does not come in one situation: in words, with the rules that it is about."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import NamedTuple

from iscg_rules.language.conditions import Condition, Threshold, Truths, ValuesLeft
from iscg_rules.model.rules import Rule, RuleSet
from iscg_rules.recommend.reference import Evaluation

__all__ = ["KindStanding", "SituationRules", "by_rules", "listed"]

_FEW = 3
_LONGEST = 120


class KindStanding(NamedTuple):
    """Words that go on after the kind, in French, and the rules that they name."""

    words: str
    rules: tuple[str, ...]


class SituationRules(NamedTuple):
    """One situation: what is left of its answers, and the rules that hold or still could.

    `day`: on which rules are in force; None without one.
    """

    rule_set: RuleSet
    values: ValuesLeft
    facts: Truths
    evaluation: Evaluation
    day: date | None

    def bringing(self, kind: str) -> tuple[str, ...]:
        """Name the rules that hold and orient to a kind, the most urgent first."""
        leading = self.rule_set.orienting.get(kind, ())
        fired = [(orient, rule) for rule, orient in leading if rule.id in self.evaluation.fired]
        fired.sort(key=lambda one: (one[0].urgency, one[0].strength))
        return tuple(dict.fromkeys(rule.id for _, rule in fired))

    def excluding(self, kind: str) -> tuple[str, ...]:
        """Name the rules that hold and exclude a kind."""
        return self._named(self.rule_set.excluding.get(kind, ()), self.evaluation.fired)

    def why_absent(self, kind: str) -> KindStanding:
        """Say why a kind is not an orientation, by what stands nearest in its way."""
        if excluding := self.excluding(kind):
            return KindStanding(f"exclu {by_rules(excluding)}", excluding)
        unsettled = self.evaluation.open
        leading = [rule for rule, _ in self.rule_set.orienting.get(kind, ())]
        if self.bringing(kind):
            holding = self._named(self.rule_set.excluding.get(kind, ()), unsettled)
            words = f"possible seulement ; {_rules(holding)} peut encore l'exclure"
            return KindStanding(words, holding)
        dated = self._dated(leading)
        if self._named(leading, unsettled):
            possible = self._nearest(leading, unsettled, is_open=True)
            if dated is None:
                return possible
            return KindStanding(f"{possible.words} ; {dated.words}", possible.rules + dated.rules)
        in_force = [rule.id for rule in leading if rule.is_in_force(self.day)]
        return dated or self._nearest(leading, in_force, is_open=False)

    @staticmethod
    def _named(rules: Iterable[Rule], among: Iterable[str]) -> tuple[str, ...]:
        wanted = frozenset(among)
        return tuple(dict.fromkeys(rule.id for rule in rules if rule.id in wanted))

    def why_idle(self, name: str) -> str:
        """Say why a rule does nothing here, by its dates or by what it demands."""
        rule = self.rule_set.rules[name]
        if not rule.is_in_force(self.day):
            return f"elle {_dates(rule, self.day)}"
        return f"elle {self._asks(rule)}"

    def _dated(self, leading: Sequence[Rule]) -> KindStanding | None:
        """Tell of a rule that would lead there on another day.

        Of one that demands something else too, only where no other rule exists on this day.
        """
        for rule in (rule for rule in leading if not rule.is_in_force(self.day)):
            when = f"la règle `{rule.id}` y mène, mais {_dates(rule, self.day)}"
            if rule.condition.truth(self.values, self.facts) is True:
                return KindStanding(when, (rule.id,))
            if not any(other.is_in_force(self.day) for other in leading):
                return KindStanding(f"{when}, et {self._asks(rule)}", (rule.id,))
        return None

    def _nearest(
        self, leading: Iterable[Rule], among: Iterable[str], *, is_open: bool
    ) -> KindStanding:
        """Tell of the rules that could lead there, or would in another situation, by the nearest.

        The nearest lacks the fewest parts of its condition; of those, it has the most that hold.
        """
        names = self._named(leading, among)
        if not names:
            return KindStanding("aucune règle n'y mène", ())
        rules = self.rule_set.rules
        lacking = {name: tuple(self._lacking(rules[name])) for name in names}
        held = {name: len(_parts(rules[name])) - len(lacking[name]) for name in names}
        nearest = min(names, key=lambda name: (len(lacking[name]), -held[name], name))
        asks = self._asks(rules[nearest], "encore " if is_open else "")
        several = f"des {len(names)} règles qui y mènent, la plus proche, `{nearest}`, {asks}"
        if len(names) > 1:
            words = f"possible seulement ; {several}" if is_open else several
        elif is_open:
            words = f"possible seulement, par la règle `{nearest}`, qui {asks}"
        else:
            words = f"la règle qui y mène, `{nearest}`, {asks}"
        return KindStanding(words, (nearest,))

    def _asks(self, rule: Rule, still: str = "") -> str:
        """Say what a rule demands that does not hold."""
        wording = self.rule_set.wording()
        demanded = " et ".join(wording.condition(part) for part in self._lacking(rule))
        return f"demande {still}" + (
            f"« {demanded} »" if len(demanded) <= _LONGEST else "autre chose"
        )

    def _lacking(self, rule: Rule) -> Iterator[Condition]:
        """Yield the parts of a condition that do not hold."""
        for part in _parts(rule):
            if part.truth(self.values, self.facts) is not True:
                yield part


def _parts(rule: Rule) -> tuple[Condition, ...]:
    """Return what must all hold."""
    condition = rule.condition
    is_all = isinstance(condition, Threshold) and condition.count == len(condition.of)
    return condition.of if isinstance(condition, Threshold) and is_all else (condition,)


def _dates(rule: Rule, day: date | None) -> str:
    """Say that a rule is not in force yet, or no more."""
    starts, until = rule.valid.from_, rule.valid.until
    if day is not None and starts is not None and day < starts:
        return f"ne vaut qu'à partir du {starts:%d/%m/%Y}"
    return f"ne vaut plus : elle valait jusqu'au {until:%d/%m/%Y}"


def by_rules(names: Iterable[str]) -> str:
    """Say by which rules: `par la règle `a``."""
    return f"par {_rules(names)}"


def listed(names: Iterable[str]) -> str:
    """Say several names; of many, the first and how many more."""
    known = list(names)
    more = len(known) - _FEW
    rest = f" et {more} autre{'s' if more > 1 else ''}" if more > 0 else ""
    return ", ".join(f"`{name}`" for name in known[:_FEW]) + rest


def _rules(names: Iterable[str]) -> str:
    known = list(names)
    return f"{'les règles' if len(known) > 1 else 'la règle'} {listed(known)}"
