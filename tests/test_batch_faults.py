"""What goes wrong with files of situations: said in words, nothing lost, nothing told."""

import csv
import errno
import io
import os
import re
import resource
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from iscg_rules import Engine, IscgError
from iscg_rules.batch import recommend_batch
from iscg_rules.batch.files.text_lines import sort_out
from iscg_rules.cli import main

TOY = Path(__file__).parent / "toy"
# Stands for what somebody answered: it must come out nowhere.
CANARY = "kanarienvogel"
ENGINE = Engine.load(TOY / "rules")


def batch(*arguments):
    return main(["batch", *map(str, arguments), "--rules", str(TOY / "rules")])


@pytest.fixture
def run(tmp_path, capsys, monkeypatch):
    """Give what runs `batch in.csv out.csv`, its exit code and what it said."""
    monkeypatch.chdir(tmp_path)

    def runs(data, *options, source="in.csv", target="out.csv"):
        Path(source).write_bytes(data if isinstance(data, bytes) else data.encode())
        code = batch(source, target, *options)
        shown = capsys.readouterr()
        assert shown.out == ""
        return code, shown.err

    return runs


def parquet(columns):
    sink = io.BytesIO()
    pq.write_table(pa.table(columns), sink)
    return sink.getvalue()


def test_wrong_names_of_columns_come_all_at_once_with_suggestions(run):
    code, said = run(f"rôle,dangr,minors=older,minors=oldr,{CANARY},role\nvictim,,,,,\n")
    assert code == 2
    assert re.findall(r"^in\.csv:1:(\d): (B\d{3})", said, re.MULTILINE) == [
        ("1", "B001"),
        ("2", "B001"),
        ("4", "B001"),
        ("5", "B001"),
    ]
    assert re.findall(r"vouliez-vous dire `(.+)`", said) == ["role", "danger", "minors=older"]
    assert CANARY not in said


def test_without_a_line_of_names_the_first_answers_stay_untold(run):
    code, said = run(f"{CANARY},35288\nvictim,35288\n")
    assert (code, CANARY in said, "35288" in said) == (2, False, False)
    assert "la première ligne nomme les colonnes" in said


def test_a_column_given_twice_is_told(run):
    code, said = run("role,role,minors,minors=older\n,,,\n")
    assert (code, re.findall(r"B\d{3}", said)) == (2, ["B003", "B003"])


def test_wrong_keys_of_json_lines_are_told_once_not_a_line(run):
    data = f'{{"dangr": "yes", "{CANARY}": 1, "role": "victim"}}\n' * 50
    code, said = run(data, source="in.jsonl")
    assert (code, said.count("B001")) == (2, 2)
    assert "clé n° 1" in said
    assert "vouliez-vous dire `danger`" in said
    assert CANARY not in said


@pytest.mark.parametrize(
    ("data", "code", "said"),
    [
        (b"", "Y007", "le fichier est vide"),
        (b"\n\n", "Y007", "première ligne"),
        ("rôle\n".encode("latin-1"), "Y004", "CSV UTF-8"),
        ("role\nvictim\n".encode("utf-16"), "Y004", "UTF-16"),
        (b"role\n" + b"x" * (2 << 20), "B015", "une situation par ligne"),
    ],
)
def test_a_file_that_is_no_table_is_refused(data, code, said, run):
    got, shown = run(data)
    assert (got, code in shown, said in shown) == (2, True, True)
    assert not list(Path().glob("out*"))


def test_a_stray_quote_costs_one_row(run):
    rows = ["victim,1", f'"{CANARY},2', "victim,3", f'a"{CANARY},4', '"victim","5"', "victim,6"]
    code, said = run("role,nights\n" + "\n".join(rows))
    assert code == 1
    assert Path("out.csv.rejected").read_text() == "row,column,code\n2,,B022\n4,,B022\n"
    lines = Path("out.csv").read_text().splitlines()
    assert [line.split(",")[0] for line in lines] == ["row", "1", "3", "5", "6"]
    assert "B022 guillemet mal placé dans la ligne" in said


def test_a_row_in_latin_1_costs_one_row(run):
    rows = b"victim\n" + f"{CANARY}\xe9\n".encode("latin-1") + b"victim\n"
    assert run(b"role\n" + rows)[0] == 1
    assert Path("out.csv.rejected").read_text() == "row,column,code\n2,,B023\n"


