"""A case that is not kept says which rule excludes, is of another day, or that there is none."""

import shutil
from pathlib import Path

import pytest

from iscg_rules.cli import main

TOY = Path(__file__).parent / "toy"
DATED = """\
rules:
  - id: next-year
    when: {role: victim}
    orient: [{to: lawyer, urgency: week, strength: may, sharing: none}]
    because: {fr: raison}
    source: {title: Test, trust: A}
    valid: {from: 2027-03-01}
"""
NOBODY = "  - {id: nobody, category: associations, nature: service, label: {fr: Personne}}\n"
CASE = """\
cases:
  - id: one
    title: {{fr: Un cas}}
    situation: {{role: {role}, danger: yes, nights: 0}}
    at: {at}
    expect: {{includes: [{kind}]}}
"""


@pytest.fixture
def toy(tmp_path):
    shutil.copytree(TOY, tmp_path, dirs_exist_ok=True)
    words = tmp_path / "rules" / "vocabulary.yaml"
    text = words.read_text("utf-8")
    assert "kinds:\n" in text
    more = NOBODY + NOBODY.replace("nobody", "lawyer").replace("Personne", "Avocat")
    words.write_text(text.replace("kinds:\n", f"kinds:\n{more}", 1), "utf-8")
    (tmp_path / "rules" / "dated.yaml").write_text(DATED, "utf-8")
    (tmp_path / "rules" / "cases").mkdir(exist_ok=True)
    return tmp_path


@pytest.mark.parametrize(
    ("kind", "role", "at", "told"),
    [
        (
            "lawyer",
            "victim",
            "2026-11-27T22:30",
            "la règle `next-year` y mène, mais ne vaut qu'à partir du 01/03/2027",
        ),
        (
            "lawyer",
            "alleged_author",
            "2027-03-01T10:00",
            "la règle qui y mène, `next-year`, demande",
        ),
        (
            "lawyer",
            "alleged_author",
            "2026-11-27T22:30",
            "la règle `next-year` y mène, mais ne vaut qu'à partir du 01/03/2027, et demande «",
        ),
        ("mediation", "victim", "2026-11-27T22:30", "exclu par la règle `no-mediation`"),
        ("nobody", "victim", "2026-11-27T22:30", "aucune règle n'y mène"),
        (
            "social",
            "victim",
            "2026-11-27T22:30",
            "la règle `old-rule` y mène, mais ne vaut plus : elle valait jusqu'au 31/12/2020",
        ),
    ],
)
def test_what_does_not_come_is_told_with_its_rule(toy, capsys, kind, role, at, told):
    case = CASE.format(kind=kind, role=role, at=at)
    (toy / "rules" / "cases" / "one.yaml").write_text(case, "utf-8")
    assert main(["test", str(toy / "rules"), str(toy / "partners.yaml")]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert [line.startswith("  - ") for line in lines] == [False, True, False]
    assert f"absente : `{kind}` ({told}" in lines[1]


def test_an_idle_advice_says_what_its_rule_demands(toy, capsys):
    case = CASE.format(kind="police", role="victim", at="2026-11-27T22:30")
    case = case.replace("danger: yes", "danger: no").replace(
        "includes: [police]", "advice: [no-mediation]"
    )
    (toy / "rules" / "cases" / "one.yaml").write_text(case, "utf-8")
    assert main(["test", str(toy / "rules"), str(toy / "partners.yaml")]) == 1
    assert "`no-mediation` (elle demande « Danger\u00a0: oui »)" in capsys.readouterr().out


def test_what_does_not_come_is_told_once_whatever_was_expected_of_it(toy, capsys):
    case = CASE.format(kind="nobody", role="victim", at="2026-11-27T22:30")
    more = "first: nobody, order: [police, nobody], urgency: {nobody: now}, includes"
    (toy / "rules" / "cases" / "one.yaml").write_text(case.replace("includes", more), "utf-8")
    assert main(["test", str(toy / "rules"), str(toy / "partners.yaml")]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert [line for line in lines if "`nobody` (" in line] == [
        "  - orientation attendue et absente : `nobody` (aucune règle n'y mène)"
    ]
    assert len(lines) == 4
