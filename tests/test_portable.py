"""The exported form: the same rules for whoever has no Python, and a runtime that reads them."""

import json
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from iscg_rules import Engine, IscgError
from iscg_rules.cli import main
from iscg_rules.language.moments import PARIS, Closure, Hours
from iscg_rules.language.vocabulary import STATION, Area
from iscg_rules.model.cases import read_cases
from iscg_rules.model.files import find_files
from iscg_rules.model.partners import Directory
from iscg_rules.page.opening_days import make_hours
from iscg_rules.page.portable import export, later, portable_json
from iscg_rules.reading.binding import LocalText
from tests.laws.strategies import COMMUNES
from tests.laws.tables import answers, engines, partial_answers
from tools.conformance import Drawing, disagreements, failures, load_kit, reduced, told_by
from tools.exported_engine import engine_of
from tools.page_runtime import RUNTIME, PageRuntime

ROOT = Path(__file__).parents[1]
FIRST = date(2026, 11, 1)
FRIDAY = "2026-11-27T22:30"
TERRITORIES = ("pays-de-saint-malo", "rennes")
TOY = Engine.load(ROOT / "tests/toy/rules", ROOT / "tests/toy/partners.yaml")
each_territory = pytest.mark.parametrize("territory", TERRITORIES)


def exported(engine, **options):
    return portable_json(export(engine, FIRST, **options))


# ---- the export -----------------------------------------------------------------------------


@each_territory
def test_an_export_keeps_its_schema_and_is_always_the_same_bytes(territory):
    text = exported(Engine.load(territory=territory))
    schema = json.loads((ROOT / "schemas" / "portable.json").read_text("utf-8"))
    jsonschema.validate(json.loads(text), schema)
    assert text == exported(Engine.load(territory=territory))


@each_territory
def test_an_engine_made_of_an_export_exports_the_same(territory):
    whole = json.loads(exported(Engine.load(territory=territory)))
    again = json.loads(exported(engine_of(whole)))
    # The names of communes are for a page: nothing is recommended by them.
    assert again == {**whole, "communes": again["communes"]}


def test_nothing_confidential_is_exported():
    assert "rue Cachée" not in exported(TOY)


def test_the_command_writes_what_the_function_returns(tmp_path, said):
    path = tmp_path / "rules.json"
    said("export", "--from", "2026-11-01", "--language", "en", "-o", str(path))
    assert path.read_text("utf-8") == exported(Engine.load(), language="en") + "\n"


@pytest.mark.parametrize("wrong", [("--from", "hier"), ("--months", "0"), ("--months", "99")])
def test_a_day_or_a_number_of_months_that_is_none_is_refused(wrong, capsys):
    assert main(["export", *wrong]) != 0
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2026, 12, 1), 13, date(2028, 1, 1)),
        (date(2027, 11, 30), 3, date(2028, 2, 29)),
    ],
)
def test_months_later_is_the_same_day_or_the_last(day, months, expected):
    assert later(day, months) == expected


AWAY = Closure.model_validate(
    {"from": date(2026, 12, 24), "until": date(2027, 1, 3), "because": {"fr": "congés"}}
)


@pytest.mark.parametrize(
    "hours",
    [
        Hours("Mo-Fr 09:00-12:00; PH off"),
        Hours("Mo-Su,PH 22:00-07:00"),
        Hours("Mo-Fr 08:00-18:00", (AWAY,)),
        Hours("24/7", (AWAY,)),
    ],
    ids=lambda hours: hours.key,
)
def test_the_days_of_an_export_are_open_where_the_text_is(hours):
    made = make_hours(hours, FIRST, date(2027, 12, 1), "fr")
    starts = datetime(2026, 11, 1, tzinfo=PARIS)
    moments = [starts + timedelta(minutes=number * 97) for number in range(5_000)]
    assert [is_open(made, moment) for moment in moments] == [hours.at(m).is_open for m in moments]


