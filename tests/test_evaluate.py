"""`iscg-rules evaluate` on toy rules: every count is worked out by hand beside its case."""

import json
from pathlib import Path

import jsonschema
import pytest

from iscg_rules import Engine
from iscg_rules.cli import main
from iscg_rules.schemas import schema

TOY = Path(__file__).parent / "toy"
# The toy rules give police (now), shelter (today), listening, judge, phone, mediation, as
# `danger`, `nights` and `role: victim` say; danger takes mediation away.
CASES = """\
cases:
  # police, then shelter: all that is expected, nothing else.
  - id: both
    title: {fr: Les deux}
    tags: [night, danger]
    source: {title: Page, trust: C}
    situation: {danger: yes, nights: 2, minors: []}
    expect: {first: police, order: [police, shelter], excludes: [mediation]}
  # listening, judge, phone, mediation (the vocabulary's order within a week): three not expected.
  - id: one-of-four
    title: {fr: Une sur quatre}
    tags: [night]
    situation: {role: victim, danger: no, nights: 0}
    expect: {includes: [listening]}
  # shelter is certain, social waits for `minors`, police would need a danger; mediation is taken
  # away by nobody, and led to by `listen` alone.
  - id: missed
    title: {fr: Manquées}
    situation: {role: alleged_author, danger: no, nights: 1}
    expect: {includes: [social, police, mediation]}
"""
FORBIDDEN = """\
cases:
  - id: told-too-much
    title: {fr: Trop dit}
    tags: danger
    situation: {danger: yes}
    expect: {includes: [mediation], excludes: [police]}
"""


@pytest.fixture
def project(toy):
    (toy / "field").mkdir()
    (toy / "field" / "a.yaml").write_text(CASES, "utf-8")
    return toy


@pytest.fixture
def evaluate(project, capsys):
    assert (project / "field").is_dir()

    def run(*options, where="field"):
        files = ("--rules", "rules", "--partners", "partners.yaml")
        code = main(["evaluate", where, *files, *options])
        shown = capsys.readouterr()
        return code, shown.out.replace("\u00a0", " "), shown.err

    return run


def test_counts_are_those_of_the_hand(evaluate):
    code, out, _ = evaluate("--format", "json")
    got = json.loads(out)
    every, night = got["all"], got["tags"]["night"]
    assert code == 0
    # 2 + 1 + 0 of 2 + 1 + 3 are certain; 2 + 4 + 1 are certain in all.
    assert (every["expected"], every["found"], every["recall"]) == (6, 3, 0.5)
    assert (every["certain"], every["precision"]) == (7, 3 / 7)
    assert (every["median_certain"], every["forbidden"]) == (2, 0)
    # police and listening are near, social is not there.
    assert (every["first_near"], every["with_first"], every["nearness"]) == (2, 3, 2 / 3)
    assert (night["cases"], night["found"], night["recall"], night["precision"]) == (2, 3, 1, 0.5)
    assert (list(got["tags"]), got["tags"]["danger"]["cases"]) == (["danger", "night"], 1)
    assert [one["others"] for one in got["cases"]] == [
        [],
        ["judge", "phone", "mediation"],
        ["shelter"],
    ]


@pytest.mark.parametrize(("kind", "near"), [("phone", 1), ("mediation", 0)])
def test_the_fourth_is_not_at_the_head(project, evaluate, kind, near):
    text = CASES.replace("includes: [listening]", f"includes: [{kind}, listening]")
    (project / "field" / "a.yaml").write_text(text, "utf-8")
    night = json.loads(evaluate("--format", "json")[1])["tags"]["night"]
    assert (night["found"], night["first_near"]) == (4, 1 + near)


def test_the_schema_is_kept(evaluate):
    wanted = schema("scores", Engine.load(TOY / "rules", TOY / "partners.yaml").rule_set)
    jsonschema.validate(json.loads(evaluate("--format", "json")[1]), wanted)


def test_what_is_missed_says_where_to_look(evaluate):
    code, out, _ = evaluate("--misses")
    assert code == 0
    assert out.splitlines()[:4] == [
        "field/a.yaml:17 missed : Manquées",
        "  attendue : Service social (`social`) : possible, il manque une réponse parmi : Enfants",
        "  attendue : Police (`police`) : des règles y mènent, pas ici : `danger-police`",
        "  attendue : Médiation (`mediation`) : des règles y mènent, pas ici : `listen`",
    ]


