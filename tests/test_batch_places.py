"""Whose is what stands where an output goes: no other file is touched, and nothing is lost."""

import fcntl
import os
import shutil
import stat
from pathlib import Path

import pytest

from iscg_rules.batch.files import journal, run_folder
from iscg_rules.batch.files.run_folder import MARK
from iscg_rules.cli import main
from iscg_rules.errors import IscgError

TOY = Path(__file__).parent / "toy"
ROWS = "role,danger\n" + "victim,yes\n" * 5 + "victim,maybe\n"
OTHER = ROWS + "victim,no\n"


class Killed(BaseException):
    """Stands for a process that ends between two steps."""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    shutil.copytree(TOY / "rules", "rules")
    shutil.copy(TOY / "partners.yaml", "partners.yaml")
    Path("in.csv").write_text(ROWS)
    return tmp_path


def batch(*options, source="in.csv", target="out.csv", rules="rules"):
    return main(["batch", source, target, "--rules", rules, "--chunk", "2", *options])


def left(path):
    """Give all that stands under a path, and what it is."""
    return {
        str(one.relative_to(path)): one.readlink()
        if one.is_symlink()
        else one.read_bytes()
        if one.is_file()
        else None
        for one in sorted(path.rglob("*"))
        if "rules" not in one.parts
    }


def whole(*options):
    """Give what a run that nothing disturbs leaves."""
    assert batch(*options) == 1
    return {name: Path(name).read_bytes() for name in ("out.csv", "out.csv.rejected")}


FOREIGN = {
    "a folder of somebody": lambda part: (part.mkdir(), (part / "thesis.txt").write_text("mine")),
    "a folder with names like ours": lambda part: (
        part.mkdir(),
        (part / "chunk-00000000").write_text("mine"),
        (part / "purpose.json").write_text("{}"),
    ),
    "a file": lambda part: part.write_text("mine"),
    "a link to a folder": lambda part: (
        part.with_name("theirs").mkdir(),
        (part.with_name("theirs") / "thesis.txt").write_text("mine"),
        part.symlink_to("theirs"),
    ),
    "a link to a folder with our mark": lambda part: (
        part.with_name("theirs").mkdir(),
        (part.with_name("theirs") / MARK).write_text(""),
        (part.with_name("theirs") / "chunk-00000000").write_text("mine"),
        part.symlink_to("theirs"),
    ),
    "a link to nowhere": lambda part: part.symlink_to("nowhere"),
    "a mark that is a link": lambda part: (
        part.mkdir(),
        part.with_name("theirs").write_text("mine"),
        (part / MARK).symlink_to("../theirs"),
    ),
    "a mark that is a pipe": lambda part: [
        make(part) for make in (Path.mkdir, lambda part: os.mkfifo(part / MARK))
    ],
    "a mark that is a folder": lambda part: (part / MARK).mkdir(parents=True),
}


@pytest.mark.parametrize("options", [(), ("--force",), ("--resume",)])
@pytest.mark.parametrize("make", FOREIGN.values(), ids=FOREIGN)
def test_a_folder_that_is_not_ours_is_left_as_it_is(make, options, folder, capsys):
    make(folder / "out.csv.part")
    before = left(folder)
    assert batch(*options) == 2
    assert "B018" in capsys.readouterr().err
    assert left(folder) == before


def test_an_empty_folder_as_a_killed_run_may_leave_is_taken(folder):
    (folder / "out.csv.part").mkdir()
    assert batch() == 1
    assert not (folder / "out.csv.part").exists()


def interrupted(monkeypatch, *options, after=2):
    """Leave a run that was killed when it had kept so many chunks."""
    keep = journal.Journal.keep_chunk

    def kept(self, number, write):
        if number == after:
            raise Killed
        keep(self, number, write)

    with monkeypatch.context() as patch:
        patch.setattr(journal.Journal, "keep_chunk", kept)
        with pytest.raises(Killed):
            batch(*options)


