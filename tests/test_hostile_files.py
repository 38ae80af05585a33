"""Names and files that hang, are endless or can't be: told in words, at once."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from iscg_rules import Engine
from iscg_rules.cli import main
from iscg_rules.errors import IscgError

TOY = Path(__file__).parent / "toy"
LONG = "x" * 5_000


@pytest.fixture
def toy(tmp_path, monkeypatch):
    shutil.copytree(TOY, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    Path("s.json").write_text('{"danger": "yes"}')
    return tmp_path


ENDLESS = {
    "pipe": os.mkfifo,
    "device": lambda path: path.symlink_to("/dev/zero"),
    "terminal": lambda path: path.symlink_to("/dev/tty"),
}
READERS = ("check rules partners.yaml", "recommend s.json --rules rules", "test rules")


@pytest.mark.parametrize("command", READERS)
@pytest.mark.parametrize("place", ["rules/more.yaml", "rules/cases/more.yaml", "partners.yaml"])
@pytest.mark.parametrize("make", ENDLESS.values(), ids=ENDLESS)
def test_nothing_waits_for_what_is_no_file(make, place, command, toy):
    path = toy / place
    path.parent.mkdir(exist_ok=True)
    path.unlink(missing_ok=True)
    make(path)
    done = subprocess.run(
        [sys.executable, "-m", "iscg_rules", *command.split()],
        check=False,
        capture_output=True,
        encoding="utf-8",
        timeout=30,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(TOY.parents[1])},
    )
    is_read = "recommend" not in command or "cases" not in place
    assert ("Y001" in done.stdout + done.stderr) is is_read
    assert "erreur interne" not in done.stderr


@pytest.mark.usefixtures("toy")
@pytest.mark.parametrize("option", ["territory", "rules", "partners"])
@pytest.mark.parametrize("name", ["", LONG, "a/" * 5_000, "nul\0"])
def test_a_name_that_names_nothing_is_refused_and_no_default_stands_in(option, name, capsys):
    with pytest.raises(IscgError) as raised:
        Engine.load(**{option: name})
    assert [problem.code for problem in raised.value.problems] == ["A011"]
    assert main(["recommend", "s.json", f"--{option}={name}"]) == 2
    said = capsys.readouterr().err
    assert ("A011" in said, len(said) < 1_000) == (True, True)


COMMANDS = (
    f"recommend {LONG}", f"check {LONG}", f"check rules {LONG}", f"diff {LONG} rules",
    f"diff rules {LONG}",
    f"batch {LONG}.csv o.csv --rules rules", f"batch s.json {LONG}.csv --from jsonl --rules rules",
    f"report {LONG}.csv --rules rules", f"report s.json --from jsonl -o {LONG} --rules rules",
    f"sample 3 -o {LONG}.csv --rules rules", f"schema --output {LONG}", f"evaluate {LONG}",
    f"replay s.json --from jsonl --old {LONG} --new rules", f"test {LONG}",
)  # fmt: skip


@pytest.mark.usefixtures("toy")
@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.replace(LONG, "LONG"))
def test_a_name_that_is_too_long_is_no_mistake_of_ours(command, capsys):
    assert main(command.split()) in (1, 2)
    shown = capsys.readouterr()
    assert "erreur interne" not in shown.err
    assert len(shown.err + shown.out) < 2_000
