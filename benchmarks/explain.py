"""How long explanations take: over all shipped cases, and on 500 generated rules.

python benchmarks/explain.py
"""

import statistics
import time
from collections.abc import Callable
from datetime import datetime

from match import draw_rules, draw_situations, rule_set_of

from iscg_rules import Engine
from iscg_rules.errors import Problem
from iscg_rules.language.situations import Situation
from iscg_rules.language.vocabulary import Kind, Vocabulary
from iscg_rules.model.cases import read_cases
from iscg_rules.model.files import find_files
from iscg_rules.model.partners import Directory
from iscg_rules.model.rules import STRENGTHS, URGENCIES, Exclude, Orient, RuleSet
from iscg_rules.reading.binding import LocalText

FRIDAY = datetime(2026, 11, 27, 22, 30)  # noqa: DTZ001 # read as Europe/Paris
KINDS = 6


def measure(engine: Engine, situations: list[Situation]) -> None:
    """Print the median and the worst of each explanation."""
    kinds = list(engine.rule_set.vocabulary.kinds)
    chosen = kinds[:: max(1, len(kinds) // KINDS)]
    calls: dict[str, Callable[[Situation, str], object]] = {
        "recommend": lambda one, _: engine.recommend(one, at=FRIDAY),
        "why": lambda one, kind: engine.why(one, kind, at=FRIDAY),
        "why_not": lambda one, kind: engine.why_not(one, kind, at=FRIDAY),
        "what_if, certain": lambda one, kind: engine.what_if(one, kind, at=FRIDAY),
        "what_if, first": lambda one, kind: engine.what_if(one, kind, at=FRIDAY, goal="first"),
        "next_questions": lambda one, _: engine.next_questions(one, at=FRIDAY),
    }
    for name, call in calls.items():
        taken = []
        for situation in situations:
            taken += [shortest(call, situation, kind) for kind in chosen]
        middle, worst = statistics.median(taken) * 1e3, max(taken) * 1e3
        print(f"  {name:<18} median {middle:>7.2f} ms, worst {worst:>7.1f} ms")


def shortest(call: Callable[[Situation, str], object], situation: Situation, kind: str) -> float:
    """Time a call three times and keep the shortest: the worst is then a case, not the machine."""
    taken = []
    for _ in range(3):
        # The processor's time: others may be at work on the same machine.
        started = time.process_time()
        call(situation, kind)
        taken.append(time.process_time() - started)
    return min(taken)


def generated(count: int) -> RuleSet:
    """Give drawn rules with 70 kinds, one exclusion in sixteen."""
    drawn = rule_set_of(draw_rules(count, seed=1))
    text = LocalText(fr="mot")
    kinds = {
        f"k{n}": Kind(id=f"k{n}", category="associations", nature="service", label=text)
        for n in range(70)
    }
    rules = {}
    for number, (name, rule) in enumerate(drawn.rules.items()):
        kind = f"k{number % 70}"
        orient = Orient.model_validate(
            {
                "to": kind,
                "urgency": URGENCIES[number % 4],
                "strength": STRENGTHS[number % 3],
                "sharing": "none",
            }
        )
        effect = {"orient": (orient,)} if number % 16 else {"exclude": (Exclude(to=kind),)}
        rules[name] = rule.model_copy(update={"advise": (), **effect})
    vocabulary = Vocabulary(drawn.vocabulary.attributes, kinds, {})
    return RuleSet(vocabulary, {}, rules)


def main() -> None:
    """Measure the shipped rules, then generated ones."""
    engine = Engine.load()
    problems: list[Problem] = []
    folders, rule_set = find_files(None, None, None, problems).folders(), engine.rule_set
    cases = read_cases(folders, rule_set.vocabulary, frozenset(rule_set.rules), problems)
    started = time.perf_counter()
    engine.next_questions({}, at=FRIDAY)
    print(f"shipped rules, {len(cases)} cases")
    print(f"  the first question {(time.perf_counter() - started) * 1e3:>13.0f} ms, diagrams made")
    measure(engine, [case.situation for case in cases])
    drawn = Engine(generated(500), Directory({}, {}))
    situations = [
        Situation(dict(list(answers.items())[:12])) for answers in draw_situations(seed=2)
    ]
    print("500 generated rules, 12 of 30 answers")
    measure(drawn, situations[:20])


if __name__ == "__main__":
    main()
