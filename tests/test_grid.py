"""The grid of themes and kinds: every orientation is in it, and the page in the docs is fresh."""

from pathlib import Path

import pytest

from iscg_rules.engine import Engine
from iscg_rules.rendering.grid import render_grid

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def shipped():
    return Engine.load(ROOT / "rules", ROOT / "partners.yaml").rule_set


def test_the_page_says_what_the_rules_say(shipped):
    assert (ROOT / "docs" / "grid.md").read_text("utf-8") == render_grid(shipped), "make rulebook"


def test_every_orientation_has_its_cell(shipped):
    page = render_grid(shipped)
    for rule in shipped.rules.values():
        for orient in rule.orient:
            label = shipped.vocabulary.kinds[orient.to].label.fr
            lines = [line for line in page.splitlines() if line.startswith(f"- **{label}**")]
            assert any(f"[{rule.id}](rulebook.md#{rule.id})" in line for line in lines), rule.id


def test_a_sign_says_the_strongest_and_the_soonest(toy_rules):
    assert "| Police | ●● |" in render_grid(toy_rules)
    assert "| Écoute | ○○ |" in render_grid(toy_rules)
    assert "| Juge | ○ |" in render_grid(toy_rules)


@pytest.fixture(scope="module")
def toy_rules():
    toy = ROOT / "tests" / "toy"
    return Engine.load(toy / "rules", toy / "partners.yaml").rule_set
