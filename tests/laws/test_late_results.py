"""What is worked out when it is read is what would have been worked out at once."""

import copy
import pickle
from dataclasses import fields, replace

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from iscg_rules import Engine
from iscg_rules.language.conditions import any_of
from iscg_rules.model.partners import Directory
from tests.laws.strategies import KINDS, is_yes, rule, rule_set_of, yes_no_vocabulary
from tests.laws.tables import MOMENTS, engines, is_accepted
from tests.laws.tables import tables as drawn_tables

LATER = settings(max_examples=settings().max_examples // 4)
SENT = {
    "pickled": lambda one: pickle.loads(pickle.dumps(one)),  # noqa: S301 # our own bytes
    "copied": copy.copy,
    "copied deep": copy.deepcopy,
    "replaced": replace,
}


@st.composite
def calls(draw):
    """Draw an engine, and what `recommend` is called with, two times or more."""
    engine = draw(engines())
    rows, _ = draw(drawn_tables(engine, most=4))
    situations = [row for row in ({}, *rows) if is_accepted(engine, row)]
    # Entries may leave no answer at all: then nobody can be received.
    assume(situations)
    statuses = st.dictionaries(st.sampled_from(tuple(KINDS)), st.just("contacted"), max_size=2)
    drawn = draw(
        st.lists(st.tuples(st.sampled_from(situations), statuses, MOMENTS), min_size=2, max_size=3)
    )
    return engine, drawn


def recommended(engine, call, *, change_after=False):
    situation, already, at = copy.deepcopy(call)
    got = engine.recommend(situation, at=at, already=already)
    if change_after:
        situation.clear()
        already.update(dict.fromkeys(KINDS, "declined"))
    return got


def names(one):
    return [field.name for field in fields(one)]


@given(calls(), st.data())
@LATER
def test_neither_when_it_is_read_nor_in_which_order_changes_anything(drawn, data):
    engine, every = drawn
    # Nothing of one situation may reach another: each has an engine that has seen nothing.
    at_once = [plain(recommended(fresh(engine), call)) for call in every]
    later = [recommended(engine, call, change_after=True) for call in every]
    wanted = [(one, name) for one in later for name in names(one)]
    for one, name in data.draw(st.permutations(wanted)):
        read = getattr(one, name)
        for part in read if name == "orientations" else ():
            for inner in data.draw(st.permutations(names(part))):
                getattr(part, inner)
    assert [plain(one) for one in later] == at_once


def fresh(engine):
    return Engine(engine.rule_set, engine.directory)


def plain(one):
    """Give all that a result says, read from the first field to the last."""
    if isinstance(one, tuple):
        return [plain(part) for part in one]
    return {name: plain(getattr(one, name)) for name in names(one)} if is_result(one) else one


def is_result(one):
    return hasattr(type(one), "__dataclass_fields__")


@given(calls(), st.sampled_from(tuple(SENT)))
@LATER
def test_what_is_sent_before_it_is_read_says_the_same_and_rests_on_nothing(drawn, way):
    engine, every = drawn
    for call in every:
        got = recommended(engine, call)
        assert works_later(got)
        sent = SENT[way](recommended(engine, call))
        assert sent == got
        assert plain(sent) == plain(got)
        # A copy that is not deep holds the same orientations.
        inner = sent.orientations if way in {"pickled", "copied deep"} else ()
        assert [one for one in (sent, *inner) if works_later(one)] == []


def works_later(one):
    return hasattr(one, "_worker")


@given(calls())
@LATER
def test_results_are_equal_exactly_where_they_say_the_same(drawn):
    engine, every = drawn
    for one in every:
        for other in every:
            mine, theirs = recommended(engine, one), recommended(engine, other)
            said = [plain(recommended(engine, call)) for call in (one, other)]
            assert (mine == theirs) is (said[0] == said[1])
            # A card holds a mapping, and what holds a card has no hash.
            if mine == theirs and not any(found.partner for found in mine.orientations):
                assert hash(mine) == hash(theirs)


def test_what_was_read_of_one_situation_is_not_read_of_the_next():
    leads = {"to": "shelter", "urgency": "now", "strength": "must", "sharing": "none"}
    either = rule("either", any_of((is_yes("q0"), is_yes("q1"))), orient=[leads])
    engine = Engine(rule_set_of(yes_no_vocabulary(2), [either]), Directory({}, {}))
    every = [engine.recommend({name: "yes"}, at=None) for name in ("q0", "q1")]
    answers = [one.orientations[0].reasons[0].answers for one in every]
    assert [[answer.attribute for answer in found] for found in answers] == [["q0"], ["q1"]]
