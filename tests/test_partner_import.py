"""Partners from open data: what is proposed, what is not, and that a person's words stay.

Every service here is made up; the formats are those of the published schemas.
"""

import csv
import io
import json
import re
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from iscg_rules.cli import main, partner_files
from iscg_rules.directory.data_inclusion import read_service, where_served
from iscg_rules.directory.kind_proposals import load_kind_proposals
from iscg_rules.engine import Engine
from tests.made_up_services import as_json, many

ROOT = Path(__file__).parents[1]
SERVICE = {
    "id": "dora--1",
    "source": "dora",
    "structure_id": "dora--s1",
    "nom": "Accueil de jour Les Tilleuls",
    "description": "Un lieu inventé pour se poser.",
    "date_maj": "2026-05-04",
    "publics": ["femmes"],
    "telephone": "+33299000001",
    "courriel": "accueil@tilleuls.example.org",
    "zone_eligibilite": ["35238"],
    "code_insee": "35238",
    "commune": "Rennes",
    "adresse": "1 rue Inventée",
    "code_postal": "35000",
    "horaires_accueil": "Mo-Fr 09:00-12:00",
    "score_qualite": 0.83,
    "lien_source": "https://example.org/services/1",
}


def test_the_shipped_kinds_can_be_read():
    engine = Engine.load()
    read = load_kind_proposals(ROOT / "rules", engine.rule_set.vocabulary, ())
    assert read.accepts(("femmes",)) == {"gender": "woman"}
    # Whoever may come besides is not told by our questions: nobody is shut out.
    assert read.accepts(("femmes", "actifs")) is None


def run_import(*names, source="data-inclusion", territory="rennes"):
    options = ["--from", source, "--territory", territory, "--rules", "rules"]
    return main(["partners", "import", *names, *options])


def proposed(checkout, territory="rennes"):
    return checkout / "territories" / territory / "proposed" / "partners.yaml"


def left_out(checkout, territory="rennes"):
    lines = (
        proposed(checkout, territory).with_name("left-out-data-inclusion.txt").read_text("utf-8")
    )
    return lines.splitlines()[1:]


def write(checkout, *services, name="services.json"):
    (checkout / name).write_text(as_json(services), "utf-8")
    return name


def test_a_service_becomes_lines_that_say_where_they_come_from(checkout):
    assert run_import(write(checkout, SERVICE)) == 0
    text = proposed(checkout).read_text("utf-8")
    assert text.split("proposals:\n")[1].startswith(
        "  - id: accueil-de-jour-les-tilleuls\n"
        '    from: "data-inclusion/dora--1"\n'
        '    name: "Accueil de jour Les Tilleuls"\n'
        "    offers: [day_centre]  # proposé : day_centre, mot « accueil de jour »\n"
        "    area: [rennes]  # zone 35238\n"
        "    accepts: {gender: woman}\n"
        '    hours: "Mo-Fr 09:00-12:00"\n'
        '    contact: {phone: "02 99 00 00 01", email: "accueil@tilleuls.example.org", '
        'address: "1 rue Inventée, 35000 Rennes"}\n'
    )
    assert "quality: 0.83" in text


def test_the_address_of_a_shelter_is_never_taken_over(checkout):
    shelter = SERVICE | {
        "nom": "Hébergement d’urgence du Pont",
        "description": "Au 12 rue Cachée.",
        "conditions_acces": "Sonner au 12 rue Cachée.",
        "adresse": "12 rue Cachée",
    }
    run_import(write(checkout, shelter))
    text = proposed(checkout).read_text("utf-8")
    assert "withheld: safety" in text
    assert "Cachée" not in text
    assert "02 99 00 00 01" in text


