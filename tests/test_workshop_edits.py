"""Random edits: the server keeps the same text as the editor, every word lies where it is said."""

import random
import shutil
from functools import partial
from pathlib import Path

import pytest
from lsprotocol import types

from iscg_rules.reading.yaml_files import read_file
from iscg_rules.reading.yaml_nodes import Items, Scalar
from iscg_rules.reading.yaml_texts import read_text
from iscg_rules.workshop.author_files import AuthorFiles
from iscg_rules.workshop.completions import offer
from iscg_rules.workshop.entry_blocks import cut_lines
from iscg_rules.workshop.marks import find_hints, find_symbols
from iscg_rules.workshop.readings import ProjectReader
from iscg_rules.workshop.renaming import straighten
from iscg_rules.workshop.session import read_territories
from iscg_rules.workshop.text_lines import TextLines
from tests.edit_storm import Storm
from tests.editor import editing, position, units
from tests.test_beginner import MISTAKES

HERE = Path(__file__).parents[1]
SHIPPED = sorted(
    path
    for folder in ("rules", "territories", "examples")
    for path in (HERE / folder).rglob("*.yaml")
)
# What is typed: letters, what YAML reads, two units and one unit wide, ends of lines of all sorts.
BITS = (
    *"ab é🏠👩‍👧{}[]:,#-|>&*!%@'\"\\\t\n\r",
    *("\r\n", "\u2028", "\x85", "\ufeff", "- ", ": ", "  ", "\n  - id: a", "rules:\n", "when:"),
    *("household", "{to: adil}", "\n      ", "id: ", "expect:\n", "source: [", "yes"),
)
WHOLE = types.Range(types.Position(0, 0), types.Position(9_999, 0))


def walk(node, path=()):
    if isinstance(node, Scalar):
        yield (path, node.text, node.line - 1, node.column - 1, False)
    elif isinstance(node, Items):
        for number, item in enumerate(node.items):
            yield from walk(item, (*path, number))
    else:
        for key, value in node.fields:
            here = (*path, key.text)
            yield (here, key.text, key.line - 1, key.column - 1, True)
            yield from walk(value, here)


def words_of(text):
    counts: dict[str, int] = {}
    for entry in cut_lines(text.split("\n")):
        head: tuple[str | int, ...] = ()
        if entry.lines[0].lstrip().startswith("-"):
            counts[entry.section] = counts.get(entry.section, -1) + 1
            head = (entry.section, counts[entry.section])
        for word in entry.words:
            line = entry.first_line + word.line
            yield ((*head, *word.path), word.text, line, word.start, word.is_key)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.name)
def test_what_is_read_leniently_is_what_is_read_strictly(path):
    node, problems = read_file(path)
    assert problems == []
    filled = [found for found in walk(node) if found[1] != ""]
    assert sorted(map(str, words_of(path.read_text("utf-8")))) == sorted(map(str, filled))


def edited(draw, text):
    """Give an edit as the editor sends it, and the text after it."""
    start = draw.randrange(len(text) + 1)
    end = min(len(text), start + draw.choice((0, 0, 0, 1, 3, 40)))
    new = "".join(draw.choice(BITS) for _ in range(draw.choice((0, 1, 1, 2, 5))))
    return start, end, new, text[:start] + new + text[end:]


def splits_a_line_end(text, offset):
    return text[offset - 1 : offset + 1] == "\r\n"


def place(text, offset):
    """Give a place as an editor counts it, where lines may end in three ways."""
    before = text[:offset].replace("\r\n", "\n").replace("\r", "\n")
    return types.Position(before.count("\n"), units(before[before.rfind("\n") + 1 :]))


def edit_often(seed, count, root):
    draw = random.Random(seed)  # noqa: S311 # no secret
    files = AuthorFiles(root / "rules")
    files.refresh()
    paths = [file.path for file in files]
    path, text, left = paths[0], "", 0
    for _ in range(count):
        if not left or len(text) > 9_000:
            path, left = draw.choice(paths), draw.randrange(1, 60)
            whole = path.read_text("utf-8")
            start = draw.randrange(max(1, len(whole) - 3_000))
            text = whole[start : start + 3_000]
        left -= 1
        start, end, new, after = edited(draw, text)
        if splits_a_line_end(text, start) or splits_a_line_end(text, end):
            continue
        where = types.Range(place(text, start), place(text, end))
        lines = TextLines(text).changed(where, new)
        assert (lines.text, lines.lines) == (after, TextLines(after).lines)
        text = after
        files.texts[path.as_posix()] = text
        file = files.file(path)
        assert file is not None
        check(file)
        line = draw.randrange(len(file.text.lines))
        here = offer(files, file, line, draw.randrange(len(file.text.lines[line]) + 1))
        assert 0 <= here.start <= here.end <= len(file.text.lines[line])
        if left % 8 == 0:
            list(find_hints(files, file, WHOLE))
            list(find_symbols(file))
            straighten(file)


