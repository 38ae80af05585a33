"""A file with a million mistakes: the first are told, the rest is counted, and it takes no hour."""

import shutil
import time
from pathlib import Path

import pytest

from iscg_rules import Engine
from iscg_rules.cli import main
from iscg_rules.errors import IscgError, Noted, Problem

TOY = Path(__file__).parent / "toy"
RULE = (
    "  - id: x{0}\n    wen: {{dangr{0}: yes}}\n    orient:\n"
    "      - {{to: polise{0}, urgency: nowadays, strength: must, sharing: perill}}\n"
)
WRONG = {
    "rules": ("rules:\n", RULE, ""),
    "doubled keys": ("", "a: 1\n", ""),
    "no rules": ("rules: [", "a,", "]"),
    "unknown words": ("rules:\n  - {{id: y, when: {{any: [", "{{dangr{0}: yes}},", "]}}}}"),
    "odd texts": ("rules: [", '"a\\n",', "]"),
    "anchors": ("rules: [", "&a b,", "]"),
}


def write(folder, shape, size):
    shutil.copytree(TOY, folder, dirs_exist_ok=True)
    before, part, after = WRONG[shape]
    count = size // len(part)
    text = before.format() + "".join(map(part.format, range(count))) + after.format()
    (folder / "rules" / "wrong.yaml").write_text(text)
    return count


@pytest.mark.parametrize("shape", WRONG)
def test_many_problems_are_told_in_part_and_counted(shape, tmp_path, capsys):
    count = write(tmp_path, shape, 200_000)
    begun = time.perf_counter()
    with pytest.raises(IscgError) as raised:
        Engine.load(tmp_path / "rules", tmp_path / "partners.yaml")
    assert main(["check", str(tmp_path / "rules"), str(tmp_path / "partners.yaml")]) == 1
    assert time.perf_counter() - begun < 30
    assert len(str(raised.value)) < 40_000
    said = capsys.readouterr().out
    assert len(said) < 40_000
    # Nothing is built upon anchors: the file is read no further.
    assert raised.value.count >= (20 if shape == "anchors" else count - 1)
    assert (raised.value.problems[-1].code == "A008") is (shape != "anchors")


@pytest.mark.slow
@pytest.mark.parametrize("shape", WRONG)
def test_the_largest_file_of_problems_is_read_in_a_minute(shape, tmp_path):
    write(tmp_path, shape, 7_900_000)
    begun = time.perf_counter()
    with pytest.raises(IscgError) as raised:
        Engine.load(tmp_path / "rules", tmp_path / "partners.yaml")
    assert time.perf_counter() - begun < 120
    assert len(str(raised.value)) < 40_000


def problems(count, start=0):
    return [Problem("S001", f"clé inconnue `{number}`") for number in range(start, start + count)]


@pytest.mark.parametrize(
    ("count", "told", "last"),
    [(1, 1, "S001"), (100, 100, "S001"), (101, 101, "A008"), (5_000, 101, "A008")],
)
def test_a_hundred_are_told_and_the_rest_is_counted(count, told, last):
    for given in (problems(count), Noted(problems(count))):
        error = IscgError(given)
        assert (len(error.problems), error.count) == (told, count)
        assert error.problems[-1].code == last
    assert str(error.problems[-1]).startswith("A008") is (last == "A008")
    assert (f"{count - 100} autre" in str(error)) is (last == "A008")


def test_what_is_only_counted_is_counted_once_however_it_is_passed_on():
    first = Noted(problems(1_500))
    second = Noted()
    second += first
    second.extend(problems(10, 2_000))
    assert (len(first), first.more, len(second), second.more) == (1_000, 500, 1_000, 510)
