"""A JSON Schema for each file that authors edit, and for each result."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from iscg_rules.authoring.scores import Scores
from iscg_rules.diff.results import Revision
from iscg_rules.explain.results import (
    Comparison,
    NextQuestions,
    PersonAccount,
    WhatIf,
    Why,
    WhyNot,
)
from iscg_rules.model.rules import RuleSet
from iscg_rules.page.portable import portable_schema
from iscg_rules.proof.results import Coverage, Mutations
from iscg_rules.rating.results import Agreement
from iscg_rules.recommend.form import Form
from iscg_rules.recommend.json_values import json_schema
from iscg_rules.recommend.results import Recommendation, ReferralNote
from iscg_rules.recommend.short_answer import ShortRecommendation
from iscg_rules.recommend.signed_results import VERSION
from iscg_rules.reports.results import Replay
from iscg_rules.safety.results import SafetyCase
from iscg_rules.schemas.author_files import (
    describe_cases,
    describe_grounds,
    describe_guarantees,
    describe_hazards,
    describe_imports,
    describe_partners,
    describe_proposals,
    describe_rules,
    describe_situation,
    describe_sources,
    describe_territory,
    describe_vocabulary,
)
from iscg_rules.schemas.checked_files import describe_check
from iscg_rules.transparency.results import Inventory, PublicNotice

__all__ = ["NAMES", "SCHEMAS", "schema"]

_DRAFT = "https://json-schema.org/draft/2020-12/schema"
# A name and no address: nothing is fetched.
NAMES = "urn:iscg-rules:schema"


def schema(name: str, rule_set: RuleSet) -> dict[str, Any]:
    """Give the JSON Schema of one kind of file, in the words of a vocabulary.

    Args:
        name: one of `SCHEMAS`.
        rule_set: its attributes, values, facts, kinds and areas are what an editor may complete.

    Raises:
        KeyError: no schema has this name.
    """
    return {"$schema": _DRAFT, "$id": f"{NAMES}:{name}:{VERSION}", **SCHEMAS[name](rule_set)}


def _result(kind: type, title: str) -> Callable[[RuleSet], dict[str, Any]]:
    """Describe what goes out: it has the same shape for every vocabulary."""
    return lambda _: {**json_schema(kind), "title": title}


SCHEMAS: Mapping[str, Callable[[RuleSet], dict[str, Any]]] = MappingProxyType(
    {
        "vocabulary": describe_vocabulary,
        "rules": describe_rules,
        "grounds": describe_grounds,
        "partners": describe_partners,
        "proposals": describe_proposals,
        "imports": describe_imports,
        "guarantees": describe_guarantees,
        "cases": describe_cases,
        "sources": lambda _: describe_sources(),
        "territory": describe_territory,
        "hazards": lambda _: describe_hazards(),
        "situation": describe_situation,
        "recommendation": _result(Recommendation, "Une recommandation"),
        "short_recommendation": _result(ShortRecommendation, "Une recommandation, en bref"),
        "why": _result(Why, "Pourquoi une aide est là"),
        "why_not": _result(WhyNot, "Pourquoi une aide n’est pas là"),
        "what_if": _result(WhatIf, "Ce qui changerait cela, au plus court"),
        "comparison": _result(Comparison, "Ce qui change d’une situation à l’autre"),
        "next_questions": _result(NextQuestions, "Ce qu’il faut demander ensuite"),
        "person_account": _result(PersonAccount, "Comment la réponse a été faite"),
        "portable": lambda _: portable_schema(),
        "referral_note": _result(ReferralNote, "Une fiche de liaison"),
        "form": _result(Form, "Ce qu’un formulaire demande"),
        "check": lambda _: describe_check(),
        "replay": _result(Replay, "Ce que d’autres règles auraient changé, en nombres"),
        "revision": _result(Revision, "Ce qui change d'une version des règles à l'autre"),
        "coverage": _result(Coverage, "Ce que les cas montrent"),
        "mutations": _result(Mutations, "Ce que les cas remarquent"),
        "safety_case": _result(SafetyCase, "Le dossier de sécurité"),
        "agreement": _result(Agreement, "L’accord de praticiens, entre eux et avec l’outil"),
        "notice": _result(PublicNotice, "Ce que la personne doit savoir de l’outil"),
        "inventory": _result(Inventory, "La fiche du traitement"),
        "scores": _result(Scores, "Ce que les règles valent sur des cas venus d’ailleurs"),
    }
)
