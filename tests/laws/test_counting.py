"""What is counted of tables of any form, against plain Python, row by row."""

from dataclasses import replace
from itertools import pairwise
from unittest import mock

import numpy as np
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from iscg_rules import Engine
from iscg_rules.batch.files.file_streams import Work
from iscg_rules.language.moments import read_moment
from iscg_rules.language.vocabulary import Area, Vocabulary
from iscg_rules.model.scales import Urgency
from iscg_rules.reports.counting import CountedAnswers, Months, Zones, flags, together
from iscg_rules.reports.replay import Replayer
from iscg_rules.reports.report import Reporter
from tests.attacker import published
from tests.crowd import feed
from tests.laws import strategies as drawn
from tests.laws.strategies import AREAS, COMMUNES, TEXT, attribute
from tests.laws.tables import MOMENTS, directories, engines, parts, said
from tests.laws.tables import tables as drawn_tables

WORDS = drawn.vocabulary_of(
    attribute("colour", "one_of"),
    attribute("sure", "yes_no"),
    attribute("several", "many_of"),
    attribute("place", "commune"),
)
VALUES = ("red", "green", "blue")
# The last moment of a month.
LAST = "2026-01-31T23:59:59.999999"


@st.composite
def shaped(draw, values, of_type=None):
    """Draw a column of any form that says the same: encoded or not, in one piece or in several."""
    if all(one is None for one in values) and draw(st.booleans()):
        return pa.chunked_array([pa.nulls(len(values))])
    array = pa.array(values, of_type)
    if array.type == pa.string() and draw(st.booleans()):
        array = array.dictionary_encode()
    cuts = sorted(draw(st.lists(st.integers(0, len(values)), max_size=2)))
    bounds = [0, *cuts, len(values)]
    pieces = [array.slice(a, b - a) for a, b in pairwise(bounds)]
    return pa.chunked_array(pieces, array.type)


def lists_of(pool, **sizes):
    return st.lists(st.sampled_from(pool), unique=True, **sizes)


@st.composite
def rows(draw):
    """Draw answers row by row; any of them may be unknown, and a commune lie anywhere."""
    some = {
        "colour": st.none() | st.sampled_from(VALUES),
        "sure": st.none() | st.sampled_from(("yes", "no")),
        "several": st.none() | lists_of(VALUES),
        "place": st.none() | st.sampled_from(COMMUNES),
        "at": MOMENTS | st.just(LAST),
    }
    return draw(st.lists(st.fixed_dictionaries(some), max_size=7))


TYPES = {"several": pa.list_(pa.string())}


@st.composite
def one_column_a_value(draw, given_rows):
    lacking = [[one for one in VALUES if one not in row["several"]] for row in given_rows]
    said = [
        {"yes": row["several"], "no": [one for one in rest if draw(st.booleans())]}
        for row, rest in zip(given_rows, lacking, strict=True)
    ]
    words = draw(st.sampled_from(({True: "yes", False: "no"}, {True: True, False: False})))
    return {
        name: draw(shaped([words.get(one) for one in column], pa.array([words[True]]).type))
        for name, column in parts(WORDS.attributes["several"], said).items()
    }


@st.composite
def tables(draw, given_rows):
    """Draw a table of rows, in which a column of which nothing is known may be missing."""
    columns = {}
    for name in ("colour", "sure", "several", "place", "at"):
        values = [row[name] for row in given_rows]
        if all(one is None for one in values) and name != "at" and draw(st.booleans()):
            continue
        if name == "sure" and draw(st.booleans()):
            values = [one and one == "yes" for one in values]
        columns[name] = draw(
            shaped(values, TYPES.get(name, None if name == "sure" else pa.string()))
        )
    is_known = all(row["several"] is not None for row in given_rows)
    if "several" in columns and is_known and draw(st.booleans()):
        del columns["several"]
        columns |= draw(one_column_a_value(given_rows))
    return pa.table(columns)


def place_of(answer, names):
    return names.index(answer) if answer in names else len(names)


@given(st.data())
def test_each_answer_is_counted_where_it_stands(data):
    given_rows = data.draw(rows())
    answers = CountedAnswers.read(data.draw(tables(given_rows)), WORDS)
    assert answers.one_of("colour").tolist() == [place_of(r["colour"], VALUES) for r in given_rows]
    assert answers.one_of("sure").tolist() == [
        place_of(row["sure"], ("yes", "no")) for row in given_rows
    ]
    assert answers.many_of("several").tolist() == [
        [value in (row["several"] or ()) for value in VALUES] for row in given_rows
    ]
    zones = Zones(("z1", "z2"), ("", ""), {"35288": 0, "35093": 1, "22093": 1})
    assert answers.zones(zones).tolist() == [
        3 if row["place"] is None else zones.of_commune.get(row["place"], 2) for row in given_rows
    ]


