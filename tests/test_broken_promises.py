"""Of a broken guarantee, `check` says which kind and which rule: what an author has to look at."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from iscg_rules.model.files import find_files
from iscg_rules.model.written_project import read_project
from iscg_rules.proof.findings.all_findings import prove_promises

TOY = Path(__file__).parent / "toy"
CALM = """rules:
  - id: calm
    when: {danger: no}
    orient: [{to: police, urgency: week, strength: may, sharing: none}]
    because: {fr: Rien ne presse.}
    source: {title: Test, trust: A}
"""
DAY = date(2026, 11, 24)

# What is promised, and what an author reads of how it is broken.
PROMISES = {
    "{when: {danger: yes, nights: {min: 1}}, then: {first: shelter}}": [
        "`police` vient, par la règle `danger-police`"
    ],
    "{when: {danger: yes, nights: {min: 1}}, then: {within: {top: 1, any_of: [shelter]}}}": [
        "`police` vient, par la règle `danger-police`"
    ],
    "{when: {danger: yes}, then: {first: [phone, judge]}}": [
        "`phone` ne vient pas, car la règle `listen` attend une autre réponse"
        " ; `judge` ne vient pas, car la règle `listen` attend une autre réponse"
    ],
    "{when: {role: victim}, then: {never: [mediation]}}": [
        "`mediation` vient, par la règle `listen`"
    ],
    "{when: {danger: yes, role: victim}, then: {includes_any: mediation}}": [
        "`mediation` ne vient pas, car la règle `no-mediation` l'exclut"
    ],
    "{when: {danger: no}, then: {includes_any: phone}}": [
        "`phone` ne vient pas, car la règle `listen` attend une autre réponse"
    ],
    "{when: {role: alleged_author}, then: {includes_any: phone}}": [
        "`phone` ne vient pas, car seule la règle `listen` y mène, et pas ici"
    ],
    "{when: {with_child: yes, nights: {min: 1}}, then: {urgency_at_most: {social: now}}}": [
        "`social` vient `week` au lieu de `now`, par la règle `child-shelter`"
    ],
    "{raising: {attribute: danger, along: [yes, no]}, then: {urgency: never_later}}": [
        "`police` passe de `now` à `week`, par la règle `calm`"
    ],
    "{raising: {attribute: danger, along: [no, yes]}, then: {orientations: never_lost}}": [
        "`mediation` ne vient pas, car la règle `no-mediation` l'exclut"
    ],
    "{when: {danger: no}, changing: {attribute: role}, then: {nothing_but: [partner]}}": [
        "`listening` ne vient pas, car seule la règle `listen` y mène, et pas ici"
        " ; `judge` ne vient pas, car seule la règle `listen` y mène, et pas ici"
        " ; `phone` ne vient pas, car seule la règle `listen` y mène, et pas ici ; et 1 de plus"
    ],
    # Nothing is said twice: what does not come at all is not late either.
    "{when: {role: alleged_author}, then: {includes_any: phone, urgency_at_most: {phone: week}}}": [
        "`phone` ne vient pas, car seule la règle `listen` y mène, et pas ici"
    ],
}


def broken(folder):
    problems = []
    layout = find_files(folder / "rules", folder / "partners.yaml", None, problems)
    project = read_project(layout, problems)
    assert [*problems, *project.wrong] == []
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
    assert said == [
        f"la garantie `promised` est rompue\u00a0: {text}" for text in PROMISES[promise]
    ]
    for one in found:
        assert one.broken is not None
        assert all(f"`{kind}`" in one.problem.message for kind in one.broken.kinds)
        assert [rule for rule, _ in one.elsewhere] == list(one.broken.rules)
        for rule, place in one.elsewhere:
            line = (toy / place.file).read_text("utf-8").splitlines()[place.line - 1]
            assert line.strip() == f"- id: {rule}"
