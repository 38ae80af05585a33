"""What an import costs is what it brings along: each command waits for what it needs only."""

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
EXAMPLE = ROOT / "examples" / "friday-night.yaml"
SLOW = ("oxidd", "polars", "pyarrow", "numpy", "pysat", "tqdm", "durable")
OTHER_WINGS = ("explain", "proof", "diff", "reports", "batch", "authoring", "schemas")


def modules_after(program):
    ran = subprocess.run(
        [sys.executable, "-c", f"{program}\nimport sys\nprint(*sys.modules, file=sys.stderr)"],
        check=True,
        capture_output=True,
        text=True,
    )
    return set(ran.stderr.split())


def test_importing_the_package_loads_nothing_of_it_yet():
    loaded = modules_after("import iscg_rules")
    assert {name for name in loaded if name.startswith("iscg_rules.")} == set()
    assert "pydantic" not in loaded


def test_recommend_loads_only_what_it_needs():
    loaded = modules_after(
        "from iscg_rules.cli import main\n"
        f"main(['recommend', {str(EXAMPLE)!r}, '--at', '2026-11-27T22:30'])"
    )
    assert loaded & {*SLOW, *(f"iscg_rules.{wing}" for wing in OTHER_WINGS)} == set()


@pytest.mark.parametrize("name", __import__("iscg_rules").__all__)
def test_every_public_name_is_found_when_it_is_asked_for(name):
    import iscg_rules  # noqa: PLC0415 # as an application would

    value = getattr(iscg_rules, name)
    # A union, as `Reachable`, has no name.
    assert getattr(value, "__name__", name) in (name, "Literal", "Union")
    assert name in dir(iscg_rules)


def test_the_version_is_said_once():
    import iscg_rules  # noqa: PLC0415 # as an application would

    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert iscg_rules.__version__ == project["version"]


def test_a_name_that_the_package_has_not_is_an_error():
    import iscg_rules  # noqa: PLC0415 # as an application would

    with pytest.raises(AttributeError, match="Motor"):
        _ = iscg_rules.Motor
