"""Rules that never hold, that others cover, that hold an idle part, or that disagree; facts."""

from collections.abc import Collection, Iterator

from iscg_rules.errors import Place, Problem
from iscg_rules.language.conditions import Condition, Truth, Values
from iscg_rules.language.situations import Situation
from iscg_rules.model.rules import Rule
from iscg_rules.proof.condition_paths import FALSE_CONDITION, TRUE_CONDITION, places, put
from iscg_rules.proof.findings.asker import Asker, is_possible
from iscg_rules.proof.findings.finding import Finding
from iscg_rules.proof.solver.gates import FALSE
from iscg_rules.proof.solver.proven_outcome import ProvenOutcome
from iscg_rules.recommend import reference
from iscg_rules.recommend.outcome import distinctions

__all__ = ["find_about_rules"]


def find_about_rules(asker: Asker, only: Collection[str] | None = None) -> Iterator[Finding]:
    """Yield F002, F003, F004, F007 and F008, by code and then by id.

    Args:
        asker: one period.
        only: the rules that are looked at; all of them where it is None.
    """
    chosen = asker.period.rules if only is None else asker.period.rules.intersection(only)
    rules = [r for r in asker.rule_set.rules.values() if r.id in chosen]
    alive = [rule for rule in rules if _is_alive(asker, rule.id)]
    living = {rule.id for rule in alive}
    yield from (_dead(asker, rule) for rule in rules if rule.id not in living)
    yield from (_covered(asker, rule) for rule in alive if _is_covered(asker, rule))
    for rule in alive:
        yield from _idle(asker, rule.id, rule.condition, asker.rule_set.places.get(rule.id))
    yield from _disagreements(asker, alive)
    yield from _settled_facts(asker)


def _is_alive(asker: Asker, rule: str) -> bool:
    if asker.witnesses.of(rule) is not None:
        return True
    return asker.can_be(asker.complete, asker.complete.rule(rule).must)


def _dead(asker: Asker, rule: Rule) -> Finding:
    text = f"la règle `{rule.id}` ne peut jamais valoir"
    conditions = [entry.id for entry in asker.rule_set.impossible]
    is_alone = asker.complete.encoding.circuit.is_possible([asker.complete.rule(rule.id).must])
    aid = "ses conditions se contredisent"
    if is_alone:
        aid = f"seules des situations impossibles la font valoir ({', '.join(conditions)})"
    return Finding(Problem("F002", text, asker.rule_set.places.get(rule.id), aid))


def _is_covered(asker: Asker, rule: Rule) -> bool:
    if rule.advise or _is_alone(asker, rule):
        return False
    outcome = asker.world.apart(asker.period, is_partial=True)
    missing = [
        -outcome.given_by_others(orient.to, says, rule.id)
        for orient in rule.orient
        for says in distinctions([orient])
    ]
    missing += [-outcome.excluded_by_others(exclude.to, rule.id) for exclude in rule.exclude]
    any_missing = outcome.encoding.circuit.any_of(missing)
    return not is_possible(outcome, outcome.rule(rule.id).must, any_missing)


def _is_alone(asker: Asker, rule: Rule) -> bool:
    """Tell whether, by its own answers, a rule says what no other then says."""
    witness = asker.witnesses.of(rule.id)
    if witness is None:
        return False
    others = [asker.rule_set.rules[n] for n in asker.witnesses.evaluate(witness).fired]
    others = [other for other in others if other.id != rule.id]
    said = [orient for other in others for orient in other.orient]
    excluded = {exclude.to for other in others for exclude in other.exclude}
    return any(exclude.to not in excluded for exclude in rule.exclude) or any(
        not any(theirs.to == orient.to and says(theirs) for theirs in said)
        for orient in rule.orient
        for says in distinctions([orient])
    )


def _covered(asker: Asker, rule: Rule) -> Finding:
    text = f"la règle `{rule.id}` n'ajoute rien à ce que d'autres disent déjà"
    kinds = set(rule.kinds)
    witness = asker.witnesses.of(rule.id)
    fired = asker.witnesses.evaluate(witness).fired if witness else ()
    beside = [asker.rule_set.rules[name] for name in fired if name != rule.id]
    others = [other.id for other in beside if kinds & set(other.kinds)]
    shown = f" ; à comparer avec {', '.join(others)}" if others else ""
    aid = f"la retirer, ou dire ce qu'elle a de plus{shown}"
    return Finding(Problem("F003", text, asker.rule_set.places.get(rule.id), aid))


