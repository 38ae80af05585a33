"""The README and the tutorials, followed to the letter in a copy of the project.

A block `yaml` after `<!-- write: FILE -->` is written to FILE. In a block `console`, lines after
`$ ` are commands and the rest is what they print. A block `python` runs, all of a page in one
program; the block `text` after `<!-- prints -->` is what it prints.
`REWRITE=1 pytest tests/test_docs.py` writes the outputs anew: read the difference line by line.
"""

import contextlib
import io
import os
import re
import shutil
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest

from iscg_rules import Engine
from iscg_rules.cli import main
from iscg_rules.cli.parser import build_parser
from iscg_rules.diff.revision import revise

ROOT = Path(__file__).parents[1]
PAGES = [
    "README.md",
    "docs/coverage-and-mutation.md",
    "docs/diff.md",
    "docs/explanations.md",
    "docs/how-to-batch.md",
    "docs/new-words.md",
    "docs/tutorial-rule-author.md",
    "docs/tutorial-developer.md",
    "docs/how-to-report.md",
    "docs/partners.md",
]
BLOCK = re.compile(
    r"(?:<!-- (?P<mark>[^>]+) -->\n)?```(?P<kind>\w+)\n(?P<body>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)
BASH = shutil.which("bash") or "bash"


@pytest.fixture
def copy(tmp_path, monkeypatch):
    for name in ("rules", "territories", "examples"):
        shutil.copytree(ROOT / name, tmp_path / name)
    shutil.copy(ROOT / "partners.yaml", tmp_path)
    monkeypatch.chdir(tmp_path)
    # A page that loads with `Engine.load()` speaks of the shipped rules: the checkout's own.
    return tmp_path


class Reader:
    """Does what a page says, and gives back what should stand in each block."""

    def __init__(self, folder):
        self.folder = folder
        self.names = {}
        self.printed = ""
        self.revisions = {}

    def follow(self, match):
        kind, body, mark = match["kind"], match["body"], match["mark"] or ""
        if mark.startswith("write: "):
            path = self.folder / mark.removeprefix("write: ")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(body, "utf-8")
        elif mark == "prints":
            body = self.printed
        elif kind == "python":
            self.run_python(body)
        elif kind == "console":
            commands = re.findall(r"^\$ (.+)$", body, re.MULTILINE)
            body = "".join(f"$ {command}\n{self.run_command(command)}" for command in commands)
        lead = f"<!-- {mark} -->\n" if mark else ""
        return f"{lead}```{kind}\n{body}```"

    def run_python(self, body):
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            exec(compile(body, "page", "exec"), self.names)  # noqa: S102 # our own pages
        self.printed = out.getvalue()

    def run_command(self, command):
        if command.startswith(("make ", "git ", "cd ", "pip ")):
            return ""
        if command.startswith("iscg-rules diff ") and "|" not in command:
            return self.compare(command)
        path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
        done = subprocess.run(
            [BASH, "-c", command],
            check=False,
            capture_output=True,
            encoding="utf-8",
            cwd=self.folder,
            env={"PATH": path, "LANG": "C.UTF-8"},
        )
        said = re.sub(r"[ \t]+$", "", done.stdout + done.stderr, flags=re.MULTILINE)
        # It changes with every rule.
        return re.sub(r"(?<=empreinte )[0-9a-f]{12}", "…", said)

    def compare(self, command):
        """Run `diff` here: the same files are compared once, however often it is told."""
        out = io.StringIO()
        files = sorted(self.folder.rglob("*.yaml"))
        state = sha256(b"".join(str(path).encode() + path.read_bytes() for path in files))

        def revise_once(union, cases, asked):
            key = (state.digest(), asked)
            if key not in self.revisions:
                self.revisions[key] = revise(union, cases, asked)
            return self.revisions[key]

        with (
            pytest.MonkeyPatch.context() as patched,
            contextlib.redirect_stdout(out),
            contextlib.redirect_stderr(out),
        ):
            patched.setattr("iscg_rules.cli.diff.revise", revise_once)
            main(command.split()[1:])
        return out.getvalue()


@pytest.mark.parametrize("page", PAGES)
def test_a_page_works_as_written(page, copy):
    path = ROOT / page
    text = path.read_text("utf-8")
    followed = BLOCK.sub(Reader(copy).follow, text)
    if os.environ.get("REWRITE"):
        path.write_text(followed, "utf-8")
    assert followed == path.read_text("utf-8")
    assert "Traceback" not in followed


@pytest.mark.parametrize("page", PAGES)
def test_a_page_shows_something_to_do(page):
    kinds = {match["kind"] for match in BLOCK.finditer((ROOT / page).read_text("utf-8"))}
    assert "console" in kinds


# Commands that only a person runs, or another tool.
NAMED = re.compile(r"iscg-rules ([a-z][a-z-]+)((?: [^`\n|#]*)?)")
# What has commands of its own.
NESTED = ("partners",)
FENCE = re.compile(r"^```(\w+)$", re.MULTILINE)
CODE = re.compile(r"^```.*?^```$|`[^`\n]+`", re.MULTILINE | re.DOTALL)


def options(*words):
    """Give the options that the help of a command names; fail where there is no such command."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out), pytest.raises(SystemExit) as ended:
        build_parser().parse_args([*words, "--help"])
    assert ended.value.code == 0
    return set(re.findall(r"--[a-z-]+", out.getvalue()))


LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#]+)")
ALL_PAGES = sorted(
    [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "rules").glob("*.md")]
)


GENERATED = ("docs/rulebook.md", "docs/grid.md")
WRITTEN = [p for p in ALL_PAGES if p.relative_to(ROOT).as_posix() not in GENERATED]


@pytest.mark.parametrize("path", WRITTEN, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_command_of_a_page_is_left_untried(path):
    text = path.read_text("utf-8")
    kinds = set(FENCE.findall(text))
    # What a `console` block says is run, and nothing stands in blocks that are not.
    assert kinds & {"sh", "bash", "shell"} == set()
    assert "console" not in kinds or path.relative_to(ROOT).as_posix() in PAGES


@pytest.mark.parametrize("path", WRITTEN, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_command_that_a_page_names_exists_with_its_options(path):
    # A changelog tells of the past, and an ADR of what was.
    is_past = "adr" in path.parts or path.name == "CHANGELOG.md"
    for code in [] if is_past else CODE.findall(path.read_text("utf-8")):
        for command, rest in NAMED.findall(code):
            words = (command, *rest.split()[: command in NESTED])
            assert set(re.findall(r"(?<= )--[a-z-]+", rest)) <= options(*words), words


@pytest.mark.parametrize("path", ALL_PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_link_inside_the_project_leads_somewhere(path):
    targets = LINK.findall(path.read_text("utf-8"))
    assert [target for target in targets if not (path.parent / target).exists()] == []


def test_the_exercise_leaves_every_territory_readable(copy):
    page = (ROOT / "docs" / "tutorial-rule-author.md").read_text("utf-8")
    written = {
        match["mark"].removeprefix("write: "): match["body"]
        for match in BLOCK.finditer(page)
        if (match["mark"] or "").startswith("write: rules/")
    }
    assert len(written) == 2
    for name, body in written.items():
        (copy / name).write_text(body, "utf-8")
    for territory in sorted(path.parent.name for path in copy.glob("territories/*/territory.yaml")):
        engine = Engine.load("rules", "partners.yaml", territory=territory)
        assert "exercice-couple-sans-abri" in engine.rule_set.rules
