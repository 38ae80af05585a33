"""Mutated files: a report or a rule set, never a traceback, never long."""

import time
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from iscg_rules import IscgError
from iscg_rules.engine import Engine
from iscg_rules.model.rule_files import load_rule_set
from iscg_rules.model.situation_files import parse_situation
from iscg_rules.reading.yaml_texts import read_text

TOY = Path(__file__).parents[1] / "toy"
FILES = ("rules/all.yaml", "rules/vocabulary.yaml", "partners.yaml")
ENGINE = Engine.load(TOY / "rules", TOY / "partners.yaml")
ODD = "\t\n :-#&*!|>'\"%@`{}[],?\\0aé\u00a0\ufeff\ud7ff\x00\x85"


@st.composite
def mutated(draw, data):
    """Flip, cut, double or reindent a few places of a text."""
    for _ in range(draw(st.integers(1, 6))):
        place = draw(st.integers(0, len(data)))
        length = draw(st.integers(0, 12))
        part = data[place : place + length]
        instead = draw(
            st.one_of(
                st.just(b""),
                st.just(part * 2),
                st.just(b"  " + part),
                st.sampled_from(ODD).map(str.encode),
                st.binary(max_size=3),
            )
        )
        data = data[:place] + instead + data[place + length :]
    return data


def refusal(function, *arguments):
    """Give the problems that a function raises, or None; any other exception is a failure."""
    try:
        function(*arguments)
    except IscgError as error:
        return error.problems
    return None


def is_soundly_placed(problem):
    place = problem.place
    return place is None or (place.line >= 1 and place.column >= 1 and place.file in FILES)


# Four times as many as other laws: 20,000 files in the slow set.
@settings(max_examples=4 * settings().max_examples)
@given(st.data(), st.sampled_from(FILES))
def test_a_mutated_file_gives_a_report_or_loads(tmp_path_factory, data, name):
    folder = tmp_path_factory.mktemp("mutated")
    (folder / "rules").mkdir()
    for one in FILES:
        content = (TOY / one).read_bytes()
        (folder / one).write_bytes(data.draw(mutated(content)) if one == name else content)
    started = time.process_time()
    problems = refusal(Engine.load, folder / "rules", folder / "partners.yaml")
    assert time.process_time() - started < 2
    assert problems != ()
    assert all(map(is_soundly_placed, problems or ()))


@given(st.data())
def test_a_mutated_situation_gives_a_report_or_answers(data):
    text = b'role: victim\nminors: {yes: [under_3]}\nnights: 3\ncommune: "35288"\n'
    given_text = data.draw(mutated(text))
    vocabulary = ENGINE.rule_set.vocabulary
    assert refusal(parse_situation, given_text, "situation.yaml", vocabulary) != ()


# Some of a name, and what is mistyped around it: each aid that quotes a text stands in the way.
PIECES = [
    *("Dupont", "dupont", "role", "victim", "nights", "yes", "not ", "oui", "at: ", "situation: "),
    *(
        " ",
        "\n",
        "\n  ",
        "\t",
        "- ",
        "–",
        "—",
        ": ",
        ":",
        ",",
        ";",
        "=",
        "(",
        ")",
        "{",
        "}",
        "[",
        "]",
    ),
    *("« ", " »", "“", "”", "‘", "’", "'", '"', "`", "&", "*", "!", "|", ">", "#", "?", "@", "%"),
]


@settings(max_examples=4 * settings().max_examples)
@given(st.lists(st.sampled_from(PIECES), max_size=12), st.sampled_from(["", " »", "”", "’", '"']))
@example(["role: ", "« ", "Dupont"], " »")
@example(["role: ", "“", "Dupont", '"', " dupont"], "”")
def test_what_is_wrong_with_a_situation_is_told_without_a_word_of_it(pieces, end):
    text = "".join([*pieces, end])
    try:
        parse_situation(text.encode(), "situation.yaml", ENGINE.rule_set.vocabulary)
    except IscgError as error:
        said = " ".join(f"{each.message} {each.help}" for each in error.problems)
        assert "dupont" not in said.lower()


@given(st.binary(max_size=200))
def test_any_bytes_give_a_node_or_a_problem(data):
    node, problems = read_text(data, "any.yaml")
    assert (node is None) == bool(problems) or problems


@given(st.recursive(st.none() | st.booleans() | st.text(max_size=5) | st.floats(), st.lists))
def test_any_json_value_gives_one_bounded_report(value):
    answers = {"role": value, "minors": value, "nights": value, "commune": value}
    assert len(refusal(ENGINE.situation, answers) or "one") <= 21


HUGE = [
    {f"mot_{number}": "yes" for number in range(1_000_000)},
    {"role": "x" * 10_000_000},
    {"role": "\ud800", "commune": "\ud800"},
    {"nights": float("nan")},
    {"minors": ["under_3"] * 100_000 + ["?"]},
]


@settings(max_examples=5)
@given(st.sampled_from(HUGE))
def test_a_huge_or_odd_situation_gives_one_short_error(answers):
    problems = refusal(ENGINE.situation, answers)
    assert 0 < len("".join(map(str, problems))) < 10_000


DEEP = [
    b'{"role": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    b"role: " + b"[" * 100_000,
    b"{" * 100_000,
    b'{"role": "victim", "role": "parent"}',
    b'{"nights": NaN}',
    b'{"role": "\\ud800"}',
    b"role: " + b"x" * 9_000_000,
]


@pytest.mark.parametrize("text", DEEP, ids=range(len(DEEP)))
def test_a_deep_doubled_or_odd_document_gives_a_short_error(text):
    started = time.process_time()
    problems = refusal(parse_situation, text, "situation.json", ENGINE.rule_set.vocabulary)
    assert time.process_time() - started < 2
    assert 0 < len("".join(map(str, problems))) < 10_000


def test_what_was_loaded_says_the_same_again():
    assert load_rule_set(TOY / "rules") == load_rule_set(TOY / "rules")
