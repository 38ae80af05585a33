import json
from datetime import datetime
from pathlib import Path

import jsonschema
import pytest

from iscg_rules import Engine, IscgError
from iscg_rules.recommend.json_values import json_schema
from iscg_rules.recommend.results import Recommendation

TOY = Path(__file__).parent / "toy"
FRIDAY_NIGHT = datetime(2026, 11, 27, 22, 30)  # noqa: DTZ001 - read as Europe/Paris, which is tested
MONDAY_MORNING = datetime(2026, 11, 30, 10, 0)  # noqa: DTZ001 - the same


@pytest.fixture(scope="module")
def engine():
    return Engine.load(TOY / "rules", TOY / "partners.yaml")


def kinds(recommendation):
    return [orientation.kind for orientation in recommendation.orientations]


def possible(recommendation):
    return [possibility.kind for possibility in recommendation.possible]


def codes(error):
    return [problem.code for problem in error.value.problems]


def partners(recommendation, kind):
    orientation = next(o for o in recommendation.orientations if o.kind == kind)
    cards = (orientation.partner, *orientation.alternatives)
    return [card.id for card in cards if card is not None]


def test_orientations_come_by_urgency_then_strength_then_vocabulary_order(engine):
    got = engine.recommend(
        {"role": "victim", "danger": "yes", "nights": 2, "minors": ["older"]}, at=FRIDAY_NIGHT
    )
    assert kinds(got) == ["police", "shelter", "listening", "social", "judge", "phone"]


def test_an_exclusion_beats_an_orientation_and_says_why(engine):
    got = engine.recommend({"role": "victim", "danger": "yes"}, at=None)
    assert "mediation" not in kinds(got) + possible(got)
    (exclusion,) = got.excluded
    assert (exclusion.kind, exclusion.reasons[0].rule) == ("mediation", "no-mediation")
    assert exclusion.reasons[0].answers[0].answer == "oui"


def test_an_open_exclusion_makes_an_orientation_possible_and_names_what_would_settle_it(engine):
    got = engine.recommend({"role": "victim"}, at=None)
    assert "mediation" not in kinds(got)
    mediation = next(p for p in got.possible if p.kind == "mediation")
    assert [question.attribute for question in mediation.missing] == ["danger"]


def test_what_could_be_urgent_is_to_settle_first(engine):
    got = engine.recommend({"role": "victim"}, at=None)
    assert [question.attribute for question in got.to_settle] == ["danger"]
    assert got.to_settle[0].ask == "Y a-t-il un danger ?"


def test_nothing_is_to_settle_once_the_danger_is_known(engine):
    got = engine.recommend({"role": "victim", "danger": "no"}, at=None)
    assert got.to_settle == ()


def test_beneficiaries_of_all_rules_are_named_in_order(engine):
    got = engine.recommend({"nights": 1, "minors": {"yes": ["under_3"]}}, at=None)
    shelter = got.orientations[0]
    assert (shelter.kind, shelter.for_) == ("shelter", ("person", "children"))
    assert [reason.rule for reason in shelter.reasons] == ["child-shelter", "night-shelter"]


def test_a_reason_rests_on_answers_through_facts(engine):
    got = engine.recommend({"nights": 1, "minors": {"yes": ["under_3"]}}, at=None)
    child = got.orientations[0].reasons[0]
    said = [(answer.label, answer.answer) for answer in child.answers]
    assert said == [("Enfants", "moins de 3 ans"), ("Nuits dehors", "1 nuits")]


def test_at_night_who_answers_comes_before_who_is_near_and_closed(engine):
    got = engine.recommend({"nights": 1, "commune": "35288"}, at=FRIDAY_NIGHT)
    assert partners(got, "shelter") == ["shelter-35", "shelter-malo"]
    card = got.orientations[0].alternatives[0]
    assert card.is_open is False
    assert card.opens_at.isoformat() == "2026-11-30T09:00:00+01:00"


def test_in_the_morning_the_narrowest_area_comes_first(engine):
    got = engine.recommend({"nights": 1, "commune": "35288"}, at=MONDAY_MORNING)
    assert partners(got, "shelter") == ["shelter-malo", "shelter-35"]


def test_whom_to_call_and_when_that_one_answers(engine):
    night = engine.recommend({"nights": 1, "commune": "35288"}, at=FRIDAY_NIGHT).orientations[0]
    assert (night.call, night.reachable) == ("shelter-35", "now")
    assert night.called.id == "shelter-35"
    told = json.loads(engine.recommend({"nights": 1}, at=FRIDAY_NIGHT).to_json())
    assert [(one["call"], one["reachable"]) for one in told["orientations"][:1]] == [
        ("shelter-35", "now")
    ]


def test_a_gap_has_nobody_to_call(engine):
    got = engine.recommend({"role": "victim", "commune": "22094"}, at=FRIDAY_NIGHT)
    (gap,) = [one for one in got.orientations if one.kind in got.gaps]
    assert (gap.call, gap.called, gap.reachable) == (None, None, "nobody")


