"""The answers that one rule set tells apart, and the conditions under which partners serve."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Final

from iscg_rules.language.answer_classes import Domain, make_domains
from iscg_rules.language.conditions import Condition, InArea, all_of, any_of
from iscg_rules.model.partners import Directory, Partner
from iscg_rules.model.rules import RuleSet

__all__ = ["Space", "places_and_publics", "places_of"]


class Space:
    """The classes of every variable of one rule set, made once."""

    def __init__(self, rule_set: RuleSet, more: Iterable[Condition] = ()) -> None:
        """Make the classes as fine as the rules, and some more conditions, need them."""
        conditions = [rule.condition for rule in rule_set.rules.values()]
        conditions += [fact.condition for fact in rule_set.facts.values()]
        conditions += [entry.condition for entry in rule_set.impossible]
        conditions += more
        self.rule_set = rule_set
        self.domains: Mapping[str, Domain] = make_domains(rule_set.vocabulary, conditions)
        self.rank: Final = {name: place for place, name in enumerate(self.domains)}
        attributes = rule_set.vocabulary.attributes
        owner = rule_set.vocabulary.attribute_of
        self.is_fixed: Final = {name: attributes[owner[name]].fixed for name in self.domains}
        self.is_derived: Final = {
            name: not attributes[owner[name]].is_asked for name in self.domains
        }

    @cached_property
    def allowed(self) -> Mapping[str, tuple[int, ...]]:
        """Name the classes of each variable that an answer within its bounds can fall into."""
        return {name: tuple(self._allowed(name)) for name in self.domains}

    def _allowed(self, variable: str) -> Iterator[int]:
        vocabulary, examples = self.rule_set.vocabulary, self.domains[variable].examples
        attribute = vocabulary.attributes[vocabulary.attribute_of[variable]]
        low, high = attribute.min, attribute.max
        for place, example in enumerate(examples):
            if (low is None or low <= float(example)) and (high is None or float(example) <= high):
                yield place


def places_and_publics(rule_set: RuleSet, directory: Directory) -> Iterator[Condition]:
    """Yield the conditions under which partners serve: where, and for whom."""
    for partner in directory.partners.values():
        for kind in partner.offers:
            yield from places_of(rule_set, directory, partner, kind)
        if partner.condition is not None:
            yield partner.condition


def places_of(
    rule_set: RuleSet, directory: Directory, partner: Partner, kind: str
) -> Iterator[Condition]:
    """Yield the condition of each area in which a partner serves a kind, narrowest first.

    Where the post is decides, it is taken to be in the territory's own place.
    """
    vocabulary = rule_set.vocabulary
    here, _ = vocabulary.where(kind, {})
    for area in directory.places[partner.id]:
        if here is not None:
            yield all_of(()) if area.covers(here) else any_of(())
        elif vocabulary.commune:
            yield InArea(vocabulary.commune, (area,))
