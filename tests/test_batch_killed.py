"""`kill -9` at any moment: no half output, and going on gives the same bytes."""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from iscg_rules.batch.files import file_streams
from iscg_rules.cli import main

TOY = Path(__file__).parent / "toy"
ROWS, CHUNK = 6_000, 100
FORMATS = ("csv", "jsonl", "parquet")
PATIENCE = 60


def write_source(path):
    draw = random.Random(8)  # noqa: S311 # only to vary the rows
    rows = [
        {
            "role": draw.choice(["victim", "alleged_author", None, "nobody"]),
            "danger": draw.choice(["yes", "no", None]),
            "nights": draw.randrange(5),
            "minors": draw.choice([[], ["older"], None]),
        }
        for _ in range(ROWS)
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))


def arguments(folder, form, *options):
    files = (folder / "in.jsonl", folder / f"out.{form}", "--chunk", CHUNK)
    return [str(part) for part in ("batch", *files, "--rules", TOY / "rules", *options)]


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """Give what a run that nobody stops leaves, by format."""
    folder = tmp_path_factory.mktemp("whole")
    write_source(folder / "in.jsonl")
    codes = {main(arguments(folder, form)) for form in FORMATS}
    assert codes == {1}
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def left_by(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def kill_once(folder, form, *, chunks, delay, options=()):
    """Start a run and kill it some seconds after so many chunks; tell whether it was running."""
    command = [sys.executable, "-m", "iscg_rules", *arguments(folder, form, *options)]
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL, cwd=TOY.parents[1])
    part = folder / f"out.{form}.part"
    deadline = time.monotonic() + PATIENCE
    while process.poll() is None and len(list(part.glob("chunk-*"))) < chunks:
        assert time.monotonic() < deadline
        time.sleep(0.001)
    time.sleep(delay)
    process.send_signal(signal.SIGKILL)
    return process.wait() == -signal.SIGKILL


def check_killed(folder, form, whole, *, chunks, delay):
    """Kill a run, look at what it left, let it go on, and look again."""
    write_source(folder / "in.jsonl")
    was_running = kill_once(folder, form, chunks=chunks, delay=delay)
    names = ("in.jsonl", f"out.{form}", f"out.{form}.rejected")
    expected = {name: whole[name] for name in names}
    left = left_by(folder)
    assert left.items() <= expected.items()
    assert was_running or left == expected
    # Where everything was in place already, nothing may be left to go on with.
    assert main(arguments(folder, form, "--resume")) in ({1, 2} if left == expected else {1})
    assert left_by(folder) == expected
    assert not (folder / f"out.{form}.part").exists()


@pytest.mark.parametrize(
    ("form", "chunks", "delay"), [("csv", 3, 0.0), ("jsonl", 20, 0.01), ("parquet", 50, 0.02)]
)
def test_a_killed_run_leaves_no_half_output_and_goes_on(form, chunks, delay, tmp_path, whole):
    check_killed(tmp_path, form, whole, chunks=chunks, delay=delay)