def test_without_a_commune_wider_areas_come_first(engine):
    got = engine.recommend({"nights": 1}, at=FRIDAY_NIGHT)
    assert partners(got, "shelter") == ["shelter-35", "shelter-malo"]
    assert got.orientations[0].partner.depends_on_commune


def test_an_open_partner_comes_before_one_that_opens_later(engine):
    got = engine.recommend({"role": "victim", "minors": []}, at=FRIDAY_NIGHT)
    assert partners(got, "listening") == ["listen-b", "listen-a"]


def test_a_recently_checked_partner_comes_before_an_old_one(engine):
    got = engine.recommend({"role": "victim", "minors": []}, at=MONDAY_MORNING)
    assert partners(got, "listening") == ["listen-a", "listen-b"]


def test_a_partner_whose_acceptance_is_unknown_comes_last_and_says_what_to_check(engine):
    got = engine.recommend({"role": "victim"}, at=FRIDAY_NIGHT)
    assert partners(got, "listening") == ["listen-b", "listen-a", "listen-c"]
    listening = next(o for o in got.orientations if o.kind == "listening")
    assert [q.attribute for q in listening.alternatives[-1].to_check] == ["minors"]


def test_old_and_doubtful_contacts_show_as_to_confirm(engine):
    got = engine.recommend({"role": "victim"}, at=FRIDAY_NIGHT)
    listening = next(o for o in got.orientations if o.kind == "listening")
    cards = (listening.partner, *listening.alternatives)
    assert [(c.id, c.to_confirm) for c in cards] == [
        ("listen-b", True),
        ("listen-a", False),
        ("listen-c", True),
    ]


def test_a_kind_that_nobody_serves_here_is_a_gap_in_its_rank(engine):
    got = engine.recommend(
        {"role": "victim", "nights": 1, "minors": ["older"], "commune": "35288"}, at=None
    )
    assert got.gaps == ("social", "judge")
    assert kinds(got).index("social") == 2


def test_a_measure_without_partner_is_no_gap(engine):
    got = engine.recommend({"role": "victim"}, at=None)
    assert "phone" in kinds(got)
    assert "phone" not in got.gaps


def test_a_commune_of_another_territory_is_an_answer(engine):
    got = engine.recommend({"nights": 1, "commune": "22094"}, at=None)
    assert kinds(got) == ["shelter"]
    assert got.gaps == ("shelter",)


def test_what_was_tried_goes_to_the_end_of_its_urgency_class_and_stays(engine):
    situation = {"role": "victim", "nights": 1}
    got = engine.recommend(situation, at=None, already={"shelter": "declined"})
    assert kinds(got)[:2] == ["listening", "shelter"]
    assert got.orientations[1].already == "declined"


def test_already_never_moves_a_rescue(engine):
    situation = {"danger": "yes", "nights": 1}
    got = engine.recommend(situation, at=None, already={"police": "contacted"})
    assert kinds(got)[0] == "police"


def test_a_limit_never_cuts_what_is_now_or_must(engine):
    situation = {"role": "victim", "danger": "yes", "nights": 2}
    got = engine.recommend(situation, at=None, limit=1)
    assert kinds(got) == ["police", "shelter"]
    assert got.left_out == 3


def test_a_limit_cuts_from_the_end(engine):
    situation = {"role": "victim", "danger": "yes", "nights": 2}
    got = engine.recommend(situation, at=None, limit=3)
    assert kinds(got) == ["police", "shelter", "listening"]


def test_a_rule_outside_its_dates_does_not_exist(engine):
    before = engine.recommend({"role": "victim"}, at="2020-12-31T23:00")
    after = engine.recommend({"role": "victim"}, at="2021-01-01T00:30")
    assert ("social" in kinds(before), "social" in kinds(after)) == (True, False)


@pytest.mark.parametrize(
    ("consent", "transmission"),
    [
        ({}, "ask_first"),
        ({"consent_to_share": "yes"}, "agreed"),
        ({"consent_to_share": "no"}, "contact_only"),
    ],
)
def test_agreement_decides_what_may_be_transmitted(engine, consent, transmission):
    got = engine.recommend({"nights": 1, "minors": []} | consent, at=None)
    assert got.orientations[0].sharing.transmission == transmission


def test_the_widest_ground_applies_and_each_reason_keeps_its_own(engine):
    got = engine.recommend({"nights": 1, "minors": ["older"], "consent_to_share": "no"}, at=None)
    shelter = got.orientations[0]
    assert (shelter.sharing.scope, shelter.sharing.transmission) == ("inform", "inform")
    assert [reason.sharing for reason in shelter.reasons] == ["inform", "agreement"]


def test_nothing_confidential_leaves_the_engine(engine):
    got = engine.recommend({"nights": 1, "commune": "35288"}, at=MONDAY_MORNING)
    assert "Cachée" not in got.to_json()
    assert got.orientations[0].partner.contact == {"phone": "02 00 00 00 00"}