def as_csv(services):
    file = io.StringIO()
    rows = [
        {key: json.dumps(value) if isinstance(value, list) else value for key, value in one.items()}
        for one in services
    ]
    writer = csv.DictWriter(file, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return file.getvalue().encode()


def as_sheet(services):
    book = openpyxl.Workbook()
    for row in csv.reader(io.StringIO(as_csv(services).decode())):
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def as_parquet(services):
    file = io.BytesIO()
    dated = [one | {"date_maj": date.fromisoformat(one["date_maj"])} for one in services]
    pq.write_table(pa.Table.from_pylist(dated), file)
    return file.getvalue()


FORMS = {
    "page of the API": lambda some: json.dumps({"items": some, "total": 1}).encode(),
    "answer to a search": lambda some: json.dumps(
        {"items": [{"service": one, "distance": 3} for one in some]}
    ).encode(),
    "JSON Lines": lambda some: "\n".join(map(json.dumps, some)).encode(),
    "CSV": as_csv,
    "Parquet": as_parquet,
    "XLSX": as_sheet,
}


@pytest.mark.parametrize("form", FORMS)
def test_every_form_of_a_file_says_the_same(form, checkout):
    run_import(write(checkout, SERVICE))
    expected = proposed(checkout).read_text("utf-8")
    proposed(checkout).unlink()
    # The name of the file says nothing: its bytes do.
    (checkout / "download").write_bytes(FORMS[form]([SERVICE]))
    assert run_import("download") == 0
    assert proposed(checkout).read_text("utf-8") == expected


def test_a_structure_gives_the_contact_that_its_service_lacks(checkout):
    service = {k: v for k, v in SERVICE.items() if k not in ("telephone", "courriel", "code_insee")}
    structure = {
        "id": "dora--s1", "source": "dora", "nom": "Association inventée", "date_maj": "2026-01-01",
        "telephone": "0299000002", "site_web": "https://example.org/", "code_insee": "35238",
    }  # fmt: skip
    run_import(write(checkout, service), write(checkout, structure, name="structures.json"))
    text = proposed(checkout).read_text("utf-8")
    assert 'name: "Accueil de jour Les Tilleuls, Association inventée"' in text
    assert 'phone: "02 99 00 00 02"' in text
    assert 'url: "https://example.org"' in text


def test_a_second_import_changes_nothing(checkout):
    name = write(checkout, *many(60))
    run_import(name)
    first = proposed(checkout).read_bytes()
    assert first.count(b"- id:") > 3
    run_import(name)
    assert proposed(checkout).read_bytes() == first


def test_no_record_is_lost_without_a_line(checkout):
    services = many(300)
    run_import(write(checkout, *services))
    text = proposed(checkout).read_text("utf-8")
    told = {int(line.split()[1]) for line in left_out(checkout)}
    kept = {int(number) + 1 for number in re.findall(r"inventee--(\d+)", text)}
    assert told | kept == set(range(1, 301))
    assert not told & kept


def test_where_a_service_serves_is_told_before_it_is_read():
    for service in many(100):
        record, _ = read_service(1, service)
        assert record is not None
        assert where_served({"service": service}) == (record.zones, record.commune)
    for odd in ("camille@secret", {"35": 1}, [35], ["35", None]):
        assert where_served(SERVICE | {"zone_eligibilite": odd}) is None


RENNES, MARSEILLE = (48.117, -1.678), (43.296, 5.370)


def at(place, number, **given):
    north, east = place
    where = {"latitude": north, "longitude": east, "modes_accueil": ["en-presentiel"]}
    return SERVICE | {"id": f"x--{number}"} | where | given


FAR = {"code_insee": "13055", "zone_eligibilite": ["france"]}


@pytest.mark.parametrize(
    ("service", "is_proposed"),
    [
        (at(MARSEILLE, 2, **FAR), False),
        # It may be asked from afar, or does not say how it receives.
        (at(MARSEILLE, 2, **FAR, modes_accueil=["a-distance", "en-presentiel"]), True),
        (at(MARSEILLE, 2, **FAR, modes_accueil=None), True),
        (at((None, None), 2, **FAR), True),
        # Saint-Malo lies at 64 km, Bruz at 11.
        (at((48.649, -2.026), 2, code_insee="35288", zone_eligibilite=["35"]), False),
        (at((48.024, -1.749), 2, code_insee="35047", zone_eligibilite=["35"]), True),
        # A service of the commune itself may have a wrong place.
        (at(MARSEILLE, 2), True),
    ],
)
def test_nobody_is_sent_too_far(service, is_proposed, checkout):
    # Where services of Rennes stand tells where Rennes is.
    run_import(write(checkout, at(RENNES, 1), at((48.11, -1.68), 3), service))
    assert ("/x--2" in proposed(checkout).read_text("utf-8")) == is_proposed
    lines = [] if is_proposed else ["services.json 3 reçoit sur place, à plus de 50 km"]
    assert left_out(checkout) == lines


def test_a_distance_from_an_unknown_place_is_unknown(checkout):
    run_import(write(checkout, SERVICE, at(MARSEILLE, 2, **FAR)))
    assert "/x--2" in proposed(checkout).read_text("utf-8")


def test_a_package_that_is_imported_late_is_missed_at_once(checkout, capsys, monkeypatch):
    monkeypatch.setattr(partner_files, "find_spec", lambda _: None)
    assert run_import(write(checkout, SERVICE)) == 2
    assert "A012 le paquet `openpyxl`" in capsys.readouterr().err


WRONG = {
    "date_maj": "hier, dit Camille Secrète",
    "nom": None,
    "publics": ["martiens"],
    "zone_eligibilite": "camille@secret.example.org",
    "description": "",
}


def test_each_broken_record_is_one_line_and_stops_nothing(checkout, capsys):
    fields = [*WRONG]
    broken = [
        SERVICE | {"id": f"x--{number}", "contact_nom_prenom": "Camille Secrète"}
        | {(field := fields[number % len(fields)]): WRONG[field]}
        for number in range(200)
    ]  # fmt: skip
    assert run_import(write(checkout, *broken, SERVICE)) == 1
    shown = capsys.readouterr()
    lines = shown.err.splitlines()
    told = re.findall(r"enregistrement (\d+), (\w+)", shown.err)
    numbers = [int(number) for number, _ in told]
    assert numbers == list(range(1, 201))
    assert len(lines) == len(told)
    assert [field for _, field in told[:5]] == fields
    assert "1 proposé," in shown.out
    assert not re.search("Camille|Secr|secret|martiens", shown.err + shown.out)


def test_a_wrong_contact_loses_the_contact_alone(checkout, capsys):
    wrong = {"telephone": "02 99", "courriel": "personne", "horaires_accueil": "le matin"}
    assert run_import(write(checkout, SERVICE | wrong)) == 0
    told = re.findall(r"enregistrement 1, (\w+)\W.+le reste est gardé", capsys.readouterr().err)
    assert sorted(told) == sorted(wrong)
    text = proposed(checkout).read_text("utf-8")
    assert "address:" in text
    assert "phone:" not in text
    assert "email:" not in text


def test_a_wrong_contact_far_away_concerns_nobody(checkout, capsys):
    run_import(write(checkout, SERVICE | {"telephone": "02 99", "zone_eligibilite": ["13"]}))
    shown = capsys.readouterr()
    assert shown.err == ""
    assert "1 laissé de côté" in shown.out


def test_the_address_of_a_person_is_not_taken_over(checkout):
    named = {
        "contact_nom_prenom": "Camille Inventée",
        "courriel": "camille.i@example.org",
        "description": "Demander Camille à l’accueil.",
        "conditions_acces": "Sur rendez-vous avec Camille.",
        "adresse": "chez Mme Camille",
    }
    run_import(write(checkout, SERVICE | named))
    text = proposed(checkout).read_text("utf-8")
    assert "amille" not in text
    assert "courriel d'une personne" in text


def test_what_a_person_wrote_into_the_file_stays(checkout, capsys):
    other = SERVICE | {"id": "dora--2", "nom": "CCAS inventé"}
    name = write(checkout, SERVICE, other)
    run_import(name)
    path = proposed(checkout)
    changed = path.read_text("utf-8").replace(
        "    area: [rennes]  # zone 35238\n    accepts: {gender: woman}\n    hours",
        "    # Vu avec eux au téléphone.\n    area: [ille-et-vilaine]\n    hours",
        1,
    )
    path.write_text(changed, "utf-8")
    capsys.readouterr()
    run_import(write(checkout, SERVICE | {"telephone": "0299000009"}, other))
    assert path.read_text("utf-8") == changed
    assert "1 gardée parce que changée à la main" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("area: [rennes]", "area: [ille-et-vilaine]"),
        ("zone 35238", "vu avec eux"),
        ("    mark:", "    # Vu avec eux.\n    mark:"),
    ],
)
def test_one_word_of_a_person_is_enough(before, after, checkout):
    run_import(write(checkout, SERVICE))
    path = proposed(checkout)
    changed = path.read_text("utf-8").replace(before, after, 1)
    path.write_text(changed, "utf-8")
    run_import(write(checkout, SERVICE | {"telephone": "0299000009"}))
    assert path.read_text("utf-8") == changed


