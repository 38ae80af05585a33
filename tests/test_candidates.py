"""The partners of one kind: who is shown, and in which order."""

from dataclasses import replace
from datetime import datetime

import pytest

from iscg_rules.language.conditions import Test
from iscg_rules.language.moments import PARIS
from iscg_rules.language.vocabulary import Area, Attribute, Kind, Vocabulary
from iscg_rules.model.partners import Directory, Partner
from iscg_rules.model.rules import URGENCIES
from iscg_rules.reading.binding import LocalText
from iscg_rules.recommend.partner_choice import Candidates, Openings, to_call

TEXT = LocalText(fr="mot")
AREAS = {
    area.id: area
    for area in (
        Area("malo", TEXT, communes=frozenset({"35288"})),
        Area("coast", TEXT, communes=frozenset({"35288", "35093"})),
        Area("dinard", TEXT, communes=frozenset({"35093"})),
        Area("armor", TEXT, departements=frozenset({"22"})),
        Area("ille", TEXT, departements=frozenset({"35"})),
        Area("france", TEXT, everywhere=True),
    )
}
VOCABULARY = Vocabulary(
    {
        "home": Attribute.model_validate(
            {"id": "home", "type": "commune", "label": TEXT, "ask": TEXT}
        ),
        "alone": Attribute.model_validate(
            {"id": "alone", "type": "yes_no", "label": TEXT, "ask": TEXT}
        ),
    },
    {
        "shelter": Kind.model_validate(
            {"id": "shelter", "category": "associations", "nature": "service", "label": TEXT}
        )
    },
    AREAS,
)
ALONE = Test("alone", "alone", frozenset({"yes"}))
FRIDAY_NIGHT = datetime(2026, 11, 27, 22, 30, tzinfo=PARIS)


def partner(name, area="france", *, checked="2026-11", **more):
    source = {"title": "livre", "trust": "A", "checked": checked}
    given = {"id": name, "name": name, "offers": ["shelter"], "area": area, "source": source}
    return Partner.model_validate({**given, **more})


def order(*partners, **more):
    return [candidate.partner.id for candidate in candidates(*partners, **more)]


def candidates(*partners, values=None, at=FRIDAY_NIGHT, urgency="week", words=None):
    directory = Directory({one.id: one for one in partners}, AREAS)
    openings = Openings(directory, at)
    chooser = Candidates(words or VOCABULARY, directory)
    return chooser.of("shelter", URGENCIES.index(urgency), values or {}, {}, openings)


def test_who_surely_accepts_comes_before_who_might():
    assert order(partner("a", accepts=ALONE), partner("b")) == ["b", "a"]


def test_who_does_not_accept_is_never_shown():
    assert order(partner("a", accepts=ALONE), partner("b"), values={"alone": "no"}) == ["b"]


def test_who_accepts_for_sure_is_as_good_as_who_accepts_everybody():
    asked = {"alone": "yes"}
    assert order(partner("a", accepts=ALONE), partner("b"), values=asked) == ["a", "b"]


def test_the_narrowest_area_that_holds_the_commune_comes_first():
    partners = [partner("a"), partner("b", "ille"), partner("c", "coast"), partner("d", "malo")]
    assert order(*partners, values={"home": "35288"}) == ["d", "c", "b", "a"]
    assert order(*partners, values={"home": "35093"}) == ["c", "b", "a"]
    assert order(*partners, values={"home": "75056"}) == ["a"]


def test_without_a_commune_the_widest_area_comes_first():
    partners = [partner("a", "malo"), partner("b", "ille"), partner("c")]
    assert order(*partners) == ["c", "b", "a"]


def test_a_partner_of_several_areas_counts_by_the_narrowest_that_holds_the_commune():
    both = partner("a", ["malo", "france"])
    assert order(both, partner("b", "coast"), values={"home": "35288"}) == ["a", "b"]
    assert order(both, partner("b", "coast"), values={"home": "35093"}) == ["b", "a"]


def test_open_comes_before_soon_open_before_unknown_before_closed_for_good():
    partners = [
        partner("a", hours="2020 Jan 01-2020 Jan 02 09:00-10:00"),
        partner("b"),
        partner("c", hours="Mo 09:00-12:00"),
        partner("d", hours="Sa 09:00-12:00"),
        partner("e", hours="24/7"),
    ]
    assert order(*partners) == ["e", "d", "c", "b", "a"]


def test_without_a_moment_only_always_open_is_open():
    partners = [partner("a", hours="Mo-Su 00:00-23:59"), partner("b", hours="24/7"), partner("c")]
    assert order(*partners, at=None) == ["b", "a", "c"]


NIGHT, WEEKDAY = "24/7", "Mo-Fr 09:00-12:00"


