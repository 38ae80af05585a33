"""Change the package in one small way at a time, and see whether a test notices.

    python tools/mutation.py PART [--only MODULE] [--most N] [--examples N] [--into FOLDER]

Each change is made in a copy of the tree, and the few test files of its part run against it until
the first that fails. Where a module has more changes than `--most`, a sample is run, the same one
for the same seed. Results are kept in `FOLDER/PART.jsonl`, and what is there is not run again; a
change that survived is run again with `--again`. `docs/tests.md` says what was found.
"""

import argparse
import ast
import gc
import json
import os
import random
import shutil
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
COPIED = ("iscg_rules", "tests", "rules", "territories", "examples", "schemas", "docs")
FILES = ("partners.yaml", "pyproject.toml", "README.md")
# Loaded once, in the parent; not what pytest itself must load first.
HEAVY = (
    "pydantic",
    "yaml",
    "numpy",
    "pyarrow.parquet",
    "polars",
    "pytest",
    "pysat.solvers",
    "hypothesis",
)
LAWS = "tests/laws/"

# Part → its modules, and the tests that ought to notice, the quickest first.
PARTS = {
    "disclosure": (
        ["reports/protection", "reports/disclosure"],
        ["tests/test_disclosure.py", LAWS + "test_reports.py"],
    ),
    "counting": (["reports/counting"], [LAWS + "test_counting.py"]),
    "report": (["reports/report"], [LAWS + "test_counting.py", "tests/test_report.py"]),
    "replay": (["reports/replay"], [LAWS + "test_counting.py", "tests/test_replay.py"]),
    "journal": (["batch/files/journal"], [LAWS + "test_journal.py"]),
    "findings": (["proof/findings/*"], [LAWS + "test_proof.py", "tests/test_proof.py"]),
    "recommend": (
        ["recommend/*"],
        [
            "tests/test_engine.py",
            LAWS + "test_sharing.py",
            LAWS + "test_meaning.py",
            LAWS + "test_evaluators_agree.py",
        ],
    ),
    "explain": (
        ["explain/*"],
        ["tests/test_interview.py", LAWS + "test_explanations.py", LAWS + "test_searches.py"],
    ),
}

# Module → its own tests, where those of its part take minutes. Quick ones first.
ENGINE, CANDIDATES = "tests/test_engine.py", "tests/test_candidates.py"
INTERVIEW, EXPLAINING = "tests/test_interview.py", "tests/test_explaining.py"
MEANING, AGREE = LAWS + "test_meaning.py", LAWS + "test_evaluators_agree.py"
OUTCOME, SHARING = LAWS + "test_outcome.py", LAWS + "test_sharing.py"
OPEN, SETTLED = LAWS + "test_open_questions.py", LAWS + "test_settled.py"
SEARCHES, EXPLANATIONS = LAWS + "test_searches.py", LAWS + "test_explanations.py"
NEAR = {
    "recommend/accounts": [ENGINE, MEANING],
    "recommend/bit_tables": [AGREE],
    "recommend/bitset": [AGREE],
    "recommend/closed_reference": [LAWS + "test_closing.py"],
    "recommend/cross_check": [ENGINE, "tests/test_durable.py"],
    "recommend/durable": ["tests/test_durable.py", AGREE],
    "recommend/evaluated_kinds": [MEANING],
    "recommend/justification": [ENGINE, SHARING, OPEN],
    "recommend/late_fields": ["tests/test_pickled.py", LAWS + "test_late_results.py"],
    "recommend/lexicon": [ENGINE, EXPLAINING],
    "recommend/open_questions": [INTERVIEW, SETTLED, OPEN],
    "recommend/outcome": [OUTCOME],
    "recommend/partner_choice": [CANDIDATES],
    "recommend/ranking": [ENGINE, MEANING],
    "recommend/recommender": [CANDIDATES, ENGINE],
    "recommend/reference": [MEANING, AGREE],
    "recommend/short_answer": ["tests/test_short_answer.py"],
    "recommend/standing": [OUTCOME],
    "recommend/support": [MEANING, OPEN],
    "explain/cubes": [SEARCHES],
    "explain/decision_diagrams": [INTERVIEW, SETTLED, OUTCOME],
    "explain/explainer": [EXPLAINING, EXPLANATIONS],
    "explain/explanations": [EXPLAINING, EXPLANATIONS],
    "explain/next_question": [INTERVIEW, OPEN],
    "explain/questions_that_matter": [INTERVIEW, SETTLED],
    "explain/smallest_change": [SEARCHES, EXPLANATIONS],
    "explain/sufficient_answers": [SEARCHES],
    "explain/two_situations": [EXPLAINING, EXPLANATIONS],
}

