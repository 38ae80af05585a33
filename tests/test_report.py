"""The report as a funder reads it, and as somebody does who looks for a neighbour."""

import csv
import html
import html.parser
import re
import shutil
from pathlib import Path

import pyarrow as pa
import pytest

from iscg_rules.batch import recommend_batch
from iscg_rules.batch.files.file_streams import Work
from iscg_rules.cli import main
from iscg_rules.cli.output_files import PAGE, write_folder
from iscg_rules.rendering.figures import ABOUT, HIDDEN, number, ordered, share
from iscg_rules.rendering.report_page import report_page
from iscg_rules.reports.counting import Zones, flags
from iscg_rules.reports.report import Reporter
from iscg_rules.reports.samples.sampling import sample
from iscg_rules.reports.samples.shares import SITUATIONS
from tests.attacker import published
from tests.crowd import feed

ROOT = Path(__file__).parents[1]
THIN, NBSP = "\u202f", "\u00a0"


@pytest.fixture(scope="module")
def table(engine):
    return pa.concat_tables(sample(600, seed=11, engine=engine))


def reported(engine, *tables, threshold=5):
    reporter = feed(Reporter(Work(engine)), *tables)
    return reporter.report(threshold=threshold, rules="abc", territory="Pays de Saint-Malo")


@pytest.fixture(scope="module")
def report(engine, table):
    return reported(engine, table)


def write(folder):
    """Write a sample and its report as a user does, with two rows that cannot be read."""
    source = folder / "year.csv"
    main(["sample", "300", "--seed", "2", "-o", str(source)])
    text = source.read_text("utf-8")
    cells = text.splitlines()[0].count(",")
    source.write_text(f"{text}Martin{',' * cells}\nx\n", "utf-8")
    return main(["report", str(source), "-o", str(folder / "report")]), folder / "report", source


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    return write(tmp_path_factory.mktemp("report"))


def counts_of(table):
    return {line.id: line.count for line in table.lines}


def test_shown_counts_are_those_that_the_engine_gives_one_by_one(engine, table, report):
    results = recommend_batch(table, engine=engine)
    kinds = [kind for row in results["kinds"].to_pylist() for kind in row]
    gaps = [kind for row in results["gaps"].to_pylist() for kind in row]
    first = [row[0] if row else "no_orientation" for row in results["urgency"].to_pylist()]
    for words, name in ((kinds, "kinds"), (gaps, "gaps"), (first, "urgency")):
        shown = {k: n for k, n in counts_of(report.tables[name]).items() if n is not None}
        shown.pop("none", None)
        assert shown == {name: words.count(name) for name in shown}


def test_the_area_of_a_commune_is_a_group_of_communes_and_the_rest_is_elsewhere(engine):
    zones = Zones.of(engine.rule_set.vocabulary)
    assert len(zones.ids) == 4
    column = pa.chunked_array([["35288", "22094", "75056", None]])
    read = [(*zones.ids, "elsewhere", "not_said")[place] for place in zones.read(column, 4)]
    assert read == ["saint-malo-agglomeration", "cote-d-emeraude", "elsewhere", "not_said"]


def test_chunks_and_columns_of_another_form_change_nothing(engine, table, report):
    parts = {}
    for family in SITUATIONS:
        names = list(engine.rule_set.vocabulary.attributes[family].choices)
        held = flags(table[family], names)
        known = table[family].is_valid().to_numpy()
        for place, name in enumerate(names):
            parts[f"{family}={name}"] = pa.array(held[:, place], mask=~known)
    wide = pa.table({**dict(zip(table.column_names, table.columns, strict=True)), **parts})
    wide = wide.drop_columns(SITUATIONS)
    assert reported(engine, table.slice(0, 137), table.slice(137)) == report
    assert reported(engine, wide.slice(0, 300), wide.slice(300)) == report


def test_no_count_above_zero_and_below_the_threshold_is_published(report):
    numbers = [low for _, low, high in published(report) if low == high]
    assert len(numbers) > 100
    assert [one for one in numbers if 0 < one < 5] == []


