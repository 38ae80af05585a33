"""Every situation of a small rule set, one by one, by the reference: the judge of proofs."""

from dataclasses import dataclass
from functools import cached_property
from itertools import combinations, product
from math import prod
from typing import Any

from hypothesis import settings

from iscg_rules.language.situations import Situation
from iscg_rules.model.answer_space import Space, places_and_publics
from iscg_rules.model.partners import Directory
from iscg_rules.model.rules import RuleSet
from iscg_rules.proof.kept_promises import see
from iscg_rules.recommend import reference
from iscg_rules.recommend.reference import Evaluation
from tests.laws.strategies import answers_of

Values = dict[str, Any]


def many(fast):
    """Give how many examples to draw: so many, or those of the slow set."""
    assert settings.default is not None
    chosen: int = settings.default.max_examples
    return max(fast, chosen) if chosen > 1_000 else fast


@dataclass(frozen=True)
class Everything:
    """All situations that can be, complete and partial; an answer for each class is enough."""

    rule_set: RuleSet
    directory: Directory
    day: Any = None
    more: tuple[Any, ...] = ()

    @cached_property
    def space(self):
        more = (*places_and_publics(self.rule_set, self.directory), *self.more)
        return Space(self.rule_set, more)

    @cached_property
    def pools(self):
        """Give one answer for each class of answers of each variable."""
        return {
            name: one_of_each(self.space.domains[name], answers)
            for name, answers in answers_of(self.rule_set.vocabulary).items()
        }

    @property
    def size(self):
        return prod(len(answers) + 1 for answers in self.pools.values())

    @cached_property
    def every(self) -> list[Values]:
        """Give every complete situation, those that cannot be too."""
        chosen = product(*self.pools.values())
        return [dict(zip(self.pools, one, strict=True)) for one in chosen]

    @cached_property
    def complete(self) -> list[Values]:
        return [one for one in self.every if self.can_be(one)]

    def can_be(self, values):
        return not reference.impossible_entries(self.rule_set, Situation(values))

    @cached_property
    def partial(self) -> list[Values]:
        """Give every situation of which some completion can be."""
        found = {
            frozenset(chosen)
            for one in self.complete
            for count in range(len(one) + 1)
            for chosen in combinations(one.items(), count)
        }
        return [dict(one) for one in found]

    @cached_property
    def outcomes(self) -> list[tuple[Values, Evaluation]]:
        return [(one, self.evaluate(one)) for one in self.partial]

    @cached_property
    def whole(self) -> list[tuple[Values, Evaluation]]:
        return [(one, self.evaluate(one)) for one in self.complete]

    def evaluate(self, values):
        return reference.evaluate(self.rule_set, Situation(values), self.day)

    def truth(self, condition, values):
        key = frozenset(values.items())
        if key not in self._closed:
            self._closed[key] = reference.answers_of(self.rule_set, Situation(values))
        closed = self._closed[key]
        return condition.truth(closed, self.rule_set.truths(closed))

    @cached_property
    def _closed(self):
        return {}

    def certain(self, evaluation):
        return reference.certain_kinds(self.rule_set, evaluation)

    def excluded(self, evaluation):
        return reference.excluded_kinds(self.rule_set, evaluation)

    def see(self, values):
        return see(self.rule_set, self.directory, values, self.day)

    def pairs(self, variable, before, after):
        """Give every rest to which both answers can be given, in one same completion."""
        rests = [{n: a for n, a in one.items() if n != variable} for one in self.complete]
        both = [
            rest
            for rest in rests
            if all(self.can_be({**rest, variable: a}) for a in (before, after))
        ]
        found = {
            frozenset(chosen)
            for rest in both
            for count in range(len(rest) + 1)
            for chosen in combinations(rest.items(), count)
        }
        return [dict(one) for one in found]


def one_of_each(domain, answers):
    found: dict[int, Any] = {}
    for answer in answers:
        found.setdefault(domain.class_of(answer), answer)
    return tuple(found.values())