def test_ragged_rows_are_set_aside_and_nothing_is_lost(run):
    code, said = run(f"role,nights\nvictim\nvictim,1\nvictim,1,{CANARY}\n,\n\nvictim,2\n")
    assert code == 1
    assert said.startswith("5 lignes lues, 3 lignes écrites, 2 lignes écartées")
    assert Path("out.csv.rejected").read_text() == "row,column,code\n1,,B021\n3,,B021\n"


@pytest.mark.parametrize("kept", [0, 3, 300, -1])
def test_a_truncated_parquet_file_is_refused(kept, run):
    whole = parquet({"role": [CANARY] * 100})
    code, said = run(whole[:kept], source="in.parquet")
    assert (code, "B011" in said) == (2, True)
    assert not list(Path().glob("out*"))


@pytest.mark.parametrize("target", ["out.csv", "out.parquet"])
def test_a_parquet_file_damaged_in_the_middle_is_refused(target, run):
    whole = bytearray(parquet({"role": [f"{CANARY}{number}" for number in range(5_000)]}))
    whole[2_000:4_000] = bytes(2_000)
    code, said = run(bytes(whole), source="in.parquet", target=target)
    assert (code, "B011" in said, CANARY in said) == (2, True, False)
    assert not Path(target).exists()


def as_text(cells):
    return pa.array(cells, pa.binary()).view(pa.string())


BAD = f"{CANARY}\xff".encode("latin-1")
LISTS = pa.ListArray.from_arrays([0, 1, 3, 3, 4], as_text([b"older", b"older", BAD, b"older"]))
NOT_UTF8 = {
    "role": as_text([b"victim", BAD, b"victim", None]),
    "nights": as_text([b"1", BAD, b"2", b""]),
    "minors": LISTS,
    "minors=older": as_text([b"yes", BAD, None, b"no"]),
    "commune": as_text([b"35288", BAD, None, b"35288"]).cast(pa.large_string(), safe=False),
    "at": as_text([b"2026-11-27T22:30", BAD, None, b"2026-11-27"]),
}


@pytest.mark.parametrize("name", NOT_UTF8)
@pytest.mark.parametrize("chunk", ["1", "3", "9"])
def test_a_parquet_cell_that_is_not_utf_8_costs_one_row(name, chunk, run):
    columns = {"danger": [True, False, None, True], name: NOT_UTF8[name]}
    code, said = run(parquet(columns), "--chunk", chunk, source="in.parquet")
    assert (code, CANARY in said) == (1, False)
    rejected = Path("out.csv.rejected").read_text().splitlines()
    assert f"2,{name},B023" in rejected
    rows = [line.split(",")[0] for line in Path("out.csv").read_text().splitlines()]
    assert {*rows[1:], *(line.split(",")[0] for line in rejected[1:])} == {"1", "2", "3", "4"}


@pytest.mark.parametrize("name", NOT_UTF8)
@pytest.mark.parametrize("stored", ["plain", "in pieces", "encoded", "viewed"])
def test_a_cell_in_memory_that_is_not_utf_8_is_a_problem_of_its_row(name, stored):
    plain = pa.chunked_array([NOT_UTF8[name]])
    is_text = plain.type == pa.string()
    column = {
        "plain": lambda: plain,
        "in pieces": lambda: pa.chunked_array(
            [plain.slice(0, 1).chunk(0), plain.slice(1).chunk(0)]
        ),
        "encoded": lambda: plain.dictionary_encode() if is_text else plain,
        "viewed": lambda: plain.cast(pa.string_view()) if is_text else plain,
    }[stored]()
    with pytest.raises(IscgError) as raised:
        recommend_batch({name: column}, engine=ENGINE)
    # The fourth cell of `nights` is empty, and no number.
    assert str(raised.value).startswith("tableau:2:1: B023 la ligne n'est pas en UTF-8")
    assert (CANARY in str(raised.value), raised.value.__context__) == (False, None)
    got = recommend_batch({name: column}, engine=ENGINE, on_error="null")
    assert got.column("kinds").is_null().to_pylist()[:3] == [False, True, False]


def test_a_commune_that_lost_its_zero_is_refused_as_a_column(run):
    code, said = run(parquet({"commune": [1000, 35288]}), source="in.parquet")
    assert (code, "B002" in said, "zéro" in said, "35288" in said) == (2, True, True, False)