def test_only_names_that_we_write_are_removed_from_our_folder(folder, monkeypatch):
    interrupted(monkeypatch)
    part = folder / "out.csv.part"
    theirs = ("notes.txt", "chunk-notes", "chunk-000000000", "output.bak", "finished.json.old")
    for name in theirs:
        (part / name).write_text("mine")
    assert batch("--force") == 1
    assert {path.name: path.read_text() for path in part.iterdir()} == dict.fromkeys(theirs, "mine")


@pytest.mark.parametrize("name", ["chunk-00000002", "output", "rejected", "finished.json.new"])
def test_no_link_in_our_folder_is_written_through(name, folder, monkeypatch):
    interrupted(monkeypatch)
    (folder / "theirs").write_text("mine")
    (folder / "out.csv.part" / name).unlink(missing_ok=True)
    (folder / "out.csv.part" / name).symlink_to("../theirs")
    assert batch("--resume") == 1
    assert (folder / "theirs").read_text() == "mine"


UNUSUAL = {
    "a link to a file": lambda path: (
        path.with_name("theirs").write_text("mine"),
        path.symlink_to("theirs"),
    ),
    "a link to nowhere": lambda path: path.symlink_to("nowhere"),
    "a link to a device": lambda path: path.symlink_to("/dev/null"),
    "a pipe": os.mkfifo,
    "a folder": lambda path: path.mkdir(),
}


@pytest.mark.parametrize("name", ["out.csv", "out.csv.rejected"])
@pytest.mark.parametrize("make", UNUSUAL.values(), ids=UNUSUAL)
def test_only_a_regular_file_is_ever_replaced(make, name, folder, capsys):
    make(folder / name)
    before = left(folder)
    kinds = {path.name: stat.S_IFMT(path.lstat().st_mode) for path in folder.iterdir()}
    assert batch("--force") == 2
    assert "B012" in capsys.readouterr().err
    assert left(folder) == before
    assert {path.name: stat.S_IFMT(path.lstat().st_mode) for path in folder.iterdir()} == kinds


@pytest.mark.parametrize("make", UNUSUAL.values(), ids=UNUSUAL)
def test_a_sample_replaces_regular_files_only(make, folder, capsys):
    make(folder / "sample.csv")
    before = left(folder)
    kind = (folder / "sample.csv").lstat().st_mode
    assert main(["sample", "3", "-o", "sample.csv", "--rules", "rules", "--force"]) == 2
    assert "B012" in capsys.readouterr().err
    assert (left(folder), (folder / "sample.csv").lstat().st_mode) == (before, kind)


@pytest.mark.parametrize("options", [(), ("--force",)])
def test_rows_set_aside_may_be_run_again_but_never_in_their_own_place(options, folder, capsys):
    (folder / "out.csv.rejected").write_text(ROWS)
    assert batch("--from", "csv", *options, source="out.csv.rejected") == 2
    assert "B014" in capsys.readouterr().err
    assert (folder / "out.csv.rejected").read_text() == ROWS
    assert batch("--from", "csv", source="out.csv.rejected", target="again.csv") == 1


def test_an_input_is_not_removed_when_nothing_is_set_aside(folder, capsys):
    (folder / "out.csv.rejected").write_text("role\nvictim\n")
    os.link("out.csv.rejected", "same.csv")
    assert batch("--force", source="same.csv") == 2
    assert "B014" in capsys.readouterr().err
    assert (folder / "out.csv.rejected").exists()


def test_an_input_in_the_folder_of_a_run_is_not_removed_with_it(folder, monkeypatch, capsys):
    interrupted(monkeypatch)
    source = folder / "out.csv.part" / "output"
    source.write_text(ROWS)
    assert batch("--force", "--from", "csv", source=str(source)) == 2
    assert "B014" in capsys.readouterr().err
    assert source.read_text() == ROWS


def modes(path):
    return {str(one.relative_to(path)): stat.S_IMODE(one.stat().st_mode) for one in path.rglob("*")}


