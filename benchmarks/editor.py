"""How long an editor waits: completion, what is wrong after a key, what is proven; over stdio.

    python benchmarks/editor.py [KEYS] [RULES]

KEYS are typed into the shipped rules (100); with RULES, into a made-up file of as many.
Beside each wait, how much processor time a key took (Linux): it is the same on a busy machine.
"""

import os
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).parents[1]
sys.path.insert(0, str(HERE))

from lsprotocol import types  # noqa: E402

from tests.editor import editing  # noqa: E402

RULE = """\
  - id: made-up-{0}
    when: {{housing: no_housing, household: couple}}
    orient:
      - {{to: adil, urgency: week, strength: may, sharing: professional_secrecy}}
    because: {{fr: "Règle {0}."}}
    source: [info-jeunes-loyers]
"""


def told(name: str, seconds: list[float]) -> None:
    """Print the middle and the slow end of some waits."""
    ordered = sorted(seconds)
    p95 = ordered[max(0, round(len(ordered) * 0.95) - 1)]
    middle = statistics.median(ordered)
    print(f"{name:34} p50 {middle * 1000:7.0f} ms   p95 {p95 * 1000:7.0f} ms   ({len(ordered)})")


def worked(process: int) -> tuple[float, float]:
    """Return the seconds of processor of a process, and of all that it started."""
    fields = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            words = path.read_text().rpartition(") ")[2].split()
        except OSError:
            continue
        fields[int(path.parent.name)] = int(words[1]), [int(word) for word in words[11:15]]
    tick = os.sysconf("SC_CLK_TCK")
    own = sum(fields[process][1][:2]) / tick
    started = sum(fields[process][1][2:])
    below = {process}
    for child in sorted(fields):
        if fields[child][0] in below:
            below.add(child)
            started += sum(fields[child][1])
    return own, started / tick


class Worked:
    """How much a server works a key, from one moment to another."""

    def __init__(self, editor) -> None:  # noqa: ANN001
        self._process = editor.client._server.pid  # noqa: SLF001 # the client does not say
        self._before = worked(self._process)

    def tell(self, name: str, keys: int) -> None:
        """Print it."""
        ms = [
            (now - then) / keys * 1000
            for now, then in zip(worked(self._process), self._before, strict=True)
        ]
        print(f"{name:34} processor a key: {ms[0]:7.0f} ms, in the background {ms[1]:7.0f} ms")


def waited(editor, is_so) -> float:  # noqa: ANN001
    """Return how long it takes until something is so."""
    start = time.perf_counter()
    editor.wait(is_so)
    return time.perf_counter() - start


def measure(path: Path, keys: int) -> None:
    """Type into a file, and print what was waited for."""
    with editing() as editor:
        start = time.perf_counter()
        editor.open(path)
        offset = editor.texts[path].index("urgency: week")
        completions, wrongs, proofs = [], [], []
        editor.replace(path, 0, 0, "zz: 1\n")
        editor.wait(lambda: "S001" in editor.codes(path))
        print(f"ready after {time.perf_counter() - start:.1f} s")
        editor.replace(path, 0, 6, "")
        done = Worked(editor)
        for number in range(keys):
            at = offset + len("urgency: ")
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
        done.tell("completion and problem", keys)
        done = Worked(editor)
        never = "  - id: never-{}\n    when: {{all: [{{housing: secure}}, {{housing: hosted}}]}}\n"
        rest = RULE.split("\n", 2)[2].replace("{{", "{").replace("}}", "}").replace("{0}", "x")
        for number in range(max(3, keys // 20)):
            end = len(editor.texts[path])
            editor.replace(path, end, end, never.format(number) + rest)
            name = f"never-{number}"
            proofs.append(
                waited(
                    editor,
                    lambda name=name: any(
                        name in each.message
                        for each in editor.shown.get(path.as_uri(), ())
                        if each.code == "F002"
                    ),
                )
            )
        told("proof after a key", proofs)
        done.tell("proof", len(proofs))


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
            path = folder / "rules" / "many.yaml"
            made = (RULE.format(number) for number in range(rules[0]))
            path.write_text("rules:\n" + "".join(made), encoding="utf-8")
        measure(path, keys)


if __name__ == "__main__":
    main()
