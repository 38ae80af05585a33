"""Changes that hurt, made by hand to the shipped rules: each is found, with what it is about."""

import re
import shutil
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from iscg_rules.model.files import find_files, read_files
from iscg_rules.model.guarantees import read_guarantees
from iscg_rules.proof.findings.all_findings import prove
from iscg_rules.proof.findings.asker import Asker
from iscg_rules.proof.findings.generalist_findings import find_generalists_alone
from iscg_rules.proof.findings.ground_findings import find_about_grounds
from iscg_rules.proof.findings.kind_findings import find_about_kinds
from iscg_rules.proof.findings.partner_findings import find_about_partners
from iscg_rules.proof.findings.possibility_findings import find_about_possibility
from iscg_rules.proof.findings.promise_findings import find_broken
from iscg_rules.proof.findings.rule_findings import find_about_rules
from iscg_rules.proof.solver.proven_world import World

ROOT = Path(__file__).parents[1]
DAY = date(2026, 11, 25)
LOCAL = "territories/pays-de-saint-malo/rules.yaml"


class Change(NamedTuple):
    """In one file, some text becomes another; a rule alone is taken out whole."""

    file: str
    old: str
    new: str | None
    code: str
    about: str


def out(file, rule, code, about):
    return Change(file, rule, None, code, about)


PROTECTION, COUPLE, CHILDREN = (
    f"rules/{name}.yaml" for name in ("immediate-protection", "couple-protection", "children")
)
EVERYDAY, AUTHORS, RIGHTS, HEALTH, WORDS, PROMISES = (
    f"rules/{name}.yaml"
    for name in (
        "everyday-life",
        "alleged-authors",
        "rights",
        "health",
        "vocabulary",
        "guarantees",
    )
)

