"""Every situation examined: how long it takes, on the shipped rules and on generated ones.

    python benchmarks/proof.py [RULES ...]        (the shipped rules, then 500 and 5,000)

Processor time, because a shared machine's clock says little; peak memory of the whole process.
"""

import random
import resource
import sys
import time
from datetime import date

from iscg_rules.errors import Problem
from iscg_rules.language.conditions import Test, all_of
from iscg_rules.language.vocabulary import Attribute, Kind, Vocabulary
from iscg_rules.model.files import find_files, read_files
from iscg_rules.model.guarantees import Guarantee, GuaranteeSet, read_guarantees
from iscg_rules.model.partners import Directory
from iscg_rules.model.rules import STRENGTHS, URGENCIES, Rule, RuleSet
from iscg_rules.proof.findings.all_findings import prove
from iscg_rules.reading.binding import LocalText

DAY = date(2026, 11, 25)
TEXT = LocalText(fr="mot")
ATTRIBUTES, KINDS, SHARE_OF_EXCLUSIONS = 30, 70, 0.06


def shipped() -> tuple[RuleSet, Directory, GuaranteeSet]:
    """Read the shipped rules with their promises."""
    problems: list[Problem] = []
    layout = find_files(None, None, None, problems)
    rule_set, directory = read_files(layout, problems)
    facts = tuple(rule_set.facts)
    return (
        rule_set,
        directory,
        read_guarantees(layout.folders(), rule_set.vocabulary, facts, problems),
    )


def generated(count: int) -> tuple[RuleSet, Directory, GuaranteeSet]:
    """Draw rules of one to four tests over 30 attributes of 2 to 9 answers, 6 % exclusions."""
    rng = random.Random(count)  # noqa: S311 # a benchmark, no secret
    sizes = {f"q{number}": rng.randint(2, 9) for number in range(ATTRIBUTES)}
    attributes = {
        name: Attribute.model_validate(
            {
                "id": name,
                "type": "one_of",
                "label": TEXT,
                "values": [{"id": f"v{n}", "label": TEXT} for n in range(size)],
            }
        )
        for name, size in sizes.items()
    }
    kinds = {
        f"k{number}": Kind.model_validate(
            {"id": f"k{number}", "category": "associations", "nature": "tool", "label": TEXT}
        )
        for number in range(KINDS)
    }
    vocabulary = Vocabulary(attributes, kinds, {})
    rules = {one.id: one for one in (_rule(number, sizes, rng) for number in range(count))}
    promise = {"id": "promise", "when": Test("q0", "q0", frozenset({"v0"}))}
    promises = GuaranteeSet(
        ("q0", "q1"),
        (Guarantee.model_validate({**promise, "then": {"never": ["k0"]}}),),
        {},
    )
    return RuleSet(vocabulary, {}, rules), Directory({}, {}), promises


def _rule(number: int, sizes: dict[str, int], rng: random.Random) -> Rule:
    tests = []
    for name in rng.sample(sorted(sizes), rng.randint(1, 4)):
        some = rng.sample(range(sizes[name]), rng.randint(1, max(1, sizes[name] // 2)))
        tests.append(Test(name, name, frozenset(f"v{n}" for n in some)))
    kind = f"k{rng.randrange(KINDS)}"
    orient = {"to": kind, "urgency": rng.choice(URGENCIES), "strength": rng.choice(STRENGTHS)}
    effect: dict[str, object] = {"orient": [{**orient, "sharing": "none"}]}
    if rng.random() < SHARE_OF_EXCLUSIONS:
        effect = {"exclude": [{"to": kind}]}
    given = {"id": f"r{number:05}", "when": all_of(tuple(tests)), "because": TEXT}
    return Rule.model_validate({**given, **effect, "source": [{"title": "x", "trust": "A"}]})


def main(counts: list[int]) -> None:
    """Print a line a rule set."""
    named = {"shipped": shipped(), **{f"{count:,}": generated(count) for count in counts}}
    for name, parts in named.items():
        times = []
        for _ in range(3 if len(parts[0].rules) <= 500 else 1):  # noqa: PLR2004 # long enough
            started = time.process_time()
            found = prove(*parts, day=DAY)
            times.append(time.process_time() - started)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        middle = sorted(times)[len(times) // 2]
        print(f"{name:>8} rules: {middle:7.2f} s, {len(found):5} findings, peak {peak:5.0f} MiB")


if __name__ == "__main__":
    main([int(word) for word in sys.argv[1:]] or [500, 5_000])
