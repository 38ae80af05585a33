"""When no question is left, nothing that a reader sees can change: against every completion."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from iscg_rules import Engine
from iscg_rules.language.situations import Situation
from iscg_rules.language.vocabulary import CONSENT
from tests.laws.drawn import Drawing
from tests.laws.strategies import attribute

SEEDS = st.integers(0, 2**32)
OTHERS = 6


def with_consent(everything):
    """Add the question whose answer decides what may be passed on, whatever the rules say."""
    words = everything.rule_set.vocabulary
    attributes = {**words.attributes, CONSENT: attribute(CONSENT, "yes_no")}
    rule_set = replace(everything.rule_set, vocabulary=replace(words, attributes=attributes))
    return replace(everything, rule_set=rule_set)


def shown(engine, values):
    """Give all that an answer may change of what is shown; reasons may differ."""
    got = engine.recommend(Situation(values), at=None)
    return (
        [
            (o.kind, o.urgency, o.strength, o.for_, o.partner, o.sharing, o.alternatives)
            for o in got.orientations
        ],
        [one.kind for one in got.excluded],
        [one.rule for one in got.advice],
    )


def outcomes(engine, everything, values):
    """Give what the possible completions of a situation show, each thing once."""
    found = []
    for one in everything.complete:
        if values.items() <= one.items() and (got := shown(engine, one)) not in found:
            found.append(got)
    return found


@given(SEEDS)
def test_it_is_settled_exactly_where_no_answer_changes_anything(seed):
    draw = Drawing(seed)
    everything = with_consent(draw.world()) if draw.chance(0.5) else draw.world()
    engine = Engine(everything.rule_set, everything.directory)
    # One answer short of all is where an answer matters most; drawn ones are of any size.
    nearly = [
        {name: answer for name, answer in one.items() if name != gone}
        for one in draw.some(everything.complete, OTHERS, OTHERS)
        for gone in one
    ]
    for values in (*nearly, *draw.some(everything.partial, OTHERS, OTHERS)):
        ended = engine.next_questions(Situation(values), at=None, limit=1)
        # What every completion shows but nobody is told yet is still to be asked for.
        is_same = outcomes(engine, everything, values) == [shown(engine, values)]
        # Never said too early; and said at once where every question is known exactly.
        assert is_same or not ended.settled
        assert ended.settled or not (ended.exact and is_same)
        assert engine.is_settled(Situation(values), at=None) is ended.settled