def test_an_impossible_situation_is_refused(engine):
    with pytest.raises(IscgError) as error:
        engine.recommend({"role": "alleged_author", "danger": "yes", "nights": 30}, at=None)
    assert codes(error) == ["A005"]


def test_a_situation_that_may_be_impossible_is_accepted(engine):
    assert kinds(engine.recommend({"role": "alleged_author", "danger": "yes"}, at=None)) == [
        "police"
    ]


NAME = "Marie Secrète"


@pytest.mark.parametrize(
    ("situation", "expected"),
    [
        ({"role": NAME}, ["A002"]),
        ({NAME: "yes"}, ["A001"]),
        ({"rolle": "victim"}, ["A001"]),
        ({"danger": 1}, ["A003"]),
        ({"nights": float("nan")}, ["A002"]),
        ({"nights": True}, ["A003"]),
        ({"nights": 31}, ["A002"]),
        ({"minors": NAME}, ["A003"]),
        ({"minors": [NAME]}, ["A002"]),
        ({"minors": {"yes": ["older"], "no": ["older"]}}, ["A002"]),
        ({"minors": {"yes": False}}, ["A003"]),
        ({"minors": {"no": ""}}, ["A003"]),
        ({"minors": {"maybe": []}}, ["A003"]),
        ({"commune": "35400 " + NAME}, ["A006"]),
        ({"time_slot": "other"}, ["A004"]),
        ([NAME], ["A007"]),
        ({"role": NAME, "danger": NAME, NAME: 1}, ["A001", "A002", "A002"]),
    ],
)
def test_bad_answers_are_refused_all_at_once_and_never_shown(engine, situation, expected):
    with pytest.raises(IscgError) as error:
        engine.recommend(situation, at=None)
    assert codes(error) == expected
    assert NAME not in str(error.value) + repr(error.value)


def test_a_million_unknown_keys_give_one_bounded_error(engine):
    with pytest.raises(IscgError) as error:
        engine.recommend(dict.fromkeys(map(str, range(1_000_000)), "x"), at=None)
    assert len(error.value.problems) == 21
    assert len(str(error.value)) < 5_000


def test_no_repr_shows_an_answer(engine):
    situation = engine.situation({"role": "victim", "nights": 7})
    got = engine.recommend(situation, at=None)
    shown = repr(situation) + repr(got) + repr(got.orientations) + repr(engine)
    assert "victim" not in shown
    assert "7" not in shown.replace("17", "").replace("7 partners", "")
    assert repr(situation) == "<Situation: 2 answers>"


@pytest.mark.parametrize("moment", ["vendredi", "2026-13-01", ""])
def test_an_unreadable_moment_is_refused(engine, moment):
    with pytest.raises(IscgError) as error:
        engine.recommend({}, at=moment)
    assert codes(error) == ["A009"]


@pytest.mark.parametrize("moment", ["9999-12-31T23:59-05:00", "0001-01-01T00:00+05:00"])
def test_a_moment_beyond_the_calendar_of_paris_is_refused(engine, moment):
    with pytest.raises(IscgError) as error:
        engine.recommend({}, at=moment)
    assert codes(error) == ["A009"]


def test_a_moment_without_zone_is_paris(engine):
    assert engine.recommend({}, at="2026-07-01T12:00").at.isoformat() == "2026-07-01T12:00:00+02:00"
    assert (
        engine.recommend({}, at="2026-07-01T10:00+00:00").at.isoformat()
        == "2026-07-01T12:00:00+02:00"
    )


@pytest.mark.parametrize("already", [{"nobody": "contacted"}, {"police": "maybe"}, ["police"]])
def test_a_wrong_already_is_refused(engine, already):
    with pytest.raises(IscgError) as error:
        engine.recommend({}, at=None, already=already)
    assert codes(error) == ["A010"]


@pytest.mark.parametrize("options", [{"limit": -1}, {"limit": True}, {"language": "de"}])
def test_a_wrong_option_is_refused(engine, options):
    with pytest.raises(IscgError) as error:
        engine.recommend({}, at=None, **options)
    assert codes(error) == ["A011"]


def test_the_model_made_from_the_vocabulary_is_a_situation(engine):
    model = engine.situation_model(role="victim", minors={"yes": ["older"]}, nights=1)
    same = {"role": "victim", "minors": {"yes": ["older"]}, "nights": 1}
    assert engine.recommend(model, at=None) == engine.recommend(same, at=None)
    assert "victim" not in repr(model) + str(model)


def test_the_json_keeps_its_schema_and_says_for(engine):
    got = engine.recommend({"role": "victim", "nights": 1, "minors": ["older"]}, at=FRIDAY_NIGHT)
    jsonschema.validate(got.as_dict(), json_schema(Recommendation))
    assert got.as_dict()["orientations"][0]["for"] == ["person", "children"]
    assert got.as_dict()["version"] == 1


def test_english_where_it_is_given(engine):
    got = engine.recommend({"role": "victim"}, at=None, language="en")
    answer = got.orientations[0].reasons[0].answers[0]
    assert (answer.label, answer.answer) == ("Role", "victim")
