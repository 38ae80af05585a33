"""Agreement: κ is what SAS and R print, a booklet is blind, sheets are read as they were filled."""

import csv
import io
import json
from pathlib import Path

import jsonschema
import pytest

from iscg_rules import IscgError
from iscg_rules.cli import main
from iscg_rules.model.cases import read_cases
from iscg_rules.model.files import find_files
from iscg_rules.rating.kappa import grouped_kappa
from iscg_rules.rating.kit import make_kit, read_kit
from iscg_rules.rating.score import score
from iscg_rules.rating.sheets import CLASSES, empty_sheet, read_sheet
from iscg_rules.rating.text import booklet, render_agreement

ROOT = Path(__file__).parents[1]


def pairs(table):
    return [
        (one, other)
        for one, row in enumerate(table)
        for other, count in enumerate(row)
        for _ in range(count)
    ]


def each_alone(rated):
    return [[pair] for pair in rated]


def test_kappa_is_what_sas_prints_and_its_interval_nearly():
    # PROC FREQ, as statsmodels keeps its printout beside its own tests: 0.4701 (0.1845, 0.7558).
    found = grouped_kappa(each_alone(pairs([[0, 4, 1], [0, 8, 0], [0, 1, 5]])), 3)
    assert found.items == 19
    assert round(found.value or 0, 4) == 0.4701
    # SAS takes the variance of a large sample, and we leave out one thing at a time.
    assert (found.low, found.high) == pytest.approx((0.1845, 0.7558), abs=0.05)


def test_kappa_is_the_one_that_r_prints():
    # kappa2(anxiety[,2:3], "equal") of the package irr: 0.1459075; it drops the empty class 4.
    anxiety = (
        [3, 6, 4, 6, 2, 4, 2, 4, 3, 3, 2, 3, 3, 3, 2, 2, 1, 3, 3, 4],
        [2, 1, 4, 4, 3, 2, 1, 6, 1, 1, 1, 2, 3, 3, 1, 1, 3, 3, 2, 2],
    )
    place = {1: 0, 2: 1, 3: 2, 4: 3, 6: 4}
    rated = [(place[one], place[other]) for one, other in zip(*anxiety, strict=True)]
    found = grouped_kappa([rated], 5)
    assert round(found.value or 0, 7) == 0.1459075


@pytest.mark.parametrize(
    ("rated", "value"),
    [
        ([(0, 0), (1, 1), (2, 2)], 1.0),
        ([(0, 2), (2, 0)], -1.0),
        ([(1, 1), (1, 1)], None),
        ([], None),
    ],
)
def test_kappa_at_its_ends_and_where_nothing_tells(rated, value):
    assert grouped_kappa([rated], 3).value == value


def width(kappa):
    return kappa.high - kappa.low


def test_things_judged_together_tell_less_than_their_number():
    groups = [[(0, 0)] * 6, [(2, 2)] * 6, [(0, 2)] * 6, [(1, 1)] * 6]
    together = grouped_kappa(groups, 3)
    alone = grouped_kappa(each_alone(pair for group in groups for pair in group), 3)
    assert together.value == alone.value
    assert width(together) > width(alone)
    assert grouped_kappa(groups[:1], 3).low is None


@pytest.fixture(scope="module")
def cases(engine):
    layout = find_files(None, None, None, [])
    rules = frozenset(engine.rule_set.rules)
    return read_cases(layout.folders(), engine.rule_set.vocabulary, rules, [])


@pytest.fixture(scope="module")
def kit(engine, cases):
    return make_kit(engine, cases, 12, seed=7)


def test_a_booklet_is_the_same_for_the_same_seed_and_spread_over_themes(engine, cases, kit):
    assert make_kit(engine, cases, 12, seed=7) == kit
    assert make_kit(engine, cases, 12, seed=8) != kit
    files = {case.id: case.place.file for case in cases}
    assert len({files[one.case] for one in kit.situations}) == 12


@pytest.mark.parametrize("count", [0, -1, 100_000])
def test_as_many_situations_as_there_are_and_one_at_least(engine, cases, count):
    with pytest.raises(IscgError, match="A011"):
        make_kit(engine, cases, count, seed=1)


def test_a_booklet_is_blind(engine, cases, kit):
    titles = {case.id: case.title.fr for case in cases}
    text = booklet(kit, engine) + empty_sheet(kit, engine)
    for one in kit.situations:
        assert titles[one.case] not in text
        assert one.case not in text
        got = engine.recommend(one.answers, at=one.at)
        certain = [orientation.kind for orientation in got.orientations]
        shown = [kind for kind in one.aids if kind in certain]
        # Some that the tool gives, some that it does not, in the order of their names.
        assert 0 < len(shown) < len(one.aids) == 12
        labels = [engine.rule_set.vocabulary.kinds[kind].label.fr for kind in one.aids]
        assert labels == sorted(labels)


def test_the_tool_gives_eight_of_the_aids_at_most_however_many_are_judged(
    engine, cases, monkeypatch
):
    monkeypatch.setattr("iscg_rules.rating.kit._AIDS", len(engine.rule_set.vocabulary.kinds))
    shown = []
    for one in make_kit(engine, cases, 40, seed=7).situations:
        got = engine.recommend(one.answers, at=one.at)
        certain = [orientation.kind for orientation in got.orientations]
        assert {*certain[:8]} == {*certain} & {*one.aids}
        shown.append(len(certain))
    assert max(shown) > 8


def filled(kit, engine, answer, delimiter=";", encoding="utf-8-sig"):
    """Fill the sheet: `answer` gives a word for a situation and an aid."""
    rows = list(csv.reader(io.StringIO(empty_sheet(kit, engine)[1:]), delimiter=";"))
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter)
    writer.writerow(rows[0])
    for row in rows[1:]:
        said = answer(int(row[0]), row[1]) if row[1] != "autre" else ""
        writer.writerow([*row[:3], said, "un point-virgule ; et un « mot »"[: 5 * (row[0] == "1")]])
    return out.getvalue().encode(encoding)


