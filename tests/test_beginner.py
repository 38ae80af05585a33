"""The mistakes of a first week: each is found where it is, and its aid, followed, mends it.

`beginner/` is a small project of which every line is right; `beginner/mistakes.yaml` says what a
beginner writes in place of one, and what is answered.
"""

import re
import shutil
from datetime import date
from pathlib import Path

import pytest
import yaml

from iscg_rules.authoring.remarks import find
from iscg_rules.engine import Engine
from iscg_rules.errors import Noted, Place
from iscg_rules.model.files import find_files
from iscg_rules.model.written_project import read_project
from iscg_rules.reading.said_times import date_in, hours_in
from iscg_rules.suggestions import closest, did_you_mean

HERE = Path(__file__).parent / "beginner"
MISTAKES = yaml.load((HERE / "mistakes.yaml").read_text("utf-8"), Loader=yaml.BaseLoader)  # noqa: S506
# Remarks that a slip of the pen earns; the others are about what a small project lacks.
SLIPS = frozenset({"W011", "W008", "W009", "W010"})
DAY = date(2026, 11, 24)


def problems(folder):
    noted = Noted()
    layout = find_files(folder / "rules", folder / "partners.yaml", None, noted)
    project = read_project(layout, noted)
    noted += project.wrong
    if not noted:
        remarks = find(Engine(project.rule_set, project.directory), (), day=DAY)
        noted += [problem for problem in remarks if problem.code in SLIPS]
    return sorted(noted, key=lambda problem: problem.place or Place("", 0, 0))


def laid(mistake, folder):
    shutil.copytree(HERE, folder, dirs_exist_ok=True)
    path = folder / mistake["file"]
    text = path.read_text("utf-8")
    assert mistake["right"] in text
    path.write_text(text.replace(mistake["right"], mistake["wrong"], 1), "utf-8")
    return path


def name_of(mistake):
    return mistake["wrong"].strip()[:40] or f"sans {mistake['right'].strip()[:30]}"


def test_every_line_of_the_project_is_right():
    assert problems(HERE) == []


@pytest.mark.parametrize("mistake", MISTAKES, ids=name_of)
def test_a_mistake_is_said_once_at_its_line_with_an_aid(mistake, tmp_path):
    laid(mistake, tmp_path)
    (only,) = problems(tmp_path)
    line = str(only.place.line) if only.place else ""
    assert (only.code, line) == (mistake["code"], mistake["line"])
    assert (only.help or "") == mistake["aid"]
    if "contrary" in mistake:
        assert f"vouliez-vous dire `{mistake['contrary']}`" not in only.help


KEY = re.compile(r"[^\s:,{}\[\]\"]+(?: [^\s:,{}\[\]\"]+)*(?=\s?:(?:\s|$))")
TOKEN = re.compile(r"\"[^\"]*\"|[^,\]}#\n]+?(?=\s*(?:[,\]}#]|$))")
# An aid that says which sign to write: what is replaced on the line, and by what.
SIGNS = (
    ("il manque une espace après le tiret", r"^(\s*-)(?=\S)", r"\1 "),
    ("une tabulation suit le tiret", r"-\t", "- "),
    ("n'est pas le tiret du clavier", r"^(\s*)[–•] ?", r"\1- "),
    ("il manque une virgule avant", r"(?<=[^{,\s]) +(\S+: )", r", \1"),
    ("on sépare par des virgules", ";", ","),
    ("des accolades, pas des parenthèses", r"\((.*)\)", r"{\1}"),
    ("entourez d'accolades", r"- (.*)$", r"- {\1}"),
    ("il manque les accolades", r": (\w+: .*)$", r": {\1}"),
    ("il manque les deux-points", r"^(\s*(?:- )?\w+)(?:\s*=\s*|::|$)", r"\1: "),
    ("à l'intérieur", r'"([^"]*)"(\w[^"]*)"([^"]*)"', r'"\1«\2»\3"'),
    ("effacez cette ligne", r"^.*$", ""),
    ("retapez l'espace", "\u00a0", " "),
)
# The same with the sign in its place: `il manque une espace après les deux-points : `min: 2``.
KEY_AND_SIGN = re.compile(r"il manque .* : `([a-z_]+): ([^`…]+)`")
OTHER_WHOLE = re.compile(r"(?:contraire|aucune »|écrivez|`not`|ordre|sans `fr`)(?: :)? `([^`…]+)`")


