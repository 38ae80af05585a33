"""The explanations of the shipped cases, stored to be read as a social worker reads them.

`REWRITE=1 pytest tests/test_explained.py` writes them anew: read the difference line by line.
"""

import os
from pathlib import Path

import pytest

from iscg_rules import Engine
from iscg_rules.model.cases import read_cases
from iscg_rules.model.files import find_files
from iscg_rules.rendering.explanations import render_why, render_why_not

HERE = Path(__file__).parent
ENGINE = Engine.load()
CASES = read_cases(
    find_files(None, None, None, []).folders(),
    ENGINE.rule_set.vocabulary,
    frozenset(ENGINE.rule_set.rules),
    [],
)
# Near misses are many and alike: what they hold is in their `expect`, and nobody would read how
# each of them is explained.
THEMES = sorted({case.place.file for case in CASES if "near-misses" not in case.place.file})


def explained(case):
    """Explain the first orientation, and one kind that is not there: excluded, else possible."""
    got = ENGINE.recommend(case.situation, at=case.at)
    yield f"## {case.id}, {case.title.fr}"
    for orientation in got.orientations[:1]:
        yield render_why(ENGINE.why(case.situation, orientation.kind, at=case.at)).rstrip()
    absent = [exclusion.kind for exclusion in got.excluded] + ["crip", "adil"]
    there = {orientation.kind for orientation in got.orientations}
    kind = next(one for one in absent if one not in there)
    yield render_why_not(ENGINE.why_not(case.situation, kind, at=case.at)).rstrip()
    yield ""


@pytest.mark.parametrize("theme", THEMES)
def test_every_case_explains_itself_as_it_was_read(theme):
    lines = [line for case in CASES if case.place.file == theme for line in explained(case)]
    got = "\n".join(lines)
    name = theme.replace("territories/", "").replace("/cases/", "-").replace(".yaml", ".txt")
    stored = HERE / "explained" / name
    if os.environ.get("REWRITE"):
        stored.parent.mkdir(exist_ok=True)
        stored.write_text(got, "utf-8")
    assert got == stored.read_text("utf-8")
    assert "None" not in got
