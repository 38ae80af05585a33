"""Rule sets so small that every situation, unknown answers included, can be looked at."""

from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import product
from typing import TYPE_CHECKING

from hypothesis import settings
from hypothesis import strategies as st

from iscg_rules import Engine
from iscg_rules.errors import Place
from iscg_rules.language.conditions import FactIs
from iscg_rules.language.situations import Situation
from iscg_rules.model.cases import Case, Expect
from iscg_rules.model.partners import Directory, Partner
from iscg_rules.model.rules import URGENCIES, Impossible, RuleSet
from iscg_rules.proof.solver.proven_world import periods
from iscg_rules.recommend import reference
from tests.laws import strategies as drawn

if TYPE_CHECKING:
    from iscg_rules.model.closed_words import Already

NOWHERE = Place("cases.yaml", 1, 1)
START = date(2026, 1, 1)
# Much to draw for one example: a quarter of them, thousands when slow all the same.
FEWER = settings(max_examples=settings().max_examples // 4)


def small_vocabulary():
    yes_no = (drawn.attribute(f"q{number}", "yes_no") for number in range(2))
    return drawn.vocabulary_of(
        *yes_no, drawn.attribute("colour", "one_of"), drawn.attribute("several", "many_of", 1)
    )


VOCABULARY = small_vocabulary()
ANSWERS = {variable: (None, *found) for variable, found in drawn.answers_of(VOCABULARY).items()}
EVERY = [
    Situation({variable: one for variable, one in zip(ANSWERS, chosen, strict=True) if one})
    for chosen in product(*ANSWERS.values())
]
COMPLETE = [one for one in EVERY if len(one.values) == len(ANSWERS)]


@st.composite
def small_rule_sets(draw):
    condition = drawn.conditions(VOCABULARY, (), 2)
    facts = [drawn.fact("fact_0", draw(condition)), drawn.fact("fact_1", draw(condition))]
    known = ("fact_0", "fact_1")
    names = [f"rule-{number}" for number in range(draw(st.integers(1, 3)))]
    rules = draw(drawn.rules(VOCABULARY, known, names))
    entries = draw(
        st.lists(st.one_of(condition, st.just(FactIs("fact_0", holds=True))), max_size=1)
    )
    impossible = tuple(
        Impossible.model_validate({"id": "never", "when": one, "because": drawn.TEXT})
        for one in entries
    )
    return RuleSet(
        VOCABULARY, {one.id: one for one in facts}, {one.id: one for one in rules}, impossible
    )


def house(accepts):
    """Give a directory of one partner, for two kinds."""
    partner = {
        "id": "house",
        "name": "house",
        "offers": ["shelter", "phone"],
        "area": ["country"],
        "accepts": accepts,
        "source": [{"title": "livre", "trust": "A", "checked": "2026-01"}],
    }
    built = Partner.model_validate(partner)
    return Directory({built.id: built}, VOCABULARY.areas)


def directories():
    return drawn.conditions(VOCABULARY, ("fact_0", "fact_1"), 1).map(house)


@st.composite
def cases(draw, most=4):
    kinds = st.lists(st.sampled_from(tuple(drawn.KINDS)), unique=True, max_size=2)
    found = []
    for number in range(draw(st.integers(1, most))):
        said = {
            "first": draw(st.none() | st.sampled_from(tuple(drawn.KINDS))),
            **{name: draw(kinds) for name in ("includes", "excludes", "possible", "order", "gaps")},
            "advice": draw(st.lists(st.sampled_from(("rule-0", "rule-1")), max_size=1)),
            "urgency": dict.fromkeys(draw(kinds), draw(st.sampled_from(URGENCIES))),
            "partner": dict.fromkeys(draw(kinds), "house"),
        }
        # What is written is never empty.
        expect = Expect.model_validate({name: one for name, one in said.items() if one})
        day = draw(st.sampled_from(drawn.MOMENTS))
        at = day and datetime(day.year, day.month, day.day, 10, tzinfo=UTC)
        already: dict[str, Already] = dict.fromkeys(draw(kinds), "contacted")
        situation = draw(st.sampled_from(EVERY))
        found.append(Case(f"case-{number}", drawn.TEXT, situation, at, already, expect, NOWHERE))
    return found


@st.composite
def kept_cases(draw, rule_set, directory):
    """Draw cases that expect one thing, or two, of what comes out of them: most changes show."""
    engine, found = Engine(rule_set, directory), []
    given = draw(cases(most=3))
    for case in (c for c in given if not reference.impossible_entries(rule_set, c.situation)):
        got = engine.recommend(case.situation, at=case.at, already=case.already)
        kinds = [one.kind for one in got.orientations]
        possible = [one.kind for one in got.possible]
        said = {
            "first": kinds[0] if kinds else None,
            "includes": kinds,
            "excludes": [kind for kind in drawn.KINDS if kind not in (*kinds, *possible)],
            "possible": possible,
            "order": kinds,
            "gaps": got.gaps,
            "advice": [one.rule for one in got.advice],
            "urgency": {one.kind: one.urgency for one in got.orientations},
            "partner": {one.kind: one.partner.id for one in got.orientations if one.partner},
        }
        told = {name: one for name, one in said.items() if one}
        names = draw(st.lists(st.sampled_from(sorted(told)), min_size=1, max_size=2, unique=True))
        found.append(replace(case, expect=Expect.model_validate({n: told[n] for n in names})))
    return found


def days(rule_set):
    return [period.day for period in periods(rule_set, START)]


def can_be(rule_set, situation):
    """Tell whether some completion is not refused, by looking at all of them."""
    return any(
        situation.values.items() <= one.values.items()
        and not reference.impossible_entries(rule_set, one)
        for one in COMPLETE
    )


def every_possible(rule_set):
    return [one for one in EVERY if can_be(rule_set, one)]
