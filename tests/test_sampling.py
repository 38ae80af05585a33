"""Made-up situations: always the same ones, possible ones, with the shares that were published."""

import hashlib
import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from iscg_rules import Engine, IscgError
from iscg_rules.batch import check_batch
from iscg_rules.cli import main
from iscg_rules.reports.samples.sampling import sample, sample_schema
from iscg_rules.reports.samples.shares import COMMON, FIGURES, SITUATIONS, THEMES

ROOT = Path(__file__).parents[1]
PUBLISHED = 20_000


@pytest.fixture(scope="module")
def many(engine):
    return pa.concat_tables(sample(PUBLISHED, seed=7, engine=engine))


def share_of(column, value):
    known = column.drop_null()
    return pc.sum(pc.equal(known, value)).as_py() / len(known)


def test_the_same_seed_gives_the_same_situations_and_another_seed_others(engine):
    first, again, other = (
        pa.concat_tables(sample(500, seed=seed, engine=engine)) for seed in (3, 3, 4)
    )
    assert first.equals(again)
    assert not first.equals(other)


# Kept from the first machine on: it changes with the shares or the vocabulary, never by itself.
def test_the_bytes_are_these_on_every_machine(tmp_path):
    target = tmp_path / "sample.csv"
    rules = str(ROOT / "tests" / "toy" / "rules")
    assert main(["sample", "300", "--seed", "5", "--rules", rules, "-o", str(target)]) == 0
    digest = hashlib.sha256(target.read_bytes()).hexdigest()
    assert digest == "102b9498915b0db54986a63ca95c28cb2c365ab3663f1dce5c8b48b1ee4c9648"


def test_a_small_sample_is_the_beginning_of_a_large_one(engine, many):
    assert pa.concat_tables(sample(1_000, seed=7, engine=engine)).equals(many.slice(0, 1_000))


def test_every_situation_is_possible(engine, many):
    assert len(check_batch(many, engine=engine).problems) == 0


def test_what_a_vocabulary_calls_impossible_is_drawn_anew(monkeypatch):
    toy = Engine.load(ROOT / "tests" / "toy" / "rules")
    table = pa.concat_tables(sample(3_000, seed=1, engine=toy))
    assert len(check_batch(table, engine=toy).problems) == 0
    monkeypatch.setattr(
        "iscg_rules.reports.samples.sampling._is_possible", lambda t, _: np.ones(len(t), bool)
    )
    table = pa.concat_tables(sample(3_000, seed=1, engine=toy))
    assert set(check_batch(table, engine=toy).problems["code"].to_pylist()) == {"A005"}


def test_communes_are_those_of_the_territory_and_moments_those_of_a_year(engine, many):
    assert set(many["commune"].drop_null().to_pylist()) == set(
        engine.rule_set.vocabulary.home_names
    )
    months = {moment[:7] for moment in many["at"].to_pylist()}
    assert months == {f"2025-{month:02}" for month in range(1, 13)}


def test_some_answers_are_unknown_and_the_first_ones_rarely(many):
    assert 0.02 < many["role"].null_count / PUBLISHED < 0.04
    assert 0.37 < many["housing"].null_count / PUBLISHED < 0.43


def test_the_published_shares_are_kept(many):
    weights = [theme.weight for theme in THEMES if theme.group == "couple_and_family"]
    assert sum(weights) == 680
    assert 0.50 < share_of(many["violence_context"], "intimate_partner") < 0.80
    women = share_of(
        many.filter(pc.equal(many["violence_context"], "intimate_partner"))["gender"], "woman"
    )
    assert abs(women - 0.90) < 0.01
    known = many.filter(pc.and_(pc.is_valid(many["gender"]), pc.is_valid(many["age_band"])))
    minors = pa.array(["under_15", "15_17"])
    adults = pc.invert(pc.is_in(known["age_band"], value_set=minors))
    adult_women = pc.sum(pc.and_(adults, pc.equal(known["gender"], "woman"))).as_py() / len(known)
    assert abs(adult_women - 0.75) < 0.015
    assert abs(share_of(many["complaint"], "filed") - 0.40) < 0.015


def test_types_of_situation_are_the_vocabularys_and_each_stands_in_one_question(engine, many):
    attributes = engine.rule_set.vocabulary.attributes
    types = [value.id for family in SITUATIONS for value in attributes[family].values]
    assert len(set(types)) == len(types)
    assert {name for theme in THEMES for name in theme.met} <= set(types)
    said = {theme.brings for theme in THEMES} & set(types)
    assert len(said) == 10
    for family in SITUATIONS:
        said -= set(pc.list_flatten(many[family]).to_pylist())
    assert said == set()


def test_no_question_has_more_than_nine_answers(engine):
    attributes = engine.rule_set.vocabulary.attributes.values()
    assert [one.id for one in attributes if len(one.values) > 9] == []


def test_every_figure_that_a_share_keeps_has_a_source_and_the_rest_is_called_an_assumption():
    shares = [*COMMON.values(), *(one for theme in THEMES for one in theme.answers.values())]
    named = {figure for share in shares for figure in share.figures}
    assert named <= set(FIGURES)
    assert [one for one in FIGURES.values() if not one.url.startswith("http") or not one.date] == []
    assert [share for share in shares if not share.figures and "supposé" not in share.assumes] == []


@pytest.mark.parametrize("form", ["csv", "jsonl", "parquet"])
def test_every_format_is_read_back_without_a_row_set_aside(tmp_path, form, capsys):
    target = tmp_path / f"sample.{form}"
    rules = str(ROOT / "tests" / "toy" / "rules")
    assert main(["sample", "200", "--rules", rules, "-o", str(target)]) == 0
    assert main(["batch", str(target), str(tmp_path / "out.csv"), "--rules", rules]) == 0
    assert capsys.readouterr().err.startswith("200 lignes lues, 200 lignes écrites")


def test_what_exists_is_not_replaced_unless_asked(tmp_path, capsys):
    target = tmp_path / "sample.csv"
    target.write_text("mine", "utf-8")
    assert main(["sample", "10", "-o", str(target)]) == 2
    assert target.read_text("utf-8") == "mine"
    assert "B013" in capsys.readouterr().err
    assert main(["sample", "10", "-o", str(target), "--force"]) == 0
    assert target.read_text("utf-8").count("\n") == 11
    assert [path.name for path in tmp_path.iterdir()] == ["sample.csv"]


def test_a_pipe_gets_lines_that_json_reads(capsysbinary, engine):
    assert main(["sample", "3", "--to", "jsonl"]) == 0
    rows = [json.loads(line) for line in capsysbinary.readouterr().out.splitlines()]
    assert [row["at"][:5] for row in rows] == ["2025-"] * 3
    assert {name for row in rows for name in row} <= set(
        sample_schema(engine.rule_set.vocabulary).names
    )


def test_numbers_out_of_bounds_are_refused(engine):
    with pytest.raises(IscgError, match="A011"):
        sample(-1, seed=1, engine=engine)


def test_the_sources_are_said(capsys):
    assert main(["sample", "--sources"]) == 0
    shown = capsys.readouterr().out
    assert [one.url for one in FIGURES.values() if one.url not in shown] == []
    assert "SUPPOSÉ" in shown


def test_nobody_at_all_is_a_sample_too(tmp_path):
    target = tmp_path / "none.parquet"
    assert main(["sample", "0", "-o", str(target)]) == 0
    assert pq.read_table(target).num_rows == 0
