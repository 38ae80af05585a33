"""The Containerfile, read: `make lint` has hadolint look at the rest of it."""

import re
import tomllib
from pathlib import Path

from tools.hatch_build import CARRIED

ROOT = Path(__file__).parents[1]
LINES = (ROOT / "Containerfile").read_text("utf-8").replace("\\\n", " ").splitlines()
SENT = re.findall(r"^!(.+)$", (ROOT / ".dockerignore").read_text("utf-8"), re.MULTILINE)


def words_of(instruction):
    return [line.split()[1:] for line in LINES if line.startswith(f"{instruction} ")]


def test_what_is_copied_lies_here_and_is_sent():
    copied = {
        path
        for words in words_of("COPY")
        if not words[0].startswith("--from=")
        for path in words[:-1]
    }
    assert copied - {"."}
    assert copied - {".", *SENT} == set()
    assert [path for path in SENT if not (ROOT / path).exists()] == []


def test_all_that_a_wheel_is_made_of_is_sent():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    packages = project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
    hook = project["tool"]["hatch"]["metadata"]["hooks"]["custom"]["path"]
    made_of = {*packages, *project["project"]["license-files"], *CARRIED, hook}
    assert {"README.md", "pyproject.toml", *made_of} - {*SENT} == set()


def test_nothing_runs_as_root_or_on_whatever_is_the_latest():
    images = [words[0] for words in words_of("FROM")]
    assert [image for image in images if not re.search(r":\d", image)] == []
    user = words_of("USER")[-1][0]
    assert user.partition(":")[0].isdigit()
    assert int(user.partition(":")[0]) > 0
