"""The column `at`: each moment is read as a single one is, and its openings are the same."""

from datetime import UTC, date, datetime, time, timedelta

import numpy as np
import pyarrow as pa
import pytest

from iscg_rules import IscgError
from iscg_rules.batch.choice.clock import UNKNOWN, Clock, local_times
from iscg_rules.batch.columns.row_moments import day_and_time, local_time, read_moments
from iscg_rules.language.moments import PARIS, read_moment
from iscg_rules.language.vocabulary import Vocabulary
from iscg_rules.model.partners import Directory, Partner
from tests.laws.strategies import AREAS, SOURCES
from tests.laws.tables import CLOSURES, HOURS

DAYS = (
    "2026-11-27",
    "20261127",
    "2026-W48-5",
    "0000-01-01",
    "9999-12-31",
    "2026-02-30",
    "2026-1-7",
)
TIMES = ("", "T22", " 22:30", "T2230", "T22:30:15", "T22:30:60", "T24:00", "T22:30:15.123456789")
ZONES = ("", "Z", "+05:30", " ")
TEXTS = [day + time + zone for day in DAYS for time in TIMES for zone in ZONES]


def read_alone(text):
    """Give the day of a text, as its midnight, and its time, as a column has them."""
    try:
        moment = read_moment(text)
    except IscgError:
        return None
    if isinstance(moment, datetime):
        return local_time(moment), local_time(moment)
    assert moment
    return local_time(datetime.combine(moment, time())), UNKNOWN


@pytest.mark.parametrize("kind", [pa.string(), pa.dictionary(pa.int32(), pa.string())])
@pytest.mark.parametrize("text", TEXTS)
def test_a_text_is_read_as_a_single_moment_is(text, kind):
    days, times, faults = read_moments(pa.chunked_array([[text, None]]).cast(kind))
    expected = read_alone(text)
    assert (days[0], times[0]) == (expected or (UNKNOWN, UNKNOWN))
    assert (days[1], times[1]) == (UNKNOWN, UNKNOWN)
    assert [(fault.rows.tolist(), fault.code) for fault in faults] == [([0], "A009")] * (
        expected is None
    )


def test_one_text_that_is_no_moment_changes_nothing_for_the_others():
    texts = ["2026-11-27T22:30", None, "soon", "0000-01-01T00:00", "2026-11-27T22:30Z", ""]
    texts.append("2026-11-27")
    days, times, faults = read_moments(pa.chunked_array([texts[:3], texts[3:]]))
    expected = [(text and read_alone(text)) or (UNKNOWN, UNKNOWN) for text in texts]
    assert [*zip(days.tolist(), times.tolist(), strict=True)] == expected
    assert [fault.rows.tolist() for fault in faults] == [[2, 3, 5]]


def test_instants_become_the_time_on_the_clocks_of_paris_in_summer_and_winter():
    first = datetime(2026, 1, 1, tzinfo=UTC)
    moments = [first + timedelta(minutes=29 * step) for step in range(20_000)]
    since = [int(moment.timestamp()) * 1_000_000 for moment in moments]
    expected = [local_time(moment.astimezone(PARIS)) for moment in moments]
    assert local_times(np.array([*since, UNKNOWN])).tolist() == [*expected, UNKNOWN]


def test_days_have_no_hour_and_what_no_calendar_holds_is_refused():
    days, hours, no_faults = read_moments(pa.chunked_array([[date(2026, 11, 27), None]]))
    assert (days[0], hours[0]) == read_alone("2026-11-27")
    assert (days[1], hours.tolist(), no_faults) == (UNKNOWN, [UNKNOWN] * 2, [])
    far = pa.chunked_array([pa.array([1 << 60, 0], pa.timestamp("s"))])
    _, times, faults = read_moments(far)
    assert times.tolist() == [UNKNOWN, 0]
    assert [fault.rows.tolist() for fault in faults] == [[0]]


def partner(number, hours, closed):
    source = [SOURCES[0] | {"checked": "2026"}]
    given = {"id": f"p{number}", "name": "X", "offers": ["k"], "area": "country"}
    return Partner.model_validate(given | {"hours": hours, "closed": closed, "source": source})


ON_DAYS = [date(2026, month, day) for month in range(1, 13) for day in (1, 2, 20, 23, 24, 28)]


# Few rows look a piece up by halving, many by a table of minutes.
@pytest.mark.parametrize("count", [50, 30_000])
@pytest.mark.parametrize("with_closures", [False, True])
def test_every_piece_of_time_has_the_opening_of_each_of_its_moments(count, with_closures):
    closures = CLOSURES if with_closures else CLOSURES[:1]
    pairs = [(hours, closed) for hours in HOURS for closed in closures if hours or closed]
    partners = {f"p{n}": partner(n, *pair) for n, pair in enumerate(pairs)}
    directory = Directory(partners, AREAS)
    clock = Clock(Vocabulary({}, {}, AREAS), directory)
    first = datetime(2026, 6, 25, 23, 59, 59)  # noqa: DTZ001 # on the clocks of Paris
    moments = [first + timedelta(minutes=3 * step, seconds=step % 60) for step in range(count)]
    at = [*(moment.replace(tzinfo=PARIS) for moment in moments), *ON_DAYS, None]
    pieces = clock.cut(*np.array([*map(day_and_time, at)]).T)
    shown = [*range(0, count, count // 50), *range(count, len(at))]
    known = directory.hours.values()
    got = [
        [pieces.opening(one.key, int(pieces.of_rows[place])) for one in known] for place in shown
    ]
    assert got == [[one.at(at[place]) for one in known] for place in shown]
