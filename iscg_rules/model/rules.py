"""Rules as frozen values: when a condition holds, orient, exclude or advise, and why."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from types import MappingProxyType
from typing import Annotated, TypeVar, get_args

from pydantic import BeforeValidator, Field, WithJsonSchema

from iscg_rules.errors import Place
from iscg_rules.language.closing import Closing
from iscg_rules.language.condition_parsing import ConditionField
from iscg_rules.language.conditions import Condition, Truth, Truths, ValuesLeft, facts_in
from iscg_rules.language.on_demand import OnDemand
from iscg_rules.language.vocabulary import Vocabulary
from iscg_rules.language.wording import Wording
from iscg_rules.model.closed_words import BeneficiaryWord, ScopeWord, StrengthWord, UrgencyWord
from iscg_rules.model.grounds import NOTHING, Ground
from iscg_rules.model.scales import Beneficiary, Scope, Strength, Urgency
from iscg_rules.reading.binding import (
    Frozen,
    Id,
    LocalText,
    OneOrMany,
    OneOrMore,
    Reference,
    Source,
)

__all__ = [
    "BENEFICIARIES",
    "SCOPES",
    "STRENGTHS",
    "URGENCIES",
    "Exclude",
    "Fact",
    "FactsOnDemand",
    "Impossible",
    "NamedGround",
    "Orient",
    "Rule",
    "RuleSet",
    "Valid",
]

Worked = TypeVar("Worked")
# The same as plain words, in the same order.
URGENCIES: tuple[UrgencyWord, ...] = get_args(UrgencyWord)
STRENGTHS: tuple[StrengthWord, ...] = get_args(StrengthWord)
BENEFICIARIES: tuple[BeneficiaryWord, ...] = get_args(BeneficiaryWord)
SCOPES: tuple[ScopeWord, ...] = get_args(ScopeWord)


def _ground(given: object) -> object:
    return NOTHING if given == NOTHING.id else given


# Written as the id of a ground; the reader of rules puts the ground in its place.
NamedGround = Annotated[Ground, BeforeValidator(_ground), WithJsonSchema({"type": "string"})]


class Orient(Frozen):
    """One kind that a rule orients to, for whom, how soon, how strongly and on which ground."""

    to: Reference
    urgency: Urgency
    strength: Strength
    for_: Beneficiary = Field(default=Beneficiary.PERSON, alias="for")
    ground: NamedGround = Field(alias="sharing")

    @property
    def sharing(self) -> Scope:
        """How far something is shared on this ground."""
        return self.ground.sharing

    @property
    def legal_basis(self) -> str | None:
        """The text that the ground stands in; None where nothing is passed on."""
        return self.ground.legal_basis or None


class Exclude(Frozen):
    """One kind that a rule excludes, whatever other rules say."""

    to: Reference


class Valid(Frozen):
    """The dates between which a rule exists, both included."""

    from_: date | None = Field(default=None, alias="from")
    until: date | None = None


class Rule(Frozen):
    """When a condition holds: orient, exclude or advise, with why and by which source."""

    id: Id
    when: ConditionField
    orient: tuple[Orient, ...] = Field(default=())
    exclude: tuple[Exclude, ...] = Field(default=())
    advise: tuple[LocalText, ...] = Field(default=())
    because: LocalText
    source: OneOrMore[Source]
    valid: Valid = Valid()

    @property
    def condition(self) -> Condition:
        """`when` with its type."""
        condition: Condition = self.when
        return condition

    @property
    def effects(self) -> tuple[object, ...]:
        """All that the rule does where its condition holds."""
        return self.orient, self.exclude, self.advise

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds that the rule orients to, then those that it excludes, each once."""
        named = [orient.to for orient in self.orient] + [exclude.to for exclude in self.exclude]
        return tuple(dict.fromkeys(named))

    @property
    def is_dated(self) -> bool:
        """Tell whether the rule begins or ends on some day."""
        return self.valid.from_ is not None or self.valid.until is not None

    def is_in_force(self, day: date | None) -> bool:
        """Tell whether the rule exists on a day; without a day, whether it is not retired."""
        if day is None:
            return self.valid.until is None
        starts, ends = self.valid.from_, self.valid.until
        return (starts is None or starts <= day) and (ends is None or day <= ends)


class Fact(Frozen):
    """A yes/no drawn from attributes and other facts by a named condition."""

    id: Id
    label: LocalText
    when: ConditionField
    source: OneOrMany[Source] = ()

    @property
    def condition(self) -> Condition:
        """`when` with its type."""
        condition: Condition = self.when
        return condition


class Impossible(Frozen):
    """What cannot be: refused as input when true, left out of every proof."""

    id: Id
    when: ConditionField
    because: LocalText
    source: OneOrMany[Source] = ()

    @property
    def condition(self) -> Condition:
        """`when` with its type."""
        condition: Condition = self.when
        return condition


