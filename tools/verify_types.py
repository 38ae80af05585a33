"""How much of the public surface has a known type, as pyright counts it: at least 99 %.

python tools/verify_types.py
"""

import json
import os
import subprocess
import sys
from pathlib import Path

LEAST = 0.99


def main() -> int:
    """Return 1 where too much is unknown, with each name."""
    here = str(Path(sys.executable).parent)
    ran = subprocess.run(
        ["pyright", "--verifytypes", "iscg_rules", "--ignoreexternal", "--outputjson"],
        check=False,
        capture_output=True,
        text=True,
        # Pyright looks at the first Python of the path.
        env={**os.environ, "PATH": f"{here}:{os.environ['PATH']}"},
    )
    found = json.loads(ran.stdout)["typeCompleteness"]
    for symbol in found["symbols"]:
        if symbol["isExported"] and not symbol["isTypeKnown"]:
            for diagnostic in symbol["diagnostics"][:1]:
                print(f"{symbol['name']}: {diagnostic['message'].splitlines()[0]}")
    score, counts = found["completenessScore"], found["exportedSymbolCounts"]
    print(f"{score:.1%} of {sum(counts.values())} exported names are typed")
    return int(score < LEAST)


if __name__ == "__main__":
    sys.exit(main())
