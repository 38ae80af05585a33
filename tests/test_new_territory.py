"""`new territory`: a folder that answers at once, for any commune of France."""

import re

import pytest
import yaml

from iscg_rules import Engine
from iscg_rules.authoring.territory_sketch import territory_sketch
from iscg_rules.cli import main
from iscg_rules.places.communes import load_communes

AT = "2026-11-27T22:30"
DANGER = {"immediate_danger": "yes"}


@pytest.fixture
def elsewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path / "territories"


def written(name, commune):
    assert main(["new", "territory", name, "--commune", commune]) == 0
    return Engine.load(territory=f"territories/{name}")


@pytest.mark.parametrize(
    ("commune", "home", "members"),
    [
        ("brest", "brest-metropole", 8),
        # An island is in no group; a code in Corsica has a letter.
        ("Ouessant", "ouessant", 1),
        ("20000", "pays-ajaccien", 10),
    ],
)
def test_a_new_territory_loads_and_answers_at_once(elsewhere, commune, home, members):
    engine = written("ici", commune)
    vocabulary = engine.rule_set.vocabulary
    assert vocabulary.home == (home,)
    assert len(vocabulary.home_names) == members
    assert vocabulary.areas[home].covers(vocabulary.station)
    first = engine.recommend(DANGER, at=AT).orientations[0]
    assert first.partner.contact["phone"] == "17"
    assert sorted(path.name for path in (elsewhere / "ici").iterdir()) == [
        "partners.yaml",
        "sources.yaml",
        "territory.yaml",
    ]


def test_what_people_are_told_is_to_be_filled_and_then_complete(elsewhere, capsys):
    written("ici", "Brest")
    file = elsewhere / "ici" / "territory.yaml"
    text = file.read_text("utf-8")
    capsys.readouterr()
    assert main(["notice", "--territory", "territories/ici"]) == 1
    assert capsys.readouterr().out.count("À COMPLÉTER") == 5
    filled = re.sub(r"^#(transparency:| +\w+: \")", r"\1", text, flags=re.MULTILINE)
    file.write_text(filled.replace("https://…", "https://exemple.fr/regles"), "utf-8")
    assert main(["notice", "--territory", "territories/ici"]) == 0


def test_it_is_laid_over_what_its_departement_shares(elsewhere):
    engine = written("cesson", "Cesson-Sévigné")
    assert "extends: ille-et-vilaine" in (elsewhere / "cesson" / "territory.yaml").read_text(
        "utf-8"
    )
    areas = engine.rule_set.vocabulary.areas
    # Rennes and the département were there: they are named and not written again.
    assert len([area for area in areas.values() if area.communes == {"35238"}]) == 1
    assert "35238" in areas["rennes-metropole"].communes
    child = {"role": "parent", "minors": ["3_12"], "minors_exposure": "direct_victim"}
    crip = next(one for one in engine.recommend(child, at=AT).orientations if one.kind == "crip")
    assert crip.partner.id == "crip-35"


def test_a_departement_that_another_only_knows_shares_nothing(elsewhere):
    written("dinan", "Dinan")
    assert "extends" not in (elsewhere / "dinan" / "territory.yaml").read_text("utf-8")


def test_the_example_of_a_partner_loads_as_it_stands(elsewhere):
    written("rade", "29019")
    for name, key in (("partners.yaml", "partners"), ("sources.yaml", "sources")):
        file = elsewhere / "rade" / name
        text = file.read_text("utf-8")
        (example,) = re.findall(r"^#  - .*(?:\n#    .*)*", text, re.MULTILINE)
        example = example.replace("#  ", "  ")
        file.write_text(f"{key}:\n{example}\n", "utf-8")
    engine = Engine.load(territory="territories/rade")
    poor = {"role": "person_in_need", "resources": "none", "commune": "29019"}
    got = engine.recommend(poor, at="2026-11-24T10:00").orientations
    served = {one.kind: one.partner and one.partner.id for one in got}
    assert served["municipal_social_services"] == "ccas-brest"


def test_what_is_to_be_found_first_is_named_and_nothing_that_answers(elsewhere):
    written("rade", "29019")
    text = (elsewhere / "rade" / "partners.yaml").read_text("utf-8")
    named = re.findall(r"^#   (\w+) :", text, re.MULTILINE)
    assert {"hospital_emergency", "prosecutor", "forensic_unit"} <= set(named)
    assert {"emergency_police", "night_shelter", "child_helpline"}.isdisjoint(named)


def test_nothing_is_ever_written_over(elsewhere, capsys):
    written("ici", "Brest")
    mine = elsewhere / "ici" / "partners.yaml"
    mine.write_text("partners: []  # mine\n", "utf-8")
    assert main(["new", "territory", "ici", "--commune", "Brest"]) == 2
    assert "existe déjà" in capsys.readouterr().err
    assert mine.read_text("utf-8") == "partners: []  # mine\n"
    # Nor may it hide one that ships.
    assert main(["new", "territory", "rennes", "--commune", "Rennes"]) == 2
    assert not (elsewhere / "rennes").exists()


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (["x", "--commune", "Renes"], "V009 aucune commune de ce nom"),
        (["x", "--commune", "35200"], "précisez, comme --commune 'Moutiers 35'"),
        (["x"], "ajoutez --commune"),
        ([], "S006 un territoire a besoin d'un nom"),
        (["Mon poste", "--commune", "Brest"], "minuscules, chiffres et tirets"),
        (["../x", "--commune", "Brest"], "minuscules, chiffres et tirets"),
    ],
)
def test_what_cannot_be_made_is_said_and_nothing_is_written(elsewhere, given, told, capsys):
    assert main(["new", "territory", *given]) == 2
    assert told in capsys.readouterr().err
    assert not elsewhere.exists()


def test_the_skeleton_of_a_partner_loads_as_it_is_printed(elsewhere, said):
    said("new", "territory", "rade", "--commune", "29019")
    text = said("new", "partner", "crip", "--territory", "territories/rade")
    assert "dans territories/rade/partners.yaml, puis" in text.splitlines()[0]
    (elsewhere / "rade" / "partners.yaml").write_text(text, "utf-8")
    partner = Engine.load(territory="territories/rade").directory.partners["un-service"]
    assert (partner.offers, partner.area) == (("crip",), ("brest-metropole",))
    assert main(["new", "partner", "cripp"]) == 2
    # A measure is nobody's to offer.
    assert main(["new", "partner", "grave_danger_phone"]) == 2


@pytest.mark.slow
def test_every_group_of_communes_of_france_makes_a_territory():
    """Names are unique, parts are known, and no text breaks the YAML: 1,300 territories."""
    engine, table = Engine.load("tests/toy/rules"), load_communes()
    groups = {one.epci or one.code: one for one in table.by_code.values()}
    for commune in groups.values():
        text = territory_sketch(engine, commune, table)["territory.yaml"]
        areas = yaml.safe_load(text)["areas"]
        names = [area["id"] for area in areas]
        assert len(set(names)) == len(names)
        assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name) for name in names)
        parts = {part for area in areas for part in area.get("includes", ())}
        assert parts <= {*names, *engine.rule_set.vocabulary.areas}
        assert not [line for line in text.splitlines() if line.count('"') % 2]
