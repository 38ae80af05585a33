"""A run of `batch` is killed, the disk is full, another run starts, the input changes.

Whatever happens, four things hold: the output is absent or whole; the input is as it was; what
others wrote beside it is as it was; and the run comes to the same bytes in the end.
"""

import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import pytest

from iscg_rules.cli import main
from tests.test_batch_killed import FORMATS, TOY, arguments, write_source

pytestmark = pytest.mark.slow

KILLS, PATIENCE = 100, 120
# What somebody keeps beside an output, under names that look like ours.
THEIRS = {
    "out.csv.bak": "mine",
    "out.part": "mine",
    "chunk-00000000": "mine",
    "finished.json": "{}",
}


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """Give what a run that nothing disturbs leaves, and how long it takes."""
    folder = tmp_path_factory.mktemp("whole")
    write_source(folder / "in.jsonl")
    begun = time.monotonic()
    wait(start(folder, FORMATS[0]))
    seconds = time.monotonic() - begun
    assert {main(arguments(folder, form)) for form in FORMATS[1:]} == {1}
    return {path.name: path.read_bytes() for path in folder.iterdir()}, seconds


@pytest.fixture
def folder(tmp_path, whole):
    (tmp_path / "in.jsonl").write_bytes(whole[0]["in.jsonl"])
    for name, text in THEIRS.items():
        (tmp_path / name).write_text(text)
    return tmp_path


def start(folder, form, *options, **how):
    command = [sys.executable, "-m", "iscg_rules", *arguments(folder, form, *options)]
    return subprocess.Popen(
        command, stderr=subprocess.PIPE, cwd=TOY.parents[1], encoding="utf-8", **how
    )


def wait(process):
    """Give the exit code of a run, and what it said."""
    said = process.communicate(timeout=PATIENCE)[1]
    return process.returncode, said


def check(folder, form, whole):
    """Look at what a disturbed run left; tell whether its output is in place."""
    assert {name: (folder / name).read_text() for name in THEIRS} == THEIRS
    assert (folder / "in.jsonl").read_bytes() == whole["in.jsonl"]
    output, rejected = (folder / f"out.{form}{end}" for end in ("", ".rejected"))
    assert not output.exists() or output.read_bytes() == whole[output.name]
    assert not rejected.exists() or rejected.read_bytes() == whole[rejected.name]
    # Whoever sees the rows sees those that were set aside.
    assert rejected.exists() or not output.exists()
    return output.exists()


def goes_on(folder, form, whole):
    """Let a disturbed run go on, and look at what it comes to."""
    is_there, is_begun = check(folder, form, whole), (folder / f"out.{form}.part").exists()
    code = main(arguments(folder, form, "--resume"))
    assert code == 1 or (is_there and not is_begun)
    assert check(folder, form, whole)
    assert not (folder / f"out.{form}.part").exists()


DRAW = random.Random(17)  # noqa: S311 # only to vary the moments
MOMENTS = [(FORMATS[number % 3], DRAW.uniform(0.1, 1.1)) for number in range(KILLS)]


@pytest.mark.parametrize(("form", "share"), MOMENTS)
def test_a_run_killed_at_any_of_a_hundred_moments_loses_nothing(form, share, folder, whole):
    process = start(folder, form)
    time.sleep(share * whole[1])
    process.send_signal(signal.SIGKILL)
    wait(process)
    goes_on(folder, form, whole[0])


def killed_before(number, function, folder):
    """Run, and end without a word before the call of a function of `os` with this number."""
    calls, plain = iter(range(number)), getattr(os, function)

    def called(*given, **options):
        if next(calls, None) is None:
            os._exit(9)
        return plain(*given, **options)

    setattr(os, function, called)
    main(arguments(folder, "csv"))
    os._exit(0)


@pytest.mark.parametrize(("function", "step"), [("replace", 1), ("fsync", 1), ("unlink", 19)])
def test_a_run_that_ends_before_a_rename_or_removal_loses_nothing(function, step, folder, whole):
    code = (
        "import sys; from pathlib import Path\n"
        "from tests.laws.test_batch_harm import killed_before\n"
        f"killed_before(int(sys.argv[1]), {function!r}, Path(sys.argv[2]))"
    )
    for number in range(0, 400, step):
        command = [sys.executable, "-c", code, str(number), str(folder)]
        done = subprocess.run(
            command, check=False, stderr=subprocess.DEVNULL, cwd=TOY.parents[1], timeout=PATIENCE
        )
        goes_on(folder, "csv", whole[0])
        for name in ("out.csv", "out.csv.rejected"):
            (folder / name).unlink()
        if done.returncode == 0:
            break
    assert (done.returncode, number > 2) == (0, True)


def limit_files(size):
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("size", [0, 100, 2_000, 10_000, 50_000, 100_000])
def test_a_disk_that_is_full_at_any_size_loses_nothing(form, size, folder, whole):
    code, said = wait(start(folder, form, preexec_fn=partial(limit_files, size)))
    is_whole = check(folder, form, whole[0])
    assert is_whole or (code, "B012" in said) == (2, True)
    goes_on(folder, form, whole[0])


@pytest.mark.parametrize("number", range(10))
def test_of_two_runs_at_once_one_writes_and_the_other_is_told(number, folder, whole):
    form = FORMATS[number % 3]
    runs = [start(folder, form, *options) for options in ((), ("--force",) * (number % 2))]
    results = sorted(map(wait, runs))
    # The second may also begin when the first has come to its end.
    assert [code for code, _ in results] in ([1, 2], [1, 1])
    assert all("B016" in said or "B013" in said for code, said in results if code == 2)
    assert check(folder, form, whole[0])
    assert not (folder / f"out.{form}.part").exists()


@pytest.mark.parametrize("share", [0.3, 0.5, 0.7, 0.8, 0.9])
def test_an_input_that_changes_is_never_mixed_with_what_it_was(share, folder, whole):
    process = start(folder, "csv")
    time.sleep(share * whole[1])
    changed = whole[0]["in.jsonl"].replace(b'"victim"', b"null", 50)
    (folder / "new.jsonl").write_bytes(changed)
    (folder / "new.jsonl").replace(folder / "in.jsonl")
    code, _ = wait(process)
    again = folder / "again"
    again.mkdir()
    shutil.copy(folder / "in.jsonl", again)
    assert main(arguments(again, "csv")) == 1
    of_either = {(again / "out.csv").read_bytes(), whole[0]["out.csv"]}
    assert code in (1, 2)
    assert (folder / "out.csv").exists() is (code == 1)
    assert code == 2 or (folder / "out.csv").read_bytes() in of_either
    assert main(arguments(folder, "csv", "--force")) == 1
    assert (folder / "out.csv").read_bytes() == (again / "out.csv").read_bytes()
    assert {name: Path(folder, name).read_text() for name in THEIRS} == THEIRS