CHANGES = {
    "the danger rule is gone": out(
        PROTECTION, "immediate-danger-police", "G002", "immediate_danger"
    ),
    "police can wait": Change(
        PROTECTION,
        "{to: emergency_police, urgency: now",
        "{to: emergency_police, urgency: today",
        "G002",
        "immediate_danger",
    ),
    "who cannot speak is told to call": out(
        PROTECTION, "immediate-danger-by-text", "G002", "immediate_danger"
    ),
    "wounds are not cared for": out(PROTECTION, "needs-care-medical", "G002", "injuries"),
    "suicide about to happen is read as an idea": Change(
        PROTECTION,
        "suicide_risk: [imminent, attempt_now]",
        "suicide_risk: bereaved",
        "G002",
        "suicide_risk",
    ),
    "a crisis without care": out(PROTECTION, "crisis-refusing-care", "G002", "psychiatric"),
    "no bed tonight": out(PROTECTION, "bed-tonight", "G002", "housing"),
    "a bed next week": Change(
        PROTECTION,
        "relative, professional]\n    orient:\n      - {to: emergency_shelter, urgency: today",
        "relative, professional]\n    orient:\n      - {to: emergency_shelter, urgency: week",
        "G002",
        "housing",
    ),
    "authors are kept out of shelters": Change(
        AUTHORS,
        "      - {to: dv_helpline}\n",
        "      - {to: dv_helpline}\n      - {to: emergency_shelter}\n",
        "G002",
        "role",
    ),
    "a child at risk is not reported": out(
        CHILDREN, "child-at-risk-crip", "G002", "child_protection_situation"
    ),
    "a child at risk can wait": Change(
        CHILDREN,
        "{to: crip, for: children, urgency: today, strength: should, sharing: child_protection",
        "{to: crip, for: children, urgency: week, strength: should, sharing: child_protection",
        "G002",
        "child_protection_situation",
    ),
    "serious violence on a child stays here": out(
        CHILDREN, "child-serious-violence-prosecutor", "G002", "child_protection_situation"
    ),
    "a missing child can wait": Change(
        CHILDREN,
        "{to: emergency_police, for: children, urgency: now",
        "{to: emergency_police, for: children, urgency: today",
        "G002",
        "youth_situation",
    ),
    "one value for another": Change(
        CHILDREN,
        "      child_protection_situation: fgm_imminent",
        "      child_protection_situation: fgm_feared",
        "G002",
        "child_protection_situation",
    ),
    "the child protection unit is told next week": Change(
        CHILDREN,
        "      - {to: crip, for: children, urgency: now, strength: must",
        "      - {to: crip, for: children, urgency: week, strength: must",
        "G002",
        "child_protection_situation",
    ),
    "a minor alone leaves without 119": out(CHILDREN, "minor-alone-119", "G002", "role"),
    "authors are sent to victims' services": Change(
        COUPLE,
        "role: [victim, minor_self, parent, person_in_need]",
        "role: [victim, alleged_author, minor_self, parent, person_in_need]",
        "G002",
        "role",
    ),
    "authors get nothing": out(AUTHORS, "author-social-support", "G002", "role"),
    "witnesses get nothing": Change(
        EVERYDAY,
        "      role: [witness, relative, parent, caregiver, professional, person_in_need]",
        "      role: [relative, parent, caregiver, professional, person_in_need]",
        "G002",
        "role",
    ),
    "somebody leaves without any orientation": out(
        EVERYDAY, "someone-with-a-question", "F001", "role"
    ),
    "thoughts of suicide are not heard": out(HEALTH, "suicidal-thoughts", "G002", "suicide_risk"),
    "rent arrears are forgotten": out(
        "rules/housing.yaml", "rent-arrears", "G002", "housing_money_situation"
    ),
    "youth services for everybody": Change(
        HEALTH,
        "age_band: [under_15, 15_17, 18_25]",
        "age_band: [under_15, 15_17, 18_25, 26_59]",
        "G002",
        "age_band",
    ),
    "a women's line for men": Change(COUPLE, "      gender: woman\n", "", "G002", "gender"),
    "a conciliator for violence": Change(
        RIGHTS,
        "      violence_context: none\n      violence_alleged: no\n",
        "      violence_alleged: yes\n",
        "G002",
        "everyday_situation",
    ),
    "forensic examination without a choice": Change(
        "rules/sexual-violence.yaml",
        "complaint: [hesitant, refused_now]",
        "complaint: [hesitant, refused_now, filed]",
        "G002",
        "complaint",
    ),
    "danger takes the association away": Change(
        COUPLE,
        "      couple_violence: yes\n    orient:\n      - {to: specialised_dv_association",
        "      couple_violence: yes\n      immediate_danger: none\n    orient:\n"
        "      - {to: specialised_dv_association",
        "G002",
        "violence_context",
    ),
    "only small wounds reach the hospital": Change(
        LOCAL, "injuries: [minor, needs_care]", "injuries: minor", "G002", "commune"
    ),
    "the young are listened to, the old are not": Change(
        COUPLE,
        "      gender: woman\n      immediate_danger: none\n",
        "      gender: woman\n      age_band: 26_59\n      immediate_danger: none\n",
        "G002",
        "gender",
    ),
    "only those who speak French": Change(
        COUPLE,
        "      gender: woman\n      immediate_danger: none\n",
        "      gender: woman\n      language_need: none\n      immediate_danger: none\n",
        "G002",
        "gender",
    ),
    "the prefect is told of somebody absent": Change(
        COUPLE,
        "      any:\n        - role: alleged_author\n        - all:\n"
        "            - role: [person_in_need, minor_self]\n"
        "            - violence_situation: fear_of_own_violence\n    orient:\n"
        "      - {to: prefect",
        "    orient:\n      - {to: prefect",
        "F015",
        "role",
    ),
    "a danger only feared does without agreement": Change(
        PROTECTION,
        "{to: emergency_police, urgency: now, strength: should, sharing: professional_secrecy",
        "{to: emergency_police, urgency: now, strength: should, sharing: life_in_peril",
        "F015",
        "danger-feared-with-grave-sign",
    ),
    "old age and misery do without agreement": Change(
        "rules/vulnerable-adults.yaml",
        "      mistreatment_said: yes\n    orient:\n      - {to: prosecutor",
        "    orient:\n      - {to: prosecutor",
        "F015",
        "vulnerable-adult-degraded-and-mistreated",
    ),
    "a child whom nothing happened to is reported as ill-treated": Change(
        CHILDREN,
        "for: children, urgency: today, strength: should, sharing: minor_in_danger",
        "for: children, urgency: today, strength: should, sharing: ill_treated_minor",
        "F015",
        "child-help-refused-or-failed",
    ),
    "a rule that contradicts itself": Change(
        EVERYDAY,
        "      everyday_situation: couple_conflict\n      violence_context: none",
        "      everyday_situation: couple_conflict\n      violence_context: intimate_partner",
        "F002",
        "couple-conflict-without-violence",
    ),
    "mediation only where it is always refused": Change(
        EVERYDAY,
        "      violence_context: none\n      violence_alleged: no\n      coercive_control: no\n"
        "    orient:\n      - {to: family_mediation",
        "      coercive_control: yes\n    orient:\n      - {to: family_mediation",
        "F005",
        "family_mediation",
    ),
    "mediation must be offered with coercion": Change(
        EVERYDAY,
        "      violence_alleged: no\n      coercive_control: no\n    orient:\n"
        "      - {to: family_mediation, urgency: week, strength: should",
        "      violence_alleged: no\n    orient:\n"
        "      - {to: family_mediation, urgency: week, strength: must",
        "F007",
        "coercive_control",
    ),
    "a fact that says nothing": Change(
        PROTECTION,
        "      housing: [must_leave_tonight, no_housing]\n",
        "      any: [{housing: no_housing}, {not: {housing: no_housing}}]\n",
        "F008",
        "no_bed_tonight",
    ),
    "a question asked twice": Change(
        PROTECTION,
        "      immediate_danger: yes\n      cannot_speak: yes\n",
        "      immediate_danger: yes\n      not: {immediate_danger: none}\n"
        "      cannot_speak: yes\n",
        "F004",
        "Danger",
    ),
    "an entry that nothing makes true": Change(
        WORDS,
        "      role: minor_self\n      age_band: [18_25, 26_59, 60_plus]",
        "      role: minor_self\n      not: {role: [minor_self, victim]}",
        "F013",
        "minor-alone-and-adult",
    ),
    "accused people are left to social services": out(
        AUTHORS, "author-lawyer", "F014", "Qualité = personne mise en cause"
    ),
    "an association for nobody": Change(
        "partners.yaml",
        "      age_band: [under_15, 15_17, 18_25]",
        "      age_band: [26_59, 60_plus]",
        "F012",
        "fil-sante-jeunes",
    ),
    "an association for fewer people": Change(
        "territories/ille-et-vilaine/partners.yaml",
        "accepts: {pregnancy_or_infant: pregnant}",
        "accepts: {pregnancy_or_infant: child_under_2}",
        "F011",
        "pregnancy_or_infant",
    ),
    "a promise about nobody": Change(
        PROMISES,
        "    when: {immediate_danger: yes, cannot_speak: yes}",
        "    when: {immediate_danger: yes, not: {immediate_danger: yes}}",
        "G003",
        "silent-danger-by-text",
    ),
}