class FactsOnDemand(OnDemand[str, Worked]):
    """What each fact is in some algebra: worked out once, after the facts that it names."""

    def __init__(self, rule_set: "RuleSet", work_out: Callable[[Condition], Worked]) -> None:
        facts = rule_set.facts
        super().__init__(
            rule_set.facts_below.__getitem__, lambda name: work_out(facts[name].condition)
        )


class _FactTruths(OnDemand[str, Truth]):
    """The truth of each fact in one situation."""

    def __init__(self, rule_set: "RuleSet", values: ValuesLeft) -> None:
        super().__init__(rule_set.facts_below.__getitem__)
        self._facts = rule_set.facts
        self._values = values

    def work_out(self, name: str) -> Truth:
        """Return the truth of a fact."""
        return self._facts[name].condition.truth(self._values, self)


@dataclass(frozen=True)
class RuleSet:
    """A vocabulary with everything that is said in its words.

    `facts` come in an order in which each needs only facts before it; `rules` come by id, so that
    nothing depends on the order of files. `places`, `fact_places` and `impossible_places` tell
    where each rule, fact and entry stands, where known; `themes` gives what each file is about;
    `grounds` those on which rules may lean.
    """

    vocabulary: Vocabulary
    facts: Mapping[str, Fact]
    rules: Mapping[str, Rule]
    impossible: tuple[Impossible, ...] = ()
    places: Mapping[str, Place] = field(default_factory=dict, compare=False)
    themes: Mapping[str, LocalText] = field(default_factory=dict, compare=False)
    grounds: Mapping[str, Ground] = field(default_factory=dict, compare=False)
    fact_places: Mapping[str, Place] = field(default_factory=dict, compare=False)
    impossible_places: Mapping[str, Place] = field(default_factory=dict, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "facts", MappingProxyType(dict(self.facts)))
        object.__setattr__(self, "rules", MappingProxyType(dict(sorted(self.rules.items()))))

    def __repr__(self) -> str:
        return f"<RuleSet: {len(self.rules)} rules, {len(self.facts)} facts>"

    @cached_property
    def is_dated(self) -> bool:
        """Tell whether what holds depends on the day."""
        return any(rule.is_dated for rule in self.rules.values())

    def in_force(self, day: date | None) -> frozenset[str]:
        """Name the rules that exist on a day; without a day, those that are not retired."""
        return frozenset(rule.id for rule in self.rules.values() if rule.is_in_force(day))

    def turns(self, day: date) -> set[date]:
        """Return a day, and every later one on which some rule begins or is no more."""
        days = {day}
        for rule in self.rules.values():
            if rule.valid.from_ is not None:
                days.add(rule.valid.from_)
            if rule.valid.until is not None and rule.valid.until < date.max:
                days.add(rule.valid.until + timedelta(days=1))
        return {turn for turn in days if turn >= day}

    @cached_property
    def orienting(self) -> Mapping[str, tuple[tuple[Rule, Orient], ...]]:
        """The rules that orient to each kind, kinds in the vocabulary's order."""
        by_kind: dict[str, list[tuple[Rule, Orient]]] = {}
        for rule in self.rules.values():
            for orient in rule.orient:
                by_kind.setdefault(orient.to, []).append((rule, orient))
        ranked = sorted(by_kind, key=self.vocabulary.kind_rank.__getitem__)
        return {kind: tuple(by_kind[kind]) for kind in ranked}

    @cached_property
    def excluding(self) -> Mapping[str, tuple[Rule, ...]]:
        """The rules that exclude each kind."""
        by_kind: dict[str, list[Rule]] = {}
        for rule in self.rules.values():
            for exclude in rule.exclude:
                by_kind.setdefault(exclude.to, []).append(rule)
        return {kind: tuple(rules) for kind, rules in by_kind.items()}

    # A view of a mapping cannot be sent to another process; what it shows can.
    def __reduce__(self) -> tuple[type["RuleSet"], tuple[object, ...]]:
        plain = (dict(self.facts), dict(self.rules), self.impossible)
        where = (dict(self.places), dict(self.themes), dict(self.grounds))
        more = (dict(self.fact_places), dict(self.impossible_places))
        return (RuleSet, (self.vocabulary, *plain, *where, *more))

    @cached_property
    def closing(self) -> Closing:
        """What closes situations under the `impossible` entries.

        Raises:
            TooWideError: an entry can be true in too many ways.
        """
        return Closing(
            self.vocabulary,
            {fact.id: fact.condition for fact in self.facts.values()},
            {entry.id: entry.condition for entry in self.impossible},
        )

    def truths(self, values: ValuesLeft) -> Truths:
        """Return the truth of any fact for these values, worked out when it is asked for."""
        return _FactTruths(self, values)

    @cached_property
    def facts_below(self) -> Mapping[str, tuple[str, ...]]:
        """Name the facts that the condition of each fact speaks of itself."""
        return {fact.id: facts_in(fact.condition) for fact in self.facts.values()}

    def wording(self, language: str = "fr") -> Wording:
        """Return what puts conditions and answers of this rule set into words."""
        labels = {fact.id: fact.label for fact in self.facts.values()}
        return Wording(self.vocabulary, labels, language)
