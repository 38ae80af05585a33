"""Facts, areas and territories that rest on one another by the thousand are read and explained."""

import time
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iscg_rules import Engine
from iscg_rules.errors import IscgError, Problem
from iscg_rules.model.rule_files import load_rule_set
from iscg_rules.proof.cases.coverage import cover
from iscg_rules.proof.cases.mutation import mutate
from iscg_rules.proof.solver.proven_world import World
from iscg_rules.proof.solver.witnesses import Witnesses
from iscg_rules.reading.territories import find_territories

LONG = 3_000
SECONDS = 2
NOON = "2026-11-27T12:00"
VOCABULARY = """\
attributes:
  - {id: consent_to_share, type: yes_no, label: {fr: accord}, ask: {fr: "accord ?"}}
  - {id: a, type: yes_no, label: {fr: première}, ask: {fr: "première ?"}}
  - {id: b, type: yes_no, label: {fr: seconde}, ask: {fr: "seconde ?"}}
kinds:
  - {id: help, category: health, nature: service, label: {fr: aide}}
areas:
"""
RULES = """\
theme: {fr: thème}
rules:
  - id: first
    when: {fact-1: yes}
    orient: [{to: help, urgency: week, strength: must, sharing: none}]
    because: {fr: raison}
    source: [{title: page, url: "https://exemple.fr/", date: 2026-11, trust: A}]
"""
CASE = """\
cases:
  - {id: both, title: {fr: les deux}, situation: {a: yes, b: yes}, expect: {includes: [help]}}
"""
FRANCE = "  - {id: france, label: {fr: France}, everywhere: yes}\n"


def written(folder, conditions=("{b: yes}",), areas=()):
    """Write rules whose fact number n, counted from 1, has the n-th condition."""
    facts = [
        f"  - {{id: fact-{number}, label: {{fr: fait {number}}}, when: {condition}}}\n"
        for number, condition in enumerate(conditions, 1)
    ]
    (folder / "cases").mkdir(parents=True)
    (folder / "vocabulary.yaml").write_text(VOCABULARY + FRANCE + "".join(areas), "utf-8")
    (folder / "facts.yaml").write_text("facts:\n" + "".join(facts), "utf-8")
    (folder / "rules.yaml").write_text(RULES, "utf-8")
    (folder / "cases" / "cases.yaml").write_text(CASE, "utf-8")
    return folder


def chain(count, form="{any: [{a: yes}, {FACT: yes}]}"):
    """Write conditions that each name the fact after, the last one an attribute."""
    named = [form.replace("FACT", f"fact-{number}") for number in range(2, count + 1)]
    return [*named, "{b: yes}"]


def area(number, *parts):
    holds = f"includes: [{', '.join(f'area-{part}' for part in parts)}]"
    holds = holds if parts else 'communes: ["35288"]'
    return f"  - {{id: area-{number}, label: {{fr: a}}, {holds}}}\n"


def problems_of(folder):
    with pytest.raises(IscgError) as raised:
        load_rule_set(folder)
    return raised.value.problems


@pytest.fixture
def clock():
    """Measure what this process works from here on, whatever else the machine does."""
    begun = time.process_time()
    return lambda: time.process_time() - begun


@pytest.fixture
def engine(tmp_path):
    def of(conditions):
        rules = written(tmp_path / "rules", conditions)
        (tmp_path / "partners.yaml").write_text("partners: []\n", "utf-8")
        return Engine.load(rules, tmp_path / "partners.yaml")

    return of


def test_a_long_chain_of_facts_is_read_from_its_end(tmp_path, clock):
    rule_set = load_rule_set(written(tmp_path / "rules", chain(LONG)))
    assert clock() < SECONDS
    assert list(rule_set.facts) == [f"fact-{number}" for number in range(LONG, 0, -1)]


def test_a_circle_of_thousands_of_facts_is_said_once(tmp_path, clock):
    conditions = [*chain(LONG)[:-1], "{fact-1: yes}"]
    (problem,) = problems_of(written(tmp_path / "rules", conditions))
    assert clock() < SECONDS
    ring = [f"fact-{number}" for number in (1, 2, 3, 4, 5, 6, "…", LONG, 1)]
    expected = f"ces faits se définissent en rond : {' → '.join(ring)} ({LONG} en tout)"
    expected = expected.replace("fact-…", "…")
    assert (problem.code, problem.message) == ("V007", expected)