@given(st.lists(rows(), max_size=3), st.data())
def test_the_first_and_the_last_month_are_those_of_paris(chunks, data):
    months = Months()
    for given_rows in chunks:
        table = data.draw(tables(given_rows))
        months.add(CountedAnswers.read(table, WORDS).bound)
    moments = [read_moment(row["at"]) for given_rows in chunks for row in given_rows]
    known = sorted(f"{one:%Y-%m}" for one in moments if one)
    assert (months.first, months.last) == ((known[0], known[-1]) if known else (None, None))


# Of the words in a list, one has no name, and one is not known.
MATRICES = st.lists(st.tuples(lists_of([*"abc", "?", None]), lists_of("xy")), max_size=6)


@given(MATRICES, st.data())
def test_two_lists_are_counted_together_where_one_row_has_both(pairs, data):
    some, others = (
        flags(data.draw(shaped([p[side] for p in pairs], pa.list_(pa.string()))), names)
        if pairs
        else np.zeros((0, len(names)), np.bool_)
        for side, names in ((0, "abc"), (1, "xy"))
    )
    assert together(some, others).tolist() == [
        [sum(a in p[0] and b in p[1] for p in pairs) for b in "xy"] for a in "abc"
    ]


@st.composite
def territories(draw):
    """Draw areas over a few communes, and one or two of them that a territory calls home."""
    communes = st.frozensets(st.sampled_from(COMMUNES[:5]), min_size=1)
    areas = {
        f"a{n}": Area(f"a{n}", TEXT, one)
        for n, one in enumerate(draw(st.lists(communes, min_size=1, max_size=5)))
    }
    areas["dep"] = Area("dep", TEXT, draw(communes), departements=frozenset({"35"}))
    areas["country"] = Area("country", TEXT, everywhere=True)
    home = draw(lists_of(sorted(areas)[:-2], max_size=2))
    return Vocabulary(WORDS.attributes, WORDS.kinds, areas, tuple(home))


@given(territories())
def test_the_zone_of_a_commune_is_the_narrowest_group_of_communes_inside(vocabulary):
    zones, areas = Zones.of(vocabulary), vocabulary.areas
    homes = [areas[name] for name in vocabulary.home]
    inside = {code for home in homes for code in home.communes}
    groups = [a for a in areas.values() if len(a.communes) > 1 and not a.departements]
    assert set(zones.of_commune) == inside
    assert list(zones.ids) == sorted({zones.ids[place] for place in zones.of_commune.values()})
    for code, place in zones.of_commune.items():
        zone = areas[zones.ids[place]]
        rivals = [a for a in groups if code in a.communes <= inside]
        assert code in zone.communes <= inside
        # A home of one commune, only where no group holds it.
        assert zone in rivals or (zone in homes and not rivals)
        assert not any((a.size, a.id) < (zone.size, zone.id) for a in rivals)


def facts(engine, row, at, by, situations):
    """Give what a report counts of one row: table → names; None where the row is refused."""
    got = said(engine, row, at, None)
    if got["kinds"] is None:
        return None
    one_of = {name: {row.get(name) or "not_said"} for name in by}
    commune = next((row.get(a.id) for a in asked(engine) if a.type == "commune"), None)
    zones = Zones.of(engine.rule_set.vocabulary)
    place = zones.of_commune.get(commune or "")
    zone = "elsewhere" if place is None else zones.ids[place]
    given = [row.get(family) for family in situations]
    held = {
        name for one in given for name in (one.get("yes") if isinstance(one, dict) else one) or ()
    }
    return one_of | {
        "urgency": {got["urgency"][0] if got["kinds"] else "no_orientation"},
        "kinds": set(got["kinds"]),
        "gaps": set(got["gaps"]) or {"none"},
        "situations": held or {"none"},
        "areas": {"not_said" if commune is None else zone},
    }


def asked(engine):
    return [a for a in engine.rule_set.vocabulary.attributes.values() if not a.derived]


@st.composite
def surveys(draw):
    """Draw an engine with a home, and rows that come again and again: few counts are small."""
    engine = draw(engines())
    vocabulary = replace(engine.rule_set.vocabulary, home=("coast",), areas=AREAS)
    engine = Engine(replace(engine.rule_set, vocabulary=vocabulary), engine.directory)
    given_rows, columns = draw(drawn_tables(engine))
    return engine, given_rows, columns, draw(st.integers(1, 4))


