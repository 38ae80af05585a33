"""Which kinds and rules break a promise in an example: what an author has to look at."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from iscg_rules.language.conditions import Condition, FactIs, Values, leaves
from iscg_rules.language.situations import AnswerValue, Situation
from iscg_rules.model.guarantees import Guarantee, Then
from iscg_rules.model.rules import FactsOnDemand, Orient, RuleSet
from iscg_rules.model.scales import Urgency
from iscg_rules.recommend import reference
from iscg_rules.recommend.kind_class import best_class

__all__ = ["BrokenPromise", "name_breakers"]

# Of more rules than this, a message would be a list that nobody reads.
_FEW = 3


@dataclass(frozen=True, slots=True)
class BrokenPromise:
    """What breaks one promise.

    Attributes:
        guarantee, promise: which one, and the key of its `then`.
        step: the answers before and after, where it is about a change.
        text: what happens in the example, kinds and rules named.
        kinds, rules: those that the text names, in its order.
    """

    guarantee: str
    promise: str
    step: tuple[str, ...]
    text: str
    kinds: tuple[str, ...]
    rules: tuple[str, ...]

    @property
    def key(self) -> tuple[str, ...]:
        """What makes it the same in another period or after a change, whoever breaks it."""
        return self.guarantee, self.promise, *self.step


@dataclass(frozen=True, slots=True)
class _Misstep:
    """One thing that is not as promised: said of kinds, with the rules behind it.

    `lacking`: why they do not come, where that is what is wrong.
    """

    kinds: tuple[str, ...]
    rules: tuple[str, ...]
    text: str = ""
    lacking: str = ""

    def __str__(self) -> str:
        if not self.lacking:
            return self.text
        verb = "ne vient pas" if len(self.kinds) == 1 else "ne viennent pas"
        return f"{_listed(self.kinds)} {verb}, car {self.lacking}"


class _ExampleOutcome:
    """What the reference says of one situation, asked rule by rule."""

    def __init__(self, rule_set: RuleSet, values: Values, day: date | None) -> None:
        self._rule_set = rule_set
        self._day = day
        self._answered = frozenset(map(rule_set.vocabulary.attribute_of.__getitem__, values))
        self._facts = FactsOnDemand(rule_set, self._rests_on)
        found = reference.evaluate(rule_set, rule_set.closing.closed(Situation(values)), day)
        self._fired, self._open = frozenset(found.fired), frozenset(found.open)
        self.ranked = reference.ranked_kinds(rule_set, found)

    def leading(self, kind: str, urgency: Urgency | None = None) -> tuple[str, ...]:
        """Name the rules that bring a kind here; only those of an urgency, where it is given."""
        return tuple(
            rule.id
            for rule, orient in self._rule_set.orienting.get(kind, ())
            if rule.id in self._fired and urgency in (None, orient.urgency)
        )

    def urgency(self, kind: str) -> Urgency:
        """Return the urgency of a kind that comes."""
        return best_class(self._orients(kind)).urgency

    def _orients(self, kind: str) -> Iterator[Orient]:
        for rule, orient in self._rule_set.orienting[kind]:
            if rule.id in self._fired:
                yield orient

    def coming(self, kind: str) -> _Misstep:
        """Say that a kind comes."""
        rules = self.leading(kind)
        return _Misstep((kind,), rules, f"`{kind}` vient, par {_rules(rules)}")

    def missing(self, kind: str) -> _Misstep:
        """Say that a kind does not come, and why not."""
        excluding = [rule.id for rule in self._rule_set.excluding.get(kind, ())]
        orienting = self._rule_set.orienting.get(kind, ())
        leading = dict.fromkeys(rule.id for rule, _ in orienting if rule.is_in_force(self._day))
        # What hides a kind for sure comes before what only may.
        if named := self._fired & set(excluding):
            what = "l'exclut", "l'excluent"
        elif not self.leading(kind):
            return self._silent(kind, tuple(leading))
        else:
            named = self._open & set(excluding)
            what = "pourrait l'exclure", "pourraient l'exclure"
        rules = tuple(rule for rule in self._rule_set.rules if rule in named)
        verb = what[0] if len(rules) == 1 else what[1]
        return _Misstep((kind,), rules, lacking=f"{_rules(rules)} {verb}")

    def _silent(self, kind: str, leading: tuple[str, ...]) -> _Misstep:
        """Say that no rule brings a kind, and name those that are nearest to doing so.

        Nearest to « received as author, must leave tonight » is the rule that asks for the role and
        for housing, whatever answers it wants, and not one that asks for a full shelter too.
        """
        if not leading:
            return _Misstep((kind,), (), lacking="aucune règle n'y mène")
        near = {rule: self._nearness(rule) for rule in leading}
        best = max(near.values())
        nearest = tuple(rule for rule in leading if near[rule] == best)[:_FEW]
        waits = self._open.issuperset(nearest)
        if len(nearest) == 1:
            what = "attend une autre réponse" if waits else "ne vaut pas ici"
            which = "la seule règle qui y mène" if len(leading) == 1 else "la règle la plus proche"
        else:
            what = "attendent une autre réponse" if waits else "ne valent pas ici"
            which = "les règles les plus proches"
        return _Misstep((kind,), nearest, lacking=f"{which}, {_listed(nearest)}, {what}")

    def _nearness(self, rule: str) -> float:
        """Return the part of all attributes, the example's and the rule's, that both have."""
        asked = self._rests_on(self._rule_set.rules[rule].condition)
        return len(asked & self._answered) / len(asked | self._answered)

    def _rests_on(self, condition: Condition) -> frozenset[str]:
        found: set[str] = set()
        for leaf in leaves(condition):
            found |= self._facts[leaf.fact] if isinstance(leaf, FactIs) else {leaf.attribute}
        return frozenset(found)


def name_breakers(
    rule_set: RuleSet,
    about: tuple[Guarantee, str],
    values: Values,
    step: tuple[str, AnswerValue, AnswerValue] | None,
    day: date | None,
) -> BrokenPromise:
    """Say what breaks a promise in one situation, or between two that differ by one answer.

    Args:
        rule_set: the rules.
        about: the guarantee, and the key of its `then` that is not kept.
        values: the answers of the situation.
        step: the variable that changes, its answers before and after, where it is about a change.
        day: on which rules are in force.

    Returns:
        The text is empty where nothing but who serves, or what is advised, differs.
    """
    guarantee, promise = about
    name, *answers = step or ("",)
    both: list[Values] = [{**values, name: answer} for answer in answers]
    outcomes = [_ExampleOutcome(rule_set, known, day) for known in both or [values]]
    found = _joined(_faults(promise, guarantee.then, outcomes))
    shown = found[:_FEW]
    more = f" ; et {len(found) - _FEW} de plus" if len(found) > _FEW else ""
    return BrokenPromise(
        guarantee.id,
        promise,
        tuple(map(str, answers)),
        " ; ".join(map(str, shown)) + more,
        tuple(dict.fromkeys(kind for fault in shown for kind in fault.kinds)),
        tuple(dict.fromkeys(rule for fault in shown for rule in fault.rules)),
    )


def _joined(faults: Iterable[_Misstep]) -> tuple[_Misstep, ...]:
    """Return each once; kinds that are missing for one reason are told together."""
    found: dict[object, _Misstep] = {}
    for fault in faults:
        key = (fault.lacking, fault.rules) if fault.lacking else fault
        before = found.get(key)
        if before is None:
            found[key] = fault
        elif not set(fault.kinds) <= set(before.kinds):
            found[key] = replace(before, kinds=(*before.kinds, *fault.kinds))
    return tuple(found.values())


def _faults(promise: str, then: Then, outcomes: list[_ExampleOutcome]) -> Iterator[_Misstep]:
    last = outcomes[-1]
    match promise:
        case "first":
            yield from _ahead(last, then.first, 1)
        case "within":
            assert then.within is not None
            yield from _ahead(last, then.within.any_of, then.within.top)
        case "includes_any":
            yield from map(last.missing, then.includes_any)
        case "never":
            yield from (last.coming(kind) for kind in then.never if kind in last.ranked)
        case "urgency_at_most":
            yield from _late(last, then.urgency_at_most)
        case _:
            yield from _moved(promise, then, *outcomes)


def _ahead(seen: _ExampleOutcome, wanted: tuple[str, ...], top: int) -> Iterator[_Misstep]:
    """Yield what stands where one of the wanted should, or that none of them comes."""
    if any(kind in seen.ranked for kind in wanted):
        yield from map(seen.coming, seen.ranked[:top])
    else:
        yield from map(seen.missing, wanted)


def _late(seen: _ExampleOutcome, latest: Mapping[str, Urgency]) -> Iterator[_Misstep]:
    for kind, urgency in latest.items():
        if kind not in seen.ranked:
            yield seen.missing(kind)
        elif seen.urgency(kind) > urgency:
            rules = seen.leading(kind, seen.urgency(kind))
            text = f"`{kind}` vient `{seen.urgency(kind)}` au lieu de `{urgency}`"
            yield _Misstep((kind,), rules, f"{text}, par {_rules(rules)}")


def _moved(
    promise: str, then: Then, before: _ExampleOutcome, after: _ExampleOutcome
) -> Iterator[_Misstep]:
    lost = then.orientations.never_lost if then.orientations else ()
    later = then.urgency.never_later if then.urgency else ()
    for kind in before.ranked:
        if kind not in after.ranked:
            if promise == "nothing_but" or (promise == "never_lost" and kind in (lost or [kind])):
                yield after.missing(kind)
        elif promise != "never_lost" and after.urgency(kind) != before.urgency(kind):
            old, new = before.urgency(kind), after.urgency(kind)
            if promise == "nothing_but" or (new > old and kind in (later or [kind])):
                rules = after.leading(kind, new)
                text = f"`{kind}` passe de `{old}` à `{new}`, par {_rules(rules)}"
                yield _Misstep((kind,), rules, text)
    if promise == "nothing_but":
        yield from (after.coming(kind) for kind in after.ranked if kind not in before.ranked)


def _rules(names: tuple[str, ...]) -> str:
    if len(names) > _FEW:
        return f"{len(names)} règles"
    return f"la règle {_listed(names)}" if len(names) == 1 else f"les règles {_listed(names)}"


def _listed(names: tuple[str, ...]) -> str:
    return ", ".join(f"`{name}`" for name in names)
