"""What each file that authors edit may hold, so that an editor completes and underlines."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from iscg_rules.directory.kind_proposals import KindRule, PublicRule, ThemeRule
from iscg_rules.directory.proposals import PARTNER_FIELDS, ProposalEntry
from iscg_rules.language.situation_model import build_model
from iscg_rules.language.vocabulary import STATION, AreaEntry, Attribute, Kind, Vocabulary
from iscg_rules.model.cases import CaseEntry
from iscg_rules.model.grounds import NOTHING, Ground
from iscg_rules.model.guarantees import Guarantees
from iscg_rules.model.hazards import Hazard
from iscg_rules.model.partners import Partner
from iscg_rules.model.rules import Fact, Impossible, Rule, RuleSet
from iscg_rules.reading.binding import LocalText
from iscg_rules.reading.cited_sources import SourceEntry
from iscg_rules.reading.territories import TerritoryFile

__all__ = [
    "describe_cases",
    "describe_grounds",
    "describe_guarantees",
    "describe_hazards",
    "describe_partners",
    "describe_rules",
    "describe_situation",
    "describe_sources",
    "describe_territory",
    "describe_vocabulary",
]

_CONDITION = {"$ref": "#/$defs/Condition"}
_SOURCE_NAME = {"type": "string", "pattern": "^[a-z0-9][a-z0-9-]*$"}
_SOURCES = ("#/$defs/Source", "#/$defs/PartnerSource")
Schema = dict[str, Any]


def describe_vocabulary(rule_set: RuleSet) -> Schema:
    """Describe what can be asked: attributes, kinds, areas, and answers that exclude each other."""
    parts: dict[str, type[BaseModel]] = {
        "attributes": Attribute,
        "impossible": Impossible,
        "kinds": Kind,
        "areas": AreaEntry,
    }
    return _sections(parts, rule_set, "Le vocabulaire : attributs, types d'aide, territoires")


def describe_rules(rule_set: RuleSet) -> Schema:
    """Describe facts and rules."""
    found = _sections({"facts": Fact, "rules": Rule}, rule_set, "Des faits et des règles")
    found["properties"]["theme"] = {"$ref": "#/$defs/LocalText"}
    sharing = {NOTHING.id: NOTHING.label} | {g.id: g.label for g in rule_set.grounds.values()}
    found["$defs"]["Orient"]["properties"]["sharing"] = _values(sharing)
    return found


def describe_grounds(rule_set: RuleSet) -> Schema:
    """Describe on which text sharing leans, and with whom."""
    title = "Les fondements du partage : sur quel texte, et à qui"
    found = _sections({"grounds": Ground}, rule_set, title)
    fields = found["$defs"]["Ground"]["properties"]
    fields["kinds"] = _one_or_many(_choice(rule_set.vocabulary.kinds))
    return found


def describe_partners(rule_set: RuleSet) -> Schema:
    """Describe who helps, where, when, and how to reach them."""
    found = _sections({"partners": Partner}, rule_set, "Les partenaires d'un territoire")
    fields = found["$defs"]["Partner"]["properties"]
    fields["offers"]["items"] = _choice(rule_set.vocabulary.kinds)
    return found


def describe_imports(rule_set: RuleSet) -> Schema:
    """Describe which words of open data propose which kind of help."""
    parts: dict[str, type[BaseModel]] = {
        "kinds": KindRule,
        "publics": PublicRule,
        "themes": ThemeRule,
    }
    found = _sections(parts, rule_set, "Ce qui, dans un annuaire ouvert, propose un type d'aide")
    definitions = found["$defs"]
    kinds = _choice(rule_set.vocabulary.kinds)
    definitions["KindRule"]["properties"]["to"] = kinds
    definitions["ThemeRule"]["properties"]["kind"] = kinds
    definitions["PublicRule"]["properties"]["accepts"] = _CONDITION
    return found


def describe_proposals(rule_set: RuleSet) -> Schema:
    """Describe partners that a source proposes, before a person has said yes or no."""
    parts = {"proposals": ProposalEntry}
    found = _sections(parts, rule_set, "Des partenaires proposés, à relire")
    partners = describe_partners(rule_set)
    # What would stand in partners.yaml is written as it is there.
    fields = partners["$defs"].pop("Partner")["properties"]
    found["$defs"] |= partners["$defs"]
    found["$defs"]["ProposalEntry"]["properties"] |= {key: fields[key] for key in PARTNER_FIELDS}
    return found


def describe_guarantees(rule_set: RuleSet) -> Schema:
    """Describe promises about every situation."""
    found = Guarantees.model_json_schema(by_alias=True)
    # The bare word is about every kind.
    promises = found["$defs"]["Then"]["properties"]
    for key, word in (("urgency", "never_later"), ("orientations", "never_lost")):
        promises[key]["anyOf"].append({"const": word})
    found["title"] = "Ce qui est promis pour toute situation"
    return _completed(found, rule_set)


def describe_cases(rule_set: RuleSet) -> Schema:
    """Describe situations with what must come out."""
    found = _sections({"cases": CaseEntry}, rule_set, "Des cas : une situation, ce qui doit sortir")
    found["$defs"]["CaseEntry"]["properties"]["situation"] = _answers(rule_set.vocabulary)
    return found


def describe_sources() -> Schema:
    """Describe the file that holds each source once, under its name."""
    title = "Les sources, nommées par les règles et les partenaires"
    found: Schema = _with_references(_file_of({"sources": SourceEntry}, title))
    return found


def describe_hazards() -> Schema:
    """Describe what could go wrong, and what stands against it."""
    title = "Ce qui pourrait mal tourner, et ce qui le tient"
    found: Schema = _with_references(_file_of({"hazards": Hazard}, title))
    return found


def describe_territory(rule_set: RuleSet) -> Schema:
    """Describe what a territory is called, what it builds on and which areas it adds."""
    found = _with_references(TerritoryFile.model_json_schema(by_alias=True))
    areas = AreaEntry.model_json_schema(by_alias=True)
    found.setdefault("$defs", {}).update(areas.pop("$defs", {}), AreaEntry=areas)
    found["title"] = "Un territoire"
    found["properties"]["areas"] = {"type": "array", "items": {"$ref": "#/$defs/AreaEntry"}}
    return _completed(found, rule_set)


def describe_situation(rule_set: RuleSet) -> Schema:
    """Describe the answers about one situation, each of which may be absent."""
    return {"title": "Une situation", **_answers(rule_set.vocabulary)}


def _sections(parts: Mapping[str, type[BaseModel]], rule_set: RuleSet, title: str) -> Schema:
    """Describe a file whose top level holds lists of these, with conditions and kinds."""
    return _completed(_file_of(parts, title), rule_set)


def _file_of(parts: Mapping[str, type[BaseModel]], title: str) -> Schema:
    """Describe a file whose top level holds lists of these."""
    definitions: Schema = {}
    for model in parts.values():
        definition = model.model_json_schema(by_alias=True)
        definitions |= definition.pop("$defs", {})
        definitions[model.__name__] = definition
    return {
        "title": title,
        "type": "object",
        "properties": {
            name: {"type": "array", "items": {"$ref": f"#/$defs/{model.__name__}"}}
            for name, model in parts.items()
        },
        "additionalProperties": False,
        "$defs": definitions,
    }


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
    """Put in what authors may write where models hold what was read.

    The mark of a condition becomes a reference to what a condition may say, a source may be its
    name, and what looks like a number is text.
    """
    if isinstance(node, list):
        return [_with_references(part) for part in node]
    if not isinstance(node, dict):
        return node
    if node.get("$comment") == "condition":
        return _CONDITION
    if node.get("$ref") in _SOURCES:
        return {"anyOf": [_SOURCE_NAME, node]}
    found = {key: _with_references(value) for key, value in sorted(node.items())}
    if found.get("type") == "string" and "enum" not in found and "const" not in found:
        # The reader takes 2018 and 115 as they are written; an editor sees numbers.
        found["type"] = ["string", "number"]
    return found


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
        # Another territory has areas of its own: these are offered, and no other is refused.
        return _one_or_many({"anyOf": [_choice(vocabulary.areas), {"type": "string"}]})
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
