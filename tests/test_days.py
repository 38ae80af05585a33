"""A date without an hour is a day: rules in force are known, hours and `time_slot` are not."""

import json
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from iscg_rules import Engine, shorten
from iscg_rules.batch import check_batch, match_batch, recommend_batch
from iscg_rules.batch.files.file_streams import Work
from iscg_rules.batch.files.numbered_rows import NumberedRows
from iscg_rules.language.moments import day_of, hour_of, read_moment
from iscg_rules.recommend import reference
from iscg_rules.recommend.json_values import json_schema
from iscg_rules.recommend.results import Recommendation
from iscg_rules.rendering.full_text import render_full_text
from iscg_rules.rendering.markdown import render_markdown
from iscg_rules.rendering.text import render_text

TOY = Path(__file__).parent / "toy"
ENGINE = Engine.load()
TOYS = Engine.load(TOY / "rules", TOY / "partners.yaml")
FRIDAY = date(2026, 11, 27)
CHILD = {"child_protection_situation": ["child_in_danger"]}
ROOFLESS = {"role": "victim", "violence_context": "intimate_partner", "housing": "no_housing"}


@pytest.mark.parametrize("text", ["2026-11-27", " 2026-11-27 ", "20261127", "2026-W48-5"])
def test_a_text_without_an_hour_is_a_day(text):
    moment = read_moment(text)
    assert type(moment) is date
    assert (day_of(moment), hour_of(moment)) == (FRIDAY, None)


def test_a_midnight_that_is_written_is_a_midnight():
    moment = read_moment("2026-11-27T00:00")
    assert isinstance(moment, datetime)
    assert (day_of(moment), hour_of(moment)) == (FRIDAY, moment)


@pytest.mark.parametrize("day", [FRIDAY, "2026-11-27"])
def test_on_a_day_no_partner_with_hours_is_open_or_closed(day):
    got = TOYS.recommend({"nights": 1, "commune": "35288"}, at=day)
    cards = [card for one in got.orientations for card in (one.partner, *one.alternatives) if card]
    assert {card.is_open for card in cards if card.hours != "24/7"} == {None}
    assert {card.opens_at for card in cards} == {None}
    assert got.at == FRIDAY
    assert '"at":"2026-11-27"' in got.to_json()


def test_on_a_day_partners_come_as_without_a_moment():
    day, never = (ENGINE.recommend(ROOFLESS, at=at) for at in (FRIDAY, None))
    assert [one.call for one in day.orientations] == [one.call for one in never.orientations]


@pytest.mark.parametrize("day", ["2020-12-31", "2021-01-01"])
def test_on_a_day_the_rules_in_force_are_known(day):
    got = TOYS.recommend({"role": "victim"}, at=day)
    assert ("social" in [one.kind for one in got.orientations]) is (day < "2021")


def test_on_a_day_nothing_is_drawn_from_the_hour():
    evaluation = ENGINE.recommender.look(CHILD, FRIDAY).evaluation
    situation = ENGINE.situation(CHILD)
    assert evaluation == reference.evaluate(ENGINE.rule_set, situation, FRIDAY)
    assert evaluation == reference.evaluate_at(ENGINE.rule_set, situation, FRIDAY)
    midnight = read_moment("2026-11-27T00:00")
    at_night = reference.evaluate_at(ENGINE.rule_set, situation, midnight)
    assert set(at_night.fired) - set(evaluation.fired) == {"child-at-risk-119-out-of-hours"}
    assert ENGINE.recommender.look(CHILD, midnight).evaluation == at_night


@pytest.mark.parametrize("render", [render_text, render_full_text, render_markdown])
def test_a_day_is_told_without_an_hour(render):
    said = render(ENGINE.recommend(ROOFLESS, at=FRIDAY)).replace("\u00a0", " ")
    assert "vendredi 27/11" in said
    assert "27/11 à" not in said


def test_questions_and_explanations_know_the_day():
    assert ENGINE.why(ROOFLESS, "emergency_shelter", at=FRIDAY).is_certain
    assert ENGINE.next_questions(ROOFLESS, at=FRIDAY) == ENGINE.next_questions(ROOFLESS, at=None)