MOMENTS = random.Random(30)  # noqa: S311 # only to vary the moments
KILLS = [
    (form, MOMENTS.randrange(ROWS // CHUNK + 1), MOMENTS.uniform(0, 0.05)) for form in FORMATS * 10
]


@pytest.mark.slow
@pytest.mark.parametrize(("form", "chunks", "delay"), KILLS)
def test_a_run_killed_at_any_of_30_moments_goes_on(form, chunks, delay, tmp_path, whole):
    check_killed(tmp_path, form, whole, chunks=chunks, delay=delay)


def test_a_run_killed_again_and_again_comes_to_its_end(tmp_path, whole):
    write_source(tmp_path / "in.jsonl")
    assert kill_once(tmp_path, "csv", chunks=5, delay=0)
    assert kill_once(tmp_path, "csv", chunks=15, delay=0, options=("--resume",))
    assert main(arguments(tmp_path, "csv", "--resume")) == 1
    assert (tmp_path / "out.csv").read_bytes() == whole["out.csv"]


@pytest.fixture(scope="module")
def killed_once(tmp_path_factory):
    folder = tmp_path_factory.mktemp("killed")
    write_source(folder / "in.jsonl")
    assert kill_once(folder, "csv", chunks=5, delay=0)
    return folder


@pytest.fixture
def killed(killed_once, tmp_path):
    """Give the folder of a run that was killed, to oneself."""
    return shutil.copytree(killed_once, tmp_path / "killed")


def test_a_killed_run_is_neither_forgotten_nor_gone_on_with_unasked(killed, capsys):
    assert main(arguments(killed, "csv")) == 2
    assert "B016 un traitement vers `out.csv` a été interrompu" in capsys.readouterr().err
    assert len(list(killed.glob("out.csv.part/chunk-*"))) >= 5


def test_a_killed_run_may_be_begun_anew(killed, whole):
    assert main(arguments(killed, "csv", "--force")) == 1
    assert (killed / "out.csv").read_bytes() == whole["out.csv"]


@pytest.mark.parametrize(
    ("options", "said"),
    [(("--limit", "1"), "les options"), (("--partners", "other.yaml"), "les règles")],
)
def test_a_run_goes_on_under_the_same_rules_and_options_only(
    options, said, killed, capsys, monkeypatch
):
    monkeypatch.chdir(killed)
    Path("other.yaml").write_text("partners: []\n")
    assert main(arguments(killed, "csv", "--resume", *options)) == 2
    shown = capsys.readouterr().err
    assert ("B017" in shown, said in shown, "entrée" in shown) == (True, True, False)
    assert not (killed / "out.csv").exists()


def test_a_run_goes_on_over_the_same_input_only(killed, capsys):
    data = (killed / "in.jsonl").read_bytes()
    (killed / "in.jsonl").write_bytes(data.replace(b'"yes"', b'"no"', 1))
    assert main(arguments(killed, "csv", "--resume")) == 2
    assert "B017" in (shown := capsys.readouterr().err)
    assert "le fichier d'entrée" in shown


def test_half_a_chunk_is_worked_out_again(killed, whole):
    first, second, *_ = sorted(killed.glob("out.csv.part/chunk-*"))
    first.write_bytes(first.read_bytes()[:-7])
    second.write_bytes(b"")
    assert main(arguments(killed, "csv", "--resume")) == 1
    assert (killed / "out.csv").read_bytes() == whole["out.csv"]


def test_what_was_done_is_not_done_again(killed, monkeypatch):
    done = []
    work = file_streams.Work.do

    def noted(self, rows):
        done.append(rows.count)
        return work(self, rows)

    monkeypatch.setattr(file_streams.Work, "do", noted)
    kept = len(list(killed.glob("out.csv.part/chunk-*")))
    main(arguments(killed, "csv", "--resume"))
    assert ROWS // CHUNK - kept <= len(done) <= ROWS // CHUNK - kept + 1


def test_two_runs_to_the_same_output_stand_in_each_others_way(tmp_path, capsys):
    write_source(tmp_path / "in.jsonl")
    command = [sys.executable, "-m", "iscg_rules", *arguments(tmp_path, "csv")]
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL, cwd=TOY.parents[1])
    lock = tmp_path / "out.csv.part" / "purpose.json"
    deadline = time.monotonic() + PATIENCE
    while not lock.exists() and time.monotonic() < deadline:
        time.sleep(0.001)
    os.kill(process.pid, signal.SIGSTOP)
    assert main(arguments(tmp_path, "csv", "--force")) == 2
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    assert "B016 un autre traitement écrit déjà" in capsys.readouterr().err


@pytest.mark.parametrize("form", FORMATS)
def test_a_run_killed_while_it_moves_its_output_is_tidied_up(form, tmp_path, whole, monkeypatch):
    write_source(tmp_path / "in.jsonl")
    monkeypatch.setattr("iscg_rules.batch.files.journal.Journal.tidy", lambda _: sys.exit(9))
    with pytest.raises(SystemExit):
        main(arguments(tmp_path, form))
    monkeypatch.undo()
    assert not (tmp_path / f"out.{form}").exists()
    assert main(arguments(tmp_path, form, "--resume")) == 1
    names = (f"out.{form}", f"out.{form}.rejected")
    assert [(tmp_path / name).read_bytes() for name in names] == [whole[name] for name in names]
