"""Partners given back to others: valid there, the same when read again, nothing confidential."""

import json
import re
from dataclasses import replace
from pathlib import Path

import jsonschema
import pendulum
import pytest
import yaml
from data_inclusion.schema.v1 import Public, Service, Structure, Thematique, score_qualite

from iscg_rules.cli import main
from iscg_rules.directory.contacts import read_phone
from iscg_rules.directory.data_inclusion import read_service
from iscg_rules.directory.exported_partners import list_tellable, write_condition
from iscg_rules.directory.hsds import is_hsds, read_hsds
from iscg_rules.directory.kind_proposals import load_kind_proposals
from iscg_rules.directory.texts import has_person, with_scheme
from iscg_rules.directory.to_data_inclusion import export_service
from iscg_rules.directory.to_hsds import export_to_hsds
from iscg_rules.engine import Engine
from iscg_rules.language.conditions import InArea, Not, Test, all_of, any_of
from iscg_rules.language.vocabulary import Area
from iscg_rules.language.wording import Wording
from iscg_rules.model.partners import Contact, Directory
from tests.laws.strategies import TEXT

ROOT = Path(__file__).parents[1]
TERRITORIES = sorted(path.parent.name for path in ROOT.glob("territories/*/territory.yaml"))
KINDS = ROOT / "rules" / "imports" / "kinds.yaml"
SCHEMA = jsonschema.Draft202012Validator(
    json.loads((Path(__file__).parent / "hsds_service.json").read_text("utf-8"))
)


def tellable(engine, directory=None):
    labels = {name: fact.label for name, fact in engine.rule_set.facts.items()}
    wording = Wording(engine.rule_set.vocabulary, labels)
    return [*list_tellable(directory or engine.directory, wording)]


def kinds_of(engine):
    rule_set = engine.rule_set
    return load_kind_proposals(ROOT / "rules", rule_set.vocabulary, tuple(rule_set.facts))


@pytest.fixture(scope="module", params=TERRITORIES)
def engine(request):
    return Engine.load(territory=request.param)


def as_phone(text):
    return text and read_phone(text)


def is_told_whole(text, longest):
    return text and len(text.fr) <= longest and not has_person(text.fr)


def test_every_partner_is_valid_there_and_the_same_when_read_again(engine):
    kinds = kinds_of(engine)
    for told in tellable(engine):
        exported = export_service(told, kinds)
        service, structure = json.loads(json.dumps(exported.as_dicts()))
        Service.model_validate(service)
        Structure.model_validate(structure)
        record, broken = read_service(1, service)
        assert record is not None
        assert not broken
        partner, given = told.partner, record.contacts
        assert record.name == partner.name.rstrip(".")
        assert record.hours == partner.hours
        assert record.zones == told.zones
        assert (given.phone, given.email) == (
            as_phone(partner.contact.phone),
            partner.contact.email,
        )
        assert (given.url or "") == (with_scheme(partner.contact.url) or "").rstrip("/")
        assert given.address == partner.contact.address
        if is_told_whole(partner.access, 160):
            assert record.access == partner.access.fr
        publics = kinds.publics_of(partner.condition)
        assert record.publics == (() if publics == ("tous-publics",) else publics)


def test_hsds_says_kinds_and_whom_they_accept_too(engine):
    for told in tellable(engine):
        service, losses = export_to_hsds(told)
        SCHEMA.validate(service)
        assert is_hsds(service)
        record, broken = read_hsds(1, json.loads(json.dumps(service)))
        assert record is not None
        assert not broken
        partner, given = told.partner, record.contacts
        assert (record.name, record.hours) == (partner.name, partner.hours)
        assert record.kinds == tuple(sorted(partner.offers))
        assert record.zones == told.zones
        assert (given.phone, given.sms, given.email, given.address) == (
            as_phone(partner.contact.phone),
            as_phone(partner.contact.sms),
            partner.contact.email,
            partner.contact.address,
        )
        assert record.accepts == write_condition(partner.condition)
        if partner.condition is not None and record.accepts is None:
            assert "accepts (dit en mots seulement)" in {loss.field for loss in losses}
        if is_told_whole(partner.description, 200):
            assert record.description == partner.description.fr


FIELDS = ("phone", "sms", "email", "url", "address")
SECRETS = {"email": "secret{}@secret.example.org", "url": "https://secret{}.example.org"}