SWAPS = (
    (ast.Lt, ast.LtE),
    (ast.Gt, ast.GtE),
    (ast.Eq, ast.NotEq),
    (ast.In, ast.NotIn),
    (ast.Is, ast.IsNot),
    (ast.And, ast.Or),
    (ast.Add, ast.Sub),
    (ast.BitAnd, ast.BitOr),
)
SWAPPED = dict(SWAPS) | {other: one for one, other in SWAPS}
OPPOSITE = {"min": "max", "max": "min", "any": "all", "all": "any"}
# Types say nothing at run time, and messages are kept by tests of their own.
LEFT_ALONE = {"annotation", "returns", "decorator_list"}
Edit = Callable[[], None]


def edits(node: ast.AST) -> Iterator[tuple[int, str, Edit]]:
    """Give each change that can be made inside a node: its line, what it is, and how to make it."""
    for name, value in ast.iter_fields(node):
        if name in LEFT_ALONE or isinstance(node, ast.Assert | ast.Raise):
            continue
        children = enumerate(value) if isinstance(value, list) else [(None, value)]
        for place, child in children:
            for said, made in _instead_of(node, name, child):
                line = getattr(child, "lineno", getattr(node, "lineno", 0))
                yield line, said, _putting(node, name, place, made)
            if isinstance(child, ast.AST):
                yield from edits(child)


def _putting(node: ast.AST, name: str, place: int | None, made: ast.AST) -> Edit:
    def put() -> None:
        if place is None:
            setattr(node, name, made)
        else:
            getattr(node, name)[place] = made

    return put


def _instead_of(  # noqa: C901, PLR0912 # one case for each way to change a program
    parent: ast.AST, name: str, child: object
) -> Iterator[tuple[str, ast.AST]]:
    """Give what may stand in the place of one child, and what to call it."""
    match child:
        case ast.operator() | ast.cmpop() | ast.boolop() if type(child) in SWAPPED:
            other = SWAPPED[type(child)]
            yield f"{type(child).__name__} -> {other.__name__}", other()
        case ast.BoolOp(values=parts):
            for part in parts:
                rest = [one for one in parts if one is not part]
                text = f"without `{ast.unparse(part)}`"
                yield text, rest[0] if len(rest) == 1 else ast.BoolOp(child.op, rest)
        case ast.UnaryOp(op=ast.Not() | ast.USub() | ast.Invert(), operand=operand):
            yield f"without {type(child.op).__name__}", operand
        case ast.Constant(value=bool(value)):
            yield f"{value} -> {not value}", ast.Constant(not value)
        case ast.Constant(value=int(value)):
            yield f"{value} -> {value + 1}", ast.Constant(value + 1)
            if value > 0:
                yield f"{value} -> {value - 1}", ast.Constant(value - 1)
        case ast.Name(id=called) if called in OPPOSITE and isinstance(parent, ast.Call):
            yield f"{called} -> {OPPOSITE[called]}", ast.Name(OPPOSITE[called], ast.Load())
        case ast.Return(value=ast.expr() as value) if ast.unparse(value) != "None":
            yield f"`{ast.unparse(child)}` -> None", ast.Return(ast.Constant(None))
        case ast.Expr(value=ast.Constant()):
            return
        case ast.Expr() | ast.AugAssign() | ast.Raise() | ast.Continue() | ast.Break():
            yield f"without `{ast.unparse(child)}`", ast.Pass()
        case ast.Assign(targets=[ast.Attribute() | ast.Subscript()]):
            yield f"without `{ast.unparse(child)}`", ast.Pass()
        case ast.Name() | ast.Call() | ast.Attribute() if name in {"test", "ifs"}:
            yield f"not `{ast.unparse(child)}`", ast.UnaryOp(ast.Not(), child)


def changes(source: str) -> list[tuple[int, str, str]]:
    """Give every change of a source: its line, what it is, and the source after it."""
    found = []
    for number, (line, said, _) in enumerate(edits(ast.parse(source))):
        tree = ast.parse(source)
        list(edits(tree))[number][2]()
        found.append((line, said, ast.unparse(ast.fix_missing_locations(tree))))
    return found


def run(folder: Path, tests: list[str], limit: float, examples: int = 100) -> tuple[str, float]:
    """Run tests in a copy of the tree; say whether they failed, passed or went on for too long."""
    begun, child = time.monotonic(), os.fork()
    if child == 0:
        _run_here(folder, tests, examples)
    while time.monotonic() - begun < limit:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            code = os.waitstatus_to_exitcode(status)
            return ("survived" if code == 0 else "killed"), time.monotonic() - begun
        time.sleep(0.02)
    os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return "timeout", time.monotonic() - begun


class Unshrunk:
    """That a law fails is enough here: few examples, and no smaller one is looked for."""

    def __init__(self, examples: int) -> None:
        self._examples = examples

    def pytest_collection(self) -> None:
        """Speak before any test is imported, and after `tests/conftest.py`."""
        from hypothesis import Phase, settings  # noqa: PLC0415 # pytest must load it first

        given = {"phases": (Phase.explicit, Phase.generate), "max_examples": self._examples}
        settings.register_profile("unshrunk", settings.default, **given)
        settings.load_profile("unshrunk")

    def pytest_collection_modifyitems(self, items: list[Any]) -> None:
        """Draw as few where a law names a number of its own."""
        from hypothesis import settings  # noqa: PLC0415 # as above

        for law in {getattr(item, "obj", None) for item in items}:
            own = getattr(law, "_hypothesis_internal_use_settings", None)
            if own and own.max_examples > self._examples:
                few = settings(own, max_examples=self._examples)
                law._hypothesis_internal_use_settings = few  # noqa: SLF001 # it has no other name


