"""The floors of the package, read from its source: who imports whom, who touches the world."""

import ast
import re
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "iscg_rules"
LONGEST_MODULE = 300

# Lowest first; what stands on one floor imports nothing of that floor. Each folder has its order.
FLOORS = {
    "": (
        ("error_codes", "french_words", "kinds", "plain_letters", "release"),
        ("errors",),
        ("suggestions",),
        ("places", "reading"),
        ("language",),
        ("model",),
        ("recommend",),
        ("explain",),
        ("engine",),
        ("__init__",),
        ("authoring", "batch"),
        ("proof", "reports"),
        ("rendering",),
        ("transparency",),
        ("diff", "page"),
        ("directory", "rating", "review", "safety"),
        ("schemas",),
        ("workshop",),
        ("web",),
        ("cli",),
        ("__main__",),
    ),
    "places": (("departements",), ("communes",)),
    "reading": (
        ("entry_texts", "memory"),
        ("document_paths",),
        ("plain_text", "regular_files", "said_times", "usual_mistakes"),
        ("yaml_nodes",),
        ("yaml_texts",),
        ("yaml_pieces",),
        ("yaml_files",),
        ("documents",),
        ("expected_forms",),
        ("binding_problems",),
        ("binding",),
        ("cited_sources", "territories"),
    ),
    "language": (
        ("on_demand", "unchanging", "vocabulary"),
        ("condition_advice", "conditions", "moments"),
        ("closing_steps", "situations"),
        ("answer_checks",),
        ("closing", "truth_gates"),
        (
            "answer_classes",
            "closed_gates",
            "condition_parsing",
            "situation_model",
            "wording",
            "written_answers",
        ),
    ),
    "model": (
        ("closed_words", "identity", "scales", "written_communes"),
        ("accepted", "grounds", "hazards", "partners", "situation_files", "vocabulary_file"),
        ("guarantees",),
        ("rules",),
        ("answer_space", "cases", "fact_order", "question_objects", "rule_checks", "rule_parts"),
        ("rule_files",),
        ("files",),
        ("written_project",),
    ),
    "recommend": (
        (
            "accounts",
            "attribute_bits",
            "bit_tables",
            "closed_reference",
            "json_values",
            "kind_class",
            "late_fields",
            "notebook_table",
            "partner_choice",
            "questions",
            "note_lines",
            "sharing_texts",
            "standing",
        ),
        ("partner_card", "reference", "signed_results"),
        (
            "bitset",
            "cross_check",
            "durable",
            "evaluated_kinds",
            "outcome",
            "plans",
            "results",
            "stakes",
        ),
        ("ranking", "support"),
        ("open_questions",),
        ("lexicon",),
        ("form", "justification", "short_answer"),
        ("recommender",),
    ),
    "explain": (
        ("cubes", "decision_diagrams", "results", "sufficient_answers"),
        ("for_person", "questions_that_matter", "smallest_change"),
        ("explainer", "next_question"),
        ("two_situations",),
        ("explanations",),
    ),
    "authoring": (
        (
            "acceptance",
            "contact_checks",
            "key_reference",
            "kind_standing",
            "scores",
            "sketches",
            "territory_sketch",
            "vocabulary_sketch",
        ),
        ("case_verdicts",),
        ("first_case", "remarks"),
    ),
    "batch": (
        ("choice", "packed_bits"),
        ("circuit", "row_lists"),
        ("columns", "compiled_batch"),
        ("ranked_rows",),
        ("evaluated_table",),
        ("whole_tables",),
        ("__init__",),
        ("files", "spark"),
    ),
    "batch.choice": (("clock", "row_places"), ("opening_orders",), ("partners_by_scene",)),
    "batch.circuit": (("gates",), ("digits",), ("answer_bits",), ("program", "rules_as_gates")),
    "batch.columns": (
        ("arrow_buffers", "given_tables", "readable_texts"),
        ("column_checks",),
        ("answer_encoding",),
        ("row_moments",),
    ),
    "batch.files": (
        ("cell_decoding", "file_places", "output_files", "read_ahead", "text_lines"),
        ("numbered_rows", "run_folder"),
        ("csv_reader", "file_streams", "journal", "jsonl_reader"),
        ("input_files",),
        ("file_run",),
    ),
    "proof": (
        ("condition_paths", "kept_promises", "results", "solver"),
        ("findings",),
        ("cases",),
    ),
    "proof.solver": (
        ("gates",),
        ("situation_gates",),
        ("proven_outcome", "smallest_example"),
        ("outcome_differences",),
        ("proven_world",),
        ("witnesses",),
    ),
    "proof.findings": (
        ("breaches", "broken_promise", "examined_hours"),
        ("finding",),
        ("asker",),
        ("answer_groups",),
        (
            "answer_findings",
            "generalist_findings",
            "ground_findings",
            "kind_findings",
            "partner_findings",
            "possibility_findings",
            "promise_findings",
            "reach_findings",
            "rule_findings",
        ),
        ("all_findings",),
    ),
    "proof.cases": (
        ("drafted_case", "evaluated_cases", "expectable", "mutants"),
        ("missing_case",),
        ("coverage", "mutation"),
    ),
    "reports": (
        ("counting", "disclosure", "results", "samples"),
        ("partner_uses", "protection"),
        ("report",),
        ("replay",),
    ),
    "reports.samples": (("shares",), ("sample_files", "sampling")),
    "rendering": (
        ("escaping", "figures", "hours_in_words", "paragraphs"),
        ("words",),
        ("when",),
        (
            "check_calendar",
            "explanations",
            "full_text",
            "grid",
            "kind_names",
            "markdown",
            "person_account",
            "person_sheet",
            "referral",
            "report_page",
            "rulebook",
            "rulebook_site",
            "text",
        ),
    ),
    "review": (("results",), ("lost_guards", "sarif", "text"), ("reviewing",)),
    "transparency": (("results",), ("notice",), ("inventory", "text"), ("impact",)),
    "rating": (("kappa", "kit"), ("results", "sheets"), ("score", "text")),
    "safety": (("named_tests", "results"), ("controls", "text")),
    "diff": (
        ("results", "situation_classes", "treatment_changes", "united_rules"),
        ("amounts", "author_words", "shown_kinds", "touched_kinds"),
        ("phrasing", "rewording", "text"),
        ("example_replay",),
        ("revision",),
    ),
    "schemas": (("author_files", "checked_files"), ("__init__",)),
    "directory": (
        ("contacts", "texts", "yaml_lines"),
        ("taken_texts",),
        ("records",),
        ("areas_served", "kind_proposals", "record_files"),
        ("data_inclusion", "dila", "hsds", "nearness", "own_table", "proposals"),
        ("exported_partners", "importing", "joined_proposals", "partner_text", "review"),
        ("decisions", "to_data_inclusion", "to_hsds"),
    ),
    "page": (
        ("bare_code", "node_table", "opening_days", "packing", "page_files"),
        ("page_words", "results"),
        ("page_contents", "portable"),
        ("assembly",),
    ),
    "workshop": (
        ("lenient_words", "text_lines"),
        ("entry_blocks",),
        ("meanings",),
        ("author_files",),
        ("labels",),
        ("diagnostics", "file_keys", "proofs", "readings", "renaming", "sentences"),
        ("completions", "proof_worker"),
        ("fixes", "proof_process"),
        ("session",),
        ("marks", "told"),
        ("author_server",),
        ("answers",),
        ("server",),
    ),
    "web": (
        ("listening", "metrics", "refusals", "requests", "shelf"),
        ("endpoints", "guard"),
        ("description", "handlers", "served"),
        ("application",),
        ("__init__",),
    ),
    "cli": (
        (
            "days",
            "file_arguments",
            "grouped_findings",
            "new_words",
            "output_files",
            "printing",
            "revisions",
            "written_files",
        ),
        ("two_sides",),
        (
            "check",
            "evaluate",
            "export",
            "new",
            "recommend",
            "reference",
            "rulebook",
            "show",
            "situation_files",
            "sources",
            "try_cases",
        ),
        (
            "batch",
            "diff",
            "explain",
            "interview",
            "lsp",
            "page",
            "partner_files",
            "partner_questions",
            "report",
            "review",
            "rating",
            "safety",
            "serve",
            "transparency",
        ),
        ("partner_calendar", "partner_export", "partner_review"),
        ("partners",),
        ("explain_arguments",),
        ("parser",),
        ("__init__",),
    ),
}
# The floor of every room in its folder: `ORDER["batch"]["circuit"]` is 1.
ORDER = {
    folder: {room: floor for floor, rooms in enumerate(floors) for room in rooms}
    for folder, floors in FLOORS.items()
}
FOLDER_NAMES = {f"iscg_rules.{folder}".rstrip(".") for folder in FLOORS}
# From here on up, the world may be looked at: arguments, clock, files, network.
WORLDLY = ORDER[""]["workshop"]
ABOVE_MODEL = ORDER[""]["recommend"]