def test_what_is_gone_from_the_file_goes_from_the_proposals(checkout, capsys):
    other = SERVICE | {"id": "dora--2", "nom": "CCAS inventé"}
    run_import(write(checkout, SERVICE, other))
    capsys.readouterr()
    run_import(write(checkout, SERVICE))
    assert "1 proposition, 0 nouvelle, 0 changée, 1 disparue" in capsys.readouterr().out


def test_a_file_of_somebody_else_and_a_link_are_refused(checkout, capsys):
    name = write(checkout, SERVICE)
    path = proposed(checkout)
    path.parent.mkdir()
    path.write_text("partners: []\n", "utf-8")
    assert run_import(name) == 2
    assert "B018" in capsys.readouterr().err
    path.unlink()
    target = checkout / "elsewhere.yaml"
    path.symlink_to(target)
    assert run_import(name) == 2
    assert "B018" in capsys.readouterr().err
    assert not target.exists()
    shutil.rmtree(path.parent)
    (checkout / "empty").mkdir()
    path.parent.symlink_to(checkout / "empty")
    assert run_import(name) == 2
    assert "B018" in capsys.readouterr().err


OTHERS = {
    "archive ZIP": b"PK\x03\x04rien",
    "un PDF": b"%PDF-1.7",
    "page web": b"<!DOCTYPE html><p>",
    "XML": b"<?xml version='1.0'?>",
    "vide": b"  \n",
    "UTF-16": "id;nom".encode("utf-16"),
    "format inconnu": b"bonjour",
    "v0": json.dumps([SERVICE | {"zone_diffusion_code": "35", "zone_eligibilite": None}]).encode(),
    "sans les champs": b'[{"a": 1}]',
}


