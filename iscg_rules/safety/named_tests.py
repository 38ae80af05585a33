"""Tests by their names: whether one exists, and whether it ran."""

import ast
from collections.abc import Collection, Iterable
from pathlib import Path

from iscg_rules.reading.regular_files import load_regular

__all__ = ["load_test_names", "named_but_not_run"]


def load_test_names(root: Path, names: Iterable[str]) -> frozenset[str]:
    """Return those of the names that some file under a root defines; no test is run.

    A test marked `slow` is left out: no usual run would see it fail.
    """
    files = sorted({name.partition("::")[0] for name in names})
    return frozenset(f"{file}::{test}" for file in files for test in _tests_of(root / file))


def _tests_of(path: Path) -> Iterable[str]:
    try:
        with load_regular(path) as file:
            module = ast.parse(file.read())
    except (OSError, SyntaxError, ValueError):
        return
    for node in module.body:
        if isinstance(node, ast.FunctionDef) and "mark.slow" not in "".join(
            ast.unparse(decorator) for decorator in node.decorator_list
        ):
            yield node.name


def named_but_not_run(
    named: Collection[str], passed: Iterable[str], others: Iterable[str]
) -> list[str]:
    """Return the named tests that did not pass in a run, in order.

    Args:
        named: tests without what they were parametrized with.
        passed: node ids that passed, as pytest gives them.
        others: node ids that were skipped or failed: with one of these, its test did not run.
    """
    ran, missed = {_test_of(node) for node in passed}, {_test_of(node) for node in others}
    return sorted(name for name in named if name not in ran or name in missed)


def _test_of(node: str) -> str:
    """Return the test of a node id: `tests/test_a.py::test_b[1]@group` is `…::test_b`."""
    return node.partition("[")[0].partition("@")[0]
