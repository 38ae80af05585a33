"""`iscg-rules batch` as an analyst uses it: files in, files out, whatever the format."""

import json
import os
import pty
import subprocess
import sys
import termios
from dataclasses import asdict
from pathlib import Path

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
import pytest

from iscg_rules import Engine
from iscg_rules.batch import recommend_batch
from iscg_rules.cli import main
from tests.laws.tables import said

TOY = Path(__file__).parent / "toy"
MOMENT = "2026-11-27T22:30"
SITUATIONS: list[dict[str, object]] = [
    {"role": "victim", "danger": "yes", "commune": "01000"},
    {"role": "victim", "minors": ["under_3", "older"], "nights": 2.0, "at": MOMENT},
    {},
    {"minors": [], "nights": 1.5, "consent_to_share": "no"},
]
CELLS = """\
role,danger,minors,nights,commune,consent_to_share,at
victim,yes,,,01000,,
victim,,under_3|older,2,,,2026-11-27T22:30
,,,,,,
,,[],1.5,,no,
"""
LISTS = ("kinds", "urgency", "strength", "partner", "gaps", "possible", "excluded", "fired")


def batch(*arguments):
    return main(["batch", *map(str, arguments), "--rules", str(TOY / "rules")])


def start(*arguments, **options):
    command = [sys.executable, "-m", "iscg_rules", "batch", *arguments, "--rules", TOY / "rules"]
    return subprocess.run(
        [str(part) for part in command],
        check=False,
        cwd=TOY.parents[1],
        env={"PATH": os.environ["PATH"]} | options.pop("env", {}),
        **options,
    )


@pytest.fixture(scope="module")
def engine():
    return Engine.load(TOY / "rules")


@pytest.fixture
def sources(tmp_path):
    """Give the same situations in each format."""
    (tmp_path / "in.csv").write_text(CELLS, "utf-8")
    lines = [json.dumps(situation) + "\n" for situation in SITUATIONS]
    (tmp_path / "in.jsonl").write_text("".join(lines), "utf-8")
    columns = {
        "role": pa.array(["victim", "victim", None, None]),
        "danger": pa.array([True, None, None, None]),
        "minors": pa.array([None, ["under_3", "older"], None, []], pa.list_(pa.string())),
        "nights": pa.array([None, 2, None, 1.5], pa.float64()),
        "commune": pa.array(["01000", None, None, None]),
        "consent_to_share": pa.array([None, None, None, False]),
        "at": pa.array([None, MOMENT, None, None]),
    }
    pq.write_table(pa.table(columns), tmp_path / "in.parquet")
    return tmp_path


def expected_row(engine, number, situation):
    answers = {name: answer for name, answer in situation.items() if name != "at"}
    return {"row": number, **said(engine, answers, situation.get("at"), None)}


def as_cell(words):
    return "|".join(word or "" for word in words)


def read_jsonl(path):
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


@pytest.mark.parametrize("name", ["in.csv", "in.jsonl", "in.parquet"])
def test_each_format_leads_to_what_recommend_says(name, sources, engine):
    assert batch(sources / name, sources / "out.jsonl") == 0
    expected = [expected_row(engine, *row) for row in enumerate(SITUATIONS, 1)]
    assert read_jsonl(sources / "out.jsonl") == expected
    assert [row["kinds"] != [] for row in expected] == [True, True, False, True]


def test_each_format_tells_the_same(sources):
    for name in ("out.csv", "out.jsonl", "out.parquet"):
        assert batch(sources / "in.csv", sources / name) == 0
    rows = pq.read_table(sources / "out.parquet").to_pylist()
    assert rows == read_jsonl(sources / "out.jsonl")
    header, *lines = (sources / "out.csv").read_text("utf-8").splitlines()
    joined = [
        ",".join([str(row["row"]), *map(as_cell, map(row.get, LISTS)), str(row["left_out"])])
        for row in rows
    ]
    assert header == ",".join(["row", *LISTS, "left_out"])
    assert lines == joined