def check(file):
    """Every word lies on one line of the text, where it says, and no two on the same columns."""
    ends: dict[int, int] = {}
    for entry in file.entries:
        for word in entry.words:
            line = entry.first_line + word.line
            written = file.text.lines[line][word.start : word.end]
            assert written != ""
            assert written.strip("\"'")[:3] in (word.text[:3], written.strip("\"'")[:3])
            assert ends.get(line, 0) <= word.start < word.end
            ends[line] = word.end
            assert file.text.column(file.text.position(line, word.start)) == (line, word.start)


def test_random_edits_keep_every_place_right():
    edit_often(1, 300, HERE)


@pytest.mark.slow
def test_a_hundred_thousand_random_edits_keep_every_place_right():
    edit_often(2, 100_000, HERE)


PROMISE = """\
guarantees:
  - id: roof
    when: {danger: yes, housing: no_housing}
    then: {includes_any: [emergency_shelter, ccas]}
    because: {fr: "Un toit 🏠 pour la nuit."}
"""


@pytest.mark.parametrize(
    "count", [2_000, pytest.param(100_000, marks=pytest.mark.slow)], ids=["few", "many"]
)
def test_a_storm_of_edits_leaves_every_place_right_and_all_said_as_if_read_anew(tmp_path, count):
    shutil.copytree(HERE / "tests" / "beginner", tmp_path, dirs_exist_ok=True)
    (tmp_path / "rules" / "guarantees.yaml").write_text(PROMISE, "utf-8")
    with editing() as editor:
        storm = Storm(editor, tmp_path, 5)
        storm.run(count)
    assert storm.counts["edits"] == count
    # All that can be asked was, and much of it answered with places.
    assert storm.counts["places"] > count / 5


def test_what_is_read_again_is_what_is_read_anew():
    rules = HERE / "tests" / "beginner" / "rules"
    again = ProjectReader(rules)
    of_words = {"right": "id: no_housing", "wrong": "id: none", "file": "rules/vocabulary.yaml"}
    of_facts = {"right": "id: with_child", "wrong": "id: a_child", "file": "rules/mine.yaml"}
    for mistake in (*MISTAKES[::4], of_words, of_facts):
        path = rules.parent / mistake["file"]
        text = path.read_text("utf-8").replace(mistake["right"], mistake["wrong"], 1)
        assert text != path.read_text("utf-8")
        for texts in ({path.as_posix(): text}, {}):
            assert_same(again.read(None, texts), ProjectReader(rules).read(None, texts))


def test_territories_that_are_read_in_turn_keep_their_own_words():
    again, path = ProjectReader(HERE / "rules"), HERE / "rules" / "housing.yaml"
    edited = {path.as_posix(): path.read_text("utf-8").replace("rent_arrears", "rent_arears", 1)}
    for territory in ("rennes", "brest"):
        again.read(territory, {})
    for territory in ("rennes", "brest"):
        assert_same(
            again.read(territory, edited), ProjectReader(HERE / "rules").read(territory, edited)
        )


def assert_same(one, other):
    assert one.problems == other.problems
    assert one.project.cases == other.project.cases
    assert one.project.rule_set.rules == other.project.rule_set.rules
    assert one.project.directory == other.project.directory
    assert one.project.guarantees == other.project.guarantees


def test_a_territory_may_build_on_several_and_is_the_one_of_their_files(tmp_path):
    rules = tmp_path / "rules"
    rules.mkdir()
    (rules / "vocabulary.yaml").write_text("attributes: []\n", encoding="utf-8")
    built_on = {"a": "", "b": "", "c": "", "north": "extends: [a, b]", "south": "extends:\n  - c"}
    for name, extends in built_on.items():
        folder = tmp_path / "territories" / name
        folder.mkdir(parents=True)
        (folder / "territory.yaml").write_text(f"label: {{fr: {name}}}\n{extends}\n", "utf-8")
    files = AuthorFiles(rules)
    files.refresh()
    of = partial(read_territories, files)
    assert of(rules / "vocabulary.yaml") == ("north", "south")
    for name, first in (("a", "north"), ("b", "north"), ("c", "south"), ("south", "south")):
        assert of(tmp_path / "territories" / name / "rules.yaml")[0] == first
    assert of(tmp_path / "territories" / "c" / "cases" / "a.yaml")[0] == "south"


@pytest.mark.parametrize("text", ["a: [", "a: [\n\n", "- [\n  ", "a: {\n"])
def test_what_ends_in_the_middle_of_brackets_is_told_and_does_not_stop_the_reading(text):
    node, problems = read_text(text, "a.yaml")
    assert node is None
    assert [problem.code for problem in problems] == ["Y006"]


def test_a_place_is_the_same_in_every_unit():
    text = "é🏠x"
    assert position(text, 2).character == 3
