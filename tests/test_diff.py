"""`iscg-rules diff` as an author uses it: folders, git revisions, dates, and what is told."""

import json
import shutil
import subprocess
from functools import partial
from pathlib import Path

import jsonschema
import pytest

from iscg_rules.cli import diff as diff_command
from iscg_rules.cli import main
from iscg_rules.diff import amounts, example_replay
from iscg_rules.diff.revision import RevisionScope

ROOT = Path(__file__).parents[1]
TOY = Path(__file__).parent / "toy"
AT = ("--at", "2026-11-25")
DANGER = "- {to: police, urgency: now, strength: must, sharing: peril"
SAME = "Les mêmes orientations dans toutes les situations.\n"


@pytest.fixture
def project(tmp_path, monkeypatch):
    """Give a project with the toy rules, and the same under `before`."""
    for name in (".", "before"):
        shutil.copytree(TOY, tmp_path / name, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def edit(project, before, after, file="rules/all.yaml"):
    path = project / file
    text = path.read_text("utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), "utf-8")


def git(*arguments):
    who = ("-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false")
    program = shutil.which("git") or "git"
    subprocess.run([program, *who, *arguments], check=True, capture_output=True)


@pytest.fixture
def repository(project):
    shutil.rmtree(project / "before")
    git("init", "--quiet", "--initial-branch=main")
    git("add", "-A")
    git("commit", "--quiet", "-m", "toy")
    return project


@pytest.fixture
def diff(capsys):
    def run(*arguments):
        code = main(["diff", *AT, *arguments])
        out, err = capsys.readouterr()
        return code, out or err

    return run


def revision(diff, *arguments):
    return json.loads(diff(*arguments, "--format", "json")[1])


def effects(got):
    return [(one["subject"], one["change"]) for one in got["situations"]]


def test_the_same_rules_change_nothing(project, diff):
    assert diff("before", str(project)) == (0, SAME)


def test_a_later_urgency_is_told_with_its_conditions_its_example_and_its_rule(project, diff):
    edit(project, DANGER, DANGER.replace("now", "week"))
    code, text = diff("before", ".")
    assert code == 1
    assert text.splitlines()[:7] == [
        "Des situations ne sont plus traitées de même\u00a0: 46,7\u00a0% des situations.",
        "",
        "CE QUI CHANGE",
        "Police\u00a0: plus tard, 46,7\u00a0% des situations",
        "  quand Danger\u00a0: oui",
        "    avant\u00a0: maintenant, à faire",
        "    après\u00a0: cette semaine, à faire",
    ]
    assert "  règles\u00a0: `danger-police`" in text


def test_json_keeps_the_published_schema(project, diff):
    edit(project, "when: {danger: yes}", "when: {danger: yes, role: victim}")
    got = revision(diff, "before", ".")
    schema = json.loads((ROOT / "schemas" / "revision.json").read_text("utf-8"))
    jsonschema.validate(got, schema)
    assert effects(got) == [("police", "lost")]
    (region,) = got["situations"][0]["regions"]
    assert {one["variable"]: one["answers"] for one in region["conditions"]} == {
        "role": ["alleged_author"],
        "danger": ["yes"],
    }
    assert region["example"]["values"] == {"role": "alleged_author", "danger": "yes"}


def test_markdown_has_the_same_lines_as_the_text(project, diff):
    edit(project, DANGER, DANGER.replace("now", "week"))
    text, page = diff("before", ".")[1], diff("before", ".", "--format", "markdown")[1]
    assert page.startswith("## Ce que ce changement fait aux orientations\n")
    assert "- Police\u00a0: plus tard, 46,7\u00a0% des situations\n" in page
    assert "    - après\u00a0: cette semaine, à faire\n" in page
    assert "    après\u00a0: cette semaine, à faire\n" in text


def test_a_changelog_names_who_from_when_what_and_the_source(project, diff):
    valid = "\n    valid: {from: 2027-01-01}\n    because: {fr: Les secours"
    edit(project, "\n    because: {fr: Les secours", valid)
    code, text = diff("before", ".", "--changelog")
    assert code == 1
    assert text.splitlines()[0] == "## 2026-11-25"
    what = "n’est plus une orientation jusqu’au 31/12/2026. Source\u00a0: Test."
    assert text.splitlines()[2:] == [f"- **Danger\u00a0: oui**\u00a0: Police, {what}"]


def test_what_changes_words_only_is_told_apart_and_changes_nothing(project, diff):
    edit(project, "Les secours passent avant tout.", "Les secours d’abord.")
    code, text = diff("before", ".")
    assert code == 0
    assert text.startswith(SAME)
    assert "SANS EFFET SUR LES ORIENTATIONS\nrègle `danger-police`, raison" in text
    assert "Les secours d’abord." in " ".join(text.split())


LAW = "rules/grounds.yaml"


def test_a_ground_in_other_words_changes_nothing_and_is_told_once(project, diff):
    edit(project, "code pénal, art. 223-6", "code pénal, art. 223-6, alinéa 2", LAW)
    code, text = diff("before", ".")
    assert code == 0
    assert text.startswith(SAME)
    assert text.count("alinéa 2") == 1
    assert "fondement `peril`, fondement légal" in text


def test_a_rule_that_leans_on_another_ground_of_the_same_scope_changes_nothing(project, diff):
    other = "  - id: rescue\n    label: {fr: secours}\n    sharing: exception\n"
    edit(project, "grounds:\n", f"grounds:\n{other}{LAW_OF_RESCUE}", LAW)
    edit(project, "sharing: peril", "sharing: rescue")
    code, text = diff("before", ".")
    assert (code, text.startswith(SAME)) == (0, True)
    assert "fondement du partage\u00a0: «\u00a0péril\u00a0» → «\u00a0secours\u00a0»" in text


def test_a_ground_that_shares_otherwise_changes_what_leans_on_it(project, diff):
    edit(project, "sharing: exception", "sharing: agreement", LAW)
    got = revision(diff, "before", ".")
    assert ("police", "sharing") in effects(got)
    assert ("ground", "peril", "changed") in {
        (one["what"], one["id"], one["change"]) for one in got["rules"]
    }


LAW_OF_RESCUE = """\
    legal_basis: "autre article"
    natures: rescue
    source: {title: Test, trust: A}
"""


def test_a_renamed_rule_changes_nothing(project, diff):
    edit(project, "id: danger-police", "id: police-first")
    code, text = diff("before", ".")
    assert code == 0
    assert "règle `police-first`\u00a0: renommée (avant\u00a0: `danger-police`)" in text


def test_a_rule_to_come_is_told_with_its_day(project, diff):
    edit(
        project,
        "\n    because: {fr: Les secours",
        "\n    valid: {until: 2026-12-31}\n    because: {fr: Les secours",
    )
    (shift,) = revision(diff, "before", ".")["situations"]
    assert (shift["change"], shift["since"], shift["until"]) == ("lost", "2027-01-01", None)
    assert "Rien ne change ce jour-là" in diff("before", ".")[1]


def test_an_effect_that_stops_and_comes_back_is_told_twice(project, diff):
    valid = "\n    valid: {from: 2027-01-01, until: 2027-06-30}\n    because: {fr: Les secours"
    edit(project, "\n    because: {fr: Les secours", valid)
    got = revision(diff, "before", ".")["situations"]
    assert [(one["change"], one["since"], one["until"]) for one in got] == [
        ("lost", None, "2026-12-31"),
        ("lost", "2027-07-01", None),
    ]


def test_a_partner_who_leaves_is_a_change_for_those_whom_it_serves(project, diff):
    edit(project, "offers: [police]", "offers: [shelter]", "partners.yaml")
    got = revision(diff, "before", ".")
    assert ("police", "partner") in effects(got)
    assert {one["id"] for one in got["rules"]} == {"police-17"}


def test_a_partner_who_is_now_as_near_as_another_is_a_change_there(project, diff):
    before = "offers: [shelter], area: ille-et-vilaine"
    after = "offers: [shelter], area: [ille-et-vilaine, saint-malo]"
    edit(project, before, after, "partners.yaml")
    got = revision(diff, "before", ".")
    assert effects(got) == [("shelter", "partner")]
    assert conditions(got, "shelter") == [
        "Nuits dehors\u00a0: ≥ 1 nuits",
        "Commune\u00a0: Saint-Malo",
    ]


def test_a_case_that_gets_something_else_is_named(project, diff):
    case = (
        "cases:\n  - id: danger\n    title: {fr: En danger}\n    situation: {danger: yes}\n"
        "    expect: {first: police}\n"
    )
    for folder in (project, project / "before"):
        (folder / "rules" / "cases").mkdir()
        (folder / "rules" / "cases" / "one.yaml").write_text(case, "utf-8")
    edit(project, DANGER, DANGER.replace("now", "week"))
    (found,) = revision(diff, "before", ".")["cases"]
    assert (found["case"], found["version"]) == ("danger", "both")
    assert found["changes"] == ["Police\u00a0: maintenant, à faire → cette semaine, à faire"]


def conditions(got, subject):
    """Give the conditions of every class of a subject, each once."""
    told = (one for one in got["situations"] if one["subject"] == subject)
    found = (c["words"] for one in told for r in one["regions"] for c in r["conditions"])
    return list(dict.fromkeys(found))


@pytest.mark.parametrize(
    ("after", "words"),
    [
        ("{role: victim, nights: {min: 3}}", ["Nuits dehors\u00a0: < 3 nuits"]),
        ("{role: victim, nights: {max: 3}}", ["Nuits dehors\u00a0: > 3 nuits"]),
        ("{role: victim, nights: {min: 30}}", ["Nuits dehors\u00a0: < 30 nuits"]),
        (
            "{role: victim, any: [{nights: {max: 2}}, {nights: {min: 9}}]}",
            ["Nuits dehors\u00a0: > 2 nuits et < 9 nuits"],
        ),
        ("{role: victim, commune: saint-malo}", ["Commune\u00a0: hors de Saint-Malo"]),
        ("{role: victim, not: {commune: pays}}", ["Commune\u00a0: le pays"]),
        (
            "{role: victim, not: {commune: [saint-malo, ille-et-vilaine]}}",
            ["Commune\u00a0: Ille-et-Vilaine"],
        ),
        ("{role: victim, minors: {none_of: [older]}}", ["Enfants\u00a0: 3 ans et plus"]),
    ],
)
def test_classes_are_said_in_the_words_of_the_vocabulary(project, diff, after, words):
    edit(project, "id: listen\n    when: {role: victim}", f"id: listen\n    when: {after}")
    said = conditions(revision(diff, "before", "."), "judge")
    assert said == ["Qualité\u00a0: victime", *words]


VOCABULARY = "rules/vocabulary.yaml"


def test_an_area_with_other_communes_is_compared_where_it_changed(project, diff):
    for folder in (project, project / "before"):
        edit(folder, "when: {danger: yes}", "when: {danger: yes, commune: pays}")
    edit(project, "includes: [saint-malo, dinard]", "includes: [saint-malo]", VOCABULARY)
    got = revision(diff, "before", ".")
    assert effects(got) == [("police", "lost")]
    assert conditions(got, "police") == ["Danger\u00a0: oui", "Commune\u00a0: Dinard"]


def test_a_commune_that_leaves_an_area_is_seen_though_nothing_else_names_it(project, diff):
    for folder in (project, project / "before"):
        edit(folder, "when: {danger: yes}", "when: {danger: yes, commune: pays}")
    wider = 'communes: ["35288", "35093", "35360"]'
    edit(project / "before", "includes: [saint-malo, dinard]", wider, VOCABULARY)
    got = revision(diff, "before", ".")
    assert effects(got) == [("police", "lost")]
    assert conditions(got, "police") == ["Danger\u00a0: oui", "Commune\u00a0: 35360"]


def test_a_changed_fact_changes_the_rules_that_lean_on_it(project, diff):
    edit(project, "when: {minors: [under_3, older]}", "when: {minors: [under_3]}")
    got = revision(diff, "before", ".")
    assert ("social", "lost") in effects(got)
    assert ("listening", "partner") in effects(got)
    assert [(one["what"], one["id"]) for one in got["rules"]] == [("fact", "with_child")]


def test_another_order_of_kinds_is_no_change_where_the_strength_settles(project, diff):
    lines = (project / VOCABULARY).read_text("utf-8").splitlines(keepends=True)
    shelter = next(n for n, line in enumerate(lines) if "{id: shelter" in line)
    lines[shelter], lines[shelter + 1] = lines[shelter + 1], lines[shelter]
    (project / VOCABULARY).write_text("".join(lines), "utf-8")
    assert diff("before", ".")[0] == 0


def numbered(project):
    """Make the question of danger one that asks for a number."""
    edit(project, "id: danger\n    type: yes_no", "id: danger\n    type: number", VOCABULARY)
    for _ in range(2):
        edit(project, "when: {danger: yes}", "when: {danger: {min: 1}}")
    edit(project, "{danger: yes}", "{danger: {min: 1}}", "rules/grounds.yaml")
    edit(project, "danger: yes, nights", "danger: {min: 1}, nights", VOCABULARY)


def test_a_question_of_another_type_is_two_questions(project, diff):
    numbered(project)
    said = conditions(revision(diff, "before", "."), "police")
    assert {"Danger\u00a0: < 1", "Danger (avant)\u00a0: oui"} <= set(said)


def test_an_older_case_is_put_to_its_own_question_where_the_type_changed(project, diff):
    (project / "before" / "rules" / "cases").mkdir()
    case = (
        "cases:\n  - id: one\n    title: {fr: Un}\n"
        "    situation: {danger: yes}\n    expect: {first: police}\n"
    )
    (project / "before" / "rules" / "cases" / "one.yaml").write_text(case, "utf-8")
    numbered(project)
    (found,) = revision(diff, "before", ".")["cases"]
    assert (found["case"], found["version"]) == ("one", "old")
    assert "Police\u00a0: maintenant, à faire → possible, selon les réponses" in found["changes"]


def test_an_answer_that_only_one_side_knows_is_another_answer_there(project, diff):
    edit(
        project,
        "id: alleged_author,",
        "id: witness, label: {fr: témoin}}\n      - {id: alleged_author,",
        VOCABULARY,
    )
    edit(
        project,
        "id: listen\n    when: {role: victim}",
        "id: listen\n    when: {role: [victim, witness]}",
    )
    for old, new, change in (("before", ".", "won"), (".", "before", "lost")):
        got = revision(diff, old, new)
        assert ("judge", change) in effects(got)
        assert conditions(got, "judge") == ["Qualité\u00a0: témoin"]


def test_a_new_question_is_ignored_by_the_side_that_does_not_ask_it(project, diff):
    question = "  - id: alone\n    type: yes_no\n    label: {fr: Seul}\n    ask: {fr: Seul ?}\n"
    edit(project, "impossible:\n", f"{question}impossible:\n", VOCABULARY)
    edit(project, "id: listen\n    when: {role: victim}", "id: listen\n    when: {alone: yes}")
    for old, new in (("before", "."), (".", "before")):
        got = revision(diff, old, new)
        assert {"Seul\u00a0: oui", "Seul\u00a0: non"} <= set(conditions(got, "judge"))
    assert ("attribute", "removed") in [(one["what"], one["change"]) for one in got["rules"]]


def test_a_commune_that_stands_for_all_others_is_said_so(project, diff):
    edit(project, "when: {danger: yes}", "when: {danger: yes, commune: saint-malo}")
    (region,) = revision(diff, "before", ".")["situations"][0]["regions"]
    assert region["example"]["answers"][-1]["answer"] == "une autre, ailleurs"


def test_more_classes_are_shown_when_they_are_asked_for(project, diff):
    wide = "when: {any: [{danger: yes}, {role: victim}, {nights: {min: 3}}]}"
    edit(project, "when: {danger: yes}", wide)
    one, all_ = (revision(diff, "before", ".", "--classes", n)["situations"][0] for n in "19")
    assert (len(one["regions"]), one["has_more"]) == (1, True)
    assert (len(all_["regions"]), all_["has_more"]) == (2, False)


def test_what_is_too_big_to_count_is_said_to_be_estimated(project, diff, monkeypatch):
    edit(project, DANGER, DANGER.replace("now", "week"))
    monkeypatch.setattr(diff_command, "RevisionScope", partial(RevisionScope, most_nodes=1))
    (shift,) = revision(diff, "before", ".")["situations"]
    assert (shift["share"]["count"], shift["share"]["total"]) == (None, None)
    assert 0 < shift["share"]["error"] < 0.03
    assert abs(shift["share"]["share"] - 7 / 15) < shift["share"]["error"]
    assert "(estimé, à 1," in diff("before", ".")[1]


def test_a_change_too_rare_to_be_drawn_is_still_a_change(project, diff, monkeypatch):
    rare = "{all: [{role: victim}, {nights: {min: 30}}, {minors: {all_of: [under_3, older]}}]}"
    most = f"when: {{danger: yes, not: {{all: [{rare}, {{commune: dinard}}]}}}}"
    edit(project, "when: {danger: yes}", most)
    monkeypatch.setattr(diff_command, "RevisionScope", partial(RevisionScope, most_nodes=1))
    monkeypatch.setattr(amounts, "DRAWN", 8)
    code, text = diff("before", ".")
    assert code == 1
    assert text.startswith("Des situations ne sont plus traitées de même\u00a0: environ 0,0\u00a0%")


def test_without_arguments_the_files_are_compared_with_the_last_commit(repository, diff):
    assert diff() == (0, SAME)
    edit(repository, DANGER, DANGER.replace("now", "week"))
    assert diff()[0] == 1


def test_two_revisions_are_compared_whatever_lies_in_the_folder(repository, diff):
    git("tag", "v1")
    edit(repository, DANGER, DANGER.replace("now", "week"))
    git("commit", "--quiet", "-am", "later")
    edit(repository, "urgency: week", "urgency: today")
    got = revision(diff, "v1", "HEAD")
    assert effects(got) == [("police", "less_urgent")]
    assert effects(revision(diff, "HEAD", "v1")) == [("police", "more_urgent")]
    assert diff("HEAD~1", "v1") == (0, SAME)


def test_rules_deep_in_a_repository_are_found(repository, diff, monkeypatch):
    (repository / "post").mkdir()
    git("mv", "rules", "partners.yaml", "post")
    git("commit", "--quiet", "-m", "move")
    edit(repository / "post", DANGER, DANGER.replace("now", "week"))
    monkeypatch.chdir(repository / "post")
    assert effects(revision(diff)) == [("police", "less_urgent")]


@pytest.mark.parametrize("name", ["v9", "--help", "HEAD:rules"])
@pytest.mark.usefixtures("repository")
def test_an_unknown_revision_is_an_error_of_use(diff, name):
    code, text = diff("--", name)
    assert code == 2
    assert text.startswith("D001 ni dossier ni révision")


@pytest.mark.usefixtures("repository")
def test_a_revision_without_rules_is_an_error_of_use(diff):
    git("rm", "--quiet", "-r", "--cached", "rules")
    git("commit", "--quiet", "-m", "none")
    assert diff("HEAD")[1].startswith("D003 aucune règle à la révision `HEAD`")


@pytest.mark.usefixtures("repository")
def test_without_git_a_revision_is_an_error_of_use(diff, monkeypatch):
    monkeypatch.setenv("PATH", "")
    assert diff("HEAD")[1].startswith("D002 git n'est pas installé")


def test_a_problem_says_on_which_side_it_stands(project, diff):
    edit(project / "before", "to: police", "to: polise")
    code, text = diff("before", ".")
    assert code == 2
    assert text.startswith("before:rules/all.yaml:")
    assert "V004" in text


def test_a_territory_that_one_side_lacks_is_an_error_of_use(project, diff):
    here = project / "territories" / "here"
    here.mkdir(parents=True)
    (here / "territory.yaml").write_text("label: {fr: Ici}\n", "utf-8")
    code, text = diff("before", ".", "--territory", "here")
    assert code == 2
    assert text.startswith("D003 le territoire `here` n'existe pas dans before")


def test_an_example_that_the_reference_does_not_see_is_our_mistake(project, diff, monkeypatch):
    edit(project, DANGER, DANGER.replace("now", "week"))
    monkeypatch.setattr(example_replay, "shifts_between", lambda *_: ())
    code, text = diff("before", ".")
    assert code == 3
    assert text.startswith("erreur interne (MismatchError")


def test_no_temporary_file_is_left(repository, diff, monkeypatch):
    scratch = repository / "scratch"
    scratch.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(scratch))
    assert diff("HEAD")[0] == 0
    assert list(scratch.iterdir()) == []