@pytest.fixture(scope="module")
def shipped(tmp_path_factory):
    folder = tmp_path_factory.mktemp("shipped")
    for name in ("rules", "territories"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("cases"))
    shutil.copy(ROOT / "partners.yaml", folder)
    return folder


def read(folder):
    problems: list[Any] = []
    layout = find_files(folder / "rules", None, None, problems)
    rule_set, directory = read_files(layout, problems)
    promises = read_guarantees(
        layout.folders(), rule_set.vocabulary, tuple(rule_set.facts), problems
    )
    assert problems == []
    return rule_set, directory, promises


FINDERS = {
    "G": find_broken,
    "F001": lambda asker, promises: find_about_kinds(asker, promises.report_by),
    "F005": lambda asker, promises: find_about_kinds(asker, promises.report_by),
    "F011": lambda asker, _: find_about_partners(asker),
    "F012": lambda asker, _: find_about_partners(asker),
    "F013": lambda asker, _: find_about_possibility(asker),
    "F014": lambda asker, promises: find_generalists_alone(asker, promises.report_by),
    "F015": lambda asker, _: find_about_grounds(asker),
}


def found_in(folder, code):
    """Prove what can give a code: all of it, a hundred times, would take long."""
    rule_set, directory, promises = read(folder)
    words = [g.condition for g in rule_set.grounds.values() if g.condition is not None]
    world = World(rule_set, directory, DAY, words)
    find = FINDERS.get(code, FINDERS.get(code[0], lambda asker, _: find_about_rules(asker)))
    found = find(Asker(world, world.periods[0]), promises)
    return [finding for finding in found if finding.problem.code == code]


def changed(text, change):
    if change.new is not None:
        assert text.count(change.old) >= 1
        return text.replace(change.old, change.new)
    whole = rf"  - id: {change.old}\n(?:    .*\n|\n(?=    ))*"
    without, count = re.subn(whole, "", text)
    assert count == 1
    return without


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_that_hurts_is_found(name, shipped):
    change = CHANGES[name]
    path = shipped / change.file
    text = path.read_text("utf-8")
    path.write_text(changed(text, change), "utf-8")
    try:
        found = found_in(shipped, change.code)
    finally:
        path.write_text(text, "utf-8")
    assert any(is_about(one, change.about) for one in found)


def is_about(finding, word):
    """Tell whether the example answers an attribute, or, without an example, what is said.

    With ` = `, an answer of the group that a finding is about.
    """
    if " = " in word:
        return word in finding.problem.message
    if finding.example is not None:
        return word in finding.example.answers or f"`{word}`" in finding.problem.message
    return word in finding.problem.message


def test_nothing_is_broken_in_the_shipped_rules(shipped):
    assert [str(one) for one in prove(*read(shipped), day=DAY) if one.is_broken] == []
