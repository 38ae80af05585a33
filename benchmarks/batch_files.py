"""Whole files: from Parquet to Parquet, each run a process of its own; how cost and memory grow.

python benchmarks/batch_files.py [--rows 100000 1000000] [--folder FOLDER]

Time on the clock depends on who else uses the machine, so the time of both cores together is shown
too: two idle cores that share the work perfectly would take half of it.
"""

import argparse
import os
import platform
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from iscg_rules import Engine
from iscg_rules.reports.samples.sampling import sample

LOOPED = 2_000


def write_sample(rows: int, path: Path, engine: Engine) -> pa.Table:
    """Write drawn situations, block after block; give a few."""
    blocks = sample(rows, seed=1, engine=engine)
    first = next(blocks)
    with pq.ParquetWriter(path, first.schema) as writer:
        writer.write_table(first)
        for block in blocks:
            writer.write_table(block)
    return first.slice(0, LOOPED)


def run(source: Path, target: Path) -> tuple[float, float, float]:
    """Give seconds on the clock, seconds of both cores, and the most memory in MiB."""
    command = [sys.executable, "-m", "iscg_rules", "batch", str(source), str(target), "--force"]
    started = time.perf_counter()
    process = subprocess.Popen(command)
    _, code, used = os.wait4(process.pid, 0)
    taken = time.perf_counter() - started
    assert code == 0
    return taken, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def loop(rows: pa.Table, engine: Engine) -> float:
    """Give the situations a second of a loop over `recommend`."""
    given = rows.to_pylist()
    started = time.perf_counter()
    for row in given:
        at = row.pop("at")
        engine.recommend(row, at=at)
    return len(given) / (time.perf_counter() - started)


def main() -> None:
    """Print a line a size, then what a row costs beyond the start of the process."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--folder", type=Path)
    chosen = parser.parse_args()
    engine = Engine.load()
    print(f"Python {platform.python_version()}, pyarrow {pa.__version__}, {os.cpu_count()} cores")
    measured = []
    with tempfile.TemporaryDirectory(dir=chosen.folder) as folder:
        source, target = Path(folder) / "in.parquet", Path(folder) / "out.parquet"
        for rows in chosen.rows:
            some = write_sample(rows, source, engine)
            taken, worked, memory = run(source, target)
            measured.append((rows, worked))
            print(
                f"{rows:>11,} rows: {rows / taken:>9,.0f}/s on the clock, {worked:>6.1f} s of both "
                f"cores, {memory:>5,.0f} MiB, {target.stat().st_size / rows:>4.0f} B a row"
            )
        print(f"loop over recommend: {loop(some, engine):,.0f}/s")
    if len(measured) > 1:
        counts, times = np.array(measured).T
        slope, start = np.polyfit(counts, times, 1)
        off = np.abs(slope * counts + start - times).max() / times.max()
        print(
            f"{start:.1f} s to start, then {slope * 1e6:.2f} µs of one core a row, which is "
            f"{2 / slope:,.0f}/s on two; {off:.1%} off the line at most"
        )


if __name__ == "__main__":
    main()