@pytest.mark.parametrize(
    ("source", "target", "code"),
    [
        ("absent.csv", "out.csv", "Y001"),
        ("folder.csv", "out.csv", "Y002"),
        ("in.csv", "in.csv", "B014"),
        ("in.csv", "./folder.csv/../in.csv", "B014"),
        ("in.csv", "absent/out.csv", "B012"),
        ("in.csv", "folder.csv", "B012"),
        ("in.csv", "in.csv/out.csv", "B012"),
    ],
)
def test_a_wrong_place_is_told_before_any_work(source, target, code, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("folder.csv").mkdir()
    Path("in.csv").write_text("role\nvictim\n")
    assert batch(source, target, "--force") == 2
    shown = capsys.readouterr().err
    assert code in shown
    assert "aide :" in shown
    assert Path("in.csv").read_text() == "role\nvictim\n"
    assert {path.name for path in Path().iterdir()} == {"in.csv", "folder.csv"}


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (errno.ENOSPC, "le disque est plein"),
        (errno.EDQUOT, "le disque est plein"),
        (errno.EACCES, "ne vous laisse rien écrire"),
        (errno.EROFS, "ne vous laisse rien écrire"),
        (errno.EIO, "erreur 5 du système"),
    ],
)
def test_why_nothing_can_be_written_is_told(number, said, run, monkeypatch):
    def fail(*_):
        raise OSError(number, CANARY)

    monkeypatch.setattr("iscg_rules.batch.files.journal.os.fsync", fail)
    code, shown = run("role\nvictim\n")
    assert (code, "B012" in shown, said in shown, CANARY in shown) == (2, True, True, False)
    assert not Path("out.csv").exists()


def limit_files():
    resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))


def start(folder, *arguments, **options):
    command = [sys.executable, "-m", "iscg_rules", "batch", *arguments]
    return subprocess.run(
        [*command, "--chunk", "1000", "--rules", str(TOY / "rules")],
        check=False,
        cwd=folder,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(TOY.parents[1])},
        capture_output=True,
        encoding="utf-8",
        **options,
    )


@pytest.mark.parametrize(
    "target",
    [
        "out.csv",
        pytest.param("out.jsonl", marks=pytest.mark.slow),
        pytest.param("out.parquet", marks=pytest.mark.slow),
    ],
)
def test_a_full_disk_leaves_no_half_output_and_the_run_goes_on(target, tmp_path):
    (tmp_path / "in.csv").write_text("role,danger\n" + f"victim,yes\nvictim,{CANARY}\n" * 20_000)
    full = start(tmp_path, "in.csv", target, preexec_fn=limit_files)
    assert (full.returncode, "B012" in full.stderr, CANARY in full.stderr) == (2, True, False)
    assert "`--resume`" in full.stderr
    assert {path.name for path in tmp_path.iterdir()} == {"in.csv", f"{target}.part"}
    again = start(tmp_path, "in.csv", target, "--resume")
    assert again.returncode == 1
    assert again.stderr.startswith("40\u202f000 lignes lues, 20\u202f000 lignes écrites")


def test_no_answer_stands_in_a_message_or_beside_the_output(run):
    header = "role,danger,minors,nights,commune,at\n"
    cells = [",".join(CANARY if place == at else "" for at in range(6)) for place in range(6)]
    code, said = run(header + "\n".join([*cells, f'"{CANARY}', f"{CANARY},{CANARY}"]))
    assert code == 1
    written = "".join(path.read_text() for path in Path().glob("out*"))
    assert CANARY not in said + written
    assert len(Path("out.csv.rejected").read_text().splitlines()) == 1 + 8


def test_a_delimiter_between_quotes_parts_nothing():
    sound = sort_out(b'"a,b",c\n"a,b"\nc,"a,b,"\n', delimiter=",", columns=2)
    assert ([*sound.rows], sound.wrong) == ([0, 2], {1: "B021"})


# Every mark that a line of CSV can trip over.
LINES = st.lists(st.text(st.sampled_from('a",;\r\té \0'), max_size=8), max_size=6)


@given(LINES, st.sampled_from([",", ";", "\t"]), st.integers(1, 3))
def test_each_line_is_a_row_of_its_own_or_told(lines, delimiter, columns):
    data = "".join(line + "\n" for line in lines).encode()
    sound = sort_out(data, delimiter=delimiter, columns=columns) if data else None
    numbers = [] if sound is None else [*sound.rows, *sound.wrong]
    blank = [number for number, line in enumerate(lines) if line in ("", "\r")]
    assert sorted([*numbers, *blank]) == list(range(len(lines)))
    kept = [] if sound is None else sound.data.decode().split("\n")[:-1]
    assert kept == [lines[row] for row in ([] if sound is None else sound.rows)]
    rows = [next(csv.reader([line], delimiter=delimiter)) for line in kept]
    assert [len(row) for row in rows] == [columns] * len(rows)