@pytest.mark.parametrize(
    ("text", "opens"),
    [
        ("Mo-Su,PH 22:00-07:00", "2027-12-01T00:00"),
        ("Mo-Su,PH 09:00-12:00", "2027-12-01T09:00"),
        ("2020 Jan 01 10:00-12:00", None),
    ],
)
def test_beyond_its_days_an_export_says_when_it_is_open_next(text, opens):
    assert make_hours(Hours(text), FIRST, date(2027, 12, 1), "fr").next == opens


def test_a_partner_that_serves_nowhere_near_the_post_is_marked():
    engine = Engine.load(territory="rennes")
    name, near = next(
        (name, partner)
        for name, partner in engine.directory.partners.items()
        if partner.area == ("rennes",)
    )
    away = Area("far", LocalText(fr="loin"), communes=frozenset({"13055"}))
    areas = {**engine.directory.areas, "far": away}
    far = near.model_copy(update={"area": ("far",)})
    directory = Directory({name: near, "far": far.model_copy(update={"id": "far"})}, areas)
    told = json.loads(exported(Engine(engine.rule_set, directory)))["partners"]
    assert {one["id"]: one.get("foreign", False) for one in told} == {name: False, "far": True}


def is_open(made, moment):
    pattern = made.patterns[ord(made.days[(moment.date() - FIRST).days]) - ord("0")]
    minute = moment.hour * 60 + moment.minute
    spans = zip(pattern[::2], pattern[1::2], strict=True)
    return any(opens <= minute < closes for opens, closes in spans)


# ---- the same JSON --------------------------------------------------------------------------


# Most cases are common to all territories.
@pytest.mark.parametrize(("territory", "every"), [("pays-de-saint-malo", 1), ("rennes", 5)])
def test_every_shipped_case_has_the_same_json_in_the_page(territory, every):
    engine = Engine.load(territory=territory)
    cases = read_cases(
        find_files(None, None, territory, []).folders(),
        engine.rule_set.vocabulary,
        frozenset(engine.rule_set.rules),
        [],
    )
    asked = [
        {
            "answers": answers_of(case.situation),
            "at": case.at and case.at.isoformat(),
            "already": dict(case.already),
        }
        for case in cases[::every]
    ]
    assert len(asked) > 100
    assert disagreements(engine, asked) == []


def answers_of(situation):
    """Give the answers of a situation as an application would."""
    given: dict[str, Any] = {}
    for variable, answer in situation.values.items():
        name, is_many, value = variable.partition("=")
        if is_many:
            given.setdefault(name, {}).setdefault(answer, []).append(value)
        else:
            given[name] = answer
    return given


@each_territory
@given(seed=st.integers(0, 2**32))
@settings(max_examples=2, deadline=None)
def test_drawn_situations_over_two_years_have_the_same_json_in_the_page(territory, seed):
    engine = Engine.load(territory=territory)
    assert disagreements(engine, list(Drawing(engine, seed).cases(100, days=725))) == []


@pytest.mark.slow
@each_territory
def test_fifty_thousand_situations_have_the_same_json_in_the_page(territory):
    engine = Engine.load(territory=territory)
    drawing = Drawing(engine, 2026)
    for _ in range(25):
        assert disagreements(engine, list(drawing.cases(2_000, days=725))) == []


@given(engines(), st.data())
@settings(max_examples=20, deadline=None)
def test_drawn_rules_have_the_same_json_in_the_page(engine, data):
    asked = [one for one in engine.rule_set.vocabulary.attributes.values() if not one.derived]
    days = st.dates(FIRST, date(2027, 11, 29))
    cases = []
    for _ in range(6):
        said = {one.id: data.draw(answers(one)) for one in asked if one.id != STATION}
        many = [one for one in asked if one.type == "many_of"]
        said |= {
            one.id: data.draw(partial_answers(one)) for one in many if data.draw(st.booleans())
        }
        said |= {STATION: data.draw(st.sampled_from(COMMUNES))} if STATION in said else {}
        day, hour = data.draw(days), data.draw(st.times())
        at = data.draw(st.sampled_from((None, f"{day}", f"{day}T{hour.isoformat('minutes')}")))
        cases.append({"answers": said, "at": at})
    assert disagreements(engine, cases) == []


