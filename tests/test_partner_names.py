"""No person's name comes in with a record, whatever its format; every person here is made up."""

import pytest
from data_inclusion.schema.v1 import Service
from pydantic import model_validator

from iscg_rules.directory import data_inclusion
from iscg_rules.directory.data_inclusion import fill_from_structure, read_service
from iscg_rules.directory.dila import read_desk
from iscg_rules.directory.hsds import read_hsds
from iscg_rules.directory.own_table import read_row
from iscg_rules.directory.texts import has_person
from tests.test_partner_import import DESK, SERVICE

HSDS = {"id": "1", "name": "Accueil inventé", "phones": []}
ROW = {"nom": "Accueil inventé", "type": "day_centre"}
BOX = "camille@exemple.example.org"


def kept(read, raw):
    """Give the record that is read, and nothing that is wrong with it."""
    record, broken = read(1, raw)
    assert record is not None
    assert broken == []
    return record


def hsds_at(street):
    address = {"address_1": street, "city": "Rennes"}
    return HSDS | {"service_at_locations": [{"location": {"addresses": [address]}}]}


def desk_at(street):
    return DESK | {"adresse": [{"type_adresse": "Adresse", "numero_voie": street}]}


WITHOUT_ADDRESS = {
    "data-inclusion": (read_service, SERVICE | {"adresse": "chez Mme Essai"}),
    "data-inclusion, by both names": (
        read_service,
        SERVICE | {"adresse": "chez Camille Essai", "contact_nom_prenom": "Essai Camille"},
    ),
    "dila": (read_desk, desk_at("chez Mme Essai")),
    "dila, by both names": (
        read_desk,
        desk_at("chez Camille Essai")
        | {"affectation_personne": [{"personne": {"nom": "Essai", "prenom": "Camille"}}]},
    ),
    "hsds": (read_hsds, hsds_at("chez Mme Essai")),
    "hsds, one text": (
        read_hsds,
        HSDS | {"service_at_locations": [{"location": {"description": "chez Mme Essai"}}]},
    ),
    "hsds, by both names": (
        read_hsds,
        hsds_at("chez Camille Essai") | {"contacts": [{"id": "2", "name": "Camille Essai"}]},
    ),
    "csv": (read_row, ROW | {"adresse": "chez Mme Essai"}),
}


@pytest.mark.parametrize("case", WITHOUT_ADDRESS)
def test_an_address_that_names_a_person_is_left(case):
    read, raw = WITHOUT_ADDRESS[case]
    assert kept(read, raw).contacts.address is None


def test_one_word_of_an_address_may_be_a_street_s():
    raw = SERVICE | {"adresse": "3 rue Essai", "contact_nom_prenom": "Essai"}
    assert "3 rue Essai" in kept(read_service, raw).contacts.address


NAMED = {
    "data-inclusion": (read_service, SERVICE | {"nom": "Permanence de Mme Essai"}),
    "dila": (read_desk, DESK | {"nom": "Conciliateur - M. Essai"}),
    "hsds": (read_hsds, HSDS | {"name": "Permanence de Mme Essai"}),
    "csv": (read_row, ROW | {"nom": "Permanence de Mme Essai"}),
}


@pytest.mark.parametrize("source", NAMED)
def test_a_service_that_is_called_after_a_person_is_one_line_and_not_its_name(source):
    read, raw = NAMED[source]
    record, broken = read(9, raw)
    assert record is None
    (line,) = map(str, broken)
    assert line in (
        f"enregistrement 9, {name}\u00a0: nomme une personne" for name in ("nom", "name")
    )


def test_a_mailbox_of_somebody_whom_the_record_names_is_left():
    named = HSDS | {"email": BOX, "contacts": [{"id": "2", "name": "Camille Essai"}]}
    assert kept(read_hsds, named).contacts.email is None
    assert kept(read_hsds, HSDS | {"email": BOX}).contacts.email == BOX
    person = {"affectation_personne": [{"personne": {"nom": "Essai", "prenom": "Camille"}}]}
    assert kept(read_desk, DESK | {"adresse_courriel": [BOX]} | person).contacts.email is None
    # A structure gives only what its service could give.
    bare = {k: v for k, v in SERVICE.items() if k not in ("telephone", "courriel")}
    record = kept(read_service, bare | {"contact_nom_prenom": "Camille Essai"})
    structure = {"id": "s", "nom": "Chez Mme Essai", "courriel": BOX}
    filled = fill_from_structure(record, structure)
    assert (filled.contacts.email, filled.organisation) == (None, "")
    assert fill_from_structure(kept(read_service, bare), structure).contacts.email == BOX


def test_the_name_of_an_organisation_is_not_a_persons():
    record = kept(read_hsds, HSDS | {"organization": {"name": "Mme Essai"}})
    assert (record.organisation, record.title) == ("", "HSDS, service")


@pytest.mark.parametrize(
    ("text", "names_somebody"),
    [
        ("Mme. Essai", True),
        ("voir M. Essai", True),
        ("essai@exemple.example.org", True),
        ("essai @ exemple.example.org", True),
        ("52 rue Monsieur Vincent", False),
        ("S.I.M. de Rennes", False),
        ("Cyber@ntenne", False),
    ],
)
def test_what_names_somebody(text, names_somebody):
    assert has_person(text) == names_somebody


def test_what_is_wrong_once_another_field_is_left_is_told(monkeypatch):
    class Demanding(Service):  # type: ignore[misc] # it ships no types
        @model_validator(mode="after")
        def needs_a_mailbox(self):
            if self.courriel is None:
                raise ValueError
            return self

    monkeypatch.setattr(data_inclusion, "Service", Demanding)
    assert read_service(7, SERVICE)[0] is not None
    record, broken = read_service(7, SERVICE | {"courriel": "personne"})
    assert record is None
    assert [(one.number, one.field, one.is_lost) for one in broken] == [(7, "tout", True)]


def test_a_blank_cell_says_nothing():
    blank = dict.fromkeys(("téléphone", "courriel", "horaires", "vérifié", "sms"), "  ")
    assert kept(read_row, ROW | blank) == kept(read_row, ROW)
    assert [one.field for one in read_row(1, ROW | {"téléphone": "02 99"})[1]] == ["phone"]