def test_a_higher_threshold_never_shows_more(engine, table):
    few, many = (
        sum(
            low == high
            for _, low, high in published(reported(engine, table.slice(0, 300), threshold=t))
        )
        for t in (5, 20)
    )
    assert many < few


def test_hidden_counts_come_last_in_the_order_of_the_vocabulary(report):
    lines = report.tables["kinds"].lines
    hidden = [line.id for line in lines if line.count is None]
    put = [line.id for line in ordered(lines)]
    assert len(hidden) > 1
    assert put[-len(hidden) :] == hidden


def test_the_page_fetches_nothing_and_says_what_it_counts(report):
    page = report_page(report)
    assert re.findall(r"https?://|src=|@import|url\(|<script|<link", page) == []
    assert "default-src 'none'" in page
    for text in (
        "orientations que les règles proposent</strong>, pas l’aide",
        "de janvier 2025 à décembre 2025",
        "Aucune ligne écartée",
        "<b>600</b>situations comptées",
        "Un nombre de 1 à 4",
        "règles et partenaires abc",
    ):
        assert text in page


class Outline(html.parser.HTMLParser):
    """Notes the tags that are open, and the figures that cells hold."""

    def __init__(self):
        super().__init__()
        self.open, self.wrong, self.cells, self.seen = [], [], [], []

    def handle_starttag(self, tag, attributes):
        self.seen.append((tag, dict(attributes)))
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)

    def handle_data(self, data):
        if self.open[-1:] == ["td"] and data.strip():
            self.cells.append(data)


def test_the_page_promises_what_the_documentation_does_and_no_more(report):
    text = (ROOT / "docs" / "privacy-of-reports.md").read_text("utf-8")
    _, _, rest = text.partition("## Ce qui est garanti\n")
    promised, _, rest = rest.partition("## Ce qui ne l’est pas\n")
    leads = re.findall(r"^- \*\*(.+?)\*\*", rest.partition("\n## ")[0], re.MULTILINE)
    page = html.unescape(report_page(report))
    foot = page.partition("<footer>")[2]
    assert re.findall("<li>(.+?)</li>", foot) == leads
    assert len(leads) == 7
    (said,) = re.findall(r"\*\*(Tout nombre masqué garde .+?)\*\*", promised, re.DOTALL)
    plain = " ".join(said.replace("pour lui ", "").split())
    assert plain[0].lower() + plain[1:] in foot
    for word in ("aucun calcul", "personne ne", "anonyme", "garanti que", "impossible"):
        assert word not in page.lower()


def test_the_page_is_well_formed_and_can_be_read_aloud(report):
    outline = Outline()
    outline.feed(report_page(report))
    assert (outline.open, outline.wrong) == ([], [])
    heads = [attributes for tag, attributes in outline.seen if tag == "th"]
    assert [one for one in heads if "scope" not in one and one.get("aria-hidden") != "true"] == []
    assert ("html", {"lang": "fr"}) in outline.seen
    tags = [tag for tag, _ in outline.seen]
    assert tags.count("table") == tags.count("caption") + 1
    counts = [
        int(one.replace(THIN, "")) for one in outline.cells if re.fullmatch(r"[\d\u202f]+", one)
    ]
    assert len(counts) > 80
    assert [one for one in counts if 0 < one < 5] == []


def test_french_typography_is_kept_on_the_page(report):
    text = re.sub(r"<style>.*?</style>|<[^>]+>", "\n", report_page(report), flags=re.DOTALL)
    assert re.findall(r"[^\s] [:?!»]|« |\w'\w|\.\.\.", text) == []


def test_shares_never_round_a_few_to_none_or_to_all():
    assert [share(n, 1_000) for n in (0, 5, 10, 995, 1_000, None)] == [
        f"0{NBSP}%",
        f"<{NBSP}1{NBSP}%",
        f"1{NBSP}%",
        f">{NBSP}99{NBSP}%",
        f"100{NBSP}%",
        "",
    ]
    assert (number(12_345), number(None)) == (f"12{THIN}345", HIDDEN)


