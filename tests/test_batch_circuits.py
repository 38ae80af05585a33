"""Circuits over bits: sets of answers told by digits, and lines that are used again and again."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from iscg_rules.batch.circuit.answer_bits import YES, Bits, Codes
from iscg_rules.batch.circuit.digits import among
from iscg_rules.batch.circuit.gates import ALWAYS, NEVER, Circuit
from iscg_rules.batch.circuit.program import Program
from iscg_rules.batch.columns.arrow_buffers import bools
from iscg_rules.batch.packed_bits import packed
from iscg_rules.batch.row_lists import BATCH, make_lists
from iscg_rules.language.truth_gates import at_least

ROWS = 256
NAMES = "abcdef"


def worked_out(circuit, outputs, sources, rows=ROWS):
    program = Program(circuit, outputs)
    lines = np.empty((program.width, rows // 64), np.uint64)
    program.run(sources, 0, rows, lines)
    return [bools(line, rows) for line in lines]


@pytest.mark.parametrize("size", [2, 3, 4, 5, 7, 8])
def test_every_set_of_answers_is_told_by_its_digits(size):
    codes = (np.arange(ROWS) % size).astype(np.uint8)
    circuit = Circuit(sure=["q"], unsure=[])
    sets = [chosen for count in range(size + 1) for chosen in combinations(range(size), count)]
    outputs = [among(circuit, "q", chosen, size) for chosen in sets]
    found = worked_out(circuit, outputs, {"q": Codes(codes, None)})
    for chosen, line in zip(sets, found, strict=True):
        assert line.tolist() == [code in chosen for code in codes.tolist()]


@given(
    st.integers(2, 80).flatmap(
        lambda size: st.tuples(st.just(size), st.sets(st.integers(0, size - 1)))
    ),
    st.integers(0, 2**32 - 1),
)
def test_a_set_of_answers_never_holds_a_row_without_one(sized, seed):
    size, chosen = sized
    rng = np.random.default_rng(seed)
    codes, known = rng.integers(0, 256, ROWS, np.uint8), rng.random(ROWS) < 0.5
    codes[known] %= size
    circuit = Circuit(sure=[], unsure=["q"])
    node = among(circuit, "q", chosen, size)
    (line,) = worked_out(circuit, [node], {"q": Codes(codes, packed(known))})
    held = [code in chosen and is_known for code, is_known in zip(codes, known, strict=True)]
    assert line.tolist() == held


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["both", "either", "negated", "one_of_two", "at_least"]),
            st.lists(st.integers(0, 1000), min_size=2, max_size=4),
        ),
        max_size=40,
    ),
    st.lists(st.integers(0, 1000), min_size=1, max_size=20),
)
def test_a_program_says_what_its_circuit_says(drawn, chosen):
    """Of outputs that stand twice, that are answers or constants, that others are made of."""
    rng = np.random.default_rng(1)
    answers = {name: rng.random(ROWS) < 0.5 for name in NAMES}
    circuit = Circuit(sure=NAMES, unsure=[])
    nodes = [NEVER, ALWAYS, *(circuit.input(name, YES) for name in NAMES)]
    truths = [np.zeros(ROWS, bool), np.ones(ROWS, bool), *answers.values()]
    for work, numbers in drawn:
        places = [number % len(nodes) for number in numbers]
        parts, held = [nodes[place] for place in places], [truths[place] for place in places]
        made, truth = {
            "both": lambda p, h: (circuit.all_of(p), np.logical_and.reduce(h)),
            "either": lambda p, h: (circuit.any_of(p), np.logical_or.reduce(h)),
            "negated": lambda p, h: (circuit.opposite(p[0]), ~h[0]),
            "one_of_two": lambda p, h: (circuit.one_of_two(*p[:2]), h[0] ^ h[1]),
            "at_least": lambda p, h: (at_least(circuit, 2, p), np.sum(h, axis=0) >= 2),
        }[work](parts, held)
        nodes.append(made)
        truths.append(truth)
    outputs = [number % len(nodes) for number in chosen]
    sources = {name: Bits(packed(held), None) for name, held in answers.items()}
    found = worked_out(circuit, [nodes[place] for place in outputs], sources)
    for place, line in zip(outputs, found, strict=True):
        assert line.tolist() == truths[place].tolist()


@pytest.mark.parametrize(("count", "rows"), [(1, 5), (64, 64), (65, 1000), (300, BATCH)])
def test_lists_name_the_lines_that_are_set_in_their_order(count, rows):
    rng = np.random.default_rng(count)
    held = rng.random((count, rows)) < 0.1
    names = rng.permutation(count).astype(np.int16)
    lists = make_lists(np.stack([packed(line) for line in held]), names, rows)
    expected = [names[np.flatnonzero(held[:, row])].tolist() for row in range(rows)]
    cut = np.split(lists.entries, lists.ends[1:-1])
    assert [part.tolist() for part in cut] == expected
    assert int(lists.ends[-1]) == len(lists.entries)
