"""Every code: a file that earns it, the report that an author reads, and a part in the docs.

`REWRITE=1 pytest tests/test_bad.py` writes the reports anew: read the difference line by line.
"""

import os
import re
import shlex
import shutil
from pathlib import Path

import pytest

from iscg_rules.cli import main
from iscg_rules.error_codes import CODES
from iscg_rules.proof.findings.finding import BROKEN

HERE = Path(__file__).parent
ROOT = HERE.parent
BAD = sorted(path for path in (HERE / "bad").iterdir() if path.is_dir())
NOT_COPIED = {"command", "expected.txt", "padding"}


def stage(folder, target):
    """Lay the bad files over the toy rules; those with a vocabulary of their own stand alone."""
    if not (folder / "rules" / "vocabulary.yaml").exists():
        shutil.copytree(HERE / "toy", target, dirs_exist_ok=True)
    else:
        (target / "partners.yaml").write_text("partners: []\n", "utf-8")
    ignored = shutil.ignore_patterns(*NOT_COPIED)
    shutil.copytree(folder, target, dirs_exist_ok=True, ignore=ignored)
    padding = folder / "padding"
    if padding.exists():
        name, size = padding.read_text("utf-8").split()
        with (target / name).open("a", encoding="utf-8") as file:
            file.write("#" * int(size))


def report(folder, target, capsys, monkeypatch):
    stage(folder, target)
    monkeypatch.chdir(target)
    command = folder / "command"
    given = (
        command.read_text("utf-8")
        if command.exists()
        else "check rules partners.yaml --at 2026-11-24"
    )
    arguments = shlex.split(given)
    if arguments[0] == "recommend":
        arguments += ["--rules", "rules"]
    code = main(arguments)
    shown = capsys.readouterr()
    lines = (shown.err or shown.out).splitlines()
    name = folder.name[:4]
    if name[0] in "FUW" or name in ("G002", "G003"):
        lines = only(name, lines)
    return code, "\n".join(lines) + "\n"


def only(code, lines):
    """Keep what is said of one code: its lines, and the help below them."""
    found = re.findall(rf"^(?:\S+ )?{code} .+(?:\n  .+)*", "\n".join(lines), re.MULTILINE)
    return "\n".join(found).splitlines()


@pytest.mark.parametrize("folder", BAD, ids=lambda folder: folder.name)
def test_each_bad_file_gives_its_report(folder, tmp_path, capsys, monkeypatch):
    code, got = report(folder, tmp_path, capsys, monkeypatch)
    stored = folder / "expected.txt"
    if os.environ.get("REWRITE"):
        stored.write_text(got, "utf-8")
    # A row that is set aside is a finding, and the run goes on; a remark breaks nothing.
    goes_on = folder.name[0] in "FUW" or folder.name[:4] == "G003"
    usual = 0 if goes_on and folder.name[:4] not in BROKEN else 1
    is_refused = folder.name[0] in "ABDIK" and not folder.name.startswith("B02")
    # A case of an author, which `check` reads, is not an answer that a command refuses.
    is_refused = is_refused and (folder / "command").exists()
    expected_exit = 2 if is_refused or "json" in folder.name else usual
    assert got == stored.read_text("utf-8")
    assert folder.name[:4] in got
    assert code == expected_exit


def test_every_code_has_a_bad_file():
    # No file can earn what a missing package says.
    assert {folder.name[:4] for folder in BAD} == set(CODES) - {"A012"}


def test_every_code_has_its_part_in_the_docs_and_no_other():
    text = (ROOT / "docs" / "errors.md").read_text("utf-8")
    parts = re.findall(r"^### ([A-Z]\d{3}) · (.+)$", text, flags=re.MULTILINE)
    assert dict(parts) == dict(CODES)
    assert [code for code, _ in parts] == list(CODES)


def test_a_byte_order_mark_is_fine(tmp_path, capsys, monkeypatch):
    shutil.copytree(HERE / "toy", tmp_path, dirs_exist_ok=True)
    rules = tmp_path / "rules" / "all.yaml"
    rules.write_bytes(b"\xef\xbb\xbf" + rules.read_bytes())
    monkeypatch.chdir(tmp_path)
    assert main(["check", "rules", "partners.yaml"]) == 0
    assert "0 problème" in capsys.readouterr().out


@pytest.mark.parametrize("folder", BAD, ids=lambda folder: folder.name)
def test_no_report_repeats_what_was_answered(folder):
    text = (folder / "expected.txt").read_text("utf-8")
    assert re.findall(r"Martin|beaucoup|douze|vendredi", text) == []
