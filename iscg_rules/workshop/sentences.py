"""The sentence that a rule, a fact or what cannot be reads as."""

from iscg_rules.model.rules import RuleSet
from iscg_rules.rendering.rulebook import render_condition, render_rule
from iscg_rules.workshop.meanings import Meaning

__all__ = ["say"]


def say(rule_set: RuleSet | None, meaning: Meaning) -> str | None:
    """Return what an id reads as, as Markdown; None where it reads as nothing, or was not read."""
    if rule_set is None:
        return None
    rule = rule_set.rules.get(meaning.id) if meaning.role == "rule" else None
    if rule is not None:
        # Of a kind that is misspelt there is nothing to say, and it is underlined.
        is_known = rule_set.vocabulary.kinds.keys() >= set(rule.kinds)
        return render_rule(rule_set, rule) if is_known else None
    if meaning.role == "fact" and meaning.id in rule_set.facts:
        return render_condition(rule_set, rule_set.facts[meaning.id].condition, "**Quand**\u00a0:")
    entries = {entry.id: entry for entry in rule_set.impossible}
    if meaning.role == "impossible" and meaning.id in entries:
        lead = "**Ne peut pas être**\u00a0:"
        return render_condition(rule_set, entries[meaning.id].condition, lead)
    return None