def _idle(asker: Asker, name: str, condition: Condition, place: Place | None) -> Iterator[Finding]:
    """Yield the largest parts of a condition that change nothing, unknown answers included."""
    idle: list[tuple[int, ...]] = []
    for path, part in places(condition):
        if not path or any(path[: len(above)] == above for above in idle):
            continue
        without = (put(condition, path, constant) for constant in (TRUE_CONDITION, FALSE_CONDITION))
        if any(_is_same(asker, name, condition, other) for other in without):
            idle.append(path)
            said = asker.rule_set.wording().condition(part)
            text = f"une condition de `{name}` ne change rien : {said}"
            aid = "la retirer, ou corriger ce qui la rend inutile"
            yield Finding(Problem("F004", text, place, aid))


def _is_same(asker: Asker, rule: str, one: Condition, other: Condition) -> bool:
    """Tell whether two conditions are equally true, false or unknown, whatever is known."""
    if _is_told_apart(asker, rule, one, other):
        return False
    outcome = asker.world.apart(asker.period, is_partial=True)
    circuit = outcome.encoding.circuit
    pairs = zip(outcome.condition(one), outcome.condition(other), strict=True)
    differing = [circuit.differ(mine, theirs) for mine, theirs in pairs]
    return not is_possible(outcome, circuit.any_of(differing))


def _is_told_apart(asker: Asker, rule: str, one: Condition, other: Condition) -> bool:
    """Try the answers by which a rule holds, and the same with one of them left out."""
    witness = asker.witnesses.of(rule)
    if witness is None:
        return False
    fewer = ({n: a for n, a in witness.items() if n != name} for name in witness)
    for values in (witness, *fewer):
        closed = asker.rule_set.closing.closed(Situation(values)).view
        facts = asker.rule_set.truths(closed)
        if one.truth(closed, facts) is not other.truth(closed, facts):
            return True
    return False


def _disagreements(asker: Asker, rules: list[Rule]) -> Iterator[Finding]:
    living = {rule.id for rule in rules}
    for excluding in rules:
        for exclude in excluding.exclude:
            orienting = asker.rule_set.orienting.get(exclude.to, ())
            demanding = [r for r, orient in orienting if orient.strength == "must"]
            against = [
                rule
                for rule in demanding
                if rule.id in living and _hold_together(asker, rule, excluding)
            ]
            if against:
                yield _disagreement(asker, excluding, exclude.to, against)


def _hold_together(asker: Asker, rule: Rule, excluding: Rule) -> bool:
    together = asker.witnesses.of_both(rule.id, excluding.id)
    if together is None:
        outcome = asker.world.apart(asker.period, is_partial=True)
        together = is_possible(outcome, *(outcome.rule(each.id).must for each in (rule, excluding)))
    return together


def _disagreement(asker: Asker, excluding: Rule, kind: str, against: list[Rule]) -> Finding:
    """Return one exclusion with all that it takes away, and an example with the first of them."""
    both = (against[0], excluding)

    def goal(outcome: ProvenOutcome) -> list[int]:
        return [outcome.rule(each.id).must for each in both]

    def is_so(values: Values) -> bool:
        fired = reference.evaluate(asker.rule_set, Situation(values), asker.period.day).fired
        return {each.id for each in both} <= set(fired)

    named = ", ".join(f"`{rule.id}`" for rule in against)
    verb = "disent" if len(against) > 1 else "dit"
    text = f"{named} {verb} `{kind}` à faire, et `{excluding.id}` l'exclut"
    aid = "l'exclusion l'emporte toujours : est-ce voulu dans cet exemple ?"
    place = asker.rule_set.places.get(excluding.id)
    return asker.finding(("F007", text, place, aid), goal, is_so)


def _settled_facts(asker: Asker) -> Iterator[Finding]:
    for fact in asker.rule_set.facts.values():
        truth = asker.complete.condition(fact.condition).must
        place = asker.rule_set.fact_places.get(fact.id)
        always: Truth = None
        if truth == FALSE or not asker.can_be(asker.complete, truth):
            always = False
        elif not asker.can_be(asker.complete, -truth):
            always = True
        if always is not None:
            text = f"le fait `{fact.id}` est toujours {'vrai' if always else 'faux'}"
            yield Finding(Problem("F008", text, place, "corriger sa condition, ou le retirer"))