# Each third-party library has its place: a module, or a package; `*` is everywhere.
THIRD_PARTY = {
    "anyio": {"web"},
    "data_inclusion": {"directory"},
    "durable": {"recommend.durable"},
    "email_validator": {"directory"},
    "fastapi": {"web"},
    "ijson": {"directory"},
    "numpy": {"batch", "reports"},
    "openpyxl": {"directory"},
    "opening_hours": {"language.moments"},
    "oxidd": {"explain.decision_diagrams", "diff.amounts"},
    "phonenumbers": {"directory"},
    "lsprotocol": {"workshop"},
    "pygls": {"workshop"},
    "pysat": {"proof.solver.gates"},
    "pydantic": {"*"},
    "pyarrow": {"batch", "directory", "reports"},
    "polars": {"batch", "reports"},
    "prometheus_client": {"web.metrics"},
    "pydantic_core": {
        "language.situation_model",
        "reading.binding",
        "reading.binding_problems",
        "model.hazards",
        "web.refusals",
    },
    "pyspark": {"batch.spark"},
    "starlette": {"web"},
    "tqdm": {"batch", "cli"},
    "uvicorn": {"cli.serve"},
    "yaml": {"reading.yaml_nodes"},
}
# Below `cli`: no clock, network, environment, randomness, processes, and nothing printed.
WORLD_MODULES = {
    "asyncio", "getpass", "http", "logging", "random", "secrets", "socket", "socketserver", "ssl",
    "subprocess", "tempfile", "time", "urllib", "uuid",
}  # fmt: skip
WORLD_NAMES = {
    "date.today", "datetime.now", "datetime.today", "datetime.utcnow", "input", "os.environ",
    "os.getenv", "print", "sys.argv", "sys.exit", "sys.stderr", "sys.stdin", "sys.stdout",
}  # fmt: skip
# What becomes of many situations is written aside, then renamed: in one place.
MAY_WRITE = {"batch.files.journal", "batch.files.run_folder"}
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
        return ".".join(parts)

    @cached_property
    def top(self) -> str:
        return self.name.split(".")[0]

    @cached_property
    def order(self) -> int:
        return ORDER[""].get(self.top, 0)

    @cached_property
    def nodes(self) -> list[ast.AST]:
        return list(ast.walk(ast.parse(self.path.read_text(encoding="utf-8"))))

    def imports(self) -> Iterator[tuple[int, str]]:
        """Give each import as its line and dotted name: `iscg_rules.errors`, `yaml`."""
        for node in self.nodes:
            if isinstance(node, ast.Import):
                yield from ((node.lineno, alias.name) for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module in FOLDER_NAMES:
                yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                yield node.lineno, "." * node.level + (node.module or "")

    def own_imports(self) -> Iterator[tuple[int, str]]:
        """Give each import from the package as its line and the module on the other side."""
        for line, name in self.imports():
            first, *rest = name.split(".")
            if first == self.package.name:
                yield line, ".".join(rest)

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
each_module_below_the_world = pytest.mark.parametrize(
    "module",
    [module for module in MODULES if module.order < WORLDLY],
    ids=lambda module: module.name,
)


def dotted(node: ast.AST) -> str:
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""


def rooms_that_meet(one: str, other: str) -> tuple[str, str, str]:
    """Give the innermost folder that holds two modules, and in which of its rooms each stands.

    `batch.circuit.gates` and `batch.choice.clock` meet in `batch`, as `circuit` and `choice`.
    """
    own, theirs = one.split("."), other.split(".") if other else []
    depth = 0
    while own[: depth + 1] == theirs[: depth + 1] and depth + 1 < len(own):
        depth += 1
    inside = ".".join(own[:depth])
    # What is no room is a name of the package itself.
    there = theirs[depth] if len(theirs) > depth else "__init__"
    return inside, own[depth], there if there in ORDER.get(inside, {}) else "__init__"


def upward_imports(module: Module) -> list[str]:
    found = []
    for line, name in module.own_imports():
        folder, here, there = rooms_that_meet(module.name, name)
        floors = ORDER.get(folder, {})
        # A folder without an order of its own may hold one module only.
        if floors.get(there, -1) >= floors.get(here, 0):
            found.append(f"line {line}: {module.name} imports {name}, which is not below")
    return found


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


def yaml_above_the_model(module: Module) -> list[str]:
    named = [(line, name) for line, name in module.own_imports() if "yaml_nodes" in name]
    return [f"line {line}: {name}" for line, name in named if module.order >= ABOVE_MODEL]


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
    may_read = module.name in {"reading.yaml_nodes", *MAY_WRITE}
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


def rooms_of(folder: Path) -> set[str]:
    entries = {path.relative_to(folder).parts[0] for path in folder.rglob("*.py")}
    return {entry.removesuffix(".py") for entry in entries}


FOLDERS = [PACKAGE, *sorted(path for path in PACKAGE.rglob("*") if path.is_dir())]


@pytest.mark.parametrize(
    "folder", [folder for folder in FOLDERS if rooms_of(folder)], ids=lambda folder: folder.name
)
def test_every_room_of_every_folder_has_its_floor(folder):
    name = ".".join(folder.relative_to(PACKAGE).parts)
    floors = ORDER.get(name, {})
    assert rooms_of(folder) - {"__init__"} == floors.keys() - {"__init__"}


CAP_WORDS = re.compile(r"_?[A-Z][A-Za-z0-9]*[a-z][A-Za-z0-9]*")


def class_names(module: Module) -> list[str]:
    """Give the classes and aliases of a module, without a leading underscore."""
    aliases = [
        (node.targets[0] if isinstance(node, ast.Assign) else node.target, node.value)
        for node in module.nodes
        if isinstance(node, (ast.Assign, ast.AnnAssign))
    ]
    # A type variable is no name of anything: it stands for whatever its function is given.
    names = [
        dotted(target)
        for target, value in aliases
        if not (isinstance(value, ast.Call) and dotted(value.func) == "TypeVar")
    ]
    names += [node.name for node in module.nodes if isinstance(node, ast.ClassDef)]
    return [name.lstrip("_") for name in names if CAP_WORDS.fullmatch(name)]


def test_no_class_has_the_name_of_another():
    counts = Counter(name for module in MODULES for name in class_names(module))
    assert {name for name, count in counts.items() if count > 1} == set()


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
def test_there_is_no_yaml_above_the_model(module):
    assert yaml_above_the_model(module) == []


@each_module
def test_no_module_outgrows_its_limit(module):
    lines = module.path.read_text(encoding="utf-8").count("\n")
    assert lines <= LONGEST_MODULE


@each_module_below_the_world
def test_no_clock_network_environment_or_randomness_below_the_command_line(module):
    assert worldly_imports(module) + worldly_names(module) == []


@each_module_below_the_world
def test_files_are_read_only_while_loading_and_never_written(module):
    assert stray_file_access(module) == []


@each_module_below_the_world
def test_no_module_keeps_mutable_state(module):
    assert mutable_state(module) == []


BAD_SOURCES = [
    (upward_imports, "from iscg_rules.cli import main"),
    (upward_imports, "import iscg_rules.language.moments"),
    (upward_imports, "from iscg_rules.language import wording"),
    (upward_imports, "from iscg_rules.language.moments import PARIS"),
    (upward_imports, "import iscg_rules.language.conditions"),
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
    (class_names, "class _Region:\n    pass"),
    (class_names, "if True:\n    Region = tuple[int, ...]"),
    (class_names, "Region: object = int"),
]


@pytest.mark.parametrize(("check", "source"), BAD_SOURCES)
def test_the_check_itself_sees_what_is_forbidden(check, source, tmp_path):
    path = tmp_path / "iscg_rules" / "language" / "conditions.py"
    path.parent.mkdir(parents=True)
    path.write_text(source, encoding="utf-8")
    assert check(Module(path, package=tmp_path / "iscg_rules")) != []


def test_yaml_is_seen_above_the_model(tmp_path):
    path = tmp_path / "iscg_rules" / "recommend" / "ranking.py"
    path.parent.mkdir(parents=True)
    path.write_text("from iscg_rules.reading.yaml_nodes import Node", encoding="utf-8")
    assert yaml_above_the_model(Module(path, package=tmp_path / "iscg_rules")) != []