def test_rows_of_persons_are_read_by_their_owner_alone(folder, monkeypatch):
    umask = os.umask(0)
    try:
        interrupted(monkeypatch)
        part = folder / "out.csv.part"
        assert stat.S_IMODE(part.stat().st_mode) == 0o700
        assert set(modes(part)) > {"chunk-00000000", "output", "rejected", "purpose.json", MARK}
        assert set(modes(part).values()) == {0o600}
        (folder / "out.csv").write_text("old, and open to all")
        assert batch("--force") == 1
    finally:
        os.umask(umask)
    assert (modes(folder)["out.csv"], modes(folder)["out.csv.rejected"]) == (0o600, 0o600)


def moves_of_a_run(monkeypatch, act, *, stop=None):
    """Count the renames of a run; before the one numbered `stop`, it is killed."""
    moves: list[object] = []
    replace = os.replace

    def moved(first, *rest, **options):
        if len(moves) == stop:
            raise Killed
        moves.append(first)
        return replace(first, *rest, **options)

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", moved)
        if stop is None:
            assert act() == 1
        else:
            with pytest.raises(Killed):
                act()
    return moves


def between_the_moves(monkeypatch):
    assert moves_of_a_run(monkeypatch, batch)[-2:] == ["rejected", "output"]
    for name in ("out.csv", "out.csv.rejected"):
        Path(name).unlink()
    moves_of_a_run(monkeypatch, batch, stop=3)
    assert Path("out.csv.rejected").exists()
    assert not Path("out.csv").exists()


def test_between_the_two_moves_the_run_is_finished_by_going_on(folder, monkeypatch):
    expected = whole()
    for name in expected:
        Path(name).unlink()
    between_the_moves(monkeypatch)
    assert batch("--resume") == 1
    assert {name: Path(name).read_bytes() for name in expected} == expected
    assert not (folder / "out.csv.part").exists()


def test_between_the_two_moves_nothing_else_is_taken_for_the_run(folder, monkeypatch, capsys):
    between_the_moves(monkeypatch)
    before = left(folder)
    Path("other.csv").write_text(OTHER)
    shutil.copytree("rules", "changed-rules")
    with Path("changed-rules/vocabulary.yaml").open("a") as file:
        file.write("# another\n")
    for source, rules, options in (
        ("other.csv", "rules", ()),
        ("in.csv", "changed-rules", ()),
        ("in.csv", "rules", ("--limit", "1")),
    ):
        assert batch("--resume", *options, source=source, rules=rules) == 2
        assert "B017" in capsys.readouterr().err
    Path("other.csv").unlink()
    shutil.rmtree("changed-rules")
    assert left(folder) == before


def test_between_the_two_moves_a_plain_run_is_told_to_go_on(folder, monkeypatch, capsys):
    between_the_moves(monkeypatch)
    before = left(folder)
    assert batch() == 2
    said = capsys.readouterr().err
    assert ("B016" in said, "`--resume` le continue" in said, "B013" in said) == (True, True, False)
    assert left(folder) == before


@pytest.mark.parametrize("stop", range(4))
@pytest.mark.parametrize("standing", [False, True])
def test_a_run_killed_at_each_of_its_renames_loses_nothing(stop, standing, folder, monkeypatch):
    expected = whole()
    for name in expected:
        Path(name).write_text("of an earlier run") if standing else Path(name).unlink()
    options = ("--force",) if standing else ()
    moves_of_a_run(monkeypatch, lambda: batch(*options), stop=stop)
    if stop == 0:
        # Nothing was begun yet.
        assert batch(*options) == 1
    else:
        assert batch("--resume") == 1
    assert {name: Path(name).read_bytes() for name in expected} == expected
    assert not (folder / "out.csv.part").exists()