@pytest.mark.parametrize(
    "change",
    [
        lambda text: b"\xef\xbb\xbf" + text,
        lambda text: text.replace(b"\n", b"\r\n"),
        lambda text: text.replace(b",", b";"),
        lambda text: text.replace(b",", b"\t"),
        lambda text: b"\n".join(
            b",".join(b'"' + cell + b'"' for cell in line.split(b",")) for line in text.splitlines()
        ),
        lambda text: text.replace(b"yes", b"True").replace(b",no,", b",FALSE,"),
        lambda text: text.removesuffix(b"\n"),
    ],
    ids=["bom", "crlf", "semicolons", "tabs", "quotes", "booleans", "no-last-line-end"],
)
def test_the_ways_of_spreadsheets_change_nothing(change, sources):
    batch(sources / "in.csv", sources / "plain.jsonl")
    (sources / "other.csv").write_bytes(change(CELLS.encode()))
    assert batch(sources / "other.csv", sources / "other.jsonl") == 0
    assert (sources / "other.jsonl").read_bytes() == (sources / "plain.jsonl").read_bytes()


def test_a_csv_comes_back_with_the_delimiter_it_came_with(sources):
    (sources / "in.csv").write_text(CELLS.replace(",", ";"), "utf-8")
    batch(sources / "in.csv", sources / "out.csv")
    assert (sources / "out.csv").read_text("utf-8").startswith("row;kinds;urgency;")


@pytest.mark.parametrize("size", [1, 2, 3])
def test_the_size_of_chunks_changes_no_row(size, sources):
    batch(sources / "in.csv", sources / "whole.csv")
    batch(sources / "in.csv", sources / "cut.csv", "--chunk", size)
    assert (sources / "cut.csv").read_bytes() == (sources / "whole.csv").read_bytes()


@pytest.mark.parametrize("options", [{}, {"use_dictionary": False}], ids=["words", "plain"])
@pytest.mark.parametrize("size", [1, 2, 3, 100])
def test_how_a_parquet_file_is_cut_changes_no_byte(size, options, sources):
    table = pa.concat_tables([pq.read_table(sources / "in.parquet")] * 3)
    pq.write_table(table, sources / "whole.parquet")
    pq.write_table(table, sources / "cut.parquet", row_group_size=size, **options)
    batch(sources / "whole.parquet", sources / "whole.out.parquet", "--chunk", 5)
    batch(sources / "cut.parquet", sources / "cut.out.parquet", "--chunk", 5)
    expected = (sources / "whole.out.parquet").read_bytes()
    assert (sources / "cut.out.parquet").read_bytes() == expected
    assert pq.read_metadata(sources / "cut.out.parquet").num_row_groups == 3


def test_an_answer_of_many_may_be_known_in_part(tmp_path):
    (tmp_path / "in.jsonl").write_text('{"minors": {"no": ["under_3", "older"]}, "nights": 1}\n')
    (tmp_path / "in.csv").write_text("minors=under_3,minors=older,nights\nno,FALSE,1\n")
    (tmp_path / "half.csv").write_text("minors=under_3,nights\nno,1\n")
    for name in ("in.jsonl", "in.csv", "half.csv"):
        assert batch(tmp_path / name, tmp_path / f"{name}.out.jsonl") == 0
    whole, same, half = (
        read_jsonl(tmp_path / f"{name}.out.jsonl") for name in ("in.jsonl", "in.csv", "half.csv")
    )
    assert whole == same
    assert ("social" in whole[0]["possible"], "social" in half[0]["possible"]) == (False, True)


@pytest.mark.parametrize("name", ["in.csv", "in.jsonl", "in.parquet"])
def test_the_moment_given_is_that_of_rows_without_one(name, sources, engine):
    batch(sources / name, sources / "out.jsonl", "--at", "2020-06-01")
    moments = [{"at": "2020-06-01", **situation} for situation in SITUATIONS]
    expected = [expected_row(engine, *row) for row in enumerate(moments, 1)]
    assert read_jsonl(sources / "out.jsonl") == expected
    assert [("old-rule" in row["fired"]) for row in expected] == [True, False, False, False]


