"""Small rule sets with partners and promises, drawn from a seed: quick, where thousands count.

Hypothesis draws the seed only, so that what fails is not made smaller; what passes is many times
as much in the same time.
"""

import random
from dataclasses import replace
from datetime import date

from iscg_rules.language.conditions import (
    FactIs,
    InArea,
    InRange,
    Not,
    Test,
    all_of,
    any_of,
    at_least,
)
from iscg_rules.model.guarantees import Guarantee
from iscg_rules.model.partners import Directory, Partner
from iscg_rules.model.rules import SCOPES, STRENGTHS, URGENCIES
from tests.laws.brute_force import Everything
from tests.laws.strategies import (
    AREAS,
    BOUNDS,
    COMMUNES,
    EXCLUDABLE,
    GROUNDS,
    KINDS,
    SOURCES,
    TEXT,
    attribute,
    fact,
    never,
    rule,
    rule_set_of,
    vocabulary_of,
)

DAY = date(2026, 6, 1)
MANY = 250
TYPES = ("one_of", "yes_no", "many_of")


class Drawing:
    """Draws one thing after another from one seed."""

    def __init__(self, seed):
        self.rng = random.Random(seed)  # noqa: S311 # no secret

    def some(self, pool, least, most):
        return self.rng.sample(tuple(pool), min(len(pool), self.rng.randint(least, most)))

    def one(self, pool):
        return self.rng.choice(tuple(pool))

    def chance(self, share):
        return self.rng.random() < share

    def vocabulary(self):
        types = [self.one(TYPES) for _ in range(self.rng.randint(1, 3))]
        types += self.one(([], [], ["number"], ["commune"]))
        made = (attribute(f"q{n}", one, self.rng.randint(1, 3)) for n, one in enumerate(types))
        return self.placed(vocabulary_of(*made)) if self.chance(0.5) else vocabulary_of(*made)

    def placed(self, words):
        """Say of each kind whether it must be near the post or the home, and where the post is."""
        places = (None, "station", "home")
        kinds = {k.id: k.model_copy(update={"place": self.one(places)}) for k in KINDS.values()}
        return replace(words, kinds=kinds, station=self.one((None, *COMMUNES)))

    def test(self, words):
        one = self.one(words.attributes.values())
        if one.type == "number":
            low, high = sorted((self.one(BOUNDS), self.one(BOUNDS)))
            return InRange(one.id, *self.one(((low, None), (None, high), (low, high))))
        if one.type == "commune":
            return InArea(one.id, tuple(self.some(AREAS.values(), 1, 2)))
        choices = ("yes", "no") if one.type == "many_of" else tuple(one.choices)
        return Test(one.id, self.one(one.variables), frozenset(self.some(choices, 1, 2)))

    def condition(self, words, facts, depth):
        shape = self.one(("test", "test", "fact", "all", "any", "not", "at_least"))
        if shape == "fact" and facts:
            return FactIs(self.one(facts), self.chance(0.5))
        if depth == 0 or shape in ("test", "fact"):
            return self.test(words)
        if shape == "not":
            return Not(self.condition(words, facts, depth - 1))
        # Some of three or of four: neither "all" nor "any" in other words.
        count = self.rng.randint(2, 4) if shape == "at_least" else self.rng.randint(1, 3)
        parts = tuple(self.condition(words, facts, depth - 1) for _ in range(count))
        if shape == "at_least":
            return at_least(self.rng.randint(1, count), parts)
        return all_of(parts) if shape == "all" else any_of(parts)

    def effects(self):
        oriented = [
            {
                "to": kind,
                "urgency": self.one(URGENCIES[:2]),
                "strength": self.one(STRENGTHS[:2]),
                "sharing": GROUNDS[self.one(SCOPES[:2])],
                "for": self.one(("person", "children")),
            }
            for kind in self.some(KINDS, 0, 2)
        ]
        free = [kind for kind in EXCLUDABLE if kind not in {one["to"] for one in oriented}]
        excluded = [{"to": kind} for kind in self.some(free, 0, 1)]
        advised = [TEXT] if not (oriented or excluded) or self.chance(0.2) else []
        return {"orient": oriented, "exclude": excluded, "advise": advised}

    def directory(self, words):
        partners = {}
        for number, kind in enumerate(self.some(KINDS, 0, 3)):
            accepts = self.condition(words, (), 1) if self.chance(0.5) else None
            given = {"id": f"p{number}", "name": "X", "offers": [kind], "area": self.one(AREAS)}
            given |= {"source": [SOURCES[0] | {"checked": "2026"}], "accepts": accepts}
            partners[given["id"]] = Partner.model_validate(given)
        return Directory(partners, AREAS)

    def rules(self, words, facts, *, dated):
        depth, built = self.rng.randint(0, 2), []
        for number in range(self.rng.randint(1, 5)):
            ends = {"valid": {"until": date(2026, 8, 1)}} if dated and self.chance(0.3) else {}
            when = self.condition(words, facts, depth)
            built.append(rule(f"rule-{number}", when, **self.effects(), **ends))
        return built

    def world(self, *, dated=False):
        """Draw a rule set of which all situations can be looked at, and some of them can be."""
        while True:
            words = self.vocabulary()
            facts = [fact("fact-0", self.condition(words, (), 1))] if self.chance(0.5) else []
            known = tuple(one.id for one in facts)
            rule_set = rule_set_of(words, self.rules(words, known, dated=dated), facts)
            entries = never(self.condition(words, known, 1) for _ in range(self.one((0, 0, 1, 2))))
            rule_set = replace(rule_set, impossible=entries)
            everything = Everything(rule_set, self.directory(words), DAY)
            if everything.size <= MANY and everything.complete:
                return everything

    def promise(self, words, *, of_changes=True):
        kinds = self.some(KINDS, 1, 2)
        choices = [a for a in words.attributes.values() if len(a.choices) > 1]
        choices = [a for a in choices if a.type in ("one_of", "yes_no")]
        said = {"id": "promise", "when": self.condition(words, (), 1)}
        if not (of_changes and choices and self.chance(0.5)):
            then = self.one(
                (
                    {"first": kinds},
                    {"within": {"top": self.rng.randint(1, 2), "any_of": kinds}},
                    {"includes_any": kinds},
                    {"never": kinds},
                    {"urgency_at_most": {kinds[0]: self.one(URGENCIES[:2])}},
                )
            )
            return Guarantee.model_validate({**said, "then": then})
        one = self.one(choices)
        steps = self.rng.sample(tuple(one.choices), len(one.choices))
        if self.chance(0.5):
            del said["when"]
        if self.chance(0.5):
            key, word = self.one((("urgency", "never_later"), ("orientations", "never_lost")))
            step = {"attribute": one.id, "along": steps}
            then = {key: self.one((word, {word: kinds}))}
            return Guarantee.model_validate({**said, "raising": step, "then": then})
        step = {"attribute": one.id, "between": steps}
        then = {"nothing_but": self.some(("partner", "advice", "reasons"), 0, 3)}
        return Guarantee.model_validate({**said, "changing": step, "then": then})