@pytest.mark.parametrize("what", OTHERS)
def test_a_wrong_format_is_recognised_and_named(what, checkout, capsys):
    data = OTHERS[what]
    if what == "v0":
        data = data.replace(b'"zone_eligibilite": null, ', b"").replace(
            b', "zone_eligibilite": null', b""
        )
    (checkout / "services.json").write_bytes(data)
    assert run_import("services.json") == 2
    shown = capsys.readouterr().err
    assert re.match("I00[12] ", shown)
    assert what in shown or what == "archive ZIP"
    assert not proposed(checkout).exists()


@pytest.mark.slow
def test_of_ten_thousand_services_each_has_its_line(checkout):
    services = many(10_000)
    run_import(write(checkout, *services))
    text = proposed(checkout).read_text("utf-8")
    assert text.count("- id:") + len(left_out(checkout)) == 10_000


DESK: dict[str, Any] = {
    "id": "a1",
    "pivot": [{"type_service_local": "mairie", "code_insee_commune": ["35238"]}],
    "nom": "Mairie - Inventée",
    "telephone": [{"valeur": "02 99 00 00 10", "description": "accueil"}],
    "adresse_courriel": ["mairie@exemple.example.org"],
    "site_internet": [{"libelle": "", "valeur": "https://www.example.org/"}],
    "adresse": [
        {"type_adresse": "Adresse postale", "numero_voie": "BP 1", "nom_commune": "Rennes"},
        {
            "type_adresse": "Adresse",
            "numero_voie": "1 place Inventée",
            "code_postal": "35000",
            "nom_commune": "Rennes",
        },
    ],
    "plage_ouverture": [
        {
            "nom_jour_debut": "Lundi",
            "nom_jour_fin": "Vendredi",
            "valeur_heure_debut_1": "09:00:00",
            "valeur_heure_fin_1": "12:00:00",
            "valeur_heure_debut_2": "13:30:00",
            "valeur_heure_fin_2": "17:00:00",
            "commentaire": "",
        },
        {
            "nom_jour_debut": "Samedi",
            "nom_jour_fin": "Samedi",
            "valeur_heure_debut_1": "09:00:00",
            "valeur_heure_fin_1": "12:00:00",
            "valeur_heure_debut_2": "",
            "valeur_heure_fin_2": "",
        },
    ],
    "date_modification": "18/12/2025 17:42:39",
    "code_insee_commune": "35238",
}