def _run_here(folder: Path, tests: list[str], examples: int) -> None:
    import pytest  # noqa: PLC0415 # in the child, beside what it runs

    code = 70
    os.setsid()
    os.chdir(folder)
    with (folder / "last.log").open("w") as log:
        for stream in (1, 2):
            os.dup2(log.fileno(), stream)
    sys.path.insert(0, str(folder))
    there = [test for test in tests if (folder / test.partition("::")[0]).exists()]
    # What is loaded before pytest is not told better where it fails: that it fails is enough.
    quiet = [
        "-x",
        "-q",
        "-p",
        "no:cacheprovider",
        "-W",
        "ignore::pytest.PytestAssertRewriteWarning",
    ]
    try:
        code = int(pytest.main([*quiet, *there], [Unshrunk(examples)]))
    finally:
        # Not `sys.exit`: what the parent has open must not be closed twice.
        os._exit(code)


def main() -> None:
    """Run what is not run yet and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("part", choices=PARTS)
    parser.add_argument("--only", default="", help="modules whose name holds this")
    parser.add_argument("--most", type=int, default=60, help="changes of each module")
    parser.add_argument("--examples", type=int, default=100, help="examples of each law")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--into", type=Path, default=ROOT / ".mutation")
    parser.add_argument("--again", action="store_true", help="run survivors again")
    parser.add_argument("--table", action="store_true", help="run nothing")
    given = parser.parse_args()
    given.into.mkdir(exist_ok=True)
    kept = given.into / f"{given.part}.jsonl"
    lines = kept.read_text("utf-8").splitlines() if kept.exists() else []
    known = {(one["module"], one["line"], one["said"]): one for one in map(json.loads, lines)}
    patterns, tests = PARTS[given.part]
    every = sorted(path for one in patterns for path in ROOT.glob(f"iscg_rules/{one}.py"))
    paths = [path for path in every if given.only in path.stem]
    if not given.table:
        with kept.open("a", encoding="utf-8") as file:
            for result in _results(given, paths, tests, known):
                file.write(json.dumps(result) + "\n")
                file.flush()
                known[result["module"], result["line"], result["said"]] = result
    _print(known)


def _results(
    given: argparse.Namespace, paths: list[Path], tests: list[str], known: dict
) -> Iterator[dict[str, object]]:
    folder = given.into / given.part
    shutil.rmtree(folder, ignore_errors=True)
    for name in COPIED:
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / name, folder / name, ignore=ignored)
    for name in FILES:
        shutil.copy(ROOT / name, folder)
    for name in HEAVY:
        __import__(name)
    gc.freeze()
    usual: dict[tuple[str, ...], float] = {}
    for path in paths:
        module = str(path.relative_to(ROOT / "iscg_rules"))
        near = NEAR.get(module.removesuffix(".py"), tests)
        if tuple(near) not in usual:
            # Bytecode of the tree as it is may stay; none of a change may outlive it.
            os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
            sys.dont_write_bytecode = False
            said, usual[tuple(near)] = run(folder, near, 600, given.examples)
            assert said == "survived", (folder / "last.log").read_text("utf-8")
            os.environ["PYTHONDONTWRITEBYTECODE"], sys.dont_write_bytecode = "1", True
        limit = 3 * usual[tuple(near)] + 10
        source, target = path.read_text("utf-8"), folder / path.relative_to(ROOT)
        every = changes(source)
        draw = random.Random(f"{given.seed} {module}")  # noqa: S311 # no secret
        for line, what, changed in sorted(draw.sample(every, min(given.most, len(every)))):
            before = known.get((module, line, what), {}).get("result")
            if before and not (given.again and before == "survived"):
                continue
            target.write_text(changed, "utf-8")
            result, took = run(folder, near, limit, given.examples)
            target.write_text(source, "utf-8")
            report = {"module": module, "line": line, "said": what, "result": result}
            yield {**report, "of": len(every), "seconds": round(took, 1)}


def _print(known: dict) -> None:
    modules = Counter((one["module"], one["result"]) for one in known.values())
    for module in sorted({name for name, _ in modules}):
        run_, survived = sum(n for (m, _), n in modules.items() if m == module), 0
        survived = modules[module, "survived"]
        every = next(one["of"] for one in known.values() if one["module"] == module)
        print(f"{module}: {run_} of {every} run, {run_ - survived} noticed, {survived} survived")
    for one in known.values():
        if one["result"] == "survived":
            print(f"  {one['module']}:{one['line']}: {one['said']}")


if __name__ == "__main__":
    main()
