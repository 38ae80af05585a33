"""Who is shown first: the sentence of `docs/evaluation.md`, and every hour of a week."""

from datetime import datetime, time, timedelta
from functools import cmp_to_key
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iscg_rules import Engine
from iscg_rules.language.conditions import FactIs
from iscg_rules.language.moments import Hours, read_moment
from iscg_rules.model.cases import read_cases
from iscg_rules.model.files import find_files
from iscg_rules.model.rules import URGENCIES
from iscg_rules.places.departements import departement_of
from iscg_rules.recommend.partner_choice import Candidates, Openings, to_call
from tests.laws.strategies import AREAS, COMMUNES, KINDS, attribute, vocabulary_of
from tests.laws.tables import MOMENTS, directories, placed

if TYPE_CHECKING:
    from iscg_rules.errors import Problem

HERE = (None, *COMMUNES)


class Asked:
    """One question: who serves a kind, how soon, where, when; `sure` says who accepts."""

    def __init__(self, words, directory, kind, urgency, *, values, sure, moment):
        self.words, self.directory, self.kind, self.urgency = words, directory, kind, urgency
        self.values, self.sure, self.moment = values, sure, moment

    def order(self):
        serving = [p for p in self.directory.by_kind.get(self.kind, ()) if self.may_serve(p)]
        return [p.id for p in sorted(serving, key=cmp_to_key(self.compare))]

    def may_serve(self, partner):
        if self.sure[partner.id] is False:
            return False
        commune = self.commune()
        return commune is None or self.nearest(partner, commune) is not None

    def compare(self, one, other):
        for says in (self.acceptance, self.timeliness, self.nearness, self.wait, self.age):
            first, second = says(one), says(other)
            if first != second:
                return -1 if first < second else 1
        return -1 if one.id < other.id else 1

    def acceptance(self, partner):
        return {True: 1, None: 2}[self.sure[partner.id]]

    def timeliness(self, partner):
        if self.is_away(partner):
            return 3
        if self.urgency in ("week", "planned"):
            return 1
        is_open = self.opening(partner).is_open
        if is_open or (self.urgency == "today" and self.opens_before_midnight(partner)):
            return 1
        return 2 if is_open is None else 3

    def is_away(self, partner):
        """Look at each closure, both days included."""
        if self.moment is None:
            return False
        day = f"{self.moment:%Y-%m-%d}"
        spans = [(str(one.from_), str(one.until or "9999")) for one in partner.closed]
        return any(first <= day <= last for first, last in spans)

    def opens_before_midnight(self, partner):
        """Look at every quarter of an hour that is left of the day."""
        # Of a day without its hour, nobody knows what is left.
        if partner.hours is None or not isinstance(self.moment, datetime):
            return False
        hours = Hours(partner.hours)
        midnight = datetime.combine(self.moment.date(), time(), self.moment.tzinfo)
        quarters = (midnight + timedelta(minutes=15 * number) for number in range(96))
        return any(hours.at(one).is_open for one in quarters if one >= self.moment)

    def nearness(self, partner):
        commune = self.commune()
        if commune is None and self.words.kinds[self.kind].place != "home":
            commune = self.here()
        near = None if commune is None else self.nearest(partner, commune)
        if near is not None:
            return (1, near)
        areas = [AREAS[name] for name in partner.area]
        own = self.words.station and departement_of(self.words.station)
        is_ours = not own or any(
            area.everywhere
            or own in area.departements
            or own in {departement_of(code) for code in area.communes}
            for area in areas
        )
        return (2, not is_ours, -max(area.size for area in areas))

    def wait(self, partner):
        opening = self.opening(partner)
        if opening.is_open:
            return (1,)
        if opening.opens_at:
            return (2, opening.opens_at)
        return (3,) if opening.is_open is None else (4,)

    def age(self, partner):
        return -int(partner.checked.replace("-", "").ljust(8, "0"))

    def opening(self, partner):
        return Openings(self.directory, self.moment)[partner.id]

    def commune(self):
        """Give where a partner must serve: by the post, or by the home."""
        home = self.values.get("home")
        if self.words.kinds[self.kind].place == "station":
            return self.here() or home
        return home

    def here(self):
        return self.values.get("station") or self.words.station

    def nearest(self, partner, commune):
        areas = (AREAS[name] for name in partner.area)
        return min((area.size for area in areas if area.covers(commune)), default=None)


VOCABULARY = vocabulary_of(attribute("home", "commune"))