COLUMNS = {
    "date32": pa.array([FRIDAY], pa.date32()),
    "date64": pa.array([FRIDAY], pa.date64()),
    "text": pa.array(["2026-11-27"]),
    "word": pa.array(["2026-11-27"]).dictionary_encode(),
    "compact": pa.array(["20261127"]),
}


@pytest.mark.parametrize("column", COLUMNS.values(), ids=list(COLUMNS))
def test_a_day_in_a_column_says_what_a_day_alone_says(column):
    table = {"role": ["victim"], "housing": ["no_housing"], "at": column}
    alone = recommend_batch(
        {"role": ["victim"], "housing": ["no_housing"]}, engine=ENGINE, at=FRIDAY
    )
    assert check_batch(table, engine=ENGINE).clean.to_pylist() == [True]
    (got,) = recommend_batch(table, engine=ENGINE).to_pylist()
    assert got == alone.to_pylist()[0]
    one = ENGINE.recommend({"role": "victim", "housing": "no_housing"}, at=FRIDAY)
    assert got["kinds"] == [orientation.kind for orientation in one.orientations]
    assert got["partner"] == [o.partner and o.partner.id for o in one.orientations]
    rules = match_batch(table, engine=ENGINE).to_pylist()[0]
    evaluation = ENGINE.recommender.look(
        {"role": "victim", "housing": "no_housing"}, FRIDAY
    ).evaluation
    assert [rule for rule, holds in rules.items() if holds] == list(evaluation.fired)


def test_days_and_hours_stand_in_one_column():
    texts = ["2026-11-27", "2026-11-27T00:00", None, "2026-11-27T10:00Z"]
    who = {"role": ["person_in_need"], "housing": ["no_housing"]}
    several = {name: answers * 4 for name, answers in who.items()}
    got = recommend_batch(several | {"at": texts}, engine=ENGINE, at=None).to_pylist()
    alone = [recommend_batch(who, engine=ENGINE, at=text).to_pylist()[0] for text in texts]
    assert got == alone
    assert got[0] != got[1]


TYPES = {
    "days": pa.array([FRIDAY, None], pa.date32()),
    "words": pa.array(["2026-11-27", None]),
    "local": pa.array([datetime(2026, 11, 27, 10), None], pa.timestamp("ms")),  # noqa: DTZ001
    "instants": pa.array([datetime(2026, 11, 27, 9, tzinfo=UTC), None], pa.timestamp("ns", "UTC")),
    "nothing": pa.array([None, None], pa.null()),
}


@pytest.mark.parametrize("at", ["2026-11-28", "2026-11-28T00:00", None])
@pytest.mark.parametrize("name", list(TYPES))
def test_a_row_without_a_moment_has_that_of_the_run_be_it_a_day(name, at):
    table = pa.table({"housing": ["no_housing"] * 2, "at": TYPES[name]})
    done = Work(ENGINE, read_moment(at)).do(NumberedRows(table, np.arange(1, 3), [], 2))
    own = {"days": FRIDAY, "words": "2026-11-27", "nothing": at}.get(name, "2026-11-27T10:00")
    expected = [
        recommend_batch({"housing": ["no_housing"]}, engine=ENGINE, at=moment).to_pylist()[0]
        for moment in (own, at)
    ]
    assert done.table.drop_columns(["row"]).to_pylist() == expected


def test_an_instant_at_midnight_is_no_day():
    (got,) = recommend_batch(
        {"housing": ["no_housing"], "at": [datetime(2026, 11, 27, tzinfo=UTC)]}, engine=ENGINE
    ).to_pylist()
    one = ENGINE.recommend({"housing": "no_housing"}, at="2026-11-27T01:00")
    assert got["partner"] == [o.partner and o.partner.id for o in one.orientations]


def test_a_day_keeps_the_published_schema():
    import jsonschema  # noqa: PLC0415 # only here

    got = TOYS.recommend({"role": "victim"}, at=FRIDAY)
    checker = jsonschema.FormatChecker()
    jsonschema.validate(got.as_dict(), json_schema(Recommendation), format_checker=checker)
    assert json.loads(shorten(got).to_json())["at"] == "2026-11-27"
