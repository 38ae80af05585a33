"""`recommend(...)` alone, and with `to_json()`: processor time of several checkouts, in turn.

python benchmarks/as_json.py CHECKOUT[:RULES] ... [--rounds 5] [--step 4]

Each checkout runs on the rules of the checkout RULES, or on its own. Only those on the same rules
can be compared: more rules are more work.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

AT = "2026-11-27T22:30"


def measure(rules: Path, step: int) -> dict[str, float]:
    """Give the medians over the cases that lie beside the rules, in microseconds."""
    import yaml  # noqa: PLC0415 # each process has its own

    from iscg_rules import Engine, IscgError  # noqa: PLC0415 # the same

    engine = Engine.load(rules / "rules", territory=rules / "territories" / "pays-de-saint-malo")
    files = [*rules.glob("rules/cases/*.yaml"), *rules.glob("territories/*/cases/*.yaml")]
    given = [
        case["situation"]
        for path in sorted(files)
        # Every scalar as it is written: `no` stays a word.
        for case in yaml.load(path.read_text(), yaml.BaseLoader)["cases"]  # noqa: S506
        if isinstance(case["situation"], dict)
    ]
    taken: dict[str, list[int]] = {"recommend": [], "with to_json": []}
    for is_timed in (False, True):
        for situation in given[::step]:
            try:
                started = time.process_time_ns()
                got = engine.recommend(situation, at=AT)
                known = time.process_time_ns()
                got.to_json()
            except IscgError:
                continue
            if is_timed:
                taken["recommend"].append(known - started)
                taken["with to_json"].append(time.process_time_ns() - started)
    return {name: statistics.median(times) / 1e3 for name, times in taken.items()}


def main() -> None:
    """Print the median of all rounds for each checkout."""
    parser = argparse.ArgumentParser()
    parser.add_argument("checkouts", nargs="+")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--step", type=int, default=4)
    parser.add_argument("--worker", action="store_true")
    chosen = parser.parse_args()
    if chosen.worker:
        print(json.dumps(measure(Path(chosen.checkouts[0]), chosen.step)))
        return
    found: dict[str, list[dict[str, float]]] = {name: [] for name in chosen.checkouts}
    with tempfile.TemporaryDirectory() as elsewhere:
        for _ in range(chosen.rounds):
            for name, rounds in found.items():
                code, _, rules = name.partition(":")
                command = [sys.executable, str(Path(__file__).resolve()), "--worker"]
                command += ["--step", str(chosen.step), str(Path(rules or code).resolve())]
                environment = {**os.environ, "PYTHONPATH": str(Path(code).resolve())}
                printed = subprocess.check_output(command, cwd=elsewhere, env=environment)
                rounds.append(json.loads(printed))
    for name, rounds in found.items():
        for what in rounds[0]:
            times = sorted(one[what] for one in rounds)
            print(f"{name} {what}: {statistics.median(times):,.0f} µs", end=" ")
            print(f"({times[0]:,.0f} to {times[-1]:,.0f})")


if __name__ == "__main__":
    main()