def test_the_limit_cuts_and_says_how_many(sources):
    batch(sources / "in.csv", sources / "out.jsonl", "--limit", 1)
    rows = read_jsonl(sources / "out.jsonl")
    assert [len(row["kinds"]) for row in rows] == [1, 1, 0, 1]
    assert rows[1]["left_out"] > 0


def test_bad_rows_are_set_aside_by_number_column_and_code(sources, capsys):
    rows = [
        "viktim,,,,,,",
        "victim,perhaps,none,31,1000,,yesterday",
        "",
        "victim,yes",
        ',"yes,,,,,',
    ]
    (sources / "in.csv").write_text(CELLS + "\n".join(rows) + "\n", "utf-8")
    assert batch(sources / "in.csv", sources / "out.csv") == 1
    assert (sources / "out.csv.rejected").read_text("utf-8").splitlines() == [
        "row,column,code",
        "5,role,A002",
        "6,at,A009",
        "6,commune,A006",
        "6,danger,A002",
        "6,minors,A002",
        "6,nights,A002",
        "8,,B021",
        "9,,B022",
    ]
    assert len((sources / "out.csv").read_text("utf-8").splitlines()) == 1 + 4
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "  A002 réponse non permise, `danger`\u00a0: 1 ligne\n" in shown.err
    assert "  B021 la ligne n'a pas le bon nombre de cellules\u00a0: 1 ligne\n" in shown.err
    assert shown.err.splitlines()[0] == (
        f"8 lignes lues, 4 lignes écrites, 4 lignes écartées dans `{sources}/out.csv.rejected`"
    )


def test_rows_of_parquet_are_set_aside_alike(tmp_path):
    table = pa.table({"role": ["victim", "viktim", None], "nights": [1.0, 31.0, float("nan")]})
    pq.write_table(table, tmp_path / "in.parquet")
    assert batch(tmp_path / "in.parquet", tmp_path / "out.jsonl") == 1
    assert (tmp_path / "out.jsonl.rejected").read_text("utf-8").splitlines()[1:] == [
        "2,nights,A002",
        "2,role,A002",
        "3,nights,A002",
    ]
    assert [row["row"] for row in read_jsonl(tmp_path / "out.jsonl")] == [1]


def test_lines_of_json_are_set_aside_alike(tmp_path):
    lines = ['{"role": "victim"}', '{"role": 1}', "{role}", "[]", '{"rôle": "victim"}', ""]
    lines += ['{"time_slot": "other"}', '{"danger": "yes", "danger": "no"}', '{"nights": NaN}']
    (tmp_path / "in.jsonl").write_text("\n".join(lines), "utf-8")
    assert batch(tmp_path / "in.jsonl", tmp_path / "out.jsonl") == 1
    assert (tmp_path / "out.jsonl.rejected").read_text("utf-8").splitlines()[1:] == [
        "2,role,A003",
        "3,,B024",
        "4,,A007",
        "5,,A001",
        "7,,A004",
        "8,,B024",
        "9,,B024",
    ]


def test_a_table_without_rows_gives_one_without_rows(tmp_path):
    (tmp_path / "in.csv").write_text("role,danger\n")
    assert batch(tmp_path / "in.csv", tmp_path / "out.parquet") == 0
    assert pq.read_table(tmp_path / "out.parquet").num_rows == 0


def test_an_output_is_replaced_only_when_asked(sources, capsys):
    (sources / "bad.csv").write_text("role\nviktim\n")
    assert batch(sources / "bad.csv", sources / "out.csv") == 1
    before = (sources / "out.csv").read_bytes()
    assert batch(sources / "in.csv", sources / "out.csv") == 2
    assert "B013 `out.csv` et `out.csv.rejected` existent déjà" in capsys.readouterr().err
    assert (sources / "out.csv").read_bytes() == before
    assert batch(sources / "in.csv", sources / "out.csv", "--force") == 0
    assert (sources / "out.csv").read_bytes() != before
    assert not (sources / "out.csv.rejected").exists()


