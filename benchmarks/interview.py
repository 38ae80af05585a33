"""How many questions settle a recommendation: ours, the vocabulary's order, and all that is read.

python benchmarks/interview.py
"""

import statistics
import time
from collections.abc import Mapping
from datetime import datetime

from iscg_rules import Engine
from iscg_rules.cli.interview import Interview
from iscg_rules.errors import IscgError, Problem
from iscg_rules.language.conditions import FactIs, leaves
from iscg_rules.language.situations import AnswerValue, Situation
from iscg_rules.language.vocabulary import Attribute
from iscg_rules.model.cases import read_cases
from iscg_rules.model.files import find_files

FRIDAY = datetime(2026, 11, 27, 22, 30)  # noqa: DTZ001 # read as Europe/Paris


QUIET = ("none", "no", "not_filled", "not_assessed", "secure", "sufficient", "french_eu")


def complete(engine: Engine, known: Situation) -> Situation:
    """Complete a case with the answers of somebody to whom nothing else happens."""
    values = dict(known.given)
    for attribute in engine.rule_set.vocabulary.attributes.values():
        for variable in attribute.variables if attribute.derived is None else ():
            answers = ("no", "yes") if attribute.type == "many_of" else tuple(attribute.choices)
            for answer in sorted(answers or ("35288",), key=lambda one: one not in QUIET):
                try:
                    engine.situation(Situation({**values, variable: answer}))
                except IscgError:
                    continue
                values.setdefault(variable, answer)
                break
    return engine.situation(Situation(values))


def screens(engine: Engine, full: Situation) -> tuple[int, int]:
    """Count the screens of `ask`: until the last aid for now or today is told, and in all."""
    interview, count, last = Interview(engine, FRIDAY), 0, 0
    known: Mapping[str, AnswerValue] = {}
    pressing: set[str] = set()
    while asked := interview.next():
        count += 1
        said = {one.id: _answer(one, full) for one in asked}
        interview.keep(asked, {name: answer for name, answer in said.items() if answer is not None})
        names = [variable for one in asked for variable in one.variables]
        known = {**known, **{name: full.values[name] for name in names if name in full.values}}
        told = {
            one.kind
            for one in engine.recommend(Situation(known), at=FRIDAY).orientations
            if one.urgency in {"now", "today"}
        }
        last = last if told <= pressing else count
        pressing |= told
    return last, count


def _answer(attribute: Attribute, full: Situation) -> object:
    if attribute.type != "many_of":
        return full.values.get(attribute.id)
    ticks = zip(attribute.variables, attribute.choices, strict=True)
    return [choice for variable, choice in ticks if full.values.get(variable) == "yes"]


def answered(engine: Engine, full: Situation, names: list[str]) -> Situation:
    """Give the answers to some questions only."""
    attributes = engine.rule_set.vocabulary.attributes
    variables = [v for name in names for v in attributes[name].variables]
    return Situation({v: full.values[v] for v in variables if v in full.values})


def ours(engine: Engine, full: Situation, times: list[float]) -> list[str]:
    """Give the questions that the interview asks."""
    asked: list[str] = []
    while True:
        started = time.perf_counter()
        got = engine.next_questions(answered(engine, full, asked), at=FRIDAY, limit=1)
        times.append(time.perf_counter() - started)
        if got.settled:
            return asked
        asked.append(got.questions[0].attribute)


def needed(engine: Engine, full: Situation, asked: list[str]) -> int:
    """Count the questions that could not have been spared, known only once all are answered."""
    kept = list(asked)
    for name in asked:
        fewer = [one for one in kept if one != name]
        if engine.is_settled(answered(engine, full, fewer), at=FRIDAY):
            kept = fewer
    return len(kept)


def in_order(engine: Engine, full: Situation, *, skips: bool) -> int:
    """Count the questions in the vocabulary's order until settled; `skips` those that are idle."""
    asked: list[str] = []
    attributes = engine.rule_set.vocabulary.attributes.values()
    count = 0
    for name in [one.id for one in attributes if one.derived is None]:
        got = engine.next_questions(answered(engine, full, asked), at=FRIDAY, limit=100)
        if got.settled:
            break
        asked.append(name)
        count += not skips or name in {one.attribute for one in got.questions}
    return count


def all_that_is_read(engine: Engine, full: Situation) -> int:
    """Count what all rules about the kinds reached read: what is asked where inputs are listed."""
    rule_set = engine.rule_set
    reached = {one.kind for one in engine.recommend(full, at=FRIDAY).orientations}
    waiting = [
        rule.condition
        for rule in rule_set.rules.values()
        if reached & {one.to for one in (*rule.orient, *rule.exclude)}
    ]
    read: set[str] = set()
    while waiting:
        for leaf in leaves(waiting.pop()):
            if isinstance(leaf, FactIs):
                waiting.append(rule_set.facts[leaf.fact].condition)
            else:
                read.add(leaf.attribute)
    return len(read)


def main(every: int = 16) -> None:
    """Print the medians over the shipped cases, each completed as if nothing else happened."""
    engine = Engine.load()
    problems: list[Problem] = []
    folders, rule_set = find_files(None, None, None, problems).folders(), engine.rule_set
    cases = read_cases(folders, rule_set.vocabulary, frozenset(rule_set.rules), problems)
    people = [complete(engine, case.situation) for case in cases[::every]]
    times: list[float] = []
    interviews = [ours(engine, full, times) for full in people]
    pairs = zip(people, interviews, strict=True)
    spared = [needed(engine, full, asked) for full, asked in pairs]
    shown = [screens(engine, full) for full in people]
    rows = {
        "screens until the last aid of the day": [last for last, _ in shown],
        "screens in all": [count for _, count in shown],
        "the interview": [len(asked) for asked in interviews],
        "of these, what no hindsight spares": spared,
        "the vocabulary's order": [in_order(engine, full, skips=False) for full in people],
        "all that the rules reached read": [all_that_is_read(engine, full) for full in people],
        "in that order, idle ones left out": [
            in_order(engine, full, skips=True) for full in people
        ],
    }
    print(f"{len(people)} people, {len(rule_set.vocabulary.attributes) - 1} questions")
    for name, counts in rows.items():
        print(f"  {name:<36} median {statistics.median(counts):>4.0f}, most {max(counts)}")
    exact = sum(len(asked) == count for asked, count in zip(interviews, spared, strict=True))
    print(f"  no question too many, even with hindsight, for {exact} people")
    print(f"  a step: {statistics.median(times) * 1e3:.0f} ms, worst {max(times) * 1e3:.0f} ms")


if __name__ == "__main__":
    main()
