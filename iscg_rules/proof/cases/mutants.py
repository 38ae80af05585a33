"""Every rule and fact changed one way at a time, as an author might by mistake."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain
from typing import Literal

from iscg_rules.language.conditions import (
    Condition,
    InArea,
    Not,
    Test,
    Threshold,
)
from iscg_rules.language.wording import Wording
from iscg_rules.model.rules import Fact, Rule, RuleSet
from iscg_rules.model.scales import Strength, Urgency
from iscg_rules.proof.condition_paths import places, put

__all__ = ["CHANGES", "Mutant", "mutants"]

# Each sort of change with its words; the second part says what was changed.
CHANGES = {
    "rule_removed": "règle retirée",
    "orientation_removed": "orientation retirée\u00a0: {}",
    "exclusion_removed": "exclusion retirée\u00a0: {}",
    "advice_removed": "conseils retirés",
    "urgency_moved": "délai changé pour {}",
    "strength_moved": "force changée pour {}",
    "value_dropped": "valeur retirée\u00a0: {}",
    "negated": "condition retournée\u00a0: {}",
    "part_dropped": "condition retirée\u00a0: {}",
    "count_moved": "seuil changé\u00a0: {}",
}


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change; `becomes` stands in place of the rule or fact, None where it is gone.

    `number` counts the changes of one rule or fact from 1.
    """

    owner: Literal["rule", "fact"]
    id: str
    change: str
    words: str
    becomes: Rule | Fact | None
    number: int

    def applied(self, rule_set: RuleSet) -> RuleSet:
        """Return the rule set with this one change."""
        rules, facts = dict(rule_set.rules), dict(rule_set.facts)
        match self.becomes:
            case Rule() as rule:
                rules[self.id] = rule
            case Fact() as fact:
                facts[self.id] = fact
            case None:
                del rules[self.id]
        return RuleSet(rule_set.vocabulary, facts, rules, rule_set.impossible)


def mutants(rule_set: RuleSet) -> Iterator[Mutant]:
    """Yield every change, facts first, each once, in a stable order."""
    wording = rule_set.wording()
    for fact in rule_set.facts.values():
        changed = _conditions(wording, fact.condition)
        for number, (change, what, condition) in enumerate(changed, 1):
            becomes = fact.model_copy(update={"when": condition})
            yield Mutant("fact", fact.id, change, CHANGES[change].format(what), becomes, number)
    for rule in rule_set.rules.values():
        conditions = (
            (change, what, rule.model_copy(update={"when": condition}))
            for change, what, condition in _conditions(wording, rule.condition)
        )
        both = chain(conditions, _effects(rule, rule_set))
        for number, (change, what, other) in enumerate(both, 1):
            yield Mutant("rule", rule.id, change, CHANGES[change].format(what), other, number)


def _conditions(wording: Wording, condition: Condition) -> Iterator[tuple[str, str, Condition]]:
    """Yield the changes of one condition, no two equal."""
    yielded = {condition}
    for path, node in places(condition):
        for change, what, other in _changed(wording, node):
            whole = put(condition, path, other)
            if whole not in yielded:
                yielded.add(whole)
                yield change, what, whole


def _changed(wording: Wording, node: Condition) -> Iterator[tuple[str, str, Condition]]:
    match node:
        case Threshold():
            yield from _without_parts(wording, node)
        case Not():
            return
        case _:
            yield from _without_values(wording, node)
            yield "negated", wording.condition(node), Not(node)
    if isinstance(node, Threshold) and node.spelling == "at_least":
        for count in (node.count - 1, node.count + 1):
            if 1 <= count <= len(node.of):
                yield "count_moved", f"{node.count} devient {count}", replace(node, count=count)


def _without_parts(wording: Wording, node: Threshold) -> Iterator[tuple[str, str, Condition]]:
    is_counted = node.spelling == "at_least"
    if len(node.of) <= (node.count if is_counted else 1):
        return
    for place, part in enumerate(node.of):
        rest = (*node.of[:place], *node.of[place + 1 :])
        count = len(rest) if node.spelling == "all" else node.count
        other = rest[0] if len(rest) == 1 else replace(node, count=count, of=rest)
        yield "part_dropped", wording.condition(part), other


def _without_values(wording: Wording, leaf: Condition) -> Iterator[tuple[str, str, Condition]]:
    match leaf:
        case Test(attribute, variable, allowed) if len(allowed) > 1:
            for value in sorted(allowed):
                left = Test(attribute, variable, allowed - {value})
                test = Test(attribute, variable, frozenset({value}))
                yield "value_dropped", wording.condition(test), left
        case InArea(attribute, areas) if len(areas) > 1:
            for area in areas:
                left_areas = tuple(kept for kept in areas if kept != area)
                name = wording.condition(InArea(attribute, (area,)))
                yield "value_dropped", name, InArea(attribute, left_areas)


def _effects(rule: Rule, rule_set: RuleSet) -> Iterator[tuple[str, str, Rule | None]]:
    yield "rule_removed", "", None
    is_alone = len(rule.orient) + len(rule.exclude) + bool(rule.advise) == 1
    kinds = rule_set.vocabulary.kinds
    for place, orient in enumerate(rule.orient):
        name = kinds[orient.to].label.fr
        if not is_alone:
            kept = (*rule.orient[:place], *rule.orient[place + 1 :])
            yield "orientation_removed", name, rule.model_copy(update={"orient": kept})
        for change, key, scale in (
            ("urgency_moved", "urgency", tuple(Urgency)),
            ("strength_moved", "strength", tuple(Strength)),
        ):
            now = getattr(orient, key).place
            for step in (now - 1, now + 1):
                if 0 <= step < len(scale):
                    moved = orient.model_copy(update={key: scale[step]})
                    oriented = (*rule.orient[:place], moved, *rule.orient[place + 1 :])
                    what = f"{name} ({scale[now]} devient {scale[step]})"
                    yield change, what, rule.model_copy(update={"orient": oriented})
    if is_alone:
        return
    for place, exclude in enumerate(rule.exclude):
        left = (*rule.exclude[:place], *rule.exclude[place + 1 :])
        name = kinds[exclude.to].label.fr
        yield "exclusion_removed", name, rule.model_copy(update={"exclude": left})
    if rule.advise:
        yield "advice_removed", "", rule.model_copy(update={"advise": ()})
