"""Two ways to run the laws, few examples or thousands of new ones; and a way to run a command."""

import shutil
from importlib.util import find_spec
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from iscg_rules.cli import main

# INVARIANT: nothing is stored between runs, so that the fast set says the same on every machine.
settings.register_profile(
    "fast",
    max_examples=100,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile(
    "slow", settings.get_profile("fast"), max_examples=5_000, derandomize=False, print_blob=True
)


def pytest_configure(config):
    settings.load_profile("slow" if config.getoption("markexpr") == "slow" else "fast")


def pytest_collection_modifyitems(items):
    if find_spec("durable") is None:
        for item in items:
            if item.get_closest_marker("durable"):
                item.add_marker(pytest.mark.skip(reason="SANS durable-rules"))


def pytest_terminal_summary(terminalreporter):
    """Say loudly, and once, that the second evaluator has not been looked at."""
    if find_spec("durable") is None:
        text = "SANS durable-rules : les tests du second évaluateur ne sont PAS passés"
        terminalreporter.write_sep("*", text, red=True, bold=True)


@pytest.fixture
def said(capsys):
    """Run a command that goes well and give what it prints."""

    def run(*arguments):
        assert main(arguments) == 0
        return capsys.readouterr().out

    return run


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    """Lay a small set of rules with one territory where they may be written to."""
    shutil.copytree(Path(__file__).parent / "small_directory", tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path
