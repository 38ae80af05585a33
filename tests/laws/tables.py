"""Drawn engines and tables of situations, and what `Engine.recommend` says of each row."""

from dataclasses import replace
from datetime import date, datetime

from hypothesis import strategies as st

from iscg_rules import Engine, IscgError
from iscg_rules.language.moments import read_moment
from iscg_rules.language.vocabulary import STATION, Value, variable_of
from iscg_rules.model.partners import Directory, Partner
from iscg_rules.recommend import reference
from tests.laws.strategies import (
    AREAS,
    COMMUNES,
    KINDS,
    NUMBERS,
    SOURCES,
    TEXT,
    attribute,
    conditions,
    never,
    rule_sets,
)

HOURS = (
    None,
    "24/7",
    "Mo-Fr 09:00-12:00,14:00-17:00; PH off",
    "Mo-Su,PH 18:00-02:00",
    "Sa 10:00-12:00; Su 10:00-12:00 unknown",
    "2026 Jul 10:00-18:00",
    "2020 Jan 01 10:00-12:00",
)
CLOSURES = (
    (),
    {"from": "2026-11-20", "until": "2026-11-23", "because": {"fr": "Travaux"}},
    {"from": "2026-11-23", "because": {"fr": "Sinistre"}},
    [
        {"from": "2026-10-25", "until": "2027-01-31", "because": {"fr": "Congés"}},
        {"from": "2026-03-01", "until": "2026-03-29", "because": {"fr": "Inventaire"}},
        {"from": "2026-03-30", "until": "2026-04-02", "because": {"fr": "Déménagement"}},
    ],
)
EDGES = ("2026-11-23T08:59:59", "2026-11-23T09:00", "2026-11-23T12:00", "2026-11-24T01:59:59.5")
ZONED = ("2026-03-29T00:59Z", "2026-03-29T01:00Z", "2026-10-25T00:30Z", "2026-07-14T23:30+02:00")
PLAIN = st.datetimes(datetime(2026, 1, 1), datetime(2027, 2, 1)).map(datetime.isoformat)  # noqa: DTZ001
# A date without an hour is a day.
ON_A_DAY = st.dates(date(2019, 12, 31), date(2027, 2, 1)).map(date.isoformat)
MOMENTS = st.one_of(st.none(), st.sampled_from(EDGES), st.sampled_from(ZONED), PLAIN, ON_A_DAY)
COLUMNS = (
    "kinds urgency strength partner gaps possible excluded fired left_out".split()  # noqa: SIM905
)


@st.composite
def placed(draw, vocabulary):
    """Draw of each kind whether it must be near the post or the home, and where the post is."""
    places = st.sampled_from((None, "station", "home"))
    kinds = {k.id: k.model_copy(update={"place": draw(places)}) for k in vocabulary.kinds.values()}
    attributes = dict(vocabulary.attributes)
    if draw(st.booleans()):
        attributes[STATION] = attribute(STATION, "commune")
    here = draw(st.sampled_from((None, *COMMUNES)))
    return replace(vocabulary, attributes=attributes, kinds=kinds, station=here)


@st.composite
def directories(draw, rule_set):
    """Draw partners with areas, hours and publics; several of one kind more often than not.

    Without rules, everybody is accepted.
    """
    partners = {}
    for number in range(draw(st.integers(0, 6))):
        given = {
            "id": f"p{number}",
            "name": "X",
            "offers": draw(st.lists(st.sampled_from(tuple(KINDS)[:3]), min_size=1, unique=True)),
            "area": draw(st.lists(st.sampled_from(tuple(AREAS)), min_size=1, max_size=2)),
            "hours": draw(st.sampled_from(HOURS)),
            "closed": draw(st.sampled_from(CLOSURES)),
            "source": [SOURCES[0] | {"checked": draw(st.sampled_from(("2025", "2026-11-23")))}],
        }
        if rule_set and draw(st.booleans()):
            given["accepts"] = draw(conditions(rule_set.vocabulary, tuple(rule_set.facts), 1))
        partners[f"p{number}"] = Partner.model_validate(given)
    return Directory(partners, AREAS)


