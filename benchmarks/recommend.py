"""A whole recommendation with its reasons on the shipped rules; loading; memory; how cost grows.

python benchmarks/recommend.py
"""

import datetime as dt
import itertools
import platform
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import replace

from match import bitset, draw_rules, draw_situations

from iscg_rules import Engine
from iscg_rules.errors import Problem
from iscg_rules.language.situations import Situation
from iscg_rules.model.cases import read_cases
from iscg_rules.model.files import find_files

FRIDAY = dt.datetime(2026, 11, 27, 22, 30)  # noqa: DTZ001 # read as Europe/Paris
ROUNDS = 30


def median_of(call: Callable[[Situation], object], given: Iterable[Situation]) -> float:
    """Give the median time of a call over all situations, in microseconds."""
    taken = []
    for situation in itertools.chain.from_iterable(itertools.repeat(tuple(given), ROUNDS)):
        started = time.perf_counter()
        call(situation)
        taken.append(time.perf_counter() - started)
    return statistics.median(taken) * 1e6


def plain_answers(situation: Situation) -> dict[str, object]:
    """Write a situation as an application would give it."""
    answers: dict[str, object] = {}
    for variable, answer in situation.values.items():
        attribute, is_many, value = variable.partition("=")
        if is_many:
            groups = answers.setdefault(attribute, {"yes": [], "no": []})
            groups[answer].append(value)  # type: ignore[index]  # a mapping of two lists
        else:
            answers[attribute] = answer
    return answers


def recommendations() -> None:
    """Print the medians of `recommend` over all shipped cases."""
    engine = Engine.load()
    problems: list[Problem] = []
    rule_set = engine.rule_set
    folders = find_files(None, None, None, problems).folders()
    cases = read_cases(folders, rule_set.vocabulary, frozenset(rule_set.rules), problems)
    situations = [case.situation for case in cases]
    plain = [plain_answers(situation) for situation in situations]
    moments = (FRIDAY + dt.timedelta(minutes=number) for number in itertools.count())
    rows = {
        "a Situation, the same moment": median_of(
            lambda one: engine.recommend(one, at=FRIDAY), situations
        ),
        "a plain mapping, the same moment": median_of(
            lambda one: engine.recommend(one, at=FRIDAY),
            plain,  # type: ignore[arg-type]  # mappings are taken too
        ),
        "a plain mapping, a new moment": median_of(
            lambda one: engine.recommend(one, at=next(moments)),
            plain,  # type: ignore[arg-type]  # the same
        ),
    }
    possible = [len(engine.recommend(one, at=FRIDAY).possible) for one in situations]
    print(f"recommend, {len(cases)} cases, median of {statistics.median(possible):.0f} possible:")
    for name, median in rows.items():
        print(f"  {name:<34} {median:>6.0f} µs")


def loading() -> None:
    """Print how long an import and a load take, each in a process of its own."""
    program = (
        "import time; a = time.perf_counter(); import iscg_rules; b = time.perf_counter();"
        "iscg_rules.Engine.load(); print(b - a, time.perf_counter() - b)"
    )
    runs = [
        [
            float(word)
            for word in subprocess.run(
                [sys.executable, "-c", program],  # our own program
                check=True,
                capture_output=True,
                text=True,
            ).stdout.split()
        ]
        for _ in range(9)
    ]
    for name, times in zip(
        ("import iscg_rules", "Engine.load()"), zip(*runs, strict=True), strict=True
    ):
        print(f"{name:<36} {statistics.median(times) * 1e3:>6.0f} ms")


def memory(evaluator: str, count: int) -> None:
    """Print how much the process grew over many recommendations."""
    engine = Engine.load(evaluator=evaluator)
    answers = {"role": "victim", "violence_context": "intimate_partner", "immediate_danger": "yes"}
    for _ in range(200):
        engine.recommend(answers, at=FRIDAY)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for _ in range(count):
        engine.recommend(answers, at=FRIDAY)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    print(f"memory over {count:,} recommendations, {evaluator}: + {grown} kB")


def growth() -> None:
    """Print how the cost grows with rules, with answers and with partners."""
    situations = draw_situations(seed=2)
    for count in (60, 250, 1_000, 5_000):
        match = bitset(draw_rules(count, seed=1))
        given = [Situation(dict(answers)) for answers in situations]
        print(f"match, {count:>5} rules, 30 answers: {median_of(match, given):>7.1f} µs")  # type: ignore[arg-type]
    match = bitset(draw_rules(500, seed=1))
    for known in (0, 10, 20, 30):
        given = [Situation(dict(list(answers.items())[:known])) for answers in situations]
        print(f"match,   500 rules, {known:>2} answers: {median_of(match, given):>7.1f} µs")  # type: ignore[arg-type]
    engine = Engine.load()
    one = engine.directory.partners["night-shelter-line"]
    answers = Situation({"housing": "no_housing"})
    for count in (1, 10, 100, 1_000):
        copies = {
            f"shelter-{n}": one.model_copy(update={"id": f"shelter-{n}"}) for n in range(count)
        }
        directory = replace(engine.directory, partners={**engine.directory.partners, **copies})
        grown = Engine(engine.rule_set, directory)
        median = median_of(lambda it, e=grown: e.recommend(it, at=FRIDAY), [answers])  # type: ignore[misc]
        print(f"recommend, {count:>5} partners of one kind: {median:>8.0f} µs")


if __name__ == "__main__":
    print(f"Python {platform.python_version()}, {platform.machine()}")
    recommendations()
    loading()
    memory("bitset", 100_000)
    memory("durable", 3_000)
    growth()