def follow(path, problem):
    """Do what an aid says and nothing else; tell whether it says what to write."""
    if problem.place is None:
        return False
    aid, lines = problem.help or "", path.read_text("utf-8").split("\n")
    number, column = problem.place.line - 1, problem.place.column - 1
    line = lines[number]
    if problem.code in ("A002", "A003"):
        column = line.index(": ", column) + 2
    meant = re.search(r"vouliez-vous dire (`[^`]+`|\"[^\"]+\")", aid) or re.search(
        r"(?:se nomme|crochets|ou `_`|le nombre seul) : (`[^`]+`)", aid
    )
    whole = OTHER_WHOLE.search(aid)
    sign = next((one for one in SIGNS if one[0] in aid), None)
    keyed = KEY_AND_SIGN.search(aid)
    if meant:
        is_key = problem.code in ("S001", "A001", "V002")
        found = (KEY if is_key else TOKEN).match(line, column)
        assert found
        old = found[0]
        if " ou " in old or "crochets" in aid:
            old = line[column:]
        new = meant[1].strip("`")
        lines[number] = line[:column] + new + line[column + len(old) :]
    elif keyed and problem.code == "S001":
        slip = rf"{keyed[1]}\s*[=:]?\s*{re.escape(keyed[2])}"
        lines[number] = re.sub(slip, lambda _: f"{keyed[1]}: {keyed[2]}", line, count=1)
    elif sign:
        lines[number] = re.sub(sign[1], sign[2], line)
    elif whole:
        key = whole[1].partition(":")[0]
        start = line.find(f"{key}:") if key != "not" else column - len("household: ")
        start = start if start >= 0 else line.rfind("- ") + 2
        closing = "}" if "{" in line[:start] else ""
        lines[number] = line[:start] + whole[1] + closing
    else:
        return False
    path.write_text("\n".join(lines), "utf-8")
    return True


def test_nine_aids_of_ten_mend_what_they_are_about(tmp_path):
    followed, mended = 0, 0
    for number, mistake in enumerate(MISTAKES):
        folder = tmp_path / str(number)
        path = laid(mistake, folder)
        if not follow(path, problems(folder)[0]):
            continue
        followed += 1
        mended += not problems(folder)
    assert followed > 180
    assert mended >= 0.9 * followed


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("du lundi au vendredi de 9h à 12h30 et de 14h à 17h", "Mo-Fr 09:00-12:30,14:00-17:00"),
        ("mardi et jeudi 14h-16h", "Tu,Th 14:00-16:00"),
        ("tous les jours 9h-18h", "Mo-Su 09:00-18:00"),
        ("lun-ven 9h/12h30 14h/17h", "Mo-Fr 09:00-12:30,14:00-17:00"),
        ("9h00 à 17h00 du lundi au vendredi", "Mo-Fr 09:00-17:00"),
        ("le 1er lundi du mois 14h-16h", "Mo[1] 14:00-16:00"),
        ("7j/7 24h/24", "24/7"),
        ("jour et nuit", "24/7"),
    ],
)
def test_hours_as_one_says_them(said, meant):
    assert hours_in(said) == meant


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("1er mars 2026", "2026-03-01"),
        ("août 2026", "2026-08"),
        ("31.12.2026", "2026-12-31"),
        ("10/2026", "2026-10"),
        ("le 3 sept. 2026", "2026-09-03"),
        ("mardi 2026", None),
        ("hier", None),
    ],
)
def test_dates_as_one_says_them(said, meant):
    assert date_in(said) == meant


@pytest.mark.parametrize(
    "word", ["pas couple", "non couple", "sauf couple", "!couple", "not couple", "sans couple"]
)
def test_the_contrary_is_never_suggested(word):
    assert closest(f"{word} couple", ["single", "couple"]) is None


@pytest.fixture(scope="module")
def shipped():
    return Engine.load().rule_set.vocabulary


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("abri", "emergency_shelter"),
        ("avocat", "lawyer"),
        ("CCAS", "municipal_social_services"),
        ("hébergement", None),
        ("association", None),
        ("pas avocat", None),
    ],
)
def test_a_part_of_a_label_is_suggested_and_a_sort_of_help_is_not_one_of_its_sort(
    shipped, word, meant
):
    assert closest(word, shipped.kinds) == meant


def test_of_many_kinds_those_are_listed_whose_label_holds_the_word(shipped):
    aid = str(did_you_mean("juge", shipped.kinds))
    assert "`family_court_judge` (Juge aux affaires familiales)" in aid
    assert "`children_judge`" in aid
    assert "`lawyer`" not in aid