def test_rows_that_cannot_be_read_are_left_out_and_counted_without_what_they_say(tmp_path, capsys):
    code, folder, _ = write(tmp_path)
    page = (folder / "rapport.html").read_text("utf-8")
    assert code == 1
    assert "2 lignes illisibles, écartées (A002" in page
    about = dict(csv.reader((folder / "about.csv").read_text("utf-8").splitlines()))
    assert (about["lignes_comptees"], about["lignes_ecartees"]) == ("300", "2")
    everything = "".join(path.read_text("utf-8") for path in folder.iterdir())
    assert "Martin" not in everything + capsys.readouterr().err


def test_tables_and_page_say_the_same(written):
    _, folder, _ = written
    rows = list(csv.DictReader((folder / "kinds.csv").read_text("utf-8").splitlines()))
    page = (folder / "rapport.html").read_text("utf-8")
    section = page.partition('<section id="kinds">')[2].partition("</section>")[0]
    shown = [row["nombre"] for row in rows if row["nombre"] not in (HIDDEN, "0")]
    assert sorted(re.findall(r"<td>(\d+)</td>", section)) == sorted(shown)
    hidden = f"{NBSP}; ".join(row["libelle"] for row in rows if row["nombre"] == HIDDEN)
    assert html.unescape(section).count(f"Nombre masqué{NBSP}: {hidden}.") == 1


def test_the_same_rows_give_the_same_bytes(written, tmp_path):
    _, folder, source = written
    main(["report", str(source), "-o", str(tmp_path / "again")])
    first, again = (
        {path.name: path.read_bytes() for path in one.iterdir()}
        for one in (folder, tmp_path / "again")
    )
    assert first == again


def test_a_report_is_not_replaced_unless_asked_and_what_else_is_there_stays(tmp_path, capsys):
    _, folder, source = write(tmp_path)
    (folder / "notes.txt").write_text("mine", "utf-8")
    before = (folder / "rapport.html").stat().st_mtime_ns
    assert main(["report", str(source), "-o", str(folder)]) == 2
    assert "B013" in capsys.readouterr().err
    assert (folder / "rapport.html").stat().st_mtime_ns == before
    assert main(["report", str(source), "-o", str(folder), "--force"]) == 1
    assert (folder / "notes.txt").read_text("utf-8") == "mine"
    assert sorted(path.name for path in folder.parent.iterdir()) == ["report", "year.csv"]


def test_a_table_of_an_earlier_report_does_not_stay_beside_a_new_one(tmp_path):
    _, folder, _ = write(tmp_path)
    assert (folder / "situations.csv").exists()
    toy = str(ROOT / "tests" / "toy" / "rules")
    main(["sample", "50", "--rules", toy, "-o", str(tmp_path / "b.csv")])
    main(["report", str(tmp_path / "b.csv"), "--rules", toy, "-o", str(folder), "--force"])
    about = dict(csv.reader((folder / "about.csv").read_text("utf-8").splitlines()))
    listed = {*about["tableaux"].split("|"), "about.csv", "rapport.html"}
    assert {path.name for path in folder.iterdir()} == listed
    assert "situations.csv" not in listed


@pytest.fixture
def few(tmp_path, monkeypatch):
    """Give the arguments of a report over toy rules, in a folder of its own."""
    monkeypatch.chdir(tmp_path)
    toy = str(ROOT / "tests" / "toy" / "rules")
    main(["sample", "50", "--rules", toy, "-o", "few.csv"])
    return ["report", "few.csv", "--rules", toy, "-o", "report"]


def left_in(folder):
    return {
        path.name: path.readlink() if path.is_symlink() else path.is_file() and path.read_text()
        for path in folder.rglob("*")
    }


@pytest.mark.parametrize("name", ["rapport.html", "about.csv", "areas.csv", "urgency.csv"])
@pytest.mark.parametrize("options", [[], ["--force"]])
def test_a_file_that_no_report_wrote_is_never_replaced(name, options, few, tmp_path, capsys):
    (tmp_path / "report").mkdir()
    (tmp_path / "report" / name).write_text("cle,valeur\nmine,all mine\n")
    before = left_in(tmp_path)
    assert main([*few, *options]) == 2
    assert "B018" in capsys.readouterr().err
    assert left_in(tmp_path) == before