@given(surveys())
@settings(max_examples=settings().max_examples // 4)
def test_a_report_counts_what_single_recommendations_say(survey):
    engine, given_rows, columns, times = survey
    by = [one.id for one in asked(engine) if one.type == "one_of"]
    # The drawn questions share their values; those of two families never do.
    situations = [one.id for one in asked(engine) if one.type == "many_of"][:1]
    with mock.patch("iscg_rules.reports.report.SITUATIONS", situations):
        reporter = feed(Reporter(Work(engine), by), *[pa.table(columns)] * times)
        every = [
            facts(engine, row, at, by, situations)
            for row, at in zip(given_rows, columns["at"], strict=True)
        ]
        counted = [one for one in every if one is not None] * times
        if len(counted) < 3:
            return
        report = reporter.report(threshold=3, rules="x", territory=None)
    assert (report.counted.rows, report.counted.left_out) == (
        len(counted),
        len(every) * times - len(counted),
    )
    assert ("situations" in report.tables) is bool(situations)
    # What every row is in exactly once, and nothing else, adds up to all rows.
    partitions = {name for name, table in report.tables.items() if table.is_partition}
    assert partitions == {*by, "urgency", "areas"}
    for cell, low, high in published(report):
        true = sum(all(row[table] & {*names} for table, names in cell) for row in counted)
        assert low <= true <= high
        assert low < high or true == 0 or true >= 3


ORDER = tuple(Urgency)


def changed_kinds(old, new):
    """Say which kinds of one row are in which class of change."""
    before, after = (dict(zip(one["kinds"], one["urgency"], strict=True)) for one in (old, new))
    partners = [dict(zip(one["kinds"], one["partner"], strict=True)) for one in (old, new)]
    both = before.keys() & after.keys()
    moves = {kind: ORDER.index(after[kind]) - ORDER.index(before[kind]) for kind in both}
    return {
        "gained": after.keys() - before.keys(),
        "lost": before.keys() - after.keys(),
        "earlier": {kind for kind in both if moves[kind] < 0},
        "later": {kind for kind in both if moves[kind] > 0},
        "partner": {kind for kind in both if partners[0][kind] != partners[1][kind]},
        "excluded": set(new["excluded"]) - set(old["excluded"]),
        "no_longer_excluded": set(old["excluded"]) - set(new["excluded"]),
    }


@st.composite
def revisions(draw):
    """Draw two engines of the same words, and rows that come again and again."""
    old = draw(engines())
    lost = draw(st.sets(st.sampled_from(sorted(old.rule_set.rules)), max_size=2))
    rules = {name: one for name, one in old.rule_set.rules.items() if name not in lost}
    later = {
        name: one.model_copy(
            update={
                "orient": tuple(
                    o.model_copy(update={"urgency": draw(st.sampled_from(ORDER))})
                    for o in one.orient
                )
            }
        )
        for name, one in rules.items()
    }
    new = Engine(replace(old.rule_set, rules=later), draw(directories(old.rule_set)))
    return (old, new)[:: draw(st.sampled_from((1, -1)))], *draw(drawn_tables(old))


def any_shown(cells):
    """Tell whether one of some counts is not zero, or hidden."""
    return any(one != 0 for one in cells)


@given(revisions(), st.integers(1, 4))
@settings(max_examples=settings().max_examples // 4)
def test_a_replay_counts_what_two_single_recommendations_tell_apart(revision, times):
    pair, given_rows, columns = revision
    by = [one.id for one in asked(pair[0]) if one.type == "one_of"]
    replayer = feed(Replayer(Work(pair[0]), Work(pair[1]), by), *[pa.table(columns)] * times)
    got = [
        [said(engine, row, at, None) for engine in pair]
        for row, at in zip(given_rows, columns["at"], strict=True)
    ]
    every = [
        (row, changed_kinds(*both))
        for row, both in zip(given_rows, got, strict=True)
        if all(one["kinds"] is not None for one in both)
    ]
    counted = every * times
    if len(counted) < 3:
        return
    replay = replayer.replay(threshold=3, old="a", new="b")
    assert replay.counted.rows == len(counted)
    assert [one.is_partition for one in (replay.kinds, *replay.by)] == [
        False,
        *[True] * len(replay.by),
    ]
    # A kind is named where something of it changes in a class that is told, and only there.
    told = {line.id for line in replay.kinds.lines}
    changed = {kind for _, found in counted for name in told for kind in found[name]}
    heads = [head.id for head in replay.kinds.columns]
    assert changed <= {*heads}
    counts = zip(*(line.counts for line in replay.kinds.lines), strict=True)
    assert [kind for kind, cells in zip(heads, counts, strict=True) if not any_shown(cells)] == []
    numbers = [
        (replay.unchanged, sum(not any(found.values()) for _, found in counted)),
        *(
            (line.count, sum(bool(found[line.id]) for _, found in counted))
            for line in replay.classes.lines
        ),
    ]
    for cross in (replay.kinds, *replay.by):
        name = cross.id.removeprefix("classes_by_")
        for line in cross.lines:
            inside = [(row, found) for row, found in counted if found[line.id]]
            numbers.append((line.total, len(inside)))
            for head, count in zip(cross.columns, line.counts, strict=True):
                ids = {*head.id.split("+")}
                true = (
                    sum(head.id in found[line.id] for _, found in inside)
                    if cross is replay.kinds
                    else sum((row.get(name) or "not_said") in ids for row, _ in inside)
                )
                numbers.append((count, true))
    assert [(shown, true) for shown, true in numbers if shown not in (None, true)] == []
    assert [shown for shown, _ in numbers if shown and shown < 3] == []
