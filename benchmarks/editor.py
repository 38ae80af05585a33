"""How long an editor waits: completion, what is wrong after a key, what is proven; over stdio.

    python benchmarks/editor.py [KEYS] [RULES [FILES]]

KEYS are typed into the shipped rules (100); with RULES, into as many made-up ones, in so many files
(1). All along somebody points at words: the longest wait is how long the server was deaf. Beside
each wait, how much processor time a key took (Linux): it is the same on a busy machine.
"""

import os
import random
import shutil
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

HERE = Path(__file__).parents[1]
sys.path.insert(0, str(HERE))

from lsprotocol import types  # noqa: E402

from iscg_rules.model.rule_files import load_rule_set  # noqa: E402
from tests.editor import Editor, editing  # noqa: E402

KINDS = ("adil", "departmental_social_services", "municipal_social_services")
RULE = """\
  - id: made-up-{number:05}
    when:
{when}
    orient:
      - {{to: {kind}, urgency: week, strength: may, sharing: professional_secrecy}}
    because: {{fr: "Règle {number} : rien de ceci n’est vrai."}}
    source: [info-jeunes-loyers]
"""
NEVER = """\
  - id: never-{}
    when: {{all: [{{housing: secure}}, {{housing: hosted}}]}}
"""
AFTER_NEVER = """\
    orient:
      - {to: adil, urgency: week, strength: may, sharing: professional_secrecy}
    because: {fr: "Jamais."}
    source: [info-jeunes-loyers]
"""


