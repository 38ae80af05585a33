"""Somebody to call: what is found is what every situation shows, hour by hour, by the reference."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from functools import cached_property

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from iscg_rules.errors import Place, Problem
from iscg_rules.language.conditions import InArea
from iscg_rules.language.moments import Hours, Slots, read_moment
from iscg_rules.language.situations import Situation
from iscg_rules.language.vocabulary import WITHOUT_PARTNER, Value
from iscg_rules.model.accepted import Accepted
from iscg_rules.model.files import find_files, read_files
from iscg_rules.model.guarantees import GuaranteeSet, read_guarantees
from iscg_rules.model.partners import Directory, Partner
from iscg_rules.model.scales import Urgency
from iscg_rules.proof.findings.asker import Asker
from iscg_rules.proof.findings.examined_hours import examined_hours
from iscg_rules.proof.findings.reach_findings import ReachProof, find_needless
from iscg_rules.proof.solver.proven_world import World
from iscg_rules.recommend import reference
from iscg_rules.recommend.kind_class import best_class
from iscg_rules.recommend.partner_choice import Candidates, Openings
from tests.laws.brute_force import Everything, many
from tests.laws.drawn import DAY, Drawing
from tests.laws.strategies import AREAS, KINDS, SOURCES, TEXT

SEEDS = st.integers(0, 2**32)
HERE = Place("guarantees.yaml", 1, 1)
HOURS = (None, None, "24/7", "Mo-Fr 09:00-12:00; PH off", "2020 Jan 01 10:00-12:00")
CLOSED = (
    (),
    (),
    {"from": "2026-06-03", "until": "2026-06-20", "because": TEXT},
    {"from": "2026-06-03", "because": TEXT},
    {"from": "2026-09-01", "because": TEXT},
)
SLOTS = ("Mo-Fr 09:00-18:00", "Mo-Su 22:00-07:00", None)


class Days:
    """A small world with partners of all sorts, and every hour that counts, one by one."""

    def __init__(self, seed):
        drawing = Drawing(seed)
        drawn = drawing.world()
        words = self.vocabulary(drawing, drawn.rule_set.vocabulary)
        rule_set = replace(drawn.rule_set, vocabulary=words)
        self.directory = self.partners(drawing, words)
        homes = tuple(AREAS[name] for name in words.home)
        apart = (InArea(words.commune, homes),) if words.commune and homes else ()
        self.everything = Everything(rule_set, self.directory, DAY, apart)
        self.accepted = self.entries(drawing)
        self.words, self.rule_set = words, rule_set

    def vocabulary(self, drawing, words):
        kinds = {
            name: kind.model_copy(update={"place": drawing.one((None, "station", "home"))})
            for name, kind in words.kinds.items()
        }
        attributes = dict(words.attributes)
        choices = [one for one in attributes.values() if one.type == "one_of"]
        if choices and drawing.chance(0.5):
            values = tuple(
                Value.model_validate({"id": one.id, "label": TEXT, "hours": drawing.one(SLOTS)})
                for one in choices[0].values
            )
            update = {"values": values, "derived": "moment"}
            attributes[choices[0].id] = choices[0].model_copy(update=update)
        station, home = drawing.one((None, "35288", "22278")), drawing.one(((), ("coast",)))
        return replace(words, attributes=attributes, kinds=kinds, station=station, home=home)

    def partners(self, drawing, words):
        found = {}
        for number in range(drawing.rng.randint(0, 6)):
            given = {
                "id": f"p{number}",
                "name": "X",
                "offers": drawing.some(KINDS, 1, 3),
                "area": drawing.some(AREAS, 1, 2),
                "hours": drawing.one(HOURS),
                "closed": drawing.one(CLOSED),
                "contact": drawing.one(({}, {"phone": "1"}, {"address": "2"})),
                "accepts": drawing.condition(words, (), 1) if drawing.chance(0.5) else None,
                "source": [SOURCES[0] | {"checked": "2026"}],
            }
            given["confidential"] = drawing.one(((), (), ("phone",)))
            found[f"p{number}"] = Partner.model_validate(given)
        return Directory(found, AREAS)

    def entries(self, drawing):
        entry = Accepted.model_validate(
            {
                "reach": drawing.some(KINDS, 1, 2),
                "through": drawing.some(KINDS, 0, 2),
                "because": TEXT,
            }
        )
        return dict.fromkeys(entry.reach, (entry, HERE)) if drawing.chance(0.7) else {}

    def moments(self):
        """Give every hour of a week, of the holiday that follows, and from each closure on."""
        midnight = datetime.combine(DAY, time())
        starts = {midnight: 7, datetime(2026, 7, 14): 1}  # noqa: DTZ001 # read as Europe/Paris
        for partner in self.directory.partners.values():
            for one in partner.closed:
                starts[datetime.combine(one.from_, time())] = 7
        alike: dict[object, tuple[dict[str, str], Openings]] = {}
        for start, days in starts.items():
            for number in range(24 * days):
                moment = read_moment(start + timedelta(hours=number))
                openings = Openings(self.directory, moment)
                seen = tuple(
                    (openings[name].is_open, openings[name].opens_at is None)
                    for name in self.directory.partners
                )
                slots = Slots(self.words).at(moment)
                alike.setdefault((seen, tuple(slots.items())), (slots, openings))
        return alike.values()

    def dead(self):
        """Give each kind that somebody needs, and how far nobody is there, with the answers."""
        drawn = {one.id for one in self.words.attributes.values() if one.derived}
        for values in self.everything.partial:
            for slots, openings in self.moments_of_now:
                if {name: one for name, one in values.items() if name in drawn} == slots:
                    yield from self.dead_at(values, openings)

    @cached_property
    def moments_of_now(self):
        return list(self.moments())

    def dead_at(self, values, openings):
        situation = self.rule_set.closing.closed(Situation(values))
        evaluation = self.everything.evaluate(values)
        certain = reference.certain_kinds(self.rule_set, evaluation)
        oriented = reference.oriented(self.rule_set, evaluation.fired)
        reached = {kind: self.reached(kind, situation, openings) for kind in certain}
        for kind in certain:
            is_late = best_class(oriented[kind]).urgency > Urgency.TODAY
            if KINDS[kind].nature in WITHOUT_PARTNER or is_late or reached[kind] == "yes":
                continue
            entry, _ = self.accepted.get(kind, (None, None))
            others = entry.through if entry else ()
            if self.is_elsewhere(values, (kind, *others)):
                continue
            is_borne = bool(entry) and not others
            is_borne |= any(reached.get(one) == "yes" for one in others)
            yield kind, "U001" if reached[kind] == "no" else "U002", is_borne, len(values)

    def is_elsewhere(self, values, kinds):
        """Tell whether somebody lives where the territory serves nobody, and that matters."""
        if self.words.station and all(self.words.kinds[one].place == "station" for one in kinds):
            return False
        commune = values.get(self.words.commune)
        homes = [AREAS[name] for name in self.words.home]
        return commune and homes and not any(home.covers(commune) for home in homes)

    def reached(self, kind, situation, openings):
        chooser = Candidates(self.words, self.directory)
        facts = self.rule_set.truths(situation.view)
        found = chooser.of(kind, 0, situation.view, facts, openings)
        known = [one.opening for one in found if one.partner.public_contact]
        if any(one.is_open or one.opens_at for one in known):
            return "yes"
        return "perhaps" if any(one.is_open is None for one in known) else "no"


@given(SEEDS)
# Each once told too little: classes half at home, an hour that never is, who refuses at some hours.
@example(158)
@example(195)
@example(308)
@example(1074)
@example(3012)
@settings(max_examples=many(80))
def test_a_dead_end_is_found_where_some_situation_and_hour_has_it(seed):
    world = Days(seed)
    proven = World(world.rule_set, world.directory, DAY)
    promises = GuaranteeSet((), (), {}, world.accepted, frozenset(world.accepted))
    reach = ReachProof(Asker(proven, proven.periods[0]), promises)
    found = {(one.problem.code, kind_of(one)): one for one in reach.findings()}
    dead = list(world.dead())
    expected = {(code, kind) for kind, code, is_borne, _ in dead if not is_borne}
    assert set(found) == expected
    for (code, kind), one in found.items():
        sizes = [size for k, c, borne, size in dead if (k, c, borne) == (kind, code, False)]
        assert one.example
        assert len(one.example.words) <= min(sizes)
    lacking = {kind for kind, *_ in dead}
    needless = {kind_of(one) for one in find_needless([reach], promises)}
    assert needless == world.accepted.keys() - lacking


def kind_of(finding):
    _, kind, _ = finding.problem.message.split("`", 2)
    return kind


def test_the_hours_of_this_page_change_on_the_hour():
    for text in filter(None, (*HOURS, *SLOTS)):
        spans = Hours(text).spans(*(datetime(2026, month, 1) for month in (6, 10)))  # noqa: DTZ001
        assert {start.minute for start, _ in spans} == {0}


@pytest.mark.parametrize("territory", ["pays-de-saint-malo", "rennes"])
def test_no_territory_that_ships_lets_what_presses_end_at_nobody(territory):
    problems: list[Problem] = []
    layout = find_files(None, None, territory, problems)
    rule_set, directory = read_files(layout, problems)
    facts = tuple(rule_set.facts)
    promises = read_guarantees(layout.folders(), rule_set.vocabulary, facts, problems)
    world = World(rule_set, directory, date(2026, 11, 27))
    reaches = [ReachProof(Asker(world, period), promises) for period in world.periods]
    assert problems == []
    assert [str(one) for reach in reaches for one in reach.findings()] == []
    assert [str(one) for one in find_needless(reaches, promises)] == []
    assert all(len(reach.pressing) > 50 for reach in reaches)


def test_the_hours_that_count_are_a_week_a_holiday_and_each_closure_to_come():
    closed = {"from": "2026-12-10", "until": "2026-12-11", "because": TEXT}
    given = {
        "id": "p",
        "name": "X",
        "offers": ["shelter"],
        "area": "country",
        "hours": "24/7",
        "contact": {"phone": "1"},
        "closed": closed,
        "source": [{**SOURCES[0], "checked": "2026"}],
    }
    directory = Directory({"p": Partner.model_validate(given)}, AREAS)
    words = replace(Drawing(1).vocabulary(), attributes={})
    pieces = examined_hours(words, directory, date(2026, 11, 27))
    # A week, Christmas, and a week from the closure on: it opens again, so it is within reach.
    assert [(one.hours, sorted(one.reached)) for one in pieces] == [(15 * 24, ["p"])]
    for_ever = Partner.model_validate({**given, "closed": {**closed, "until": None}})
    pieces = examined_hours(words, Directory({"p": for_ever}, AREAS), date(2026, 11, 27))
    assert [(one.hours, sorted(one.reached)) for one in pieces] == [(7 * 24, ["p"]), (8 * 24, [])]