def test_a_long_chain_of_areas_holds_what_the_last_one_holds(tmp_path, clock):
    areas = [*(area(number, number + 1) for number in range(1, LONG)), area(LONG)]
    rule_set = load_rule_set(written(tmp_path / "rules", areas=areas))
    assert clock() < SECONDS
    assert rule_set.vocabulary.areas["area-1"].communes == {"35288"}


def test_a_circle_of_thousands_of_areas_is_said_from_each_of_them(tmp_path, clock):
    count = 2_000
    areas = [*(area(number, number + 1) for number in range(1, count)), area(count, 1)]
    problems = problems_of(written(tmp_path / "rules", areas=areas))
    assert clock() < SECONDS
    # A hundred are told, and the rest is counted.
    assert [problem.code for problem in problems] == ["V008"] * 100 + ["A008"]
    assert problems[-1].message == "1900 autres problèmes en plus"
    expected = "area-2 → area-3 → area-4 → area-5 → area-6 → area-7 → … → area-1 → area-2"
    assert problems[1].message.endswith(f"en rond : {expected} ({count} en tout)")


def test_a_territory_may_extend_another_hundreds_of_times(tmp_path, clock):
    folders = [tmp_path / f"t{number}" for number in range(1_200)]
    for folder, wider in zip(folders, [*folders[1:], None], strict=True):
        folder.mkdir()
        extends = f"extends: {wider.name}\n" if wider else ""
        (folder / "territory.yaml").write_text(f"label: {{fr: ici}}\n{extends}", "utf-8")
    problems: list[Problem] = []
    found = find_territories(folders[0], [tmp_path], problems)
    assert clock() < SECONDS
    assert [territory.id for territory in found] == [f.name for f in reversed(folders)]
    assert problems == []


# What the reader's own words say: walk down, and say where the walk comes back to itself.
def rings_of_facts(needs):
    ordered, noted, rings = [], set(), []

    def visit(name, above):
        if name in ordered or name in noted:
            return
        if name in above:
            ring = [*above[above.index(name) :], name]
            noted.update(ring)
            rings.append(ring)
            return
        for need in needs[name]:
            visit(need, [*above, name])
        if name not in noted:
            ordered.append(name)

    for name in sorted(needs):
        visit(name, [])
    return ordered, sorted(rings)


def rings_of_areas(parts):
    rings = []

    def is_whole(name, above):
        if name in above:
            rings.append([*above[above.index(name) :], name])
            return False
        return all(is_whole(part, [*above, name]) for part in parts[name])

    whole = [name for name in sorted(parts) if is_whole(name, [])]
    return whole, sorted({tuple(ring) for ring in rings})


NUMBERS = range(1, 7)
GRAPHS = st.fixed_dictionaries(
    {number: st.lists(st.sampled_from(NUMBERS), unique=True, max_size=2) for number in NUMBERS}
)


def read(folder):
    """Read rules; give them, or what is wrong with them as names in a ring."""
    try:
        return load_rule_set(folder), []
    except IscgError as error:
        rings = [problem.message.partition(" : ")[2].split(" → ") for problem in error.problems]
        return None, sorted([int(name.partition("-")[2]) for name in ring] for ring in rings)


@given(needs=GRAPHS)
def test_facts_come_in_order_and_circles_are_said_as_a_walk_meets_them(needs, tmp_path_factory):
    conditions = [
        f"{{any: [{{b: yes}}, {', '.join(f'{{fact-{need}: no}}' for need in needs[number])}]}}"
        for number in NUMBERS
    ]
    rule_set, rings = read(written(tmp_path_factory.mktemp("facts") / "rules", conditions))
    ordered, expected = rings_of_facts(needs)
    assert rings == expected
    assert rule_set is None or list(rule_set.facts) == [f"fact-{number}" for number in ordered]


@given(parts=GRAPHS)
def test_circles_of_areas_are_said_as_a_walk_from_each_area_meets_them(parts, tmp_path_factory):
    areas = [area(number, *parts[number]) for number in NUMBERS]
    rule_set, rings = read(written(tmp_path_factory.mktemp("areas") / "rules", areas=areas))
    whole, expected = rings_of_areas(parts)
    assert rings == [list(ring) for ring in expected]
    assert rule_set is None or len(whole) == len(NUMBERS)


