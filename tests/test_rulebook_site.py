"""The rulebook as a site: every rule, help and partner has its place, and nothing leads outside."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from iscg_rules import Engine
from iscg_rules.cli import main
from iscg_rules.rendering.rulebook_site import load_site

ROOT = Path(__file__).parents[1]
ENGINE = Engine.load()
SITE = load_site(ENGINE, "Pays de Saint-Malo")


class Page(HTMLParser):
    """Reads ids, links and whatever a browser would fetch by itself."""

    def __init__(self, text):
        super().__init__()
        self.ids, self.links, self.fetched = [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.ids += [given["id"]] if "id" in given else []
        self.links += [given["href"]] if tag == "a" else []
        self.fetched += [tag] if "src" in given or tag in ("link", "img", "iframe") else []


PAGES = {name: Page(text) for name, text in SITE.items()}


def test_everything_has_its_place():
    words = ENGINE.rule_set.vocabulary
    assert set(PAGES["sujets.html"].ids) >= set(ENGINE.rule_set.rules)
    assert set(PAGES["aides.html"].ids) >= set(words.kinds)
    assert set(PAGES["partenaires.html"].ids) >= set(ENGINE.directory.partners)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_fetches_nothing_and_its_links_lead_somewhere(name):
    page = PAGES[name]
    assert page.fetched == []
    assert len(page.ids) == len(set(page.ids))
    inner = [link for link in page.links if not re.match(r"https?://", link)]
    ends = [(link.partition("#")[0] or name, link.partition("#")[2]) for link in inner]
    assert {file for file, _ in ends} <= PAGES.keys()
    assert [end for end in ends if end[1] and end[1] not in PAGES[end[0]].ids] == []
    assert "default-src 'none'" in SITE[name]


def test_a_rule_is_found_by_its_sentence_a_situation_and_a_number():
    written = SITE["index.html"].partition('id="index">')[2].partition("</script>")[0]
    index = {entry["page"]: entry for entry in json.loads(written)}
    shelter = index["sujets.html#bed-tonight"]
    assert shelter["title"] == "Un toit pour la nuit se demande au 115 ou à son antenne locale."
    assert "pas de lit sur ce soir" in shelter["words"]
    assert "116 006 116006" in index["partenaires.html#france-victimes"]["words"]


def test_a_situation_leads_to_the_rules_that_want_it_and_not_to_those_that_shun_it():
    # The rule of a bed wants an answer of two, behind a fact, and shuns nobody who is a witness.
    part = SITE["situations.html"].partition('<h2 id="housing">')[2].partition("<h2")[0]
    shelter = part.partition("<h3>sans logement</h3>")[2].partition("<h3>")[0]
    assert "sujets.html#bed-tonight" in shelter
    secure = part.partition("<h3>logement sûr</h3>")[2].partition("<h3>")[0]
    assert 'sujets.html#bed-tonight"' not in secure


def test_a_rule_says_what_it_forbids_and_what_it_advises():
    toy = ROOT / "tests" / "toy"
    site = load_site(Engine.load(toy / "rules", toy / "partners.yaml"), "Ici")
    rule = site["sujets.html"].partition('<article id="no-mediation">')[2].partition("</article")[0]
    assert 'Ne pas proposer <a href="aides.html#mediation">' in rule
    assert "Conseil\u00a0: Ne pas proposer de médiation." in rule


def test_what_is_confidential_is_on_no_page():
    toy = ROOT / "tests" / "toy"
    engine = Engine.load(toy / "rules", toy / "partners.yaml")
    site = load_site(engine, "Ici")
    told = {partner.contact.address for partner in engine.directory.partners.values()}
    assert "1 rue Cachée" in told
    assert "02 00 00 00 00" in site["partenaires.html"]
    assert [page for page in site.values() if "Cachée" in page] == []


def test_a_text_that_looks_like_a_tag_stays_text(tmp_path, capsys):
    rules = tmp_path / "rules"
    rules.mkdir()
    for file in (ROOT / "tests/toy/rules").iterdir():
        text = file.read_text("utf-8").replace("Parler aide.", '"</script><b>&"')
        (rules / file.name).write_text(text, "utf-8")
    site = load_site(Engine.load(rules, ROOT / "tests/toy/partners.yaml"), "<i>")
    assert [page for page in site.values() if "<b>" in page or "<i>" in page] == []
    assert capsys.readouterr().out == ""


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "site"


def test_a_site_is_written_and_written_again(folder, capsys):
    command = ["rulebook", "--site", str(folder), "--territory", "brest"]
    assert main(command) == 0
    assert main(command) == 0
    assert capsys.readouterr().out.count("6 pages, ") == 2
    assert 'href="brest/index.html">' in (folder / "index.html").read_text("utf-8")


@pytest.mark.parametrize("place", ["index.html", "brest/aides.html"])
def test_what_is_not_ours_is_kept_and_nothing_is_written(folder, capsys, place):
    other = folder / place
    other.parent.mkdir(parents=True)
    other.write_text("<p>la page de quelqu’un", "utf-8")
    assert main(["rulebook", "--site", str(folder), "--territory", "brest"]) == 2
    assert "B018" in capsys.readouterr().err
    assert [file for file in folder.rglob("*") if file.is_file()] == [other]


def test_a_link_is_not_followed(folder, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    folder.symlink_to(tmp_path / "elsewhere")
    assert main(["rulebook", "--site", str(folder), "--territory", "brest"]) == 2
    assert list((tmp_path / "elsewhere").iterdir()) == []
