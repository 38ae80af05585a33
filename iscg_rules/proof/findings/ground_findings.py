"""Rules that lean on a ground in situations of which its text does not speak."""

from collections.abc import Iterator

from iscg_rules.language.conditions import Condition, Values
from iscg_rules.language.situations import Situation
from iscg_rules.model.grounds import Ground
from iscg_rules.model.rules import Rule
from iscg_rules.proof.findings.asker import Asker
from iscg_rules.proof.findings.finding import Finding
from iscg_rules.proof.solver.proven_outcome import ProvenOutcome
from iscg_rules.recommend import reference

__all__ = ["find_about_grounds"]


def find_about_grounds(asker: Asker) -> Iterator[Finding]:
    """Yield F015, by rule and then in the order in which it leans on them."""
    for rule in asker.rule_set.rules.values():
        if rule.id in asker.period.rules:
            for ground in {orient.ground.id: orient.ground for orient in rule.orient}.values():
                words = ground.condition
                if words is not None and _goes_beyond(asker, rule, words):
                    yield _beyond(asker, rule, ground, words)


def _goes_beyond(asker: Asker, rule: Rule, words: Condition) -> bool:
    outcome = asker.complete
    return asker.can_be(outcome, outcome.rule(rule.id).must, -outcome.condition(words).may)


def _beyond(asker: Asker, rule: Rule, ground: Ground, words: Condition) -> Finding:
    """Return an example in which the rule holds and the text says nothing."""

    def goal(outcome: ProvenOutcome) -> list[int]:
        return [outcome.rule(rule.id).must, -outcome.condition(words).may]

    def is_so(values: Values) -> bool:
        fired = reference.evaluate(asker.rule_set, Situation(values), asker.period.day).fired
        # What is concluded counts among the words that a rule contains.
        view = asker.rule_set.closing.closed(Situation(values)).view
        return rule.id in fired and words.truth(view, asker.rule_set.truths(view)) is False

    said = asker.rule_set.wording().condition(words)
    text = f"`{rule.id}` s'appuie sur `{ground.id}` là où ce texte ne dit rien"
    aid = f"le texte demande : {said} ; mettez-le dans `when`, ou changez de fondement"
    return asker.finding(("F015", text, asker.rule_set.places.get(rule.id), aid), goal, is_so)
