"""A run that is killed before any line of the journal: what it leaves, and what comes of it."""

import os
import shutil
import sys
from itertools import count
from operator import methodcaller

import pytest

from iscg_rules.batch.files import journal, run_folder
from iscg_rules.batch.files.journal import Journal, load_digest
from iscg_rules.errors import IscgError

PURPOSE = {"input": "a", "options": [1], "rules": "b", "versions": ["c"]}
CHUNKS = {0: b"first", 1: b"second"}
WHOLE, REFUSED = b"the rows", b"the rows set aside"
OUT, ASIDE = "out.csv", "out.csv.rejected"
EARLIER = [{}, {OUT: b"old"}, {OUT: b"old", ASIDE: b"old too"}]


@pytest.fixture(autouse=True)
def synced(monkeypatch):
    """Note what is made to last, and how much of it, and wait for no disk."""
    noted = []

    def fsync(descriptor):
        told = os.fstat(descriptor)
        noted.append((told.st_ino, told.st_size))

    monkeypatch.setattr("iscg_rules.batch.files.journal.os.fsync", fsync)
    return noted


def run(folder, refused, *, force):
    """Work as a real run does: keep each chunk, write all, say that it is done."""
    kept = Journal(folder / OUT)
    with kept.held(PURPOSE, resume=True, force=force):
        if kept.finished():
            kept.tidy()
            return
        for number, data in CHUNKS.items():
            if kept.load_chunk(number) is None:
                kept.keep_chunk(number, methodcaller("write", data))
        with kept.outputs() as (output, aside):
            output.write(b"".join(bytes(kept.load_chunk(number) or b"") for number in CHUNKS))
            output.write(WHOLE)
            aside.write(refused)
        kept.finish({"rows": 3}, has_rejected=bool(refused))


def left_in(folder):
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def killed_anywhere(folder, aside, work):
    """Give the folders that a run leaves when it is killed before any line of the journal's."""
    numbers = count()
    states = []

    def traced(frame, event, _):
        if frame.f_code.co_filename not in (journal.__file__, run_folder.__file__):
            return None
        if event == "line":
            states.append(shutil.copytree(folder, aside / str(next(numbers))))
        return traced

    before = sys.gettrace()
    sys.settrace(traced)
    try:
        work()
    finally:
        sys.settrace(before)
    return states


def final(refused):
    done = {OUT: b"".join(CHUNKS.values()) + WHOLE}
    return done | ({ASIDE: refused} if refused else {})


def comes_to_its_end(folder, refused):
    """Go on where a run was killed; where all is in place, there may be nothing to go on with."""
    was_there = {n: data for n, data in left_in(folder).items() if n in (OUT, ASIDE)}
    try:
        run(folder, refused, force=False)
    except IscgError:
        # What stood there before the run is replaced when that is asked again.
        if was_there != final(refused):
            run(folder, refused, force=True)
    return left_in(folder) == final(refused)


@pytest.mark.parametrize("refused", [REFUSED, b""])
@pytest.mark.parametrize("earlier", EARLIER)
def test_a_run_killed_before_any_line_leaves_all_or_nothing_and_goes_on(earlier, refused, tmp_path):
    folder, aside = tmp_path / "run", tmp_path / "states"
    folder.mkdir()
    aside.mkdir()
    for name, data in earlier.items():
        (folder / name).write_bytes(data)
    states = killed_anywhere(folder, aside, lambda: run(folder, refused, force=True))
    assert len(states) > 60
    for state in states:
        left = left_in(state)
        placed = {name: data for name, data in left.items() if name in (OUT, ASIDE)}
        is_noted = f"{OUT}.part/finished.json" in left
        # Nothing is touched before everything is written, and whoever sees the rows sees those
        # that were set aside.
        assert is_noted or placed in (earlier, final(refused))
        assert left.get(OUT) in (earlier.get(OUT), final(refused)[OUT])
        assert left.get(OUT) != final(refused)[OUT] or placed == final(refused)
        assert comes_to_its_end(state, refused)
    assert left_in(folder) == final(refused)


@pytest.mark.slow
def test_a_run_killed_while_it_is_tidied_up_can_be_tidied_up_again(tmp_path):
    """Twice killed, before any two lines of the end of a run."""
    folder, aside = tmp_path / "run", tmp_path / "states"
    folder.mkdir()
    aside.mkdir()
    states = killed_anywhere(folder, aside, lambda: run(folder, REFUSED, force=False))
    noted = [one for one in states if (one / f"{OUT}.part" / "finished.json").exists()]
    for number, state in enumerate(noted):
        again = tmp_path / f"again{number}"
        again.mkdir()
        for twice in killed_anywhere(state, again, lambda s=state: comes_to_its_end(s, REFUSED)):
            assert comes_to_its_end(twice, REFUSED)


