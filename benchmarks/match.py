"""Bare match: which rules hold, beside durable-rules used as its manual shows, and zen-engine.

    python benchmarks/match.py [RULES ...]        (60, 500 and 5,000 when none are given)

zen-engine is optional: `pip install zen-engine`. Every engine sees the same rules and the same
situations, in turn, in one process; medians and ratios are printed.
"""

import json
import random
import statistics
import sys
import time
from collections.abc import Callable, Mapping

from iscg_rules.language.conditions import Test, all_of
from iscg_rules.language.situations import Situation
from iscg_rules.language.vocabulary import Attribute, Vocabulary
from iscg_rules.model.rules import Rule, RuleSet
from iscg_rules.reading.binding import LocalText
from iscg_rules.recommend.bit_tables import compile_rules
from iscg_rules.recommend.bitset import BitsetEvaluator
from iscg_rules.recommend.durable import DurableEvaluator

ATTRIBUTES = 30
VALUES = ("a", "b", "c", "d")
TESTS = 3
SITUATIONS = 100
Tests = Mapping[str, tuple[str, ...]]
Match = Callable[[dict[str, str]], set[str]]


def draw_rules(count: int, seed: int) -> list[Tests]:
    """Draw rules of three tests, each of one or two values out of four."""
    rng = random.Random(seed)  # noqa: S311 # a benchmark, no secret
    names = [f"q{number}" for number in range(ATTRIBUTES)]
    return [
        {name: tuple(sorted(rng.sample(VALUES, rng.choice((1, 2))))) for name in sorted(chosen)}
        for chosen in (rng.sample(names, TESTS) for _ in range(count))
    ]


def draw_situations(seed: int) -> list[dict[str, str]]:
    """Draw complete answers."""
    rng = random.Random(seed)  # noqa: S311 # a benchmark, no secret
    return [
        {f"q{number}": rng.choice(VALUES) for number in range(ATTRIBUTES)}
        for _ in range(SITUATIONS)
    ]


def rule_set_of(rules: list[Tests]) -> RuleSet:
    """Write the drawn rules as a rule set of ours."""
    text = LocalText(fr="mot")
    attributes = {
        f"q{number}": Attribute.model_validate(
            {
                "id": f"q{number}",
                "type": "one_of",
                "label": text,
                "values": [{"id": value, "label": text} for value in VALUES],
            }
        )
        for number in range(ATTRIBUTES)
    }
    built = {}
    for number, tests in enumerate(rules):
        when = all_of(tuple(Test(name, name, frozenset(values)) for name, values in tests.items()))
        built[f"r{number:05}"] = Rule.model_validate(
            {
                "id": f"r{number:05}",
                "when": when,
                "advise": [text],
                "because": text,
                "source": [{"title": "x", "trust": "A"}],
            }
        )
    return RuleSet(Vocabulary(attributes, {}, {}), {}, built)


def bitset(rules: list[Tests]) -> Match:
    """Our default evaluator; the answers are made a situation outside the clock."""
    evaluate = BitsetEvaluator(compile_rules(rule_set_of(rules))).evaluate
    return lambda answers: set(evaluate(answers, None).fired)  # type: ignore[arg-type]


def ours_on_durable(rules: list[Tests]) -> Match:
    """Our second evaluator, with unknown answers and safe limits."""
    evaluate = DurableEvaluator(compile_rules(rule_set_of(rules))).evaluate
    return lambda answers: set(evaluate(answers, None).fired)  # type: ignore[arg-type]


