"""Many situations at once, beside polars, DuckDB, OpenFisca-core and a loop: ratios of one run.

    python benchmarks/batch.py [ROWS]             (10,000,000 at most when not given)

DuckDB and OpenFisca-core are optional (`pip install duckdb openfisca-core`).
Tables are worked on a million rows at a time and their outputs dropped, so that memory is bounded.
A rate is rows a second of work, on however many cores; a second ratio is that by the clock.
Prints the tables of `docs/batch-performance.md`.
"""

import random
import resource
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from itertools import chain

import numpy as np
import pyarrow as pa
from batch_peers import ENGINES, Codes, Match, ours
from match import ATTRIBUTES, VALUES, draw_rules, rule_set_of

from iscg_rules import Engine
from iscg_rules.batch import check_batch, recommend_batch
from iscg_rules.language.vocabulary import Attribute, Kind
from iscg_rules.model.partners import Directory
from iscg_rules.model.rules import STRENGTHS, URGENCIES, Orient
from iscg_rules.reading.binding import LocalText
from iscg_rules.recommend.results import Recommendation

RULES = (60, 150, 500, 5_000)
# Rules times rows of the bare match, for each engine: what takes longer is left out.
MOST_CELLS = {"iscg-rules": 5e8, "polars": 5e8, "DuckDB": 2e7, "OpenFisca": 1e7, "loop": 3e5}
SLICE = 1_000_000
REPEATS = 3
KINDS = 40
OF_MANY, OF_YES_NO = 0.05, 0.3


def draw_codes(rows: int) -> Codes:
    """Draw complete answers, one number an answer."""
    rng = np.random.default_rng(1)
    return {f"q{n}": rng.integers(0, len(VALUES), rows, dtype=np.int8) for n in range(ATTRIBUTES)}


def timed(run: Callable[[], object]) -> float:
    """Give the seconds of work that something takes, on all cores together.

    On a machine that others use, the time on the clock says more about them.
    """
    return both_times(run)[0]


def both_times(run: Callable[[], object]) -> tuple[float, float]:
    """Give the seconds of work, and those on the clock."""
    work, clock = time.process_time(), time.perf_counter()
    run()
    return time.process_time() - work, time.perf_counter() - clock


def sliced(match: Match, rows: int) -> int:
    """Match a number of rows, over and over those there are, a slice at a time."""
    return sum(match(0, min(SLICE, rows - start)) for start in range(0, rows, SLICE))


def bare(rows: int, codes: Codes) -> Iterator[str]:
    """Compare the bare match of all engines, in turn, the best of several times."""
    yield "| rules | rows | " + " | ".join(ENGINES) + " |"
    yield "|---" * (2 + len(ENGINES)) + "|"
    for count in RULES:
        rules = draw_rules(count, 1)
        taken = min(rows, int(MOST_CELLS["polars"] / count), SLICE)
        times: dict[str, list[tuple[float, float]]] = {}
        sums: dict[str, int] = {}
        matches: dict[str, tuple[Match, int]] = {}
        for name, make in ENGINES.items():
            try:
                size = max(min(taken, int(MOST_CELLS[name] / count)), 100)
                matches[name] = make(rules, {n: c[:size] for n, c in codes.items()}), size
            except ImportError as error:
                print(f"# ABSENT: {name} ({error.name})", file=sys.stderr)
        for name, (match, _) in matches.items():
            sums[name] = match(0, min(size for _, size in matches.values()))
        assert len(set(sums.values())) == 1, sums
        for _ in range(REPEATS):
            for name, (match, size) in matches.items():
                work, clock = both_times(lambda m=match, s=size: m(0, s))  # type: ignore[misc]
                times.setdefault(name, []).append((work / size, clock / size))
        best = {name: tuple(map(min, zip(*pairs, strict=True))) for name, pairs in times.items()}
        shown = [beside(best[name], best["polars"]) if name in best else "" for name in ENGINES]
        yield f"| {count:,} | {taken:,} | " + " | ".join(shown) + " |"


def beside(one: tuple[float, ...], other: tuple[float, ...]) -> str:
    """Show a rate of work, and how many times that of another it is, by work and by the clock."""
    work, clock = (theirs / here for theirs, here in zip(other, one, strict=True))
    return f"{1e-6 / one[0]:.3g} M/s ({work:.2g} ×, {clock:.2g} ×)"


def fitted(points: list[tuple[int, float]]) -> str:
    """Fit a straight line, each point with the same weight for the same share of its time."""
    rows, times = (np.array(column, float) for column in zip(*points, strict=True))
    slope, fixed = np.polyfit(rows, times, 1, w=1 / times)
    residual = np.abs((fixed + slope * rows) / times - 1).max()
    return f"{fixed * 1e3:.1f} ms + {slope * 1e9:.0f} ns a row; worst residual {residual:.0%}"


def growth(label: str, run: Callable[[int], object], most: int) -> Iterator[str]:
    """Show how time grows with the rows."""
    points, rates = [], []
    for rows in (10**power for power in range(4, 8) if 10**power <= most):
        repeats = range(REPEATS if rows < SLICE else 2)
        taken = [both_times(lambda r=rows: run(r)) for _ in repeats]  # type: ignore[misc]
        work, clock = map(min, zip(*taken, strict=True))
        points.append((rows, work))
        of_work, by_clock = rows / work / 1e6, rows / clock / 1e6
        rates.append(f"{rows:,}: {of_work:.2f} M/s, {by_clock:.2f} by the clock")
    yield f"- {label}: {' · '.join(rates)}. Line: {fitted(points)}"