def test_a_desk_of_the_annuaire_is_proposed_by_its_type(checkout):
    (checkout / "base.json").write_text(json.dumps({"service": [DESK]}), "utf-8")
    assert run_import("base.json", source="dila") == 0
    text = proposed(checkout).read_text("utf-8")
    assert "offers: [town_hall]  # proposé : town_hall, guichet mairie" in text
    assert 'hours: "Mo-Fr 09:00-12:00,13:30-17:00; Sa 09:00-12:00"' in text
    assert 'address: "1 place Inventée, 35000 Rennes"' in text
    assert "trust: A, checked: 2025-12-18" in text
    # An export of the API writes its lists as texts.
    flat = {k: json.dumps(v) if isinstance(v, list) else v for k, v in DESK.items()}
    (checkout / "export.json").write_text(json.dumps([flat]), "utf-8")
    assert run_import("export.json", source="dila") == 0
    assert proposed(checkout).read_text("utf-8") == text


def test_hours_with_a_comment_are_not_told_as_if_they_were_certain(checkout, capsys):
    odd = DESK | {
        "plage_ouverture": [DESK["plage_ouverture"][0] | {"commentaire": "semaines paires"}]
    }
    (checkout / "base.json").write_text(json.dumps([odd]), "utf-8")
    run_import("base.json", source="dila")
    assert "hours" not in proposed(checkout).read_text("utf-8")
    assert "plage_ouverture" in capsys.readouterr().err


def test_a_file_of_another_source_is_named(checkout, capsys):
    (checkout / "base.json").write_text(json.dumps([DESK]), "utf-8")
    assert run_import("base.json") == 2
    assert "`--from dila`" in capsys.readouterr().err


ZONES = {
    ("35238",): "[rennes]",
    ("35",): "[ille-et-vilaine]",
    ("france",): "[france]",
    ("99100",): "[france]",
    # Rennes Métropole: of its communes, the territory knows two.
    ("243500139",): "[rennes-et-bruz]",
    ("35238", "35047"): "[rennes-et-bruz]",
    ("35238", "13055"): "[rennes]",
    # What holds another area says nothing more.
    ("35", "35238"): "[ille-et-vilaine]",
}


def test_a_code_whose_first_digit_a_spreadsheet_took_has_it_again():
    record, broken = read_service(1, SERVICE | {"code_insee": 1053, "code_postal": 1000.0})
    assert broken == []
    assert record is not None
    assert record.commune == "01053"
    assert "01000" in (record.contacts.address or "")


@pytest.mark.parametrize("zones", ZONES)
def test_a_zone_becomes_the_areas_that_it_holds(zones, checkout):
    run_import(write(checkout, SERVICE | {"zone_eligibilite": list(zones)}))
    assert f"area: {ZONES[zones]}  #" in proposed(checkout).read_text("utf-8")


def test_a_service_of_hsds_is_read_with_its_weekly_hours(checkout):
    service = {
        "id": "ac148810-d857-441c-9679-408f346de14b",
        "name": "Accueil de jour inventé",
        "status": "active",
        "phones": [{"id": "1", "number": "+33299000001", "type": "voice"}],
        "schedules": [
            {
                "id": "2",
                "freq": "WEEKLY",
                "byday": "MO,TU",
                "opens_at": "09:00",
                "closes_at": "12:00",
            }
        ],
        "service_areas": [{"id": "3", "extent": "35238", "extent_type": "text"}],
        "last_modified": "2026-03-15T10:30:45.123Z",
    }
    (checkout / "page.json").write_text(json.dumps({"contents": [service]}), "utf-8")
    assert run_import("page.json", source="hsds") == 0
    text = proposed(checkout).read_text("utf-8")
    assert 'hours: "Mo,Tu 09:00-12:00"' in text
    assert "area: [rennes]" in text
    assert "checked: 2026-03-15" in text


def test_a_table_of_ones_own_names_its_kinds_and_areas(checkout, capsys):
    rows = (
        "nom;type;zone;téléphone;vérifié\nLes Tilleuls;day_centre;rennes;02 99 00 00 01;2026-11\n"
    )
    (checkout / "table.csv").write_text(rows + ";;;;\nSans numéro;day_centre;rennes;12;\n", "utf-8")
    assert run_import("table.csv", source="csv") == 1
    assert "enregistrement 2, nom" in capsys.readouterr().err
    text = proposed(checkout).read_text("utf-8")
    assert "offers: [day_centre]  # proposé : day_centre, dit par la source" in text
    assert 'phone: "02 99 00 00 01"' in text
    assert "checked: 2026-11}" in text
