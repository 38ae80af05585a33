"""`iscg-rules new case` writes a case that is kept as it is, for every rule that can hold."""

import shutil
from pathlib import Path

import pytest

from iscg_rules import Engine
from iscg_rules.authoring.first_case import first_case

TOY = Path(__file__).parent / "toy"
TERRITORIES = ("ille-et-vilaine", "rennes", "pays-de-saint-malo")
# A rule for each thing that may be asked of a case.
TWO_OF_THREE = "{at_least: {count: 2, of: [{role: victim}, {danger: yes}, {nights: {min: 3}}]}}"
CONDITIONS = {
    "two-of-three": TWO_OF_THREE,
    "not-two-of-three": f"{{not: {TWO_OF_THREE}}}",
    "neither": "{not: {any: [{role: victim}, {danger: yes}]}}",
    "several": "{minors: {all_of: [under_3, older]}}",
    "none": "{minors: {none_of: [under_3, older]}}",
    "beyond-a-bound": "{nights: {min: 1}, not: {nights: {max: 29}}}",
    "here": "{commune: [dinard]}",
    "elsewhere": "{not: {commune: [dinard, saint-malo, ille-et-vilaine]}}",
    "by-day": "{time_slot: office_hours, danger: no}",
    # The shorter way cannot be: one who is accused, in danger, after 30 nights.
    "the-longer-way": "{any: [{danger: yes, nights: {min: 30}, role: alleged_author}, "
    "{danger: yes, nights: {min: 30}, role: victim, minors: [older]}]}",
    "where-nobody-refuses": "{danger: no}",
    "later": "{danger: yes}",
    "long-ago": "{danger: yes}",
    "for-one-day": "{time_slot: office_hours}",
    "never-that-day": "{danger: yes, not: {danger: yes}}",
    "never": "{danger: yes, not: {danger: yes}}",
}
ONE_DAY = "from: 2031-05-05, until: 2031-05-05"
DATES = {
    "later": "from: 2031-05-01",
    "long-ago": "until: 2019-05-01",
    "for-one-day": ONE_DAY,
    "never-that-day": ONE_DAY,
}
RULE = """\
  - id: {name}
    when: {condition}
    orient: [{{to: listening, urgency: week, strength: may, sharing: none}}]
    valid: {{{dates}}}
    because: {{fr: raison}}
    source: {{title: Test, trust: A, date: 2026-11}}
"""
REFUSING = """\
  - id: refusing
    when: {role: victim, nights: {max: 2}}
    exclude: [{to: listening}]
    because: {fr: raison}
    source: {title: Test, trust: A, date: 2026-11}
"""


@pytest.fixture(scope="module")
def toy(tmp_path_factory):
    """Copy the toy world, with the rules above in place of its own."""
    copied = tmp_path_factory.mktemp("toy")
    shutil.copytree(TOY, copied, dirs_exist_ok=True)
    (copied / "rules" / "all.yaml").unlink()
    rules = [
        RULE.format(name=name, condition=condition, dates=DATES.get(name, ""))
        for name, condition in CONDITIONS.items()
    ]
    facts = "facts:\n  - {id: with_child, label: {fr: enfant}, when: {minors: [older]}}\n"
    text = "theme: {fr: formes}\n" + facts + "rules:\n" + "".join(rules) + REFUSING
    (copied / "rules" / "forms.yaml").write_text(text, "utf-8")
    return copied


@pytest.fixture
def engine(toy):
    return Engine.load(toy / "rules", toy / "partners.yaml")


@pytest.mark.parametrize("name", sorted({*CONDITIONS, "refusing"} - {"never", "never-that-day"}))
def test_what_is_printed_is_a_case_that_is_kept(toy, said, name):
    where = ("--rules", str(toy / "rules"), "--partners", str(toy / "partners.yaml"))
    cases = toy / "rules" / "cases"
    cases.mkdir(exist_ok=True)
    (cases / "mine.yaml").write_text(said("new", "case", name, *where), "utf-8")
    assert "1 cas" in said("test", str(toy / "rules"), str(toy / "partners.yaml"))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("neither", {"role": "alleged_author", "danger": "no"}),
        ("none", {"minors": {"no": ["under_3", "older"]}}),
        ("beyond-a-bound", {"nights": 29.5}),
        ("elsewhere", {"commune": "75056"}),
        ("never", {}),
    ],
)
def test_a_case_gives_the_answers_that_the_rule_needs(engine, name, expected):
    case = first_case(engine, engine.rule_set.rules[name])
    needed = {key: answer for key, answer in case.answers.items() if key in expected}
    assert needed == expected
    assert set(case.answers) <= {"role", "danger", "minors", "nights", "commune"}


def test_a_case_of_a_dated_rule_is_given_on_a_day_of_the_rule(engine):
    rules = engine.rule_set.rules
    days = {name: first_case(engine, rules[name]).at.date() for name in DATES}
    assert [name for name, day in days.items() if not rules[name].is_in_force(day)] == []


@pytest.mark.parametrize("territory", TERRITORIES)
def test_every_shipped_rule_does_what_it_says_in_its_first_case(territory):
    engine = Engine.load(territory=territory)
    # Those that all share come once, a part of them in each territory.
    shared = sorted(
        set.intersection(*(set(Engine.load(territory=t).rule_set.rules) for t in TERRITORIES))
    )
    part = shared[TERRITORIES.index(territory) :: len(TERRITORIES)]
    rules = {
        name: rule
        for name, rule in engine.rule_set.rules.items()
        if name in part or name not in shared
    }
    assert len(rules) > 100
    cases = {name: first_case(engine, rule) for name, rule in rules.items()}
    got = {name: engine.recommend(case.answers, at=case.at) for name, case in cases.items()}
    oriented = {name: {one.kind for one in given.orientations} for name, given in got.items()}
    excluded = {name: {one.kind for one in given.excluded} for name, given in got.items()}
    assert [n for n, rule in rules.items() if not {o.to for o in rule.orient} <= oriented[n]] == []
    assert [n for n, rule in rules.items() if not {e.to for e in rule.exclude} <= excluded[n]] == []
