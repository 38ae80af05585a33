"""A JSON Schema for each file that authors edit, so that an editor completes and underlines."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from pydantic import BaseModel

from iscg_rules.authoring.scores import Scores
from iscg_rules.diff.results import Revision
from iscg_rules.error_codes import CODES
from iscg_rules.explain.results import Comparison, NextQuestions, WhatIf, Why, WhyNot
from iscg_rules.language.situation_model import build_model
from iscg_rules.language.vocabulary import STATION, AreaEntry, Attribute, Kind, Vocabulary
from iscg_rules.model.cases import CaseEntry
from iscg_rules.model.grounds import NOTHING, Ground
from iscg_rules.model.guarantees import Guarantees
from iscg_rules.model.partners import Partner
from iscg_rules.model.rules import Fact, Impossible, Rule, RuleSet
from iscg_rules.proof.results import Coverage, Mutations
from iscg_rules.reading.binding import LocalText
from iscg_rules.recommend.form import Form
from iscg_rules.recommend.json_values import json_schema
from iscg_rules.recommend.results import Recommendation, ReferralNote
from iscg_rules.recommend.short_answer import ShortRecommendation
from iscg_rules.recommend.signed_results import VERSION
from iscg_rules.reports.results import Replay

__all__ = ["SCHEMAS", "schema"]

_DRAFT = "https://json-schema.org/draft/2020-12/schema"
# A name and no address: nothing is fetched.
_NAMES = "urn:iscg-rules:schema"
_CONDITION = {"$ref": "#/$defs/Condition"}
Schema = dict[str, Any]


def schema(name: str, rule_set: RuleSet) -> Schema:
    """Give the JSON Schema of one kind of file, in the words of a vocabulary.

    Args:
        name: one of `SCHEMAS`.
        rule_set: its attributes, values, facts, kinds and areas are what an editor may complete.

    Raises:
        KeyError: no schema has this name.
    """
    return {"$schema": _DRAFT, "$id": f"{_NAMES}:{name}:{VERSION}", **SCHEMAS[name](rule_set)}


def _vocabulary(rule_set: RuleSet) -> Schema:
    parts: dict[str, type[BaseModel]] = {
        "attributes": Attribute,
        "impossible": Impossible,
        "kinds": Kind,
        "areas": AreaEntry,
    }
    return _sections(parts, rule_set, "Le vocabulaire : attributs, types d'aide, territoires")


def _rules(rule_set: RuleSet) -> Schema:
    found = _sections({"facts": Fact, "rules": Rule}, rule_set, "Des faits et des règles")
    found["properties"]["theme"] = {"$ref": "#/$defs/LocalText"}
    sharing = {NOTHING.id: NOTHING.label} | {g.id: g.label for g in rule_set.grounds.values()}
    found["$defs"]["Orient"]["properties"]["sharing"] = _values(sharing)
    return found


def _grounds(rule_set: RuleSet) -> Schema:
    title = "Les fondements du partage : sur quel texte, et à qui"
    found = _sections({"grounds": Ground}, rule_set, title)
    fields = found["$defs"]["Ground"]["properties"]
    fields["kinds"] = _one_or_many(_choice(rule_set.vocabulary.kinds))
    return found


def _partners(rule_set: RuleSet) -> Schema:
    found = _sections({"partners": Partner}, rule_set, "Les partenaires d'un territoire")
    fields = found["$defs"]["Partner"]["properties"]
    fields["offers"]["items"] = _choice(rule_set.vocabulary.kinds)
    return found


def _guarantees(rule_set: RuleSet) -> Schema:
    found = Guarantees.model_json_schema(by_alias=True)
    found["title"] = "Ce qui est promis pour toute situation"
    return _completed(found, rule_set)


def _cases(rule_set: RuleSet) -> Schema:
    found = _sections({"cases": CaseEntry}, rule_set, "Des cas : une situation, ce qui doit sortir")
    found["$defs"]["CaseEntry"]["properties"]["situation"] = _answers(rule_set.vocabulary)
    return found


def _situation(rule_set: RuleSet) -> Schema:
    return {"title": "Une situation", **_answers(rule_set.vocabulary)}


def _check(_rule_set: RuleSet) -> Schema:
    """Describe what `iscg-rules check --format json` writes."""
    text, place = {"type": ["string", "null"]}, {"type": ["integer", "null"]}
    problem = {"code": {"enum": list(CODES)}, "message": {"type": "string"}}
    problem |= {"attribute": text, "allowed": {"type": "array", "items": {"type": "string"}}}
    problem |= {"params": {"type": "object"}}
    problem |= {"file": text, "line": place, "column": place, "help": text}
    example = {
        "answers": {"type": "object"},
        "words": {"type": "array", "items": {"type": "string"}},
        "at": text,
        "fewest": {"type": "boolean"},
    }
    finding = {**problem, "example": {"anyOf": [_closed(example), {"type": "null"}]}}
    finding["sketch"] = text
    problems = {"type": "array", "items": _closed(problem)}
    proofs = {"type": ["array", "null"], "items": _closed(finding)}
    found = _closed(
        {
            "version": {"const": 1},
            "problems": problems,
            "findings": problems,
            "proofs": proofs,
        }
    )
    return {"title": "Ce que `iscg-rules check` trouve", **found}


def _closed(properties: Schema) -> Schema:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _result(kind: type, title: str) -> Callable[[RuleSet], Schema]:
    """Describe what goes out: it has the same shape for every vocabulary."""
    return lambda _: {**json_schema(kind), "title": title}


SCHEMAS: Mapping[str, Callable[[RuleSet], Schema]] = MappingProxyType(
    {
        "vocabulary": _vocabulary,
        "rules": _rules,
        "grounds": _grounds,
        "partners": _partners,
        "guarantees": _guarantees,
        "cases": _cases,
        "situation": _situation,
        "recommendation": _result(Recommendation, "Une recommandation"),
        "short_recommendation": _result(ShortRecommendation, "Une recommandation, en bref"),
        "why": _result(Why, "Pourquoi une aide est là"),
        "why_not": _result(WhyNot, "Pourquoi une aide n’est pas là"),
        "what_if": _result(WhatIf, "Ce qui changerait cela, au plus court"),
        "comparison": _result(Comparison, "Ce qui change d’une situation à l’autre"),
        "next_questions": _result(NextQuestions, "Ce qu’il faut demander ensuite"),
        "referral_note": _result(ReferralNote, "Une fiche de liaison"),
        "form": _result(Form, "Ce qu’un formulaire demande"),
        "check": _check,
        "replay": _result(Replay, "Ce que d’autres règles auraient changé, en nombres"),
        "revision": _result(Revision, "Ce qui change d'une version des règles à l'autre"),
        "coverage": _result(Coverage, "Ce que les cas montrent"),
        "mutations": _result(Mutations, "Ce que les cas remarquent"),
        "scores": _result(Scores, "Ce que les règles valent sur des cas venus d’ailleurs"),
    }
)


def _sections(parts: Mapping[str, type[BaseModel]], rule_set: RuleSet, title: str) -> Schema:
    """Describe a file whose top level holds lists of these."""
    definitions: Schema = {}
    for model in parts.values():
        definition = model.model_json_schema(by_alias=True)
        definitions |= definition.pop("$defs", {})
        definitions[model.__name__] = definition
    found: Schema = {
        "title": title,
        "type": "object",
        "properties": {
            name: {"type": "array", "items": {"$ref": f"#/$defs/{model.__name__}"}}
            for name, model in parts.items()
        },
        "additionalProperties": False,
        "$defs": definitions,
    }
    return _completed(found, rule_set)


def _completed(found: Schema, rule_set: RuleSet) -> Schema:
    """Add what a condition may say, and the kinds that may be named."""
    found = _with_references(found)
    definitions = found.setdefault("$defs", {})
    definitions["Condition"] = _condition(rule_set)
    for name in ("Orient", "Exclude"):
        if name in definitions:
            definitions[name]["properties"]["to"] = _choice(rule_set.vocabulary.kinds)
    return found


def _with_references(node: Any) -> Any:  # noqa: ANN401 # any part of a schema
    """Replace the mark of a condition by a reference to what a condition may say."""
    if isinstance(node, list):
        return [_with_references(part) for part in node]
    if not isinstance(node, dict):
        return node
    if node.get("$comment") == "condition":
        return _CONDITION
    return {key: _with_references(value) for key, value in sorted(node.items())}


def _condition(rule_set: RuleSet) -> Schema:
    one = _CONDITION
    several = {"type": "array", "items": one, "minItems": 1}
    properties: Schema = {
        "all": {**several, "description": "tout ce qui suit est vrai"},
        "any": {**several, "description": "au moins une ligne est vraie"},
        "not": {**one, "description": "ce qui suit est faux"},
        "at_least": {
            "description": "au moins tant de ces lignes sont vraies",
            "type": "object",
            "properties": {"count": {"type": "integer", "minimum": 1}, "of": several},
            "required": ["count", "of"],
            "additionalProperties": False,
        },
    }
    words = rule_set.vocabulary
    # Where the post is, no condition asks.
    for attribute in (one for one in words.attributes.values() if one.id != STATION):
        properties[attribute.id] = {"description": attribute.label.fr, **_test(attribute, words)}
    for fact in rule_set.facts.values():
        properties[fact.id] = {"description": f"fait : {fact.label.fr}", "enum": ["yes", "no"]}
    return {
        "type": "object",
        "properties": properties,
        "minProperties": 1,
        "additionalProperties": False,
    }


def _test(attribute: Attribute, vocabulary: Vocabulary) -> Schema:
    """Describe what a condition may ask of an attribute."""
    if attribute.type == "number":
        bounds = {"min": {"type": "number"}, "max": {"type": "number"}}
        return {"type": "object", "properties": bounds, "additionalProperties": False}
    if attribute.type == "commune":
        return _one_or_many(_choice(vocabulary.areas))
    one = _values(attribute.choices)
    if attribute.type != "many_of":
        return _one_or_many(one)
    every = {"type": "array", "items": one, "minItems": 1}
    named = {
        "type": "object",
        "properties": {"all_of": every, "none_of": every},
        "additionalProperties": False,
    }
    return {"anyOf": [one, every, named]}


def _answers(vocabulary: Vocabulary) -> Schema:
    """Describe the answers of a situation; every one may be absent."""
    found = build_model(vocabulary).model_json_schema()
    found.pop("title", None)
    return found


def _values(choices: Mapping[str, LocalText]) -> Schema:
    labels = [f"{name} : {label.fr}" for name, label in choices.items()]
    return {"enum": list(choices), "description": " | ".join(labels)}


def _choice(names: Mapping[str, object]) -> Schema:
    return {"enum": list(names)}


def _one_or_many(one: Schema) -> Schema:
    return {"anyOf": [one, {"type": "array", "items": one, "minItems": 1}]}
