"""Stages of a run: everything in order, a failure in its place, and nothing left running."""

import threading
import time

import pytest

from iscg_rules.batch.files.read_ahead import Stages

PATIENCE = 20


@pytest.fixture(autouse=True)
def _two_cores(monkeypatch):
    monkeypatch.setattr("os.sched_getaffinity", lambda _: {0, 1})


def nothing(*_):
    return None


def test_what_comes_of_items_comes_in_order_however_long_each_takes():
    kept = []

    def work(number, item):
        time.sleep(0.002 * (item % 3))
        return number, item * item

    with Stages(iter(range(1, 40))) as stages:
        found = list(stages.through(work, lambda number, result: kept.append((number, result))))
    assert found == [(item - 1, item * item) for item in range(1, 40)]
    assert kept == list(enumerate(found))


def test_a_source_that_fails_gives_first_what_came_before():
    def source():
        yield from "abc"
        raise ValueError

    found = []
    with pytest.raises(ValueError), Stages(source()) as stages:  # noqa: PT011, PT012
        for one in stages.through(lambda _, item: item, nothing):
            found.append(one)  # noqa: PERF402 # what came before the failure stays
    assert found == ["a", "b", "c"]


def test_nothing_is_kept_once_an_item_failed():
    kept, seen = [], threading.Event()

    def work(number, item):
        if number == 2:
            # The next one is done by then.
            seen.wait(PATIENCE)
            raise ZeroDivisionError
        if number == 3:
            seen.set()
        return item

    with pytest.raises(ZeroDivisionError), Stages(iter(range(9))) as stages:
        list(stages.through(work, lambda number, _: kept.append(number)))
    assert kept == [0, 1]


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_whoever_stops_taking_leaves_no_thread_behind(error):
    before = threading.active_count()
    read = []

    def source():
        for number in range(1_000):
            read.append(number)
            yield number

    with pytest.raises(error), Stages(source()) as stages:  # noqa: PT012
        for one in stages.through(lambda _, item: item, nothing):
            if one == 3:
                raise error
    assert threading.active_count() == before
    assert len(read) < 20


def test_few_items_are_read_ahead_of_what_is_taken():
    read = []

    def source():
        for number in range(200):
            read.append(number)
            yield number

    with Stages(source()) as stages:
        for number, _ in enumerate(stages.through(lambda _, item: item, nothing)):
            time.sleep(0.001)
            assert len(read) <= number + 2 * stages._count + 2
    assert len(read) == 200


def test_no_item_at_all_is_no_trouble():
    with Stages(iter(())) as stages:
        assert list(stages.through(nothing, nothing)) == []
