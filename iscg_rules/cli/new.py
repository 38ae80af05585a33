"""`iscg-rules new` and `iscg-rules schema`: what helps an author to write."""

import argparse
import json
import sys
from collections.abc import Iterable
from pathlib import Path

from iscg_rules.authoring.sketches import case_sketch, find_moment, rule_sketch
from iscg_rules.engine import Engine
from iscg_rules.errors import IscgError, Problem, did_you_mean
from iscg_rules.language.conditions import (
    Condition,
    FactIs,
    InArea,
    InRange,
    Not,
    Test,
    Threshold,
)
from iscg_rules.model.rules import Rule, RuleSet
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
_WHEN = {"housing": "must_leave_tonight", "household": "couple"}


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
    rule_set = Engine.load(chosen.rules, chosen.partners, territory=chosen.territory).rule_set
    rule = _rule(chosen.id, rule_set)
    situation = _situation(rule.condition, rule_set)
    derived = {
        attribute.id: situation.pop(attribute.id)
        for attribute in rule_set.vocabulary.attributes.values()
        if attribute.derived and attribute.id in situation
    }
    at = find_moment(rule_set.vocabulary, derived)
    case = case_sketch(f"cas-{rule.id}", _CASE_TITLE, situation, at, _expect(rule))
    sys.stdout.write(_CASE_HEAD + case)
    return False


def _rule(name: str | None, rule_set: RuleSet) -> Rule:
    if name is None:
        return next(iter(rule_set.rules.values()))
    if name not in rule_set.rules:
        aid = did_you_mean(name, rule_set.rules) or "`iscg-rules show rule` donne la liste"
        raise IscgError([Problem("V006", "cette règle n'existe pas", help=aid)])
    return rule_set.rules[name]


def _expect(rule: Rule) -> Iterable[str]:
    for key, kinds in (
        ("includes", [orient.to for orient in rule.orient]),
        ("excludes", [exclude.to for exclude in rule.exclude]),
        ("advice", [rule.id] if rule.advise else []),
    ):
        if kinds:
            yield f"{key}: [{', '.join(kinds)}]"


def _situation(condition: Condition, rule_set: RuleSet) -> dict[str, str]:
    """Give one set of answers that makes a condition true, written as YAML; a starting point."""
    answers: dict[str, str] = {}
    several: dict[str, dict[str, list[str]]] = {}
    for name, value in _satisfying(condition, rule_set, wanted=True):
        if isinstance(value, str):
            answers[name] = value
        else:
            word, one = value
            named = several.setdefault(name, {}).setdefault(word, [])
            named += [] if one in named else [one]
    for name, words in several.items():
        parts = (f"{word}: [{', '.join(named)}]" for word, named in words.items())
        answers[name] = f"{{{', '.join(parts)}}}"
    return answers


def _satisfying(
    condition: Condition, rule_set: RuleSet, *, wanted: bool
) -> Iterable[tuple[str, str | tuple[str, str]]]:
    match condition:
        case Test(attribute, variable, allowed):
            yield attribute, _answer(attribute, variable, allowed, rule_set, wanted=wanted)
        case InRange(attribute, low, high):
            bound = low if low is not None else high
            yield attribute, f"{bound:g}"
        case InArea(attribute, areas):
            codes = sorted(areas[0].communes) or [
                code.ljust(5, "1") for code in areas[0].departements
            ]
            yield attribute, f'"{codes[0] if wanted and codes else 75056}"'
        case FactIs(fact, holds):
            inner = rule_set.facts[fact].condition
            yield from _satisfying(inner, rule_set, wanted=holds is wanted)
        case Not(part):
            yield from _satisfying(part, rule_set, wanted=not wanted)
        case Threshold(count, of):
            needed = count if wanted else len(of) - count + 1
            # What the rule says itself comes last, and wins over what a fact could do with.
            ordered = sorted(of, key=lambda part: not isinstance(part, FactIs))
            for part in ordered if needed == len(of) else of[:needed]:
                yield from _satisfying(part, rule_set, wanted=wanted)


def _answer(
    attribute: str, variable: str, allowed: frozenset[str], rule_set: RuleSet, *, wanted: bool
) -> str | tuple[str, str]:
    definition = rule_set.vocabulary.attributes[attribute]
    if definition.type == "many_of":
        word = "yes" if ("yes" in allowed) is wanted else "no"
        return word, variable.partition("=")[2]
    return next((one for one in definition.choices if (one in allowed) is wanted), "")


def rulebook(chosen: argparse.Namespace) -> bool:
    """Print every rule in French, as Markdown."""
    engine = Engine.load(chosen.rules, chosen.partners, territory=chosen.territory)
    sys.stdout.write(render_rulebook(engine))
    return False


def schemas(chosen: argparse.Namespace) -> bool:
    """Print one schema, list their names, or write them all into a folder."""
    if chosen.name is None and chosen.output is None:
        sys.stdout.write("\n".join(SCHEMAS) + "\n")
        return False
    rule_set = Engine.load(chosen.rules, chosen.partners, territory=chosen.territory).rule_set
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
