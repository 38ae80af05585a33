"""The application of `examples/`: short, it runs, and a type checker sees what is misspelt."""

import os
import re
import runpy
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest

from iscg_rules import kinds
from iscg_rules.language.moments import PARIS

ROOT = Path(__file__).parents[1]
APPLICATION = ROOT / "examples" / "application.py"
FRIDAY = datetime(2026, 11, 27, 22, 30, tzinfo=PARIS)
SOURCE = APPLICATION.read_text("utf-8")
MISSPELT = {
    "a kind": ("kinds.EMERGENCY_SHELTER", "kinds.EMERGENCY_SHELTR"),
    "an urgency": ('"planned": "  "', '"plan": "  "'),
    "a field": ("why.sets", "why.set"),
    "a language": ('engine.form("fr")', 'engine.form("fra")'),
}


def complaints(command, path):
    done = subprocess.run(
        [*command, path],
        check=False,
        capture_output=True,
        text=True,
        cwd=path.parent,
        env={**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"},
    )
    return [line for line in done.stdout.splitlines() if re.search(r"\berror\b:", line)]


CHECKERS = {
    "mypy": (sys.executable, "-m", "mypy", "--strict", "--no-incremental"),
    "pyright": ("pyright",),
}


@pytest.fixture(scope="module")
def application():
    return runpy.run_path(str(APPLICATION))


def test_an_interview_ends_in_a_note(application, capsys):
    application["main"](["non", "pas de violence", "non"], FRIDAY)
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].endswith("questions en tout")
    assert "!  Mise à l’abri (115 ou antenne locale) → Le 115" in lines
    assert "[recommend · pays-de-saint-malo]" in lines
    # Consent was not asked: nothing is written that could be passed on.
    assert lines[-1] == "Demander d’abord l’accord de la personne avant de transmettre."


def test_it_is_sixty_lines_or_so():
    assert 50 <= len(SOURCE.splitlines()) <= 70


@pytest.mark.parametrize("checker", CHECKERS)
def test_a_type_checker_has_nothing_to_say_of_it(checker, tmp_path):
    path = tmp_path / "mine.py"
    path.write_text(SOURCE, "utf-8")
    assert complaints(CHECKERS[checker], path) == []


@pytest.mark.parametrize("checker", CHECKERS)
def test_a_type_checker_sees_what_is_misspelt(checker, tmp_path):
    path = tmp_path / "mine.py"
    text = SOURCE
    for right, wrong in MISSPELT.values():
        assert right in text
        text = text.replace(right, wrong)
    path.write_text(text, "utf-8")
    said = complaints(CHECKERS[checker], path)
    marked = {int(number) for line in said for number in re.findall(r"\.py:(\d+)", line)}
    wrong_lines = {
        number
        for number, line in enumerate(text.splitlines(), 1)
        for _, wrong in MISSPELT.values()
        if wrong in line
    }
    assert len(wrong_lines) == len(MISSPELT)
    assert wrong_lines - marked == set()


def test_every_kind_of_the_shipped_rules_has_a_name():
    from iscg_rules import Engine  # noqa: PLC0415 # as an application would

    names = {name: value for name, value in vars(kinds).items() if name.isupper()}
    assert [*names.values()] == [*Engine.load().rule_set.vocabulary.kinds]
    assert {name.lower() for name in names} == set(names.values())
