"""Of a broken guarantee, `check` says which kind and which rule: what an author has to look at."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from iscg_rules.errors import Noted
from iscg_rules.model.files import find_files
from iscg_rules.model.written_project import read_project
from iscg_rules.proof.findings.all_findings import prove, prove_promises
from iscg_rules.proof.findings.broken_promise import name_breakers

TOY = Path(__file__).parent / "toy"
CALM = """rules:
  - id: calm
    when: {danger: no}
    orient:
      - {to: police, urgency: week, strength: may, sharing: none}
      - {to: shelter, urgency: now, strength: may, sharing: none}
    because: {fr: Rien ne presse.}
    source: {title: Test, trust: A}
"""
DAY = date(2026, 11, 24)

# What is promised, and what an author reads of how it is broken.
PROMISES = {
    "{when: {danger: yes, nights: {min: 1}}, then: {first: shelter}}": (
        "`police` vient, par la règle `danger-police`"
    ),
    "{when: {danger: yes, nights: {min: 1}}, then: {within: {top: 1, any_of: [shelter]}}}": (
        "`police` vient, par la règle `danger-police`"
    ),
    "{when: {danger: yes}, then: {first: [phone, judge]}}": (
        "`phone`, `judge` ne viennent pas, car la seule règle qui y mène, `listen`,"
        " attend une autre réponse"
    ),
    "{when: {role: victim}, then: {never: [mediation]}}": (
        "`mediation` vient, par la règle `listen`"
    ),
    "{when: {role: victim, danger: no}, then: {never: [phone, mediation, judge, listening]}}": (
        "`phone` vient, par la règle `listen` ; `mediation` vient, par la règle `listen`"
        " ; `judge` vient, par la règle `listen` ; et 1 de plus"
    ),
    "{when: {danger: yes, role: victim}, then: {includes_any: mediation}}": (
        "`mediation` ne vient pas, car la règle `no-mediation` l'exclut"
    ),
    "{when: {danger: no}, then: {includes_any: phone}}": (
        "`phone` ne vient pas, car la seule règle qui y mène, `listen`, attend une autre réponse"
    ),
    "{when: {role: alleged_author}, then: {includes_any: phone}}": (
        "`phone` ne vient pas, car la seule règle qui y mène, `listen`, ne vaut pas ici"
    ),
    "{when: {with_child: yes, nights: {min: 1}},"
    " then: {urgency_at_most: {shelter: today, social: now}}}": (
        "`social` vient `week` au lieu de `now`, par la règle `child-shelter`"
    ),
    "{raising: {attribute: danger, along: [yes, no]}, then: {urgency: never_later}}": (
        "`police` passe de `now` à `week`, par la règle `calm`"
    ),
    "{raising: {attribute: danger, along: [no, yes]},"
    " then: {orientations: {never_lost: [mediation]}}}": (
        "`mediation` ne vient pas, car la règle `no-mediation` l'exclut"
    ),
    "{when: {danger: no}, changing: {attribute: role}, then: {nothing_but: [partner]}}": (
        "`listening`, `judge`, `phone`, `mediation` ne viennent pas, car la seule règle qui y mène,"
        " `listen`, ne vaut pas ici"
    ),
    # Nothing is said twice: what does not come at all is not late either.
    "{when: {role: alleged_author}, then: {includes_any: phone, urgency_at_most: {phone: week}}}": (
        "`phone` ne vient pas, car la seule règle qui y mène, `listen`, ne vaut pas ici"
    ),
}

TWO_SHELTERS = """rules:
  - id: shelter-of-winter
    when: {nights: {min: 1}, minors: [under_3], danger: no}
    orient: [{to: judge, urgency: week, strength: may, sharing: none}]
    because: {fr: Un abri de plus.}
    source: {title: Test, trust: A}
  - id: shelter-of-author
    when: {role: victim, nights: {min: 3}}
    orient: [{to: judge, urgency: week, strength: may, sharing: none}]
    because: {fr: Un abri.}
    source: {title: Test, trust: A}