def test_a_list_that_names_others_files_opens_none_of_them(few, tmp_path):
    (tmp_path / "notes.csv").write_text("mine")
    assert main(few) == 0
    about = tmp_path / "report" / "about.csv"
    about.write_text(about.read_text().replace("areas.csv", "areas.csv|../notes.csv|notes.txt"))
    (tmp_path / "report" / "notes.txt").write_text("mine")
    assert main([*few, "--force"]) == 0
    assert (tmp_path / "notes.csv").read_text() == "mine"
    assert (tmp_path / "report" / "notes.txt").read_text() == "mine"


@pytest.mark.parametrize("target", ["theirs", "nowhere"])
def test_a_report_follows_no_link(target, few, tmp_path, capsys):
    (tmp_path / "theirs").mkdir()
    (tmp_path / "report").symlink_to(target)
    before = left_in(tmp_path)
    assert main([*few, "--force"]) == 2
    assert "B018" in capsys.readouterr().err
    assert left_in(tmp_path) == before


@pytest.mark.parametrize("name", ["areas.csv", "rapport.html", "about.csv"])
def test_a_link_in_a_report_is_not_replaced(name, few, tmp_path, capsys):
    assert main(few) == 0
    (tmp_path / "report" / name).rename(tmp_path / "theirs")
    (tmp_path / "report" / name).symlink_to("../theirs")
    before = left_in(tmp_path)
    assert main([*few, "--force"]) == 2
    assert re.search("B01[28]", capsys.readouterr().err)
    assert left_in(tmp_path) == before


def test_an_input_among_the_tables_of_its_report_is_not_replaced(few, tmp_path):
    (tmp_path / "report").mkdir()
    (tmp_path / "few.csv").rename(tmp_path / "report" / "areas.csv")
    before = left_in(tmp_path)
    assert main(["report", "report/areas.csv", *few[2:], "--force"]) == 2
    assert left_in(tmp_path) == before


def test_a_report_killed_at_any_of_its_moves_can_be_written_again(few, tmp_path, monkeypatch):
    assert main(few) == 0
    expected = left_in(tmp_path / "report")
    replace = Path.replace
    for stop in range(len(expected)):
        shutil.rmtree(tmp_path / "report")
        moved: list[Path] = []

        def killed(path, target, moved=moved, stop=stop):
            if len(moved) == stop:
                raise KeyboardInterrupt
            moved.append(path)
            return replace(path, target)

        with monkeypatch.context() as patch:
            patch.setattr(Path, "replace", killed)
            assert main(few) == 130
        assert main([*few, "--force"]) == 0
        assert left_in(tmp_path / "report") == expected


def test_nothing_is_written_where_there_is_too_little_to_count(tmp_path, capsys):
    source, toy = tmp_path / "few.csv", str(ROOT / "tests" / "toy" / "rules")
    main(["sample", "4", "--rules", toy, "-o", str(source)])
    assert main(["report", str(source), "--rules", toy]) == 2
    assert capsys.readouterr().err.startswith("B030")
    assert [path.name for path in tmp_path.iterdir()] == ["few.csv"]


@pytest.mark.parametrize("threshold", ["2", "0", "-5"])
def test_a_threshold_that_protects_nobody_is_refused(tmp_path, capsys, threshold):
    shutil.copy(ROOT / "examples" / "friday-night.yaml", tmp_path / "x.csv")
    assert main(["report", str(tmp_path / "x.csv"), "--threshold", threshold]) == 2
    assert capsys.readouterr().err.startswith("A011")


def test_the_list_of_what_is_ours_is_moved_first_and_the_page_last(tmp_path, monkeypatch):
    moved = []
    replace = Path.replace

    def note(path, target):
        moved.append(Path(target).name)
        return replace(path, target)

    monkeypatch.setattr(Path, "replace", note)
    # A name that the alphabet puts before it.
    write_folder(tmp_path / "report", dict.fromkeys((PAGE, ABOUT, "aaa.csv"), "x"), set())
    assert moved == [ABOUT, "aaa.csv", PAGE]
