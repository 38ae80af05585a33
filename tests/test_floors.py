"""The floors of the package, read from its source: who imports whom, who touches the world."""

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "iscg_rules"
LONGEST_MODULE = 300

# Lowest first; a package stands for all of its modules. The floor that reads the files has steps.
FLOORS = {
    "0": ("errors",),
    "1a": ("_yaml",),
    "1b": ("_binding", "_documents"),
    "1c": ("_sources", "territories", "vocabulary"),
    "2": ("conditions", "moments", "situations"),
    "3": ("cases", "guarantees", "partners", "rules", "situation_model"),
    "4a": ("_answer_classes", "reference"),
    "4b": ("compiler",),
    "5": ("edits", "evaluators", "sufficiency", "support"),
    "6a": ("candidates", "changes", "diagrams", "recommendation"),
    "6aa": ("evidence", "explanation", "figures", "revision"),
    "6b": ("ranking",),
    "7": ("justification", "loading"),
    "7a": ("settling",),
    "7b": ("explaining", "interview"),
    "7c": ("comparison",),
    "8a": ("recommender",),
    "8": ("engine",),
    "8b": ("__init__",),
    "9": ("promises", "rendering", "schemas", "verdicts"),
    "9a": ("proof",),
    "9b": ("findings",),
    "10": ("batch",),
    "11": ("cli", "web"),
    "12": ("__main__",),
}
ORDER = {name: step for step, names in enumerate(FLOORS.values()) for name in names}
FLOOR_11 = ORDER["cli"]
ABOVE_FLOOR_3 = ORDER["reference"]

# Each third-party library has its place: a module, or a package; `*` is everywhere.
THIRD_PARTY = {
    "durable": {"evaluators.durable"},
    "numpy": {"batch"},
    "opening_hours": {"moments"},
    "oxidd": {"diagrams", "proof.amounts"},
    "pysat": {"proof.circuit"},
    "pydantic": {"*"},
    "pyarrow": {"batch"},
    "polars": {"batch"},
    "pydantic_core": {"_binding"},
    "pyspark": {"batch.spark"},
    "tqdm": {"batch", "cli"},
    "yaml": {"_yaml"},
}
# Below floor 11: no clock, network, environment, randomness, processes, and nothing printed.
WORLD_MODULES = {
    "asyncio", "getpass", "http", "logging", "random", "secrets", "socket", "socketserver", "ssl",
    "subprocess", "tempfile", "time", "urllib", "uuid",
}  # fmt: skip
WORLD_NAMES = {
    "date.today", "datetime.now", "datetime.today", "datetime.utcnow", "input", "os.environ",
    "os.getenv", "print", "sys.argv", "sys.exit", "sys.stderr", "sys.stdin", "sys.stdout",
}  # fmt: skip
# What becomes of many situations is written aside, then renamed: in one place.
MAY_WRITE = {"batch.journal"}
READING = {"open", ".open", ".read_bytes", ".read_text"}
WRITING = {".mkdir", ".rename", ".rmdir", ".touch", ".unlink", ".write_bytes", ".write_text"}
MUTABLE = (ast.List, ast.Dict, ast.Set, ast.ListComp, ast.DictComp, ast.SetComp)
CHANGING = {"add", "append", "clear", "extend", "insert", "pop", "setdefault", "update"}
MUTABLE_CALLS = {"defaultdict", "deque", "dict", "list", "set", "Counter", "OrderedDict"}