def test_english_is_told_from_an_english_export():
    engine = Engine.load()
    text = exported(engine, language="en")
    (got,) = PageRuntime(text).recommend([{"answers": {"role": "victim"}, "at": FRIDAY}])
    told = engine.recommend({"role": "victim"}, at=FRIDAY, language="en")
    assert [one["label"] for one in got["orientations"]] == [o.label for o in told.orientations]
    assert got["next_questions"][0]["ask"] == told.next_questions[0].ask


@pytest.mark.parametrize(
    "at",
    [
        "2027-03-28T02:30",  # an hour that does not come
        "2026-11-01T00:00",
        "2027-10-31T02:30",  # one that comes twice
        "2027-10-31T00:30:00Z",
        "2027-10-31T01:30:00Z",
        "2026-12-31T23:59:59",
        "2027-07-14T12:00:00+02:00",
        "2027-03-05",
    ],
)
def test_a_moment_is_that_of_paris(at):
    engine = Engine.load()
    assert disagreements(engine, [{"answers": {"role": "victim"}, "at": at}]) == []


@pytest.mark.parametrize("at", ["2026-10-31T22:30", "2028-01-01T12:00", "2040-06-01T00:00"])
def test_beyond_its_hours_an_export_answers_for_the_day(at):
    engine, answers = Engine.load(), {"role": "victim", "housing": "no_housing"}
    (got,) = PageRuntime(exported(engine)).recommend([{"answers": answers, "at": at}])
    day = date.fromisoformat(at[:10])
    assert (got["at"], reduced(got)["orientations"]) == (
        day.isoformat(),
        reduced(told_on(engine, answers, day))["orientations"],
    )


def told_on(engine, answers, day):
    from iscg_rules import shorten  # noqa: PLC0415 # one of two uses

    return shorten(engine.recommend(answers, at=day)).as_dict()


def test_what_follows_is_told_apart_from_what_was_given():
    engine = Engine.load()
    situation = engine.situation({"violence_context": "none"})
    page = PageRuntime(exported(engine))
    told = json.loads(page.eval('JSON.stringify(engine.conclude({violence_context: "none"}))'))
    assert told["known"] == dict(situation.values)
    assert told["left"] == {name: [*left] for name, left in situation.left.items()}
    assert set(told["known"]) - set(told["concluded"]) == {"violence_context"}


def test_what_is_possible_is_the_same_in_the_page():
    engine = Engine.load()
    cases = [one for one in Drawing(engine, 3).cases(40) if "problems" not in told_by(engine, one)]
    page = PageRuntime(exported(engine))
    asked = [[one["answers"], one.get("at")] for one in cases]
    told = page.eval(f"JSON.stringify({json.dumps(asked)}.map((one) => engine.possible(...one)))")
    wanted = [
        [
            {
                "kind": one.kind,
                "label": one.label,
                "urgency": one.urgency,
                "strength": one.strength,
                "missing": [question.attribute for question in one.missing],
            }
            for one in engine.recommend(answers, at=at).possible
        ]
        for answers, at in asked
    ]
    assert json.loads(told) == wanted
    assert sum(map(len, wanted)) > 500


def test_nothing_of_a_situation_stays_in_the_runtime():
    page = PageRuntime(exported(TOY))
    (first,) = page.recommend([{"answers": {}, "at": FRIDAY}])
    page.recommend([{"answers": {"danger": "yes", "nights": 3}, "at": FRIDAY}])
    assert page.recommend([{"answers": {}, "at": FRIDAY}]) == [first]


# ---- the kit --------------------------------------------------------------------------------


def test_the_kit_holds_two_thousand_cases_of_every_topic():
    cases = [case for _, _, some in load_kit() for case in some]
    topics = {"unknowns", "closing", "hours", "partners", "sharing", "limits", "wrong", "whole"}
    assert len(cases) >= 2_000
    assert {case["about"] for case in cases} == topics
    assert sum(bool(case["expect"].get("excluded")) for case in cases) > 100


def test_the_runtime_passes_the_kit():
    assert failures("runtime")[1] == []


@pytest.mark.parametrize("evaluator", ["reference", "bitset"])
def test_each_evaluator_passes_the_kit(evaluator):
    assert failures(evaluator, every=20)[1] == []


