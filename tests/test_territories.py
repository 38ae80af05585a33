"""Territories: the same rules elsewhere, by the page that a coordinator reads."""

import re
import textwrap
from pathlib import Path

import pytest

from iscg_rules import Engine, IscgError
from iscg_rules.cli import main
from iscg_rules.errors import Noted
from iscg_rules.reading.territories import find_territories

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "territory.md"
BLOCK = re.compile(
    r"<!-- territory: (\S+) -->\n\s*```yaml\n(.*?)^\s*```$", re.DOTALL | re.MULTILINE
)
SHIPPED = sorted(path.parent.name for path in ROOT.glob("territories/*/territory.yaml"))
POSTS = ["pays-de-saint-malo", "rennes", "brest"]


@pytest.fixture
def newcomer(tmp_path):
    """Give a third territory, made of nothing but what the page says to write."""
    folder = tmp_path / "mon-poste"
    folder.mkdir()
    for name, body in BLOCK.findall(PAGE.read_text("utf-8")):
        (folder / name).write_text(textwrap.dedent(body), "utf-8")
    return folder


def partners_of(recommendation):
    return {o.kind: o.partner and o.partner.id for o in recommendation.orientations}


def test_the_page_is_at_most_two_screens():
    assert len(PAGE.read_text("utf-8").splitlines()) <= 100


def test_a_newcomer_gets_the_common_rules_and_its_own_partners(newcomer):
    engine = Engine.load(territory=newcomer)
    poor = {"role": "person_in_need", "resources": "none", "commune": "14118"}
    here = engine.recommend(poor, at="2026-11-24T10:00")
    assert partners_of(here)["municipal_social_services"] == "ccas-de-ma-ville"
    danger = engine.recommend(poor | {"immediate_danger": "yes"}, at="2026-11-24T10:00")
    assert next(iter(partners_of(danger).items())) == ("emergency_police", "police-secours")
    elsewhere = engine.recommend(poor | {"commune": "14327"}, at="2026-11-24T10:00")
    assert partners_of(elsewhere)["municipal_social_services"] is None


def test_a_newcomer_checks_and_tests_without_a_problem(newcomer, capsys):
    assert main(["check", "--all", "--territory", str(newcomer)]) == 0
    checked = capsys.readouterr().out
    assert "W001 personne ne propose `municipal_social_services` à Sa voisine" in checked
    assert "Cancale" not in checked
    assert main(["test", "--territory", str(newcomer)]) == 0


def test_a_territory_may_add_a_ground_and_takes_no_name_twice(newcomer):
    law = newcomer / "grounds.yaml"
    ground = """\
  - id: {}
    label: {{fr: convention d’ici}}
    sharing: agreement
    legal_basis: "convention locale"
    natures: service
    source: {{title: Convention, trust: A, checked: 2026-11}}
"""
    law.write_text("grounds:\n" + ground.format("convention"), "utf-8")
    rules = newcomer / "rules.yaml"
    rules.write_text(
        rules.read_text("utf-8").replace("sharing: none", "sharing: convention"), "utf-8"
    )
    rule_set = Engine.load(territory=newcomer).rule_set
    orients = [orient for rule in rule_set.rules.values() for orient in rule.orient]
    assert {o.legal_basis for o in orients if o.ground.id == "convention"} == {"convention locale"}
    taken = ground.format("none") + ground.format("child_protection")
    law.write_text("grounds:\n" + ground.format("convention") + taken, "utf-8")
    with pytest.raises(IscgError) as error:
        Engine.load(territory=newcomer)
    told = [
        (p.code, Path(p.place.file).name, p.place.line) for p in error.value.problems if p.place
    ]
    assert told == [("V001", "grounds.yaml", line) for line in (8, 14)]


@pytest.mark.parametrize("name", POSTS)
def test_every_common_case_holds_in_every_territory(name, capsys):
    assert main(["test", "--territory", name]) == 0
    assert "tous obtiennent" in capsys.readouterr().out


@pytest.mark.parametrize("name", SHIPPED)
def test_every_shipped_territory_loads_by_its_name(name):
    assert Engine.load(territory=name).rule_set.rules


CHILD = {"role": "parent", "minors": ["3_12"], "minors_exposure": "direct_victim"}