# A form of each fact but the last; answers by which the first holds, and by which it does not; the
# smallest sets of the former that are enough, and the fewest answers that change the latter.
EXPLAINED = {
    "it holds": ("{FACT: yes}", {"b": "yes"}, {"b": "no"}, ["b"], [{"b": "yes"}]),
    # 2,999 negations turn the last fact around once.
    "it does not": ("{FACT: no}", {"b": "no"}, {"b": "yes"}, ["b"], [{"b": "no"}]),
    "one of two": (
        "{any: [{a: yes}, {FACT: yes}]}",
        {"a": "yes", "b": "yes"},
        {"a": "no", "b": "no"},
        ["a", "b"],
        [{"a": "yes"}, {"b": "yes"}],
    ),
    "both, named twice": (
        "{all: [{a: yes}, {any: [{FACT: yes}, {FACT: yes}]}]}",
        {"a": "yes", "b": "yes"},
        {"a": "no", "b": "no"},
        ["ab"],
        [{"a": "yes", "b": "yes"}],
    ),
    # While the first answer is unknown, so is what rests on it, whatever the second is.
    "not both": (
        "{not: {all: [{a: yes}, {FACT: yes}]}}",
        {"a": "no", "b": "no"},
        {"a": "yes", "b": "yes"},
        ["a"],
        [{"a": "no"}, {"b": "no"}],
    ),
}


@pytest.mark.parametrize("told", EXPLAINED.values(), ids=EXPLAINED)
def test_a_long_chain_is_explained_and_changed(engine, clock, told):
    form, true, false, enough, fewest = told
    loaded = engine(chain(LONG, form))
    why = loaded.why(true, "help", at=NOON)
    what_if = loaded.what_if(false, "help", at=NOON)
    why_not = loaded.why_not(false, "help", at=NOON)
    compared = loaded.compare(false, true, at=NOON)
    asked = loaded.next_questions({}, at=NOON)
    assert clock() < 5 * SECONDS
    assert ["".join(answer.attribute for answer in one.answers) for one in why.sets] == enough
    assert [one.answers for one in what_if.alternatives] == fewest
    (gap,) = why_not.rules
    assert {change.attribute for change in gap.changes} in [set(answers) for answers in fewest]
    assert [one.kind for one in compared.won] == ["help"]
    assert {one.attribute for one in asked.questions} == {
        name for answers in fewest for name in answers
    }
    assert not loaded.is_settled({}, at=NOON)
    assert loaded.is_settled(true, at=NOON)


def test_a_long_chain_is_proven_and_shown_by_cases(engine, clock):
    loaded = engine(chain(LONG, "{FACT: yes}"))
    rule_set, directory = loaded.rule_set, loaded.directory
    day = date(2026, 11, 27)
    world = World(rule_set, directory, day)
    assert world.variables("first") == {"b"}
    assert Witnesses(world, world.periods[0]).of("first") == {"b": "yes"}
    covered = cover(rule_set, directory, (), day=day, only="first")
    assert [shown.status for shown in covered.shown] == ["missing"] * len(covered.shown)
    assert mutate(rule_set, directory, (), day=day, only="fact-1").changes
    assert clock() < 5 * SECONDS


@pytest.mark.parametrize(
    "form", ["all: [{FACT: yes}, {FACT: yes}]", "any: [{FACT: no}, {FACT: yes}]"]
)
def test_try_tells_a_fact_once_though_each_names_the_next_twice(tmp_path, said, form):
    rules = written(tmp_path / "rules", chain(40, f"{{{form}}}"))
    (tmp_path / "partners.yaml").write_text("partners: []\n", "utf-8")
    where = ("--rules", str(rules), "--partners", str(tmp_path / "partners.yaml"))
    lines = said("try", "first", "both", *where).splitlines()
    # The head; 40 facts told, 39 sent up; 39 thresholds, and the one answer.
    assert len(lines) == 1 + 40 + 39 + 39 + 1
    assert sum("c'est-à-dire" in line for line in lines) == 40
    assert sum("(voir plus haut)" in line for line in lines) == 39


def test_try_tells_a_long_chain(tmp_path, said):
    rules = written(tmp_path / "rules", chain(1_500, "{FACT: yes}"))
    (tmp_path / "partners.yaml").write_text("partners: []\n", "utf-8")
    where = ("--rules", str(rules), "--partners", str(tmp_path / "partners.yaml"))
    lines = said("try", "first", "both", *where).splitlines()
    assert len(lines) == 1 + 1_500 + 1