"""


def read(folder):
    wrong = Noted()
    layout = find_files(folder / "rules", folder / "partners.yaml", None, wrong)
    project = read_project(layout, wrong)
    assert [*wrong, *project.wrong] == []
    return project


def broken(folder):
    project = read(folder)
    return prove_promises(project.rule_set, project.directory, project.guarantees, day=DAY)


@pytest.fixture
def toy(tmp_path):
    shutil.copytree(TOY, tmp_path, dirs_exist_ok=True)
    (tmp_path / "rules" / "calm.yaml").write_text(CALM, "utf-8")
    return tmp_path


@pytest.mark.parametrize("promise", PROMISES)
def test_a_broken_guarantee_names_kinds_and_rules(toy, promise):
    entry = promise.replace("{", "{id: promised, ", 1)
    (toy / "rules" / "guarantees.yaml").write_text(f"guarantees: [{entry}]\n", "utf-8")
    found = broken(toy)
    said = [one.problem.message for one in found]
    assert said == [f"la garantie `promised` est rompue\u00a0: {PROMISES[promise]}"]
    for one in found:
        assert one.broken is not None
        assert all(f"`{kind}`" in one.problem.message for kind in one.broken.kinds)
        assert [rule for rule, _ in one.elsewhere] == list(one.broken.rules)
        for rule, place in one.elsewhere:
            line = (toy / place.file).read_text("utf-8").splitlines()[place.line - 1]
            assert line.strip() == f"- id: {rule}"


def test_of_many_rules_the_nearest_is_named(toy):
    (toy / "rules" / "more.yaml").write_text(TWO_SHELTERS, "utf-8")
    promise = "when: {role: alleged_author, nights: {min: 3}}, then: {includes_any: judge}"
    text = f"guarantees: [{{id: promised, {promise}}}]\n"
    (toy / "rules" / "guarantees.yaml").write_text(text, "utf-8")
    [found] = broken(toy)
    assert found.problem.message.endswith(
        "car la règle la plus proche, `shelter-of-author`, ne vaut pas ici"
    )


def test_what_an_unknown_answer_could_exclude_is_told_as_such(toy):
    text = "guarantees: [{id: promised, when: {role: victim}, then: {includes_any: mediation}}]\n"
    (toy / "rules" / "guarantees.yaml").write_text(text, "utf-8")
    project = read(toy)
    [guarantee] = project.guarantees.guarantees
    about = (guarantee, "includes_any")
    said = name_breakers(project.rule_set, about, {"role": "victim"}, None, DAY)
    assert said.text == ("`mediation` ne vient pas, car la règle `no-mediation` pourrait l'exclure")
    assert (said.kinds, said.rules) == (("mediation",), ("no-mediation",))


def test_of_a_change_only_what_gets_worse_is_told(toy):
    raising = "raising: {attribute: danger, along: [yes, no]}, then: {urgency: never_later}"
    text = f"guarantees: [{{id: promised, {raising}}}]\n"
    (toy / "rules" / "guarantees.yaml").write_text(text, "utf-8")
    project = read(toy)
    [guarantee] = project.guarantees.guarantees
    # A roof comes sooner, the police later.
    step = ("danger", "yes", "no")
    said = name_breakers(project.rule_set, (guarantee, "never_later"), {"nights": 2.0}, step, DAY)
    assert (said.kinds, said.rules, said.step) == (("police",), ("calm",), ("yes", "no"))


LATER = """rules:
  - id: phone-of-next-year
    when: {role: alleged_author, danger: yes}
    orient: [{to: phone, urgency: week, strength: may, sharing: none}]
    because: {fr: Un numéro de plus.}
    source: {title: Test, trust: A}
    valid: {from: 2027-01-01}
"""


@pytest.mark.parametrize("examine", [prove_promises, prove])
def test_what_is_broken_in_two_periods_is_told_once_whoever_breaks_it(toy, examine):
    (toy / "rules" / "later.yaml").write_text(LATER, "utf-8")
    promise = "when: {role: alleged_author, danger: no}, then: {includes_any: phone}"
    text = f"guarantees: [{{id: promised, {promise}}}]\n"
    (toy / "rules" / "guarantees.yaml").write_text(text, "utf-8")
    project = read(toy)
    given = (project.rule_set, project.directory, project.guarantees)
    found = [one for one in examine(*given, day=DAY) if one.problem.code == "G002"]
    assert [one.broken.promise for one in found] == ["includes_any"]
    assert found[0].problem.message.endswith("la seule règle qui y mène, `listen`, ne vaut pas ici")
    # From the first day of the second period on, another rule is the nearest.
    [later] = prove_promises(*given, day=date(2027, 1, 1))
    assert "la règle la plus proche, `phone-of-next-year`," in later.problem.message
