"""Records of any shape: none stops an import, and nothing of one is told but its number."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iscg_rules.directory.areas_served import AreasServed
from iscg_rules.directory.importing import FORMATS
from iscg_rules.directory.joined_proposals import join
from iscg_rules.directory.kind_proposals import load_kind_proposals
from iscg_rules.directory.proposals import load_proposals, propose, write_proposals
from iscg_rules.engine import Engine

ROOT = Path(__file__).parents[2]
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
ANYTHING = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=6,
)
# What ends a text in YAML, begins a remark, or is not seen.
NASTY = st.lists(
    st.sampled_from(
        ['"', "\\", "  # ", " #", ": ", "{", "]", "\n", "\u200b", "\u2028", "é", "x", "'"]
    ),
    max_size=6,
).map("".join)
SOUND: dict[str, dict[str, Any]] = {
    "data-inclusion": {
        "id": "dora--1",
        "source": "dora",
        "structure_id": "s",
        "nom": "CCAS",
        "description": "Essai.",
        "date_maj": "2026-01-01",
        "zone_eligibilite": ["35288"],
        "telephone": "115",
        "courriel": "a@b.fr",
        "horaires_accueil": "24/7",
        "publics": ["femmes"],
        "thematiques": None,
        "score_qualite": 1,
        "adresse": "1 rue",
        "contact_nom_prenom": "x",
        "structure": None,
        "conditions_acces": "y",
        "lien_source": None,
        "lien_mobilisation": None,
        "code_insee": "35288",
    },
    "dila": {
        "id": "a",
        "nom": "Mairie",
        "pivot": [{"type_service_local": "mairie", "code_insee_commune": ["35288"]}],
        "telephone": [{"valeur": "115"}],
        "adresse_courriel": ["a@b.fr"],
        "site_internet": [],
        "adresse": [{"numero_voie": "1"}],
        "plage_ouverture": [],
        "date_modification": "01/01/2026",
        "code_insee_commune": "35288",
        "url_service_public": "",
    },
    "hsds": {
        "id": "a",
        "name": "x",
        "status": "active",
        "phones": [],
        "schedules": [],
        "service_areas": [{"extent_type": "text", "extent": "35288"}],
        "attributes": [{"link_type": "kind", "value": "town_hall"}],
        "organization": None,
        "email": "a@b.fr",
        "service_at_locations": [],
        "assured_date": "2026-01-01",
        "description": "",
        "url": None,
    },
    "csv": {
        "nom": "x",
        "type": "town_hall",
        "zone": "saint-malo",
        "téléphone": "115",
        "courriel": "a@b.fr",
        "horaires": "24/7",
        "vérifié": "2026",
        "site": "x.fr",
        "adresse": "1 rue",
        "accès": "z",
        "sms": "114",
    },
}


def changed(sound):
    """Give a record with a few of its fields anything at all, or a text that is hard to write."""
    names = st.sampled_from(sorted(sound))
    anything = st.dictionaries(names, ANYTHING, max_size=2)
    nasty = st.dictionaries(names, NASTY, max_size=3)
    kept = nasty.map(
        lambda texts: {
            name: f"{sound[name]}{text}"
            for name, text in texts.items()
            if isinstance(sound[name], str)
        }
    )
    return (anything | kept).map(lambda other: sound | other)


@pytest.fixture(scope="module")
def world():
    engine = Engine.load(territory="pays-de-saint-malo")
    words = engine.rule_set.vocabulary
    kinds = load_kind_proposals(ROOT / "rules", words, tuple(engine.rule_set.facts))
    return kinds, AreasServed(words, {})


@pytest.mark.parametrize("name", SOUND)
def test_no_record_stops_an_import_and_what_is_written_is_read_back(name, world, tmp_path_factory):
    kinds, areas = world
    path = tmp_path_factory.mktemp("t") / "proposed" / "partners.yaml"
    path.parent.mkdir()

    @given(changed(SOUND[name]))
    def law(raw):
        record, broken = FORMATS[name].read(7, raw)
        for one in broken:
            assert one.number == 7
            assert one.field.replace("_", "").isalpha()
        if record is None:
            assert broken
            return
        served, proposed = areas.of(record.zones, record.commune), kinds.of(record)
        if served is None or not served.areas or not proposed:
            return
        accepts = record.accepts or kinds.accepts(record.publics)
        fresh = [propose(name, record, proposed, served, accepts)]
        first = write_proposals(join((), fresh, ()).proposals)
        path.write_text(first, "utf-8")
        earlier = load_proposals(path)
        assert not any(one.is_touched for one in earlier)
        assert write_proposals(join(earlier, fresh, ()).proposals) == first

    law()


@pytest.mark.parametrize("name", SOUND)
def test_the_sound_record_of_each_format_is_proposed(name, world):
    kinds, areas = world
    record, broken = FORMATS[name].read(1, SOUND[name])
    assert record is not None
    assert not broken
    assert areas.of(record.zones, record.commune)
    assert kinds.of(record)