def test_what_is_moved_into_place_was_made_to_last_before_and_its_name_after(tmp_path, synced):
    moves = []
    replace = os.replace

    def noted(name, target, *, src_dir_fd, **options):
        told = os.stat(name, dir_fd=src_dir_fd)
        moves.append(((told.st_ino, told.st_size), len(synced)))
        return replace(name, target, src_dir_fd=src_dir_fd, **options)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "replace", noted)
        run(tmp_path, REFUSED, force=False)
    assert len(moves) == 4
    assert all(whole in synced[:place] for whole, place in moves)
    assert synced[-1][0] == tmp_path.stat().st_ino


OTHER = PURPOSE | {"rules": "other"}
STANDING = [
    (output, aside, begun)
    for output in (False, True)
    for aside in (False, True)
    for begun in (None, "same", "other", "finished")
]


def stand(folder, output, aside, begun):
    """Make what earlier runs may have left: files in place, and a run begun or finished."""
    kept = Journal(folder / OUT)
    if begun == "finished":
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Journal, "tidy", lambda _: None)
            run(folder, REFUSED, force=False)
    elif begun:
        with kept.held(OTHER if begun == "other" else PURPOSE, resume=False, force=False):
            kept.keep_chunk(0, lambda file: file.write(b"kept"))
    for is_there, name in ((output, OUT), (aside, ASIDE)):
        if is_there:
            (folder / name).write_bytes(b"old")


def refusal(output, aside, begun, resume, force):
    """Say in a few words when a run is refused; None when it may go on."""
    # Before all: what stands there may be the half of a run that is in place.
    if begun and not (resume or force):
        return "B016"
    if begun == "other" and resume:
        return "B017"
    if begun == "finished" and resume:
        # The folder of a run that was finished is there: it is only tidied up.
        return None
    return "B013" if (output or aside) and not force else None


@pytest.mark.parametrize("resume", [False, True])
@pytest.mark.parametrize("force", [False, True])
@pytest.mark.parametrize(("output", "aside", "begun"), STANDING)
def test_a_run_is_refused_where_it_would_lose_something(
    output, aside, begun, resume, force, tmp_path
):
    stand(tmp_path, output, aside, begun)
    before = left_in(tmp_path)
    kept = Journal(tmp_path / OUT)
    expected = refusal(output, aside, begun, resume, force)
    if expected:
        with (
            pytest.raises(IscgError) as raised,
            kept.held(PURPOSE, resume=resume, force=force),
        ):
            pass
        (problem,) = raised.value.problems
        assert problem.code == expected
        assert ("existent déjà" in problem.message) is (expected == "B013" and output and aside)
        nothing = expected == "B013" and resume and not begun
        assert ("rien à continuer" in (problem.help or "")) is nothing
        assert left_in(tmp_path) == before
        return
    with kept.held(PURPOSE, resume=resume, force=force):
        goes_on = begun in ("same", "finished") and resume
        assert (kept.load_chunk(0) is not None) is goes_on
        assert bool(kept.finished()) is (begun == "finished" and resume)
        kept.keep_chunk(1, lambda file: file.write(b"more"))
    # Stopped again: it can be gone on with, and by nothing else.
    with pytest.raises(IscgError), kept.held(PURPOSE, resume=False, force=False):
        pass


def test_while_one_run_works_no_other_does(tmp_path):
    first, second = Journal(tmp_path / OUT), Journal(tmp_path / OUT)
    with first.held(PURPOSE, resume=False, force=False):
        for resume in (False, True):
            with (
                pytest.raises(IscgError) as raised,
                second.held(PURPOSE, resume=resume, force=True),
            ):
                pass
            assert [one.code for one in raised.value.problems] == ["B016"]
        first.keep_chunk(0, lambda file: file.write(b"kept"))
        assert bytes(first.load_chunk(0) or b"") == b"kept"


def test_a_run_that_fails_before_its_first_chunk_leaves_nothing(tmp_path):
    kept = Journal(tmp_path / OUT)
    with pytest.raises(ZeroDivisionError), kept.held(PURPOSE, resume=False, force=False):
        raise ZeroDivisionError
    assert list(tmp_path.iterdir()) == []


def test_a_digest_is_of_all_files_and_of_their_order(tmp_path):
    paths = [tmp_path / name for name in "abc"]
    for path, text in zip(paths, ("x", "y", "x"), strict=True):
        path.write_text(text)
    first, second, third = paths
    assert load_digest([first, second]) == load_digest([third, second])
    assert len({load_digest(some) for some in ([first], [first, second], [second, first], [])}) == 4