def test_without_a_commune_the_crip_is_that_of_our_own_departement():
    saint_malo = Engine.load(territory="pays-de-saint-malo")
    got = saint_malo.recommend(CHILD, at="2026-11-24T10:00")
    crip = next(one for one in got.orientations if one.kind == "crip")
    shown = [one and one.id for one in (crip.partner, *crip.alternatives)]
    assert shown == ["crip-35", "crip-cotes-d-armor"]


def test_a_bed_is_looked_for_near_the_post_and_social_services_near_the_home():
    saint_malo = Engine.load(territory="pays-de-saint-malo")
    family = {
        "role": "person_in_need",
        "housing": "no_housing",
        "household": "family_with_children",
    }
    at = "2026-11-24T10:00"
    got = partners_of(saint_malo.recommend(family | {"commune": "22094"}, at=at))
    assert got["emergency_shelter"] == "goeland-saint-malo"
    assert got["departmental_social_services"] == "maisons-du-departement-22"
    combourg = family | {"commune": "22094", "station": "35085"}
    got = partners_of(saint_malo.recommend(combourg, at=at))
    assert got["emergency_shelter"] == "night-shelter-line"


def test_no_rule_may_ask_where_the_post_is(newcomer):
    file = newcomer / "rules.yaml"
    file.write_text(file.read_text("utf-8").replace("commune: ma-ville", "station: ma-ville"))
    with pytest.raises(IscgError) as error:
        Engine.load(territory=newcomer)
    assert [problem.code for problem in error.value.problems] == ["V002"]


def test_a_post_serves_only_what_answers_there():
    saint_malo, rennes = (Engine.load(territory=name) for name in POSTS[:2])
    woman = {
        "role": "victim",
        "gender": "woman",
        "violence_context": "intimate_partner",
        "commune": "35238",
    }
    at = "2026-11-24T10:00"
    there = partners_of(rennes.recommend(woman, at=at))
    here = partners_of(saint_malo.recommend(woman, at=at))
    assert there["hospital_violence_consultation"] == "maison-des-femmes-rennes"
    assert "hospital_violence_consultation" not in here
    assert here["other_iscg_post"] == "iscg-rennes"


def test_partners_of_the_caller_are_the_only_ones(tmp_path):
    (tmp_path / "mine.yaml").write_text("partners: []\n", "utf-8")
    assert not Engine.load(partners=tmp_path / "mine.yaml").directory.partners


def test_an_unknown_territory_is_said_with_the_closest():
    with pytest.raises(IscgError, match="vouliez-vous dire `rennes`"):
        Engine.load(territory="rene")


def test_territories_that_extend_each_other_are_refused(tmp_path):
    for name, other in (("un", "deux"), ("deux", "un")):
        (tmp_path / name).mkdir()
        text = f"label: {{fr: Ici}}\nextends: {other}\n"
        (tmp_path / name / "territory.yaml").write_text(text, "utf-8")
    with pytest.raises(IscgError, match="tournent en rond"):
        Engine.load(territory=tmp_path / "un")


def test_one_name_twice_over_two_layers_is_refused(newcomer):
    rules = newcomer / "rules.yaml"
    rules.write_text(rules.read_text("utf-8").replace("ma-ville-ccas", "bed-tonight"), "utf-8")
    with pytest.raises(IscgError, match="V001"):
        Engine.load(territory=newcomer)


AREA = "areas:\n  - {{id: {0}, label: {{fr: {0}}}, communes: [{0}]}}\n"


def lay(root, name, extends, text=""):
    (root / name).mkdir()
    file = root / name / "territory.yaml"
    file.write_text(f"label: {{fr: {name}}}\nextends: [{', '.join(extends)}]\n{text}", "utf-8")
    return root / name


def test_a_territory_extends_several_each_of_them_once(tmp_path):
    lay(tmp_path, "region", [], AREA.format("Rennes").replace("id: Rennes", "id: rennes"))
    lay(tmp_path, "nord", ["region"])
    lay(tmp_path, "sud", ["region"])
    chosen = lay(tmp_path, "poste", ["nord", "sud"], "home: [rennes]\nstation: Brest\n")
    problems = Noted()
    laid = find_territories(chosen, [tmp_path], problems)
    assert [one.id for one in laid] == ["region", "nord", "sud", "poste"]
    assert not problems
    vocabulary = Engine.load(territory=chosen).rule_set.vocabulary
    assert vocabulary.areas["rennes"].communes == {"35238"}
    assert vocabulary.station == "29019"


