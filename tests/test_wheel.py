"""The package as `pip install` gives it: built, put into an empty environment, used elsewhere."""

import re
import subprocess
import sys
import tomllib
import venv
import zipfile
from email import message_from_string
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def run(*command, cwd):
    return subprocess.run(
        list(map(str, command)), check=True, capture_output=True, encoding="utf-8", cwd=cwd, env={}
    ).stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    target = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", target, ROOT]
    run(*build, cwd=target)
    return next(target.glob("*.whl"))


@pytest.fixture(scope="module")
def home(wheel, tmp_path_factory):
    """Give an environment with the wheel and nothing of the checkout; libraries are lent to it."""
    folder = tmp_path_factory.mktemp("elsewhere")
    venv.create(folder / "env", with_pip=False)
    site = next((folder / "env" / "lib").glob("python3.*/site-packages"))
    here = run(
        sys.executable,
        "-c",
        "import yaml, os; print(os.path.dirname(yaml.__path__[0]))",
        cwd=folder,
    ).strip()
    # Only the libraries: the editable checkout works through a .pth file, which is not read here.
    (site / "_lent.pth").write_text(f"import sys; sys.path.append({here!r})\n", "utf-8")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    return folder


def test_the_wheel_carries_rules_partners_cases_and_types(wheel):
    names = set(zipfile.ZipFile(wheel).namelist())
    shipped = {
        f"iscg_rules/data/{path.relative_to(ROOT).as_posix()}"
        for folder in ("rules", "territories", "safety", "schemas", "partners.yaml")
        for path in [*(ROOT / folder).rglob("*.[yj]*"), *ROOT.glob(folder)]
        if path.is_file()
    }
    assert shipped | {"iscg_rules/py.typed"} <= names
    assert [name for name in names if name.startswith("tests/")] == []


@pytest.fixture(scope="module")
def metadata(wheel):
    archive = zipfile.ZipFile(wheel)
    name = next(name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
    return message_from_string(archive.read(name).decode())


def test_the_wheel_carries_both_licences_with_their_texts(wheel, metadata):
    assert metadata["License-Expression"] == "Apache-2.0 AND etalab-2.0"
    assert metadata.get_all("License-File") == ["LICENSE", "LICENSE-RULES"]
    archive = zipfile.ZipFile(wheel)
    texts = [
        archive.read(name).decode()
        for name in sorted(archive.namelist())
        if ".dist-info/licenses/" in name
    ]
    assert ["Apache License" in text for text in texts] == [True, False]
    assert ["LICENCE OUVERTE 2.0" in text for text in texts] == [False, True]


def test_a_plain_install_needs_no_compiler(metadata):
    plain = [one for one in metadata.get_all("Requires-Dist") if "extra ==" not in one]
    names = [re.split(r"[^A-Za-z0-9-]", one)[0] for one in plain]
    assert names == ["opening-hours-py", "pydantic", "pyyaml", "tzdata"]
    assert {"all", "batch", "durable", "interview", "proof"} <= set(
        metadata.get_all("Provides-Extra")
    )


def test_the_wheel_says_who_where_and_for_which_pythons(metadata):
    assert metadata["Author"]
    urls = dict(url.split(", ") for url in metadata.get_all("Project-URL"))
    assert set(urls) == {"Repository", "Documentation", "Changelog", "Security"}
    versions = {f"Programming Language :: Python :: 3.{minor}" for minor in (11, 12, 13, 14)}
    assert versions <= set(metadata.get_all("Classifier"))


def test_the_readme_holds_away_from_the_repository(metadata):
    links = re.findall(r"\]\(([^)]+)\)", metadata.get_payload())
    assert [link for link in links if not link.startswith(("https://", "#"))] == []
    assert len(links) > 10


def test_the_engine_loads_from_any_directory(home):
    program = (
        "import iscg_rules\n"
        "got = iscg_rules.Engine.load().recommend({'immediate_danger': 'yes'}, at=None)\n"
        "print(iscg_rules.__file__)\n"
        "print(got.orientations[0].partner.contact['phone'])\n"
    )
    where, phone = run(home / "env/bin/python", "-c", program, cwd=home).splitlines()
    assert where.startswith(str(home))
    assert phone == "17"


def test_the_command_replays_the_cases_that_it_carries(home):
    command = (home / "env/bin/python", "-m", "iscg_rules", "test", "--territory", "rennes")
    done = run(*command, cwd=home)
    assert done.endswith("tous obtiennent ce qu'ils attendent\n")


def test_the_command_is_declared(wheel):
    archive = zipfile.ZipFile(wheel)
    entries = next(name for name in archive.namelist() if name.endswith("entry_points.txt"))
    assert "iscg-rules = iscg_rules.cli:main" in archive.read(entries).decode()


def test_everything_that_pyproject_asks_for_is_locked():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    lock = (ROOT / "requirements.lock").read_text("utf-8")
    locked = set(re.findall(r"^([a-z0-9-]+)==", lock, re.MULTILINE))
    extras = project["project"]["optional-dependencies"]
    asked = project["project"]["dependencies"] + project["dependency-groups"]["dev"]
    asked += [one for name, extra in extras.items() if name != "all" for one in extra]
    names = {re.split(r"[^A-Za-z0-9-]", one)[0].lower() for one in asked}
    assert names - locked == set()
    assert lock.count("--hash=") >= len(locked) > len(names)
