"""Every commune of France: found as people write it, and followed into what it became part of."""

import gzip
import subprocess
import sys
from pathlib import Path

import pytest

from iscg_rules.cli.interview import Interview
from iscg_rules.engine import Engine
from iscg_rules.language.answer_checks import COMMUNE
from iscg_rules.model.files import find_files
from iscg_rules.model.written_communes import find_wrong_codes
from iscg_rules.places import communes
from iscg_rules.places.communes import load_communes, say_communes

TABLE = load_communes()
POSTS = ["pays-de-saint-malo", "rennes", "brest"]


@pytest.mark.parametrize(
    "words",
    [
        "Saint-Malo",
        "saint malo",
        "St-Malo",
        "ST MALO",
        "35288",
        "35400",
        " Saint-Malo (35) ",
        "35213",
    ],
)
def test_a_commune_is_found_as_people_write_it(words):
    assert [one.code for one in TABLE.find(words)] == ["35288"]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("L’Haÿ les roses", "94038"),
        ("hay-les-roses", "94038"),
        ("Mans", "72181"),
        ("Ploeuc-l'Hermitage", "22203"),
        ("Saint-Aubin (62)", "62742"),
        ("Saint-Aubin 21190", "21541"),
        ("2a004", "2A004"),
        ("Saint-Denis (974)", "97411"),
    ],
)
def test_accents_articles_and_what_tells_namesakes_apart(words, code):
    assert [one.code for one in TABLE.find(words)] == [code]


@pytest.mark.parametrize(
    ("words", "code"),
    # Lanhélin in 2019, and a part of Paris.
    [("35147", "35308"), ("Lanhélin", "35308"), ("75101", "75056")],
)
def test_what_became_part_of_a_commune_leads_to_it(words, code):
    assert [one.code for one in TABLE.find(words)] == [code]


def test_a_commune_that_bears_a_name_stands_before_a_part_that_bore_it():
    # Saint-Malo-de-Guersac is no part of anything; Le Mans had none.
    assert {one.name for one in TABLE.find("Saint-Denis")} == {"Saint-Denis"}


def test_what_is_of_several_is_of_none():
    both = TABLE.find("35200")
    assert say_communes(both) == "Moutiers (35200, 35130), Rennes (35238, 35000)"
    # The way out that the interview tells.
    assert [one.code for one in TABLE.find("Moutiers 35130")] == ["35200"]
    assert len(TABLE.find("Sainte-Colombe")) == 12
    assert say_communes(TABLE.find("Sainte-Colombe")).endswith(" et 6 autres")


def test_a_slip_gets_the_closest_and_noise_gets_nothing():
    assert TABLE.suggest("Sant-Malo")[0].code == "35288"
    assert TABLE.suggest("Saint Brieux")[0].code == "22278"
    assert TABLE.suggest("") == TABLE.suggest("…") == TABLE.suggest("xqzw") == ()
    assert TABLE.find("") == TABLE.find("…") == TABLE.find("(35)") == ()


def test_every_commune_has_a_code_a_departement_and_is_found_by_both_its_names():
    assert len(TABLE.by_code) > 34_900
    wrong = [
        one.code
        for one in TABLE.by_code.values()
        if not COMMUNE.fullmatch(one.code)
        or one.departement not in TABLE.departements
        or one not in TABLE.find(one.code)
        or one not in TABLE.find(one.name.upper())
    ]
    assert wrong == []


def test_every_former_code_leads_to_a_commune_of_today():
    former = set(TABLE._successors)
    assert len(former) > 4_000
    assert {code for code in former if TABLE.follow(code) is None} == set()
    assert {code for code in former if TABLE.is_known(code)} == set()


def test_whether_a_code_is_known_needs_no_parsing():
    table = communes.CommuneTable(TABLE._text)
    codes = ["35288", "97501", "35400", "35213", "75101", "243500", "", "35"]
    assert [table.is_known(code) for code in codes] == [True, True, *[False] * 6]
    assert set(vars(table)) == {"_text"}


def test_an_epci_is_all_of_its_communes():
    assert len(TABLE.members(TABLE.by_code["35288"])) == 18
    # Four islands belong to none.
    assert TABLE.members(TABLE.by_code["29155"]) == (TABLE.by_code["29155"],)


def test_the_table_is_small_and_says_where_it_comes_from():
    data = Path(communes._TABLE).read_bytes()
    assert len(data) < 700_000
    # No time and no name in the head of the archive: the same lists, the same bytes.
    assert data[3:8] == bytes(5)
    head = gzip.decompress(data).decode().split("\n\n")[0].splitlines()
    assert head == [
        "découpage administratif, Etalab, version 6.0.0, au 1er janvier 2026",
        "INSEE (code officiel géographique), DGCL (EPCI), La Poste (codes postaux)",
        "Licence Ouverte 2.0",
    ]


@pytest.mark.parametrize("name", POSTS)
def test_shipped_territories_name_communes_of_today(name):
    layout = find_files(None, None, name, [])
    assert list(find_wrong_codes(layout.territories)) == []


def test_who_recommends_never_reads_the_table():
    program = (
        "import sys\n"
        "from iscg_rules.cli import main\n"
        "code = main(['recommend', '-', '--at', '2026-11-24'])\n"
        "sys.exit(code or 'iscg_rules.places.communes' in sys.modules)\n"
    )
    situation = 'commune: "35288"\nresources: none\n'
    ran = subprocess.run(
        [sys.executable, "-c", program],
        input=situation,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.returncode, ran.stderr) == (0, "")


@pytest.fixture
def asked():
    engine = Engine.load()
    return Interview(engine, "2026-11-24T10:00"), (
        engine.rule_set.vocabulary.attributes["commune"],
    )


@pytest.mark.parametrize(
    ("line", "code"),
    [("Saint-Malo", "35288"), ("brest", "29019"), ("29200", "29019"), ("Lanhélin", "35308")],
)
def test_the_interview_takes_a_name_or_a_postal_code(asked, line, code):
    interview, question = asked
    interview.take(question, line)
    assert interview._answers == {"commune": code}


@pytest.mark.parametrize(
    ("line", "said"),
    [
        # Those of the post's own département come first.
        (
            "Sainte-Colombe",
            "préciser comme «\u00a0Sainte-Colombe 35134\u00a0»\u00a0: Sainte-Colombe (35262",
        ),
        ("Renes", "Aucune commune de ce nom ni de ce code, peut-être\u00a0: Reynès"),
        ("99999", "Aucune commune de ce nom ni de ce code\n"),
    ],
)
def test_the_interview_offers_what_may_be_meant(asked, line, said, capsys):
    interview, question = asked
    interview.take(question, line)
    assert interview._answers == {}
    assert said in capsys.readouterr().out


def test_show_tells_a_commune_and_its_source(said):
    told = said("show", "commune", "29200")
    assert "29019 · Brest" in told
    assert "Brest Métropole" in told
    assert "Finistère (29)" in told
    assert "Etalab, version" in told