def test_nothing_confidential_is_in_any_export(engine):
    hidden = {}
    for number, (name, partner) in enumerate(engine.directory.partners.items()):
        secrets = {one: SECRETS.get(one, "secret-{}").format(number) for one in FIELDS}
        changes = {"contact": Contact(**secrets), "confidential": FIELDS, "withheld": None}
        hidden[name] = partner.model_copy(update=changes)
    directory = replace(engine.directory, partners=hidden)
    kinds = kinds_of(engine)
    exports = [
        (export_service(told, kinds).as_dicts(), export_to_hsds(told)[0])
        for told in tellable(engine, directory)
    ]
    assert len(exports) == len(hidden) > 20
    assert "secret" not in json.dumps(exports)


def test_who_serves_all_of_france_is_said_to_serve_nothing_less(engine):
    told = tellable(engine)[0]
    part = Area("bit", TEXT, communes=frozenset({"35288", "35093"}))
    whole = Area("all", TEXT, everywhere=True)
    assert replace(told, areas=(part, whole)).zones == ("france",)
    assert replace(told, areas=(part,)).zones == ("35093", "35288")


def test_a_condition_that_cannot_be_written_whole_is_not_written_in_part():
    here = InArea("commune", (Area("bit", TEXT, communes=frozenset({"35288"})),))
    danger = Test("danger", "danger", frozenset({"yes"}))
    assert write_condition(all_of([danger, Not(danger)])) == {
        "all": [{"danger": "yes"}, {"not": {"danger": "yes"}}]
    }
    assert write_condition(all_of([danger, here])) is None
    assert write_condition(any_of([danger, Not(here)])) is None


def test_whoever_checks_a_contact_is_not_told(engine):
    name, partner = next(iter(engine.directory.partners.items()))
    contact = partner.contact.model_copy(update={"checked": "2026-11-20", "owner": "coordination"})
    one = {name: partner.model_copy(update={"contact": contact})}
    directory = Directory(one, engine.directory.areas)
    told = tellable(engine, directory)[0]
    text = json.dumps([export_service(told, kinds_of(engine)).as_dicts(), export_to_hsds(told)[0]])
    assert "coordination" not in text


def test_our_words_are_words_of_the_official_schema():
    given = yaml.safe_load(KINDS.read_text("utf-8"))
    themes = {theme for rule in given["kinds"] for theme in rule.get("theme", [])}
    themes |= {theme for rule in given["themes"] for theme in rule["theme"]}
    assert {theme for theme in themes if not theme.endswith("*")} <= {
        one.value for one in Thematique
    }
    assert {rule["public"] for rule in given["publics"]} <= {one.value for one in Public}


def test_the_score_is_the_one_of_the_schema(capsys, monkeypatch):
    monkeypatch.setattr(score_qualite.pendulum, "now", lambda: pendulum.datetime(2026, 11, 27))
    main(["partners", "score", "rennes", "--format", "json"])
    told = json.loads(capsys.readouterr().out)
    engine = Engine.load(territory="rennes")
    services = {one.id: export_service(one, kinds_of(engine)).service for one in tellable(engine)}
    expected = {name: score_qualite.score(service)[0] for name, service in services.items()}
    assert {one["partner"]: one["score"] for one in told["partners"]} == expected
    assert told["mean"] == round(sum(expected.values()) / len(expected), 3)
    main(["partners", "score", "rennes"])
    assert f"en moyenne {told['mean']:.2f}" in capsys.readouterr().out


def test_an_export_writes_its_files_and_lists_what_is_lost(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    command = ["partners", "export", "rennes", "--to", "data-inclusion", "--output", "out"]
    assert main(command) == 0
    shown = capsys.readouterr().out
    assert "emergency-text" in re.search(r"sms .*\n  (.*)", shown)[1]  # type: ignore[index]
    services = json.loads((tmp_path / "out" / "services.json").read_text("utf-8"))
    assert len(services) == len(
        json.loads((tmp_path / "out" / "structures.json").read_text("utf-8"))
    )
    # What stands there is not replaced without being told to.
    assert main(command) == 2
    assert "B013" in capsys.readouterr().err
    before = (tmp_path / "out" / "services.json").read_bytes()
    assert main([*command, "--force"]) == 0
    assert (tmp_path / "out" / "services.json").read_bytes() == before
