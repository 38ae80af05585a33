"""Every public method with any argument: a result or an `IscgError`, and nothing typed in it."""

import inspect
from datetime import date
from typing import Any

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from iscg_rules import Engine, IscgError, shorten
from iscg_rules.batch import check_batch, match_batch, recommend_batch
from iscg_rules.language.situations import Situation

ENGINE: Any = Engine.load()
SMALL = Engine.from_documents(
    {"rules/vocabulary.yaml": "kinds: []", "partners.yaml": "partners: []"}
)
NOTE: Any = ENGINE.recommend({"role": "victim", "consent_to_share": "yes"}, at=None)
FORM = ENGINE.form().answers
MARK = "zorglub35"
VOCABULARY = ENGINE.rule_set.vocabulary
METHODS = (
    *(getattr(ENGINE, name) for name in dir(ENGINE) if not name.startswith("_")),
    *(getattr(NOTE, name) for name in ("referral_note", "to_json")),
    shorten,
    FORM,
    ENGINE.why({}, "crip", at=None).to_json,
    Situation,
    Engine,
    check_batch,
    match_batch,
    recommend_batch,
    Engine.load,
    Engine.from_documents,
)
CALLED = tuple(
    method
    for method in METHODS
    # The model of pydantic refuses with pydantic's own error: tests/test_edges.py looks at it.
    if callable(method) and method is not ENGINE.situation_model
)
# Five thousand calls a run with `-m slow`.
RUNS = (0, *(pytest.param(run, marks=pytest.mark.slow) for run in range(1, 20)))
READING = (Engine.load, Engine.from_documents)
TYPED = st.sampled_from([MARK, f"{MARK}\n\u202e", f"é{MARK}" * 50])
JSON: Any = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TYPED | st.binary(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TYPED, inner, max_size=3),
    max_leaves=6,
)
ATTRIBUTES = tuple(VOCABULARY.attributes.values())
VARIABLES = tuple(VOCABULARY.attribute_of)


@st.composite
def situations(draw):
    """Draw answers, most of them right; or variables of a situation that somebody made."""
    if draw(st.integers(0, 3)) == 0:
        names = st.sampled_from(VARIABLES) | TYPED
        return Situation(draw(st.dictionaries(names, JSON, max_size=3)))
    asked = draw(st.lists(st.sampled_from(ATTRIBUTES), max_size=4))
    answers = {one.id: draw(answers_to(one) if draw(st.integers(0, 5)) else JSON) for one in asked}
    return {**answers, **(draw(st.dictionaries(TYPED, JSON, max_size=2)))}


def answers_to(attribute):
    if not attribute.choices:
        return st.just("35288")
    one = st.sampled_from(tuple(attribute.choices))
    return st.lists(one, max_size=2) if attribute.type == "many_of" else one


@st.composite
def tables(draw):
    """Draw columns, most of them right."""
    rows = draw(st.integers(1, 3))
    names = draw(st.lists(st.sampled_from([*VOCABULARY.attributes, "at"]) | TYPED, max_size=3))
    word = st.sampled_from(["yes", "victim", "35288", "2026-11-27", None]) | JSON
    return {name: [draw(word) for _ in range(rows)] for name in names}


RIGHT: dict[str, Any] = {
    "at": st.sampled_from([None, "2026-11-27T22:30", date(2026, 11, 27), "9999-12-31T23:59"]),
    "kind": st.sampled_from(tuple(VOCABULARY.kinds)),
    "language": st.sampled_from(["fr", "en"]),
    "limit": st.integers(0, 3),
    "goal": st.sampled_from(["certain", "first", "excluded"]),
    "indent": st.sampled_from([None, 1]),
    "recommendation": st.just(NOTE),
    "engine": st.just(ENGINE),
    "rule_set": st.just(SMALL.rule_set),
    "directory": st.just(SMALL.directory),
    "table": tables(),
    "threads": st.just(1),
    "already": st.just({"crip": "contacted"}),
    **dict.fromkeys(("situation", "answers", "before", "after"), situations()),
}


def arguments(draw, method):
    """Draw a value for each parameter, more often right than wrong, so that each check is met."""
    drawn = {}
    for name, one in inspect.signature(method).parameters.items():
        is_right = name in RIGHT and draw(st.integers(0, 3))
        if one.kind is not one.VAR_KEYWORD and (one.default is one.empty or draw(st.booleans())):
            drawn[name] = draw(RIGHT[name] if is_right else JSON)
    return drawn


def whole_text(error):
    """Give all that a log would show of an error: its chain, its notes, its parts."""
    seen: list[BaseException] = []
    waiting: list[BaseException | None] = [error]
    while waiting:
        one = waiting.pop()
        if one is not None and one not in seen:
            seen.append(one)
            waiting += [one.__cause__, one.__context__]
    return " ".join(f"{one} {one!r} {one.args} {getattr(one, '__notes__', '')}" for one in seen)


@pytest.mark.parametrize("seed", RUNS)
@given(data=st.data())
def test_any_argument_gives_a_result_or_an_error_that_repeats_nothing(data, seed):
    del seed
    method = data.draw(st.sampled_from(CALLED))
    given_as = arguments(data.draw, method)
    try:
        got = method(**given_as)
    except IscgError as error:
        event("refused")
        # A place names the file that somebody gave: no answer stands in it.
        if method in READING:
            return
        told = " ".join(str(one.as_dict()) for one in error.problems)
        assert MARK not in whole_text(error) + told  # noqa: PT017 # a result is as good
    else:
        event("answered")
        # A form hands on what is none of its questions, for the engine to refuse.
        assert MARK not in repr(got) or method == FORM
