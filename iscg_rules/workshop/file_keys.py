"""Which keys stand where: the model of each entry, and of what stands under its keys."""

from types import MappingProxyType

from pydantic import BaseModel

from iscg_rules.language.vocabulary import (
    AreaEntry,
    Attribute,
    Kind,
    Value,
)
from iscg_rules.model.cases import CaseEntry, Expect
from iscg_rules.model.grounds import Ground
from iscg_rules.model.guarantees import Changing, Guarantee, Raising, Then, Within
from iscg_rules.model.partners import Contact, Partner
from iscg_rules.model.rules import Exclude, Fact, Impossible, Orient, Rule, Valid
from iscg_rules.reading.binding import LocalText
from iscg_rules.reading.cited_sources import SourceEntry
from iscg_rules.reading.territories import Transparency

__all__ = ["INNER", "MODELS", "SECTIONS"]

MODELS: MappingProxyType[str, type[BaseModel]] = MappingProxyType(
    {
        "attributes": Attribute,
        "kinds": Kind,
        "areas": AreaEntry,
        "facts": Fact,
        "rules": Rule,
        "impossible": Impossible,
        "partners": Partner,
        "sources": SourceEntry,
        "grounds": Ground,
        "cases": CaseEntry,
        "guarantees": Guarantee,
    }
)
INNER: MappingProxyType[str, type[BaseModel]] = MappingProxyType(
    {
        "orient": Orient,
        "exclude": Exclude,
        "valid": Valid,
        "expect": Expect,
        "contact": Contact,
        "then": Then,
        "within": Within,
        "raising": Raising,
        "changing": Changing,
        "values": Value,
        "transparency": Transparency,
        "label": LocalText,
        "title": LocalText,
        "because": LocalText,
        "ask": LocalText,
        "description": LocalText,
        "access": LocalText,
        "advise": LocalText,
        "theme": LocalText,
    }
)
SECTIONS = MappingProxyType(
    {
        "rules": ("theme", "facts", "rules"),
        "vocabulary": ("attributes", "impossible", "kinds", "areas"),
        "cases": ("cases",),
        "partners": ("partners",),
        "sources": ("sources",),
        "grounds": ("grounds",),
        "guarantees": ("report_by", "guarantees"),
        "territory": ("label", "extends", "home", "station", "transparency", "areas"),
    }
)
