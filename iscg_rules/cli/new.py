"""`iscg-rules new` and `iscg-rules schema`: what helps an author to write."""

import argparse
import json
import sys
from pathlib import Path

from iscg_rules.authoring.first_case import first_case
from iscg_rules.authoring.sketches import case_sketch, rule_sketch
from iscg_rules.engine import Engine
from iscg_rules.errors import IscgError, Problem, did_you_mean
from iscg_rules.model.rules import Rule, RuleSet
from iscg_rules.rendering.grid import render_grid
from iscg_rules.rendering.kind_names import render_kind_names
from iscg_rules.rendering.rulebook import render_rulebook
from iscg_rules.schemas import SCHEMAS, schema

__all__ = ["new", "rulebook", "schemas"]

_RULE_HEAD = """\
# À coller sous `rules:` dans un fichier de rules/, puis à changer ligne par ligne.
# Ensuite : iscg-rules check, et un cas : iscg-rules new case {id}
"""
_CASE_HEAD = """\
# À coller sous `cases:` dans un fichier de rules/cases/, puis : iscg-rules test
"""
_CASE_TITLE = "Une phrase qui dit qui est reçu, et ce qui se passe"
_WHEN = {"role": "victim", "housing": "must_leave_tonight", "household": "couple"}


def new(chosen: argparse.Namespace) -> bool:
    """Print a skeleton that loads as it is.

    Raises:
        IscgError: V006 when a case is asked for a rule that does not exist.
    """
    if chosen.what == "rule":
        name = chosen.id or "une-regle"
        sys.stdout.write(_RULE_HEAD.format(id=name))
        sys.stdout.write(rule_sketch(name, _WHEN, "emergency_shelter"))
        return False
    engine = Engine.load(chosen.rules, chosen.partners, territory=chosen.territory)
    rule = _rule(chosen.id, engine.rule_set)
    case = first_case(engine, rule)
    expect = [f"{key}: [{', '.join(names)}]" for key, names in case.expect.items()]
    sketch = case_sketch(f"cas-{rule.id}", _CASE_TITLE, case.answers, case.at, expect)
    sys.stdout.write(_CASE_HEAD + sketch)
    return False


def _rule(name: str | None, rule_set: RuleSet) -> Rule:
    if name is None:
        return next(iter(rule_set.rules.values()))
    if name not in rule_set.rules:
        aid = did_you_mean(name, rule_set.rules) or "`iscg-rules show rule` donne la liste"
        raise IscgError([Problem("V006", "cette règle n'existe pas", help=aid)])
    return rule_set.rules[name]


def rulebook(chosen: argparse.Namespace) -> bool:
    """Print every rule in French, as Markdown, or the grid of themes and kinds of help."""
    engine = Engine.load(chosen.rules, chosen.partners, territory=chosen.territory)
    sys.stdout.write(render_grid(engine.rule_set) if chosen.grid else render_rulebook(engine))
    return False


def schemas(chosen: argparse.Namespace) -> bool:
    """Print one schema, list their names, or write them all into a folder."""
    if chosen.name is None and chosen.output is None and not chosen.python:
        sys.stdout.write("\n".join(SCHEMAS) + "\n")
        return False
    rule_set = Engine.load(chosen.rules, chosen.partners, territory=chosen.territory).rule_set
    if chosen.python:
        command = "iscg-rules schema --python"
        sys.stdout.write(render_kind_names(rule_set.vocabulary, command))
        return False
    names = [chosen.name] if chosen.name else list(SCHEMAS)
    for name in names:
        text = json.dumps(schema(name, rule_set), ensure_ascii=False, indent=1) + "\n"
        if chosen.output is None:
            sys.stdout.write(text)
            continue
        folder = Path(chosen.output)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{name}.json").write_text(text, encoding="utf-8")
    return False
