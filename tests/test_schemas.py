"""A YAML editor that knows the schemas underlines nothing in what ships, and what is wrong."""

import json
import re
from pathlib import Path

import jsonschema
import pytest
import yaml

from iscg_rules.cli import main
from tests.made_up_services import as_json
from tests.test_partner_import import SERVICE

ROOT = Path(__file__).parents[1]


class Editor(yaml.SafeLoader):
    """What an editor reads: YAML 1.2, in which `yes` is a word and 2018 a number."""

    yaml_implicit_resolvers = {}  # noqa: RUF012 # of the library


for tag, pattern, first in (
    ("bool", r"true|false|True|False|TRUE|FALSE", "tTfF"),
    ("int", r"[-+]?[0-9]+", "-+0123456789"),
    ("float", r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?", "-+.0123456789"),
    ("null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
):
    Editor.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(f"(?:{pattern})$"), first)

NAMES = ("vocabulary", "grounds", "sources", "guarantees", "territory", "partners", "hazards")


def schema_of(path):
    """Name the schema of a file, as the docs tell editors to."""
    if path.parent.name in ("cases", "imports"):
        return path.parent.name
    if path.parent.name == "proposed":
        return "proposals"
    return path.stem if path.stem in NAMES else "rules"


SHIPPED = sorted(
    path
    for path in (
        ROOT / "partners.yaml",
        *ROOT.glob("rules/**/*.yaml"),
        *ROOT.glob("territories/**/*.yaml"),
        *ROOT.glob("safety/*.yaml"),
    )
)


def faults(path, change=lambda text: text):
    schema = json.loads((ROOT / "schemas" / f"{schema_of(path)}.json").read_text("utf-8"))
    document = yaml.load(change(path.read_text("utf-8")), Loader=Editor)  # noqa: S506 # a SafeLoader
    return list(jsonschema.Draft202012Validator(schema).iter_errors(document))


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: str(path.relative_to(ROOT)))
def test_what_ships_is_underlined_nowhere(path):
    assert [fault.message for fault in faults(path)] == []


@pytest.mark.parametrize(
    ("file", "right", "wrong"),
    [
        ("rules/housing.yaml", "urgency: today", "urgency: aujourd’hui"),
        ("rules/housing.yaml", "because:", "becose:"),
        ("rules/housing.yaml", "to: emergency_shelter", "to: shelter_emergency"),
        ("rules/sources.yaml", "trust: A", "trust: D"),
        ("rules/vocabulary.yaml", "type: yes_no", "type: oui_non"),
        ("rules/guarantees.yaml", "never_later", "never_late"),
        ("safety/hazards.yaml", "severity: grave", "severity: forte"),
        ("partners.yaml", "offers: [emergency_police]", "offers: [police]"),
        ("territories/rennes/territory.yaml", "extends: ille-et-vilaine", "etend: ille-et-vilaine"),
        ("rules/cases/housing.yaml", "expect:", "attendu:"),
        ("rules/imports/kinds.yaml", "{to: day_centre", "{to: day_center"),
        ("rules/imports/kinds.yaml", "name: [accueil de jour", "nom: [accueil de jour"),
        ("rules/imports/kinds.yaml", "accepts: {gender: woman}", "accepts: {gender: femme}"),
    ],
)
def test_what_is_wrong_is_underlined(file, right, wrong):
    assert right in (ROOT / file).read_text("utf-8")
    assert faults(ROOT / file, lambda text: text.replace(right, wrong, 1))


def test_a_file_of_proposals_is_underlined_only_where_it_is_wrong(checkout):
    service = SERVICE | {"nom": "Hébergement d’urgence et accueil de jour inventés"}
    (checkout / "services.json").write_text(as_json([SERVICE, service | {"id": "x--2"}]), "utf-8")
    options = ["--from", "data-inclusion", "--territory", "rennes", "--rules", "rules"]
    assert main(["partners", "import", "services.json", *options]) == 0
    path = checkout / "territories" / "rennes" / "proposed" / "partners.yaml"
    assert [fault.message for fault in faults(path)] == []
    for right, wrong in (
        ("withheld: safety", "withheld: secret"),
        ("offers: [day_centre]", "offers: [day_center]"),
        ("accepts: {gender: woman}", "accepts: {gender: femme}"),
        ("phone:", "telephone:"),
        ("    mark:", "    marque:"),
    ):
        assert right in path.read_text("utf-8")
        assert faults(path, lambda text, a=right, b=wrong: text.replace(a, b, 1)), wrong