@st.composite
def engines(draw, most=5):
    """Draw an engine; some situations are impossible, and some answers drawn from the moment."""
    rule_set = draw(rule_sets(most=most))
    vocabulary = rule_set.vocabulary
    impossible = never(draw(st.lists(conditions(vocabulary, (), 1), max_size=1)))
    attributes = dict(vocabulary.attributes)
    choices = [one for one in attributes.values() if one.type == "one_of"]
    if choices and draw(st.booleans()):
        hours = [draw(st.sampled_from(HOURS)) for _ in choices[0].values]
        values = tuple(
            Value.model_validate({"id": v.id, "label": TEXT, "hours": h})
            for v, h in zip(choices[0].values, hours, strict=True)
        )
        derived = attribute(choices[0].id, "one_of").model_copy(
            update={"values": values, "derived": "moment"}
        )
        attributes[derived.id] = derived
    # No condition asks where the post is.
    directory = draw(directories(rule_set))
    words = draw(placed(replace(vocabulary, attributes=attributes)))
    return Engine(replace(rule_set, vocabulary=words, impossible=impossible), directory)


@st.composite
def answers(draw, one):
    """Draw an answer to one attribute, as a single situation gives it, or None."""
    if draw(st.booleans()):
        return None
    if one.type == "many_of":
        return draw(st.lists(st.sampled_from([value.id for value in one.values]), max_size=3))
    pools = {"number": NUMBERS, "commune": COMMUNES, "yes_no": (True, False)}
    return draw(st.sampled_from(pools.get(one.type, tuple(one.choices))))


@st.composite
def partial_answers(draw, one):
    """Draw an answer to a `many_of` attribute that leaves some values unknown."""
    said = {value.id: draw(st.sampled_from(("yes", "no", None))) for value in one.values}
    return {word: [v for v, w in said.items() if w == word] for word in ("yes", "no")}


@st.composite
def tables(draw, engine, most=8):
    """Draw rows as single situations and as the columns of one table, with a moment each."""
    asked = [one for one in engine.rule_set.vocabulary.attributes.values() if not one.derived]
    partly = {one.id for one in asked if one.type == "many_of" and draw(st.booleans())}
    rows = [
        {one.id: draw(partial_answers(one) if one.id in partly else answers(one)) for one in asked}
        for _ in range(draw(st.integers(0, most)))
    ]
    columns = {one.id: [row[one.id] for row in rows] for one in asked if one.id not in partly}
    for one in asked:
        if one.id in partly:
            columns |= parts(one, [row[one.id] for row in rows])
    # A column may be missing: then nothing is known.
    missing = draw(st.sets(st.sampled_from(sorted(columns)), max_size=2)) if columns else set()
    rows = [without(row, missing) for row in rows]
    kept = {name: column for name, column in columns.items() if name not in missing}
    # Moments that are all written in the plain way are read at once.
    moments = draw(st.sampled_from((MOMENTS, ON_A_DAY)))
    return rows, kept | {"at": [draw(moments) for _ in rows]}


def parts(one, given):
    """Write partial answers as one Boolean column a value."""
    return {
        variable_of(one.id, value.id): [
            True if value.id in answer["yes"] else False if value.id in answer["no"] else None
            for answer in given
        ]
        for value in one.values
    }


def without(row, missing):
    """Leave out of one situation what stood in the missing columns."""
    return {
        name: {
            word: [value for value in said if variable_of(name, value) not in missing]
            for word, said in answer.items()
        }
        if isinstance(answer, dict)
        else answer
        for name, answer in row.items()
        if name not in missing
    }


def by_reference(engine, situation, moment):
    return reference.evaluate_at(engine.rule_set, situation, moment)


def said(engine, row, at, limit, evaluate=by_reference):
    """Give what a single recommendation says, in columns; all null where the row is refused."""
    try:
        situation = engine.situation(row)
    except IscgError:
        return dict.fromkeys(COLUMNS)
    got = engine.recommend(situation, at=at, limit=limit)
    evaluation = evaluate(engine, situation, read_moment(at))
    return {
        "kinds": [one.kind for one in got.orientations],
        "urgency": [one.urgency for one in got.orientations],
        "strength": [one.strength for one in got.orientations],
        "partner": [one.partner and one.partner.id for one in got.orientations],
        "gaps": list(got.gaps),
        "possible": [one.kind for one in got.possible],
        "excluded": [one.kind for one in got.excluded],
        "fired": list(evaluation.fired),
        "left_out": got.left_out,
    }


def is_accepted(engine, row):
    try:
        engine.situation(row)
    except IscgError:
        return False
    return True
