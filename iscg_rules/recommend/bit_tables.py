"""Rules → bit tables: one bit an alternative, one table a variable.

An alternative is a set of tests that all hold; a condition holds when one of its alternatives
does. Spreading a condition out like this is exact in three-valued logic as long as no test is
dropped: two tests of one variable are merged, never left out, because without an answer both are
unknown. Where neither says more than the other, one stands apart: of "a or b" and "b or c" both
are unknown while a and c are left. Thresholds are counted before, and so is what would have too
many alternatives.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_

from iscg_rules.language.answer_classes import Domain, choice_domain, make_domains
from iscg_rules.language.closing import Closing
from iscg_rules.language.conditions import (
    Atom,
    Condition,
    FactIs,
    InArea,
    InRange,
    Not,
    Test,
    Threshold,
)
from iscg_rules.language.situations import AnswerValue
from iscg_rules.model.rules import Fact, Rule, RuleSet

__all__ = [
    "MAX_ALTERNATIVES",
    "CompiledRules",
    "Conjunction",
    "Count",
    "Stage",
    "Table",
    "compile_rules",
]

MAX_ALTERNATIVES = 64
_YES_NO = ("yes", "no")

# Variable → the classes of answers that it may have.
Conjunction = Mapping[str, frozenset[int]]


@dataclass(frozen=True, slots=True)
class Table:
    """One variable: the alternatives that survive each class of answers, and those that name it."""

    variable: str
    by_answer: Mapping[AnswerValue, int] | None
    by_class: tuple[int, ...]
    class_of: Callable[[AnswerValue], int]
    mention: int


@dataclass(frozen=True, slots=True)
class Stage:
    """Conditions evaluated together; `owners` names the condition of each bit, low bit first.

    `alternatives` says what each bit stands for.
    """

    owners: tuple[str, ...]
    alternatives: tuple[Conjunction, ...]
    masks: Mapping[str, int]
    tables: tuple[Table, ...]


@dataclass(frozen=True, slots=True)
class Count:
    """A hidden variable: yes when at least `count` of these hidden variables are."""

    variable: str
    count: int
    of: tuple[str, ...]

    def add(self, known: dict[str, AnswerValue]) -> None:
        """Add it to what is known: yes, no, or nothing while it is open."""
        answers = [known.get(variable) for variable in self.of]
        held, unknown = answers.count("yes"), answers.count(None)
        if held >= self.count:
            known[self.variable] = "yes"
        elif held + unknown < self.count:
            known[self.variable] = "no"


@dataclass(frozen=True, slots=True)
class CompiledRules:
    """Stages in order, hidden variables before what needs them; the rules, by id, come last."""

    hidden: tuple[Stage | Count, ...]
    rules: Stage
    dated: tuple[Rule, ...]
    closing: Closing


def compile_rules(rule_set: RuleSet) -> CompiledRules:
    """Compile every rule of a set; whether it is in force is looked at when it is evaluated."""
    rules = rule_set.rules.values()
    conditions = [rule.condition for rule in rules]
    conditions += [fact.condition for fact in rule_set.facts.values()]
    spreading = _Spreading(rule_set, make_domains(rule_set.vocabulary, conditions))
    spread = {rule.id: spreading.alternatives(rule.condition) for rule in rules}
    last = _stage(spread, spreading.domains)
    return CompiledRules(
        hidden=_needed(spreading.hidden, last),
        rules=last,
        dated=tuple(rule for rule in rules if rule.is_dated),
        closing=rule_set.closing,
    )


class _Spreading:
    """Spreads conditions out; `hidden` grows in an order in which it can be worked out."""

    def __init__(self, rule_set: RuleSet, domains: dict[str, Domain]) -> None:
        self.domains = domains
        self.hidden: list[Stage | Count] = []
        self._names: dict[Condition, str] = {}
        self._tests: dict[tuple[str, frozenset[int]], str] = {}
        self._facts: dict[tuple[str, bool], list[Conjunction]] = {}
        for fact in rule_set.facts.values():
            self.add_fact(fact)

    def alternatives(self, condition: Condition, *, wanted: bool = True) -> list[Conjunction]:
        """Give what makes a condition true, or, when it is not wanted, false."""
        match condition:
            case Not(part):
                return self.alternatives(part, wanted=not wanted)
            case FactIs(fact, holds):
                return self._facts[fact, holds is wanted]
            case Threshold(count, of):
                # Two of three fail to hold where two of them are false.
                needed = count if wanted else len(of) - count + 1
                if needed <= 1:
                    every = [one for part in of for one in self.alternatives(part, wanted=wanted)]
                    return _each_once(every) if needed == 1 else [{}]
                if needed == len(of):
                    return self._product(of, wanted=wanted)
                return [_hidden_test(self._counted(condition), wanted=wanted)]
            case Test() | InRange() | InArea():
                return [self._test(condition, wanted=wanted)]

    def add_fact(self, fact: Fact) -> None:
        """Spread a fact out, for good and for ill; those that it speaks of come before it."""
        for wanted in (True, False):
            spread = self.alternatives(fact.condition, wanted=wanted)
            if len(spread) > MAX_ALTERNATIVES:
                name = self._named(FactIs(fact.id, holds=True), spread, wanted=wanted)
                spread = [_hidden_test(name, wanted=True)]
            self._facts[fact.id, wanted] = spread

    def _test(self, test: Atom, *, wanted: bool) -> Conjunction:
        examples = self.domains[test.variable].examples
        held = {place for place, answer in enumerate(examples) if test.allows(answer) is wanted}
        return {test.variable: frozenset(held)}

    def _product(self, of: tuple[Condition, ...], *, wanted: bool) -> list[Conjunction]:
        product: list[Conjunction] = [{}]
        for part in of:
            spread = self.alternatives(part, wanted=wanted)
            if len(product) * len(spread) > MAX_ALTERNATIVES and len(spread) > 1:
                spread = [_hidden_test(self._named(part, spread, wanted=wanted), wanted=True)]
            product = _each_once([self._merged(one, other) for one in product for other in spread])
        return product

    def _merged(self, one: Conjunction, other: Conjunction) -> Conjunction:
        merged = dict(one)
        for variable, classes in other.items():
            held = merged.get(variable, classes)
            if held <= classes or classes <= held or not self._may_be_closed(variable):
                merged[variable] = held & classes
            else:
                merged |= _hidden_test(self._apart(variable, classes), wanted=True)
        return merged

    def _may_be_closed(self, variable: str) -> bool:
        """Tell whether two answers or more may be left of a variable, and not all of them."""
        domain = self.domains[variable]
        return domain.by_answer is not None and len(domain.examples) > len(_YES_NO)

    def _apart(self, variable: str, classes: frozenset[int]) -> str:
        """Make one test a hidden variable."""
        key = (variable, classes)
        if key not in self._tests:
            name = self._tests[key] = self._new_name()
            self.hidden.append(_stage({name: [{variable: classes}]}, self.domains))
        return self._tests[key]

    def _named(self, part: Condition, spread: list[Conjunction], *, wanted: bool) -> str:
        """Make a part with many alternatives one hidden variable."""
        key = part if wanted else Not(part)
        if key not in self._names:
            name = self._names[key] = self._new_name()
            self.hidden.append(_stage({name: spread}, self.domains))
        return self._names[key]

    def _counted(self, threshold: Threshold) -> str:
        if threshold not in self._names:
            of = tuple(
                self._named(part, self.alternatives(part), wanted=True) for part in threshold.of
            )
            name = self._names[threshold] = self._new_name()
            self.hidden.append(Count(name, threshold.count, of))
        return self._names[threshold]

    def _new_name(self) -> str:
        # No attribute is named so: ids hold letters and digits only.
        name = f"#{len(self._names) + len(self._tests)}"
        self.domains[name] = choice_domain(_YES_NO)
        return name


def _needed(hidden: Sequence[Stage | Count], last: Stage) -> tuple[Stage | Count, ...]:
    """Leave out the hidden variables that no rule rests on in the end."""
    wanted = {table.variable for table in last.tables}
    kept: list[Stage | Count] = []
    for step in reversed(hidden):
        made = {step.variable} if isinstance(step, Count) else set(step.masks)
        if made & wanted:
            kept.append(step)
            wanted |= set(step.of if isinstance(step, Count) else (t.variable for t in step.tables))
    return tuple(reversed(kept))


def _each_once(alternatives: list[Conjunction]) -> list[Conjunction]:
    """Drop what is said twice: a fact named in two parts is spread out in both."""
    return list({frozenset(one.items()): one for one in alternatives}.values())


def _hidden_test(name: str, *, wanted: bool) -> Conjunction:
    return {name: frozenset({_YES_NO.index("yes" if wanted else "no")})}


def _stage(spread: Mapping[str, list[Conjunction]], domains: Mapping[str, Domain]) -> Stage:
    owners = [name for name, alternatives in spread.items() for _ in alternatives]
    flat = [alternative for alternatives in spread.values() for alternative in alternatives]
    naming: dict[str, list[int]] = {}
    masks = dict.fromkeys(spread, 0)
    for bit, alternative in enumerate(flat):
        masks[owners[bit]] |= 1 << bit
        for variable in alternative:
            naming.setdefault(variable, []).append(bit)
    everything = (1 << len(flat)) - 1
    tables = [
        _table(variable, domains[variable], {bit: flat[bit][variable] for bit in bits}, everything)
        for variable, bits in sorted(naming.items())
    ]
    return Stage(tuple(owners), tuple(flat), masks, tuple(tables))


def _table(
    variable: str, domain: Domain, naming: Mapping[int, frozenset[int]], everything: int
) -> Table:
    mention = reduce(or_, (1 << bit for bit in naming), 0)
    by_class = [everything ^ mention] * len(domain.examples)
    for bit, classes in naming.items():
        for answer_class in classes:
            by_class[answer_class] |= 1 << bit
    by_answer = domain.by_answer and {a: by_class[c] for a, c in domain.by_answer.items()}
    return Table(variable, by_answer, tuple(by_class), domain.class_of, mention)
