"""A job without anybody at the keyboard: situations on lines of JSON, orientations on others.

    python examples/job.py < situations.jsonl > orientations.jsonl

A line that is refused costs itself only: its place holds the codes of what is wrong, and no answer.
Files of a year are for `iscg-rules batch`, which is faster and goes on where it was stopped.
"""

import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator

from iscg_rules import Engine, IscgError, shorten


def lines(engine: Engine, given: Iterable[str], counts: Counter[str]) -> Iterator[str]:
    """Yield a line for each that is given: a short recommendation, or what is wrong."""
    for line in given:
        try:
            asked = json.loads(line)
            got = engine.recommend(asked["situation"], at=asked.get("at"))
        except IscgError as error:
            counts["refused"] += 1
            yield json.dumps({"problems": [problem.code for problem in error.problems]})
        except (ValueError, TypeError, KeyError):
            counts["unreadable"] += 1
            yield json.dumps({"problems": ["unreadable"]})
        else:
            counts["answered"] += 1
            yield shorten(got).to_json()


def main() -> int:
    """Answer every line; return 1 where some were not."""
    counts: Counter[str] = Counter()
    for line in lines(Engine.load(), sys.stdin, counts):
        print(line)
    print(dict(counts), file=sys.stderr)
    return int(counts["answered"] < counts.total())


if __name__ == "__main__":
    sys.exit(main())