def test_nothing_stays_beside_the_output(sources):
    batch(sources / "in.csv", sources / "out.csv")
    names = {path.name for path in sources.iterdir()}
    assert names == {"in.csv", "in.jsonl", "in.parquet", "out.csv"}


def test_a_pipe_gives_the_bytes_of_a_file(sources):
    bad = (CELLS + "viktim,,,,,,\n").encode()
    (sources / "in.csv").write_bytes(bad)
    batch(sources / "in.csv", sources / "out.csv")
    done = start("-", "-", input=bad, capture_output=True)
    assert (done.returncode, done.stdout) == (1, (sources / "out.csv").read_bytes())
    lines = done.stderr.decode().splitlines()
    assert lines[:2] == (sources / "out.csv.rejected").read_text("utf-8").splitlines()
    assert start("-", sources / "piped.csv", input=bad).returncode == 1
    assert (sources / "piped.csv").read_bytes() == (sources / "out.csv").read_bytes()


def test_in_a_pipe_there_is_no_bar(sources, engine):
    done = start(sources / "in.csv", sources / "out.csv", capture_output=True)
    rules, digest = engine.identity, str(engine.identity.digest)
    assert done.stderr.decode().splitlines() == [
        "4 lignes lues, 4 lignes écrites",
        f"règles\u00a0: iscg-rules {rules.library}, empreinte {digest[:12]}",
    ]


@pytest.mark.parametrize("options", [(), ("--chunk", "1")])
def test_a_parquet_file_says_which_rules_gave_it(options, sources, engine):
    batch(sources / "in.csv", sources / "out.parquet", *options)
    of_file = pq.read_schema(sources / "out.parquet").metadata
    of_table = recommend_batch({"role": ["victim"]}, engine=engine).schema.metadata
    for metadata in (of_file, of_table):
        assert json.loads(metadata[b"iscg_rules.identity"]) == asdict(engine.identity)


@pytest.mark.parametrize(("env", "coloured"), [({}, True), ({"NO_COLOR": "1"}, False)])
def test_on_a_terminal_there_is_a_bar(env, coloured, sources):
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (24, 80))
    done = start(
        *(sources / "in.csv", sources / "out.csv", "--chunk", "1"),
        stderr=theirs,
        env={"TERM": "xterm"} | env,
    )
    os.close(theirs)
    shown = os.read(ours, 1 << 16)
    os.close(ours)
    assert done.returncode == 0
    assert b"0%|" in shown
    assert (b"\x1b[3" in shown) is coloured


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("in.csv", "out.txt"), "B010"),
        (("in.xlsx", "out.csv"), "« CSV UTF-8 »"),
        (("in.csv", "out.csv", "--chunk", "0"), "`--chunk` hors limites"),
        (("in.csv", "out.csv", "--limit", "-1"), "`--limit` hors limites"),
        (("in.csv", "out.csv", "--at", "demain"), "A009"),
        (("in.csv", "-", "--resume"), "ne se reprend pas"),
        (("in.csv", "out.csv", "--resume", "--force"), "se contredisent"),
        (("-", "out.csv", "--from", "parquet"), "ne se lit pas par un tuyau"),
    ],
)
def test_wrong_use_is_explained(arguments, expected, sources, capsys, monkeypatch):
    monkeypatch.chdir(sources)
    assert batch(*arguments) == 2
    assert expected in capsys.readouterr().err
    assert not list(sources.glob("out*"))


def test_an_input_without_a_known_name_leaves_nothing_whatever_its_length(tmp_path, capsys):
    source = tmp_path / "in.jsonl"
    source.write_text('{"strange": 1}\n' + '{"role": "victim"}\n' * 50)
    assert batch(source, tmp_path / "out.csv", "--chunk", 1) == 2
    assert "B001" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["in.jsonl"]