def made_up(count: int, files: int, folder: Path) -> Path:
    """Write rules of two to four tests each into so many files, and return the first of them."""
    asked = [
        (name, list(attribute.choices))
        for name, attribute in load_rule_set(folder).vocabulary.attributes.items()
        if attribute.choices
    ]
    draw = random.Random(count)  # noqa: S311 # a benchmark, no secret
    size = -(-count // files)
    for file in range(files):
        rules = []
        for number in range(file * size, min(count, (file + 1) * size)):
            tests = draw.sample(asked, draw.choice((2, 3, 3, 4)))
            when = "\n".join(f"      {name}: [{draw.choice(words)}]" for name, words in tests)
            rules.append(RULE.format(number=number, when=when, kind=draw.choice(KINDS)))
        text = "theme: {fr: Beaucoup de règles}\n\nrules:\n" + "\n".join(rules)
        (folder / f"many-{file:03}.yaml").write_text(text, encoding="utf-8")
    return folder / "many-000.yaml"


def told(name: str, seconds: list[float]) -> None:
    """Print the middle and the slow end of some waits."""
    ordered = sorted(seconds)
    p95 = ordered[max(0, round(len(ordered) * 0.95) - 1)] * 1000
    middle, longest = statistics.median(ordered) * 1000, ordered[-1] * 1000
    times = f"p50 {middle:6.0f} ms   p95 {p95:6.0f} ms   longest {longest:6.0f} ms"
    print(f"{name:30} {times}   ({len(ordered)})", flush=True)


def processes(process: int) -> list[int]:
    """Return a process and all that it started."""
    parents = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            parents[int(path.parent.name)] = int(path.read_text().rpartition(") ")[2].split()[1])
        except OSError:
            continue
    found = [process]
    for child in sorted(parents):
        if parents[child] in found:
            found.append(child)
    return found


def memory(process: int) -> list[int]:
    """Return the megabytes that a process and those that it started hold."""
    found = []
    for one in processes(process):
        try:
            pages = int(Path(f"/proc/{one}/statm").read_text().split()[1])
        except OSError:
            continue
        found.append(pages * os.sysconf("SC_PAGE_SIZE") // 1_000_000)
    return found


def worked(process: int) -> tuple[float, float]:
    """Return the seconds of processor of a process, and of all that it started."""
    times = []
    for one in processes(process):
        try:
            words = Path(f"/proc/{one}/stat").read_text().rpartition(") ")[2].split()
        except OSError:
            continue
        times.append([int(word) / os.sysconf("SC_CLK_TCK") for word in words[11:15]])
    return sum(times[0][:2]), sum(times[0][2:]) + sum(map(sum, times[1:]))


class Worked:
    """How much a server works a key, from one moment to another."""

    def __init__(self, process: int) -> None:
        self._process = process
        self._before = worked(process)

    def tell(self, name: str, keys: int) -> None:
        """Print it."""
        ms = [
            (now - then) / keys * 1000
            for now, then in zip(worked(self._process), self._before, strict=True)
        ]
        print(f"{name:30} processor a key: {ms[0]:6.0f} ms, in the background {ms[1]:6.0f} ms")


class Pointing:
    """Somebody who points at a word all the time, and notes how long each answer takes."""

    def __init__(self, editor: Editor, path: Path, offset: int) -> None:
        self.waits: list[float] = []
        self._ends = threading.Event()
        self._thread = threading.Thread(target=self._point, args=(editor, path, offset))
        self._thread.start()

    def _point(self, editor: Editor, path: Path, offset: int) -> None:
        while True:
            start = time.perf_counter()
            editor.ask("text_document_hover", types.HoverParams, path, offset)
            self.waits.append(time.perf_counter() - start)
            if self._ends.wait(0.1):
                return

    def end(self) -> list[float]:
        """Stop, and return the waits."""
        self._ends.set()
        self._thread.join()
        return self.waits


def waited(editor: Editor, is_so: Callable[[], bool]) -> float:
    """Return how long it takes until something is so."""
    start = time.perf_counter()
    editor.wait(is_so)
    return time.perf_counter() - start


def type_wrongly(editor: Editor, path: Path, keys: int) -> None:
    """Type a letter too many and take it away again; print what is waited for."""
    offset = editor.texts[path].index("urgency: week", len(editor.texts[path]) // 2)
    at, completions, wrongs = offset + len("urgency: "), [], []
    for number in range(keys):
        before = time.perf_counter()
        editor.ask("text_document_completion", types.CompletionParams, path, at)
        completions.append(time.perf_counter() - before)
        is_wrong = number % 2 == 0
        editor.replace(path, at, at + (0 if is_wrong else 1), "z" if is_wrong else "")
        wrongs.append(
            waited(editor, lambda is_wrong=is_wrong: ("S004" in editor.codes(path)) is is_wrong)
        )
    told("completion", completions)
    told("problem after a key", wrongs)
    lines = []
    for number in range(max(4, keys // 5)):
        # A quote that nobody closed; then it goes, and an empty line comes above.
        if number % 2 == 0:
            editor.replace(path, at, at, '"')
        else:
            above = editor.texts[path].rindex("\n", 0, at) + 1
            editor.replace(path, at, at + 1, "")
            editor.replace(path, above, above, "\n")
            at += 1
        lines.append(
            waited(editor, lambda n=number: ("Y006" in editor.codes(path)) is (n % 2 == 0))
        )
    told("problem after a quote, a line", lines)


def type_never(editor: Editor, path: Path, count: int) -> None:
    """Add rules that can never hold; print how long it takes until that is proven."""
    proofs = []
    for number in range(count):
        end = len(editor.texts[path])
        editor.replace(path, end, end, NEVER.format(number) + AFTER_NEVER)

        def is_told(name: str = f"never-{number}") -> bool:
            shown = editor.shown.get(path.as_uri(), ())
            return any(name in each.message for each in shown if each.code == "F002")

        proofs.append(waited(editor, is_told))
    told("proof after a key", proofs)


def measure(path: Path, keys: int) -> None:
    """Type into a file, and print what was waited for."""
    with editing() as editor:
        process = editor.client._server.pid  # noqa: SLF001 # the client does not say
        empty = memory(process)
        start = time.perf_counter()
        editor.open(path)
        pointing = Pointing(editor, path, editor.texts[path].index("adil"))
        editor.replace(path, 0, 0, "zz: 1\n")
        editor.wait(lambda: "S001" in editor.codes(path))
        print(f"ready after {time.perf_counter() - start:.1f} s")
        told("pointing meanwhile", pointing.end())
        editor.replace(path, 0, 6, "")
        editor.wait(lambda: "S001" not in editor.codes(path))
        pointing = Pointing(editor, path, editor.texts[path].index("adil"))
        done = Worked(process)
        type_wrongly(editor, path, keys)
        done.tell("completion and problem", keys)
        done = Worked(process)
        type_never(editor, path, max(3, keys // 20))
        done.tell("proof", max(3, keys // 20))
        told("pointing meanwhile", pointing.end())
        for name, method, params in (
            ("symbols", "text_document_document_symbol", types.DocumentSymbolParams),
            ("lenses", "text_document_code_lens", types.CodeLensParams),
        ):
            pointing = Pointing(editor, path, editor.texts[path].index("adil"))
            start = time.perf_counter()
            got = editor.ask(method, params, path)
            print(f"{len(got):6} {name} after {time.perf_counter() - start:.1f} s")
            told("pointing meanwhile", pointing.end())
        held = memory(process)
        editor.close(path)
        # A while after the last file is closed, its project is ended.
        time.sleep(30)
        print(f"megabytes: {empty} at first, {held} at work, {memory(process)} after closing")


def main() -> None:
    """Measure on a copy of what ships."""
    keys, *rules = [int(word) for word in sys.argv[1:]] or [100]
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        for name in ("rules", "territories"):
            shutil.copytree(HERE / name, folder / name)
        shutil.copy(HERE / "partners.yaml", folder)
        path = folder / "rules" / "housing.yaml"
        if rules:
            path = made_up(rules[0], rules[1] if rules[1:] else 1, folder / "rules")
        measure(path, keys)


if __name__ == "__main__":
    main()