@pytest.mark.parametrize(
    ("urgency", "expected"), [("now", ["c", "b", "a"]), ("week", ["a", "b", "c"])]
)
def test_who_answers_now_comes_before_who_is_nearer(urgency, expected):
    partners = [
        partner("a", "malo", hours=WEEKDAY),
        partner("b", "ille"),
        partner("c", hours=NIGHT),
    ]
    assert order(*partners, values={"home": "35288"}, urgency=urgency) == expected


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        # Monday: before it opens, while it is open, and when it has closed for the day.
        ("2026-11-23T07:00", ["a", "b"]),
        ("2026-11-23T10:00", ["a", "b"]),
        ("2026-11-23T12:00", ["b", "a"]),
        # Minutes before midnight on Sunday, tomorrow is not today.
        ("2026-11-22T23:59", ["b", "a"]),
        ("2026-11-23T00:00", ["a", "b"]),
    ],
)
def test_today_needs_who_opens_before_midnight(at, expected):
    partners = [partner("a", "malo", hours=WEEKDAY), partner("b", hours=NIGHT)]
    moment = datetime.fromisoformat(at).replace(tzinfo=PARIS)
    assert order(*partners, values={"home": "35288"}, at=moment, urgency="today") == expected


def test_who_surely_accepts_comes_first_even_when_it_is_closed_but_is_not_called():
    partners = [partner("a", hours=WEEKDAY), partner("b", accepts=ALONE, hours=NIGHT)]
    found = candidates(*partners, urgency="now")
    assert [one.partner.id for one in found] == ["a", "b"]
    assert to_call(found) is found[1]


@pytest.mark.parametrize(
    ("hours", "expected"),
    [
        ({"a": WEEKDAY, "b": None, "c": NIGHT}, "c"),
        ({"a": WEEKDAY, "b": None}, "b"),
        ({"a": "We 09:00-12:00", "b": WEEKDAY}, "b"),
        ({"a": "2020 Jan 01-2020 Jan 02 09:00-10:00"}, None),
        ({}, None),
    ],
)
def test_who_answers_is_called_then_who_might_then_who_opens_first(hours, expected):
    areas = {"a": "malo", "b": "ille", "c": "france"}
    partners = [partner(name, areas[name], hours=text) for name, text in hours.items()]
    called = to_call(candidates(*partners, values={"home": "35288"}, urgency="now"))
    assert (called and called.partner.id) == expected


@pytest.mark.parametrize(
    ("older", "newer"),
    [
        ("2025", "2026"),
        ("2025-11", "2026"),
        ("2026", "2026-01"),
        ("2026-01", "2026-11"),
        ("2026-11", "2026-11-02"),
    ],
)
def test_the_more_recently_checked_comes_first(older, newer):
    partners = [partner("a", checked=older), partner("b", checked=newer)]
    assert order(*partners) == ["b", "a"]


def test_the_id_decides_last():
    assert order(partner("b"), partner("a"), partner("c")) == ["a", "b", "c"]


def test_what_depends_on_the_commune_is_said():
    directory = Directory({"a": partner("a", "malo"), "b": partner("b")}, AREAS)
    openings = Openings(directory, FRIDAY_NIGHT)
    chooser = Candidates(VOCABULARY, directory)
    unknown = chooser.of("shelter", 0, {}, {}, openings)
    known = chooser.of("shelter", 0, {"home": "35288"}, {}, openings)
    assert {one.partner.id: one.depends_on_commune for one in unknown} == {"a": True, "b": False}
    assert {one.partner.id: one.depends_on_commune for one in known} == {"a": False, "b": False}


def placed(place, *partners, here="35288", **more):
    kind = VOCABULARY.kinds["shelter"].model_copy(update={"place": place})
    words = replace(VOCABULARY, kinds={"shelter": kind}, station=here)
    return [one.partner.id for one in candidates(*partners, words=words, **more)]


HOME_AND_HERE = (partner("home", "dinard"), partner("here", "malo"), partner("all"))


@pytest.mark.parametrize(
    ("place", "values", "expected"),
    [
        ("station", {"home": "35093"}, ["here", "all"]),
        ("station", {}, ["here", "all"]),
        ("station", {"station": "35093"}, ["home", "all"]),
        ("home", {"home": "35093"}, ["home", "all"]),
        ("home", {}, ["all", "here", "home"]),
        (None, {"home": "35093"}, ["home", "all"]),
        # Where the home is unknown, the post is the best guess, and nobody is left out.
        (None, {}, ["here", "all", "home"]),
        (None, {"station": "35093"}, ["home", "all", "here"]),
    ],
)
def test_a_partner_is_near_the_post_or_near_the_home(place, values, expected):
    assert placed(place, *HOME_AND_HERE, values=values) == expected


def test_without_a_post_the_home_decides():
    assert placed("station", *HOME_AND_HERE, here=None, values={"home": "35093"}) == ["home", "all"]


def test_without_a_commune_our_own_departement_comes_first():
    partners = [partner("a", "armor"), partner("b", "ille")]
    assert placed("home", *partners) == ["b", "a"]
    assert placed("home", *partners, here="22093") == ["a", "b"]
    assert placed("home", *partners, here=None) == ["a", "b"]


def test_those_too_far_away_hide_nobody_behind_them():
    partners = [partner("a", "malo"), partner("b"), partner("c", "malo"), partner("d", "ille")]
    assert order(*partners, values={"home": "35238"}) == ["d", "b"]


@pytest.mark.parametrize(("answer", "expected"), [({}, None), ({"alone": "yes"}, True)])
def test_whether_a_partner_accepts_is_said(answer, expected):
    directory = Directory({"a": partner("a", accepts=ALONE)}, AREAS)
    openings = Openings(directory, FRIDAY_NIGHT)
    (found,) = Candidates(VOCABULARY, directory).of("shelter", 0, answer, {}, openings)
    assert found.is_accepting is expected