def test_what_two_extend_is_read_once(tmp_path):
    lay(tmp_path, "region", [], "colour: red\n")
    for name in ("nord", "sud"):
        lay(tmp_path, name, ["region"])
    problems = Noted()
    find_territories(lay(tmp_path, "poste", ["nord", "sud"]), [tmp_path], problems)
    assert [problem.code for problem in problems] == ["S001"]


def test_two_that_are_extended_may_not_both_name_an_area(tmp_path):
    for name in ("nord", "sud"):
        lay(tmp_path, name, [], AREA.format("brest"))
    chosen = lay(tmp_path, "poste", ["nord", "sud"])
    with pytest.raises(IscgError) as error:
        Engine.load(territory=chosen)
    (problem,) = error.value.problems
    assert problem.code == "V001"
    assert str(problem.place).endswith("/sud/territory.yaml:4:10")
    assert "/nord/territory.yaml:4:10 ; " in str(problem.help)


OWN_WORDS = """\
attributes:
  - {id: island, type: yes_no, label: {fr: vit sur une île}, ask: {fr: "Vit-elle sur une île ?"}}
kinds:
  - {id: sea_rescue, category: rescue, nature: rescue, label: {fr: secours en mer}}
impossible:
  - id: island-and-outside
    when: {island: yes, housing: no_housing}
    because: {fr: ici, personne n’est dehors sur une île}
"""
OWN_RULES = """\
rules:
  - id: stormy-island
    when: {island: yes, immediate_danger: yes}
    orient: [{to: sea_rescue, urgency: now, strength: must, sharing: none}]
    because: {fr: le bateau seul y mène}
    source: [guide-de-ma-ville]
"""


def test_a_territory_adds_questions_and_kinds_of_its_own(newcomer, capsys):
    (newcomer / "vocabulary.yaml").write_text(OWN_WORDS.replace("ici, ", "là "), "utf-8")
    (newcomer / "rules.yaml").write_text(OWN_RULES, "utf-8")
    engine = Engine.load(territory=newcomer)
    danger = {"island": "yes", "immediate_danger": "yes"}
    assert "sea_rescue" in partners_of(engine.recommend(danger, at="2026-11-24T10:00"))
    with pytest.raises(IscgError, match="A005"):
        engine.recommend({"island": "yes", "housing": "no_housing"}, at=None)
    assert "sea_rescue" not in Engine.load().rule_set.vocabulary.kinds
    assert main(["check", "--all", "--territory", str(newcomer)]) == 0
    assert "personne ne propose `sea_rescue`" in capsys.readouterr().out
    (newcomer / "vocabulary.yaml").write_text("kinds:\n  - {id: crip}\nareas: []\n", "utf-8")
    with pytest.raises(IscgError) as error:
        Engine.load(territory=newcomer)
    told = {(one.code, str(one.place).rpartition("/")[2]) for one in error.value.problems}
    assert {("V001", "vocabulary.yaml:2:10"), ("S001", "vocabulary.yaml:3:1")} <= told


def test_a_common_case_holds_whoever_a_territory_finds():
    # That nobody offers something is true of a place only: a new post must not begin with a fault.
    for path in sorted((ROOT / "rules" / "cases").glob("*.yaml")):
        assert "gaps:" not in path.read_text("utf-8"), path.name


def test_brest_answers_where_a_territory_of_nothing_has_nobody():
    beaten = {
        "role": "victim",
        "gender": "woman",
        "age_band": "26_59",
        "violence_context": "intimate_partner",
        "violence_forms": {"yes": ["physical"]},
        "commune": "29019",
    }
    at = "2026-11-24T10:00"
    brest = partners_of(Engine.load(territory="brest").recommend(beaten, at=at))
    assert brest["womens_rights_center"] == "cidff-finistere"
    assert brest["victim_support_association"] == "lieu-accueil-victimes-brest"
    assert brest["hospital_violence_consultation"] == "chu-brest-violences"
    # What no page gave stays visibly without.
    assert brest["specialised_dv_association"] is None
