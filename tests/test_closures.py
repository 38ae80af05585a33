"""A place that is closed for days: not open, not called, and said with its last day and why."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from iscg_rules import Engine
from iscg_rules.language.moments import PARIS, Hours, read_moment
from iscg_rules.model.partners import Directory, Partner
from iscg_rules.rendering.full_text import render_full_text
from iscg_rules.rendering.person_sheet import render_sheet
from iscg_rules.rendering.text import render_text
from tests.laws.strategies import SOURCES
from tests.laws.tables import CLOSURES, HOURS

MONDAY = datetime(2026, 11, 23, 10)  # noqa: DTZ001 # read as Europe/Paris
ENGINE = Engine.load()
ROOFLESS = {"role": "victim", "violence_context": "intimate_partner", "housing": "no_housing"}


def partner(**given):
    base = {"id": "p", "name": "X", "offers": ["k"], "area": "a"}
    return Partner.model_validate(base | {"source": [SOURCES[0] | {"checked": "2026-11"}]} | given)


def is_open(hours, closed, moment):
    """Tell it of one moment, from the closures as they are written."""
    day = f"{moment:%Y-%m-%d}"
    spans = [(str(one.from_), str(one.until or "9999")) for one in closed]
    if any(first <= day <= last for first, last in spans):
        return False
    return hours.at(moment).is_open


@pytest.mark.parametrize("closed", CLOSURES[1:])
@pytest.mark.parametrize("hours", HOURS[:5])
def test_each_hour_is_open_or_not_as_the_hours_and_the_closures_say(hours, closed):
    one = partner(hours=hours, closed=closed)
    told, plain = Hours(one.hours, one.closed), Hours(hours)
    for start in (datetime(2026, 3, 27, 17), datetime(2026, 11, 21), datetime(2027, 1, 30)):  # noqa: DTZ001 # as above
        moments = [read_moment(start + timedelta(hours=step)) for step in range(7 * 24)]
        expected = [is_open(plain, one.closed, moment) for moment in moments]
        assert [told.at(moment).is_open for moment in moments] == expected
        opened = [moment for moment, known in zip(moments, expected, strict=True) if known]
        # Every opening of these texts is on an hour.
        following = next(iter(opened), None)
        if expected[0] is False and following is not None:
            assert told.at(moments[0]).opens_at == following


def test_a_closure_is_known_on_a_day_and_never_without_one():
    one = partner(hours="24/7", closed=CLOSURES[1])
    told = Hours(one.hours, one.closed)
    assert told.at(None).is_open is None
    assert told.at(date(2026, 11, 23)).is_open is False
    assert told.at(date(2026, 11, 23)).opens_at == datetime(2026, 11, 24, tzinfo=PARIS)
    assert told.at(date(2026, 11, 24)).is_open is True
    unknown = Hours(None, one.closed)
    assert (unknown.at(MONDAY).is_open, unknown.at(MONDAY).opens_at) == (False, None)
    assert unknown.at(MONDAY + timedelta(days=1)).is_open is None


def with_closed(**given):
    """Return the shipped rules with every bed for the night closed."""
    directory = ENGINE.directory
    closed = {
        name: one.model_copy(update=given) if "emergency_shelter" in one.offers else one
        for name, one in directory.partners.items()
    }
    return Engine(ENGINE.rule_set, Directory(closed, directory.areas))


def closures(*given):
    return partner(closed=list(given)).closed


WORKS = {"from": "2026-11-20", "until": "2026-12-04", "because": {"fr": "travaux"}}
FLOOD = {"from": "2026-11-20", "because": {"fr": "dégât des eaux"}}


def test_a_closed_partner_says_until_when_and_why_wherever_it_is_named():
    engine = with_closed(closed=closures(WORKS))
    got = engine.recommend(ROOFLESS, at=MONDAY)
    bed = next(one for one in got.orientations if one.kind == "emergency_shelter")
    assert bed.reachable == datetime(2026, 12, 5, tzinfo=PARIS)
    assert (bed.partner.closed_until, bed.partner.closed_because) == (date(2026, 12, 4), "travaux")
    said = "fermé jusqu’au 04/12/2026\u00a0: travaux"
    assert said in render_text(got)
    assert said in render_full_text(got)
    # On a paper that stays, hours are told and never "closed".
    sheet = render_sheet(got, engine.rule_set.vocabulary, engine.directory)
    assert "115 · jour et nuit, à partir du 05/12/2026" in sheet
    assert "fermé" not in sheet


def test_nobody_calls_who_may_never_open_again():
    engine = with_closed(closed=closures(FLOOD))
    got = engine.recommend(ROOFLESS, at=MONDAY)
    bed = next(one for one in got.orientations if one.kind == "emergency_shelter")
    assert (bed.call, bed.reachable) == (None, "nobody")
    said = "fermé, sans date de réouverture\u00a0: dégât des eaux"
    assert said in render_text(got).replace("\n      ", " ")
    assert "115" not in render_sheet(got, engine.rule_set.vocabulary, engine.directory)


def test_whoever_is_away_comes_after_others_even_for_what_can_wait():
    near, far = (
        partner(id=name, offers=["day_centre"], area=area, closed=closed)
        for name, area, closed in (
            ("near", "saint-malo", WORKS),
            ("wide", "pays-de-saint-malo", ()),
        )
    )
    malo = Engine.load(territory="pays-de-saint-malo")
    directory = replace(malo.directory, partners={"near": near, "wide": far}, entries={})
    engine = Engine(malo.rule_set, directory)
    answers = {"housing": "no_housing", "commune": "35288"}
    calls = []
    for at in (MONDAY, MONDAY + timedelta(days=30)):
        got = engine.recommend(answers, at=at)
        centre = next(one for one in got.orientations if one.kind == "day_centre")
        calls.append((centre.partner and centre.partner.id, centre.call))
    assert calls == [("wide", "wide"), ("near", "near")]


def test_an_address_that_is_withheld_is_said_to_be():
    engine = with_closed(withheld="safety")
    got = engine.recommend(ROOFLESS, at=MONDAY)
    bed = next(one for one in got.orientations if one.kind == "emergency_shelter")
    assert bed.partner.withheld == "safety"
    assert "115 · adresse tue par sécurité" in render_full_text(got)


@pytest.mark.parametrize(
    ("contact", "checked", "is_stale"),
    [
        ({}, "2025-06", True),
        ({"checked": "2026-10"}, "2026-10", False),
        ({"checked": "2025-10"}, "2025-10", True),
    ],
)
def test_a_contact_tried_lately_is_relied_on_whatever_its_source(contact, checked, is_stale):
    source = [SOURCES[0] | {"checked": "2025-06", "recheck": True}]
    one = partner(source=source, contact={"phone": "1", **contact})
    assert (one.checked, one.is_stale(MONDAY.date())) == (checked, is_stale)
    assert dict(one.public_contact) == {"phone": "1"}
