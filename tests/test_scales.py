"""Words with a place among others are plain words to whoever reads them."""

import json
import pickle

import pytest

from iscg_rules.model.rules import BENEFICIARIES, SCOPES, STRENGTHS, URGENCIES
from iscg_rules.model.scales import Beneficiary, Scope, Strength, Urgency

SCALES = {
    Urgency: ("now", "today", "week", "planned"),
    Strength: ("must", "should", "may"),
    Beneficiary: ("person", "children", "author", "relatives", "professional"),
    Scope: ("none", "agreement", "inform", "exception"),
}
each_scale = pytest.mark.parametrize(("scale", "words"), SCALES.items())


@each_scale
def test_members_are_ordered_as_they_are_defined(scale, words):
    backwards = [scale(word) for word in reversed(words)]
    assert sorted(backwards) == list(words)
    assert [member.place for member in scale] == list(range(len(words)))
    first, *_, last = scale
    assert (first < last, first <= last, first > last, first >= last) == (True, True, False, False)
    assert (first <= first, first >= first, first < first) == (True, True, False)  # noqa: PLR0124 # the law


@each_scale
def test_members_are_plain_words_to_callers(scale, words):
    member, word = next(iter(scale)), words[0]
    assert member == word
    assert hash(member) == hash(word)
    assert (repr(member), str(member), f"{member:>12}") == (repr(word), word, f"{word:>12}")
    assert json.dumps({member: [member]}, indent=1) == json.dumps({word: [word]}, indent=1)
    assert pickle.loads(pickle.dumps(member)) is member  # noqa: S301 # our own bytes


def test_the_plain_words_are_those_of_the_scales():
    assert tuple(SCALES.values()) == (URGENCIES, STRENGTHS, BENEFICIARIES, SCOPES)
    assert {type(word) for word in (*URGENCIES, *STRENGTHS, *BENEFICIARIES, *SCOPES)} == {str}