@st.composite
def questions(draw):
    words = draw(placed(VOCABULARY))
    directory = draw(directories(None))
    sure = {name: draw(st.sampled_from((True, None, False))) for name in directory.partners}
    told = {
        name: partner.model_copy(update={"accepts": FactIs(name, holds=True)})
        for name, partner in directory.partners.items()
    }
    places = {"home": draw(st.sampled_from(HERE)), "station": draw(st.sampled_from(HERE))}
    values = {name: code for name, code in places.items() if code is not None}
    kind, urgency = draw(st.sampled_from(tuple(KINDS)[:3])), draw(st.sampled_from(URGENCIES))
    moment = read_moment(draw(MOMENTS))
    asked = Asked(words, directory, kind, urgency, values=values, sure=sure, moment=moment)
    chooser = Candidates(words, type(directory)(told, AREAS))
    openings = Openings(directory, moment)
    return asked, chooser.of(kind, URGENCIES.index(urgency), values, sure, openings)


@given(questions())
def test_partners_stand_as_the_sentence_says(question):
    asked, found = question
    assert [one.partner.id for one in found] == asked.order()


@given(questions())
def test_whoever_answers_in_time_is_called_and_stands_before_all_as_sure(question):
    asked, found = question
    in_time = [one for one in found if asked.timeliness(one.partner) == 1]
    called = to_call(found)
    assert bool(called and called.in_time) is any(asked.wait(p.partner) != (4,) for p in in_time)
    if in_time and found[0] not in in_time:
        assert found[0].is_accepting
        assert not any(one.is_accepting for one in in_time)


MONDAY = datetime(2026, 11, 23)  # noqa: DTZ001 # read as Europe/Paris
TERRITORIES = ("pays-de-saint-malo", "rennes", "brest", "ille-et-vilaine")


each_territory = pytest.mark.parametrize("territory", TERRITORIES)


@each_territory
def test_no_hour_of_a_week_puts_somebody_closed_before_one_who_answers(territory):
    engine = Engine.load(territory=territory)
    # Of the hours at which the same are open, open later today, and call it the same, one.
    hours = {seen(engine, moment): moment for moment in map(hour_of_the_week, range(7 * 24))}
    # A quarter of the cases an hour, another quarter at the next.
    assert all_too_late(engine, territory, hours.values(), every=4) == set()


@pytest.mark.slow
@each_territory
def test_each_hour_of_a_week_looked_at_says_the_same(territory):
    engine = Engine.load(territory=territory)
    assert all_too_late(engine, territory, map(hour_of_the_week, range(7 * 24))) == set()


def hour_of_the_week(number):
    return read_moment(MONDAY + timedelta(hours=number))


def seen(engine, moment):
    openings = Openings(engine.directory, moment)
    opened = ((name, openings[name]) for name in engine.directory.partners)
    slots, day = engine.recommender.moment_answers(moment)
    return (
        frozenset(engine.rule_set.in_force(day)),
        tuple(slots.items()),
        tuple((name, one.is_open, one.opens_today) for name, one in opened),
    )


def all_too_late(engine, territory, moments, every=1):
    problems: list[Problem] = []
    folders = find_files(None, None, territory, problems).folders()
    rules = frozenset(engine.rule_set.rules)
    cases = read_cases(folders, engine.rule_set.vocabulary, rules, problems)
    assert (problems, len(cases) > 300) == ([], True)
    return {
        late
        for number, moment in enumerate(moments)
        for case in cases[number % every :: every]
        for reached in engine.recommender.look(case.situation, moment).ranking.certain
        for late in too_late(reached, moment)
    }


def too_late(reached, moment):
    """Give whom a closed partner keeps from being called, though it answers as soon as needed."""
    if reached.urgency > URGENCIES.index("today") or len(reached.candidates) < 2:
        return
    first, called = reached.candidates[0], to_call(reached.candidates)
    answering = [one for one in reached.candidates if answers(one, reached.urgency, moment)]
    # Whoever may refuse stands behind who accepts for sure, and is called all the same.
    as_sure = [one for one in answering if one.is_accepting or not first.is_accepting]
    if as_sure and first not in as_sure:
        yield reached.kind, first.partner.id, as_sure[0].partner.id
    if answering and called not in answering:
        yield reached.kind, called and called.partner.id, answering[0].partner.id


def answers(candidate, urgency, moment):
    opening = candidate.opening
    if opening.is_open or urgency == URGENCIES.index("now"):
        return bool(opening.is_open)
    return opening.opens_at is not None and opening.opens_at.date() == moment.date()
