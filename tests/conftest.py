"""Two ways to run the laws, few examples or thousands of new ones; and a way to run a command."""

import shutil
from importlib.util import find_spec
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from iscg_rules import Engine
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
    if is_whole_run(config):
        config.pluginmanager.register(ControlsRan(named_controls()))


def is_whole_run(config):
    """Tell whether every usual test is to run, as in `make test`; a worker tells its controller."""
    option = config.option
    chosen = ("keyword", "deselect", "ignore", "ignore_glob", "collectonly", "lf", "stepwise")
    is_chosen = any(getattr(option, name, None) for name in chosen)
    all_paths = config.args_source == config.ArgsSource.TESTPATHS
    is_worker = hasattr(config, "workerinput")
    return all_paths and option.markexpr == "not slow" and not is_chosen and not is_worker


def named_controls():
    """Give the tests that stand against a hazard in `safety/hazards.yaml`."""
    # Who runs one test does not wait for it.
    from iscg_rules.model.hazards import read_hazards  # noqa: PLC0415

    return read_hazards(Path(__file__).parents[1] / "safety" / "hazards.yaml", {}, []).named(
        "tests"
    )


class ControlsRan:
    """Fails a whole run in which a test that the safety case names did not run, or was skipped."""

    def __init__(self, named):
        self.named = named
        self.passed = set()
        self.others = set()
        self.missing = []

    def pytest_runtest_logreport(self, report):
        if report.outcome != "passed":
            self.others.add(report.nodeid)
        elif report.when == "call":
            self.passed.add(report.nodeid)

    def pytest_sessionfinish(self, session):
        from iscg_rules.safety.named_tests import named_but_not_run  # noqa: PLC0415 # the same

        self.missing = named_but_not_run(self.named, self.passed, self.others)
        if self.missing and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter):
        for name in self.missing:
            text = f"{name} tient un danger (safety/hazards.yaml) et n’est pas passé"
            terminalreporter.write_line(text, red=True)


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


@pytest.fixture
def toy(tmp_path, monkeypatch):
    """Lay the toy rules where they may be written to, and go there."""
    shutil.copytree(Path(__file__).parent / "toy", tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture(scope="session")
def engine():
    """The engine of the shipped rules; nothing can change it."""
    return Engine.load()