@pytest.mark.durable
def test_durable_rules_passes_the_kit():
    assert failures("durable", every=5, named="toy")[1] == []


@pytest.mark.slow
@pytest.mark.parametrize(
    "evaluator", ["reference", "bitset", pytest.param("durable", marks=pytest.mark.durable)]
)
def test_each_evaluator_passes_the_whole_kit(evaluator):
    assert failures(evaluator)[1] == []


# The small rule sets first: most is noticed there.
SMALL = [one[1:] for one in sorted(load_kit(), key=lambda one: len(one[1]))]


def noticed(change, *, of_runtime):
    """Tell whether some case of the kit is told otherwise after a change by hand."""
    source = RUNTIME.read_text("utf-8")
    for text, cases in [*SMALL[-3:-2], *SMALL]:
        try:
            page = PageRuntime(
                text if of_runtime else change(text),
                source=change(source) if of_runtime else source,
            )
            told = page.recommend(cases)
        except Exception:  # noqa: BLE001 # however it breaks, it is noticed
            return True
        if [reduced(one) for one in told] != [case["expect"] for case in cases]:
            return True
    return False


CHANGES = [
    ("held >= about", "held > about"),
    ("held + open < about", "held + open <= about"),
    ("truths[about] === OPEN ? OPEN : TRUE - truths[about]", "TRUE - truths[about]"),
    ("Number(answer) >= (node[2]", "Number(answer) > (node[2]"),
    ("if (rest === before) continue;", "continue;"),
    ("closes[next - 1] > now", "closes[next - 1] >= now"),
    ("(minute) => minute > now", "(minute) => minute >= now"),
    ("urgency > TODAY ||", "urgency >= TODAY ||"),
    ("a.lateness - b.lateness || ", ""),
    ("a.isLate - b.isLate || ", ""),
    ("a.best.urgency - b.best.urgency || ", ""),
    ("|| one.best.strength === MUST", ""),
    ("outcome.excluded[kind] || outcome.threatened[kind]", "outcome.excluded[kind]"),
    ("so.scope = Math.max(so.scope, scope);", ""),
    ("(lacked.length * lacked.length)", "lacked.length"),
    ("one.screening ? 0 :", ""),
]


@pytest.mark.parametrize(("before", "after"), CHANGES, ids=[one for one, _ in CHANGES])
def test_a_change_by_hand_in_the_runtime_is_noticed(before, after):
    assert before in RUNTIME.read_text("utf-8")
    assert noticed(lambda source: source.replace(before, after), of_runtime=True)


def changed(exported_text, change):
    whole = json.loads(exported_text)
    change(whole)
    return json.dumps(whole)


def later_by_a_minute(whole):
    for hours in whole["hours"]:
        hours["patterns"] = [[m + 1 for m in one] for one in hours.get("patterns", ())]


def days_moved(whole):
    for hours in whole["hours"]:
        hours["days"] = hours.get("days", "00")[1:] + hours.get("days", "00")[:1]


def no_closing(whole):
    whole["closing"] = []


def one_less(whole):
    whole["nodes"] = [
        [node[0], max(1, node[1] - 1), node[2]] if node[0] == "least" else node
        for node in whole["nodes"]
    ]


def never_excluded(whole):
    for rule in whole["rules"]:
        rule.pop("exclude", None)


@pytest.mark.parametrize(
    "change", [later_by_a_minute, days_moved, no_closing, one_less, never_excluded]
)
def test_a_change_by_hand_in_the_tables_is_noticed(change):
    assert noticed(lambda text: changed(text, change), of_runtime=False)


def test_what_cannot_be_is_refused_with_the_entry_and_the_questions():
    page = PageRuntime(exported(TOY))
    given = {"role": "alleged_author", "danger": "yes", "nights": 30}
    with pytest.raises(IscgError) as refused:
        TOY.situation(given)
    (told,) = page.recommend([{"answers": given}])
    assert [one.params["entry"] for one in refused.value.problems] == ["author-in-danger"]
    assert told["problems"] == [
        {
            "code": "A005",
            "attribute": None,
            "entry": "author-in-danger",
            "attributes": ["role", "danger", "nights"],
        }
    ]
