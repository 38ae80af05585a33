"""Spark says what the columns say: real Spark on this machine, several partitions.

`make spark-test` brings Java and PySpark; no other run of the tests comes here.
"""

import os
import random
import sys
from pathlib import Path

import pyarrow as pa
import pytest
from pyspark.sql import SparkSession

from iscg_rules import Engine, IscgError
from iscg_rules.batch import check_batch, recommend_batch
from iscg_rules.batch.spark import PROBLEMS, recommend

# PySpark 4.3 says so of pandas 3; nothing here uses pandas.
pytestmark = pytest.mark.filterwarnings("ignore:PySpark does not yet:FutureWarning")

TOY = Path(__file__).parents[1] / "toy"
COUNT = 3_000
PARTS = 4
MOMENT = "2026-11-27T22:30"
COMMUNES = ("35288", "35238", "01000", "75056")


@pytest.fixture(scope="module")
def spark():
    os.environ["PYSPARK_PYTHON"] = sys.executable
    builder = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false")
    builder = builder.config("spark.driver.host", "127.0.0.1")
    session = builder.config("spark.driver.bindAddress", "127.0.0.1").getOrCreate()
    yield session
    session.stop()


@pytest.fixture(scope="module")
def engine():
    return Engine.load()


def draw_column(attribute, draw):
    """Give answers, none, and here and there what is no answer."""
    choices = list(attribute.choices) or list(COMMUNES)
    if attribute.type == "many_of":
        some = (draw.sample(choices, draw.randrange(3)) for _ in range(COUNT))
        return pa.array([one if draw.random() < 0.5 else None for one in some])
    words = (draw.choice(choices) for _ in range(COUNT))
    wrong = "nonsense"
    given = [word if draw.random() < 0.5 else None for word in words]
    return pa.array([wrong if draw.random() < 0.001 else word for word in given], pa.string())


@pytest.fixture(scope="module")
def table(engine):
    draw = random.Random(4)  # noqa: S311 # only to vary the rows
    attributes = engine.rule_set.vocabulary.attributes.values()
    asked = [attribute for attribute in attributes if attribute.derived is None]
    columns = {attribute.id: draw_column(attribute, draw) for attribute in asked}
    moments = [draw.choice([MOMENT, "2026-11-25", None]) for _ in range(COUNT)]
    return pa.table(columns | {"at": moments, "key": range(COUNT)})


def plain(table):
    return [dict(row) for row in table.to_pylist()]


def test_spark_says_what_the_columns_say(spark, engine, table):
    df = spark.createDataFrame(table).repartition(PARTS)
    got = recommend(df, engine=engine, limit=5, keep=("key",))
    answers = table.drop_columns(["key"])
    expected = recommend_batch(answers, engine=engine, limit=5, on_error="null")
    rows = got.toArrow().sort_by("key")
    assert df.rdd.getNumPartitions() == PARTS
    assert rows.column("key").to_pylist() == list(range(COUNT))
    assert plain(rows.select(expected.column_names)) == plain(expected)


def test_spark_tells_what_is_wrong_with_a_row(spark, engine, table):
    got = recommend(spark.createDataFrame(table), engine=engine, keep=("key",)).toArrow()
    problems = check_batch(table.drop_columns(["key"]), engine=engine).problems
    told = [
        {"row": row["key"], **problem}
        for row in got.sort_by("key").to_pylist()
        for problem in row[PROBLEMS] or ()
    ]
    assert told == problems.to_pylist()
    assert len(told) > 10


def test_one_moment_for_all_is_sent_along(spark):
    toy = Engine.load(TOY / "rules")
    table = pa.table({"role": ["victim"] * 10})
    df = spark.createDataFrame(table).repartition(2)
    before, now = (
        recommend(df, engine=toy, at=moment).toArrow().column("kinds").to_pylist()
        for moment in ("2020-06-01", None)
    )
    first, *_ = recommend_batch(table, engine=toy, at="2020-06-01").column("kinds").to_pylist()
    assert before == [first] * 10
    assert ("social" in first, "social" in now[0]) == (True, False)


def test_wrong_columns_are_told_before_any_work(spark, engine):
    df = spark.createDataFrame(pa.table({"houssing": ["no_housing"], "commune": [35288]}))
    with pytest.raises(IscgError) as caught:
        recommend(df, engine=engine)
    assert [problem.code for problem in caught.value.problems] == ["B001", "B002"]