def drawn_table(engine: Engine, rows: int, unknown: float) -> pa.Table:
    """Draw a table of answers with a moment each, in 2026; no person is behind any of them."""
    rng = np.random.default_rng(2)
    columns = {}
    for attribute in engine.rule_set.vocabulary.attributes.values():
        if attribute.derived is None:
            columns |= drawn_columns(attribute, rng, rows, rng.random(rows) < unknown)
    minutes = rng.integers(0, 365 * 24 * 60, rows)
    moments = np.datetime64("2026-01-01T00:00", "s") + minutes.astype("timedelta64[m]")
    return pa.table(columns | {"at": pa.array(moments)})


def drawn_columns(
    attribute: Attribute,
    rng: np.random.Generator,
    rows: int,
    is_null: np.ndarray,  # type: ignore[type-arg]
) -> dict[str, pa.Array]:
    """Draw the columns of one attribute."""
    if attribute.type == "many_of":
        return {
            name: pa.array(rng.random(rows) < OF_MANY, mask=is_null) for name in attribute.variables
        }
    if attribute.type == "yes_no":
        return {attribute.id: pa.array(rng.random(rows) < OF_YES_NO, mask=is_null)}
    if attribute.type == "number":
        return {attribute.id: pa.array(rng.integers(0, 20, rows), mask=is_null)}
    communes = ["35288", "35093", "35238", "35001", "22093", "75056"]
    words = communes if attribute.type == "commune" else list(attribute.choices)
    places = pa.array(rng.integers(0, len(words), rows, dtype=np.int8), mask=is_null)
    return {attribute.id: pa.DictionaryArray.from_arrays(places, pa.array(words))}


def orienting(count: int) -> Engine:
    """Make drawn rules that orient: each to one of a few kinds, in any class."""
    rule_set = rule_set_of(draw_rules(count, 1))
    rng = random.Random(3)  # noqa: S311 # a benchmark, no secret
    common = {"category": "associations", "nature": "service", "label": LocalText(fr="mot")}
    kinds = {f"k{n}": Kind.model_validate({"id": f"k{n}", **common}) for n in range(KINDS)}
    rules = {}
    for name, rule in rule_set.rules.items():
        orient = {
            "to": rng.choice(list(kinds)),
            "urgency": rng.choice(URGENCIES),
            "strength": rng.choice(STRENGTHS),
            "sharing": "none",
        }
        rules[name] = rule.model_copy(update={"orient": (Orient.model_validate(orient),)})
    words = replace(rule_set.vocabulary, kinds=kinds)
    return Engine(replace(rule_set, vocabulary=words, rules=rules), Directory({}, {}))


def ranked_by_rules(codes: Codes) -> Iterator[str]:
    """Show the whole recommendation in columns as rules are added."""
    words = pa.array(VALUES)
    columns = {n: pa.DictionaryArray.from_arrays(pa.array(c), words) for n, c in codes.items()}
    table = pa.table(columns)
    for count in RULES:
        engine = orienting(count)
        rows = min(table.num_rows, SLICE * 60 // count)
        given = table.slice(0, rows)
        run = partial(recommend_batch, given, engine=engine)
        took = min(timed(run) for _ in range(REPEATS))
        yield f"- {count:,} drawn rules of {KINDS} kinds, all known: {rows / took / 1e6:.3g} M/s"


def ranked(most: int) -> Iterator[str]:
    """Show the whole recommendation in columns, with the shipped rules."""
    engine = Engine.load()
    for unknown in (0.3, 0.7):
        table = drawn_table(engine, min(most, SLICE), unknown)
        clean = table.filter(check_batch(table, engine=engine).clean)

        def run(rows: int, given: pa.Table = clean) -> None:
            for start in range(0, rows, len(given)):
                recommend_batch(given.slice(0, min(len(given), rows - start)), engine=engine)

        yield from growth(f"shipped rules, {unknown:.0%} of the answers unknown", run, most)
    rows = [dict(pairs) for pairs in singles(engine, clean.slice(0, 300))]
    took = timed(lambda: [one(engine, row) for row in rows]) / len(rows)
    yield f"- a loop over `recommend`, {unknown:.0%} unknown: {1 / took:,.0f} a second"


def singles(engine: Engine, table: pa.Table) -> Iterator[list[tuple[str, object]]]:
    """Give each row as a single situation."""
    attributes = engine.rule_set.vocabulary.attributes
    for row in table.to_pylist():
        many = [
            a
            for a in attributes.values()
            if a.type == "many_of" and row[a.variables[0]] is not None
        ]
        lists = [
            (a.id, [v.id for v, n in zip(a.values, a.variables, strict=True) if row[n]])
            for a in many
        ]
        yield [(n, v) for n, v in row.items() if n in attributes or n == "at"] + lists


def one(engine: Engine, row: dict[str, object]) -> Recommendation:
    """Recommend for one row."""
    return engine.recommend({n: v for n, v in row.items() if n != "at"}, at=row["at"])  # type: ignore[arg-type]


def main() -> None:
    """Print everything as Markdown, line by line, since some take a minute."""
    most = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000_000
    codes = draw_codes(min(most, SLICE))
    match = ours(draw_rules(60, 1), codes)
    sections = {
        "## Bare match": bare(most, codes),
        "## Growth": growth("bare match, 60 rules", lambda rows: sliced(match, rows), most),
        "## Ranked": chain(ranked(most), ranked_by_rules(codes)),
    }
    for title, lines in sections.items():
        for line in chain((title, ""), lines, ("",)):
            print(line, flush=True)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"Most memory at any time: {peak:,} MiB")


if __name__ == "__main__":
    main()
