"""Cases told on public pages: what the rules find of what was, or should be, done.

`docs/field-cases.md` has the figures; these bounds only keep them from falling unseen.
"""

from pathlib import Path

import pytest

from iscg_rules import Engine
from iscg_rules.cli import main

FIELD = Path(__file__).parent / "field"
ENGINE = Engine.load()


@pytest.mark.parametrize(
    ("name", "share"),
    [
        ("for-writing", "0.95"),
        ("held-out", "0.98"),
        ("second-held-out", "0.95"),
        ("third-held-out", "0.84"),
        ("fourth-held-out", "0.88"),
    ],
)
def test_most_of_what_pages_say_is_certain_and_nothing_forbidden(name, share, capsys):
    path = FIELD / f"{name}.yaml"
    assert main(["evaluate", str(path), "--at-least", share]) == 0
    total = capsys.readouterr().out.splitlines()[1].split()
    assert total[:3] == ["tous", "les", "cas"]
    assert total[-1] == "0"