def plain_durable(rules: list[Tests]) -> Match:
    """durable-rules as its manual shows: one fact, one rule a rule, no unknown answers."""
    from durable.engine import Host, MessageNotHandledException  # noqa: PLC0415 # a peer

    class Quiet(Host):  # type: ignore[misc]  # the base has no type
        def _run(self) -> None:
            pass

    found: set[str] = set()

    def noting(name: str) -> Callable[[object], None]:
        def note(_closure: object) -> None:
            found.add(name)

        return note

    host = Quiet()
    # Larger rule sets overflow its tables: the same rules, in as many rule sets as it bears.
    parts = [rules[start : start + 250] for start in range(0, len(rules), 250)]
    for place, part in enumerate(parts):
        definition = {
            f"r{number}": {
                "all": [{"m": {"$and": [_one_of(n, v) for n, v in tests.items()]}}],
                "run": noting(f"r{number:05}"),
            }
            for number, tests in enumerate(part, start=place * 250)
        }
        host.register_rulesets({f"part{place}": definition})

    def match(answers: dict[str, str]) -> set[str]:
        found.clear()
        for place in range(len(parts)):
            try:
                host.assert_fact(f"part{place}", {**answers, "sid": "s"})
            except MessageNotHandledException:
                pass
            else:
                host.delete_state(f"part{place}", "s")
        return set(found)

    return match


def _one_of(name: str, values: tuple[str, ...]) -> dict[str, object]:
    tests = [{name: value} for value in values]
    return {"$or": tests} if len(tests) > 1 else tests[0]  # type: ignore[dict-item,return-value]


def zen(rules: list[Tests]) -> Match:
    """zen-engine: one decision table, all rows that hit, compiled once."""
    from zen import ZenDecisionContent, ZenEngine  # type: ignore[import-not-found]  # noqa: PLC0415

    inputs = [{"id": f"i{n}", "name": f"q{n}", "field": f"q{n}"} for n in range(ATTRIBUTES)]
    rows = [
        {
            "_id": f"r{number}",
            "o": f'"r{number:05}"',
            **{f"i{n[1:]}": ", ".join(f'"{v}"' for v in values) for n, values in tests.items()},
        }
        for number, tests in enumerate(rules)
    ]
    table = {
        "rules": rows,
        "inputs": inputs,
        "outputs": [{"id": "o", "name": "rule", "field": "rule"}],
        "hitPolicy": "collect",
    }
    nodes = [
        {"id": "in", "name": "in", "type": "inputNode", "position": {"x": 0, "y": 0}},
        {
            "id": "t",
            "name": "t",
            "type": "decisionTableNode",
            "content": table,
            "position": {"x": 0, "y": 0},
        },
        {"id": "out", "name": "out", "type": "outputNode", "position": {"x": 0, "y": 0}},
    ]
    edges = [
        {"id": "a", "type": "edge", "sourceId": "in", "targetId": "t"},
        {"id": "b", "type": "edge", "sourceId": "t", "targetId": "out"},
    ]
    content = ZenDecisionContent(json.dumps({"nodes": nodes, "edges": edges}))
    decision = ZenEngine().create_decision(content)
    return lambda answers: {row["rule"] for row in decision.evaluate(answers)["result"]}


ENGINES: Mapping[str, Callable[[list[Tests]], Match]] = {
    "iscg-rules, bitset": bitset,
    "iscg-rules, durable": ours_on_durable,
    "durable-rules": plain_durable,
    "zen-engine": zen,
}


def measure(count: int) -> None:
    """Print the median of each engine, in microseconds, and how many times ours it takes."""
    rules, situations = draw_rules(count, seed=1), draw_situations(seed=2)
    ours = [Situation(dict(answers)) for answers in situations]
    times: dict[str, list[float]] = {}
    results: dict[str, list[set[str]]] = {}
    for name, make in ENGINES.items():
        try:
            match = make(rules)
        except ImportError:
            print(f"  {name:<22} not installed")
            continue
        given = ours if name.startswith("iscg") else situations
        for answers in given:
            started = time.perf_counter()
            got = match(answers)  # type: ignore[arg-type]  # ours takes a situation
            times.setdefault(name, []).append(time.perf_counter() - started)
            results.setdefault(name, []).append(got)
    first = results["iscg-rules, bitset"]
    base = statistics.median(times["iscg-rules, bitset"])
    for name, taken in times.items():
        median = statistics.median(taken)
        same = "same rules" if results[name] == first else "OTHER RULES"
        print(f"  {name:<22} {median * 1e6:>9.1f} µs  {median / base:>7.1f} ×  {same}")


if __name__ == "__main__":
    for size in [int(text) for text in sys.argv[1:]] or [60, 500, 5_000]:
        print(f"{size} rules")
        measure(size)
