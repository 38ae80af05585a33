"""Ten thousand rules in an editor: what a key costs is counted, and so is what it must not."""

import asyncio
import random
import shutil
import time
from pathlib import Path

import pytest
from lsprotocol.types import Position, Range

from benchmarks.editor import made_up
from iscg_rules.reading.memory import OutdatedError
from iscg_rules.workshop import proof_process
from iscg_rules.workshop.answers import fewest
from iscg_rules.workshop.author_files import AuthorFiles
from iscg_rules.workshop.completions import FittingWord, offer
from iscg_rules.workshop.diagnostics import ShownFiles
from iscg_rules.workshop.meanings import Meaning
from iscg_rules.workshop.proof_process import ProofProcess
from iscg_rules.workshop.readings import ProjectReader
from tests.editor import editing
from tests.laws.test_pieces import entry_edit, letter_edit

HERE = Path(__file__).parents[1]
MANY = 10_000


@pytest.fixture(scope="module")
def many(tmp_path_factory):
    """Give a file of ten thousand rules, beside all that ships."""
    folder = tmp_path_factory.mktemp("many")
    for name in ("rules", "territories"):
        shutil.copytree(HERE / name, folder / name, ignore=shutil.ignore_patterns("cases"))
    shutil.copy(HERE / "partners.yaml", folder)
    return made_up(MANY, 1, folder / "rules")