def test_a_table_says_all_cases_then_each_tag(evaluate):
    _, out, _ = evaluate()
    lines = [line.split("  ") for line in out.splitlines()]
    cells = [[cell.strip() for cell in line if cell.strip()] for line in lines]
    assert cells == [
        ["cas", "attendues", "venues", "rappel", "en tête", "précision", "interdites"],
        ["tous les cas", "3", "6", "3", "50 %", "2 sur 3", "42 %", "0"],
        ["danger", "1", "2", "2", "100 %", "1 sur 1", "100 %", "0"],
        ["night", "2", "3", "3", "100 %", "2 sur 2", "50 %", "0"],
        ["orientations certaines par cas, médiane : 2"],
    ]


def test_what_is_forbidden_and_certain_is_told_and_fails(project, evaluate):
    (project / "field" / "b.yaml").write_text(FORBIDDEN, "utf-8")
    code, out, _ = evaluate(where="field/b.yaml")
    assert code == 1
    assert "  interdite, et certaine : Police (`police`)" in out
    assert (
        "  attendue : Médiation (`mediation`) : exclue par `no-mediation`"
        in evaluate("--misses")[1]
    )


@pytest.mark.parametrize(("part", "code"), [("0.5", 0), ("0.51", 1), ("0", 0), ("1", 1)])
def test_a_recall_below_what_is_asked_fails(evaluate, part, code):
    assert evaluate("--at-least", part)[0] == code


@pytest.mark.parametrize("part", ["85", "-0.1", "beaucoup", "nan"])
def test_a_part_is_between_nothing_and_all(evaluate, part):
    with pytest.raises(SystemExit) as stopped:
        evaluate(f"--at-least={part}")
    assert stopped.value.code == 2


def test_a_kind_to_which_no_rule_leads_is_said_so(project, evaluate):
    words = project / "rules" / "vocabulary.yaml"
    kind = "  - {id: police, category"
    new = "  - {id: bank, category: local_network, nature: service, label: {fr: Banque}}\n"
    words.write_text(words.read_text("utf-8").replace(kind, new + kind, 1), "utf-8")
    text = CASES.replace("includes: [social,", "includes: [bank, social,")
    (project / "field" / "a.yaml").write_text(text, "utf-8")
    _, out, _ = evaluate("--misses")
    assert "  attendue : Banque (`bank`) : aucune règle n’y mène, en écrire une" in out


DATED = """\
cases:
  - id: one
    title: {fr: Un}
    at: DAY
    situation: {role: alleged_author, minors: []}
    expect: {includes: [social]}
"""


# `old-rule` gave social to any victim until the end of 2020; `child-shelter` has no end.
@pytest.mark.parametrize(
    ("day", "rules"),
    [("2019-05-01", "`child-shelter`, `old-rule`"), ("2026-11-24", "`child-shelter`")],
)
def test_a_rule_of_other_days_leads_nowhere(project, evaluate, day, rules):
    (project / "field" / "a.yaml").write_text(DATED.replace("DAY", day), "utf-8")
    assert f"des règles y mènent, pas ici : {rules}\n" in evaluate("--misses")[1]


def test_everything_unknown_is_told_in_one_go(project, evaluate):
    text = CASES.replace("police, shelter]", "police, shelterr]").replace("nights: 0", "nightz: 0")
    text = text.replace("source: {title: Page, trust: C}", "source: no-such-page")
    (project / "field" / "a.yaml").write_text(text, "utf-8")
    code, out, err = evaluate()
    assert (code, out) == (2, "")
    told = [line for line in err.splitlines() if line.startswith("field/a.yaml")]
    assert [line.split()[1] for line in told] == ["V011", "V004", "A001"]
    assert "vouliez-vous dire `shelter` ?" in err


def test_every_situation_that_cannot_be_is_told_in_one_go(project, evaluate):
    impossible = "{role: alleged_author, danger: yes, nights: 30}"
    text = CASES.replace("{danger: yes, nights: 2, minors: []}", impossible)
    text = text.replace("{role: alleged_author, danger: no, nights: 1}", impossible)
    (project / "field" / "a.yaml").write_text(text, "utf-8")
    code, _, err = evaluate()
    told = [line.split()[:3] for line in err.splitlines() if line.startswith("field/a.yaml")]
    assert code == 2
    assert told == [["field/a.yaml:3:5:", "A005", "both"], ["field/a.yaml:17:5:", "A005", "missed"]]


@pytest.mark.parametrize("where", ["nowhere.yaml", "empty"])
def test_a_place_without_cases_is_wrong_use(project, evaluate, where):
    (project / "empty").mkdir()
    code, out, err = evaluate(where=where)
    assert (code, out) == (2, "")
    assert err
