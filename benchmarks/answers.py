"""How many drawn situations get an answer: complete ones, at random, that could be.

python benchmarks/answers.py [NUMBER] [TERRITORY]
"""

import random
import sys
from collections import Counter
from datetime import datetime, timedelta

from iscg_rules import Engine, IscgError
from iscg_rules.language.situations import Situation

MONDAY = datetime(2026, 11, 23)  # noqa: DTZ001 # read as Europe/Paris
# Of several things that may be ticked, few are.
SHARE_OF_YES = 0.08


def draw(engine: Engine, source: random.Random) -> Situation:
    """Draw an answer to every question; what the rule set calls impossible is drawn again."""
    vocabulary = engine.rule_set.vocabulary
    communes = tuple(vocabulary.home_names)
    while True:
        values: dict[str, str | float] = {}
        for attribute in vocabulary.attributes.values():
            if attribute.derived:
                continue
            for variable in attribute.variables:
                if attribute.type == "many_of":
                    values[variable] = "yes" if source.random() < SHARE_OF_YES else "no"
                elif attribute.type == "commune":
                    values[variable] = source.choice(communes)
                else:
                    values[variable] = source.choice(tuple(attribute.choices))
        try:
            return engine.situation(Situation(values))
        except IscgError:
            continue


def main(number: int = 20_000, territory: str = "pays-de-saint-malo") -> None:
    """Print the share without an orientation, and with a gap, by kind."""
    engine = Engine.load(territory=territory)
    source = random.Random(2018)  # noqa: S311 # no secret
    empty, gapped, kinds, lengths = 0, 0, Counter[str](), Counter[int]()
    for _ in range(number):
        at = MONDAY + timedelta(minutes=source.randrange(7 * 24 * 60))
        got = engine.recommend(draw(engine, source), at=at)
        empty += not got.orientations
        gapped += bool(got.gaps)
        kinds.update(got.gaps)
        lengths[len(got.orientations)] += 1
    middle = sorted(lengths.elements())[number // 2]
    print(f"{territory}: {number:,} complete situations, median of {middle} orientations")
    print(f"without an orientation: {empty / number:.2%}")
    print(f"with a gap: {gapped / number:.2%}")
    for kind, count in kinds.most_common():
        print(f"  {kind:<34} {count / number:>7.2%}")


if __name__ == "__main__":
    main(*(int(word) if word.isdigit() else word for word in sys.argv[1:3]))  # type: ignore[arg-type]