def spoilt(text, number=MANY // 2):
    at = text.index("urgency: week", text.index(f"made-up-{number:05}")) + len("urgency: ")
    return [text[:at] + new + text[at:] for new in ("z", '"', "[", "\n  - id: new\n    ")]


def test_a_key_reads_what_it_changes_and_nothing_else(many):
    reader, text = ProjectReader(many.parent), many.read_text("utf-8")
    reader.read("brest", {many.as_posix(): text})
    assert reader.memory.made > MANY
    started = time.perf_counter()
    for now in spoilt(text):
        made = reader.memory.made
        assert reader.read("brest", {many.as_posix(): now}).problems != ()
        assert reader.read("brest", {many.as_posix(): text}).problems == ()
        assert reader.memory.made - made <= 4
    # Each takes 0.1 s; read anew, it is 4 s and more.
    assert (time.perf_counter() - started) / 8 < 2


def test_a_word_that_rules_do_not_lean_on_makes_none_of_them_anew(many):
    reader, words = ProjectReader(many.parent), many.parent / "vocabulary.yaml"
    reader.read("brest", {})
    made, text = reader.memory.made, words.read_text("utf-8")
    new = "areas:\n  - id: new-area\n    label: {fr: Neuf}\n    communes: [29019]\n"
    reading = reader.read("brest", {words.as_posix(): text.replace("areas:\n", new, 1)})
    assert reading.problems == ()
    # All else that leans on words is made anew: partners, facts, promises.
    assert reader.memory.made - made < 1_000
    gone = text.replace("{id: adil,", "{id: adil-of-old,", 1)
    assert reader.read("brest", {words.as_posix(): gone}).problems != ()


def test_what_nobody_waits_for_is_read_no_further(many):
    reader, asked = ProjectReader(many.parent), []

    def is_wanted():
        asked.append(True)
        return len(asked) < 500

    with pytest.raises(OutdatedError):
        reader.read("brest", {}, is_wanted)
    assert reader.memory.made < 600
    assert reader.read("brest", {}).problems == ()


def test_a_key_cuts_one_entry_and_looks_at_few_words(many):
    files = AuthorFiles(many.parent)
    files.refresh()
    files.change(many, [(None, many.read_text("utf-8"))])
    before = files.file(many)
    assert before is not None
    line = before.entries[MANY // 2].first_line + 6
    column = before.text.lines[line].index("urgency: ") + len("urgency: ")
    at = Range(*[Position(line, column)] * 2)
    files.change(many, [(at, "z")])
    after = files.file(many)
    assert after is not None
    assert len(set(after.blocks) - set(before.blocks)) == 1
    assert {word.text for word in offer(files, after, line, column + 1).offers} >= {"now", "week"}
    looked_at = [block for block in after.blocks.values() if "words" in vars(block)]
    assert len(looked_at) <= 2
    found = files.definition(Meaning("rule", f"made-up-{MANY - 1:05}"))
    assert found is not None
    assert found.word.text == f"made-up-{MANY - 1:05}"
    assert len([block for block in after.blocks.values() if "words" in vars(block)]) <= 3


def test_what_is_shown_of_a_file_is_made_again_where_something_changed(many):
    files, reader = AuthorFiles(many.parent), ProjectReader(many.parent)
    files.refresh()
    shown = ShownFiles(files)
    problems = reader.read("brest", {many.as_posix(): spoilt(many.read_text("utf-8"))[0]}).problems
    first = shown.show(problems, ())[many]
    assert shown.show(list(problems), ())[many] is first
    assert shown.show(problems[:0], ()) == {}


def test_of_many_offers_those_come_that_fit_what_is_written():
    offers = [FittingWord(f"id-{number}", f"Règle {number}") for number in range(MANY)]
    assert fewest(offers[:400], "x") == offers[:400]
    assert len(fewest(offers, "")) == 400
    assert [each.text for each in fewest(offers, "regle 9999")] == ["id-9999"]


def edit_project(seed, count):
    """Edit every file of a small project at random; read it again and anew after each edit."""
    draw = random.Random(seed)  # noqa: S311 # no secret
    rules = HERE / "tests" / "beginner" / "rules"
    paths = [path for path in sorted(rules.parent.rglob("*.yaml")) if "bad" not in path.parts]
    again, sound = ProjectReader(rules), 0
    texts: dict[str, str] = {}
    for _ in range(count):
        if draw.random() < 0.2:
            texts = {}
        path = draw.choice(paths)
        text = texts.get(path.as_posix(), path.read_text("utf-8"))
        edit = entry_edit if draw.random() < 0.7 and text else letter_edit
        before, texts = texts, {**texts, path.as_posix(): edit(draw, text)}
        got, anew = again.read(None, texts), ProjectReader(rules).read(None, texts)
        assert_same(got, anew)
        sound += not anew.problems
        if anew.problems and draw.random() < 0.7:
            texts = before
    return sound


def assert_same(got, anew):
    assert got.problems == anew.problems
    assert (got.project is None) is (anew.project is None)
    if anew.project is not None:
        one, other = got.project, anew.project
        assert (one.cases, one.directory, one.guarantees) == (
            *(other.cases, other.directory, other.guarantees),
        )
        assert one.directory.entries == other.directory.entries
        for part in ("rules", "facts", "impossible", "places", "fact_places", "impossible_places"):
            assert getattr(one.rule_set, part) == getattr(other.rule_set, part)


def test_entries_that_are_split_joined_doubled_and_moved_are_read_again_as_anew():
    assert edit_project(1, 150) > 20


@pytest.mark.slow
def test_five_thousand_edits_of_entries_are_read_again_as_anew():
    assert edit_project(2, 5_000) > 500


class Pipe:
    """What the server writes to a process that proves."""

    def write(self, _):
        pass

    async def drain(self):
        pass

    def close(self):
        pass


class Dead:
    """A process that ends as soon as it has begun."""

    returncode = 1
    stdin = Pipe()

    class stdout:  # noqa: N801 # as the one of a process
        @staticmethod
        async def readexactly(_):
            raise asyncio.IncompleteReadError(b"", 8)

    async def wait(self):
        return 1


def proving(monkeypatch, start):
    said: list[str] = []
    monkeypatch.setattr(asyncio, "create_subprocess_exec", start)
    monkeypatch.setattr(proof_process, "pack", lambda _: b"")
    return ProofProcess(lambda _: None, said.append), said


def test_where_no_process_starts_it_is_said_once_and_the_server_goes_on(monkeypatch):
    async def start(*_, **__):
        raise OSError(11, "Resource temporarily unavailable")

    async def ask():
        process, said = proving(monkeypatch, start)
        for _ in range(3):
            await process.ask(None)
        return said

    said = asyncio.run(ask())
    assert len(said) == 1
    assert "aucun processus ne démarre" in said[0]


def test_keys_while_the_process_starts_are_no_deaths_of_it(monkeypatch):
    started = []

    async def start(*_, **__):
        started.append(True)
        await asyncio.sleep(0.05)
        return Dead()

    async def type_quickly():
        process, said = proving(monkeypatch, start)
        for _ in range(20):
            asking = asyncio.create_task(process.ask(None))
            await asyncio.sleep(0)
            asking.cancel()
        await asyncio.sleep(0.1)
        assert (len(started), said) == (1, [])
        # One that always dies is started no more.
        for _ in range(20):
            await process.ask(None)
            await asyncio.sleep(0.01)
        return said

    said = asyncio.run(type_quickly())
    assert len(started) == 5
    assert len(said) == 1


@pytest.mark.slow
def test_a_project_of_which_no_file_is_open_is_ended_after_a_while(tmp_path):
    shutil.copytree(HERE / "tests" / "toy", tmp_path, dirs_exist_ok=True)
    path = tmp_path / "rules" / "all.yaml"
    with editing() as editor:
        editor.open(path)
        editor.write(path, "zz: 1\n")
        editor.wait(lambda: "S001" in editor.codes(path))
        path.write_text("zz: 1\n", "utf-8")
        editor.close(path)
        editor.wait(lambda: editor.codes(path) == set())
        editor.open(path)
        editor.wait(lambda: "S001" in editor.codes(path))