@dataclass(frozen=True)
class Module:
    """One source file, known by its dotted name within the package."""

    path: Path
    package: Path = PACKAGE

    @cached_property
    def name(self) -> str:
        parts = self.path.relative_to(self.package).with_suffix("").parts
        return ".".join(parts[:-1] if parts[-1] == "__init__" and len(parts) > 1 else parts)

    @cached_property
    def top(self) -> str:
        return self.name.split(".")[0]

    @cached_property
    def order(self) -> int:
        return ORDER[self.top]

    @cached_property
    def nodes(self) -> list[ast.AST]:
        return list(ast.walk(ast.parse(self.path.read_text(encoding="utf-8"))))

    def imports(self) -> Iterator[tuple[int, str]]:
        """Give each import as its line and dotted name: `iscg_rules.errors`, `yaml`."""
        for node in self.nodes:
            if isinstance(node, ast.Import):
                yield from ((node.lineno, alias.name) for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module == self.package.name:
                yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                yield node.lineno, "." * node.level + (node.module or "")

    def own_imports(self) -> Iterator[tuple[int, str]]:
        """Give each import from the package as its line and the top name on the other side."""
        for line, name in self.imports():
            first, *rest = name.split(".")
            if first == self.package.name:
                yield line, rest[0] if rest and rest[0] in ORDER else "__init__"

    def calls(self) -> Iterator[tuple[int, str, str]]:
        """Give each call as its line, the function called and the function that it stands in."""
        inside = {
            id(inner): node.name
            for node in self.nodes
            if isinstance(node, ast.FunctionDef)
            for inner in ast.walk(node)
        }
        for node in self.nodes:
            if isinstance(node, ast.Call):
                function = node.func
                called = dotted(function)
                if isinstance(function, ast.Attribute):
                    called = f".{function.attr}"
                yield node.lineno, called, inside.get(id(node), "")


MODULES = [Module(path) for path in sorted(PACKAGE.rglob("*.py"))]
each_module = pytest.mark.parametrize("module", MODULES, ids=lambda module: module.name)
each_module_below_11 = pytest.mark.parametrize(
    "module",
    [module for module in MODULES if ORDER.get(module.top, 0) < FLOOR_11],
    ids=lambda module: module.name,
)


def dotted(node: ast.AST) -> str:
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""


def upward_imports(module: Module) -> list[str]:
    return [
        f"line {line}: {module.name} imports {top}, which is not below"
        for line, top in module.own_imports()
        if top != module.top and ORDER[top] >= module.order
    ]


def relative_imports(module: Module) -> list[str]:
    return [f"line {line}: {name}" for line, name in module.imports() if name.startswith(".")]


def misplaced_libraries(module: Module) -> list[str]:
    others = [
        (line, name.split(".")[0])
        for line, name in module.imports()
        if name.split(".")[0] not in {*sys.stdlib_module_names, module.package.name, ""}
    ]
    return [
        f"line {line}: {name} has no business in {module.name}"
        for line, name in others
        if not THIRD_PARTY.get(name, set()) & {"*", module.top, module.name}
    ]


def yaml_above_floor_3(module: Module) -> list[str]:
    tops = [(line, top) for line, top in module.own_imports() if top == "_yaml"]
    return [f"line {line}: {top}" for line, top in tops if module.order >= ABOVE_FLOOR_3]


def worldly_imports(module: Module) -> list[str]:
    return [
        f"line {line}: {name}"
        for line, name in module.imports()
        if name.split(".")[0] in WORLD_MODULES
    ]


def worldly_names(module: Module) -> list[str]:
    found = [
        (node.lineno, dotted(node))
        for node in module.nodes
        if isinstance(node, (ast.Attribute, ast.Name))
    ]
    return [
        f"line {line}: {name}"
        for line, name in found
        if name in WORLD_NAMES or ".".join(name.split(".")[-2:]) in WORLD_NAMES
    ]


def stray_file_access(module: Module) -> list[str]:
    may_read = module.name in {"_yaml", "engine", *MAY_WRITE}
    return [
        f"line {line}: {called} in {function or 'the module itself'}"
        for line, called, function in module.calls()
        if (called in WRITING and module.name not in MAY_WRITE)
        or (called in READING and not may_read and not function.startswith("load_"))
    ]


def changed_names(module: Module) -> set[str]:
    stored = {
        dotted(node.value)
        for node in module.nodes
        if isinstance(node, ast.Subscript) and not isinstance(node.ctx, ast.Load)
    }
    called = {
        dotted(node.func.value)
        for node in module.nodes
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in CHANGING
    }
    return stored | called


def mutable_state(module: Module) -> list[str]:
    tree = ast.parse(module.path.read_text(encoding="utf-8"))
    assigned = [
        (
            node.lineno,
            ast.unparse(node.targets[0] if isinstance(node, ast.Assign) else node.target),
            node.value,
        )
        for node in tree.body
        if isinstance(node, (ast.Assign, ast.AnnAssign))
    ]
    # A table in capitals is a constant, as long as nothing is ever put into it.
    states = [
        f"line {line}: {name}"
        for line, name, value in assigned
        if name != "__all__"
        and not (name.isupper() and name not in changed_names(module))
        and (
            isinstance(value, MUTABLE)
            or (isinstance(value, ast.Call) and dotted(value.func) in MUTABLE_CALLS)
        )
    ]
    return states + [
        f"line {node.lineno}: global" for node in module.nodes if isinstance(node, ast.Global)
    ]


def test_every_module_has_a_floor():
    assert [module.name for module in MODULES if module.top not in ORDER] == []


@each_module
def test_imports_run_strictly_downwards(module):
    assert upward_imports(module) == []


@each_module
def test_imports_are_absolute(module):
    assert relative_imports(module) == []


@each_module
def test_each_third_party_library_stays_in_its_place(module):
    assert misplaced_libraries(module) == []


@each_module
def test_there_is_no_yaml_above_floor_3(module):
    assert yaml_above_floor_3(module) == []


@each_module
def test_no_module_outgrows_its_limit(module):
    lines = module.path.read_text(encoding="utf-8").count("\n")
    assert lines <= LONGEST_MODULE


@each_module_below_11
def test_no_clock_network_environment_or_randomness_below_floor_11(module):
    assert worldly_imports(module) + worldly_names(module) == []


@each_module_below_11
def test_files_are_read_only_while_loading_and_never_written(module):
    assert stray_file_access(module) == []


@each_module_below_11
def test_no_module_keeps_mutable_state(module):
    assert mutable_state(module) == []


BAD_SOURCES = [
    (upward_imports, "from iscg_rules.cli import main"),
    (upward_imports, "import iscg_rules.language.moments"),
    (upward_imports, "from iscg_rules import Engine"),
    (upward_imports, "from iscg_rules import engine"),
    (upward_imports, "def late():\n    from iscg_rules.engine import Engine"),
    (relative_imports, "from . import tree"),
    (relative_imports, "from ..errors import Place"),
    (misplaced_libraries, "import yaml"),
    (misplaced_libraries, "from durable.lang import ruleset"),
    (misplaced_libraries, "import numpy"),
    (worldly_imports, "import random"),
    (worldly_imports, "from time import time"),
    (worldly_imports, "import urllib.request"),
    (worldly_names, "print('x')"),
    (worldly_names, "import os\nx = os.environ['HOME']"),
    (worldly_names, "from datetime import datetime\nx = datetime.now()"),
    (worldly_names, "import datetime\nx = datetime.datetime.now()"),
    (stray_file_access, "def show(path):\n    return path.read_text()"),
    (stray_file_access, "def show(path):\n    return open(path).read()"),
    (stray_file_access, "def load_it(path):\n    path.write_text('x')"),
    (mutable_state, "seen = {}"),
    (mutable_state, "seen: set[str] = set()"),
    (mutable_state, "SEEN = {}\ndef note(name):\n    SEEN[name] = 1"),
    (mutable_state, "SEEN = []\ndef note(name):\n    SEEN.append(name)"),
    (mutable_state, "def note():\n    global seen\n    seen = 1"),
]


@pytest.mark.parametrize(("check", "source"), BAD_SOURCES)
def test_the_check_itself_sees_what_is_forbidden(check, source, tmp_path):
    path = tmp_path / "iscg_rules" / "conditions" / "bad.py"
    path.parent.mkdir(parents=True)
    path.write_text(source, encoding="utf-8")
    assert check(Module(path, package=tmp_path / "iscg_rules")) != []


def test_yaml_is_seen_above_floor_3(tmp_path):
    path = tmp_path / "iscg_rules" / "ranking.py"
    path.parent.mkdir()
    path.write_text("from iscg_rules.reading.yaml_nodes import Node", encoding="utf-8")
    assert yaml_above_floor_3(Module(path, package=tmp_path / "iscg_rules")) != []