def of_tool(engine, kit):
    words = {"planned": 1, "week": 2, "today": 3, "now": 4}
    said: dict[tuple[int, str], int] = {}
    for one in kit.situations:
        got = engine.recommend(one.answers, at=one.at)
        said |= {(one.number, o.kind): words[o.urgency] for o in got.orientations}
    return lambda number, aid: CLASSES[said.get((number, aid), 0)]


def test_who_says_what_the_tool_says_agrees_with_it_whatever_the_spreadsheet(engine, kit):
    tool = of_tool(engine, kit)
    sheets = [
        read_sheet(filled(kit, engine, tool), "a.csv", kit),
        read_sheet(filled(kit, engine, tool, ",", "utf-8"), "b.csv", kit),
        read_sheet(
            filled(kit, engine, lambda n, a: tool(n, a).upper(), "\t", "cp1252"), "c.csv", kit
        ),
    ]
    found = score(engine, kit, sheets)
    assert {pair.kappa.value for pair in (*found.between, *found.with_tool)} == {1.0}
    assert (found.splits, found.against_tool, found.unanswered) == ((), (), 0)
    assert found.others == 3
    assert found.is_same_rules


def test_where_readers_differ_and_where_they_stand_against_the_tool_is_named(engine, kit):
    tool = of_tool(engine, kit)
    one = kit.situations[0]
    aid = one.aids[0]
    far = "non" if tool(1, aid) == "maintenant" else "maintenant"
    other = one.aids[1]

    def first(number, kind):
        return far if (number, kind) == (1, aid) else tool(number, kind)

    def second(number, kind):
        if (number, kind) == (1, other):
            return "non" if first(1, other) == "maintenant" else "maintenant"
        return first(number, kind) if number > 1 or kind == aid else ""

    sheets = [read_sheet(filled(kit, engine, said), "x.csv", kit) for said in (first, second)]
    found = score(engine, kit, sheets)
    assert (1, aid) in {(split.situation, split.aid) for split in found.against_tool}
    assert {split.aid for split in found.splits} <= {other}
    assert found.unanswered == 10
    assert (found.mean_with_tool or 1) < 1
    text = render_agreement(found)
    assert "A et B" in text
    assert max(map(len, text.splitlines())) <= 80
    published = json.loads((ROOT / "schemas" / "agreement.json").read_text())
    jsonschema.validate(json.loads(found.to_json()), published)


@pytest.mark.parametrize("data", [b"\0\0", b"", b'situation;aide;quand\n1;"', b"\xff\xfe;;;\n"])
def test_what_is_no_sheet_is_refused(kit, data):
    with pytest.raises(IscgError) as refused:
        read_sheet(data, "x.csv", kit)
    assert {problem.code for problem in refused.value.problems} == {"K002"}


def test_a_kit_comes_back_as_it_was_written(engine, kit):
    assert read_kit(kit.model_dump_json(), engine) == kit


def test_the_commands_write_once_and_replace_nothing(tmp_path, said, capsys):
    folder = tmp_path / "livret"
    said("rating-kit", "3", "--seed", "2", "-o", str(folder))
    names = sorted(path.name for path in folder.iterdir())
    assert names == ["cle.json", "feuille.csv", "livret.md"]
    before = [path.read_bytes() for path in sorted(folder.iterdir())]
    assert main(["rating-kit", "3", "-o", str(folder)]) == 2
    assert "B013" in capsys.readouterr().err
    (tmp_path / "ailleurs").symlink_to(folder)
    assert main(["rating-kit", "3", "-o", str(tmp_path / "ailleurs")]) == 2
    assert "B018" in capsys.readouterr().err
    assert [path.read_bytes() for path in sorted(folder.iterdir())] == before
    sheet = (folder / "feuille.csv").read_text("utf-8-sig").splitlines()
    rated = [line[:-1] + "3;" if line.endswith(";;") else line for line in sheet]
    (folder / "a.csv").write_text("\n".join(rated), "utf-8")
    got = json.loads(
        said("rating-score", str(folder / "cle.json"), str(folder / "a.csv"), "--format", "json")
    )
    assert got["readers"] == ["A"]
    assert got["unanswered"] == 0


def test_an_aid_that_has_two_answers_in_one_sheet_is_refused(engine, kit):
    text = filled(kit, engine, lambda *_: "non").decode("utf-8-sig")
    first = text.splitlines()[1]
    twice = text + first.replace(";non;", ";maintenant;") + "\n"
    with pytest.raises(IscgError, match="cette aide a deux réponses"):
        read_sheet(twice.encode(), "x.csv", kit)
    read_sheet((text + first + "\n").encode(), "x.csv", kit)


def test_one_reader_alone_stands_against_nobody(engine, kit):
    tool = of_tool(engine, kit)
    far = {"non": "maintenant", "plus tard": "maintenant", "semaine": "non"}
    alone = read_sheet(filled(kit, engine, lambda n, a: far.get(tool(n, a), "non")), "a.csv", kit)
    assert score(engine, kit, [alone]).against_tool == ()
    assert len(score(engine, kit, [alone, alone]).against_tool) == 15


def test_an_interval_stays_between_none_and_all():
    groups = [[(0, 0), (2, 2)], [(0, 0), (2, 2)], [(0, 2), (2, 2)]]
    found = grouped_kappa(groups, 3)
    assert found.high == 1.0
    assert grouped_kappa([[(2 - one, other) for one, other in g] for g in groups], 3).low == -1.0