@pytest.mark.parametrize("name", ["out.csv", "out.csv.rejected"])
@pytest.mark.usefixtures("folder")
def test_what_came_into_its_place_during_a_run_is_not_replaced(name, monkeypatch, capsys):
    finish = journal.Journal.finish

    def late(self, *arguments, **options):
        Path(name).write_text("mine")
        finish(self, *arguments, **options)

    with monkeypatch.context() as patch:
        patch.setattr(journal.Journal, "finish", late)
        assert batch() == 2
    assert "B013" in (said := capsys.readouterr().err)
    assert "`--resume`" in said
    assert Path(name).read_text() == "mine"
    assert batch("--resume") == 2
    assert Path(name).read_text() == "mine"
    Path(name).rename("theirs")
    assert batch("--resume") == 1
    assert Path("theirs").read_text() == "mine"
    assert Path("out.csv").read_text().count("\n") == 6


@pytest.mark.usefixtures("folder")
def test_a_run_that_may_replace_goes_on_with_that(monkeypatch):
    Path("out.csv").write_text("of an earlier run")
    interrupted(monkeypatch, "--force")
    assert batch("--resume") == 1
    assert Path("out.csv").read_text().startswith("row,")


@pytest.mark.usefixtures("folder")
def test_an_input_that_changes_during_the_run_is_told(monkeypatch, capsys):
    keep = journal.Journal.keep_chunk

    def changed(self, number, write):
        keep(self, number, write)
        Path("new.csv").write_text(OTHER)
        Path("new.csv").replace("in.csv")

    with monkeypatch.context() as patch:
        patch.setattr(journal.Journal, "keep_chunk", changed)
        assert batch() == 2
    assert "B017" in (said := capsys.readouterr().err)
    assert "le fichier d'entrée" in said
    assert not Path("out.csv").exists()
    assert batch("--resume") == 2
    assert batch("--force") == 1


def test_an_input_replaced_before_its_digest_is_told(folder, monkeypatch, capsys):
    digest = journal.load_digest

    def changed(paths):
        if Path("in.csv") in paths:
            Path("new.csv").write_text(OTHER)
            Path("new.csv").replace("in.csv")
        return digest(paths)

    with monkeypatch.context() as patch:
        patch.setattr("iscg_rules.batch.files.file_run.load_digest", changed)
        assert batch() == 2
    assert "B017" in capsys.readouterr().err
    assert list(folder.glob("out*")) == []


@pytest.mark.parametrize("make", [os.mkfifo, lambda path: path.symlink_to("/dev/zero")])
def test_an_input_that_may_never_end_is_refused(make, folder, capsys):
    make(folder / "endless.csv")
    assert batch(source="endless.csv") == 2
    assert "Y001" in (said := capsys.readouterr().err)
    assert "`-`" in said


def test_a_lock_whose_name_is_gone_holds_nothing(folder, monkeypatch):
    """The first run ends, and a third begins, while a second has opened its folder and waits."""
    first = run_folder.RunFolder(folder / "out.csv.part", journal._NAMES)
    second = run_folder.RunFolder(folder / "out.csv.part", journal._NAMES)
    third = run_folder.RunFolder(folder / "out.csv.part", journal._NAMES)
    flock = fcntl.flock
    begun: list[str] = []

    def later(file, how):
        if not begun:
            # The first is about to be held by the second: it ends, and a third takes its place.
            begun.append("first ends")
            first_held.__exit__(None, None, None)
            third_held.__enter__()
        flock(file, how)

    first_held, third_held = Ending(first), third.held()
    first_held.__enter__()
    monkeypatch.setattr(fcntl, "flock", later)
    with pytest.raises(IscgError) as raised, second.held():
        pass
    assert [problem.code for problem in raised.value.problems] == ["B016"]
    third_held.__exit__(None, None, None)


class Ending:
    """A folder that is held, and removed when it is let go, as a run does."""

    def __init__(self, held):
        self.folder, self.held = held, held.held()

    def __enter__(self):
        self.held.__enter__()

    def __exit__(self, *_):
        self.folder.vanish()
        self.held.__exit__(None, None, None)
